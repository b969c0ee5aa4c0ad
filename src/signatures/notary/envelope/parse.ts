import { VeritySignError } from '../../../errors.ts';
import { FormatError, readPart } from '../../../formats/format-error.ts';
import { readCertificate } from '../../x509/certificate.ts';
import { parseCose } from './cose.ts';
import { ENVELOPE_MEDIA_TYPE, type EnvelopeFormat, type NotaryEnvelope } from './envelope.ts';
import { parseJws } from './jws.ts';

/** Envelopes have some KiB; with long chains and timestamps, some tens. */
const MAX_BYTES = 1024 * 1024;
const MAX_CERTIFICATES = 10;

const PARSERS: Record<EnvelopeFormat, (bytes: Uint8Array) => NotaryEnvelope> = {
  jws: parseJws,
  cose: parseCose,
};

/**
 * Parses an envelope that anyone may have made. Nothing is trusted after that: `checkIntegrity` says
 * whether its own certificate made the signature, `checkSigningChain` whether its chain may, and whether the
 * chain is trusted is for the trust policy. A verifier must refuse an envelope with `critical` attributes that
 * it does not act upon.
 * @param mediaType Of the layer that holds it.
 * @throws VeritySignError 'image' for anything malformed or beyond the limits
 */
export function parseEnvelope(mediaType: string, bytes: Uint8Array): NotaryEnvelope {
  const format = (['jws', 'cose'] as const).find((one) => ENVELOPE_MEDIA_TYPE[one] === mediaType);
  if (format === undefined) {
    throw new VeritySignError(
      'image',
      `${JSON.stringify(mediaType)} is not the media type of a Notary signature`,
      { remedy: 'Sign the image again as jws or cose' },
    );
  }
  try {
    if (bytes.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
    const envelope = PARSERS[format](bytes);
    checkCertificates(envelope.chain);
    return envelope;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError('image', `the Notary signature (${format}) ${cause.message}`, {
      remedy:
        'Sign the image again. If the image has not changed since it was signed, the signature was modified',
      cause,
    });
  }
}

function checkCertificates(chain: readonly Uint8Array[]): void {
  if (chain.length === 0) throw new FormatError('has no certificate');
  if (chain.length > MAX_CERTIFICATES)
    throw new FormatError(`has more than ${MAX_CERTIFICATES} certificates`);
  for (const der of chain) readPart('a certificate', () => readCertificate(der));
}
