/** Signatures that `sign` would refuse to make: by chains that break the rules for signers. */
import type { Descriptor } from '../../src/model/index.ts';
import { buildArtifact, encodeArtifact } from '../../src/oci/attach/artifact.ts';
import { buildEnvelope } from '../../src/signatures/notary/envelope/build.ts';
import { type Chain, layerPkcs7, signer } from './chain-signer.ts';
import { writeChain } from './chain-writer.ts';
import { notaryArtifact } from './notary.ts';
import type { Vector } from './vector-image.ts';
import { store } from './verify.ts';

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
