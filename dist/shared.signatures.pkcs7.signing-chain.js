import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NAME_REMEDY,
  nameConstraintViolation
} from "./shared.signatures.x509.constraints.check-path.js";
import {
  ISSUER_PURPOSE_REMEDY,
  SIGNER_PURPOSE_REMEDY,
  issuerPurposeViolation,
  signerPurposeViolation
} from "./shared.signatures.x509.purposes.js";
import {
  brokenLink,
  certificateName,
  hasIssued,
  hasUnnamedCurve,
  keyIdentifiersMatch,
  readCertificate,
  validityViolation
} from "./shared.signatures.x509.chain.js";
import {
  ECDSA_OIDS,
  EXTENSION,
  KEY_USAGE,
  OID,
  RSA_WITH_DIGEST_OIDS,
  algorithmName,
  digestOfOid,
  sameBytes
} from "./shared.signatures.x509.algorithms.js";
import {
  specOfKey
} from "./shared.signatures.x509.key.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/pkcs7/kernel-rules.ts
var MAX_PKCS7_BYTES = 32767;
var MAX_PKCS7_WITH_CONTENT_BYTES = 65535;
var MAX_CERTIFICATES = 16;
var KNOWN_EXTENSIONS = new Set(Object.values(EXTENSION));
function hasIssuedForKernel(issuer, subject) {
  return keyIdentifiersMatch(issuer, subject) && hasIssued(issuer, subject);
}
function algorithmViolation(certificate) {
  const key = keyViolation(certificate);
  if (key !== void 0) {
    return `has ${key}; the kernel accepts RSA of 2048, 3072 or 4096 bits and EC P-256, P-384 or P-521`;
  }
  const { oid } = certificate.signatureAlgorithm;
  if ((digestOfOid(RSA_WITH_DIGEST_OIDS, oid) ?? digestOfOid(ECDSA_OIDS, oid)) !== void 0)
    return void 0;
  return `is signed with ${algorithmName(oid)}; only RSA PKCS#1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512 are accepted`;
}
function issuerViolation(issuer, below) {
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true) return "is not a CA certificate (basicConstraints)";
  if (keyUsage?.bits.has(KEY_USAGE.keyCertSign) === false) return "may not sign certificates (keyUsage)";
  const { pathLength } = basicConstraints;
  if (pathLength !== void 0 && below > pathLength) {
    return `allows at most ${pathLength} CA certificates below it (basicConstraints), there are ${below}`;
  }
  return void 0;
}
function leafViolation(leaf) {
  const { basicConstraints, keyUsage } = leaf.extensions;
  if (keyUsage?.bits.has(KEY_USAGE.digitalSignature) === false) {
    return "may not make signatures (keyUsage lacks digitalSignature)";
  }
  if (basicConstraints?.isCa === true && !leaf.selfSigned) {
    return "is a CA certificate, not a signing certificate";
  }
  return void 0;
}
function criticalExtensionViolation({ extensions }) {
  const unknown = [...extensions.all].find(([id, { critical }]) => critical && !KNOWN_EXTENSIONS.has(id));
  return unknown && `has a critical extension that is not understood (${unknown[0]})`;
}
function keyViolation({ key, keyAlgorithm }) {
  if (hasUnnamedCurve(keyAlgorithm)) return "an EC key whose curve is not named";
  if (keyAlgorithm.oid === OID.rsaAlias) return `an RSA key under the identifier ${OID.rsaAlias}`;
  if (key === void 0) return "a public key that cannot be read";
  if (specOfKey(key) !== void 0) return void 0;
  const { modulusLength = 0, namedCurve = "(unnamed)" } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "rsa":
      return `an RSA key of ${modulusLength} bits`;
    case "ec":
      return `an EC key on the curve ${namedCurve}`;
    case "rsa-pss":
      return "an RSA key that is bound to RSASSA-PSS";
    default:
      return `a key of the type ${key.asymmetricKeyType ?? "(unknown)"}`;
  }
}

