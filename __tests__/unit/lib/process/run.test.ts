import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixedEnvironment } from '../../../../src/lib/process/environment.ts';
import { run, stream, ToolError } from '../../../../src/lib/process/run.ts';

const env = fixedEnvironment();

async function failure(work: Promise<unknown>): Promise<ToolError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ToolError);
  return error as ToolError;
}

describe('run', () => {
  test('returns both outputs and passes the input through', async () => {
    const result = await run(['sh', '-c', 'cat; echo note >&2'], { env, stdin: 'abc' });
    expect(result.stdout.toString()).toBe('abc');
    expect(result.stderr).toBe('note');
  });

  test('gives the child nothing but the environment it was told to', async () => {
    process.env.VERITY_SIGN_TEST_SECRET = 'hush';
    const { stdout } = await run(['env'], { env: { PATH: env.PATH ?? '' } });
    delete process.env.VERITY_SIGN_TEST_SECRET;
    expect(stdout.toString()).not.toContain('hush');
    expect(stdout.toString()).toMatch(/^PATH=/m);
  });

  test('tells exit status and standard error, secrets replaced', async () => {
    const error = await failure(
      run(['sh', '-c', 'echo "bad s3cret" >&2; exit 7'], { env, secrets: ['s3cret'] }),
    );
    expect(error.exitCode).toBe(7);
    expect(error.message).toBe('sh: exit status 7: bad ***');
  });

  test('tells the signal that ended the child', async () => {
    const error = await failure(run(['sh', '-c', 'kill -SEGV $$'], { env }));
    expect(error.killedBy).toBe('SIGSEGV');
  });

  test('runs no program of the working folder, whatever PATH is', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'verity-sign-test-'));
    try {
      writeFileSync(join(cwd, 'program-of-the-checkout'), '#!/bin/sh\n', { mode: 0o755 });
      for (const PATH of ['', '.', ':/usr/bin', './', '/usr/bin:']) {
        const error = await failure(run(['program-of-the-checkout'], { env: { PATH }, cwd }));
        expect(error.message).toBe('program-of-the-checkout is not installed');
      }
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  test('names a program that is not there', async () => {
    const error = await failure(run(['no-such-program-here'], { env, stdin: 'x' }));
    expect(error.message).toBe('no-such-program-here is not installed');
  });

  test('a timeout ends the whole process group', async () => {
    const marker = `31${process.pid}`;
    const error = await failure(
      run(['sh', '-c', `sleep ${marker} & sleep ${marker}`], { env, timeout: 300 }),
    );
    expect(error.timedOut).toBe(true);
    const left = await run(['sh', '-c', `pgrep -f "^sleep ${marker}$" || true`], { env });
    expect(left.stdout.toString()).toBe('');
  });

  test('abort ends the child', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    await expect(run(['sleep', '60'], { env, signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('a child may stop reading early', async () => {
    const { stdout } = await run(['head', '-c', '10'], { env, stdin: Buffer.alloc(4 * 1024 * 1024, 'x') });
    expect(stdout.toString()).toBe('x'.repeat(10));
  });

  test('limits what it keeps', async () => {
    const error = await failure(run(['cat', '/dev/zero'], { env, maxOutput: 1000 }));
    expect(error.message).toBe('cat wrote more than 1000 bytes');
  });

  test('no part of a secret is in an error, wherever the kept end of the output begins', async () => {
    const secret = 'abcdefghijklmnopqrstuvwxyz';
    const program = `printf %s "$1"; printf %s "$1" >&2; head -c "$2" /dev/zero | tr '\\0' . >&2; exit 1`;
    for (let after = 16 * 1024 - 30; after < 16 * 1024 + 30; after++) {
      const argv = ['sh', '-c', program, 'sh', secret, `${after}`];
      const error = await failure(run(argv, { env, secrets: [secret, 'z'] }));
      expect({ after, stdout: error.stdout }).toEqual({ after, stdout: '***' });
      expect(error.stderr).toMatch(/^(\*{0,3})\.+$/);
      expect(error.stderr.length).toBeGreaterThan(16 * 1024 - 31);
    }
  });
});

describe('stream', () => {
  test('ends after exit status 0 only', async () => {
    const chunks: Buffer[] = [];
    const good = stream(['sh', '-c', 'echo one; echo two'], { env });
    for await (const chunk of good) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('one\ntwo\n');

    const bad = stream(['sh', '-c', 'echo one; exit 3'], { env });
    const error = await failure(bad.toArray());
    expect(error.exitCode).toBe(3);
  });

  test('destroying it kills the program', async () => {
    const marker = `32${process.pid}`;
    const output = stream(['sh', '-c', `echo x; exec sleep ${marker}`], { env });
    for await (const _ of output) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const left = await run(['sh', '-c', `pgrep -f "^sleep ${marker}$" || true`], { env });
    expect(left.stdout.toString()).toBe('');
  });
});
