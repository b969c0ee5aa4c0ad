import type { KeySpec, Signer } from '../../../model/signing.ts';
import { TOOL } from '../../../report/tool.ts';
import { buildEnvelope } from '../../../signatures/notary/envelope/build.ts';
import type { TimestampOptions } from '../../../signatures/notary/timestamp/timestamp.ts';
import type { WantedEnvelope } from './find.ts';

/** A manifest signature, with what reports say of it. */
export interface SignedManifest {
  /** Undefined for an existing signature that is reused. */
  envelope: Uint8Array | undefined;
  signedAt: Date;
  expiry: Date | undefined;
  timestamped: boolean;
}

/** Who signs an envelope, and who dates it. */
export interface EnvelopeSigner {
  signer: Signer;
  spec: KeySpec;
  /** Undefined if no timestamp is wanted. */
  authority: TimestampOptions | undefined;
}

/** Signs one manifest, with a timestamp if an authority is given. */
export async function signManifest(
  { target, format, chain, lifetime }: WantedEnvelope,
  { signer, spec, authority }: EnvelopeSigner,
): Promise<SignedManifest> {
  const signedAt = wholeSeconds(new Date());
  const expiry = lifetime === undefined ? undefined : new Date(signedAt.getTime() + lifetime);
  const request = {
    target,
    chain,
    spec,
    signingTime: signedAt,
    ...(expiry === undefined ? {} : { expiry }),
    agent: `${TOOL.name}/${TOOL.version}`,
    ...(authority === undefined
      ? {}
      : { timestamp: (signature: Uint8Array) => timestamp(signature, spec, authority) }),
  };
  const envelope = await buildEnvelope(format, request, (bytes) => signer.sign(bytes, 'manifest'));
  return { envelope, signedAt, expiry, timestamped: authority !== undefined };
}

/** Lazy import: large and rarely needed. */
async function timestamp(
  signature: Uint8Array,
  spec: KeySpec,
  authority: TimestampOptions,
): Promise<Uint8Array> {
  const { requestTimestamp } = await import('../../../signatures/notary/timestamp/timestamp.ts');
  return requestTimestamp(signature, spec, authority);
}

function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
