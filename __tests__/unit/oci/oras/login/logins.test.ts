import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { helperEnvironment } from '../../../../../src/oci/oras/login/helper-environment.ts';
import { isSameRegistry, serverAddress } from '../../../../../src/oci/oras/login/hosts.ts';
import { Logins, type RegistryCredentials } from '../../../../../src/oci/oras/login/logins.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'logins-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function config(content: unknown, path = '.docker/config.json'): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const find = (repository: string, given: RegistryCredentials[] = [], env: Record<string, string> = {}) =>
  new Logins({ given, env: { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), ...env } }).of(repository);
const auth = (user: string): object => ({ auth: Buffer.from(`${user}:of ${user}`).toString('base64') });

test('inputs are for their registry alone', async () => {
  const given = [{ registry: 'A.example:5000', username: 'u', password: 'p', input: 'registry-username' }];
  expect(await find('a.example:5000/app', given)).toEqual({
    ...{ username: 'u', secret: 'p', source: 'registry-username', from: 'input' },
  });
  for (const other of [
    'a.example/app',
    'a.example:5001/app',
    'b.a.example:5000/app',
    'docker.io/library/app',
  ]) {
    expect(await find(other, given)).toBeUndefined();
  }
});

test.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])('Docker Hub as %s', async (registry) => {
  const given = [{ registry, username: 'u', password: 'p', input: 'registry-credentials' }];
  expect((await find('docker.io/library/app', given))?.username).toBe('u');
  config({ auths: { 'https://index.docker.io/v1/': auth('hub') } });
  expect(await find(`${registry}/library/app`)).toMatchObject({ username: 'hub', secret: 'of hub' });
  expect(serverAddress(registry)).toBe('https://index.docker.io/v1/');
});

test('hosts', () => {
  expect(isSameRegistry('Docker.io', 'index.docker.io')).toBe(true);
  expect(isSameRegistry('localhost:5000', 'localhost')).toBe(false);
  expect(serverAddress('quay.io')).toBe('quay.io');
});

test('the longest scope counts, at whole path components', async () => {
  const scopes = [
    'q.example',
    'q.example/team',
    'q.example/team/app',
    'https://r.example/v2/',
    's.example/v1/',
  ];
  config({ auths: Object.fromEntries(scopes.map((scope, index) => [scope, auth(`u${index}`)])) });
  const users = [
    'q.example/other',
    'q.example/team/x',
    'q.example/team/app',
    'q.example/team/app/x',
    'q.example/teams',
  ];
  const found = await Promise.all(users.map((repository) => find(repository)));
  expect(found.map((login) => login?.username)).toEqual(['u0', 'u1', 'u2', 'u2', 'u0']);
  expect((await find('r.example/a'))?.username).toBe('u3');
  expect((await find('s.example/a'))?.username).toBe('u4');
  expect(await find('example/a')).toBeUndefined();
});

/** With one entry for each key, in this order and in the other. */
async function chosen(keys: readonly string[], repository: string, path?: string): Promise<unknown> {
  const users: unknown[] = [];
  for (const order of [keys, [...keys].reverse()]) {
    const auths = Object.fromEntries(order.map((key) => [key, auth(key.replaceAll(':', ';'))]));
    config({ auths }, path);
    users.push((await find(repository))?.username?.replaceAll(';', ':'));
  }
  const [user, again] = users;
  expect(again).toBe(user);
  return user;
}

test.each<[key: string, other: string]>([
  ['reg.example', 'https://reg.example'],
  ['reg.example', 'http://reg.example/v2/'],
  ['reg.example', 'reg.example/v1/'],
  ['reg.example/team', 'https://reg.example/a/very/long/url'],
])('%s comes before %s, in any order in the file', async (key, other) => {
  expect(await chosen([key, other], 'reg.example/team/app')).toBe(key);
});

const URL = 'https://index.docker.io/v1/';
const DOCKERS = '.docker/config.json';
const PODMANS = '.config/containers/auth.json';
test.each<[key: string, others: string[], registry: string, path: string]>([
  ['docker.io/me', [URL, 'index.docker.io', 'docker.io'], 'docker.io', DOCKERS],
  ['docker.io/me', [URL, 'index.docker.io', 'docker.io'], 'docker.io', PODMANS],
  ['docker.io/me/app', ['index.docker.io/me'], 'docker.io', PODMANS],
  [URL, ['docker.io', 'index.docker.io', 'registry-1.docker.io'], 'docker.io', DOCKERS],
  ['docker.io', [URL, 'index.docker.io', 'registry-1.docker.io'], 'docker.io', PODMANS],
  ['registry-1.docker.io', [URL, 'docker.io'], 'registry-1.docker.io', DOCKERS],
])('Docker Hub: %s comes before %j', async (key, others, registry, path) => {
  expect(await chosen([key, ...others], `${registry}/me/app`, path)).toBe(key);
});

