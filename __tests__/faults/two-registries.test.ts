/** Fault 94: images in two registries in one run: each registry gets its own credentials and no others. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliOptions, type CliResult, cli } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { programPath } from '../helpers/programs.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { RunnerMachine } from '../helpers/runner-machine.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const temp = join(folder, 'temp');
const layout = join(folder, 'layout');

class Locked {
  readonly user: string;
  readonly password: string;
  registry!: TestRegistry;
  proxy!: FaultyProxy;

  constructor(user: string) {
    this.user = user;
    this.password = `password-of-${user}-9c1d`;
  }

  get basic(): string {
    return `Basic ${Buffer.from(`${this.user}:${this.password}`).toString('base64')}`;
  }

  get host(): string {
    return this.proxy.host;
  }

  /** Every Authorization that came to this registry. */
  get seen(): string[] {
    return [...new Set(this.proxy.requests.flatMap(({ authorization }) => authorization ?? []))];
  }

  async start(): Promise<void> {
    const { user, password } = this;
    this.registry = await startRegistry('fallback-tag', { htpasswd: { user, password } });
    this.proxy = await startFaultyProxy(this.registry.host, () => undefined);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.registry.stop();
  }
}

const one = new Locked('alice');
const other = new Locked('bob');
let key: string[];
let trusted: string[];

beforeAll(async () => {
  mkdirSync(temp);
  await writeVectorImage(layout, ['simple-gzip']);
  const leaf = (await pki()).leaf('p256');
  key = ['--key', leaf.keyPath, '--certificate', leaf.chainPath];
  trusted = ['--trusted-certificate', leaf.caPath];
  for (const locked of [one, other]) await locked.start();
});
afterAll(async () => {
  for (const locked of [one, other]) await locked.stop();
});

let images = 0;
/** The image in a repository of its own, in both registries. */
beforeEach(async () => {
  images += 1;
  for (const { registry, user, password, proxy } of [one, other]) {
    const to = ['--to-plain-http', '--to-username', user, '--to-password', password];
    const argv = ['cp', '--from-oci-layout', `${layout}:vectors`, ...to, `${registry.host}/app:${images}`];
    await run([toolPath('oras'), ...argv], { env: toolEnvironment({ HOME: folder }) });
    proxy.requests.length = 0;
  }
});

const image = ({ host }: Locked): string => `${host}/app:${images}`;
const USERNAME = ['--registry-username', 'alice', '--registry-password', 'env://PASSWORD'];

async function start(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const env = { HOME: folder, PASSWORD: one.password, OTHER: other.password, ...options.env };
  const common = ['--plain-http', '--temp-dir', temp, '--oras-path', toolPath('oras')];
  const result = await cli([...args, ...common], { ...options, env });
  expect(readdirSync(temp)).toEqual([]);
  for (const { password } of [one, other]) expect(result.stderr + result.stdout).not.toContain(password);
  return result;
}

const RUNS: Record<string, () => string[]> = {
  sign: () => ['sign', image(one), image(other), ...key],
  verify: () => ['verify', image(one), image(other), ...trusted],
  'root-hash': () => ['root-hash', image(one), image(other)],
  inspect: () => ['inspect', image(one), image(other)],
  'push-to': () => ['sign', image(one), '--push-to', `${other.host}/new:1`, ...key],
};

test.each(Object.entries(RUNS))(
  'fault 94: %s with one user name: refused before any request',
  async (_name, argv) => {
    const { status, stderr } = await start([...argv(), ...USERNAME]);
    expect(stderr).toContain(
      `option --registry-username is for one registry, but the images and push-to are in ${one.host} and ${other.host}`,
    );
    expect(stderr).toContain('Set registry-credentials to one HOST=USER:env://NAME per registry');
    expect(status).toBe(2);
    expect([...one.proxy.requests, ...other.proxy.requests]).toEqual([]);
  },
);

