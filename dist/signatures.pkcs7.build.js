import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  buildPkcs7,
  buildPkcs7WithContent
} from "./shared.signatures.pkcs7.build.js";
import "./shared.signatures.x509.ecdsa.js";
import "./shared.node-forge.lib.x509.js";
import "./shared.signatures.x509.asn1.encode.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.formats.format-error.js";
import "./shared.errors.js";
import "./runtime.js";
export {
  buildPkcs7,
  buildPkcs7WithContent
};
