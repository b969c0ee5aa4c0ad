import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ownMark } from '../../src/lib/leftovers/process-mark.ts';
import type { ExportReport } from '../../src/report/node/export-report.ts';
import { type CliResult, cli, cliOk } from '../helpers/cli.ts';
import { cacheEntries, filesIn } from '../helpers/layer-cache.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolPath } from '../helpers/tools.ts';
import { vectors, writeVectorImage } from '../helpers/vector-image.ts';
import { signatureBy, store, vectorArtifact } from '../helpers/verify.ts';

/** One of them twice, and one with a tree of several blocks. */
const LAYERS = ['simple-gzip', 'xattrs-gzip', 'simple-gzip', 'whiteouts-zstd'];
const BOTH = 'containerd,containerd-cache';
const folder = testFolder();
let keys: Pki;
let layout: string;

const key = (): string[] => {
  const { keyPath, chainPath } = keys.leaf('rsa2048');
  return ['--key', keyPath, '--certificate', chainPath];
};
const trust = (): string[] => ['--trusted-certificate', keys.leaf('rsa2048').caPath];

beforeAll(async () => {
  keys = await pki();
  layout = join(folder, 'layout');
  await writeVectorImage(layout, LAYERS);
  await cliOk(['sign', `oci:${layout}`, '--profile', BOTH, ...key()]);
});

const exported = (cache: string, more: readonly string[] = [], image = layout): Promise<CliResult> =>
  cli(['export', `oci:${image}`, cache, ...trust(), ...more]);

async function reportOf(cache: string, more: readonly string[] = [], image = layout): Promise<ExportReport> {
  const { stdout, status, stderr } = await exported(cache, ['--json', ...more], image);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(stdout) as [ExportReport])[0];
}

const outcomes = ({ layers }: ExportReport): string[] => layers.map(({ outcome }) => outcome);
const rootHash = (name: string, release?: '1.8.10'): string =>
  vectors(release).find((vector) => vector.name === name)?.profiles['containerd-cache'].rootHash ?? '';

describe('export', () => {
  test('writes each layer once with its signature, and nothing else', async () => {
    const cache = join(folder, 'plain');
    const report = await reportOf(cache);
    expect(report).toMatchObject({
      folder: cache,
      class: 'C',
      verifiedProfiles: ['containerd'],
      builder: { kind: 'native' },
    });
    expect(report.layers.map((layer) => [layer.rootHash, layer.signed, layer.outcome])).toEqual(
      ['simple-gzip', 'xattrs-gzip', 'whiteouts-zstd'].map((name) => [rootHash(name), true, 'written']),
    );
    const files = filesIn(cache);
    expect(files.size).toBe(9);
    for (const { rootHash: signed } of report.layers) {
      expect(files.get(`signatures/${signed}.p7s`)).toEqual(
        Buffer.from(await signatureBy('rsa2048', signed)),
      );
    }
  });

  test.each([
    ['mkfs.erofs', ['--builder', 'mkfs']],
    ['both builders', ['--cross-check']],
    ['both, those of mkfs.erofs written', ['--builder', 'mkfs', '--cross-check']],
  ])('by %s is the same, byte for byte', async (what, options) => {
    const [cache, native] = [
      join(folder, what.replaceAll(/\W/g, '-')),
      join(folder, `native-${what.length}`),
    ];
    await reportOf(native);
    await reportOf(cache, [...options, '--mkfs-path', toolPath('mkfs.erofs')]);
    expect(filesIn(cache)).toEqual(filesIn(native));
  });

  test('keeps complete entries, and replaces those that are not', async () => {
    const cache = join(folder, 'resumed');
    await reportOf(cache);
    const before = filesIn(cache);
    expect(outcomes(await reportOf(cache))).toEqual(['already there', 'already there', 'already there']);
    const [first, second, third] = [...cacheEntries(cache).values()].map(({ path }) => path) as [
      string,
      string,
      string,
    ];
    rmSync(first);
    truncateSync(second, 4096);
    appendFileSync(`${third}.dmverity`, '}');
    expect(outcomes(await reportOf(cache))).toEqual(
      expect.arrayContaining(['replaced', 'replaced', 'replaced']),
    );
    expect(filesIn(cache)).toEqual(before);
  });

  test('says what is wrong with an entry that it replaces, and waits for no FIFO', async () => {
    const cache = join(folder, 'odd-entries');
    await reportOf(cache);
    const before = filesIn(cache);
    const entries = [...cacheEntries(cache).values()];
    const [first, second, third] = entries.map(({ path }) => path) as [string, string, string];
    truncateSync(first, 4096);
    rmSync(`${second}.dmverity`);
    execFileSync('mkfifo', [`${second}.dmverity`]);
    writeFileSync(`${third}.dmverity`, JSON.stringify({ roothash: entries[2]?.rootHash, hashoffset: 4097 }));
    const { stderr } = await exported(cache);
    expect(stderr).toMatch(new RegExp(`${first} is replaced: it has 4096 bytes instead of \\d+`));
    expect(stderr).toContain(`${second} is replaced: it has no sidecar`);
    const odd = 'its sidecar has the hash offset 4097, which is not a multiple of 4096';
    expect(stderr).toContain(`${third} is replaced: ${odd}`);
    expect(filesIn(cache)).toEqual(before);
  });

  test('replaces an entry of another root hash than the signed one', async () => {
    const cache = join(folder, 'other-class');
    await reportOf(cache, ['--erofs-utils-version', 'A']);
    const old = cacheEntries(cache);
    const report = await reportOf(cache, ['--erofs-utils-version', 'C']);
    const changed = report.layers.filter((layer) => old.get(layer.diffId)?.rootHash !== layer.rootHash);
    expect(changed.length).toBeGreaterThan(0);
    for (const { outcome } of changed) expect(outcome).toBe('replaced');
  });

  test('two at the same time leave what one would', async () => {
    const [cache, one] = [join(folder, 'together'), join(folder, 'one')];
    await Promise.all([reportOf(cache), reportOf(cache)]);
    await reportOf(one);
    expect(filesIn(cache)).toEqual(filesIn(one));
  });

  test('images share layers', async () => {
    const [cache, other] = [join(folder, 'shared'), join(folder, 'other')];
    await writeVectorImage(other, ['xattrs-gzip', 'modes-gzip']);
    await cliOk(['sign', `oci:${other}`, '--profile', BOTH, ...key()]);
    const images = ['export', `oci:${layout}`, `oci:${other}`, cache];
    const { stdout } = await cliOk([...images, ...trust(), '--json']);
    const [, second] = JSON.parse(stdout) as [ExportReport, ExportReport];
    expect(outcomes(second)).toEqual(['already there', 'written']);
  });

  test('layers that are not signed for the cache are there, with a warning', async () => {
    const [cache, plain] = [join(folder, 'unsigned'), join(folder, 'plain-image')];
    await writeVectorImage(plain, LAYERS);
    await cliOk(['sign', `oci:${plain}`, ...key()]);
    const { status, stderr, stdout } = await exported(cache, ['--json'], plain);
    expect(status).toBe(0);
    expect(stderr).toContain('3 of 3 root hashes of the cache are not signed');
    expect(stderr).toContain('profile: containerd,containerd-cache');
    const [{ layers }] = JSON.parse(stdout) as [ExportReport];
    expect(layers.map(({ signed }) => signed)).toEqual([false, false, false]);
    expect(readdirSync(join(cache, 'signatures'))).toEqual([]);
  });
});

