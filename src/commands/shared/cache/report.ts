import type { ExportReport } from '../../../report/node/export-report.ts';
import type { CachedLayer } from './fill-cache.ts';

/** Layers of a cache as reports describe them. */
export function cachedLayersReport(
  layers: readonly CachedLayer[],
  signed: ReadonlySet<string>,
): ExportReport['layers'] {
  return layers.map(({ layer, rootHash, outcome }) => ({
    diffId: layer.diffId,
    digest: layer.descriptor.digest,
    rootHash,
    signed: signed.has(rootHash),
    outcome,
  }));
}
