import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isMark, livenessOf, ownMark } from '../../../../src/lib/leftovers/process-mark.ts';

/** The mark of another process of this machine, boot and namespace. */
function markOf(pid: number, start?: string): string {
  const [boot, namespace, , ownStart] = ownMark().split('-');
  return [boot, namespace, pid, start ?? ownStart].join('-');
}

describe('a mark', () => {
  test('of this process: it lives', () => {
    expect(isMark(ownMark())).toBe(true);
    expect(ownMark().split('-')[2]).toBe(String(process.pid));
    expect(livenessOf(ownMark())).toBe('alive');
  });

  test('of a process that has ended', async () => {
    const child = spawn('true');
    const { pid = 0 } = child;
    await once(child, 'exit');
    expect(livenessOf(markOf(pid))).toBe('dead');
  });

  test('of a process whose number another one has now', () => {
    expect(livenessOf(markOf(process.pid, '1'))).toBe('dead');
    expect(livenessOf(markOf(process.ppid, '1'))).toBe('dead');
  });

  test('of a process that was killed and that its parent has not noticed', async () => {
    // The shell becomes sleep, which never asks for the end of its child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    // Until it is sleep, the shell notices the end and takes the entry of its child out of /proc.
    const isSleep = () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n';
    while (!isSleep()) await new Promise((resolve) => setTimeout(resolve, 10));
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const start = stat()[19];
    expect(livenessOf(markOf(pid, start))).toBe('alive');
    process.kill(pid, 'SIGKILL');
    while (stat()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(livenessOf(markOf(pid, start))).toBe('dead');
    parent.kill('SIGKILL');
  });

  test.each([
    ['another boot', (parts: string[]) => ['0123456789abcdef', ...parts.slice(1)]],
    ['another PID namespace', ([boot = '', , ...rest]: string[]) => [boot, '1', ...rest]],
  ])('of %s: nobody can tell', (_what, change) => {
    expect(livenessOf(change(ownMark().split('-')).join('-'))).toBe('unknown');
  });

  test.each(['', 'x', '0000000000000000-0-1-0', '123-4-5', `${'g'.repeat(16)}-1-1-1`])(
    'that is none, or says nothing: %j',
    (text) => {
      expect(livenessOf(text)).toBe('unknown');
    },
  );
});
