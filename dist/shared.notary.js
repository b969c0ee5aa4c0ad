import {
  CRITICAL_EXTENSION_REMEDY,
  DIGEST_OIDS,
  ECDSA_OIDS,
  EXTENSION,
  ISSUER_PURPOSE_REMEDY,
  KEY_USAGE,
  NAME_REMEDY,
  OID,
  RSA_WITH_DIGEST_OIDS,
  SIGNER_PURPOSE_REMEDY,
  algorithmName,
  brokenLink,
  certificateName,
  criticalExtensionViolation,
  digestOfOid,
  hasShortPoint,
  hasUnnamedCurve,
  issuerPurposeViolation,
  nameConstraintViolation,
  readAlgorithm,
  readCertificate,
  signerPurposeViolation,
  specOfKey,
  validityViolation
} from "./shared.images.js";
import {
  Fields,
  FormatError,
  NOTARY_NAMESPACE,
  TAG,
  array,
  childrenOf,
  decoding,
  descriptorFields,
  embedding,
  fieldsOf,
  literal,
  looseObject,
  oidOf,
  parseStrictJson,
  readDer,
  readPart,
  smallIntegerOf,
  strictObject,
  string,
  unwrap
} from "./shared.options.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of notary
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of notary
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");
var verify = /* @__PURE__ */ one("verify");
var constants = /* @__PURE__ */ one("constants");

