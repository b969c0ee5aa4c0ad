import type { ProfileName } from '../../../model/index.ts';
import { PROFILES } from '../profile.ts';

/** Whether the native builder knows what these options of mkfs.erofs do to an image. */
export function knowsOptions(asked: { profile: ProfileName; mkfsOptions: readonly string[] }): boolean {
  const { appendsTar, defaultOptions } = PROFILES[asked.profile];
  const sorted = (options: readonly string[]): string => options.toSorted().join(' ');
  // A tar index has no data to sort: with the other profiles' options mkfs.erofs makes the same of it.
  const known = appendsTar ? [defaultOptions, PROFILES.containerd.defaultOptions] : [defaultOptions];
  return known.some((options) => sorted(options) === sorted(asked.mkfsOptions));
}
