import type { KeyObject } from 'node:crypto';
import { VeritySignError } from '../errors.ts';
import { findPrivateKey, openPrivateKey } from './pem.ts';
import { PrivateKeySigner } from './private-key.ts';
import type { SecretReference } from './reference.ts';
import { PassphraseSource, SecretSource } from './secret.ts';
import type { KeyHolder, PreparedSigner, SignerRequest } from './signer.ts';

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
  const found = findPrivateKey(content.toString('utf8'));
  return {
    holder: 'pem',
    key: openPrivateKey(found, found.encrypted ? await passphrase?.read() : undefined),
  };
}
