import { expect, test } from '@jest/globals';
import { describeError, type ErrorCode, EXIT_STATUS, VeritySignError } from '../../src/errors.ts';

const codes = Object.keys(EXIT_STATUS) as ErrorCode[];

test.each(codes)('%s: the line ends with what to do, once', (code) => {
  const own = describeError(new VeritySignError(code, 'X is wrong', { remedy: 'Set X to 1' }));
  expect(own).toEqual({ line: 'X is wrong. Set X to 1', status: EXIT_STATUS[code] });
  const { line, status } = describeError(new VeritySignError(code, 'X is wrong'));
  expect(status).toBe(EXIT_STATUS[code]);
  // A run that was stopped needs no remedy.
  expect(line).toMatch(code === 'cancelled' ? /^X is wrong$/ : /^X is wrong\. [A-Z][a-z]+ [^.]+$/);
});

test('image and layer come first, and the line is one', () => {
  const error = new VeritySignError('image', 'is\n  damaged');
  Object.assign(error.context, { image: 'app:1', layer: 'layer 0' });
  expect(describeError(error).line).toMatch(/^app:1, layer 0: is \| damaged\. Build /);
});
