import type { Logger } from '../../logger.ts';
import type { ResolvedImage, SkippedManifest } from '../../model/index.ts';
import { formatPlatform } from '../../oci/image/platform.ts';
import type { SignOptions } from '../shared/options.ts';

/**
 * Why the index is not to be signed, with the remedy; undefined if it may be. Its signature holds for all
 * that it lists, so whatever a node may choose of it must have been read and signed in the same run.
 */
export function whyIndexUnsigned({ root, skipped }: ResolvedImage): string | undefined {
  const left = skipped.filter(({ leftOut }) => leftOut === true);
  if (left.length > 0) {
    const names = left.map(nameOf).join(', ');
    return `the index ${root.digest} gets no signature, for it lists images that were not asked for: ${names}. Leave platform out to sign them, and the index with them`;
  }
  const unfit = skipped.find(({ mayRun }) => mayRun);
  if (unfit === undefined) return undefined;
  return `the index ${root.digest} gets no signature, for a node might run ${unfit.descriptor.digest} of it, which is not signed: ${unfit.reason}. Build the index without that entry`;
}

/** Warns of what stays without a signature although somebody may count on one. */
export function warnOfLeftOut(
  image: ResolvedImage,
  { layers, manifestSignature }: SignOptions,
  log: Logger,
): void {
  if (layers === 'auto') {
    for (const { descriptor, platform, layersLeftOut } of image.manifests) {
      if (layersLeftOut === undefined || (platform?.os ?? 'linux') !== 'linux') continue;
      log.warn(
        `the layers of the Linux image ${descriptor.digest} are not signed, so nodes that demand it will not run it: ${layersLeftOut}. Set layers to required to refuse such images`,
      );
    }
  }
  const reason = manifestSignature === 'none' ? undefined : whyIndexUnsigned(image);
  if (reason !== undefined) log.warn(reason);
}

function nameOf({ descriptor: { digest, platform } }: SkippedManifest): string {
  return platform === undefined ? digest : formatPlatform(platform);
}
