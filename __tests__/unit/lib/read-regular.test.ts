import { execFileSync, spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readPemInput } from '../../../src/commands/shared/pem/pem-input.ts';
import { readTrustedInput } from '../../../src/commands/verify/trust/trust-stores.ts';
import { readBounded, readRegular } from '../../../src/lib/read-regular.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();

function made(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a file whose place others can write to', () => {
  test('is read up to the largest size, also by a link', async () => {
    const path = made('file', 'x'.repeat(100_000));
    symlinkSync(path, join(folder, 'link'));
    expect((await readRegular(join(folder, 'link'), 100_000)).toString()).toBe('x'.repeat(100_000));
    await expect(readRegular(path, 99_999)).rejects.toMatchObject({ code: 'too large' });
  });

  test('of /proc states no size, and is read', async () => {
    expect((await readRegular('/proc/self/status', 100_000)).toString()).toContain('Pid:');
  });

  test('must be one: a FIFO without a writer does not keep the reader waiting', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    await expect(readRegular(fifo, 100)).rejects.toMatchObject({ code: 'not a regular file' });
    await expect(readRegular('/dev/zero', 100)).rejects.toMatchObject({ code: 'not a regular file' });
    await expect(readRegular(folder, 100)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(readRegular(join(folder, 'none'), 100)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a pipe that a user names', () => {
  /** Ends when the reader does. */
  function pipeOf(name: string, bytes: number): string {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    spawn('sh', ['-c', 'head -c "$1" /dev/zero >"$2"', 'sh', String(bytes), path], { stdio: 'ignore' });
    return path;
  }

  test('is read up to the largest size', async () => {
    expect(await readBounded(pipeOf('fits', 100_000), 100_000)).toHaveLength(100_000);
    await expect(readBounded(pipeOf('long', 100_001), 100_000)).rejects.toMatchObject({ code: 'too large' });
    await expect(readBounded(join(folder, 'none'), 1)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has a bound where certificates are read, though it states no size', async () => {
    const tooLarge = expect.stringContaining('cannot be read (too large)');
    await expect(readTrustedInput(pipeOf('trusted', 3_000_000), {})).rejects.toMatchObject({
      code: 'usage',
      message: tooLarge,
    });
    await expect(readPemInput(pipeOf('pem', 3_000_000), 'certificate', {}, 'usage')).rejects.toMatchObject({
      code: 'usage',
      message: tooLarge,
    });
  });
});
