import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/signatures/x509/key.ts
var RSA = {
  2048: { kind: "rsa", bits: 2048, digest: "sha256" },
  3072: { kind: "rsa", bits: 3072, digest: "sha384" },
  4096: { kind: "rsa", bits: 4096, digest: "sha512" }
};
var CURVES = {
  prime256v1: { kind: "ec", bits: 256, digest: "sha256" },
  secp384r1: { kind: "ec", bits: 384, digest: "sha384" },
  secp521r1: { kind: "ec", bits: 521, digest: "sha512" }
};
function specOfKey(key) {
  const { modulusLength = 0, namedCurve = "" } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === "rsa") return RSA[modulusLength];
  return key?.asymmetricKeyType === "ec" ? CURVES[namedCurve] : void 0;
}
function kindOfSpec({ kind, bits }) {
  return `${kind === "rsa" ? "RSA" : "EC"}-${bits}`;
}
var COORDINATE_BYTES = {
  "EC-256": 32,
  "EC-384": 48,
  "EC-521": 66
};

export {
  specOfKey,
  kindOfSpec,
  COORDINATE_BYTES
};
