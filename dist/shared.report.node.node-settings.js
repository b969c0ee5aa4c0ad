import {
  FIRST_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
  isContainerdProfile
} from "./shared.inputs.js";

// src/report/node/node-settings.ts
function containerdVersions(profile) {
  if (!isContainerdProfile(profile)) return "The node needs tardev-snapshotter of kata-containers.";
  const more = profile === "containerd" ? `, ${FIRST_VERITY_CONTAINERD} for dm-verity, ${FIRST_LARGE_PAGES_CONTAINERD} if its pages have 16 or 64 KiB` : "";
  return `The node needs containerd ${FIRST_CONTAINERD[profile]} or later${more}.`;
}
var CACHE_FOLDER = "/var/lib/erofs-cache";
function nodeSettings(profile, mkfsOptions, platforms = ["linux/amd64"]) {
  if (!isContainerdProfile(profile)) return void 0;
  return [
    "version = 3",
    ...profile === "containerd-cache" ? ofCache(platforms) : ofDiffer(profile, mkfsOptions)
  ].join("\n");
}
function ofDiffer(profile, mkfsOptions) {
  const options = mkfsOptions.map((option) => JSON.stringify(option)).join(", ");
  const tarIndex = profile === "containerd-tar-index" ? ["  enable_tar_index = true"] : [];
  return [
    "",
    '[plugins."io.containerd.differ.v1.erofs"]',
    `  mkfs_options = [${options}]`,
    ...tarIndex,
    "  enable_dmverity = true",
    "",
    '[plugins."io.containerd.snapshotter.v1.erofs"]',
    '  dmverity_mode = "on"',
    "",
    '[plugins."io.containerd.service.v1.diff-service"]',
    '  default = ["erofs", "walking"]'
  ];
}
function ofCache(platforms) {
  return [
    "",
    '[plugins."io.containerd.snapshotter.v1.erofs"]',
    '  dmverity_mode = "on"',
    `  layer_content_caches = ["${CACHE_FOLDER}"]`,
    "",
    '[plugins."io.containerd.service.v1.diff-service"]',
    '  default = ["walking"]',
    ...platforms.flatMap((platform) => [
      "",
      '[[plugins."io.containerd.transfer.v1.local".unpack_config]]',
      `  platform = ${JSON.stringify(platform)}`,
      '  snapshotter = "erofs"',
      '  differ = "walking"'
    ])
  ];
}
function cacheCommand(mkfsOptions) {
  return `ctr images build-erofs-cache --dmverity --mkfs-options "${mkfsOptions.join(" ")}" IMAGE ${CACHE_FOLDER}`;
}

export {
  containerdVersions,
  CACHE_FOLDER,
  nodeSettings,
  cacheCommand
};
