import { isUtf8 } from 'node:buffer';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { plainPem } from '../../../lib/pem-text.ts';
import type { KeyHolder, PreparedSigner, SignerRequest } from '../../../model/signing.ts';
import type { SecretReference } from '../reference.ts';
import { PassphraseSource, SecretSource } from '../secret.ts';
import { findPrivateKey, openPrivateKey } from './pem.ts';
import { PrivateKeySigner } from './private-key.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OID = 0x06;
const OCTET_STRING = 0x04;

interface OpenedKey {
  holder: KeyHolder;
  key: KeyObject;
  /** DER, leaf first, where the file has its certificates. Fails if the file does not show which one to use. */
  certificates?: () => readonly Uint8Array[];
}

/**
 * A private key in a file or environment variable: PEM, PKCS#12 or DER, told apart by content.
 *
 * The key is opened and forgotten here, and opened again by `open()`. Opening it once would be enough,
 * but then it would lie in memory while foreign layers are converted, or a wrong passphrase would show
 * only after all of that work. The price: a key that is exchanged in between is found out late.
 * @throws VeritySignError with code `usage` for the passphrase reference or a missing certificate,
 *   `key` for the key; no message or cause has any part of a secret.
 */
export async function prepareKeyFile(
  reference: SecretReference,
  request: SignerRequest,
): Promise<PreparedSigner> {
  const { env, signal } = request;
  const key = new SecretSource(reference, 'the key', env, signal);
  const passphrase =
    request.passphrase === undefined ? undefined : new PassphraseSource(request.passphrase, env, signal);
  const opened = await openKey(key, passphrase);
  const ownChain = () => (request.withoutCertificate === true ? [] : (opened.certificates?.() ?? []));
  const certificateChain = request.certificates ?? ownChain();
  if (certificateChain.length === 0 && request.withoutCertificate !== true) {
    throw new VeritySignError('usage', '`certificate` is missing', {
      remedy: 'Name the PEM file of the signer: its certificate, then the issuers',
    });
  }
  return {
    holder: opened.holder,
    spec: new PrivateKeySigner(opened.key, certificateChain).spec,
    publicKey: createPublicKey(opened.key).export({ format: 'der', type: 'spki' }),
    certificateChain,
    open: async () => new PrivateKeySigner((await openKey(key, passphrase)).key, certificateChain),
  };
}

async function openKey(key: SecretSource, passphrase: PassphraseSource | undefined): Promise<OpenedKey> {
  const content = await key.read();
  const der = derOf(content);
  if (der !== undefined && isPkcs12(der)) {
    const { openPkcs12 } = await import('./pkcs12.ts');
    return { holder: 'pkcs12', ...openPkcs12(der, textOf(await passphrase?.read())) };
  }
  const found = findPrivateKey(der === undefined ? plainPem(content.toString('utf8')) : pemOfKey(der));
  return {
    holder: 'pem',
    key: openPrivateKey(found, found.encrypted ? await passphrase?.read() : undefined),
  };
}

/** The characters of a passphrase, which PKCS#12 wants, as openssl reads them: UTF-8, else Latin-1. */
function textOf(passphrase: Buffer | undefined): string | undefined {
  return passphrase?.toString(isUtf8(passphrase) ? 'utf8' : 'latin1');
}

/** The DER in a file, or in base64; undefined for anything else. */
function derOf(content: Buffer): Buffer | undefined {
  if (content[0] === SEQUENCE && !content.includes('-----BEGIN')) return content;
  const text = content.toString('latin1').replaceAll(/\s|\\n/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  return decoded[0] === SEQUENCE ? decoded : undefined;
}

/** A PFX begins with version 3; a PKCS#8 key has 0 there, PKCS#1 and SEC1 0 or 1. [RFC 7292, 4] */
function isPkcs12(der: Buffer): boolean {
  const header = headerLength(der);
  return der.subarray(header, header + 3).equals(Buffer.from([0x02, 0x01, 0x03]));
}

/**
 * A key in DER as PEM. All forms are a sequence: PKCS#8 has a version and then the algorithm, PKCS#1 the
 * modulus in its place, SEC1 version 1; an encrypted PKCS#8 begins with its algorithm.
 * [RFC 5208, 5 and 6; RFC 8017, A.1.2; RFC 5915, 3]
 */
function pemOfKey(der: Buffer): string {
  const first = der.subarray(headerLength(der));
  const isEncrypted = first[0] === SEQUENCE && first[headerLength(first)] === OID;
  const [tag, , version, second] = first;
  if (tag !== INTEGER && !isEncrypted) throw notAKey();
  let label = 'PRIVATE KEY';
  if (isEncrypted) label = 'ENCRYPTED PRIVATE KEY';
  else if (version === 1 && second === OCTET_STRING) label = 'EC PRIVATE KEY';
  else if (second === INTEGER) label = 'RSA PRIVATE KEY';
  return plainPem(`-----BEGIN ${label}-----${der.toString('base64')}-----END ${label}-----`);
}

function notAKey(): VeritySignError {
  return new VeritySignError(
    'key',
    'what the key reference points to is DER, and neither a key nor a PKCS#12 file',
    { remedy: 'Give one private key as PEM, DER or PKCS#12' },
  );
}

/** Octets of a tag and its length. */
function headerLength(der: Buffer): number {
  const length = der[1] ?? 0;
  return length > 0x80 ? 2 + (length & 0x7f) : 2;
}
