/** Versions of outside programs, and which releases of erofs-utils are supported. */
import type { MkfsClass } from '../model/index.ts';
import { isKnownClass, type KnownClass, RELEASE_CLASSES } from '../model/profiles.ts';

/** The first version number, of two or three parts, in a program's output. */
export function findVersion(output: string): string | undefined {
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}

/**
 * Negative, zero or positive if `a` is older than, the same as, or newer than `b`. The first three
 * numbers count: a suffix such as `-g123` does not.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
}

/** The oldest release of erofs-utils that is used without being asked for. 1.8.6 is a class of its own. */
export const OLDEST_EROFS_UTILS = '1.8.10';

/** The releases whose images are of a class, in messages. */
export const SUPPORTED_EROFS_UTILS = `1.8.6, or ${OLDEST_EROFS_UTILS} or later, except 1.9.0`;

/**
 * Why images of a release are of no class: older releases lay out some images differently, 1.9.0
 * every image. Undefined for a supported release; the known-answer test has the last word.
 */
export function unsupportedErofsUtils(version: string): 'too-old' | 'divergent' | undefined {
  if (compareVersions(version, OLDEST_EROFS_UTILS) < 0) return 'too-old';
  return compareVersions(version, '1.9.0') === 0 ? 'divergent' : undefined;
}

/** The release with this label and class: 1.9.1 prints `1.9`, as 1.9.0 does, whose images are of no class. */
export function releaseOf(label: string, mkfsClass: MkfsClass): string {
  return label === '1.9' && mkfsClass === 'A' ? '1.9.1' : label;
}

/**
 * Whether a program with this label may be the wanted release. If a class is wanted, its images decide.
 * @param wanted a version, a class, or `any`; undefined for any as well
 */
export function labelFits(label: string, wanted: string | undefined): boolean {
  if (wanted === undefined || wanted === 'any' || isKnownClass(wanted)) return true;
  return compareVersions(label, wanted) === 0 || releaseOf(label, 'A') === wanted;
}

/**
 * Whether a supported release of erofs-utils is the wanted one.
 *
 * @param wanted a version, a class, or `any`; undefined for any as well
 */
export function erofsUtilsFits(version: string, wanted: string | undefined): boolean {
  if (isKnownClass(wanted) && RELEASE_CLASSES[version] === wanted) return true;
  if (unsupportedErofsUtils(version) !== undefined) return false;
  if (wanted === undefined || wanted === 'any') return true;
  if (isKnownClass(wanted)) return classOfRelease(version) === wanted;
  return compareVersions(version, wanted) === 0;
}

/** The class of the newest known release that is not newer: an unknown release most likely changes nothing. */
function classOfRelease(version: string): KnownClass | undefined {
  const known = Object.entries(RELEASE_CLASSES);
  return known.findLast(([release]) => compareVersions(release, version) <= 0)?.[1];
}

/** The first oras that sends no credentials to a host that a registry's answer names. */
export const FIRST_SAFE_ORAS = '1.3.3';

/**
 * Whether an oras may send a registry's credentials to another host: until 1.3.3 it repeats them to the
 * host of an upload's Location, and to another port of the same host after a redirect.
 * [CVE-2026-50151; oras-go GHSA-jxpm-75mh-9fp7, GHSA-vh4v-2xq2-g5cg] A pre-release of 1.3.3 counts as
 * older.
 *
 * @param version such as `1.3.3`, `1.4.0-rc.1` or `1.3.3+Debian`
 */
export function leaksCredentials(version: string): boolean {
  const difference = compareVersions(version, FIRST_SAFE_ORAS);
  return difference < 0 || (difference === 0 && /^[\d.]+-/.test(version));
}
