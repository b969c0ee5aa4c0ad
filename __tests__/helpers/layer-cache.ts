import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The files of a folder by their path in it. */
export function filesIn(folder: string): Map<string, Buffer> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

export interface CacheEntry {
  /** Path of the image. */
  path: string;
  rootHash: string;
  hashOffset: number;
}

/** The entries of a layer cache, by diffID. */
export function cacheEntries(folder: string): Map<string, CacheEntry> {
  const sidecars = [...filesIn(folder)].filter(([path]) => path.endsWith('.erofs.dmverity'));
  return new Map(
    sidecars.map(([path, text]): [string, CacheEntry] => {
      const [algorithm = '', , name = ''] = path.split('/');
      const { roothash, hashoffset } = JSON.parse(text.toString()) as {
        roothash: string;
        hashoffset: number;
      };
      const diffId = `${algorithm}:${name.replace('.erofs.dmverity', '')}`;
      const blob = join(folder, path.replace(/\.dmverity$/, ''));
      return [diffId, { path: blob, rootHash: roothash, hashOffset: hashoffset }];
    }),
  );
}
