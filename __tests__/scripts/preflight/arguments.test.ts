import { expect, test } from '@jest/globals';
import { readArguments } from '../../../scripts/preflight/arguments.ts';

const TAKEN = {
  usage: 'Run: npm run this',
  flags: ['check'],
  choices: { architecture: ['x64', 'arm64'] },
  folder: true,
};

test('flags, choices and a folder', () => {
  expect(readArguments([], TAKEN)).toEqual({ flags: new Set(), chosen: {}, folder: undefined });
  expect(readArguments(['--check', '--architecture', 'arm64', 'there'], TAKEN)).toEqual({
    flags: new Set(['check']),
    chosen: { architecture: 'arm64' },
    folder: 'there',
  });
});

test.each([
  ['an unknown option', ['--help'], "Unknown option '--help'"],
  ['another value', ['--architecture', 'arm'], '--architecture arm is not known'],
  ['an option without its value', ['--architecture'], "'--architecture <value>' argument missing"],
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
