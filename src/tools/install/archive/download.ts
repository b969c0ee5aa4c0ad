import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VeritySignError } from '../../../errors.ts';
import type { InstallContext } from '../context.ts';
import { abortable } from './abortable.ts';
import { type Archive, whyDifferent } from './archive.ts';

/**
 * Downloads an archive into the folder `scratch` and checks its SHA-256. Returns the file's path. It tries
 * the URLs in turn; the failure of the last one is thrown, those of the others are warnings.
 * @throws VeritySignError 'environment'
 */
export async function downloadArchive(
  archive: Archive,
  scratch: string,
  context: InstallContext,
): Promise<string> {
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
  archive: Archive,
  url: string,
  target: string,
  { log, signal }: InstallContext,
): Promise<string> {
  const { tool, version, input } = archive;
  const shown = withoutSecrets(url);
  log.info(`Downloading ${shown}`);
  const { protocol } = new URL(url);
  try {
    if (protocol === 'file:') await copyFile(fileURLToPath(url), target);
    // Three attempts; proxies are those of https_proxy, http_proxy and no_proxy.
    else await abortable(signal, download(url, target));
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
  const difference = await whyDifferent(target, archive);
  if (difference !== undefined) {
    throw new VeritySignError('environment', `${tool} ${version} from ${shown} ${difference}`, {
      remedy: 'Do not use it: the download is damaged, was replaced, or is another version',
    });
  }
  return target;
}

async function download(url: string, target: string): Promise<void> {
  // Lazy import: it brings an HTTP client, which a runner that has its tools does not need.
  const { downloadTool } = await import('@actions/tool-cache');
  await downloadTool(url, target);
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
