import type { Stopwatch } from '../../lib/stopwatch.ts';
import type { AttachedArtifact, BuilderInfo } from '../../model/index.ts';
import type { CertificateChain } from '../../signatures/pkcs7/signing-chain.ts';
import type { OpenImage } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import type { Planned, PlannedArtifact } from '../shared/plan.ts';
import { type AttachContext, attachArtifact, findExisting } from './attach-layer-signatures.ts';
import type { AttachedManifest, ManifestSigner } from './sign-manifests.ts';
import { signRootHashes } from './sign-root-hashes.ts';
import type { OpenableKey } from './signing-material.ts';

/** What was planned, done: each in its order. */
export interface Attached {
  artifacts: readonly AttachedArtifact[];
  manifests: readonly AttachedManifest[];
}

/** What signing and attaching need besides the plan. */
export interface SigningParty {
  options: SignOptions;
  context: RunContext;
  key: OpenableKey;
  /** Undefined where no layers are signed. */
  chain: CertificateChain | undefined;
  /** Undefined where no manifests are signed. */
  manifestSigner: ManifestSigner | undefined;
  /** Undefined where no layers are signed. */
  builder: BuilderInfo | undefined;
  /** The run's private temporary folder. */
  folder: string;
  watch: Stopwatch;
}

/**
 * Finds the signatures that are there already, makes all others, and only then attaches: those of
 * layers, those of image manifests, and that of the index last.
 */
export async function signAndAttach(
  planned: Planned,
  { store, commit }: Pick<OpenImage, 'store' | 'commit'>,
  party: SigningParty,
): Promise<Attached> {
  const { options, context, key, manifestSigner, folder, watch } = party;
  const { log, signal } = context;
  const chain = chainFor(planned, party);
  const existing = await watch.time('attach', () =>
    log.group('Look for signatures', async (own) => ({
      artifacts:
        chain === undefined
          ? []
          : await findExisting(store, planned.artifacts, chain, options.annotations, own),
      manifests: (await manifestSigner?.find(store, planned.manifests, own)) ?? [],
    })),
  );
  const missing = {
    artifacts: planned.artifacts.filter((_, index) => existing.artifacts[index] === undefined),
    manifests: planned.manifests.filter((_, index) => existing.manifests[index] === undefined),
  };
  const signed = await watch.time('sign', () =>
    log.group('Sign', async (own) => {
      const run = { key, concurrency: options.concurrency, signal, log: own };
      const rootHashes = missing.artifacts.flatMap(({ layers }) =>
        layers.map(({ verity }) => verity.rootHash),
      );
      const signatures = chain === undefined ? new Map() : await signRootHashes(rootHashes, chain, run);
      const envelopes = (await manifestSigner?.sign(missing.manifests, run)) ?? [];
      return {
        signatures,
        envelopes: new Map(missing.manifests.map((one, index) => [one, envelopes[index]])),
      };
    }),
  );
  return watch.time('attach', () =>
    log.group('Attach and read back', async (own) => {
      const tell = (
        what: string,
        { descriptor, reused }: Pick<AttachedArtifact, 'descriptor' | 'reused'>,
      ): void =>
        own.info(
          `${what}: ${descriptor.digest} ${reused ? 'already there, nothing attached' : 'attached and read back'}`,
        );
      const artifacts: AttachedArtifact[] = [];
      for (const [index, artifact] of planned.artifacts.entries()) {
        const attachContext = attachContextOf(party, store, signed.signatures);
        const before = planned.artifacts
          .slice(0, index)
          .findIndex((other) => sameSignatures(other, artifact));
        const shared = artifacts[before];
        const done =
          existing.artifacts[index] ??
          (shared === undefined
            ? await attachArtifact(artifact, attachContext)
            : { ...shared, reused: true });
        artifacts.push(done);
        tell(`${artifact.manifest.descriptor.digest}, ${artifact.profile}`, done);
      }
      const manifests: AttachedManifest[] = [];
      for (const [index, manifest] of planned.manifests.entries()) {
        const envelope = signed.envelopes.get(manifest);
        const done =
          existing.manifests[index] ??
          (envelope && (await manifestSigner?.attach(store, manifest, envelope, folder)));
        if (done === undefined) throw new TypeError(`${manifest.subject.digest} is not signed`);
        manifests.push(done);
        tell(`${manifest.subject.digest}, ${manifest.format}`, done);
      }
      if (missing.artifacts.length + missing.manifests.length > 0) await commit();
      return { artifacts, manifests };
    }),
  );
}

/** Classes of erofs-utils that agree about every layer share a referrer, as they would in a later run. */
function sameSignatures(a: PlannedArtifact, b: PlannedArtifact): boolean {
  if (a.manifest !== b.manifest || a.profile !== b.profile) return false;
  return a.layers.every(({ verity }, index) => verity.rootHash === b.layers[index]?.verity.rootHash);
}

function chainFor({ artifacts }: Planned, { chain }: SigningParty): CertificateChain | undefined {
  if (artifacts.length > 0 && chain === undefined) throw new TypeError('no certificate for layers');
  return chain;
}

function attachContextOf(
  { builder, folder, options, context }: SigningParty,
  store: AttachContext['store'],
  signatures: AttachContext['signatures'],
): AttachContext {
  if (builder === undefined) throw new TypeError('layers were converted by nobody');
  return { store, signatures, builder, folder, options, context };
}
