import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  makePolicy
} from "./shared.commands.ipe-policy.make-policy.js";
import "./shared.commands.ipe-policy.collect.js";
import "./shared.signatures.pkcs7.with-content.js";
import "./shared.formats.ipe.parse.js";
import "./shared.commands.shared.push-targets.js";
import "./shared.commands.verify.require-verified.js";
import "./shared.signing.js";
import "./shared.verifying.js";
import "./shared.notary.js";
import "./shared.images.js";
import "./shared.commands.js";
import "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import "./shared.start.js";
export {
  makePolicy
};
