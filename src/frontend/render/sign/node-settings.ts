import type { ProfileName } from '../../../model/index.ts';

/**
 * Settings with which containerd on a node computes the root hashes that were signed.
 * Plugin and option names follow containerd's docs/snapshotters/erofs.md and, for the content cache,
 * the help of `ctr images build-erofs-cache`.
 */
export function nodeSettings(profile: ProfileName, mkfsOptions: readonly string[]): string {
  const options = mkfsOptions.map((option) => JSON.stringify(option)).join(', ');
  const tarIndex = profile === 'containerd-tar-index' ? ['  enable_tar_index = true'] : [];
  const caches = profile === 'containerd-cache' ? ['  layer_content_caches = ["/var/lib/erofs-cache"]'] : [];
  return [
    'version = 3',
    '',
    '[plugins."io.containerd.differ.v1.erofs"]',
    `  mkfs_options = [${options}]`,
    ...tarIndex,
    '  enable_dmverity = true',
    '',
    '[plugins."io.containerd.snapshotter.v1.erofs"]',
    '  dmverity_mode = "on"',
    ...caches,
    '',
    '[plugins."io.containerd.service.v1.diff-service"]',
    '  default = ["erofs", "walking"]',
  ].join('\n');
}

/** The command that fills a content cache with the same images. Only profile `containerd-cache` needs it. */
export function cacheCommand(mkfsOptions: readonly string[]): string {
  return `ctr images build-erofs-cache --dmverity --mkfs-options "${mkfsOptions.join(' ')}" IMAGE /var/lib/erofs-cache`;
}
