import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpClient } from '@actions/http-client';
import * as z from 'zod';
import type { InstallContext } from '../context.ts';
import { abortable } from './abortable.ts';
import { type Archive, MAX_ARCHIVE_SIZE, whyDifferent } from './archive.ts';

/**
 * A client for version 2 of the cache that GitHub's runners offer to jobs. An entry is the archive itself.
 *
 * The package @actions/cache is not used: it unpacks an entry with `tar -P`, so whoever can write an entry
 * (another workflow, a pull request that was merged) decides which files of the runner it overwrites,
 * before anything can be checked. Here, an entry is one file, which must have the pinned SHA-256.
 */

/** Milliseconds without any data. */
const SILENCE = 30_000;
const SERVICE = 'twirp/github.actions.results.api.v1.CacheService';

interface Service {
  url: string;
  token: string;
}

/** [actions/toolkit, packages/cache: version 1 is that of GitHub Enterprise Server] */
function service(): Service | undefined {
  const {
    ACTIONS_RESULTS_URL: url,
    ACTIONS_RUNTIME_TOKEN: token,
    ACTIONS_CACHE_SERVICE_V2: two,
  } = process.env;
  return url && token && two ? { url: `${url.replace(/\/+$/, '')}/${SERVICE}`, token } : undefined;
}

/** Fetches an archive to the new file `target`. Returns whether the cache had it, whole and unchanged. */
export async function fetchFromRunnerCache(
  archive: Archive,
  target: string,
  context: InstallContext,
): Promise<boolean> {
  const found = await attempt('restored from', context, async (cache) => {
    const request = { ...entryOf(archive), restore_keys: [] };
    const answer = await call(cache, 'GetCacheEntryDownloadURL', request, downloadSchema);
    if (!answer.ok) return false;
    const { message } = await (await client()).get(answer.signed_download_url);
    if (message.statusCode !== 200) throw new Error(`status ${message.statusCode}`);
    await pipeline(message, atMost(MAX_ARCHIVE_SIZE), createWriteStream(target, { flags: 'wx' }));
    const difference = await whyDifferent(target, archive);
    if (difference !== undefined) {
      context.log.warn(`${entryOf(archive).key} in the runner's cache is not used: it ${difference}`);
      return false;
    }
    context.log.info(`Restored ${entryOf(archive).key} from the runner's cache`);
    return true;
  });
  if (found !== true) await rm(target, { force: true });
  return found === true;
}

/** Saves an archive for later jobs. An entry that exists stays as it is. */
export async function saveInRunnerCache(
  archive: Archive,
  file: string,
  context: InstallContext,
): Promise<void> {
  await attempt('saved in', context, async (cache) => {
    const entry = entryOf(archive);
    const created = await call(cache, 'CreateCacheEntry', entry, uploadSchema);
    if (!created.ok) return;
    const { size } = await stat(file);
    // The cache's store is Azure's: its URL holds the permission. [Put Blob]
    const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-length': size };
    const upload = await client();
    const sent = await upload.sendStream('PUT', created.signed_upload_url, createReadStream(file), headers);
    await sent.readBody();
    if (sent.message.statusCode !== 201) throw new Error(`status ${sent.message.statusCode}`);
    await call(cache, 'FinalizeCacheEntryUpload', { ...entry, size_bytes: `${size}` }, finalSchema);
    context.log.info(`Saved ${entry.key} in the runner's cache`);
  });
}

/** A cache that fails is no failure of the run. */
async function attempt<T>(
  what: string,
  { log, signal }: InstallContext,
  work: (cache: Service) => Promise<T>,
): Promise<T | undefined> {
  const cache = service();
  if (cache === undefined) {
    log.info(`Nothing is ${what} the runner's cache: this runner offers none of version 2`);
    return undefined;
  }
  try {
    return await abortable(signal, work(cache));
  } catch (error) {
    signal.throwIfAborted();
    log.info(
      `Nothing is ${what} the runner's cache: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

/** The version separates the entries of one key; here both are made of the archive's identity. */
function entryOf({ tool, version, sha256 }: Archive): { key: string; version: string } {
  return { key: `verity-sign-source-${tool}-${version}-${sha256.slice(0, 12)}`, version: sha256 };
}

const downloadSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), signed_download_url: z.string() }),
  z.object({ ok: z.literal(false) }),
]);
const uploadSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), signed_upload_url: z.string() }),
  z.object({ ok: z.literal(false) }),
]);
const finalSchema = z.object({ ok: z.literal(true) });

async function call<T>(
  { url, token }: Service,
  method: string,
  body: object,
  schema: z.ZodType<T>,
): Promise<T> {
  const { result } = await (await client()).postJson<unknown>(`${url}/${method}`, body, {
    authorization: `Bearer ${token}`,
  });
  return schema.parse(result);
}

/** Follows the proxy variables. A redirect of the service is an error: the token goes nowhere else. */
async function client(): Promise<HttpClient> {
  // Lazy import: few runs use the cache.
  const { HttpClient } = await import('@actions/http-client');
  return new HttpClient('verity-sign', [], { socketTimeout: SILENCE, allowRedirects: false });
}

function atMost(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new Error(`more than ${limit} bytes`));
      else done(null, chunk);
    },
  });
}
