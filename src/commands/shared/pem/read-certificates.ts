import { CHAIN_REMEDY, readCertificateBundle } from '../../../signatures/x509/bundle.ts';
import type { RunContext } from '../options.ts';
import { readPemInput } from './pem-input.ts';

/**
 * The certificates of a signer or an authority: DER, in the given order.
 * @param option the option that gives them
 * @throws VeritySignError 'key'
 */
export async function readCertificates(
  given: string,
  option: string,
  { secrets, signal }: RunContext,
): Promise<Uint8Array[]> {
  const { content, name } = await readPemInput(given, option, secrets, 'key', signal);
  return readCertificateBundle(content, name, `${CHAIN_REMEDY}; convert DER with openssl x509 -inform DER`);
}
