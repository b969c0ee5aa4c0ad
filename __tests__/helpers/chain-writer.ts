/** Chains with any names, purposes and name constraints, written in the test itself. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode, encodeOid } from '../../src/signatures/x509/asn1/encode.ts';
import type { Certificate } from '../../src/signatures/x509/certificate.ts';
import { PURPOSE } from '../../src/signatures/x509/purposes.ts';
import { extension, issuerKeyId, keyId, sequence, type Written, writeCertificate } from './der-pki.ts';

export type Attribute = readonly [type: keyof typeof ATTRIBUTES, value: string, tag?: number | undefined];

const ATTRIBUTES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

/** A Name; each argument is one RDN of one or more attributes, UTF8String unless another tag is given. */
export function dn(...rdns: (Attribute | Attribute[])[]): Buffer {
  const several = rdns.map((rdn) => (typeof rdn[0] === 'string' ? [rdn as Attribute] : (rdn as Attribute[])));
  return sequence(
    ...several.map((rdn) =>
      encode(
        0x31,
        ...rdn.map(([type, value, tag = 0x0c]) => {
          const bytes = Buffer.from(value, tag === 0x1e ? 'utf16le' : tag === 0x0c ? 'utf8' : 'latin1');
          return sequence(encodeOid(ATTRIBUTES[type]), encode(tag, tag === 0x1e ? bytes.swap16() : bytes));
        }),
      ),
    ),
  );
}

const text = (tag: number) => (value: string) => encode(tag, Buffer.from(value, 'latin1'));
export const email = text(0x81);
export const dns = text(0x82);
export const uri = text(0x86);
export const directory = (...rdns: Parameters<typeof dn>) => encode(0xa4, dn(...rdns));
export const ip = (...bytes: number[]) => encode(0x87, Uint8Array.from(bytes));
export const registeredId = (oid: string) => encode(0x88, encodeOid(oid).subarray(2));
export const otherName = (oid: string, value: string) =>
  encode(0xa0, encodeOid(oid), encode(0xa0, encode(0x0c, Buffer.from(value))));

export interface Constraints {
  permitted?: Uint8Array[];
  excluded?: Uint8Array[];
}

/** A subtree with a minimum [0] or a maximum [1], already encoded. */
export const limited = (base: Uint8Array, ...limits: Uint8Array[]) => sequence(base, ...limits);

/** @param bases GeneralNames, or subtrees made by `limited` */
export function nameConstraints({ permitted, excluded }: Constraints, critical = true): Buffer {
  const list = (tag: number, bases: Uint8Array[] | undefined) =>
    bases === undefined
      ? []
      : [encode(tag, ...bases.map((base) => (base[0] === 0x30 ? base : sequence(base))))];
  return extension('2.5.29.30', sequence(...list(0xa0, permitted), ...list(0xa1, excluded)), critical);
}

export const alternativeNames = (...names: Uint8Array[]) => extension('2.5.29.17', sequence(...names));

/** @param names of `PURPOSE`, or object identifiers */
export function purposes(names: readonly string[], critical = false): Buffer {
  const oids = names.map((name) => encodeOid((PURPOSE as Record<string, string>)[name] ?? name));
  return extension('2.5.29.37', sequence(...oids), critical);
}

const keyUsage = (unused: number, bits: number) =>
  extension('2.5.29.15', encode(0x03, Uint8Array.of(unused, bits)), true);
/** Extensions of a signing certificate. */
export const LEAF = [extension('2.5.29.19', sequence(), true), keyUsage(7, 0x80)];

export function caExtensions(pathLength?: number): Buffer[] {
  const limit = pathLength === undefined ? [] : [encode(0x02, Uint8Array.of(pathLength))];
  const constraints = sequence(encode(0x01, Uint8Array.of(0xff)), ...limit);
  return [extension('2.5.29.19', constraints, true), keyUsage(2, 0x04)];
}

export interface Wanted {
  subject?: string | Uint8Array;
  extensions?: Uint8Array[];
  pathLength?: number;
}

type Keys = { publicKey: KeyObject; privateKey: KeyObject };
export const newKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const COMMON: Keys[] = [];

/**
 * A root, CAs below it in their order, and a leaf: leaf first, root last. All chains have the same keys, and
 * their certificates name each other by key.
 */
export function writeChain(leaf: Wanted, ...authorities: [root: Wanted, ...below: Wanted[]]): Written[] {
  const keysAt = (depth: number): Keys => {
    COMMON[depth] ??= newKeys();
    return COMMON[depth];
  };
  const chain: Written[] = [];
  for (const [depth, { subject = `CA ${depth}`, extensions = [], pathLength }] of authorities.entries()) {
    const all = [...caExtensions(pathLength), ...identifiers(depth + 1, chain.length), ...extensions];
    chain.unshift(
      writeBelow(chain[0], { subject, extensions: all, serial: [depth + 1], keys: keysAt(depth + 1) }),
    );
  }
  const { subject = 'leaf', extensions = [] } = leaf;
  const all = [...LEAF, ...identifiers(0, chain.length), ...extensions];
  chain.unshift(writeBelow(chain[0], { subject, extensions: all, serial: [99], keys: keysAt(0) }));
  return chain;
}

/** Of a key and the one that issues, by their places in COMMON; a root has none of an issuer. */
function identifiers(own: number, issuer: number): Buffer[] {
  return [keyId(Uint8Array.of(own)), ...(issuer === 0 ? [] : [issuerKeyId(Uint8Array.of(issuer))])];
}

function writeBelow(
  issuer: Written | undefined,
  fields: Omit<Parameters<typeof writeCertificate>[0], 'issuer'>,
): Written {
  return writeCertificate(issuer === undefined ? fields : { ...fields, issuer });
}

export const pemOf = (...chain: readonly Certificate[]) => chain.map(({ x509 }) => x509.toString()).join('');

/** The files that the CLI takes: the leaf's key, the whole chain, and the root alone. */
export function chainFiles(folder: string, name: string, chain: readonly Written[]) {
  const certificates = chain.map(({ certificate }) => certificate);
  const path = (suffix: string, content: string): string => {
    const file = join(folder, `${name}.${suffix}`);
    writeFileSync(file, content);
    return file;
  };
  const key = chain[0]?.key.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '';
  return {
    keyPath: path('key', key),
    chainPath: path('chain.pem', pemOf(...certificates)),
    rootPath: path('root.pem', pemOf(...certificates.slice(-1))),
  };
}
