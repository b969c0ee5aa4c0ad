import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  readPemInput
} from "./shared.commands.shared.pem.pem-input.js";
import {
  readCertificateBundle
} from "./shared.signatures.x509.bundle.js";

// src/commands/shared/pem/read-certificates.ts
var CERTIFICATE_REMEDY = "Give one PEM file with the signing certificate first, then the certificate that issued it, and so on";
async function readCertificates(given, option, { secrets }) {
  const { content, name } = await readPemInput(given, option, secrets, "key");
  return readCertificateBundle(
    content,
    name,
    `${CERTIFICATE_REMEDY}; convert DER with openssl x509 -inform DER`
  );
}

export {
  CERTIFICATE_REMEDY,
  readCertificates
};
