import { expect, test } from '@jest/globals';
import {
  describeError,
  type ErrorCode,
  EXIT_STATUS,
  VeritySignError,
  withoutSecrets,
} from '../../src/errors.ts';
import { renderFailure } from '../../src/frontend/render/failure-summary.ts';
import { errorReport } from '../../src/report/failed-image.ts';

const codes = Object.keys(EXIT_STATUS) as ErrorCode[];

test.each(codes)('%s: the line ends with what to do, once', (code) => {
  const own = describeError(new VeritySignError(code, 'X is wrong', { remedy: 'Set X to 1' }));
  expect(own).toEqual({ line: 'X is wrong. Set X to 1', status: EXIT_STATUS[code] });
  const { line, status } = describeError(new VeritySignError(code, 'X is wrong'));
  expect(status).toBe(EXIT_STATUS[code]);
  // A run that was stopped needs no remedy.
  expect(line).toMatch(code === 'cancelled' ? /^X is wrong$/ : /^X is wrong\. [A-Z][a-z]+ [^.]+$/);
});

test('a limit of the system that was reached is what to raise, however deep it is', () => {
  const limit = Object.assign(new Error('open'), { code: 'EMFILE' });
  const middle = new VeritySignError('environment', 'cannot open it', { cause: limit });
  for (const cause of [limit, middle]) {
    const { line } = describeError(new VeritySignError('environment', 'X failed', { cause }));
    expect(line).toMatch(/^X failed\. Lower concurrency, or raise the limits on open files and processes /);
  }
  // Where a file is opened, the remedy is to name another one: that would not help.
  const own = new VeritySignError('usage', 'X failed', { remedy: 'Set X to 1', cause: limit });
  expect(describeError(own).line).toMatch(/^X failed\. Lower concurrency, /);
});

test('image and layer come first, and the line is one', () => {
  const error = new VeritySignError('image', 'is\n  damaged');
  Object.assign(error.context, { image: 'app:1', layer: 'layer 0' });
  expect(describeError(error).line).toMatch(/^app:1, layer 0: is \| damaged\. Build /);
});

test.each(codes)('%s: report and summary say what to do, as the line does', (code) => {
  const error = new VeritySignError(code, 'X is wrong');
  const { remedy } = errorReport(error);
  expect(describeError(error).line).toBe(remedy === undefined ? 'X is wrong' : `X is wrong. ${remedy}`);
  // The reason of a verdict, if an image could not be checked, is this line.
  expect(error.toLine()).toBe(describeError(error).line);
  expect(remedy === undefined).toBe(code === 'cancelled');
  expect(renderFailure('Signing failed', error)).toContain(remedy ?? 'X is wrong');
});

test('no part of an error shows a PEM block, whatever its form', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n';
  const base64 = Buffer.from(pem).toString('base64');
  for (const text of [pem, base64, base64.toLowerCase()]) {
    const error = new VeritySignError('usage', `${text} is wrong`, { remedy: `Replace ${text}` });
    Object.assign(error.context, { image: text });
    const shown = [describeError(error).line, JSON.stringify(errorReport(error))];
    shown.push(describeError(new TypeError(text)).line, JSON.stringify(errorReport(new TypeError(text))));
    for (const part of shown) {
      expect(part).toContain('(PEM text)');
      expect(part).not.toContain('c2VjcmV0');
      expect(part).not.toContain(text.slice(0, 40));
    }
  }
});

const JWT = `eyJ${'a'.repeat(12)}.eyJ${'b'.repeat(12)}.sig-_`;
const BASIC = Buffer.from('joe:hunter2').toString('base64');
test.each([
  [
    'Get "https://cdn.example/blob?se=2026&sig=abc%3D": refused',
    'Get "https://cdn.example/blob?***": refused',
  ],
  ['(see https://cdn.example/b?X-Amz-Signature=a,b).', '(see https://cdn.example/b?***).'],
  [
    'http://joe:p%40ss@proxy.example:3128/ and HTTPS://u@h',
    'http://***@proxy.example:3128/ and HTTPS://***@h',
  ],
  [`blocked header Authorization: Basic ${BASIC}`, 'blocked header Authorization: Basic ***'],
  ['authorization: bearer abcDEF0123456789', 'authorization: bearer ***'],
  [`token ${JWT} is old`, 'token *** is old'],
])('a message keeps no credentials: %s', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
  expect(new VeritySignError('registry', text).message).toBe(shown);
});

test.each([
  'basic credential not found',
  'Basic constraints are missing',
  'bearer tokens are not accepted',
  'https://docs.example/page#part, and what? docker://r/a:1@sha256:00',
  'mail joe@example.com or http://example.com/joe@home',
])('a message keeps other words: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
