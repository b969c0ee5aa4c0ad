import { join } from 'node:path';
import { openBuilder } from '../../convert/builders/open-builder.ts';
import type { Recipe } from '../../convert/erofs/recipe.ts';
import { VeritySignError } from '../../errors.ts';
import type { BuilderInfo, ImageLayer } from '../../model/index.ts';
import type { ExportReport } from '../../report/node/export-report.ts';
import { CACHE_PROFILE, cacheRecipe } from '../shared/cache/cache-recipe.ts';
import { type CachedLayer, fillCache } from '../shared/cache/fill-cache.ts';
import { LayerCache } from '../shared/cache/layer-cache.ts';
import { SIGNATURES, writeSignatures } from '../shared/cache/signature-folder.ts';
import { warnOfUnsigned } from '../shared/cache/warn-unsigned.ts';
import type { RunContext } from '../shared/options.ts';
import { withVerifiedImage } from '../verify/require-verified.ts';
import type { VerifiedImage } from '../verify/verified-image.ts';
import type { ExportOptions } from './options.ts';
import { exportReport } from './report.ts';
import { cacheSets, expectedHashes, signaturesOf } from './signed-hashes.ts';
import { asSigned } from './signed-recipe.ts';

/**
 * Writes the layers of a verified image into containerd's layer cache: images with dm-verity superblock and hash
 * tree, sidecars, and the signatures of root hashes that are signed. Entries that are complete stay.
 * @throws VeritySignError with the verdict on the image; 'invalid' for a layer whose signed root hash is another;
 *   'usage', 'image', 'environment', 'registry', 'cancelled'
 */
export function exportImage(options: ExportOptions, context: RunContext): Promise<ExportReport> {
  // Before any work.
  cacheRecipe(options);
  return withVerifiedImage({ ...options, recompute: false }, context, (verified) =>
    exportVerified(verified, options, context),
  );
}

async function exportVerified(
  verified: VerifiedImage,
  options: ExportOptions,
  context: RunContext,
): Promise<ExportReport> {
  const { platforms, run } = verified;
  const { log, signal } = context;
  const own = asSigned(options, platforms);
  const recipe = cacheRecipe(own);
  const cache = await LayerCache.open(options.folder, signal);
  const opened = await openBuilder(own, {
    profiles: [CACHE_PROFILE],
    classes: own.classes ?? [],
    folder: run.folder,
    signal,
    log,
  });
  try {
    // Images of a mkfs.erofs that fails its test never get into the cache.
    const builder = await opened.info;
    const of = classOf(recipe, builder);
    const expected = expectedHashes(platforms, recipe, of);
    const layers = await log.group(`Write layers to ${options.folder}`, (group) =>
      fillCache(cache, layersOf(verified), {
        recipe,
        converter: { builder: opened.builder, folder: run.folder, options: own, log: group, signal },
        open: (layer, both) => verified.opened.source.blob(layer.descriptor, both),
        accept: (layer, rootHash) => {
          const signed = expected.get(layer.diffId);
          return signed === undefined || signed.has(rootHash) ? undefined : mismatch(rootHash, signed);
        },
      }),
    );
    const signatures = ofLayers(signaturesOf(platforms), layers);
    await writeSignatures(join(options.folder, SIGNATURES), signatures);
    warnOfUnsigned(layers, new Set(signatures.keys()), options.image, log, otherClass(platforms, of));
    return exportReport(verified, { options, recipe, builder, layers, signatures });
  } finally {
    await opened.stop();
    await cache.close();
  }
}

function classOf({ class: of }: Recipe, builder: BuilderInfo): string {
  return of ?? (builder.kind === 'mkfs' ? builder.class : 'unknown');
}

/**
 * What to do about root hashes that are not signed though the image is signed for the cache: its images are of another
 * class. Undefined for any other cause.
 */
function otherClass(platforms: VerifiedImage['platforms'], of: string): string | undefined {
  const signed = cacheSets(platforms).map(({ recorded }) => recorded.class ?? of);
  if (signed.length === 0 || signed.includes(of)) return undefined;
  const classes = [...new Set(signed)].join(' and ');
  return `They are those of class ${of} of erofs-utils, and the signatures for ${CACHE_PROFILE} those of class ${classes}: export that class, or sign this one`;
}

/** Each layer once, whatever compression and platform it has. */
function layersOf({ platforms }: VerifiedImage): ImageLayer[] {
  const byDiffId = new Map<string, ImageLayer>();
  for (const { manifest } of platforms) {
    for (const layer of manifest.layers) {
      if (!byDiffId.has(layer.diffId)) byDiffId.set(layer.diffId, layer);
    }
  }
  return [...byDiffId.values()];
}

/** The signatures of the root hashes that the cache has. */
function ofLayers(
  signatures: ReadonlyMap<string, Uint8Array>,
  layers: readonly CachedLayer[],
): Map<string, Uint8Array> {
  return new Map(
    layers.flatMap(({ rootHash }): [string, Uint8Array][] => {
      const pkcs7 = signatures.get(rootHash);
      return pkcs7 === undefined ? [] : [[rootHash, pkcs7]];
    }),
  );
}

function mismatch(rootHash: string, signed: ReadonlySet<string>): VeritySignError {
  const names = [...signed].join(' and ');
  return new VeritySignError(
    'invalid',
    `the layer has the root hash ${rootHash}, but a referrer says ${names} for ${CACHE_PROFILE}: that signature is not for this layer`,
    {
      remedy: `Verify the image with recompute, which names the referrers that are wrong. Delete these from the registry, or sign the image for ${CACHE_PROFILE} from a source that you trust`,
    },
  );
}
