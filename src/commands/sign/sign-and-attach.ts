import type { Logger } from '../../logger.ts';
import type { AttachedArtifact, Descriptor, SignatureArtifact } from '../../model/index.ts';
import { attachTogether } from '../../oci/attach/referrers.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import type { OpenImage } from '../shared/open-image.ts';
import type { SignRun } from '../shared/run.ts';
import { findExisting } from './existing/find-existing.ts';
import type { AttachedManifest } from './manifests/steps.ts';
import type { Planned } from './plan-signatures.ts';
import type { SignatureKinds } from './signature-kinds.ts';
import type { Attached, SignatureSteps } from './steps.ts';

/** The referrers of all planned signatures, in the order of the plan. */
export interface AttachedSignatures {
  artifacts: readonly AttachedArtifact[];
  manifests: readonly AttachedManifest[];
}

/**
 * Finds the signatures that exist already, makes all others, and only then attaches: those of layers,
 * those of image manifests, and that of the index last. All signatures of one manifest are attached together.
 * @param commit called once if anything was attached
 * @param elsewhere where the image goes: signatures that only these have are copied
 */
export async function signAndAttach(
  planned: Planned,
  { layers, manifests }: SignatureKinds,
  { store, commit, elsewhere }: Pick<OpenImage, 'store' | 'commit'> & { elsewhere: readonly ReferrerStore[] },
  { context: { log, signal }, watch, folder }: SignRun,
): Promise<AttachedSignatures> {
  await store.removeLeftovers?.();
  const existing = await watch.time('attach', () =>
    log.group('Look for signatures', (own) =>
      findExisting(planned, { layers, manifests }, { store, elsewhere, folder, signal }, own),
    ),
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
      const artifacts = prepare(layers, planned.artifacts, existing.artifacts, signed.artifacts, own);
      const envelopes = prepare(manifests, planned.manifests, existing.manifests, signed.manifests, own);
      for (const together of bySubject([...artifacts.pending, ...envelopes.pending])) {
        const bodies = together.map(({ artifact }) => artifact);
        const descriptors = await attachTogether(store, bodies, folder, signal);
        for (const [index, descriptor] of descriptors.entries()) together[index]?.attached(descriptor);
      }
      const attached = { artifacts: artifacts.all(), manifests: envelopes.all() };
      if (missing.artifacts.length + missing.manifests.length + existing.copied > 0) {
        await store.settle?.(folder, signal);
        await commit();
      }
      return attached;
    }),
  );
}

/** A referrer to be attached. */
interface Pending {
  artifact: SignatureArtifact;
  /** Called when it has been attached and read back. */
  attached(descriptor: Descriptor): void;
}

/** The referrers of one kind that must be attached, and after that all of the plan. */
function prepare<Planned, Signed, Done extends Attached>(
  steps: SignatureSteps<Planned, Signed, Done> | undefined,
  planned: readonly Planned[],
  existing: readonly (Done | undefined)[],
  signed: Signed | undefined,
  log: Logger,
): { pending: Pending[]; all(): Done[] } {
  const done = [...existing];
  const pending: Pending[] = [];
  if (planned.length === 0) return { pending, all: () => [] };
  if (steps === undefined || signed === undefined) throw new TypeError('a planned signature has no steps');
  const report = (one: Planned, { descriptor, reused }: Attached): void => {
    const how = reused ? 'already there, nothing attached' : 'attached and read back';
    log.info(`${steps.label(one)}: ${descriptor.digest} ${how}`);
  };
  const firstLike = (one: Planned): number =>
    planned.findIndex((other) => other === one || steps.isSame(other, one));
  for (const [index, one] of planned.entries()) {
    if (existing[index] !== undefined) report(one, existing[index]);
    else if (firstLike(one) === index) {
      const attached = (descriptor: Descriptor): void => {
        const result = steps.done(one, signed, descriptor);
        done[index] = result;
        report(one, result);
      };
      pending.push({ artifact: steps.artifact(one, signed), attached });
    }
  }
  const all = (): Done[] =>
    planned.map((one, index) => {
      if (done[index] !== undefined) return done[index];
      const same = done[firstLike(one)];
      if (same === undefined) throw new TypeError('a planned signature is not attached');
      const shared = { ...same, reused: true };
      report(one, shared);
      return shared;
    });
  return { pending, all };
}

/** Those with the same subject in one group, in the order of the first of each. */
function bySubject(pending: readonly Pending[]): Pending[][] {
  return [...Map.groupBy(pending, ({ artifact }) => artifact.subject.digest).values()];
}
