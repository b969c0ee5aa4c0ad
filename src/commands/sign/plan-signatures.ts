import { recipesFor } from '../../convert/erofs/recipe.ts';
import type { ConvertedLayer, ResolvedImage } from '../../model/index.ts';
import type { SignOptions } from '../shared/options.ts';
import { type PlannedArtifact, planArtifacts } from '../shared/plan.ts';
import { type PlannedManifest, planManifests } from './manifests/plan.ts';

/** All signatures that one image gets. */
export interface Planned {
  artifacts: readonly PlannedArtifact[];
  manifests: readonly PlannedManifest[];
}

/** @param converted for each distinct layer its images, in the order of the recipes */
export function planSignatures(
  image: ResolvedImage,
  converted: readonly ConvertedLayer[][],
  options: SignOptions,
): Planned {
  return {
    artifacts: planArtifacts(image, converted, recipesFor(options), options.artifactFormats),
    manifests: planManifests(image, options),
  };
}
