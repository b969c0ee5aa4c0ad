/** Certificates with any extensions, quickly made with EC keys for one test file. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chainOf } from './notary.ts';
import { openssl } from './pki.ts';

export interface CertificateWish {
  name: string;
  /** Without it the certificate is self-signed. */
  issuer?: string;
  /** Lines of an openssl extension section. */
  extensions: string[];
  /** Argument of -algorithm and -pkeyopt; default EC on P-256. */
  key?: string[];
  digest?: string;
  /** Validity in days; negative: expired. Default 3650. */
  days?: number;
  /** As openssl takes it; default /O=Notary test/CN=NAME. */
  subject?: string;
  /** Further arguments of openssl x509 or req. */
  more?: string[];
}

export const CA = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
export const SIGNER = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature'];
export const TSA = [...SIGNER, 'extendedKeyUsage=critical,timeStamping'];

const P256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

export class CertificateMaker {
  readonly folder: string;
  readonly #issuers = new Map<string, string | undefined>();

  constructor(folder: string) {
    this.folder = folder;
  }

  path(name: string, suffix: 'pem' | 'key' | 'full.pem' = 'pem'): string {
    return join(this.folder, `${name}.${suffix}`);
  }

  async make(wish: CertificateWish): Promise<string> {
    const { name, issuer, extensions, key = P256, digest = 'sha256', days = 3650, more = [] } = wish;
    const subject = wish.subject ?? `/O=Notary test/CN=${name}`;
    await openssl(['genpkey', ...key, '-out', `${name}.key`], this.folder);
    await openssl(
      ['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`],
      this.folder,
    );
    await writeFile(join(this.folder, `${name}.ext`), [...extensions, ''].join('\n'));
    const by =
      issuer === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
    await openssl(
      [
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        ...by,
        '-CAcreateserial',
        `-${digest}`,
        '-days',
        String(days),
        '-extfile',
        `${name}.ext`,
        ...more,
        '-out',
        `${name}.pem`,
      ],
      this.folder,
    );
    this.#issuers.set(name, issuer);
    const line = await Promise.all(this.#line(name).map((one) => readFile(this.path(one), 'utf8')));
    await writeFile(this.path(name, 'full.pem'), line.join(''));
    return this.path(name);
  }

  /** DER, from the certificate to its root. */
  chain(name: string): Promise<Uint8Array[]> {
    return chainOf(this.path(name, 'full.pem'));
  }

  #line(name: string): string[] {
    const issuer = this.#issuers.get(name);
    return issuer === undefined ? [name] : [name, ...this.#line(issuer)];
  }
}
