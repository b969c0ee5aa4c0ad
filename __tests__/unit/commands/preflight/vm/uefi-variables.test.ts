import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { writeUefiVariables } from '../../../../../src/commands/preflight/vm/uefi-variables.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const FIXTURES = join(import.meta.dirname, '../../../../fixtures');

const BLOCKS = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const certificates = [...readFileSync(join(FIXTURES, 'kernel-pki/trusted.pem'), 'utf8').matchAll(BLOCKS)].map(
  ([pem]) => new X509Certificate(pem).raw,
);

/** The headers of OVMF_VARS_4M.fd of Debian's ovmf: its volume, and its store of 0x3ffb8 bytes behind it. */
const HEADERS = Buffer.from(
  '000000000000000000000000000000008d2bf1ff96768b4ca9852747075b4f5000400800000000005f465648fffe0400' +
    '4800afb80000000284000000001000000000000000000000782cf3aa7b949a43a1802e144ec37792b8ff03005afe000000000000',
  'hex',
);
const FIRST = 0x64;

const template = join(folder, 'OVMF_VARS_4M.fd');
let runs = 0;
let target = '';

function store(): Buffer {
  const bytes = Buffer.alloc(0x84000, 0xff);
  HEADERS.copy(bytes);
  return bytes;
}

beforeEach(() => {
  writeFileSync(template, store());
  runs += 1;
  target = join(folder, `${runs}.fd`);
});

async function write(...bytes: Uint8Array[]): Promise<Buffer> {
  await writeUefiVariables({ template, certificates: bytes, target });
  return readFileSync(target);
}

test('the bytes of virt-fw-vars but for the time', async () => {
  const written = await write(...certificates);
  const wanted = readFileSync(join(FIXTURES, 'uefi/db.bin'));
  written.copy(wanted, 16, FIRST + 16, FIRST + 32);
  expect(written.subarray(FIRST, FIRST + wanted.length).equals(wanted)).toBe(true);
  expect(written.subarray(FIRST + wanted.length).every((byte) => byte === 0xff)).toBe(true);
  expect(written.subarray(0, FIRST).equals(HEADERS)).toBe(true);
});

test('the time is one that EFI_TIME can have', async () => {
  const written = await write(...certificates);
  const [year, month, day] = [written.readUInt16LE(FIRST + 16), written[FIRST + 18], written[FIRST + 19]];
  expect([year, month, day]).toEqual([2010, 1, 1]);
  expect(written.subarray(FIRST + 20, FIRST + 32).every((byte) => byte === 0)).toBe(true);
});

test('a variable that is there stays, and ours begins at a multiple of 4', async () => {
  const before = store();
  const other = Buffer.alloc(60 + 4 + 3);
  other.writeUInt16LE(0x55aa, 0);
  other.writeUInt8(0x3f, 2);
  other.writeUInt32LE(4, 36);
  other.writeUInt32LE(3, 40);
  other.write('X\0', 60, 'utf16le');
  other.copy(before, FIRST);
  writeFileSync(template, before);
  const written = await write(...certificates);
  expect(written.subarray(FIRST, FIRST + other.length).equals(other)).toBe(true);
  expect(written[FIRST + other.length]).toBe(0xff);
  expect(written.readUInt16LE(FIRST + 68)).toBe(0x55aa);
});

describe('refused', () => {
  const refused = (message: string) => ({ code: 'usage', message: expect.stringContaining(message) });

  test('more than fits, with both figures', async () => {
    const large = new Uint8Array(0x3ffb8);
    await expect(write(large)).rejects.toMatchObject(refused('take 262182 bytes'));
    await expect(write(large)).rejects.toMatchObject(refused('has room for 262044'));
  });

  test('a store that already has db: the kernel would trust more than was given', async () => {
    await write(...certificates);
    const again = join(folder, 'again.fd');
    const work = writeUefiVariables({ template: target, certificates, target: again });
    await expect(work).rejects.toMatchObject(refused('already has keys of Secure Boot'));
  });

  test.each([
    ['no volume', (bytes: Buffer) => bytes.fill(0, 40, 44), 'is not a store'],
    ['another kind of store', (bytes: Buffer) => bytes.fill(0, 72, 88), 'is not a store'],
    ['a header behind its end', (bytes: Buffer) => bytes.writeUInt16LE(0xffff, 48), 'is not a store'],
    ['a size behind its end', (bytes: Buffer) => bytes.writeUInt32LE(0x84000, 88), 'is cut off'],
    ['a store that is not formatted', (bytes: Buffer) => bytes.fill(0xff, 92, 94), 'is not formatted'],
    ['bytes in the free space', (bytes: Buffer) => bytes.fill(1, 5000, 5001), 'is damaged'],
    ['nothing', (bytes: Buffer) => bytes.fill(0), 'is not a store'],
  ])('%s', async (_name, change, message) => {
    const bytes = store();
    change(bytes);
    writeFileSync(template, bytes);
    await expect(write(...certificates)).rejects.toMatchObject(refused(message));
  });

  test('an empty file, and none', async () => {
    writeFileSync(template, '');
    await expect(write()).rejects.toMatchObject(refused('is not a store'));
    const missing = { template: join(folder, 'none.fd'), certificates, target };
    await expect(writeUefiVariables(missing)).rejects.toMatchObject(refused('cannot be read (ENOENT)'));
  });
});
