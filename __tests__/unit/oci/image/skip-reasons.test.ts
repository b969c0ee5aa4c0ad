import { expect, test } from '@jest/globals';
import type { Descriptor } from '../../../../src/model/index.ts';
import { entryKind, namesLinuxPlatform } from '../../../../src/oci/image/skip-reasons.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const marked = { 'vnd.docker.reference.type': 'attestation-manifest' };
const empty = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  size: 2,
};
const helm = { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: 'sha256:2', size: 3 };

const entry = (os: string | undefined, architecture = 'amd64', annotations = {}): Descriptor => ({
  mediaType: MANIFEST,
  digest: 'sha256:1',
  size: 1,
  ...(os === undefined ? {} : { platform: { os, architecture } }),
  annotations,
});

test.each<[string, Descriptor, Descriptor | undefined, { isImage: boolean; mayRun: boolean }]>([
  ['Windows', entry('windows'), undefined, { isImage: true, mayRun: false }],
  [
    'Windows with the annotation',
    entry('windows', 'amd64', marked),
    undefined,
    { isImage: true, mayRun: false },
  ],
  ['unknown', entry('unknown', 'unknown'), undefined, { isImage: true, mayRun: false }],
  ['an attestation', entry('unknown', 'unknown', marked), undefined, { isImage: false, mayRun: false }],
  ['half an attestation', entry('unknown', 'amd64', marked), undefined, { isImage: true, mayRun: false }],
  ['Linux with the annotation', entry('linux', 'amd64', marked), undefined, { isImage: true, mayRun: true }],
  [
    'no platform, with the annotation',
    entry(undefined, '', marked),
    undefined,
    { isImage: true, mayRun: true },
  ],
  ['Linux as Go reads it', entry('LİNUX'), undefined, { isImage: true, mayRun: true }],
  ['an artifact for Linux', entry('linux'), helm, { isImage: true, mayRun: true }],
  ['an artifact', entry(undefined), helm, { isImage: false, mayRun: false }],
  ['an empty config for Linux', entry('linux'), empty, { isImage: false, mayRun: false }],
  ['no architecture', entry('linux', ''), helm, { isImage: false, mayRun: false }],
])('%s', (_what, descriptor, config, kind) => {
  expect(entryKind(descriptor, config)).toMatchObject(kind);
});

test('a config for Linux as Go reads it', () => {
  const config = (os: string) => Buffer.from(JSON.stringify({ os, architecture: 'amd64' }));
  expect(namesLinuxPlatform(config('LİNUX'))).toBe(true);
  expect(namesLinuxPlatform(config('LÏNUX'))).toBe(false);
});
