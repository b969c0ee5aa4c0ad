import type { Logger } from '../logger.ts';

/** Trusts the authorities in SSL_CERT_FILE for all connections of the run; warns if it cannot be used. */
export async function trustCertificates(log: Logger, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (!env.SSL_CERT_FILE) return;
  // Lazy import: it brings all of TLS, which a run without connections does not need.
  const { trustCertificateFile } = await import('../lib/certificate-file.ts');
  const reason = trustCertificateFile(env.SSL_CERT_FILE);
  if (reason === undefined) return;
  log.warn(`SSL_CERT_FILE is not used: ${env.SSL_CERT_FILE} cannot be read (${reason})`);
}
