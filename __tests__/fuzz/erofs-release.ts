/**
 * Finds the class of a release of erofs-utils, or its differences: builds every vector and random tars
 * with its mkfs.erofs and with the native builder in each class. See docs/native-builder.md.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { failure } from '../../scripts/tools/common.ts';
import { compileErofsUtils } from '../../scripts/tools/erofs-utils.ts';
import { sniffCompression } from '../../src/convert/blob/sniff.ts';
import { MkfsBuilder } from '../../src/convert/erofs/mkfs/mkfs-builder.ts';
import type { NativeClass } from '../../src/convert/erofs/native/releases.ts';
import { describeError } from '../../src/errors.ts';
import type { ProfileName } from '../../src/model/index.ts';
import { KNOWN_CLASSES, RELEASE_CLASSES } from '../../src/model/profiles.ts';
import { locateMkfs, measureMkfs } from '../../src/tools/mkfs-erofs.ts';
import { byMkfs, compareWith, isDifference, type Outcome } from '../helpers/fuzz-erofs/compare.ts';
import { generate } from '../helpers/fuzz-erofs/generate.ts';
import { minimised } from '../helpers/fuzz-erofs/minimise.ts';

const USAGE = `node __tests__/fuzz/erofs-release.ts VERSION | --tarball FILE | --mkfs PATH
  [--count N] [--seed N] [--save FOLDER]`;
const RELEASES = 'https://git.kernel.org/pub/scm/linux/kernel/git/xiang/erofs-utils.git/snapshot';
const PROFILES = ['containerd', 'containerd-tar-index'] as const;
/** Number of differences that are minimised. */
const MOST_STORED = 3;
const VECTORS = fileURLToPath(new URL('../fixtures/vectors', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tarball: { type: 'string' },
    mkfs: { type: 'string' },
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    save: { type: 'string', default: 'check-erofs-release-found' },
    help: { type: 'boolean', default: false },
  },
});

/** A tar in chunks that make sense alone. */
interface Sample {
  name: string;
  pieces: readonly Buffer[];
}

interface Difference {
  sample: Sample;
  profile: ProfileName;
  outcome: Outcome;
  detail: string;
}

interface Tally {
  /** Equal images, or rejected by both. */
  same: number;
  refused: number;
  different: Difference[];
}

async function main(): Promise<void> {
  const [version, ...more] = positionals;
  const given = [version, values.tarball, values.mkfs].filter((one) => one !== undefined);
  if (values.help || given.length !== 1 || more.length > 0) return console.log(USAGE);
  const folder = await mkdtemp(join(tmpdir(), 'check-erofs-release-'));
  try {
    const mkfsPath = values.mkfs ?? (await built(folder, version));
    const path = locateMkfs(resolve(mkfsPath));
    const { version: said, ...program } = await measureMkfs(path, folder);
    const builder = new MkfsBuilder(program);
    console.log(`mkfs.erofs ${said}: vectors, and ${values.count} random tars of seed ${values.seed}`);
    await report(said, await tally(builder, folder), (difference, of) =>
      stored(difference, of, builder, folder),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function built(folder: string, version: string | undefined): Promise<string> {
  const source = await compileErofsUtils(folder, async (target) => {
    if (values.tarball !== undefined) return copyFile(values.tarball, target);
    const url = `${RELEASES}/erofs-utils-${version}.tar.gz`;
    const response = await fetch(url).catch((cause: unknown) => {
      throw failure(`${url} could not be fetched`, 'Give the file with --tarball', cause);
    });
    if (!response.ok) throw failure(`${url} answered ${response.status}`, 'Give the file with --tarball');
    await writeFile(target, new Uint8Array(await response.arrayBuffer()));
  });
  return join(source, 'mkfs/mkfs.erofs');
}

async function* samples(): AsyncGenerator<Sample> {
  const { vectors } = JSON.parse(await readFile(join(VECTORS, 'vectors.json'), 'utf8')) as {
    vectors: { name: string; blob: string }[];
  };
  for (const { name, blob } of vectors) {
    const bytes = await readFile(join(VECTORS, blob));
    const compression = sniffCompression(bytes);
    const tar = compression === 'gzip' ? gunzipSync(bytes) : bytes;
    yield { name, pieces: [compression === 'zstd' ? zstdDecompressSync(bytes) : tar] };
  }
  const seed = Number(values.seed);
  for (let index = 0; index < Number(values.count); index++) {
    yield { name: `random-${seed}-${index}`, pieces: generate(seed, index).pieces };
  }
}

async function tally(builder: MkfsBuilder, folder: string): Promise<Map<NativeClass, Tally>> {
  const tallies = new Map(
    KNOWN_CLASSES.map((of): [NativeClass, Tally] => [of, { same: 0, refused: 0, different: [] }]),
  );
  for await (const sample of samples()) {
    const tar = Buffer.concat(sample.pieces);
    for (const profile of PROFILES) {
      const expected = await byMkfs(tar, profile, { builder }, folder);
      for (const [of, own] of tallies) {
        const comparison = await compareWith(expected, tar, profile, of);
        if (comparison.outcome === 'refused by the native builder') own.refused += 1;
        else if (!isDifference(comparison)) own.same += 1;
        else own.different.push({ sample, profile, ...comparison });
      }
    }
  }
  return tallies;
}

/** Minimises a difference and stores it. Returns its path. */
async function stored(
  { sample: { name, pieces }, profile, outcome }: Difference,
  of: NativeClass,
  builder: MkfsBuilder,
  folder: string,
): Promise<string> {
  const small = await minimised([...pieces], async (tar) => {
    const expected = await byMkfs(tar, profile, { builder }, folder);
    return (await compareWith(expected, tar, profile, of)).outcome === outcome;
  });
  const path = join(values.save, `${name}-${profile}.tar`);
  await mkdir(values.save, { recursive: true });
  await writeFile(path, Buffer.concat(small));
  return path;
}

async function report(
  version: string,
  tallies: ReadonlyMap<NativeClass, Tally>,
  store: (difference: Difference, of: NativeClass) => Promise<string>,
): Promise<void> {
  for (const [of, { same, refused, different }] of tallies) {
    console.log(
      `class ${of}: ${same} the same, ${refused} refused by the native builder, ${different.length} different`,
    );
  }
  const fits = [...tallies].filter(([, { different }]) => different.length === 0).map(([of]) => of);
  const [of] = fits;
  if (of !== undefined) {
    const known = RELEASE_CLASSES[version];
    const note = known === of ? 'as src/model/profiles.ts says' : `add it to RELEASE_CLASSES (now ${known})`;
    console.log(`erofs-utils ${version} is of class ${fits.join(' or ')}: ${note}`);
    return;
  }
  const [nearest] = [...tallies].sort(([, a], [, b]) => a.different.length - b.different.length);
  console.log(`erofs-utils ${version} is of no known class; nearest is ${nearest?.[0]}. What is new:`);
  for (const [index, difference] of (nearest?.[1].different ?? []).slice(0, 20).entries()) {
    const { sample, profile, outcome, detail } = difference;
    const path =
      index < MOST_STORED && nearest !== undefined ? `: ${await store(difference, nearest[0])}` : '';
    console.log(`  ${sample.name}, ${profile} (${outcome}: ${detail})${path}`);
  }
  process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
}
