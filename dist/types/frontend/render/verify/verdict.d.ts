import type { SignerReport } from '../../../report/report.js';
import type { LayerVerdict, ManifestVerdict, Verdict, VerifyReport } from '../../../report/verify-report.js';
/** Verdicts as people read them. */
export declare const VERDICT_WORDS: Readonly<Record<Verdict, string>>;
/** The verdict on an image in words, with what `verified` does not cover. */
export declare function verdictText(report: VerifyReport): string;
/** The verdict on a layer. Without its root hash recomputed, only the signature is known to hold. */
export declare function layerWord({ verdict, recomputedRootHash }: LayerVerdict): string;
/**
 * The verdict on manifest signatures. That there are none is a failure only if the verdict on the image or index
 * that they belong to says so.
 */
export declare function manifestWord({ verdict, reason }: ManifestVerdict, owner: {
    verdict: Verdict;
    reason?: string;
}): {
    word: string;
    reason?: string;
};
/** The signers of what verified, each once. */
export declare function verifiedSigners({ platforms, index }: VerifyReport): SignerReport[];
/** The most serious verdict of all images. */
export declare function overallVerdict(reports: readonly VerifyReport[]): Verdict;
/** One line for each image that did not verify. An image that the trust policy skips is no failure. */
export declare function failureLines(reports: readonly VerifyReport[]): string[];
