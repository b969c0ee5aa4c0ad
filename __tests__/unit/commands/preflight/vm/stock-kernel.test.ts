import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { moduleInfo } from '../../../../../src/commands/preflight/vm/kernel-modules.ts';
import { readStockKernel } from '../../../../../src/commands/preflight/vm/stock-kernel.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const RELEASE = '6.12.117+deb13-cloud-amd64';
let runs = 0;

/** An ELF object of two sections: names, and `.modinfo`. */
function elf(info: Readonly<Record<string, string>>): Buffer {
  const names = Buffer.from('\0.shstrtab\0.modinfo\0');
  const text = Buffer.from(
    Object.entries(info)
      .map(([key, value]) => `${key}=${value}\0`)
      .join(''),
  );
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01', 'latin1');
  header.writeBigUInt64LE(BigInt(64 + names.length + text.length), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  header.writeUInt16LE(1, 62);
  const section = (name: number, offset: number, size: number): Buffer => {
    const entry = Buffer.alloc(64);
    entry.writeUInt32LE(name);
    entry.writeBigUInt64LE(BigInt(offset), 24);
    entry.writeBigUInt64LE(BigInt(size), 32);
    return entry;
  };
  const sections = [
    section(0, 0, 0),
    section(1, 64, names.length),
    section(11, 64 + names.length, text.length),
  ];
  return Buffer.concat([header, names, text, ...sections]);
}

function module(info: Readonly<Record<string, string>> = {}, release = RELEASE): Buffer {
  return elf({ license: 'GPL', ...info, vermagic: `${release} SMP preempt mod_unload modversions ` });
}

function vmlinuz(release = RELEASE, change?: (head: Buffer) => void): string {
  const image = Buffer.alloc(8192);
  image.write('MZ');
  image.write('HdrS', 0x202);
  image.writeUInt16LE(0x800, 0x20e);
  image.write(`${release} (debian-kernel@lists.debian.org) #1 SMP\0`, 0x200 + 0x800);
  change?.(image);
  const path = join(folder, `vmlinuz-${++runs}`);
  writeFileSync(path, image);
  return path;
}

const MODULES: Readonly<Record<string, Buffer>> = {
  'drivers/block/virtio_blk.ko.gz': gzipSync(module()),
  'drivers/block/loop.ko': module(),
  'fs/erofs/erofs.ko.zst': zstdCompressSync(module({ depends: 'libcrc32c' })),
  'lib/libcrc32c.ko': module({ softdep: 'pre: crc32c' }),
  'arch/x86/crypto/crc32c-intel.ko': module(),
  'fs/overlayfs/overlay.ko': module(),
  'drivers/md/dm-mod.ko': module(),
  'drivers/md/dm-bufio.ko': module({ depends: 'dm-mod' }),
  'drivers/md/dm-verity.ko': module({ depends: 'dm-bufio,dm-mod,reed_solomon' }),
  'lib/reed_solomon/reed_solomon.ko': module(),
  'drivers/net/virtio_net.ko': module({ depends: '' }),
};

/** A folder of modules. */
function modules(
  files = MODULES,
  builtIn: string | undefined = 'kernel/drivers/virtio/virtio_pci.ko\n',
): string {
  const root = join(folder, `modules-${++runs}`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, RELEASE, 'kernel', path)), { recursive: true });
    writeFileSync(join(root, RELEASE, 'kernel', path), content);
  }
  if (builtIn !== undefined) writeFileSync(join(root, RELEASE, 'modules.builtin'), builtIn);
  return root;
}

const names = (found: Awaited<ReturnType<typeof readStockKernel>>) =>
  found.modules.map(({ path }) => path.slice('/modules/'.length));

