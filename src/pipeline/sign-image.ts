import { startMkfsBuilder } from '../erofs/known-answer.ts';
import { inContext } from '../errors.ts';
import { resolveImage } from '../image/resolve.ts';
import type { SignReport } from '../report/report.ts';
import { withTempFolder } from '../tools/temp-folder.ts';
import { attachArtifact, checkAnnotations, findExisting } from './attach-artifacts.ts';
import { signReport } from './build-report.ts';
import { alongside } from './concurrent.ts';
import { convertLayers } from './convert-layers.ts';
import { openGate, passGate, requireWhole } from './gate.ts';
import { LAYER_THREADS } from './layer-threads.ts';
import { openImage } from './open-image.ts';
import type { RunContext, SignOptions } from './options.ts';
import { type PlannedArtifact, planArtifacts, requireLayers, uniqueLayers } from './plan.ts';
import { recipesFor } from './recipe.ts';
import { signRootHashes } from './sign-layers.ts';
import { loadSigningMaterial } from './signing-material.ts';
import type { AttachedArtifact } from './stages.ts';
import { Stopwatch } from './stopwatch.ts';

/**
 * Signs every layer of an image and attaches one signature manifest per platform manifest and
 * profile. The order is the safety: what can be refused is refused before any conversion, the key is
 * opened after the last conversion, and nothing is attached before every signature exists.
 *
 * @throws VeritySignError with the image and, where one is at fault, the layer.
 */
export function signImage(options: SignOptions, context: RunContext): Promise<SignReport> {
  return inContext({ image: options.image }, () =>
    withTempFolder(options.tempDir, (folder) => signIn(folder, options, context)),
  );
}

async function signIn(folder: string, options: SignOptions, context: RunContext): Promise<SignReport> {
  const { log, signal } = context;
  const watch = new Stopwatch();
  // What is wrong with the options alone is told before any work.
  checkAnnotations(options);
  const recipes = recipesFor(options);
  const gate = await openGate(options, context);
  const material = await loadSigningMaterial(options, context);
  // By the time that the first layer is there, a thread is.
  LAYER_THREADS.warmUp(1);
  const mkfs = await startMkfsBuilder({
    mkfsPath: options.tools.mkfsPath,
    wanted: options.erofsUtilsVersion,
    profiles: options.profiles,
    tempFolder: folder,
    signal,
    log,
  });
  const opened = await openImage(options.image, folder, options, context);
  const image = await watch.time('resolve', () =>
    log.group(`Resolve ${options.image}`, () => resolveImage(opened.source, options)),
  );

  return inContext({ image: image.name }, async () => {
    requireLayers(image);
    if (gate !== undefined) requireWhole(image);
    const { source, store, directory, commit } = opened;
    const jobs = uniqueLayers(image).map((layer) => ({
      layer,
      open: (own: AbortSignal) => source.blob(layer.descriptor, own),
    }));
    const [builder, converted] = await watch.time('convert', () =>
      // A mkfs.erofs that does not pass its test ends the conversion; its images are never signed.
      alongside(mkfs.info, signal, (both) =>
        convertLayers(jobs, { builder: mkfs.builder, folder, options, log, signal: both }),
      ),
    );
    const planned = planArtifacts(image, converted, recipes);
    const run = {
      options,
      image,
      builder,
      oras: opened.oras ?? gate?.oras.version.text,
      chain: material?.chain,
      watch,
    };
    if (options.dryRun || material === undefined) return signReport(run, planned, []);

    const existing = await watch.time('attach', () =>
      log.group('Look for signatures', (own) => findExisting(store, planned, material.chain, own)),
    );
    const missing = planned.filter((_, index) => existing[index] === undefined);
    const signatures = await watch.time('sign', () =>
      log.group('Sign', (own) => signRootHashes(rootHashesOf(missing), material, signal, own)),
    );
    const attachContext = { store, signatures, builder, folder, options, context };
    const attached: AttachedArtifact[] = [];
    await watch.time('attach', () =>
      log.group('Attach and read back', async (own) => {
        for (const [index, artifact] of planned.entries()) {
          const done = existing[index] ?? (await attachArtifact(artifact, attachContext));
          attached.push(done);
          const what = done.reused ? 'already there, nothing attached' : 'attached and read back';
          own.info(
            `${artifact.manifest.descriptor.digest}, ${artifact.profile}: ${done.descriptor.digest} ${what}`,
          );
        }
        if (missing.length > 0) await commit();
      }),
    );
    if (gate === undefined || directory === undefined) return signReport(run, planned, attached);
    const { chain } = material;
    const signed = { directory, image, planned, attached, chain, store, now: context.now };
    const pushed = await watch.time('push', () =>
      log.group(`Push to ${options.pushTo}`, (own) => passGate(gate, signed, folder, signal, own)),
    );
    return signReport(run, planned, attached, pushed);
  });
}

function rootHashesOf(planned: readonly PlannedArtifact[]): string[] {
  return planned.flatMap(({ layers }) => layers.map(({ verity }) => verity.rootHash));
}
