import { sha256Digest } from '../../formats/descriptor.ts';
import type { Logger } from '../../logger.ts';
import type { AttachedArtifact, BuilderInfo, LayerSignature } from '../../model/index.ts';
import {
  buildArtifact,
  DM_VERITY_ARTIFACT_TYPE,
  type OwnAnnotations,
  ROOT_HASH,
  type SignatureManifest,
} from '../../oci/attach/artifact.ts';
import { attachAndReadBack, findReusable } from '../../oci/attach/referrers.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { TOOL } from '../../report/tool.ts';
import type { CertificateChain } from '../../signatures/pkcs7/signing-chain.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import { classOfArtifact, type PlannedArtifact } from '../shared/plan.ts';
import { tellOtherAnnotations } from './other-annotations.ts';
import { saysTheSame } from './reuse-layer-signatures.ts';

/**
 * Finds, for each planned artifact, a referrer that serves already; undefined where there is none.
 * @param annotations extra ones that were asked for
 */
export async function findExisting(
  store: ReferrerStore,
  planned: readonly PlannedArtifact[],
  chain: CertificateChain,
  annotations: Readonly<Record<string, string>>,
  log: Logger,
): Promise<(AttachedArtifact | undefined)[]> {
  const existing: (AttachedArtifact | undefined)[] = [];
  for (const artifact of planned) {
    const subject = artifact.manifest.descriptor;
    let accepted: SignatureManifest | undefined;
    const descriptor = await findReusable(store, subject, DM_VERITY_ARTIFACT_TYPE, {
      accept: (manifest, blobs) => {
        if (!saysTheSame(manifest, blobs, artifact, chain)) return false;
        accepted = manifest;
        return true;
      },
      onBroken: (broken, error) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn(`the referrer ${broken.digest} of ${subject.digest} is passed over: ${reason}`);
      },
    });
    if (descriptor && accepted) tellOtherAnnotations(descriptor, accepted.annotations, annotations, log);
    const signatureDigests = signatureDigestsOf(accepted);
    existing.push(descriptor && { descriptor, reused: true, signatureDigests });
  }
  return existing;
}

/** What attaching needs besides the artifact. */
export interface AttachContext {
  store: ReferrerStore;
  signatures: ReadonlyMap<string, LayerSignature>;
  builder: BuilderInfo;
  /** The run's private temporary folder. */
  folder: string;
  options: SignOptions;
  context: RunContext;
}

/** Attaches one artifact and reads it back. */
export async function attachArtifact(
  planned: PlannedArtifact,
  { store, signatures, builder, folder, options, context }: AttachContext,
): Promise<AttachedArtifact> {
  const signatureDigests = new Map<string, string>();
  const entries = planned.layers.map(({ layer, verity: { rootHash } }) => {
    const signature = signatures.get(rootHash);
    if (signature === undefined) throw new TypeError(`the root hash ${rootHash} is not signed`);
    signatureDigests.set(rootHash, sha256Digest(signature.pkcs7));
    return { layerDigest: layer.descriptor.digest, rootHash, pkcs7: signature.pkcs7 };
  });
  const artifact = buildArtifact({
    subject: planned.manifest.descriptor,
    entries,
    own: ownAnnotations(planned, builder, context),
    created: context.created,
    extra: options.annotations,
  });
  const descriptor = await attachAndReadBack(store, artifact, folder, context.signal);
  return { descriptor, reused: false, signatureDigests };
}

/**
 * Refuses annotations that clash with ours before any work is done.
 * @throws VeritySignError 'usage'
 */
export function checkAnnotations({ annotations }: SignOptions): void {
  const subject = { mediaType: '', digest: '', size: 0 };
  buildArtifact({ subject, entries: [], own: {}, created: new Date(0), extra: annotations });
}

function ownAnnotations(artifact: PlannedArtifact, builder: BuilderInfo, { ci }: RunContext): OwnAnnotations {
  return {
    profile: artifact.profile,
    'mkfs-options': artifact.mkfsOptions.join(' '),
    builder: builder.kind,
    'erofs-utils-version': builder.kind === 'mkfs' ? builder.version : undefined,
    'erofs-utils-class': classOfArtifact(artifact, builder),
    version: TOOL.version,
    ...runAnnotations(ci),
  };
}

/** Where the signing happened. */
export function runAnnotations(ci: RunContext['ci']): OwnAnnotations {
  return { source: ci?.source, revision: ci?.revision, workflow: ci?.workflow, 'run-url': ci?.runUrl };
}

function signatureDigestsOf(manifest: SignatureManifest | undefined): Map<string, string> {
  const pairs = (manifest?.layers ?? []).map(({ annotations, digest }): [string, string] => [
    annotations?.[ROOT_HASH] ?? '',
    digest,
  ]);
  return new Map(pairs);
}
