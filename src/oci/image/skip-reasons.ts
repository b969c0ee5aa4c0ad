/** What the entries of an index are. Sign, the gate and verify decide it here, and so agree. */
import { foldName } from '../../formats/fold-name.ts';
import type { Descriptor, Platform, SkippedManifest } from '../../model/index.ts';
import { EMPTY_CONFIG_DIGEST } from '../../model/media-types.ts';
import { documentKind, isImageConfig } from '../media-types.ts';
import { isForLinux } from './platform.ts';

const BUILDX_REFERENCE = 'vnd.docker.reference.type';

/**
 * Why an entry of an index is not an image, by the entry itself. The annotation of buildx counts only
 * beside the platform of its attestations, or none: an image of another system does not become an
 * artifact by it.
 */
export function notAnImage(entry: Descriptor): string | undefined {
  const { platform, annotations } = entry;
  const reference = annotations?.[BUILDX_REFERENCE];
  if (reference !== undefined && (platform === undefined || isForLinux(platform) || isUnknown(platform))) {
    return `not an image (buildx ${reference})`;
  }
  return documentKind(entry.mediaType) === 'other' ? `not an image (${entry.mediaType})` : undefined;
}

function isUnknown({ os, architecture }: Platform): boolean {
  return os === 'unknown' && architecture === 'unknown';
}

/**
 * What a skipped entry is.
 * @param config that its manifest names, if the manifest was read
 * @param byConfig whether a node that reads the config may take it for that of a Linux image
 */
export function entryKind(
  entry: Descriptor,
  config?: Descriptor,
  byConfig = false,
): Pick<SkippedManifest, 'mayRun' | 'isImage'> & { isArtifact: boolean } {
  const isArtifact =
    notAnImage(entry) !== undefined || (config !== undefined && !isImageConfig(config.mediaType));
  // The empty config lists no file system, so no node can run its manifest.
  const mayRun = config?.digest !== EMPTY_CONFIG_DIGEST && (byConfig || mayBeRun(entry));
  // A node goes by the platform: what it might run counts as an image, whatever else says otherwise.
  return { isArtifact, mayRun, isImage: !isArtifact || mayRun };
}

/** A manifest with this config type is another kind of artifact. */
export function notAContainer(configType: string): string {
  return `not a container image (config ${configType})`;
}

/**
 * Whether a Linux node might run the entry. Nodes compare its platform and ignore annotations; a missing
 * operating system means their own, and a missing platform that of the config. No node has an empty
 * architecture. [containerd core/images image.go, Manifest; containerd/platforms database.go]
 */
function mayBeRun({ platform, annotations }: Descriptor): boolean {
  if (platform === undefined) return annotations?.[BUILDX_REFERENCE] !== undefined;
  return isForLinux(platform) && platform.architecture !== '';
}

/**
 * Why an image of this platform is not one whose layers can be signed; undefined for Linux as the specification
 * spells it. Another spelling is a reason as well, and {@link entryKind} says that a node may run the image.
 */
export function otherSystem(platform: Platform): string | undefined {
  const { os } = platform;
  if (os === 'linux') return undefined;
  if (isForLinux(platform)) return `its operating system is ${JSON.stringify(os)}, which must be "linux"`;
  if (os === 'unknown') return 'image of an unknown system: its layers are not Linux file systems';
  return `${os === 'windows' ? 'Windows' : os} image: its layers are not Linux file systems`;
}

/**
 * Whether a Linux node may take these bytes for an image's config, whatever media type the manifest gives
 * them: where the index names no platform, a node reads it from the config, and reads names as Go does.
 * [containerd core/images image.go, Manifest and ConfigPlatform]
 */
export function namesLinuxPlatform(content: Uint8Array): boolean {
  let config: unknown;
  try {
    config = JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    return false;
  }
  if (typeof config !== 'object' || config === null) return false;
  const fields = Object.entries(config).map(([name, value]) => [foldName(name), value] as const);
  const texts = (wanted: string): string[] =>
    fields.flatMap(([name, value]) =>
      name === foldName(wanted) && typeof value === 'string' ? [value] : [],
    );
  const systems = texts('os');
  const forLinux = systems.length === 0 || systems.some((os) => isForLinux({ os }));
  return forLinux && texts('architecture').some((architecture) => architecture !== '');
}
