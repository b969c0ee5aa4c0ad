import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/signatures/signers/kms/check-signature.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/signatures/signers/kms/check-signature.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");
var verify = /* @__PURE__ */ one("verify");
var constants = /* @__PURE__ */ one("constants");

// src/signatures/signers/kms/check-signature.ts
function digestOf(digest, bytes) {
  return createHash(digest).update(bytes).digest();
}
function checkedSignature(signature, bytes, key, service) {
  if (holds(signature, bytes, key)) return signature;
  throw new VeritySignError("key", `${service} returned a signature that its own key does not verify`, {
    remedy: "Run again. If it recurs, check the key and any proxy between the service and this machine"
  });
}
function holds({ scheme, digest, value }, bytes, key) {
  switch (scheme) {
    case "rsa-pkcs1-v1_5":
      return verify(digest, bytes, { key, padding: constants.RSA_PKCS1_PADDING }, value);
    case "rsa-pss": {
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      return verify(digest, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, value);
    }
    case "ecdsa-der":
      return verify(digest, bytes, { key, dsaEncoding: "der" }, value);
    case "ecdsa-p1363":
      return verify(digest, bytes, { key, dsaEncoding: "ieee-p1363" }, value);
  }
}

export {
  digestOf,
  checkedSignature,
  holds
};
