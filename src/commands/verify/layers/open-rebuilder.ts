import { openBuilder } from '../../../convert/builders/open-builder.ts';
import type { ResolvedImage } from '../../../model/index.ts';
import { PROFILE_NAMES } from '../../../model/profiles.ts';
import type { ImageSource } from '../../../oci/image/source.ts';
import { hasTars } from '../../shared/plan.ts';
import type { VerifyRun } from '../../shared/run.ts';
import { Rebuilder } from './rebuilder.ts';

/**
 * Opens what rebuilds the images of an image's layers, with a builder that has passed its test.
 * Layers that are EROFS images need no builder.
 * @throws VeritySignError 'environment' on a machine that can build nothing
 */
export async function openRebuilder(
  source: ImageSource,
  image: ResolvedImage,
  { options: given, context, folder }: VerifyRun,
): Promise<Rebuilder> {
  const { log, signal, conversions } = context;
  const needed = hasTars(image);
  const options = needed ? given : { ...given, builder: 'native' as const, crossCheck: false };
  const opened = await openBuilder(options, {
    profiles: PROFILE_NAMES,
    classes: [],
    folder,
    signal,
    log,
  });
  const info = await opened.info;
  if (needed) conversions?.requireSame(info);
  const converter = { builder: opened.builder, folder, options, log, signal };
  return new Rebuilder(converter, info, source, image.name, conversions);
}
