import { expect, test } from '@jest/globals';
import { printable, quoted } from '../../../src/lib/printable.ts';

test('foreign text is one line without control characters, and short', () => {
  expect(printable(' a\r\n\u001b[31mb\u200b ')).toBe('a [31mb');
  expect(printable('x'.repeat(501))).toBe(`${'x'.repeat(500)}…`);
});

test('quoted foreign text has escapes, and is short', () => {
  expect(quoted('a "b"\n\u001b[31m')).toBe('"a \\"b\\"\\n\\u001b[31m"');
  expect(quoted('x'.repeat(200))).toBe(`"${'x'.repeat(200)}"`);
  expect(quoted('x'.repeat(201))).toBe(`"${'x'.repeat(200)}…"`);
});
