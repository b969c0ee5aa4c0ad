import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, find } from '@actions/tool-cache';
import { VeritySignError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { type Archive, sha256Of } from './download.ts';

/** A file next to each program: the SHA-256 of its archive, and its own. */
interface KeptRecord {
  archive: string;
  program: string;
}

const RECORD = 'verity-sign.json';

/** Folder of a version in the runner's tool cache; it need not exist. */
export function keptFolder({ tool, version }: Archive): string {
  return join(toolCache(tool), tool, version, process.arch);
}

/**
 * Path of a program in the tool cache, if it comes from this archive, is unchanged and passes `check`.
 *
 * @param check returns the reason why the program is not usable
 */
export async function findKept(
  archive: Archive,
  program: string,
  check: (path: string) => Promise<string | undefined>,
  log: Logger,
): Promise<string | undefined> {
  toolCache(archive.tool);
  const folder = find(archive.tool, archive.version, process.arch);
  if (folder === '') return undefined;
  const path = join(folder, program);
  const reason = (await damage(folder, path, archive)) ?? (await check(path));
  if (reason === undefined) return path;
  log.warn(`${path} is not used: ${reason}`);
  return undefined;
}

/** Copies a folder with a program into the tool cache. Returns the program's path there. */
export async function keep(archive: Archive, program: string, folder: string): Promise<string> {
  const record: KeptRecord = { archive: archive.sha256, program: await sha256Of(join(folder, program)) };
  await writeFile(join(folder, RECORD), `${JSON.stringify(record)}\n`);
  const root = toolCache(archive.tool);
  try {
    return join(await cacheDir(folder, archive.tool, archive.version, process.arch), program);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new VeritySignError('environment', `cannot store ${archive.tool} in ${root} (${message})`, {
      remedy: "Allow the runner's user to write to the folder in RUNNER_TOOL_CACHE",
      cause,
    });
  }
}

async function damage(folder: string, path: string, archive: Archive): Promise<string | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Partial<KeptRecord>;
    if (record.archive !== archive.sha256) return 'it comes from another archive';
    return record.program === (await sha256Of(path)) ? undefined : 'its checksum is not the recorded one';
  } catch (error) {
    return `its checksum cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

function toolCache(tool: string): string {
  const folder = process.env.RUNNER_TOOL_CACHE;
  if (folder) return folder;
  throw new VeritySignError('environment', `cannot install ${tool}: RUNNER_TOOL_CACHE is not set`, {
    remedy: `Install ${tool} beforehand, or run this as a step of a workflow`,
  });
}
