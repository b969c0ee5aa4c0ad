/** Fault 93: registries without the headers that clients expect, and without HEAD, by tag and by digest. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { attachedBy, RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';

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
  'no HEAD (400)': (request) => (isHead(request) ? { status: 400 } : undefined),
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
    let proxy: FaultyProxy;
    beforeAll(async () => {
      registry = await startRegistry(kind);
    });
    afterAll(() => registry.stop());
    afterEach(() => proxy.stop());

    const more = ['--manifest-signature', 'cose'];

    describe.each(Object.keys(VARIANTS))('%s', (name) => {
      test.each(['tag', 'digest'])('sign and verify by %s, and once more', async (by) => {
        const repository = await image.push(registry.host);
        proxy = await startFaultyProxy(registry.host, VARIANTS[name] as (seen: SeenRequest) => Fault);
        const at = by === 'tag' ? ':1' : `@${image.subject.digest}`;
        const reference = `${proxy.host}/${repository}${at}`;
        ok(await image.sign(reference, ...more));
        ok(await image.verify(reference));
        const again = await image.sign(reference, ...more);
        ok(again);
        expect(attachedBy(again.report).attached).toBe(0);
        // Clients that see the registry as it is find the same.
        ok(await image.verify(`${registry.host}/${repository}${at}`));
      });

      test('push-to, and once more', async () => {
        proxy = await startFaultyProxy(registry.host, VARIANTS[name] as (seen: SeenRequest) => Fault);
        const layout = join(folder, `copy-${made++}`);
        cpSync(image.layout, layout, { recursive: true });
        const repository = `gate/${made++}`;
        const to = ['--push-to', `${proxy.host}/${repository}:1`, ...more];
        ok(await image.sign(`oci:${layout}`, ...to));
        proxy.requests.length = 0;
        ok(await image.sign(`oci:${layout}`, ...to));
        const written = proxy.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path);
        if (!name.includes('404')) expect(written).toEqual([]);
        for (const host of [proxy.host, registry.host]) {
          ok(await image.verify(`${host}/${repository}:1`));
          ok(await image.verify(`${host}/${repository}@${image.subject.digest}`));
        }
      });
    });
  },
);
