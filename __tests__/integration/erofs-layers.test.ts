import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Platform } from '../../src/model/index.ts';
import type { ExportReport } from '../../src/report/node/export-report.ts';
import type { RootHashEntry, SignReport } from '../../src/report/report.ts';
import type { InspectReport, VerifyReport } from '../../src/report/verify-report.ts';
import { cli, cliOk } from '../helpers/cli.ts';
import { asLayer, erofsLayer, erofsLayers, imageIn } from '../helpers/erofs-layers.ts';
import { ImageWriter, type LayerContent } from '../helpers/image-writer.ts';
import { filesIn } from '../helpers/layer-cache.ts';
import { pki } from '../helpers/pki.ts';
import { startRegistry } from '../helpers/registry.ts';
import { testFolder } from '../helpers/temp.ts';
import { toolEnvironment, toolPath } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';

const folder = testFolder();
/** No program at all can be found: nothing else makes or hashes an image. */
const BARE = { env: { PATH: '/nonexistent' } };
const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const EROFS_AMD64: Platform = { ...AMD64, 'os.features': ['erofs'] };

type Content = LayerContent & { diffId: string };
const converted = (name?: string): Content => erofsLayer(name);
function tarLayer(name: string): Content {
  const vector = vectors().find((one) => one.name === name);
  if (vector === undefined) throw new TypeError(`no vector is called ${name}`);
  return { bytes: readFileSync(vector.path), mediaType: vector.mediaType, diffId: vector.diffId };
}

function write(writer: ImageWriter, layers: readonly Content[], platform = EROFS_AMD64) {
  return writer.image({ layers: [...layers], platform, diffIds: layers.map(({ diffId }) => diffId) });
}

/** An OCI layout with one image. */
async function layoutOf(...layers: Content[]): Promise<string> {
  const writer = await ImageWriter.create();
  await writer.add(await write(writer, layers), 'app');
  return writer.directory;
}

async function json<T>(args: readonly string[], options = {}): Promise<T> {
  const parsed = JSON.parse((await cliOk([...args, '--json'], options)).stdout) as T | T[];
  return Array.isArray(parsed) ? (parsed[0] as T) : parsed;
}

async function rootHashes(source: string, ...more: string[]): Promise<RootHashEntry[]> {
  const { stdout } = await cliOk(['root-hash', '--json', source, ...more], BARE);
  return JSON.parse(stdout) as RootHashEntry[];
}

async function key(): Promise<string[]> {
  const { keyPath, chainPath } = (await pki()).leaf('p256');
  return ['--key', keyPath, '--certificate', chainPath];
}

async function trust(): Promise<string[]> {
  return ['--trusted-certificate', join((await pki()).dir, 'root.pem')];
}

describe('root hashes', () => {
  test('of an image that containerd converted: those of its .dmverity files, in every profile', async () => {
    const layers = erofsLayers();
    const layout = await layoutOf(...layers);
    for (const profile of ['containerd', 'containerd-cache', 'containerd-tar-index'] as const) {
      // containerd's differ has blocks of 512 for all layers if it makes tar indexes.
      const block = profile === 'containerd-tar-index' ? '512' : '4096';
      const entries = await rootHashes(`oci:${layout}`, '--profile', profile);
      expect(entries.map(({ rootHash }) => rootHash)).toEqual(layers.map(({ rootHash }) => rootHash[block]));
      expect(entries.every((entry) => entry.class === undefined)).toBe(true);
    }
  });

  test('need no mkfs.erofs, whatever builder is asked for, and no classes', async () => {
    const layout = await layoutOf(converted());
    const more = ['--dry-run', '--builder', 'mkfs', '--profile', 'containerd,containerd-cache'];
    const report = await json<SignReport>(['sign', `oci:${layout}`, ...more], BARE);
    expect(report.builder).toBeUndefined();
    const classes = ['--dry-run', '--erofs-utils-version', 'A,B,C'];
    expect((await json<SignReport>(['sign', `oci:${layout}`, ...classes], BARE)).artifacts).toHaveLength(1);
    expect(report.artifacts).toHaveLength(2);
    for (const { class: of, layers } of report.artifacts) {
      expect(of).toBeUndefined();
      expect(layers[0]?.rootHash).toBe(erofsLayer().rootHash['4096']);
    }
  });

  test.each([
    ['-b4096', 4096],
    ['-b512', 4096],
    ['-b1024', 512],
  ])('of an image by mkfs.erofs %s, with blocks of %i: those of veritysetup', async (option, block) => {
    const [path, image] = [join(folder, `tree${option}`), join(folder, `image${option}`)];
    const source = vectors().find(({ name }) => name === 'whiteouts-tar');
    execFileSync('sh', ['-ec', `mkdir ${path}; cp ${source?.path} ${path}/one; echo two > ${path}/two`]);
    const env = toolEnvironment();
    execFileSync(toolPath('mkfs.erofs'), ['--quiet', option, image, path], { env });
    // A size that is no multiple of any block: the node pads it.
    truncateSync(image, readFileSync(image).length + 100);
    const bytes = readFileSync(image);
    truncateSync(image, Math.ceil(bytes.length / block) * block);
    const blocks = [`--data-block-size=${block}`, `--hash-block-size=${block}`];
    const words = ['format', ...blocks, `--salt=${'0'.repeat(64)}`, image, `${image}.tree`];
    const stdout = execFileSync(toolPath('veritysetup'), words, { env }).toString();
    const expected = /^Root hash:\s+([0-9a-f]{64})$/m.exec(stdout)?.[1];
    const profile = block === 512 ? 'containerd-tar-index' : 'containerd';
    for (const compression of ['none', 'zstd'] as const) {
      const layer = asLayer(bytes, compression);
      const file = join(folder, `layer${option}.${compression}`);
      writeFileSync(file, layer.bytes);
      for (const place of [file, `oci:${await layoutOf(layer)}`]) {
        const [entry] = await rootHashes(place, '--profile', profile);
        expect(entry).toMatchObject({
          rootHash: expected,
          imageSize: bytes.length,
          mediaType: layer.mediaType,
        });
      }
    }
  });
});

