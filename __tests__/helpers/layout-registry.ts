import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Descriptor } from '../../src/model/index.ts';
import { sha256 } from './image-writer.ts';

export interface LayoutRegistry {
  /** `127.0.0.1:PORT`; plain HTTP. */
  host: string;
  /** Requests that would change something, as `METHOD PATH`. Each was refused. */
  writes: string[];
  stop(): Promise<void>;
}

/**
 * A registry that serves a layout as it is, under any repository: real ones refuse to store documents
 * that a hostile one would serve. It has no referrers.
 */
export async function serveLayout(
  directory: string,
  tags: Record<string, Descriptor>,
): Promise<LayoutRegistry> {
  const writes: string[] = [];
  const types = new Map(Object.values(tags).map(({ digest, mediaType }) => [digest, mediaType]));
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      writes.push(`${method} ${url}`);
      response.writeHead(405).end();
      return;
    }
    const [, kind, reference = ''] = /\/(manifests|blobs)\/([^/?]+)$/.exec(url) ?? [];
    const digest = tags[reference]?.digest ?? reference;
    const bytes = url === '/v2/' ? Buffer.from('{}') : blob(directory, digest);
    if (bytes === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[]}');
      return;
    }
    const ofBlob = kind === 'blobs' ? 'application/octet-stream' : undefined;
    response.writeHead(200, {
      'content-type': ofBlob ?? types.get(digest) ?? typeInside(bytes),
      'content-length': bytes.length,
      'docker-content-digest': sha256(bytes),
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host: `127.0.0.1:${address.port}`, writes, stop };
}

function blob(directory: string, digest: string): Buffer | undefined {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  try {
    return readFileSync(join(directory, 'blobs', ...digest.split(':')));
  } catch {
    return undefined;
  }
}

/** As a registry that looks for the first mediaType in the text. */
function typeInside(bytes: Buffer): string {
  return /"mediaType":"([^"]+)"/.exec(bytes.toString())?.[1] ?? 'application/json';
}
