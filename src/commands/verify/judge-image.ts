import { VeritySignError } from '../../errors.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor, PlatformManifest, ResolvedImage } from '../../model/index.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import type { RevocationChecker } from '../../signatures/notary/revocation/checker.ts';
import type { VerifyOptions } from '../shared/options.ts';
import { readReferrers } from '../shared/read-referrers.ts';
import type { SignatureSet } from './layers/judge-referrer.ts';
import { type Judgement, judgePlatform, type PlatformJudgement } from './layers/layer-verdict.ts';
import { judgeNotary, type NotarySignature } from './manifests/judge-signature.ts';
import {
  judgeManifest,
  judgeTogether,
  type ManifestDemands,
  type ManifestJudgement,
} from './manifests/manifest-verdict.ts';
import type { Trust } from './trust/load-trust.ts';

export interface CheckedPlatform extends Judgement {
  manifest: PlatformManifest;
  sets: readonly SignatureSet[];
  /** Undefined where no signatures of layers are demanded. */
  layers: PlatformJudgement | undefined;
  signatures: readonly NotarySignature[];
  /** Undefined if Notary signatures are not looked at. */
  notary: ManifestJudgement | undefined;
}

export interface CheckedIndex extends Judgement {
  signatures: readonly NotarySignature[];
  notary: ManifestJudgement;
}

/** Notary signatures of the manifests, in their order, and of the index that the reference names. */
export interface NotarySignatures {
  manifests: readonly (readonly NotarySignature[])[];
  /** Undefined if the reference names a single manifest. */
  index: readonly NotarySignature[] | undefined;
}

/** @throws VeritySignError 'usage' for options that demand nothing, or trust by two rules. */
export function checkDemands(options: VerifyOptions): void {
  const { trustPolicy, trustedCertificates, trustStores, layers, manifestSignature, allowExpired } = options;
  if (layers === 'none' && manifestSignature === 'none') {
    throw new VeritySignError('usage', 'with neither layers nor manifest signatures nothing is verified', {
      remedy: 'Set layers to required or auto, or manifest-signature to required',
    });
  }
  if (trustPolicy === undefined) {
    if (options.trustPolicyScope === undefined) return;
    throw new VeritySignError('usage', 'trust-policy-scope is given without trust-policy', {
      remedy: 'Give both or neither',
    });
  }
  if (trustedCertificates.length + trustStores.length > 0) {
    throw new VeritySignError('usage', 'trust-policy does not go with trusted-certificate or trust-store', {
      remedy: 'Let the trust policy alone say whom to trust',
    });
  }
  if (allowExpired) {
    throw new VeritySignError('usage', 'allow-expired does not go with trust-policy', {
      remedy: "Let the trust policy's signatureVerification override authenticTimestamp with log",
    });
  }
}

/** @throws VeritySignError 'registry' if referrers cannot be listed, 'cancelled'. */
export async function judgeNotarySignatures(
  store: ReferrerStore,
  { root, manifests }: ResolvedImage,
  { manifestSignature }: VerifyOptions,
  trust: Trust,
  revocation: RevocationChecker,
): Promise<NotarySignatures> {
  const isIndex = rootIsIndex({ root, manifests });
  if (manifestSignature === 'none')
    return { manifests: manifests.map(() => []), index: isIndex ? [] : undefined };
  const judge = (subject: Descriptor): Promise<NotarySignature[]> =>
    readReferrers(
      store,
      subject,
      NOTARY_ARTIFACT_TYPE,
      (referrer) => judgeNotary(referrer, subject, trust, revocation),
      // An envelope more or less is refused, whatever is in it.
      ({ layers }) => layers.length === 1,
    );
  const index = isIndex ? await judge(root) : undefined;
  const perManifest: NotarySignature[][] = [];
  for (const { descriptor } of manifests) perManifest.push(await judge(descriptor));
  return { manifests: perManifest, index };
}

/** Everything together, without I/O. @param byPolicy whether a trust policy chose whom to trust */
export function judgeAll(
  image: ResolvedImage,
  sets: readonly (readonly SignatureSet[])[],
  notary: NotarySignatures,
  options: VerifyOptions,
  byPolicy: boolean,
): { platforms: CheckedPlatform[]; index: CheckedIndex | undefined } {
  const { manifestSignature, strict } = options;
  const demands: ManifestDemands = { manifestSignature, byPolicy, strict };
  const looked = manifestSignature !== 'none';
  const index = notary.index === undefined || !looked ? undefined : judgeIndex(notary.index, demands);
  const platforms = image.manifests.map((manifest, position): CheckedPlatform => {
    const own = sets[position] ?? [];
    const signatures = notary.manifests[position] ?? [];
    const layers = needsLayers(manifest, options) ? judgePlatform(manifest, own, options) : undefined;
    const judged = looked ? judgeManifest(signatures, index?.notary) : undefined;
    const whyNone = manifest.layersLeftOut ?? 'no signatures of layers were asked for';
    const together = judgeTogether(layers, judged, signatures, demands, whyNone);
    return { manifest, sets: own, layers, signatures, notary: judged, ...together };
  });
  return { platforms, index };
}

function judgeIndex(signatures: readonly NotarySignature[], demands: ManifestDemands): CheckedIndex {
  const notary = judgeManifest(signatures, undefined);
  // The manifests in it may have signatures of their own: none here is a failure only if it is required.
  const nothing: Judgement = { verdict: 'verified', reason: undefined };
  return { signatures, notary, ...judgeTogether(nothing, notary, signatures, demands, '') };
}

/** An image with layers that can be signed needs signatures of them unless they are not asked for. */
function needsLayers(
  { layers, layersLeftOut }: PlatformManifest,
  { layers: choice }: Pick<VerifyOptions, 'layers'>,
): boolean {
  if (choice === 'required') return true;
  return choice === 'auto' && layersLeftOut === undefined && layers.length > 0;
}

function rootIsIndex({ root, manifests }: Pick<ResolvedImage, 'root' | 'manifests'>): boolean {
  return !manifests.some(({ descriptor }) => descriptor.digest === root.digest);
}
