import { type Node, type NodeCheck, ok, unknown, type Wanted, wrong } from '../check.ts';
import type { ContainerdSettings } from './config.ts';

const NAME_IT =
  'Write the settings that docs/nodes.md and the job summary show, or name the file with --containerd-config';

/** The lines about containerd's configuration. */
export function checkConfig({ containerd, containerdVersion }: Node, wanted: Wanted): NodeCheck[] {
  if (containerd.state === 'absent') {
    if ('unknown' in containerdVersion) {
      return [
        unknown('containerd-config', `${containerd.path} is absent, and no containerd is found`, NAME_IT),
      ];
    }
    const found = `${containerd.path} is absent: containerd has its defaults, which use neither EROFS nor dm-verity`;
    return [wrong('containerd-config', found, NAME_IT)];
  }
  if (containerd.state === 'unreadable') {
    return [
      unknown(
        'containerd-config',
        `${containerd.path} cannot be read: ${containerd.reason}`,
        'Run as root, and correct the file',
      ),
    ];
  }
  const { settings, paths } = containerd;
  return [
    checkPlugins(settings, paths),
    checkDiffers(settings, wanted),
    checkMkfsOptions(settings, wanted),
    checkDiffer(settings, wanted),
    checkSnapshotter(settings),
    ...checkCache(settings, wanted),
  ];
}

const DIFFER = '[plugins."io.containerd.differ.v1.erofs"]';
/** Those that pull an image, and mount its layers through dm-verity. */
const PLUGINS = [
  'io.containerd.snapshotter.v1.erofs',
  'io.containerd.mount-handler.v1.erofs',
  'io.containerd.mount-manager.v1.bolt',
  'io.containerd.service.v1.diff-service',
  'io.containerd.transfer.v1.local',
];
const TRANSFER = '[plugins."io.containerd.transfer.v1.local"]';
const SNAPSHOTTER = '[plugins."io.containerd.snapshotter.v1.erofs"]';

/** A differ that is named must be there: the service and the transfer service fail without it. */
function checkPlugins(
  { disabledPlugins, differs = ['walking'], unpackDiffer }: ContainerdSettings,
  paths: readonly string[],
): NodeCheck {
  const needed = [
    ...PLUGINS,
    ...[...differs, ...(unpackDiffer === undefined ? [] : [unpackDiffer])].map(
      (name) => `io.containerd.differ.v1.${name}`,
    ),
  ];
  const disabled = disabledPlugins.filter((name) => needed.includes(name));
  if (disabled.length === 0) return ok('containerd-config', paths.join(', '));
  return wrong(
    'containerd-config',
    `${paths.join(', ')}: disabled_plugins has ${disabled.join(', ')}`,
    'Remove it from disabled_plugins: layers are not pulled, or not mounted, without it',
  );
}

function checkDiffers(
  { differs = ['walking'], unpackDiffer }: ContainerdSettings,
  wanted: Wanted,
): NodeCheck {
  const isCache = wanted.profile === 'containerd-cache';
  const shown = `default = ${JSON.stringify(differs)}`;
  if (differs[0] !== (isCache ? 'walking' : 'erofs')) {
    const set = isCache ? '["walking"]' : '["erofs", "walking"]';
    return wrong(
      'differs',
      shown,
      `Set default = ${set} in [plugins."io.containerd.service.v1.diff-service"]`,
    );
  }
  // The line layer-cache is about that of a cache.
  if (isCache || unpackDiffer === undefined || unpackDiffer === 'erofs') return ok('differs', shown);
  return wrong(
    'differs',
    `${shown}, but the transfer service unpacks with the differ ${unpackDiffer}, which makes other images`,
    `Set differ = "erofs" in the entry of unpack_config for the snapshotter erofs, in ${TRANSFER}`,
  );
}

function checkMkfsOptions({ mkfsOptions = [] }: ContainerdSettings, wanted: Wanted): NodeCheck {
  const [shown, needed] = [mkfsOptions, wanted.mkfsOptions].map(
    (words) => `mkfs_options = ${JSON.stringify(words)}`,
  );
  // A cache is filled elsewhere: the node builds no images.
  if (wanted.profile === 'containerd-cache')
    return ok('mkfs-options', 'the images of a cache are not built here');
  if (shown === needed) return ok('mkfs-options', shown ?? '');
  return wrong(
    'mkfs-options',
    `${shown}, so that root hashes differ from the signed ones`,
    `Set ${needed} in ${DIFFER}`,
  );
}

function checkDiffer(
  { differVerity = false, tarIndex = false }: ContainerdSettings,
  { profile }: Wanted,
): NodeCheck {
  const shown = `enable_dmverity = ${differVerity}, enable_tar_index = ${tarIndex}`;
  const index = profile === 'containerd-tar-index';
  const needed = [
    ...(differVerity || profile === 'containerd-cache' ? [] : ['enable_dmverity = true']),
    ...(tarIndex === index || profile === 'containerd-cache' ? [] : [`enable_tar_index = ${index}`]),
  ];
  if (needed.length === 0) return ok('differ', shown);
  return wrong(
    'differ',
    shown,
    `Set ${needed.join(' and ')} in ${DIFFER}: the signatures are those of profile ${profile}`,
  );
}

function checkSnapshotter({ dmverityMode = 'auto' }: ContainerdSettings): NodeCheck {
  const shown = `dmverity_mode = ${JSON.stringify(dmverityMode)}`;
  if (dmverityMode === 'on') return ok('snapshotter', shown);
  return wrong(
    'snapshotter',
    `${shown}: layers without a hash tree are mounted too`,
    `Set dmverity_mode = "on" in ${SNAPSHOTTER}`,
  );
}

function checkCache(
  { layerCaches, excludesCache, unpackDiffer }: ContainerdSettings,
  { profile }: Wanted,
): NodeCheck[] {
  const isWanted = profile === 'containerd-cache';
  const shown = `layer_content_caches = ${JSON.stringify(layerCaches)}`;
  if (layerCaches.length === 0) {
    const remedy = `Name the folder of the cache there, in ${SNAPSHOTTER}`;
    return isWanted ? [wrong('layer-cache', shown, remedy)] : [];
  }
  const relative = layerCaches.filter((path) => !path.startsWith('/'));
  if (excludesCache.length > 0 || relative.length > 0) {
    const refused = [
      ...excludesCache,
      ...relative.map((path) => `the relative path ${JSON.stringify(path)}`),
    ];
    return [
      wrong(
        'layer-cache',
        `${shown} with ${refused.join(' and ')}: the snapshotter does not start, and containerd runs no container`,
        `Name absolute paths, without enable_fsverity and set_immutable, in ${SNAPSHOTTER}`,
      ),
    ];
  }
  if (!isWanted) {
    return [
      unknown(
        'layer-cache',
        `${shown}: layers that are there have the root hashes of profile containerd-cache, not of ${profile}`,
        `Remove it from ${SNAPSHOTTER}, or sign for containerd-cache and run doctor with that profile`,
      ),
    ];
  }
  if (unpackDiffer === 'walking') return [ok('layer-cache', shown)];
  return [
    wrong(
      'layer-cache',
      `${shown}, but the transfer service does not unpack with the differ walking`,
      `Add {platform = "linux", snapshotter = "erofs", differ = "walking"} to unpack_config in ${TRANSFER}`,
    ),
  ];
}
