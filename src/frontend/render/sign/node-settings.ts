import type { ProfileName } from '../../../model/index.ts';
import {
  FIRST_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
  isContainerdProfile,
} from '../../../model/profiles.ts';

/** Which containerd a profile needs, as a sentence. */
export function containerdVersions(profile: ProfileName): string {
  if (!isContainerdProfile(profile)) return 'The node needs tardev-snapshotter of kata-containers.';
  const more =
    profile === 'containerd'
      ? `, ${FIRST_VERITY_CONTAINERD} for dm-verity, ${FIRST_LARGE_PAGES_CONTAINERD} if its pages have 16 or 64 KiB`
      : '';
  return `The node needs containerd ${FIRST_CONTAINERD[profile]} or later${more}.`;
}

/**
 * Settings with which containerd on a node computes the root hashes that were signed.
 * Plugin and option names follow containerd's docs/snapshotters/erofs.md and, for the content cache,
 * the help of `ctr images build-erofs-cache`. Undefined for a profile that is not containerd's: tardev-snapshotter
 * has no settings for it.
 */
export function nodeSettings(profile: ProfileName, mkfsOptions: readonly string[]): string | undefined {
  if (!isContainerdProfile(profile)) return undefined;
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
