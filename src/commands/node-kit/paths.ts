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
