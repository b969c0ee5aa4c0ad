/**
 * What hostile programs see of a run's secrets: stand-ins for mkfs.erofs, oras and a plugin look through
 * environments, command lines, descriptors and files. They run beside the CLI and the Actions as three users.
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inputVariables } from '../helpers/action-files.ts';
import { installPlugin } from '../helpers/notation-plugin.ts';
import { openssl, pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { type StandIns, standIns } from '../helpers/stand-ins/stand-ins.ts';
import { commandLine, type Ended, start } from '../helpers/stand-ins/start.ts';
import { testFolder } from '../helpers/temp.ts';
import { type UserWay, userWays } from '../helpers/users.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const CLI = programPath('cli');
const CARELESS = source('../helpers/stand-ins/careless-cli.ts');
const ACTIONS = {
  action: programPath('sign-action'),
  'verify-action': programPath('verify-action'),
};

const folder = testFolder(0o755);
/** Where mkfs.erofs cannot be confined; it sees nothing of other processes where it can (fault 75). */
const ways = userWays(folder, false);
const [asRoot] = ways as [UserWay];
const secret = (name: string): string => `${name}-${randomUUID()}`;
const PASSWORD = secret('password');
const PASSPHRASE = secret('passphrase');
/** For other programs, and for clients that a run with this key does not use. */
const AMBIENT = Object.fromEntries(
  [
    ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'VAULT_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    ...['ACTIONS_RUNTIME_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'NPM_TOKEN', 'NODE_AUTH_TOKEN'],
    ...['DOCKER_AUTH_CONFIG', 'NOTATION_PASSWORD', 'A_NAME_THAT_NO_LIST_HAS'],
  ].map((name) => [name, secret('ambient')]),
);

let registry: TestRegistry;
/** An encrypted PEM key, and a line of it. */
let key: { pem: string; line: string };
let certificate: string;
let trusted: string;

beforeAll(async () => {
  registry = await startRegistry('fallback-tag', { htpasswd: { user: 'ci', password: PASSWORD } });
  const { keyPath, fullChainPath, caPath } = (await pki()).leaf('p256');
  const passout = ['-passout', `pass:${PASSPHRASE}`];
  const encrypted = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', keyPath, ...passout];
  const pem = (await openssl(encrypted, folder)).toString();
  key = { pem, line: pem.split('\n')[1] ?? '' };
  expect(key.line).toHaveLength(64);
  certificate = join(folder, 'chain.pem');
  trusted = join(folder, 'root.pem');
  cpSync(fullChainPath, certificate);
  cpSync(caPath, trusted);
  for (const path of [certificate, trusted]) chmodSync(path, 0o644);
});
afterAll(() => registry.stop());

interface Place {
  own: string;
  layout: string;
  programs: StandIns;
  /** Options of every run. */
  options: Record<string, string>;
}

let places = 0;
/** Folders, image and stand-ins of one run, open to every user. */
async function place(secrets: Record<string, string>, drain = false): Promise<Place> {
  places += 1;
  const own = join(folder, `run-${places}`);
  for (const path of [own, join(own, 'temp')]) {
    mkdirSync(path);
    chmodSync(path, 0o777);
  }
  const layout = join(own, 'layout');
  await writeVectorImage(layout, ['simple-gzip']);
  for (const path of [layout, join(layout, 'blobs/sha256'), join(layout, 'index.json')])
    chmodSync(path, 0o777);
  const programs = standIns(join(own, 'programs'), secrets, [own], drain);
  const options = {
    builder: 'mkfs',
    'temp-dir': join(own, 'temp'),
    'plain-http': 'true',
    'registry-username': 'ci',
    'mkfs-path': programs.mkfs,
    'oras-path': programs.oras,
  };
  return { own, layout, programs, options };
}

function signing(to: string): Record<string, string> {
  const pushed = { 'push-to': `${registry.host}/${to}` };
  return { key: 'env://SIGNING_KEY', 'key-passphrase': 'env://PASSPHRASE', certificate, ...pushed };
}

/** What a run with the PEM key gets by its environment. */
const environment = (): Record<string, string> => ({ SIGNING_KEY: key.pem, PASSPHRASE, ...AMBIENT });
const planted = (): Record<string, string> => ({ SIGNING_KEY: key.line, PASSPHRASE, PASSWORD, ...AMBIENT });

/**
 * The stand-ins looked while the run lasted, could read what they looked at, and found nothing.
 *
 * @param mapped whether mkfs.erofs runs in a user namespace, from which it may not read environments of others
 */
