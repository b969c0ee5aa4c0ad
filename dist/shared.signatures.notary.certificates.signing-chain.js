import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  algorithmOfKey,
  leafUsageViolation,
  orderViolation,
  pathViolation,
  refuse
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  certificateName,
  readCertificate
} from "./shared.signatures.x509.chain.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/notary/certificates/signing-chain.ts
import { createHash } from "node:crypto";
var FOREIGN_PURPOSES = {
  "2.5.29.37.0": "anyExtendedKeyUsage",
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning"
};
function checkSigningChain(chain, at) {
  const certificates = chain.map((der) => readOrRefuse(der));
  refuse(firstViolation(certificates, at));
}
function thumbprintsAnnotation(chain) {
  return JSON.stringify(chain.map((der) => createHash("sha256").update(der).digest("hex")));
}
function readOrRefuse(der) {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      "key",
      `the certificate chain has a certificate that cannot be read: it ${cause.message}`,
      { remedy: "Give the certificates as their authority issued them", cause }
    );
  }
}
function firstViolation(chain, at) {
  const [leaf] = chain;
  if (leaf === void 0) {
    return { what: "the certificate chain is empty", remedy: "Give the signing certificate and its issuers" };
  }
  return orderViolation(chain) ?? leafViolation(leaf) ?? pathViolation(chain, at);
}
function leafViolation(leaf) {
  const name = `the signing ${certificateName(leaf)}`;
  if (algorithmOfKey(leaf.key) === void 0) {
    return {
      what: `${name} has a key that Notary does not sign with`,
      remedy: "Use an RSA key of 2048, 3072 or 4096 bits, or an EC key on P-256, P-384 or P-521"
    };
  }
  const usage = leafUsageViolation(leaf, name);
  if (usage !== void 0) return usage;
  const { keyUsage, extendedKeyUsage } = leaf.extensions;
  if (keyUsage?.critical !== true) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: "Have it issued with keyUsage = critical, digitalSignature"
    };
  }
  const foreign = extendedKeyUsage?.purposes.find((purpose) => purpose in FOREIGN_PURPOSES);
  if (foreign === void 0) return void 0;
  return {
    what: `${name} also allows ${FOREIGN_PURPOSES[foreign]} (extendedKeyUsage)`,
    remedy: "Use a certificate that is for codeSigning alone"
  };
}

export {
  checkSigningChain,
  thumbprintsAnnotation
};
