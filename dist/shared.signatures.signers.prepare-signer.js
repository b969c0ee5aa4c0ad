import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parseKeyReference,
  parsePassphraseReference
} from "./shared.signatures.signers.reference.js";

// src/signatures/signers/prepare-signer.ts
async function prepareSigner(reference, request) {
  const parsed = parseKeyReference(reference);
  switch (parsed.kind) {
    case "file":
    case "env":
      return (await import("./signatures.signers.file.key-file.js")).prepareKeyFile(parsed, request);
    case "azure-key-vault":
      return (await import("./signatures.signers.kms.azure.azure-key-vault.js")).prepareAzureKeyVault(parsed, request);
    case "google-kms":
      return (await import("./signatures.signers.kms.google.google-kms.js")).prepareGoogleKms(parsed, request);
    case "notation-plugin":
      return (await import("./signatures.signers.plugin.notation-plugin.js")).prepareNotationPlugin(parsed, request);
    case "aws-kms":
      return (await import("./signatures.signers.kms.aws.aws-kms.js")).prepareAwsKms(parsed, request);
    case "vault":
      return (await import("./signatures.signers.kms.vault.vault.js")).prepareVault(parsed, request);
  }
}
function checkKeyReference(reference, passphrase) {
  parseKeyReference(reference);
  if (passphrase !== void 0) parsePassphraseReference(passphrase);
}

export {
  prepareSigner,
  checkKeyReference
};
