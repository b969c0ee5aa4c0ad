import { expect, test } from '@jest/globals';
import { buildNative, hashing } from '../../../../../helpers/fuzz-erofs/native-image.ts';
import { paxHeader, rawEntry } from '../../../../../helpers/raw-tar.ts';

const MEBIBYTE = 1024 * 1024;
/** Milliseconds of this process: other ones may have the CPU meanwhile. */
const SOON = 2000;

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function build(tar: AsyncIterable<Buffer>) {
  return buildNative(tar, {
    profile: 'containerd',
    uuid: '01234567-89ab-4cde-8f01-23456789abcd',
    mkfsOptions: ['-T0', '--mkfs-time', '--sort=none'],
    classes: ['C'],
    hashing,
  });
}

async function* of(...pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

async function refusedSoon(tar: AsyncIterable<Buffer>, message: RegExp): Promise<void> {
  const started = cpuTime();
  await expect(build(tar)).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(message),
  });
  expect(cpuTime() - started).toBeLessThan(SOON);
}

test('a path of millions of names', async () => {
  const path = Buffer.alloc(7 * MEBIBYTE, 'a/');
  await refusedSoon(of(paxHeader({ path }), rawEntry({ name: 'x' })), /directories without entries/);
});

test('a PAX header without end', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    yield rawEntry({ name: 'pax', typeflag: 'x', size: '37777777776' });
    for (let count = 0; count < 4096; count++) yield Buffer.alloc(MEBIBYTE, 'x');
  }
  await refusedSoon(endless(), /extended header of more than 8388608 bytes/);
});

test('extended attributes that every entry repeats', async () => {
  const big = paxHeader({ 'SCHILY.xattr.user.big': Buffer.alloc(4 * MEBIBYTE, 'v') }, 'g');
  const entries = Array.from({ length: 1000 }, (_, number) => rawEntry({ name: `${number}` }));
  await refusedSoon(of(big, ...entries), /extended attributes of more than/);
});

test('thousands of attributes of one entry', async () => {
  const records = Object.fromEntries(
    Array.from({ length: 30_000 }, (_, number) => [`SCHILY.xattr.user.${number}`, 'v']),
  );
  const started = cpuTime();
  const { images } = await build(of(paxHeader(records), rawEntry({ name: 'a' }), Buffer.alloc(1024)));
  expect(images.get('C')).toHaveProperty('rootHash');
  expect(cpuTime() - started).toBeLessThan(SOON);
});
