import { createPrivateKey, type KeyObject } from 'node:crypto';
import { VeritySignError } from '../../../errors.ts';
import { type PemText, splitPem } from '../../x509/pem.ts';

const KEY_LABELS: ReadonlySet<string> = new Set([
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
]);
const FORMS = 'Give one private key as PEM (PKCS#8, encrypted or not, PKCS#1 or SEC1) or as PKCS#12';

/** A private key in PEM and whether it needs a passphrase. */
export interface PemKey {
  pem: string;
  encrypted: boolean;
}

/**
 * Finds the one private key in a PEM text; certificates and EC parameters in it are ignored.
 * @throws VeritySignError with code `key`, never with a part of the text.
 */
export function findPrivateKey(text: string): PemKey {
  const all = splitPem(text);
  const blocks = all.filter(({ ended }) => ended);
  const keys = blocks
    .filter(({ label }) => KEY_LABELS.has(label))
    .map(({ lines }) => `${lines.join('\n')}\n`);
  const [pem] = keys;
  if (pem === undefined) throw new VeritySignError('key', noKeyReason(all), { remedy: FORMS });
  if (keys.length > 1) {
    throw new VeritySignError('key', `the key reference holds ${keys.length} private keys`, {
      remedy: FORMS,
    });
  }
  const encrypted = pem.startsWith('-----BEGIN ENCRYPTED') || /^Proc-Type: *4, *ENCRYPTED$/m.test(pem);
  return { pem, encrypted };
}

/**
 * Opens a key. OpenSSL's own message is omitted: it says nothing that helps, and a cause must not carry
 * anything of a secret.
 * @param passphrase as it is: programs encrypt with the bytes that they are given, in any character set
 * @throws VeritySignError with code `key`.
 */
export function openPrivateKey({ pem, encrypted }: PemKey, passphrase: Buffer | undefined): KeyObject {
  if (encrypted && passphrase === undefined) {
    throw new VeritySignError('key', 'the private key is encrypted and no passphrase was given', {
      remedy: 'Set `key-passphrase` to env://NAME or to the path of a file with the passphrase',
    });
  }
  try {
    return createPrivateKey({
      key: pem,
      format: 'pem',
      ...(encrypted && passphrase !== undefined && { passphrase }),
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (encrypted && code === 'ERR_OSSL_EVP_UNSUPPORTED') {
      throw new VeritySignError(
        'key',
        'the private key is encrypted with an algorithm that is not supported',
        {
          remedy: 'Encrypt it again with openssl pkcs8 -topk8 -v2 aes-256-cbc',
        },
      );
    }
    throw encrypted
      ? new VeritySignError(
          'key',
          'the private key cannot be decrypted: the passphrase is wrong or the key damaged',
          {
            remedy: 'Check `key-passphrase`; its file or variable must hold only the passphrase',
          },
        )
      : new VeritySignError(
          'key',
          'the private key cannot be read: its PEM is damaged or of an unknown kind',
          {
            remedy: FORMS,
          },
        );
  }
}

function noKeyReason(all: readonly PemText[]): string {
  const cut = all.find(({ label, ended }) => !ended && KEY_LABELS.has(label));
  if (cut !== undefined) {
    return `what the key reference points to has a ${cut.label} block without an end: it was cut off`;
  }
  const labels = all.filter(({ ended }) => ended).map(({ label }) => label);
  const label = labels[0];
  if (label === undefined) return 'what the key reference points to holds no PEM block';
  if (labels.every((one) => one === 'CERTIFICATE'))
    return 'the key reference points to a certificate, not a private key';
  if (label.endsWith('PUBLIC KEY')) return 'the key reference points to a public key, not a private key';
  return `the key reference points to PEM of a kind that cannot be used (${label})`;
}
