import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  requestTimestamp,
  verifyTimestamp
} from "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.lib.retry.js";
import "./shared.signatures.x509.asn1.encode.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.lib.http.errors.js";
import "./shared.formats.format-error.js";
import "./shared.errors.js";
import "./runtime.js";
export {
  requestTimestamp,
  verifyTimestamp
};
