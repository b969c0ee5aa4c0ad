/** The three numbers of a version in a program's output, or undefined. */
export function findVersion(output: string): string | undefined {
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}

/** Negative, zero or positive, as `a` is older than, the same as, or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** oras before 1.2 attaches differently. */
export function orasWillDo(version: string): boolean {
  return compareVersions(version, '1.2.0') >= 0;
}

/**
 * Whether a version of erofs-utils is worth trying; the known-answer test has the last word.
 * 1.9.0 lays out every image differently, and those before 1.8.10 some.
 */
export function erofsUtilsWillDo(version: string, wanted: string | undefined): boolean {
  if (compareVersions(version, '1.8.10') < 0 || compareVersions(version, '1.9.0') === 0) return false;
  if (wanted === undefined || wanted === 'any') return true;
  if (/^[ABC]$/.test(wanted)) return erofsUtilsClass(version) === wanted;
  return compareVersions(version, wanted) === 0;
}

function erofsUtilsClass(version: string): 'A' | 'B' | 'C' {
  if (compareVersions(version, '1.9.2') < 0) return 'A';
  return compareVersions(version, '1.9.2') === 0 ? 'B' : 'C';
}
