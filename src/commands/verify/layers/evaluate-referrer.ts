import type { ArtifactFormat } from '../../../model/artifact-formats.ts';
import type { MkfsClass, PlatformManifest, ProfileName } from '../../../model/index.ts';
import { formOf, signatureIn } from '../../../oci/attach/artifact-format.ts';
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
  format: ArtifactFormat;
  recorded: Recorded;
  /** As recorded, or found by recomputing. */
  profile: ProfileName | undefined;
  /** Classes of erofs-utils whose images have these root hashes: found by recomputing, else absent. */
  classes?: readonly MkfsClass[];
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
    format: 'notary',
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
  set.format = formOf(referrer.manifest).format;
  let entries: SignedEntry[];
  try {
    // What others wrote into the form of tardev under our names was not written by a signer of this form.
    set.recorded = set.format === 'notary' ? readRecord(referrer.manifest.annotations) : {};
    set.profile = set.recorded.profile;
    entries = checkStructure(referrer.manifest, image);
  } catch (error) {
    return { ...set, verdict: 'invalid', reason: reasonOf(error) };
  }
  const notes = new Set<string>();
  set.layers = entries.map((entry, index): SignedLayer => {
    const { pkcs7, notes: own, ...evaluation } = evaluateEntry(referrer, index, entry, trust, known);
    for (const note of own) notes.add(note);
    return { ...entry, pkcs7, ...evaluation, recomputed: undefined };
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

/** Evaluates the signature of one layer, wherever the form of the manifest keeps it. */
export function evaluateEntry(
  { manifest, blobs }: Pick<Extract<Referrer, { manifest: unknown }>, 'manifest' | 'blobs'>,
  index: number,
  entry: SignedEntry,
  trust: SignerTrust,
  known: Evaluated,
): ReturnType<typeof evaluatePkcs7> & { pkcs7: Uint8Array | undefined } {
  const blob = blobs[index];
  try {
    const pkcs7 = blob && signatureIn(manifest, index, blob);
    return { pkcs7, ...evaluatePkcs7(entry, pkcs7, trust, known) };
  } catch (error) {
    const failed = { signer: undefined, path: [], verdict: 'invalid' as const, notes: [] };
    return { pkcs7: undefined, ...failed, reason: reasonOf(error) };
  }
}

/** The first reason of this verdict, with the layer it is about. */
export function firstReason(
  layers: readonly SignedLayer[],
  verdict: SignedLayer['verdict'],
): string | undefined {
  const found = layers.find((layer) => layer.verdict === verdict);
  return found && `layer ${found.layer.index}: ${found.reason ?? verdict}`;
}
