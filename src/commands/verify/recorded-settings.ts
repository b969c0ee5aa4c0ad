import { VeritySignError } from '../../errors.ts';
import type { VerifiedPlatform } from './verified-image.ts';

/** How the signed images were made, so that a node makes the same ones. */
export interface RecordedSettings {
  /** As words. */
  mkfsOptions: readonly string[];
  /** Classes of erofs-utils, sorted; empty if none is recorded. */
  classes: readonly string[];
}

/**
 * What the verified sets of an image record. No signature covers it.
 * @param defaultOptions those of the profile, for sets that record none
 * @throws VeritySignError 'usage' if sets record different options: a node has one
 */
export function recordedSettings(
  platforms: readonly VerifiedPlatform[],
  defaultOptions: readonly string[],
): RecordedSettings {
  const recorded = platforms.flatMap(({ sets }) => sets.map((set) => set.recorded));
  const options = new Map(
    recorded.map(({ mkfsOptions = defaultOptions }) => [mkfsOptions.join(' '), mkfsOptions]),
  );
  if (options.size > 1) {
    throw new VeritySignError(
      'usage',
      `the image is signed for different mkfs options: ${[...options.keys()].map((one) => JSON.stringify(one)).join(', ')}`,
      { remedy: 'Remove the signatures that nodes no longer use (verity-sign remove)' },
    );
  }
  const [mkfsOptions = defaultOptions] = options.values();
  return { mkfsOptions, classes: [...new Set(recorded.flatMap((one) => one.class ?? []))].sort() };
}