// src/signatures/pkcs7/signing-chain.ts
var MAX_REMAINDER = 640;
var ORDER_REMEDY = "Give one PEM file with the signing certificate first, then the certificate that issued it, and so on; the root may be omitted";
function chainFromDer(ders) {
  const certificates = ders.map(
    (der, index) => readOrRefuse(der, `certificate ${index + 1} of ${ders.length}`)
  );
  const [leaf, ...issuers] = certificates;
  if (leaf === void 0) {
    throw new VeritySignError("key", "the certificate chain is empty", { remedy: ORDER_REMEDY });
  }
  checkOrder(certificates);
  for (const certificate of certificates) {
    refuse(
      certificate,
      algorithmViolation(certificate),
      "Use a certificate and CA with a key and algorithm that the kernel accepts"
    );
  }
  refuse(leaf, leafViolation(leaf), "Use a certificate for digital signatures, not the one of a CA");
  refuse(leaf, signerPurposeViolation(leaf), SIGNER_PURPOSE_REMEDY);
  for (const [index, issuer] of issuers.entries()) {
    refuse(
      issuer,
      issuerViolation(issuer, pathBelow(issuers.slice(0, index))),
      "Have the certificate issued by a proper CA"
    );
    refuse(issuer, issuerPurposeViolation(issuer), ISSUER_PURPOSE_REMEDY);
  }
  const name = nameConstraintViolation(certificates);
  if (name !== void 0) refuse(name.certificate, name.reason, NAME_REMEDY);
  const last = issuers.at(-1);
  const root = last?.selfSigned === true ? last : void 0;
  const intermediates = root === void 0 ? issuers : issuers.slice(0, -1);
  checkSize([leaf, ...intermediates]);
  return { leaf, intermediates, root, warnings: kernelWarnings([leaf, ...intermediates]) };
}
function checkValidity(chain, now) {
  const root = chain.root === void 0 ? [] : [chain.root];
  for (const certificate of [chain.leaf, ...chain.intermediates, ...root]) {
    refuse(
      certificate,
      validityViolation(certificate, now),
      "Renew the certificate, and check the clock of this machine"
    );
  }
}
function pathBelow(authorities) {
  return authorities.filter(({ raw }) => !sameBytes(raw.issuer, raw.subject)).length;
}
function embeddedCertificates(chain) {
  return [chain.leaf, ...chain.intermediates];
}
function checkSize(embedded) {
  const remedy = "Have the signing certificate issued by a CA nearer to the root, or with shorter certificates";
  if (embedded.length > MAX_CERTIFICATES) {
    const limit2 = `a signature carries at most ${MAX_CERTIFICATES}`;
    throw new VeritySignError(
      "key",
      `the certificate chain has ${embedded.length} certificates below its root; ${limit2}`,
      { remedy }
    );
  }
  const [leaf] = embedded;
  const certificates = embedded.reduce((total, { der }) => total + der.length, 0);
  const bytes = certificates + leaf.raw.issuer.length + leaf.raw.serial.length + MAX_REMAINDER;
  if (bytes <= MAX_PKCS7_BYTES) return;
  const limit = `the kernel accepts signatures of at most ${MAX_PKCS7_BYTES} bytes`;
  throw new VeritySignError(
    "key",
    `the certificate chain has ${certificates} bytes below its root, and ${limit} with it`,
    { remedy }
  );
}
function readOrRefuse(der, name) {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("key", `${name} cannot be read: it ${cause.message}`, {
      remedy: "Export the certificate again, as X.509 in PEM",
      cause
    });
  }
}
function refuse(certificate, violation, remedy) {
  if (violation === void 0) return;
  throw new VeritySignError("key", `the ${certificateName(certificate)} ${violation}`, { remedy });
}
function checkOrder(certificates) {
  const at = brokenLink(certificates, hasIssuedForKernel);
  const certificate = certificates[at ?? -1];
  const next = certificates[(at ?? -1) + 1];
  if (at === void 0 || certificate === void 0 || next === void 0) return;
  const name = certificateName(certificate);
  const misplaced = certificates.some((other) => hasIssuedForKernel(other, certificate)) || certificates.slice(at + 1).some((other) => hasIssuedForKernel(certificate, other));
  if (misplaced) {
    throw new VeritySignError(
      "key",
      `the certificate chain is out of order: the ${name} is not followed by its issuer`,
      { remedy: ORDER_REMEDY }
    );
  }
  if (sameBytes(certificate.raw.issuer, next.raw.subject)) {
    throw new VeritySignError(
      "key",
      `the ${name} was not signed by the key of the ${certificateName(next)} after it`,
      {
        remedy: "Use the certificate of the CA that issued it: a CA may have several keys under one name"
      }
    );
  }
  throw new VeritySignError(
    "key",
    `the certificate chain is incomplete: the issuer "${certificate.issuer}" of the ${name} is missing`,
    { remedy: ORDER_REMEDY }
  );
}
function kernelWarnings(embedded) {
  return embedded.filter(({ selfSigned, extensions }) => !selfSigned && !extensions.all.has(EXTENSION.authorityKeyId)).map(
    (certificate) => `the ${certificateName(certificate)} has no authorityKeyIdentifier: the kernel cannot find its issuer and accepts the signature only where this very certificate is in its keyring`
  );
}

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
  if (key === void 0) return false;
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
  if (!signatureHolds(parsed.signer.key, parsed.digest, parsed.signature, rootHash)) {
    const other = otherContent(parsed, rootHash);
    const what = other === void 0 ? `the PKCS#7 signature is not one over the root hash ${rootHash}` : `the PKCS#7 signature is one over ${other}, not over its 64 lowercase hex digits`;
    throw new VeritySignError("image", what, {
      remedy: "Sign the image again. If the image has not changed since it was signed, the signature or the root hash was modified"
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
  return mistakes.find(([, content]) => holdsOver(signer.key, digest, signature, content))?.[0];
}

export {
  MAX_PKCS7_BYTES,
  MAX_PKCS7_WITH_CONTENT_BYTES,
  MAX_CERTIFICATES,
  hasIssuedForKernel,
  algorithmViolation,
  issuerViolation,
  leafViolation,
  criticalExtensionViolation,
  chainFromDer,
  checkValidity,
  pathBelow,
  embeddedCertificates,
  signedContent,
  signatureHolds,
  holdsOver,
  verifySignature
};
