import { expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import type { ImageManifest } from '../../../../src/oci/documents.ts';
import { imageLayers, layerForm } from '../../../../src/oci/image/layers.ts';

const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const digest = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}`;
const descriptor = (n: number, mediaType: string = LAYER) => ({ mediaType, digest: digest(n), size: n });
const imageError = (message: RegExp) =>
  expect.objectContaining({ code: 'image', message: expect.stringMatching(message) });

const withLayers = (...types: string[]): ImageManifest => ({
  kind: 'manifest',
  config: descriptor(1, 'application/vnd.oci.image.config.v1+json'),
  layers: types.map((type, index) => descriptor(index, type)),
  subject: undefined,
  artifactType: undefined,
});
const platform = undefined;

test.each([
  ['application/vnd.oci.image.layer.v1.tar', 'none'],
  ['application/vnd.oci.image.layer.v1.tar+gzip', 'gzip'],
  ['application/vnd.oci.image.layer.v1.tar+zstd', 'zstd'],
  ['application/vnd.docker.image.rootfs.diff.tar', 'none'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'zstd'],
])('%s is %s, and is never skipped', (type, compression) => {
  expect(layerForm(type, [type, 'nondistributable'])).toEqual({ format: 'tar', compression });
});

test.each([
  ['application/vnd.erofs.layer.v1', 'none'],
  ['application/vnd.erofs.layer.v1+zstd', 'zstd'],
])('%s is an EROFS image, and is never skipped', (type, compression) => {
  expect(layerForm(type, [type])).toEqual({ format: 'erofs', compression });
});

test.each([
  'application/vnd.example.layer',
  'application/vnd.oci.image.layer.v1.tar+encrypted',
  'application/vnd.oci.image.layer.v1.tar+GZIP',
  'application/octet-stream',
  'nondistributable',
])('fault 10: unknown layer media type %s', (type) => {
  const work = () => imageLayers(withLayers(LAYER, type), { platform, diffIds: [digest(8), digest(9)] }, []);
  expect(work).toThrow(imageError(/unknown media type/));
  expect(work).toThrow(expect.objectContaining({ context: { layer: `layer 1 (${digest(1)})` } }));
});

test('fault 11: number of layers ≠ number of diffIDs', () => {
  const work = () => imageLayers(withLayers(LAYER, LAYER), { platform, diffIds: [digest(9)] }, []);
  expect(work).toThrow(imageError(/has 2 layers, the image config has 1 diffIDs/));
});

test.each([
  'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
])('fault 25: %s', (type) => {
  const parsed = withLayers(LAYER, type, LAYER);
  const image = { platform, diffIds: [digest(7), digest(8), digest(9)] };
  expect(() => imageLayers(parsed, image, [])).toThrow(
    expect.objectContaining({ code: 'image', remedy: expect.stringContaining('allow-skip') }),
  );
  expect(() => imageLayers(parsed, image, ['application/x'])).toThrow(VeritySignError);
  for (const consent of [type, 'nondistributable']) {
    const { layers, skippedLayers } = imageLayers(parsed, image, [consent]);
    expect(layers.map(({ index, diffId }) => [index, diffId])).toEqual([
      [0, digest(7)],
      [2, digest(9)],
    ]);
    expect(skippedLayers).toEqual([
      { index: 1, descriptor: descriptor(1, type), reason: expect.stringContaining(type) },
    ]);
  }
});

test.each([
  'application/vnd.erofs.layer.v1+gzip',
  'application/vnd.erofs.layer.v2',
  'application/vnd.erofs.layer',
])('fault 10: an EROFS layer that containerd does not take: %s', (type) => {
  expect(() => layerForm(type, [])).toThrow(
    imageError(/EROFS image in a form that containerd does not take/),
  );
  expect(layerForm(type, [type])).toEqual({ skip: expect.stringContaining(type) });
});

test('a layer that cannot be signed excludes all of them on request', () => {
  const image = { platform, diffIds: [digest(8), digest(9)] };
  const erofs = withLayers(LAYER, 'application/vnd.erofs.layer.v1+gzip');
  expect(imageLayers(erofs, image, [], 'exclude')).toEqual({
    layers: [],
    skippedLayers: [],
    layersLeftOut: expect.stringMatching(/^layer 1: the layer is an EROFS image in a form/),
  });
  const damaged = () => imageLayers(withLayers(LAYER), image, [], 'exclude');
  expect(damaged).toThrow(imageError(/has 1 layers, the image config has 2 diffIDs/));
});

test('fault 40: the same layer twice stays two layers', () => {
  const twice = { ...withLayers(), layers: [descriptor(2), descriptor(2)] };
  const { layers } = imageLayers(twice, { platform, diffIds: [digest(3), digest(3)] }, []);
  expect(layers.map(({ index }) => index)).toEqual([0, 1]);
});
