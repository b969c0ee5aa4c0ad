import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  BasicConstraints,
  BitString,
  Certificate,
  ExtKeyUsage,
  RSASSAPSSParams,
  fromBER
} from "./shared.pkijs.build.index.js";
import {
  FormatError,
  decoding
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
var CURVE_BITS = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
function algorithmOfSpec({ kind, bits }) {
  const algorithm = find(kind, bits);
  if (algorithm === void 0) throw new TypeError(`no algorithm for ${kind} ${bits}`);
  return algorithm;
}
function algorithmOfKey(key) {
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType === "rsa") return find("rsa", modulusLength);
  return key?.asymmetricKeyType === "ec" ? find("ec", CURVE_BITS[namedCurve ?? ""]) : void 0;
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
function find(kind, bits) {
  return ALGORITHMS.find((one) => one.kind === kind && one.bits === bits);
}

// src/signatures/notary/certificates/certificate.ts
import { X509Certificate } from "node:crypto";
var RSASSA_PSS = "1.2.840.113549.1.1.10";
var BASIC_CONSTRAINTS = "2.5.29.19";
var KEY_USAGE = "2.5.29.15";
var EXTENDED_KEY_USAGE = "2.5.29.37";
var LIMITS = { maxDepth: 40, maxNodes: 1e3, maxContentLength: 64 * 1024 };
var known = /* @__PURE__ */ new WeakMap();
function readNotaryCertificate(der) {
  const before = known.get(der);
  if (before?.x509.raw.equals(der) === true) return before;
  const certificate = read(der);
  known.set(der, certificate);
  return certificate;
}
function read(der) {
  const unreadable = "a certificate that cannot be read";
  const x509 = decoding(unreadable, () => new X509Certificate(der));
  if (!x509.raw.equals(der)) throw new FormatError("a certificate that is not in DER");
  return decoding(unreadable, () => {
    const { result } = fromBER(Uint8Array.from(der), LIMITS);
    const { notBefore, notAfter, ...fields } = readFields(new Certificate({ schema: result }));
    if (+notBefore !== +x509.validFromDate || +notAfter !== +x509.validToDate) {
      throw new FormatError("a certificate whose validity is not made of dates");
    }
    return { der, x509, key: keyOf(x509), name: nameForPeople(x509.subject), notBefore, notAfter, ...fields };
  });
}
function hasIssued(issuer, subject) {
  if (!Buffer.from(issuer.subject).equals(subject.issuer)) return false;
  try {
    return issuer.key !== void 0 && subject.x509.verify(issuer.key);
  } catch {
    return false;
  }
}
function keyOf(x509) {
  try {
    return x509.publicKey;
  } catch {
    return void 0;
  }
}
function readFields(certificate) {
  const { algorithmId, algorithmParams } = certificate.signatureAlgorithm;
  const constraints = extension(
    certificate,
    BASIC_CONSTRAINTS,
    (content) => BasicConstraints.fromBER(content)
  );
  const purposes = extension(certificate, EXTENDED_KEY_USAGE, (content) => ExtKeyUsage.fromBER(content));
  const usage = extension(certificate, KEY_USAGE, bitsOf);
  return {
    subject: new Uint8Array(certificate.subject.valueBeforeDecode),
    issuer: new Uint8Array(certificate.issuer.valueBeforeDecode),
    serial: certificate.serialNumber.valueBlock.valueHexView,
    notBefore: certificate.notBefore.value,
    notAfter: certificate.notAfter.value,
    signatureAlgorithm: algorithmId,
    pssDigest: algorithmId === RSASSA_PSS ? new RSASSAPSSParams({ schema: algorithmParams }).hashAlgorithm.algorithmId : void 0,
    basicConstraints: constraints && {
      critical: constraints.critical,
      isCa: constraints.value.cA,
      pathLength: pathLengthOf(constraints.value)
    },
    keyUsage: usage && { critical: usage.critical, bits: usage.value },
    extendedKeyUsage: purposes && { critical: purposes.critical, purposes: purposes.value.keyPurposes }
  };
}
function extension(certificate, id, read2) {
  const found = (certificate.extensions ?? []).filter((one) => one.extnID === id);
  const [first] = found;
  if (found.length > 1) throw new FormatError(`a certificate with two extensions ${id}`);
  return first && {
    critical: first.critical,
    value: read2(Uint8Array.from(first.extnValue.valueBlock.valueHexView))
  };
}
function bitsOf(content) {
  const { result, offset } = fromBER(content);
  if (offset === -1 || !(result instanceof BitString))
    throw new FormatError("a key usage that is no bit string");
  const bytes = result.valueBlock.valueHexView;
  return new Set([...Array(9).keys()].filter((bit) => (bytes[bit >> 3] ?? 0) >> 7 - (bit & 7) & 1));
}
function pathLengthOf({ pathLenConstraint: length }) {
  if (length === void 0 || typeof length === "number") return length;
  throw new FormatError("a certificate with a path length beyond all numbers");
}
function nameForPeople(lines) {
  return lines ? lines.split("\n").reverse().join(",") : "(no name)";
}

// src/signatures/notary/certificates/chain-rules.ts
var DIGITAL_SIGNATURE = 0;
var KEY_CERT_SIGN = 5;
var FOREIGN_USAGES = {
  2: "keyEncipherment",
  3: "dataEncipherment",
  4: "keyAgreement",
  5: "keyCertSign",
  6: "cRLSign",
  7: "encipherOnly",
  8: "decipherOnly"
};
var SHA2_OIDS = /* @__PURE__ */ new Set([
  "2.16.840.1.101.3.4.2.1",
  "2.16.840.1.101.3.4.2.2",
  "2.16.840.1.101.3.4.2.3"
]);
var SIGNATURE_OIDS = /* @__PURE__ */ new Set([
  "1.2.840.113549.1.1.11",
  "1.2.840.113549.1.1.12",
  "1.2.840.113549.1.1.13",
  "1.2.840.10045.4.3.2",
  "1.2.840.10045.4.3.3",
  "1.2.840.10045.4.3.4",
  "1.3.101.112"
]);
function orderViolation(chain) {
  for (const [index, certificate] of chain.entries()) {
    const name = `the certificate "${certificate.name}"`;
    const issuer = chain[index + 1];
    if (issuer === void 0) {
      if (hasIssued(certificate, certificate)) return void 0;
      return {
        what: `the certificate chain ends with "${certificate.name}", which is not self-signed`,
        remedy: "Give the whole chain: the signing certificate, its issuers, and the root last"
      };
    }
    if (hasIssued(certificate, certificate)) {
      return {
        what: `${name} is self-signed, yet others follow it in the chain`,
        remedy: "Give the certificates in the order leaf, issuers, root, and one root only"
      };
    }
    if (!hasIssued(issuer, certificate)) {
      return {
        what: `${name} was not issued by the next one, "${issuer.name}"`,
        remedy: "Give each certificate followed by its own issuer, and no others"
      };
    }
  }
  return void 0;
}
function leafUsageViolation({ basicConstraints, keyUsage }, name) {
  const remedy = "Have it issued with keyUsage = critical, digitalSignature, and nothing else";
  if (basicConstraints?.isCa === true) {
    return {
      what: `${name} is one of a CA (basicConstraints)`,
      remedy: "Use a certificate with basicConstraints CA:FALSE"
    };
  }
  if (keyUsage === void 0) return { what: `${name} has no keyUsage`, remedy };
  if (!keyUsage.bits.has(DIGITAL_SIGNATURE)) {
    return { what: `${name} may not make signatures (keyUsage lacks digitalSignature)`, remedy };
  }
  const foreign = [...keyUsage.bits].find((bit) => bit in FOREIGN_USAGES);
  return foreign === void 0 ? void 0 : { what: `${name} is also for ${FOREIGN_USAGES[foreign]} (keyUsage)`, remedy };
}
function issuerViolation(issuer, below) {
  const name = `the issuing certificate "${issuer.name}"`;
  const { basicConstraints, keyUsage } = issuer;
  if (basicConstraints?.isCa !== true || !basicConstraints.critical) {
    return {
      what: `${name} is not marked as a CA by critical basicConstraints`,
      remedy: "Have it issued with basicConstraints = critical, CA:TRUE"
    };
  }
  if (keyUsage?.bits.has(KEY_CERT_SIGN) !== true) {
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
  const { signatureAlgorithm, pssDigest } = certificate;
  const strong = signatureAlgorithm === RSASSA_PSS ? SHA2_OIDS.has(pssDigest) : SIGNATURE_OIDS.has(signatureAlgorithm);
  if (strong) return void 0;
  return {
    what: `the certificate "${certificate.name}" is signed with SHA-1 or an algorithm that is not accepted (${signatureAlgorithm})`,
    remedy: "Have it issued again, signed with SHA-256, SHA-384 or SHA-512"
  };
}
function validityViolation(certificate, at) {
  const { name, notBefore, notAfter } = certificate;
  if (at === void 0) return void 0;
  if (at < notBefore) {
    return {
      what: `the certificate "${name}" is not valid before ${notBefore.toISOString()}`,
      remedy: "Check the clock, or wait until the certificate is valid"
    };
  }
  if (at > notAfter) {
    return {
      what: `the certificate "${name}" expired at ${notAfter.toISOString()}`,
      remedy: "Use a certificate that has not expired"
    };
  }
  return void 0;
}
function keySizeViolation(certificate, name) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.key ?? {};
  if (type === "rsa" && (details?.modulusLength ?? 0) < 2048) {
    return {
      what: `${name} has an RSA key of ${details?.modulusLength} bits`,
      remedy: "Use a chain whose RSA keys have 2048 bits or more"
    };
  }
  const curves = ["prime256v1", "secp384r1", "secp521r1"];
  if (type === "ec" && !curves.includes(details?.namedCurve ?? "")) {
    return {
      what: `${name} has an EC key on the curve ${details?.namedCurve ?? "(unnamed)"}`,
      remedy: "Use a chain whose EC keys are on P-256, P-384 or P-521"
    };
  }
  return void 0;
}

// src/signatures/notary/certificates/refusal.ts
function refuse(violation) {
  if (violation !== void 0) throw new VeritySignError("key", violation.what, { remedy: violation.remedy });
}

export {
  algorithmOfSpec,
  algorithmOfKey,
  algorithmNamed,
  signatureHolds,
  RSASSA_PSS,
  readNotaryCertificate,
  hasIssued,
  orderViolation,
  leafUsageViolation,
  issuerViolation,
  signatureViolation,
  validityViolation,
  refuse
};
