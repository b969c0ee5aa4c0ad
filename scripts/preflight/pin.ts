/**
 * `npm run preflight:pin [-- --check]` writes the checksums of the files in .preflight/x64 and .preflight/arm64 into the
 * program, as those of the release with package.json's version. With `--check` it writes nothing, and fails if others
 * are pinned: the release is built again from the same sources.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { GUEST_KINDS } from '../../src/model/guest-architecture.ts';
import { failure, fileSha256 } from '../tools/common.ts';
import { readArguments } from './arguments.ts';

const root = dirname(dirname(import.meta.dirname));
const PINNED = fileURLToPath(new URL('../../src/commands/preflight/vm/guest/pinned.ts', import.meta.url));
const NAMES = ['manifest.json', 'vmlinux.zst', 'initramfs.cpio.zst'];

/**
 * The source file that pins files as assets of a version's release.
 * @param folder with a folder for each architecture
 */
export async function pinnedSource(folder: string, version: string): Promise<string> {
  const guests = await Promise.all(
    Object.keys(GUEST_KINDS).map((architecture) => pinnedGuest(folder, architecture, version)),
  );
  return `import type { ReleasedGuests } from './fetch-guest.ts';

/** The guest files of this version's release; none in versions that were never released. Written by preflight:pin. */
export const PINNED_GUESTS: ReleasedGuests = {
${guests.join('')}};
`;
}

async function pinnedGuest(folder: string, architecture: string, version: string): Promise<string> {
  const files = await Promise.all(
    NAMES.map(async (name) => {
      const path = join(folder, architecture, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) {
        throw failure(`${path} is missing`, `Run: npm run preflight:build -- --architecture ${architecture}`);
      }
      const sha256 = await fileSha256(path);
      return `      '${name}': {\n        sha256: '${sha256}',\n        size: ${found.size},\n      },\n`;
    }),
  );
  const release = `https://github.com/verity-sign/verity-sign/releases/download/v${version}`;
  const url = `    url: '${release}/preflight-${architecture}-',\n`;
  return `  ${architecture}: {\n${url}    files: {\n${files.join('')}    },\n  },\n`;
}

async function main(): Promise<void> {
  const usage = 'Run npm run preflight:pin, or npm run preflight:pin -- --check';
  const { flags } = readArguments(process.argv.slice(2), { usage, flags: ['check'] });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const source = await pinnedSource(join(root, '.preflight'), version);
  if (!flags.has('check')) await writeFile(PINNED, source);
  else if ((await readFile(PINNED, 'utf8')) !== source) {
    throw failure(
      'the files in .preflight are not those that the program pins',
      'Run npm run preflight:pin and commit, or find out what the build depends on: inputs in manifest.json',
    );
  }
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    const { line, status } = describeError(error);
    console.error(line);
    process.exitCode = status;
  });
}
