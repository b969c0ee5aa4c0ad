import { openBuilder } from '../../convert/builders/open-builder.ts';
import { type Converter, convertLayers, convertShared, type LayerJob } from '../../convert/convert-layers.ts';
import { recipesFor } from '../../convert/erofs/recipe.ts';
import { inContext } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import type { BuilderInfo, ConvertedLayer } from '../../model/index.ts';
import { DEFAULT_CLASS } from '../../model/profiles.ts';
import { parseImage } from '../../oci/image/reference.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import type { RootHashEntry } from '../../report/report.ts';
import { REPORT_HEAD } from '../../report/tool.ts';
import { openImage } from '../shared/open-image.ts';
import type { RootHashOptions, RunContext } from '../shared/options.ts';
import { planArtifacts, uniqueLayers } from '../shared/plan.ts';
import { blobFileLayer, isBlobFile } from './blob-file.ts';

/**
 * Root hashes of images' layers, or of layer blobs in files, without any key: in the order of the
 * sources, then platform, profile, layer. The bytes come the same way as for signing.
 */
export function rootHashes(options: RootHashOptions, context: RunContext): Promise<RootHashEntry[]> {
  return withRootHashes(options, context, async (rootHashesOf) => {
    const entries: RootHashEntry[] = [];
    for (const source of options.sources) entries.push(...(await rootHashesOf(source)));
    return entries;
  });
}

/**
 * As {@link rootHashes}, one source at a time: `work` gets a function that computes the root hashes of one.
 * @throws what prevents the builder from being opened, and what `work` throws
 */
export function withRootHashes<T>(
  options: Omit<RootHashOptions, 'sources'>,
  context: RunContext,
  work: (rootHashesOf: (source: string) => Promise<RootHashEntry[]>) => Promise<T>,
): Promise<T> {
  return withTempFolder(options.tempDir, async (folder) => {
    // Invalid options are reported once, before any work.
    recipesFor(options);
    const { log, signal } = context;
    const { builder, info: tested } = await openBuilder(options, {
      profiles: options.profiles,
      classes: [DEFAULT_CLASS],
      imageDigest: true,
      folder,
      signal,
      log,
    });
    const info = await tested;
    const converter = { builder, folder, options, log, signal };
    return work(async (source) => {
      const converted = await inContext({ image: source }, async () =>
        (await isBlobFile(source))
          ? await convertBlobFile(source, converter)
          : await convertImage(source, converter, info, options, context),
      );
      return converted.map((layer) => entry(source, layer));
    });
  });
}

async function convertBlobFile(path: string, converter: Converter): Promise<ConvertedLayer[]> {
  const job: LayerJob = await blobFileLayer(path, converter.options.maxLayerSize, converter.signal);
  return (await convertLayers([job], converter)).flat();
}

async function convertImage(
  reference: string,
  converter: Converter,
  builder: BuilderInfo,
  options: Omit<RootHashOptions, 'sources'>,
  context: RunContext,
): Promise<ConvertedLayer[]> {
  const { source } = await openImage(parseImage(reference), converter.folder, options, context);
  const image = await resolveImage(source, options);
  return inContext({ image: image.name }, async () => {
    const jobs = uniqueLayers(image).map((layer) => ({
      layer,
      open: (own: AbortSignal) => source.blob(layer.descriptor, own),
    }));
    const { converted, confirm } = await convertShared(jobs, converter, reference, context.conversions);
    confirm(builder);
    return planArtifacts(image, converted, recipesFor(options)).flatMap(({ layers }) => layers);
  });
}

function entry(source: string, converted: ConvertedLayer): RootHashEntry {
  const { layer, profile, class: of, uuid, facts, verity, sharedFrom } = converted;
  const { imageSha256 } = verity;
  return {
    ...REPORT_HEAD,
    source,
    digest: layer.descriptor.digest,
    diffId: facts.diffId,
    mediaType: layer.descriptor.mediaType,
    profile,
    ...(of === undefined ? {} : { class: of }),
    uuid,
    ...(imageSha256 === undefined ? {} : { imageSha256 }),
    imageSize: verity.imageSize,
    rootHash: verity.rootHash,
    ...(sharedFrom === undefined ? {} : { sharedFrom }),
  };
}
