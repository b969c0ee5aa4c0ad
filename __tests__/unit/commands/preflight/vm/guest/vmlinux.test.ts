import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { GuestManifest } from '../../../../../../src/commands/preflight/vm/guest/guest-files.ts';
import { writeVmlinux } from '../../../../../../src/commands/preflight/vm/guest/vmlinux.ts';
import { testFolder } from '../../../../../helpers/temp.ts';

const folder = testFolder();
const ROOM = 1000;
const symbols = {
  system_extra_cert: { offset: 500, size: ROOM },
  system_extra_cert_used: { offset: 500 + ROOM, size: 4 },
  system_certificate_list_size: { offset: 2000, size: 8 },
} as const;

/** Not a kernel, but its three places are as a kernel's. The room has what a certificate before left. */
const kernel = Buffer.alloc(3000, 'kernel');
kernel.fill(0, 500, 500 + ROOM + 4);
kernel.writeBigUInt64LE(0x1_0000_0100n, 2000);

const source = join(folder, 'vmlinux.zst');
const factsOf = (bytes: Uint8Array) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  size: bytes.length,
});

function manifestOf(content: Buffer): GuestManifest {
  const packed = zstdCompressSync(content);
  writeFileSync(source, packed);
  return {
    version: 1,
    architecture: 'x64',
    kernel: { release: '6.12.117' },
    files: { 'vmlinux.zst': factsOf(packed), 'initramfs.cpio.zst': factsOf(packed) },
    vmlinux: { ...factsOf(content), symbols },
    inputs: [],
  };
}

/** DER with a length of two bytes. */
function certificate(length: number, fill: number): Buffer {
  const der = Buffer.alloc(length, fill);
  der.writeUInt16BE(0x3082, 0);
  der.writeUInt16BE(length - 4, 2);
  return der;
}

let runs = 0;
async function write(content: Buffer, certificates: Uint8Array[]): Promise<Buffer> {
  runs += 1;
  const target = join(folder, `vmlinux-${runs}`);
  await writeVmlinux({ source, manifest: manifestOf(content), certificates, target });
  return readFileSync(target);
}

test('certificates one after the other, their length, and the length of the list', async () => {
  const [first, second] = [certificate(400, 1), certificate(300, 2)];
  const written = await write(kernel, [first, second]);
  const wanted = Buffer.from(kernel);
  first.copy(wanted, 500);
  second.copy(wanted, 900);
  wanted.writeInt32LE(700, 500 + ROOM);
  wanted.writeBigUInt64LE(0x1_0000_0100n + 700n, 2000);
  expect(written.equals(wanted)).toBe(true);
});

test('a kernel that is a FIFO without a writer holds up nobody', async () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const target = join(folder, 'of-fifo');
  const work = writeVmlinux({ source: fifo, manifest: manifestOf(kernel), certificates: [], target });
  const message = expect.stringContaining('not a regular file');
  await expect(work).rejects.toMatchObject({ code: 'environment', message });
});

test('no certificates: the same kernel', async () => {
  expect((await write(kernel, [])).equals(kernel)).toBe(true);
});

test('what was inserted before is replaced', async () => {
  const before = await write(kernel, [certificate(900, 1)]);
  const [again, wanted] = [
    await write(before, [certificate(300, 2)]),
    await write(kernel, [certificate(300, 2)]),
  ];
  expect(again.equals(wanted)).toBe(true);
});

test('exactly as much as there is room for', async () => {
  const written = await write(kernel, [certificate(ROOM, 3)]);
  expect(written.readInt32LE(500 + ROOM)).toBe(ROOM);
});

describe('refused', () => {
  test('a byte more, with both figures', async () => {
    await expect(write(kernel, [certificate(500, 1), certificate(501, 1)])).rejects.toMatchObject({
      code: 'usage',
      message: "the 2 trusted certificates have 1001 bytes, and preflight's kernel has room for 1000",
    });
  });

  test.each([
    ['a certificate of less than 256 bytes', Buffer.concat([Buffer.of(0x30, 0x81, 200), Buffer.alloc(200)])],
    ['bytes behind a certificate', Buffer.concat([certificate(300, 1), Buffer.of(0)])],
    ['half a certificate', certificate(300, 1).subarray(0, 299)],
    ['nothing', Buffer.alloc(0)],
  ])('%s: the kernel would lose all behind it', async (_name, der) => {
    await expect(write(kernel, [certificate(300, 1), der])).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`trusted certificate 2 has ${der.length} bytes`),
    });
  });

  test('another kernel than the manifest names', async () => {
    const manifest = manifestOf(kernel);
    writeFileSync(source, zstdCompressSync(Buffer.alloc(3000)));
    const target = join(folder, 'other');
    await expect(writeVmlinux({ source, manifest, certificates: [], target })).rejects.toMatchObject({
      code: 'environment',
    });
  });
});
