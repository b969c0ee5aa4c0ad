import { VeritySignError } from '../../../errors.ts';
import { isContainerdProfile, type ProfileName } from '../../../model/profiles.ts';
import type { Dialect } from '../values.ts';

/** Refuses all but one profile of containerd: a node has one. Error: `usage`. */
export function requireOneProfile(profiles: readonly ProfileName[], { label }: Dialect): void {
  const [profile, ...others] = profiles;
  if (others.length > 0) {
    throw new VeritySignError(
      'usage',
      `${label('profile')} names ${profiles.length} profiles, but a node has one`,
      { remedy: 'Give the profile of this kind of node' },
    );
  }
  if (profile !== undefined && isContainerdProfile(profile)) return;
  throw new VeritySignError('usage', `${label('profile')} ${profile} is not one of containerd`, {
    remedy: 'Nodes with tardev-snapshotter have other settings: use the signatures in their own format',
  });
}
