import { ErofsLayerBuilder } from '../../convert/builders/erofs-layer-builder.ts';
import { openBuilder } from '../../convert/builders/open-builder.ts';
import { convertLayers } from '../../convert/convert-layers.ts';
import { type Recipe, recipesFor } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import type { PlatformManifest, ResolvedImage } from '../../model/index.ts';
import { DEFAULT_CLASS, KNOWN_CLASSES, type ProfileName } from '../../model/profiles.ts';
import type { ImageSource } from '../../oci/image/source.ts';
import type { CommonOptions, RunContext } from '../shared/options.ts';
import { hasTars, uniqueLayers } from '../shared/plan.ts';
import type { SignatureSet } from '../verify/layers/evaluate-referrer.ts';
import { LayerDisks } from './layer-disks.ts';

/**
 * How the images of the layers are made: as the signatures record it, unless the user says otherwise. The kernel
 * refuses an image that was made in another way.
 * @throws VeritySignError 'usage' for several classes, and for options that the builder does not support
 */
export function recipeOfTest(
  profile: ProfileName,
  set: Pick<SignatureSet, 'recorded'> | undefined,
  options: CommonOptions,
): Recipe {
  const recorded = set?.recorded;
  const own = KNOWN_CLASSES.find((of) => of === recorded?.class);
  const mkfsOptions = options.mkfsOptions ?? recorded?.mkfsOptions?.join(' ');
  const [recipe, ...others] = recipesFor({
    profiles: [profile],
    ...(mkfsOptions === undefined ? {} : { mkfsOptions }),
    builder: options.builder,
    crossCheck: options.crossCheck,
    classes: options.classes ?? [own ?? DEFAULT_CLASS],
  });
  if (recipe === undefined) throw new TypeError('no recipe for a profile');
  if (others.length === 0) return recipe;
  throw new VeritySignError('usage', 'several classes of erofs-utils are given, but a node has one', {
    remedy: 'Give one erofs-utils-version, and test each class in a run of its own',
  });
}

/**
 * Streams each distinct layer once to a disk of the VM.
 * @param folder private, for the disks
 * @throws VeritySignError of the first layer that fails
 */
export async function convertToDisks(
  manifest: PlatformManifest,
  source: ImageSource,
  recipe: Recipe,
  { folder, options, context }: { folder: string; options: CommonOptions; context: RunContext },
): Promise<LayerDisks> {
  const { log, signal } = context;
  const image: Pick<ResolvedImage, 'manifests'> = { manifests: [manifest] };
  const disks = new LayerDisks(folder, recipe, manifest.layers);
  const jobs = uniqueLayers(image as ResolvedImage).map((layer) =>
    disks.withFile(
      { layer, open: (own: AbortSignal) => source.blob(layer.descriptor, own), recipes: [recipe] },
      [recipe],
    ),
  );
  if (!hasTars(image)) {
    await convertLayers(jobs, { builder: new ErofsLayerBuilder(), folder, options, log, signal });
    return disks;
  }
  const classes = recipe.class === undefined ? [] : [recipe.class];
  const opened = await openBuilder(
    { ...options, ...(classes.length === 0 ? {} : { classes }) },
    { profiles: [recipe.profile], classes, folder, signal, log },
  );
  try {
    // An image of a mkfs.erofs that fails its test says nothing about nodes.
    await opened.info;
    await convertLayers(jobs, { builder: opened.builder, folder, options, log, signal });
    return disks;
  } finally {
    await opened.stop();
  }
}
