import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mkfsArguments, PROFILES } from '../../../src/convert/erofs/profile.ts';
import { layerUuid } from '../../../src/convert/erofs/uuid.ts';
import { SALT } from '../../../src/convert/verity/params.ts';
import { fileSha256 } from '../../tools/common.ts';
import { entriesTar } from '../data/entries-tar.ts';
import { CLI, type Contestant, plain } from '../peers/contestant.ts';
import type { Case } from './case.ts';
import { entriesCase, MKFS_AND_HASHES, MKFS_EROFS, ROOT_HASH } from './names.ts';

/** Rounds for a million entries, which take half a minute each. */
const FEW = 1;

/** Command lines of bash, for programs whose output is a result. */
const INTO_FILE = 'file=$1; shift; exec "$@" >"$file"';
const IMAGE_AND_HASHES = `set -eu
tar=$1 uuid=$2; shift 2
openssl dgst -sha256 -r "$tar" >digest
mkfs.erofs "$@" image "$tar"
veritysetup format --salt=${SALT.toString('hex')} --uuid="$uuid" image tree >formatted`;

/**
 * A layer of many small files: the root hash of its image; mkfs.erofs, which makes the image only; and the programs that
 * compute the same root hash and the digest of the layer.
 */
export function manyEntriesCase(entries: number): Case {
  return {
    name: entriesCase(entries),
    rounds: (asked) => (entries < 1_000_000 ? asked : FEW),
    async contestants({ cache }) {
      const tar = await tarOf(cache.folder, entries, cache.seed);
      const uuid = layerUuid(`sha256:${await fileSha256(tar)}`);
      const { defaultOptions } = PROFILES.containerd;
      const options = mkfsArguments('containerd', defaultOptions, uuid);
      const processorTime = true;
      return [
        withRootHash(
          plain(ROOT_HASH, (folder) => ({
            argv: [
              'bash',
              '-c',
              INTO_FILE,
              'bash',
              join(folder, 'report'),
              process.execPath,
              CLI,
              'root-hash',
              tar,
            ],
            processorTime,
          })),
          'report',
          /([0-9a-f]{64})\s*$/,
        ),
        plain(MKFS_EROFS, (folder) => ({
          argv: ['mkfs.erofs', ...options, join(folder, 'temp/image'), tar],
          processorTime,
        })),
        withRootHash(
          plain(MKFS_AND_HASHES, (folder) => ({
            argv: ['bash', '-c', IMAGE_AND_HASHES, 'bash', tar, uuid, ...options],
            cwd: folder,
            processorTime,
          })),
          'formatted',
          /^Root hash:\s*([0-9a-f]{64})$/m,
        ),
      ];
    },
  };
}

/** With the root hash that is in a file in the round's folder. */
function withRootHash(contestant: Contestant, file: string, pattern: RegExp): Contestant {
  return {
    ...contestant,
    async outcome(folder) {
      const written = await readFile(join(folder, file), 'utf8');
      const rootHash = pattern.exec(written)?.[1];
      if (rootHash === undefined) throw new Error(`${contestant.name} printed no root hash: ${written}`);
      return { rootHashes: { layer: rootHash } };
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
