import { REF_NAME } from '../../model/annotations.ts';
import type { Descriptor } from '../../model/index.ts';

/**
 * The fallback tag of a list of referrers, and cosign's tags of signatures, attestations and SBOMs.
 * [distribution-spec, "Referrers Tag Schema"; cosign, SIGNATURE_SPEC.md]
 */
const DIGEST_TAG = /^sha(256|512)-([0-9a-f]{64,128})(?:\.\w+)?$/;

/** Whether an entry of index.json is named after the digest of another: it belongs to that one, and is no image. */
export function hasDigestTag({ annotations, digest }: Descriptor): boolean {
  const [, bits, hex] = DIGEST_TAG.exec(annotations?.[REF_NAME] ?? '') ?? [];
  return bits !== undefined && !digest.startsWith(`sha${bits}:${hex}`);
}
