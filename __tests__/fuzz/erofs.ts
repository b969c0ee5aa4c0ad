import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { find } from '../../scripts/tools/common.ts';
import { createMkfsBuilder } from '../../src/convert/erofs/mkfs/known-answer.ts';
import { silentLogger } from '../../src/logger.ts';
import { PROFILE_NAMES } from '../../src/model/profiles.ts';
import { compare, isDifference } from '../helpers/fuzz-erofs/compare.ts';
import { mutate, tarFor } from '../helpers/fuzz-erofs/generate.ts';
import { minimised } from '../helpers/fuzz-erofs/minimise.ts';

const USAGE =
  'node __tests__/fuzz/erofs.ts [--count N] [--seed N] [--first N] [--mkfs PATH] [--mutate TAR] [--save FOLDER]';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    mkfs: { type: 'string' },
    mutate: { type: 'string' },
    save: { type: 'string', default: 'fuzz-erofs-found' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-erofs-'));
  try {
    const mkfsPath = values.mkfs ?? find('mkfs.erofs');
    const mkfs = await createMkfsBuilder({
      mkfsPath,
      profiles: PROFILE_NAMES,
      tempFolder: folder,
      log: silentLogger,
    });
    const { version, class: of } = mkfs.info;
    console.log(
      `mkfs.erofs ${version} (class ${of}), seed ${values.seed}, ${values.count} tars, two profiles each`,
    );
    const real = values.mutate === undefined ? undefined : await readFile(values.mutate);
    const counts = new Map<string, number>();
    let differences = 0;
    const last = Number(values.first) + Number(values.count);
    for (let index = Number(values.first); index < last; index++) {
      const seed = Number(values.seed);
      const { mood, pieces } =
        real === undefined ? tarFor(of, seed, index) : { mood: 'mutated', pieces: mutate(seed, index, real) };
      for (const profile of ['containerd', 'containerd-tar-index'] as const) {
        const comparison = await compare(Buffer.concat(pieces), profile, mkfs, folder);
        const key = `${mood}: ${comparison.outcome}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
        if (comparison.outcome === 'refused by the native builder')
          console.log(`${index} ${profile}: ${comparison.detail}`);
        if (!isDifference(comparison)) continue;
        differences += 1;
        const small = await minimised(pieces, async (tar) => {
          return (await compare(tar, profile, mkfs, folder)).outcome === comparison.outcome;
        });
        await mkdir(values.save, { recursive: true });
        const path = join(values.save, `${values.seed}-${index}-${profile}.tar`);
        await writeFile(path, Buffer.concat(small));
        console.log(
          `${index} ${profile}: ${comparison.outcome} (${comparison.detail}), ${small.length} pieces in ${path}`,
        );
      }
    }
    for (const [key, count] of [...counts].sort()) console.log(`${String(count).padStart(7)} ${key}`);
    console.log(`${differences} differences`);
    if (differences > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
