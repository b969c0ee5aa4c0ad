import { expect, test } from '@jest/globals';
import { readArguments } from '../../../scripts/preflight/arguments.ts';

const TAKEN = { usage: 'Run: npm run this', flags: ['check'], folder: true };

test('flags and a folder', () => {
  expect(readArguments([], TAKEN)).toEqual({ flags: new Set(), folder: undefined });
  expect(readArguments(['--check', 'there'], TAKEN)).toEqual({ flags: new Set(['check']), folder: 'there' });
});

test.each([
  ['an unknown option', ['--help'], "Unknown option '--help'"],
  ['two folders', ['one', 'two'], '2 folders are given'],
])('%s is a usage error that says how the script is run', (_, args, message) => {
  expect(() => readArguments(args, TAKEN)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringContaining(message),
      remedy: TAKEN.usage,
    }),
  );
});

test('a folder of a script that takes none is a usage error', () => {
  expect(() => readArguments(['there'], { usage: TAKEN.usage })).toThrow("Unexpected argument 'there'");
});
