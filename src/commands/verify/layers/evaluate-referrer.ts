import type { PlatformManifest, ProfileName } from '../../../model/index.ts';
import type { Verdict } from '../../../report/verify-report.ts';
import { checkStructure, type Recorded, readRecord, type SignedEntry } from '../../shared/check-manifest.ts';
import { isBroken, type Referrer } from '../../shared/read-referrers.ts';
import {
  type Evaluated,
  evaluatePkcs7,
  reasonOf,
  type SignatureVerdict,
  type SignerTrust,
} from './evaluate-pkcs7.ts';

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

export interface SignedLayer extends SignedEntry, SignatureVerdict {
  /** DER; undefined if it was not read. */
  pkcs7: Uint8Array | undefined;
  /** Root hash of the rebuilt image. */
  recomputed: string | undefined;
  /** The earlier image of this run for which it was built. */
  sharedFrom?: string;
}

/**
 * Evaluates one referrer without building anything: structure, PKCS#7, signature over the root hash,
 * path to a trusted certificate, identity of the signer. Never throws for a fault of the referrer.
 * @param known earlier evaluations under the same trust; this one's are added
 */
export function evaluateReferrer(
  referrer: Referrer,
  image: PlatformManifest,
  trust: SignerTrust,
  known: Evaluated = new Map(),
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
  set.layers = entries.map((entry, index): SignedLayer => {
    const { notes: own, ...evaluation } = evaluatePkcs7(entry, referrer.blobs[index], trust, known);
    for (const note of own) notes.add(note);
    return { ...entry, pkcs7: referrer.blobs[index], ...evaluation, recomputed: undefined };
  });
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
