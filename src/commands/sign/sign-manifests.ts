import { inContext } from '../../errors.ts';
import { mapConcurrently } from '../../lib/concurrent.ts';
import type { Logger } from '../../logger.ts';
import { THUMBPRINTS } from '../../model/annotations.ts';
import { NOTARY_ARTIFACT_TYPE } from '../../model/artifact-types.ts';
import type { Descriptor, SignatureArtifact } from '../../model/index.ts';
import type { KeySpec } from '../../model/signing.ts';
import { commonAnnotations, prefixed, type SignatureManifest } from '../../oci/attach/artifact.ts';
import { attachAndReadBack, findReusable } from '../../oci/attach/referrers.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { TOOL } from '../../report/tool.ts';
import { thumbprintsAnnotation } from '../../signatures/notary/certificates/signing-chain.ts';
import { buildEnvelope } from '../../signatures/notary/envelope/build.ts';
import { ENVELOPE_MEDIA_TYPE, type NotaryEnvelope } from '../../signatures/notary/envelope/envelope.ts';
import type { TimestampOptions } from '../../signatures/notary/timestamp/timestamp.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import type { PlannedManifest } from '../shared/plan.ts';
import { runAnnotations } from './attach-layer-signatures.ts';
import { tellOtherAnnotations } from './other-annotations.ts';
import { sameEnvelope, type WantedEnvelope } from './reuse-manifest-signature.ts';
import type { SigningRun } from './sign-root-hashes.ts';

export interface SignedManifest {
  /** Undefined for one that was there already. */
  envelope: Uint8Array | undefined;
  signedAt: Date;
  expiry: Date | undefined;
  timestamped: boolean;
}

export interface AttachedManifest extends SignedManifest {
  /** Of the referrer. */
  descriptor: Descriptor;
  reused: boolean;
}

/** Signs and finds manifest signatures by one certificate, with one set of options. */
export class ManifestSigner {
  readonly #options: SignOptions;
  readonly #context: RunContext;
  readonly #chain: readonly Uint8Array[];
  readonly #authority: TimestampOptions | undefined;

  /** @param chain DER, leaf to root */
  constructor(
    options: SignOptions,
    context: RunContext,
    chain: readonly Uint8Array[],
    authority: TimestampOptions | undefined,
  ) {
    this.#options = options;
    this.#context = context;
    this.#chain = chain;
    this.#authority = authority;
  }

  /**
   * The envelope of a referrer that says all that this run would say of the manifest; undefined if it
   * says something else. @throws VeritySignError 'image' if it is malformed
   * @param left see `sameEnvelope`
   */
  accepts(
    planned: PlannedManifest,
    manifest: SignatureManifest,
    blobs: readonly Uint8Array[],
    now: Date,
    left: number,
  ): Promise<NotaryEnvelope | undefined> {
    return sameEnvelope(manifest, blobs, this.#wanted(planned), now, left);
  }

  #wanted({ subject: { mediaType, digest, size }, format }: PlannedManifest): WantedEnvelope {
    return {
      target: { mediaType, digest, size },
      format,
      chain: this.#chain,
      lifetime: this.#options.signatureExpiry,
      authorities: this.#authority?.certificates,
    };
  }

