import { inContext } from '../../../errors.ts';
import { mapConcurrently } from '../../../lib/concurrent.ts';
import type { Logger } from '../../../logger.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../../model/artifact-types.ts';
import type { Descriptor, SignatureArtifact } from '../../../model/index.ts';
import type { SignatureManifest } from '../../../oci/attach/artifact.ts';
import type { ReferrerStore } from '../../../oci/attach/store.ts';
import type { NotaryEnvelope } from '../../../signatures/notary/envelope/envelope.ts';
import type { TimestampOptions } from '../../../signatures/notary/timestamp/timestamp.ts';
import type { SignRun } from '../../shared/run.ts';
import { findReusableReferrers } from '../existing/find-reusable.ts';
import type { OpenableKey } from '../signing-context.ts';
import type { Attached, SignatureSteps } from '../steps.ts';
import { envelopeArtifact } from './attach.ts';
import { hasSameForm, sameEnvelope, type WantedEnvelope } from './find.ts';
import type { PlannedManifest } from './plan.ts';
import { type SignedManifest, signManifest } from './sign.ts';

export type AttachedManifest = SignedManifest & Attached;

/** The part of an expiring signature's lifetime that must be left for it to be reused. */
const REMAINING = 1 / 2;

/** By whom manifests are signed, and who dates the signatures. */
export interface ManifestSigning {
  key: OpenableKey;
  /** DER, leaf to root. */
  certificates: readonly Uint8Array[];
  /** Undefined if no timestamps are wanted. */
  authority: TimestampOptions | undefined;
}

/** Notary Project signatures of manifests, one referrer each. */
export class ManifestSignatures
  implements SignatureSteps<PlannedManifest, ReadonlyMap<PlannedManifest, SignedManifest>, AttachedManifest>
{
  readonly #signing: ManifestSigning;
  readonly #run: SignRun;

  constructor(signing: ManifestSigning, run: SignRun) {
    this.#signing = signing;
    this.#run = run;
  }

  async find(
    planned: readonly PlannedManifest[],
    store: ReferrerStore,
    log: Logger,
  ): Promise<(AttachedManifest | undefined)[]> {
    const { options, context } = this.#run;
    const requests = planned.map((manifest) => ({
      subject: manifest.subject,
      artifactType: NOTARY_ARTIFACT_TYPE,
      annotations: options.annotations,
      wanted: (referrer: SignatureManifest) => hasSameForm(referrer, this.#wanted(manifest)),
      read: (referrer: SignatureManifest, blobs: readonly Uint8Array[]) =>
        this.sameAs(manifest, referrer, blobs, context.now, REMAINING),
    }));
    const found = await findReusableReferrers(store, requests, log, context.signal);
    return found.map(
      (one) =>
        one && {
          ...envelopeFacts(one.content, context.now),
          descriptor: one.descriptor,
          reused: true,
        },
    );
  }

  async sign(
    missing: readonly PlannedManifest[],
    log: Logger,
  ): Promise<ReadonlyMap<PlannedManifest, SignedManifest>> {
    if (missing.length === 0) return new Map();
    const { options, context } = this.#run;
    const { key, authority } = this.#signing;
    const signer = await key.open();
    const signed = await mapConcurrently(missing, options.concurrency, context.signal, (manifest, signal) =>
      inContext({ layer: `manifest ${manifest.subject.digest}` }, async () => {
        signal.throwIfAborted();
        return signManifest(this.#wanted(manifest), {
          signer,
          spec: key.spec,
          authority: authority && { ...authority, signal },
        });
      }),
    );
    log.info(`${missing.length} manifests signed (${missing[0]?.format})`);
    return new Map(signed.map((one, index) => [missing[index] as PlannedManifest, one]));
  }

  artifact(
    planned: PlannedManifest,
    signatures: ReadonlyMap<PlannedManifest, SignedManifest>,
  ): SignatureArtifact {
    const { envelope } = signedOf(planned, signatures);
    if (envelope === undefined) throw new TypeError(`${planned.subject.digest} is not signed`);
    return envelopeArtifact(planned, envelope, this.#signing.certificates, this.#run);
  }

  done(
    planned: PlannedManifest,
    signatures: ReadonlyMap<PlannedManifest, SignedManifest>,
    descriptor: Descriptor,
  ): AttachedManifest {
    return { ...signedOf(planned, signatures), descriptor, reused: false };
  }

  isSame(): boolean {
    return false;
  }

  label({ subject, format }: PlannedManifest): string {
    return `${subject.digest}, ${format}`;
  }

  /**
   * The envelope of a referrer that says all that this run would say of the manifest; undefined if it
   * says something else.
   * @param remaining see `sameEnvelope`
   * @throws VeritySignError 'image' if it is malformed
   */
  sameAs(
    planned: PlannedManifest,
    manifest: SignatureManifest,
    blobs: readonly Uint8Array[],
    now: Date,
    remaining: number,
  ): Promise<NotaryEnvelope | undefined> {
    return sameEnvelope(manifest, blobs, this.#wanted(planned), now, remaining);
  }

  #wanted({ subject: { mediaType, digest, size }, format }: PlannedManifest): WantedEnvelope {
    return {
      target: { mediaType, digest, size },
      format,
      chain: this.#signing.certificates,
      lifetime: this.#run.options.signatureExpiry,
      authorities: this.#signing.authority?.certificates,
    };
  }
}

function signedOf(
  planned: PlannedManifest,
  signatures: ReadonlyMap<PlannedManifest, SignedManifest>,
): SignedManifest {
  const signed = signatures.get(planned);
  if (signed === undefined) throw new TypeError(`${planned.subject.digest} is not signed`);
  return signed;
}

function envelopeFacts({ signingTime, expiry, timestamp }: NotaryEnvelope, now: Date): SignedManifest {
  return {
    envelope: undefined,
    signedAt: signingTime ?? now,
    expiry,
    timestamped: timestamp !== undefined,
  };
}
