import { sha256Digest } from '../../../formats/digest.ts';
import type { Logger } from '../../../logger.ts';
import type {
  AttachedArtifact,
  BuilderInfo,
  Descriptor,
  LayerSignature,
  SignatureArtifact,
} from '../../../model/index.ts';
import type { SignatureManifest } from '../../../oci/attach/artifact.ts';
import { ARTIFACT_FORMS } from '../../../oci/attach/artifact-format.ts';
import type { ReferrerStore } from '../../../oci/attach/store.ts';
import type { CertificateChain } from '../../../signatures/pkcs7/signing-chain.ts';
import type { PlannedArtifact } from '../../shared/plan.ts';
import type { SignRun } from '../../shared/run.ts';
import { findReusableReferrers } from '../existing/find-reusable.ts';
import type { OpenableKey } from '../signing-context.ts';
import type { SignatureSteps } from '../steps.ts';
import { layerArtifact } from './attach.ts';
import { hasSameRootHashes, isSameLayerSignature, signatureDigests } from './find.ts';
import { signRootHashes } from './sign.ts';

/** dm-verity signatures of layers, one referrer per platform manifest and profile. */
export class LayerSignatures
  implements SignatureSteps<PlannedArtifact, ReadonlyMap<string, LayerSignature>, AttachedArtifact>
{
  /** Checked for the kernel. */
  readonly chain: CertificateChain;
  readonly #key: OpenableKey;
  readonly #builder: BuilderInfo | undefined;
  readonly #run: SignRun;

  constructor(
    { key, chain }: { key: OpenableKey; chain: CertificateChain },
    builder: BuilderInfo | undefined,
    run: SignRun,
  ) {
    this.#key = key;
    this.chain = chain;
    this.#builder = builder;
    this.#run = run;
  }

  async find(
    planned: readonly PlannedArtifact[],
    store: ReferrerStore,
    log: Logger,
  ): Promise<(AttachedArtifact | undefined)[]> {
    const requests = planned.map((artifact) => ({
      subject: artifact.manifest.descriptor,
      artifactType: ARTIFACT_FORMS[artifact.format].artifactType,
      annotations: this.#run.options.annotations,
      wanted: (manifest: SignatureManifest) => hasSameRootHashes(manifest, artifact),
      read: (manifest: SignatureManifest, blobs: readonly Uint8Array[]) =>
        this.isSameAs(artifact, manifest, blobs) ? signatureDigests(manifest) : undefined,
    }));
    const found = await findReusableReferrers(store, requests, log, this.#run.context.signal);
    return found.map(
      (one) => one && { descriptor: one.descriptor, reused: true, signatureDigests: one.content },
    );
  }

  async sign(missing: readonly PlannedArtifact[], log: Logger): Promise<ReadonlyMap<string, LayerSignature>> {
    const { options, context } = this.#run;
    const calls = { key: this.#key, concurrency: options.concurrency, signal: context.signal };
    const rootHashes = missing.flatMap(({ layers }) => layers.map(({ verity }) => verity.rootHash));
    const signatures = await signRootHashes(rootHashes, this.chain, calls);
    if (signatures.size > 0) {
      log.info(`${signatures.size} root hashes signed as ${this.chain.leaf.subject}`);
    }
    return signatures;
  }

  artifact(planned: PlannedArtifact, signatures: ReadonlyMap<string, LayerSignature>): SignatureArtifact {
    return layerArtifact(planned, signatures, this.#builder, this.#run);
  }

  done(
    { layers }: PlannedArtifact,
    signatures: ReadonlyMap<string, LayerSignature>,
    descriptor: Descriptor,
  ): AttachedArtifact {
    const digests = layers.map(({ verity: { rootHash } }): [string, string] => {
      const { pkcs7 } = signatures.get(rootHash) ?? {};
      if (pkcs7 === undefined) throw new TypeError(`the root hash ${rootHash} is not signed`);
      return [rootHash, sha256Digest(pkcs7)];
    });
    return { descriptor, reused: false, signatureDigests: new Map(digests) };
  }

  /** Classes of erofs-utils that agree about every layer share a referrer, as they would in a later run. */
  isSame(a: PlannedArtifact, b: PlannedArtifact): boolean {
    if (a.manifest !== b.manifest || a.format !== b.format) return false;
    // The form of tardev records no profile.
    if (a.format === 'notary' && a.profile !== b.profile) return false;
    return a.layers.every(({ verity }, index) => verity.rootHash === b.layers[index]?.verity.rootHash);
  }

  label({ manifest, profile, format }: PlannedArtifact): string {
    const form = format === 'notary' ? '' : `, format ${format}`;
    return `${manifest.descriptor.digest}, ${profile}${form}`;
  }

  /** @throws VeritySignError 'image' for a manifest or signature that is malformed */
  isSameAs(planned: PlannedArtifact, manifest: SignatureManifest, blobs: readonly Uint8Array[]): boolean {
    return isSameLayerSignature(manifest, blobs, planned, this.chain);
  }
}
