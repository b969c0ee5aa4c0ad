import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parseMessage
} from "./shared.commands.shared.check-manifest.js";
import {
  MAX_PKCS7_WITH_CONTENT_BYTES,
  holdsOver
} from "./shared.signatures.pkcs7.signing-chain.js";
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/pkcs7/with-content.ts
function parsePkcs7WithContent(der) {
  const { content, ...parsed } = parseMessage(der, MAX_PKCS7_WITH_CONTENT_BYTES);
  if (content === void 0) throw new FormatError("has no content");
  if (!holdsOver(parsed.signer.key, parsed.digest, parsed.signature, content)) {
    throw new FormatError("has a signature that is not one over its content");
  }
  return { ...parsed, content };
}

export {
  parsePkcs7WithContent
};
