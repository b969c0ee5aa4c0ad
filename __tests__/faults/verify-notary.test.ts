import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VerifyOptions } from '../../src/commands/shared/options.ts';
import { verifyImage } from '../../src/commands/verify/verify-image.ts';
import { THUMBPRINTS } from '../../src/model/annotations.ts';
import type { Descriptor, SignatureArtifact } from '../../src/model/index.ts';
import {
  buildArtifact,
  type EncodedArtifact,
  encodeArtifact,
  type SignatureManifest,
} from '../../src/oci/attach/artifact.ts';
import type { VerifyReport } from '../../src/report/verify-report.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { ImageWriter } from '../helpers/image-writer.ts';
import { type MixedImage, mixedImage } from '../helpers/mixed-image.ts';
import { identity, notaryArtifact, requestFor } from '../helpers/notary.ts';
import { type Pki, pki } from '../helpers/pki.ts';
import { testFolder } from '../helpers/temp.ts';
import { store, verifyContext, verifyOptions, withManifest } from '../helpers/verify.ts';

const folder = testFolder();
let images: ImageWriter;
let mixed: MixedImage;
let keys: Pki;
let count = 0;

beforeAll(async () => {
  keys = await pki();
  images = await ImageWriter.create();
  mixed = await mixedImage(images);
  await images.add(mixed.index, 'mixed');
  await images.add(mixed.linux, 'linux');
});
afterAll(() => images.remove());

function layoutOf(): string {
  const directory = join(folder, `layout-${count++}`);
  cpSync(images.directory, directory, { recursive: true });
  return directory;
}

/** What `sign` would attach; `target` is what the envelope is for. */
async function signature(
  subject: Descriptor,
  options: { by?: string; target?: Descriptor; format?: 'jws' | 'cose' } = {},
): Promise<SignatureArtifact> {
  const { by = 'p256', target = subject, format = 'jws' } = options;
  const who = await identity(by);
  const bytes = await buildEnvelope(format, requestFor(who, target), who.sign);
  return notaryArtifact(subject, format, { bytes, chain: who.chain });
}

const encoded = async (...args: Parameters<typeof signature>): Promise<EncodedArtifact> =>
  encodeArtifact(await signature(...args));

function verify(image: string, changes: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const options = verifyOptions(image, {
    trustedCertificates: [keys.leaf('p256').caPath],
    layers: 'none',
    manifestSignature: 'required',
    ...changes,
  });
  return verifyImage(options, verifyContext(new Date()));
}

/** The verdict over the Linux image with these signatures alone. */
async function judged(...artifacts: EncodedArtifact[]): Promise<VerifyReport> {
  const layout = layoutOf();
  for (const artifact of artifacts) await store(layout, artifact);
  return verify(`oci:${layout}:linux`);
}