describe('an image that is signed for the cache with other options', () => {
  const OPTIONS = '-T0 --mkfs-time --sort=none -zdeflate,level=9';
  const mkfs = (): string[] => ['--builder', 'mkfs', '--mkfs-path', toolPath('mkfs.erofs')];
  const compressed = join(folder, 'compressed');

  beforeAll(async () => {
    await writeVectorImage(compressed, LAYERS);
    const options = ['--profile', BOTH, '--mkfs-options', OPTIONS, ...mkfs()];
    await cliOk(['sign', `oci:${compressed}`, ...options, ...key()]);
  });

  test('is exported with these', async () => {
    const cache = join(folder, 'compressed-cache');
    const { layers, mkfsOptions } = await reportOf(cache, mkfs(), compressed);
    expect(mkfsOptions.join(' ')).toBe(OPTIONS);
    expect(layers.map(({ signed }) => signed)).toEqual([true, true, true]);
    expect(filesIn(cache).size).toBe(9);
  });

  test.each([
    ['by the native builder', [], 'which the native builder does not support'],
    [
      'with other options',
      ['--mkfs-options', '-T0 --mkfs-time --sort=none'],
      'not with "-T0 --mkfs-time --sort=none"',
    ],
  ])('is refused %s', async (_, options, message) => {
    const cache = join(folder, 'refused-cache');
    const { status, stderr } = await exported(cache, options, compressed);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(`"${OPTIONS}"`);
    expect(existsSync(cache)).toBe(false);
  });
});

test('another class than the signed one: the warning names both', async () => {
  const { stderr } = await exported(join(folder, 'warned'), ['--erofs-utils-version', 'A']);
  expect(stderr).toMatch(
    /those of class A of erofs-utils, and the signatures for containerd-cache those of class C/,
  );
  expect(stderr).not.toContain('Sign the image with profile');
});

test.each(['export', 'fetch'])('%s: all can read what is created, whatever the umask', async (verb) => {
  const above = join(folder, `closed-${verb}`);
  mkdirSync(above, { mode: 0o700 });
  const prefix = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
  await cliOk([verb, `oci:${layout}`, join(above, 'new/folder'), ...trust()], { prefix });
  const created = readdirSync(above, { recursive: true, withFileTypes: true });
  expect(created.filter((entry) => entry.isFile()).length).toBeGreaterThan(2);
  for (const entry of created) {
    const found = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect([entry.name, found]).toEqual([entry.name, entry.isFile() ? 0o644 : 0o755]);
  }
  expect(statSync(above).mode & 0o777).toBe(0o700);
});

