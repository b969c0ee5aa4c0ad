import { openBuilder } from '../../convert/builders/open-builder.ts';
import { recipesFor } from '../../convert/erofs/recipe.ts';
import { inContext, VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import { Stopwatch } from '../../lib/stopwatch.ts';
import { DM_VERITY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { BuilderInfo, ResolvedImage } from '../../model/index.ts';
import { PROFILE_NAMES } from '../../model/profiles.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { RevocationChecker } from '../../signatures/notary/revocation/checker.ts';
import { IN_REGISTRY, type OpenImage, openImage, requireReferrers } from '../shared/open-image.ts';
import type { RunContext, VerifyOptions } from '../shared/options.ts';
import { type Referrer, readReferrers } from '../shared/read-referrers.ts';
import { checkDemands, judgeAll, judgeNotarySignatures } from './judge-image.ts';
import { judgeReferrer, type SignatureSet } from './layers/judge-referrer.ts';
import { Rebuilder } from './layers/rebuilder.ts';
import { recompute } from './layers/recompute.ts';
import { checkSetRevocation } from './layers/set-revocation.ts';
import { loadTrust, type Trust } from './trust/load-trust.ts';
import { leftAloneReport, uncheckedReport, verifyReport } from './verify-report.ts';

/**
 * Checks the signatures that are attached to an image. Of layers: structure, signatures, trust, and
 * whether the signed root hashes are those of these layers. Of manifests: Notary Project signatures, as
 * notation checks them. Needs no key, and a builder only to recompute.
 *
 * What is wrong with the image or its signatures, or kept them from being checked, is the report's
 * verdict. @throws VeritySignError 'usage' and 'cancelled' only.
 */
export async function verifyImage(options: VerifyOptions, context: RunContext): Promise<VerifyReport> {
  const watch = new Stopwatch();
  checkDemands(options);
  requireReferrers(options.image, IN_REGISTRY);
  const trust = await loadTrust(options, context);
  // Options that do not do are refused before any work.
  recipesFor(options);
  if (trust.policy?.statement.level === 'skip') {
    const report = leftAloneReport(options, trust, watch);
    context.log.warn(`${options.image}: ${report.reason}`);
    return report;
  }
  try {
    return await inContext({ image: options.image }, () =>
      withTempFolder(options.tempDir, (folder) => verifyIn(folder, trust, options, context, watch)),
    );
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === 'usage' || context.signal.aborted) throw error;
    return uncheckedReport(options, trust, error, watch);
  }
}

async function verifyIn(
  folder: string,
  trust: Trust,
  options: VerifyOptions,
  context: RunContext,
  watch: Stopwatch,
): Promise<VerifyReport> {
  const { log } = context;
  const opened = await openImage(options.image, folder, options, context);
  const image = await watch.time('resolve', () =>
    log.group(`Resolve ${options.image}`, () => resolveImage(opened.source, options)),
  );
  const revocation = new RevocationChecker(context.now, context.signal);
  const [judged, notary] = await watch.time('fetch', () =>
    log.group('Read and check signatures', async (own) => {
      const sets = await judgeReferrers(opened, image, trust, revocation);
      const signatures = await judgeNotarySignatures(opened.store, image, options, trust, revocation);
      for (const [index, { descriptor }] of image.manifests.entries()) {
        const found = `${sets[index]?.length ?? 0} dm-verity referrers, ${signatures.manifests[index]?.length ?? 0}`;
        own.info(`${descriptor.digest}: ${found} Notary signatures`);
      }
      return [sets, signatures] as const;
    }),
  );
  let builder: BuilderInfo | undefined;
  const open = async (): Promise<Rebuilder> => {
    const { signal } = context;
    const made = await openBuilder(options, { profiles: PROFILE_NAMES, classes: [], folder, signal, log });
    builder = await made.info;
    const converter = { builder: made.builder, folder, options, log, signal };
    context.shared?.requireSame(builder);
    const mkfsClass = builder.kind === 'mkfs' ? builder.class : undefined;
    return new Rebuilder(converter, mkfsClass, opened.source, image.name, context.shared);
  };
  // In strict mode every set must hold, those for other profiles too.
  const asked = ({ profile }: SignatureSet): boolean =>
    options.strict || profile === undefined || options.profiles.includes(profile);
  const sets = options.recompute
    ? await watch.time('convert', () => recomputeAll(judged, asked, open, options))
    : judged;
  const checked = judgeAll(image, sets, notary, options, trust.policy !== undefined);
  return verifyReport({ options, trust, image, builder, oras: opened.oras, ...checked, watch });
}

/** For each platform manifest its dm-verity referrers, judged; none where layers are left out. */
async function judgeReferrers(
  { store }: Pick<OpenImage, 'store'>,
  { manifests }: ResolvedImage,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<SignatureSet[][]> {
  const judged: SignatureSet[][] = [];
  for (const manifest of manifests) {
    const { descriptor, layers, layersLeftOut } = manifest;
    const look = async (referrer: Referrer): Promise<SignatureSet> =>
      checkSetRevocation(judgeReferrer(referrer, manifest, trust), trust, revocation);
    judged.push(
      layersLeftOut !== undefined
        ? []
        : await readReferrers(
            store,
            descriptor,
            DM_VERITY_ARTIFACT_TYPE,
            look,
            // Any other number is refused, whatever the signatures are.
            (found) => found.layers.length === layers.length,
          ),
    );
  }
  return judged;
}

/** Recomputes over all manifests at once, so that a layer they share is built once. */
async function recomputeAll(
  judged: readonly SignatureSet[][],
  wanted: (set: SignatureSet) => boolean,
  open: () => Promise<Rebuilder>,
  options: VerifyOptions,
): Promise<SignatureSet[][]> {
  const all = await recompute(judged.flat(), wanted, open, options);
  let start = 0;
  return judged.map(({ length }) => {
    start += length;
    return all.slice(start - length, start);
  });
}
