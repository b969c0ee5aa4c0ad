/** Which images of an index signatures cover: sign, the gate and verify ask the same questions. */
import type { Logger } from '../../logger.ts';
import type { Descriptor, ResolvedImage, SkippedManifest } from '../../model/index.ts';
import { formatPlatform, parsePlatform, platformNames } from '../../oci/image/platform.ts';
import { imagesNotCovered } from '../../report/coverage-text.ts';
import type { UncoveredReport } from '../../report/report.ts';
import type { LayersChoice } from './options.ts';
import { platformReport } from './report-parts.ts';

/** What of an index is read for a choice of `layers`. */
export function resolvedLayers(layers: LayersChoice): 'required' | 'auto' | 'none' {
  return layers === 'all' ? 'required' : layers;
}

/** Whether every image that a Linux node may run must have signatures of its layers. */
export function requiresLayers(layers: LayersChoice): boolean {
  return resolvedLayers(layers) === 'required';
}

/**
 * Skipped manifests that a node of a requested platform could run: neither signed nor verified, and so
 * never accepted.
 * @param platforms such as `linux/arm64/v8`; empty for every platform
 */
export function skippedButRun(
  { skipped }: Pick<ResolvedImage, 'skipped'>,
  platforms: readonly string[],
): SkippedManifest[] {
  const asked = new Set(platforms.map((text) => formatPlatform(parsePlatform(text))));
  return skipped.filter(({ mayRun, descriptor: { platform } }) => {
    if (!mayRun || asked.size === 0 || platform === undefined) return mayRun;
    return platformNames({ ...platform, os: platform.os || 'linux' }).some((name) => asked.has(name));
  });
}

/** An image of an index that no signature covers. */
export interface Uncovered {
  /** As the index lists it. */
  descriptor: Descriptor;
  reason: string;
  /** The user's choice of platforms excludes it. */
  excluded: boolean;
}

/** A skipped image as one that no signature covers. */
export function uncoveredEntry({ descriptor, reason, leftOut }: SkippedManifest): Uncovered {
  return { descriptor, reason, excluded: leftOut === true };
}

/** Uncovered images as reports describe them. */
export function uncoveredReport(uncovered: readonly Uncovered[]): UncoveredReport[] {
  return uncovered.map(({ descriptor, reason }) => ({
    ...platformReport(descriptor.platform),
    digest: descriptor.digest,
    reason,
  }));
}

/** Images that a message names; the report has all. */
const NAMED = 5;

/** Warns of uncovered images, unless the user's platforms exclude them. */
export function warnOfUncovered(
  { name }: Pick<ResolvedImage, 'name'>,
  uncovered: readonly Uncovered[],
  log: Logger,
): void {
  const unexpected = uncovered.filter(({ excluded }) => !excluded);
  if (unexpected.length === 0) return;
  log.warn(
    `${name}: ${imagesNotCovered(unexpected.length)} by a signature: ${uncoveredNames(unexpected)}. Set layers to all to refuse such an index, or sign it with manifest-signature`,
  );
}

/** The first uncovered images, with the reasons. */
export function uncoveredNames(uncovered: readonly Uncovered[]): string {
  const names = uncovered
    .slice(0, NAMED)
    .map(({ descriptor, reason }) => `${nameOf(descriptor)} (${reason})`);
  const more = uncovered.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function nameOf({ platform, digest }: Descriptor): string {
  return platform === undefined ? digest : `${formatPlatform(platform)} ${digest}`;
}
