import { rm } from 'node:fs/promises';
import { BUNDLES } from '../programs.ts';

/** After a run of tests: removes what set-up.ts made. */
export default async function tearDown(): Promise<void> {
  const folder = process.env[BUNDLES];
  if (folder !== undefined) await rm(folder, { recursive: true });
}
