import { VeritySignError } from '../../errors.ts';
import { OWN_PREFIX } from '../../model/annotations.ts';
import type { PlatformManifest } from '../../model/index.ts';
import { formOf, signaturesForReaders } from '../../oci/attach/artifact-format.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { parsePkcs7 } from '../../signatures/pkcs7/parse.ts';
import { signatureHolds } from '../../signatures/pkcs7/verify.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';
import { type Referrer, readLayerReferrers } from '../shared/read-referrers.ts';
import { evaluateReferrer } from '../verify/layers/evaluate-referrer.ts';
import type { Attached } from './attached.ts';

/** Sets of layer signatures of an image manifest. @throws VeritySignError 'registry', 'cancelled' */
export function findLayerSets(
  store: ReferrerStore,
  image: PlatformManifest,
  now: Date,
  signal: AbortSignal,
): Promise<Attached[]> {
  const look = (referrer: Referrer): Attached => describe(referrer, image, now);
  return readLayerReferrers(store, image.descriptor, look, {}, signal);
}

function describe(referrer: Referrer, image: PlatformManifest, now: Date): Attached {
  const signatures = 'error' in referrer ? [] : readSignatures(referrer);
  const signers = new Map(signatures.map(({ signer }) => [signer.fingerprint, signer]));
  // Each signer is trusted here: whom a node trusts is not known.
  const anchors = [...signers.values()].map(({ der }) => der);
  const set = evaluateReferrer(referrer, image, { anchors, identities: [], at: now, allowExpired: false });
  return {
    kind: 'layers',
    subject: image.descriptor,
    platform: image.platform,
    descriptor: referrer.descriptor,
    ...('error' in referrer ? {} : { format: formOf(referrer.manifest).format }),
    profile: 'error' in referrer ? undefined : referrer.manifest.annotations[`${OWN_PREFIX}profile`],
    signers: [...signers.values()],
    holdsFor: signatures.flatMap(({ holdsFor }) => (holdsFor === undefined ? [] : [holdsFor])),
    fault: set.reason,
  };
}

interface LayerSignature {
  signer: Certificate;
  /** Layer and root hash; undefined if the signature is over something else. */
  holdsFor: string | undefined;
}

/** Those that a reader may take. A node takes each layer's for itself, whatever else is in the set. */
function readSignatures({ manifest, blobs }: Extract<Referrer, { manifest: unknown }>): LayerSignature[] {
  const form = formOf(manifest);
  return manifest.layers.flatMap(({ annotations }, index) => {
    const [layer, rootHash = ''] = [annotations?.[form.layerDigest], annotations?.[form.rootHash]];
    const blob = blobs[index] ?? new Uint8Array();
    const isRootHash = layer !== undefined && /^[0-9a-f]{64}$/.test(rootHash);
    return signaturesForReaders(manifest, index, blob).flatMap((der): LayerSignature[] => {
      const parsed = unlessInvalid(() => parsePkcs7(der));
      if (parsed === undefined) return [];
      const { signer, digest, signature } = parsed;
      const holds = isRootHash && signatureHolds(signer.key, digest, signature, rootHash);
      return [{ signer, holdsFor: holds ? `${layer} ${rootHash}` : undefined }];
    });
  });
}

function unlessInvalid<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof VeritySignError) return undefined;
    throw error;
  }
}
