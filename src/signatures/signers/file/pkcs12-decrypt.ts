import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import forge from 'node-forge';
import { decoding, FormatError } from '../../../formats/format-error.ts';
import type { Element } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { oidOf } from '../../x509/asn1/values.ts';
import { children, octets, rounds } from './pkcs12-elements.ts';

/**
 * The passphrase, or null for none. PKCS#12 distinguishes none from an empty one, and programs differ in
 * which of the two they write for "no passphrase".
 */
export type Passphrase = string | null;

/** The bytes cannot be decrypted: they are damaged, or (without a MAC) the passphrase is wrong. */
export class DecryptError extends Error {}
/** The file asks for no key derivation, or for one that takes too long; the message is a predicate. */
export class RoundsError extends Error {}
/** An algorithm that is not supported, by its object identifier. */
export class UnsupportedError extends Error {}

/**
 * Most rounds of key derivation in one file, over all of its parts: seconds, not hours. OpenSSL and Windows
 * write 2000 a part, keytool 10000, NSS 600000.
 */
const MAX_ROUNDS = 3_000_000;

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
/** Encryption schemes of PKCS#12 itself: with 3DES, and with RC2 of 40 bits for certificates. */
const LEGACY: ReadonlySet<string> = new Set(['1.2.840.113549.1.12.1.3', '1.2.840.113549.1.12.1.6']);
const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};
const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const MAC_DIGESTS: Readonly<Record<string, 'sha1' | 'sha256' | 'sha384' | 'sha512'>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** forge's decryption of the schemes of PKCS#12, which its type declarations lack. */
interface ForgePbe {
  getCipher(scheme: string, parameters: forge.asn1.Asn1, passphrase: Passphrase): forge.cipher.BlockCipher;
}

/** Password-based decryption and integrity, with a bound on what a file can make us compute. [RFC 7292, RFC 8018] */
export class PasswordCrypto {
  #rounds = 0;
  #decrypted = false;

  /** Whether anything has been decrypted, rightly or not. */
  get hasDecrypted(): boolean {
    return this.#decrypted;
  }

  /** Whether MacData fits the content under the passphrase. */
  macFits(macData: Element, content: Uint8Array, passphrase: Passphrase): boolean {
    const [digestInfo, salt, count] = children(macData);
    const [algorithm, expected] = children(digestInfo);
    const digest = lookUp(MAC_DIGESTS, oidOf(children(algorithm)[0]));
    // A count that is not given is 1.
    const iterations = this.#spend(count === undefined ? 1 : rounds(count));
    const md = forge.md[digest].create();
    const saltBytes = forge.util.createBuffer(binary(octets(salt)));
    const key = forge.pkcs12.generateKey(passphrase, saltBytes, 3, iterations, md.digestLength, md);
    const mac = createHmac(digest, Buffer.from(key.getBytes(), 'latin1')).update(content).digest();
    const wanted = octets(expected);
    return mac.length === wanted.length && timingSafeEqual(mac, wanted);
  }

  decrypt(algorithm: Element | undefined, encrypted: Uint8Array, passphrase: Passphrase): Buffer {
    const [oid, parameters] = children(algorithm);
    const scheme = oidOf(oid);
    this.#decrypted = true;
    if (scheme === PBES2) return this.#pbes2(parameters, encrypted, passphrase);
    if (!LEGACY.has(scheme)) throw new UnsupportedError(scheme);
    // A key of up to two blocks and an initial vector, each with all rounds.
    this.#spend(3 * rounds(children(parameters)[1]));
    const { pbe } = forge.pki as unknown as { pbe: ForgePbe };
    const cipher = pbe.getCipher(scheme, forgeElement(parameters), passphrase);
    cipher.update(forge.util.createBuffer(binary(encrypted)));
    if (!cipher.finish()) throw new DecryptError();
    return Buffer.from(cipher.output.getBytes(), 'latin1');
  }

  #pbes2(parameters: Element | undefined, encrypted: Uint8Array, passphrase: Passphrase): Buffer {
    const [derivation, encryption] = children(parameters);
    const [kdf, kdfParameters] = children(derivation);
    if (oidOf(kdf) !== PBKDF2) throw new UnsupportedError(oidOf(kdf));
    const [salt, count, ...options] = children(kdfParameters);
    const prf = options.find(({ tag }) => tag !== TAG.integer);
    const hmac = prf === undefined ? 'sha1' : lookUp(HMACS, oidOf(children(prf)[0]));
    const [cipherId, iv] = children(encryption);
    const { name, keyBytes } = lookUp(CIPHERS, oidOf(cipherId));
    const iterations = this.#spend(rounds(count));
    const key = pbkdf2Sync(passphrase ?? '', octets(salt), iterations, keyBytes, hmac);
    try {
      const cipher = createDecipheriv(name, key, octets(iv));
      return Buffer.concat([cipher.update(encrypted), cipher.final()]);
    } catch {
      throw new DecryptError();
    }
  }

  #spend(iterations: number): number {
    this.#rounds += iterations;
    if (iterations < 1) throw new RoundsError('asks for no rounds of key derivation');
    if (this.#rounds > MAX_ROUNDS) {
      throw new RoundsError(`asks for more than ${MAX_ROUNDS} rounds of key derivation`);
    }
    return iterations;
  }
}

function lookUp<T>(table: Readonly<Record<string, T>>, oid: string): T {
  const found = Object.hasOwn(table, oid) ? table[oid] : undefined;
  if (found === undefined) throw new UnsupportedError(oid);
  return found;
}

function forgeElement(element: Element | undefined): forge.asn1.Asn1 {
  if (element === undefined) throw new FormatError('lacks the parameters of an algorithm');
  return decoding('has parameters of an algorithm that cannot be read', () =>
    forge.asn1.fromDer(binary(element.bytes)),
  );
}

/** Bytes as forge takes them: one character each. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
