import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  algorithmOfKey,
  issuerPurposesViolation,
  leafUsageViolation,
  namesViolation,
  orderViolation,
  pathViolation,
  refuse
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  SIGNER_PURPOSE_REMEDY,
  signerPurposeViolation
} from "./shared.signatures.x509.purposes.js";
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
function checkSigningChain(chain, at) {
  checkChain(chain, at);
  checkSignerPurpose(chain);
  checkIssuers(chain);
}
function checkChain(chain, at) {
  refuse(firstViolation(chain.map(readOrRefuse), at));
}
function checkSignerPurpose([leaf]) {
  const certificate = leaf && readOrRefuse(leaf);
  const reason = certificate && signerPurposeViolation(certificate);
  if (certificate === void 0 || reason === void 0) return;
  refuse({ what: `the signing ${certificateName(certificate)} ${reason}`, remedy: SIGNER_PURPOSE_REMEDY });
}
function checkIssuers(chain) {
  const certificates = chain.map(readOrRefuse);
  refuse(issuerPurposesViolation(certificates, "codeSigning") ?? namesViolation(certificates));
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
  const { keyUsage } = leaf.extensions;
  if (keyUsage?.critical !== true) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: "Have it issued with keyUsage = critical, digitalSignature"
    };
  }
  return void 0;
}

export {
  checkSigningChain,
  checkChain,
  checkSignerPurpose,
  checkIssuers,
  thumbprintsAnnotation
};
