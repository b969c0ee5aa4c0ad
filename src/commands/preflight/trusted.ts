import { type Certificate, readCertificate } from '../../signatures/x509/certificate.ts';
import type { RunContext } from '../shared/options.ts';
import type { PreflightSettings } from '../shared/preflight-settings.ts';
import { readTrustedInput } from '../verify/trust/trust-stores.ts';

/** The certificates that the kernel is to trust, each once. @throws VeritySignError 'usage' */
export async function readTrusted(
  { trustedCertificates }: Pick<PreflightSettings, 'trustedCertificates'>,
  { secrets }: Pick<RunContext, 'secrets'>,
): Promise<Certificate[]> {
  const all: Uint8Array[] = [];
  for (const given of trustedCertificates) all.push(...(await readTrustedInput(given, secrets)));
  return [...new Map(all.map(readCertificate).map((one) => [one.fingerprint, one])).values()];
}
