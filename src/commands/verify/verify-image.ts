import { recipesFor } from '../../convert/erofs/recipe.ts';
import { inContext, VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { Stopwatch } from '../../lib/stopwatch.ts';
import { type ImageReference, parseImage } from '../../oci/image/reference.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { resolvedLayers, warnOfUncovered } from '../shared/coverage.ts';
import { IN_REGISTRY, openImage, requireReferrers } from '../shared/open-image.ts';
import type { RunContext, VerifyOptions } from '../shared/options.ts';
import type { VerifyRun } from '../shared/run.ts';
import { checkDemands } from './check-demands.ts';
import { evaluateImage } from './evaluate-image.ts';
import { evaluateSignatures } from './evaluate-signatures.ts';
import { openRebuilder } from './layers/open-rebuilder.ts';
import { recompute } from './layers/recompute.ts';
import { loadTrust, type Trust } from './trust/load-trust.ts';
import { type UseVerified, verifiedPlatforms } from './verified-image.ts';
import { skippedImageReport, uncheckedReport, verifyReport } from './verify-report.ts';

/**
 * Checks the signatures that are attached to an image. Of layers: structure, signatures, trust, and
 * whether the signed root hashes are those of these layers. Of manifests: Notary Project signatures, as
 * notation checks them. Needs no key, and a builder only to recompute root hashes.
 *
 * A fault of the image or its signatures, and whatever kept them from being checked, is the report's
 * verdict.
 * @param use gets the image while its sources are open, if the verdict is `verified`
 * @throws VeritySignError 'usage' and 'cancelled' only, and whatever `use` throws.
 */
export async function verifyImage(
  options: VerifyOptions,
  context: RunContext,
  use?: UseVerified,
): Promise<VerifyReport> {
  const watch = new Stopwatch();
  // Invalid options are refused before any work.
  checkDemands(options);
  recipesFor(options);
  const reference = parseImage(options.image);
  requireReferrers(reference, IN_REGISTRY);
  const trust = await loadTrust(options, reference, context);
  if (trust.policy?.statement.level === 'skip') {
    const report = skippedImageReport(options, trust, watch);
    context.log.warn(`${options.image}: ${report.reason}`);
    return report;
  }
  let using = false;
  const used: UseVerified | undefined =
    use &&
    ((verified) => {
      using = true;
      return use(verified);
    });
  try {
    return await inContext({ image: options.image }, () =>
      withTempFolder(options.tempDir, (folder) =>
        verifyIn({ options, context, folder, watch }, reference, trust, used),
      ),
    );
  } catch (error) {
    if (using || !(error instanceof VeritySignError)) throw error;
    if (error.code === 'usage' || context.signal.aborted) throw error;
    return uncheckedReport(options, trust, error, watch);
  }
}

async function verifyIn(
  run: VerifyRun,
  reference: ImageReference,
  trust: Trust,
  use: UseVerified | undefined,
): Promise<VerifyReport> {
  const { options, context, folder, watch } = run;
  const { log } = context;
  const opened = await openImage(reference, folder, options, context);
  const image = await watch.time('resolve', () =>
    log.group(`Resolve ${options.image}`, () =>
      resolveImage(opened.source, { ...options, layers: resolvedLayers(options.layers) }),
    ),
  );
  const found = await watch.time('fetch', () =>
    log.group('Read and check signatures', (own) =>
      evaluateSignatures(opened.store, image, trust, options, { ...context, log: own }),
    ),
  );
  const { sets, builder } = options.recompute
    ? await watch.time('convert', () =>
        recompute(found.layers, () => openRebuilder(opened.source, image, run), options),
      )
    : { sets: found.layers };
  const evaluated = evaluateImage(image, sets, found.manifests, options, trust.policy !== undefined);
  const report = verifyReport({ options, trust, image, builder, oras: opened.oras, ...evaluated, watch });
  if (report.verdict === 'verified') {
    warnOfUncovered(image, evaluated.uncovered, log);
    await use?.({ report, opened, image, platforms: verifiedPlatforms(evaluated.platforms, options), run });
  }
  return report;
}