describe('a mixed image', () => {
  const layers = (): Content[] => [tarLayer('simple-gzip'), converted('xattrs'), converted('xattrs')];

  test('is signed, inspected and verified', async () => {
    const layout = await layoutOf(...layers());
    const signed = await json<SignReport>(['sign', `oci:${layout}`, ...(await key())]);
    const simple = vectors().find(({ name }) => name === 'simple-gzip');
    const { rootHash } = erofsLayer('xattrs');
    const expected = [simple?.profiles.containerd.rootHash, rootHash['4096'], rootHash['4096']];
    expect(signed.artifacts[0]?.layers.map((layer) => layer.rootHash)).toEqual(expected);
    expect(signed.artifacts[0]).toMatchObject({ platform: 'linux(+erofs)/amd64', class: 'C' });

    const inspected = await json<InspectReport>(['inspect', `oci:${layout}`]);
    expect(inspected.platforms[0]?.signatures[0]?.layers.map((layer) => layer.rootHash)).toEqual(expected);

    const verified = await json<VerifyReport>(['verify', `oci:${layout}`, ...(await trust())]);
    expect(verified.verdict).toBe('verified');
    const { signatures } = verified.platforms[0] ?? { signatures: [] };
    expect(signatures[0]?.layers.map((layer) => layer.recomputedRootHash)).toEqual(expected);
  });

  test('passes the gate, and a second run finds its signatures', async () => {
    const layout = await layoutOf(...layers());
    const registry = await startRegistry('referrers-api');
    try {
      const reference = `${registry.host}/mixed:1`;
      const words = ['sign', `oci:${layout}`, '--push-to', reference, '--plain-http', ...(await key())];
      expect((await json<SignReport>(words)).pushed?.reference).toBe(reference);
      const verify = ['verify', reference, '--plain-http', ...(await trust())];
      expect((await json<VerifyReport>(verify)).verdict).toBe('verified');
      const again = await json<SignReport>(words);
      expect(again.artifacts.map(({ referrer }) => referrer?.reused)).toEqual([true]);
    } finally {
      await registry.stop();
    }
  });
});

test('signatures for one block size are none for a profile with another', async () => {
  const layout = await layoutOf(converted());
  await cliOk(['sign', `oci:${layout}`, ...(await key())]);
  const words = ['verify', `oci:${layout}`, '--json', ...(await trust())];
  const other = await cli([...words, '--profile', 'containerd-tar-index']);
  const [report] = JSON.parse(other.stdout) as VerifyReport[];
  expect(report).toMatchObject({
    verdict: 'not-signed',
    reason: expect.stringContaining('only for containerd'),
  });
});

test('plain EROFS layers are signed with a warning, and verify says so', async () => {
  const layout = await layoutOf(asLayer(imageIn(erofsLayer()), 'none'), converted());
  const signed = await cliOk(['sign', `oci:${layout}`, '--json', ...(await key())]);
  const warning =
    /layer 0 is of type application\/vnd\.erofs\.layer\.v1, for which containerd 2\.4\.2 makes no hash/;
  expect(signed.stderr).toMatch(warning);
  const report = await json<VerifyReport>(['verify', `oci:${layout}`, ...(await trust())]);
  expect(report.verdict).toBe('verified');
  expect(report.notes).toContainEqual(expect.stringMatching(warning));
});

