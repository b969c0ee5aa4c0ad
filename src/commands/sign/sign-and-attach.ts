import type { Logger } from '../../logger.ts';
import type { AttachedArtifact } from '../../model/index.ts';
import type { OpenImage } from '../shared/open-image.ts';
import type { SignRun } from '../shared/run.ts';
import type { LayerSignatures } from './layers/steps.ts';
import type { AttachedManifest, ManifestSignatures } from './manifests/steps.ts';
import type { Planned } from './plan-signatures.ts';
import type { Attached, SignatureSteps } from './steps.ts';

/** The steps of each kind of signature; undefined for a kind of which nothing is planned. */
export interface SignatureKinds {
  layers: LayerSignatures | undefined;
  manifests: ManifestSignatures | undefined;
}

/** The referrers of all planned signatures, in the order of the plan. */
export interface AttachedSignatures {
  artifacts: readonly AttachedArtifact[];
  manifests: readonly AttachedManifest[];
}

/**
 * Finds the signatures that exist already, makes all others, and only then attaches: those of layers,
 * those of image manifests, and that of the index last.
 * @param commit called once if anything was attached
 */
export async function signAndAttach(
  planned: Planned,
  { layers, manifests }: SignatureKinds,
  { store, commit }: Pick<OpenImage, 'store' | 'commit'>,
  { context: { log, signal }, watch, folder }: SignRun,
): Promise<AttachedSignatures> {
  await store.removeLeftovers?.();
  const existing = await watch.time('attach', () =>
    log.group('Look for signatures', async (own) => ({
      artifacts: await find(layers, planned.artifacts, own),
      manifests: await find(manifests, planned.manifests, own),
    })),
  );
  const missing = {
    artifacts: planned.artifacts.filter((_, index) => existing.artifacts[index] === undefined),
    manifests: planned.manifests.filter((_, index) => existing.manifests[index] === undefined),
  };
  const signed = await watch.time('sign', () =>
    log.group('Sign', async (own) => ({
      artifacts: await layers?.sign(missing.artifacts, own),
      manifests: await manifests?.sign(missing.manifests, own),
    })),
  );
  return watch.time('attach', () =>
    log.group('Attach and read back', async (own) => {
      const attached = {
        artifacts: await attachAll(layers, planned.artifacts, existing.artifacts, signed.artifacts, own),
        manifests: await attachAll(manifests, planned.manifests, existing.manifests, signed.manifests, own),
      };
      if (missing.artifacts.length + missing.manifests.length > 0) {
        await store.settle?.(folder, signal);
        await commit();
      }
      return attached;
    }),
  );
}

async function find<Planned, Signed, Done extends Attached>(
  steps: SignatureSteps<Planned, Signed, Done> | undefined,
  planned: readonly Planned[],
  log: Logger,
): Promise<(Done | undefined)[]> {
  return (await steps?.find(planned, log)) ?? [];
}

async function attachAll<Planned, Signed, Done extends Attached>(
  steps: SignatureSteps<Planned, Signed, Done> | undefined,
  planned: readonly Planned[],
  existing: readonly (Done | undefined)[],
  signed: Signed | undefined,
  log: Logger,
): Promise<Done[]> {
  const attached: Done[] = [];
  for (const [index, one] of planned.entries()) {
    if (steps === undefined || signed === undefined) throw new TypeError('a planned signature has no steps');
    const same = attached[planned.slice(0, index).findIndex((other) => steps.isSame(other, one))];
    const done =
      existing[index] ?? (same === undefined ? await steps.attach(one, signed) : { ...same, reused: true });
    attached.push(done);
    const how = done.reused ? 'already there, nothing attached' : 'attached and read back';
    log.info(`${steps.label(one)}: ${done.descriptor.digest} ${how}`);
  }
  return attached;
}
