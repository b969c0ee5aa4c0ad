import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  readPem
} from "./shared.signatures.x509.pem.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/x509/bundle.ts
function readCertificateBundle(pem, what, remedy) {
  try {
    const blocks = readPem(pem, "CERTIFICATE");
    const ders = blocks.filter(({ label }) => label === "CERTIFICATE").map(({ bytes }) => bytes);
    if (ders.length > 0) return ders;
    const others = [...new Set(blocks.map(({ label }) => label))];
    throw new FormatError(
      others.length === 0 ? "has no PEM block" : `has no certificate, only: ${others.join(", ")}`
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `the ${what} ${error.message}`, { remedy });
  }
}

export {
  readCertificateBundle
};
