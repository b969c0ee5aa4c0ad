import { expect, test } from '@jest/globals';
import { atPath, quoteName } from '../../../src/formats/json-path.ts';

test('a place in a document', () => {
  expect(atPath([])).toBe('');
  expect(atPath(['layers', 0, 'annotations', 'org.example/a+b'])).toBe(
    ' at layers.0.annotations.org.example/a+b',
  );
  expect(atPath(['a b', '::error', 'ſ'])).toBe(' at "a b"."::error"."\\u017f"');
});

test('long names and paths are cut', () => {
  expect(atPath(Array.from({ length: 100 }, (_, index) => index))).toBe(
    ' at ….90.91.92.93.94.95.96.97.98.99',
  );
  expect(quoteName('x'.repeat(1000))).toBe(`"${'x'.repeat(80)}…"`);
  expect(atPath(['x'.repeat(1000)]).length).toBeLessThan(100);
});

test('characters that look like others, and those that control a terminal, are escaped', () => {
  expect(quoteName('\u212a\u202e\u0007\ud83d\ude00\n"')).toBe('"\\u212a\\u202e\\u0007\\ud83d\\ude00\\n\\""');
});
