import { VeritySignError } from '../../../errors.ts';
import { THUMBPRINTS } from '../../../model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../../model/artifact-types.ts';
import type { Descriptor } from '../../../model/index.ts';
import type { Verdict } from '../../../report/verify-report.ts';
import {
  checkChain,
  checkSignerPurpose,
  thumbprintsAnnotation,
} from '../../../signatures/notary/certificates/signing-chain.ts';
import {
  ENVELOPE_MEDIA_TYPE,
  type EnvelopeFormat,
  type NotaryEnvelope,
} from '../../../signatures/notary/envelope/envelope.ts';
import { parseEnvelope } from '../../../signatures/notary/envelope/parse.ts';
import { checkIntegrity } from '../../../signatures/notary/envelope/verify.ts';
import type { RevocationChecker } from '../../../signatures/notary/revocation/checker.ts';
import type { Validation } from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { type Certificate, readCertificate } from '../../../signatures/x509/certificate.ts';
import { checkSubject } from '../../shared/check-manifest.ts';
import { isBroken, type Referrer } from '../../shared/read-referrers.ts';
import type { Trust } from '../trust/load-trust.ts';
import { checkAuthenticity, checkExpiry, checkRevocation, checkTimestamp } from './validations.ts';

/** The steps of evaluating a signature. If none verifies, the one that came furthest gives the reason. */
export const NOTARY_STEPS = [
  'read',
  'integrity',
  'authenticity',
  'expiry',
  'authenticTimestamp',
  'revocation',
] as const;

/** One evaluated Notary referrer of a manifest. */
export interface NotarySignature {
  /** Digest of the signature manifest. */
  referrer: string;
  verdict: Exclude<Verdict, 'not-signed' | 'skipped'>;
  reason: string | undefined;
  /** The step that it failed, or the last one. */
  step: (typeof NOTARY_STEPS)[number];
  format: EnvelopeFormat | undefined;
  /** As the envelope says; covered by a signature only once the step `integrity` has passed. */
  envelope: NotaryEnvelope | undefined;
  signer: Certificate | undefined;
  /** Signing time by a checked timestamp or a signing authority. */
  authenticTime: Date | undefined;
  notes: string[];
}

/**
 * Evaluates one referrer as notation does: the envelope's integrity, that it is for this manifest, then
 * what the trust policy enforces or logs. Never throws for a fault of the referrer.
 * [notaryproject/specifications trust-store-trust-policy.md, signature verification]
 * @throws VeritySignError 'cancelled'
 */
export async function evaluateSignature(
  referrer: Referrer,
  subject: Descriptor,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<NotarySignature> {
  const signature: NotarySignature = {
    referrer: referrer.descriptor.digest,
    verdict: 'verified',
    reason: undefined,
    step: 'read',
    format: undefined,
    envelope: undefined,
    signer: undefined,
    authenticTime: undefined,
    notes: [],
  };
  if ('error' in referrer) {
    const { error } = referrer;
    return { ...signature, verdict: isBroken(error) ? 'invalid' : 'unchecked', reason: error.message };
  }
  signature.step = 'integrity';
  let envelope: NotaryEnvelope;
  try {
    envelope = readEnvelope(referrer, subject, signature);
  } catch (error) {
    return { ...signature, verdict: 'invalid', reason: messageOf(error) };
  }
  if (envelope.critical.length > 0) {
    const reason = `it has critical attributes that only a notation plugin can evaluate: ${envelope.critical.join(', ')}`;
    return { ...signature, verdict: 'unchecked', reason };
  }
  try {
    checkSignerPurpose(envelope.chain);
  } catch (error) {
    return { ...signature, verdict: 'not-trusted', reason: messageOf(error) };
  }
  return validate(signature, envelope, trust, revocation);
}

/** Records in `signature` what can be read of the envelope, also if a later check fails. */
function readEnvelope(
  { manifest, blobs }: Extract<Referrer, { manifest: unknown }>,
  subject: Descriptor,
  signature: NotarySignature,
): NotaryEnvelope {
  if (manifest.artifactType !== NOTARY_ARTIFACT_TYPE)
    throw invalid(`its artifact type is ${manifest.artifactType}`);
  checkSubject(manifest.subject, subject);
  const [layer] = manifest.layers;
  if (layer === undefined || manifest.layers.length > 1) {
    throw invalid(`the signature manifest has ${manifest.layers.length} envelopes, not one`);
  }
  signature.format = (['jws', 'cose'] as const).find(
    (format) => ENVELOPE_MEDIA_TYPE[format] === layer.mediaType,
  );
  const envelope = parseEnvelope(layer.mediaType, blobs[0] ?? new Uint8Array());
  signature.envelope = envelope;
  signature.signer = signerOf(envelope);
  checkChain(envelope.chain, undefined);
  checkIntegrity(envelope);
  checkTarget(envelope.target, subject);
  const annotation = manifest.annotations[THUMBPRINTS];
  if (annotation !== undefined && annotation !== thumbprintsAnnotation(envelope.chain)) {
    signature.notes.push(`the annotation ${THUMBPRINTS} does not name the certificates of the envelope`);
  }
  return envelope;
}

/** The signed descriptor must have the manifest's media type, digest and size. */
function checkTarget(target: Descriptor, { mediaType, digest, size }: Descriptor): void {
  if (target.mediaType === mediaType && target.digest === digest && target.size === size) return;
  throw invalid(
    `what was signed is ${target.digest} (${target.size} bytes, ${target.mediaType}), another manifest`,
  );
}

/** The signer's certificate; undefined if it cannot be read. */
export function signerOf({ chain }: NotaryEnvelope): Certificate | undefined {
  try {
    return chain[0] === undefined ? undefined : readCertificate(chain[0]);
  } catch {
    // The rules for signing chains report the reason.
    return undefined;
  }
}

async function validate(
  signature: NotarySignature,
  envelope: NotaryEnvelope,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<NotarySignature> {
  const validations: [Exclude<Validation, 'integrity'>, () => void | Promise<void>][] = [
    ['authenticity', () => checkAuthenticity(envelope, signature.signer, trust)],
    ['expiry', () => checkExpiry(envelope, trust)],
    [
      'authenticTimestamp',
      async () => {
        signature.authenticTime = await checkTimestamp(envelope, trust, revocation, signature.notes);
      },
    ],
    ['revocation', () => checkRevocation(envelope, trust, revocation)],
  ];
  for (const [validation, check] of validations) {
    const action = trust.enforcement[validation];
    if (action === 'skip') continue;
    signature.step = validation;
    try {
      await check();
    } catch (error) {
      const reason = messageOf(error);
      if (action === 'enforce') return { ...signature, verdict: verdictOf(error as VeritySignError), reason };
      signature.notes.push(`${validation} failed, which the trust policy only logs: ${reason}`);
    }
  }
  return signature;
}

/** Whether the signature is rejected, or could not be checked. */
function verdictOf({ code }: VeritySignError): 'not-trusted' | 'unchecked' {
  return code === 'key' || code === 'image' ? 'not-trusted' : 'unchecked';
}

/** The message of a rejection; any other error is a defect of this program. */
function messageOf(error: unknown): string {
  if (error instanceof VeritySignError && error.code !== 'cancelled') return error.message;
  throw error;
}

function invalid(what: string): VeritySignError {
  return new VeritySignError('image', what);
}
