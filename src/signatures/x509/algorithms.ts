/**
 * The algorithms that the kernel's PKCS#7 and X.509 parsers know, as far as this project uses them:
 * an allow-list, so that everything else is refused by not being on it.
 * [Linux crypto/asymmetric_keys/pkcs7_parser.c, x509_cert_parser.c; RFC 8017 C, RFC 5758]
 */
import type { KeyObject } from 'node:crypto';
import type { DigestName } from '../../model/index.ts';

export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  rsaEncryption: '1.2.840.113549.1.1.1',
  rsassaPss: '1.2.840.113549.1.1.10',
  /** id-ea-rsa of X.509: OpenSSL takes it for rsaEncryption, the kernel does not know it. */
  rsaAlias: '2.5.8.1.1',
  ecPublicKey: '1.2.840.10045.2.1',
} as const;

export const DIGEST_OIDS: Readonly<Record<DigestName, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

export const ECDSA_OIDS: Readonly<Record<DigestName, string>> = {
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** `shaNNNWithRSAEncryption`: right in a certificate, wrong in a SignerInfo. */
export const RSA_WITH_DIGEST_OIDS: Readonly<Record<DigestName, string>> = {
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

export const CERTIFICATE_SIGNATURE_OIDS: ReadonlySet<string> = new Set([
  ...Object.values(RSA_WITH_DIGEST_OIDS),
  ...Object.values(ECDSA_OIDS),
]);

/** Names of algorithms that people meet and that are refused. */
const REFUSED_NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5 with RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 with RSA',
  '1.2.840.113549.1.1.14': 'SHA-224 with RSA',
  '1.2.840.10045.4.1': 'SHA-1 with ECDSA',
  '1.2.840.10045.4.3.1': 'SHA-224 with ECDSA',
  [OID.rsassaPss]: 'RSASSA-PSS',
  '1.3.101.112': 'Ed25519',
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
export function digestOfOid(
  table: Readonly<Record<DigestName, string>>,
  oid: string,
): DigestName | undefined {
  return (['sha256', 'sha384', 'sha512'] as const).find((name) => table[name] === oid);
}

/** Public keys the kernel can use, named as Notary names key specifications. */
export type KeyKind = 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'EC-256' | 'EC-384' | 'EC-521';

const CURVES: Readonly<Record<string, KeyKind>> = {
  prime256v1: 'EC-256',
  secp384r1: 'EC-384',
  secp521r1: 'EC-521',
};

const RSA_BITS: Readonly<Record<number, KeyKind>> = { 2048: 'RSA-2048', 3072: 'RSA-3072', 4096: 'RSA-4096' };

/** What a public key is, and why the kernel cannot use it if it cannot. */
export type KeyVerdict = { kind: KeyKind } | { refused: string };

export function judgeKey(key: KeyObject): KeyVerdict {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case 'rsa': {
      const bits = details?.modulusLength ?? 0;
      const kind = RSA_BITS[bits];
      return kind === undefined ? { refused: `an RSA key of ${bits} bits` } : { kind };
    }
    case 'ec': {
      const curve = details?.namedCurve;
      const kind = curve === undefined ? undefined : CURVES[curve];
      return kind === undefined ? { refused: `an EC key on the curve ${curve ?? '(unnamed)'}` } : { kind };
    }
    case 'rsa-pss':
      return { refused: 'an RSA key that is bound to RSASSA-PSS' };
    default:
      return { refused: `a key of the type ${key.asymmetricKeyType ?? '(unknown)'}` };
  }
}

/** Bytes of one ECDSA coordinate. */
export const COORDINATE_BYTES: Readonly<Partial<Record<KeyKind, number>>> = {
  'EC-256': 32,
  'EC-384': 48,
  'EC-521': 66,
};
