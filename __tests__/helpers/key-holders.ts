import { parseKeyReference } from '../../src/signatures/signers/reference.ts';

/** Holders that return no certificate of a CA with its issuers. Key Vault returns self-signed ones only. */
const WITHOUT_CHAIN = ['aws-kms', 'azure-key-vault', 'google-kms'];

/** Whether a run that signs with this key needs `certificate`, whoever issued the signer's certificate. */
export function needsCertificate(key: string): boolean {
  return WITHOUT_CHAIN.includes(parseKeyReference(key).kind);
}
