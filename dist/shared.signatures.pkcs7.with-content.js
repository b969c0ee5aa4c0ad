import {
  MAX_PKCS7_WITH_CONTENT_BYTES,
  holdsOver,
  parseMessage
} from "./shared.images.js";
import {
  FormatError
} from "./shared.options.js";

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
