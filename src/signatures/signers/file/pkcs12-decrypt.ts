import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import forge from 'node-forge';
import type { Element } from '../../x509/asn1/der.ts';
import { TAG } from '../../x509/asn1/der-rules.ts';
import { oidOf } from '../../x509/asn1/values.ts';
import { children, octets, rounds } from './pkcs12-elements.ts';
import {
  FOR_IV,
  FOR_KEY,
  FOR_MAC,
  type Passphrase,
  PKCS12_DIGESTS,
  type Pkcs12Digest,
  pkcs12Key,
} from './pkcs12-key.ts';

export type { Passphrase } from './pkcs12-key.ts';

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
const LEGACY: Readonly<Record<string, { cipher: 'des-ede3-cbc' | 'rc2'; keyBytes: number }>> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyBytes: 24 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyBytes: 5 },
};
/** Bytes in a block of both of these ciphers. */
const LEGACY_BLOCK = 8;
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
const MAC_DIGESTS: Readonly<Record<string, Pkcs12Digest>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

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
    const { digestBytes } = PKCS12_DIGESTS[digest];
    const key = pkcs12Key(passphrase, octets(salt), { digest, id: FOR_MAC, iterations, bytes: digestBytes });
    const mac = createHmac(digest, key).update(content).digest();
    const wanted = octets(expected);
    return mac.length === wanted.length && timingSafeEqual(mac, wanted);
  }

  decrypt(algorithm: Element | undefined, encrypted: Uint8Array, passphrase: Passphrase): Buffer {
    const [oid, parameters] = children(algorithm);
    const scheme = oidOf(oid);
    this.#decrypted = true;
    if (scheme === PBES2) return this.#pbes2(parameters, encrypted, passphrase);
    const legacy = lookUp(LEGACY, scheme);
    const [salt, count] = children(parameters);
    const iterations = rounds(count);
    // A key of up to two blocks and an initial vector, each with all rounds.
    this.#spend(3 * iterations);
    const derive = (id: number, bytes: number): Buffer =>
      pkcs12Key(passphrase, octets(salt), { digest: 'sha1', id, iterations, bytes });
    const key = derive(FOR_KEY, legacy.keyBytes);
    const iv = derive(FOR_IV, LEGACY_BLOCK);
    return legacy.cipher === 'rc2'
      ? decryptRc2(key, iv, encrypted)
      : decryptWith(legacy.cipher, key, iv, encrypted);
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
    return decryptWith(name, key, octets(iv), encrypted);
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

function decryptWith(cipher: string, key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Buffer {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw new DecryptError();
  }
}

/** RC2 of 40 bits, which OpenSSL has only in its legacy provider. */
function decryptRc2(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Buffer {
  const cipher = forge.rc2.createDecryptionCipher(binary(key), 40);
  cipher.start(binary(iv));
  cipher.update(forge.util.createBuffer(binary(encrypted)));
  if (!cipher.finish()) throw new DecryptError();
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

/** Bytes as forge takes them: one character each. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
