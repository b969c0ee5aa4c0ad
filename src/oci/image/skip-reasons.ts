/** Why entries of an index are skipped, and whether a node might run them all the same. */
import type { Descriptor, Platform } from '../../model/index.ts';
import { documentKind } from '../media-types.ts';
import { normalizePlatform } from './platform.ts';

/** Why an entry of an index is not an image, judging by the entry itself. */
export function notAnImage(entry: Descriptor): string | undefined {
  const reference = entry.annotations?.['vnd.docker.reference.type'];
  if (reference !== undefined) return `not an image (buildx ${reference})`;
  const { platform } = entry;
  if (platform?.os === 'unknown' && platform.architecture === 'unknown') {
    return 'not an image (platform unknown/unknown)';
  }
  return documentKind(entry.mediaType) === 'other' ? `not an image (${entry.mediaType})` : undefined;
}

/** A manifest with this config type is another kind of artifact. */
export function notAContainer(configType: string): string {
  return `not a container image (config ${configType})`;
}

/**
 * Whether a Linux node might run the entry. Nodes compare its platform and ignore annotations; a missing
 * operating system means their own, and a missing platform that of the config.
 * [containerd core/images image.go, Manifest; containerd/platforms database.go]
 */
export function mayBeRun({ platform, annotations }: Descriptor): boolean {
  if (platform === undefined) return annotations?.['vnd.docker.reference.type'] !== undefined;
  return isForLinux(platform);
}

/** A missing operating system means that of the node. */
export function isForLinux(platform: Platform): boolean {
  return ['linux', ''].includes(normalizePlatform(platform).os);
}

/** An image of this platform has layers that no Linux node mounts. */
export function otherSystem(platform: Platform): string {
  const { os } = platform;
  return `${os === 'windows' ? 'Windows' : os} image: its layers are not Linux file systems`;
}
