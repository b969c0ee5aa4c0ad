import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SignerTrust } from '../../../../../src/commands/verify/layers/evaluate-pkcs7.ts';
import { evaluateReferrer } from '../../../../../src/commands/verify/layers/evaluate-referrer.ts';
import type { PlatformManifest } from '../../../../../src/model/index.ts';
import { buildArtifact, encodeArtifact } from '../../../../../src/oci/attach/artifact.ts';
import { parseTrustPolicy } from '../../../../../src/signatures/notary/trust-policy/trust-policy.ts';
import { parseSignerIdentity } from '../../../../../src/signatures/x509/identity.ts';
import { layerPkcs7 } from '../../../../helpers/chain-signer.ts';
import { dn, writeChain } from '../../../../helpers/chain-writer.ts';
import type { Written } from '../../../../helpers/der-pki.ts';
import { policy, STATEMENT } from '../../../../helpers/policy-cases.ts';

const MEDIA = 'application/vnd.oci.image.layer.v1.tar+gzip';
const digest = `sha256:${'1'.repeat(64)}`;
const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 7 };
const layer = {
  index: 0,
  descriptor: { mediaType: MEDIA, digest: `sha256:${'2'.repeat(64)}`, size: 9 },
  format: 'tar' as const,
  compression: 'gzip' as const,
  diffId: digest,
};
const image = { descriptor, layers: [layer] } as unknown as PlatformManifest;
const FULL = 'x509.subject: C=US, ST=WA, O=A';

const chainOf = (...names: string[]): Written[] =>
  writeChain(
    { subject: dn(['C', 'US'], ['ST', 'WA'], ['O', 'A'], ...names.map((name) => ['CN', name] as const)) },
    {},
  );

const chains = new Map<string, Written[]>();
beforeAll(() => {
  chains.set('Release', chainOf('Release'));
  chains.set('Release and Other', chainOf('Release', 'Other'));
  chains.set('Other and Release', chainOf('Other', 'Release'));
});

/** The verdict on a set of one layer by a chain whose root is trusted. */
async function verdictOn(by: string, more: Partial<SignerTrust>): Promise<[string, string | undefined]> {
  const chain = chains.get(by) ?? [];
  const rootHash = 'a'.repeat(64);
  const entries = [
    { layerDigest: layer.descriptor.digest, rootHash, pkcs7: await layerPkcs7(chain, rootHash) },
  ];
  const own = { profile: 'containerd', 'erofs-utils-class': 'C' } as const;
  const created = new Date('2026-01-01T00:00:00Z');
  const artifact = encodeArtifact(buildArtifact({ subject: descriptor, entries, own, created }));
  const referrer = {
    descriptor: artifact.descriptor,
    manifest: artifact.manifest,
    blobs: entries.map(({ pkcs7 }) => pkcs7),
  } as unknown as Parameters<typeof evaluateReferrer>[0];
  const anchors = chain.slice(-1).map(({ certificate }) => certificate.der);
  const trust = { anchors, identities: [], at: new Date('2026-06-01T00:00:00Z'), allowExpired: false };
  const { verdict, reason } = evaluateReferrer(referrer, image, { ...trust, ...more });
  return [verdict, reason];
}

function byPolicy(...trustedIdentities: string[]): Partial<SignerTrust> {
  const document = policy({ ...STATEMENT, trustedIdentities });
  const [statement] = parseTrustPolicy(Buffer.from(JSON.stringify(document)));
  if (statement === undefined) throw new Error('no statement');
  return { policy: { path: 'p', scope: 's', statement }, enforcement: statement.enforcement };
}

describe("a trust policy's trustedIdentities apply to signers of layers", () => {
  test.each<[string, string[], string, RegExp | undefined]>([
    ['Release', ['*'], 'verified', undefined],
    ['Release', [FULL], 'verified', undefined],
    ['Release', [`${FULL}, CN=Release`], 'verified', undefined],
    ['Release', [`${FULL}, CN=Other`, `${FULL}, CN=Release`], 'verified', undefined],
    ['Release', [`${FULL}, CN=Other`], 'not-trusted', /is none of the trusted identities/],
    ['Release', [`${FULL}, CN=release`], 'not-trusted', /is none of the trusted identities/],
    ['Release and Other', ['*'], 'verified', undefined],
    ['Release and Other', [`${FULL}, CN=Release`], 'not-trusted', /has CN twice/],
    ['Release and Other', [`${FULL}, CN=Other`], 'not-trusted', /has CN twice/],
    ['Other and Release', [`${FULL}, CN=Release`], 'not-trusted', /has CN twice/],
  ])('%s with %j: %s', async (by, identities, verdict, reason) => {
    const [found, why] = await verdictOn(by, byPolicy(...identities));
    expect([found, why]).toEqual([verdict, reason === undefined ? undefined : expect.stringMatching(reason)]);
  });
});

describe('requested identities', () => {
  test.each([
    ['Release', 'CN=Release', 'verified'],
    ['Release', 'CN=Other', 'not-trusted'],
    ['Release and Other', 'CN=Release', 'not-trusted'],
    ['Other and Release', 'CN=Release', 'not-trusted'],
    ['Other and Release', 'O=A', 'verified'],
  ])('%s with %s: %s', async (by, identity, verdict) => {
    const identities = [parseSignerIdentity(identity)];
    expect((await verdictOn(by, { identities }))[0]).toBe(verdict);
    // Both must hold where there is a policy too.
    expect((await verdictOn(by, { identities, ...byPolicy('*') }))[0]).toBe(verdict);
  });
});
