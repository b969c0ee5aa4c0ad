import { plainDescriptor } from '../../formats/descriptor.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor, PlatformManifest, ResolvedImage, SkippedManifest } from '../../model/index.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { RevocationChecker } from '../../signatures/notary/revocation/checker.ts';
import type { RunContext, VerifyOptions } from '../shared/options.ts';
import { readLayerReferrers, readReferrers } from '../shared/read-referrers.ts';
import type { Evaluated } from './layers/evaluate-pkcs7.ts';
import { evaluateReferrer, type SignatureSet } from './layers/evaluate-referrer.ts';
import { checkSetRevocation } from './layers/revocation.ts';
import { screenReferrers } from './layers/screen-referrers.ts';
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
  /** Digests of skipped images with a manifest signature of their own that verified. */
  coveredSkipped: ReadonlySet<string>;
}

/** Skipped images whose manifest signatures are read: an index may list many thousands. */
const READ_SKIPPED = 100;

/**
 * Reads the referrers of all manifests, one at a time, and evaluates each of them. Both kinds of signatures of
 * a manifest are read in turn: the store then lists its referrers once.
 * @throws VeritySignError 'registry' if referrers cannot be listed, 'cancelled'.
 */
export async function evaluateSignatures(
  store: ReferrerStore,
  { root, manifests, skipped }: ResolvedImage,
  trust: Trust,
  options: VerifyOptions,
  { log, now, signal }: RunContext,
): Promise<EvaluatedSignatures> {
  const revocation = new RevocationChecker(now, signal);
  const reading: Reading = { store, trust, revocation, signal };
  const evaluate = (subject: Descriptor): Promise<NotarySignature[]> =>
    evaluateManifestSignatures(subject, options, reading);
  const layers: SignatureSet[][] = [];
  const notary: NotarySignature[][] = [];
  for (const manifest of manifests) {
    const { descriptor } = manifest;
    const [sets, signatures] = [await evaluateLayerSignatures(manifest, reading), await evaluate(descriptor)];
    layers.push(sets);
    notary.push(signatures);
    const count = `dm-verity referrers: ${sets.length}, Notary signatures: ${signatures.length}`;
    log.info(`${descriptor.digest}: ${count}`);
  }
  const isIndex = !manifests.some(({ descriptor }) => descriptor.digest === root.digest);
  const index = isIndex ? await evaluate(root) : undefined;
  const covered = await coveredSkipped(skipped, index, evaluate);
  return { layers, manifests: { manifests: notary, index, coveredSkipped: covered } };
}

/** From where signatures are read, and by what they are evaluated. */
interface Reading {
  store: ReferrerStore;
  trust: Trust;
  revocation: RevocationChecker;
  signal: AbortSignal;
}

async function evaluateLayerSignatures(
  manifest: PlatformManifest,
  { store, trust, revocation, signal }: Reading,
): Promise<SignatureSet[]> {
  const { descriptor, layersLeftOut } = manifest;
  if (layersLeftOut !== undefined) return [];
  const known: Evaluated = new Map();
  return readLayerReferrers(
    store,
    descriptor,
    (referrer) => checkSetRevocation(evaluateReferrer(referrer, manifest, trust, known), trust, revocation),
    screenReferrers(manifest, trust, known),
    signal,
  );
}

/** None if manifest signatures are not checked. */
async function evaluateManifestSignatures(
  subject: Descriptor,
  { manifestSignature }: VerifyOptions,
  { store, trust, revocation, signal }: Reading,
): Promise<NotarySignature[]> {
  if (manifestSignature === 'none') return [];
  return readReferrers(
    store,
    subject,
    NOTARY_ARTIFACT_TYPE,
    (referrer) => evaluateSignature(referrer, subject, trust, revocation),
    // Any other number of envelopes is refused, whatever they contain.
    { wanted: ({ layers }) => layers.length === 1 },
    signal,
  );
}

/** A signature of the index covers all that it lists. Images that the user's platforms exclude are not read. */
async function coveredSkipped(
  skipped: readonly SkippedManifest[],
  index: readonly NotarySignature[] | undefined,
  evaluate: (subject: Descriptor) => Promise<NotarySignature[]>,
): Promise<Set<string>> {
  const covered = new Set<string>();
  if (index?.some(({ verdict }) => verdict === 'verified')) return covered;
  const images = skipped.filter(({ isImage, mayRun, leftOut }) => isImage && !mayRun && leftOut !== true);
  for (const { descriptor } of images.slice(0, READ_SKIPPED)) {
    const signatures = await evaluate(plainDescriptor(descriptor));
    if (signatures.some(({ verdict }) => verdict === 'verified')) covered.add(descriptor.digest);
  }
  return covered;
}
