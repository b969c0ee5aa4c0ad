/** Fault 80: a registry that names another host, in an upload's Location or in a redirect, gets no credentials there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { type FaultyProxy, type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { type ForeignHost, startForeignHost } from '../helpers/foreign-host.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const USER = 'someone';
const PASSWORD = 'password-5c1e';
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
const folder = testFolder();
const layout = join(folder, 'layout');
let registry: TestRegistry;
let foreign: ForeignHost;
let proxy: FaultyProxy;
let key: string[];
let trusted: string[];

beforeAll(async () => {
  registry = await startRegistry('fallback-tag', { htpasswd: { user: USER, password: PASSWORD } });
  await writeVectorImage(layout, ['simple-gzip']);
  const leaf = (await pki()).leaf('p256');
  key = ['--key', leaf.keyPath, '--certificate', leaf.chainPath];
  trusted = ['--trusted-certificate', leaf.caPath];
  await copyTo('signed');
  const { args, env } = LOGINS.inputs();
  const signed = `${registry.host}/signed:1`;
  const { status } = await cli(
    ['sign', signed, ...key, ...COMMON, '--oras-path', toolPath('oras'), ...args],
    {
      env,
    },
  );
  expect(status).toBe(0);
});
afterAll(() => registry.stop());
afterEach(async () => {
  await proxy?.stop();
  await foreign?.stop();
});

/** Copies the unsigned image to a repository. */
async function copyTo(repository: string): Promise<void> {
  const to = ['--to-plain-http', '--to-username', USER, '--to-password', PASSWORD];
  const argv = ['cp', '--from-oci-layout', `${layout}:vectors`, ...to, `${registry.host}/${repository}:1`];
  await run([toolPath('oras'), ...argv], { env: toolEnvironment({ HOME: folder }) });
}

const COMMON = ['--builder', 'native', '--plain-http', '--timeout', '20s'];

/** What the registry names another host for. */
const MISLEADS = {
  upload: ({ method }: SeenRequest) => method === 'POST',
  blob: ({ method, path }: SeenRequest) => method === 'GET' && path.includes('/blobs/'),
  manifest: ({ method, path }: SeenRequest) => method !== 'PUT' && path.includes('/manifests/'),
} as const;
type Misled = keyof typeof MISLEADS;

/** Starts a registry that sends clients who have logged in to `host`, at the foreign port. */
async function mislead(what: Misled, host: string): Promise<void> {
  foreign = await startForeignHost(async (path) => {
    if (!path.startsWith('/real/')) return undefined;
    const url = `http://${registry.host}${path.slice('/real'.length)}`;
    const response = await fetch(url, { headers: { authorization: BASIC } });
    return Buffer.from(await response.arrayBuffer());
  });
  proxy = await startFaultyProxy(registry.host, (request) => {
    if (request.authorization === undefined || !MISLEADS[what](request)) return undefined;
    const prefix = what === 'blob' ? '/real' : '/taken';
    const location = `http://${host}:${foreign.port}${prefix}${request.path}`;
    return { status: what === 'upload' ? 202 : 307, headers: { location } };
  });
}

/** The three ways to give credentials: arguments, and the environment with the files of docker and podman. */
const LOGINS = {
  inputs: () => ({
    args: ['--registry-username', USER, '--registry-password', 'env://PASSWORD'],
    env: { PASSWORD, HOME: folder },
  }),
  'an entry in config.json': () => {
    const home = join(folder, 'docker-home');
    mkdirSync(join(home, '.docker'), { recursive: true });
    const auth = BASIC.replace('Basic ', '');
    writeFileSync(
      join(home, '.docker/config.json'),
      JSON.stringify({ auths: { [`http://${proxy.host}/`]: { auth } } }),
    );
    return { args: [], env: { HOME: home } };
  },
  'a helper in config.json': () => {
    const home = join(folder, 'helper-home');
    mkdirSync(join(home, 'config'), { recursive: true });
    const helper = join(home, 'docker-credential-test');
    const answer = JSON.stringify({ Username: USER, Secret: PASSWORD });
    writeFileSync(helper, `#!/bin/sh\ncat >/dev/null\necho '${answer}'\n`, { mode: 0o755 });
    writeFileSync(join(home, 'config/config.json'), JSON.stringify({ credsStore: 'test' }));
    const path = `${home}:${toolEnvironment().PATH}`;
    return { args: [], env: { HOME: folder, DOCKER_CONFIG: join(home, 'config'), PATH: path } };
  },
} as const;
type Login = keyof typeof LOGINS;

