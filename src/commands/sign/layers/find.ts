import { OWN_PREFIX } from '../../../model/annotations.ts';
import type { SignatureManifest } from '../../../oci/attach/artifact.ts';
import { formOf, signatureIn } from '../../../oci/attach/artifact-format.ts';
import { parsePkcs7 } from '../../../signatures/pkcs7/parse.ts';
import { type CertificateChain, embeddedCertificates } from '../../../signatures/pkcs7/signing-chain.ts';
import { verifySignature } from '../../../signatures/pkcs7/verify.ts';
import { checkStructure } from '../../shared/check-manifest.ts';
import type { PlannedArtifact } from '../../shared/plan.ts';

/**
 * Whether an existing referrer has the same profile and options, and the same layers with the same root
 * hashes, as this run would attach. Its form is evaluated as `verify` does: what `verify` refuses,
 * another run must be able to repair.
 * @throws VeritySignError 'image' for a manifest that is malformed
 */
export function hasSameRootHashes(
  manifest: SignatureManifest,
  { manifest: image, format, profile, mkfsOptions, layers }: PlannedArtifact,
): boolean {
  const form = formOf(manifest);
  if (form.format !== format) return false;
  // The form of tardev records nothing.
  const records = format === 'notary';
  if (records && manifest.annotations[`${OWN_PREFIX}profile`] !== profile) return false;
  // `verify` rebuilds the images with the recorded options, and no signature covers them.
  const options = manifest.annotations[`${OWN_PREFIX}mkfs-options`];
  if (records && options !== mkfsOptions.join(' ')) return false;
  checkStructure(manifest, image);
  if (manifest.layers.length !== layers.length) return false;
  return layers.every(({ layer, verity }, index) => {
    const entry = manifest.layers[index]?.annotations;
    return entry?.[form.layerDigest] === layer.descriptor.digest && entry[form.rootHash] === verity.rootHash;
  });
}

/**
 * Whether an existing referrer says all that this run would say: what {@link hasSameRootHashes} compares,
 * each root hash signed by this very certificate and with the same intermediates. A second referrer would
 * then only cost the registry and confuse nodes.
 *
 * @param blobs PKCS#7 signatures, in the order of `manifest.layers`
 * @throws VeritySignError 'image' for a manifest or signature that is malformed
 */
export function isSameLayerSignature(
  manifest: SignatureManifest,
  blobs: readonly Uint8Array[],
  planned: PlannedArtifact,
  chain: CertificateChain,
): boolean {
  if (!hasSameRootHashes(manifest, planned)) return false;
  const embedded = embeddedCertificates(chain).map(({ fingerprint }) => fingerprint);
  return planned.layers.every(({ verity }, index) => {
    const blob = blobs[index];
    if (blob === undefined) return false;
    const parsed = parsePkcs7(signatureIn(manifest, index, blob));
    verifySignature(parsed, verity.rootHash);
    // Without an intermediate, a verifier that has only the root finds no path from the signer to it.
    const own = parsed.certificates.map(({ fingerprint }) => fingerprint);
    return own.length === embedded.length && own.every((one, at) => one === embedded[at]);
  });
}

/** Digest of the PKCS#7 blob by root hash, from a signature manifest. */
export function signatureDigests(manifest: SignatureManifest): Map<string, string> {
  const { rootHash } = formOf(manifest);
  return new Map(
    manifest.layers.map(({ annotations, digest }): [string, string] => [
      annotations?.[rootHash] ?? '',
      digest,
    ]),
  );
}
