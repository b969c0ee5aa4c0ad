import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  kindOfSpec,
  specOfKey
} from "./shared.signatures.x509.key.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/signers/key-spec.ts
import { createPublicKey, X509Certificate } from "node:crypto";
function keySpecOf(key) {
  const spec = specOfKey(key);
  if (spec !== void 0) return spec;
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  const size = modulusLength === void 0 ? namedCurve ?? "" : `${modulusLength} bits`;
  throw new VeritySignError(
    "key",
    `a key of type ${[type, size].filter(Boolean).join(" ")} cannot sign layers`,
    {
      remedy: "Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521"
    }
  );
}
function keySpecName(spec) {
  return kindOfSpec(spec);
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
