import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  requestTimestamp,
  verifyTimestamp
} from "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.pkijs.build.index.js";
import "./shared.formats.format-error.js";
import "./shared.errors.js";
import "./runtime.js";
export {
  requestTimestamp,
  verifyTimestamp
};