/** The runs that reach the registry, and what it misleads them with. */
const RUNS = {
  'sign, upload': ['upload', (unsigned) => ['sign', `${proxy.host}/${unsigned}:1`, ...key]],
  'sign, layer': ['blob', (unsigned) => ['sign', `${proxy.host}/${unsigned}:1`, ...key]],
  'sign, manifest': ['manifest', (unsigned) => ['sign', `${proxy.host}/${unsigned}:1`, ...key]],
  'push-to': ['upload', () => ['sign', `oci:${layout}`, '--push-to', `${proxy.host}/new:1`, ...key]],
  'verify, layer': ['blob', () => ['verify', `${proxy.host}/signed:1`, ...trusted]],
  'verify, manifest': ['manifest', () => ['verify', `${proxy.host}/signed:1`, ...trusted]],
} as const satisfies Record<string, readonly [Misled, (unsigned: string) => string[]]>;
type Run = keyof typeof RUNS;

let repositories = 0;

async function start(which: Run, login: Login, oras: string): Promise<CliResult> {
  const { args, env } = LOGINS[login]();
  repositories += 1;
  const unsigned = `app-${repositories}`;
  if (which.startsWith('sign')) await copyTo(unsigned);
  const argv = [...RUNS[which][1](unsigned), ...COMMON, '--oras-path', toolPath(oras), ...args];
  return cli(argv, { env });
}

/** What oras 1.2 is refused for. */
const SOURCES: Record<Login, string> = {
  inputs: 'registry-username',
  'an entry in config.json': 'an entry in ',
  'a helper in config.json': 'a credential helper in ',
};
const HOSTS = ['localhost', '127.0.0.1'];
const RUN_NAMES = Object.keys(RUNS) as Run[];
const OTHER_LOGINS = (Object.keys(LOGINS) as Login[]).filter((login) => login !== 'inputs');

test('oras 1.2 sends them there: the foreign host of these tests would see it', async () => {
  await mislead('upload', 'localhost');
  const file = join(folder, 'content');
  writeFileSync(file, 'content');
  const argv = ['blob', 'push', '--plain-http', '--username', USER, '--password-stdin'];
  const options = { env: toolEnvironment({ HOME: folder }), stdin: PASSWORD, cwd: folder };
  // The foreign host asks for credentials first, so that this run may fail.
  await run([toolPath('oras-1.2'), ...argv, `${proxy.host}/app`, 'content'], options).catch(() => undefined);
  expect(foreign.arrived.map(({ authorization }) => authorization)).toContain(BASIC);
});

test.each<[Run, string, Login]>([
  ...RUN_NAMES.flatMap((which) => HOSTS.map((host): [Run, string, Login] => [which, host, 'inputs'])),
  ...OTHER_LOGINS.map((login): [Run, string, Login] => ['sign, upload', '127.0.0.1', login]),
])('fault 80: %s, to another port of %s, credentials by %s: none leave', async (which, host, login) => {
  const [what] = RUNS[which];
  await mislead(what, host);
  const { status, stderr } = await start(which, login, 'oras');
  expect(foreign.arrived.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  // The registry did get the credentials, and did mislead.
  expect(proxy.requests.some(({ authorization }) => authorization === BASIC)).toBe(true);
  expect(proxy.requests.filter(MISLEADS[what]).length).toBeGreaterThan(0);
  // Registries serve layers by a redirect to another host, without credentials. All else is refused.
  expect({ stderr, succeeds: status === 0 }).toEqual({ stderr, succeeds: what === 'blob' });
});

test.each<[Run, Login]>([
  ...RUN_NAMES.map((which): [Run, Login] => [which, 'inputs']),
  ...OTHER_LOGINS.map((login): [Run, Login] => ['sign, upload', login]),
])('fault 80: %s with oras 1.2, credentials by %s: refused before any request', async (which, login) => {
  await mislead(RUNS[which][0], 'localhost');
  const { status, stdout, stderr } = await start(which, login, 'oras-1.2');
  expect(stdout + stderr).toContain(
    `oras 1.2.0 can send the credentials for ${proxy.host} (${SOURCES[login]}`,
  );
  expect(stdout + stderr).toContain('Install oras 1.3.3 or later, or set oras-path to one');
  expect(status).not.toBe(0);
  expect([...proxy.requests, ...foreign.arrived]).toEqual([]);
});

test('fault 80: oras 1.2 without credentials works, with a warning', async () => {
  const open = await startRegistry('referrers-api');
  try {
    const oras = ['--oras-path', toolPath('oras-1.2')];
    const argv = ['sign', `oci:${layout}`, '--push-to', `${open.host}/app:1`, ...key, ...COMMON, ...oras];
    const { status, stderr } = await cli(argv, { env: { HOME: folder } });
    expect({ status, stderr }).toEqual({ status: 0, stderr });
    expect(stderr).toContain('oras 1.2.0 can send credentials to another host that the registry names');
    expect(stderr).toContain(`there are none for ${open.host}`);
  } finally {
    await open.stop();
  }
});
