/** push-to once more, from a place that does not keep the signatures of the first run. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../src/lib/process/run.ts';
import { type CliOptions, cli, cliOk } from '../helpers/cli.ts';
import { type FaultyProxy, startFaultyProxy } from '../helpers/faulty-proxy.ts';
import { pki } from '../helpers/pki.ts';
import { type RegistryKind, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { attachedBy } from '../helpers/registry-image.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const folder = testFolder();
const original = join(folder, 'original');
let trust: string[];
let made = 0;

beforeAll(async () => {
  await writeVectorImage(original, ['simple-gzip', 'whiteouts-zstd']);
  trust = ['--trusted-certificate', (await pki()).leaf('p256').caPath, '--plain-http'];
});

/** The command sees the folder on a read-only mount. */
const mounted = (directory: string): string[] => [
  ...['unshare', '--map-root-user', '--mount', '--', 'sh', '-c'],
  'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
  directory,
];

interface Source {
  reference: string;
  how: CliOptions;
}

const SOURCES: Record<string, () => Promise<Source>> = {
  'a read-only layout': async () => {
    const directory = copy();
    return { reference: `oci:${directory}`, how: { prefix: mounted(directory) } };
  },
  'a read-only archive': async () => {
    const archive = await pack();
    return { reference: `oci-archive:${archive}`, how: { prefix: mounted(join(archive, '..')) } };
  },
  'a layout that is written anew': async () => ({ reference: `oci:${copy()}`, how: {} }),
  'an archive that is written anew': async () => ({ reference: `oci-archive:${await pack()}`, how: {} }),
};

function copy(): string {
  const directory = join(folder, `layout-${made++}`);
  cpSync(original, directory, { recursive: true });
  return directory;
}

async function pack(): Promise<string> {
  const own = join(folder, `archive-${made++}`);
  mkdirSync(own);
  const argv = [toolPath('tar'), '--create', `--file=${own}/image.tar`, `--directory=${original}`, '.'];
  await run(argv, { env: toolEnvironment() });
  return `${own}/image.tar`;
}

async function push({ reference, how }: Source, tags: readonly string[], ...more: string[]) {
  const { keyPath, fullChainPath } = (await pki()).leaf('p256');
  const report = join(folder, `report-${made++}.json`);
  const signer = more.includes('--key') ? [] : ['--key', keyPath, '--certificate', fullChainPath];
  const to = tags.flatMap((tag) => ['--push-to', tag]);
  const options = ['--manifest-signature', 'cose', '--plain-http', '--report', report];
  const result = await cli(['sign', reference, ...to, ...signer, ...options, ...more], how);
  expect({ status: result.status, stderr: result.status === 0 ? '' : result.stderr }).toEqual({
    status: 0,
    stderr: '',
  });
  return { ...result, report };
}

describe.each<RegistryKind>(['referrers-api', 'fallback-tag'])('a registry of the kind %s', (kind) => {
  let registry: TestRegistry;
  let proxy: FaultyProxy;

  beforeAll(async () => {
    registry = await startRegistry(kind);
  });
  afterAll(() => registry.stop());
  afterEach(() => proxy.stop());

  /** The requests that would change something. */
  const writes = () =>
    proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD').map(({ path }) => path);

  async function tagsOf(repository: string): Promise<string[]> {
    const answer = await fetch(`http://${registry.host}/v2/${repository}/tags/list`);
    return ((await answer.json()) as { tags: string[] }).tags.sort();
  }

  async function listed(tag: string): Promise<string[]> {
    const { stdout } = await cliOk(['inspect', tag, '--json', '--plain-http']);
    return [...new Set(stdout.match(/"digest": ?"sha256:\w{64}"/g))].sort();
  }

  test.each(Object.keys(SOURCES))('%s: the second run writes nothing', async (name) => {
    proxy = await startFaultyProxy(registry.host, () => undefined);
    const repository = `again/${made++}`;
    const tag = `${proxy.host}/${repository}:1`;
    const source = SOURCES[name] as () => Promise<Source>;
    const first = await push(await source(), [tag]);
    expect(writes().length).toBeGreaterThan(0);
    const before = { tags: await tagsOf(repository), listed: await listed(tag) };

    proxy.requests.length = 0;
    const second = await push(await source(), [tag]);
    expect(writes()).toEqual([]);
    expect({ tags: await tagsOf(repository), listed: await listed(tag) }).toEqual(before);
    expect(attachedBy(first.report)).toMatchObject({ attached: 2 });
    expect(attachedBy(second.report)).toEqual({ ...attachedBy(first.report), attached: 0 });
    await cliOk(['verify', tag, ...trust]);
  });

  test('a second target gets the same signatures, and the first is left as it is', async () => {
    proxy = await startFaultyProxy(registry.host, () => undefined);
    const [one, two] = [`${proxy.host}/first/${made++}`, `${proxy.host}/second/${made++}`];
    const first = await push({ reference: `oci:${copy()}`, how: {} }, [`${one}:1`]);
    proxy.requests.length = 0;
    const second = await push({ reference: `oci:${copy()}`, how: {} }, [`${two}:1`, `${one}:1`]);
    expect(attachedBy(second.report)).toEqual({ ...attachedBy(first.report), attached: 0 });
    expect(writes().filter((path) => !path.includes('/second/'))).toEqual([]);
    expect(await listed(`${two}:1`)).toEqual(await listed(`${one}:1`));
    await cliOk(['verify', `${two}:1`, ...trust]);
  });

  test('another signer, or another profile: new signatures', async () => {
    proxy = await startFaultyProxy(registry.host, () => undefined);
    const tag = `${proxy.host}/other/${made++}:1`;
    const source = (): Source => ({ reference: `oci:${copy()}`, how: {} });
    await push(source(), [tag]);
    const other = (await pki()).leaf('p384');
    const signer = ['--key', other.keyPath, '--certificate', other.fullChainPath];
    expect(attachedBy((await push(source(), [tag], ...signer)).report).attached).toBe(2);
    const profile = ['--profile', 'containerd-cache'];
    // The signature of the manifest says the same.
    expect(attachedBy((await push(source(), [tag], ...profile)).report).attached).toBe(1);
  });
});
