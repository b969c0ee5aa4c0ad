import { FormatError } from '../format-error.ts';
import type { PolicyVersion } from './policy.ts';

/** The largest number in a version: the kernel keeps 16 bits of each. */
const MOST = 0xffff;

/**
 * `X.Y.Z`, each part from 0 to 65535, as the kernel reads it.
 * @throws FormatError
 */
export function parsePolicyVersion(text: string): PolicyVersion {
  const parts = text.split('.').map((part) => (/^\+?[0-9]+$/.test(part) ? Number(part) : undefined));
  const [major, minor, revision] = parts;
  if (parts.length !== 3 || major === undefined || minor === undefined || revision === undefined) {
    throw new FormatError(`has the version ${JSON.stringify(text.slice(0, 50))}, not one such as 1.2.3`);
  }
  const large = parts.find((part = 0) => part > MOST);
  if (large !== undefined) throw new FormatError(`has ${large} in its version, more than ${MOST}`);
  return [major, minor, revision];
}

/** The version that belongs to a minute, UTC: `YYYY.MMDD.HHMM` as three numbers. It grows until the year 65535. */
export function versionOfTime(time: Date): PolicyVersion {
  return [
    time.getUTCFullYear(),
    (time.getUTCMonth() + 1) * 100 + time.getUTCDate(),
    time.getUTCHours() * 100 + time.getUTCMinutes(),
  ];
}

/** Negative if `a` is older, 0 for the same version. */
export function compareVersions(a: PolicyVersion, b: PolicyVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

export function versionText(version: PolicyVersion): string {
  return version.join('.');
}
