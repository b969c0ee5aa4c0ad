/**
 * `npm run image -- [options] DIR` writes the container image of the CLI as an OCI image layout at DIR, with the tag
 * `verity-sign`. No container engine is needed, but dpkg-deb and GNU tar. Equal inputs give an equal digest.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeError } from '../src/errors.ts';
import { buildImage } from './image/build.ts';
import { HELP, readOptions } from './image/options.ts';
import { failure } from './tools/common.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    console.log(HELP);
    return;
  }
  const dir = resolve(options.dir);
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw failure(`${options.dir} is not empty`, 'Remove it, or name a new folder');
  }
  await mkdir(dir, { recursive: true });
  const { digest } = await buildImage(dir, options);
  console.log(digest);
}

main().catch((error: unknown) => {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
});
