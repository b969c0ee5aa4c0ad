import type { OpenedBuilder } from '../../convert/builders/layer-builder.ts';
import { openBuilder } from '../../convert/builders/open-builder.ts';
import { convertShared } from '../../convert/convert-layers.ts';
import { recipesFor } from '../../convert/erofs/recipe.ts';
import { LAYER_WORKERS } from '../../convert/worker/pool.ts';
import { inContext } from '../../errors.ts';
import { alongside } from '../../lib/concurrent.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { Stopwatch } from '../../lib/stopwatch.ts';
import type { BuilderInfo, ConvertedLayer, ResolvedImage } from '../../model/index.ts';
import type { SignReport } from '../../report/report.ts';
import { openGate, requireWhole } from '../gate/open-gate.ts';
import { type OpenImage, openImage } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import { planArtifacts, planManifests, uniqueLayers } from '../shared/plan.ts';
import { checkAnnotations } from './attach-layer-signatures.ts';
import { warnOfLeftOut } from './index-coverage.ts';
import { hasLayers, resolveForSigning } from './resolve-for-signing.ts';
import { signAndAttach } from './sign-and-attach.ts';
import type { ManifestSigner } from './sign-manifests.ts';
import { signReport } from './sign-report.ts';
import {
  loadSigningMaterial,
  loadTimestampAuthority,
  purposesOf,
  type SigningMaterial,
} from './signing-material.ts';

/**
 * Signs every layer of an image, its manifests, or both, and attaches the signatures: one signature
 * manifest per platform manifest and profile, and one per manifest for notation. The order is the
 * safety: what can be refused is refused before any conversion, the key is opened after the last
 * conversion, and nothing is attached before every signature exists.
 *
 * @throws VeritySignError with the image and, where one is at fault, the layer.
 */
export function signImage(options: SignOptions, context: RunContext): Promise<SignReport> {
  return inContext({ image: options.image }, () =>
    withTempFolder(options.tempDir, async (folder) => {
      const tested: OpenedBuilder[] = [];
      try {
        return await signIn(folder, options, context, tested);
      } finally {
        // Whatever ends the run: no mkfs.erofs goes on in a folder that is removed.
        await Promise.all(tested.map((one) => one.stop()));
      }
    }),
  );
}

/** @param tested what is to be stopped at the end is put here */
async function signIn(
  folder: string,
  options: SignOptions,
  context: RunContext,
  tested: OpenedBuilder[],
): Promise<SignReport> {
  const { log, signal } = context;
  const watch = new Stopwatch();
  // What is wrong with the options alone is told before any work.
  checkAnnotations(options);
  const recipes = recipesFor(options);
  const gate = await openGate(options, context);
  const authority = await loadTimestampAuthority(options, context);
  // With `auto` the image says whether layers are signed; else key and builder come before it.
  let means =
    options.layers === 'auto'
      ? undefined
      : await prepare(options.layers === 'required', folder, options, context, tested);
  const opened = await openImage(options.image, folder, options, context);
  const image = await watch.time('resolve', () =>
    log.group(`Resolve ${options.image}`, () => resolveForSigning(opened.source, options)),
  );

  return inContext({ image: image.name }, async () => {
    if (gate !== undefined) requireWhole(image, options);
    warnOfLeftOut(image, options, log);
    means ??= await prepare(hasLayers(image), folder, options, context, tested);
    const { material, opener } = means;
    const { builder, converted } = await watch.time('convert', () =>
      convertAll(image, opened, opener, folder, options, context),
    );
    const planned = {
      artifacts: planArtifacts(image, converted, recipes),
      manifests: planManifests(image, options),
    };
    const oras = opened.oras ?? gate?.oras.version.text;
    const run = { options, image, builder, oras, material, planned, watch };
    if (options.dryRun || material?.key === undefined) return signReport(run);

    const { key, chain, certificates } = material;
    const manifestSigner =
      planned.manifests.length === 0
        ? undefined
        : await openManifestSigner(options, context, certificates, authority);
    const party = { options, context, key, chain, manifestSigner, builder, folder, watch };
    const attached = await signAndAttach(planned, opened, party);
    const { directory, store } = opened;
    if (gate === undefined || directory === undefined) return signReport(run, attached);
    const signed = { directory, image, planned, attached, chain, manifestSigner, store };
    const pushed = await watch.time('push', () =>
      log.group(`Push to ${options.pushTo}`, async (own) => {
        const { passGate } = await import('../gate/push-through-gate.ts');
        return passGate(gate, signed, folder, signal, own);
      }),
    );
    return signReport(run, attached, pushed);
  });
}

/** What only some runs need, and is not small, is loaded by them. */
async function openManifestSigner(
  ...parts: ConstructorParameters<typeof ManifestSigner>
): Promise<ManifestSigner> {
  const signer = await import('./sign-manifests.ts');
  return new signer.ManifestSigner(...parts);
}

/** What a run needs before it converts: the signer, and a builder, whose test goes on, where layers are signed. */
async function prepare(
  layers: boolean,
  folder: string,
  options: SignOptions,
  context: RunContext,
  tested: OpenedBuilder[],
): Promise<{ material: SigningMaterial | undefined; opener: OpenedBuilder | undefined }> {
  const { log, signal } = context;
  const material = await loadSigningMaterial(options, purposesOf(options, layers), context);
  if (!layers) return { material, opener: undefined };
  // By the time that the first layer is there, a thread is.
  LAYER_WORKERS.warmUp(1);
  const opening = { profiles: options.profiles, classes: ['C'], folder, signal, log } as const;
  const opener = await openBuilder(options, opening);
  tested.push(opener);
  return { material, opener };
}

interface Converted {
  /** Absent if nothing is converted. */
  builder: BuilderInfo | undefined;
  converted: ConvertedLayer[][];
}

async function convertAll(
  image: ResolvedImage,
  { source }: OpenImage,
  opener: OpenedBuilder | undefined,
  folder: string,
  options: SignOptions,
  { log, signal, shared }: RunContext,
): Promise<Converted> {
  if (opener === undefined) return { builder: undefined, converted: [] };
  const jobs = uniqueLayers(image).map((layer) => ({
    layer,
    open: (own: AbortSignal) => source.blob(layer.descriptor, own),
  }));
  // A mkfs.erofs that does not pass its test ends the conversion; its images are never signed.
  const [builder, { converted, confirm }] = await alongside(
    { result: opener.info, stop: opener.stop },
    signal,
    (both) => {
      const converter = { builder: opener.builder, folder, options, log, signal: both };
      return convertShared(jobs, converter, image.name, shared);
    },
  );
  confirm(builder);
  return { builder, converted };
}
