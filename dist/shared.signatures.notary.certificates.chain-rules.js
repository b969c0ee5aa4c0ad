import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NAME_REMEDY,
  nameConstraintViolation
} from "./shared.signatures.x509.constraints.check-path.js";
import {
  ISSUER_PURPOSE_REMEDY,
  issuerPurposeViolation
} from "./shared.signatures.x509.purposes.js";
import {
  brokenLink,
  certificateName,
  validityViolation
} from "./shared.signatures.x509.chain.js";
import {
  DIGEST_OIDS,
  ECDSA_OIDS,
  KEY_USAGE,
  OID,
  RSA_WITH_DIGEST_OIDS,
  TAG,
  digestOfOid,
  fieldsOf,
  oidOf,
  unwrap
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

// src/signatures/notary/envelope/algorithms.ts
import { constants, verify } from "node:crypto";
var ALGORITHMS = [
  { name: "PS256", cose: -37, kind: "rsa", bits: 2048, digest: "sha256", signatureBytes: 256 },
  { name: "PS384", cose: -38, kind: "rsa", bits: 3072, digest: "sha384", signatureBytes: 384 },
  { name: "PS512", cose: -39, kind: "rsa", bits: 4096, digest: "sha512", signatureBytes: 512 },
  { name: "ES256", cose: -7, kind: "ec", bits: 256, digest: "sha256", signatureBytes: 64 },
  { name: "ES384", cose: -35, kind: "ec", bits: 384, digest: "sha384", signatureBytes: 96 },
  { name: "ES512", cose: -36, kind: "ec", bits: 521, digest: "sha512", signatureBytes: 132 }
];
function algorithmOfSpec(spec) {
  const algorithm = find(spec);
  if (algorithm === void 0) throw new TypeError(`no algorithm for ${spec.kind} ${spec.bits}`);
  return algorithm;
}
function algorithmOfKey(key) {
  const spec = specOfKey(key);
  return spec && find(spec);
}
function algorithmNamed(alg) {
  const algorithm = ALGORITHMS.find(({ name, cose }) => alg === name || alg === cose);
  if (algorithm === void 0) {
    throw new FormatError("is signed with an algorithm other than RSASSA-PSS and ECDSA with SHA-2");
  }
  return algorithm;
}
function signatureHolds(key, algorithm, bytes, signature) {
  if (signature.length !== algorithm.signatureBytes) return false;
  const how = algorithm.kind === "rsa" ? {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST
  } : { key, dsaEncoding: "ieee-p1363" };
  try {
    return verify(algorithm.digest, bytes, how, signature);
  } catch {
    return false;
  }
}
function find({ kind, bits }) {
  return ALGORITHMS.find((one) => one.kind === kind && one.bits === bits);
}

// src/signatures/x509/signature.ts
import { constants as constants2, verify as verify2 } from "node:crypto";
function signatureScheme(algorithm) {
  const { oid } = algorithm;
  if (oid === OID.rsaEncryption) return { key: "rsa", digest: void 0, pss: false };
  if (oid === OID.rsassaPss) return { key: "rsa", digest: pssDigest(algorithm), pss: true };
  if (oid === OID.ed25519) return { key: "ed25519", digest: void 0, pss: false };
  const rsa = digestOfOid(RSA_WITH_DIGEST_OIDS, oid);
  if (rsa !== void 0) return { key: "rsa", digest: rsa, pss: false };
  const ecdsa = digestOfOid(ECDSA_OIDS, oid);
  return ecdsa === void 0 ? void 0 : { key: "ec", digest: ecdsa, pss: false };
}
function isSignedBy({ key }, bytes, algorithm, signature) {
  const scheme = signatureScheme(algorithm);
  if (key === void 0 || scheme?.digest === void 0 || scheme.key !== key.asymmetricKeyType) return false;
  return verifies(key, { digest: scheme.digest, pss: scheme.pss }, bytes, signature);
}
function verifies(key, { digest, pss }, bytes, signature) {
  const padding = {
    padding: constants2.RSA_PKCS1_PSS_PADDING,
    saltLength: constants2.RSA_PSS_SALTLEN_DIGEST
  };
  try {
    return verify2(digest, bytes, pss ? { key, ...padding } : { key }, signature);
  } catch {
    return false;
  }
}
function pssDigest({ parameters }) {
  try {
    const hash = fieldsOf(parameters, "the RSASSA-PSS parameters").takeIf(TAG.context0);
    if (hash === void 0) return void 0;
    const identifier = fieldsOf(unwrap(hash, TAG.sequence, "the hash algorithm"), "the hash algorithm");
    return digestOfOid(DIGEST_OIDS, oidOf(identifier.takeAny()));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return void 0;
  }
}

// src/signatures/notary/certificates/chain-rules.ts
var FOREIGN_USAGES = {
  2: "keyEncipherment",
  3: "dataEncipherment",
  4: "keyAgreement",
  5: "keyCertSign",
  6: "cRLSign",
  7: "encipherOnly",
  8: "decipherOnly"
};
function pathViolation(chain, at) {
  const [, ...issuers] = chain;
  const violations = [
    ...issuers.map((issuer, below) => issuerViolation(issuer, below)),
    ...chain.map(signatureViolation),
    ...chain.map((certificate) => dateViolation(certificate, at))
  ];
  return violations.find((violation) => violation !== void 0);
}
function orderViolation(chain) {
  const at = brokenLink(chain);
  const certificate = at === void 0 ? chain.at(-1) : chain[at];
  if (certificate === void 0) return void 0;
  const name = `the ${certificateName(certificate)}`;
  const next = chain[(at ?? chain.length) + 1];
  if (next === void 0) {
    if (certificate.selfSigned) return void 0;
    return {
      what: `the certificate chain ends with "${certificate.subject}", which is not self-signed`,
      remedy: "Give the whole chain: the signing certificate, its issuers, and the root last"
    };
  }
  if (certificate.selfSigned) {
    return {
      what: `${name} is self-signed, but other certificates follow it in the chain`,
      remedy: "Give the certificates in the order leaf, issuers, root, and one root only"
    };
  }
  return {
    what: `${name} was not issued by the next one, "${next.subject}"`,
    remedy: "Give each certificate followed by its own issuer, and no others"
  };
}
function issuerPurposesViolation([, ...issuers], purpose) {
  for (const issuer of issuers) {
    const reason = issuerPurposeViolation(issuer, purpose);
    if (reason !== void 0) {
      return { what: `the issuing ${certificateName(issuer)} ${reason}`, remedy: ISSUER_PURPOSE_REMEDY };
    }
  }
  return void 0;
}
function namesViolation(chain) {
  const found = nameConstraintViolation(chain);
  return found && { what: `the ${certificateName(found.certificate)} ${found.reason}`, remedy: NAME_REMEDY };
}
function leafUsageViolation(leaf, name) {
  const { basicConstraints, keyUsage } = leaf.extensions;
  const remedy = "Have it issued with keyUsage = critical, digitalSignature, and nothing else";
  if (basicConstraints?.isCa === true) {
    return {
      what: `${name} is a CA certificate (basicConstraints)`,
      remedy: "Use a certificate with basicConstraints CA:FALSE"
    };
  }
  if (keyUsage === void 0) return { what: `${name} has no keyUsage`, remedy };
  if (!keyUsage.bits.has(KEY_USAGE.digitalSignature)) {
    return { what: `${name} may not make signatures (keyUsage lacks digitalSignature)`, remedy };
  }
  const foreign = [...keyUsage.bits].find((bit) => bit in FOREIGN_USAGES);
  return foreign === void 0 ? void 0 : { what: `${name} also allows ${FOREIGN_USAGES[foreign]} (keyUsage)`, remedy };
}
function issuerViolation(issuer, below) {
  const name = `the issuing ${certificateName(issuer)}`;
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true || !basicConstraints.critical) {
    return {
      what: `${name} is not marked as a CA by critical basicConstraints`,
      remedy: "Have it issued with basicConstraints = critical, CA:TRUE"
    };
  }
  if (keyUsage?.bits.has(KEY_USAGE.keyCertSign) !== true) {
    return {
      what: `${name} may not sign certificates (keyUsage lacks keyCertSign)`,
      remedy: "Have it issued with keyUsage = critical, keyCertSign"
    };
  }
  if (!keyUsage.critical) {
    return {
      what: `${name} has a keyUsage that is not critical`,
      remedy: "Have it issued with keyUsage = critical, keyCertSign"
    };
  }
  const { pathLength = below } = basicConstraints;
  if (pathLength < below) {
    return {
      what: `${name} allows at most ${pathLength} CA certificates below it, there are ${below}`,
      remedy: "Use a signing certificate that is issued closer to the root"
    };
  }
  return keySizeViolation(issuer, name);
}
function signatureViolation(certificate) {
  const { signatureAlgorithm } = certificate;
  const scheme = signatureScheme(signatureAlgorithm);
  if (scheme?.digest !== void 0 || scheme?.key === "ed25519") return void 0;
  return {
    what: `the ${certificateName(certificate)} is signed with SHA-1 or an algorithm that is not accepted (${signatureAlgorithm.oid})`,
    remedy: "Have it issued again, signed with SHA-256, SHA-384 or SHA-512"
  };
}
function dateViolation(certificate, at) {
  const reason = at && validityViolation(certificate, at);
  if (reason === void 0 || at === void 0) return void 0;
  const remedy = at < certificate.notBefore ? "Check the clock, or wait until the certificate is valid" : "Use a certificate that has not expired";
  return { what: `the ${certificateName(certificate)} ${reason}`, remedy };
}
function keySizeViolation({ key }, name) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key ?? {};
  if (type === "rsa" && (details?.modulusLength ?? 0) < 2048) {
    return {
      what: `${name} has an RSA key of ${details?.modulusLength} bits`,
      remedy: "Use a chain whose RSA keys have 2048 bits or more"
    };
  }
  if (type === "ec" && specOfKey(key) === void 0) {
    return {
      what: `${name} has an EC key on the curve ${details?.namedCurve ?? "(unnamed)"}`,
      remedy: "Use a chain whose EC keys are on P-256, P-384 or P-521"
    };
  }
  return void 0;
}

// src/signatures/notary/certificates/violation.ts
function refuse(violation) {
  if (violation !== void 0) throw new VeritySignError("key", violation.what, { remedy: violation.remedy });
}

export {
  algorithmOfSpec,
  algorithmOfKey,
  algorithmNamed,
  signatureHolds,
  signatureScheme,
  isSignedBy,
  verifies,
  pathViolation,
  orderViolation,
  issuerPurposesViolation,
  namesViolation,
  leafUsageViolation,
  refuse
};
