import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { downloadTool, extractZip } from '@actions/tool-cache';
import { VeritySignError } from '../../errors.ts';
import { networkEnvironment } from '../../lib/process/environment.ts';
import { run } from '../../lib/process/run.ts';
import type { InstallContext } from './context.ts';

/** What is downloaded: an archive that is known by its checksum, wherever it comes from. */
export interface Archive {
  tool: 'oras' | 'erofs-utils';
  version: string;
  /** Lowercase hexadecimal. */
  sha256: string;
  /** Tried in turn: https, http or file. */
  urls: readonly string[];
  /** The input that names another place. */
  input: string;
}

/**
 * Downloads an archive, refuses it unless its SHA-256 is the expected one, unpacks it and hands the
 * folder to `use`. Nothing of it is left afterwards. Errors: `environment`.
 */
export async function withArchive<T>(
  archive: Archive,
  context: InstallContext,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'verity-sign-install-'));
  try {
    const file = await fetchAny(archive, scratch, context);
    const folder = join(scratch, 'unpacked');
    await mkdir(folder);
    await unpack(file, folder, archive, context.signal);
    return await use(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** From the first place that has it; the last failure is told, a wrong checksum before others. */
async function fetchAny(archive: Archive, scratch: string, context: InstallContext): Promise<string> {
  const failures: VeritySignError[] = [];
  for (const [index, url] of archive.urls.entries()) {
    try {
      return await fetchChecked(archive, url, join(scratch, `archive-${index}`), context);
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== 'environment') throw error;
      failures.push(error);
      if (index + 1 < archive.urls.length) context.log.warn(error.message);
    }
  }
  throw failures.at(-1) ?? new TypeError('no URL');
}

async function fetchChecked(
  { tool, version, sha256, input }: Archive,
  url: string,
  target: string,
  { log, signal }: InstallContext,
): Promise<string> {
  const shown = withoutSecrets(url);
  log.info(`Downloading ${shown}`);
  const { protocol } = new URL(url);
  try {
    if (protocol === 'file:') await copyFile(fileURLToPath(url), target);
    // Three attempts; proxies are those of https_proxy, http_proxy and no_proxy.
    else await abortable(signal, downloadTool(url, target));
  } catch (cause) {
    signal.throwIfAborted();
    throw new VeritySignError(
      'environment',
      `${tool} ${version} could not be downloaded from ${shown} (${reasonOf(cause)})`,
      {
        remedy: `Let the runner reach it (https_proxy and no_proxy are followed), name a mirror with ${input}, or install ${tool} beforehand`,
        cause,
      },
    );
  }
  const found = await sha256Of(target);
  if (found !== sha256) {
    throw new VeritySignError(
      'environment',
      `${tool} ${version} from ${shown} has SHA-256 ${found}, not ${sha256}`,
      { remedy: 'Do not use it: the download was damaged or replaced, or is of another version' },
    );
  }
  return target;
}

async function unpack(file: string, folder: string, archive: Archive, signal: AbortSignal): Promise<void> {
  try {
    if (archive.urls.some((url) => new URL(url).pathname.endsWith('.zip'))) {
      await extractZip(file, folder);
      return;
    }
    const argv = ['tar', '--extract', '--gzip', '--no-same-owner', '--file', file, '--directory', folder];
    await run(argv, { env: networkEnvironment(), signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new VeritySignError(
      'environment',
      `the archive of ${archive.tool} ${archive.version} cannot be unpacked (${reasonOf(cause)})`,
      {
        remedy: 'Check that tar and gzip are there, and that the checksum is that of a whole archive',
        cause,
      },
    );
  }
}

/** The download goes on until its end, which nobody waits for: the process ends with the run. */
function abortable<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Mirrors are sometimes named with a password or a token, which no log should have. */
export function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Node's connection errors have an empty message where several addresses were tried. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
