import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { readGivenSync } from './read-given.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Makes every TLS connection of this process trust the authorities in a PEM file too, as other programs do with
 * SSL_CERT_FILE. Node itself reads only NODE_EXTRA_CA_CERTS. Connections with authorities of their own trust
 * only those.
 *
 * @returns why the file is not used; undefined if it is
 */
export function trustCertificateFile(path: string): string | undefined {
  try {
    const own = readGivenSync(path).toString('latin1').match(CERTIFICATE) ?? [];
    if (own.length === 0) return 'it has no certificate in PEM';
    setDefaultCACertificates([...getCACertificates('default'), ...own]);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}
