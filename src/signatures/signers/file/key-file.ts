import type { KeyObject } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import type { KeyHolder, PreparedSigner, SignerRequest } from '../../../model/signing.ts';
import type { SecretReference } from '../reference.ts';
import { PassphraseSource, SecretSource } from '../secret.ts';
import { findPrivateKey, openPrivateKey } from './pem.ts';
import { PrivateKeySigner } from './private-key.ts';

const SEQUENCE = 0x30;

interface OpenedKey {
  holder: KeyHolder;
  key: KeyObject;
  /** DER, leaf first, where the file has its certificates. */
  certificates?: readonly Uint8Array[];
}

/**
 * A private key in a file or environment variable: PEM or PKCS#12, told apart by content.
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
  const key = new SecretSource(reference, 'the key', request.env);
  const passphrase =
    request.passphrase === undefined ? undefined : new PassphraseSource(request.passphrase, request.env);
  const opened = await openKey(key, passphrase);
  const certificateChain = request.certificates ?? opened.certificates ?? [];
  if (certificateChain.length === 0) {
    throw new VeritySignError('usage', '`certificate` is missing', {
      remedy: 'Name the PEM file of the signer: its certificate, then the issuers',
    });
  }
  return {
    holder: opened.holder,
    spec: new PrivateKeySigner(opened.key, certificateChain).spec,
    certificateChain,
    open: async () => new PrivateKeySigner((await openKey(key, passphrase)).key, certificateChain),
  };
}

async function openKey(key: SecretSource, passphrase: PassphraseSource | undefined): Promise<OpenedKey> {
  const content = await key.read();
  const der = derOf(content);
  if (der !== undefined) {
    if (!isPkcs12(der)) {
      throw new VeritySignError('key', 'what the key reference points to is DER, and no PKCS#12 file', {
        remedy: 'Convert a key to PEM with openssl pkey -inform DER',
      });
    }
    const { openPkcs12 } = await import('./pkcs12.ts');
    return { holder: 'pkcs12', ...openPkcs12(der, await passphrase?.read()) };
  }
  const found = findPrivateKey(content.toString('utf8'));
  return {
    holder: 'pem',
    key: openPrivateKey(found, found.encrypted ? await passphrase?.read() : undefined),
  };
}

/** The DER in a file, or in the base64 of an environment variable; undefined for anything else. */
function derOf(content: Buffer): Buffer | undefined {
  if (content[0] === SEQUENCE && !content.includes('-----BEGIN')) return content;
  const text = content.toString('latin1').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  return decoded[0] === SEQUENCE ? decoded : undefined;
}

/** A PFX begins with version 3; a PKCS#8 key has 0 there, PKCS#1 and SEC1 0 or 1. [RFC 7292, 4] */
function isPkcs12(der: Buffer): boolean {
  const length = der[1] ?? 0;
  const header = length > 0x80 ? 2 + (length & 0x7f) : 2;
  return der.subarray(header, header + 3).equals(Buffer.from([0x02, 0x01, 0x03]));
}
