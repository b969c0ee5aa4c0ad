import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { VeritySignError } from '../../../errors.ts';
import { checkContent, descriptorOf, digestLike } from '../../../formats/descriptor.ts';
import type { HttpResponse } from '../../../lib/http/exchange.ts';
import type { Descriptor } from '../../../model/index.ts';
import {
  DOCKER_INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE,
} from '../../../model/media-types.ts';
import { parseIndex } from '../../documents.ts';
import type { LocalFile } from '../local-file.ts';
import { EndlessReferrersError } from '../referrers.ts';
import { AnswerError } from './answer-error.ts';
import { type Asked, type DirectOptions, type Place, Requests } from './requests.ts';

const ACCEPT = [
  MANIFEST_MEDIA_TYPE,
  INDEX_MEDIA_TYPE,
  DOCKER_MANIFEST_MEDIA_TYPE,
  DOCKER_INDEX_MEDIA_TYPE,
].join(', ');

const MAX_PAGES = 100;
/** Bytes of all pages. */
const MAX_LIST = 32 * 1024 * 1024;

/**
 * A client for registries that oras cannot use: those without HEAD requests, and those whose answers lack the
 * length. It sends no HEAD, and hashes what it reads. [distribution-spec]
 *
 * All methods throw AnswerError for an answer that means failure, HttpError, or VeritySignError.
 */
export class DirectRegistry {
  readonly #requests: Requests;

  private constructor(requests: Requests) {
    this.#requests = requests;
  }

  static async open(options: DirectOptions): Promise<DirectRegistry> {
    return new DirectRegistry(await Requests.open(options));
  }

  /** What a tag or digest points to, and the bytes. */
  async manifest(place: Place, reference: string): Promise<{ descriptor: Descriptor; bytes: Buffer }> {
    const answer = await this.#get(place, `manifests/${reference}`, { accept: ACCEPT });
    const { headers, body: bytes } = answer;
    const mediaType = headers['content-type']?.split(';')[0]?.trim() ?? '';
    const descriptor = descriptorOf(mediaType, bytes);
    const claimed = headers['docker-content-digest'];
    const wanted = [
      ...(typeof claimed === 'string' ? [claimed] : []),
      ...(reference.includes(':') ? [reference] : []),
    ];
    for (const digest of wanted) checkContent(bytes, { ...descriptor, digest });
    const named = wanted.at(-1);
    return { descriptor: named === undefined ? descriptor : { ...descriptor, digest: named }, bytes };
  }

