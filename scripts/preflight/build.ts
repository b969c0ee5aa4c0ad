/**
 * `npm run preflight:build [-- --architecture x64|arm64] [FOLDER]` builds the kernel and initramfs of `preflight` into
 * .preflight/x64 or .preflight/arm64 of this checkout, where the command looks for them, or into FOLDER. By default
 * they are for this machine's architecture. It takes minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { type GuestArchitecture, guestArchitectures } from '../../src/model/guest-architecture.ts';
import { installBuildPackages } from '../kernel/packages.ts';
import { buildTarget } from '../kernel/target.ts';
import { buildTree, type KernelTree, type TakenKernel, takeKernel } from '../kernel/tree.ts';
import { readArguments } from './arguments.ts';
import { buildGuestFiles } from './guest-files.ts';
import { buildInputs } from './inputs.ts';

/** Where the command looks for the files of an architecture. */
export function guestFolder(architecture: GuestArchitecture): string {
  return fileURLToPath(new URL(`../../.preflight/${architecture}`, import.meta.url));
}

/**
 * Builds the files of an architecture into a folder.
 * @param look gets the kernel's tree before it is removed
 */
export async function buildGuest(
  architecture: GuestArchitecture,
  folder: string,
  look: (tree: KernelTree, kernel: TakenKernel) => Promise<void> = async () => undefined,
): Promise<void> {
  const target = buildTarget(architecture);
  await installBuildPackages(target);
  const work = await mkdtemp(join(tmpdir(), 'preflight-build-'));
  try {
    // Without certificates: those of the user are written into a copy before each boot.
    const tree = await buildTree(work, target, target.image.make, '');
    const kernel = await takeKernel(tree, join(work, 'result'));
    await buildGuestFiles(
      { ...kernel, architecture, version: tree.version },
      folder,
      await buildInputs(tree),
    );
    await look(tree, kernel);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const architectures = guestArchitectures();
  const { chosen, folder } = readArguments(process.argv.slice(2), {
    usage: 'Run npm run preflight:build [-- --architecture x64|arm64] [FOLDER]',
    choices: { architecture: architectures },
    folder: true,
  });
  const architecture = (chosen.architecture ?? architectures[0]) as GuestArchitecture;
  const target = resolve(folder ?? guestFolder(architecture));
  await buildGuest(architecture, target);
  console.log(`The files of preflight for ${architecture} are in ${target}`);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    const { line, status } = describeError(error);
    console.error(line);
    process.exitCode = status;
  });
}
