/**
 * The reader of certificates against two others, Node's (OpenSSL by its library) and the openssl program, on
 * certificates with unusual names, serial numbers, dates, extensions and keys.
 */
import { sign, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { FormatError } from '../../src/formats/format-error.ts';
import { childrenOf, onlyElement, readDer } from '../../src/signatures/x509/asn1/der.ts';
import { encode } from '../../src/signatures/x509/asn1/encode.ts';
import { bigIntegerOf } from '../../src/signatures/x509/asn1/values.ts';
import { type Certificate, readCertificate } from '../../src/signatures/x509/certificate.ts';
import { hasIssued, keyIdentifiersMatch } from '../../src/signatures/x509/chain.ts';
import { readName } from '../../src/signatures/x509/name.ts';
import { openssl } from '../helpers/pki.ts';
import { random } from '../helpers/random.ts';
import { testFolder } from '../helpers/temp.ts';

interface Wish {
  name: string;
  /** Arguments of openssl genpkey. */
  key: string[];
  /** Lines of the section with the subject. */
  subject: string[];
  /** Mask of the string types that openssl may use. */
  mask?: string;
  serial: string;
  /** notBefore and notAfter. */
  dates: [string, string];
  extensions: string[];
  /** Further arguments of openssl req. */
  more?: string[];
}

const ec = (curve: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];
const rsa = (bits: number) => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
const DATES: [string, string] = ['250101000000Z', '450101000000Z'];
const PLAIN = { subject: ['CN=plain'], serial: '1', dates: DATES, extensions: [] };
const T61 = 'MASK:0x0004';
const BMP = 'MASK:0x0800';
const UNIVERSAL = 'MASK:0x0100';

const WISHES: Wish[] = [
  { ...PLAIN, name: 'version 1', key: ec('P-256') },
  { ...PLAIN, name: 'P-384', key: ec('P-384'), extensions: ['subjectKeyIdentifier=hash'] },
  { ...PLAIN, name: 'P-521', key: ec('P-521'), more: ['-sha512'] },
  { ...PLAIN, name: 'brainpool', key: ec('brainpoolP256r1') },
  { ...PLAIN, name: 'secp256k1', key: ec('secp256k1') },
  { ...PLAIN, name: 'explicit curve', key: [...ec('P-256'), '-pkeyopt', 'ec_param_enc:explicit'] },
  { ...PLAIN, name: 'Ed25519', key: ['-algorithm', 'ED25519'] },
  { ...PLAIN, name: 'Ed448', key: ['-algorithm', 'ED448'] },
  { ...PLAIN, name: 'RSA of 1024 bits', key: rsa(1024) },
  { ...PLAIN, name: 'RSA, SHA-1', key: rsa(2048), more: ['-sha1'] },
  { ...PLAIN, name: 'RSA, PSS', key: rsa(2048), more: ['-sigopt', 'rsa_padding_mode:pss'] },
  {
    ...PLAIN,
    name: 'RSA-PSS key',
    key: ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
    more: ['-sha384'],
  },
  { ...PLAIN, name: 'negative serial', key: ec('P-256'), serial: '-129' },
  { ...PLAIN, name: 'serial zero', key: ec('P-256'), serial: '0' },
  { ...PLAIN, name: 'serial with its highest bit', key: ec('P-256'), serial: `0x80${'00'.repeat(15)}` },
  { ...PLAIN, name: 'large serial', key: ec('P-256'), serial: `0x7f${'ab'.repeat(40)}` },
  {
    ...PLAIN,
    name: 'GeneralizedTime',
    key: ec('P-256'),
    dates: ['20510203040506Z', '99991231235959Z'],
  },
  { ...PLAIN, name: 'the last century', key: ec('P-256'), dates: ['19500101000000Z', '19991231235959Z'] },
  { ...PLAIN, name: 'both kinds of time', key: ec('P-256'), dates: ['491231235959Z', '20500101000000Z'] },
  {
    ...PLAIN,
    name: 'UTF8String',
    key: ec('P-256'),
    subject: [
      'C=DE',
      'O=Łódź, "Röhre" + Söhne; <#>',
      'OU=a=b\\\\c',
      'CN=信頼 🔏',
      'emailAddress=a@example.org',
    ],
  },
  { ...PLAIN, name: 'T61String', key: ec('P-256'), mask: T61, subject: ['O=Röhre & Söhne', 'CN=tele'] },
  { ...PLAIN, name: 'BMPString', key: ec('P-256'), mask: BMP, subject: ['O=Łódź 信頼', 'CN=bmp'] },
  { ...PLAIN, name: 'UniversalString', key: ec('P-256'), mask: UNIVERSAL, subject: ['O=🔏 x', 'CN=uni'] },
  {
    ...PLAIN,
    name: 'RDNs of several attributes',
    key: ec('P-256'),
    subject: ['C=DE', 'O=Example', '+OU=one', '+serialNumber=7', 'DC=example', 'CN=a', '+UID=b'],
  },
  {
    ...PLAIN,
    name: 'attributes without a name',
    key: ec('P-256'),
    subject: ['0.1.2.3.4.5=x', '0.2.999.4294967295=y', 'CN=oid'],
  },
  { ...PLAIN, name: 'one attribute twice', key: ec('P-256'), subject: ['0.CN=first', '1.CN=second'] },
  {
    ...PLAIN,
    name: 'CA with everything',
    key: ec('P-256'),
    extensions: [
      'basicConstraints=critical,CA:TRUE,pathlen:300',
      'keyUsage=critical,digitalSignature,keyCertSign,cRLSign,decipherOnly,keyAgreement',
      'extendedKeyUsage=critical,codeSigning,timeStamping,1.2.3.4',
      'subjectKeyIdentifier=0123456789abcdef',
      'subjectAltName=email:a@example.org,URI:http://example.org/,dirName:dn',
      'authorityInfoAccess=OCSP;URI:http://ocsp.example.org/,caIssuers;URI:http://ca.example.org/',
      'crlDistributionPoints=URI:http://crl.example.org/1,URI:http://crl.example.org/2',
      '1.2.3.4.5=critical,DER:0500',
      '[dn]',
      'CN=other',
    ],
  },
  { ...PLAIN, name: 'pathlen 0', key: ec('P-256'), extensions: ['basicConstraints=CA:TRUE,pathlen:0'] },
];

const MUTANTS = 300;
const folder = testFolder();
const made = new Map<string, { der: Buffer; path: string; certificate: Certificate }>();

beforeAll(async () => {
  for (const [index, wish] of WISHES.entries()) {
    const path = join(folder, `${index}.pem`);
    await make(`${index}`, wish);
    const der = new X509Certificate(await readFile(path)).raw;
    made.set(wish.name, { der, path, certificate: readCertificate(der) });
  }
});

/** Self-signed. */
async function make(base: string, wish: Wish): Promise<void> {
  const { key, subject, mask = 'utf8only', serial, dates, extensions, more = ['-sha256'] } = wish;
  const request = ['[req]', 'prompt=no', 'utf8=yes', `string_mask=${mask}`, 'distinguished_name=dn'];
  await writeFile(join(folder, 'req.cnf'), [...request, '[dn]', ...subject, ''].join('\n'));
  await writeFile(join(folder, 'ext.cnf'), [...extensions, ''].join('\n'));
  await openssl(['genpkey', ...key, '-out', `${base}.key`], folder);
  const asked = ['-new', '-utf8', '-config', 'req.cnf', '-key', `${base}.key`, '-out', `${base}.csr`];
  await openssl(['req', ...asked], folder);
  const extended = extensions.length === 0 ? [] : ['-extfile', 'ext.cnf'];
  const by = ['-signkey', `${base}.key`, '-set_serial', serial, '-days', '1', ...extended, ...more];
  await openssl(['x509', '-req', '-in', `${base}.csr`, ...by, '-out', `${base}.pem`], folder);
  if (dates === DATES) return;
  const path = join(folder, `${base}.pem`);
  const keyPem = await readFile(join(folder, `${base}.key`));
  const der = redated(new X509Certificate(await readFile(path)).raw, dates, keyPem);
  await writeFile(path, new X509Certificate(der).toString());
}

/** A certificate by an EC key with other dates, which openssl x509 cannot set, signed again. */
function redated(der: Uint8Array, dates: readonly string[], key: Buffer): Buffer {
  const [tbs, algorithm] = childrenOf(readDer(der));
  if (tbs === undefined || algorithm === undefined) throw new Error('no certificate');
  const times = dates.map((date) => encode(date.length === 13 ? 0x17 : 0x18, Buffer.from(date)));
  const fields = childrenOf(tbs);
  // After the version, if there is one: serial number, algorithm, issuer, validity.
  const at = (fields[0]?.tag === 0xa0 ? 1 : 0) + 3;
  const parts = fields.map(({ bytes }, index) => (index === at ? encode(0x30, ...times) : bytes));
  const body = encode(0x30, ...parts);
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, key)]);
  return encode(0x30, body, algorithm.bytes, encode(0x03, signature));
}

