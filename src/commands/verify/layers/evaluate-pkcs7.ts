import { VeritySignError } from '../../../errors.ts';
import { sha256Digest } from '../../../formats/digest.ts';
import type { Verdict } from '../../../report/verify-report.ts';
import { WITHOUT_POLICY } from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { requireTrustedIdentity } from '../../../signatures/notary/trust-policy/trusted-identity.ts';
import { type ParsedPkcs7, parsePkcs7 } from '../../../signatures/pkcs7/parse.ts';
import { buildTrustPath } from '../../../signatures/pkcs7/trust.ts';
import { verifySignature } from '../../../signatures/pkcs7/verify.ts';
import type { Certificate } from '../../../signatures/x509/certificate.ts';
import { hasIdentity } from '../../../signatures/x509/identity.ts';
import type { SignedEntry } from '../../shared/check-manifest.ts';
import type { Trust } from '../trust/load-trust.ts';

/** The part of the trust that concerns signers of layers. */
export type SignerTrust = Pick<Trust, 'anchors' | 'identities' | 'at' | 'allowExpired'> &
  Partial<Pick<Trust, 'enforcement' | 'policy'>>;

/** The result of evaluating one PKCS#7 signature over a root hash. */
export interface SignatureVerdict {
  signer: Certificate | undefined;
  /** The signer's path to a trusted certificate, signer first; empty if there is none. */
  path: readonly Certificate[];
  verdict: Exclude<Verdict, 'not-signed'>;
  reason: string | undefined;
}

interface Evaluation extends SignatureVerdict {
  notes: readonly string[];
}

/**
 * Evaluations by what was evaluated, PKCS#7 and root hash: referrers may hold copies of the same ones. Not by the digest
 * of the blob: referrers of different forms take different signatures from one blob.
 */
export type Evaluated = Map<string, Evaluation>;

const NOT_READ = 'not read, because another signature of this referrer was rejected';

/**
 * Evaluates one PKCS#7 signature: form, signature over the root hash, path to a trusted certificate,
 * identity of the signer. Never throws for a fault of the signature.
 * @param pkcs7 undefined if it was not read
 * @param known earlier evaluations under the same trust; this one's is added
 */
export function evaluatePkcs7(
  { rootHash }: Pick<SignedEntry, 'rootHash'>,
  pkcs7: Uint8Array | undefined,
  trust: SignerTrust,
  known: Evaluated,
): Evaluation {
  if (pkcs7 === undefined) {
    return { signer: undefined, path: [], verdict: 'unchecked', reason: NOT_READ, notes: [] };
  }
  const key = `${sha256Digest(pkcs7)} ${rootHash}`;
  const evaluation = known.get(key) ?? evaluateBytes(pkcs7, rootHash, trust);
  known.set(key, evaluation);
  return evaluation;
}

function evaluateBytes(pkcs7: Uint8Array, rootHash: string, trust: SignerTrust): Evaluation {
  const signature: Evaluation = {
    signer: undefined,
    path: [],
    verdict: 'verified',
    reason: undefined,
    notes: [],
  };
  let parsed: ParsedPkcs7;
  try {
    parsed = parsePkcs7(pkcs7);
    signature.signer = parsed.signer;
    verifySignature(parsed, rootHash);
  } catch (error) {
    return { ...signature, verdict: 'invalid', reason: reasonOf(error) };
  }
  const notes: string[] = [];
  const failed = checkTrust(parsed, trust, signature, notes);
  if (failed === undefined) return { ...signature, notes };
  // A trust policy may only log signers without a path to a trusted certificate.
  if ((trust.enforcement ?? WITHOUT_POLICY).authenticity === 'enforce') return { ...signature, ...failed };
  return {
    ...signature,
    notes: [...notes, `authenticity failed, which the trust policy only logs: ${failed.reason}`],
  };
}

function checkTrust(
  { signer, certificates }: ParsedPkcs7,
  trust: SignerTrust,
  signature: Evaluation,
  notes: string[],
): { verdict: 'not-trusted' | 'unchecked'; reason: string } | undefined {
  const { anchors, identities, at, enforcement = WITHOUT_POLICY, policy } = trust;
  if (anchors instanceof VeritySignError) return { verdict: 'unchecked', reason: anchors.message };
  const allowExpired = trust.allowExpired || enforcement.authenticTimestamp !== 'enforce';
  try {
    signature.path = buildTrustPath(certificates, anchors, at, { allowExpired });
    if (policy !== undefined) requireTrustedIdentity(policy.statement.trustedIdentities, signer.der);
    requireIdentity(signer, identities);
  } catch (error) {
    return { verdict: 'not-trusted', reason: reasonOf(error) };
  }
  for (const { notAfter, subject } of signature.path) {
    if (notAfter < at) notes.push(`"${subject}" expired on ${notAfter.toISOString()}, which is allowed`);
  }
  return undefined;
}

/** @throws VeritySignError 'key' if the signer has none of the requested identities. */
export function requireIdentity(signer: Certificate, identities: Trust['identities']): void {
  if (identities.length === 0 || identities.some((identity) => hasIdentity(signer, identity))) return;
  throw new VeritySignError(
    'key',
    `the signer "${signer.subject}" (${signer.fingerprint}) is not among the requested signer identities`,
  );
}

/** The message of a rejection; any other error is a defect of this program. */
export function reasonOf(error: unknown): string {
  if (error instanceof VeritySignError) return error.message;
  throw error;
}
