import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/lib/process/run.ts';
import type { ChildAnswer, ChildJob } from './convert-child.ts';
import { toolEnvironment, toolPath } from './tools.ts';

const SCRIPT = fileURLToPath(new URL('./convert-child.ts', import.meta.url));

/** Number of fakes so far, so that each has a name of its own. */
let fakes = 0;

/** The command that runs one conversion in a process of its own. */
export function childArgv(job: ChildJob): string[] {
  return [process.execPath, SCRIPT, JSON.stringify(job)];
}

/** Runs a command that ends in `childArgv` and reads its answer. */
export async function childAnswer(
  argv: readonly string[],
  env: Record<string, string> = toolEnvironment(),
): Promise<ChildAnswer> {
  const { stdout } = await run(argv, { env, timeout: 300_000 });
  return JSON.parse(stdout.toString()) as ChildAnswer;
}

/** A command that runs `argv` as uid 1001 without rights, if the tests run as root. */
export function asUser(argv: readonly string[]): string[] {
  if (process.geteuid?.() !== 0) return [...argv];
  return [toolPath('setpriv'), '--reuid=1001', '--regid=1001', '--clear-groups', '--', ...argv];
}

/** First commands of a fake program: it runs in `folder`; `$IMAGE` is its last argument if that is absolute. */
export function fakePrologue(folder: string): string[] {
  return [
    // Not there where it is confined: then nothing can be written by mistake.
    `cd '${folder}' 2>/dev/null || :`,
    'IMAGE=',
    'last=',
    'for last; do :; done',
    'case "$last" in /*) IMAGE=$last ;; esac',
  ];
}

/**
 * A script in `folder` that stands in for mkfs.erofs. `body` may use `$REAL`, the tested one, and `$IMAGE`,
 * the path of the image to write, which is empty where none is asked for (`--version`). It runs in `folder`,
 * so that nothing that it writes by mistake lands in the checkout.
 */
export function fakeMkfs(folder: string, body: string): string {
  fakes += 1;
  const path = join(folder, `fake-${fakes}.sh`);
  const lines = [
    '#!/bin/sh',
    '# Strict fake of mkfs.erofs for one test.',
    ...fakePrologue(folder),
    `REAL='${toolPath('mkfs.erofs')}'`,
    body,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/**
 * Runs `argv` in a mount namespace where `setup` (shell commands) has been done as mapped root, and
 * there as a user other than root. Works with and without root rights. `folder` is a scratch folder.
 */
export function inNamespace(folder: string, setup: string, argv: readonly string[]): string[] {
  const unshare = join(folder, 'unshare');
  copyFileSync(toolPath('unshare'), unshare);
  chmodSync(unshare, 0o755);
  const script = `${setup}\nexec '${unshare}' --user --map-user=1001 --map-group=1001 -- "$@"`;
  return [unshare, '--map-root-user', '--mount', '--', 'sh', '-ec', script, 'sh', ...argv];
}

/** As `inNamespace`, but `argv` runs as mapped root. */
export function inNamespaceAsRoot(setup: string, argv: readonly string[]): string[] {
  const script = `${setup}\nexec "$@"`;
  return [toolPath('unshare'), '--map-root-user', '--mount', '--', 'sh', '-ec', script, 'sh', ...argv];
}
