import type { ArtifactFormat } from '../../model/artifact-formats.ts';
import type { Descriptor, Platform } from '../../model/index.ts';
import type { Certificate } from '../../signatures/x509/certificate.ts';

/** One signature manifest of an image, as far as it can be read. */
export interface Attached {
  kind: 'layers' | 'manifest';
  /** The signed manifest. */
  subject: Descriptor;
  platform: Platform | undefined;
  /** The signature manifest. */
  descriptor: Descriptor;
  /** Of a set of layer signatures. */
  format?: ArtifactFormat;
  /** As recorded, of a set of layer signatures. */
  profile: string | undefined;
  /** Without duplicates. */
  signers: readonly Certificate[];
  /**
   * What its signatures are over: `LAYER-DIGEST ROOT-HASH` for each layer, or the digest of the manifest,
   * whatever the dates of the certificates: a kernel checks no dates.
   */
  holdsFor: readonly string[];
  /** Why nobody accepts it now; undefined for a signature that is valid now. Trust is not evaluated. */
  fault: string | undefined;
}

/** What is to be removed, and what stays. */
export interface Choice {
  chosen: { attached: Attached; lastGood: boolean }[];
  staying: Attached[];
}

/**
 * Chooses the signatures of a signer. One is the last good one if it holds, and no good one that stays vouches
 * for the same: the same root hashes of the same layers of this manifest, or the same manifest.
 * @param fingerprint SHA-256 of the signer's certificate, lowercase hex
 * @param profiles choose only sets of layer signatures of these; empty: choose all signatures
 */
export function choose(all: readonly Attached[], fingerprint: string, profiles: readonly string[]): Choice {
  const isChosen = ({ kind, profile = '', signers }: Attached): boolean =>
    signers.some((signer) => signer.fingerprint === fingerprint) &&
    (profiles.length === 0 || (kind === 'layers' && profiles.includes(profile)));
  const staying = all.filter((one) => !isChosen(one));
  const chosen = all.filter(isChosen).map((attached) => ({
    attached,
    lastGood: attached.holdsFor.length > 0 && !staying.some((other) => replaces(other, attached)),
  }));
  return { chosen, staying };
}

function replaces(other: Attached, attached: Attached): boolean {
  if (other.fault !== undefined || other.kind !== attached.kind) return false;
  if (other.subject.digest !== attached.subject.digest) return false;
  // A node reads one format.
  if (other.format !== attached.format) return false;
  return attached.holdsFor.every((item) => other.holdsFor.includes(item));
}
