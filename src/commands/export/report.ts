import type { Recipe } from '../../convert/erofs/recipe.ts';
import type { BuilderInfo } from '../../model/index.ts';
import type { ExportReport } from '../../report/node/export-report.ts';
import { TOOL } from '../../report/tool.ts';
import type { CachedLayer } from '../shared/cache/fill-cache.ts';
import { cachedLayersReport } from '../shared/cache/report.ts';
import { builderReport } from '../shared/report-parts.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import type { ExportOptions } from './options.ts';

export interface Exported {
  options: ExportOptions;
  recipe: Recipe;
  builder: BuilderInfo;
  layers: readonly CachedLayer[];
  /** PKCS#7 by root hash. */
  signatures: ReadonlyMap<string, Uint8Array>;
}

export function exportReport(
  { image, opened }: VerifiedImage,
  { options, recipe, builder, layers, signatures }: Exported,
): ExportReport {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    image: { reference: options.image, name: image.name, digest, mediaType },
    verifiedProfiles: [...options.profiles],
    folder: options.folder,
    class: recipe.class ?? (builder.kind === 'mkfs' ? builder.class : 'unknown'),
    mkfsOptions: [...recipe.mkfsOptions],
    builder,
    ...builderReport(builder),
    ...(opened.oras === undefined ? {} : { oras: opened.oras }),
    layers: cachedLayersReport(layers, new Set(signatures.keys())),
  };
}
