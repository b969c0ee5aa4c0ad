import { describe, expect, test } from '@jest/globals';
import { checkStructure, readRecord } from '../../../../src/commands/shared/check-manifest.ts';
import { OWN_PREFIX } from '../../../../src/model/annotations.ts';
import type { PlatformManifest } from '../../../../src/model/index.ts';
import {
  buildArtifact,
  encodeArtifact,
  type SignatureManifest,
} from '../../../../src/oci/attach/artifact.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('9'), size: 700 };
const layers = ['a', 'b', 'a'].map((digit, index) => ({
  index,
  descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest(digit), size: 5 },
  format: 'tar' as const,
  compression: 'gzip' as const,
  diffId: digest('d'),
}));
const image: PlatformManifest = {
  descriptor: subject,
  platform: undefined,
  config: subject,
  layers,
  skippedLayers: [],
};

function manifest(change: (manifest: SignatureManifest) => void = () => undefined): SignatureManifest {
  const entries = layers.map(({ descriptor }) => ({
    layerDigest: descriptor.digest,
    rootHash: descriptor.digest.slice(7),
    pkcs7: Buffer.from(descriptor.digest),
  }));
  const artifact = buildArtifact({ subject, entries, own: {}, created: new Date(0) });
  const made = structuredClone(encodeArtifact(artifact).manifest);
  change(made);
  return made;
}

describe('a signature manifest', () => {
  test('as sign makes it: one entry per layer', () => {
    expect(checkStructure(manifest(), image).map(({ layer, rootHash }) => [layer.index, rootHash])).toEqual([
      [0, 'a'.repeat(64)],
      [1, 'b'.repeat(64)],
      [2, 'a'.repeat(64)],
    ]);
  });

  test('without mark, created and title, as others may make it', () => {
    const plain = manifest((made) => {
      made.annotations = {};
      for (const entry of made.layers) delete entry.annotations?.['org.opencontainers.image.title'];
    });
    expect(checkStructure(plain, image)).toHaveLength(3);
  });

  test('with the media type that oras gives a subject it finds only in an index', () => {
    const odd = manifest((made) => {
      made.subject.mediaType = 'application/octet-stream';
    });
    expect(checkStructure(odd, image)).toHaveLength(3);
  });

  test.each<[string, RegExp, (manifest: SignatureManifest) => void]>([
    ['another artifact type', /artifact type/, (made) => void Object.assign(made, { artifactType: 'x' })],
    [
      'a config with content',
      /its config/,
      ({ config }) => void Object.assign(config, { digest: digest('1') }),
    ],
    ['another subject', /its subject/, ({ subject }) => void Object.assign(subject, { digest: digest('1') })],
    [
      'a subject of another type',
      /media type/,
      ({ subject }) => void Object.assign(subject, { mediaType: 'x' }),
    ],
    [
      'an entry for nobody',
      /names no layer/,
      ({ layers: [entry] }) => void Object.assign(entry ?? {}, { annotations: {} }),
    ],
    [
      'entries out of order',
      /entry 0 is for/,
      ({ layers }) => void layers.reverse().push(...layers.splice(0, 1)),
    ],
  ])('with %s: refused', (_what, reason, change) => {
    expect(() => checkStructure(manifest(change), image)).toThrow(reason);
  });
});

describe('what the signer recorded', () => {
  const own = (values: Record<string, string>) =>
    readRecord(Object.fromEntries(Object.entries(values).map(([name, value]) => [OWN_PREFIX + name, value])));

  test('nothing, or all of it', () => {
    expect(readRecord({})).toEqual({});
    expect(
      own({
        profile: 'containerd-cache',
        'mkfs-options': '-T0  --mkfs-time',
        'erofs-utils-version': '1.9.4',
        'erofs-utils-class': 'C',
      }),
    ).toEqual({
      profile: 'containerd-cache',
      mkfsOptions: ['-T0', '--mkfs-time'],
      version: '1.9.4',
      class: 'C',
    });
  });

  test('an alignment and a number of workers that a node may have', () => {
    const options = '-T0 --dsunit=512 --fsalignblks 512 --workers=8';
    expect(own({ 'mkfs-options': options }).mkfsOptions).toEqual(options.split(' '));
  });

  test('a class that is none is not followed', () => {
    expect(own({ 'erofs-utils-class': 'Z' })).toEqual({});
    expect(own({ 'erofs-utils-class': '1.9.4-1' })).toEqual({});
  });

  test('a class that a later version may know keeps its name', () => {
    expect(own({ 'erofs-utils-class': '1.8.6' })).toEqual({ class: '1.8.6' });
    expect(own({ 'erofs-utils-class': '1.10.2' })).toEqual({ class: '1.10.2' });
  });

  test.each([
    ['profile', 'other', /records the profile "other"/],
    ['profile', '__proto__', /records the profile/],
    ['mkfs-options', '--mkfs-time', /has no -T/],
    ['mkfs-options', '-T0 /etc/passwd', /is not an option/],
    ['mkfs-options', '-T0 --clean=data', /cannot be set here/],
    ['mkfs-options', '-T0 --file-contexts=/etc/shadow', /not accepted from a signature manifest/],
    ['mkfs-options', '-T0 --fi /etc/shadow', /not accepted from a signature manifest|is not an option/],
    ['mkfs-options', '-T0 --compress-hints=x', /not accepted from a signature manifest/],
    [
      'mkfs-options',
      '-T0 --exclude-regex=((a{1,100}){1,100}){1,100}',
      /not accepted from a signature manifest/,
    ],
    ['mkfs-options', '-T0 --fsa=2147483647', /not accepted from a signature manifest/],
    ['mkfs-options', '-T0 --dsunit 10000', /not accepted from a signature manifest/],
    ['mkfs-options', `-T0 ${' -x1'.repeat(400)}`, /more than 1024/],
  ])('%s %j: refused', (name, value, reason) => {
    expect(() => own({ [name]: value })).toThrow(reason);
  });
});
