import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { VeritySignError } from '../../../errors.ts';
import { fixedEnvironment } from '../../../lib/process/environment.ts';
import { findProgram, programFolders } from '../../../lib/process/find-program.ts';
import { run } from '../../../lib/process/run.ts';
import { readRegular } from '../../../lib/read-regular.ts';

/** Bytes of the largest module, compressed or not. */
const MAX_MODULE = 64 * 1024 * 1024;

/** What a module says of itself. */
export interface ModuleInfo {
  /** Modules without which it does not load. */
  depends: readonly string[];
  /** What it asks to be loaded before: modules, or names of what they provide. */
  before: readonly string[];
  /** Release of its kernel. */
  release: string | undefined;
}

/** `.ko`, plain or compressed as a distribution has it. */
export const MODULE_FILE = /\.ko(\.(xz|zst|gz))?$/;

/** Modules are named with hyphens and underscores alike. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(MODULE_FILE, '').replaceAll('-', '_');
}

/**
 * The content of a module, decompressed.
 * @throws VeritySignError 'usage' if it cannot be read, 'environment' if xz is not installed
 */
export async function readModule(path: string): Promise<Buffer> {
  try {
    const content = await readRegular(path, MAX_MODULE);
    const limit = { maxOutputLength: MAX_MODULE };
    switch (extname(path)) {
      case '.gz':
        return await promisify(gunzip)(content, limit);
      case '.zst':
        return await zstd(content, limit);
      case '.xz':
        return await xz(content);
      default:
        return content;
    }
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new VeritySignError('usage', `the kernel module ${path} cannot be read (${code})`, {
      remedy: 'Give the intact folder of modules of this kernel',
      cause,
    });
  }
}

function zstd(content: Buffer, limit: { maxOutputLength: number }): Promise<Buffer> {
  return promisify<Buffer, { maxOutputLength: number }, Buffer>(zstdDecompress)(content, limit);
}

/** Node has no decompressor for xz. */
async function xz(content: Buffer): Promise<Buffer> {
  const program = findProgram('xz', programFolders());
  if (program === undefined) {
    throw new VeritySignError('environment', 'xz is not installed, and the modules are compressed with it', {
      remedy: 'Install it with sudo apt-get install xz-utils',
    });
  }
  const options = { env: fixedEnvironment(), stdin: content, timeout: 60_000, maxOutput: MAX_MODULE };
  return (await run([program, '--decompress', '--stdout'], options)).stdout;
}

/**
 * Reads `.modinfo` of a 64-bit little-endian ELF object. [kernel: include/linux/moduleparam.h; elf(5)]
 * @throws VeritySignError 'usage' if it is no kernel module
 */
export function moduleInfo(content: Buffer, path: string): ModuleInfo {
  let info: string[];
  try {
    info = section(content, '.modinfo').toString('latin1').split('\0');
  } catch (cause) {
    throw new VeritySignError('usage', `${path} is not a kernel module for x86-64`, {
      remedy: 'Give the folder of modules of this kernel',
      cause,
    });
  }
  const values = (key: string) =>
    info.filter((entry) => entry.startsWith(`${key}=`)).map((entry) => entry.slice(key.length + 1));
  const before = values('softdep').flatMap((text) => /\bpre: *((?:(?!post:)\S+ *)*)/.exec(text)?.[1] ?? []);
  return {
    depends: values('depends')
      .flatMap((text) => text.split(','))
      .filter(Boolean),
    before: before.flatMap((text) => text.trim().split(/ +/)).filter(Boolean),
    release: values('vermagic')[0]?.split(' ')[0],
  };
}

function section(elf: Buffer, name: string): Buffer {
  const ELF64_LITTLE_ENDIAN = '\x7fELF\x02\x01';
  if (elf.toString('latin1', 0, 6) !== ELF64_LITTLE_ENDIAN) throw new RangeError('no ELF64');
  const table = Number(elf.readBigUInt64LE(40));
  const [entry, count, names] = [elf.readUInt16LE(58), elf.readUInt16LE(60), elf.readUInt16LE(62)];
  const content = (index: number): Buffer => {
    const header = table + index * entry;
    const start = Number(elf.readBigUInt64LE(header + 24));
    const size = Number(elf.readBigUInt64LE(header + 32));
    if (start + size > elf.length) throw new RangeError('cut off');
    return elf.subarray(start, start + size);
  };
  const text = content(names);
  for (let index = 0; index < count; index++) {
    const start = elf.readUInt32LE(table + index * entry);
    if (text.toString('latin1', start, text.indexOf(0, start)) === name) return content(index);
  }
  throw new RangeError(`no ${name}`);
}
