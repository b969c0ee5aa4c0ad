import { expect, test } from '@jest/globals';
import { Collected } from '../../../../../src/commands/preflight/report/collect.ts';
import { runOf } from '../../../../../src/commands/preflight/report/run.ts';

const PROGRAM = {
  arguments: ['/bin/app'],
  environment: [],
  user: 'alice:staff',
  directory: '/größe',
  limits: { time: 60, alive: 0 },
  health: undefined,
};

function notStarted(path: string, outcome: string, missing?: string, program = PROGRAM): string | undefined {
  const found = new Collected();
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  const interpreter = missing === undefined ? {} : { missing: bytes(missing) };
  found.add({ event: 'started', path: bytes(path), outcome, ...interpreter });
  return runOf(program, found)?.result;
}

test('a program that could not be started: the result names what is missing', () => {
  expect(notStarted('/etc/passwd', 'ENOENT')).toBe(
    '/bin/app could not be started: the image has no user or group alice:staff in /etc/passwd or /etc/group',
  );
  expect(notStarted('/größe', 'ENOTDIR')).toBe(
    '/bin/app could not be started: its working directory /größe cannot be entered (ENOTDIR)',
  );
  expect(notStarted('/bin/app', 'ENOENT')).toContain('there is no such file, or its interpreter is missing');
  expect(notStarted('/bin/app', 'ENOENT', '/größe/ld.so')).toBe(
    '/bin/app could not be started: its interpreter /größe/ld.so is not in the image (ENOENT)',
  );
  expect(notStarted('/bin/app', 'ENOENT', '/bin/sh\r')).toBe(
    String.raw`/bin/app could not be started: its #! line ends in a carriage return, and there is no "/bin/sh\r" (ENOENT)`,
  );
  expect(notStarted('/bin/app', 'E2BIG')).toBe(
    '/bin/app could not be started: its arguments and environment are longer than the kernel takes (E2BIG)',
  );
  expect(notStarted('', 'ENOENT', undefined, { ...PROGRAM, arguments: [''] })).toMatch(
    /^a program without a name could not be started: there is no such file/,
  );
});
