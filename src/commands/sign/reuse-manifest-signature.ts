import type { Descriptor } from '../../model/index.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { thumbprintsAnnotation } from '../../signatures/notary/certificates/signing-chain.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeFormat,
  type NotaryEnvelope,
  THUMBPRINTS,
} from '../../signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../signatures/notary/envelope/verify.ts';
import { sameChain } from '../../signatures/x509/chain.ts';

/** Other programs may round the two times differently, milliseconds. */
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

/**
 * Whether a referrer that is there already says all that this run would say, by the same certificate, in
 * the same format: gives its envelope. One that expires must live no longer than was asked for, and still
 * for a part of that time: with a half, runs one after another attach nothing, and nightly ones renew it
 * before it ends.
 *
 * @param blobs of `manifest.layers`
 * @param left the part of its lifetime that must be left at `now`
 * @throws VeritySignError 'image' for a manifest or envelope that is malformed
 */
export async function sameEnvelope(
  manifest: SignatureManifest,
  blobs: readonly Uint8Array[],
  { target, format, chain, lifetime, authorities }: WantedEnvelope,
  now: Date,
  left: number,
): Promise<NotaryEnvelope | undefined> {
  const [layer] = manifest.layers;
  const [bytes] = blobs;
  if (layer?.mediaType !== ENVELOPE_MEDIA_TYPE[format] || bytes === undefined || blobs.length !== 1) return;
  // Some verifiers choose signatures by it.
  if (manifest.annotations[THUMBPRINTS] !== thumbprintsAnnotation(chain)) return;
  const envelope = parseEnvelope(layer.mediaType, bytes);
  checkIntegrity(envelope);
  const same =
    envelope.signingScheme === 'notary.x509' &&
    envelope.critical.length === 0 &&
    sameTarget(envelope.target, target) &&
    sameChain(envelope.chain, chain) &&
    lives(envelope, lifetime, now, left);
  if (!same) return;
  if (authorities !== undefined) {
    if (envelope.timestamp === undefined) return;
    const { verifyTimestamp } = await import('../../signatures/notary/timestamp/timestamp.ts');
    await verifyTimestamp(envelope.timestamp, envelope.signature, authorities);
  }
  return envelope;
}

/** Metadata of other users in the payload would make it another statement. */
function sameTarget(a: Descriptor, b: Descriptor): boolean {
  const plain = Object.keys(a.annotations ?? {}).length === 0;
  return plain && a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}

function lives(
  { expiry, signingTime }: NotaryEnvelope,
  lifetime: number | undefined,
  now: Date,
  left: number,
): boolean {
  if (expiry === undefined || lifetime === undefined) return expiry === lifetime;
  if (signingTime === undefined || +expiry - +signingTime > lifetime + ROUNDING) return false;
  return +expiry - +now > lifetime * left;
}
