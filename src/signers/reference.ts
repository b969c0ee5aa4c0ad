import { VeritySignError } from '../errors.ts';

/** Where a secret is to be found. */
export type SecretReference = { kind: 'file'; path: string } | { kind: 'env'; name: string };

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SUPPORTED = 'Give the path of a PEM file, or env://NAME for an environment variable that holds the PEM';

/**
 * Reads a key reference without opening anything: a path, or `env://NAME`.
 * Someone may have pasted the key itself, so messages show of the text no more than its scheme.
 * @throws VeritySignError with code `usage`.
 */
export function parseKeyReference(reference: string): SecretReference {
  if (reference.includes('-----BEGIN') || /[\r\n]/.test(reference)) {
    throw new VeritySignError('usage', '`key` holds the key itself instead of a reference to it', {
      remedy:
        'Put the key into an environment variable and give env://NAME, or into a file and give its path',
    });
  }
  return parseReference(reference, 'key', SUPPORTED);
}

/** Reads a passphrase reference: `env://NAME` or a path; never the passphrase itself. */
export function parsePassphraseReference(reference: string): SecretReference {
  return parseReference(
    reference,
    'key-passphrase',
    'Give env://NAME for an environment variable, or the path of a file that holds the passphrase',
  );
}

function parseReference(reference: string, option: string, remedy: string): SecretReference {
  const scheme = SCHEME.exec(reference)?.[1];
  if (scheme === undefined) {
    if (reference.trim() === '' || reference.includes('\0')) {
      throw new VeritySignError('usage', `\`${option}\` is empty or no path`, { remedy });
    }
    return { kind: 'file', path: reference };
  }
  if (scheme !== 'env') {
    throw new VeritySignError('usage', `\`${option}\` has the scheme ${scheme}://, which is not supported`, {
      remedy,
    });
  }
  const name = reference.slice('env://'.length);
  if (!VARIABLE.test(name)) {
    throw new VeritySignError('usage', `\`${option}\` has no valid variable name after env://`, { remedy });
  }
  return { kind: 'env', name };
}
