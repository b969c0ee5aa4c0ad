import { VeritySignError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Descriptor, ResolvedImage } from '../../model/index.ts';
import { DM_VERITY_ARTIFACT_TYPE, type SignatureManifest } from '../../oci/attach/artifact.ts';
import { pushLayout } from '../../oci/attach/push-layout.ts';
import { readReferrer } from '../../oci/attach/referrers.ts';
import { RegistryStore } from '../../oci/attach/registry-store.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { OciLayout } from '../../oci/oci-layout.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../signatures/notary/envelope/envelope.ts';
import type { CertificateChain } from '../../signatures/pkcs7/signing-chain.ts';
import type { Planned } from '../shared/plan.ts';
import { saysTheSame } from '../sign/reuse-layer-signatures.ts';
import type { Attached } from '../sign/sign-and-attach.ts';
import type { ManifestSigner } from '../sign/sign-manifests.ts';
import { judgeReferrer } from '../verify/layers/judge-referrer.ts';
import type { Gate } from './open-gate.ts';

/** What there is to push: an image in a layout, and the signatures that it must not be without. */
export interface SignedLayout {
  directory: string;
  image: ResolvedImage;
  planned: Planned;
  attached: Attached;
  /** By which layers were signed; undefined where none were. */
  chain: CertificateChain | undefined;
  /** Undefined where no manifests were. */
  manifestSigner: ManifestSigner | undefined;
  store: ReferrerStore;
}

/**
 * Reads the signatures back from the layout and checks them, pushes image and referrers, and does
 * the same check on what the registry then has: before the tag, for a registry may accept referrers
 * and lose them.
 * @returns the tag and what it points to.
 */
export async function passGate(
  gate: Gate,
  signed: SignedLayout,
  folder: string,
  signal: AbortSignal,
  log: Logger,
): Promise<{ reference: string; digest: string }> {
  const { oras, repository, tag } = gate;
  const reference = `${repository}:${tag}`;
  const { digest } = signed.image.root;
  await requireSigned(signed.store, signed, new Date(), 'environment');
  log.info(`all signatures verified; pushing to ${reference}`);
  const pushed = new RegistryStore(oras, repository);
  await pushLayout(new OciLayout(signed.directory), signed.image.root, gate, folder, signal, async () => {
    // The push may have taken long.
    await requireSigned(pushed, signed, new Date(), 'registry');
    log.info(`the signatures read back well from ${repository}`);
  });
  const found = await oras.resolve(reference);
  if (found.digest !== digest) {
    throw new VeritySignError('registry', `${reference} points to ${found.digest}, not to ${digest}`, {
      remedy: 'Somebody else pushed the same tag: push again, or use another tag',
    });
  }
  log.info(`${reference} is ${digest}`);
  return { reference, digest };
}

/**
 * Judges every signature as `verify` does, and demands that it says what this run found out: the root
 * hashes have just been computed, so they need not be again.
 * @param now when certificates must be valid, and no signature may have expired
 */
async function requireSigned(
  store: ReferrerStore,
  { planned, attached, chain, manifestSigner }: SignedLayout,
  now: Date,
  code: 'environment' | 'registry',
): Promise<void> {
  for (const [index, artifact] of planned.artifacts.entries()) {
    if (chain === undefined) throw new TypeError('layers without a signer');
    const referrer = await readListed(
      store,
      artifact.manifest.descriptor,
      DM_VERITY_ARTIFACT_TYPE,
      attached.artifacts[index],
      code,
    );
    // Whom others trust is theirs to say; here the end of the signer's own chain must vouch for it.
    const anchor = chain.root ?? chain.intermediates.at(-1) ?? chain.leaf;
    const trust = { anchors: [anchor.der], identities: [], at: now, allowExpired: false };
    const { verdict, reason } = judgeReferrer(referrer, artifact.manifest, trust);
    if (verdict !== 'verified' || !saysTheSame(referrer.manifest, referrer.blobs, artifact, chain)) {
      throw notVerified(store, referrer.descriptor, reason, code);
    }
  }
  for (const [index, manifest] of planned.manifests.entries()) {
    const { descriptor, ...referrer } = await readListed(
      store,
      manifest.subject,
      NOTARY_ARTIFACT_TYPE,
      attached.manifests[index],
      code,
    );
    const same = await manifestSigner
      ?.accepts(manifest, referrer.manifest, referrer.blobs, now, 0)
      .catch((error: unknown) => {
        if (!(error instanceof VeritySignError)) throw error;
        throw notVerified(store, descriptor, error.message, code);
      });
    if (same === undefined) throw notVerified(store, descriptor, undefined, code);
  }
}

/** A referrer as the store has it now; it must be listed. */
async function readListed(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  attached: { descriptor: Descriptor } | undefined,
  code: 'environment' | 'registry',
): Promise<{ descriptor: Descriptor; manifest: SignatureManifest; blobs: Buffer[] }> {
  const wanted = attached?.descriptor.digest;
  const found = (await store.list(subject, artifactType)).find(({ digest }) => digest === wanted);
  if (found !== undefined) return { descriptor: found, ...(await readReferrer(store, found)) };
  throw new VeritySignError(
    code,
    `${store.name} does not list ${wanted} as a referrer of ${subject.digest}`,
    {
      remedy: 'Run it again; set referrers to tag if the registry has no referrers API',
    },
  );
}

function notVerified(
  store: ReferrerStore,
  { digest }: Descriptor,
  reason: string | undefined,
  code: 'environment' | 'registry',
): VeritySignError {
  const why = reason ?? 'it is not what was signed';
  return new VeritySignError(code, `${digest} in ${store.name} does not verify: ${why}`, {
    remedy: 'Look for another program that writes there, and run it again',
  });
}
