import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mkfsArguments, PROFILES } from '../../../src/convert/erofs/profile.ts';
import { entriesTar } from '../data/entries-tar.ts';
import { cli, NIL_UUID, plain } from '../peers/contestant.ts';
import type { Case } from './case.ts';
import { entriesCase, MKFS_EROFS, ROOT_HASH } from './names.ts';

/** Rounds for a million entries, which take half a minute each. */
const FEW = 1;

/** A layer of many small files: the root hash of its image, and mkfs.erofs, which makes the image only. */
export function manyEntriesCase(entries: number): Case {
  return {
    name: entriesCase(entries),
    rounds: (asked) => (entries < 1_000_000 ? asked : FEW),
    async contestants({ cache }) {
      const tar = await tarOf(cache.folder, entries, cache.seed);
      const options = mkfsArguments('containerd', PROFILES.containerd.defaultOptions, NIL_UUID);
      const processorTime = true;
      return [
        cli(ROOT_HASH, ['root-hash', tar], { processorTime }),
        plain(MKFS_EROFS, (folder) => ({
          argv: ['mkfs.erofs', ...options, join(folder, 'temp/image'), tar],
          processorTime,
        })),
      ];
    },
  };
}

async function tarOf(folder: string, entries: number, seed: number): Promise<string> {
  const path = join(folder, `entries-${entries}.tar`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  await pipeline(Readable.from(entriesTar(entries, seed)), createWriteStream(`${path}.new`));
  await rename(`${path}.new`, path);
  return path;
}
