import type { PlatformManifest } from '../../../model/index.ts';
import type { SignatureManifest } from '../../../oci/attach/artifact.ts';
import { formOf } from '../../../oci/attach/artifact-format.ts';
import { checkStructure, readRecord } from '../../shared/check-manifest.ts';
import type { Screen } from '../../shared/read-referrers.ts';
import { type Evaluated, reasonOf, type SignerTrust } from './evaluate-pkcs7.ts';
import { evaluateEntry } from './evaluate-referrer.ts';

/**
 * Which dm-verity referrers of an image are read to the end: those of the right structure whose
 * smallest signature is by a trusted signer. Every other one is rejected, whatever else it holds.
 */
export function screenReferrers(image: PlatformManifest, trust: SignerTrust, known: Evaluated): Screen {
  return {
    wanted: (manifest) => isSound(manifest, image),
    promising: (manifest, index, blob) => {
      const entry = checkStructure(manifest, image)[index];
      if (entry === undefined) return false;
      const blobs = manifest.layers.map((_, at) => (at === index ? blob : undefined));
      const { verdict } = evaluateEntry({ manifest, blobs }, index, entry, trust, known);
      return verdict === 'verified' || verdict === 'unchecked';
    },
  };
}

function isSound(manifest: SignatureManifest, image: PlatformManifest): boolean {
  try {
    if (formOf(manifest).format === 'notary') readRecord(manifest.annotations);
    checkStructure(manifest, image);
    return true;
  } catch (error) {
    reasonOf(error);
    return false;
  }
}