/** What openssl x509 prints. */
async function printed(name: string, ...options: string[]): Promise<string> {
  const { path = '' } = made.get(name) ?? {};
  return (await openssl(['x509', '-in', path, '-noout', ...options], folder)).toString();
}

function certificateOf(name: string): Certificate {
  const found = made.get(name);
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found.certificate;
}

/** Bits of keyUsage by their names in openssl's text. */
const USAGES = [
  'Digital Signature',
  'Non Repudiation',
  'Key Encipherment',
  'Data Encipherment',
  'Key Agreement',
  'Certificate Sign',
  'CRL Sign',
  'Encipher Only',
  'Decipher Only',
];

describe.each(WISHES.map(({ name }) => name))('%s', (name) => {
  test('name: attributes and values as openssl prints them', async () => {
    const text = await printed(name, '-subject', '-nameopt', 'oid,sep_multiline,utf8');
    const lines = text.split('\n').slice(1, -1);
    const expected = lines.flatMap((line) => line.trim().split(/ \+ (?=[\d.]+=)/));
    const own = readName(certificateOf(name).raw.subject).map(({ type, value }) => `${type}=${value}`);
    expect(own).toEqual(expected);
  });

  test('serial number', async () => {
    const serial = bigIntegerOf(onlyElement(certificateOf(name).raw.serial));
    // After 35 bytes openssl goes on in the next line.
    const text = (await printed(name, '-serial')).replaceAll('\\\n', '');
    const [, sign = '', digits = ''] = /^serial=(-?)([0-9A-F]+)\n$/.exec(text) ?? [];
    expect(serial).toBe(BigInt(`0x${digits}`) * (sign === '-' ? -1n : 1n));
  });

  test('dates', async () => {
    const { notBefore, notAfter, x509 } = certificateOf(name);
    const text = await printed(name, '-dates', '-dateopt', 'iso_8601');
    const [, from = '', to = ''] = /notBefore=(.*)Z\nnotAfter=(.*)Z/.exec(text) ?? [];
    expect([notBefore, notAfter]).toEqual([from, to].map((date) => new Date(`${date.replace(' ', 'T')}Z`)));
    expect([notBefore, notAfter]).toEqual([x509.validFromDate, x509.validToDate]);
  });

  test('extensions', async () => {
    const { extensions } = certificateOf(name);
    const text = await printed(name, '-text');
    const { basicConstraints, keyUsage, extendedKeyUsage, subjectKeyId } = extensions;
    const lineAfter = (title: string) =>
      new RegExp(`X509v3 ${title}: ?(critical)?\\s*\\n\\s+(.*)\\n`).exec(text)?.slice(1);
    const [bcCritical, constraints] = lineAfter('Basic Constraints') ?? [];
    expect(basicConstraints === undefined).toBe(constraints === undefined);
    expect(basicConstraints?.critical ?? false).toBe(bcCritical !== undefined);
    expect(basicConstraints?.isCa ?? false).toBe(constraints?.includes('CA:TRUE') ?? false);
    expect(basicConstraints?.pathLength).toBe(numberIn(constraints, /pathlen:(\d+)/));
    const [kuCritical, usages] = lineAfter('Key Usage') ?? [];
    expect(keyUsage?.critical ?? false).toBe(kuCritical !== undefined);
    expect([...(keyUsage?.bits ?? [])].map((bit) => USAGES[bit])).toEqual(
      usages === undefined || usages.trim() === '' ? [] : usages.split(', '),
    );
    const purposes = new X509Certificate(made.get(name)?.der ?? '').keyUsage as string[] | undefined;
    expect(extendedKeyUsage?.purposes).toEqual(purposes);
    const [, keyId] = lineAfter('Subject Key Identifier') ?? [];
    expect(subjectKeyId && Buffer.from(subjectKeyId).toString('hex').toUpperCase()).toBe(
      keyId?.replaceAll(':', ''),
    );
    expect(extensions.all.size).toBe([...text.matchAll(/^ {12}\S.*: ?(critical)?\s*$/gm)].length);
  });

  test('key, and who issued it', () => {
    const { key, raw, x509, selfSigned } = certificateOf(name);
    const spki = x509.publicKey.export({ type: 'spki', format: 'der' });
    expect(spki.subarray(-raw.publicKey.length)).toEqual(Buffer.from(raw.publicKey));
    expect(key?.equals(x509.publicKey)).toBe(true);
    expect(selfSigned).toBe(x509.checkIssued(x509) && x509.verify(x509.publicKey));
    expect(selfSigned).toBe(true);
    for (const { certificate: other } of made.values()) {
      const byNode = x509.checkIssued(other.x509) && x509.verify(other.x509.publicKey);
      const own = hasIssued(other, certificateOf(name)) && keyIdentifiersMatch(other, certificateOf(name));
      expect(own).toBe(byNode);
    }
  });

  test('mutants: what is read, Node reads as well, with the same content', () => {
    const der = made.get(name)?.der ?? Buffer.alloc(0);
    const next = random(20_261_128);
    let read = 0;
    for (let count = 0; count < MUTANTS; count++) {
      const mutant = Buffer.from(der);
      const at = next(mutant.length);
      mutant[at] = next(2) === 0 ? (mutant[at] ?? 0) ^ (1 << next(8)) : next(256);
      let certificate: Certificate;
      try {
        certificate = readCertificate(mutant);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        continue;
      }
      read += 1;
      const x509 = new X509Certificate(mutant);
      expect(x509.raw.equals(mutant)).toBe(true);
      expect([certificate.notBefore, certificate.notAfter]).toEqual([x509.validFromDate, x509.validToDate]);
      const serial = bigIntegerOf(onlyElement(certificate.raw.serial));
      const digits = serial < 0n ? -serial : serial;
      expect(digits).toBe(BigInt(`0x${x509.serialNumber.replace('-', '')}`));
    }
    // Otherwise the mutants would have been too wild to say anything.
    expect(read).toBeGreaterThan(MUTANTS / 10);
  });
});

function numberIn(text: string | undefined, pattern: RegExp): number | undefined {
  const found = pattern.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
