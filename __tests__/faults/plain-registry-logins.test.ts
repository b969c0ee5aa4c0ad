/** Fault 93: credentials at registries that oras cannot use. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fault, type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { RegistryImage } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
/** That of the helper's PASSWORD. */
const password = 'secret of the tests';
const basic = `Basic ${Buffer.from(`someone:${password}`).toString('base64')}`;
const login = ['--registry-username', 'someone', '--registry-password', 'env://PASSWORD'];
let locked: TestRegistry;
let open: TestRegistry;
let image: RegistryImage;
let proxy: FaultyProxy;
let foreign: FaultyProxy | undefined;
let made = 0;

beforeAll(async () => {
  locked = await startRegistry('fallback-tag', { htpasswd: { user: 'someone', password } });
  open = await startRegistry('referrers-api');
  image = await RegistryImage.write(folder);
});
afterAll(async () => {
  await locked.stop();
  await open.stop();
});
afterEach(async () => {
  await proxy.stop();
  await foreign?.stop();
  foreign = undefined;
});

const noHead = ({ method }: SeenRequest): Fault | undefined =>
  method === 'HEAD' ? { status: 405 } : undefined;
const push = (...more: string[]) =>
  image.sign(`oci:${image.layout}`, '--push-to', `${proxy.host}/gate/${made++}:1`, ...more);

test('fault 93: a password, and none', async () => {
  proxy = await startFaultyProxy(locked.host, noHead);
  const { status, stderr } = await push(...login);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect(proxy.requests.some(({ authorization }) => authorization === basic)).toBe(true);

  proxy.requests.length = 0;
  const without = await push();
  expect(without.stderr).toContain('the registry requires credentials with pull permission');
  expect(without.status).toBe(6);
  expect(proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});

describe('fault 93: a token', () => {
  /** Every request but those of the token server needs the token of its kind. */
  const demands =
    (realm: () => string) =>
    ({ method, path, authorization }: SeenRequest): Fault | undefined => {
      if (method === 'HEAD') return { status: 405 };
      if (path.startsWith('/token')) {
        const token = path.includes('push') ? 'to-write' : 'to-read';
        return authorization === basic
          ? { status: 200, body: JSON.stringify({ token, expires_in: 300 }) }
          : { status: 401 };
      }
      if (authorization === 'Bearer to-write') return undefined;
      if (authorization === 'Bearer to-read' && method === 'GET') return undefined;
      const challenge = `Bearer realm="${realm()}",service="tests",scope="repository:x:pull"`;
      return { status: 401, headers: { 'www-authenticate': challenge } };
    };

  test('is asked for with the password, which goes nowhere else', async () => {
    proxy = await startFaultyProxy(
      open.host,
      demands(() => `http://${proxy.host}/token`),
    );
    const { status, stderr } = await push(...login);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const asked = proxy.requests.filter(({ path }) => path.startsWith('/token'));
    const scopes = asked.map(({ path }) => new URL(path, 'http://x').searchParams.getAll('scope').at(-1));
    expect(scopes.length).toBeGreaterThan(1);
    // A registry may refuse as a whole what is more than the account may do.
    expect(scopes[0]).toMatch(/^repository:gate\/\d+:pull$/);
    expect(scopes.at(-1)).toMatch(/^repository:gate\/\d+:pull,push$/);
    const elsewhere = proxy.requests.filter(({ path }) => !path.startsWith('/token'));
    expect(elsewhere.some(({ authorization }) => authorization === basic)).toBe(false);
  });

  test('is refused: the message blames the credentials', async () => {
    proxy = await startFaultyProxy(
      open.host,
      demands(() => `http://${proxy.host}/token`),
    );
    const { status, stderr } = await push('--registry-username', 'another', ...login.slice(2));
    expect(stderr).toMatch(/the registry rejects the credentials for .* \(registry-username\)/);
    expect(status).toBe(6);
  });
});

test('faults 80 and 93: an upload that is sent to another host gets neither credentials nor content', async () => {
  foreign = await startFaultyProxy(open.host, () => undefined);
  const elsewhere = `http://${foreign.host}/v2/x/blobs/uploads/1`;
  proxy = await startFaultyProxy(locked.host, (request) => {
    if (request.method !== 'POST') return noHead(request);
    return { status: 202, headers: { location: elsewhere } };
  });
  const { status, stderr } = await push(...login);
  expect(stderr).toContain('to another host');
  expect(status).toBe(6);
  expect(foreign.requests).toEqual([]);
});
