import { VeritySignError } from '../../../errors.ts';
import type { PlatformManifest, ProfileName } from '../../../model/index.ts';
import type { Verdict } from '../../../report/verify-report.ts';
import { WITHOUT_POLICY } from '../../../signatures/notary/trust-policy/trust-policy.ts';
import { requireTrustedIdentity } from '../../../signatures/notary/trust-policy/trusted-identity.ts';
import { type ParsedPkcs7, parsePkcs7 } from '../../../signatures/pkcs7/parse.ts';
import { buildTrustPath } from '../../../signatures/pkcs7/trust.ts';
import { verifySignature } from '../../../signatures/pkcs7/verify.ts';
import type { Certificate } from '../../../signatures/x509/certificate.ts';
import { hasIdentity } from '../../../signatures/x509/identity.ts';
import { checkStructure, type Recorded, readRecord, type SignedEntry } from '../../shared/check-manifest.ts';
import { isBroken, type Referrer } from '../../shared/read-referrers.ts';
import type { Trust } from '../trust/load-trust.ts';

/** The part of the trust that concerns signers of layers. */
export type SignerTrust = Pick<Trust, 'anchors' | 'identities' | 'at' | 'allowExpired'> &
  Partial<Pick<Trust, 'enforcement' | 'policy'>>;

/** The steps of evaluating a set. If no set verifies, the one that came furthest gives the reason. */
export const STEPS = ['read', 'structure', 'signature', 'trust', 'recompute'] as const;

/** One evaluated dm-verity referrer. */
export interface SignatureSet {
  /** Digest of the signature manifest. */
  referrer: string;
  verdict: Exclude<Verdict, 'not-signed'>;
  reason: string | undefined;
  /** The step that it failed, or the last one that it passed. */
  step: (typeof STEPS)[number];
  recorded: Recorded;
  /** As recorded, or found by recomputing. */
  profile: ProfileName | undefined;
  layers: SignedLayer[];
  notes: string[];
}

export interface SignedLayer extends SignedEntry {
  signer: Certificate | undefined;
  /** The signer's path to a trusted certificate, signer first; empty if there is none. */
  path: readonly Certificate[];
  verdict: Exclude<Verdict, 'not-signed'>;
  reason: string | undefined;
  /** Root hash of the rebuilt image. */
  recomputed: string | undefined;
  /** The earlier image of this run for which it was built. */
  sharedFrom?: string;
}

/**
 * Evaluates one referrer without building anything: structure, PKCS#7, signature over the root hash,
 * path to a trusted certificate, identity of the signer. Pure; never throws for a fault of the referrer.
 */
export function evaluateReferrer(
  referrer: Referrer,
  image: PlatformManifest,
  trust: SignerTrust,
): SignatureSet {
  const set: SignatureSet = {
    referrer: referrer.descriptor.digest,
    verdict: 'verified',
    reason: undefined,
    step: 'read',
    recorded: {},
    profile: undefined,
    layers: [],
    notes: [],
  };
  if ('error' in referrer) {
    const { error } = referrer;
    return { ...set, verdict: isBroken(error) ? 'invalid' : 'unchecked', reason: error.message };
  }
  set.step = 'structure';
  let entries: SignedEntry[];
  try {
    set.recorded = readRecord(referrer.manifest.annotations);
    set.profile = set.recorded.profile;
    entries = checkStructure(referrer.manifest, image);
  } catch (error) {
    return { ...set, verdict: 'invalid', reason: reasonOf(error) };
  }
  const notes = new Set<string>();
  set.layers = entries.map((entry, index) =>
    evaluateLayer(entry, referrer.blobs[index] ?? new Uint8Array(), trust, notes),
  );
  set.notes = [...notes];
  const invalid = firstReason(set.layers, 'invalid');
  if (invalid !== undefined) return { ...set, step: 'signature', verdict: 'invalid', reason: invalid };
  set.step = 'trust';
  for (const verdict of ['not-trusted', 'unchecked'] as const) {
    const reason = firstReason(set.layers, verdict);
    if (reason !== undefined) return { ...set, verdict, reason };
  }
  return set;
}

/** The first reason of this verdict, with the layer it is about. */
export function firstReason(
  layers: readonly SignedLayer[],
  verdict: SignedLayer['verdict'],
): string | undefined {
  const found = layers.find((layer) => layer.verdict === verdict);
  return found && `layer ${found.layer.index}: ${found.reason ?? verdict}`;
}

function evaluateLayer(
  entry: SignedEntry,
  pkcs7: Uint8Array,
  trust: SignerTrust,
  notes: Set<string>,
): SignedLayer {
  const layer: SignedLayer = {
    ...entry,
    signer: undefined,
    path: [],
    verdict: 'verified',
    reason: undefined,
    recomputed: undefined,
  };
  let parsed: ParsedPkcs7;
  try {
    parsed = parsePkcs7(pkcs7);
    layer.signer = parsed.signer;
    verifySignature(parsed, entry.rootHash);
  } catch (error) {
    return { ...layer, verdict: 'invalid', reason: reasonOf(error) };
  }
  const failed = checkTrust(parsed, trust, layer, notes);
  if (failed === undefined) return layer;
  // A trust policy may only log signers without a path to a trusted certificate.
  if ((trust.enforcement ?? WITHOUT_POLICY).authenticity === 'enforce') return { ...layer, ...failed };
  notes.add(`authenticity failed, which the trust policy only logs: ${failed.reason}`);
  return layer;
}

function checkTrust(
  { signer, certificates }: ParsedPkcs7,
  trust: SignerTrust,
  layer: SignedLayer,
  notes: Set<string>,
): { verdict: 'not-trusted' | 'unchecked'; reason: string } | undefined {
  const { anchors, identities, at, enforcement = WITHOUT_POLICY, policy } = trust;
  if (anchors instanceof VeritySignError) return { verdict: 'unchecked', reason: anchors.message };
  const allowExpired = trust.allowExpired || enforcement.authenticTimestamp !== 'enforce';
  try {
    layer.path = buildTrustPath(certificates, anchors, at, { allowExpired });
    if (policy !== undefined) requireTrustedIdentity(policy.statement.trustedIdentities, signer.der);
    requireIdentity(signer, identities);
  } catch (error) {
    return { verdict: 'not-trusted', reason: reasonOf(error) };
  }
  for (const { notAfter, subject } of layer.path) {
    if (notAfter < at) notes.add(`"${subject}" expired on ${notAfter.toISOString()}, which is allowed`);
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
function reasonOf(error: unknown): string {
  if (error instanceof VeritySignError) return error.message;
  throw error;
}
