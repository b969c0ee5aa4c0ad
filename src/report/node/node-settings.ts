import type { ProfileName } from '../../model/index.ts';
import {
  FIRST_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
  isContainerdProfile,
} from '../../model/profiles.ts';

/** Which containerd a profile needs, as a sentence. */
export function containerdVersions(profile: ProfileName): string {
  if (!isContainerdProfile(profile)) return 'The node needs tardev-snapshotter of kata-containers.';
  const more =
    profile === 'containerd'
      ? `, ${FIRST_VERITY_CONTAINERD} for dm-verity, ${FIRST_LARGE_PAGES_CONTAINERD} if its pages have 16 or 64 KiB`
      : '';
  return `The node needs containerd ${FIRST_CONTAINERD[profile]} or later${more}.`;
}

/** Folder of the layer cache in the settings. */
export const CACHE_FOLDER = '/var/lib/erofs-cache';

/**
 * Settings with which containerd on a node has the root hashes that were signed.
 * Names follow containerd's docs/snapshotters/erofs.md; the rest is its plugins/transfer and the help of
 * `ctr images build-erofs-cache`. The cache works only through the transfer service, with the differ `walking`.
 * Undefined for a profile that is not containerd's: tardev-snapshotter has no settings for it.
 * @param platforms such as `linux/amd64`: what the transfer service unpacks from a cache
 */
export function nodeSettings(
  profile: ProfileName,
  mkfsOptions: readonly string[],
  platforms: readonly string[] = ['linux/amd64'],
): string | undefined {
  if (!isContainerdProfile(profile)) return undefined;
  return [
    'version = 3',
    ...(profile === 'containerd-cache' ? ofCache(platforms) : ofDiffer(profile, mkfsOptions)),
  ].join('\n');
}

function ofDiffer(profile: ProfileName, mkfsOptions: readonly string[]): string[] {
  const options = mkfsOptions.map((option) => JSON.stringify(option)).join(', ');
  const tarIndex = profile === 'containerd-tar-index' ? ['  enable_tar_index = true'] : [];
  return [
    '',
    '[plugins."io.containerd.differ.v1.erofs"]',
    `  mkfs_options = [${options}]`,
    ...tarIndex,
    '  enable_dmverity = true',
    '',
    '[plugins."io.containerd.snapshotter.v1.erofs"]',
    '  dmverity_mode = "on"',
    '',
    '[plugins."io.containerd.service.v1.diff-service"]',
    '  default = ["erofs", "walking"]',
  ];
}

function ofCache(platforms: readonly string[]): string[] {
  return [
    '',
    '[plugins."io.containerd.snapshotter.v1.erofs"]',
    '  dmverity_mode = "on"',
    `  layer_content_caches = ["${CACHE_FOLDER}"]`,
    '',
    '[plugins."io.containerd.service.v1.diff-service"]',
    '  default = ["walking"]',
    ...platforms.flatMap((platform) => [
      '',
      '[[plugins."io.containerd.transfer.v1.local".unpack_config]]',
      `  platform = ${JSON.stringify(platform)}`,
      '  snapshotter = "erofs"',
      '  differ = "walking"',
    ]),
  ];
}

/** The command that fills a content cache with the same images. Only profile `containerd-cache` needs it. */
export function cacheCommand(mkfsOptions: readonly string[]): string {
  return `ctr images build-erofs-cache --dmverity --mkfs-options "${mkfsOptions.join(' ')}" IMAGE ${CACHE_FOLDER}`;
}
