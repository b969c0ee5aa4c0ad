/**
 * `npm run preflight:build [-- FOLDER]` builds the kernel and initramfs of `preflight` into .preflight/x64 of this
 * checkout, where the command looks for them, or into FOLDER. It takes minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { installBuildPackages } from '../kernel/packages.ts';
import { buildTree, takeKernel } from '../kernel/tree.ts';
import { architecture, failure } from '../tools/common.ts';
import { readArguments } from './arguments.ts';
import { buildGuestFiles } from './guest-files.ts';
import { buildInputs } from './inputs.ts';

const DEFAULT_TARGET = fileURLToPath(new URL('../../.preflight/x64', import.meta.url));

async function build(target: string): Promise<void> {
  if (architecture() !== 'amd64') {
    throw failure('the kernel of preflight is built for x86_64 only', 'Build it on an x64 machine');
  }
  await installBuildPackages();
  const work = await mkdtemp(join(tmpdir(), 'preflight-build-'));
  try {
    // Without certificates: those of the user are written into a copy before each boot.
    const tree = await buildTree(work, 'vmlinux', '');
    const result = join(work, 'result');
    await takeKernel(tree, result);
    const kernel = {
      vmlinux: join(result, 'vmlinux'),
      symbols: join(result, 'System.map'),
      version: tree.version,
    };
    await buildGuestFiles(kernel, target, await buildInputs(tree));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const usage = 'Run npm run preflight:build, or npm run preflight:build -- FOLDER';
  const { folder } = readArguments(process.argv.slice(2), { usage, folder: true });
  const target = resolve(folder ?? DEFAULT_TARGET);
  await build(target);
  console.log(`The files of preflight are in ${target}`);
}

await main().catch((error: unknown) => {
  const { line, status } = describeError(error);
  console.error(line);
  process.exitCode = status;
});
