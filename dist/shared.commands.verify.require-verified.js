import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./shared.verifying.js";
import {
  VeritySignError,
  inContext
} from "./shared.start.js";

// src/commands/verify/require-verified.ts
async function withVerifiedImage(options, context, use) {
  return inContext({ image: options.image }, async () => {
    let result;
    const report = await verifyImage(options, context, async (verified) => {
      result = { value: await use(verified) };
    });
    if (result === void 0) throw notVerified(report);
    return result.value;
  });
}
function notVerified({ verdict, reason = verdict }) {
  return new VeritySignError(codeOf(verdict), `the image is not verified: ${reason}`);
}
function codeOf(verdict) {
  if (verdict === "verified") throw new TypeError("a verified image was not used");
  return verdict === "skipped" ? "not-signed" : verdict;
}

export {
  withVerifiedImage
};
