import type { InspectOptions, RootHashOptions, SignOptions, VerifyOptions } from './option-types.js';
import type { InspectReport, RootHashEntry, SignReport, Verdict, VerifyReport } from './reports.js';
import type { RunOptions } from './run-options.js';
/**
 * Signs every layer of images, their manifests, or both, and attaches the signatures as referrers.
 *
 * @returns one report for each image, in the order of the call
 * @throws VeritySignError `usage` before any work; `FailedRunError` with what was done if an image fails
 */
export declare function sign(options: SignOptions, run?: RunOptions): Promise<SignReport[]>;
/**
 * Verifies the signatures of every layer of images. An image that does not verify is no error: look at the `verdict`
 * of each report, or call `overallVerdict`.
 *
 * @returns one report for each image, in the order of the call
 * @throws VeritySignError `usage` before any work; `FailedRunError` if an image cannot be processed
 */
export declare function verify(options: VerifyOptions, run?: RunOptions): Promise<VerifyReport[]>;
/** The most serious verdict of all images; `verified` if there are none. */
export declare function overallVerdict(reports: readonly VerifyReport[]): Verdict;
/**
 * Reads the signatures attached to images, without verifying them.
 *
 * @returns one report for each image, in the order of the call
 * @throws VeritySignError `usage` before any work; `FailedRunError` if an image cannot be read
 */
export declare function inspect(options: InspectOptions, run?: RunOptions): Promise<InspectReport[]>;
/**
 * Computes the root hash of every layer of images, or of layer blobs in files. It needs no key.
 *
 * @returns one entry for each layer, profile and class, in the order of the sources
 * @throws VeritySignError
 */
export declare function rootHash(options: RootHashOptions, run?: RunOptions): Promise<RootHashEntry[]>;
