import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { VeritySignError } from '../../../errors.ts';
import type { CpioEntry } from '../../../formats/cpio.ts';
import { printable } from '../../../lib/printable.ts';
import { openRegular, readRegular } from '../../../lib/read-regular.ts';
import type { Job } from './job.ts';
import { MODULE_FILE, moduleInfo, moduleName, readModule } from './kernel-modules.ts';

export interface StockKernelOptions {
  /** `kernel`: path of a vmlinuz, as the user typed it. */
  kernel: string;
  /** `modules`: its folder of modules, or one above it such as /lib/modules. */
  modules: string;
  network: boolean;
}

export interface StockKernel {
  /** Such as `6.12.117+deb13-cloud-amd64`. */
  release: string;
  /** What comes into the initramfs. */
  entries: readonly CpioEntry[];
  /** For the job, in the order of loading. */
  modules: Job['modules'];
}

/** Modules that the guest needs, unless they are a part of the kernel. Parameters on its command line are ignored. */
const WANTED: readonly { name: string; parameters: string }[] = [
  { name: 'virtio_pci', parameters: '' },
  { name: 'virtio_blk', parameters: '' },
  { name: 'loop', parameters: '' },
  { name: 'erofs', parameters: '' },
  { name: 'overlay', parameters: '' },
  { name: 'dm_mod', parameters: '' },
  { name: 'dm_verity', parameters: 'require_signatures=1' },
];
const FOR_NETWORK = { name: 'virtio_net', parameters: '' };
/** What a signature may need, which this kernel need not have: nothing in the guest loads modules later. */
const OPTIONAL = ['ecdsa_generic', 'sha512_generic', 'rsa_generic'];

/** Folder of the initramfs. */
const FOLDER = 'modules';
/** Bytes of a list of modules. */
const MAX_LIST = 4 * 1024 * 1024;

/**
 * Reads a distribution's kernel and the modules that the guest needs of it. What they depend on is read from the
 * modules themselves: a package that was only unpacked has no modules.dep.
 * @throws VeritySignError 'usage'
 */
export async function readStockKernel(options: StockKernelOptions): Promise<StockKernel> {
  const release = await kernelRelease(options.kernel);
  const folder = modulesFolder(options.modules, release);
  const modules = await ModuleFolder.open(folder, release);
  for (const { name, parameters } of options.network ? [...WANTED, FOR_NETWORK] : WANTED) {
    await modules.add(name, parameters);
  }
  for (const name of OPTIONAL) if (modules.has(name)) await modules.add(name, '');
  return { release, entries: modules.entries, modules: modules.order };
}

/** The modules that were chosen, each after those that it needs. */
class ModuleFolder {
  readonly entries: CpioEntry[] = [{ path: FOLDER, mode: 0o040755 }];
  readonly order: { path: string; parameters: string }[] = [];
  readonly #folder: string;
  readonly #release: string;
  readonly #files: ReadonlyMap<string, string>;
  readonly #builtIn: ReadonlySet<string>;
  readonly #done = new Set<string>();

  private constructor(folder: string, release: string, files: Map<string, string>, builtIn: Set<string>) {
    this.#folder = folder;
    this.#release = release;
    this.#files = files;
    this.#builtIn = builtIn;
  }

  static async open(folder: string, release: string): Promise<ModuleFolder> {
    const root = join(folder, 'kernel');
    const found = (await readdir(root, { recursive: true })).filter((path) => MODULE_FILE.test(path));
    const files = new Map(found.map((path) => [moduleName(path), join(root, path)]));
    return new ModuleFolder(folder, release, files, await builtInModules(folder));
  }

  /** Whether it is a file. */
  has(name: string): boolean {
    return this.#files.has(name);
  }

  async add(name: string, parameters: string): Promise<void> {
    if (this.#done.has(name) || this.#builtIn.has(name)) return;
    this.#done.add(name);
    const file = this.#files.get(name);
    if (file === undefined) {
      throw new VeritySignError(
        'usage',
        `modules: ${this.#folder} has no module ${name}, and modules.builtin does not name it`,
        {
          remedy: "Give the complete folder of this kernel's modules, such as /lib/modules/RELEASE",
        },
      );
    }
    const content = await readModule(file);
    const info = moduleInfo(content, file);
    if (info.release !== this.#release) {
      throw new VeritySignError(
        'usage',
        `modules: ${file} belongs to the kernel ${printable(info.release ?? 'unknown')}, and the kernel is ${this.#release}`,
        { remedy: 'Give the folder of modules of this kernel' },
      );
    }
    for (const other of info.depends) await this.add(moduleName(other), '');
    for (const other of info.before) {
      // Some name an algorithm, which several modules provide; a part of the kernel may provide it too.
      const one = [other, `${other}_generic`, `${other}_intel`]
        .map(moduleName)
        .find((name) => this.has(name));
      if (one !== undefined) await this.add(one, '');
    }
    const path = `${FOLDER}/${name}.ko`;
    this.entries.push({ path, mode: 0o100644, content });
    this.order.push({ path: `/${path}`, parameters });
  }
}

async function builtInModules(folder: string): Promise<Set<string>> {
  const path = join(folder, 'modules.builtin');
  if (!existsSync(path)) return new Set();
  const text = (await readRegular(path, MAX_LIST)).toString();
  return new Set(text.split('\n').filter(Boolean).map(moduleName));
}

function modulesFolder(given: string, release: string): string {
  const places = [
    given,
    join(given, release),
    join(given, 'lib/modules', release),
    join(given, 'usr/lib/modules', release),
  ];
  const folder = places.find((place) => existsSync(join(place, 'kernel')));
  if (folder !== undefined) return folder;
  throw new VeritySignError('usage', `modules: ${given} has no modules of the kernel ${release}`, {
    remedy: `Give the folder of its modules, such as /lib/modules/${release}`,
  });
}

/** The setup header of a bzImage. [kernel: Documentation/arch/x86/boot.rst] */
const HEADER = { magic: 0x202, text: 'HdrS', version: 0x20e, start: 0x200 };
const HEADER_BYTES = 64 * 1024;

/** The release that a vmlinuz names, which UEFI firmware can start. */
async function kernelRelease(path: string): Promise<string> {
  const head = Buffer.alloc(HEADER_BYTES);
  try {
    const file = await openRegular(path);
    await file.read(head, 0, head.length, 0).finally(() => file.close());
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new VeritySignError('usage', `kernel: ${path} cannot be read (${code})`, {
      remedy: 'Give the path of a vmlinuz that this user may read',
      cause,
    });
  }
  const isKernel = head.toString('latin1', HEADER.magic, HEADER.magic + HEADER.text.length) === HEADER.text;
  const at = HEADER.start + head.readUInt16LE(HEADER.version);
  const [release] = head.toString('latin1', at, at + 128).split(/[\0 ]/);
  // A program of UEFI begins like one of MS-DOS.
  if (isKernel && head.toString('latin1', 0, 2) === 'MZ' && /^[\w.+~-]{1,100}$/.test(release ?? '')) {
    return release ?? '';
  }
  throw new VeritySignError(
    'usage',
    `kernel: ${basename(path)} is not a compressed x86-64 kernel that UEFI can start`,
    {
      remedy: 'Give a vmlinuz (bzImage) with CONFIG_EFI_STUB, such as /boot/vmlinuz-RELEASE',
    },
  );
}
