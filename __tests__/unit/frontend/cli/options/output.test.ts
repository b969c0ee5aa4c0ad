import { expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../../helpers/command-line.ts';

const COMMANDS = {
  sign: ['sign', 'x', '--dry-run'],
  verify: ['verify', 'x', '--trusted-certificate', 'r.pem'],
  inspect: ['inspect', 'x'],
  'root-hash': ['root-hash', 'x'],
  version: ['version'],
} as const;

test.each(Object.entries(COMMANDS))('%s: --output, and --json as its alias', (_name, words) => {
  const output = (...more: string[]) => {
    const invocation = parseCommandLine([...words, ...more], {});
    if (!('output' in invocation)) throw new Error('no output');
    return invocation.output;
  };
  expect(output()).toEqual({ json: false, log: 'normal' });
  expect(output('--output', 'text')).toMatchObject({ json: false });
  for (const json of [
    ['--json'],
    ['--output', 'json'],
    ['--output=json'],
    ['--json=true', '--output', 'json'],
  ]) {
    expect(output(...json)).toEqual({ json: true, log: 'normal' });
  }
  expect(() => output('--output', 'yaml')).toThrow('option --output: "yaml" is not one of text, json');
  expect(() => output('--json', '--output', 'text')).toThrow(
    'option --json and option --output text contradict one another',
  );
});

test.each(Object.entries(COMMANDS).slice(0, 4))('%s: --debug and --quiet', (_name, words) => {
  expect(parseCommandLine([...words, '--debug'], {})).toMatchObject({ output: { log: 'debug' } });
  expect(parseCommandLine([...words, '--quiet'], {})).toMatchObject({ output: { log: 'quiet' } });
  expect(() => parseCommandLine([...words, '--quiet', '--debug'], {})).toThrow('contradict one another');
});

test('only sign and verify write a report to a file', () => {
  expect(parseCommandLine([...COMMANDS.sign, '--report', '-'], {})).toMatchObject({
    output: { report: '-' },
  });
  expect(() => parseCommandLine([...COMMANDS.inspect, '--report', 'r.json'], {})).toThrow('unknown option');
});