describe('the modules of a kernel', () => {
  test('each after those that it needs, decompressed, dm-verity demanding signatures', async () => {
    const found = await readStockKernel({ kernel: vmlinuz(), modules: modules(), network: false });
    expect(found.release).toBe(RELEASE);
    expect(names(found)).toEqual([
      ...['virtio_blk.ko', 'loop.ko', 'crc32c_intel.ko', 'libcrc32c.ko', 'erofs.ko', 'overlay.ko'],
      ...['dm_mod.ko', 'dm_bufio.ko', 'reed_solomon.ko', 'dm_verity.ko'],
    ]);
    const parameters = found.modules.filter((one) => one.parameters !== '');
    expect(parameters).toEqual([{ path: '/modules/dm_verity.ko', parameters: 'require_signatures=1' }]);
    expect(found.entries[0]).toEqual({ path: 'modules', mode: 0o040755 });
    const content = (name: string) =>
      found.entries.find(({ path }) => path === `modules/${name}.ko`)?.content;
    expect(content('virtio_blk')).toEqual(module());
    expect(content('erofs')).toEqual(module({ depends: 'libcrc32c' }));
  });

  test('with a network', async () => {
    const found = await readStockKernel({ kernel: vmlinuz(), modules: modules(), network: true });
    expect(names(found).at(-1)).toBe('virtio_net.ko');
  });

  test('of the release itself, or of a folder above', async () => {
    const above = modules();
    const kernel = vmlinuz();
    for (const place of [above, join(above, RELEASE)]) {
      expect(names(await readStockKernel({ kernel, modules: place, network: false }))).toHaveLength(10);
    }
  });

  test('that is not there', async () => {
    const { 'drivers/md/dm-bufio.ko': _, ...others } = MODULES;
    const work = readStockKernel({ kernel: vmlinuz(), modules: modules(others), network: false });
    await expect(work).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('no module dm_bufio'),
    });
    const nothing = readStockKernel({ kernel: vmlinuz(), modules: modules(MODULES, ''), network: false });
    await expect(nothing).rejects.toMatchObject({ message: expect.stringContaining('no module virtio_pci') });
  });

  test('of another release', async () => {
    const changed = { ...MODULES, 'drivers/block/loop.ko': module({}, '6.12.107') };
    await expect(
      readStockKernel({ kernel: vmlinuz(), modules: modules(changed), network: false }),
    ).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('belongs to the kernel 6.12.107'),
    });
    await expect(
      readStockKernel({ kernel: vmlinuz('7.2.12'), modules: modules(), network: false }),
    ).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('no modules of the kernel 7.2.12'),
    });
  });

  test.each([
    ['damaged', gzipSync(module()).subarray(0, 40)],
    ['a bomb', gzipSync(Buffer.alloc(65 * 1024 * 1024))],
    ['no module', gzipSync(Buffer.from('text'))],
  ])('that is %s', async (_name, content) => {
    const changed = { ...MODULES, 'drivers/block/virtio_blk.ko.gz': content };
    await expect(
      readStockKernel({ kernel: vmlinuz(), modules: modules(changed), network: false }),
    ).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('virtio_blk.ko.gz') });
  });
});

describe('a kernel that is refused', () => {
  test.each([
    ['without a header', (head: Buffer) => head.fill(0, 0x202, 0x206)],
    ['that is no program of UEFI', (head: Buffer) => head.fill(0, 0, 2)],
    ['without a release', (head: Buffer) => head.writeUInt16LE(0, 0x20e)],
    ['whose release leads elsewhere', (head: Buffer) => head.write('../../etc ', 0x200 + 0x800)],
    ['that is empty', (head: Buffer) => head.fill(0)],
  ])('%s', async (_name, change) => {
    const work = readStockKernel({ kernel: vmlinuz(RELEASE, change), modules: modules(), network: false });
    await expect(work).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('is not a compressed'),
    });
  });

  test('that is not there', async () => {
    const work = readStockKernel({ kernel: join(folder, 'none'), modules: modules(), network: false });
    await expect(work).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('ENOENT') });
  });

  test('that is a FIFO without a writer: nobody waits', async () => {
    const kernel = join(folder, 'fifo');
    execFileSync('mkfifo', [kernel]);
    const work = readStockKernel({ kernel, modules: modules(), network: false });
    const message = expect.stringContaining('not a regular file');
    await expect(work).rejects.toMatchObject({ code: 'usage', message });
  });
});

describe('what a module says of itself', () => {
  test('soft dependencies before it, not after it', () => {
    const info = moduleInfo(module({ softdep: 'pre: a b-c post: d', depends: 'e,f' }), 'x.ko');
    expect(info).toEqual({ depends: ['e', 'f'], before: ['a', 'b-c'], release: RELEASE });
    expect(moduleInfo(module({ softdep: 'post: d' }), 'x.ko').before).toEqual([]);
  });

  test('numbers that lead out of the file are refused', () => {
    const whole = module({ depends: 'a' });
    for (let at = 40; at < 64; at++) {
      const changed = Buffer.from(whole);
      changed[at] = 0xff;
      try {
        moduleInfo(changed, 'x.ko');
      } catch (error) {
        expect(error).toMatchObject({ code: 'usage' });
      }
    }
    // The last 24 bytes of the last section's header are not read.
    for (let length = 0; length < whole.length - 24; length++) {
      expect(() => moduleInfo(whole.subarray(0, length), 'x.ko')).toThrow(
        expect.objectContaining({ code: 'usage' }),
      );
    }
  });
});
