import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { readPem } from './pem.ts';

/** What to do about certificates of a signer that are not a chain. */
export const CHAIN_REMEDY =
  'Give one PEM file with the signing certificate first, then the certificate that issued it, and so on';

/**
 * The certificates of a PEM text, DER, in their order; other blocks are ignored.
 * @param what For the message: what the text is.
 * @throws VeritySignError with code `key` if it is damaged or has none.
 */
export function readCertificateBundle(pem: string | Uint8Array, what: string, remedy: string): Uint8Array[] {
  try {
    const blocks = readPem(pem, 'CERTIFICATE');
    const ders = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ bytes }) => bytes);
    if (ders.length > 0) return ders;
    const others = [...new Set(blocks.map(({ label }) => label))];
    throw new FormatError(
      others.length === 0 ? 'has no PEM block' : `has no certificate, only: ${others.join(', ')}`,
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('key', `the ${what} ${error.message}`, { remedy });
  }
}