describe('nothing is written', () => {
  test('for an image that does not verify', async () => {
    const cache = join(folder, 'unverified');
    const plain = join(folder, 'not-signed');
    await writeVectorImage(plain, LAYERS);
    expect((await exported(cache, [], plain)).status).toBe(10);
    const others = ['--signer-identity', 'CN=somebody else'];
    expect((await exported(cache, others)).status).toBe(12);
    expect(existsSync(cache)).toBe(false);
  });

  test('of a layer whose signed root hash is another', async () => {
    const [cache, lying] = [join(folder, 'lying-cache'), join(folder, 'lying')];
    const subject = await writeVectorImage(lying, ['simple-gzip']);
    const entries = async (root: string) => ({ rootHash: root, pkcs7: await signatureBy('rsa2048', root) });
    const wrong = await entries(rootHash('xattrs-gzip'));
    const recipe = { subject, layers: ['simple-gzip'], profile: 'containerd-cache' } as const;
    await store(
      lying,
      await vectorArtifact({ ...recipe, entries: (own) => own.map((one) => ({ ...one, ...wrong })) }),
    );
    const { status, stderr } = await exported(cache, ['--profile', 'containerd-cache'], lying);
    expect(status).toBe(11);
    expect(stderr).toContain(`a referrer says ${rootHash('xattrs-gzip')} for containerd-cache: `);
    expect([...filesIn(cache).keys()]).toEqual([]);
  });

  test('of an image with a copy of its signatures under the profile of the cache, until it is signed for that', async () => {
    const [cache, copied] = [join(folder, 'copied-cache'), join(folder, 'copied')];
    const subject = await writeVectorImage(copied, ['simple-gzip']);
    await cliOk(['sign', `oci:${copied}`, ...key()]);
    const signed = vectors().find(({ name }) => name === 'simple-gzip')?.profiles.containerd.rootHash ?? '';
    const copy = { rootHash: signed, pkcs7: await signatureBy('rsa2048', signed) };
    const recipe = { subject, layers: ['simple-gzip'], profile: 'containerd-cache' } as const;
    await store(
      copied,
      await vectorArtifact({ ...recipe, entries: (own) => own.map((one) => ({ ...one, ...copy })) }),
    );
    const refused = await exported(cache, [], copied);
    expect(refused.status).toBe(11);
    expect(refused.stderr).toContain('or sign the image for containerd-cache');
    expect([...filesIn(cache).keys()]).toEqual([]);
    await cliOk(['sign', `oci:${copied}`, '--profile', 'containerd-cache', ...key()]);
    expect((await reportOf(cache, [], copied)).layers).toMatchObject([{ signed: true }]);
  });

  test('with several classes, or without a folder', async () => {
    const cache = join(folder, 'classes');
    const { status, stderr } = await exported(cache, ['--erofs-utils-version', 'A,C']);
    expect(status).toBe(2);
    expect(stderr).toContain('a layer cache has one image of each layer');
    expect(existsSync(cache)).toBe(false);
    expect((await cli(['export', `oci:${layout}`, ...trust()])).status).toBe(2);
  });
});

describe('a run that ends early', () => {
  test('leaves no part of a file, and the next run continues', async () => {
    const [cache, broken] = [join(folder, 'early'), join(folder, 'broken')];
    cpSync(layout, broken, { recursive: true });
    const last =
      vectors()
        .find(({ name }) => name === 'whiteouts-zstd')
        ?.digest.slice('sha256:'.length) ?? '';
    const blob = join(broken, 'blobs/sha256', last);
    truncateSync(blob, 100);
    const { status, stderr } = await exported(cache, ['--concurrency', '1'], broken);
    expect({ status, stderr }).toMatchObject({ status: 3 });
    const left = [...filesIn(cache).keys()];
    expect(left.filter((path) => !/\.erofs(\.dmverity)?$/.test(path))).toEqual([]);
    expect(cacheEntries(cache).size).toBe(left.length / 2);
    expect(outcomes(await reportOf(cache))).toContain('written');
  });

  test('what a killed run left is removed', async () => {
    const cache = join(folder, 'killed');
    await reportOf(cache);
    const before = filesIn(cache);
    const [path = ''] = [...cacheEntries(cache).values()].map(({ path }) => path);
    const mark = deadMark();
    writeFileSync(join(dirname(path), `x.erofs.${mark}-1.partial`), 'a part');
    mkdirSync(join(cache, 'signatures'), { recursive: true });
    writeFileSync(join(cache, 'signatures', `x.p7s.${mark}-1.partial`), 'a part');
    writeFileSync(join(dirname(path), 'notes.partial'), 'of another program');
    await reportOf(cache);
    rmSync(join(dirname(path), 'notes.partial'));
    expect(filesIn(cache)).toEqual(before);
  });
});

/** The mark of a process that has ended: no process has this number. */
function deadMark(): string {
  const [boot, namespace] = ownMark().split('-');
  return `${boot}-${namespace}-4194304-1`;
}
