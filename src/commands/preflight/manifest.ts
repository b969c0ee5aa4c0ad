import { VeritySignError } from '../../errors.ts';
import type { PlatformManifest, ResolvedImage } from '../../model/index.ts';
import { formatPlatform, platformNames } from '../../oci/image/platform.ts';
import { MAX_LAYERS } from './vm/qemu.ts';

/** The platform of the VM. */
export const VM_PLATFORM = 'linux/amd64';

/**
 * The image of a platform, if the VM can run it.
 * @param platform of Linux, as formatPlatform writes it
 * @throws VeritySignError 'usage'
 */
export function manifestFor({ manifests }: ResolvedImage, platform: string): PlatformManifest {
  const found = manifests.filter((one) => one.platform && platformNames(one.platform).includes(platform));
  const exact = found.filter((one) => one.platform && formatPlatform(one.platform) === platform);
  const [manifest, ...others] = exact.length > 0 ? exact : found;
  if (manifest === undefined || manifest.platform?.architecture !== 'amd64') {
    const present = (manifest === undefined ? manifests : [manifest]).map((one) =>
      one.platform === undefined ? 'an unknown platform' : formatPlatform(one.platform),
    );
    throw new VeritySignError(
      'usage',
      `preflight runs images of ${VM_PLATFORM}, and this one is of ${present.join(', ')}`,
      { remedy: `Test an image of ${VM_PLATFORM}` },
    );
  }
  if (others.length > 0) {
    throw new VeritySignError('usage', `the index has ${others.length + 1} images of ${platform}`, {
      remedy: 'Name the image manifest by its digest',
    });
  }
  requireLayers(manifest);
  return manifest;
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
      `the image of ${VM_PLATFORM} has no layers to test${layersLeftOut === undefined ? '' : `: ${layersLeftOut}`}`,
      'Test an image with layers',
    );
  if (layers.length > MAX_LAYERS)
    refuse(
      `the image has ${layers.length} layers, and preflight takes at most ${MAX_LAYERS}`,
      'Build the image with fewer layers',
    );
}
