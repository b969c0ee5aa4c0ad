import { PemSigner } from './pem.ts';
import { findPrivateKey, openPrivateKey } from './private-key.ts';
import { parseKeyReference, parsePassphraseReference } from './reference.ts';
import { readSecret } from './secret.ts';
import type { Signer } from './signer.ts';

export interface OpenSignerOptions {
  /** DER certificates: leaf first, then its issuers. */
  certificateChain: readonly Uint8Array[];
  /** Reference to the passphrase: `env://NAME` or a path. Read only if the key is encrypted. */
  passphrase?: string;
  /** The secrets that were taken out of the process environment at start, by variable name. */
  env: Readonly<Record<string, string>>;
}

/**
 * Opens the key that a reference names: a path, or `env://NAME`, to PEM. Called once every layer has
 * been converted, so that the key is in memory only while it is needed.
 * @throws VeritySignError with code `usage` for the reference, `key` for the key; no message or cause
 *   has any part of a secret.
 */
export async function openSigner(reference: string, options: OpenSignerOptions): Promise<Signer> {
  const found = findPrivateKey(await readSecret(parseKeyReference(reference), 'the key', options.env));
  const passphrase =
    found.encrypted && options.passphrase !== undefined
      ? await readPassphrase(options.passphrase, options.env)
      : undefined;
  return new PemSigner(openPrivateKey(found, passphrase), options.certificateChain);
}

/**
 * Checks the form of key and passphrase references without opening anything.
 * @throws VeritySignError with code `usage`.
 */
export function checkKeyReference(reference: string, passphrase?: string): void {
  parseKeyReference(reference);
  if (passphrase !== undefined) parsePassphraseReference(passphrase);
}

async function readPassphrase(reference: string, env: Readonly<Record<string, string>>): Promise<string> {
  const text = await readSecret(parsePassphraseReference(reference), 'the key passphrase', env);
  // An editor's or echo's newline at the end of a file is not part of the passphrase.
  return reference.startsWith('env://') ? text : text.replace(/\r?\n$/, '');
}
