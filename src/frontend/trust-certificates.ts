import { trustCertificateFile } from '../lib/certificate-file.ts';
import type { Logger } from '../logger.ts';

/** Trusts the authorities in SSL_CERT_FILE for all connections of the run; warns if it cannot be used. */
export function trustCertificates(log: Logger, env: NodeJS.ProcessEnv = process.env): void {
  const reason = trustCertificateFile(env);
  if (reason === undefined) return;
  log.warn(`SSL_CERT_FILE is not used: ${env.SSL_CERT_FILE} cannot be read (${reason})`);
}
