/** push-to with several tags, and from places that cannot be written to. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import type { Descriptor } from '../../src/model/index.ts';
import type { SignReport } from '../../src/report/report.ts';
import { type CliOptions, type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { type SeenRequest, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

/** Others may enter it: one test runs as another user. */
const folder = testFolder(0o755);
const original = join(folder, 'original');
let image: Descriptor;
let options: string[];
let trust: string[];
let withApi: TestRegistry;
let without: TestRegistry;
let made = 0;

beforeAll(async () => {
  image = await writeVectorImage(original, ['simple-gzip', 'whiteouts-zstd']);
  const { keyPath, chainPath, caPath } = (await pki()).leaf('p256');
  for (const [path, name] of [
    [keyPath, 'key.pem'],
    [chainPath, 'chain.pem'],
    [caPath, 'root.pem'],
  ] as const) {
    cpSync(path, join(folder, name));
    chmodSync(join(folder, name), 0o644);
  }
  options = ['--key', join(folder, 'key.pem'), '--certificate', join(folder, 'chain.pem'), '--plain-http'];
  trust = ['--trusted-certificate', join(folder, 'root.pem'), '--plain-http'];
  [withApi, without] = await Promise.all([startRegistry('referrers-api'), startRegistry('fallback-tag')]);
});
afterAll(() => Promise.all([withApi.stop(), without.stop()]));

function copy(): string {
  const directory = join(folder, `layout-${made++}`);
  cpSync(original, directory, { recursive: true });
  return directory;
}

function push(
  source: string,
  tags: readonly string[],
  more: string[] = [],
  how?: CliOptions,
): Promise<CliResult> {
  return cli(['sign', source, ...tags.flatMap((tag) => ['--push-to', tag]), ...options, ...more], how);
}

/** What a tag points to, straight from the registry. */
async function digestOf(reference: string): Promise<string | null> {
  const [host = '', ...path] = reference.split('/');
  const [repository, tag] = path.join('/').split(':');
  const accept = image.mediaType;
  const response = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { headers: { accept } });
  await response.arrayBuffer();
  return response.ok ? response.headers.get('docker-content-digest') : null;
}

test('tags of two repositories and registries: all set, one row each, signed everywhere', async () => {
  const tags = [
    `${withApi.host}/one/app:1.0`,
    `${withApi.host}/one/app:latest`,
    `${withApi.host}/two/app:1.0`,
    `${without.host}/app:1.0`,
  ];
  const report = join(folder, 'report.json');
  // A repeated tag counts once.
  const { status, stdout, stderr } = await push(
    `oci:${copy()}`,
    [...tags, tags[0] ?? ''],
    ['--report', report],
  );
  expect(`${status} ${stderr}`).toMatch(/^0 /);
  for (const tag of tags) {
    expect(stdout).toContain(`pushed to ${tag}\n`);
    expect(await digestOf(tag)).toBe(image.digest);
    await cliOk(['verify', tag, ...trust]);
  }
  const [{ pushed, pushedTo } = {} as SignReport] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
  expect(pushedTo).toEqual(tags.map((reference) => ({ reference, digest: image.digest })));
  expect(pushed).toEqual({ reference: tags[0], digest: image.digest });
});

test('a list as docker/metadata-action writes it: lines, commas and comments', async () => {
  const tags = ['a', 'b', 'c'].map((tag) => `${withApi.host}/listed:${tag}`);
  const { status } = await push(`oci:${copy()}`, [`# release\n${tags[0]},${tags[1]}\n\n${tags[2]}\n`]);
  expect(status).toBe(0);
  for (const tag of tags) expect(await digestOf(tag)).toBe(image.digest);
});

test('no tag is set anywhere if one repository loses the signatures', async () => {
  const index = 'application/vnd.oci.image.index.v1+json';
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [] }));
  const lossy = await startFaultyProxy(withApi.host, ({ method, path }: SeenRequest) => {
    if (method === 'PUT') return undefined;
    if (path.includes('/referrers/sha256:')) return { status: 200, body, headers: { 'content-type': index } };
    return path.includes('/manifests/sha256-') ? { status: 404 } : undefined;
  });
  const first = `${withApi.host}/good:1`;
  const { status, stdout } = await push(`oci:${copy()}`, [first, `${lossy.host}/lossy:1`]);
  await lossy.stop();
  expect({ status, stdout }).toEqual({ status: 6, stdout: '' });
  expect(await digestOf(first)).toBeNull();
  expect(await digestOf(`${withApi.host}/lossy:1`)).toBeNull();
});