describe('fault 66: tampering', () => {
  test('an envelope of another manifest, which is validly signed', async () => {
    const report = await judged(await encoded(mixed.linux, { target: mixed.windows }));
    expect(report).toMatchObject({ verdict: 'invalid', reason: expect.stringContaining('another manifest') });
    for (const change of [
      { size: 1 },
      { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' },
    ]) {
      const target = { ...mixed.linux, ...change };
      expect((await judged(await encoded(mixed.linux, { target }))).verdict).toBe('invalid');
    }
  });

  test.each<[string, (manifest: SignatureManifest) => void, string]>([
    ['a subject of another size', ({ subject }) => Object.assign(subject, { size: 1 }), 'another manifest'],
    [
      'a subject of another type',
      ({ subject }) => Object.assign(subject, { mediaType: 'x/y' }),
      'has the media type',
    ],
    ['two envelopes', ({ layers }) => void layers.push(...layers), 'has 2 envelopes'],
    ['no envelope', ({ layers }) => void layers.splice(0), 'has 0 envelopes'],
    [
      'the other format',
      ({ layers: [layer] }) => Object.assign(layer ?? {}, { mediaType: 'application/cose' }),
      '(cose)',
    ],
    [
      'no format',
      ({ layers: [layer] }) => Object.assign(layer ?? {}, { mediaType: 'text/plain' }),
      'not the media type',
    ],
    [
      'an envelope that is not there',
      ({ layers: [layer] }) => Object.assign(layer ?? {}, { digest: `sha256:${'7'.repeat(64)}` }),
      '',
    ],
    ['an envelope of a GiB', ({ layers: [layer] }) => Object.assign(layer ?? {}, { size: 2 ** 30 }), 'bytes'],
  ])('%s', async (_what, change, reason) => {
    const report = await judged(withManifest(await encoded(mixed.linux), change));
    expect(report).toMatchObject({ verdict: 'invalid', reason: expect.stringContaining(reason) });
    expect(report.reason).toContain('does not verify');
  });

  test('an artifact type that lies is no Notary signature', async () => {
    const dressed = { ...(await signature(mixed.linux)), artifactType: 'application/vnd.example' };
    expect((await judged(encodeArtifact(dressed))).verdict).toBe('not-signed');
  });

  test.each([
    ['by the config alone, as notation writes it', (m: Partial<SignatureManifest>) => delete m.artifactType],
    [
      'by the artifact type alone',
      (m: SignatureManifest) => Object.assign(m.config, { mediaType: 'application/vnd.oci.empty.v1+json' }),
    ],
  ])('found %s', async (_what, change) => {
    const report = await judged(
      withManifest(await encoded(mixed.linux), change as (m: SignatureManifest) => void),
    );
    expect(report.verdict).toBe('verified');
  });

  test('thumbprints that lie change nothing, and are told', async () => {
    const other = JSON.stringify(['0'.repeat(64)]);
    const report = await judged(
      withManifest(await encoded(mixed.linux), ({ annotations }) =>
        Object.assign(annotations, { [THUMBPRINTS]: other }),
      ),
    );
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.manifestSignatures[0]?.notes).toEqual([
      expect.stringContaining('does not name the certificates'),
    ]);
    const stranger = await signature(mixed.linux, { by: 'rogue' });
    const annotations = { [THUMBPRINTS]: (await signature(mixed.linux)).annotations[THUMBPRINTS] ?? '' };
    expect((await judged(encodeArtifact({ ...stranger, annotations }))).verdict).toBe('not-trusted');
  });

  test('a critical attribute that is not known leaves it unchecked', async () => {
    const who = await identity('p256');
    const request = requestFor(who, mixed.linux);
    // Signed again over other protected headers, as a plugin of the future would.
    const plain = JSON.parse(Buffer.from(await buildEnvelope('jws', request, who.sign)).toString());
    const header = JSON.parse(Buffer.from(plain.protected, 'base64url').toString());
    header['io.cncf.notary.verificationPlugin'] = 'com.example.plugin';
    header.crit.push('io.cncf.notary.verificationPlugin');
    plain.protected = Buffer.from(JSON.stringify(header)).toString('base64url');
    const { value } = await who.signP1363(Buffer.from(`${plain.protected}.${plain.payload}`));
    plain.signature = Buffer.from(value).toString('base64url');
    const bytes = Buffer.from(JSON.stringify(plain));
    const report = await judged(
      encodeArtifact(notaryArtifact(mixed.linux, 'jws', { bytes, chain: who.chain })),
    );
    expect(report).toMatchObject({
      verdict: 'unchecked',
      reason: expect.stringContaining('io.cncf.notary.verificationPlugin'),
    });
  });

  test('a chain that breaks the rules for signers', async () => {
    const who = await identity('p256');
    const bytes = Buffer.from(await buildEnvelope('jws', requestFor(who, mixed.linux), who.sign)).toString();
    const cut = JSON.parse(bytes);
    cut.header.x5c = cut.header.x5c.slice(0, 1);
    const envelope = { bytes: Buffer.from(JSON.stringify(cut)), chain: who.chain };
    expect(await judged(encodeArtifact(notaryArtifact(mixed.linux, 'jws', envelope)))).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringContaining('not self-signed'),
    });
  });
});

