/** Fault 93: registries without the headers that clients expect, and without HEAD, by tag and by digest. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Ahead } from '../helpers/ahead.ts';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { attachedBy, RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';

// Each test is up to ten runs of the command.
jest.setTimeout(300_000);

const folder = testFolder();
let image: RegistryImage;
let made = 0;
beforeAll(async () => {
  image = await RegistryImage.write(folder);
});

const isHead = ({ method }: SeenRequest): boolean => method === 'HEAD';
const isBlob = ({ path }: SeenRequest): boolean => path.includes('/blobs/sha256:');
const reads = ({ method }: SeenRequest): boolean => method === 'HEAD' || method === 'GET';

const VARIANTS: Record<string, (request: SeenRequest) => Fault | undefined> = {
  'no digest': () => ({ without: ['docker-content-digest'] }),
  'no length': (request) => (reads(request) ? { without: ['content-length'] } : undefined),
  'neither digest nor length': (request) =>
    reads(request) ? { without: ['content-length', 'docker-content-digest'] } : undefined,
  'no HEAD of blobs (405)': (request) => (isHead(request) && isBlob(request) ? { status: 405 } : undefined),
  'no HEAD of manifests (405)': (request) =>
    isHead(request) && !isBlob(request) ? { status: 405 } : undefined,
  'no HEAD (404)': (request) => (isHead(request) ? { status: 404 } : undefined),
  'no HEAD (405)': (request) => (isHead(request) ? { status: 405 } : undefined),
  'no HEAD (501)': (request) => (isHead(request) ? { status: 501 } : undefined),
  'no HEAD and no headers': (request) =>
    isHead(request) ? { status: 405 } : { without: ['content-length', 'docker-content-digest'] },
};

function ok({ status, stderr }: { status: number | null; stderr: string }): void {
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}

describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])(
  'fault 93: a registry of the kind %s',
  (kind) => {
    let registry: TestRegistry;
    const tests: Record<string, () => Promise<void>> = {};
    beforeAll(async () => {
      registry = await startRegistry(kind);
      // A fallback tag has settled after seconds.
      const ahead = new Ahead(6);
      for (const [name, decide] of Object.entries(VARIANTS)) {
        tests[`${name}: by tag`] = ahead.start(() => through(decide, ({ host }) => byTagFirst(host)));
        tests[`${name}: by digest`] = ahead.start(() => through(decide, byDigestFirst));
      }
    });
    afterAll(() => registry.stop());

    const more = ['--manifest-signature', 'cose'];

    async function through(
      decide: (request: SeenRequest) => Fault | undefined,
      work: (proxy: FaultyProxy) => Promise<void>,
    ): Promise<void> {
      const proxy = await startFaultyProxy(registry.host, decide);
      try {
        await work(proxy);
      } finally {
        await proxy.stop();
      }
    }

    async function byTagFirst(host: string): Promise<void> {
      const repository = await image.push(registry.host);
      const [byTag, byDigest] = [`:1`, `@${image.subject.digest}`].map(
        (at) => `${host}/${repository}${at}`,
      ) as [string, string];
      ok(await image.sign(byTag, ...more));
      for (const reference of [byTag, byDigest]) ok(await image.verify(reference));
      const again = await image.sign(byDigest, ...more);
      ok(again);
      expect(attachedBy(again.report).attached).toBe(0);
      // Clients that see the registry as it is find the same.
      ok(await image.verify(`${registry.host}/${repository}:1`));
    }

    async function byDigestFirst({ host, requests }: FaultyProxy): Promise<void> {
      const repository = await image.push(registry.host);
      ok(await image.sign(`${host}/${repository}@${image.subject.digest}`));
      const layout = join(folder, `copy-${made++}`);
      cpSync(image.layout, layout, { recursive: true });
      const gated = `gate/${made++}:1`;
      const to = ['--push-to', `${host}/${gated}`, ...more];
      ok(await image.sign(`oci:${layout}`, ...to));
      requests.length = 0;
      ok(await image.sign(`oci:${layout}`, ...to));
      const written = requests.filter(({ method }) => !['GET', 'HEAD'].includes(method));
      expect(written.map(({ path }) => path)).toEqual([]);
      for (const one of [host, registry.host]) ok(await image.verify(`${one}/${gated}`));
    }

    describe.each(Object.keys(VARIANTS))('%s', (name) => {
      test('signed by tag, verified by tag and digest, signed once more by digest', () =>
        tests[`${name}: by tag`]?.());

      test('signed by digest; push-to, and once more', () => tests[`${name}: by digest`]?.());
    });

    const wrong = { 'docker-content-digest': `sha256:${'0'.repeat(64)}` };
    const isOfManifest = ({ path }: SeenRequest): boolean => /\/manifests\/(?!sha256-)/.test(path);

    test.each<[string, (request: SeenRequest) => Fault | undefined]>([
      [
        'to HEAD and GET',
        (request) => (isOfManifest(request) && reads(request) ? { headers: wrong } : undefined),
      ],
      [
        'to GET, without HEAD',
        (request) => {
          if (isHead(request)) return { status: 405 };
          return isOfManifest(request) && reads(request) ? { headers: wrong } : undefined;
        },
      ],
      [
        'to HEAD and GET, in chunks',
        (request) => {
          if (!isOfManifest(request) || !reads(request)) return undefined;
          return { headers: wrong, without: ['content-length'] };
        },
      ],
    ])('a wrong digest %s is refused', async (_what, decide) => {
      const repository = await image.push(registry.host);
      ok(await image.sign(`${registry.host}/${repository}:1`));
      await through(decide, async ({ host, requests }) => {
        for (const at of [':1', `@${image.subject.digest}`]) {
          const reference = `${host}/${repository}${at}`;
          for (const { status, stderr, stdout } of [
            await image.sign(reference, '--profile', 'containerd-cache'),
            await image.verify(reference),
          ]) {
            expect({ status: status === 0 ? stderr : 'refused', stdout }).toEqual({
              status: 'refused',
              stdout: expect.not.stringMatching(/^(?:layers )?verified/m),
            });
            expect(stderr).not.toMatch(/Internal error/);
          }
        }
        expect(requests.filter(({ method }) => method === 'PUT')).toEqual([]);
      });
    });
  },
);
