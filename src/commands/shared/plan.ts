import { layerKey } from '../../convert/conversion-cache.ts';
import type { Recipe } from '../../convert/erofs/recipe.ts';
import type { ArtifactFormat } from '../../model/artifact-formats.ts';
import type {
  BuilderInfo,
  ConvertedLayer,
  ImageLayer,
  KnownClass,
  MkfsClass,
  PlatformManifest,
  ProfileName,
  ResolvedImage,
} from '../../model/index.ts';

/** A signature manifest to be attached: one platform manifest under one profile. */
export interface PlannedArtifact {
  manifest: PlatformManifest;
  format: ArtifactFormat;
  profile: ProfileName;
  /** The options with which the root hashes were computed, and which a node must use. */
  mkfsOptions: readonly string[];
  /** The erofs-utils class that the native builder produced; undefined for mkfs.erofs, which has its own. */
  class: KnownClass | undefined;
  /** In image order; a layer that occurs twice is listed twice. */
  layers: ConvertedLayer[];
}

/** The erofs-utils class of an artifact's images; undefined if all layers are EROFS images. */
export function classOfArtifact(
  { class: of, layers }: PlannedArtifact,
  builder: BuilderInfo | undefined,
): MkfsClass | undefined {
  if (layers.every(({ layer }) => layer.format === 'erofs')) return undefined;
  if (of !== undefined) return of;
  return builder?.kind === 'mkfs' ? builder.class : 'unknown';
}

/**
 * The layers to convert, each once, in the order of their first occurrence. Two configs that claim
 * different diffIDs for one blob give two entries: one of them is wrong, and conversion detects it.
 */
export function uniqueLayers(image: ResolvedImage): ImageLayer[] {
  const unique = new Map<string, ImageLayer>();
  for (const { layers } of image.manifests) {
    for (const layer of layers) {
      if (!unique.has(layerKey(layer))) unique.set(layerKey(layer), layer);
    }
  }
  return [...unique.values()];
}

/** Whether an image has layers that a builder must turn into EROFS images. */
export function hasTars({ manifests }: Pick<ResolvedImage, 'manifests'>): boolean {
  return manifests.some(({ layers }) => layers.some(({ format }) => format === 'tar'));
}

/**
 * One artifact per platform manifest whose layers are signed, per recipe and per format. Recipes that differ in their
 * class alone make one of layers that are all EROFS images.
 * @param converted for each distinct layer its images, in the order of the recipes
 */
export function planArtifacts(
  image: ResolvedImage,
  converted: readonly ConvertedLayer[][],
  recipes: readonly Recipe[],
  formats: readonly ArtifactFormat[] = ['notary'],
): PlannedArtifact[] {
  const byLayer = new Map(
    converted.map((ofLayer) => [ofLayer[0] === undefined ? '' : layerKey(ofLayer[0].layer), ofLayer]),
  );
  const signable = image.manifests.filter(({ layersLeftOut }) => layersLeftOut === undefined);
  return signable.flatMap((manifest) =>
    recipesOf(manifest, recipes).flatMap(({ profile, mkfsOptions, class: of, position }) => {
      const artifact = {
        manifest,
        profile,
        mkfsOptions,
        class: of,
        layers: manifest.layers.map((layer) => {
          const result = byLayer.get(layerKey(layer))?.[position];
          if (result === undefined) throw new TypeError(`layer ${layer.index} was not converted`);
          return { ...result, layer };
        }),
      };
      return formats.map((format) => ({ ...artifact, format }));
    }),
  );
}

/** The recipes that give different artifacts, with their positions. */
function recipesOf(
  manifest: PlatformManifest,
  recipes: readonly Recipe[],
): (Omit<Recipe, 'class'> & Pick<PlannedArtifact, 'class'> & { position: number })[] {
  const all = recipes.map((recipe, position) => ({ ...recipe, class: recipe.class, position }));
  if (hasTars({ manifests: [manifest] })) return all;
  return all
    .filter(({ profile }, position) => recipes.findIndex((one) => one.profile === profile) === position)
    .map((recipe) => ({ ...recipe, class: undefined }));
}
