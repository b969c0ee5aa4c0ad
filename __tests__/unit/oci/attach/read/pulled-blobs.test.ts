import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../../src/errors.ts';
import type { Descriptor } from '../../../../../src/model/index.ts';
import {
  buildArtifact,
  encodeArtifact,
  type SignatureManifest,
} from '../../../../../src/oci/attach/artifact.ts';
import { pullTogether } from '../../../../../src/oci/attach/read/pulled-blobs.ts';
import { testFolder } from '../../../../helpers/temp.ts';

const folder = testFolder();
const TITLE = 'org.opencontainers.image.title';
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const PKCS7 = ['first', 'second', 'third'].map((text) => Buffer.from(`signature ${text}`));
const { manifest, descriptor } = encodeArtifact(
  buildArtifact({
    subject: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('a'), size: 10 },
    entries: PKCS7.map((pkcs7, at) => ({ layerDigest: digest(`${at}`), rootHash: 'b'.repeat(64), pkcs7 })),
    own: {},
    created: new Date(0),
  }),
);

let pulls: number;
beforeEach(() => {
  pulls = 0;
});

/** What an oras that does as the manifest says pulls, and then `spoil`. */
function read(of: SignatureManifest, spoil: (own: string) => boolean = () => true) {
  const pullFiles = async (_repository: string, _descriptor: Descriptor, own: string): Promise<boolean> => {
    pulls += 1;
    for (const [at, layer] of of.layers.entries()) {
      writeFileSync(join(own, layer.annotations?.[TITLE] ?? ''), PKCS7[at] ?? '');
    }
    return spoil(own);
  };
  return pullTogether({ pullFiles }, 'registry.example/app', descriptor, of, folder);
}

/** The manifest with another second layer. */
function changed(change: (layer: Descriptor) => Descriptor): SignatureManifest {
  return { ...manifest, layers: manifest.layers.map((layer, at) => (at === 1 ? change(layer) : layer)) };
}

const annotated = (more: Record<string, string>) =>
  changed((layer) => ({ ...layer, annotations: { ...layer.annotations, ...more } }));

test('the signatures by their digests, and no file is left', async () => {
  const found = await read(manifest);
  expect([...found]).toEqual(manifest.layers.map((layer, at) => [layer.digest, PKCS7[at]]));
  expect(readdirSync(folder)).toEqual([]);
});

test.each<[string, SignatureManifest]>([
  ['a layer without a name', changed(({ annotations: _, ...layer }) => layer)],
  ['two layers of one name', annotated({ [TITLE]: 'layer-0.pkcs7.sig' })],
  ['a path', annotated({ [TITLE]: '../layer-1' })],
  ['an absolute path', annotated({ [TITLE]: '/tmp/layer-1' })],
  ['a path in a folder', annotated({ [TITLE]: 'a/layer-1' })],
  ['a hidden file', annotated({ [TITLE]: '.layer-1' })],
  ['an empty name', annotated({ [TITLE]: '' })],
  ['a long name', annotated({ [TITLE]: 'x'.repeat(129) })],
  ['an archive that oras unpacks', annotated({ 'io.deis.oras.content.unpack': 'true' })],
  [
    'a manifest that oras follows',
    changed((layer) => ({ ...layer, mediaType: 'application/vnd.oci.image.index.v1+json' })),
  ],
  ['a signature that is too large to be read singly', changed((layer) => ({ ...layer, size: 2 ** 20 + 1 }))],
  [
    'a config that oras follows',
    { ...manifest, config: { ...manifest.config, mediaType: 'application/vnd.oci.image.manifest.v1+json' } },
  ],
  [
    'a config that oras pulls',
    { ...manifest, config: { ...manifest.config, digest: digest('c'), size: 1e12 } },
  ],
  [
    'a config with a name',
    { ...manifest, config: { ...manifest.config, annotations: { [TITLE]: 'layer-0.pkcs7.sig' } } },
  ],
])('%s: nothing is pulled', async (_what, of) => {
  expect((await read(of)).size).toBe(0);
  expect(pulls).toBe(0);
});

test.each<[string, (own: string) => boolean]>([
  ['oras cannot use the registry', () => false],
  [
    'oras fails',
    () => {
      throw new VeritySignError('registry', 'DENIED');
    },
  ],
  [
    'a file has other bytes than its descriptor says',
    (own) => {
      writeFileSync(join(own, 'layer-2.pkcs7.sig'), Buffer.alloc(PKCS7[2]?.length ?? 0, 'x'));
      return true;
    },
  ],
  [
    'a file is larger than its descriptor says',
    (own) => {
      writeFileSync(join(own, 'layer-2.pkcs7.sig'), 'x'.repeat(1000));
      return true;
    },
  ],
])('%s: all are left to be read singly, and no file stays', async (_what, spoil) => {
  expect((await read(manifest, spoil)).size).toBe(0);
  expect(pulls).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('a cancelled run ends', async () => {
  const cancelled = new VeritySignError('cancelled', 'stopped');
  const spoil = (): never => {
    throw cancelled;
  };
  await expect(read(manifest, spoil)).rejects.toBe(cancelled);
  expect(readdirSync(folder)).toEqual([]);
});
