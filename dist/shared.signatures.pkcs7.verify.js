import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/pkcs7/verify.ts
import { constants, verify } from "node:crypto";
function signedContent(rootHash) {
  if (!/^[0-9a-f]{64}$/.test(rootHash)) throw new TypeError("a root hash is 64 lowercase hex digits");
  return Buffer.from(rootHash, "ascii");
}
function signatureHolds(key, digest, signature, rootHash) {
  return holdsOver(key, digest, signature, signedContent(rootHash));
}
function holdsOver(key, digest, signature, content) {
  const how = { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: "der" };
  try {
    return verify(
      digest,
      content,
      key.asymmetricKeyType === "rsa" ? how : { key, dsaEncoding: "der" },
      signature
    );
  } catch {
    return false;
  }
}
function verifySignature(parsed, rootHash) {
  if (!signatureHolds(parsed.signer.x509.publicKey, parsed.digest, parsed.signature, rootHash)) {
    const other = otherContent(parsed, rootHash);
    const what = other === void 0 ? `the PKCS#7 signature is not one over the root hash ${rootHash}` : `the PKCS#7 signature is one over ${other}, not over its 64 lowercase hex digits`;
    throw new VeritySignError("image", what, {
      remedy: "Sign the image again; if it was signed as it is, someone changed the signature or the root hash"
    });
  }
}
function otherContent({ signer, digest, signature }, rootHash) {
  const mistakes = [
    ["the 32 raw bytes of the root hash", Buffer.from(rootHash, "hex")],
    ["the root hash in uppercase", Buffer.from(rootHash.toUpperCase())],
    ["the root hash and a line end", Buffer.from(`${rootHash}
`)],
    ["the root hash with the prefix sha256:", Buffer.from(`sha256:${rootHash}`)]
  ];
  const { publicKey } = signer.x509;
  return mistakes.find(([, content]) => holdsOver(publicKey, digest, signature, content))?.[0];
}

export {
  signatureHolds,
  verifySignature
};
