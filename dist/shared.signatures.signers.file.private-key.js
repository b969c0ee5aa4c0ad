import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  keySpecOf
} from "./shared.signatures.signers.key-spec.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/signers/file/private-key.ts
import { constants, sign, X509Certificate } from "node:crypto";
import { promisify } from "node:util";
var signAsync = promisify(
  (digest, bytes, key, done) => sign(digest, bytes, key, done)
);
var PrivateKeySigner = class {
  certificateChain;
  spec;
  #key;
  /**
   * @param certificateChain DER certificates, leaf first; empty if the key has none yet.
   * @throws VeritySignError with code `key` if the key is of a kind that cannot sign layers, or is not
   *   the leaf's.
   */
  constructor(key, certificateChain) {
    const [leaf] = certificateChain;
    this.spec = keySpecOf(key);
    if (leaf !== void 0 && !new X509Certificate(leaf).checkPrivateKey(key)) {
      throw new VeritySignError(
        "key",
        "the private key does not belong to the first certificate of the chain",
        { remedy: "Give the certificate that was issued for this key, before its issuers" }
      );
    }
    this.#key = key;
    this.certificateChain = certificateChain;
  }
  async sign(bytes, purpose) {
    const { kind, digest } = this.spec;
    const key = this.#key;
    if (kind === "ec") {
      return {
        scheme: "ecdsa-der",
        digest,
        value: await signAsync(digest, bytes, { key, dsaEncoding: "der" })
      };
    }
    if (purpose !== "manifest") {
      const padding = constants.RSA_PKCS1_PADDING;
      return { scheme: "rsa-pkcs1-v1_5", digest, value: await signAsync(digest, bytes, { key, padding }) };
    }
    const pss = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST
    };
    return { scheme: "rsa-pss", digest, value: await signAsync(digest, bytes, { key, ...pss }) };
  }
};

export {
  PrivateKeySigner
};
