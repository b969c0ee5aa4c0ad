import { VeritySignError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { ResolvedImage, SkippedManifest } from '../../model/index.ts';
import { formatPlatform, isForLinux } from '../../oci/image/platform.ts';
import { imagesNotCovered } from '../../report/coverage-text.ts';
import { skippedButRun, type Uncovered, uncoveredEntry, uncoveredNames } from '../shared/coverage.ts';
import type { SignOptions } from '../shared/options.ts';
import { plainErofsText } from '../shared/plain-erofs.ts';

/**
 * Why the index must not be signed, with the remedy; undefined if it may be. The signature of an index
 * covers all that it lists, so every image that a node may choose from it must have been read and signed
 * in the same run.
 */
export function whyIndexUnsigned({ root, skipped }: ResolvedImage): string | undefined {
  const excluded = skipped.filter(({ leftOut }) => leftOut === true);
  if (excluded.length > 0) {
    const names = excluded.map(nameOf).join(', ');
    return `index ${root.digest} is not signed because \`platform\` excludes ${names}. Omit \`platform\` to sign everything, including the index`;
  }
  const unsigned = skipped.find(({ mayRun }) => mayRun);
  if (unsigned === undefined) return undefined;
  return `index ${root.digest} is not signed because a node could run ${unsigned.descriptor.digest}, which is unsigned: ${unsigned.reason}. Build the index without that entry`;
}

/** Images of the index that get no signature: neither of layers, nor of a manifest, nor by the index. */
export function uncoveredBySigning(
  image: ResolvedImage,
  { manifestSignature }: Pick<SignOptions, 'manifestSignature'>,
): Uncovered[] {
  const skipped = image.skipped.filter(({ isImage }) => isImage).map(uncoveredEntry);
  if (manifestSignature !== 'none') return whyIndexUnsigned(image) === undefined ? [] : skipped;
  const withoutLayers = image.manifests.flatMap(({ descriptor, platform, layersLeftOut: reason }) =>
    reason === undefined
      ? []
      : [
          {
            descriptor: { ...descriptor, ...(platform === undefined ? {} : { platform }) },
            reason,
            excluded: false,
          },
        ],
  );
  return [...withoutLayers, ...skipped];
}

/**
 * Refuses, before any work, an index that `verify` would reject once it is signed: with an entry that a
 * node may run and nothing can sign, or with `layers: all` an image that gets no signature.
 * @throws VeritySignError 'image'
 */
export function requireCoverage(
  image: ResolvedImage,
  options: Pick<SignOptions, 'layers' | 'manifestSignature' | 'platforms'>,
): void {
  const [first] = skippedButRun(image, options.platforms);
  if (first !== undefined) {
    throw new VeritySignError(
      'image',
      `a node may run ${first.descriptor.digest}, but its layers cannot be signed: ${first.reason}`,
      { remedy: 'Build the index without that entry' },
    );
  }
  const uncovered = options.layers === 'all' ? uncoveredBySigning(image, options) : [];
  if (uncovered.length === 0) return;
  throw new VeritySignError(
    'image',
    `layers is all, but ${imagesNotCovered(uncovered.length)}: ${uncoveredNames(uncovered)}`,
    {
      remedy:
        'Omit platform and set manifest-signature to jws or cose to cover every image, or set layers to required',
    },
  );
}

/**
 * Refuses, before any work, EROFS layers for nodes that make tar indexes of all layers.
 * @throws VeritySignError 'image'
 */
export function requireTars({ manifests }: ResolvedImage, { profiles }: Pick<SignOptions, 'profiles'>): void {
  if (!profiles.includes('tardev')) return;
  const found = manifests.flatMap(({ layers }) => layers).find(({ format }) => format === 'erofs');
  if (found === undefined) return;
  throw new VeritySignError(
    'image',
    `layer ${found.index} (${found.descriptor.digest}) is an EROFS image, which tardev-snapshotter does not take`,
    { remedy: 'Omit profile tardev, or build the image with tar layers' },
  );
}

/** Warns of layers that are signed, and that no node opens with dm-verity. */
export function warnOfPlainErofs({ manifests }: ResolvedImage, log: Logger): void {
  for (const { descriptor, ...manifest } of manifests) {
    const text = plainErofsText(manifest);
    if (text !== undefined) log.warn(`${descriptor.digest}: ${text}`);
  }
}

/** Warns of images that stay unsigned although a user may expect a signature. */
export function warnOfUnsigned(
  image: ResolvedImage,
  { layers, manifestSignature }: SignOptions,
  log: Logger,
): void {
  if (layers === 'auto') {
    for (const { descriptor, platform, layersLeftOut } of image.manifests) {
      if (layersLeftOut === undefined || (platform !== undefined && !isForLinux(platform))) continue;
      log.warn(
        `the layers of the Linux image ${descriptor.digest} are not signed, so nodes that require signatures will not run it: ${layersLeftOut}. Set \`layers\` to \`required\` to refuse such images`,
      );
    }
  }
  const reason = manifestSignature === 'none' ? undefined : whyIndexUnsigned(image);
  if (reason !== undefined) log.warn(reason);
}

function nameOf({ descriptor: { digest, platform } }: SkippedManifest): string {
  return platform === undefined ? digest : formatPlatform(platform);
}
