import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BIN, command, failure, find, inTempFolder, TOOLS } from '../common.ts';
import type { MissingProgram } from './missing-program.ts';

const FOLDER = join(TOOLS, 'system');
const LIBRARIES = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const PLACES = ['usr/bin', 'usr/sbin', 'bin', 'sbin'];

/** Options by which a user without rights reads package lists and fetches packages. apt checks signatures. */
export async function privateAptOptions(): Promise<string[]> {
  const folder = join(TOOLS, 'apt');
  for (const name of ['lists/partial', 'cache/archives/partial']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  return [
    '-qq',
    `-oDir::State::Lists=${folder}/lists`,
    `-oDir::Cache=${folder}/cache`,
    '-oDebug::NoLocking=true',
    '-oAcquire::Languages=none',
    '-oAcquire::Retries=3',
  ];
}

/**
 * Unpacks the packages of `programs`, and what they depend on and this system lacks, into `.tools/system`,
 * and puts a launcher for each program into `.tools/bin`. Needs no rights.
 */
export async function unpackPrograms(programs: readonly MissingProgram[]): Promise<void> {
  const options = await privateAptOptions();
  await command(['apt-get', ...options, 'update']);
  const packages = programs.flatMap((program) => program.packages);
  const wanted = ['install', '--print-uris', '--yes', '--no-install-recommends', ...packages];
  const found = packagesIn(await command(['apt-get', ...options, ...wanted]));
  await mkdir(FOLDER, { recursive: true });
  await inTempFolder(async (folder) => {
    await command(['apt-get', ...options, 'download', ...found], folder);
    for (const file of await readdir(folder)) {
      await command(['dpkg-deb', '--extract', join(folder, file), FOLDER]);
    }
  });
  for (const { program } of programs) await placeLauncher(program);
}

/** `NAME=VERSION` of each package in what `apt-get install --print-uris` prints. */
export function packagesIn(printed: string): string[] {
  const lines = printed.matchAll(/^'[^']*' ([^\s_]+)_([^\s_]+)_[^\s_]+\.deb /gm);
  return [...lines].map(([, name, version = '']) => `${name}=${decodeURIComponent(version)}`);
}

/** Starts the unpacked program with its libraries, wherever `.tools` is. */
export function launcher(place: string, library: string): string {
  return `#!/bin/sh
system=\${0%/*}/../system
export LD_LIBRARY_PATH="$system/usr/lib/${library}:$system/lib/${library}"
exec "$system/${place}" "$@"
`;
}

async function placeLauncher(program: string): Promise<void> {
  const folders = await Promise.all(
    PLACES.map(async (place) => {
      const names = await readdir(join(FOLDER, place)).catch((): string[] => []);
      return names.includes(program) ? join(place, program) : undefined;
    }),
  );
  const place = folders.find((one) => one !== undefined);
  if (place === undefined) throw failure(`no package brought ${program}`, 'Correct scripts/tools/pins.ts');
  const path = join(BIN, program);
  await writeFile(path, launcher(place, LIBRARIES[process.arch as 'x64' | 'arm64']));
  await chmod(path, 0o755);
  if (find(program) === undefined)
    throw failure(`${path} cannot be run`, 'Check the mount options of the disk');
}
