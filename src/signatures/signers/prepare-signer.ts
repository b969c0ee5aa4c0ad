import type { PreparedSigner, SignerRequest } from '../../model/signing.ts';
import { parseKeyReference, parsePassphraseReference } from './reference.ts';

/**
 * Finds the key that a reference names and checks it before any layer is converted: its kind, that it can
 * serve every purpose, that the leaf is its certificate. The code for each kind of holder is loaded only
 * when it is used.
 * @throws VeritySignError with code `usage` for references, `key` for the key or what its holder says;
 *   no message or cause has any part of a secret.
 */
export async function prepareSigner(reference: string, request: SignerRequest): Promise<PreparedSigner> {
  const parsed = parseKeyReference(reference);
  switch (parsed.kind) {
    case 'file':
    case 'env':
      return (await import('./file/key-file.ts')).prepareKeyFile(parsed, request);
    case 'azure-key-vault':
      return (await import('./kms/azure/azure-key-vault.ts')).prepareAzureKeyVault(parsed, request);
    case 'google-kms':
      return (await import('./kms/google/google-kms.ts')).prepareGoogleKms(parsed, request);
    case 'notation-plugin':
      return (await import('./plugin/notation-plugin.ts')).prepareNotationPlugin(parsed, request);
    case 'aws-kms':
      return (await import('./kms/aws/aws-kms.ts')).prepareAwsKms(parsed, request);
    case 'vault':
      return (await import('./kms/vault/vault.ts')).prepareVault(parsed, request);
  }
}

/**
 * Checks the form of key and passphrase references without opening anything.
 * @throws VeritySignError with code `usage`.
 */
export function checkKeyReference(reference: string, passphrase?: string): void {
  parseKeyReference(reference);
  if (passphrase !== undefined) parsePassphraseReference(passphrase);
}
