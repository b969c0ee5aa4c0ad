import { expect, test } from '@jest/globals';
import { logLines, printable } from '../../../../src/frontend/output/printable.ts';

test('printable text stays as it is', () => {
  expect(printable('größe\t→ 日本\n')).toBe('größe\t→ 日本\n');
  expect(logLines('a::b')).toEqual(['a::b']);
});
