import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findCredentials } from '../../../../src/oci/oras/credentials.ts';
import type { RegistryCredentials } from '../../../../src/oci/oras/login/logins.ts';

const HOST = 'registry.example:5000';
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'credentials-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Writes a file below the home folder. */
function write(path: string, content: unknown): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const find = (env: Record<string, string> = {}, registry = HOST, given: RegistryCredentials[] = []) =>
  findCredentials(registry, given, { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), ...env });
const entry = { auths: { [HOST]: { auth: 'eDp5' } } };

test('none', async () => {
  expect(await find()).toBeUndefined();
  write('.docker/config.json', '');
  expect(await find()).toBeUndefined();
});

test('those of the inputs, for their registry alone', async () => {
  const given = { username: 'someone', password: 'x', input: 'registry-username' };
  expect(await find({}, HOST, [{ registry: HOST, ...given }])).toBe('registry-username');
  expect(await find({}, HOST, [{ registry: 'registry.example', ...given }])).toBeUndefined();
});

describe("docker's file", () => {
  test.each<[string, object]>([
    ['an entry', entry],
    ['an entry', { auths: { [`https://${HOST}/v1/`]: { identitytoken: 'x' } } }],
    ['an entry', { auths: { [HOST.toUpperCase()]: { auth: 'eDp5' } } }],
    ['a credential helper', { credHelpers: { [HOST]: 'ecr-login' } }],
    ['a credential helper', { credsStore: 'desktop' }],
    ['a credential helper', { auths: { [HOST]: {} }, credsStore: 'desktop' }],
  ])('%s: %j', async (what, config) => {
    const file = write('.docker/config.json', config);
    expect(await find()).toBe(`${what} in ${file}`);
  });

  test.each<[object | string]>([
    [{ auths: { 'registry.example': { auth: 'eDp5' } } }],
    [{ auths: { [HOST]: {} } }],
    [{ auths: {}, credHelpers: { 'other.example': 'x', [HOST]: '' }, credsStore: '' }],
    ['[]'],
    ['null'],
  ])('nothing for this registry: %j', async (config) => {
    write('.docker/config.json', config);
    expect(await find()).toBeUndefined();
  });

  test('that only Go can read counts', async () => {
    const file = write('.docker/config.json', `${JSON.stringify(entry)} and more`);
    expect(await find()).toBe(`a file that cannot be read: ${file}`);
  });

  test('is where DOCKER_CONFIG says', async () => {
    const file = write('elsewhere/config.json', entry);
    expect(await find()).toBeUndefined();
    expect(await find({ DOCKER_CONFIG: join(home, 'elsewhere') })).toBe(`an entry in ${file}`);
    expect(await find({ DOCKER_CONFIG: '' })).toBeUndefined();
  });

  test.each(['docker.io', 'index.docker.io', 'registry-1.docker.io'])(
    'has Docker Hub under its old name: %s',
    async (name) => {
      const file = write('.docker/config.json', {
        auths: { 'https://index.docker.io/v1/': { auth: 'eDp5' } },
      });
      expect(await find({}, name)).toBe(`an entry in ${file}`);
    },
  );
});

describe("podman's file", () => {
  test.each<[string, (home: string) => Record<string, string>]>([
    ['run/containers/auth.json', () => ({})],
    ['.config/containers/auth.json', () => ({})],
    ['xdg/containers/auth.json', (folder) => ({ XDG_CONFIG_HOME: join(folder, 'xdg') })],
    ['auth.json', (folder) => ({ REGISTRY_AUTH_FILE: join(folder, 'auth.json') })],
  ])('%s, with a repository in its key', async (path, env) => {
    const file = write(path, { auths: { [`${HOST}/team/app`]: { auth: 'eDp5' } } });
    expect(await find(env(home))).toBe(`an entry in ${file}`);
    expect(await find(env(home), 'other.example')).toBeUndefined();
  });
});
