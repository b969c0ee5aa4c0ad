import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { verifiedCopy } from '../../../../../../src/commands/preflight/vm/guest/verified-copy.ts';
import { testFolder } from '../../../../../helpers/temp.ts';

const folder = testFolder();
const plain = Buffer.from('kernel '.repeat(50_000));
const packed = zstdCompressSync(plain);
const source = join(folder, 'source');
const expectedOf = (bytes: Uint8Array) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  size: bytes.length,
});
let runs = 0;

function copy(content: Uint8Array, more: Partial<Parameters<typeof verifiedCopy>[0]> = {}) {
  writeFileSync(source, content);
  runs += 1;
  const target = join(folder, `target-${runs}`);
  return { target, done: verifiedCopy({ source, expected: expectedOf(packed), target, ...more }) };
}

test('copies for this user only, behind what comes before', async () => {
  const { target, done } = copy(packed, { before: Buffer.from('before') });
  await done;
  expect(readFileSync(target).equals(Buffer.concat([Buffer.from('before'), packed]))).toBe(true);
  expect(statSync(target).mode & 0o777).toBe(0o600);
});

test('decompresses what it compares', async () => {
  const { target, done } = copy(packed, { decompressed: expectedOf(plain) });
  await done;
  expect(readFileSync(target).equals(plain)).toBe(true);
});

const other = Buffer.from(packed);
other.writeUInt8((other.at(-1) ?? 0) ^ 1, other.length - 1);

test.each([
  ['another byte', other, {}],
  ['a byte less', packed.subarray(0, -1), {}],
  ['a byte more', Buffer.concat([packed, Buffer.of(0)]), {}],
  ['nothing', Buffer.alloc(0), {}],
  ['another content', packed, { decompressed: { ...expectedOf(plain), sha256: '0'.repeat(64) } }],
  ['more than the content may have', packed, { decompressed: { ...expectedOf(plain), size: 1000 } }],
])('refuses %s', async (_name, content, more) => {
  await expect(copy(content, more).done).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining('is not the file that manifest.json names'),
  });
});

test('a bomb is stopped at the size that was announced', async () => {
  const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
  const { target, done } = copy(bomb, { expected: expectedOf(bomb), decompressed: expectedOf(plain) });
  await expect(done).rejects.toMatchObject({ code: 'environment' });
  expect(statSync(target).size).toBeLessThanOrEqual(plain.length);
});

test('what is not compressed', async () => {
  const { done } = copy(plain, { expected: expectedOf(plain), decompressed: expectedOf(plain) });
  await expect(done).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining('cannot be copied'),
  });
});

test('does not write to a file that is there', async () => {
  const target = join(folder, 'there');
  writeFileSync(target, 'mine');
  await expect(copy(packed, { target }).done).rejects.toMatchObject({ code: 'environment' });
  expect(readFileSync(target, 'utf8')).toBe('mine');
});

test('a source that is not there, and a run that was stopped', async () => {
  const missing = { source: join(folder, 'none'), expected: expectedOf(packed), target: join(folder, 'new') };
  await expect(verifiedCopy(missing)).rejects.toMatchObject({ message: expect.stringContaining('ENOENT') });
  const { done } = copy(packed, { signal: AbortSignal.abort() });
  await expect(done).rejects.toMatchObject({ code: 'cancelled' });
  expect(existsSync(source)).toBe(true);
});