function expectNothingFound({ programs }: Place, names: readonly string[], mapped: boolean): void {
  const looks = programs.looks();
  expect([...new Set(looks.map(({ program }) => program))].sort()).toEqual([...names].sort());
  for (const { program, read, environments, main, found } of looks) {
    expect({ program, found }).toEqual({ program, found: [] });
    expect(main).toBeGreaterThan(0);
    expect(read['command line']).toBeGreaterThan(1);
    expect(read.file).toBeGreaterThan(3);
    if (program === 'oras') expect(environments).toContain(main);
    if (program === 'oras') expect(read.descriptor).toBeGreaterThan(10);
  }
  for (const name of names) {
    const read = looks.some(
      ({ program, environments, main }) => program === name && environments.includes(main),
    );
    expect([name, read]).toEqual([name, name !== 'mkfs.erofs' || !mapped]);
  }
}

const BOTH = ['mkfs.erofs', 'oras'];
const isMapped = ({ name }: UserWay): boolean => name.includes('user namespace');

describe.each(ways)('$name', (way) => {
  test('fault 74: mkfs.erofs and oras see no secret of the CLI', async () => {
    const there = await place(planted());
    const password = { 'registry-password': 'env://REGISTRY_PASSWORD' };
    const env = { ...environment(), REGISTRY_PASSWORD: PASSWORD };
    const name = `cli-${places}:v1`;
    const options = { ...there.options, ...password };
    const sign = commandLine('sign', `oci:${there.layout}`, { ...options, ...signing(name) });
    expect(await start(way, there.own, [CLI, ...sign], env)).toMatchObject({ status: 0 });
    const verify = commandLine('verify', `${registry.host}/${name}`, {
      ...options,
      'trusted-certificate': trusted,
    });
    expect(await start(way, there.own, [CLI, ...verify], env)).toMatchObject({ status: 0 });
    expectNothingFound(there, BOTH, isMapped(way));
  });

  test('fault 74: mkfs.erofs and oras see no secret of the Actions', async () => {
    const there = await place(planted());
    const name = `action-${places}:v1`;
    const given = { ...there.options, 'registry-password': PASSWORD, install: 'false' };
    const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((file) => {
      const path = join(there.own, file);
      writeFileSync(path, '');
      chmodSync(path, 0o666);
      return [file, path] as const;
    });
    const run = (surface: keyof typeof ACTIONS, more: Record<string, string>): Promise<Ended> =>
      start(way, there.own, [ACTIONS[surface]], {
        ...Object.fromEntries(files),
        ...environment(),
        ...inputVariables(surface, { ...given, ...more }),
      });
    const signed = await run('action', { image: `oci:${there.layout}`, ...signing(name) });
    expect(signed).toMatchObject({ status: 0 });
    const verified = await run('verify-action', {
      image: `${registry.host}/${name}`,
      'trusted-certificate': trusted,
    });
    expect(verified).toMatchObject({ status: 0 });
    expectNothingFound(there, BOTH, isMapped(way));
    for (const [, path] of files) expect(readFileSync(path, 'utf8')).not.toBe('');
  });

  test('fault 74: a plugin sees its own credentials alone', async () => {
    const service = { AZURE_CLIENT_SECRET: secret('service') };
    const { AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, VAULT_TOKEN, ...withheld } = AMBIENT;
    const { ACTIONS_ID_TOKEN_REQUEST_TOKEN, A_NAME_THAT_NO_LIST_HAS, ...others } = withheld;
    const there = await place({ PASSWORD, ...service, ...others });
    // Not where the stand-ins look: the plugin of the tests logs its environment.
    const libexec = join(folder, `libexec-${places}`);
    const plugin = await installPlugin(libexec, { key: 'p256', first: there.programs.inPlugin });
    chmodSync(join(libexec, `${plugin.name}.log`), 0o666);
    const { key: _key, 'key-passphrase': _passphrase, ...to } = signing(`plugin-${places}:v1`);
    const options = { ...there.options, ...to, key: plugin.reference };
    const argv = commandLine('sign', `oci:${there.layout}`, {
      ...options,
      'registry-password': 'env://REGISTRY_PASSWORD',
    });
    const env = { ...others, ...service, REGISTRY_PASSWORD: PASSWORD, NOTATION_LIBEXEC: libexec };
    expect(await start(way, there.own, [CLI, ...argv], env)).toMatchObject({ status: 0 });

    const looks = there.programs.looks();
    const inPlugin = looks.filter(({ program }) => program === 'plugin');
    expect(inPlugin.length).toBeGreaterThan(2);
    for (const { main, environments, found } of inPlugin) {
      expect(environments).toContain(main);
      const [own, ...more] = found;
      expect(more).toEqual([]);
      expect(own).toMatchObject({ secret: 'AZURE_CLIENT_SECRET', kind: 'environment' });
      expect(own?.pid).not.toBe(main);
    }
    const rest = looks.filter(({ program }) => program !== 'plugin');
    expect([...new Set(rest.map(({ program }) => program))].sort()).toEqual(BOTH);
    expect(rest.flatMap(({ found }) => found)).toEqual([]);
    for (const { env: got } of plugin.calls()) expect(got).toMatchObject(service);
  });

  test('the stand-ins find what is there', async () => {
    const PLANTED = secret('planted');
    const there = await place({ PLANTED });
    const options = { ...there.options, ...signing(`careless-${places}:v1`) };
    const argv = commandLine('sign', `oci:${there.layout}`, {
      ...options,
      'registry-password': 'env://REGISTRY_PASSWORD',
    });
    const more = { REGISTRY_PASSWORD: PASSWORD, PLANTED, CARELESS_FOLDER: there.own };
    const ended = await start(way, there.own, [CARELESS, ...argv], { ...environment(), ...more });
    expect(ended).toMatchObject({ status: 0 });
    const kinds = (name: string): string[] => {
      const looks = there.programs.looks().filter(({ program }) => program === name);
      return [...new Set(looks.flatMap(({ found }) => found.map(({ kind }) => kind)))].sort();
    };
    const all = ['command line', 'descriptor', 'environment', 'file'];
    expect(kinds('oras')).toEqual(all);
    expect(kinds('mkfs.erofs')).toEqual(isMapped(way) ? ['command line', 'file'] : all);
  });
});

