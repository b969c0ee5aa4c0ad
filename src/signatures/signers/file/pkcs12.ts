import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { FormatError } from '../../../formats/format-error.ts';
import { readBer } from '../../x509/asn1/ber.ts';
import type { Element } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { oidOf } from '../../x509/asn1/values.ts';
import { type Certificate, readCertificate } from '../../x509/certificate.ts';
import { followIssuers, hasIssued, keyIdentifiersMatch } from '../../x509/chain.ts';
import { KEY_USAGE } from '../../x509/extensions.ts';
import {
  DecryptError,
  type Passphrase,
  PasswordCrypto,
  RoundsError,
  UnsupportedError,
} from './pkcs12-decrypt.ts';
import { children, octets } from './pkcs12-elements.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const X509 = '1.2.840.113549.1.9.22.1';
const BAGS = '1.2.840.113549.1.12.10.1.';
const [KEY, SHROUDED_KEY, CERTIFICATE, NESTED] = [1, 2, 3, 6].map((type) => `${BAGS}${type}`);

const AGAIN = 'Write it again with openssl pkcs12 -export, with only the signing key';
/** Algorithms that are not supported, of which files are known. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.14': 'PBMAC1',
  '1.2.840.113549.1.12.1.1': 'RC4 of 128 bits',
  '1.2.840.113549.1.12.1.2': 'RC4 of 40 bits',
  '1.2.840.113549.1.12.1.4': '3DES of two keys',
  '1.2.840.113549.1.12.1.5': 'RC2 of 128 bits',
  '1.2.840.113549.2.5': 'MD5',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
};

/** What a PKCS#12 file holds for signing. */
export interface Pkcs12 {
  key: KeyObject;
  /**
   * DER: the key's certificate, then its issuers as far as the file has them; empty without one.
   * @throws VeritySignError with code `key`, if the file has several for its key or a damaged one.
   */
  certificates(): Uint8Array[];
}

/** Keys as PKCS#8 and certificates, both DER, in the order of the file. */
interface Contents {
  keys: Uint8Array[];
  certificates: Uint8Array[];
  /** Something was decrypted, and no MAC shows that the passphrase is right. */
  unproven: boolean;
}

/**
 * Opens a PKCS#12 file: with RC2 and 3DES as older programs write it, or AES; with or without a MAC.
 * forge provides the old algorithms. Its own reader of PKCS#12 is not used: it accepts no EC keys, gives
 * certificates back in its own encoding, and runs as many rounds of key derivation as the file says.
 * @throws VeritySignError with code `key`, with no part of the content.
 */