/** A helper that has credentials for one address, and notes what it was asked for. */
function helperFor(address: string): { env: Record<string, string>; asked: () => string[] } {
  const [program, log] = [join(home, 'docker-credential-one'), join(home, 'asked')];
  const lines = [
    'read -r address',
    `echo "$address" >> '${log}'`,
    `if [ "$address" = '${address}' ]; then echo '{"Username":"u","Secret":"p"}'; exit; fi`,
    'echo credentials not found in native keychain; exit 1',
  ];
  writeFileSync(program, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  const asked = (): string[] => readFileSync(log, 'utf8').trim().split('\n');
  return { env: { PATH: `${home}:${process.env.PATH}` }, asked };
}

test.each<[key: string, stored: string, asked: string[]]>([
  ['docker.io', 'docker.io', ['docker.io']],
  ['docker.io', URL, ['docker.io', URL]],
  [URL, URL, [URL]],
  [URL, 'docker.io', [URL, 'docker.io']],
  ['index.docker.io', 'docker.io', ['index.docker.io', URL, 'docker.io']],
  ['reg.example', 'reg.example', ['reg.example']],
])('a helper under %s that has %s is asked for %j', async (key, stored, asked) => {
  config({ credHelpers: { [key]: 'one' } }, PODMANS);
  const helper = helperFor(stored);
  const repository = key === 'reg.example' ? 'reg.example/app' : 'docker.io/me/app';
  expect(await find(repository, [], helper.env)).toMatchObject({ username: 'u', from: 'helper' });
  expect(helper.asked()).toEqual(asked);
});

test('a helper with an empty name stands for the file; credsStore is not asked', async () => {
  const credHelpers = { 'a.example': '', 'https://index.docker.io/v1/': '' };
  config({ auths: { 'a.example': auth('of-file') }, credHelpers, credsStore: 'missing' });
  expect(await find('a.example/app')).toMatchObject({ username: 'of-file', from: 'file' });
  expect(await find('docker.io/library/app')).toBeUndefined();
  await expect(find('b.example/app')).rejects.toThrow('docker-credential-missing');
});

test('identity tokens, and passwords with colons', async () => {
  config({
    auths: { 'a.example': { ...auth('x'), identitytoken: 't' }, 'b.example': { auth: btoa('u:p:q\0') } },
  });
  expect(await find('a.example/a')).toMatchObject({ username: undefined, secret: 't' });
  expect(await find('b.example/a')).toMatchObject({ username: 'u', secret: 'p:q' });
});

test('the first file with an entry counts', async () => {
  const scopes = { first: 'auth.json', second: '.docker/config.json', third: 'run/containers/auth.json' };
  const env = { REGISTRY_AUTH_FILE: join(home, scopes.first) };
  for (const [user, path] of Object.entries(scopes).reverse()) {
    config({ auths: { 'a.example': auth(user) } }, path);
    expect((await find('a.example/a', [], env))?.username).toBe(user);
  }
});

test('helpers get the variables of their own service', () => {
  const from = {
    PATH: '/bin',
    AWS_PROFILE: '1',
    AZURE_CLIENT_ID: '2',
    GOOGLE_CLOUD_PROJECT: '3',
    GNUPGHOME: '4',
    X: '5',
  };
  const got = (helper: string): string[] => {
    const env = helperEnvironment(helper, from);
    return Object.keys(from).filter((name) => name !== 'PATH' && name in env);
  };
  expect(got('ecr-login')).toEqual(['AWS_PROFILE']);
  expect(got('acr-env')).toEqual(['AZURE_CLIENT_ID']);
  expect(got('gcr')).toEqual(['GOOGLE_CLOUD_PROJECT']);
  expect(got('pass')).toEqual(['GNUPGHOME']);
  expect(got('another')).toEqual(['AWS_PROFILE', 'AZURE_CLIENT_ID', 'GOOGLE_CLOUD_PROJECT', 'GNUPGHOME']);
});

test('the remedy of a helper that fails asks it for what this program asked it for', async () => {
  const program = join(home, 'docker-credential-broken');
  writeFileSync(program, '#!/bin/sh\ncat\nexit 1\n', { mode: 0o755 });
  config({ credsStore: 'broken' });
  const PATH = `${home}:${process.env.PATH}`;
  for (const [registry, asked] of [
    ['docker.io', 'https://index.docker.io/v1/'],
    ['quay.io', 'quay.io'],
  ]) {
    await expect(find(`${registry}/library/app`, [], { PATH })).rejects.toMatchObject({
      message: expect.stringContaining(` failed: ${asked}`),
      remedy: `Check it with: echo ${asked} | docker-credential-broken get`,
    });
  }
});
