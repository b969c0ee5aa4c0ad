import { describe, expect, test } from '@jest/globals';
import { VeritySignError, withoutPem } from '../../../src/errors.ts';
import { isPemText, plainPem, splitPemList } from '../../../src/lib/pem-text.ts';

const BODY = ['A'.repeat(64), 'B'.repeat(64), 'CCCC'];
const PEM = ['-----BEGIN CERTIFICATE-----', ...BODY, '-----END CERTIFICATE-----', ''].join('\n');
const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '');

test.each<[string, string]>([
  ['as it is', PEM],
  ['with Windows line ends', PEM.replaceAll('\n', '\r\n')],
  ['with literal line ends', PEM.replaceAll('\n', '\\n')],
  ['with literal Windows line ends', PEM.replaceAll('\n', '\\r\\n')],
  ['in quotes', `"${PEM.replaceAll('\n', '\\n')}"`],
  ['in single quotes', `'${PEM}'\n`],
  ['with blanks', PEM.replaceAll('\n', ' ')],
  ['without line ends', PEM.replaceAll('\n', '')],
  ['in base64', Buffer.from(PEM).toString('base64')],
  ['in base64 with lines', Buffer.from(PEM).toString('base64').replaceAll(/.{76}/g, '$&\r\n')],
])('PEM %s', (_form, text) => {
  expect(isPemText(text)).toBe(true);
  expect(lines(plainPem(text))).toEqual(lines(PEM));
});

test.each(['chain.pem', 'a path/with -----BEGIN', 'env://NAME', '', 'QUJD', 'x'.repeat(200)])(
  '%j is not PEM',
  (text) => {
    expect(isPemText(text)).toBe(false);
    expect(plainPem(text)).toBe(text);
  },
);

test('a header keeps its lines, and is left alone where it has none', () => {
  const key = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAAA\n-----END RSA PRIVATE KEY-----\n`;
  expect(plainPem(key)).toBe(key);
  expect(plainPem(key.replaceAll('\n', '\\n'))).toBe(key);
  expect(plainPem(key.replaceAll('\n', ' '))).toBe(key.replaceAll('\n', ' '));
});

describe('a list', () => {
  test('without PEM: commas and line ends', () => {
    expect(splitPemList('a.pem, b.pem\n\nenv://C\na.pem')).toEqual(['a.pem', 'b.pem', 'env://C']);
  });

  test('with PEM: each block is an item, explanations are none', () => {
    const text = `root.pem,env://A\n# Ours\nsubject=CN = x\n${PEM}${PEM.trim().replaceAll('\n', '\\n')}\nlast.pem`;
    expect(splitPemList(text).map((item) => (isPemText(item) ? lines(plainPem(item)) : item))).toEqual([
      'root.pem',
      'env://A',
      lines(PEM),
      lines(PEM),
      'last.pem',
    ]);
  });

  test('a block without an end is an item, which its reader refuses', () => {
    expect(splitPemList('a.pem\n-----BEGIN CERTIFICATE-----\nAAAA')).toEqual([
      'a.pem',
      '-----BEGIN CERTIFICATE-----\nAAAA',
    ]);
  });
});

test('messages have no PEM, whatever its line ends', () => {
  for (const text of [PEM, PEM.replaceAll('\n', '\\n'), PEM.replaceAll('\n', ' | '), PEM.slice(0, 100)]) {
    const { message } = new VeritySignError('usage', `input x: "${text}" is not a number`);
    expect(message).toContain('input x: "(PEM text)');
    expect(message).not.toContain('AAAA');
  }
  expect(withoutPem(`${PEM} and ${PEM}.`)).toBe('(PEM text)\n and (PEM text)\n.');
});
