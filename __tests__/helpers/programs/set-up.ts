import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBundles } from '../../../scripts/build/bundles.ts';
import { testsNeedTools } from '../../../scripts/tools/setup/needed.ts';
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
  const folder = await mkdtemp(join(parent, 'test-bundles-'));
  // Some tests run as another user.
  await chmod(folder, 0o755);
  process.env[BUNDLES] = folder;
  await writeBundles(folder);
}
