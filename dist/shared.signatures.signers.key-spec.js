import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/signers/key-spec.ts
import { createPublicKey, X509Certificate } from "node:crypto";
var RSA_DIGESTS = { 2048: "sha256", 3072: "sha384", 4096: "sha512" };
var CURVES = {
  prime256v1: { bits: 256, digest: "sha256" },
  secp384r1: { bits: 384, digest: "sha384" },
  secp521r1: { bits: 521, digest: "sha512" }
};
function keySpecOf(key) {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  const rsa = type === "rsa" ? RSA_DIGESTS[modulusLength ?? 0] : void 0;
  if (rsa !== void 0) return { kind: "rsa", bits: modulusLength, digest: rsa };
  const curve = type === "ec" ? CURVES[namedCurve ?? ""] : void 0;
  if (curve !== void 0) return { kind: "ec", ...curve };
  const size = modulusLength === void 0 ? namedCurve ?? "" : `${modulusLength} bits`;
  throw new VeritySignError(
    "key",
    `a key of the kind ${[type, size].filter(Boolean).join(" ")} cannot sign layers`,
    {
      remedy: "Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521"
    }
  );
}
function keySpecName({ kind, bits }) {
  return `${kind.toUpperCase()}-${bits}`;
}
function checkLeaf(spki, leaf) {
  const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  if (new X509Certificate(leaf).publicKey.equals(key)) return;
  throw new VeritySignError("key", "the key does not belong to the first certificate of the chain", {
    remedy: "Give the certificate that was issued for this key, before its issuers"
  });
}

export {
  keySpecOf,
  keySpecName,
  checkLeaf
};
