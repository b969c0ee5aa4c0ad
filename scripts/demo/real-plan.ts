/** What `npm run demo:real` will do on this machine, before it does anything. */
import { parseArgs } from 'node:util';
import { VeritySignError } from '../../src/errors.ts';
import { isKernelCached, kernelCache } from '../kernel/build.ts';
import { missingPackages } from '../kernel/packages.ts';
import { find } from '../tools/common.ts';
import { thisMachine } from '../tools/setup/machine.ts';
import type { Machine } from '../tools/setup/plan.ts';

export interface RealPlan {
  registry: boolean;
  kernel: boolean;
  /** All of it for the user, with times and disk. */
  text: string;
}

/** A part of the demo, or why this machine leaves it out. */
type Part =
  | { lines: string[]; seconds: [first: number, later: number]; megabytes: number }
  | { without: string };

const USAGE = 'Use npm run demo:real, or npm run demo:real -- --no-kernel to leave out the kernel';

/** Error (`usage`): an unknown argument. Nothing is installed or downloaded. */
export async function planRealDemo(args: readonly string[]): Promise<RealPlan> {
  const wanted = wantsKernel(args);
  const machine = await thisMachine();
  const registry = planRegistry(machine);
  const kernel = await planKernel(wanted, machine, registry);
  const parts = [IMAGE, registry, kernel];
  const done = parts.filter((part) => 'lines' in part);
  const minutes = (at: 0 | 1): number =>
    Math.ceil(done.reduce((sum, { seconds }) => sum + seconds[at], 0) / 60);
  const gigabytes = (done.reduce((sum, { megabytes }) => sum + megabytes, 0) / 1000).toFixed(1);
  const lines = [
    `This takes about ${minutes(0)} min the first time, ${minutes(1)} min later, on two idle processors, and up to ${gigabytes} GB of disk. It`,
    ...parts.flatMap((part) => ('lines' in part ? part.lines : [`  - leaves out ${part.without}.`])),
    'npm run demo signs and verifies a small image, and needs none of this.',
  ];
  return { registry: 'lines' in registry, kernel: 'lines' in kernel, text: lines.join('\n') };
}

function wantsKernel(args: readonly string[]): boolean {
  try {
    const options = { 'no-kernel': { type: 'boolean', default: false } } as const;
    return !parseArgs({ args: [...args], options }).values['no-kernel'];
  } catch (cause) {
    throw new VeritySignError('usage', (cause as Error).message, { remedy: USAGE, cause });
  }
}

const IMAGE: Part = {
  lines: [
    '  - brings what is missing of openssl, mmdebstrap, zstd, busybox, a C compiler and the programs that build',
    '    erofs-utils: by apt, as root or through sudo. It says first which, and stops at once where it may not;',
    '  - downloads oras, on Debian docker-registry, and the source of erofs-utils, which it builds, into .tools/;',
    '  - downloads the packages of a small Debian system (50 MB compressed) and makes an image of it in .demo/real/;',
    '  - signs and verifies each layer, once by each builder: 148 MB of EROFS images;',
  ],
  seconds: [180, 15],
  megabytes: 1000,
};

function planRegistry(machine: Machine): Part {
  if (!machine.debian && find('docker-registry') === undefined) {
    return {
      without:
        "the registry, which comes from Debian's archive: to have it, install debian-archive-keyring\n" +
        '    and set DEBIAN_MIRROR to the URL of a Debian archive',
    };
  }
  return {
    lines: [
      '  - starts a registry on a free port of 127.0.0.1, pushes the image there with its signatures, verifies it there, and',
      '    ends the registry (10 s, 50 MB in .demo/real/);',
    ],
    seconds: [10, 10],
    megabytes: 50,
  };
}

async function planKernel(wanted: boolean, machine: Machine, registry: Part): Promise<Part> {
  if (!wanted) return { without: 'the kernel, because of --no-kernel' };
  if (!('lines' in registry)) return { without: 'the kernel, which uses the registry' };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { without: `the kernel: it is one for x64, and this is ${process.platform} on ${process.arch}` };
  }
  const cached = await isKernelCached();
  if (!cached && !machine.debian) return { without: "the kernel, whose source comes from Debian's archive" };
  const packages = missingPackages(!cached);
  if (packages.length > 0 && !(machine.root && machine.apt)) {
    return {
      without: `the kernel, because only root can install what it needs: sudo apt-get install ${packages.join(' ')}`,
    };
  }
  const built = cached
    ? [`  - boots the kernel that is in ${kernelCache()}/ in QEMU,`]
    : [
        '  - downloads the source of Linux (150 MB) and builds a kernel of it (5 minutes, 1.9 GB while it does), which it keeps',
        `    in ${kernelCache()}/ (3 MB), and boots it in QEMU,`,
      ];
  return {
    lines: [
      ...(packages.length === 0 ? [] : [`  - installs for the kernel, by apt: ${packages.join(' ')};`]),
      ...built,
      '    where layers open with their signatures only, and code from elsewhere does not run (15 s, 300 MB in .demo/real/',
      '    while it runs). -- --no-kernel leaves this out.',
    ],
    seconds: [(cached ? 15 : 315) + 15 * packages.length, 15],
    megabytes: 300 + (cached ? 0 : 1900),
  };
}
