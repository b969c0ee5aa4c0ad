/** Debian's kernels for machines in a cloud, as a node has them. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../tools/common.ts';
import { Origin } from '../tools/origin.ts';
import { kernelCache } from './build.ts';

export interface StockKernelFiles {
  /** Path of the vmlinuz. */
  kernel: string;
  /** The folder that has the modules of the release. */
  modules: string;
  /** Such as `6.12.117+deb13-cloud-amd64`. */
  release: string;
}

/** Debian 13 and testing: since Linux 7.0 a kernel comes in several packages. */
const PACKAGES = {
  '6.12': ['image'],
  '7.': ['binary', 'modules', 'base'],
} as const;
export type StockSeries = keyof typeof PACKAGES;

const FLAVOUR = 'cloud-amd64';

/** The newest kernel of a series, from the cache or unpacked now (35 MB); nothing is installed. */
export async function stockKernel(series: StockSeries): Promise<StockKernelFiles> {
  const folder = join(kernelCache(), `stock-${series}`);
  if (!existsSync(folder)) {
    await mkdir(kernelCache(), { recursive: true });
    const work = await mkdtemp(join(kernelCache(), 'unpacking-'));
    try {
      await unpack(series, work);
      if (!existsSync(folder)) await rename(work, folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  const above = join(folder, 'usr/lib/modules');
  const [release] = await readdir(above);
  if (release === undefined) throw failure(`${folder} has no kernel`, 'Remove the folder and run this again');
  const kernel = [join(folder, 'boot', `vmlinuz-${release}`), join(above, release, 'vmlinuz')].find(
    existsSync,
  );
  if (kernel === undefined) throw failure(`${folder} has no vmlinuz`, 'Remove the folder and run this again');
  return { kernel, modules: join(above, release), release };
}

async function unpack(series: StockSeries, target: string): Promise<void> {
  const origin = new Origin();
  try {
    const archive = await origin.requireArchive(`Linux ${series}`);
    const [first, ...others] = PACKAGES[series];
    const name = `^linux-${first}-${series.replace('.', '\\.')}.*-${FLAVOUR}$`;
    const newest = (await archive.names(name))
      .sort(new Intl.Collator('en', { numeric: true }).compare)
      .at(-1);
    if (newest === undefined) throw failure(`the archive has no ${name}`, 'Update scripts/kernel/stock.ts');
    const release = newest.slice(`linux-${first}-`.length);
    for (const part of [first, ...others]) await archive.unpackNewest(`linux-${part}-${release}`, target);
  } finally {
    await origin.close();
  }
}