test('fault 74: a system that keeps the environment visible is warned of, but not for help', async () => {
  const there = await place({});
  // Node's permissions stand for such a system: /proc/self/mem may not be written.
  const permissions = ['--permission', '--allow-fs-read=*', `--allow-fs-write=${there.own}`];
  const node = [...permissions, '--allow-child-process', '--allow-worker', CLI];
  const inspected = await start(asRoot, there.own, [...node, 'inspect', `oci:${there.layout}`], AMBIENT);
  expect(inspected.status).toBe(0);
  expect(inspected.output).toMatch(/^warning: \/proc\/\d+\/environ still shows the environment \(/m);
  const help = await start(asRoot, there.own, [...node, '--help'], AMBIENT);
  expect(help.status).toBe(0);
  expect(help.output).not.toContain('environ');
});

test('fault 74: a key in an open file is read and closed before anything foreign runs', async () => {
  const there = await place(planted());
  const path = join(there.own, 'key');
  writeFileSync(path, key.pem, { mode: 0o644 });
  const argv = commandLine('sign', `oci:${there.layout}`, {
    ...there.options,
    ...signing(`descriptor-${places}:v1`),
    key: '/dev/fd/9',
    'registry-password': '/dev/stdin',
  });
  // The file is gone: the descriptor alone leads to it.
  const script = `exec 9<'${path}'; rm '${path}'; echo '${PASSWORD}' | "$@"`;
  const wrap = (words: readonly string[]) => asRoot.wrap(['sh', '-c', script, 'sh', ...words]);
  const nested: UserWay = { name: asRoot.name, wrap };
  const env = { PASSPHRASE, ...AMBIENT };
  expect(await start(nested, there.own, [CLI, ...argv], env)).toMatchObject({ status: 0 });
  expectNothingFound(there, BOTH, false);
});

test('fault 74: nothing is in a pipe that mkfs.erofs can read away', async () => {
  const there = await place(planted(), true);
  const argv = commandLine('sign', `oci:${there.layout}`, {
    ...there.options,
    ...signing('unused:v1'),
    'registry-password': 'env://REGISTRY_PASSWORD',
  });
  const env = { ...environment(), REGISTRY_PASSWORD: PASSWORD };
  // With its pipes read away the process itself may wait for ever.
  const looked = (): boolean => there.programs.looks().length > 0;
  await start(asRoot, there.own, [CLI, ...argv], env, looked);
  const [look] = there.programs.looks();
  expect(look).toMatchObject({ program: 'mkfs.erofs', found: [] });
  expect(look?.read.descriptor).toBeGreaterThan(20);
});
