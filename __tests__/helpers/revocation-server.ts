/** A certificate authority's servers: openssl ocsp and revocation lists behind HTTP. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readCertificate } from '../../src/signatures/x509/certificate.ts';
import type { CertificateMaker } from './made-certificates.ts';
import { openssl } from './pki.ts';

/** The answers of a responder. */
export interface Responder {
  /** Names of certificates that it reports as revoked. */
  revoked: string[];
  /** Names of certificates that it reports as good. It knows no others. */
  good: string[];
  /** Certificate that signs the answers. */
  signer: string;
  /** Days until the next update; without it the answer has none. */
  days?: number;
}

export interface RevocationServer {
  url: string;
  /** Requested paths. */
  asked: string[];
  responders: Map<string, Responder>;
  /** Lists by path. */
  lists: Map<string, Buffer>;
  /** Redirects: path → URL. */
  redirects: Map<string, string>;
  stop(): Promise<void>;
}

/** Answers `/ocsp/NAME` as the responder of that name, any other path with the list that was put there. */
export async function startRevocationServer(
  builder: CertificateMaker,
  ca: string,
): Promise<RevocationServer> {
  const responders = new Map<string, Responder>();
  const lists = new Map<string, Buffer>();
  const redirects = new Map<string, string>();
  const asked: string[] = [];
  let count = 0;
  const answer = async (name: string, question: Buffer): Promise<Buffer> => {
    const responder = responders.get(name);
    if (responder === undefined) throw new Error(`no responder ${name}`);
    const base = `ocsp-${count++}`;
    const { revoked, good, signer, days } = responder;
    const lines = [
      ...(await Promise.all(good.map((one) => line(builder, one, 'V', '')))),
      ...(await Promise.all(revoked.map((one) => line(builder, one, 'R', '250101000000Z')))),
    ];
    await writeFile(join(builder.folder, `${base}.txt`), lines.join(''));
    await writeFile(join(builder.folder, `${base}.req`), question);
    const by = ['-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`, '-CA', `${ca}.pem`];
    const files = ['-index', `${base}.txt`, '-reqin', `${base}.req`, '-respout', `${base}.resp`];
    await openssl(
      ['ocsp', ...files, ...by, ...(days === undefined ? [] : ['-ndays', `${days}`])],
      builder.folder,
    );
    return readFile(join(builder.folder, `${base}.resp`));
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const [, kind, name = '', encoded] = path.split('/');
    asked.push(kind === 'ocsp' ? `/ocsp/${name}` : path);
    try {
      const list = lists.get(path);
      const location = redirects.get(path);
      if (location !== undefined) response.writeHead(307, { location }).end();
      else if (kind === 'ocsp') response.end(await answer(name, await questionOf(request, encoded)));
      else response.writeHead(list === undefined ? 404 : 200).end(list);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, asked, responders, lists, redirects, stop };
}

/** By POST, or in base64 in the path. [RFC 6960, A.1] */
async function questionOf(request: IncomingMessage, encoded: string | undefined): Promise<Buffer> {
  if (request.method !== 'POST') return Buffer.from(decodeURIComponent(encoded ?? ''), 'base64');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function serialOf(builder: CertificateMaker, name: string): Promise<string> {
  const [der = new Uint8Array()] = await builder.chain(name);
  return readCertificate(der).x509.serialNumber;
}

/** A line of the database that openssl ca keeps. */
async function line(
  builder: CertificateMaker,
  name: string,
  state: 'V' | 'R',
  revoked: string,
): Promise<string> {
  return `${[state, '400101000000Z', revoked, await serialOf(builder, name), 'unknown', `/CN=${name}`].join('\t')}\n`;
}

/** Serial numbers of 16 bytes: openssl ca makes those of 20 for certificates, and sorts lists by them. */
function otherLine(index: number): string {
  const serial = (0x11n * 2n ** 120n + BigInt(index) * 977n).toString(16).toUpperCase();
  return `${['R', '400101000000Z', '250101000000Z,keyCompromise', serial, 'unknown', '/CN=other'].join('\t')}\n`;
}

export interface ListWish {
  /** Names, with the reason as openssl writes it after the time: `,superseded`, `,holdInstruction,OID`. */
  revoked: [name: string, reason?: string][];
  /** How many other certificates the list has, all before those of `revoked`: their serial numbers are smaller. */
  others?: number;
  issuer: string;
  number: number;
  /** Lines of the section of extensions. */
  extensions?: string[];
  /** Times as openssl takes them. */
  dates?: [last: string, next: string];
}

/** A revocation list, DER. */
export async function revocationList(builder: CertificateMaker, wish: ListWish): Promise<Buffer> {
  const { revoked, others = 0, issuer, number, extensions = [] } = wish;
  const { dates = ['250101000000Z', '400101000000Z'] } = wish;
  const lines = revoked.map(([name, reason = '']) => line(builder, name, 'R', `250101000000Z${reason}`));
  const text = Array.from({ length: others }, (_, index) => otherLine(index)).concat(
    await Promise.all(lines),
  );
  await writeFile(join(builder.folder, 'crl.txt'), text.join(''));
  await writeFile(join(builder.folder, 'crl.num'), `${number.toString(16).padStart(2, '0')}\n`);
  const config = [
    '[ca]',
    'default_ca=d',
    '[d]',
    'database=crl.txt',
    'crlnumber=crl.num',
    'default_md=sha256',
  ];
  const section = ['crl_extensions=e', '[e]', ...extensions, ''];
  await writeFile(join(builder.folder, 'crl.cnf'), [...config, ...section].join('\n'));
  const by = ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`];
  const when = ['-crl_lastupdate', dates[0], '-crl_nextupdate', dates[1]];
  await openssl(['ca', '-gencrl', '-config', 'crl.cnf', ...by, ...when, '-out', 'crl.pem'], builder.folder);
  await openssl(['crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der'], builder.folder);
  return readFile(join(builder.folder, 'crl.der'));
}
