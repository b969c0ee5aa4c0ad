import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readGiven, readGivenSync } from '../../../src/lib/read-given.ts';
import { testFolder } from '../../helpers/temp.ts';

const folder = testFolder();
const READERS: [string, (path: string, most?: number) => Promise<Buffer>][] = [
  ['readGiven', readGiven],
  ['readGivenSync', async (path, most) => readGivenSync(path, most)],
];

describe.each(READERS)('%s', (_, read) => {
  test('a file of exactly the limit is read, and one byte more is not', async () => {
    const path = join(folder, 'file');
    const bytes = Buffer.alloc(200_000, 'text');
    writeFileSync(path, bytes);
    expect((await read(path, bytes.length)).equals(bytes)).toBe(true);
    await expect(read(path, bytes.length - 1)).rejects.toMatchObject({ code: 'larger than 200 kB' });
  });

  test('a device without end is too large', async () => {
    await expect(read('/dev/zero')).rejects.toMatchObject({ code: 'larger than 16.8 MB' });
  });

  test('a pipe is read to its end', async () => {
    const path = join(folder, `pipe-${read.name}`);
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', 'for i in 1 2 3; do echo $i; sleep 0.1; done > "$1"', 'sh', path]);
    expect((await read(path)).toString()).toBe('1\n2\n3\n');
    writer.kill();
  });

  test('the system says what is wrong', async () => {
    const path = join(folder, `folder-${read.name}`);
    mkdirSync(path);
    await expect(read(path)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(read(join(path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a pipe that nobody writes to', () => {
  /** In a process of its own: a thread that waits for a pipe would keep this one. */
  const CHILD = `
    import { readGiven } from ${JSON.stringify(new URL('../../../src/lib/read-given.ts', import.meta.url).href)};
    const signal = AbortSignal.timeout(Number(process.argv[2]));
    const alive = setInterval(() => undefined, 1000);
    await readGiven(process.argv[1], undefined, signal).then(console.log, (error) => console.log(error.name));
    clearInterval(alive);`;
  const wait = (path: string, after: number) =>
    String(
      execFileSync(process.execPath, ['--input-type=module', '-e', CHILD, path, String(after)], {
        timeout: 20_000,
      }),
    );

  test.each([0, 300])('the signal ends the wait for a writer, after %d ms', (after) => {
    const path = join(folder, `no-writer-${after}`);
    execFileSync('mkfifo', [path]);
    expect(wait(path, after)).toBe('TimeoutError\n');
  });

  test('the signal ends the wait for the bytes of a writer', () => {
    const path = join(folder, 'idle-writer');
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', 'exec sleep 30 > "$1"', 'sh', path]);
    expect(wait(path, 300)).toBe('TimeoutError\n');
    writer.kill();
  });

  test('an aborted read changes no file', async () => {
    const path = join(folder, 'untouched');
    writeFileSync(path, 'text');
    await expect(readGiven(path, 100, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    const controller = new AbortController();
    const read = readGiven(path, 100, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(read).rejects.toThrow('stopped');
    expect(String(await readGiven(path))).toBe('text');
  });
});
