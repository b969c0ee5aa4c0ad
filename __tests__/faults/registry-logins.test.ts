/** Fault 95, credentials: where they are found, what helpers get, and what a run says when there is trouble. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliOptions, type CliResult, cli } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const USER = 'someone';
const PASSWORD = 'password-8e20';
const auth = (password = PASSWORD): string => Buffer.from(`${USER}:${password}`).toString('base64');
const folder = testFolder(0o755);
let registry: TestRegistry;
let proxy: FaultyProxy;
let signer: Record<string, string>;
const key = ['--key', 'env://KEY', '--certificate', 'env://CHAIN'];

beforeAll(async () => {
  registry = await startRegistry('fallback-tag', { htpasswd: { user: USER, password: PASSWORD } });
  proxy = await startFaultyProxy(registry.host, () => undefined);
  await writeVectorImage(join(folder, 'layout'), ['simple-gzip']);
  const to = ['--to-plain-http', '--to-username', USER, '--to-password', PASSWORD];
  const argv = ['cp', '--from-oci-layout', `${join(folder, 'layout')}:vectors`, ...to];
  await run([toolPath('oras'), ...argv, `${registry.host}/team/app:1`], {
    env: toolEnvironment({ HOME: folder }),
  });
  const leaf = (await pki()).leaf('p256');
  // In variables: another user may not be able to read the files.
  signer = { KEY: readFileSync(leaf.keyPath, 'utf8'), CHAIN: readFileSync(leaf.chainPath, 'utf8') };
});
afterAll(async () => {
  await proxy.stop();
  await registry.stop();
});

let home: string;
let homes = 0;
beforeEach(() => {
  homes += 1;
  home = join(folder, `home-${homes}`);
  mkdirSync(join(home, 'temp'), { recursive: true });
  chmodSync(join(home, 'temp'), 0o777);
  proxy.requests.length = 0;
});

/** Writes a file below the home folder. */
function write(path: string, content: unknown, mode = 0o644): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  return file;
}

const entry = (value: object = { auth: auth() }, scope = ''): object => ({
  auths: { [`${proxy.host}${scope}`]: value },
});

/** A credential helper: a shell script in a folder that PATH begins with. */
function helper(name: string, body: string, mode = 0o755): Record<string, string> {
  const lines = ['#!/bin/sh', '# Strict stand-in of a credential helper.', '[ "$*" = get ] || exit 9', body];
  write(`bin/docker-credential-${name}`, `${lines.join('\n')}\n`, mode);
  return { PATH: `${join(home, 'bin')}:${toolEnvironment().PATH}` };
}

const ANSWER = `cat >"$0.asked"; env >"$0.env"; echo '${JSON.stringify({ Username: USER, Secret: PASSWORD })}'`;

function withHelper(name: string, path = '.docker/config.json'): string {
  return write(path, { credHelpers: { [proxy.host]: name } });
}

async function start(
  env: Record<string, string> = {},
  options: CliOptions & { args?: string[] } = {},
): Promise<CliResult> {
  const { args = [], ...more } = options;
  const common = ['--plain-http', '--temp-dir', join(home, 'temp'), '--oras-path', toolPath('oras')];
  const argv = ['sign', `${proxy.host}/team/app:1`, ...key, ...common, ...args];
  const base = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run') };
  const result = await cli(argv, { cwd: home, ...more, env: { ...base, ...signer, ...env } });
  expect(readdirSync(join(home, 'temp'))).toEqual([]);
  for (const secret of [PASSWORD, auth()]) expect(result.stderr + result.stdout).not.toContain(secret);
  return result;
}

async function works(env: Record<string, string> = {}, args: string[] = []): Promise<void> {
  const { status, stderr } = await start(env, { args });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
}

