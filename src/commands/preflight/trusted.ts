import { VeritySignError } from '../../errors.ts';
import { FormatError } from '../../formats/format-error.ts';
import { type Certificate, readCertificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import type { PreflightSettings } from '../shared/preflight-settings.ts';
import { readTrustedInput } from '../verify/trust/trust-stores.ts';

/** The certificates that the kernel is to trust: DER, each once. @throws VeritySignError 'usage' */
export async function readTrusted(
  { trustedCertificates }: Pick<PreflightSettings, 'trustedCertificates'>,
  { secrets }: Pick<RunContext, 'secrets'>,
): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (const given of trustedCertificates) all.push(...(await readTrustedInput(given, secrets)));
  return [...new Map(all.map((der) => [Buffer.from(der).toString('base64'), der])).values()];
}

/** @throws VeritySignError 'usage' */
export function certificateOf(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError('usage', `a trusted certificate cannot be read: it ${error.message}`, {
      remedy: 'Give X.509 certificates in PEM',
      cause: error,
    });
  }
}
