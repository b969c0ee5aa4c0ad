import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Descriptor } from '../../src/model/index.ts';
import { type CliResult, cli } from '../helpers/cli.ts';
import { sha256 } from '../helpers/image-writer.ts';
import { pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { writeVectorImage } from '../helpers/vector-image.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const ENTRIES = 3000;
const folder = testFolder();
let root: string;

beforeAll(async () => {
  root = (await pki()).leaf('p256').caPath;
});

/** A layout with one small image, to which the test adds. */
async function layoutWith(name: string): Promise<{ layout: string; image: Descriptor }> {
  const layout = join(folder, name);
  mkdirSync(layout);
  return { layout, image: await writeVectorImage(layout, ['simple-gzip']) };
}

function writeBlob(layout: string, mediaType: string, value: unknown): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = sha256(bytes);
  writeFileSync(join(layout, 'blobs', ...digest.split(':')), bytes);
  return { mediaType, digest, size: bytes.length };
}

/** A manifest of nearly 4 MiB, with as many layers as fit: it takes long to parse. */
function largeManifest(layout: string, image: Descriptor, number: number): Descriptor {
  const small = JSON.parse(readFileSync(join(layout, 'blobs', ...image.digest.split(':')), 'utf8'));
  const layers = Array.from({ length: 27_000 }, () => small.layers[0]);
  return writeBlob(layout, MANIFEST, { ...small, layers, annotations: { number: String(number) } });
}

function setEntries(layout: string, manifests: unknown[]): void {
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

async function timed(args: string[], killAfter?: number): Promise<CliResult & { seconds: number }> {
  let stopped = performance.now();
  const onStart = (pid: number): void => {
    if (killAfter === undefined) return;
    void sleep(killAfter).then(() => {
      stopped = performance.now();
      process.kill(pid, 'SIGTERM');
    });
  };
  const result = await cli(args, { onStart });
  return { ...result, seconds: (performance.now() - stopped) / 1000 };
}

const verify = (name: string): string[] => ['verify', name, '--trusted-certificate', root];

describe('fault 82: many entries', () => {
  test('of index.json name one manifest of 4 MB: it is read once', async () => {
    const { layout, image } = await layoutWith('one');
    const large = largeManifest(layout, image, 0);
    expect(large.size).toBeGreaterThan(4_000_000);
    const tag = { 'org.opencontainers.image.ref.name': 'vectors' };
    const entries = Array.from({ length: ENTRIES }, (_, number) => ({
      ...large,
      annotations: { number: String(number) },
    }));
    setEntries(layout, [...entries, { ...image, annotations: tag }]);
    for (const name of [`oci:${layout}:vectors`, `oci:${layout}`]) {
      const { status, stderr, seconds } = await timed(verify(name));
      expect(seconds).toBeLessThan(10);
      expect([status, stderr]).toEqual(
        name.endsWith(':vectors')
          ? [10, expect.stringContaining('no dm-verity signatures are attached')]
          : [2, expect.stringContaining('the layout has 2 images')],
      );
    }
  });

  test('of an index name one manifest of 4 MB: it is read once', async () => {
    const { layout, image } = await layoutWith('index');
    const large = largeManifest(layout, image, 0);
    const platform = (number: number) => ({ os: 'linux', architecture: `a${number}` });
    const manifests = Array.from({ length: ENTRIES }, (_, number) => ({
      ...large,
      platform: platform(number),
    }));
    const index = writeBlob(layout, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
    setEntries(layout, [index]);
    const { status, stderr, seconds } = await timed(verify(`oci:${layout}`));
    expect(seconds).toBeLessThan(10);
    expect(stderr).toContain('the manifest has 27000 layers, the image config has 1 diffIDs');
    expect(status).toBe(11);
  });

  test('of an index name manifests with one config of 4 MB: it is read once', async () => {
    const { layout, image } = await layoutWith('config');
    const small = JSON.parse(readFileSync(join(layout, 'blobs', ...image.digest.split(':')), 'utf8'));
    const diffIds = Array.from({ length: 50_000 }, () => `sha256:${'0'.repeat(64)}`);
    const config = writeBlob(layout, small.config.mediaType, {
      os: 'windows',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: diffIds },
    });
    const manifests = Array.from({ length: 500 }, (_, number) =>
      writeBlob(layout, MANIFEST, { ...small, config, annotations: { number: String(number) } }),
    );
    setEntries(layout, [writeBlob(layout, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests })]);
    const { status, stderr, seconds } = await timed([...verify(`oci:${layout}`), '--layers', 'auto']);
    expect(seconds).toBeLessThan(10);
    expect(stderr).toContain('no Notary signature is attached');
    expect(status).toBe(10);
  });

  test('more manifests of 4 MB than are read: refused, and SIGTERM ends it within 2 s', async () => {
    const { layout, image } = await layoutWith('distinct');
    const entries = Array.from({ length: 70 }, (_, number) => largeManifest(layout, image, number));
    setEntries(layout, [...entries, image]);
    const whole = await timed(verify(`oci:${layout}`));
    expect(whole.seconds).toBeLessThan(30);
    expect(whole.stderr).toContain('has more than 268435456 bytes of documents');
    for (const delay of [500, 1000, 2000]) {
      const { status, seconds } = await timed(verify(`oci:${layout}`), delay);
      expect(seconds).toBeLessThan(2);
      expect([130, null]).toContain(status);
    }
  });
});
