import { THUMBPRINTS } from '../../../model/annotations.ts';
import type { Descriptor } from '../../../model/index.ts';
import type { SignatureManifest } from '../../../oci/attach/artifact.ts';
import { thumbprintsAnnotation } from '../../../signatures/notary/certificates/signing-chain.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeFormat,
  type NotaryEnvelope,
} from '../../../signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../../signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../../signatures/notary/envelope/verify.ts';
import { sameChain } from '../../../signatures/x509/chain.ts';

/** Milliseconds; other programs may round the two times differently. */
const ROUNDING = 1000;

/** What a manifest signature of this run says. */
export interface WantedEnvelope {
  /** mediaType, digest and size. */
  target: Descriptor;
  format: EnvelopeFormat;
  /** DER, leaf to root. */
  chain: readonly Uint8Array[];
  /** Milliseconds from signing to expiry. */
  lifetime: number | undefined;
  /** Roots of the timestamp authority, DER; undefined without a timestamp. */
  authorities: readonly Uint8Array[] | undefined;
}

/** Whether an existing referrer has one envelope of this format, by these certificates as it says. */
export function hasSameForm(
  { layers, annotations }: SignatureManifest,
  { format, chain }: WantedEnvelope,
): boolean {
  if (layers.length !== 1 || layers[0]?.mediaType !== ENVELOPE_MEDIA_TYPE[format]) return false;
  // Some verifiers select signatures by this annotation.
  return annotations[THUMBPRINTS] === thumbprintsAnnotation(chain);
}

/**
 * The envelope of an existing referrer if it says all that this run would say, by the same certificate
 * and in the same format; else undefined. A signature that expires must have at most the requested
 * lifetime, and a part of that left: with half of it, consecutive runs attach nothing, and nightly runs
 * renew a signature before it ends.
 *
 * @param blobs in the order of `manifest.layers`
 * @param remaining the part of its lifetime that must be left at `now`, 0 to 1
 * @throws VeritySignError 'image' for a manifest or envelope that is malformed
 */
export async function sameEnvelope(
  manifest: SignatureManifest,
  blobs: readonly Uint8Array[],
  wanted: WantedEnvelope,
  now: Date,
  remaining: number,
): Promise<NotaryEnvelope | undefined> {
  const { target, format, chain, lifetime, authorities } = wanted;
  const [bytes] = blobs;
  if (!hasSameForm(manifest, wanted) || bytes === undefined) return;
  const envelope = parseEnvelope(ENVELOPE_MEDIA_TYPE[format], bytes);
  checkIntegrity(envelope);
  const same =
    envelope.signingScheme === 'notary.x509' &&
    envelope.critical.length === 0 &&
    sameTarget(envelope.target, target) &&
    sameChain(envelope.chain, chain) &&
    hasLifetime(envelope, lifetime, now, remaining);
  if (!same) return;
  if (authorities !== undefined) {
    if (envelope.timestamp === undefined) return;
    const { verifyTimestamp } = await import('../../../signatures/notary/timestamp/timestamp.ts');
    await verifyTimestamp(envelope.timestamp, envelope.signature, authorities);
  }
  return envelope;
}

/** User metadata in the payload would make it another statement. */
function sameTarget(a: Descriptor, b: Descriptor): boolean {
  const plain = Object.keys(a.annotations ?? {}).length === 0;
  return plain && a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}

function hasLifetime(
  { expiry, signingTime }: NotaryEnvelope,
  lifetime: number | undefined,
  now: Date,
  remaining: number,
): boolean {
  if (expiry === undefined || lifetime === undefined) return expiry === lifetime;
  if (signingTime === undefined || +expiry - +signingTime > lifetime + ROUNDING) return false;
  return +expiry - +now > lifetime * remaining;
}
