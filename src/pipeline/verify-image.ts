import { createMkfsBuilder } from '../erofs/known-answer.ts';
import { PROFILE_NAMES } from '../erofs/profile.ts';
import { inContext, VeritySignError } from '../errors.ts';
import { resolveImage } from '../image/resolve.ts';
import type { VerifyReport } from '../report/verify-report.ts';
import { withTempFolder } from '../tools/temp-folder.ts';
import { type CheckedPlatform, uncheckedReport, verifyReport } from './build-verify-report.ts';
import { type OpenImage, openImage } from './open-image.ts';
import type { RunContext, VerifyOptions } from './options.ts';
import { Rebuilder } from './rebuild.ts';
import { recipesFor } from './recipe.ts';
import type { BuilderInfo, ResolvedImage } from './stages.ts';
import { Stopwatch } from './stopwatch.ts';
import { recompute } from './verify-recompute.ts';
import { readReferrers } from './verify-referrers.ts';
import { judgeReferrer, type SignatureSet } from './verify-set.ts';
import { loadTrust, type Trust } from './verify-trust.ts';
import { judgePlatform } from './verify-verdict.ts';

/**
 * Checks the signatures that are attached to an image: structure, signatures, trust, and whether the
 * signed root hashes are those of these layers. Needs no key, and mkfs.erofs only to recompute.
 *
 * What is wrong with the image or its signatures, or kept them from being checked, is the report's
 * verdict. @throws VeritySignError 'usage' and 'cancelled' only.
 */
export async function verifyImage(options: VerifyOptions, context: RunContext): Promise<VerifyReport> {
  const watch = new Stopwatch();
  const trust = await loadTrust(options, context);
  // Options that do not do are refused before any work.
  recipesFor(options);
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
  const judged = await watch.time('fetch', () =>
    log.group('Read and check signatures', async (own) => {
      const perManifest = await judgeReferrers(opened, image, trust);
      for (const [index, { descriptor }] of image.manifests.entries()) {
        own.info(`${descriptor.digest}: ${perManifest[index]?.length ?? 0} dm-verity referrers`);
      }
      return perManifest;
    }),
  );
  let builder: BuilderInfo | undefined;
  const open = async (): Promise<Rebuilder> => {
    const { signal } = context;
    const { mkfsPath } = options.tools;
    const wanted = options.erofsUtilsVersion;
    const made = await createMkfsBuilder({
      mkfsPath,
      wanted,
      profiles: PROFILE_NAMES,
      tempFolder: folder,
      signal,
      log,
    });
    builder = made.info;
    const converter = { builder: made.builder, folder, options, log, signal };
    return new Rebuilder(converter, made.info.class, opened.source);
  };
  // In strict mode every set must hold, those for other profiles too.
  const asked = ({ profile }: SignatureSet): boolean =>
    options.strict || profile === undefined || options.profiles.includes(profile);
  const sets = options.recompute
    ? await watch.time('convert', () => recomputeAll(judged, asked, open, options))
    : judged;
  const platforms = image.manifests.map((manifest, index): CheckedPlatform => {
    const own = sets[index] ?? [];
    return { manifest, sets: own, judgement: judgePlatform(manifest, own, options) };
  });
  return verifyReport({ options, trust, image, builder, oras: opened.oras, platforms, watch });
}

/** For each platform manifest its referrers, judged. */
async function judgeReferrers(
  { store }: Pick<OpenImage, 'store'>,
  { manifests }: ResolvedImage,
  trust: Trust,
): Promise<SignatureSet[][]> {
  const judged: SignatureSet[][] = [];
  for (const manifest of manifests) {
    const { descriptor, layers } = manifest;
    judged.push(
      await readReferrers(
        store,
        descriptor,
        (referrer) => judgeReferrer(referrer, manifest, trust),
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
