/**
 * The algorithms of certificates and signatures: object identifiers, digests, and what signs with what.
 * Each profile (kernel, Notary) decides which of them it accepts. [RFC 8017 C, RFC 5758, RFC 8410]
 */
import type { DigestName } from '../../model/index.ts';
import type { Element } from './asn1/der.ts';
import { TAG } from './asn1/der-rules.ts';
import { fieldsOf } from './asn1/fields.ts';
import { oidOf } from './asn1/values.ts';

export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  rsaEncryption: '1.2.840.113549.1.1.1',
  rsassaPss: '1.2.840.113549.1.1.10',
  /** id-ea-rsa of X.509: OpenSSL takes it for rsaEncryption, the kernel does not know it. */
  rsaAlias: '2.5.8.1.1',
  ecPublicKey: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
} as const;

type DigestTable = Readonly<Record<DigestName, string>>;

export const DIGEST_OIDS: DigestTable = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

export const ECDSA_OIDS: DigestTable = {
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** `shaNNNWithRSAEncryption`: right in a certificate, wrong in a SignerInfo of PKCS#7. */
export const RSA_WITH_DIGEST_OIDS: DigestTable = {
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

/** Names for messages, of algorithms that users meet and that are refused. */
const REFUSED_NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5 with RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 with RSA',
  '1.2.840.113549.1.1.14': 'SHA-224 with RSA',
  '1.2.840.10045.4.1': 'SHA-1 with ECDSA',
  '1.2.840.10045.4.3.1': 'SHA-224 with ECDSA',
  [OID.rsassaPss]: 'RSASSA-PSS',
  [OID.ed25519]: 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.3.14.3.2.26': 'SHA-1',
  '1.2.840.113549.2.5': 'MD5',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
};

/** A name for messages; the object identifier itself where no name is known. */
export function algorithmName(oid: string): string {
  return REFUSED_NAMES[oid] ?? `the algorithm ${oid}`;
}

/** The digest that an object identifier of one of the tables above stands for. */
export function digestOfOid(table: DigestTable, oid: string): DigestName | undefined {
  return (['sha256', 'sha384', 'sha512'] as const).find((name) => table[name] === oid);
}

/** An AlgorithmIdentifier: SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }. */
export interface AlgorithmIdentifier {
  oid: string;
  parameters: Element | undefined;
}

/** @throws FormatError */
export function readAlgorithm(element: Element | undefined, name: string): AlgorithmIdentifier {
  const fields = fieldsOf(element, name);
  const oid = oidOf(fields.take(TAG.oid, 'identifier'));
  const parameters = fields.takeAny();
  fields.end();
  return { oid, parameters };
}