describe('immutable tags', () => {
  /** Refuses the second PUT of every tag, as ECR and Docker Hub do. */
  function immutable() {
    const set = new Set<string>();
    return startFaultyProxy(withApi.host, ({ method, path }: SeenRequest) => {
      if (method !== 'PUT' || !/\/manifests\/v\d+$/.test(path)) return undefined;
      const error = { code: 'DENIED', message: 'tag is immutable' };
      if (set.has(path)) return { status: 400, body: JSON.stringify({ errors: [error] }) };
      set.add(path);
      return undefined;
    });
  }

  test('a tag that points to the image already is not pushed again', async () => {
    const proxy = await immutable();
    const source = `oci:${copy()}`;
    const tag = `${proxy.host}/same:v1`;
    expect((await push(source, [tag])).status).toBe(0);
    const again = await push(source, [tag]);
    await proxy.stop();
    expect(`${again.status} ${again.stderr}`).toMatch(/^0 /);
  });

  test('a tag of another image: the error names it, and the tags that are set', async () => {
    const other = join(folder, 'other');
    await writeVectorImage(other, ['modes-gzip']);
    const proxy = await immutable();
    const [free, taken] = ['v2', 'v1'].map((tag) => `${proxy.host}/taken:${tag}`) as [string, string];
    expect((await push(`oci:${other}`, [taken])).status).toBe(0);
    const report = join(folder, 'taken.json');
    const { status, stdout, stderr } = await push(`oci:${copy()}`, [free, taken], ['--report', report]);
    await proxy.stop();
    expect({ status, stdout }).toEqual({ status: 6, stdout: '' });
    const [done = {} as SignReport] = JSON.parse(readFileSync(report, 'utf8')) as SignReport[];
    expect(done.pushedTo).toEqual([{ reference: free, digest: image.digest }]);
    expect(done.error?.message).toContain(`${taken} is not set`);
    expect(stderr).toContain(`push-to: ${taken} is not set: `);
    expect(stderr).toContain(`already set: ${free}`);
  });
});

describe('a place that cannot be written to', () => {
  const mounted = (directory: string): string[] => [
    'unshare',
    '--map-root-user',
    '--mount',
    '--',
    'sh',
    '-c',
    'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
    directory,
  ];

  async function archive(): Promise<string> {
    const own = join(folder, `archive-${made++}`);
    mkdirSync(own);
    const argv = [toolPath('tar'), '--create', `--file=${own}/image.tar`, `--directory=${original}`, '.'];
    await run(argv, { env: toolEnvironment() });
    return own;
  }

  /** The content of all files, by their names. */
  const contents = (directory: string) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'hex')]);

  test.each(['layout', 'archive'])(
    'on a read-only mount: a %s is pushed, signed in the registry',
    async (kind) => {
      const directory = kind === 'layout' ? copy() : await archive();
      const before = contents(directory);
      const source = kind === 'layout' ? `oci:${directory}` : `oci-archive:${directory}/image.tar`;
      const tag = `${without.host}/mounted/${kind}:1`;
      const { status, stderr } = await push(source, [tag], [], { prefix: mounted(directory) });
      expect(`${status} ${stderr}`).toMatch(/^0 /);
      expect(stderr).toContain('is read-only: the signatures are written to the registry only');
      await cliOk(['verify', tag, ...trust]);
      expect(contents(directory)).toEqual(before);
    },
  );

  test.each(['layout', 'archive'])('by permission: a %s of another user', async (kind) => {
    const directory = kind === 'layout' ? copy() : await archive();
    const folders = [
      directory,
      ...(kind === 'layout' ? ['blobs', 'blobs/sha256'].map((one) => join(directory, one)) : []),
    ];
    for (const one of folders) chmodSync(one, 0o555);
    const before = contents(directory);
    const source = kind === 'layout' ? `oci:${directory}` : `oci-archive:${directory}/image.tar`;
    const tag = `${withApi.host}/closed/${kind}:1`;
    const { status, stderr } = await push(source, [tag], [], { unprivileged: true, env: { TMPDIR: '/tmp' } });
    expect(`${status} ${stderr}`).toMatch(/^0 /);
    expect(stderr).toContain('is read-only');
    await cliOk(['verify', tag, ...trust]);
    expect(contents(directory)).toEqual(before);
    for (const one of folders) chmodSync(one, 0o755);
  });

  test('a link in it leads nothing astray: no file is tried where it points to', async () => {
    const directory = copy();
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const before = statSync(elsewhere).mtimeMs;
    renameSync(join(directory, 'blobs/sha256'), join(directory, 'real'));
    symlinkSync(elsewhere, join(directory, 'blobs/sha256'));
    const { status, stderr } = await push(`oci:${directory}`, [`${withApi.host}/linked:1`]);
    expect(status).toBe(3);
    expect(stderr).toContain('blobs/sha256 of the layout is a symbolic link');
    expect(statSync(elsewhere).mtimeMs).toBe(before);
  });

  test('without push-to it is an error, and nothing is left', async () => {
    const directory = copy();
    const before = contents(directory);
    const { status, stderr } = await cli(['sign', `oci:${directory}`, ...options], {
      prefix: mounted(directory),
    });
    expect(status).toBe(4);
    expect(stderr).toContain('cannot write');
    expect(stderr).toContain('EROFS');
    expect(contents(directory)).toEqual(before);
  });
});

test('targets that are not tags are refused before any work, each by its name', async () => {
  for (const wrong of [`127.0.0.1:1/app@${image.digest}`, 'oci:elsewhere', '127.0.0.1:1/UPPER:1']) {
    const { status, stdout, stderr } = await push(`oci:${original}`, ['127.0.0.1:1/app:1', wrong]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(wrong);
  }
});
