import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { DirectRegistry } from '../../../../../src/oci/oras/direct/registry.ts';
import type { Place } from '../../../../../src/oci/oras/direct/requests.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const BLOB = { mediaType: 'a/b', digest: DIGEST, size: 1 };
let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  timeout = 10_000,
  signal = new AbortController().signal,
): Promise<[DirectRegistry, Place]> {
  server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const repository = `127.0.0.1:${(server.address() as AddressInfo).port}/app`;
  const registry = await DirectRegistry.open({ plainHttp: true, env: {}, signal, timeout });
  return [registry, { repository, login: undefined }];
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1_000_000 }).write('x'.repeat(1000));
}

test.each<[string, (request: IncomingMessage) => void, string, string]>([
  ['reset', ({ socket }) => socket.resetAndDestroy(), 'interrupted', 'broke off its answer (ECONNRESET)'],
  ['closed early', ({ socket }) => socket.end(), 'interrupted', 'broke off its answer (ECONNRESET)'],
  ['silent', () => undefined, 'timeout', 'did not answer in 700 ms'],
])('a blob whose connection is %s in the middle', async (_name, fail, failure, message) => {
  const [registry, place] = await open((request, response) => {
    begin(response);
    setTimeout(() => fail(request), 100);
  }, 700);
  const stream = await registry.blobStream(place, DIGEST);
  await expect(buffer(stream)).rejects.toMatchObject({ name: 'HttpError', failure, message });
});

test('a blob that the caller no longer wants', async () => {
  const controller = new AbortController();
  const [registry, place] = await open((_request, response) => begin(response), 10_000, controller.signal);
  const stream = await registry.blobStream(place, DIGEST);
  setTimeout(() => controller.abort(new Error('stopped')), 50);
  await expect(buffer(stream)).rejects.toThrow('stopped');
});

test('a deletion that has begun is not ended by a signal', async () => {
  const controller = new AbortController();
  let ended = '';
  const [registry, place] = await open(
    ({ method = '' }, response) => {
      controller.abort();
      setTimeout(() => {
        ended = method;
        response.writeHead(202).end();
      }, 100);
    },
    10_000,
    controller.signal,
  );
  await registry.deleteManifest(place, DIGEST);
  expect(ended).toBe('DELETE');
});

test.each<[string | undefined, string]>([
  [undefined, 'the registry does not say where to upload'],
  ['http://other.example/v2/app/blobs/uploads/1', 'sent the upload of'],
  ['https://127.0.0.1/v2/app/blobs/uploads/1', 'sent the upload of'],
])('an upload is sent to %s', async (location, message) => {
  const methods: (string | undefined)[] = [];
  const [registry, place] = await open(({ method }, response) => {
    methods.push(method);
    if (method === 'GET') response.writeHead(404).end();
    else response.writeHead(202, location === undefined ? {} : { location }).end();
  });
  const pushed = registry.pushBlob(place, BLOB, { folder: import.meta.dirname, name: 'registry.test.ts' });
  await expect(pushed).rejects.toMatchObject({ code: 'registry', message: expect.stringContaining(message) });
  expect(methods).toEqual(['GET', 'POST']);
});

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Pages of one referrer each. @param link the target after a page, by its number from 0 */
function pages(link: (page: number) => string | undefined) {
  let page = 0;
  return (_request: IncomingMessage, response: ServerResponse): void => {
    const next = link(page);
    const entry = { mediaType: INDEX, digest: `sha256:${String(page).padStart(64, '0')}`, size: 1 };
    const headers = { 'content-type': INDEX, ...(next && { link: `<${next}>; rel="next"` }) };
    response.writeHead(200, headers);
    response.end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] }));
    page += 1;
  };
}

test('a list of referrers in pages', async () => {
  const [registry, place] = await open(pages((page) => (page < 2 ? `?last=${page}` : undefined)));
  expect(await registry.referrers(place, DIGEST)).toHaveLength(3);
});

test.each<[string, string, string]>([
  ['at another host', 'http://other.example/v2/', 'to another host'],
  ['without end', '?after=PAGE', 'on more than 100 pages'],
  ['that follow themselves', '?again', 'without end: a page follows itself'],
])('pages %s are an error: the list lacks some', async (_name, target, message) => {
  const [registry, place] = await open(pages((page) => target.replace('PAGE', `${page}`)));
  await expect(registry.referrers(place, DIGEST)).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining(message),
  });
});
