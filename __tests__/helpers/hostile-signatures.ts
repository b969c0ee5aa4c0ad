/** Signatures that `sign` would refuse to make: by chains that break the rules for signers. */
import { sign } from 'node:crypto';
import type { Descriptor } from '../../src/model/index.ts';
import type { RawSignature } from '../../src/model/signing.ts';
import { buildArtifact, encodeArtifact } from '../../src/oci/attach/artifact.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { buildPkcs7 } from '../../src/signatures/pkcs7/build.ts';
import { writeChain } from './chain-writer.ts';
import type { Written } from './der-pki.ts';
import { notaryArtifact } from './notary.ts';
import type { Vector } from './vector-image.ts';
import { store } from './verify.ts';

type Chain = readonly Written[];

function signer([leaf]: Chain): (bytes: Uint8Array) => Promise<RawSignature> {
  if (leaf === undefined) throw new TypeError('an empty chain');
  return async (bytes) => ({
    scheme: 'ecdsa-der',
    digest: 'sha256',
    value: sign('sha256', bytes, leaf.key),
  });
}

/** The PKCS#7 signature of one root hash. */
export async function layerPkcs7(chain: Chain, rootHash: string): Promise<Uint8Array> {
  const [leaf, ...issuers] = chain.map(({ certificate }) => certificate);
  if (leaf === undefined) throw new TypeError('an empty chain');
  const root = issuers.pop();
  const signature = await signer(chain)(Buffer.from(rootHash));
  return buildPkcs7({ signature, chain: { leaf, intermediates: issuers, root, warnings: [] }, rootHash });
}

/** Stores a signature of each layer. */
export async function storeLayerSignatures(
  directory: string,
  subject: Descriptor,
  layers: readonly Vector[],
  chain: Chain,
): Promise<void> {
  const entries = await Promise.all(
    layers.map(async ({ digest, profiles }) => {
      const { rootHash } = profiles.containerd;
      return { layerDigest: digest, rootHash, pkcs7: await layerPkcs7(chain, rootHash) };
    }),
  );
  const own = { profile: 'containerd', 'erofs-utils-class': 'C' } as const;
  const artifact = buildArtifact({ subject, entries, own, created: new Date('2026-01-01T00:00:00Z') });
  await store(directory, encodeArtifact(artifact));
}

/**
 * Stores a Notary signature of a manifest. It is made with a good chain of the same keys; the certificates
 * of a JWS envelope are not covered by its signature, and are exchanged.
 */
export async function storeManifestSignature(
  directory: string,
  { mediaType, digest, size }: Descriptor,
  chain: Chain,
): Promise<void> {
  const good = writeChain({}, {}).map(({ certificate }) => certificate.der);
  const request = {
    target: { mediaType, digest, size },
    chain: good,
    spec: { kind: 'ec', bits: 256, digest: 'sha256' },
    signingTime: new Date(),
    agent: 'verity-sign/0.0.0',
  } as const;
  const envelope = JSON.parse(Buffer.from(await buildEnvelope('jws', request, signer(chain))).toString());
  const ders = chain.map(({ certificate }) => certificate.der);
  envelope.header.x5c = ders.map((der) => Buffer.from(der).toString('base64'));
  const bytes = Buffer.from(JSON.stringify(envelope));
  await store(
    directory,
    encodeArtifact(notaryArtifact({ mediaType, digest, size }, 'jws', { bytes, chain: ders })),
  );
}
