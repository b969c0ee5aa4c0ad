import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkChain,
  checkIssuers,
  checkSignerPurpose,
  checkSigningChain,
  thumbprintsAnnotation
} from "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.formats.format-error.js";
import "./shared.errors.js";
import "./runtime.js";
export {
  checkChain,
  checkIssuers,
  checkSignerPurpose,
  checkSigningChain,
  thumbprintsAnnotation
};
