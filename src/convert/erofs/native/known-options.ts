import type { ProfileName } from '../../../model/index.ts';
import { PROFILES } from '../profile.ts';

/** Whether the native builder supports these options of mkfs.erofs; their order does not matter. */
export function knowsOptions(request: { profile: ProfileName; mkfsOptions: readonly string[] }): boolean {
  const { appendsTar, defaultOptions } = PROFILES[request.profile];
  const sorted = (options: readonly string[]): string => options.toSorted().join(' ');
  // A tar index has no data to sort: mkfs.erofs makes the same one with the other profiles' options.
  const known = appendsTar ? [defaultOptions, PROFILES.containerd.defaultOptions] : [defaultOptions];
  return known.some((options) => sorted(options) === sorted(request.mkfsOptions));
}
