import { VeritySignError } from '../../errors.ts';
import {
  GUEST_KINDS,
  type GuestArchitecture,
  guestArchitectures,
  guestOf,
} from '../../model/guest-architecture.ts';
import type { PlatformManifest, ResolvedImage } from '../../model/index.ts';
import { formatPlatform, normalizePlatform, parsePlatform, platformNames } from '../../oci/image/platform.ts';
import type { PreflightSettings } from '../shared/preflight-settings.ts';
import { MAX_LAYERS } from './vm/qemu.ts';

/** An image, and the architecture of the VM that runs it. */
export interface ImageOfVm {
  manifest: PlatformManifest;
  architecture: GuestArchitecture;
}

/**
 * Platforms that the VM can run, in the order in which an image of an index is chosen.
 * @param settings a kernel of a node is for linux/amd64
 */
export function vmPlatforms({ kernel }: Pick<PreflightSettings, 'kernel'>): string[] {
  const all = kernel === undefined ? guestArchitectures() : (['x64'] as const);
  return all.map((one) => GUEST_KINDS[one].platform);
}

/**
 * The image that is tested.
 * @param platforms of Linux: the image of the first one that is there
 * @throws VeritySignError 'usage' if there is none that the VM can run
 */
export function manifestFor({ manifests }: ResolvedImage, platforms: readonly string[]): ImageOfVm {
  const of = (text: string): PlatformManifest[] => {
    const wanted = formatPlatform(parsePlatform(text));
    const named = manifests.filter((one) => one.platform && platformNames(one.platform).includes(wanted));
    const exact = named.filter((one) => one.platform && formatPlatform(one.platform) === wanted);
    return exact.length > 0 ? exact : named;
  };
  const found = platforms.map(of).find(({ length }) => length > 0) ?? [];
  const [manifest, ...others] = found;
  const architecture = manifest?.platform && guestOf(normalizePlatform(manifest.platform).architecture);
  if (manifest === undefined || architecture === undefined) {
    const present = (manifest === undefined ? manifests : [manifest]).map(({ platform }) =>
      platform === undefined ? 'an unknown platform' : formatPlatform(platform),
    );
    const ours = platforms.join(' and ');
    throw new VeritySignError(
      'usage',
      `preflight runs images of ${ours}, and this one is of ${present.join(', ')}`,
      {
        remedy: `Test an image of ${platforms.join(' or ')}`,
      },
    );
  }
  if (others.length > 0) {
    throw new VeritySignError(
      'usage',
      `the index has ${others.length + 1} images of ${GUEST_KINDS[architecture].platform}`,
      {
        remedy: 'Name the image manifest by its digest',
      },
    );
  }
  requireLayers(manifest);
  return { manifest, architecture };
}

function requireLayers({ layers, skippedLayers, layersLeftOut }: PlatformManifest): void {
  const refuse = (message: string, remedy: string): never => {
    throw new VeritySignError('usage', message, { remedy });
  };
  const [skipped] = skippedLayers;
  if (skipped !== undefined)
    refuse(
      `layer ${skipped.index} is not signed (${skipped.reason}): without it the image cannot be run`,
      'Test an image whose layers are all signed',
    );
  if (layersLeftOut !== undefined || layers.length === 0)
    refuse(
      `the image has no layers to test${layersLeftOut === undefined ? '' : `: ${layersLeftOut}`}`,
      'Test an image with layers',
    );
  if (layers.length > MAX_LAYERS)
    refuse(
      `the image has ${layers.length} layers, and preflight takes at most ${MAX_LAYERS}`,
      'Build the image with fewer layers',
    );
}
