import { VeritySignError } from '../../errors.ts';
import type { PlatformManifest, ResolvedImage } from '../../model/index.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import type { ImageSource } from '../../oci/image/source.ts';
import { requiresLayers, resolvedLayers } from '../shared/coverage.ts';
import type { SignOptions } from '../shared/options.ts';

/** The remedy for an image of which nothing would be signed. */
const SIGN_MANIFESTS = 'Set manifest-signature to jws or cose to sign the manifest, with layers auto or none';

/**
 * Resolves an image to what is to be signed of it. With `layers` required, each image that the user
 * named must have layers to sign; images of other systems in the same index are accepted for their
 * manifest signatures only. With `auto`, an image whose layers cannot be signed is accepted without them.
 *
 * @throws VeritySignError 'image' if there is nothing to sign, 'usage' for a platform that is not there
 */
export async function resolveForSigning(source: ImageSource, options: SignOptions): Promise<ResolvedImage> {
  const { platforms, allowSkip, layers, manifestSignature } = options;
  const required = requiresLayers(layers);
  const manifestsOnly = required && manifestSignature !== 'none' && platforms.length === 0;
  const image = await resolveImage(source, {
    platforms,
    allowSkip,
    layers: manifestsOnly ? 'auto' : resolvedLayers(layers),
    unsignableLayers: layers === 'auto' ? 'exclude' : 'refuse',
  });
  const manifests = image.manifests.map((manifest) => (required ? manifest : withoutLayers(manifest)));
  for (const manifest of manifests) if (required) requireLayers(manifest);
  if (layers !== 'none' && (required || manifestSignature === 'none')) requireSome(manifests);
  return { ...image, manifests };
}

/** Whether any layer will be signed. */
export function hasLayers({ manifests }: ResolvedImage): boolean {
  return manifests.some(({ layers }) => layers.length > 0);
}

/** Marks an image that has no layers to sign as one whose layers are excluded. */
function withoutLayers(manifest: PlatformManifest): PlatformManifest {
  if (manifest.layers.length > 0 || manifest.layersLeftOut !== undefined) return manifest;
  return { ...manifest, layersLeftOut: emptiness(manifest) };
}

function requireLayers(manifest: PlatformManifest): void {
  const { descriptor, layers, layersLeftOut } = manifest;
  if (layers.length > 0 || layersLeftOut !== undefined) return;
  throw new VeritySignError(
    'image',
    `the manifest ${descriptor.digest} ${emptiness(manifest)}: there is nothing to sign`,
    { remedy: 'Choose other platforms, or omit this image' },
  );
}

function requireSome(manifests: readonly PlatformManifest[]): void {
  if (manifests.some(({ layers }) => layers.length > 0)) return;
  const reasons = [...new Set(manifests.map(({ layersLeftOut }) => layersLeftOut ?? 'no layers'))];
  throw new VeritySignError('image', `the image cannot be signed: ${reasons.join('; ')}`, {
    remedy: SIGN_MANIFESTS,
  });
}

function emptiness({ skippedLayers }: PlatformManifest): string {
  return skippedLayers.length === 0 ? 'has no layers' : 'has skipped layers only';
}
