import { VeritySignError } from '../../errors.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor } from '../../model/index.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { ARTIFACT_FORMS } from '../../oci/attach/artifact-format.ts';
import { readReferrer } from '../../oci/attach/read/one-referrer.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { trustedEnd } from '../../signatures/pkcs7/signing-chain.ts';
import type { SignedImage } from '../sign/destination.ts';
import type { LayerSignatures } from '../sign/layers/steps.ts';
import type { ManifestSignatures } from '../sign/manifests/steps.ts';
import { evaluateReferrer } from '../verify/layers/evaluate-referrer.ts';

/** What failed if a signature is not as it must be: the layout on this machine, or the registry. */
type StoreCode = 'environment' | 'registry';

interface StoredReferrer {
  descriptor: Descriptor;
  manifest: SignatureManifest;
  blobs: Buffer[];
}

/**
 * Evaluates every signature as `verify` does, and requires that it says what this run found: the root
 * hashes have just been computed and are not computed again.
 * @param now when certificates must be valid, and no signature may have expired
 */
export async function checkSignatures(
  store: ReferrerStore,
  { planned, attached, kinds }: Pick<SignedImage, 'planned' | 'attached' | 'kinds'>,
  now: Date,
  code: StoreCode,
): Promise<void> {
  for (const [index, artifact] of planned.artifacts.entries()) {
    const subject = artifact.manifest.descriptor;
    const { artifactType } = ARTIFACT_FORMS[artifact.format];
    const digest = attached.artifacts[index]?.descriptor.digest;
    const referrer = await readListed(store, subject, artifactType, digest, code);
    const reason = whyLayersInvalid(required(kinds.layers), artifact, referrer, now);
    if (reason !== undefined) throw notVerified(store, referrer, reason, code);
  }
  for (const [index, manifest] of planned.manifests.entries()) {
    const digest = attached.manifests[index]?.descriptor.digest;
    const referrer = await readListed(store, manifest.subject, NOTARY_ARTIFACT_TYPE, digest, code);
    const reason = await whyManifestInvalid(required(kinds.manifests), manifest, referrer, now);
    if (reason !== undefined) throw notVerified(store, referrer, reason, code);
  }
}

const CHANGED = 'it is not what was signed';

function whyLayersInvalid(
  layers: LayerSignatures,
  artifact: Parameters<LayerSignatures['isSameAs']>[0],
  referrer: StoredReferrer,
  now: Date,
): string | undefined {
  // Trust anchors are the verifier's choice; here the end of the signer's own chain is the anchor.
  const trust = { anchors: [trustedEnd(layers.chain).der], identities: [], at: now, allowExpired: false };
  const { verdict, reason } = evaluateReferrer(referrer, artifact.manifest, trust);
  if (verdict !== 'verified') return reason ?? CHANGED;
  return layers.isSameAs(artifact, referrer.manifest, referrer.blobs) ? undefined : CHANGED;
}

async function whyManifestInvalid(
  manifests: ManifestSignatures,
  planned: Parameters<ManifestSignatures['sameAs']>[0],
  { manifest, blobs }: StoredReferrer,
  now: Date,
): Promise<string | undefined> {
  try {
    const envelope = await manifests.sameAs(planned, manifest, blobs, now, 0);
    return envelope === undefined ? CHANGED : undefined;
  } catch (error) {
    if (error instanceof VeritySignError) return error.message;
    throw error;
  }
}

function required<T>(kind: T | undefined): T {
  if (kind === undefined) throw new TypeError('a planned signature has no steps');
  return kind;
}

/** A referrer as the store has it now; it must be listed. */
async function readListed(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  wanted: string | undefined,
  code: StoreCode,
): Promise<StoredReferrer> {
  const found = (await store.list(subject, artifactType)).find(({ digest }) => digest === wanted);
  if (found !== undefined) return { descriptor: found, ...(await readReferrer(store, found)) };
  throw new VeritySignError(
    code,
    `${store.name} does not list ${wanted} as a referrer of ${subject.digest}`,
    { remedy: 'Run it again; set referrers to tag if the registry has no referrers API' },
  );
}

function notVerified(
  store: ReferrerStore,
  { descriptor: { digest } }: StoredReferrer,
  reason: string,
  code: StoreCode,
): VeritySignError {
  return new VeritySignError(code, `${digest} in ${store.name} does not verify: ${reason}`, {
    remedy: 'Make sure that nothing else writes to that repository, then rerun',
  });
}