  /** Finds, for each manifest, a signature that serves already; undefined where there is none. */
  async find(
    store: ReferrerStore,
    planned: readonly PlannedManifest[],
    log: Logger,
  ): Promise<(AttachedManifest | undefined)[]> {
    const found: (AttachedManifest | undefined)[] = [];
    for (const manifest of planned) {
      let signed: SignedManifest | undefined;
      let annotations: Readonly<Record<string, string>> = {};
      const descriptor = await findReusable(store, manifest.subject, NOTARY_ARTIFACT_TYPE, {
        accept: async (referrer, blobs) => {
          const envelope = await this.accepts(manifest, referrer, blobs, this.#context.now, 1 / 2);
          if (envelope === undefined) return false;
          annotations = referrer.annotations;
          const { signingTime = this.#context.now, expiry, timestamp } = envelope;
          signed = {
            envelope: undefined,
            signedAt: signingTime,
            expiry,
            timestamped: timestamp !== undefined,
          };
          return true;
        },
        onBroken: (broken, error) => {
          const reason = error instanceof Error ? error.message : String(error);
          log.warn(`the referrer ${broken.digest} of ${manifest.subject.digest} is passed over: ${reason}`);
        },
      });
      if (descriptor) tellOtherAnnotations(descriptor, annotations, this.#options.annotations, log);
      found.push(descriptor && signed && { ...signed, descriptor, reused: true });
    }
    return found;
  }

  /** Makes the envelopes. The key is opened here at the latest, and not at all if there are none. */
  async sign(planned: readonly PlannedManifest[], run: SigningRun): Promise<SignedManifest[]> {
    if (planned.length === 0) return [];
    const { key, concurrency, signal, log } = run;
    const signer = await key.open();
    const signed = await mapConcurrently(planned, concurrency, signal, (manifest, both) =>
      inContext({ layer: `manifest ${manifest.subject.digest}` }, async (): Promise<SignedManifest> => {
        both.throwIfAborted();
        const signingTime = wholeSeconds(new Date());
        const { signatureExpiry } = this.#options;
        const expiry =
          signatureExpiry === undefined ? undefined : new Date(signingTime.getTime() + signatureExpiry);
        const authority = this.#authority && { ...this.#authority, signal: both };
        const request = {
          target: this.#wanted(manifest).target,
          chain: this.#chain,
          spec: key.spec,
          signingTime,
          ...(expiry === undefined ? {} : { expiry }),
          agent: `${TOOL.name}/${TOOL.version}`,
          ...(authority === undefined
            ? {}
            : { timestamp: (signature: Uint8Array) => timestamp(signature, key.spec, authority) }),
        };
        const envelope = await buildEnvelope(manifest.format, request, (bytes) =>
          signer.sign(bytes, 'manifest'),
        );
        return { envelope, signedAt: signingTime, expiry, timestamped: authority !== undefined };
      }),
    );
    log.info(`${planned.length} manifests signed (${planned[0]?.format})`);
    return signed;
  }

  /** Attaches one envelope and reads it back. */
  async attach(
    store: ReferrerStore,
    planned: PlannedManifest,
    signed: SignedManifest,
    folder: string,
  ): Promise<AttachedManifest> {
    const artifact = this.#artifact(planned, signed);
    const descriptor = await attachAndReadBack(store, artifact, folder, this.#context.signal);
    return { ...signed, descriptor, reused: false };
  }

  /**
   * One layer, which has no annotations. The config has the type that notation gives it, for in a layout
   * notation goes by that. [Notary signature-specification, "Storage"]
   */
  #artifact({ subject, format }: PlannedManifest, { envelope }: SignedManifest): SignatureArtifact {
    if (envelope === undefined) throw new TypeError('there is nothing to attach');
    return {
      artifactType: NOTARY_ARTIFACT_TYPE,
      configType: NOTARY_ARTIFACT_TYPE,
      subject,
      annotations: {
        [THUMBPRINTS]: thumbprintsAnnotation(this.#chain),
        ...prefixed(runAnnotations(this.#context.ci)),
        ...commonAnnotations(this.#context.created, this.#options.annotations),
      },
      files: [{ mediaType: ENVELOPE_MEDIA_TYPE[format], bytes: envelope, annotations: {} }],
    };
  }
}

/** What it takes is loaded for those who use it. */
async function timestamp(
  signature: Uint8Array,
  spec: KeySpec,
  authority: TimestampOptions,
): Promise<Uint8Array> {
  const { requestTimestamp } = await import('../../signatures/notary/timestamp/timestamp.ts');
  return requestTimestamp(signature, spec, authority);
}

function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