describe('an index whose entries differ by os.features', () => {
  async function both(): Promise<{ layout: string; tar: string; erofs: string }> {
    const writer = await ImageWriter.create();
    const tar = await write(writer, [tarLayer('dirs-gzip')], AMD64);
    const erofs = await write(writer, [converted()], EROFS_AMD64);
    const entries = [
      { ...tar, platform: AMD64 },
      { ...erofs, platform: EROFS_AMD64 },
    ];
    await writer.add(await writer.index(entries), 'app');
    return { layout: `oci:${writer.directory}`, tar: tar.digest, erofs: erofs.digest };
  }
  const platforms = (report: SignReport) =>
    report.artifacts.map(({ platform, manifest }) => [platform, manifest.digest]);

  test('each manifest has its own signatures and its own name', async () => {
    const { layout, tar, erofs } = await both();
    const report = await json<SignReport>(['sign', layout, ...(await key())]);
    const expected = [
      ['linux/amd64', tar],
      ['linux(+erofs)/amd64', erofs],
    ];
    expect(platforms(report)).toEqual(expected);
    expect(report.artifacts.map((artifact) => artifact.class)).toEqual(['C', undefined]);
    const verified = await json<VerifyReport>(['verify', layout, ...(await trust())]);
    expect(verified.verdict).toBe('verified');
    expect(verified.platforms.map(({ platform, manifest }) => [platform, manifest.digest])).toEqual(expected);
  });

  test('linux/amd64 selects both, linux(+erofs)/amd64 one', async () => {
    const { layout, erofs } = await both();
    const dry = ['sign', layout, '--dry-run', '--platform'];
    expect(platforms(await json<SignReport>([...dry, 'linux/amd64']))).toHaveLength(2);
    const one = await json<SignReport>([...dry, 'linux(+erofs)/amd64']);
    expect(platforms(one)).toEqual([['linux(+erofs)/amd64', erofs]]);
    const none = await cli([...dry, 'linux(+other)/amd64']);
    expect(none.stderr).toMatch(
      /no platform linux\(\+other\)\/amd64; it has linux\/amd64, linux\(\+erofs\)\/amd64/,
    );
  });
});

test('a zstd stream of zeros in place of an image is read no further than its first bytes', async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const layout = await layoutOf({ ...asLayer(zeros, 'zstd'), bytes: zstdCompressSync(zeros) });
  const { status, stderr } = await cli(['root-hash', `oci:${layout}`, '--max-layer-size', '2MiB']);
  expect([status, stderr]).toEqual([
    3,
    expect.stringMatching(/says an EROFS image, but the layer is zero bytes/),
  ]);
});

describe('a layer cache', () => {
  test('gets EROFS layers as they are, with the tree of veritysetup, from export and while signing', async () => {
    const erofs = converted();
    const layout = await layoutOf(tarLayer('simple-gzip'), erofs);
    const [exported, signed] = [join(folder, 'exported'), join(folder, 'signed')];
    const signing = await json<SignReport>([
      'sign',
      `oci:${layout}`,
      '--export-dir',
      signed,
      ...(await key()),
    ]);
    const report = await json<ExportReport>(['export', `oci:${layout}`, exported, ...(await trust())]);
    expect(filesIn(exported)).toEqual(filesIn(signed));

    const hex = erofs.diffId.slice('sha256:'.length);
    const path = join(exported, 'sha256', hex.slice(0, 2), `${hex}.erofs`);
    const { roothash, hashoffset } = JSON.parse(readFileSync(`${path}.dmverity`, 'utf8')) as Record<
      string,
      string
    >;
    // The root hash is that of the profile containerd, too: no other signature is needed.
    const own = signing.artifacts[0]?.layers.find(({ diffId }) => diffId === erofs.diffId);
    expect(roothash).toBe(own?.rootHash);
    expect(report.layers.find(({ diffId }) => diffId === erofs.diffId)).toMatchObject({
      signed: true,
      outcome: 'written',
    });
    const verify = ['verify', path, path, String(roothash), `--hash-offset=${hashoffset}`];
    execFileSync(toolPath('veritysetup'), verify, { env: toolEnvironment() });
    const image = readFileSync(path).subarray(0, Number(hashoffset));
    const plain = zstdDecompressSync(erofs.bytes);
    expect(image.subarray(0, plain.length).equals(plain)).toBe(true);
    expect(image.subarray(plain.length).every((byte) => byte === 0)).toBe(true);

    const again = await json<ExportReport>(['export', `oci:${layout}`, exported, ...(await trust())]);
    expect(again.layers.map(({ outcome }) => outcome)).toEqual(['already there', 'already there']);
  });
});
