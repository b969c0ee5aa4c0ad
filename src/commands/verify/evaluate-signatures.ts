import { DM_VERITY_ARTIFACT_TYPE, NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor, PlatformManifest, ResolvedImage } from '../../model/index.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { RevocationChecker } from '../../signatures/notary/revocation/checker.ts';
import type { RunContext, VerifyOptions } from '../shared/options.ts';
import { readReferrers } from '../shared/read-referrers.ts';
import { evaluateReferrer, type SignatureSet } from './layers/evaluate-referrer.ts';
import { checkSetRevocation } from './layers/revocation.ts';
import { evaluateSignature, type NotarySignature } from './manifests/evaluate-signature.ts';
import type { Trust } from './trust/load-trust.ts';

/** All signatures of an image, each evaluated by itself; root hashes are not recomputed yet. */
export interface EvaluatedSignatures {
  /** For each platform manifest its dm-verity referrers; none where layers are excluded. */
  layers: SignatureSet[][];
  manifests: NotarySignatures;
}

/** Notary signatures of the manifests, in their order, and of the index that the reference names. */
export interface NotarySignatures {
  manifests: readonly (readonly NotarySignature[])[];
  /** Undefined if the reference names a single manifest. */
  index: readonly NotarySignature[] | undefined;
}

/**
 * Reads the referrers of all manifests, one at a time, and evaluates each of them.
 * @throws VeritySignError 'registry' if referrers cannot be listed, 'cancelled'.
 */
export async function evaluateSignatures(
  store: ReferrerStore,
  image: ResolvedImage,
  trust: Trust,
  options: VerifyOptions,
  { log, now, signal }: RunContext,
): Promise<EvaluatedSignatures> {
  const revocation = new RevocationChecker(now, signal);
  const layers: SignatureSet[][] = [];
  for (const manifest of image.manifests) {
    layers.push(await evaluateLayerSignatures(store, manifest, trust, revocation));
  }
  const manifests = await evaluateManifestSignatures(store, image, options, trust, revocation);
  for (const [index, { descriptor }] of image.manifests.entries()) {
    const count = `${layers[index]?.length ?? 0} dm-verity referrers, ${manifests.manifests[index]?.length ?? 0}`;
    log.info(`${descriptor.digest}: ${count} Notary signatures`);
  }
  return { layers, manifests };
}

async function evaluateLayerSignatures(
  store: ReferrerStore,
  manifest: PlatformManifest,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<SignatureSet[]> {
  const { descriptor, layers, layersLeftOut } = manifest;
  if (layersLeftOut !== undefined) return [];
  return readReferrers(
    store,
    descriptor,
    DM_VERITY_ARTIFACT_TYPE,
    (referrer) => checkSetRevocation(evaluateReferrer(referrer, manifest, trust), trust, revocation),
    // Any other number of entries is refused, whatever the signatures are.
    (found) => found.layers.length === layers.length,
  );
}

async function evaluateManifestSignatures(
  store: ReferrerStore,
  { root, manifests }: ResolvedImage,
  { manifestSignature }: VerifyOptions,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<NotarySignatures> {
  const isIndex = !manifests.some(({ descriptor }) => descriptor.digest === root.digest);
  if (manifestSignature === 'none') {
    return { manifests: manifests.map(() => []), index: isIndex ? [] : undefined };
  }
  const evaluate = (subject: Descriptor): Promise<NotarySignature[]> =>
    readReferrers(
      store,
      subject,
      NOTARY_ARTIFACT_TYPE,
      (referrer) => evaluateSignature(referrer, subject, trust, revocation),
      // Any other number of envelopes is refused, whatever they contain.
      ({ layers }) => layers.length === 1,
    );
  const index = isIndex ? await evaluate(root) : undefined;
  const perManifest: NotarySignature[][] = [];
  for (const { descriptor } of manifests) perManifest.push(await evaluate(descriptor));
  return { manifests: perManifest, index };
}