export function openPkcs12(file: Uint8Array, passphrase: string | undefined): Pkcs12 {
  const { keys, certificates, unproven } = read(file, passphrase);
  const [der] = keys;
  if (der === undefined) {
    throw new VeritySignError('key', 'the PKCS#12 file holds no private key', {
      remedy: 'Export the certificate together with its private key',
    });
  }
  if (keys.length > 1) {
    throw new VeritySignError('key', `the PKCS#12 file holds ${keys.length} private keys`, { remedy: AGAIN });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch {
    throw unproven
      ? wrongPassphrase(passphrase)
      : unusable('has a private key that is damaged or of an unknown kind');
  }
  return { key, certificates: () => order(key, certificates) };
}

function read(file: Uint8Array, passphrase: string | undefined): Contents {
  try {
    return readPfx(readBer(file), passphrase);
  } catch (error) {
    if (error instanceof DecryptError) throw wrongPassphrase(passphrase);
    if (error instanceof FormatError || error instanceof RoundsError) throw unusable(error.message);
    if (!(error instanceof UnsupportedError)) throw error;
    const what = UNSUPPORTED[error.message] ?? `the algorithm ${error.message}`;
    throw new VeritySignError('key', `the PKCS#12 file is protected with ${what}, which is not supported`, {
      remedy: AGAIN,
    });
  }
}

function readPfx(pfx: Element, passphrase: string | undefined): Contents {
  const [, authSafe, macData] = children(pfx);
  const content = octets(contentOf(authSafe, DATA));
  const crypto = new PasswordCrypto();
  const candidates: Passphrase[] = passphrase === undefined || passphrase === '' ? ['', null] : [passphrase];
  const found = macData === undefined ? '' : candidates.find((one) => crypto.macFits(macData, content, one));
  if (found === undefined) throw new DecryptError();
  const secret = macData === undefined ? (passphrase ?? '') : found;
  const contents: Contents = { keys: [], certificates: [], unproven: false };
  const unproven = (): boolean => macData === undefined && crypto.hasDecrypted;
  try {
    for (const info of children(readBer(content))) {
      const safe = safeContents(info, crypto, secret);
      for (const bag of children(readBer(safe))) readBag(bag, contents, crypto, secret);
    }
  } catch (error) {
    // One wrong passphrase in 256 leaves valid padding: the content is garbage then.
    throw error instanceof FormatError && unproven() ? new DecryptError() : error;
  }
  return { ...contents, unproven: unproven() };
}

function safeContents(info: Element, crypto: PasswordCrypto, secret: Passphrase): Uint8Array {
  if (oidOf(children(info)[0]) !== ENCRYPTED_DATA) return octets(contentOf(info, DATA));
  const [, encrypted] = children(contentOf(info, ENCRYPTED_DATA));
  const [, algorithm, bytes] = children(encrypted);
  return crypto.decrypt(algorithm, octets(bytes), secret);
}

function readBag(bag: Element, contents: Contents, crypto: PasswordCrypto, secret: Passphrase): void {
  const [type, tagged] = children(bag);
  const [value] = children(tagged);
  switch (oidOf(type)) {
    case KEY:
      if (value !== undefined) contents.keys.push(value.bytes);
      return;
    case SHROUDED_KEY: {
      const [algorithm, encrypted] = children(value);
      contents.keys.push(crypto.decrypt(algorithm, octets(encrypted), secret));
      return;
    }
    case CERTIFICATE: {
      const [kind, certificate] = children(value);
      if (oidOf(kind) === X509) contents.certificates.push(octets(children(certificate)[0]));
      return;
    }
    case NESTED:
      for (const one of children(value)) readBag(one, contents, crypto, secret);
      return;
    default:
      // Revocation lists and other secrets are ignored.
      return;
  }
}

function contentOf(info: Element | undefined, wanted: string): Element {
  const [type, tagged] = children(info);
  const found = oidOf(type);
  const [content] = children(tagged);
  if (found !== wanted) throw new UnsupportedError(found);
  if (content === undefined || (wanted === DATA && content.tag !== TAG.octetString)) {
    throw new FormatError('lacks the content of a part');
  }
  return content;
}

/** The certificate of the key, then issuer after issuer; certificates that belong to neither are dropped. */
function order(key: KeyObject, ders: readonly Uint8Array[]): Uint8Array[] {
  const found = ders.map(readOrRefuse);
  const distinct = [...new Map(found.map((one) => [one.fingerprint, one])).values()];
  const publicKey = createPublicKey(key);
  const [own, ...others] = distinct.filter((one) => one.key?.equals(publicKey) === true);
  if (others.length > 0) {
    throw new VeritySignError('key', `the PKCS#12 file holds ${others.length + 1} certificates for its key`, {
      remedy: 'Say which one to use with `certificate`, a PEM file with it and its issuers',
    });
  }
  return own === undefined ? [] : followIssuers(own, distinct, hasIssuedAsCa).map(({ der }) => der);
}

/** As `hasIssued`, by key identifiers and keyUsage too: the file may hold several certificates of one name. */
function hasIssuedAsCa(issuer: Certificate, subject: Certificate): boolean {
  return (
    issuer.extensions.keyUsage?.bits.has(KEY_USAGE.keyCertSign) !== false &&
    keyIdentifiersMatch(issuer, subject) &&
    hasIssued(issuer, subject)
  );
}

function readOrRefuse(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw unusable(`has a certificate that cannot be read: it ${error.message}`);
  }
}

function wrongPassphrase(passphrase: string | undefined): VeritySignError {
  if (passphrase === undefined) {
    return new VeritySignError('key', 'the PKCS#12 file is encrypted and no passphrase was given', {
      remedy: 'Set `key-passphrase` to env://NAME or to the path of a file with the passphrase',
    });
  }
  return new VeritySignError(
    'key',
    'the PKCS#12 file cannot be decrypted: the passphrase is wrong or the file damaged',
    { remedy: 'Check `key-passphrase`; its file or variable must hold only the passphrase' },
  );
}

function unusable(predicate: string): VeritySignError {
  return new VeritySignError('key', `the PKCS#12 file cannot be read: it ${predicate}`, { remedy: AGAIN });
}
