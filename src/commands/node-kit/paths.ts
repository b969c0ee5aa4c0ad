import type { ProfileName } from '../../model/index.ts';

/** Paths in the kit. */
export const KIT = {
  settings: 'containerd/config.toml',
  modules: 'modules-load.d/verity-sign.conf',
  arguments: 'kernel-arguments.txt',
  policies: 'policy',
  certificates: 'certificates',
  kata: 'kata/root-hashes.json',
  readme: 'README.md',
} as const;

/** Whether a kit has what Kata Containers need: kata-deploy sets containerd as this profile needs it, and no other. */
export function isForKata(profile: ProfileName): boolean {
  return profile === 'containerd';
}