/** The one line of the failure. Nothing was written to the registry. */
async function fails(
  status: number,
  env: Record<string, string> = {},
  options: CliOptions & { args?: string[] } = {},
): Promise<string> {
  const result = await start(env, options);
  expect({ ...result, status: result.status }).toEqual({ ...result, status });
  expect(proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  const lines = result.stderr.split('\n').filter((line) => line.startsWith('verity-sign: '));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

describe('fault 95: credentials are found where skopeo, podman, docker and crane look', () => {
  const places: [string, Record<string, string>][] = [
    ['.docker/config.json', {}],
    ['docker/config.json', { DOCKER_CONFIG: 'docker' }],
    ['run/containers/auth.json', {}],
    ['.config/containers/auth.json', {}],
    ['some/auth.json', { REGISTRY_AUTH_FILE: 'some/auth.json' }],
  ];
  test.each(places)('%s, %j: relative paths too', async (path, env) => {
    write(path, entry());
    await works(env);
  });

  test('XDG_CONFIG_HOME and XDG_RUNTIME_DIR count if they are absolute, as their specification says', async () => {
    for (const name of ['XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR']) {
      write('xdg/containers/auth.json', entry());
      expect(await fails(6, { [name]: 'xdg' })).toContain('requires credentials');
      await works({ [name]: join(home, 'xdg') });
      proxy.requests.length = 0;
    }
  });

  test.each<[string, () => object]>([
    ['a repository', () => entry(undefined, '/team/app')],
    [
      'a namespace, before the registry',
      () => ({ auths: { [proxy.host]: { auth: auth('no') }, ...inTeam() } }),
    ],
    ['a URL', () => ({ auths: { [`https://${proxy.host}/v1/`]: { auth: auth() } } })],
    ['user name and password', () => entry({ username: USER, password: PASSWORD })],
  ])('an entry for %s', async (_what, content) => {
    write('run/containers/auth.json', content());
    await works();
  });

  const inTeam = (): object => ({ [`${proxy.host}/team`]: { auth: auth() } });

  test('an entry for another repository is not sent', async () => {
    write('run/containers/auth.json', entry(undefined, '/tea'));
    expect(await fails(6)).toContain('the registry requires credentials with pull permission');
    expect(proxy.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  test('REGISTRY_AUTH_FILE comes first, and a file without an entry is passed over', async () => {
    write('.docker/config.json', entry({ auth: auth('old') }));
    const REGISTRY_AUTH_FILE = write('auth.json', entry());
    await works({ REGISTRY_AUTH_FILE });
    write('.docker/config.json', { auths: { 'other.example': { auth: auth() } } });
    write('run/containers/auth.json', entry());
    await works();
  });
});

describe('fault 95: credential helpers', () => {
  const ambient = {
    AWS_SECRET_ACCESS_KEY: 'aws-secret-31',
    AWS_REGION: 'eu-central-1',
    GOOGLE_APPLICATION_CREDENTIALS: '/secret/google.json',
    CLOUDSDK_CONFIG: '/secret/gcloud',
    AZURE_CLIENT_SECRET: 'azure-secret-31',
    GITHUB_TOKEN: 'github-secret-31',
    A_NAME_THAT_NO_LIST_HAS: 'ambient-31',
  };
  const cases: [string, RegExp][] = [
    ['ecr-login', /^AWS_/],
    ['gcloud', /^(GOOGLE|CLOUDSDK)_/],
    ['acr-env', /^AZURE_/],
    ['of-our-own', /^(AWS|GOOGLE|CLOUDSDK|AZURE)_/],
  ];

  test.each(cases)('%s gets the variables of its service; oras gets none', async (name, own) => {
    withHelper(name);
    const path = helper(name, ANSWER);
    const oras = write(
      'bin/spying-oras',
      `#!/bin/sh\ncat /proc/$$/environ >> "${home}/seen-by-oras"\nexec '${toolPath('oras')}' "$@"\n`,
      0o755,
    );
    await works({ ...path, ...ambient }, ['--oras-path', oras]);
    const seen = readFileSync(join(home, `bin/docker-credential-${name}.env`), 'utf8');
    const got = Object.entries(ambient).filter(([, value]) => seen.includes(value));
    expect(got.map(([variable]) => variable)).toEqual(
      Object.keys(ambient).filter((variable) => own.test(variable)),
    );
    expect(readFileSync(join(home, `bin/docker-credential-${name}.asked`), 'utf8')).toBe(proxy.host);
    const byOras = readFileSync(join(home, 'seen-by-oras'), 'utf8');
    for (const secret of [...Object.values(ambient), PASSWORD]) expect(byOras).not.toContain(secret);
  });

  test('of podman and of credsStore; one that has nothing is passed over', async () => {
    write('.config/containers/auth.json', { credHelpers: { [proxy.host]: 'two' } });
    write('.docker/config.json', { credsStore: 'one' });
    helper('one', "cat >/dev/null; echo 'credentials not found in native keychain'; exit 1");
    await works(helper('two', ANSWER));
    // A login for one registry beside a helper for another.
    write('.docker/config.json', { credsStore: 'one', ...entry() });
    write('.config/containers/auth.json', '{');
    await works(helper('two', 'exit 1'));
  });

  test('an identity token is sent as one', async () => {
    withHelper('acr-env');
    const env = helper('acr-env', `cat >/dev/null; echo '{"Username":"<token>","Secret":"${PASSWORD}"}'`);
    // This registry takes no tokens: it must not be sent as a password.
    await fails(6, env);
    const sent = proxy.requests.flatMap(({ authorization }) => authorization ?? []);
    expect(sent.filter((value) => Buffer.from(value.slice(6), 'base64').includes(PASSWORD))).toEqual([]);
  });

  test('is asked again when what it returned has expired', async () => {
    withHelper('expiring');
    // The first answer is not valid any more.
    const body = `[ -e "$0.asked" ] && { ${ANSWER}; exit; }; cat >"$0.asked"; echo '{"Username":"${USER}","Secret":"old"}'`;
    await works(helper('expiring', body));
  });

  const broken: [string, string, RegExp, RegExp][] = [
    [
      'fails',
      "cat >/dev/null; echo 'operation error ECR: no EC2 IMDS role found'; exit 1",
      /failed: operation error ECR: no EC2 IMDS role found/,
      /\. Check it with: echo \S+ \| docker-credential-broken get$/,
    ],
    [
      'prints no JSON',
      `cat >/dev/null; echo '${PASSWORD}'`,
      /printed no credentials/,
      /\. Update the helper, or set registry-username/,
    ],
    [
      'prints JSON and fails',
      `cat >/dev/null; echo '{"Secret":"${PASSWORD}"}'; echo why >&2; exit 1`,
      /failed: why\./,
      /Check it with/,
    ],
  ];
  test.each(broken)('that %s is named, with its file', async (_what, body, message, remedy) => {
    const file = withHelper('broken');
    const line = await fails(4, helper('broken', body));
    expect(line).toContain(
      `the credential helper docker-credential-broken, which ${file} names for ${proxy.host}`,
    );
    expect(line).toMatch(message);
    expect(line).toMatch(remedy);
    expect(proxy.requests).toEqual([]);
  });

  test('that is missing or cannot be started is named', async () => {
    const file = withHelper('missing');
    expect(await fails(4)).toContain(
      `the credential helper docker-credential-missing, which ${file} names for ${proxy.host}, is not installed. Put docker-credential-missing in a folder of PATH`,
    );
    withHelper('plain');
    expect(await fails(4, helper('plain', ANSWER, 0o644), { unprivileged: true })).toContain(
      'docker-credential-plain, which',
    );
    withHelper('../evil');
    expect(await fails(4)).toContain('names a credential helper that is not a plain name');
    expect(existsSync(join(home, 'evil'))).toBe(false);
  });
});

describe('fault 95: files with credentials', () => {
  test.each(['.docker/config.json', 'run/containers/auth.json', '.config/containers/auth.json'])(
    '%s that is cut is named',
    async (path) => {
      const file = write(path, JSON.stringify(entry()).slice(0, -9));
      expect(await fails(4)).toContain(
        `${file} with registry credentials is not complete JSON. Repair the file, or remove it and log in again`,
      );
      expect(proxy.requests).toEqual([]);
    },
  );

  test('push-to looks at them before any work', async () => {
    write('.docker/config.json', '{');
    const index = readFileSync(join(folder, 'layout/index.json'), 'utf8');
    const argv = ['sign', `oci:${join(folder, 'layout')}`, '--push-to', `${proxy.host}/new:1`, ...key];
    const oras = ['--plain-http', '--oras-path', toolPath('oras')];
    const { status, stderr } = await cli([...argv, ...oras], { env: { HOME: home, ...signer } });
    expect([status, stderr]).toEqual([4, expect.stringContaining('is not complete JSON')]);
    expect(readFileSync(join(folder, 'layout/index.json'), 'utf8')).toBe(index);
    expect(proxy.requests).toEqual([]);
  });

  test('push-to looks at those of each repository before any work', async () => {
    // podman's files may have an entry for one repository; what this one has is no user name and password.
    const auths = { [proxy.host]: { auth: auth() }, [`${proxy.host}/second`]: { auth: 'AAAA' } };
    write('.config/containers/auth.json', { auths });
    const index = readFileSync(join(folder, 'layout/index.json'), 'utf8');
    const tags = ['--push-to', `${proxy.host}/first:1`, '--push-to', `${proxy.host}/second:1`];
    const oras = ['--plain-http', '--oras-path', toolPath('oras')];
    const argv = ['sign', `oci:${join(folder, 'layout')}`, ...tags, ...key, ...oras];
    const { status, stderr } = await cli(argv, { env: { HOME: home, ...signer } });
    expect([status, stderr]).toEqual([4, expect.stringContaining('auth.json')]);
    expect(readFileSync(join(folder, 'layout/index.json'), 'utf8')).toBe(index);
    expect(proxy.requests).toEqual([]);
  });

  test('that this user may not read is named', async () => {
    const file = write('.docker/config.json', entry(), 0o600);
    expect(await fails(4, {}, { unprivileged: true })).toContain(
      `${file} with registry credentials cannot be read (EACCES). Let this user read the file`,
    );
  });

  test("podman's default file of another user is as good as absent", async () => {
    write('run/containers/auth.json', entry(), 0o600);
    write('.config/containers/auth.json', entry());
    const { status, stderr } = await start({}, { unprivileged: true });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  });

  test('that is a folder is named', async () => {
    mkdirSync(join(home, '.docker/config.json'), { recursive: true });
    expect(await fails(4)).toContain('config.json with registry credentials cannot be read (EISDIR)');
  });

  test.each([{ auth: 'AAAA' }, { registrytoken: 'x' }, { username: USER }])(
    'with the entry %j',
    async (value) => {
      const file = write('.docker/config.json', entry(value));
      expect(await fails(4)).toContain(
        `${file} with registry credentials has an entry for ${proxy.host} with`,
      );
    },
  );
});

describe('fault 95: 401', () => {
  test('without credentials: log in', async () => {
    expect(await fails(6)).toMatch(/requires credentials with pull permission .*Log in first/);
  });

  test('with those of the inputs: check them', async () => {
    const args = ['--registry-username', USER, '--registry-password', 'env://SECRET'];
    expect(await fails(6, { SECRET: 'wrong' }, { args })).toMatch(
      /the registry rejects the credentials for \S+ \(registry-username\).*\. Check registry-username: user name or password is wrong/,
    );
  });

  test('with an entry of a file: log in again', async () => {
    const file = write('.docker/config.json', entry({ auth: auth('wrong') }));
    const line = await fails(6);
    expect(line).toContain(
      `the registry rejects the credentials for ${proxy.host}/team/app:1 (the entry in ${file})`,
    );
    expect(line).toContain(`. Log in to ${proxy.host} again`);
  });

  test('with those of a helper: check the account', async () => {
    withHelper('wrong');
    const env = helper('wrong', `cat >/dev/null; echo '{"Username":"${USER}","Secret":"wrong"}'`);
    expect(await fails(6, env)).toMatch(
      /rejects the credentials for \S+ \(docker-credential-wrong\).*\. Check the account that docker-credential-wrong logs in with/,
    );
  });
});
