/** What a Notary Project signature envelope holds, whichever its format. [Notary signature-specification] */
import type { Descriptor } from '../../../model/index.ts';
import type { KeySpec } from '../../../model/signing.ts';

export type EnvelopeFormat = 'jws' | 'cose';

/** Media type of the one layer of the referrer manifest that carries an envelope. */
export const ENVELOPE_MEDIA_TYPE: Record<EnvelopeFormat, string> = {
  jws: 'application/jose+json',
  cose: 'application/cose',
};

/** Media type of the payload, in both formats. */
export const PAYLOAD_MEDIA_TYPE = 'application/vnd.cncf.notary.payload.v1+json';

/** `notary.x509`: the signer's own key and clock; `signingAuthority`: a service that vouches for the time. */
export type SigningScheme = 'notary.x509' | 'notary.x509.signingAuthority';

/** What goes into a new envelope. */
export interface EnvelopeRequest {
  /** What is signed: mediaType, digest, size; annotations are the user's metadata. */
  target: Descriptor;
  /** DER certificates, leaf first, root last: the whole chain. */
  chain: readonly Uint8Array[];
  spec: KeySpec;
  /** Time of signing, cut to whole seconds, as is `expiry`. */
  signingTime: Date;
  expiry?: Date;
  /** Name and version of the signing program, `name/1.2.3`. Not signed. */
  agent: string;
  /** Gets an RFC 3161 token (DER) for the signature's bytes. */
  timestamp?: (signature: Uint8Array) => Promise<Uint8Array>;
}

/** What is signed, and how it becomes an envelope with its signature. */
export interface Unsigned {
  toBeSigned: Uint8Array;
  seal(signature: Uint8Array, timestamp: Uint8Array | undefined): Uint8Array;
}

/** A parsed envelope. Nothing in it is trusted yet, and its signature is not checked. */
export interface NotaryEnvelope {
  format: EnvelopeFormat;
  target: Descriptor;
  /** As JWS names it, in both formats: `PS256` … `ES512`. */
  algorithm: string;
  /** DER certificates as the envelope gives them: leaf first. */
  chain: readonly Uint8Array[];
  signingScheme: SigningScheme;
  /** What the signer's clock said; with scheme `notary.x509`. */
  signingTime?: Date;
  /** What the signing authority says; with scheme `notary.x509.signingAuthority`. */
  authenticSigningTime?: Date;
  expiry?: Date;
  agent?: string;
  /** An RFC 3161 token, DER, not checked. */
  timestamp?: Uint8Array;
  /** RSASSA-PSS, or ECDSA as r‖s. */
  signature: Uint8Array;
  /** The bytes that the signature is over. */
  signed: Uint8Array;
  /** Critical attributes beyond those of the specification, such as a verification plugin's name. */
  critical: readonly string[];
}