describe('several', () => {
  test('rubbish before and after a good one', async () => {
    const bad = withManifest(await encoded(mixed.linux), ({ layers }) => void layers.splice(0));
    const good = await encoded(mixed.linux, { format: 'cose' });
    const stranger = await encoded(mixed.linux, { by: 'rogue' });
    const report = await judged(bad, good, stranger);
    expect(report.verdict).toBe('verified');
    expect(report.platforms[0]?.manifestSignature?.referrer).toBe(good.descriptor.digest);
    expect(report.platforms[0]?.manifestSignatures.map(({ verdict }) => verdict)).toEqual([
      'invalid',
      'verified',
      'not-trusted',
    ]);
  });

  test('none good: the one that came furthest gives the reason', async () => {
    const invalid = await encoded(mixed.linux, { target: mixed.windows });
    const stranger = await encoded(mixed.linux, { by: 'rogue' });
    expect(await judged(invalid, stranger)).toMatchObject({
      verdict: 'not-trusted',
      reason: expect.stringContaining(stranger.descriptor.digest),
    });
  });

  test('more than a thousand are not read', async () => {
    const good = await signature(mixed.linux);
    const many = Array.from({ length: 1001 }, (_, index) => {
      const annotations = { ...good.annotations, 'com.example.number': String(index) };
      const change = ({ layers }: SignatureManifest): void => void layers.splice(index === 1000 ? 1 : 0);
      return withManifest(encodeArtifact({ ...good, annotations }), change);
    });
    const report = await judged(...many);
    expect(report).toMatchObject({ verdict: 'unchecked', reason: expect.stringContaining('1001 referrers') });
  });

  test('a good index vouches for a manifest with bad signatures of its own, which are told', async () => {
    const layout = layoutOf();
    await store(layout, await encoded(mixed.index));
    await store(layout, await encoded(mixed.linux, { target: mixed.windows }));
    const report = await verify(`oci:${layout}:mixed`);
    expect(report).toMatchObject({
      verdict: 'verified',
      platforms: [
        {
          manifestSignature: { verdict: 'verified', byIndex: true },
          manifestSignatures: [{ verdict: 'invalid' }],
        },
        { verdict: 'verified' },
      ],
    });
    expect(await verify(`oci:${layout}:mixed`, { strict: true })).toMatchObject({
      verdict: 'invalid',
      reason: expect.stringMatching(/^linux\/amd64: strict: /),
    });
  });

  test('signed manifests do not make the index signed', async () => {
    const layout = layoutOf();
    for (const one of [mixed.linux, mixed.windows]) await store(layout, await encoded(one));
    expect(await verify(`oci:${layout}:mixed`)).toMatchObject({
      verdict: 'not-signed',
      reason: 'index: no Notary signature is attached',
      platforms: [{ verdict: 'verified' }, { verdict: 'verified' }],
    });
    // Not required: each manifest has its own, and what the index lists besides cannot be run.
    expect(await verify(`oci:${layout}:mixed`, { manifestSignature: 'auto' })).toMatchObject({
      verdict: 'verified',
      index: { verdict: 'verified', manifestSignature: { verdict: 'not-signed' } },
    });
  });

  test('a manifest without any, beside a signed one', async () => {
    const layout = layoutOf();
    await store(layout, await encoded(mixed.linux));
    expect(await verify(`oci:${layout}:mixed`, { manifestSignature: 'auto' })).toMatchObject({
      verdict: 'not-signed',
      reason: 'windows/amd64: no Notary signature is attached',
    });
  });
});

test('signatures of layers are not taken for one of the manifest, nor the reverse', async () => {
  const layout = layoutOf();
  const artifact = buildArtifact({ subject: mixed.linux, entries: [], own: {}, created: new Date(0) });
  await store(layout, encodeArtifact(artifact));
  expect((await verify(`oci:${layout}:linux`)).verdict).toBe('not-signed');
  const other = layoutOf();
  await store(other, await encoded(mixed.linux));
  expect(await verify(`oci:${other}:linux`, { layers: 'required' })).toMatchObject({
    verdict: 'not-signed',
    reason: expect.stringContaining('no dm-verity signatures'),
  });
});
