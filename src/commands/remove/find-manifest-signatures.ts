import { NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor, Platform } from '../../model/index.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { RevocationChecker } from '../../signatures/notary/revocation/checker.ts';
import type { Enforcement } from '../../signatures/notary/trust-policy/trust-policy.ts';
import { certificateName, validityViolation } from '../../signatures/x509/certificate.ts';
import { type Referrer, readReferrers } from '../shared/read-referrers.ts';
import { evaluateSignature, type NotarySignature } from '../verify/manifests/evaluate-signature.ts';
import type { Attached } from './attached.ts';

/** Whom a verifier trusts is not known here, nor which servers it asks. */
const WITHOUT_TRUST: Enforcement = {
  integrity: 'enforce',
  authenticity: 'skip',
  expiry: 'enforce',
  authenticTimestamp: 'skip',
  revocation: 'skip',
};

/** Notary Project signatures of a manifest or index. @throws VeritySignError 'registry', 'cancelled' */
export function findManifestSignatures(
  store: ReferrerStore,
  subject: Descriptor,
  platform: Platform | undefined,
  now: Date,
  signal: AbortSignal,
): Promise<Attached[]> {
  const trust = {
    anchors: [],
    signingAuthorities: [],
    tsa: undefined,
    identities: [],
    at: now,
    allowExpired: false,
    enforcement: WITHOUT_TRUST,
    policy: undefined,
  };
  const revocation = new RevocationChecker(now, signal);
  const look = async (referrer: Referrer): Promise<Attached> => {
    const signature = await evaluateSignature(referrer, subject, trust, revocation);
    const { signer, step, verdict } = signature;
    const holds = step !== 'read' && verdict !== 'invalid';
    return {
      kind: 'manifest',
      subject,
      platform,
      descriptor: referrer.descriptor,
      profile: undefined,
      signers: signer === undefined ? [] : [signer],
      holdsFor: holds ? [subject.digest] : [],
      fault: faultOf(signature, now),
    };
  };
  return readReferrers(store, subject, NOTARY_ARTIFACT_TYPE, look, {}, signal);
}

/** A timestamp keeps a signature valid after its certificate has expired. */
function faultOf({ reason, signer, envelope }: NotarySignature, now: Date): string | undefined {
  if (reason !== undefined) return reason;
  if (signer === undefined || envelope?.timestamp !== undefined) return undefined;
  const violation = validityViolation(signer, now);
  return violation && `the ${certificateName(signer)} ${violation}`;
}
