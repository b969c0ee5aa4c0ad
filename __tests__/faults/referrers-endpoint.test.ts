import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { attachedBy, RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
let registry: TestRegistry;
let image: RegistryImage;
let proxy: FaultyProxy | undefined;

beforeAll(async () => {
  registry = await startRegistry('fallback-tag');
  image = await RegistryImage.write(folder);
});
afterAll(() => registry.stop());
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

async function through(decide: (request: SeenRequest) => Fault | undefined): Promise<string> {
  proxy = await startFaultyProxy(registry.host, decide);
  return proxy.host;
}

const isReferrers = ({ path }: SeenRequest): boolean => path.includes('/referrers/');
const errors = (code: string): string => JSON.stringify({ errors: [{ code, message: 'no' }] });
const basic = { 'www-authenticate': 'Basic realm="test"' };

describe('fault 92: the referrers endpoint refuses, after the manifest was read', () => {
  test.each<[string, Fault]>([
    ['400', { status: 400, body: errors('NAME_INVALID') }],
    ['401 without a challenge, as Harbor', { status: 401, body: errors('UNAUTHORIZED') }],
    ['401 with a challenge', { status: 401, headers: basic, body: errors('UNAUTHORIZED') }],
    ['403', { status: 403, body: errors('DENIED') }],
    ['405 without a body', { status: 405 }],
    ['406', { status: 406, body: '<html>' }],
  ])('%s: the fallback tag is used', async (_what, fault) => {
    const repository = await image.push(registry.host);
    const name = `${await through((request) => (isReferrers(request) ? fault : undefined))}/${repository}:1`;
    const signed = await image.sign(name);
    expect({ status: signed.status, stderr: signed.status === 0 ? '' : signed.stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    expect(await image.underTag(registry.host, repository)).toHaveLength(1);
    expect(await image.verify(name)).toMatchObject({ status: 0 });
  });

  test('push-to, and with credentials that are refused there alone', async () => {
    const login = ['--registry-username', 'someone', '--registry-password', 'env://PASSWORD'];
    const denied = { status: 401, headers: basic, body: errors('UNAUTHORIZED') };
    const host = await through((request) => (isReferrers(request) ? denied : undefined));
    const to = ['--push-to', `${host}/gate/refused:1`];
    const result = await image.sign(`oci:${image.layout}`, ...to, ...login);
    expect({ status: result.status, stderr: result.status === 0 ? '' : result.stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    // Each time once without the password and once with it.
    const asked = proxy?.requests.filter(isReferrers) ?? [];
    expect(asked.some(({ authorization }) => authorization !== undefined)).toBe(true);
    expect(await image.verify(`${host}/gate/refused:1`)).toMatchObject({ status: 0 });
  });

  test('with referrers: api the remedy names referrers: tag', async () => {
    const repository = await image.push(registry.host);
    const denied = { status: 403, body: errors('DENIED') };
    const name = `${await through((request) => (isReferrers(request) ? denied : undefined))}/${repository}:1`;
    const { status, stderr } = await image.sign(name, '--referrers', 'api');
    expect(stderr).toMatch(/refuses to list \(status 403\) the referrers of .*Set referrers: tag/);
    expect(status).toBe(6);
    expect(await image.underTag(registry.host, repository)).toBeUndefined();
  });

  test.each([429, 500])('%i is no refusal: no other list is believed', async (status) => {
    const repository = await image.push(registry.host);
    expect((await image.sign(`${registry.host}/${repository}:1`)).status).toBe(0);
    const name = `${await through((request) => (isReferrers(request) ? { status } : undefined))}/${repository}:1`;
    // The signatures could not be looked up.
    expect((await image.verify(name)).status).toBe(13);
  });

  test('a refusal elsewhere stays one', async () => {
    const repository = await image.push(registry.host);
    const denied = { status: 403, body: errors('DENIED') };
    const everywhere = ({ path }: SeenRequest): boolean => /\/(?:manifests|referrers)\//.test(path);
    const name = `${await through((request) => (everywhere(request) ? denied : undefined))}/${repository}:1`;
    const { status, stderr } = await image.sign(name);
    expect(stderr).toMatch(/denies pull access/);
    expect(status).toBe(6);
  });
});

describe('fault 93: answers without what clients expect', () => {
  const isHead = ({ method }: SeenRequest): boolean => method === 'HEAD';
  const isManifest = ({ path }: SeenRequest): boolean => path.includes('/manifests/');

  test('no Docker-Content-Digest: signed and verified by tag', async () => {
    const repository = await image.push(registry.host);
    const name = `${await through(() => ({ without: ['docker-content-digest'] }))}/${repository}:1`;
    const signed = await image.sign(name, '--manifest-signature', 'cose');
    expect({ status: signed.status, stderr: signed.status === 0 ? '' : signed.stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    expect(await image.verify(name)).toMatchObject({ status: 0 });
    expect(attachedBy((await image.sign(name, '--manifest-signature', 'cose')).report).attached).toBe(0);
  });

  test.each<[string, (request: SeenRequest) => Fault | undefined]>([
    ['refused', (request) => (isHead(request) && isManifest(request) ? { status: 405 } : undefined)],
    ['refused, also of blobs', (request) => (isHead(request) ? { status: 405 } : undefined)],
    ['without a length', (request) => (isHead(request) ? { without: ['content-length'] } : undefined)],
    [
      'without a length and a digest',
      (request) => (isHead(request) ? { without: ['content-length', 'docker-content-digest'] } : undefined),
    ],
  ])('HEAD %s: verified by tag and by digest', async (_what, decide) => {
    const repository = await image.push(registry.host);
    expect((await image.sign(`${registry.host}/${repository}:1`)).status).toBe(0);
    const name = `${await through(decide)}/${repository}`;
    for (const reference of [`${name}:1`, `${name}@${image.subject.digest}`]) {
      const { status, stderr } = await image.verify(reference);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    }
  });
});

test('verify asks for the referrers of a manifest once, for both kinds of signatures', async () => {
  const repository = await image.push(registry.host);
  const signed = await image.sign(`${registry.host}/${repository}:1`, '--manifest-signature', 'cose');
  expect(signed).toMatchObject({ status: 0 });
  const name = `${await through(() => undefined)}/${repository}:1`;
  expect(await image.verify(name)).toMatchObject({ status: 0 });
  const lists = proxy?.requests.filter(({ path }) => /\/referrers\/|\/manifests\/sha256-/.test(path)) ?? [];
  const asked = lists.map(({ method, path }) => `${method} ${path.replace(/^.*\/(?=\w+\/sha256)/, '')}`);
  expect(asked.length).toBeGreaterThan(1);
  expect(new Set(asked).size).toBe(asked.length);
});

describe('fault 61: a fallback tag that points to the image itself', () => {
  test('GitLab, whatever was written: it says that no signature can be attached', async () => {
    const repository = await image.push(registry.host);
    const decide = ({ path }: SeenRequest): Fault | undefined =>
      path.includes('/manifests/sha256-') ? { path: path.replace('/sha256-', '/sha256:') } : undefined;
    const name = `${await through(decide)}/${repository}:1`;
    for (const mode of ['auto', 'tag']) {
      const { status, stderr } = await image.sign(name, '--referrers', mode);
      expect(stderr).toMatch(
        /no signature can be attached in .*the fallback tag sha256-\w+ points to the manifest itself.*GitLab.*Push the image to a registry with the referrers API.*deliver the signed layout/,
      );
      expect(status).toBe(6);
    }
    const gate = await image.sign(`oci:${image.layout}`, '--push-to', name.replace(/:1$/, ':2'));
    expect(gate).toMatchObject({
      status: 6,
      stderr: expect.stringContaining('no signature can be attached'),
    });
    expect(await image.verify(name)).toMatchObject({ status: 10 });
  });

  test('cosign copy left it: signing replaces it', async () => {
    const repository = await image.push(registry.host);
    const name = `${registry.host}/${repository}`;
    await image.oras('tag', '--plain-http', `${name}:1`, image.tag());
    expect(await image.verify(`${name}:1`)).toMatchObject({ status: 10 });
    const signed = await image.sign(`${name}:1`, '--manifest-signature', 'cose');
    expect(signed).toMatchObject({ status: 0 });
    expect(await image.underTag(registry.host, repository)).toHaveLength(2);
    expect(await image.verify(`${name}:1`)).toMatchObject({ status: 0 });
  });
});