  /** A small blob. */
  async blob(place: Place, digest: string): Promise<Buffer> {
    return (await this.#get(place, `blobs/${digest}`)).body;
  }

  async blobStream(place: Place, digest: string, signal?: AbortSignal): Promise<Readable> {
    const url = this.#requests.url(place.repository, `blobs/${digest}`);
    const { stream, status } = await this.#requests.stream(place, url, signal);
    if (status === 200) return stream;
    stream.destroy();
    throw new AnswerError('GET', { url, status, headers: {}, body: Buffer.alloc(0) });
  }

  /** Uploads a file as a blob, unless the repository has the blob. */
  async pushBlob(place: Place, { digest, size }: Descriptor, file: LocalFile): Promise<void> {
    if (await this.#hasBlob(place, digest)) return;
    const empty = Buffer.alloc(0);
    const begun = await this.#demand(place, 'blobs/uploads/', { method: 'POST', body: empty }, [202]);
    const { location: where } = begun.headers;
    const location = where === undefined ? null : URL.parse(where, begun.url.href);
    if (location === null) {
      throw new VeritySignError('registry', `the registry does not say where to upload ${digest}`, {
        remedy: 'Let the proxy in front of the registry pass on the Location header of its answers',
      });
    }
    if (location.origin !== begun.url.origin) {
      throw new VeritySignError('registry', `the registry sent the upload of ${digest} to another host`, {
        remedy:
          'Name the registry by the host that it names itself, or let the proxy in front of it pass on the Host header',
      });
    }
    location.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    const body = { size, open: () => createReadStream(join(file.folder, file.name)) };
    await this.#demand(place, location, { method: 'PUT', headers, body }, [201]);
  }

  /**
   * Uploads a manifest, unless the repository has it there.
   * @param tag undefined to store it by its digest alone
   */
  async pushManifest(
    place: Place,
    { mediaType, digest }: Pick<Descriptor, 'mediaType' | 'digest'>,
    bytes: Buffer,
    tag?: string,
  ): Promise<void> {
    const reference = tag ?? digest;
    if (await this.#hasManifest(place, reference, digest)) return;
    const asked: Asked = { method: 'PUT', headers: { 'content-type': mediaType }, body: bytes };
    await this.#demand(place, `manifests/${reference}`, asked, [201]);
  }

  /** Deletes a manifest; one that is gone already is no error. A signal does not end it, see Oras. */
  async deleteManifest(place: Place, digest: string): Promise<void> {
    const { signal } = new AbortController();
    await this.#demand(place, `manifests/${digest}`, { method: 'DELETE', signal }, [200, 202, 404]);
  }

  /** All referrers, of any type; undefined if the registry has no referrers API. */
  async referrers(place: Place, digest: string): Promise<Descriptor[] | undefined> {
    const found: Descriptor[] = [];
    let url: URL | undefined = this.#requests.url(place.repository, `referrers/${digest}`);
    const asked = { headers: { accept: INDEX_MEDIA_TYPE } };
    const seen = new Set<string>();
    for (let bytes = 0; url !== undefined; ) {
      const here: URL = url;
      if (seen.has(here.href))
        throw new EndlessReferrersError(here.host, 'without end: a page follows itself');
      if (seen.size === MAX_PAGES)
        throw new EndlessReferrersError(here.host, `on more than ${MAX_PAGES} pages`);
      seen.add(here.href);
      const answer = await this.#demand(place, here, asked, [200, 404]);
      const isIndex = answer.headers['content-type']?.split(';')[0]?.trim() === INDEX_MEDIA_TYPE;
      if (answer.status === 404 || !isIndex) return undefined;
      bytes += answer.body.length;
      if (bytes > MAX_LIST) throw new EndlessReferrersError(here.host, `in more than ${MAX_LIST} bytes`);
      found.push(...parseIndex(answer.body, INDEX_MEDIA_TYPE, 'the list of referrers').manifests);
      url = nextPage(answer);
    }
    return found;
  }

  async #hasBlob(place: Place, digest: string): Promise<boolean> {
    const url = this.#requests.url(place.repository, `blobs/${digest}`);
    const { stream, status } = await this.#requests.stream(place, url);
    stream.destroy();
    if (status === 200 || status === 404) return status === 200;
    throw new AnswerError('GET', { url, status, headers: {}, body: Buffer.alloc(0) });
  }

  /** Whether a tag or digest points to this manifest. */
  async #hasManifest(place: Place, reference: string, digest: string): Promise<boolean> {
    const headers = { accept: ACCEPT };
    const { status, body } = await this.#demand(place, `manifests/${reference}`, { headers }, [200, 404]);
    return status === 200 && digestLike(digest, body) === digest;
  }

  #get(place: Place, path: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
    return this.#demand(place, path, { headers }, [200]);
  }

  async #demand(
    place: Place,
    target: string | URL,
    asked: Asked,
    statuses: readonly number[],
  ): Promise<HttpResponse> {
    const url = typeof target === 'string' ? this.#requests.url(place.repository, target) : target;
    const answer = await this.#requests.send(place, url, asked);
    if (statuses.includes(answer.status)) return answer;
    throw new AnswerError(asked.method ?? 'GET', answer, this.#requests.secretsOf(place));
  }
}

/**
 * The next page of a list, at the same registry.
 * @throws VeritySignError 'registry' for a page elsewhere: a list without it would lack signatures
 */
function nextPage({ url, headers: { link } }: HttpResponse): URL | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(String(link ?? '')) ?? [];
  if (target === undefined) return undefined;
  const next = URL.parse(target, url.href);
  if (next !== null && next.origin === url.origin) return next;
  throw new VeritySignError('registry', `${url.host} sends the next page of a list to another host`, {
    remedy: 'Let the proxy in front of the registry pass on the Host header',
  });
}