test('fault 94: the Action with one user name: the same', async () => {
  const machine = new RunnerMachine(programPath('sign-action'));
  try {
    const login = { 'registry-username': 'alice', 'registry-password': one.password };
    const inputs = { image: `${image(one)}\n${image(other)}`, 'dry-run': 'true', ...login };
    const { status, errors } = await machine.run(inputs);
    expect(status).toBe(1);
    expect(errors.join('\n')).toContain('input registry-username is for one registry, but');
    expect([...one.proxy.requests, ...other.proxy.requests]).toEqual([]);
  } finally {
    machine.remove();
  }
});

const BOTH = (): string[] => [
  ...['--registry-credentials', `${one.host}=alice:env://PASSWORD`],
  ...['--registry-credentials', `${other.host}=bob:env://OTHER`],
];

test('fault 94: credentials for each: both are signed and verified, and each registry sees its own', async () => {
  for (const argv of [RUNS.sign, RUNS.verify, RUNS.inspect]) {
    const { status, stderr } = await start([...(argv?.() ?? []), ...BOTH()]);
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  }
  expect(one.seen).toEqual([one.basic]);
  expect(other.seen).toEqual([other.basic]);
});

test('fault 94: credentials for another registry are not sent, and the message says that there are none', async () => {
  const credentials = ['--registry-credentials', `${one.host}=alice:env://PASSWORD`];
  const { status, stderr } = await start(['sign', image(other), ...key, ...credentials]);
  expect(stderr).toContain(`the registry requires credentials with pull permission for ${image(other)}`);
  expect(status).toBe(6);
  expect(other.seen).toEqual([]);
  expect(other.proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
});

test('fault 94: one user name for an image and a layout: the layout needs none', async () => {
  const { status, stderr } = await start(['inspect', `oci:${layout}`, image(one), ...USERNAME]);
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  expect(one.seen).toEqual([one.basic]);
});

test('the password comes through standard input', async () => {
  const login = ['--registry-username', 'alice', '--registry-password', '-'];
  const prefix = ['sh', '-c', 'printf "%s\\n" "$PIPED" | "$@"', 'sh'];
  const { status, stderr } = await start(['sign', image(one), ...key, ...login], {
    prefix,
    env: { PIPED: one.password },
  });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  expect(one.seen).toEqual([one.basic]);
});

test('the password comes through a socket, and is not empty', async () => {
  const login = ['--registry-username', 'alice', '--registry-password', '-'];
  // A parent in Node gives its child a socket.
  const script = `const { spawnSync } = require('node:child_process');
    const [program, ...args] = process.argv.slice(1);
    const input = process.env.PIPED;
    const { status } = spawnSync(program, args, { input, stdio: ['pipe', 'inherit', 'inherit'] });
    process.exit(status);`;
  const prefix = [process.execPath, '-e', script, '--'];
  const given = (PIPED: string) => start(['inspect', image(one), ...login], { prefix, env: { PIPED } });
  const { status, stderr } = await given(one.password);
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const empty = await given('\n');
  expect(empty.stderr).toContain('option --registry-password: the password is empty');
  expect(empty.status).toBe(2);
});

describe('lines that are refused, without what they contain', () => {
  const refused: [string, string[], string][] = [
    ['no host', ['alice:hunter2-7a'], 'line 1 is not of the form HOST=USER:env://NAME'],
    ['the password itself', ['a.example=alice:hunter2-7a'], 'for a.example: there is no such file'],
    [
      'a host twice',
      ['a.example=alice:env://PASSWORD', 'A.example=bob:env://OTHER'],
      'has more than one line for A.example',
    ],
    ['a variable that is not set', ['a.example=alice:env://NONE'], 'environment variable NONE is not set'],
  ];
  test.each(refused)('%s', async (_name, lines, expected) => {
    const credentials = lines.flatMap((line) => ['--registry-credentials', line]);
    const { status, stderr } = await start(['inspect', image(one), ...credentials]);
    expect(stderr).toContain(`option --registry-credentials`);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('hunter2');
    expect(status).toBe(2);
  });

  test('beside a user name', async () => {
    const { status, stderr } = await start(['inspect', image(one), ...USERNAME, ...BOTH()]);
    expect(stderr).toContain(
      'option --registry-credentials cannot be combined with option --registry-username',
    );
    expect(status).toBe(2);
  });
});
