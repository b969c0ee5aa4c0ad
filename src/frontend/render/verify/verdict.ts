import { worstVerdict } from '../../../commands/verify/worst-verdict.ts';
import { withCoverage } from '../../../report/coverage-text.ts';
import type { SignerReport } from '../../../report/report.ts';
import type { LayerVerdict, ManifestVerdict, Verdict, VerifyReport } from '../../../report/verify-report.ts';

/** Verdicts as people read them. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  verified: 'verified',
  invalid: 'INVALID',
  'not-trusted': 'NOT TRUSTED',
  'not-signed': 'NOT SIGNED',
  unchecked: 'COULD NOT BE CHECKED',
  skipped: 'SKIPPED by the trust policy',
};

/** The verdict on an image in words, with what `verified` does not cover. */
export function verdictText(report: VerifyReport): string {
  const { verdict } = report;
  return verdict === 'verified' ? withCoverage(VERDICT_WORDS.verified, report) : VERDICT_WORDS[verdict];
}

/** The verdict on a layer. Without its root hash recomputed, only the signature is known to hold. */
export function layerWord({ verdict, recomputedRootHash }: LayerVerdict): string {
  if (verdict !== 'verified') return VERDICT_WORDS[verdict];
  return recomputedRootHash === undefined ? 'signature holds' : 'root hash recomputed';
}

/**
 * The verdict on manifest signatures. That there are none is a failure only if the verdict on the image or index
 * that they belong to says so.
 */
export function manifestWord(
  { verdict, reason }: ManifestVerdict,
  owner: { verdict: Verdict; reason?: string },
): { word: string; reason?: string } {
  if (verdict === 'not-signed' && owner.verdict === 'verified') return { word: 'none (not required)' };
  if (verdict === 'not-signed' && owner.reason !== reason) return { word: 'none' };
  return { word: VERDICT_WORDS[verdict], ...(reason === undefined ? {} : { reason }) };
}

/** The signers of what verified, each once. */
export function verifiedSigners({ platforms, index }: VerifyReport): SignerReport[] {
  const sets = platforms.flatMap(({ signatures }) => signatures);
  const notary = [...platforms, ...(index === undefined ? [] : [index])].flatMap(
    ({ manifestSignatures }) => manifestSignatures,
  );
  const signers = [
    ...sets.flatMap((set) => (set.verdict === 'verified' ? set.signers : [])),
    ...notary.flatMap(({ verdict, signer }) =>
      verdict === 'verified' && signer !== undefined ? [signer] : [],
    ),
  ];
  return [...new Map(signers.map((signer) => [signer.fingerprint, signer])).values()];
}

/** The most serious verdict of all images. */
export function overallVerdict(reports: readonly VerifyReport[]): Verdict {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}

/** One line for each image that did not verify. An image that the trust policy skips is no failure. */
export function failureLines(reports: readonly VerifyReport[]): string[] {
  return reports
    .filter(({ verdict }) => verdict !== 'verified' && verdict !== 'skipped')
    .map(
      ({ image, verdict, reason }) =>
        `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`,
    );
}