// src/signatures/x509/signature.ts
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
function algorithmViolation(algorithm) {
  const scheme = signatureScheme(algorithm);
  if (scheme?.digest !== void 0 || scheme?.key === "ed25519") return void 0;
  const name = scheme?.pss === true ? "RSASSA-PSS without SHA-2" : algorithmName(algorithm.oid);
  return `is signed with ${name}, which is not accepted`;
}
function isSignedBy({ key }, bytes, algorithm, signature) {
  const scheme = signatureScheme(algorithm);
  if (key === void 0 || scheme === void 0 || scheme.key !== key.asymmetricKeyType) return false;
  const digest = scheme.key === "ed25519" ? null : scheme.digest;
  return digest !== void 0 && verifies(key, { digest, pss: scheme.pss }, bytes, signature);
}
function verifies(key, { digest, pss }, bytes, signature) {
  const padding = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST
  };
  try {
    return verify(digest, bytes, pss ? { key, ...padding } : { key }, signature);
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

// src/signatures/notary/certificates/go-algorithms.ts
var KEYS = /* @__PURE__ */ new Set([OID.rsaEncryption, OID.ecPublicKey, OID.ed25519]);
var MAX_EXPONENT = 2n ** 31n - 1n;
var MGF1 = "1.2.840.113549.1.1.8";
var SALT_LENGTHS = { sha256: 32, sha384: 48, sha512: 64 };
function goKeyViolation(certificate) {
  const reason = keyReason(certificate);
  if (reason === void 0) return void 0;
  return {
    what: `the ${certificateName(certificate)} has ${reason}: notation cannot verify with it`,
    remedy: "Use a certificate and CAs with usual RSA keys (rsaEncryption, exponent 65537) or EC keys"
  };
}
function goSignatureViolation(certificate) {
  const { signatureAlgorithm } = certificate;
  if (signatureAlgorithm.oid !== OID.rsassaPss || isPssOfGo(signatureAlgorithm)) return void 0;
  return {
    what: `the ${certificateName(certificate)} is signed by RSASSA-PSS with unusual parameters: notation cannot verify it`,
    remedy: "Have it issued again, with a salt as long as the digest and MGF1 with the same digest"
  };
}
function keyReason({ key, keyAlgorithm }) {
  if (!KEYS.has(keyAlgorithm.oid)) return `a key for ${algorithmName(keyAlgorithm.oid)}`;
  const exponent = key?.asymmetricKeyDetails?.publicExponent ?? 0n;
  return exponent > MAX_EXPONENT ? `an RSA key with the exponent ${exponent}` : void 0;
}
function isPssOfGo({ parameters }) {
  try {
    const fields = fieldsOf(parameters, "the RSASSA-PSS parameters");
    const [hash, mask, salt] = [
      fields.take(TAG.context0, "hash algorithm"),
      fields.take(TAG.context1, "mask generation function"),
      fields.take(TAG.context2, "salt length")
    ];
    const trailer = fields.takeIf(TAG.context3);
    const digest = digestOf(unwrap(hash, TAG.sequence, "the hash algorithm"));
    const mgf = readAlgorithm(unwrap(mask, TAG.sequence, "the mask generation function"), "MGF1");
    return digest !== void 0 && mgf.oid === MGF1 && digestOf(mgf.parameters) === digest && numberIn(salt) === SALT_LENGTHS[digest] && (trailer === void 0 || numberIn(trailer) === 1);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}
function digestOf(identifier) {
  const { oid, parameters } = readAlgorithm(identifier, "the hash algorithm");
  const plain2 = parameters === void 0 || parameters.tag === TAG.null;
  return plain2 ? digestOfOid(DIGEST_OIDS, oid) : void 0;
}
function numberIn(wrapper) {
  return smallIntegerOf(unwrap(wrapper, TAG.integer, "a number"));
}

// builtin:node:buffer of notary
var found2;
var all2 = () => found2 ??= load("node:buffer");
var one2 = (name) => all2()[name];
var isUtf8 = /* @__PURE__ */ one2("isUtf8");

// src/signatures/x509/general-names.ts
var AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
var URI = 134;
var GENERAL_NAMES = /* @__PURE__ */ new Set([160, 129, 130, 163, 164, 165, URI, 135, 136]);
var REASONS = 129;
function urlOf({ tag, content }) {
  if (!GENERAL_NAMES.has(tag)) throw new FormatError("has a GeneralName of an unknown kind");
  return tag === URI ? [Buffer.from(content).toString("latin1")] : [];
}
function urlsOfPointName(wrapper) {
  const choice = new Fields(wrapper, "the name of a distribution point");
  const full = choice.takeIf(TAG.context0);
  if (full === void 0) choice.take(TAG.context1, "relative name");
  choice.end();
  return full === void 0 ? [] : childrenOf(full).flatMap(urlOf);
}
function readDistributionPoints(value) {
  const points = readDer(value);
  if (points.tag !== TAG.sequence) throw new FormatError("has distribution points that are not a SEQUENCE");
  return childrenOf(points).map((point) => {
    const fields = fieldsOf(point, "a distribution point");
    const name = fields.takeIf(TAG.context0);
    fields.takeIf(REASONS);
    fields.takeIf(TAG.context2);
    fields.end();
    return name === void 0 ? [] : urlsOfPointName(name);
  });
}
function readAccessUrls(value, method) {
  const descriptions = readDer(value);
  if (descriptions.tag !== TAG.sequence) {
    throw new FormatError("has information access that is not a SEQUENCE");
  }
  return childrenOf(descriptions).flatMap((description) => {
    const fields = fieldsOf(description, "an access description");
    const own = oidOf(fields.takeAny());
    const location = fields.takeAny();
    fields.end();
    if (location === void 0) throw new FormatError("has an access description without a location");
    const urls = urlOf(location);
    return own === method ? urls : [];
  });
}

// src/signatures/notary/certificates/go-form.ts
var NEVER_CRITICAL = {
  [EXTENSION.authorityKeyId]: "authorityKeyIdentifier",
  [EXTENSION.subjectKeyId]: "subjectKeyIdentifier",
  [AUTHORITY_INFO_ACCESS]: "authorityInfoAccess"
};
var STRING = { numeric: 18, printable: 19, teletex: 20, ia5: 22, bmp: 30 };
var URI2 = 134;
var TEXT_NAMES = /* @__PURE__ */ new Set([129, 130, URI2]);
var IP_ADDRESS = 135;
var ADDRESS_LENGTHS = [4, 16];
function goViolation(certificate) {
  const { all: all3 } = certificate.extensions;
  const found3 = nameForm(certificate) ?? keyForm(certificate) ?? criticalForm(all3) ?? alternativeNames(all3.get(EXTENSION.subjectAltName)?.value);
  if (found3 === void 0) return void 0;
  return {
    what: `the ${certificateName(certificate)} has ${found3}: notation cannot read it`,
    remedy: "Have it issued again, as RFC 5280 says"
  };
}
function nameForm({ raw }) {
  if (!isName(raw.subject)) return "a subject with a string that Go does not read";
  return isName(raw.issuer) ? void 0 : "an issuer with a string that Go does not read";
}
function criticalForm(all3) {
  const found3 = Object.entries(NEVER_CRITICAL).find(([id]) => all3.get(id)?.critical === true);
  return found3 && `a critical ${found3[1]}`;
}
function keyForm({ keyAlgorithm, raw }) {
  const { oid, parameters } = keyAlgorithm;
  if (oid === OID.rsaEncryption && parameters?.tag !== TAG.null)
    return "an RSA key without NULL as its parameters";
  if (hasUnnamedCurve(keyAlgorithm)) return "an EC key with the parameters of its curve, not its name";
  return hasShortPoint(keyAlgorithm, raw.publicKey) ? "an EC key whose point is compressed or hybrid" : void 0;
}
function alternativeNames(value) {
  if (value === void 0) return void 0;
  for (const { tag, content } of childrenOf(readDer(value))) {
    if (TEXT_NAMES.has(tag) && !isAscii(content)) return "a subjectAltName that is not ASCII";
    if (tag === URI2 && !isUri(Buffer.from(content).toString("latin1"))) {
      return "a subjectAltName with an invalid URI";
    }
    if (tag === IP_ADDRESS && !ADDRESS_LENGTHS.includes(content.length)) {
      return `a subjectAltName with an IP address of ${content.length} bytes`;
    }
  }
  return void 0;
}
function isUri(text) {
  if (/[\x00-\x1f\x7f]|^[^?]*%(?![0-9A-Fa-f]{2})|^:/.test(text)) return false;
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || URL.canParse(text);
}
function isName(der) {
  const attributes = childrenOf(readDer(der)).flatMap(childrenOf);
  return attributes.every((attribute) => {
    const [, value] = childrenOf(attribute);
    return value !== void 0 && isString(value);
  });
}
function isString({ tag, content }) {
  const text = Buffer.from(content).toString("latin1");
  switch (tag) {
    case TAG.utf8String:
      return isUtf8(content);
    case STRING.printable:
      return /^[A-Za-z0-9 '()+,\-./:=?*&]*$/.test(text);
    case STRING.ia5:
      return isAscii(content);
    case STRING.numeric:
      return /^[0-9 ]*$/.test(text);
    case STRING.bmp:
      return isBmp(content);
    default:
      return tag === STRING.teletex;
  }
}
function isAscii(bytes) {
  return bytes.every((byte) => byte < 128);
}
function isBmp(bytes) {
  if (bytes.length % 2 !== 0) return false;
  for (let at = 0; at < bytes.length; at += 2) {
    const point = (bytes[at] << 8) + bytes[at + 1];
    if (point >= 65534 || point >= 64976 && point <= 65007 || point >= 55296 && point <= 57343)
      return false;
  }
  return true;
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
    ...chain.map(goViolation),
    ...chain.map(goKeyViolation),
    ...issuers.map((issuer, below) => issuerViolation(issuer, below)),
    ...chain.map(signatureViolation),
    ...chain.map(goSignatureViolation),
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
function extensionViolation(chain, purpose) {
  const [, ...issuers] = chain;
  for (const issuer of issuers) {
    const reason = issuerPurposeViolation(issuer, purpose);
    if (reason !== void 0) {
      return { what: `the issuing ${certificateName(issuer)} ${reason}`, remedy: ISSUER_PURPOSE_REMEDY };
    }
  }
  for (const certificate of chain) {
    const reason = criticalExtensionViolation(certificate);
    if (reason !== void 0) {
      return { what: `the ${certificateName(certificate)} ${reason}`, remedy: CRITICAL_EXTENSION_REMEDY };
    }
  }
  const found3 = nameConstraintViolation(chain);
  return found3 && { what: `the ${certificateName(found3.certificate)} ${found3.reason}`, remedy: NAME_REMEDY };
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
  const violation = algorithmViolation(certificate.signatureAlgorithm);
  if (violation === void 0) return void 0;
  return {
    what: `the ${certificateName(certificate)} ${violation}`,
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

// src/signatures/notary/envelope/algorithms.ts
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
  return ALGORITHMS.find((one3) => one3.kind === kind && one3.bits === bits);
}

// src/signatures/notary/certificates/violation.ts
function refuse(violation) {
  if (violation !== void 0) throw new VeritySignError("key", violation.what, { remedy: violation.remedy });
}

// src/signatures/notary/certificates/signing-chain.ts
function checkSigningChain(chain, at) {
  checkChain(chain, at);
  checkSignerPurpose(chain);
  checkExtensions(chain);
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
function checkExtensions(chain) {
  refuse(extensionViolation(chain.map(readOrRefuse), "codeSigning"));
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

// src/signatures/notary/envelope/attributes.ts
var SIGNING_SCHEME = "io.cncf.notary.signingScheme";
var SIGNING_TIME = "io.cncf.notary.signingTime";
var AUTHENTIC_SIGNING_TIME = "io.cncf.notary.authenticSigningTime";
var EXPIRY = "io.cncf.notary.expiry";
var SIGNING_AGENT = "io.cncf.notary.signingAgent";
var TIMESTAMP_SIGNATURE = "io.cncf.notary.timestampSignature";
var SCHEMES = {
  "notary.x509": {
    time: SIGNING_TIME,
    other: AUTHENTIC_SIGNING_TIME,
    critical: [SIGNING_SCHEME, EXPIRY]
  },
  "notary.x509.signingAuthority": {
    time: AUTHENTIC_SIGNING_TIME,
    other: SIGNING_TIME,
    critical: [SIGNING_SCHEME, AUTHENTIC_SIGNING_TIME, EXPIRY]
  }
};
function readAttributes({ all: all3, registered, critical, readTime: readTime3 }) {
  if (new Set(critical).size !== critical.length) throw new FormatError("lists a critical attribute twice");
  for (const label of critical) {
    if (!all3.has(label)) throw new FormatError(`lacks the critical attribute ${label}`);
    if (registered.includes(label) || label === SIGNING_TIME) {
      throw new FormatError(`lists ${label} as a critical attribute`);
    }
  }
  const signingScheme = schemeOf(all3.get(SIGNING_SCHEME));
  const scheme = SCHEMES[signingScheme];
  if (all3.has(scheme.other)) throw new FormatError(`has ${scheme.other} under the scheme ${signingScheme}`);
  if (!all3.has(scheme.time)) throw new FormatError(`lacks ${scheme.time}`);
  const open = scheme.critical.find((name) => all3.has(name) && !critical.includes(name));
  if (open !== void 0) throw new FormatError(`does not list ${open} as a critical attribute`);
  const time = readTime3(all3.get(scheme.time));
  const expiry = all3.has(EXPIRY) ? readTime3(all3.get(EXPIRY)) : void 0;
  if (expiry !== void 0 && expiry <= time) throw new FormatError("expires before it was signed");
  return {
    signingScheme,
    ...scheme.time === SIGNING_TIME ? { signingTime: time } : { authenticSigningTime: time },
    ...expiry === void 0 ? {} : { expiry },
    critical: critical.filter((label) => !scheme.critical.includes(String(label))).map(String)
  };
}
function checkDisjoint(signed, unsigned) {
  const labels = new Set(signed);
  for (const label of unsigned) {
    if (labels.has(label)) throw new FormatError(`has ${label} both signed and unsigned`);
  }
}
function wholeSeconds(time) {
  return new Date(Math.floor(time.getTime() / 1e3) * 1e3);
}
function schemeOf(value) {
  if (value === "notary.x509" || value === "notary.x509.signingAuthority") return value;
  throw new FormatError("has a signing scheme other than notary.x509 and notary.x509.signingAuthority");
}

// src/signatures/notary/envelope/base64.ts
var base64url = canonical("base64url");
var base64 = canonical("base64");
function canonical(encoding) {
  return string().refine((text) => Buffer.from(text, encoding).toString(encoding) === text, {
    message: `not canonical ${encoding}`
  }).transform((text) => Buffer.from(text, encoding));
}

// node_modules/cborg/lib/is.js
var objectTypeNames = [
  "Object",
  // for Object.create(null) and other non-plain objects
  "RegExp",
  "Date",
  "Error",
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Promise",
  "URL",
  "HTMLElement",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Tagged"
];
function is(value) {
  if (value === null) {
    return "null";
  }
  if (value === void 0) {
    return "undefined";
  }
  if (value === true || value === false) {
    return "boolean";
  }
  const typeOf = typeof value;
  if (typeOf === "string" || typeOf === "number" || typeOf === "bigint" || typeOf === "symbol") {
    return typeOf;
  }
  if (typeOf === "function") {
    return "Function";
  }
  if (Array.isArray(value)) {
    return "Array";
  }
  if (value instanceof Uint8Array) {
    return "Uint8Array";
  }
  if (value.constructor === Object) {
    return "Object";
  }
  const objectType = getObjectType(value);
  if (objectType) {
    return objectType;
  }
  return "Object";
}
function getObjectType(value) {
  const objectTypeName = Object.prototype.toString.call(value).slice(8, -1);
  if (objectTypeNames.includes(objectTypeName)) {
    return objectTypeName;
  }
  return void 0;
}

// node_modules/cborg/lib/token.js
var Type = class {
  /**
   * @param {number} major
   * @param {string} name
   * @param {boolean} terminal
   */
  constructor(major, name, terminal) {
    this.major = major;
    this.majorEncoded = major << 5;
    this.name = name;
    this.terminal = terminal;
  }
  toString() {
    return `Type[${this.major}].${this.name}`;
  }
  /**
   * @param {Type} typ
   * @returns {number}
   */
  compare(typ) {
    return this.major < typ.major ? -1 : this.major > typ.major ? 1 : 0;
  }
  /**
   * Check equality between two Type instances. Safe to use across different
   * copies of the Type class (e.g., when bundlers duplicate the module).
   * (major, name) uniquely identifies a Type; terminal is implied by these.
   * @param {Type} a
   * @param {Type} b
   * @returns {boolean}
   */
  static equals(a, b) {
    return a === b || a.major === b.major && a.name === b.name;
  }
};
Type.uint = new Type(0, "uint", true);
Type.negint = new Type(1, "negint", true);
Type.bytes = new Type(2, "bytes", true);
Type.string = new Type(3, "string", true);
Type.array = new Type(4, "array", false);
Type.map = new Type(5, "map", false);
Type.tag = new Type(6, "tag", false);
Type.float = new Type(7, "float", true);
Type.false = new Type(7, "false", true);
Type.true = new Type(7, "true", true);
Type.null = new Type(7, "null", true);
Type.undefined = new Type(7, "undefined", true);
Type.break = new Type(7, "break", true);
var Token = class {
  /**
   * @param {Type} type
   * @param {any} [value]
   * @param {number} [encodedLength]
   */
  constructor(type, value, encodedLength) {
    this.type = type;
    this.value = value;
    this.encodedLength = encodedLength;
    this.encodedBytes = void 0;
    this.byteValue = void 0;
  }
  toString() {
    return `Token[${this.type}].${this.value}`;
  }
};

// node_modules/cborg/lib/byte-utils.js
var useBuffer = globalThis.process && // @ts-ignore
!globalThis.process.browser && // @ts-ignore
globalThis.Buffer && // @ts-ignore
typeof globalThis.Buffer.isBuffer === "function";
var textEncoder = new TextEncoder();
function isBuffer(buf) {
  return useBuffer && globalThis.Buffer.isBuffer(buf);
}
function asU8A(buf) {
  if (!(buf instanceof Uint8Array)) {
    return Uint8Array.from(buf);
  }
  return isBuffer(buf) ? new Uint8Array(buf.buffer, buf.byteOffset, buf.byteLength) : buf;
}
var FROM_STRING_THRESHOLD_BUFFER = 24;
var FROM_STRING_THRESHOLD_TEXTENCODER = 200;
var fromString = useBuffer ? (
  // eslint-disable-line operator-linebreak
  /**
   * @param {string} string
   */
  (string2) => {
    return string2.length >= FROM_STRING_THRESHOLD_BUFFER ? (
      // eslint-disable-line operator-linebreak
      // @ts-ignore
      globalThis.Buffer.from(string2)
    ) : utf8ToBytes(string2);
  }
) : (
  // eslint-disable-line operator-linebreak
  /**
   * @param {string} string
   */
  (string2) => {
    return string2.length >= FROM_STRING_THRESHOLD_TEXTENCODER ? textEncoder.encode(string2) : utf8ToBytes(string2);
  }
);
var fromArray = (arr) => {
  return Uint8Array.from(arr);
};
var slice = useBuffer ? (
  // eslint-disable-line operator-linebreak
  /**
   * @param {Uint8Array} bytes
   * @param {number} start
   * @param {number} end
   */
  // Buffer.slice() returns a view, not a copy, so we need special handling
  (bytes, start, end) => {
    if (isBuffer(bytes)) {
      return new Uint8Array(bytes.subarray(start, end));
    }
    return bytes.slice(start, end);
  }
) : (
  // eslint-disable-line operator-linebreak
  /**
   * @param {Uint8Array} bytes
   * @param {number} start
   * @param {number} end
   */
  (bytes, start, end) => {
    return bytes.slice(start, end);
  }
);
var concat = useBuffer ? (
  // eslint-disable-line operator-linebreak
  /**
   * @param {ByteView[]} chunks
   * @param {number} length
   * @returns {AllocatedByteView}
   */
  (chunks, length) => {
    chunks = chunks.map((c) => c instanceof Uint8Array ? c : (
      // eslint-disable-line operator-linebreak
      // @ts-ignore
      globalThis.Buffer.from(c)
    ));
    return (
      /** @type {AllocatedByteView} */
      asU8A(globalThis.Buffer.concat(chunks, length))
    );
  }
) : (
  // eslint-disable-line operator-linebreak
  /**
   * @param {ByteView[]} chunks
   * @param {number} length
   * @returns {AllocatedByteView}
   */
  (chunks, length) => {
    const out = new Uint8Array(length);
    let off = 0;
    for (let b of chunks) {
      if (off + b.length > out.length) {
        b = b.subarray(0, out.length - off);
      }
      out.set(b, off);
      off += b.length;
    }
    return out;
  }
);
var alloc = useBuffer ? (
  // eslint-disable-line operator-linebreak
  /**
   * @param {number} size
   * @returns {AllocatedByteView}
   */
  (size) => {
    return globalThis.Buffer.allocUnsafe(size);
  }
) : (
  // eslint-disable-line operator-linebreak
  /**
   * @param {number} size
   * @returns {AllocatedByteView}
   */
  (size) => {
    return new Uint8Array(size);
  }
);
function compare(b1, b2) {
  if (isBuffer(b1) && isBuffer(b2)) {
    return b1.compare(b2);
  }
  for (let i = 0; i < b1.length; i++) {
    if (b1[i] === b2[i]) {
      continue;
    }
    return b1[i] < b2[i] ? -1 : 1;
  }
  return 0;
}
function utf8ToBytes(str) {
  const out = [];
  let p = 0;
  for (let i = 0; i < str.length; i++) {
    let c = str.charCodeAt(i);
    if (c < 128) {
      out[p++] = c;
    } else if (c < 2048) {
      out[p++] = c >> 6 | 192;
      out[p++] = c & 63 | 128;
    } else if ((c & 64512) === 55296 && i + 1 < str.length && (str.charCodeAt(i + 1) & 64512) === 56320) {
      c = 65536 + ((c & 1023) << 10) + (str.charCodeAt(++i) & 1023);
      out[p++] = c >> 18 | 240;
      out[p++] = c >> 12 & 63 | 128;
      out[p++] = c >> 6 & 63 | 128;
      out[p++] = c & 63 | 128;
    } else {
      if (c >= 55296 && c <= 57343) {
        c = 65533;
      }
      out[p++] = c >> 12 | 224;
      out[p++] = c >> 6 & 63 | 128;
      out[p++] = c & 63 | 128;
    }
  }
  return out;
}

// node_modules/cborg/lib/bl.js
var defaultChunkSize = 256;
var Bl = class {
  /**
   * @param {number} [chunkSize]
   */
  constructor(chunkSize = defaultChunkSize) {
    this.chunkSize = chunkSize;
    this.cursor = 0;
    this.maxCursor = -1;
    this.chunks = [];
    this._initReuseChunk = null;
  }
  reset() {
    this.cursor = 0;
    this.maxCursor = -1;
    if (this.chunks.length) {
      this.chunks = [];
    }
    if (this._initReuseChunk !== null) {
      this.chunks.push(this._initReuseChunk);
      this.maxCursor = this._initReuseChunk.length - 1;
    }
  }
  /**
   * @param {number} byte
   */
  pushByte(byte) {
    let topChunk = this.chunks[this.chunks.length - 1];
    if (this.cursor > this.maxCursor) {
      topChunk = alloc(this.chunkSize);
      this.chunks.push(topChunk);
      this.maxCursor += topChunk.length;
      if (this._initReuseChunk === null) {
        this._initReuseChunk = topChunk;
      }
    }
    const chunkPos = topChunk.length - (this.maxCursor - this.cursor) - 1;
    topChunk[chunkPos] = byte;
    this.cursor++;
  }
  /**
   * @param {ByteView|number[]} bytes
   */
  push(bytes) {
    let topChunk = this.chunks[this.chunks.length - 1];
    const newMax = this.cursor + bytes.length;
    if (newMax <= this.maxCursor + 1) {
      const chunkPos = topChunk.length - (this.maxCursor - this.cursor) - 1;
      topChunk.set(bytes, chunkPos);
    } else {
      if (topChunk) {
        const chunkPos = topChunk.length - (this.maxCursor - this.cursor) - 1;
        if (chunkPos < topChunk.length) {
          this.chunks[this.chunks.length - 1] = topChunk.subarray(0, chunkPos);
          this.maxCursor = this.cursor - 1;
        }
      }
      if (bytes.length < 64 && bytes.length < this.chunkSize) {
        topChunk = alloc(this.chunkSize);
        this.chunks.push(topChunk);
        this.maxCursor += topChunk.length;
        if (this._initReuseChunk === null) {
          this._initReuseChunk = topChunk;
        }
        topChunk.set(bytes, 0);
      } else {
        this.chunks.push(bytes);
        this.maxCursor += bytes.length;
      }
    }
    this.cursor += bytes.length;
  }
  /**
   * @param {boolean} [reset]
   * @returns {AllocatedByteView}
   */
  toBytes(reset = false) {
    let byts;
    if (this.chunks.length === 1) {
      const chunk = this.chunks[0];
      if (reset && this.cursor > chunk.length / 2) {
        byts = this.cursor === chunk.length ? chunk : chunk.subarray(0, this.cursor);
        this._initReuseChunk = null;
        this.chunks = [];
      } else {
        byts = slice(chunk, 0, this.cursor);
      }
    } else {
      byts = concat(this.chunks, this.cursor);
    }
    if (reset) {
      this.reset();
    }
    return byts;
  }
};
var U8Bl = class {
  /**
   * @param {Uint8Array<T>} dest
   */
  constructor(dest) {
    this.dest = dest;
    this.cursor = 0;
    this.chunks = [dest];
  }
  reset() {
    this.cursor = 0;
  }
  /**
   * @param {number} byte
   */
  pushByte(byte) {
    if (this.cursor >= this.dest.length) {
      throw new Error("write out of bounds, destination buffer is too small");
    }
    this.dest[this.cursor++] = byte;
  }
  /**
   * @param {ByteView|number[]} bytes
   */
  push(bytes) {
    if (this.cursor + bytes.length > this.dest.length) {
      throw new Error("write out of bounds, destination buffer is too small");
    }
    this.dest.set(bytes, this.cursor);
    this.cursor += bytes.length;
  }
  /**
   * @param {boolean} [reset]
   * @returns {Uint8Array<T>}
   */
  toBytes(reset = false) {
    const byts = this.dest.subarray(0, this.cursor);
    if (reset) {
      this.reset();
    }
    return byts;
  }
};

// node_modules/cborg/lib/common.js
var decodeErrPrefix = "CBOR decode error:";
var encodeErrPrefix = "CBOR encode error:";
var uintMinorPrefixBytes = [];
uintMinorPrefixBytes[23] = 1;
uintMinorPrefixBytes[24] = 2;
uintMinorPrefixBytes[25] = 3;
uintMinorPrefixBytes[26] = 5;
uintMinorPrefixBytes[27] = 9;
function assertEnoughData(data, pos, need) {
  if (data.length - pos < need) {
    throw new Error(`${decodeErrPrefix} not enough data for type`);
  }
}

// node_modules/cborg/lib/0uint.js
var uintBoundaries = [24, 256, 65536, 4294967296, BigInt("18446744073709551616")];
function readUint8(data, offset, options) {
  assertEnoughData(data, offset, 1);
  const value = data[offset];
  if (options.strict === true && value < uintBoundaries[0]) {
    throw new Error(`${decodeErrPrefix} integer encoded in more bytes than necessary (strict decode)`);
  }
  return value;
}
function readUint16(data, offset, options) {
  assertEnoughData(data, offset, 2);
  const value = data[offset] << 8 | data[offset + 1];
  if (options.strict === true && value < uintBoundaries[1]) {
    throw new Error(`${decodeErrPrefix} integer encoded in more bytes than necessary (strict decode)`);
  }
  return value;
}
function readUint32(data, offset, options) {
  assertEnoughData(data, offset, 4);
  const value = data[offset] * 16777216 + (data[offset + 1] << 16) + (data[offset + 2] << 8) + data[offset + 3];
  if (options.strict === true && value < uintBoundaries[2]) {
    throw new Error(`${decodeErrPrefix} integer encoded in more bytes than necessary (strict decode)`);
  }
  return value;
}
function readUint64(data, offset, options) {
  assertEnoughData(data, offset, 8);
  const hi = data[offset] * 16777216 + (data[offset + 1] << 16) + (data[offset + 2] << 8) + data[offset + 3];
  const lo = data[offset + 4] * 16777216 + (data[offset + 5] << 16) + (data[offset + 6] << 8) + data[offset + 7];
  const value = (BigInt(hi) << BigInt(32)) + BigInt(lo);
  if (options.strict === true && value < uintBoundaries[3]) {
    throw new Error(`${decodeErrPrefix} integer encoded in more bytes than necessary (strict decode)`);
  }
  if (value <= Number.MAX_SAFE_INTEGER) {
    return Number(value);
  }
  if (options.allowBigInt === true) {
    return value;
  }
  throw new Error(`${decodeErrPrefix} integers outside of the safe integer range are not supported`);
}
function decodeUint8(data, pos, _minor, options) {
  return new Token(Type.uint, readUint8(data, pos + 1, options), 2);
}
function decodeUint16(data, pos, _minor, options) {
  return new Token(Type.uint, readUint16(data, pos + 1, options), 3);
}
function decodeUint32(data, pos, _minor, options) {
  return new Token(Type.uint, readUint32(data, pos + 1, options), 5);
}
function decodeUint64(data, pos, _minor, options) {
  return new Token(Type.uint, readUint64(data, pos + 1, options), 9);
}
function encodeUint(writer, token) {
  return encodeUintValue(writer, 0, token.value);
}
function encodeUintValue(writer, major, uint) {
  if (uint < uintBoundaries[0]) {
    const nuint = Number(uint);
    writer.pushByte(major | nuint);
  } else if (uint < uintBoundaries[1]) {
    const nuint = Number(uint);
    writer.push([major | 24, nuint]);
  } else if (uint < uintBoundaries[2]) {
    const nuint = Number(uint);
    writer.push([major | 25, nuint >>> 8, nuint & 255]);
  } else if (uint < uintBoundaries[3]) {
    const nuint = Number(uint);
    writer.push([major | 26, nuint >>> 24 & 255, nuint >>> 16 & 255, nuint >>> 8 & 255, nuint & 255]);
  } else {
    const buint = BigInt(uint);
    if (buint < uintBoundaries[4]) {
      const set = [major | 27, 0, 0, 0, 0, 0, 0, 0];
      let lo = Number(buint & BigInt(4294967295));
      let hi = Number(buint >> BigInt(32) & BigInt(4294967295));
      set[8] = lo & 255;
      lo = lo >> 8;
      set[7] = lo & 255;
      lo = lo >> 8;
      set[6] = lo & 255;
      lo = lo >> 8;
      set[5] = lo & 255;
      set[4] = hi & 255;
      hi = hi >> 8;
      set[3] = hi & 255;
      hi = hi >> 8;
      set[2] = hi & 255;
      hi = hi >> 8;
      set[1] = hi & 255;
      writer.push(set);
    } else {
      throw new Error(`${decodeErrPrefix} encountered BigInt larger than allowable range`);
    }
  }
}
encodeUint.encodedSize = function encodedSize(token) {
  return encodeUintValue.encodedSize(token.value);
};
encodeUintValue.encodedSize = function encodedSize2(uint) {
  if (uint < uintBoundaries[0]) {
    return 1;
  }
  if (uint < uintBoundaries[1]) {
    return 2;
  }
  if (uint < uintBoundaries[2]) {
    return 3;
  }
  if (uint < uintBoundaries[3]) {
    return 5;
  }
  return 9;
};
encodeUint.compareTokens = function compareTokens(tok1, tok2) {
  return tok1.value < tok2.value ? -1 : tok1.value > tok2.value ? 1 : 0;
};

// node_modules/cborg/lib/1negint.js
function decodeNegint8(data, pos, _minor, options) {
  return new Token(Type.negint, -1 - readUint8(data, pos + 1, options), 2);
}
function decodeNegint16(data, pos, _minor, options) {
  return new Token(Type.negint, -1 - readUint16(data, pos + 1, options), 3);
}
function decodeNegint32(data, pos, _minor, options) {
  return new Token(Type.negint, -1 - readUint32(data, pos + 1, options), 5);
}
var neg1b = BigInt(-1);
var pos1b = BigInt(1);
function decodeNegint64(data, pos, _minor, options) {
  const int = readUint64(data, pos + 1, options);
  if (typeof int !== "bigint") {
    const value = -1 - int;
    if (value >= Number.MIN_SAFE_INTEGER) {
      return new Token(Type.negint, value, 9);
    }
  }
  if (options.allowBigInt !== true) {
    throw new Error(`${decodeErrPrefix} integers outside of the safe integer range are not supported`);
  }
  return new Token(Type.negint, neg1b - BigInt(int), 9);
}
function encodeNegint(writer, token) {
  const negint = token.value;
  const unsigned = typeof negint === "bigint" ? negint * neg1b - pos1b : negint * -1 - 1;
  encodeUintValue(writer, token.type.majorEncoded, unsigned);
}
encodeNegint.encodedSize = function encodedSize3(token) {
  const negint = token.value;
  const unsigned = typeof negint === "bigint" ? negint * neg1b - pos1b : negint * -1 - 1;
  if (unsigned < uintBoundaries[0]) {
    return 1;
  }
  if (unsigned < uintBoundaries[1]) {
    return 2;
  }
  if (unsigned < uintBoundaries[2]) {
    return 3;
  }
  if (unsigned < uintBoundaries[3]) {
    return 5;
  }
  return 9;
};
encodeNegint.compareTokens = function compareTokens2(tok1, tok2) {
  return tok1.value < tok2.value ? 1 : tok1.value > tok2.value ? -1 : 0;
};

// node_modules/cborg/lib/2bytes.js
function toToken(data, pos, prefix, length) {
  assertEnoughData(data, pos, prefix + length);
  const buf = data.slice(pos + prefix, pos + prefix + length);
  return new Token(Type.bytes, buf, prefix + length);
}
function decodeBytesCompact(data, pos, minor, _options) {
  return toToken(data, pos, 1, minor);
}
function decodeBytes8(data, pos, _minor, options) {
  return toToken(data, pos, 2, readUint8(data, pos + 1, options));
}
function decodeBytes16(data, pos, _minor, options) {
  return toToken(data, pos, 3, readUint16(data, pos + 1, options));
}
function decodeBytes32(data, pos, _minor, options) {
  return toToken(data, pos, 5, readUint32(data, pos + 1, options));
}
function decodeBytes64(data, pos, _minor, options) {
  const l = readUint64(data, pos + 1, options);
  if (typeof l === "bigint") {
    throw new Error(`${decodeErrPrefix} 64-bit integer bytes lengths not supported`);
  }
  return toToken(data, pos, 9, l);
}
function tokenBytes(token) {
  if (token.encodedBytes === void 0) {
    token.encodedBytes = Type.equals(token.type, Type.string) ? fromString(token.value) : token.value;
  }
  return token.encodedBytes;
}
function encodeBytes(writer, token) {
  const bytes = tokenBytes(token);
  encodeUintValue(writer, token.type.majorEncoded, bytes.length);
  writer.push(bytes);
}
encodeBytes.encodedSize = function encodedSize4(token) {
  const bytes = tokenBytes(token);
  return encodeUintValue.encodedSize(bytes.length) + bytes.length;
};
encodeBytes.compareTokens = function compareTokens3(tok1, tok2) {
  return compareBytes(tokenBytes(tok1), tokenBytes(tok2));
};
function compareBytes(b1, b2) {
  return b1.length < b2.length ? -1 : b1.length > b2.length ? 1 : compare(b1, b2);
}

// node_modules/cborg/lib/3string.js
var textDecoder = new TextDecoder();
var ASCII_THRESHOLD = 32;
function toStr(bytes, start, end) {
  const len = end - start;
  if (len < ASCII_THRESHOLD) {
    let str = "";
    for (let i = start; i < end; i++) {
      const c = bytes[i];
      if (c & 128) {
        return textDecoder.decode(bytes.subarray(start, end));
      }
      str += String.fromCharCode(c);
    }
    return str;
  }
  return textDecoder.decode(bytes.subarray(start, end));
}
function toToken2(data, pos, prefix, length, options) {
  const totLength = prefix + length;
  assertEnoughData(data, pos, totLength);
  const tok = new Token(Type.string, toStr(data, pos + prefix, pos + totLength), totLength);
  if (options.retainStringBytes === true) {
    tok.byteValue = data.slice(pos + prefix, pos + totLength);
  }
  return tok;
}
function decodeStringCompact(data, pos, minor, options) {
  return toToken2(data, pos, 1, minor, options);
}
function decodeString8(data, pos, _minor, options) {
  return toToken2(data, pos, 2, readUint8(data, pos + 1, options), options);
}
function decodeString16(data, pos, _minor, options) {
  return toToken2(data, pos, 3, readUint16(data, pos + 1, options), options);
}
function decodeString32(data, pos, _minor, options) {
  return toToken2(data, pos, 5, readUint32(data, pos + 1, options), options);
}
function decodeString64(data, pos, _minor, options) {
  const l = readUint64(data, pos + 1, options);
  if (typeof l === "bigint") {
    throw new Error(`${decodeErrPrefix} 64-bit integer string lengths not supported`);
  }
  return toToken2(data, pos, 9, l, options);
}
var encodeString = encodeBytes;

// node_modules/cborg/lib/4array.js
function toToken3(_data, _pos, prefix, length) {
  return new Token(Type.array, length, prefix);
}
function decodeArrayCompact(data, pos, minor, _options) {
  return toToken3(data, pos, 1, minor);
}
function decodeArray8(data, pos, _minor, options) {
  return toToken3(data, pos, 2, readUint8(data, pos + 1, options));
}
function decodeArray16(data, pos, _minor, options) {
  return toToken3(data, pos, 3, readUint16(data, pos + 1, options));
}
function decodeArray32(data, pos, _minor, options) {
  return toToken3(data, pos, 5, readUint32(data, pos + 1, options));
}
function decodeArray64(data, pos, _minor, options) {
  const l = readUint64(data, pos + 1, options);
  if (typeof l === "bigint") {
    throw new Error(`${decodeErrPrefix} 64-bit integer array lengths not supported`);
  }
  return toToken3(data, pos, 9, l);
}
function decodeArrayIndefinite(data, pos, _minor, options) {
  if (options.allowIndefinite === false) {
    throw new Error(`${decodeErrPrefix} indefinite length items not allowed`);
  }
  return toToken3(data, pos, 1, Infinity);
}
function encodeArray(writer, token) {
  encodeUintValue(writer, Type.array.majorEncoded, token.value);
}
encodeArray.compareTokens = encodeUint.compareTokens;
encodeArray.encodedSize = function encodedSize5(token) {
  return encodeUintValue.encodedSize(token.value);
};

// node_modules/cborg/lib/5map.js
function toToken4(_data, _pos, prefix, length) {
  return new Token(Type.map, length, prefix);
}
function decodeMapCompact(data, pos, minor, _options) {
  return toToken4(data, pos, 1, minor);
}
function decodeMap8(data, pos, _minor, options) {
  return toToken4(data, pos, 2, readUint8(data, pos + 1, options));
}
function decodeMap16(data, pos, _minor, options) {
  return toToken4(data, pos, 3, readUint16(data, pos + 1, options));
}
function decodeMap32(data, pos, _minor, options) {
  return toToken4(data, pos, 5, readUint32(data, pos + 1, options));
}
function decodeMap64(data, pos, _minor, options) {
  const l = readUint64(data, pos + 1, options);
  if (typeof l === "bigint") {
    throw new Error(`${decodeErrPrefix} 64-bit integer map lengths not supported`);
  }
  return toToken4(data, pos, 9, l);
}
function decodeMapIndefinite(data, pos, _minor, options) {
  if (options.allowIndefinite === false) {
    throw new Error(`${decodeErrPrefix} indefinite length items not allowed`);
  }
  return toToken4(data, pos, 1, Infinity);
}
function encodeMap(writer, token) {
  encodeUintValue(writer, Type.map.majorEncoded, token.value);
}
encodeMap.compareTokens = encodeUint.compareTokens;
encodeMap.encodedSize = function encodedSize6(token) {
  return encodeUintValue.encodedSize(token.value);
};

// node_modules/cborg/lib/6tag.js
function decodeTagCompact(_data, _pos, minor, _options) {
  return new Token(Type.tag, minor, 1);
}
function decodeTag8(data, pos, _minor, options) {
  return new Token(Type.tag, readUint8(data, pos + 1, options), 2);
}
function decodeTag16(data, pos, _minor, options) {
  return new Token(Type.tag, readUint16(data, pos + 1, options), 3);
}
function decodeTag32(data, pos, _minor, options) {
  return new Token(Type.tag, readUint32(data, pos + 1, options), 5);
}
function decodeTag64(data, pos, _minor, options) {
  return new Token(Type.tag, readUint64(data, pos + 1, options), 9);
}
function encodeTag(writer, token) {
  encodeUintValue(writer, Type.tag.majorEncoded, token.value);
}
encodeTag.compareTokens = encodeUint.compareTokens;
encodeTag.encodedSize = function encodedSize7(token) {
  return encodeUintValue.encodedSize(token.value);
};

// node_modules/cborg/lib/7float.js
var MINOR_FALSE = 20;
var MINOR_TRUE = 21;
var MINOR_NULL = 22;
var MINOR_UNDEFINED = 23;
function decodeUndefined(_data, _pos, _minor, options) {
  if (options.allowUndefined === false) {
    throw new Error(`${decodeErrPrefix} undefined values are not supported`);
  } else if (options.coerceUndefinedToNull === true) {
    return new Token(Type.null, null, 1);
  }
  return new Token(Type.undefined, void 0, 1);
}
function decodeBreak(_data, _pos, _minor, options) {
  if (options.allowIndefinite === false) {
    throw new Error(`${decodeErrPrefix} indefinite length items not allowed`);
  }
  return new Token(Type.break, void 0, 1);
}
function createToken(value, bytes, options) {
  if (options) {
    if (options.allowNaN === false && Number.isNaN(value)) {
      throw new Error(`${decodeErrPrefix} NaN values are not supported`);
    }
    if (options.allowInfinity === false && (value === Infinity || value === -Infinity)) {
      throw new Error(`${decodeErrPrefix} Infinity values are not supported`);
    }
  }
  return new Token(Type.float, value, bytes);
}
function decodeFloat16(data, pos, _minor, options) {
  return createToken(readFloat16(data, pos + 1), 3, options);
}
function decodeFloat32(data, pos, _minor, options) {
  return createToken(readFloat32(data, pos + 1), 5, options);
}
function decodeFloat64(data, pos, _minor, options) {
  return createToken(readFloat64(data, pos + 1), 9, options);
}
function encodeFloat(writer, token, options) {
  const float = token.value;
  if (float === false) {
    writer.pushByte(Type.float.majorEncoded | MINOR_FALSE);
  } else if (float === true) {
    writer.pushByte(Type.float.majorEncoded | MINOR_TRUE);
  } else if (float === null) {
    writer.pushByte(Type.float.majorEncoded | MINOR_NULL);
  } else if (float === void 0) {
    writer.pushByte(Type.float.majorEncoded | MINOR_UNDEFINED);
  } else {
    let decoded;
    let success = false;
    if (!options || options.float64 !== true) {
      encodeFloat16(float);
      decoded = readFloat16(ui8a, 1);
      if (float === decoded || Number.isNaN(float)) {
        ui8a[0] = 249;
        writer.push(ui8a.slice(0, 3));
        success = true;
      } else {
        encodeFloat32(float);
        decoded = readFloat32(ui8a, 1);
        if (float === decoded) {
          ui8a[0] = 250;
          writer.push(ui8a.slice(0, 5));
          success = true;
        }
      }
    }
    if (!success) {
      encodeFloat64(float);
      decoded = readFloat64(ui8a, 1);
      ui8a[0] = 251;
      writer.push(ui8a.slice(0, 9));
    }
  }
}
encodeFloat.encodedSize = function encodedSize8(token, options) {
  const float = token.value;
  if (float === false || float === true || float === null || float === void 0) {
    return 1;
  }
  if (!options || options.float64 !== true) {
    encodeFloat16(float);
    let decoded = readFloat16(ui8a, 1);
    if (float === decoded || Number.isNaN(float)) {
      return 3;
    }
    encodeFloat32(float);
    decoded = readFloat32(ui8a, 1);
    if (float === decoded) {
      return 5;
    }
  }
  return 9;
};
var buffer = new ArrayBuffer(9);
var dataView = new DataView(buffer, 1);
var ui8a = new Uint8Array(buffer, 0);
function encodeFloat16(inp) {
  if (inp === Infinity) {
    dataView.setUint16(0, 31744, false);
  } else if (inp === -Infinity) {
    dataView.setUint16(0, 64512, false);
  } else if (Number.isNaN(inp)) {
    dataView.setUint16(0, 32256, false);
  } else {
    dataView.setFloat32(0, inp);
    const valu32 = dataView.getUint32(0);
    const exponent = (valu32 & 2139095040) >> 23;
    const mantissa = valu32 & 8388607;
    if (exponent === 255) {
      dataView.setUint16(0, 31744, false);
    } else if (exponent === 0) {
      dataView.setUint16(0, (valu32 & 2147483648) >> 16 | mantissa >> 13, false);
    } else {
      const logicalExponent = exponent - 127;
      if (logicalExponent < -24) {
        dataView.setUint16(0, 0);
      } else if (logicalExponent < -14) {
        dataView.setUint16(0, (valu32 & 2147483648) >> 16 | /* sign bit */
        1 << 24 + logicalExponent, false);
      } else {
        dataView.setUint16(0, (valu32 & 2147483648) >> 16 | logicalExponent + 15 << 10 | mantissa >> 13, false);
      }
    }
  }
}
function readFloat16(ui8a2, pos) {
  if (ui8a2.length - pos < 2) {
    throw new Error(`${decodeErrPrefix} not enough data for float16`);
  }
  const half = (ui8a2[pos] << 8) + ui8a2[pos + 1];
  if (half === 31744) {
    return Infinity;
  }
  if (half === 64512) {
    return -Infinity;
  }
  if (half === 32256) {
    return NaN;
  }
  const exp = half >> 10 & 31;
  const mant = half & 1023;
  let val;
  if (exp === 0) {
    val = mant * 2 ** -24;
  } else if (exp !== 31) {
    val = (mant + 1024) * 2 ** (exp - 25);
  } else {
    val = mant === 0 ? Infinity : NaN;
  }
  return half & 32768 ? -val : val;
}
function encodeFloat32(inp) {
  dataView.setFloat32(0, inp, false);
}
function readFloat32(ui8a2, pos) {
  if (ui8a2.length - pos < 4) {
    throw new Error(`${decodeErrPrefix} not enough data for float32`);
  }
  const offset = (ui8a2.byteOffset || 0) + pos;
  return new DataView(ui8a2.buffer, offset, 4).getFloat32(0, false);
}
function encodeFloat64(inp) {
  dataView.setFloat64(0, inp, false);
}
function readFloat64(ui8a2, pos) {
  if (ui8a2.length - pos < 8) {
    throw new Error(`${decodeErrPrefix} not enough data for float64`);
  }
  const offset = (ui8a2.byteOffset || 0) + pos;
  return new DataView(ui8a2.buffer, offset, 8).getFloat64(0, false);
}
function encodeMajorSevenBytes(token, float64) {
  const float = token.value;
  if (float === false) {
    return Uint8Array.of(Type.float.majorEncoded | MINOR_FALSE);
  }
  if (float === true) {
    return Uint8Array.of(Type.float.majorEncoded | MINOR_TRUE);
  }
  if (float === null) {
    return Uint8Array.of(Type.float.majorEncoded | MINOR_NULL);
  }
  if (float === void 0) {
    return Uint8Array.of(Type.float.majorEncoded | MINOR_UNDEFINED);
  }
  if (!float64) {
    encodeFloat16(float);
    if (float === readFloat16(ui8a, 1) || Number.isNaN(float)) {
      ui8a[0] = 249;
      return ui8a.slice(0, 3);
    }
    encodeFloat32(float);
    if (float === readFloat32(ui8a, 1)) {
      ui8a[0] = 250;
      return ui8a.slice(0, 5);
    }
  }
  encodeFloat64(float);
  ui8a[0] = 251;
  return ui8a.slice(0, 9);
}
function majorSevenBytes(token, options) {
  const tokenEx = (
    /** @type {TokenEx} */
    token
  );
  const float64 = options?.float64 === true;
  const cached = float64 ? tokenEx._keyBytesFloat64 : tokenEx._keyBytes;
  if (cached !== void 0) {
    return cached;
  }
  const bytes = encodeMajorSevenBytes(token, float64);
  if (float64) {
    tokenEx._keyBytesFloat64 = bytes;
  } else {
    tokenEx._keyBytes = bytes;
  }
  return bytes;
}
encodeFloat.compareTokens = function compareTokens4(tok1, tok2, options) {
  const b1 = majorSevenBytes(tok1, options);
  const b2 = majorSevenBytes(tok2, options);
  if (b1.length !== b2.length) {
    return b1.length < b2.length ? -1 : 1;
  }
  return compare(b1, b2);
};

// node_modules/cborg/lib/jump.js
function invalidMinor(data, pos, minor) {
  throw new Error(`${decodeErrPrefix} encountered invalid minor (${minor}) for major ${data[pos] >>> 5}`);
}
function errorer(msg) {
  return () => {
    throw new Error(`${decodeErrPrefix} ${msg}`);
  };
}
var jump = [];
for (let i = 0; i <= 23; i++) {
  jump[i] = invalidMinor;
}
jump[24] = decodeUint8;
jump[25] = decodeUint16;
jump[26] = decodeUint32;
jump[27] = decodeUint64;
jump[28] = invalidMinor;
jump[29] = invalidMinor;
jump[30] = invalidMinor;
jump[31] = invalidMinor;
for (let i = 32; i <= 55; i++) {
  jump[i] = invalidMinor;
}
jump[56] = decodeNegint8;
jump[57] = decodeNegint16;
jump[58] = decodeNegint32;
jump[59] = decodeNegint64;
jump[60] = invalidMinor;
jump[61] = invalidMinor;
jump[62] = invalidMinor;
jump[63] = invalidMinor;
for (let i = 64; i <= 87; i++) {
  jump[i] = decodeBytesCompact;
}
jump[88] = decodeBytes8;
jump[89] = decodeBytes16;
jump[90] = decodeBytes32;
jump[91] = decodeBytes64;
jump[92] = invalidMinor;
jump[93] = invalidMinor;
jump[94] = invalidMinor;
jump[95] = errorer("indefinite length bytes/strings are not supported");
for (let i = 96; i <= 119; i++) {
  jump[i] = decodeStringCompact;
}
jump[120] = decodeString8;
jump[121] = decodeString16;
jump[122] = decodeString32;
jump[123] = decodeString64;
jump[124] = invalidMinor;
jump[125] = invalidMinor;
jump[126] = invalidMinor;
jump[127] = errorer("indefinite length bytes/strings are not supported");
for (let i = 128; i <= 151; i++) {
  jump[i] = decodeArrayCompact;
}
jump[152] = decodeArray8;
jump[153] = decodeArray16;
jump[154] = decodeArray32;
jump[155] = decodeArray64;
jump[156] = invalidMinor;
jump[157] = invalidMinor;
jump[158] = invalidMinor;
jump[159] = decodeArrayIndefinite;
for (let i = 160; i <= 183; i++) {
  jump[i] = decodeMapCompact;
}
jump[184] = decodeMap8;
jump[185] = decodeMap16;
jump[186] = decodeMap32;
jump[187] = decodeMap64;
jump[188] = invalidMinor;
jump[189] = invalidMinor;
jump[190] = invalidMinor;
jump[191] = decodeMapIndefinite;
for (let i = 192; i <= 215; i++) {
  jump[i] = decodeTagCompact;
}
jump[216] = decodeTag8;
jump[217] = decodeTag16;
jump[218] = decodeTag32;
jump[219] = decodeTag64;
jump[220] = invalidMinor;
jump[221] = invalidMinor;
jump[222] = invalidMinor;
jump[223] = invalidMinor;
for (let i = 224; i <= 243; i++) {
  jump[i] = errorer("simple values are not supported");
}
jump[244] = invalidMinor;
jump[245] = invalidMinor;
jump[246] = invalidMinor;
jump[247] = decodeUndefined;
jump[248] = errorer("simple values are not supported");
jump[249] = decodeFloat16;
jump[250] = decodeFloat32;
jump[251] = decodeFloat64;
jump[252] = invalidMinor;
jump[253] = invalidMinor;
jump[254] = invalidMinor;
jump[255] = decodeBreak;
var quick = [];
for (let i = 0; i < 24; i++) {
  quick[i] = new Token(Type.uint, i, 1);
}
for (let i = -1; i >= -24; i--) {
  quick[31 - i] = new Token(Type.negint, i, 1);
}
quick[64] = new Token(Type.bytes, new Uint8Array(0), 1);
quick[96] = new Token(Type.string, "", 1);
quick[128] = new Token(Type.array, 0, 1);
quick[160] = new Token(Type.map, 0, 1);
quick[244] = new Token(Type.false, false, 1);
quick[245] = new Token(Type.true, true, 1);
quick[246] = new Token(Type.null, null, 1);
function quickEncodeToken(token) {
  switch (token.type) {
    case Type.false:
      return fromArray([244]);
    case Type.true:
      return fromArray([245]);
    case Type.null:
      return fromArray([246]);
    case Type.bytes:
      if (!token.value.length) {
        return fromArray([64]);
      }
      return;
    case Type.string:
      if (token.value === "") {
        return fromArray([96]);
      }
      return;
    case Type.array:
      if (token.value === 0) {
        return fromArray([128]);
      }
      return;
    case Type.map:
      if (token.value === 0) {
        return fromArray([160]);
      }
      return;
    case Type.uint:
      if (token.value < 24) {
        return fromArray([Number(token.value)]);
      }
      return;
    case Type.negint:
      if (token.value >= -24) {
        return fromArray([31 - Number(token.value)]);
      }
  }
}

// node_modules/cborg/lib/encode.js
var defaultEncodeOptions = {
  float64: false,
  mapSorter,
  quickEncodeToken
};
var rfc8949EncodeOptions = Object.freeze({
  mapSorter: rfc8949MapSorter,
  quickEncodeToken
});
function makeCborEncoders() {
  const encoders = [];
  encoders[Type.uint.major] = encodeUint;
  encoders[Type.negint.major] = encodeNegint;
  encoders[Type.bytes.major] = encodeBytes;
  encoders[Type.string.major] = encodeString;
  encoders[Type.array.major] = encodeArray;
  encoders[Type.map.major] = encodeMap;
  encoders[Type.tag.major] = encodeTag;
  encoders[Type.float.major] = encodeFloat;
  return encoders;
}
var cborEncoders = makeCborEncoders();
var defaultWriter = new Bl();
var Ref = class _Ref {
  /**
   * @param {object|any[]} obj
   * @param {Reference|undefined} parent
   */
  constructor(obj, parent) {
    this.obj = obj;
    this.parent = parent;
  }
  /**
   * @param {object|any[]} obj
   * @returns {boolean}
   */
  includes(obj) {
    let p = this;
    do {
      if (p.obj === obj) {
        return true;
      }
    } while (p = p.parent);
    return false;
  }
  /**
   * @param {Reference|undefined} stack
   * @param {object|any[]} obj
   * @returns {Reference}
   */
  static createCheck(stack, obj) {
    if (stack && stack.includes(obj)) {
      throw new Error(`${encodeErrPrefix} object contains circular references`);
    }
    return new _Ref(obj, stack);
  }
};
var simpleTokens = {
  null: new Token(Type.null, null),
  undefined: new Token(Type.undefined, void 0),
  true: new Token(Type.true, true),
  false: new Token(Type.false, false),
  emptyArray: new Token(Type.array, 0),
  emptyMap: new Token(Type.map, 0)
};
var typeEncoders = {
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  number(obj, _typ, _options, _refStack) {
    if (!Number.isInteger(obj) || !Number.isSafeInteger(obj)) {
      return new Token(Type.float, obj);
    } else if (obj >= 0) {
      return new Token(Type.uint, obj);
    } else {
      return new Token(Type.negint, obj);
    }
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  bigint(obj, _typ, _options, _refStack) {
    if (obj >= BigInt(0)) {
      return new Token(Type.uint, obj);
    } else {
      return new Token(Type.negint, obj);
    }
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  Uint8Array(obj, _typ, _options, _refStack) {
    return new Token(Type.bytes, obj);
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  string(obj, _typ, _options, _refStack) {
    return new Token(Type.string, obj);
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  boolean(obj, _typ, _options, _refStack) {
    return obj ? simpleTokens.true : simpleTokens.false;
  },
  /**
   * @param {any} _obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  null(_obj, _typ, _options, _refStack) {
    return simpleTokens.null;
  },
  /**
   * @param {any} _obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  undefined(_obj, _typ, _options, _refStack) {
    return simpleTokens.undefined;
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  ArrayBuffer(obj, _typ, _options, _refStack) {
    return new Token(Type.bytes, new Uint8Array(obj));
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} _options
   * @param {Reference} [_refStack]
   * @returns {TokenOrNestedTokens}
   */
  DataView(obj, _typ, _options, _refStack) {
    return new Token(Type.bytes, new Uint8Array(obj.buffer, obj.byteOffset, obj.byteLength));
  },
  /**
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} options
   * @param {Reference} [refStack]
   * @returns {TokenOrNestedTokens}
   */
  Array(obj, _typ, options, refStack) {
    if (!obj.length) {
      if (options.addBreakTokens === true) {
        return [simpleTokens.emptyArray, new Token(Type.break)];
      }
      return simpleTokens.emptyArray;
    }
    refStack = Ref.createCheck(refStack, obj);
    const entries = [];
    let i = 0;
    for (const e of obj) {
      entries[i++] = objectToTokens(e, options, refStack);
    }
    if (options.addBreakTokens) {
      return [new Token(Type.array, obj.length), entries, new Token(Type.break)];
    }
    return [new Token(Type.array, obj.length), entries];
  },
  /**
   * @param {any} obj
   * @param {string} typ
   * @param {EncodeOptions} options
   * @param {Reference} [refStack]
   * @returns {TokenOrNestedTokens}
   */
  Object(obj, typ, options, refStack) {
    const isMap = typ !== "Object";
    const keys = isMap ? obj.keys() : Object.keys(obj);
    const maxLength = isMap ? obj.size : keys.length;
    let entries;
    if (maxLength) {
      entries = new Array(maxLength);
      refStack = Ref.createCheck(refStack, obj);
      const skipUndefined = !isMap && options.ignoreUndefinedProperties;
      let i = 0;
      for (const key of keys) {
        const value = isMap ? obj.get(key) : obj[key];
        if (skipUndefined && value === void 0) {
          continue;
        }
        entries[i++] = [
          objectToTokens(key, options, refStack),
          objectToTokens(value, options, refStack)
        ];
      }
      if (i < maxLength) {
        entries.length = i;
      }
    }
    if (!entries?.length) {
      if (options.addBreakTokens === true) {
        return [simpleTokens.emptyMap, new Token(Type.break)];
      }
      return simpleTokens.emptyMap;
    }
    sortMapEntries(entries, options);
    if (options.addBreakTokens) {
      return [new Token(Type.map, entries.length), entries, new Token(Type.break)];
    }
    return [new Token(Type.map, entries.length), entries];
  },
  /**
   * Encode a `Tagged` wrapper as a CBOR tag header followed by the encoded
   * form of the wrapped value. The value is recursively tokenised through
   * `objectToTokens()` so any registered `typeEncoders` apply to it.
   *
   * @param {any} obj
   * @param {string} _typ
   * @param {EncodeOptions} options
   * @param {Reference} [refStack]
   * @returns {TokenOrNestedTokens}
   */
  Tagged(obj, _typ, options, refStack) {
    return [
      new Token(Type.tag, obj.tag),
      objectToTokens(obj.value, options, refStack)
    ];
  }
};
typeEncoders.Map = typeEncoders.Object;
typeEncoders.Buffer = typeEncoders.Uint8Array;
for (const typ of "Uint8Clamped Uint16 Uint32 Int8 Int16 Int32 BigUint64 BigInt64 Float32 Float64".split(" ")) {
  typeEncoders[`${typ}Array`] = typeEncoders.DataView;
}
function objectToTokens(obj, options = {}, refStack) {
  const typ = is(obj);
  const customTypeEncoder = options && options.typeEncoders && /** @type {OptionalTypeEncoder} */
  options.typeEncoders[typ] || typeEncoders[typ];
  if (typeof customTypeEncoder === "function") {
    const tokens = customTypeEncoder(obj, typ, options, refStack);
    if (tokens != null) {
      return tokens;
    }
  }
  const typeEncoder = typeEncoders[typ];
  if (!typeEncoder) {
    throw new Error(`${encodeErrPrefix} unsupported type: ${typ}`);
  }
  return typeEncoder(obj, typ, options, refStack);
}
function sortMapEntries(entries, options) {
  const mapSorter2 = (
    /** @type {(e1: TokenOrNestedTokens, e2: TokenOrNestedTokens, options?: EncodeOptions) => number} */
    options.mapSorter
  );
  if (mapSorter2) {
    entries.sort((e1, e2) => mapSorter2(e1, e2, options));
  }
}
function mapSorter(e1, e2, options) {
  const keyToken1 = Array.isArray(e1[0]) ? e1[0][0] : e1[0];
  const keyToken2 = Array.isArray(e2[0]) ? e2[0][0] : e2[0];
  if (keyToken1.type.major !== keyToken2.type.major) {
    return keyToken1.type.compare(keyToken2.type);
  }
  const major = keyToken1.type.major;
  const tcmp = cborEncoders[major].compareTokens(keyToken1, keyToken2, options);
  if (tcmp === 0) {
    console.warn("WARNING: complex key types used, CBOR key sorting guarantees are gone");
  }
  return tcmp;
}
function rfc8949MapSorter(e1, e2) {
  if (e1[0] instanceof Token && e2[0] instanceof Token) {
    const t1 = (
      /** @type {TokenEx} */
      e1[0]
    );
    const t2 = (
      /** @type {TokenEx} */
      e2[0]
    );
    if (!t1._keyBytes) {
      t1._keyBytes = encodeRfc8949(t1.value);
    }
    if (!t2._keyBytes) {
      t2._keyBytes = encodeRfc8949(t2.value);
    }
    return compare(t1._keyBytes, t2._keyBytes);
  }
  throw new Error("rfc8949MapSorter: complex key types are not supported yet");
}
function encodeRfc8949(data) {
  return encodeCustom(data, cborEncoders, rfc8949EncodeOptions);
}
function tokensToEncoded(writer, tokens, encoders, options) {
  if (Array.isArray(tokens)) {
    for (const token of tokens) {
      tokensToEncoded(writer, token, encoders, options);
    }
  } else {
    encoders[tokens.type.major](writer, tokens, options);
  }
}
var MAJOR_UINT = Type.uint.majorEncoded;
var MAJOR_NEGINT = Type.negint.majorEncoded;
var MAJOR_BYTES = Type.bytes.majorEncoded;
var MAJOR_STRING = Type.string.majorEncoded;
var MAJOR_ARRAY = Type.array.majorEncoded;
var MAJOR_MAP = Type.map.majorEncoded;
var SIMPLE_FALSE = Type.float.majorEncoded | MINOR_FALSE;
var SIMPLE_TRUE = Type.float.majorEncoded | MINOR_TRUE;
var SIMPLE_NULL = Type.float.majorEncoded | MINOR_NULL;
var SIMPLE_UNDEFINED = Type.float.majorEncoded | MINOR_UNDEFINED;
var neg1b2 = BigInt(-1);
var pos1b2 = BigInt(1);
function directEncodeUintValue(writer, major, uint) {
  if (uint < 24) {
    writer.pushByte(major | Number(uint));
  } else {
    encodeUintValue(writer, major, uint);
  }
}
function canDirectEncode(options) {
  return options.addBreakTokens !== true;
}
function directEncodeMap(writer, data, typ, options, refStack) {
  const isMap = typ === "Map";
  const keys = isMap ? data.keys() : Object.keys(data);
  const maxLength = isMap ? data.size : keys.length;
  if (!maxLength) {
    writer.pushByte(MAJOR_MAP);
    return;
  }
  refStack = Ref.createCheck(refStack, data);
  const skipUndefined = !isMap && options.ignoreUndefinedProperties;
  const entries = new Array(maxLength);
  let length = 0;
  for (const key of keys) {
    const value = isMap ? data.get(key) : data[key];
    if (skipUndefined && value === void 0) {
      continue;
    }
    entries[length++] = [objectToTokens(key, options, refStack), value];
  }
  if (length === 0) {
    writer.pushByte(MAJOR_MAP);
    return;
  }
  if (length < maxLength) {
    entries.length = length;
  }
  entries.sort((e1, e2) => mapSorter(e1, e2, options));
  directEncodeUintValue(writer, MAJOR_MAP, length);
  for (const [key, value] of entries) {
    tokensToEncoded(writer, key, cborEncoders, options);
    directEncode(writer, value, options, refStack);
  }
}
function directEncode(writer, data, options, refStack) {
  const typ = is(data);
  const customEncoder = options.typeEncoders && options.typeEncoders[typ];
  if (customEncoder) {
    const tokens = customEncoder(data, typ, options, refStack);
    if (tokens != null) {
      tokensToEncoded(writer, tokens, cborEncoders, options);
      return;
    }
  }
  switch (typ) {
    case "null":
      writer.pushByte(SIMPLE_NULL);
      return;
    case "undefined":
      writer.pushByte(SIMPLE_UNDEFINED);
      return;
    case "boolean":
      writer.pushByte(data ? SIMPLE_TRUE : SIMPLE_FALSE);
      return;
    case "number":
      if (!Number.isInteger(data) || !Number.isSafeInteger(data)) {
        encodeFloat(writer, new Token(Type.float, data), options);
      } else if (data >= 0) {
        directEncodeUintValue(writer, MAJOR_UINT, data);
      } else {
        directEncodeUintValue(writer, MAJOR_NEGINT, data * -1 - 1);
      }
      return;
    case "bigint":
      if (data >= BigInt(0)) {
        directEncodeUintValue(writer, MAJOR_UINT, data);
      } else {
        directEncodeUintValue(writer, MAJOR_NEGINT, data * neg1b2 - pos1b2);
      }
      return;
    case "string": {
      const bytes = fromString(data);
      directEncodeUintValue(writer, MAJOR_STRING, bytes.length);
      writer.push(bytes);
      return;
    }
    case "Uint8Array":
      directEncodeUintValue(writer, MAJOR_BYTES, data.length);
      writer.push(data);
      return;
    case "Array":
      if (!data.length) {
        writer.pushByte(MAJOR_ARRAY);
        return;
      }
      refStack = Ref.createCheck(refStack, data);
      directEncodeUintValue(writer, MAJOR_ARRAY, data.length);
      for (const elem of data) {
        directEncode(writer, elem, options, refStack);
      }
      return;
    case "Object":
    case "Map":
      if (options.mapSorter === mapSorter) {
        directEncodeMap(writer, data, typ, options, refStack);
      } else {
        const tokens = typeEncoders.Object(data, typ, options, refStack);
        tokensToEncoded(writer, tokens, cborEncoders, options);
      }
      return;
    default: {
      const typeEncoder = typeEncoders[typ];
      if (!typeEncoder) {
        throw new Error(`${encodeErrPrefix} unsupported type: ${typ}`);
      }
      const tokens = typeEncoder(data, typ, options, refStack);
      tokensToEncoded(writer, tokens, cborEncoders, options);
    }
  }
}
function encodeCustom(data, encoders, options, destination) {
  const hasDest = destination instanceof Uint8Array;
  let writeTo = hasDest ? new U8Bl(destination) : defaultWriter;
  const tokens = objectToTokens(data, options);
  if (!Array.isArray(tokens) && options.quickEncodeToken) {
    const quickBytes = options.quickEncodeToken(tokens);
    if (quickBytes) {
      if (hasDest) {
        writeTo.push(quickBytes);
        return writeTo.toBytes();
      }
      return quickBytes;
    }
    const encoder = encoders[tokens.type.major];
    if (encoder.encodedSize) {
      const size = encoder.encodedSize(tokens, options);
      if (!hasDest) {
        writeTo = new Bl(size);
      }
      encoder(writeTo, tokens, options);
      if (writeTo.chunks.length !== 1) {
        throw new Error(`Unexpected error: pre-calculated length for ${tokens} was wrong`);
      }
      return hasDest ? writeTo.toBytes() : asU8A(writeTo.chunks[0]);
    }
  }
  writeTo.reset();
  tokensToEncoded(writeTo, tokens, encoders, options);
  return writeTo.toBytes(true);
}
function encode(data, options) {
  options = Object.assign({}, defaultEncodeOptions, options);
  if (canDirectEncode(options)) {
    defaultWriter.reset();
    directEncode(defaultWriter, data, options, void 0);
    return defaultWriter.toBytes(true);
  }
  return encodeCustom(data, cborEncoders, options);
}

// node_modules/cborg/lib/decode.js
var defaultDecodeOptions = {
  strict: false,
  allowIndefinite: true,
  allowUndefined: true,
  allowBigInt: true
};
var Tokeniser = class {
  /**
   * @param {Uint8Array} data
   * @param {DecodeOptions} options
   */
  constructor(data, options = {}) {
    this._pos = 0;
    this.data = data;
    this.options = options;
  }
  pos() {
    return this._pos;
  }
  done() {
    return this._pos >= this.data.length;
  }
  next() {
    const byt = this.data[this._pos];
    let token = quick[byt];
    if (token === void 0) {
      const decoder = jump[byt];
      if (!decoder) {
        throw new Error(`${decodeErrPrefix} no decoder for major type ${byt >>> 5} (byte 0x${byt.toString(16).padStart(2, "0")})`);
      }
      const minor = byt & 31;
      token = decoder(this.data, this._pos, minor, this.options);
    }
    this._pos += token.encodedLength;
    return token;
  }
};
var DONE = /* @__PURE__ */ Symbol.for("DONE");
var BREAK = /* @__PURE__ */ Symbol.for("BREAK");
function tokenToArray(token, tokeniser, options) {
  const arr = [];
  for (let i = 0; i < token.value; i++) {
    const value = tokensToObject(tokeniser, options);
    if (value === BREAK) {
      if (token.value === Infinity) {
        break;
      }
      throw new Error(`${decodeErrPrefix} got unexpected break to lengthed array`);
    }
    if (value === DONE) {
      throw new Error(`${decodeErrPrefix} found array but not enough entries (got ${i}, expected ${token.value})`);
    }
    arr[i] = value;
  }
  return arr;
}
function tokenToMap(token, tokeniser, options) {
  const useMaps = options.useMaps === true;
  const rejectDuplicateMapKeys = options.rejectDuplicateMapKeys === true;
  const obj = useMaps ? void 0 : {};
  const m = useMaps ? /* @__PURE__ */ new Map() : void 0;
  for (let i = 0; i < token.value; i++) {
    const key = tokensToObject(tokeniser, options);
    if (key === BREAK) {
      if (token.value === Infinity) {
        break;
      }
      throw new Error(`${decodeErrPrefix} got unexpected break to lengthed map`);
    }
    if (key === DONE) {
      throw new Error(`${decodeErrPrefix} found map but not enough entries (got ${i} [no key], expected ${token.value})`);
    }
    if (!useMaps && typeof key !== "string") {
      throw new Error(`${decodeErrPrefix} non-string keys not supported (got ${typeof key})`);
    }
    if (rejectDuplicateMapKeys) {
      if (useMaps && m.has(key) || !useMaps && Object.hasOwn(obj, key)) {
        throw new Error(`${decodeErrPrefix} found repeat map key "${key}"`);
      }
    }
    const value = tokensToObject(tokeniser, options);
    if (value === DONE) {
      throw new Error(`${decodeErrPrefix} found map but not enough entries (got ${i} [no value], expected ${token.value})`);
    }
    if (useMaps) {
      m.set(key, value);
    } else if (key === "__proto__") {
      Object.defineProperty(obj, key, { value, configurable: true, enumerable: true, writable: true });
    } else {
      obj[key] = value;
    }
  }
  return useMaps ? m : obj;
}
function* tokenToMapEntries(token, tokeniser, options) {
  for (let i = 0; i < token.value; i++) {
    const key = tokensToObject(tokeniser, options);
    if (key === BREAK) {
      if (token.value === Infinity) {
        break;
      }
      throw new Error(`${decodeErrPrefix} got unexpected break to lengthed map`);
    }
    if (key === DONE) {
      throw new Error(`${decodeErrPrefix} found map but not enough entries (got ${i} [no key], expected ${token.value})`);
    }
    const value = tokensToObject(tokeniser, options);
    if (value === DONE) {
      throw new Error(`${decodeErrPrefix} found map but not enough entries (got ${i} [no value], expected ${token.value})`);
    }
    yield [key, value];
  }
}
function createTagDecodeControl(tokeniser, options) {
  const decode2 = function() {
    if (decode2._called) {
      throw new Error(`${decodeErrPrefix} tag decode() may only be called once`);
    }
    decode2._called = true;
    const value = tokensToObject(tokeniser, options);
    if (value === DONE) {
      throw new Error(`${decodeErrPrefix} tag content missing`);
    }
    if (value === BREAK) {
      throw new Error(`${decodeErrPrefix} got unexpected break in tag content`);
    }
    return value;
  };
  decode2.entries = function() {
    if (decode2._called) {
      throw new Error(`${decodeErrPrefix} tag decode() may only be called once`);
    }
    decode2._called = true;
    const token = tokeniser.next();
    if (!Type.equals(token.type, Type.map)) {
      throw new Error(`${decodeErrPrefix} entries() requires map content, got ${token.type.name}`);
    }
    const entries = [];
    for (const entry of tokenToMapEntries(token, tokeniser, options)) {
      entries.push(entry);
    }
    return entries;
  };
  decode2._called = false;
  return decode2;
}
function tokensToObject(tokeniser, options) {
  if (tokeniser.done()) {
    return DONE;
  }
  const token = tokeniser.next();
  if (Type.equals(token.type, Type.break)) {
    return BREAK;
  }
  if (token.type.terminal) {
    return token.value;
  }
  if (Type.equals(token.type, Type.array)) {
    return tokenToArray(token, tokeniser, options);
  }
  if (Type.equals(token.type, Type.map)) {
    return tokenToMap(token, tokeniser, options);
  }
  if (Type.equals(token.type, Type.tag)) {
    if (options.tags && typeof options.tags[token.value] === "function") {
      const decodeControl = createTagDecodeControl(tokeniser, options);
      const result = options.tags[token.value](decodeControl);
      if (!decodeControl._called) {
        throw new Error(`${decodeErrPrefix} tag decoder must call decode() or entries()`);
      }
      return result;
    }
    throw new Error(`${decodeErrPrefix} tag not supported (${token.value})`);
  }
  throw new Error("unsupported");
}
function decodeFirst(data, options) {
  if (!(data instanceof Uint8Array)) {
    throw new Error(`${decodeErrPrefix} data to decode must be a Uint8Array`);
  }
  options = Object.assign({}, defaultDecodeOptions, options);
  const u8aData = asU8A(data);
  const tokeniser = options.tokenizer || new Tokeniser(u8aData, options);
  const decoded = tokensToObject(tokeniser, options);
  if (decoded === DONE) {
    throw new Error(`${decodeErrPrefix} did not find any content to decode`);
  }
  if (decoded === BREAK) {
    throw new Error(`${decodeErrPrefix} got unexpected break`);
  }
  return [decoded, data.subarray(tokeniser.pos())];
}
function decode(data, options) {
  const [decoded, remainder] = decodeFirst(data, options);
  if (remainder.length > 0) {
    throw new Error(`${decodeErrPrefix} too many terminals, data makes no sense`);
  }
  return decoded;
}

// node_modules/cborg/lib/tagged.js
var Tagged = class _Tagged {
  /**
   * @param {number} tag - CBOR tag number, a non-negative integer
   * @param {any} value - The value to be tagged; encoded recursively
   */
  constructor(tag, value) {
    if (typeof tag !== "number" || !Number.isInteger(tag) || tag < 0) {
      throw new TypeError("Tagged: tag must be a non-negative integer");
    }
    this.tag = tag;
    this.value = value;
  }
  /**
   * Build a tag decoder for use in `decode()`'s `tags` option that returns the
   * decoded content wrapped in a `Tagged` instance, preserving the tag number
   * for the caller to inspect.
   *
   * @param {number} tag - The CBOR tag number this decoder will be registered for
   * @returns {TaggedTagDecoder}
   *
   * @example
   * import { decode, Tagged } from 'cborg'
   * const value = decode(bytes, { tags: { 16: Tagged.decoder(16) } })
   * // value instanceof Tagged; value.tag === 16
   */
  static decoder(tag) {
    return (decode2) => new _Tagged(tag, decode2());
  }
  /**
   * Build a `tags` option for `decode()` that wraps each listed tag number in
   * a `Tagged` instance, preserving those tags through decode without
   * registering a dedicated decoder per tag.
   *
   * @param {...number} tagNumbers - One or more CBOR tag numbers to preserve
   * @returns {{[tagNumber: number]: TaggedTagDecoder}}
   *
   * @example
   * import { decode, Tagged } from 'cborg'
   * const value = decode(bytes, { tags: Tagged.preserve(16, 96) })
   */
  static preserve(...tagNumbers) {
    const tags = {};
    for (const tag of tagNumbers) {
      tags[tag] = _Tagged.decoder(tag);
    }
    return tags;
  }
};
Object.defineProperty(Tagged.prototype, Symbol.toStringTag, {
  value: "Tagged"
});

// src/signatures/notary/envelope/envelope.ts
var ENVELOPE_MEDIA_TYPE = {
  jws: "application/jose+json",
  cose: "application/cose"
};
var PAYLOAD_MEDIA_TYPE = "application/vnd.cncf.notary.payload.v1+json";

// src/signatures/notary/envelope/payload.ts
var schema = looseObject({ targetArtifact: embedding(descriptorFields.loose()) });
function encodePayload({ mediaType, digest, size, annotations = {} }) {
  const reserved = Object.keys(annotations).find((key) => key.startsWith(NOTARY_NAMESPACE));
  if (reserved !== void 0) {
    throw new VeritySignError("usage", `the metadata ${JSON.stringify(reserved)} cannot be signed`, {
      remedy: `Choose a key that does not begin with ${NOTARY_NAMESPACE}`
    });
  }
  const metadata = Object.keys(annotations).length === 0 ? {} : { annotations };
  return Buffer.from(JSON.stringify({ targetArtifact: { mediaType, digest, size, ...metadata } }));
}
function parsePayload(bytes) {
  const { targetArtifact } = parseStrictJson(schema, bytes, "a payload");
  const { mediaType, digest, size, annotations } = targetArtifact;
  return { mediaType, digest, size, ...annotations === void 0 ? {} : { annotations } };
}

// src/signatures/notary/envelope/cose.ts
var ALG = 1;
var CRIT = 2;
var CONTENT_TYPE = 3;
var X5CHAIN = 33;
var SIGN1_TAG = 18;
var EPOCH_TIME_TAG = 1;
var FIRST_SECOND = -62135596800;
var LAST_SECOND = 253402300799;
var cbor = (value) => encode(value, rfc8949EncodeOptions);
function prepareCose(request, algorithm, payload) {
  const { chain, signingTime, expiry, agent } = request;
  const header = /* @__PURE__ */ new Map([
    [ALG, algorithm.cose],
    [CRIT, expiry === void 0 ? [SIGNING_SCHEME] : [SIGNING_SCHEME, EXPIRY]],
    [CONTENT_TYPE, PAYLOAD_MEDIA_TYPE],
    [SIGNING_SCHEME, "notary.x509"],
    [SIGNING_TIME, epochTime(signingTime)]
  ]);
  if (expiry !== void 0) header.set(EXPIRY, epochTime(expiry));
  const encoded = cbor(header);
  return {
    toBeSigned: sigStructure(encoded, payload),
    seal: (signature, timestamp) => {
      const unsigned = /* @__PURE__ */ new Map([
        [X5CHAIN, chain.map(plain)],
        [SIGNING_AGENT, agent]
      ]);
      if (timestamp !== void 0) unsigned.set(TIMESTAMP_SIGNATURE, plain(timestamp));
      return cbor(new Tagged(SIGN1_TAG, [encoded, unsigned, plain(payload), plain(signature)]));
    }
  };
}
function parseCose(bytes) {
  const tagged = read(bytes, "is not CBOR");
  if (!(tagged instanceof Tagged) || tagged.tag !== SIGN1_TAG || !Array.isArray(tagged.value)) {
    throw new FormatError("is not a COSE_Sign1_Tagged object");
  }
  const [encoded, unsigned, payload, signature, ...rest] = tagged.value;
  if (rest.length > 0) throw new FormatError("is not a COSE_Sign1_Tagged object");
  const protectedBytes = bytesOf(encoded, "a protected header");
  const header = labelled(read(protectedBytes, "has a protected header that is not CBOR"));
  const unsignedHeader = labelled(unsigned);
  checkDisjoint(header.keys(), unsignedHeader.keys());
  if (header.get(CONTENT_TYPE) !== PAYLOAD_MEDIA_TYPE) {
    throw new FormatError(`does not have the content type ${PAYLOAD_MEDIA_TYPE}`);
  }
  const payloadBytes = bytesOf(payload, "a payload");
  const agent = unsignedHeader.get(SIGNING_AGENT);
  return {
    format: "cose",
    target: parsePayload(payloadBytes),
    algorithm: algorithmNamed(header.get(ALG)).name,
    chain: listOf(unsignedHeader.get(X5CHAIN), "certificates").map((one3) => bytesOf(one3, "a certificate")),
    ...readAttributes({
      all: header,
      registered: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      critical: listOf(header.get(CRIT), "critical attributes").map(labelOf),
      readTime
    }),
    // Verifiers ignore the agent: a value of another type is no error.
    ...typeof agent === "string" ? { agent } : {},
    ...unsignedHeader.has(TIMESTAMP_SIGNATURE) ? { timestamp: bytesOf(unsignedHeader.get(TIMESTAMP_SIGNATURE), "a timestamp") } : {},
    signature: bytesOf(signature, "a signature"),
    signed: sigStructure(protectedBytes, payloadBytes)
  };
}
function sigStructure(encodedHeader, payload) {
  return cbor(["Signature1", encodedHeader, new Uint8Array(), plain(payload)]);
}
function plain(bytes) {
  return Uint8Array.from(bytes);
}
function read(bytes, otherwise) {
  return decoding(
    otherwise,
    () => decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags: Tagged.preserve(EPOCH_TIME_TAG, SIGN1_TAG)
    })
  );
}
function epochTime(time) {
  return new Tagged(EPOCH_TIME_TAG, time.getTime() / 1e3);
}
function readTime(value) {
  const seconds = value instanceof Tagged && value.tag === EPOCH_TIME_TAG ? value.value : void 0;
  if (typeof seconds !== "number" || !(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) {
    throw new FormatError("has a time that is not in seconds since 1970 (CBOR tag 1)");
  }
  return new Date(seconds * 1e3);
}
function labelled(value) {
  if (!(value instanceof Map)) throw new FormatError("has a header that is not a map");
  return new Map([...value].map(([label, content]) => [labelOf(label), content]));
}
function labelOf(value) {
  if (typeof value === "string" || typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new FormatError("has a header label that is neither a number nor text");
}
function bytesOf(value, what) {
  if (value instanceof Uint8Array && value.length > 0) return value;
  throw new FormatError(`lacks ${what}`);
}
function listOf(value, what) {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new FormatError(`lacks the list of ${what}`);
}

// src/signatures/notary/envelope/jws.ts
var envelopeSchema = strictObject({
  payload: base64url,
  protected: base64url,
  header: looseObject({
    x5c: array(base64),
    [SIGNING_AGENT]: string().optional(),
    [TIMESTAMP_SIGNATURE]: base64.optional()
  }),
  signature: base64url
});
var protectedSchema = looseObject({
  alg: string(),
  cty: literal(PAYLOAD_MEDIA_TYPE),
  crit: array(string()).min(1),
  [SIGNING_SCHEME]: string(),
  [SIGNING_TIME]: string().optional(),
  [AUTHENTIC_SIGNING_TIME]: string().optional(),
  [EXPIRY]: string().optional()
});
function prepareJws(request, algorithm, payload) {
  const { chain, signingTime, expiry, agent } = request;
  const header = {
    alg: algorithm.name,
    crit: expiry === void 0 ? [SIGNING_SCHEME] : [SIGNING_SCHEME, EXPIRY],
    cty: PAYLOAD_MEDIA_TYPE,
    ...expiry === void 0 ? {} : { [EXPIRY]: rfc3339(expiry) },
    [SIGNING_SCHEME]: "notary.x509",
    [SIGNING_TIME]: rfc3339(signingTime)
  };
  const parts = {
    payload: encodeUrl(payload),
    protected: encodeUrl(Buffer.from(JSON.stringify(header)))
  };
  return {
    toBeSigned: signingInput(parts),
    seal: (signature, timestamp) => {
      const unsigned = {
        ...timestamp === void 0 ? {} : { [TIMESTAMP_SIGNATURE]: encode2(timestamp) },
        x5c: chain.map(encode2),
        [SIGNING_AGENT]: agent
      };
      return Buffer.from(JSON.stringify({ ...parts, header: unsigned, signature: encodeUrl(signature) }));
    }
  };
}
function parseJws(bytes) {
  const envelope = parseStrictJson(envelopeSchema, bytes, "an envelope");
  const header = parseStrictJson(protectedSchema, envelope.protected, "a protected header");
  checkDisjoint(Object.keys(header), Object.keys(envelope.header));
  const agent = envelope.header[SIGNING_AGENT];
  const timestamp = envelope.header[TIMESTAMP_SIGNATURE];
  return {
    format: "jws",
    target: parsePayload(envelope.payload),
    algorithm: algorithmNamed(header.alg).name,
    chain: envelope.header.x5c,
    ...readAttributes({
      all: new Map(Object.entries(header)),
      registered: ["alg", "cty", "crit"],
      critical: header.crit,
      readTime: readTime2
    }),
    ...agent === void 0 ? {} : { agent },
    ...timestamp === void 0 ? {} : { timestamp },
    signature: envelope.signature,
    signed: signingInput({
      payload: encodeUrl(envelope.payload),
      protected: encodeUrl(envelope.protected)
    })
  };
}
function signingInput(parts) {
  return Buffer.from(`${parts.protected}.${parts.payload}`, "ascii");
}
function readTime2(value) {
  const [, local, fraction = "", offset = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(String(value)) ?? [];
  const calendar = /* @__PURE__ */ new Date(`${local}Z`);
  const time = /* @__PURE__ */ new Date(`${local}${fraction}${offset}`);
  const real = !Number.isNaN(calendar.getTime()) && calendar.toISOString().startsWith(`${local}.`);
  if (!real || Number.isNaN(time.getTime())) throw new FormatError("has a time that is not one of RFC 3339");
  return time;
}
function rfc3339(time) {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
function encode2(bytes) {
  return Buffer.from(bytes).toString("base64");
}
function encodeUrl(bytes) {
  return Buffer.from(bytes).toString("base64url");
}

// src/signatures/notary/envelope/parse.ts
var MAX_BYTES = 1024 * 1024;
var MAX_CERTIFICATES = 10;
var PARSERS = {
  jws: parseJws,
  cose: parseCose
};
function parseEnvelope(mediaType, bytes) {
  const format = ["jws", "cose"].find((one3) => ENVELOPE_MEDIA_TYPE[one3] === mediaType);
  if (format === void 0) {
    throw new VeritySignError(
      "image",
      `${JSON.stringify(mediaType)} is not the media type of a Notary signature`,
      { remedy: "Sign the image again as jws or cose" }
    );
  }
  try {
    if (bytes.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
    const envelope = PARSERS[format](bytes);
    checkCertificates(envelope.chain);
    return envelope;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("image", `the Notary signature (${format}) ${cause.message}`, {
      remedy: "Sign the image again. If the image has not changed since it was signed, the signature was modified",
      cause
    });
  }
}
function checkCertificates(chain) {
  if (chain.length === 0) throw new FormatError("has no certificate");
  if (chain.length > MAX_CERTIFICATES)
    throw new FormatError(`has more than ${MAX_CERTIFICATES} certificates`);
  for (const der of chain) readPart("a certificate", () => readCertificate(der));
}

// src/signatures/notary/envelope/verify.ts
function checkIntegrity(envelope) {
  const { chain, algorithm, signed, signature } = envelope;
  const [leaf = new Uint8Array()] = chain;
  const { key, subject } = readCertificate(leaf);
  const fitting = algorithmOfKey(key);
  if (key === void 0 || fitting?.name !== algorithm) {
    throw new VeritySignError(
      "image",
      `the Notary signature claims the algorithm ${algorithm}, which the key of "${subject}" does not sign with`,
      { remedy: "Sign the image again with a tool that follows the Notary specification" }
    );
  }
  if (!signatureHolds(key, fitting, signed, signature)) {
    throw new VeritySignError("image", `the Notary signature was not made by the key of "${subject}"`, {
      remedy: "Sign the image again. If the image has not changed since it was signed, the signature was modified"
    });
  }
}

export {
  signatureScheme,
  algorithmViolation,
  isSignedBy,
  verifies,
  AUTHORITY_INFO_ACCESS,
  urlsOfPointName,
  readDistributionPoints,
  readAccessUrls,
  pathViolation,
  orderViolation,
  extensionViolation,
  leafUsageViolation,
  algorithmOfSpec,
  algorithmOfKey,
  signatureHolds,
  refuse,
  checkSigningChain,
  checkChain,
  checkSignerPurpose,
  checkExtensions,
  thumbprintsAnnotation,
  wholeSeconds,
  ENVELOPE_MEDIA_TYPE,
  encodePayload,
  prepareCose,
  prepareJws,
  parseEnvelope,
  checkIntegrity
};
