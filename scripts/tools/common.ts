import { createHash } from 'node:crypto';
import { accessSync, constants, createReadStream } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { VeritySignError } from '../../src/errors.ts';
import { run } from '../../src/lib/process/run.ts';
import type { Architecture } from './pins.ts';

export const TOOLS = fileURLToPath(new URL('../../.tools', import.meta.url));
export const BIN = join(TOOLS, 'bin');

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** A search path that also has the system's administration programs, which a user's often lacks. */
export function searchPath(): string {
  const own = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([BIN, ...own, ...SYSTEM_FOLDERS])].join(delimiter);
}

/** Puts a program into `.tools/bin`; one that is being executed is replaced, not written to. */
export async function place(from: string, name: string): Promise<void> {
  const temporary = join(BIN, `.${name}.new`);
  await copyFile(from, temporary);
  await rename(temporary, join(BIN, name));
}

/** Path of a program, or undefined. */
export function find(program: string): string | undefined {
  return searchPath()
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Milliseconds of one command: with a slow network, or other programs on all processors. */
const LIMIT = 40 * 60_000;

/** Runs a command with this process's environment and `more`; returns its standard output. */
export async function command(
  argv: readonly string[],
  cwd = TOOLS,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  const env = {
    ...Object.fromEntries(inherited),
    PATH: searchPath(),
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
    ...more,
  };
  return (await run(argv, { cwd, env, timeout: LIMIT })).stdout.toString();
}

/** Runs `use` with a new temporary folder, which is removed afterwards. */
export async function inTempFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'verity-sign-tools-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The argv of a command that needs root. */
export function asRoot(argv: readonly string[]): string[] {
  return process.getuid?.() === 0 ? [...argv] : ['sudo', '-n', ...argv];
}

export function architecture(): Architecture {
  if (process.platform === 'linux' && process.arch === 'x64') return 'amd64';
  if (process.platform === 'linux' && process.arch === 'arm64') return 'arm64';
  throw failure(
    `there are no pinned tools for ${process.platform} on ${process.arch}`,
    'Use Linux on x64 or arm64',
  );
}

export function failure(message: string, remedy: string, cause?: unknown): VeritySignError {
  return new VeritySignError('environment', message, { remedy, cause });
}

/** Lowercase hexadecimal digits. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Refuses a file whose SHA-256 is not the pinned one. */
export async function checkSha256(path: string, expected: string): Promise<void> {
  const actual = await fileSha256(path);
  if (actual !== expected) {
    throw failure(
      `${path} has SHA-256 ${actual}, pinned is ${expected}`,
      'Find out why before changing the pin in scripts/tools/pins.ts',
    );
  }
}
