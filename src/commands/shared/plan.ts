import { layerKey } from '../../convert/conversion-cache.ts';
import type { Recipe } from '../../convert/erofs/recipe.ts';
import type {
  BuilderInfo,
  ConvertedLayer,
  Descriptor,
  ImageLayer,
  KnownClass,
  MkfsClass,
  Platform,
  PlatformManifest,
  ProfileName,
  ResolvedImage,
} from '../../model/index.ts';
import type { EnvelopeFormat } from '../../signatures/notary/envelope/envelope.ts';
import { whyIndexUnsigned } from '../sign/index-coverage.ts';
import type { SignOptions } from './options.ts';

/** One signature manifest to be: a platform manifest under one profile. */
export interface PlannedArtifact {
  manifest: PlatformManifest;
  profile: ProfileName;
  /** That the root hashes were made with, and that a node must have. */
  mkfsOptions: readonly string[];
  /** Whose images they are, if the native builder was told; else that of mkfs.erofs. */
  class: KnownClass | undefined;
  /** In image order; a layer that occurs twice is in it twice. */
  layers: ConvertedLayer[];
}

/** Of erofs-utils: whose images an artifact is for. */
export function classOfArtifact({ class: of }: PlannedArtifact, builder: BuilderInfo | undefined): MkfsClass {
  if (of !== undefined) return of;
  return builder?.kind === 'mkfs' ? builder.class : 'unknown';
}

/** One manifest signature to be. */
export interface PlannedManifest {
  /** mediaType, digest and size. */
  subject: Descriptor;
  /** Of an image manifest that names one; an index has none. */
  platform: Platform | undefined;
  format: EnvelopeFormat;
}

/** All that one image gets. */
export interface Planned {
  artifacts: readonly PlannedArtifact[];
  manifests: readonly PlannedManifest[];
}

/**
 * The layers to convert, each once, in the order of their first occurrence. Two configs that claim
 * different diffIDs for one blob give two entries: one of them is wrong, and conversion finds it.
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

/**
 * Lays the converted layers, one image of each by every recipe, out over the platform manifests whose
 * layers are signed.
 */
export function planArtifacts(
  image: ResolvedImage,
  converted: readonly ConvertedLayer[][],
  recipes: readonly Recipe[],
): PlannedArtifact[] {
  const byLayer = new Map(
    converted.map((ofLayer) => [ofLayer[0] === undefined ? '' : layerKey(ofLayer[0].layer), ofLayer]),
  );
  const signable = image.manifests.filter(({ layersLeftOut }) => layersLeftOut === undefined);
  return signable.flatMap((manifest) =>
    recipes.map(({ profile, mkfsOptions, class: of }, position) => ({
      manifest,
      profile,
      mkfsOptions,
      class: of,
      layers: manifest.layers.map((layer) => {
        const result = byLayer.get(layerKey(layer))?.[position];
        if (result === undefined) throw new TypeError(`layer ${layer.index} was not converted`);
        return { ...result, layer };
      }),
    })),
  );
}

/**
 * Every image manifest, then the index that the reference names, if all of it is signed: nothing is
 * signed before its parts.
 */
export function planManifests(
  image: ResolvedImage,
  { manifestSignature: format }: SignOptions,
): PlannedManifest[] {
  if (format === 'none') return [];
  const { root, manifests } = image;
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  if (listed || whyIndexUnsigned(image) !== undefined) return parts;
  return [...parts, { subject: root, platform: undefined, format }];
}
