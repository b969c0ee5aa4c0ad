import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package that has code in the bundles: its folder from the root of the checkout, and its package.json. */
export interface BundledPackage {
  folder: string;
  about: PackageAbout;
}

export interface PackageAbout {
  name: string;
  version: string;
  license?: string;
  repository?: string | { url?: string };
  author?: string | { name?: string };
}

/** The packages that have code in the bundles, each version once, in the order of their folders. */
export function bundledPackages(root: string, { outputs }: Metafile): Promise<BundledPackage[]> {
  const folders = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return Promise.all(
    [...new Set(folders)].sort().map(async (folder) => {
      const text = await readFile(join(root, folder, 'package.json'), 'utf8');
      return { folder, about: JSON.parse(text) as PackageAbout };
    }),
  );
}
