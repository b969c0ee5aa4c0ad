import { existsSync } from 'node:fs';
import { VeritySignError } from '../../errors.ts';
import { destinationOf } from '../destination.ts';
import { commonOptions } from '../inputs/common-options.ts';
import { withoutCredentials } from '../inputs/image-list.ts';
import { requireOneImage, signingOptions } from '../inputs/signing-options.ts';
import { verifyingOptions } from '../inputs/verifying-options.ts';
import { overallVerdict as mostSerious } from '../render/verify/verdict.ts';
import type { InspectOptions, RootHashOptions, SignOptions, VerifyOptions } from './option-types.ts';
import { givenOptions } from './options.ts';
import type { InspectReport, RootHashEntry, SignReport, Verdict, VerifyReport } from './reports.ts';
import { libraryDialect, runImages, withContext, withImages } from './run-images.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Signs every layer of images, their manifests, or both, and attaches the signatures as referrers.
 *
 * @returns one report for each image, in the order of the call
 * @throws VeritySignError `usage` before any work; `FailedRunError` with what was done if an image fails
 */
export async function sign(options: SignOptions, run: RunOptions = {}): Promise<SignReport[]> {
  const dialect = libraryDialect(run);
  const { images, raw } = withImages(givenOptions('sign', options).raw, dialect);
  const signing = signingOptions(raw, dialect);
  requireOneImage(images, signing, dialect);
  return runImages<SignReport>(images, run, dialect, async (image, context, part) => {
    // Lazy imports, here and below: a caller may need one command only.
    const { signImage } = await import('../../commands/sign/sign-image.ts');
    return signImage({ ...signing, image }, context, destinationOf(signing), part);
  });
}

/**
 * Verifies the signatures of every layer of images. An image that does not verify is no error: look at the `verdict`
 * of each report, or call `overallVerdict`.
 *
 * @returns one report for each image, in the order of the call
 * @throws VeritySignError `usage` before any work; `FailedRunError` if an image cannot be processed
 */
export async function verify(options: VerifyOptions, run: RunOptions = {}): Promise<VerifyReport[]> {
  const dialect = libraryDialect(run);
  const { images, raw } = withImages(givenOptions('verify', options).raw, dialect);
  const verifying = verifyingOptions(raw, dialect);
  return runImages<VerifyReport>(images, run, dialect, async (image, context) => {
    const { verifyImage } = await import('../../commands/verify/verify-image.ts');
    return verifyImage({ ...verifying, image }, context);
  });
}

/** The most serious verdict of all images; `verified` if there are none. */
export function overallVerdict(reports: readonly VerifyReport[]): Verdict {
  return mostSerious(reports);
}

/**
 * Reads the signatures attached to images, without verifying them.
 *
 * @returns one report for each image, in the order of the call
 * @throws VeritySignError `usage` before any work; `FailedRunError` if an image cannot be read
 */
export async function inspect(options: InspectOptions, run: RunOptions = {}): Promise<InspectReport[]> {
  const dialect = libraryDialect(run);
  const { images, raw } = withImages(givenOptions('inspect', options).raw, dialect);
  const common = commonOptions(raw, dialect);
  return runImages<InspectReport>(images, run, dialect, async (image, context) => {
    const { inspectImage } = await import('../../commands/inspect/inspect-image.ts');
    return inspectImage({ ...common, image }, context);
  });
}

/**
 * Computes the root hash of every layer of images, or of layer blobs in files. It needs no key.
 *
 * @returns one entry for each layer, profile and class, in the order of the sources
 * @throws VeritySignError
 */
export async function rootHash(options: RootHashOptions, run: RunOptions = {}): Promise<RootHashEntry[]> {
  const dialect = libraryDialect(run);
  const { raw, sources } = givenOptions('root-hash', options);
  if (sources.length === 0) {
    throw new VeritySignError('usage', 'option source is missing', {
      remedy: 'Set it to at least one image reference, or to the path of a layer blob',
    });
  }
  const images = withoutCredentials(sources.filter((source) => !existsSync(source)));
  const common = commonOptions({ ...raw, image: images.join('\n') }, dialect);
  return withContext(run, dialect, async (context) => {
    const { rootHashes } = await import('../../commands/root-hash/root-hash.ts');
    return rootHashes({ ...common, sources }, context);
  });
}
