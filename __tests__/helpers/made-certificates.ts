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
  /** notBefore and notAfter as openssl ca takes them, instead of `days`. */
  dates?: [string, string];
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
      ['req', '-new', '-utf8', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`],
      this.folder,
    );
    await writeFile(join(this.folder, `${name}.ext`), [...extensions, ''].join('\n'));
    if (wish.dates === undefined)
      await this.#issue(name, issuer, [`-${digest}`, '-days', String(days), ...more]);
    else await this.#issueDated(name, issuer, ['-md', digest, ...more], wish.dates);
    this.#issuers.set(name, issuer);
    const line = await Promise.all(this.#line(name).map((one) => readFile(this.path(one), 'utf8')));
    await writeFile(this.path(name, 'full.pem'), line.join(''));
    return this.path(name);
  }

  async #issue(name: string, issuer: string | undefined, more: string[]): Promise<void> {
    const by =
      issuer === undefined
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'];
    const request = ['-in', `${name}.csr`, '-extfile', `${name}.ext`];
    await openssl(['x509', '-req', ...request, ...by, ...more, '-out', `${name}.pem`], this.folder);
  }

  async #issueDated(
    name: string,
    issuer: string | undefined,
    more: string[],
    [from, to]: [string, string],
  ): Promise<void> {
    const config = ['[ca]', 'default_ca=d', '[d]', 'database=ca.txt', 'new_certs_dir=.', 'rand_serial=yes'];
    const policy = [
      'unique_subject=no',
      'policy=any',
      '[any]',
      'organizationName=supplied',
      'commonName=supplied',
    ];
    await writeFile(join(this.folder, 'ca.cnf'), [...config, ...policy, ''].join('\n'));
    await writeFile(join(this.folder, 'ca.txt'), '');
    const by =
      issuer === undefined
        ? ['-selfsign', '-keyfile', `${name}.key`]
        : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
    const request = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-startdate', from, '-enddate', to];
    const args = ['ca', '-batch', '-notext', '-config', 'ca.cnf', ...request, ...by, ...more];
    await openssl([...args, '-out', `${name}.pem`], this.folder);
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
