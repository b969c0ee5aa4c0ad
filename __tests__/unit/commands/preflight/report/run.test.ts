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

function notStarted(path: string, outcome: string): string | undefined {
  const found = new Collected();
  found.add({ event: 'started', path: Buffer.from(path).toString('latin1'), outcome });
  return runOf(PROGRAM, found)?.result;
}

test('a program that could not be started: the result names what is missing', () => {
  expect(notStarted('/etc/passwd', 'ENOENT')).toBe(
    '/bin/app could not be started: the image has no user or group alice:staff in /etc/passwd or /etc/group',
  );
  expect(notStarted('/größe', 'ENOTDIR')).toBe(
    '/bin/app could not be started: its working directory /größe cannot be entered (ENOTDIR)',
  );
  expect(notStarted('/bin/app', 'ENOENT')).toContain('there is no such file, or its interpreter is missing');
});
