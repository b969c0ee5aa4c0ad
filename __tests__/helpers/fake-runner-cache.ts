/** A strict fake of GitHub's cache service, version 2, and of Azure's blobs. [actions/toolkit, packages/cache] */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';

export class FakeRunnerCache {
  /** Key → archive, for finished entries. */
  readonly entries = new Map<string, Buffer>();
  /** Requests that no client may make. */
  readonly refused: string[] = [];
  /** Names of the called methods. */
  readonly calls: string[] = [];
  readonly #uploads = new Map<string, Buffer>();
  readonly #versions = new Map<string, string>();
  readonly #server: Server;
  readonly token = 'runtime-token-of-this-test';

  private constructor() {
    this.#server = createServer(async (request, response) => {
      try {
        const answer = this.#answer(request, await bodyOf(request));
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      } catch (error) {
        this.refused.push(`${request.method} ${request.url}: ${String(error)}`);
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"msg":"refused"}');
      }
    });
  }

  static async start(): Promise<FakeRunnerCache> {
    const cache = new FakeRunnerCache();
    await new Promise<void>((resolve) => cache.#server.listen(0, '127.0.0.1', resolve));
    return cache;
  }

  /** The variables that the runner sets for an action. */
  get environment(): Record<string, string> {
    return {
      ACTIONS_RESULTS_URL: `${this.#url}/`,
      ACTIONS_RUNTIME_TOKEN: this.token,
      ACTIONS_CACHE_SERVICE_V2: 'True',
    };
  }

  /** Puts an entry there, as another workflow can. */
  plant(key: string, version: string, bytes: Buffer): void {
    this.entries.set(key, bytes);
    this.#versions.set(key, version);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, body: Buffer): { status: number; body: Buffer | string } {
    const url = request.url ?? '';
    if (url.startsWith(SERVICE)) {
      if (request.headers.authorization !== `Bearer ${this.token}`) throw new Error('not authorized');
      const message = JSON.parse(body.toString()) as Record<string, string>;
      return { status: 200, body: JSON.stringify(this.#call(url.slice(SERVICE.length), message)) };
    }
    const [path = ''] = url.split('?');
    const key = decodeURIComponent(path.replace('/blobs/', ''));
    if (request.method === 'PUT' && request.headers['x-ms-blob-type'] === 'BlockBlob') {
      this.#uploads.set(key, body);
      return { status: 201, body: '' };
    }
    const entry = this.entries.get(key);
    if (request.method !== 'GET' || entry === undefined) throw new Error('no such blob');
    return { status: 200, body: entry };
  }

  #call(method: string, message: Record<string, string>): Record<string, unknown> {
    this.calls.push(method);
    const { key = '', version = '' } = message;
    const url = `${this.#url}/blobs/${encodeURIComponent(key)}?sig=x`;
    switch (method) {
      case 'GetCacheEntryDownloadURL':
        return this.entries.has(key) && this.#versions.get(key) === version
          ? { ok: true, signed_download_url: url, matched_key: key }
          : { ok: false };
      case 'CreateCacheEntry':
        if (this.entries.has(key)) return { ok: false, message: 'entry exists' };
        this.#versions.set(key, version);
        return { ok: true, signed_upload_url: url };
      case 'FinalizeCacheEntryUpload': {
        const upload = this.#uploads.get(key);
        const size = message.size_bytes ?? message.sizeBytes;
        if (upload === undefined || `${upload.length}` !== size)
          throw new Error('nothing like it was uploaded');
        this.entries.set(key, upload);
        return { ok: true, entry_id: '1' };
      }
      default:
        throw new Error('no such method');
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
