import { recipesFor } from '../../convert/erofs/recipe.ts';
import { layersAtOnce } from '../../convert/layer-concurrency.ts';
import { prepareWorkers } from '../../convert/worker/process-layer.ts';
import { inContext } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { Stopwatch } from '../../lib/stopwatch.ts';
import type { ResolvedImage } from '../../model/index.ts';
import { parseImage } from '../../oci/image/reference.ts';
import type { SignReport } from '../../report/report.ts';
import { requirePassed } from '../preflight/require-passed.ts';
import { warnOfUncovered } from '../shared/coverage.ts';
import { type OpenImage, openImage } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import { uniqueLayers } from '../shared/plan.ts';
import type { SignRun } from '../shared/run.ts';
import { checkAnnotations } from './annotations.ts';
import { convertImage } from './convert-image.ts';
import { inPlace, type OpenDestination } from './destination.ts';
import { exportSignatures } from './export-layers.ts';
import {
  requireCoverage,
  requireTars,
  uncoveredBySigning,
  warnOfPlainErofs,
  warnOfUnsigned,
} from './index-coverage.ts';
import { planSignatures } from './plan-signatures.ts';
import type { PreflightStage } from './preflight/stage.ts';
import { hasLayers, resolveForSigning } from './resolve-for-signing.ts';
import { signAndAttach } from './sign-and-attach.ts';
import { type SignFacts, signReport } from './sign-report.ts';
import { signatureKinds } from './signature-kinds.ts';
import { loadSigningContext, loadTimestampAuthority, type SigningContext } from './signing-context.ts';

/**
 * Signs every layer of an image, its manifests, or both, and attaches the signatures: one signature
 * manifest per platform manifest and profile, and one per manifest for notation. The order is the
 * safety: what can be refused is refused before any conversion, the key is opened after the last
 * conversion, and nothing is attached before every signature exists.
 *
 * @param openDestination where the signed image goes; by default it stays where it is
 * @param attached gets the report of an image whose signatures are attached, before it is published, which may
 *   fail, and after each tag that was set
 * @throws VeritySignError with the image and, where one is at fault, the layer.
 */
export function signImage(
  options: SignOptions,
  context: RunContext,
  openDestination: OpenDestination = inPlace,
  attached: (report: SignReport) => void = () => undefined,
): Promise<SignReport> {
  return inContext({ image: options.image }, () =>
    withTempFolder(options.tempDir, (folder) =>
      signIn({ options, context, folder, watch: new Stopwatch() }, openDestination, attached),
    ),
  );
}

async function signIn(
  run: SignRun,
  openDestination: OpenDestination,
  onAttached: (report: SignReport) => void,
): Promise<SignReport> {
  const { options, context, folder, watch } = run;
  const { log } = context;
  // Invalid options are refused before any work.
  checkAnnotations(options);
  const recipes = recipesFor(options).length;
  if (options.artifactFormats?.includes('tardev') && recipes > 1) {
    log.warn(
      `artifact-format tardev records neither profile nor class, and nodes take the first artifact that a registry lists: ${recipes} are made for each image. Name one profile and one class`,
    );
  }
  const reference = parseImage(options.image);
  const destination = await openDestination(reference, options, context, folder);
  const authority = await loadTimestampAuthority(options, context);

  // What is pushed need not stay here.
  const changes = options.pushTo === undefined ? 'changes' : 'changes-if-possible';
  const opened = await openImage(reference, folder, options, context, options.dryRun ? 'nothing' : changes);
  const image = await watch.time('resolve', () =>
    log.group(`Resolve ${options.image}`, () => resolveForSigning(opened.source, options)),
  );

  return inContext({ image: image.name }, async () => {
    requireCoverage(image, options);
    requireTars(image, options);
    destination.requireComplete(image);
    warnOfUnsigned(image, options, log);
    warnOfPlainErofs(image, log);
    warnOfUncovered(image, uncoveredBySigning(image, options), log);
    // Threads start while the key is loaded and the first layers are on their way.
    prepareWorkers(uniqueLayers(image), layersAtOnce(options.concurrency, recipes));
    const signing = await loadSigningContext(options, hasLayers(image), context);
    const stage = await openPreflight(image, opened, signing, run);
    const { builder, converted, exported } = await watch.time('convert', () =>
      convertImage(image, opened.source, run, stage?.disks),
    );
    const planned = planSignatures(image, converted, options);
    const known = { image, builder, oras: opened.oras ?? destination.oras, signing, planned, exported };
    if (signing?.key === undefined) return signReport(run, known);

    const kinds = await signatureKinds(planned, { ...signing, key: signing.key, authority }, builder, run);
    const elsewhere = await destination.signedBefore(image);
    const attached = await signAndAttach(planned, kinds, { ...opened, elsewhere }, run);
    onAttached(signReport(run, known, attached));
    const preflight = await stage?.run();
    if (preflight !== undefined) {
      onAttached(signReport(run, { ...known, preflight }, attached));
      requirePassed(preflight, options.pushTo);
    }
    const signedInCache = await exportSignatures(
      exported ?? [],
      attached.artifacts,
      opened.store,
      options,
      context,
    );
    const facts: SignFacts = { ...known, preflight, signedInCache };
    onAttached(signReport(run, facts, attached));
    const pushed = await watch.time('push', () =>
      destination.publish({ opened, image, planned, kinds, attached, folder, log }, (tags) =>
        onAttached(signReport(run, facts, attached, tags)),
      ),
    );
    return signReport(run, facts, attached, pushed);
  });
}

/** Undefined without `preflight`. */
async function openPreflight(
  image: ResolvedImage,
  opened: OpenImage,
  signing: SigningContext | undefined,
  run: SignRun,
): Promise<PreflightStage | undefined> {
  const { preflight } = run.options;
  if (preflight === undefined) return undefined;
  // Lazy import: large and rarely needed.
  const { openPreflightStage } = await import('./preflight/stage.ts');
  return openPreflightStage(preflight, image, opened, signing, run);
}
