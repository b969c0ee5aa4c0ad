/** Fault 95: credentials of push-to are tried before any layer is converted. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CliResult, cli } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';

const folder = testFolder();
const PASSWORD = 'the right one 5d2e';
let registries: TestRegistry[];
let proxies: FaultyProxy[];
let layout: string;
let key: string[];
let made = 0;

/** An image with a layer that cannot be converted: a run that comes so far ends with another error. */
beforeAll(async () => {
  const htpasswd = { user: 'alice', password: PASSWORD };
  registries = await Promise.all([1, 2].map(() => startRegistry('fallback-tag', { htpasswd })));
  proxies = await Promise.all(registries.map(({ host }) => startFaultyProxy(host, () => undefined)));
  const writer = await ImageWriter.create();
  await writer.add(await writer.image({ layers: [{ bytes: Buffer.alloc(700, 'no tar') }] }), 'app');
  layout = writer.directory;
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  key = ['--key', keyPath, '--certificate', chainPath, '--plain-http'];
});
beforeEach(() => {
  for (const { requests } of proxies) requests.length = 0;
});
afterAll(async () => {
  for (const one of [...proxies, ...registries]) await one.stop();
});

function push(
  passwords: readonly string[],
  targets: readonly string[],
  ...more: string[]
): Promise<CliResult> {
  const logins = proxies.map(({ host }, index) => `${host}=alice:env://PASSWORD_${index}`);
  const env = Object.fromEntries(passwords.map((password, index) => [`PASSWORD_${index}`, password]));
  return cli(
    ['sign', `oci:${layout}`, ...targets.flatMap((tag) => ['--push-to', tag]), ...key, ...more].concat([
      '--registry-credentials',
      logins.join('\n'),
    ]),
    { env },
  );
}

const targets = (): string[] => proxies.map(({ host }) => `${host}/app-${made++}:1`);

describe('fault 95: push-to several registries', () => {
  test('a wrong password for the second: nothing is converted or written', async () => {
    const [first = '', second = ''] = targets();
    const { status, stderr, stdout } = await push([PASSWORD, 'wrong'], [first, second]);
    expect(stderr).toContain(`the registry rejects the credentials for ${second} (registry-credentials)`);
    expect(stderr).toContain('user name or password is wrong');
    expect({ status, stdout }).toEqual({ status: 6, stdout: '' });
    for (const { requests } of proxies) {
      expect(requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    }
  });

  test('right ones: one look at each, and the layer is the next to fail', async () => {
    const all = targets();
    const more = proxies.map(({ host }) => `${host}/more-${made++}:1`);
    const { status, stderr } = await push([PASSWORD, PASSWORD], [...all, ...more]);
    expect(stderr).toMatch(/layer 0 .*malformed/);
    expect(status).toBe(3);
    for (const { requests } of proxies) {
      const answered = requests.filter(({ authorization }) => authorization !== undefined);
      // By GET too, as long as no HEAD has been answered.
      expect(answered.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
    }
  });

  test('a registry that cannot be reached', async () => {
    const [first = ''] = targets();
    const { status, stderr } = await push([PASSWORD, PASSWORD], [first, '127.0.0.1:1/app:1']);
    expect(stderr).toContain('the registry of 127.0.0.1:1/app:1 cannot be reached');
    expect(status).toBe(6);
  });

  test('two accounts of one registry: each is tried', async () => {
    const [host = ''] = proxies.map((proxy) => proxy.host);
    const auth = (password: string) => ({ auth: Buffer.from(`alice:${password}`).toString('base64') });
    const file = join(folder, 'auth.json');
    const auths = { [`${host}/own`]: auth(PASSWORD), [`${host}/theirs`]: auth('wrong') };
    writeFileSync(file, JSON.stringify({ auths }));
    const to = ['own', 'theirs'].flatMap((name) => ['--push-to', `${host}/${name}/app:1`]);
    const { status, stderr } = await cli(['sign', `oci:${layout}`, ...to, ...key], {
      env: { REGISTRY_AUTH_FILE: file },
    });
    expect(stderr).toContain(`the registry rejects the credentials for ${host}/theirs/app:1`);
    expect(status).toBe(6);
  });

  test('a dry run needs no credentials', async () => {
    const { status, stderr } = await push(['wrong', 'wrong'], targets(), '--dry-run');
    expect(stderr).toMatch(/layer 0 .*malformed/);
    expect(status).toBe(3);
    expect(proxies.flatMap(({ requests }) => requests)).toEqual([]);
  });
});

test('fault 95: signing in a registry: a wrong password is known before any layer is read', async () => {
  const [{ host, requests } = {} as FaultyProxy] = proxies;
  const login = ['--registry-username', 'alice', '--registry-password', 'env://PASSWORD'];
  const { status, stderr } = await cli(['sign', `${host}/app:1`, ...key, ...login], {
    env: { PASSWORD: 'wrong' },
  });
  expect(stderr).toContain(`the registry rejects the credentials for ${host}/app:1 (registry-username)`);
  expect(status).toBe(6);
  expect(requests.filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
});
