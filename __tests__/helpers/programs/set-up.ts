import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBundles } from '../../../scripts/build/bundles.ts';
import { testsNeedTools } from '../../../scripts/tools/setup/needed.ts';
import { livenessOf, ownMark } from '../../../src/lib/leftovers/process-mark.ts';
import { BUNDLES } from '../programs.ts';

/** Before a run of tests: bundles the programs that they start. Inside the checkout, where programs look for its files. */
export default async function setUp({
  rootDir,
  nonFlagArgs,
}: {
  rootDir: string;
  nonFlagArgs: string[];
}): Promise<void> {
  if (!testsNeedTools(nonFlagArgs)) return;
  const parent = join(rootDir, '.cache');
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const folder = await mkdtemp(join(parent, `test-bundles-${ownMark()}-`));
  // Some tests run as another user.
  await chmod(folder, 0o755);
  process.env[BUNDLES] = folder;
  await writeBundles(folder);
}

/** A run that was killed could not tear down. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const mark = /^test-bundles-(.+)-\w{6}$/.exec(name)?.[1];
    if (mark !== undefined && livenessOf(mark) === 'dead') {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}
