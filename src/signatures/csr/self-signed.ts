/** Certificates that sign themselves: for tests, where no authority issues one. [RFC 5280, 4.1] */
import { randomBytes } from 'node:crypto';
import type { KeySpec } from '../../model/signing.ts';
import { TAG } from '../x509/asn1/der-rules.ts';
import { encode, encodeBits, encodeInteger, encodeTime } from '../x509/asn1/encode.ts';
import { encodeAlgorithm, type SignatureForm, signatureBytes } from './algorithm.ts';
import { keyIdentifiers, signerExtensions } from './extensions.ts';
import type { CertifiableKey } from './request.ts';

/** Version 3. */
const VERSION = Uint8Array.of(2);
const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds by which clocks may differ. */
const CLOCK_SKEW = 5 * 60 * 1000;

/**
 * A certificate for the key, signed by the key as a layer is signed: by RSA PKCS#1 v1.5 or ECDSA, which the
 * kernel knows.
 * @param subject Name in DER
 * @param days validity from `now`; it begins some minutes earlier, for machines whose clock is slow
 * @throws VeritySignError 'key'
 */
export async function buildSelfSigned(
  subject: Uint8Array,
  key: CertifiableKey,
  days: number,
  now: Date,
): Promise<Buffer> {
  const serial = serialNumber();
  const validity = encode(
    TAG.sequence,
    encodeTime(new Date(now.getTime() - CLOCK_SKEW)),
    encodeTime(new Date(now.getTime() + days * DAY)),
  );
  const body = (form: SignatureForm): Buffer =>
    encode(
      TAG.sequence,
      encode(TAG.context0, encodeInteger(VERSION)),
      serial,
      encodeAlgorithm(form),
      subject,
      validity,
      subject,
      key.publicKey,
      encode(TAG.context3, signerExtensions(...keyIdentifiers(key.publicKey))),
    );
  let form = usualForm(key.spec);
  let signature = await key.sign(body(form), 'layer');
  if (!isSame(form, signature)) {
    // The algorithm is part of what is signed. A key whose digest is fixed shows it in a signature only.
    form = signature;
    signature = await key.sign(body(form), 'layer');
  }
  return encode(
    TAG.sequence,
    body(form),
    encodeAlgorithm(form),
    encodeBits(signatureBytes(signature, key.spec)),
  );
}

function usualForm({ kind, digest }: KeySpec): SignatureForm {
  return { scheme: kind === 'rsa' ? 'rsa-pkcs1-v1_5' : 'ecdsa-der', digest };
}

function isSame(a: SignatureForm, b: SignatureForm): boolean {
  return encodeAlgorithm(a).equals(encodeAlgorithm(b));
}

/** 126 random bits below a one, so that it is positive. [RFC 5280, 4.1.2.2] */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return encodeInteger(bytes);
}
