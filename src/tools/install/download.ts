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

/** An archive to download. It is identified by its checksum, whatever its URL. */
export interface Archive {
  tool: 'oras' | 'erofs-utils';
  version: string;
  /** Lowercase hexadecimal. */
  sha256: string;
  /** Tried in turn: https, http or file. */
  urls: readonly string[];
  /** Name of the input that sets another URL. */
  input: string;
}

/**
 * Downloads an archive, checks its SHA-256, unpacks it and calls `use` with the folder. The files are
 * removed afterwards.
 * @throws VeritySignError 'environment'
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

/** Tries the URLs in turn. The failure of the last one is thrown, those of the others are warnings. */
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
      `cannot download ${tool} ${version} from ${shown} (${reasonOf(cause)})`,
      {
        remedy: `Allow the runner to reach that host (https_proxy and no_proxy are used), set ${input} to a mirror, or install ${tool} beforehand`,
        cause,
      },
    );
  }
  const found = await sha256Of(target);
  if (found !== sha256) {
    throw new VeritySignError(
      'environment',
      `${tool} ${version} from ${shown} has SHA-256 ${found}, not ${sha256}`,
      { remedy: 'Do not use it: the download is damaged, was replaced, or is another version' },
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
      `cannot unpack the archive of ${archive.tool} ${archive.version} (${reasonOf(cause)})`,
      {
        remedy: 'Check that tar and gzip are installed, and that the checksum is that of a complete archive',
        cause,
      },
    );
  }
}

/** Rejects when `signal` aborts. The download itself cannot be aborted; it ends with the process. */
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

/** The URL without user, password and query: they may hold secrets, which must not be logged. */
export function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Node's connection errors have an empty message if several addresses were tried. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
