/**
 * What was built apart, together: several tags in registries with credentials of their own and immutable lists, an
 * index with a Windows image, a source that is read-only, and `layers: all`.
 */
import { chmodSync, cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { ImageWriter, OCI } from '../helpers/image-writer.ts';
import { WINDOWS, windowsImage } from '../helpers/mixed-image.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';

/** The command runs as a user that may not write to the layout. */
const folder = testFolder(0o755);
const layout = join(folder, 'layout');
const PASSWORDS = { one: 'password-of-one-77aa', two: 'password-of-two-88bb' };

interface Locked {
  registry: TestRegistry;
  proxy: FaultyProxy;
  /** Paths of lists of referrers that have been written. */
  lists: string[];
}
const registries: Locked[] = [];
let index: Descriptor;
let key: string[];
let trust: string[];

async function locked(user: 'one' | 'two'): Promise<Locked> {
  const registry = await startRegistry('fallback-tag', { htpasswd: { user, password: PASSWORDS[user] } });
  const lists: string[] = [];
  const error = { code: 'TAG_INVALID', message: 'the tag cannot be overwritten because it is immutable' };
  const proxy = await startFaultyProxy(registry.host, ({ method, path, authorization }) => {
    if (method !== 'PUT' || !path.includes('/manifests/sha256-') || authorization === undefined)
      return undefined;
    if (lists.includes(path)) return { status: 400, body: JSON.stringify({ errors: [error] }) };
    lists.push(path);
    return undefined;
  });
  return { registry, proxy, lists };
}

beforeAll(async () => {
  const writer = await ImageWriter.create();
  const vector = vectors().find(({ name }) => name === 'simple-gzip');
  if (vector === undefined) throw new Error('no vector');
  const layer = { bytes: readFileSync(vector.path), mediaType: vector.mediaType };
  const linux = async (architecture: string): Promise<Descriptor> => {
    const platform = { os: 'linux', architecture };
    return { ...(await writer.image({ platform, layers: [layer], diffIds: [vector.diffId] })), platform };
  };
  index = await writer.index([
    await linux('amd64'),
    await linux('arm64'),
    { ...(await windowsImage(writer)), platform: WINDOWS },
  ]);
  cpSync(writer.directory, layout, { recursive: true });
  await writer.remove();
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: OCI.index, manifests: [index] }),
  );
  const leaf = (await pki()).leaf('p256');
  for (const [path, name] of [
    [leaf.keyPath, 'key.pem'],
    [leaf.fullChainPath, 'chain.pem'],
  ] as const) {
    cpSync(path, join(folder, name));
    chmodSync(join(folder, name), 0o644);
  }
  for (const name of readdirSync(layout, { recursive: true, encoding: 'utf8' }).map((one) =>
    join(layout, one),
  ))
    chmodSync(name, statSync(name).isDirectory() ? 0o555 : 0o444);
  chmodSync(layout, 0o555);
  key = ['--key', join(folder, 'key.pem'), '--certificate', join(folder, 'chain.pem')];
  trust = ['--trusted-certificate', leaf.caPath];
  registries.push(await locked('one'), await locked('two'));
});
afterAll(async () => {
  for (const { registry, proxy } of registries) {
    await proxy.stop();
    await registry.stop();
  }
});
beforeEach(() => {
  for (const { proxy } of registries) proxy.requests.length = 0;
});

const host = (at: number): string => registries[at]?.proxy.host ?? '';

function run(argv: readonly string[], unprivileged = true): Promise<CliResult> {
  const logins = ['one', 'two'].map((user, at) => `${host(at)}=${user}:env://${user.toUpperCase()}`);
  const common = [
    '--plain-http',
    '--oras-path',
    toolPath('oras'),
    '--registry-credentials',
    logins.join('\n'),
  ];
  const env = { TMPDIR: '/tmp', HOME: folder, ONE: PASSWORDS.one, TWO: PASSWORDS.two };
  return cli([...argv, ...common], { unprivileged, env });
}

const tagsOf = (name: string): string[] => [
  `${host(0)}/${name}/a:1`,
  `${host(0)}/${name}/a:latest`,
  `${host(0)}/${name}/b:1`,
  `${host(1)}/${name}:1`,
];
const sign = (name: string, ...more: string[]): Promise<CliResult> =>
  run(['sign', `oci:${layout}`, '--push-to', tagsOf(name).join('\n'), ...key, ...more]);

/** The path of each request that changes something. */
const writes = (): string[] =>
  registries.flatMap(({ proxy }) =>
    proxy.requests.flatMap(({ method, path }) => (['GET', 'HEAD'].includes(method) ? [] : [path])),
  );

test('a signature of the index covers all: pushed everywhere, each list written once, each login in its place', async () => {
  const all = ['--layers', 'all', '--manifest-signature', 'cose'];
  const { status, stdout, stderr } = await sign('all', ...all);
  expect(`${status} ${stderr}`).toMatch(/^0 /);
  expect(stderr).toContain('is read-only: the signatures are written to the registry only');
  for (const [at, user] of (['one', 'two'] as const).entries()) {
    const seen = new Set(registries[at]?.proxy.requests.flatMap(({ authorization }) => authorization ?? []));
    const basic = `Basic ${Buffer.from(`${user}:${PASSWORDS[user]}`).toString('base64')}`;
    expect([...seen]).toEqual([basic]);
    const lists = registries[at]?.lists ?? [];
    expect(lists.length).toBeGreaterThan(0);
    expect(new Set(lists).size).toBe(lists.length);
  }
  for (const tag of tagsOf('all')) {
    expect(stdout).toContain(`pushed to ${tag}\n`);
    const verified = await run(['verify', tag, '--layers', 'all', ...trust], false);
    expect(`${verified.status} ${verified.stderr}`).toMatch(/^0 /);
  }
});

test.each([
  [
    'layers: all without a signature of the index',
    ['--layers', 'all'],
    3,
    /layers is all, but .*not covered/,
  ],
  [
    'platform excludes an image of Linux',
    ['--platform', 'linux/amd64'],
    2,
    /push-to would push sha256:\w+ without signatures: .*platform/,
  ],
])('%s: refused, and nothing is written anywhere', async (_what, more, expected, message) => {
  const { status, stdout, stderr } = await sign('refused', ...more);
  expect(stderr).toMatch(message);
  expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
  expect(writes()).toEqual([]);
});

test('the second registry rejects its login: no tag is set in the first, and the report says why', async () => {
  const report = join(folder, 'report.json');
  const wrong = [
    ...[
      'sign',
      `oci:${layout}`,
      '--push-to',
      tagsOf('wrong').join('\n'),
      ...key,
      '--report',
      report,
      '--plain-http',
    ],
    ...['--registry-credentials', `${host(0)}=one:env://ONE\n${host(1)}=two:env://ONE`],
  ];
  const { status, stderr } = await cli([...wrong, '--oras-path', toolPath('oras')], {
    env: { HOME: folder, ONE: PASSWORDS.one },
  });
  expect(stderr).toMatch(/the registry rejects the credentials for \S+ \(/);
  expect(status).toBe(6);
  expect(writes().filter((path) => /\/manifests\/(?:1|latest)$/.test(path))).toEqual([]);
  const [entry] = JSON.parse(readFileSync(report, 'utf8')) as (SignReport & { error?: { code: string } })[];
  expect(entry?.error?.code).toBe('registry');
  expect(entry?.pushedTo).toBeUndefined();
});
