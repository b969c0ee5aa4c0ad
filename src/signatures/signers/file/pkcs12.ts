import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type forge from 'node-forge';
import { VeritySignError } from '../../../errors.ts';
import {
  children,
  encode,
  isOctetString,
  MalformedError,
  objectId,
  octets,
  parseBer,
} from './pkcs12-asn1.ts';
import {
  DecryptError,
  type Passphrase,
  PasswordCrypto,
  RoundsError,
  UnsupportedError,
} from './pkcs12-decrypt.ts';

type Asn1 = forge.asn1.Asn1;

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const X509 = '1.2.840.113549.1.9.22.1';
const BAGS = '1.2.840.113549.1.12.10.1.';
const [KEY, SHROUDED_KEY, CERTIFICATE, NESTED] = [1, 2, 3, 6].map((type) => `${BAGS}${type}`);

const AGAIN = 'Write it again with openssl pkcs12 -export, with the signing key alone';
const PBMAC1 = '1.2.840.113549.1.5.14';

/** What a PKCS#12 file holds for signing. */
export interface Pkcs12 {
  key: KeyObject;
  /** DER: the key's certificate, then its issuers as far as the file has them; empty without one. */
  certificates: Uint8Array[];
}

/** Keys as PKCS#8 and certificates, both DER, in the order of the file. */
interface Contents {
  keys: Buffer[];
  certificates: Buffer[];
  /** Something was decrypted, and no MAC told that the passphrase is right. */
  unproven: boolean;
}

/**
 * Opens a PKCS#12 file: with RC2 and 3DES as older programs write it, or AES; with or without a MAC.
 * forge reads the ASN.1 and knows the old algorithms. Its own reader of PKCS#12 is not used: it takes
 * no EC keys, gives certificates back in its own encoding, and runs as many rounds of key derivation as
 * the file says.
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
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    throw unproven
      ? wrongPassphrase(passphrase)
      : unusable('its private key is damaged or of an unknown kind');
  }
  return { key, certificates: order(key, certificates) };
}

function read(file: Uint8Array, passphrase: string | undefined): Contents {
  try {
    return readPfx(parseBer(file), passphrase);
  } catch (error) {
    if (error instanceof DecryptError) throw wrongPassphrase(passphrase);
    if (error instanceof MalformedError || error instanceof RoundsError) throw unusable(error.message);
    if (!(error instanceof UnsupportedError)) throw error;
    const what = error.message === PBMAC1 ? 'PBMAC1' : `the algorithm ${error.message}`;
    throw new VeritySignError('key', `the PKCS#12 file is protected with ${what}, which is not supported`, {
      remedy: AGAIN,
    });
  }
}

function readPfx(pfx: Asn1, passphrase: string | undefined): Contents {
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
    for (const info of children(parseBer(content))) {
      const safe = safeContents(info, crypto, secret);
      for (const bag of children(parseBer(safe))) readBag(bag, contents, crypto, secret);
    }
  } catch (error) {
    // One wrong passphrase in 256 leaves right padding: what is behind it is garbage then.
    throw error instanceof MalformedError && unproven() ? new DecryptError() : error;
  }
  return { ...contents, unproven: unproven() };
}

function safeContents(info: Asn1, crypto: PasswordCrypto, secret: Passphrase): Buffer {
  if (objectId(children(info)[0]) !== ENCRYPTED_DATA) return octets(contentOf(info, DATA));
  const [, encrypted] = children(contentOf(info, ENCRYPTED_DATA));
  const [, algorithm, bytes] = children(encrypted);
  return crypto.decrypt(algorithm, octets(bytes), secret);
}

function readBag(bag: Asn1, contents: Contents, crypto: PasswordCrypto, secret: Passphrase): void {
  const [type, tagged] = children(bag);
  const [value] = children(tagged);
  switch (objectId(type)) {
    case KEY:
      if (value !== undefined) contents.keys.push(encode(value));
      return;
    case SHROUDED_KEY: {
      const [algorithm, encrypted] = children(value);
      contents.keys.push(crypto.decrypt(algorithm, octets(encrypted), secret));
      return;
    }
    case CERTIFICATE: {
      const [kind, certificate] = children(value);
      if (objectId(kind) === X509) contents.certificates.push(octets(children(certificate)[0]));
      return;
    }
    case NESTED:
      for (const one of children(value)) readBag(one, contents, crypto, secret);
      return;
    default:
      // Revocation lists and other secrets are none of our business.
      return;
  }
}

function contentOf(info: Asn1 | undefined, wanted: string): Asn1 {
  const [type, tagged] = children(info);
  const found = objectId(type);
  const [content] = children(tagged);
  if (found !== wanted) throw new UnsupportedError(found);
  if (content === undefined || (wanted === DATA && !isOctetString(content))) {
    throw new MalformedError('no content');
  }
  return content;
}

/** The certificate of the key, then issuer after issuer; what belongs to neither is left out. */
function order(key: KeyObject, ders: readonly Buffer[]): Uint8Array[] {
  const certificates = ders.map((der) => {
    try {
      return new X509Certificate(der);
    } catch {
      throw unusable('a certificate in it is damaged');
    }
  });
  const distinct = [...new Map(certificates.map((one) => [one.fingerprint256, one])).values()];
  const publicKey = createPublicKey(key);
  const own = distinct.filter((one) => hasKey(one, publicKey));
  if (own.length > 1) {
    throw new VeritySignError('key', `the PKCS#12 file holds ${own.length} certificates for its key`, {
      remedy: 'Say which one to use with `certificate`, a PEM file with it and its issuers',
    });
  }
  const chain: X509Certificate[] = [];
  for (let next = own[0]; next !== undefined && !chain.includes(next); next = issuerOf(next, distinct)) {
    chain.push(next);
  }
  return chain.map((one) => one.raw);
}

function issuerOf(
  certificate: X509Certificate,
  all: readonly X509Certificate[],
): X509Certificate | undefined {
  const issuers = all.filter((one) => issued(certificate, one));
  // Of a root and its cross-certificate the root ends the chain.
  return issuers.find((one) => issued(one, one)) ?? issuers[0];
}

/** A key that this Node.js does not know makes its getter throw; such a certificate is not ours. */
function issued(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function hasKey(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.publicKey.equals(key);
  } catch {
    return false;
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
    { remedy: 'Check `key-passphrase`; a passphrase file must hold the passphrase alone' },
  );
}

function unusable(reason: string): VeritySignError {
  return new VeritySignError('key', `the PKCS#12 file cannot be read: ${reason}`, { remedy: AGAIN });
}
