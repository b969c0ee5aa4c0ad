/** A registry whose list of referrers never ends: oras holds all of it in memory. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { OCI } from '../helpers/image-writer.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';

// oras takes half a minute to fill its memory where others work too.
jest.setTimeout(180_000);

const folder = testFolder();
let registry: TestRegistry;
let image: RegistryImage;
let proxy: FaultyProxy;

beforeAll(async () => {
  registry = await startRegistry('referrers-api');
  image = await RegistryImage.write(folder);
});
afterAll(() => registry.stop());
afterEach(() => proxy.stop());

const PAGE = JSON.stringify({
  schemaVersion: 2,
  mediaType: OCI.index,
  manifests: Array.from({ length: 12_000 }, (_, index) => ({
    mediaType: OCI.manifest,
    digest: `sha256:${String(index).padStart(64, '0')}`,
    size: 500,
    annotations: { text: 'x'.repeat(90) },
  })),
});

/** Answers with a page that names itself, or another one, as the next. */
async function before(next: (path: string, page: number) => string, more?: Fault): Promise<string> {
  let pages = 0;
  proxy = await startFaultyProxy(registry.host, ({ path, method }) => {
    if (!path.includes('/referrers/')) return method === 'HEAD' ? more : undefined;
    pages += 1;
    const link = `<${next(path, pages)}>; rel="next"`;
    return { status: 200, body: PAGE, headers: { 'content-type': OCI.index, link } };
  });
  return proxy.host;
}

test('oras reads pages without end: it is stopped, and the message says why', async () => {
  const repository = await image.push(registry.host);
  const host = await before((path) => path);
  const { status, stderr } = await image.verify(`${host}/${repository}:1`);
  expect(stderr).toMatch(/lists referrers of sha256:\w+ without end, or more than oras can hold/);
  expect(stderr).toContain('set referrers: tag');
  expect(status).not.toBe(0);
  // Less than 600 MB of them, and not once more.
  expect(proxy.requests.filter(({ path }) => path.includes('/referrers/')).length).toBeLessThan(250);
});

test.each<[string, (path: string, page: number) => string, RegExp]>([
  ['one page again and again', (path) => path, /without end: a page follows itself/],
  ['ever new pages', (path, page) => `${path.split('?')[0]}?n=${page}`, /in more than 33554432 bytes/],
])('without oras: %s', async (_what, next, message) => {
  const repository = await image.push(registry.host);
  const host = await before(next, { status: 405 });
  const { status, stderr } = await image.verify(`${host}/${repository}:1`);
  expect(stderr).toMatch(message);
  expect(status).not.toBe(0);
  expect(proxy.requests.filter(({ path }) => path.includes('/referrers/')).length).toBeLessThan(20);
});
