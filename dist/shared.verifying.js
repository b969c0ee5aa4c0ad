import {
  AUTHORITY_INFO_ACCESS,
  ENVELOPE_MEDIA_TYPE,
  algorithmOfKey,
  algorithmViolation,
  checkChain,
  checkExtensions,
  checkIntegrity,
  checkSignerPurpose,
  extensionViolation,
  isSignedBy,
  leafUsageViolation,
  orderViolation,
  parseEnvelope,
  pathViolation as pathViolation2,
  readAccessUrls,
  readDistributionPoints,
  refuse,
  signatureScheme,
  thumbprintsAnnotation,
  urlsOfPointName,
  verifies
} from "./shared.notary.js";
import {
  ARTIFACT_FORMS,
  CRL_POINTS,
  DIGEST_OIDS,
  DiskBudget,
  KEY_USAGE,
  NOTARY_ARTIFACT_TYPE,
  OID,
  PURPOSE,
  Stopwatch,
  builderReport,
  certificateName,
  checkStructure,
  checkSubject,
  convertLayers,
  criticalExtensionViolation,
  digestOfOid,
  eachReferrer,
  encode,
  encodeInteger,
  encodeOid,
  formOf,
  hasIssued,
  hasIssuedForKernel,
  hasTars,
  manifestReport,
  maxConcurrentLayers,
  namesIssuer,
  openBuilder,
  ownIssue,
  parsePkcs7,
  pathViolation,
  pathsToAnchors,
  plainErofsText,
  platformReport,
  quoted,
  readAlgorithm,
  readCertificate,
  readExtensionList,
  readGeneralizedTime,
  readRecord,
  readTime,
  requiresLayers,
  resolveImage,
  resolvedLayers,
  sameName,
  signatureIn,
  signerReport,
  skippedButRun,
  skippedLayersReport,
  skippedReport,
  uncoveredEntry,
  uncoveredReport,
  validityViolation,
  verifySignature,
  warnOfUncovered,
  withTempFolder
} from "./shared.images.js";
import {
  hasIdentity,
  parseSignerIdentity
} from "./shared.commands.js";
import {
  ARTIFACT_FORMATS,
  ConversionCache,
  Cursor,
  Fields,
  FormatError,
  HttpError,
  IN_REGISTRY,
  TAG,
  THUMBPRINTS,
  array,
  bigIntegerOf,
  childrenOf,
  conversionKey,
  fieldsOf,
  isConstructed,
  isNotFound,
  isPemText,
  layerKey,
  looseObject,
  lstatIfThere,
  namedBitsOf,
  nativelyKnown,
  ofClasses,
  oidOf,
  onlyElement,
  openImage,
  parseImage,
  parseStrictJson,
  plainDescriptor,
  readAs,
  readCertificateBundle,
  readDer,
  readGiven,
  readName,
  readPart,
  readPemInput,
  recipeKey,
  recipeOf,
  recipesFor,
  record,
  referenceName,
  requireReferrers,
  sameBytes,
  sha256Digest,
  smallIntegerOf,
  smallNumber,
  string,
  unreadable,
  unwrap,
  wholeBytesOf,
  worstVerdict
} from "./shared.options.js";
import {
  PROFILES,
  TarReader,
  firstErrorInOrder,
  hasData,
  mapConcurrently,
  observer,
  openLayerTar
} from "./shared.conversion.js";
import {
  KNOWN_CLASSES,
  PROFILE_NAMES,
  isKnownClass
} from "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError,
  configFolder,
  inContext
} from "./shared.start.js";

// src/commands/shared/read-referrers.ts
async function readReferrers(store, subject, artifactType, look, screen, signal) {
  const results = [];
  for await (const [position, referrer] of eachReferrer(store, subject, artifactType, screen, signal)) {
    results.push([position, await look(referrer)]);
  }
  return results.sort(([a], [b]) => a - b).map(([, result]) => result);
}
async function readLayerReferrers(store, subject, look, screen, signal) {
  const found12 = [];
  for (const format of ARTIFACT_FORMATS) {
    const { artifactType } = ARTIFACT_FORMS[format];
    found12.push(...await readReferrers(store, subject, artifactType, look, screen, signal));
  }
  return found12;
}
function isBroken(error) {
  return error.code === "image" || isNotFound(error);
}

// src/commands/verify/check-demands.ts
function checkDemands(options) {
  const { trustPolicy, trustedCertificates, trustStores, layers, manifestSignature, allowExpired } = options;
  if (layers === "none" && manifestSignature === "none") {
    throw new VeritySignError("usage", "with neither layers nor manifest signatures nothing is verified", {
      remedy: "Set layers to required or auto, or manifest-signature to required"
    });
  }
  if (trustPolicy === void 0) {
    if (options.trustPolicyScope === void 0) return;
    throw new VeritySignError("usage", "trust-policy-scope is given without trust-policy", {
      remedy: "Give both or neither"
    });
  }
  if (trustedCertificates.length + trustStores.length > 0) {
    throw new VeritySignError(
      "usage",
      "trust-policy cannot be combined with trusted-certificate or trust-store",
      { remedy: "Name the trust stores in the trust policy only" }
    );
  }
  if (allowExpired) {
    throw new VeritySignError("usage", "allow-expired cannot be combined with trust-policy", {
      remedy: "Let the trust policy's signatureVerification override authenticTimestamp with log"
    });
  }
}

// src/signatures/notary/trust-policy/policy-scope.ts
var DOMAIN_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
var DOMAIN = new RegExp(`^${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*(?::[0-9]+)?$`);
var COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
var REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
var MAX_LENGTH = 1024;
function checkScope(scope, error) {
  const shown2 = JSON.stringify(scope.slice(0, 200));
  if (scope.length > 1 && scope.includes("*")) throw error(`the registry scope ${shown2} has a wildcard`);
  const slash = scope.indexOf("/");
  const [domain, repository] = [scope.slice(0, Math.max(slash, 0)), scope.slice(slash + 1)];
  if (scope.length > MAX_LENGTH || slash === -1 || !DOMAIN.test(domain) || !REPOSITORY.test(repository)) {
    throw error(`the registry scope ${shown2} is not REGISTRY/REPOSITORY`);
  }
}
function applicableStatement(statements, scope) {
  checkScope(scope, (what) => noStatement(what, "Give a scope such as local/my-layout"));
  const found12 = statements.find(({ registryScopes }) => registryScopes.includes(scope)) ?? statements.find(({ registryScopes }) => registryScopes.includes("*"));
  if (found12 !== void 0) return found12;
  const remedy = `Add a statement whose registryScopes name ${scope}, or *`;
  throw noStatement(`the trust policy has no statement for ${scope}`, remedy);
}
function noStatement(what, remedy) {
  return new VeritySignError("usage", what, { remedy });
}

// src/signatures/notary/trust-policy/distinguished-name.ts
var MANDATORY = ["C", "ST", "O"];
var ESCAPED = ' "#+,;<=>\\';
function parseDistinguishedName(text) {
  if (text.includes("=#")) throw refused(text, "has a value in hex (=#)");
  const name = /* @__PURE__ */ new Map();
  for (const { type, value, more } of attributesOf(text)) {
    if (more) throw refused(text, "has an RDN of several attributes");
    const key = type === "S" ? "ST" : type;
    if ((name.get(key) ?? "") !== "") throw refused(text, `has ${key} twice`);
    name.set(key, value);
  }
  checkMandatory(name, text);
  return name;
}
function checkMandatory(name, text) {
  const missing = MANDATORY.filter((key) => (name.get(key) ?? "") === "");
  if (missing.length > 0) throw refused(text, `has no ${missing.join(", no ")}`);
}
function isSubset(part, name) {
  return [...part].every(([key, value]) => (name.get(key) ?? "") === value);
}
function attributesOf(text) {
  const attributes = [];
  if (text.trim() === "") return attributes;
  let type = "";
  let start = 0;
  let joined2 = false;
  const end = (at, plus) => {
    if (type === "") throw refused(text, "has an attribute without a name");
    attributes.push({ type, value: unescaped(text.slice(start, at), text), more: joined2 || plus });
    type = "";
    joined2 = plus;
    start = at + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\\") at += 1;
    else if (character === "=" && type === "") {
      type = unescaped(text.slice(start, at), text);
      start = at + 1;
    } else if (character === "," || character === ";" || character === "+") end(at, character === "+");
  }
  end(text.length, false);
  return attributes;
}
function unescaped(written, whole) {
  let trimmed = written.replace(/^ +/, "").replace(/ +$/, "");
  if (trimmed.endsWith("\\") && written.endsWith(" ")) trimmed += " ";
  const parts = [];
  const characters = [...trimmed];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    const next = characters[at + 1] ?? "";
    if (character !== "\\") parts.push(Buffer.from(character));
    else if (next !== "" && ESCAPED.includes(next)) {
      parts.push(Buffer.from(next));
      at += 1;
    } else {
      const hex = `${next}${characters[at + 2] ?? ""}`;
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw refused(whole, "has a wrong escape");
      parts.push(Buffer.from(hex, "hex"));
      at += 2;
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch {
    throw refused(whole, "has escapes that are not UTF-8");
  }
}
function refused(text, what) {
  return new VeritySignError("usage", `the name ${JSON.stringify(text.slice(0, 300))} ${what}`, {
    remedy: "Write it as C=…, ST=…, O=… plus optional attributes, each at most once (RFC 4514)"
  });
}

// src/signatures/notary/trust-policy/trusted-identity.ts
var PREFIX = "x509.subject";
function checkTrustedIdentities(identities, error) {
  if (identities.length > 1 && identities.includes("*"))
    throw error("combines * with other trusted identities");
  const names = [];
  for (const identity of identities.filter((one12) => one12 !== "*")) {
    if (identity === "") throw error("has an empty trusted identity");
    if (!identity.includes(":"))
      throw error(`has the trusted identity ${JSON.stringify(identity)} without a prefix`);
    const subject = subjectOf(identity);
    if (subject === void 0) continue;
    if (subject === "") throw error(`has a trusted identity ${PREFIX} without a name`);
    try {
      names.push([identity, parseDistinguishedName(subject)]);
    } catch (cause) {
      if (!(cause instanceof VeritySignError)) throw cause;
      throw error(`has a wrong trusted identity: ${cause.message}`);
    }
  }
  for (const [index, [text, name]] of names.entries()) {
    const other = names.find(([, second], position) => position !== index && isSubset(name, second));
    if (other !== void 0) throw error(`has overlapping trusted identities, "${text}" and "${other[0]}"`);
  }
}
function requireTrustedIdentity(identities, leaf) {
  if (identities.includes("*")) return;
  const names = identities.map(subjectOf).filter((subject2) => subject2 !== void 0);
  if (names.length === 0) {
    throw new VeritySignError("key", "the trust policy names no identity of the kind x509.subject");
  }
  const subject = certificateSubject(leaf);
  if (names.some((name) => isSubset(parseDistinguishedName(name), subject))) return;
  const text = [...subject].map(([key, value]) => `${key}=${value}`).join(", ");
  throw new VeritySignError(
    "key",
    `the signer "${text}" is none of the trusted identities of the trust policy`
  );
}
function subjectOf(identity) {
  return identity.startsWith(`${PREFIX}:`) ? identity.slice(PREFIX.length + 1) : void 0;
}
var ATTRIBUTES = {
  "2.5.4.3": "CN",
  "2.5.4.5": "SERIALNUMBER",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.17": "POSTALCODE"
};
function certificateSubject(der) {
  const name = /* @__PURE__ */ new Map();
  for (const { type, value } of attributesOf2(der)) {
    const key = ATTRIBUTES[type];
    if (key === void 0) throw unfit(`has the attribute ${type}, which no trusted identity can name`);
    if (value.includes("=#")) throw unfit(`has =# in its ${key}`);
    if (name.has(key)) throw unfit(`has ${key} twice`);
    name.set(key, value);
  }
  try {
    checkMandatory(name, [...name].map(([key, value]) => `${key}=${value}`).join(", "));
  } catch (cause) {
    if (!(cause instanceof VeritySignError)) throw cause;
    throw unfit(`cannot be a trusted identity: ${cause.message}`);
  }
  return name;
}
function attributesOf2(der) {
  try {
    return readName(readCertificate(der).raw.subject);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      "key",
      `the subject of the signer's certificate cannot be read: it ${cause.message}`,
      { cause }
    );
  }
}
function unfit(what) {
  return new VeritySignError("key", `the signer's subject ${what}`, {
    remedy: "Sign with a certificate whose subject has C, ST and O, each attribute once, or set trustedIdentities to *"
  });
}

// src/signatures/notary/trust-policy/trust-policy.ts
var VALIDATIONS = [
  "integrity",
  "authenticity",
  "authenticTimestamp",
  "expiry",
  "revocation"
];
var LEVELS = {
  strict: level("enforce", "enforce", "enforce"),
  permissive: level("enforce", "enforce", "log"),
  audit: level("enforce", "log", "log"),
  skip: level("skip", "skip", "skip")
};
var WITHOUT_POLICY = { ...LEVELS.strict, revocation: "skip" };
function level(integrity, authenticity, others) {
  return { integrity, authenticity, authenticTimestamp: others, expiry: others, revocation: others };
}
var strings = array(string()).nullish().transform((list) => list ?? []);
var statementSchema = looseObject({
  name: string().nullish(),
  registryScopes: strings,
  signatureVerification: looseObject({
    level: string().nullish(),
    override: record(string(), string()).nullish(),
    verifyTimestamp: string().nullish()
  }).nullish(),
  trustStores: strings,
  trustedIdentities: strings
});
var documentSchema = looseObject({
  version: string().nullish(),
  trustPolicies: array(statementSchema).nullish().transform((list) => list ?? [])
});
var MAX_POLICY_SIZE = 4 * 1024 * 1024;
function parseTrustPolicy(bytes) {
  const { version, trustPolicies } = parseDocument(bytes);
  if (!version) throw wrong("it has no version");
  if (version !== "1.0") throw wrong(`its version ${quoted(version)} is not supported`);
  if (trustPolicies.length === 0) throw wrong("it has no statement");
  const statements = [];
  const names = /* @__PURE__ */ new Set();
  for (const raw of trustPolicies) {
    const statement = checkStatement(raw);
    if (names.has(statement.name)) throw wrong(`two statements have the name ${quoted(statement.name)}`);
    names.add(statement.name);
    statements.push(statement);
  }
  checkScopes(statements);
  return statements;
}
function parseDocument(bytes) {
  if (bytes.length > MAX_POLICY_SIZE)
    throw wrong(`it has ${bytes.length} bytes, the limit is ${MAX_POLICY_SIZE}`);
  try {
    return parseStrictJson(documentSchema, bytes, "a text");
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw wrong(`it ${cause.message}`, cause);
  }
}
function checkStatement(raw) {
  const { name, registryScopes, signatureVerification, trustStores, trustedIdentities } = raw;
  if (!name) throw wrong("a statement has no name");
  const broken = (what) => wrong(`statement ${quoted(name)} ${what}`);
  const { levelName, enforcement } = levelOf(signatureVerification ?? {}, broken);
  const verifyTimestamp2 = signatureVerification?.verifyTimestamp || "always";
  if (verifyTimestamp2 !== "always" && verifyTimestamp2 !== "afterCertExpiry") {
    throw broken(`has the verifyTimestamp ${quoted(verifyTimestamp2)}, not always or afterCertExpiry`);
  }
  if (levelName === "skip" && trustStores.length + trustedIdentities.length > 0) {
    throw broken("has the level skip, but trust stores or trusted identities");
  }
  if (levelName !== "skip" && (trustStores.length === 0 || trustedIdentities.length === 0)) {
    throw broken("lacks trust stores or trusted identities");
  }
  const stores = trustStores.map((store) => parseStore(store, broken));
  checkTrustedIdentities(trustedIdentities, broken);
  return {
    name,
    registryScopes,
    level: levelName,
    enforcement,
    verifyTimestamp: verifyTimestamp2,
    trustStores: stores,
    trustedIdentities
  };
}
function levelOf({ level: text, override }, broken) {
  const levelName = ["strict", "permissive", "audit", "skip"].find((one12) => one12 === text);
  if (!text) throw broken("has no signatureVerification level");
  if (levelName === void 0) throw broken(`has the unknown level ${quoted(text)}`);
  const overrides = Object.entries(override ?? {});
  if (overrides.length > 0 && levelName === "skip") throw broken("overrides the level skip");
  const enforcement = { ...LEVELS[levelName] };
  for (const [key, value] of overrides) {
    const validation = VALIDATIONS.find((one12) => one12 === key);
    const action = ["enforce", "log", "skip"].find((one12) => one12 === value);
    if (validation === void 0) throw broken(`overrides ${quoted(key)}, which is not a validation`);
    if (action === void 0)
      throw broken(`overrides ${key} with ${quoted(value)}, not enforce, log or skip`);
    if (validation === "integrity") throw broken("overrides integrity, which is always enforced");
    if (action === "skip" && validation !== "revocation") {
      throw broken(`skips ${validation}; only revocation can be skipped`);
    }
    enforcement[validation] = action;
  }
  return { levelName, enforcement };
}
function parseStore(text, broken) {
  const colon = text.indexOf(":");
  if (colon === -1) throw broken(`has the trust store ${quoted(text)}, not TYPE:NAME`);
  const [kind, name] = [text.slice(0, colon), text.slice(colon + 1)];
  const type = ["ca", "signingAuthority", "tsa"].find((one12) => one12 === kind);
  if (type === void 0) throw broken(`has a trust store of the unknown type ${quoted(kind)}`);
  if (!isStoreName(name)) throw broken(`has a trust store with the invalid name ${quoted(name)}`);
  return { type, name };
}
function isStoreName(name) {
  return /^[a-zA-Z0-9_.-]+$/.test(name) && !/^\.+$/.test(name);
}
function checkScopes(statements) {
  const seen = /* @__PURE__ */ new Set();
  for (const { name, registryScopes } of statements) {
    if (registryScopes.length === 0) throw wrong(`statement ${quoted(name)} has no registry scope`);
    if (registryScopes.length > 1 && registryScopes.includes("*")) {
      throw wrong(`statement ${quoted(name)} combines * with other registry scopes`);
    }
    for (const scope of registryScopes) {
      if (scope !== "*") checkScope(scope, (what) => wrong(`statement ${quoted(name)}: ${what}`));
      if (seen.has(scope)) throw wrong(`the registry scope ${quoted(scope)} occurs twice`);
      seen.add(scope);
    }
  }
}
function wrong(what, cause) {
  return new VeritySignError("usage", `the trust policy is not valid: ${what}`, {
    remedy: "Correct it; notation policy import FILE refuses it too",
    ...cause === void 0 ? {} : { cause }
  });
}

// src/signatures/pkcs7/trust.ts
function loadTrustAnchors(pem) {
  const ders = readCertificateBundle(
    pem,
    "trusted certificate file",
    "Give trusted certificates as X.509 in PEM"
  );
  for (const der of ders) readAnchor(der);
  return ders;
}
function buildTrustPath(certificates, trustAnchors, at, options = {}) {
  const anchors = trustAnchors.map(readAnchor);
  const [signer, ...others] = certificates;
  let firstReason2;
  for (const path of kernelPaths(certificates, anchors)) {
    const reason = reasonAgainst(path, at, options.allowExpired === true);
    if (reason === void 0) return path;
    firstReason2 ??= reason;
  }
  const name = signer === void 0 ? "the signature has no certificate" : `the signer's ${certificateName(signer)}`;
  if (firstReason2 !== void 0) {
    throw new VeritySignError("key", `${name} is not trusted: ${firstReason2}`, { remedy: TRUST_REMEDY });
  }
  const none = `${name} does not lead to any trusted certificate`;
  const [hidden] = signer === void 0 ? [] : pathsToAnchors(signer, others, anchors);
  if (hidden === void 0) throw new VeritySignError("key", none, { remedy: TRUST_REMEDY });
  throw new VeritySignError(
    "key",
    `${none} on the kernel's way: it finds issuers by authorityKeyIdentifier alone, and those in the signature first`,
    { remedy: HIDDEN_REMEDY }
  );
}
var TRUST_REMEDY = "Give the certificate of the CA that the signer must come from, or sign with a certificate of that CA";
var HIDDEN_REMEDY = "Trust the certificate that is in the signature, or the one that its last certificate's authorityKeyIdentifier names; or sign with a certificate that names its issuer by keyid";
function* kernelPaths(certificates, anchors) {
  for (const [index, certificate] of certificates.entries()) {
    const path = certificates.slice(0, index + 1);
    if (anchors.some(({ der }) => sameBytes(der, certificate.der))) yield path;
    if (ownIssue(certificate) === "self-signed") return;
    const next = certificates[index + 1];
    if (next !== void 0 && namesIssuer(certificate, next)) continue;
    for (const anchor of anchors) if (hasIssuedForKernel(anchor, certificate)) yield [...path, anchor];
    return;
  }
}
function readAnchor(der) {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `a trusted certificate cannot be read: it ${error.message}`, {
      remedy: "Give trusted certificates as X.509 in PEM",
      cause: error
    });
  }
}
function reasonAgainst(path, at, allowExpired) {
  for (const certificate of path) {
    const expired = certificate.notAfter < at;
    const reason = expired && allowExpired ? void 0 : validityViolation(certificate, at);
    if (reason !== void 0) return `the ${certificateName(certificate)} ${reason}`;
  }
  const found12 = pathViolation(path);
  return found12 && `the ${certificateName(found12.certificate)} ${found12.reason}`;
}

// src/commands/verify/layers/evaluate-pkcs7.ts
var NOT_READ = "not read, because another signature of this referrer was rejected";
function evaluatePkcs7({ rootHash }, pkcs7, trust, known) {
  if (pkcs7 === void 0) {
    return { signer: void 0, path: [], verdict: "unchecked", reason: NOT_READ, notes: [] };
  }
  const key = `${sha256Digest(pkcs7)} ${rootHash}`;
  const evaluation = known.get(key) ?? evaluateBytes(pkcs7, rootHash, trust);
  known.set(key, evaluation);
  return evaluation;
}
function evaluateBytes(pkcs7, rootHash, trust) {
  const signature = {
    signer: void 0,
    path: [],
    verdict: "verified",
    reason: void 0,
    notes: []
  };
  let parsed;
  try {
    parsed = parsePkcs7(pkcs7);
    signature.signer = parsed.signer;
    verifySignature(parsed, rootHash);
  } catch (error) {
    return { ...signature, verdict: "invalid", reason: reasonOf(error) };
  }
  const notes = [];
  const failed = checkTrust(parsed, trust, signature, notes);
  if (failed === void 0) return { ...signature, notes };
  if ((trust.enforcement ?? WITHOUT_POLICY).authenticity === "enforce") return { ...signature, ...failed };
  return {
    ...signature,
    notes: [...notes, `authenticity failed, which the trust policy only logs: ${failed.reason}`]
  };
}
function checkTrust({ signer, certificates }, trust, signature, notes) {
  const { anchors, identities, at, enforcement = WITHOUT_POLICY, policy } = trust;
  if (anchors instanceof VeritySignError) return { verdict: "unchecked", reason: anchors.message };
  const allowExpired = trust.allowExpired || enforcement.authenticTimestamp !== "enforce";
  try {
    signature.path = buildTrustPath(certificates, anchors, at, { allowExpired });
    if (policy !== void 0) requireTrustedIdentity(policy.statement.trustedIdentities, signer.der);
    requireIdentity(signer, identities);
  } catch (error) {
    return { verdict: "not-trusted", reason: reasonOf(error) };
  }
  for (const { notAfter, subject } of signature.path) {
    if (notAfter < at) notes.push(`"${subject}" expired on ${notAfter.toISOString()}, which is allowed`);
  }
  return void 0;
}
function requireIdentity(signer, identities) {
  if (identities.length === 0 || identities.some((identity) => hasIdentity(signer, identity))) return;
  throw new VeritySignError(
    "key",
    `the signer "${signer.subject}" (${signer.fingerprint}) is not among the requested signer identities`
  );
}
function reasonOf(error) {
  if (error instanceof VeritySignError) return error.message;
  throw error;
}

// src/commands/verify/layers/evaluate-referrer.ts
var STEPS = ["read", "structure", "signature", "trust", "recompute"];
function evaluateReferrer(referrer, image, trust, known = /* @__PURE__ */ new Map()) {
  const set = {
    referrer: referrer.descriptor.digest,
    verdict: "verified",
    reason: void 0,
    step: "read",
    format: "notary",
    recorded: {},
    profile: void 0,
    layers: [],
    notes: []
  };
  if ("error" in referrer) {
    const { error } = referrer;
    return { ...set, verdict: isBroken(error) ? "invalid" : "unchecked", reason: error.message };
  }
  set.step = "structure";
  set.format = formOf(referrer.manifest).format;
  let entries;
  try {
    set.recorded = set.format === "notary" ? readRecord(referrer.manifest.annotations) : {};
    set.profile = set.recorded.profile;
    entries = checkStructure(referrer.manifest, image);
  } catch (error) {
    return { ...set, verdict: "invalid", reason: reasonOf(error) };
  }
  const notes = /* @__PURE__ */ new Set();
  set.layers = entries.map((entry, index) => {
    const { pkcs7, notes: own, ...evaluation } = evaluateEntry(referrer, index, entry, trust, known);
    for (const note of own) notes.add(note);
    return { ...entry, pkcs7, ...evaluation, recomputed: void 0 };
  });
  set.notes = [...notes];
  const invalid2 = firstReason(set.layers, "invalid");
  if (invalid2 !== void 0) return { ...set, step: "signature", verdict: "invalid", reason: invalid2 };
  set.step = "trust";
  for (const verdict of ["not-trusted", "unchecked"]) {
    const reason = firstReason(set.layers, verdict);
    if (reason !== void 0) return { ...set, verdict, reason };
  }
  return set;
}
function evaluateEntry({ manifest, blobs }, index, entry, trust, known) {
  const blob = blobs[index];
  try {
    const pkcs7 = blob && signatureIn(manifest, index, blob);
    return { pkcs7, ...evaluatePkcs7(entry, pkcs7, trust, known) };
  } catch (error) {
    const failed = { signer: void 0, path: [], verdict: "invalid", notes: [] };
    return { pkcs7: void 0, ...failed, reason: reasonOf(error) };
  }
}
function firstReason(layers, verdict) {
  const found12 = layers.find((layer) => layer.verdict === verdict);
  return found12 && `layer ${found12.layer.index}: ${found12.reason ?? verdict}`;
}

// src/commands/verify/layers/layer-verdict.ts
function platformOutcome({ layers }, sets, demands) {
  const profiles = demands.profiles.map((profile2) => {
    if (layers.length === 0) {
      const reason2 = "the image has no layer that could be signed";
      return { profile: profile2, verdict: "not-signed", reason: reason2, good: void 0 };
    }
    return { profile: profile2, ...profileOutcome(profile2, sets, demands.recompute) };
  });
  const failed = profiles.filter(({ verdict: verdict2 }) => verdict2 !== "verified");
  const bad = demands.strict ? sets.filter(({ verdict: verdict2 }) => verdict2 !== "verified") : [];
  const verdict = worstVerdict([...failed, ...bad].map((one12) => one12.verdict));
  const profile = failed.find((one12) => one12.verdict === verdict);
  const set = bad.find((one12) => one12.verdict === verdict);
  const reason = profile === void 0 ? set && `strict: referrer ${set.referrer} does not verify: ${set.reason}` : `profile ${profile.profile}: ${profile.reason}`;
  return { verdict, reason, profiles };
}
function profileOutcome(profile, sets, recompute2) {
  const failed = (verdict, reason) => ({ verdict, reason, good: void 0 });
  const candidates = sets.filter((set) => set.profile === void 0 || set.profile === profile);
  const good = candidates.filter(({ verdict }) => verdict === "verified");
  const [first] = good;
  if (first !== void 0) {
    const other = recompute2 ? void 0 : good.find((set) => contradicts(first, set));
    if (other === void 0) return { verdict: "verified", reason: void 0, good: first };
    return failed(
      "invalid",
      `the referrers ${first.referrer} and ${other.referrer} are both trusted but disagree on root hashes, and none were recomputed`
    );
  }
  if (sets.length === 0) return failed("not-signed", "no dm-verity signatures are attached");
  if (candidates.length === 0) {
    const others = [...new Set(sets.map((set) => set.profile))].join(", ");
    return failed("not-signed", `there are signatures only for ${others}`);
  }
  const unchecked = candidates.find(({ verdict }) => verdict === "unchecked");
  if (unchecked !== void 0) return failed("unchecked", unchecked.reason);
  const [furthest] = candidates.toSorted((a, b) => STEPS.indexOf(b.step) - STEPS.indexOf(a.step));
  return failed(furthest?.verdict ?? "invalid", furthest?.reason);
}
function contradicts(a, b) {
  const recipe = ({ profile, recorded }) => [profile, recorded.class, ...recorded.mkfsOptions ?? ["default"]].join(" ");
  return recipe(a) === recipe(b) && a.layers.some(({ rootHash }, index) => rootHash !== b.layers[index]?.rootHash);
}

// src/signatures/notary/revocation/points.ts
var OCSP = "1.3.6.1.5.5.7.48.1";
var FRESHEST_CRL = "2.5.29.46";
var MAX_POINTS = 8;
function revocationPoints({ extensions: { all: all12 } }) {
  const [info, points] = [all12.get(AUTHORITY_INFO_ACCESS), all12.get(CRL_POINTS)];
  const found12 = readPart("a list of revocation servers", () => ({
    ocsp: info === void 0 ? [] : readAccessUrls(info.value, OCSP).slice(0, MAX_POINTS),
    crls: points === void 0 ? [] : allPoints(points.value),
    freshest: all12.has(FRESHEST_CRL)
  }));
  if (found12.crls.length > MAX_POINTS) throw new FormatError(`names more than ${MAX_POINTS} CRLs`);
  return found12;
}
function pointUrls(value) {
  return allPoints(value).slice(0, MAX_POINTS);
}
function allPoints(value) {
  return readDistributionPoints(value).flatMap((names) => followed(names).map((url) => ({ url, names })));
}
function requireNoServers(certificates) {
  const found12 = certificates.find((certificate) => !certificate.selfSigned && mayNameServers(certificate));
  if (found12 === void 0) return;
  const what = `the revocation status of the certificate "${found12.subject}" cannot be determined`;
  const why = "servers are asked only about signers that lead to a trusted certificate";
  throw new VeritySignError("environment", `${what}: ${why}`);
}
function mayNameServers(certificate) {
  try {
    const { ocsp, crls } = revocationPoints(certificate);
    return ocsp.length + crls.length > 0;
  } catch (error) {
    if (error instanceof FormatError) return true;
    throw error;
  }
}
function followed(names) {
  const http = names.filter((url) => URL.parse(url)?.protocol === "http:");
  return http.length === 0 ? names : http;
}

// builtin-load:load of verifying
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of verifying
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");
var randomBytes = /* @__PURE__ */ one("randomBytes");

// src/signatures/notary/certificates/timestamp-chain.ts
var AUTHORITY_REMEDY = "Use another timestamping authority";
var MAX_LENGTH2 = 8;
function requireTimestampingChain(leaf, others, roots, at) {
  let first;
  for (const chain of pathsToAnchors(leaf, others, roots, { maxLength: MAX_LENGTH2 })) {
    const violation = timestampingViolation(chain, at);
    if (violation === void 0) return chain;
    first ??= violation;
  }
  refuse(first);
  throw new VeritySignError(
    "key",
    `the timestamping certificate "${leaf.subject}" does not lead to a trusted root`,
    { remedy: "Give the root certificate of the timestamping authority" }
  );
}
function timestampingViolation(chain, at) {
  const [leaf] = chain;
  const path = orderViolation(chain) ?? pathViolation2(chain, at);
  const extension = extensionViolation(chain, "timeStamping");
  return (leaf && authorityViolation(leaf)) ?? path ?? (extension && { what: extension.what, remedy: AUTHORITY_REMEDY });
}
function authorityViolation(leaf) {
  const name = `the timestamping ${certificateName(leaf)}`;
  const remedy = AUTHORITY_REMEDY;
  const { extendedKeyUsage } = leaf.extensions;
  const only = extendedKeyUsage?.purposes.length === 1 && extendedKeyUsage.purposes[0] === PURPOSE.timeStamping;
  if (!only || !extendedKeyUsage.critical) {
    return { what: `${name} is not for timeStamping only (critical extendedKeyUsage)`, remedy };
  }
  if (algorithmOfKey(leaf.key) === void 0) {
    return { what: `${name} has a key that Notary does not accept`, remedy };
  }
  const usage = leafUsageViolation(leaf, name);
  return usage && { what: usage.what, remedy };
}

// builtin:node:http of verifying
var found2;
var all2 = () => found2 ??= load("node:http");
var one2 = (name) => all2()[name];
var Agent = /* @__PURE__ */ one2("Agent");
var request = /* @__PURE__ */ one2("request");

// builtin:node:https of verifying
var found3;
var all3 = () => found3 ??= load("node:https");
var one3 = (name) => all3()[name];
var Agent2 = /* @__PURE__ */ one3("Agent");
var request2 = /* @__PURE__ */ one3("request");

// builtin:node:timers/promises of verifying
var found4;
var all4 = () => found4 ??= load("node:timers/promises");
var one4 = (name) => all4()[name];
var setTimeout = /* @__PURE__ */ one4("setTimeout");

// builtin:node:net of verifying
var found5;
var all5 = () => found5 ??= load("node:net");
var one5 = (name) => all5()[name];
var BlockList = /* @__PURE__ */ one5("BlockList");
var isIP = /* @__PURE__ */ one5("isIP");
var isIPv4 = /* @__PURE__ */ one5("isIPv4");

// src/lib/http/no-proxy.ts
var DEFAULT_PORTS = { "http:": "80", "https:": "443" };
function bypassesProxy(url, noProxy) {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const port = url.port || DEFAULT_PORTS[url.protocol];
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== "" && matches(entry, host, port));
}
function matches(entry, host, port) {
  if (entry === "*") return true;
  if (entry.includes("/")) return isIP(host) !== 0 && isInNetwork(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== void 0 && wanted !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return isIP(name) !== 0 && isSameAddress(name, host);
  const domain = name.replace(/^\*?\./, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}
function splitPort(entry) {
  if (isIP(entry) !== 0) return { name: entry, port: void 0 };
  const [, bracketed, plain = "", port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return { name: bracketed ?? plain, port };
}
function isSameAddress(one12, other) {
  if (isIPv4(one12) || isIPv4(other)) return one12 === other;
  return isIP(other) !== 0 && isInNetwork(`${one12}/128`, other);
}
function isInNetwork(network, host) {
  const [address = "", length = ""] = network.split("/");
  const bits = isIPv4(address) ? 32 : 128;
  if (isIP(address) !== isIP(host) || !/^\d{1,3}$/.test(length) || Number(length) > bits) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(length), bits === 32 ? "ipv4" : "ipv6");
  return list.check(host, bits === 32 ? "ipv4" : "ipv6");
}

// src/lib/http/proxy.ts
var VARIABLES = {
  "http:": ["http_proxy", "HTTP_PROXY"],
  "https:": ["https_proxy", "HTTPS_PROXY"]
};
function proxyFor(url, env) {
  return bypassesProxy(url, exemptions(env)) ? void 0 : namedProxy(url, env);
}
function agentProxy(url, env) {
  const proxy = namedProxy(url, env);
  if (proxy === void 0) return {};
  const { protocol, host, port, authorization = "" } = proxy;
  const [user = "", ...rest] = Buffer.from(authorization.slice("Basic ".length), "base64").toString().split(":");
  const credentials = authorization && `${encodeURIComponent(user)}:${encodeURIComponent(rest.join(":"))}@`;
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  return { [name]: `${protocol}//${credentials}${inUrl(host)}:${port}`, no_proxy: exemptions(env) };
}
function namedProxy(url, env) {
  const variable = VARIABLES[url.protocol]?.find((name) => env[name]);
  if (variable === void 0) return void 0;
  const proxy = parse(env[variable]?.trim() ?? "");
  if (proxy !== void 0) return { variable, ...proxy };
  throw new HttpError("proxy-setting", `cannot be reached: ${variable} is not the URL of an HTTP proxy`, {
    url,
    remedy: `Set ${variable} to a URL such as http://proxy.example:3128, or unset it`
  });
}
function exemptions(env) {
  return env.no_proxy || env.NO_PROXY || "";
}
function proxyName({ variable, protocol, host, port }) {
  return `the proxy ${protocol}//${inUrl(host)}:${port} (${variable})`;
}
function inUrl(host) {
  return host.includes(":") ? `[${host}]` : host;
}
function parse(text) {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  const protocol = url?.protocol;
  if (url === null || url.hostname === "" || protocol !== "http:" && protocol !== "https:")
    return void 0;
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (protocol === "https:" ? 443 : 80),
    authorization: url.username === "" && url.password === "" ? void 0 : basic(url)
  };
}
function basic({ username, password }) {
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/lib/http/deadline.ts
var Deadline = class {
  /** Aborts at the end of the time, and with the caller's signal. */
  signal;
  #caller;
  #timer;
  #milliseconds;
  #end;
  constructor(milliseconds, caller) {
    this.#milliseconds = milliseconds;
    this.#end = performance.now() + milliseconds;
    this.#caller = caller;
    this.#timer = AbortSignal.timeout(milliseconds);
    this.signal = AbortSignal.any([caller, this.#timer]);
  }
  /** Milliseconds that are left. */
  get remaining() {
    return this.#end - performance.now();
  }
  /** @throws the reason of the caller's signal, or HttpError 'timeout' */
  throwIfOver(url, proxy) {
    this.#caller.throwIfAborted();
    if (!this.#timer.aborted) return;
    const by = proxy === void 0 ? "" : `, asked through ${proxyName(proxy)}`;
    throw new HttpError("timeout", `did not answer in ${this.#milliseconds} ms${by}`, { url });
  }
};

// builtin:node:events of verifying
var found6;
var all6 = () => found6 ??= load("node:events");
var one6 = (name) => all6()[name];
var once = /* @__PURE__ */ one6("once");

// builtin:node:stream of verifying
var found7;
var all7 = () => found7 ??= load("node:stream");
var one7 = (name) => all7()[name];
var PassThrough = /* @__PURE__ */ one7("PassThrough");

// builtin:node:stream/promises of verifying
var found8;
var all8 = () => found8 ??= load("node:stream/promises");
var one8 = (name) => all8()[name];
var pipeline = /* @__PURE__ */ one8("pipeline");

// builtin:node:tls of verifying
var found9;
var all9 = () => found9 ??= load("node:tls");
var one9 = (name) => all9()[name];
var connect = /* @__PURE__ */ one9("connect");

// src/lib/http/connection.ts
var NO_USER = { auth: "" };
function direct(url, head, { http, https, tls }) {
  return url.protocol === "https:" ? request2(url, { ...head, ...NO_USER, ...given(tls), agent: https }) : request(url, { ...head, ...NO_USER, agent: http });
}
function tunnelled(url, socket, head, tls) {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const servername = isIP(host) === 0 ? host : "";
  const createConnection = () => connect({ socket, host, servername, ALPNProtocols: ["http/1.1"], ...given(tls) });
  return request2(url, { ...head, ...NO_USER, defaultPort: 443, createConnection });
}
function forwarded(url, { protocol, host, port, authorization }, head, { http, https }) {
  const credentials = authorization !== void 0 && { "proxy-authorization": authorization };
  const request3 = {
    ...{ ...head, host, port, path: `${url.origin}${url.pathname}${url.search}` },
    headers: { ...head.headers, host: url.host, ...credentials }
  };
  return protocol === "https:" ? request2({ ...request3, agent: https }) : request({ ...request3, agent: http });
}
function given(files) {
  return Object.fromEntries(Object.entries(files).filter(([, one12]) => one12 !== void 0));
}

// src/lib/http/failures.ts
var CERTIFICATE = /^(?!.*ALERT).*(?:CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|CRL)/;
var EXPIRED = /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/;
var DEMANDED = /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)/;
var TLS = /^(?:EPROTO$|ERR_SSL)/;
function serverFailure(error, url) {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [failure, what, remedy] = describe(code);
  return new HttpError(failure, what, {
    ...{ url, code, cause: error },
    ...remedy === void 0 ? {} : { remedy }
  });
}
function proxyFailure(error, url, proxy) {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const [, what] = describe(code);
  return new HttpError("proxy", `cannot be reached: ${proxyName(proxy)} ${what}`, {
    ...{ url, code, cause: error },
    remedy: proxy.protocol === "https:" && TLS.test(code) ? `Set ${proxy.variable} to a URL that begins with http://: the proxy may not speak TLS itself` : `Check ${proxy.variable}, or exempt the server with NO_PROXY`
  });
}
function proxyRefusal(status, url, proxy) {
  const credentials = status === 407;
  const why = credentials ? "demands other credentials (status 407)" : `answered with status ${status}`;
  return new HttpError("proxy", `cannot be reached: ${proxyName(proxy)} ${why}`, {
    ...{ url, status },
    remedy: credentials ? `Put user name and password into ${proxy.variable}: http://USER:PASSWORD@HOST:PORT` : "Check that the proxy permits this server, or exempt the server with NO_PROXY"
  });
}
function codeOf(error) {
  return error.code ?? "unknown error";
}
function describe(code) {
  if (EXPIRED.test(code)) {
    return [
      "certificate",
      `has a TLS certificate that has expired or is not valid yet (${code})`,
      "Check this machine's clock; if it is right, the server needs a new certificate"
    ];
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return [
      "certificate",
      `has a TLS certificate for other names (${code})`,
      "Use a name of the server that is in its certificate"
    ];
  }
  if (CERTIFICATE.test(code)) return ["certificate", `has a TLS certificate that is not trusted (${code})`];
  if (DEMANDED.test(code)) return ["unreachable", `demands a client certificate (${code})`];
  if (TLS.test(code)) return ["unreachable", `does not speak TLS as expected (${code})`];
  if (code.startsWith("HPE_")) return ["unreachable", `does not answer in HTTP (${code})`];
  if (code === "ECONNRESET" || code === "EPIPE") {
    return ["interrupted", `closed the connection without an answer (${code})`];
  }
  return ["unreachable", `cannot be reached (${code})`];
}

// src/lib/http/read-body.ts
async function readBody(response, url, maxBytes) {
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    throw new HttpError("encoding", "sent an unrequested compressed response", { url });
  }
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw interrupted(cause, url);
  }
  if (length <= maxBytes) return Buffer.concat(chunks, length);
  throw new HttpError("too-large", `sent an answer of more than ${inUnits(maxBytes)}`, { url });
}
function interrupted(cause, url) {
  const { code = "ECONNRESET" } = cause;
  return new HttpError("interrupted", `broke off its answer (${code})`, { url, code, cause });
}
function inUnits(bytes) {
  if (bytes % (1024 * 1024) === 0) return `${bytes / (1024 * 1024)} MiB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}

// src/lib/http/tunnel.ts
var DIRECT = { proxyEnv: {} };
function openTunnel(url, proxy, signal) {
  const { protocol, host, port, authorization } = proxy;
  const target = `${url.hostname}:${url.port || 443}`;
  const tls = protocol === "https:";
  const request3 = (tls ? request2 : request)({
    ...{ host, port, signal, method: "CONNECT", path: target },
    headers: { host: target, ...authorization !== void 0 && { "proxy-authorization": authorization } },
    agent: tls ? new Agent2(DIRECT) : new Agent(DIRECT)
  });
  return new Promise((resolve, reject) => {
    const fail = (error) => reject(proxyFailure(error, url, proxy));
    request3.on("error", fail);
    request3.once("connect", ({ statusCode: status = 0 }, socket, head) => {
      socket.on("error", fail);
      if (status === 200 && !signal.aborted) {
        socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(proxyRefusal(status, url, proxy));
    });
    request3.end();
  });
}

// src/lib/http/exchange.ts
async function exchange(url, request3, connections, { env, deadline }) {
  const proxy = proxyFor(url, env);
  try {
    const response = await ask(url, request3, proxy, connections, deadline.signal);
    try {
      return await read(response, url, request3, proxy);
    } finally {
      response.destroy();
    }
  } catch (error) {
    deadline.throwIfOver(url, proxy);
    throw error;
  }
}
async function openExchange(url, request3, connections, { env, deadline }) {
  const proxy = proxyFor(url, env);
  try {
    const response = await ask(url, request3, proxy, connections, deadline.signal);
    const { statusCode: status = 0, headers } = response;
    if (status !== 407 || proxy === void 0) {
      return { url, status, headers, stream: explained(response, url, deadline, proxy) };
    }
    response.destroy();
    throw proxyRefusal(status, url, proxy);
  } catch (error) {
    deadline.throwIfOver(url, proxy);
    throw error;
  }
}
function explained(response, url, deadline, proxy) {
  const out = new PassThrough();
  response.on("error", (cause) => {
    try {
      deadline.throwIfOver(url, proxy);
      out.destroy(interrupted(cause, url));
    } catch (error) {
      out.destroy(error);
    }
  });
  out.once("close", () => response.destroy());
  return response.pipe(out);
}
async function ask(url, { method, headers, body }, proxy, connections, signal) {
  const length = body !== void 0 && { "content-length": `${"size" in body ? body.size : body.length}` };
  const head = { method, signal, headers: { "accept-encoding": "identity", ...headers, ...length } };
  if (proxy === void 0) return answerTo(direct(url, head, connections), body, signal, toServer);
  if (url.protocol === "https:") {
    const socket = await openTunnel(url, proxy, signal);
    return answerTo(tunnelled(url, socket, head, connections.tls), body, signal, toServer);
  }
  return answerTo(forwarded(url, proxy, head, connections), body, signal, toProxy);
  function toServer(error) {
    return serverFailure(error, url);
  }
  function toProxy(error) {
    return proxy === void 0 ? toServer(error) : proxyFailure(error, url, proxy);
  }
}
async function answerTo(request3, body, signal, explain2) {
  request3.on("error", () => void 0);
  if (body !== void 0 && "size" in body) pipeline(body.open(), request3).catch(() => void 0);
  else request3.end(body);
  try {
    const [response] = await once(request3, "response", { signal });
    return response;
  } catch (error) {
    throw explain2(error);
  }
}
async function read(response, url, { maxBytes, errorBody }, proxy) {
  const { statusCode: status = 0, headers } = response;
  if (status === 407 && proxy !== void 0) throw proxyRefusal(status, url, proxy);
  const wanted = status >= 200 && status < 300 || errorBody === true;
  const body = wanted ? await readBody(response, url, maxBytes) : Buffer.alloc(0);
  return { url, status, headers, body };
}

// src/lib/http/retry-after.ts
function isTransientStatus(status) {
  return [408, 429, 500, 502, 503, 504].includes(status);
}
function retryAfter(header, now = Date.now()) {
  if (header == null || header.trim() === "") return void 0;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1e3;
  const date = Date.parse(header);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

// src/lib/http/client.ts
var REDIRECTS = [301, 302, 303, 307, 308];
var HttpClient = class {
  #connections;
  #env;
  constructor({ connections, env = process.env, ...tls } = {}) {
    const kept = connections === void 0 ? {} : { keepAlive: true, maxSockets: connections };
    const options = { ...kept, ...DIRECT };
    this.#connections = { http: new Agent(options), https: new Agent2(options), tls };
    this.#env = env;
  }
  /**
   * Sends a request and reads the answer, whatever its status.
   * @param url of `http:` or `https:`
   * @throws HttpError, or the reason of the signal
   */
  async send(url, request3) {
    const deadline = new Deadline(request3.timeout, request3.signal);
    const response = await this.#follow(url, request3, deadline, exchange);
    const pause = pauseAfter(response, request3.retryAfter);
    if (pause === void 0 || pause >= deadline.remaining) return response;
    await setTimeout(pause, void 0, { signal: deadline.signal }).catch(() => deadline.throwIfOver(url));
    return this.#follow(url, request3, deadline, exchange);
  }
  /**
   * As {@link send}, without repetition: the answer's body is a stream.
   * @param request its timeout holds until the body has ended
   */
  open(url, request3) {
    const deadline = new Deadline(request3.timeout, request3.signal);
    return this.#follow(
      url,
      { ...request3, maxBytes: 0 },
      deadline,
      async (place, asked, connections, context) => {
        const response = await openExchange(place, asked, connections, context);
        if (REDIRECTS.includes(response.status)) response.stream.destroy();
        return response;
      }
    );
  }
  async #follow(url, request3, deadline, perform) {
    const { body, redirects, headers = {} } = request3;
    const { method = body === void 0 ? "GET" : "POST" } = request3;
    const context = { env: this.#env, deadline };
    const followed2 = method === "GET" && redirects !== void 0 ? redirects : void 0;
    let place = url;
    for (let count = 0; ; count++) {
      const sent = place.origin === url.origin ? headers : {};
      const asked = { ...request3, method, headers: sent };
      const response = await perform(place, asked, this.#connections, context);
      if (followed2 === void 0 || !REDIRECTS.includes(response.status)) return response;
      if (count === followed2.limit) {
        throw new HttpError("redirect", `redirects more than ${followed2.limit} times`, { url: place });
      }
      place = nextPlace(response, followed2);
    }
  }
};
function nextPlace({ url, headers: { location } }, { protocols }) {
  const next = location === void 0 ? null : URL.parse(location, url.href);
  if (next !== null && protocols.some((one12) => one12 === next.protocol)) return next;
  const where = next === null ? "to no usable address" : `to ${next.protocol}//, which is not permitted`;
  throw new HttpError("redirect", `redirects ${where}`, { url });
}
function pauseAfter({ status, headers }, longest) {
  if (longest === void 0 || status !== 429 && status !== 503) return void 0;
  const pause = retryAfter(headers["retry-after"]);
  return pause !== void 0 && pause <= longest ? pause : void 0;
}
function statusError({ url, status, headers }) {
  const what = REDIRECTS.includes(status) ? "redirects to another address, which is not followed" : `answered with status ${status}`;
  return new HttpError("status", what, { url, status, after: retryAfter(headers["retry-after"]) });
}

// src/lib/retry.ts
var ATTEMPTS = 6;
var FIRST_WAIT = 500;
var LONGEST_WAIT = 3e4;
async function withRetries(attempt, retryOf2, signal, attempts = ATTEMPTS) {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const retry = retryOf2(error);
      if (retry === void 0 || count === attempts) throw error;
      const wait = FIRST_WAIT * 2 ** (count - 1);
      const after = retry.after ?? wait / 2 + Math.random() * wait / 2;
      if (after > LONGEST_WAIT) throw error;
      await setTimeout(after, void 0, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

// src/signatures/notary/timestamp/http.ts
var MAX_REPLY_BYTES = 1024 * 1024;
var ATTEMPTS2 = 3;
var LONGEST_PAUSE = 1e4;
var REPLY_TYPE = "application/timestamp-reply";
var REMEDY = "Check the URL of the timestamping authority, and try again later";
async function postQuery(query, options) {
  const { signal } = options;
  const url = parseUrl(options.url);
  try {
    return await withRetries(() => post(url, query, options), retryOf, signal, ATTEMPTS2);
  } catch (cause) {
    if (signal.aborted) throw new VeritySignError("cancelled", "the run was cancelled", { cause });
    if (!(cause instanceof HttpError)) throw cause;
    const what = `the timestamping authority ${url.origin}${url.pathname} ${cause.message}`;
    throw new VeritySignError("environment", what, { remedy: remedyOf(cause), cause });
  }
}
async function post(url, body, { signal, timeout }) {
  const response = await new HttpClient().send(url, {
    ...{ body, signal, timeout, maxBytes: MAX_REPLY_BYTES },
    headers: { "content-type": "application/timestamp-query", accept: REPLY_TYPE }
  });
  if (response.status !== 200) throw statusError(response);
  const type = response.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === REPLY_TYPE) return response.body;
  throw new VeritySignError(
    "environment",
    `the timestamping authority ${url.origin}${url.pathname} did not answer with a timestamp reply`,
    { remedy: REMEDY }
  );
}
function retryOf(error) {
  if (!(error instanceof HttpError)) return void 0;
  const { failure, status = 0, after } = error;
  const passing = failure === "status" ? status === 429 || status >= 500 : PASSING.has(failure);
  return passing ? { after: after === void 0 ? void 0 : Math.min(after, LONGEST_PAUSE) } : void 0;
}
var PASSING = /* @__PURE__ */ new Set(["timeout", "unreachable", "interrupted", "proxy"]);
function remedyOf({ failure, remedy }) {
  if (remedy === void 0 && failure === "certificate") {
    return "Set NODE_EXTRA_CA_CERTS or SSL_CERT_FILE to a PEM file with the certificate of the CA that issued it";
  }
  return remedy ?? REMEDY;
}
function parseUrl(text) {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") {
    return url;
  }
  throw new VeritySignError("usage", "the URL of the timestamping authority is not usable", {
    remedy: "Give a URL that begins with http:// or https:// and holds no user name or password"
  });
}

// src/signatures/x509/asn1/ber.ts
var MAX_DEPTH = 40;
var CONSTRUCTED = 32;
var INDEFINITE = 128;
var STRUCTURES = /* @__PURE__ */ new Set([40, 43, TAG.sequence, TAG.set]);
var FIRST_TAGGED = 64;
var MAX_ELEMENTS = 1e4;
function readBer(ber) {
  const { der, end } = new Converter(ber).convert(0, ber.length, 0);
  const rest = ber.length - end;
  if (rest > 0) throw new FormatError(`has ${rest} trailing byte${rest === 1 ? "" : "s"} after its end`);
  return onlyElement(der);
}
var Converter = class {
  #ber;
  #elements = 0;
  constructor(ber) {
    this.#ber = ber;
  }
  convert(at, limit, depth) {
    if (depth > MAX_DEPTH) throw new FormatError("has elements that are nested too deeply");
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw new FormatError(`has more than ${MAX_ELEMENTS} elements`);
    const { tag, start, end } = readHeader(this.#ber, at, limit);
    if (!isConstructed(tag)) {
      if (end === void 0) throw new FormatError("has a primitive element of indefinite length");
      return { der: encode(tag, this.#ber.subarray(start, end)), end };
    }
    const children = [];
    let next = start;
    while (end === void 0 ? !isEndOfContents(this.#ber, next, limit) : next < end) {
      const child = this.convert(next, end ?? limit, depth + 1);
      children.push(child.der);
      next = child.end;
    }
    const inChunks = tag < FIRST_TAGGED && !STRUCTURES.has(tag);
    const der = inChunks ? joined(tag & ~CONSTRUCTED, children) : encode(tag, ...children);
    return { der, end: end ?? next + 2 };
  }
};
function readHeader(ber, at, limit) {
  const tag = ber[at] ?? 0;
  if ((tag & 31) === 31) throw new FormatError("has a tag number above 30");
  const first = ber[at + 1] ?? 0;
  const start = at + 2 + (first > INDEFINITE ? first & 127 : 0);
  if (start > limit) throw new FormatError("ends too early");
  if (first === INDEFINITE) return { tag, start, end: void 0 };
  const length = first < INDEFINITE ? first : ber.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (start + length > limit) throw new FormatError("ends too early");
  return { tag, start, end: start + length };
}
function isEndOfContents(ber, at, limit) {
  if (at + 2 > limit) throw new FormatError("ends too early");
  return ber[at] === 0 && ber[at + 1] === 0;
}
function joined(tag, chunks) {
  const contents = chunks.map((chunk) => {
    const { tag: own, content } = onlyElement(chunk);
    if (own !== tag) throw new FormatError("has a string with chunks of another type");
    return content;
  });
  if (tag !== TAG.bitString) return encode(tag, ...contents);
  if (contents.slice(0, -1).some((content) => content[0] !== 0)) {
    throw new FormatError("has an invalid BIT STRING");
  }
  const unused = contents.at(-1)?.subarray(0, 1) ?? Uint8Array.of(0);
  return encode(tag, unused, ...contents.map((content) => content.subarray(1)));
}

// src/signatures/notary/timestamp/token-info.ts
var BASELINE_POLICY = "0.4.0.2023.1.1";
var MILLIS = 128;
var MICROS = 129;
function readInfo(content) {
  const fields = fieldsOf(readDer(content), "the TSTInfo");
  const version = smallIntegerOf(fields.take(TAG.integer, "version"));
  if (version !== 1) throw new FormatError("has a version other than 1");
  const policy = oidOf(fields.takeAny());
  const imprint = readImprint(fields.take(TAG.sequence, "imprint"));
  fields.take(TAG.integer, "serial number");
  const time = readGeneralizedTime(fields.take(TAG.generalizedTime, "time"), "a time");
  const accuracy = fields.takeIf(TAG.sequence);
  fields.takeIf(TAG.boolean);
  const nonce = fields.takeIf(TAG.integer);
  fields.takeIf(TAG.context0);
  const extensions = fields.takeIf(TAG.context1);
  fields.end();
  checkExtensions2(extensions);
  return {
    imprint,
    time,
    accuracyMs: accuracyOf(accuracy, policy),
    nonce: nonce && bigIntegerOf(nonce)
  };
}
function readImprint(element) {
  const fields = new Fields(element, "the imprint");
  const { oid } = readAlgorithm(fields.takeAny(), "the hash algorithm of the imprint");
  const value = fields.take(TAG.octetString, "hash").content;
  fields.end();
  return { digest: digestOf(oid, "its imprint"), value };
}
function digestOf(oid, where) {
  const digest = digestOfOid(DIGEST_OIDS, oid);
  if (digest === void 0) throw new FormatError(`has a digest other than SHA-2 in ${where}`);
  return digest;
}
function checkExtensions2(list) {
  const extensions = readExtensionList(list && { ...list, tag: TAG.sequence });
  if ([...extensions.values()].some(({ critical }) => critical)) {
    throw new FormatError("has a critical extension that is not understood");
  }
}
function accuracyOf(accuracy, policy) {
  const fields = accuracy && new Fields(accuracy, "the accuracy");
  const [seconds, millis, micros] = [TAG.integer, MILLIS, MICROS].map((tag) => {
    const element = fields?.takeIf(tag);
    const value = element === void 0 ? 0 : smallNumber(element.content);
    if (value === void 0) throw new FormatError("has an accuracy that is not a number");
    return value;
  });
  fields?.end();
  const ms = (seconds ?? 0) * 1e3 + (millis ?? 0) + (micros ?? 0) / 1e3;
  return ms === 0 && policy === BASELINE_POLICY ? 1e3 : ms;
}

// src/signatures/notary/timestamp/token.ts
var MAX_TOKEN_BYTES = 256 * 1024;
var MAX_TOKEN_CERTIFICATES = 10;
var TST_INFO = "1.2.840.113549.1.9.16.1.4";
var CONTENT_TYPE = "1.2.840.113549.1.9.3";
var MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
var SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
function readToken(bytes) {
  if (bytes.length > MAX_TOKEN_BYTES) throw new FormatError(`has more than ${MAX_TOKEN_BYTES / 1024} KiB`);
  const contentInfo = fieldsOf(readBer(bytes), "the ContentInfo");
  const type = oidOf(contentInfo.takeAny());
  if (type !== OID.signedData) throw new FormatError("is not CMS SignedData");
  const wrapper = contentInfo.take(TAG.context0, "content");
  contentInfo.end();
  return readSignedData(new Fields(unwrap(wrapper, TAG.sequence, "the ContentInfo"), "the SignedData"));
}
function readSignedData(signedData) {
  const version = smallIntegerOf(signedData.take(TAG.integer, "version"));
  const digests = childrenOf(signedData.take(TAG.set, "digest algorithms"));
  for (const digest of digests) readAlgorithm(digest, "a digest algorithm");
  const encapsulated = fieldsOf(signedData.takeAny(), "the encapsulated content");
  const type = oidOf(encapsulated.takeAny());
  const wrapper = encapsulated.takeIf(TAG.context0);
  encapsulated.end();
  if (version !== 3 || type !== TST_INFO || wrapper === void 0) {
    throw new FormatError("is not a timestamp (SignedData version 3 with a TSTInfo)");
  }
  const { content } = unwrap(wrapper, TAG.octetString, "the encapsulated content");
  const certificates = certificatesOf(signedData.takeIf(TAG.context0));
  signedData.takeIf(TAG.context1);
  const [signer, ...others] = childrenOf(signedData.take(TAG.set, "signers"));
  signedData.end();
  if (signer === void 0 || others.length > 0) throw new FormatError("does not have exactly one signer");
  return { content, info: readInfo(content), certificates, signer: readSigner(signer) };
}
function certificatesOf(list) {
  const found12 = list === void 0 ? [] : childrenOf(list);
  if (found12.length === 0) throw new FormatError("has no certificate");
  if (found12.length > MAX_TOKEN_CERTIFICATES) {
    throw new FormatError(`has more than ${MAX_TOKEN_CERTIFICATES} certificates`);
  }
  return found12.map(({ bytes }) => Uint8Array.from(bytes));
}
function readSigner(element) {
  const info = fieldsOf(element, "the SignerInfo");
  const version = smallIntegerOf(info.take(TAG.integer, "version"));
  if (version !== 1 || info.next?.tag !== TAG.sequence) {
    throw new FormatError("does not name its signer by issuer and serial number");
  }
  const signerId = fieldsOf(info.takeAny(), "the signer identifier");
  const issuer = signerId.take(TAG.sequence, "issuer").bytes;
  const serial = signerId.take(TAG.integer, "serial number").bytes;
  signerId.end();
  const digestAlgorithm = readAlgorithm(info.takeAny(), "the digest algorithm");
  const attributes = info.takeIf(TAG.context0);
  if (attributes === void 0) throw new FormatError("has no signed attributes");
  const signatureAlgorithm = readAlgorithm(info.takeAny(), "the signature algorithm");
  const signature = info.take(TAG.octetString, "signature").content;
  const unsigned = info.takeIf(TAG.context1);
  if (unsigned !== void 0) readAttributeList(unsigned);
  info.end();
  return {
    issuer,
    serial,
    digest: digestOf(digestAlgorithm.oid, "its signature"),
    signatureAlgorithm,
    signature,
    // The tag [0] stands for SET OF in what is signed. [RFC 5652, 5.4]
    signedAttributes: attributes.bytes.with(0, TAG.set),
    ...readSignedAttributes(readAttributeList(attributes))
  };
}
function readAttributeList(list) {
  return childrenOf(list).map((element) => {
    const attribute = fieldsOf(element, "an attribute");
    const type = oidOf(attribute.takeAny());
    const values = childrenOf(attribute.take(TAG.set, "values"));
    attribute.end();
    return { type, values };
  });
}
function readSignedAttributes(attributes) {
  const contentType = onlyValue(attributes, CONTENT_TYPE, "contentType");
  if (contentType.tag !== TAG.oid || oidOf(contentType) !== TST_INFO) {
    throw new FormatError("has a contentType other than timestamp");
  }
  const contentDigest = onlyValue(attributes, MESSAGE_DIGEST, "messageDigest");
  if (contentDigest.tag !== TAG.octetString) throw new FormatError("has no messageDigest");
  const certificate = onlyValue(attributes, SIGNING_CERTIFICATE_V2, "signingCertificateV2");
  return { contentDigest: contentDigest.content, certificate: certificateId(certificate) };
}
function onlyValue(attributes, id, name) {
  const [attribute, ...others] = attributes.filter(({ type }) => type === id);
  const [value] = attribute?.values ?? [];
  if (value === void 0 || attribute?.values.length !== 1 || others.length > 0) {
    throw new FormatError(`does not have exactly one attribute ${name}`);
  }
  return value;
}
function certificateId(value) {
  const name = "the signingCertificateV2";
  const [first] = childrenOf(fieldsOf(value, name).take(TAG.sequence, "certificates"));
  const id = fieldsOf(first, name);
  const algorithm = id.takeIf(TAG.sequence);
  const hash = id.takeIf(TAG.octetString);
  if (hash === void 0) throw new FormatError("has a signingCertificateV2 without a hash");
  const digest = algorithm === void 0 ? "sha256" : digestOf(readAlgorithm(algorithm, name).oid, "its signingCertificateV2");
  return { digest, value: hash.content };
}

// src/signatures/notary/timestamp/query.ts
var GRANTED = [0, 1];
var MAX_REASON = 300;
function encodeQuery(signature, digest, nonce) {
  const algorithm = encode(TAG.sequence, encodeOid(DIGEST_OIDS[digest]), encode(TAG.null));
  const hash = createHash(digest).update(signature).digest();
  return encode(
    TAG.sequence,
    encodeInteger(Uint8Array.of(1)),
    encode(TAG.sequence, algorithm, encode(TAG.octetString, hash)),
    encodeInteger(nonce),
    encode(TAG.boolean, Uint8Array.of(255))
  );
}
function tokenOf(reply) {
  if (reply.length > MAX_TOKEN_BYTES) throw new FormatError(`has more than ${MAX_TOKEN_BYTES / 1024} KiB`);
  const response = fieldsOf(readBer(reply), "the reply");
  const info = fieldsOf(response.takeAny(), "the status");
  const status = smallIntegerOf(info.take(TAG.integer, "number"));
  const reasons = info.takeIf(TAG.sequence);
  const failure = info.takeIf(TAG.bitString);
  if (status === void 0 || !GRANTED.includes(status)) {
    const texts = reasons === void 0 ? [] : childrenOf(reasons);
    const bits = failure === void 0 ? "" : ` ${Buffer.from(failure.content.subarray(1)).toString("hex")}`;
    const text = [
      `status ${status ?? "(unknown)"}${bits}`,
      ...texts.map(({ content }) => Buffer.from(content).toString("utf8"))
    ].join(", ");
    throw new FormatError(`was refused: ${text.slice(0, MAX_REASON)}`);
  }
  const token = response.takeAny();
  if (token === void 0) throw new FormatError("holds no token");
  return Uint8Array.from(token.bytes);
}

// src/signatures/notary/timestamp/timestamp.ts
var NONCE_BYTES = 16;
async function requestTimestamp(signature, spec, { url, certificates, signal, timeout }) {
  const nonce = randomBytes(NONCE_BYTES);
  nonce[0] = (nonce[0] ?? 0) & 63 | 64;
  const reply = await postQuery(encodeQuery(signature, spec.digest, nonce), { url, signal, timeout });
  const token = answered(() => {
    const bytes = tokenOf(reply);
    const { info } = readToken(bytes);
    if (info.nonce !== BigInt(`0x${nonce.toString("hex")}`)) throw new FormatError("is for another query");
    checkImprint(info, signature);
    return bytes;
  });
  await verifyTimestamp(token, signature, certificates);
  return token;
}
async function verifyTimestamp(token, signature, roots) {
  const { parsed, authority, others } = readable(() => {
    const parsed2 = readToken(token);
    checkImprint(parsed2.info, signature);
    const certificates = parsed2.certificates.map(
      (der) => readPart("a certificate", () => readCertificate(der))
    );
    const authority2 = certificates.find((one12) => isSigner(one12, parsed2));
    if (authority2 === void 0) throw new FormatError("lacks the certificate of its signer");
    checkSignature(parsed2, authority2.key);
    return { parsed: parsed2, authority: authority2, others: certificates };
  });
  const { time, accuracyMs } = parsed.info;
  const chain = requireTimestampingChain(authority, others, roots.map(readRoot), time);
  return { time, accuracyMs, chain: chain.map(({ der }) => der) };
}
function checkImprint({ imprint }, signature) {
  const expected = createHash(imprint.digest).update(signature).digest();
  if (!expected.equals(imprint.value)) throw new FormatError("belongs to another signature");
}
function isSigner({ der, raw }, { signer }) {
  const { digest, value } = signer.certificate;
  return sameBytes(raw.issuer, signer.issuer) && sameBytes(raw.serial, signer.serial) && createHash(digest).update(der).digest().equals(value);
}
function checkSignature({ content, signer }, key) {
  if (!createHash(signer.digest).update(content).digest().equals(signer.contentDigest)) {
    throw new FormatError("has a content that was not signed (messageDigest)");
  }
  const { signatureAlgorithm: algorithm } = signer;
  const scheme = signatureScheme(algorithm);
  const accepted = scheme !== void 0 && scheme.key !== "ed25519";
  if (!accepted || key === void 0 || scheme.key !== key.asymmetricKeyType) {
    throw new FormatError(`is signed with the algorithm ${algorithm.oid}, which is not accepted`);
  }
  const digest = scheme.pss ? signer.digest : scheme.digest ?? signer.digest;
  if (!verifies(key, { digest, pss: scheme.pss }, signer.signedAttributes, signer.signature)) {
    throw new FormatError("was not signed by the certificate that it names");
  }
}
function readRoot(der) {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(
      "key",
      `a root certificate for timestamps cannot be read: it ${cause.message}`,
      {
        remedy: "Give the root certificate of the timestamping authority",
        cause
      }
    );
  }
}
function readable(read2) {
  return rethrow(read2, "image", "the timestamp of the Notary signature", "Sign the image again");
}
function answered(read2) {
  return rethrow(
    read2,
    "environment",
    "the timestamping authority's reply",
    "Use another timestamping authority"
  );
}
function rethrow(read2, code, subject, remedy) {
  try {
    return read2();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(code, `${subject} ${cause.message}`, { remedy, cause });
  }
}

// src/commands/verify/manifests/validations.ts
function checkAuthenticity(envelope, signer, trust) {
  const { identities, policy } = trust;
  const { chain } = envelope;
  const trusted = anchorsOf(envelope, trust);
  if (trusted instanceof VeritySignError) throw trusted;
  const [leaf] = chain;
  if (leaf === void 0 || signer === void 0)
    throw new VeritySignError("key", "the signer has no readable certificate");
  if (lastAnchor(chain, trusted) === -1) {
    const whom = isByAuthority(envelope) ? "signing authority" : "certificate";
    throw new VeritySignError("key", `the signer "${signer.subject}" does not lead to any trusted ${whom}`);
  }
  checkExtensions(chain);
  if (policy !== void 0) requireTrustedIdentity(policy.statement.trustedIdentities, leaf);
  requireIdentity(signer, identities);
}
function checkExpiry({ expiry }, { at }) {
  if (expiry === void 0 || at < expiry) return;
  throw new VeritySignError("key", `the signature expired on ${expiry.toISOString()}`);
}
async function checkTimestamp(envelope, trust, revocation, notes) {
  const chain = envelope.chain.map(readCertificate);
  if (isByAuthority(envelope)) {
    const time2 = envelope.authenticSigningTime;
    if (time2 === void 0) throw new VeritySignError("key", "the signing authority states no signing time");
    const invalid2 = chain.find(({ notBefore, notAfter }) => time2 < notBefore || time2 > notAfter);
    if (invalid2 === void 0) return time2;
    throw new VeritySignError(
      "key",
      `the certificate "${invalid2.subject}" was not valid when it was signed, ${time2.toISOString()}`
    );
  }
  const { at, tsa, policy } = trust;
  const expired = chain.some(({ notAfter }) => at > notAfter);
  const afterExpiry = policy?.statement.verifyTimestamp === "afterCertExpiry";
  if (tsa === void 0 || afterExpiry && !expired) {
    for (const { subject, notBefore, notAfter } of chain) {
      if (at < notBefore)
        throw new VeritySignError(
          "key",
          `the certificate "${subject}" is not valid before ${notBefore.toISOString()}`
        );
      if (at <= notAfter) continue;
      const what = `the certificate "${subject}" expired on ${notAfter.toISOString()}`;
      if (!trust.allowExpired) throw new VeritySignError("key", what);
      notes.push(`${what}, which is allowed`);
    }
    return void 0;
  }
  if (envelope.timestamp === void 0) throw new VeritySignError("key", "the signature has no timestamp");
  if (tsa instanceof VeritySignError) throw tsa;
  const {
    time,
    accuracyMs,
    chain: authority
  } = await verifyTimestamp(envelope.timestamp, envelope.signature, tsa);
  for (const { subject, notBefore, notAfter } of chain) {
    if (+time - accuracyMs < +notBefore || +time + accuracyMs > +notAfter) {
      throw new VeritySignError(
        "key",
        `the certificate "${subject}" was not valid at the timestamp, ${time.toISOString()}`
      );
    }
  }
  if (policy !== void 0) await revocation.requireGood(authority);
  return time;
}
async function checkRevocation(envelope, trust, revocation) {
  const { chain, authenticSigningTime } = envelope;
  const trusted = anchorsOf(envelope, trust);
  const last = trusted instanceof VeritySignError ? -1 : lastAnchor(chain, trusted);
  if (last === -1) requireNoServers(chain.map(readCertificate));
  else await revocation.requireGood(chain.slice(0, last + 2), authenticSigningTime);
}
function isByAuthority({ signingScheme }) {
  return signingScheme === "notary.x509.signingAuthority";
}
function anchorsOf(envelope, { anchors, signingAuthorities }) {
  return isByAuthority(envelope) ? signingAuthorities : anchors;
}
function lastAnchor(chain, trusted) {
  return chain.findLastIndex((der) => trusted.some((anchor) => sameBytes(anchor, der)));
}

// src/commands/verify/manifests/evaluate-signature.ts
var NOTARY_STEPS = [
  "read",
  "integrity",
  "authenticity",
  "expiry",
  "authenticTimestamp",
  "revocation"
];
async function evaluateSignature(referrer, subject, trust, revocation) {
  const signature = {
    referrer: referrer.descriptor.digest,
    verdict: "verified",
    reason: void 0,
    step: "read",
    format: void 0,
    envelope: void 0,
    signer: void 0,
    authenticTime: void 0,
    notes: []
  };
  if ("error" in referrer) {
    const { error } = referrer;
    return { ...signature, verdict: isBroken(error) ? "invalid" : "unchecked", reason: error.message };
  }
  signature.step = "integrity";
  let envelope;
  try {
    envelope = readEnvelope(referrer, subject, signature);
  } catch (error) {
    return { ...signature, verdict: "invalid", reason: messageOf(error) };
  }
  if (envelope.critical.length > 0) {
    const reason = `it has critical attributes that only a notation plugin can evaluate: ${envelope.critical.join(", ")}`;
    return { ...signature, verdict: "unchecked", reason };
  }
  try {
    checkSignerPurpose(envelope.chain);
  } catch (error) {
    return { ...signature, verdict: "not-trusted", reason: messageOf(error) };
  }
  return validate(signature, envelope, trust, revocation);
}
function readEnvelope({ manifest, blobs }, subject, signature) {
  if (manifest.artifactType !== NOTARY_ARTIFACT_TYPE)
    throw invalid(`its artifact type is ${manifest.artifactType}`);
  checkSubject(manifest.subject, subject);
  const [layer] = manifest.layers;
  if (layer === void 0 || manifest.layers.length > 1) {
    throw invalid(`the signature manifest has ${manifest.layers.length} envelopes, not one`);
  }
  signature.format = ["jws", "cose"].find(
    (format) => ENVELOPE_MEDIA_TYPE[format] === layer.mediaType
  );
  const envelope = parseEnvelope(layer.mediaType, blobs[0] ?? new Uint8Array());
  signature.envelope = envelope;
  signature.signer = signerOf(envelope);
  checkChain(envelope.chain, void 0);
  checkIntegrity(envelope);
  checkTarget(envelope.target, subject);
  const annotation = manifest.annotations[THUMBPRINTS];
  if (annotation !== void 0 && annotation !== thumbprintsAnnotation(envelope.chain)) {
    signature.notes.push(`the annotation ${THUMBPRINTS} does not name the certificates of the envelope`);
  }
  return envelope;
}
function checkTarget(target, { mediaType, digest, size }) {
  if (target.mediaType === mediaType && target.digest === digest && target.size === size) return;
  throw invalid(
    `what was signed is ${target.digest} (${target.size} bytes, ${target.mediaType}), another manifest`
  );
}
function signerOf({ chain }) {
  try {
    return chain[0] === void 0 ? void 0 : readCertificate(chain[0]);
  } catch {
    return void 0;
  }
}
async function validate(signature, envelope, trust, revocation) {
  const validations = [
    ["authenticity", () => checkAuthenticity(envelope, signature.signer, trust)],
    ["expiry", () => checkExpiry(envelope, trust)],
    [
      "authenticTimestamp",
      async () => {
        signature.authenticTime = await checkTimestamp(envelope, trust, revocation, signature.notes);
      }
    ],
    ["revocation", () => checkRevocation(envelope, trust, revocation)]
  ];
  for (const [validation, check] of validations) {
    const action = trust.enforcement[validation];
    if (action === "skip") continue;
    signature.step = validation;
    try {
      await check();
    } catch (error) {
      const reason = messageOf(error);
      if (action === "enforce") return { ...signature, verdict: verdictOf(error), reason };
      signature.notes.push(`${validation} failed, which the trust policy only logs: ${reason}`);
    }
  }
  return signature;
}
function verdictOf({ code }) {
  return code === "key" || code === "image" ? "not-trusted" : "unchecked";
}
function messageOf(error) {
  if (error instanceof VeritySignError && error.code !== "cancelled") return error.message;
  throw error;
}
function invalid(what) {
  return new VeritySignError("image", what);
}

// src/commands/verify/manifests/manifest-verdict.ts
function manifestOutcome(signatures, index) {
  const outcome2 = (one12) => ({
    reason: void 0,
    good: void 0,
    byIndex: false,
    ...one12
  });
  const good = signatures.find(({ verdict }) => verdict === "verified");
  if (good !== void 0) return outcome2({ verdict: "verified", good });
  if (index?.verdict === "verified") return outcome2({ verdict: "verified", good: index.good, byIndex: true });
  if (signatures.length === 0) {
    return outcome2({ verdict: "not-signed", reason: "no Notary signature is attached" });
  }
  const [furthest] = signatures.toSorted(
    (a, b) => NOTARY_STEPS.indexOf(b.step) - NOTARY_STEPS.indexOf(a.step)
  );
  const decisive = signatures.find(({ verdict }) => verdict === "unchecked") ?? furthest;
  return outcome2({
    verdict: decisive?.verdict ?? "invalid",
    reason: decisive && `Notary signature ${decisive.referrer} does not verify: ${decisive.reason}`
  });
}
function combinedOutcome(layers, manifest, signatures, demands, whyNone) {
  const parts = layers === void 0 ? [] : [layers];
  if (manifest !== void 0 && isDemanded(manifest, demands, layers === void 0)) parts.push(manifest);
  if (manifest === void 0 && layers === void 0) {
    parts.push({ verdict: "not-signed", reason: `${whyNone}, and manifest signatures are not checked` });
  }
  if (demands.strict) parts.push(...signatures.map(strictly));
  const verdict = worstVerdict(parts.map((part) => part.verdict));
  return { verdict, reason: parts.find((part) => part.verdict === verdict)?.reason };
}
function isDemanded({ verdict }, { manifestSignature, byPolicy: byPolicy2 }, withoutLayers) {
  if (manifestSignature === "required" || withoutLayers) return true;
  return byPolicy2 && verdict !== "not-signed";
}
function strictly({ verdict, reason, referrer }) {
  return {
    verdict,
    reason: verdict === "verified" ? void 0 : `strict: Notary signature ${referrer} does not verify: ${reason}`
  };
}

// src/commands/verify/evaluate-image.ts
function evaluateImage(image, sets, notary, options, byPolicy2) {
  const { manifestSignature, strict } = options;
  const demands = { manifestSignature, byPolicy: byPolicy2, strict };
  const checked = manifestSignature !== "none";
  const index = notary.index === void 0 || !checked ? void 0 : evaluateIndex(notary.index, demands);
  const platforms = image.manifests.map((manifest, position) => {
    const own = sets[position] ?? [];
    const signatures = notary.manifests[position] ?? [];
    const layers = needsLayers(manifest, options) ? platformOutcome(manifest, own, options) : void 0;
    const ownNotary = checked ? manifestOutcome(signatures, index?.notary) : void 0;
    const whyNone = manifest.layersLeftOut ?? "layer signatures were not requested";
    const outcome2 = combinedOutcome(layers, ownNotary, signatures, demands, whyNone);
    return { manifest, sets: own, layers, signatures, notary: ownNotary, ...outcome2 };
  });
  return { platforms, index, uncovered: uncoveredImages(image, notary, index, options) };
}
function uncoveredImages(image, { coveredSkipped: coveredSkipped2 }, index, { platforms }) {
  if (index?.notary.verdict === "verified") return [];
  const failures = new Set(skippedButRun(image, platforms));
  return image.skipped.filter((one12) => one12.isImage && !failures.has(one12) && !coveredSkipped2.has(one12.descriptor.digest)).map(uncoveredEntry);
}
function evaluateIndex(signatures, demands) {
  const notary = manifestOutcome(signatures, void 0);
  const nothing = { verdict: "verified", reason: void 0 };
  return { signatures, notary, ...combinedOutcome(nothing, notary, signatures, demands, "") };
}
function needsLayers({ layers, layersLeftOut }, { layers: choice }) {
  if (requiresLayers(choice)) return true;
  return choice === "auto" && layersLeftOut === void 0 && layers.length > 0;
}

// src/signatures/notary/revocation/crl-list.ts
var V2 = 1;
var TIMES = [TAG.utcTime, TAG.generalizedTime];
function readCertificateList(bytes) {
  const whole = fieldsOf(readDer(bytes), "the list");
  const tbs = whole.take(TAG.sequence, "body");
  const outerAlgorithm = whole.take(TAG.sequence, "signature algorithm");
  const signature = wholeBytesOf(whole.take(TAG.bitString, "signature"), "a signature");
  whole.end();
  const fields = new Fields(tbs, "the list");
  const version = fields.takeIf(TAG.integer);
  if (version !== void 0 && smallIntegerOf(version) !== V2) {
    throw new FormatError("has another version than 2");
  }
  if (!sameBytes(fields.take(TAG.sequence, "inner algorithm").bytes, outerAlgorithm.bytes)) {
    throw new FormatError("names two different signature algorithms");
  }
  const issuer = fields.take(TAG.sequence, "issuer").bytes;
  const thisUpdate = takeTime(fields, "a thisUpdate");
  if (thisUpdate === void 0) throw new FormatError("lacks the thisUpdate of the list");
  const nextUpdate = takeTime(fields, "a nextUpdate");
  const revoked = fields.takeIf(TAG.sequence);
  const wrapper = fields.takeIf(TAG.context0);
  fields.end();
  return {
    signed: tbs.bytes,
    signatureAlgorithm: readAlgorithm(outerAlgorithm, "the signature algorithm"),
    signature,
    issuer,
    thisUpdate,
    nextUpdate,
    extensions: readExtensionList(wrapper && unwrap(wrapper, TAG.sequence, "the extensions")),
    revoked
  };
}
function* entriesFor({ revoked }, serial) {
  if (revoked === void 0) return;
  const wanted = Buffer.from(serial);
  const list = Buffer.from(revoked.content.buffer, revoked.content.byteOffset, revoked.content.length);
  const entries = new Cursor(list);
  const fields = new Cursor(list);
  while (entries.next()) {
    fields.enter(entries.contentStart, entries.end);
    if (entries.tag !== TAG.sequence || !fields.next() || fields.tag !== TAG.integer) {
      throw new FormatError("has an entry without a serial number");
    }
    const { start, end } = fields;
    checkEntry(fields);
    const same = end - start === wanted.length && list.compare(wanted, 0, wanted.length, start, end) === 0;
    if (same) yield readEntry(entries.element());
  }
}
function checkEntry(fields) {
  if (!fields.next() || !TIMES.includes(fields.tag)) {
    throw new FormatError("has an entry without a revocation date");
  }
  if (fields.next() && (fields.tag !== TAG.sequence || fields.next())) {
    throw new FormatError("has an entry of another form");
  }
}
function readEntry(element) {
  const fields = new Fields(element, "an entry");
  fields.take(TAG.integer, "serial number");
  const revocationDate = takeTime(fields, "a revocation date");
  if (revocationDate === void 0) throw new FormatError("has an entry without a revocation date");
  const extensions = readExtensionList(fields.takeIf(TAG.sequence));
  fields.end();
  return { revocationDate, extensions };
}
function takeTime(fields, name) {
  const element = fields.takeIf(TAG.utcTime) ?? fields.takeIf(TAG.generalizedTime);
  return element && readTime(element, name);
}

// src/signatures/notary/revocation/crl-scope.ts
var ONLY_USERS = 129;
var ONLY_CAS = 130;
var ONLY_REASONS = 131;
var INDIRECT = 132;
var ONLY_ATTRIBUTES = 133;
var ALL_REASONS = /* @__PURE__ */ new Set([1, 2, 3, 4, 5, 6, 7, 8]);
function coverAllReasons(lists) {
  return [...ALL_REASONS].every((reason) => lists.some((reasons) => reasons.has(reason)));
}
function checkScope2(value, { names, ca }) {
  const fields = fieldsOf(readDer(value), "the issuing distribution point");
  const point = fields.takeIf(TAG.context0);
  const onlyUsers = isSet(fields.takeIf(ONLY_USERS));
  const onlyCas = isSet(fields.takeIf(ONLY_CAS));
  const some = fields.takeIf(ONLY_REASONS);
  const indirect = isSet(fields.takeIf(INDIRECT));
  const onlyAttributes = isSet(fields.takeIf(ONLY_ATTRIBUTES));
  fields.end();
  if (onlyAttributes) throw new FormatError("covers attribute certificates only");
  if (indirect) throw new FormatError("covers certificates of several issuers (indirectCRL)");
  if (onlyCas && !ca) throw new FormatError("covers CA certificates only");
  if (onlyUsers && ca) throw new FormatError("does not cover CA certificates");
  const own = point && urlsOfPointName(point);
  if (own?.some((url) => names.includes(url)) === false) {
    throw new FormatError("belongs to another distribution point");
  }
  return some === void 0 ? ALL_REASONS : namedBitsOf(some);
}
function isSet(element) {
  if (element === void 0) return false;
  const [value] = element.content;
  if (element.content.length !== 1 || value !== 0 && value !== 255) {
    throw new FormatError("has an invalid BOOLEAN");
  }
  return value === 255;
}

// src/signatures/notary/revocation/current.ts
var CLOCK_SKEW = 5 * 60 * 1e3;
function checkCurrent(times, now) {
  const { thisUpdate, nextUpdate } = times;
  if (nextUpdate === void 0) throw new FormatError("has no nextUpdate");
  if (now > nextUpdate) throw new FormatError(`expired on ${nextUpdate.toISOString()}`);
  if (+thisUpdate > +now + CLOCK_SKEW) throw new FormatError("has a thisUpdate that is in the future");
}

// src/signatures/notary/revocation/entry-extensions.ts
var INVALIDITY_DATE = "2.5.29.24";
function invalidityDate(extensions) {
  const found12 = extensions.get(INVALIDITY_DATE);
  return found12 && readGeneralizedTime(readDer(found12.value), "an invalidity date");
}
function refuseCritical(extensions, known = []) {
  for (const [id, { critical }] of extensions) {
    if (critical && id !== INVALIDITY_DATE && !known.includes(id)) {
      throw new FormatError(`has a critical extension that is not known (${id})`);
    }
  }
}

// src/signatures/notary/revocation/crl.ts
var CRL_NUMBER = "2.5.29.20";
var REASON = "2.5.29.21";
var DELTA_INDICATOR = "2.5.29.27";
var ISSUING_POINT = "2.5.29.28";
var FRESHEST_CRL2 = "2.5.29.46";
var ON_HOLD = 6;
var REMOVED = 8;
function readCrl(bytes, issuer, scope, now) {
  const list = readList(bytes, issuer, now);
  const { extensions } = list;
  if (extensions.has(DELTA_INDICATOR)) throw new FormatError("is a delta CRL, not a complete one");
  const point = extensions.get(ISSUING_POINT);
  const reasons = point === void 0 ? ALL_REASONS : checkScope2(point.value, scope);
  const freshest = extensions.get(FRESHEST_CRL2);
  const points = freshest === void 0 ? [] : pointUrls(freshest.value);
  return { list, deltaUrls: points.map(({ url }) => url), reasons };
}
function readDelta(bytes, issuer, base, now) {
  const list = readList(bytes, issuer, now);
  const number = numberOf(base.list.extensions, CRL_NUMBER);
  const since = numberOf(list.extensions, DELTA_INDICATOR);
  const own = numberOf(list.extensions, CRL_NUMBER);
  if (since === void 0) throw new FormatError("is not a delta CRL");
  if (number === void 0 || own === void 0 || own < number || since > number) {
    throw new FormatError("is a delta CRL that does not match its base");
  }
  const [scope, baseScope] = [list, base.list].map(({ extensions }) => extensions.get(ISSUING_POINT)?.value);
  if (!sameBytes(scope ?? new Uint8Array(), baseScope ?? new Uint8Array())) {
    throw new FormatError("is a delta CRL that covers other certificates than its base");
  }
  return { list, deltaUrls: [], reasons: base.reasons };
}
function stateIn(lists, { raw }, signingTime) {
  let temporary;
  for (const { list } of lists) {
    for (const { revocationDate: time, extensions } of entriesFor(list, raw.serial)) {
      refuseCritical(extensions);
      const invalid2 = invalidityDate(extensions);
      if (signingTime !== void 0 && invalid2 !== void 0 && signingTime < invalid2) continue;
      const reason = reasonOf2(extensions);
      if (reason !== ON_HOLD && reason !== REMOVED) return "revoked";
      const sameList = temporary?.list === list;
      const older = temporary && (sameList ? time <= temporary.time : time < temporary.time);
      if (older !== true) temporary = { list, time, reason };
    }
  }
  return temporary?.reason === ON_HOLD ? "revoked" : "good";
}
function readList(bytes, issuer, now) {
  const list = readAs("a CRL", () => readCertificateList(bytes));
  const { basicConstraints, keyUsage } = issuer.extensions;
  if (basicConstraints?.isCa !== true || keyUsage?.bits.has(KEY_USAGE.crlSign) === false) {
    throw new FormatError(`is signed by "${issuer.subject}", which may not sign CRLs`);
  }
  const refused2 = algorithmViolation(list.signatureAlgorithm);
  if (refused2 !== void 0) throw new FormatError(refused2);
  const signed = sameName(list.issuer, issuer.raw.subject) && isSignedBy(issuer, list.signed, list.signatureAlgorithm, list.signature);
  if (!signed) throw new FormatError("is not signed by the issuer of the certificate");
  checkCurrent(list, now);
  refuseCritical(list.extensions, [DELTA_INDICATOR, ISSUING_POINT]);
  return list;
}
function numberOf(extensions, id) {
  const found12 = extensions.get(id);
  const element = found12 && readDer(found12.value);
  return element?.tag === TAG.integer ? bigIntegerOf(element) : void 0;
}
function reasonOf2(extensions) {
  const found12 = extensions.get(REASON);
  if (found12 === void 0) return void 0;
  const element = readDer(found12.value);
  const reason = element.tag === TAG.enumerated ? smallIntegerOf(element) : void 0;
  if (reason === void 0) throw new FormatError("has a reason that is not a number");
  return reason;
}

// src/signatures/notary/revocation/ocsp-request.ts
var SHA1 = "1.3.14.3.2.26";
function ocspQuestion(certificate, issuer) {
  const certId = encode(
    TAG.sequence,
    encode(TAG.sequence, encodeOid(SHA1), encode(TAG.null)),
    encode(TAG.octetString, sha1(issuer.raw.subject)),
    encode(TAG.octetString, sha1(issuer.raw.publicKey)),
    certificate.raw.serial
  );
  const requestList = encode(TAG.sequence, encode(TAG.sequence, certId));
  return { certificate, issuer, certId, bytes: encode(TAG.sequence, encode(TAG.sequence, requestList)) };
}
function isAbout(certId, question) {
  const [found12, wanted] = [certId, readDer(question.certId)].map(readCertId);
  return found12 !== void 0 && wanted !== void 0 && found12.algorithm === wanted.algorithm && found12.values.every((value, index) => sameBytes(value, wanted.values[index] ?? new Uint8Array()));
}
function readCertId(element) {
  const fields = fieldsOf(element, "the CertID");
  const algorithm = readAlgorithm(fields.takeAny(), "the hash algorithm").oid;
  const nameHash = fields.take(TAG.octetString, "name hash").content;
  const keyHash = fields.take(TAG.octetString, "key hash").content;
  const serial = fields.take(TAG.integer, "serial number").content;
  fields.end();
  return { algorithm, values: [nameHash, keyHash, serial] };
}
function sha1(bytes) {
  return createHash("sha1").update(bytes).digest();
}

// src/signatures/notary/revocation/ocsp-response.ts
var BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1";
var FAILURES = {
  1: "malformed request",
  2: "internal error",
  3: "try later",
  5: "signature required",
  6: "unauthorized"
};
var GOOD = 128;
var REVOKED = 161;
var UNKNOWN = 130;
function readBasicResponse(bytes) {
  const response = fieldsOf(readDer(bytes), "the response");
  const status = smallIntegerOf(response.take(TAG.enumerated, "status"));
  if (status !== 0) {
    throw new FormatError(`reports a failure (${FAILURES[status ?? -1] ?? `status ${status}`})`);
  }
  const wrapper = response.take(TAG.context0, "bytes");
  response.end();
  const typed = fieldsOf(unwrap(wrapper, TAG.sequence, "the response"), "the response bytes");
  if (oidOf(typed.takeAny()) !== BASIC_RESPONSE) throw new FormatError("has an unknown type");
  const content = typed.take(TAG.octetString, "content").content;
  typed.end();
  return readBasic(fieldsOf(readDer(content), "the basic response"));
}
function readBasic(basic2) {
  const data = basic2.take(TAG.sequence, "data");
  const signatureAlgorithm = readAlgorithm(basic2.takeAny(), "the signature algorithm");
  const signature = wholeBytesOf(basic2.take(TAG.bitString, "signature"), "a signature");
  const wrapper = basic2.takeIf(TAG.context0);
  basic2.end();
  const certificates = wrapper && childrenOf(unwrap(wrapper, TAG.sequence, "the certificates"));
  return {
    signed: data.bytes,
    signatureAlgorithm,
    signature,
    certificates: certificates?.map((element) => element.bytes) ?? [],
    ...readData(new Fields(data, "the response data"))
  };
}
function readData(data) {
  data.takeIf(TAG.context0);
  checkResponder(data.takeAny());
  readGeneralizedTime(data.take(TAG.generalizedTime, "time"), "a time");
  const responses = childrenOf(data.take(TAG.sequence, "responses"));
  const extensions = readExplicitExtensions(data.takeIf(TAG.context1));
  data.end();
  return { responses, extensions };
}
function readSingle(element) {
  const fields = fieldsOf(element, "an answer");
  const certId = fields.take(TAG.sequence, "certificate");
  const status = statusOf(fields.takeAny());
  const thisUpdate = readGeneralizedTime(fields.take(TAG.generalizedTime, "thisUpdate"), "a thisUpdate");
  const next = fields.takeIf(TAG.context0);
  const extensions = readExplicitExtensions(fields.takeIf(TAG.context1));
  fields.end();
  const nextUpdate = next && readGeneralizedTime(unwrap(next, TAG.generalizedTime, "the nextUpdate"), "a nextUpdate");
  return { certId, status, thisUpdate, nextUpdate, extensions };
}
function statusOf(element) {
  const empty = element?.content.length === 0;
  if (element?.tag === GOOD && empty) return "good";
  if (element?.tag === UNKNOWN && empty) return "unknown";
  if (element?.tag !== REVOKED) throw new FormatError("has a status of an unknown kind");
  const fields = new Fields(element, "the RevokedInfo");
  readGeneralizedTime(fields.take(TAG.generalizedTime, "time"), "a revocation time");
  fields.takeIf(TAG.context0);
  fields.end();
  return "revoked";
}
function checkResponder(element) {
  if (element?.tag === TAG.context1) readName(unwrap(element, TAG.sequence, "the responder").bytes);
  else if (element?.tag === TAG.context2) unwrap(element, TAG.octetString, "the responder");
  else throw new FormatError("does not name its responder");
}
function readExplicitExtensions(wrapper) {
  return readExtensionList(wrapper && unwrap(wrapper, TAG.sequence, "the extensions"));
}

// src/signatures/notary/revocation/ocsp.ts
var OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
var MAX_CERTIFICATES = 8;
function readOcspAnswer(bytes, question, now, signingTime) {
  const basic2 = readAs("a usable OCSP response", () => readBasicResponse(bytes));
  checkResponder2(basic2, question.issuer, now);
  refuseCritical(basic2.extensions);
  const single = singleFor(basic2, question);
  checkCurrent(single, now);
  const { extensions, status } = single;
  refuseCritical(extensions);
  if (status !== "revoked") return status;
  const invalid2 = invalidityDate(extensions) ?? invalidityDate(basic2.extensions);
  const before = signingTime !== void 0 && invalid2 !== void 0 && signingTime < invalid2;
  return before ? "good" : "revoked";
}
function checkResponder2(basic2, issuer, now) {
  const { signed, signatureAlgorithm, signature } = basic2;
  const refused2 = algorithmViolation(signatureAlgorithm);
  if (refused2 !== void 0) throw new FormatError(refused2);
  const hasSigned = (one12) => isSignedBy(one12, signed, signatureAlgorithm, signature);
  if (hasSigned(issuer)) return;
  const responder = basic2.certificates.slice(0, MAX_CERTIFICATES).map((der) => readPart("a certificate", () => readCertificate(der))).find(hasSigned);
  if (responder === void 0) {
    throw new FormatError("is not signed by the issuer or by a responder that it authorised");
  }
  const { extendedKeyUsage, keyUsage } = responder.extensions;
  const authorised = hasIssued(issuer, responder) && extendedKeyUsage?.purposes.includes(OCSP_SIGNING) === true && keyUsage?.bits.has(KEY_USAGE.digitalSignature) !== false && now >= responder.notBefore && now <= responder.notAfter;
  if (!authorised) {
    throw new FormatError(`is signed by "${responder.subject}", which the issuer has not authorised`);
  }
  const violation = criticalExtensionViolation(responder) ?? algorithmViolation(responder.signatureAlgorithm);
  if (violation !== void 0) {
    throw new FormatError(`is signed by "${responder.subject}", whose certificate ${violation}`);
  }
}
function singleFor({ responses }, question) {
  const found12 = responses.map(readSingle).find(({ certId }) => isAbout(certId, question));
  if (found12 === void 0) throw new FormatError("is about another certificate");
  return found12;
}

// src/signatures/notary/revocation/http.ts
var MAX_CRL_BYTES = 32 * 1024 * 1024;
var REDIRECTS2 = { limit: 3, protocols: ["http:"] };
var LONGEST_PAUSE2 = 2e3;
function getFrom(url, limits) {
  return ask2(url, { ...limits, redirects: REDIRECTS2 });
}
function postTo(url, { bytes, type }, limits) {
  return ask2(url, { ...limits, body: bytes, headers: { "content-type": type } });
}
async function ask2(url, request3) {
  const target = URL.parse(url);
  if (target?.protocol !== "http:") throw unusable(url, "has no URL of http://");
  try {
    const response = await new HttpClient().send(target, { ...request3, retryAfter: LONGEST_PAUSE2 });
    if (response.status !== 200) throw statusError(response);
    return response.body;
  } catch (cause) {
    if (request3.signal.aborted) throw new VeritySignError("cancelled", "the run was cancelled", { cause });
    if (!(cause instanceof HttpError)) throw cause;
    throw unusable(cause.url.href, cause.message, cause);
  }
}
function unusable(url, what, cause) {
  const shown2 = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return new VeritySignError("environment", `the revocation server ${shown2} ${what}`, { cause });
}

// src/signatures/notary/revocation/servers.ts
var LIMITS = { time: 12e4, keptBytes: 2 * MAX_CRL_BYTES };
var OCSP_ANSWER_LIMIT = 64 * 1024;
var TIMEOUT = 5e3;
var RevocationServers = class {
  /** By URL, the one that was needed last at the end. */
  #lists = /* @__PURE__ */ new Map();
  /** Bytes of each list in `#lists` that has arrived. */
  #sizes = /* @__PURE__ */ new Map();
  #signal;
  #limits;
  /** The sum of `#sizes`. */
  #kept = 0;
  /** Milliseconds that were used before `#since`. */
  #used = 0;
  #since = 0;
  #running = 0;
  constructor(signal, limits = LIMITS) {
    this.#signal = signal;
    this.#limits = limits;
  }
  /** Runs work that asks servers. Its time counts, once where several run at the same time. */
  async during(work) {
    if (this.#running++ === 0) this.#since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.#running === 0) this.#used += performance.now() - this.#since;
    }
  }
  /** @throws VeritySignError 'environment' or 'cancelled' */
  async askResponder(url, question) {
    const body = { bytes: question, type: "application/ocsp-request" };
    return postTo(url, body, this.#request(OCSP_ANSWER_LIMIT));
  }
  /**
   * A revocation list, fetched again if too many others have been since.
   * @throws VeritySignError 'environment' or 'cancelled'
   */
  list(url) {
    const list = this.#lists.get(url) ?? this.#fetch(url);
    this.#lists.delete(url);
    this.#lists.set(url, list);
    return list;
  }
  async #fetch(url) {
    const bytes = await getFrom(url, this.#request(MAX_CRL_BYTES));
    this.#sizes.set(url, bytes.length);
    this.#kept += bytes.length;
    this.#dropOldest();
    return bytes;
  }
  #dropOldest() {
    for (const url of this.#lists.keys()) {
      if (this.#kept <= this.#limits.keptBytes) return;
      const size = this.#sizes.get(url);
      if (size === void 0) continue;
      this.#lists.delete(url);
      this.#sizes.delete(url);
      this.#kept -= size;
    }
  }
  #request(maxBytes) {
    const { time } = this.#limits;
    const used = this.#used + (this.#running === 0 ? 0 : performance.now() - this.#since);
    if (used < time) return { timeout: TIMEOUT, maxBytes, signal: this.#signal };
    throw new VeritySignError(
      "environment",
      `no more revocation servers are asked: those of this image took more than ${time / 1e3} s`
    );
  }
};

// src/signatures/notary/revocation/checker.ts
var MAX_SHOWN = 200;
var RevocationChecker = class {
  #findings = /* @__PURE__ */ new Map();
  #now;
  #servers;
  /** @param now The current time, not that of `at`: servers report the state of today. */
  constructor(now, signal, servers = new RevocationServers(signal)) {
    this.#now = now;
    this.#servers = servers;
  }
  /**
   * @param chain DER: each certificate followed by its issuer; the last one is not asked for.
   * @param signingTime Vouched for by an authority.
   * @throws VeritySignError 'key' for a revoked certificate, 'environment' if that cannot be determined,
   * 'cancelled'
   */
  async requireGood(chain, signingTime) {
    const certificates = chain.map(readCertificate);
    const find = (certificate, index) => this.#find(certificate, certificates[index + 1] ?? certificate, signingTime);
    const findings = await this.#servers.during(() => Promise.all(certificates.slice(0, -1).map(find)));
    const name = (state) => certificates[findings.findIndex((finding) => finding.state === state)]?.subject;
    const revoked = name("revoked");
    if (revoked !== void 0)
      throw new VeritySignError("key", `the certificate "${revoked}" has been revoked`);
    const unknown = findings.find(({ state }) => state === "unknown");
    if (unknown === void 0) return;
    const what = `the revocation status of the certificate "${name("unknown")}" cannot be determined`;
    throw new VeritySignError("environment", `${what}: ${unknown.reason}`, {
      remedy: "Make the server reachable, have the CA correct what the reason names, or let the trust policy override revocation with log or skip"
    });
  }
  #find(certificate, issuer, signingTime) {
    const mayList = issuer.extensions.keyUsage?.bits.has(KEY_USAGE.crlSign) !== false;
    const by = [Buffer.from(issuer.raw.publicKey).toString("base64"), mayList];
    const key = [certificate.fingerprint, ...by, signingTime?.getTime()].join();
    const known = this.#findings.get(key) ?? this.#ask(certificate, issuer, signingTime);
    this.#findings.set(key, known);
    return known;
  }
  async #ask(certificate, issuer, signingTime) {
    try {
      const points = revocationPoints(certificate);
      const answer = await this.#askResponders(points, certificate, issuer, signingTime);
      if (answer !== void 0 && (answer.state !== "unknown" || points.crls.length === 0)) return answer;
      if (points.crls.length === 0) return { state: "good" };
      return { state: await this.#askLists(points, certificate, issuer, signingTime) };
    } catch (error) {
      return { state: "unknown", reason: reasonOf3(error) };
    }
  }
  /** The first valid answer decides; undefined without any responder. */
  async #askResponders({ ocsp }, certificate, issuer, signingTime) {
    let last;
    for (const url of ocsp) {
      try {
        const question = ocspQuestion(certificate, issuer);
        const answer = await this.#servers.askResponder(url, question.bytes);
        const state = about(
          `the OCSP response of ${shown(url)}`,
          () => readOcspAnswer(answer, question, this.#now, signingTime)
        );
        const reason = `the OCSP responder ${shown(url)} does not know the certificate`;
        return state === "unknown" ? { state, reason } : { state };
      } catch (error) {
        last = { state: "unknown", reason: reasonOf3(error) };
      }
    }
    return last;
  }
  /** Each list may cover only some reasons: all must be there, and none may have the certificate. */
  async #askLists({ crls, freshest }, certificate, issuer, signingTime) {
    const reasons = [];
    for (const point of crls) {
      const lists = await this.#listsAt(point, certificate, issuer);
      reasons.push(...lists.map((list) => list.reasons));
      if (freshest && lists.length === 1) {
        throw new FormatError("names a delta CRL (freshestCRL), which is not followed");
      }
      const state = about(`the CRL ${shown(point.url)}`, () => stateIn(lists, certificate, signingTime));
      if (state === "revoked") return "revoked";
    }
    if (!coverAllReasons(reasons)) throw new FormatError("names CRLs that cover only some reasons");
    return "good";
  }
  /** A complete list, and where it names delta CRLs, the first of them that can be used. */
  async #listsAt({ url, names }, certificate, issuer) {
    const scope = { names, ca: certificate.extensions.basicConstraints?.isCa === true };
    const bytes = await this.#servers.list(url);
    const base = about(`the CRL ${shown(url)}`, () => readCrl(bytes, issuer, scope, this.#now));
    let failed;
    for (const deltaUrl of base.deltaUrls) {
      try {
        const delta = await this.#servers.list(deltaUrl);
        const read2 = () => readDelta(delta, issuer, base, this.#now);
        return [base, about(`the delta CRL ${shown(deltaUrl)}`, read2)];
      } catch (error) {
        if (!(error instanceof VeritySignError)) throw error;
        failed = error;
      }
    }
    if (failed !== void 0) throw failed;
    return [base];
  }
};
function about(subject, read2) {
  try {
    return read2();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("environment", `${subject} ${cause.message}`, { cause });
  }
}
function reasonOf3(error) {
  if (error instanceof VeritySignError && error.code !== "cancelled") return error.message;
  if (error instanceof FormatError) return `the certificate ${error.message}`;
  throw error;
}
function shown(url) {
  return JSON.stringify(url.length > MAX_SHOWN ? `${url.slice(0, MAX_SHOWN)}…` : url);
}

// src/commands/verify/layers/revocation.ts
async function checkSetRevocation(set, { enforcement: { revocation: action } }, revocation) {
  if (action === "skip" || set.verdict !== "verified") return set;
  for (const { path, pkcs7 } of set.layers) {
    try {
      if (path.length > 0) await revocation.requireGood(path.map(({ der }) => der));
      else if (pkcs7 !== void 0) requireNoServers(parsePkcs7(pkcs7).certificates);
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code === "cancelled") throw error;
      if (action === "log") {
        const note = `revocation failed, which the trust policy only logs: ${error.message}`;
        return { ...set, notes: [...set.notes, note] };
      }
      const verdict = error.code === "key" ? "not-trusted" : "unchecked";
      const layers = set.layers.map(
        (layer) => layer.path === path ? { ...layer, verdict, reason: error.message } : layer
      );
      return { ...set, verdict, reason: error.message, layers };
    }
  }
  return set;
}

// src/commands/verify/layers/screen-referrers.ts
function screenReferrers(image, trust, known) {
  return {
    wanted: (manifest) => isSound(manifest, image),
    promising: (manifest, index, blob) => {
      const entry = checkStructure(manifest, image)[index];
      if (entry === void 0) return false;
      const blobs = manifest.layers.map((_, at) => at === index ? blob : void 0);
      const { verdict } = evaluateEntry({ manifest, blobs }, index, entry, trust, known);
      return verdict === "verified" || verdict === "unchecked";
    }
  };
}
function isSound(manifest, image) {
  try {
    if (formOf(manifest).format === "notary") readRecord(manifest.annotations);
    checkStructure(manifest, image);
    return true;
  } catch (error) {
    reasonOf(error);
    return false;
  }
}

// src/commands/verify/evaluate-signatures.ts
var READ_SKIPPED = 100;
async function evaluateSignatures(store, { root, manifests, skipped }, trust, options, { log, now, signal }) {
  const revocation = new RevocationChecker(now, signal);
  const reading = { store, trust, revocation, signal };
  const evaluate = (subject) => evaluateManifestSignatures(subject, options, reading);
  const layers = [];
  const notary = [];
  for (const manifest of manifests) {
    const { descriptor } = manifest;
    const [sets, signatures] = [await evaluateLayerSignatures(manifest, reading), await evaluate(descriptor)];
    layers.push(sets);
    notary.push(signatures);
    const count = `dm-verity referrers: ${sets.length}, Notary signatures: ${signatures.length}`;
    log.info(`${descriptor.digest}: ${count}`);
  }
  const isIndex = !manifests.some(({ descriptor }) => descriptor.digest === root.digest);
  const index = isIndex ? await evaluate(root) : void 0;
  const covered = await coveredSkipped(skipped, index, evaluate);
  return { layers, manifests: { manifests: notary, index, coveredSkipped: covered } };
}
async function evaluateLayerSignatures(manifest, { store, trust, revocation, signal }) {
  const { descriptor, layersLeftOut } = manifest;
  if (layersLeftOut !== void 0) return [];
  const known = /* @__PURE__ */ new Map();
  return readLayerReferrers(
    store,
    descriptor,
    (referrer) => checkSetRevocation(evaluateReferrer(referrer, manifest, trust, known), trust, revocation),
    screenReferrers(manifest, trust, known),
    signal
  );
}
async function evaluateManifestSignatures(subject, { manifestSignature }, { store, trust, revocation, signal }) {
  if (manifestSignature === "none") return [];
  return readReferrers(
    store,
    subject,
    NOTARY_ARTIFACT_TYPE,
    (referrer) => evaluateSignature(referrer, subject, trust, revocation),
    // Any other number of envelopes is refused, whatever they contain.
    { wanted: ({ layers }) => layers.length === 1 },
    signal
  );
}
async function coveredSkipped(skipped, index, evaluate) {
  const covered = /* @__PURE__ */ new Set();
  if (index?.some(({ verdict }) => verdict === "verified")) return covered;
  const images = skipped.filter(({ isImage, mayRun, leftOut }) => isImage && !mayRun && leftOut !== true);
  for (const { descriptor } of images.slice(0, READ_SKIPPED)) {
    const signatures = await evaluate(plainDescriptor(descriptor));
    if (signatures.some(({ verdict }) => verdict === "verified")) covered.add(descriptor.digest);
  }
  return covered;
}

// src/commands/verify/layers/choose-recipes.ts
var MAX_RECIPES = PROFILE_NAMES.length * KNOWN_CLASSES.length;
function chooseRecipes(sets, options) {
  const wanted = new Map(sets.map((set) => [set, recipesOf(set, options)]));
  const all12 = /* @__PURE__ */ new Map();
  for (const set of sets.toSorted((a, b) => rank(a, options) - rank(b, options))) {
    for (const recipe of wanted.get(set) ?? []) all12.set(recipeKey(recipe), recipe);
  }
  const built = new Set([...all12.keys()].slice(0, MAX_RECIPES));
  const chosen = /* @__PURE__ */ new Map();
  for (const [set, own] of wanted) {
    const recipes = own.filter((recipe) => built.has(recipeKey(recipe)));
    chosen.set(set, { recipes, tooMany: recipes.length === own.length ? void 0 : all12.size });
  }
  return chosen;
}
function recipesOf({ recorded, profile }, options) {
  const mkfsOptions = recorded.mkfsOptions ?? options.mkfsOptions;
  const recipes = (profile === void 0 ? PROFILE_NAMES : [profile]).map(
    (name) => recipeOf(name, mkfsOptions)
  );
  if (options.builder === "mkfs") return recipes;
  const own = KNOWN_CLASSES.filter((of) => of === recorded.class);
  const classes = options.classes ?? (own.length > 0 ? own : KNOWN_CLASSES);
  return recipes.flatMap((recipe) => ofClasses(recipe, classes));
}
function rank({ recorded, profile }, options) {
  const { mkfsOptions } = recorded;
  if (mkfsOptions === void 0) return options.mkfsOptions === void 0 ? 0 : 1;
  const profiles = profile === void 0 ? PROFILE_NAMES : [profile];
  const isThatOf = (given2) => profiles.some((name) => recipeOf(name, given2).mkfsOptions.join(" ") === mkfsOptions.join(" "));
  if (isThatOf(void 0)) return 0;
  return options.mkfsOptions !== void 0 && isThatOf(options.mkfsOptions) ? 1 : 2;
}

// src/convert/blob/tar-traits.ts
var TarTraitsObserver = class {
  #traits = { xattrs: false, unusualTimes: false };
  #reader = new TarReader(observer({ entry: (entry) => this.#examine(entry) }));
  push(chunk) {
    this.#reader.push(chunk);
  }
  result() {
    return { ...this.#traits };
  }
  #examine(entry) {
    this.#traits.xattrs ||= entry.xattrs[Symbol.iterator]().next().done !== true;
    for (const { seconds, nanoseconds } of [entry.mtime, entry.oldMtime]) {
      if (seconds <= 0 || nanoseconds !== 0) this.#traits.unusualTimes = true;
    }
    return hasData(entry, entry.path);
  }
};

// src/commands/verify/layers/explain-mismatch.ts
var MAX_SEARCHED = 2;
var COMMON_OPTIONS = [
  ["-T0", "--mkfs-time", "--sort=none"],
  ["-T0", "--mkfs-time"],
  ["-T0", "--sort=none"],
  ["-T0"]
];
async function explainDifference(layers, recipes, recorded, rebuilder) {
  const different = layers.filter((layer) => layer.recomputed !== void 0 && layer.verdict === "invalid").sort((a, b) => a.layer.descriptor.size - b.layer.descriptor.size);
  const causes = /* @__PURE__ */ new Map();
  const found12 = [];
  let searched = 0;
  for (const layer of different) {
    const cause = otherLayer(layer, layers) ?? await otherClass(layer.layer, recipes, recorded, rebuilder);
    if (cause !== void 0) causes.set(layer, cause);
    else if (await search(layer, found12, rebuilder) === void 0 && searched < MAX_SEARCHED) {
      const recipe = await search(layer, alternatives(recipes, recorded, rebuilder), rebuilder);
      if (recipe !== void 0) found12.unshift(recipe);
      searched += 1;
    }
  }
  for (const layer of different.filter((one12) => !causes.has(one12))) {
    const recipe = await search(layer, found12, rebuilder);
    const cause = recipe && otherRecipe(recipe, recipes);
    causes.set(layer, cause ?? "the layer's bytes differ from those that were signed");
  }
  return layers.map((layer) => {
    const cause = causes.get(layer);
    return cause === void 0 ? layer : { ...layer, reason: `${layer.reason}: ${cause}` };
  });
}
function otherLayer({ layer, rootHash }, layers) {
  const owner = layers.find(
    (other) => other.recomputed === rootHash && other.layer.descriptor.digest !== layer.descriptor.digest
  );
  return owner && `it is that of layer ${owner.layer.index}`;
}
async function otherClass(layer, recipes, recorded, rebuilder) {
  const here = rebuilder.mkfsClass;
  const there = recorded.class;
  if (layer.format === "erofs") return void 0;
  if (here === void 0 || there === void 0 || there === here) return void 0;
  const classes = `built by erofs-utils class ${there}, this machine has class ${here}`;
  const oneIs = (...of) => of.includes(there) !== of.includes(here);
  const index = recipes.some(({ profile }) => PROFILES[profile].appendsTar);
  if (index && oneIs("1.8.6")) return `${classes}, and every tar index differs`;
  const traits = await traitsOf(layer, rebuilder);
  const has = [
    // C came with another order of attributes, A with attributes of any name, B with another treatment of times.
    ...traits?.xattrs && (oneIs("C") || oneIs("1.8.6")) ? ["extended attributes"] : [],
    ...traits?.unusualTimes && oneIs("1.8.6", "A") ? ["unusual times"] : []
  ];
  if (has.length === 0) return void 0;
  return `${classes}, and the layer has ${has.join(" and ")}`;
}
async function traitsOf(layer, rebuilder) {
  const { signal, options } = rebuilder.converter;
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const observer2 = new TarTraitsObserver();
  try {
    const limits = { maxTarSize: options.maxLayerSize, signal };
    const { tar } = openLayerTar(await rebuilder.blob(layer), expected, limits);
    for await (const chunk of tar) observer2.push(chunk);
    return observer2.result();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VeritySignError)) throw error;
    return void 0;
  }
}
function alternatives(recipes, recorded, { mkfsClass }) {
  const [first] = recipes;
  const listed = [recorded.mkfsOptions ?? first?.mkfsOptions ?? [], ...COMMON_OPTIONS];
  const plain = listed.flatMap((mkfsOptions) => [
    recipeOf("containerd", mkfsOptions),
    recipeOf("containerd-cache", mkfsOptions),
    recipeOf("containerd-tar-index", mkfsOptions),
    recipeOf("tardev", mkfsOptions),
    { ...recipeOf("containerd-tar-index", mkfsOptions), uuidSource: "diffId" }
  ]);
  const classes = KNOWN_CLASSES.toSorted(
    (a, b) => Number(b === recorded.class) - Number(a === recorded.class)
  );
  const all12 = mkfsClass === void 0 ? plain.filter(nativelyKnown).flatMap((recipe) => ofClasses(recipe, classes)) : plain;
  const known = new Set(recipes.map(recipeKey));
  return [...new Map(all12.map((recipe) => [recipeKey(recipe), recipe])).values()].filter(
    (recipe) => !known.has(recipeKey(recipe))
  );
}
async function search({ layer, rootHash }, recipes, rebuilder) {
  const step = 4;
  for (let first = 0; first < recipes.length; first += step) {
    const some = recipes.slice(first, first + step);
    await rebuilder.build(some.map((recipe) => ({ layer, recipe })));
    const match = some.find((recipe) => {
      const result = rebuilder.result(layer, recipe);
      return "rootHash" in result && result.rootHash === rootHash;
    });
    if (match !== void 0) return match;
  }
  return void 0;
}
function otherRecipe(recipe, recipes) {
  const { profile, mkfsOptions, uuidSource, class: of } = recipe;
  const same = recipes.find((one12) => one12.profile === profile && one12.uuidSource === uuidSource);
  const what = [
    ...same === void 0 ? [`profile ${profile}`] : [],
    ...same === void 0 && uuidSource !== recipeOf(profile, mkfsOptions).uuidSource ? ["a UUID from the diffID"] : [],
    ...recipes.some((one12) => one12.mkfsOptions.join(" ") === mkfsOptions.join(" ")) ? [] : [`mkfs options ${mkfsOptions.join(" ")}`],
    ...recipes.some((one12) => one12.class === of) ? [] : [`erofs-utils class ${of}`]
  ];
  return `signed for ${what.join(" with ")}`;
}

// src/commands/verify/layers/rebuilder.ts
var AT_ONCE = 4;
var Rebuilder = class {
  converter;
  info;
  #source;
  #image;
  #conversions;
  #known = /* @__PURE__ */ new Map();
  #disk;
  /**
   * @param info the builder of `converter`
   * @param image name of the image, for reports
   * @param conversions those of earlier images of the run, by the same builder
   */
  constructor(converter, info, source, image, conversions = new ConversionCache()) {
    this.converter = converter;
    this.info = info;
    this.#source = source;
    this.#image = image;
    this.#conversions = conversions;
  }
  /** The class of mkfs.erofs; undefined for the native builder, which has no class of its own. */
  get mkfsClass() {
    return this.info.kind === "mkfs" ? this.info.class : void 0;
  }
  /** Builds the wanted images, layers side by side. A layer that fails does not stop the others. */
  async build(wanted) {
    const jobs = /* @__PURE__ */ new Map();
    for (const { layer, recipe } of wanted) {
      const key = conversionKey(layer, recipe);
      if (this.#known.has(key) || this.#reuse(layer, recipe)) continue;
      const job = jobs.get(layerKey(layer)) ?? { layer, recipes: /* @__PURE__ */ new Map() };
      job.recipes.set(key, recipe);
      jobs.set(layerKey(layer), job);
    }
    const { options, signal, folder, builder } = this.converter;
    if (builder.needsDisk) this.#disk ??= await DiskBudget.of(folder);
    await mapConcurrently(
      [...jobs.values()],
      Math.min(options.concurrency, maxConcurrentLayers(AT_ONCE)),
      signal,
      async ({ layer, recipes }, both) => {
        const all12 = [...recipes.values()];
        for (let first = 0; first < all12.length; first += AT_ONCE) {
          await this.#buildSome(layer, all12.slice(first, first + AT_ONCE), both);
        }
      }
    );
  }
  /** The result for a layer and recipe that were built. */
  result(layer, recipe) {
    const found12 = this.#known.get(conversionKey(layer, recipe));
    if (found12 === void 0) throw new TypeError(`layer ${layer.index} was not built`);
    return found12;
  }
  /** Opens the layer's blob again, to inspect its tar. */
  blob(layer, signal) {
    return this.#source.blob(layer.descriptor, signal);
  }
  /** Takes over the result of an earlier image of the run, if there is one. */
  #reuse(layer, recipe) {
    const found12 = this.#conversions.find(layer, recipe);
    if (found12 === void 0) return false;
    const { verity, sharedFrom } = found12;
    const { rootHash } = verity;
    this.#known.set(conversionKey(layer, recipe), {
      rootHash,
      ...sharedFrom === void 0 ? {} : { sharedFrom }
    });
    return true;
  }
  async #buildSome(layer, recipes, signal) {
    const job = { layer, recipes, open: (own) => this.blob(layer, own) };
    try {
      const disk = this.#disk;
      const converter = { ...this.converter, signal, ...disk === void 0 ? {} : { disk } };
      const [built = []] = await convertLayers([job], converter);
      for (const [position, converted] of built.entries()) {
        const recipe = recipes[position];
        if (recipe === void 0) continue;
        this.#known.set(conversionKey(layer, recipe), { rootHash: converted.verity.rootHash });
        this.#conversions.add(converted, recipe, this.#image);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VeritySignError)) throw error;
      const [only, ...more] = recipes;
      if (only !== void 0 && more.length === 0) this.#known.set(conversionKey(layer, only), { error });
      else for (const recipe of recipes) await this.#buildSome(layer, [recipe], signal);
    }
  }
};

// src/commands/verify/layers/open-rebuilder.ts
async function openRebuilder(source, image, { options: given2, context, folder }) {
  const { log, signal, conversions } = context;
  const needed = hasTars(image);
  const options = needed ? given2 : { ...given2, builder: "native", crossCheck: false };
  const opened = await openBuilder(options, {
    profiles: PROFILE_NAMES,
    classes: [],
    folder,
    signal,
    log
  });
  const info = await opened.info;
  if (needed) conversions?.requireSame(info);
  const converter = { builder: opened.builder, folder, options, log, signal };
  return new Rebuilder(converter, info, source, image.name, conversions);
}

// src/commands/verify/layers/recompute.ts
var MAX_EXPLAINED = 8;
async function recompute(sets, open, options) {
  const verified = sets.flat().filter(({ verdict }) => verdict === "verified");
  const requested = verified.filter((set) => isRequested(set, options));
  const all12 = chooseRecipes(requested, options);
  const doubles = requested.filter((set) => recordedTwin(set, requested) !== void 0);
  const rebuilder = requested.length === 0 ? void 0 : await openOrReport(open);
  const results = /* @__PURE__ */ new Map();
  for (const set of verified) results.set(set, notRequested(set));
  if (rebuilder instanceof VeritySignError) {
    for (const set of requested) results.set(set, notBuilt(set, withRemedy(rebuilder)));
  } else if (rebuilder !== void 0) {
    let explained2 = 0;
    const rebuild = async (some, on) => {
      const chosen = new Map([...all12].filter(([set]) => some.includes(set)));
      await on.build(sets.flatMap((ofManifest) => imagesOf(ofManifest, chosen)));
      for (const [set, recipes] of chosen) {
        const compared = compare(set, recipes, on, options);
        const explains = compared.verdict === "invalid" && explained2++ < MAX_EXPLAINED;
        results.set(set, explains ? await explain(compared, recipes, on) : compared);
      }
    };
    await rebuild(
      requested.filter((set) => !doubles.includes(set)),
      rebuilder
    );
    const open2 = [];
    for (const set of doubles) {
      const twin = recordedTwin(set, requested);
      const result = twin && results.get(twin);
      if (result?.verdict === "verified") results.set(set, asTwin(set, result));
      else open2.push(set);
    }
    if (open2.length > 0) await rebuild(open2, rebuilder);
  }
  const recomputed = sets.map((ofManifest) => ofManifest.map((set) => results.get(set) ?? set));
  const built = sets.flat().some(({ layers }) => layers.some(({ layer }) => layer.format === "tar"));
  return rebuilder === void 0 || rebuilder instanceof VeritySignError || !built ? { sets: recomputed } : { sets: recomputed, builder: rebuilder.info };
}
function recordedTwin(set, others) {
  if (set.profile !== void 0) return void 0;
  return others.find(
    ({ profile, layers }) => profile !== void 0 && layers.length === set.layers.length && layers.every(({ layer, rootHash }, index) => {
      const own = set.layers[index];
      return own?.rootHash === rootHash && layerKey(own.layer) === layerKey(layer);
    })
  );
}
function asTwin(set, twin) {
  const layers = set.layers.map((layer, index) => {
    const { recomputed, sharedFrom } = twin.layers[index] ?? {};
    return { ...layer, recomputed, ...sharedFrom === void 0 ? {} : { sharedFrom } };
  });
  const { profile, classes } = twin;
  return { ...set, step: "recompute", layers, profile, ...classes === void 0 ? {} : { classes } };
}
function imagesOf(sets, chosen) {
  const recipes = new Map(
    sets.flatMap((set) => (chosen.get(set)?.recipes ?? []).map((recipe) => [recipeKey(recipe), recipe]))
  );
  const layers = sets.find((set) => chosen.has(set))?.layers ?? [];
  return layers.flatMap(({ layer }) => [...recipes.values()].map((recipe) => ({ layer, recipe })));
}
function isRequested({ profile }, { strict, profiles }) {
  return strict || profile === void 0 || profiles.includes(profile);
}
async function openOrReport(open) {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VeritySignError && error.code === "environment") return error;
    throw error;
  }
}
function notRequested(set) {
  return { ...set, notes: [...set.notes, "not recomputed: its profile was not requested"] };
}
function notBuilt(set, reason) {
  return { ...set, step: "recompute", verdict: "unchecked", reason };
}
function compare(set, { recipes, tooMany }, rebuilder, options) {
  const outcomes = recipes.map((recipe) => ({
    recipe,
    results: set.layers.map(({ layer }) => rebuilder.result(layer, recipe))
  }));
  const matches2 = ({ results }) => results.filter((result, index) => "rootHash" in result && result.rootHash === set.layers[index]?.rootHash).length;
  const [best] = outcomes.toSorted((a, b) => matches2(b) - matches2(a));
  const complete = best !== void 0 && matches2(best) === set.layers.length;
  if (best === void 0 || !complete && tooMany !== void 0) {
    const limit = `at most ${MAX_RECIPES} are built, those with default options first`;
    return notBuilt(set, `not recomputed: the signatures record ${tooMany} recipes, ${limit}`);
  }
  const layers = set.layers.map((layer, index) => compareLayer(layer, best.results[index]));
  const compared = { ...set, step: "recompute", layers };
  if (complete) {
    const { profile } = best.recipe;
    const equal = outcomes.filter((one12) => one12.recipe.profile === profile && matches2(one12) === layers.length);
    const classes = equal.flatMap(({ recipe }) => recipe.class ?? rebuilder.mkfsClass ?? []);
    return { ...compared, profile, classes };
  }
  const failed = firstReason(layers, "unchecked");
  if (failed !== void 0 && layers.every(({ verdict }) => verdict !== "invalid")) {
    return { ...compared, verdict: "unchecked", reason: failed };
  }
  const reproducible = set.recorded.class === void 0 || isReproducible(set.recorded.class, options, rebuilder);
  if (!reproducible) return irreproducible(compared, set.recorded.class);
  if (matches2(best) > 0) compared.profile = best.recipe.profile;
  return { ...compared, verdict: "invalid", reason: firstReason(layers, "invalid") };
}
async function explain(set, { recipes }, rebuilder) {
  const layers = await explainDifference(set.layers, recipes, set.recorded, rebuilder);
  return { ...set, layers, reason: firstReason(layers, "invalid") };
}
function compareLayer(layer, result) {
  if (result === void 0) throw new TypeError(`layer ${layer.layer.index} was not built`);
  if ("error" in result) {
    const { code, message } = result.error;
    if (code === "image" || code === "usage") return { ...layer, verdict: "invalid", reason: message };
    return { ...layer, verdict: "unchecked", reason: withRemedy(result.error) };
  }
  const { rootHash: recomputed, sharedFrom } = result;
  const built = { ...layer, recomputed, ...sharedFrom === void 0 ? {} : { sharedFrom } };
  if (recomputed === layer.rootHash) return built;
  return { ...built, verdict: "invalid", reason: `the signed root hash is not the layer's` };
}
function isReproducible(of, { builder }, { mkfsClass }) {
  if (isKnownClass(of)) return true;
  return builder === "mkfs" && (of === "unknown" || mkfsClass === "unknown");
}
function irreproducible(set, of) {
  const reason = of === "unknown" ? "signed with a mkfs.erofs of an unknown class, which the native builder cannot reproduce. Set builder to mkfs and erofs-utils-version to any, with that mkfs.erofs" : `made with class ${of} of erofs-utils, which this version of verity-sign does not know; a later release may. Update verity-sign, or set builder to mkfs and erofs-utils-version to any, with mkfs.erofs ${of}`;
  const layers = set.layers.map(
    (layer) => layer.verdict === "invalid" ? { ...layer, verdict: "unchecked", reason } : layer
  );
  return { ...set, layers, verdict: "unchecked", reason };
}
function withRemedy({ message, remedy }) {
  return remedy === void 0 ? message : `${message}. ${remedy}`;
}

// src/commands/verify/notary-report.ts
function manifestVerdict({ verdict, reason, good, byIndex }) {
  return {
    verdict,
    ...reason === void 0 ? {} : { reason },
    ...good === void 0 ? {} : { referrer: good.referrer },
    ...byIndex ? { byIndex } : {}
  };
}
function notaryReport(signature) {
  const { referrer, verdict, reason, authenticTime, notes } = signature;
  return {
    referrer,
    verdict,
    ...reason === void 0 ? {} : { reason },
    ...envelopeReport(signature),
    ...authenticTime === void 0 ? {} : { authenticTime: authenticTime.toISOString() },
    notes
  };
}
function envelopeReport({
  format,
  signer,
  envelope
}) {
  const { signingTime, expiry, agent, target } = envelope ?? {};
  return {
    ...format === void 0 ? {} : { format },
    ...signer === void 0 ? {} : { signer: signerReport(signer) },
    ...signingTime === void 0 ? {} : { signedAt: signingTime.toISOString() },
    ...expiry === void 0 ? {} : { expiry: expiry.toISOString() },
    ...agent === void 0 ? {} : { agent },
    ...target?.annotations === void 0 ? {} : { metadata: target.annotations }
  };
}

// builtin:node:path of verifying
var found10;
var all10 = () => found10 ??= load("node:path");
var one10 = (name) => all10()[name];
var join = /* @__PURE__ */ one10("join");

// builtin:node:fs/promises of verifying
var found11;
var all11 = () => found11 ??= load("node:fs/promises");
var one11 = (name) => all11()[name];
var readdir = /* @__PURE__ */ one11("readdir");

// src/signatures/notary/certificates/store-rules.ts
function storeViolation(der, type) {
  try {
    const { selfSigned, subject, extensions } = readCertificate(der);
    if (selfSigned) return void 0;
    if (type === "tsa") return `"${subject}" is not a root certificate`;
    if (extensions.basicConstraints?.isCa === true) return void 0;
    return `"${subject}" is neither a CA certificate nor self-signed`;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `a certificate cannot be read: it ${error.message}`;
  }
}

// src/commands/verify/trust/trust-stores.ts
var MAX_FILES = 1e3;
var MAX_FILE_SIZE = 1024 * 1024;
function notationFolder() {
  return join(configFolder(), "notation");
}
async function loadTrustStore(type, name) {
  if (!isStoreName(name)) {
    throw new VeritySignError("usage", `${JSON.stringify(name)} is not the name of a trust store`, {
      remedy: `Give the name of a folder in notation's truststore/x509/${type}`
    });
  }
  const folder = join(notationFolder(), "truststore/x509", type, name);
  const found12 = await lstatIfThere(folder, "usage");
  if (found12 !== void 0 && !found12.isDirectory()) {
    throw unfit2(folder, "is not a folder (symbolic links are not followed)", "Replace it by a folder");
  }
  const entries = found12 === void 0 ? [] : await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadable(folder, cause, "usage");
  });
  if (entries.length === 0) {
    const remedy = `Add one with notation cert add --type ${type} --store ${name} FILE`;
    throw unfit2(folder, "contains no certificate", remedy);
  }
  if (entries.length > MAX_FILES)
    throw unfit2(
      folder,
      `contains ${entries.length} files, more than ${MAX_FILES}`,
      "Remove files that are not needed"
    );
  const irregular = entries.find((entry) => !entry.isFile());
  if (irregular !== void 0) {
    const remedy = "Remove it, or put the certificate itself there";
    throw unfit2(folder, `contains ${irregular.name}, which is not a regular file`, remedy);
  }
  const files = entries.map((entry) => join(folder, entry.name)).sort();
  const certificates = (await firstErrorInOrder(files.map(readTrustedCertificates))).flat();
  for (const der of certificates) {
    const violation = storeViolation(der, type);
    if (violation !== void 0)
      throw unfit2(folder, `cannot be used: ${violation}`, "Put the root certificate there");
  }
  return certificates;
}
async function readTrustedCertificates(path) {
  try {
    const bytes = await readGiven(path, MAX_FILE_SIZE);
    if (bytes.length === 0) throw new VeritySignError("usage", "it is empty");
    return loadTrustAnchors(bytes.includes("-----BEGIN") ? bytes : asPem(bytes));
  } catch (error) {
    const { code, message } = error;
    const why = error instanceof VeritySignError ? message : `it cannot be read (${code ?? message})`;
    throw new VeritySignError("usage", `trusted certificate ${path}: ${why}`, {
      remedy: "Give the path of X.509 certificates in PEM",
      cause: error
    });
  }
}
async function readTrustedInput(given2, variables) {
  if (!isPemText(given2) && !given2.startsWith("env://")) return readTrustedCertificates(given2);
  const { content, name } = await readPemInput(given2, "trusted-certificate", variables, "usage");
  try {
    return loadTrustAnchors(content);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError("usage", `${name}: ${error.message}`, {
      remedy: "Give X.509 certificates in PEM",
      cause: error
    });
  }
}
function asPem(der) {
  return `-----BEGIN CERTIFICATE-----
${der.toString("base64")}
-----END CERTIFICATE-----
`;
}
function unfit2(folder, what, remedy) {
  return new VeritySignError("usage", `the trust store ${folder} ${what}`, { remedy });
}

// src/commands/verify/trust/trust-policy-file.ts
var FILES = ["trustpolicy.oci.json", "trustpolicy.json"];
async function readTrustPolicy(given2) {
  const path = given2 === "notation" ? await configured() : given2;
  return {
    path,
    statements: await inFile(path, async () => parseTrustPolicy(await readGiven(path, MAX_POLICY_SIZE)))
  };
}
function statementFor({ path, statements }, scope) {
  try {
    return applicableStatement(statements, scope);
  } catch (error) {
    throw named(path, error);
  }
}
async function configured() {
  const folder = notationFolder();
  for (const name of FILES) {
    const path = join(folder, name);
    const found12 = await lstatIfThere(path, "usage");
    if (found12 === void 0) continue;
    if (found12.isFile()) return path;
    throw new VeritySignError("usage", `trust-policy: ${path} is not a regular file`, {
      remedy: "Replace it by a file, as notation demands too"
    });
  }
  throw new VeritySignError("usage", `trust-policy: notation has none configured in ${folder}`, {
    remedy: "Configure one with notation policy import FILE, or give the path of one"
  });
}
async function inFile(path, work) {
  try {
    return await work();
  } catch (error) {
    throw named(path, error);
  }
}
function named(path, error) {
  if (error instanceof VeritySignError) {
    const remedy = error.remedy === void 0 ? {} : { remedy: error.remedy };
    return new VeritySignError("usage", `trust-policy ${path}: ${error.message}`, {
      ...remedy,
      cause: error
    });
  }
  const { code } = error;
  if (code === void 0) return error;
  return new VeritySignError("usage", `trust-policy ${path}: it cannot be read (${code})`, {
    remedy: "Give the path of notation's trust policy, or notation for the one that is configured",
    cause: error
  });
}

// src/commands/verify/trust/load-trust.ts
async function loadTrust(options, reference, { now, secrets }) {
  const { allowExpired, at = now } = options;
  const identities = options.signerIdentities.map(parseSignerIdentity);
  const common2 = { identities, at, allowExpired };
  if (options.trustPolicy !== void 0)
    return { ...common2, ...await byPolicy(options.trustPolicy, scopeOf(options, reference)) };
  const { trustedCertificates, trustStores } = options;
  if (trustedCertificates.length + trustStores.length === 0) {
    throw new VeritySignError("usage", "no trusted certificates given", {
      remedy: "Give trusted-certificate (PEM files), trust-store (the name of one of notation's stores) or trust-policy"
    });
  }
  const stores = trustStores.map(parseStore2);
  const of = async (type) => (await firstErrorInOrder(stores.filter((store) => store.type === type).map(load2))).flat();
  const files = (await firstErrorInOrder(trustedCertificates.map((given2) => readTrustedInput(given2, secrets)))).flat();
  return {
    ...common2,
    anchors: [...files, ...await of("ca")],
    signingAuthorities: await of("signingAuthority"),
    tsa: stores.some(({ type }) => type === "tsa") ? await of("tsa") : void 0,
    enforcement: WITHOUT_POLICY,
    policy: void 0
  };
}
var load2 = ({ type, name }) => loadTrustStore(type, name);
function parseStore2(text) {
  const [, kind = "ca", name = ""] = /^(?:([^:]*):)?(.*)$/s.exec(text) ?? [];
  const type = ["ca", "signingAuthority", "tsa"].find((one12) => one12 === kind);
  if (type !== void 0) return { type, name };
  throw new VeritySignError("usage", `trust-store: ${JSON.stringify(kind)} is not a kind of trust store`, {
    remedy: "Give NAME, ca:NAME, signingAuthority:NAME or tsa:NAME"
  });
}
async function byPolicy(path, scope) {
  const policy = await readTrustPolicy(path);
  const statement = statementFor(policy, scope);
  const { trustStores, enforcement } = statement;
  const of = async (type) => {
    try {
      const names = new Set(trustStores.filter((store) => store.type === type).map(({ name }) => name));
      return (await firstErrorInOrder([...names].map((name) => loadTrustStore(type, name)))).flat();
    } catch (error) {
      if (error instanceof VeritySignError) return error;
      throw error;
    }
  };
  return {
    anchors: await of("ca"),
    signingAuthorities: await of("signingAuthority"),
    tsa: trustStores.some(({ type }) => type === "tsa") ? await of("tsa") : void 0,
    enforcement,
    policy: { path: policy.path, scope, statement }
  };
}
function scopeOf({ image, trustPolicyScope }, reference) {
  if (reference.kind === "registry") {
    if (trustPolicyScope === void 0) return referenceName(reference);
    throw new VeritySignError(
      "usage",
      `trust-policy-scope has no effect for an image in a registry: ${image}`,
      {
        remedy: "Omit it: the repository is the scope"
      }
    );
  }
  if (trustPolicyScope !== void 0) return trustPolicyScope;
  throw new VeritySignError("usage", `the trust policy needs a scope for ${image}`, {
    remedy: "Give trust-policy-scope, such as local/my-layout, as notation verify --oci-layout --scope"
  });
}

// src/commands/verify/verified-image.ts
function verifiedPlatforms(platforms, { profiles }) {
  return platforms.map(({ manifest, sets }) => {
    const verified = sets.filter(({ verdict }) => verdict === "verified").map(verifiedSet);
    const isRequested2 = ({ profile }) => profile === void 0 || profiles.includes(profile);
    return {
      manifest,
      sets: verified.filter(isRequested2),
      others: verified.filter((set) => !isRequested2(set))
    };
  });
}
function verifiedSet(set) {
  return { ...set, layers: set.layers.map(verifiedLayer) };
}
function verifiedLayer(layer) {
  const { pkcs7 } = layer;
  if (pkcs7 === void 0) throw new TypeError(`the signature of layer ${layer.layer.index} was not read`);
  return { ...layer, pkcs7 };
}

// src/commands/verify/verify-report.ts
var ENFORCEMENT = "Only a kernel enforces signatures: this verdict says who signed what, not that a node requires it.";
var NO_CONFIGURATION = "No manifest signature was verified: entrypoint, user and environment are not covered, nor which layers belong together. Sign with manifest-signature, and require it.";
var NO_LAYERS = "Layer signatures were not checked.";
var SIGNER_ONLY = "Root hashes were not recomputed: the signer is proven, but not that the hashes belong to these layers.";
function verifyReport(checked) {
  const { options, trust, image, builder, oras, index, watch } = checked;
  const covered = options.layers === "none" && index?.notary.verdict === "verified";
  const others = covered ? [] : skippedButRun(image, options.platforms).map(skippedVerdict);
  const missing = options.layers === "all" ? checked.uncovered.map(uncoveredVerdict) : [];
  const platforms = [...checked.platforms.map(platformVerdict), ...others, ...missing];
  const verdict = worstVerdict(
    [...platforms, ...index === void 0 ? [] : [index]].map((one12) => one12.verdict)
  );
  const first = platforms.find((platform) => platform.verdict === verdict);
  const several = platforms.length > 1 || index !== void 0;
  const where = several ? `${first === void 0 ? "index" : first.platform ?? first.manifest.digest}: ` : "";
  const reason = first?.reason ?? index?.reason ?? verdict;
  const { digest, mediaType } = image.root;
  const configurationCovered = platforms.every(
    ({ manifestSignature }) => manifestSignature?.verdict === "verified"
  );
  const { notes, ...facts } = common(options, trust, watch);
  return {
    ...facts,
    verdict,
    ...verdict === "verified" ? {} : { reason: `${where}${reason}` },
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builderReport(builder),
    ...oras === void 0 ? {} : { oras },
    ...index === void 0 ? {} : { index: indexReport(index, image) },
    platforms,
    configurationCovered,
    uncovered: uncoveredReport(checked.uncovered),
    skipped: skippedReport(image),
    notes: [
      ...notes,
      ...verdict === "verified" && !configurationCovered ? [NO_CONFIGURATION] : [],
      ...plainErofsNotes(checked)
    ]
  };
}
function plainErofsNotes({ platforms, options }) {
  if (options.layers === "none") return [];
  return platforms.flatMap(({ manifest }) => {
    const text = plainErofsText(manifest);
    return text === void 0 ? [] : [`${manifest.descriptor.digest}: ${text}.`];
  });
}
function skippedImageReport(options, trust, watch) {
  const { name = "", registryScopes = [] } = trust.policy?.statement ?? {};
  const whose = registryScopes.includes("*") ? "all images" : `images of ${trust.policy?.scope}`;
  const reason = `statement "${name}" of the trust policy says not to verify ${whose} (skip)`;
  const required = options.manifestSignature === "required";
  return {
    ...common(options, trust, watch),
    verdict: required ? "unchecked" : "skipped",
    reason: required ? `a manifest signature is required, but ${reason}` : reason,
    image: { reference: options.image },
    platforms: [],
    configurationCovered: false,
    uncovered: [],
    skipped: [],
    notes: ["Nothing was verified: no signature was checked."]
  };
}
function uncheckedReport(options, trust, error, watch) {
  return {
    ...common(options, trust, watch),
    verdict: error.code === "image" ? "invalid" : "unchecked",
    reason: error.toLine(),
    image: { reference: options.image },
    platforms: [],
    configurationCovered: false,
    uncovered: [],
    skipped: []
  };
}
function common(options, trust, watch) {
  return {
    ...REPORT_HEAD,
    recompute: options.recompute,
    strict: options.strict,
    validAt: trust.at.toISOString(),
    ...policyReport(trust),
    notes: notesFor(options, trust),
    seconds: {
      total: watch.total(),
      resolve: watch.of("resolve"),
      fetch: watch.of("fetch"),
      convert: watch.of("convert")
    }
  };
}
function policyReport({ policy, enforcement }) {
  if (policy === void 0) return {};
  const { path, scope, statement } = policy;
  const { name, level: level2 } = statement;
  return { trustPolicy: { path, statement: name, scope, level: level2, enforcement: { ...enforcement } } };
}
function notesFor({ layers, recompute: recompute2 }, { policy, enforcement }) {
  const lenient = Object.entries(enforcement).filter(([, action]) => action !== "enforce").map(([validation, action]) => `${validation} (${action})`);
  return [
    ...policy !== void 0 && lenient.length > 0 ? [`The trust policy does not enforce everything: ${lenient.join(", ")}.`] : [],
    ...layers === "none" ? [NO_LAYERS] : recompute2 ? [ENFORCEMENT] : [SIGNER_ONLY, ENFORCEMENT]
  ];
}
function indexReport(index, { root }) {
  return {
    manifest: manifestReport(root),
    ...outcome(index),
    manifestSignature: manifestVerdict(index.notary),
    manifestSignatures: index.signatures.map(notaryReport)
  };
}
function platformVerdict(checked) {
  const { manifest, sets, layers, notary, signatures } = checked;
  const profiles = layers?.profiles ?? [];
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    ...outcome(checked),
    profiles: profiles.map((one12) => ({
      profile: one12.profile,
      ...outcome(one12),
      ...one12.good === void 0 ? {} : { referrer: one12.good.referrer }
    })),
    signatures: sets.map((set) => setReport(set, profiles)),
    skippedLayers: skippedLayersReport(manifest),
    ...manifest.layersLeftOut === void 0 ? {} : { layersLeftOut: manifest.layersLeftOut },
    ...notary === void 0 ? {} : { manifestSignature: manifestVerdict(notary) },
    manifestSignatures: signatures.map(notaryReport)
  };
}
function skippedVerdict({ descriptor, reason }) {
  const why = `a node may run ${descriptor.digest}, but its layers cannot be signed: ${reason}`;
  return verdictOn(descriptor, "invalid", why);
}
function uncoveredVerdict({ descriptor, reason }) {
  const why = `layers is all, but no signature covers ${descriptor.digest}: ${reason}`;
  return verdictOn(descriptor, "not-signed", why);
}
function verdictOn(descriptor, verdict, reason) {
  return {
    ...platformReport(descriptor.platform),
    manifest: manifestReport(descriptor),
    verdict,
    reason,
    profiles: [],
    signatures: [],
    skippedLayers: [],
    manifestSignatures: []
  };
}
function setReport(set, profiles) {
  const { recorded, profile } = set;
  const signers = new Map(set.layers.map(({ signer }) => [signer?.fingerprint, signer]));
  const counted = profiles.filter(({ good }) => good === set).map((one12) => one12.profile);
  const erofsUtils = {
    ...recorded.version === void 0 ? {} : { version: recorded.version },
    ...recorded.class === void 0 ? {} : { class: recorded.class }
  };
  const notes = [
    ...set.notes,
    ...recorded.profile === void 0 && set.verdict === "verified" ? [
      profile === void 0 ? `records no profile, counted for ${counted.join(", ") || "none"}` : `records no profile, its root hashes are those of ${profile}`
    ] : []
  ];
  return {
    referrer: set.referrer,
    ...outcome(set),
    ...profile === void 0 ? {} : { profile },
    ...set.format === "tardev" ? { artifactFormat: set.format } : {},
    ...recorded.mkfsOptions === void 0 ? {} : { mkfsOptions: recorded.mkfsOptions.join(" ") },
    ...Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils },
    signers: [...signers.values()].flatMap((leaf) => leaf === void 0 ? [] : [signerReport(leaf)]),
    layers: set.layers.map(layerReport),
    notes
  };
}
function layerReport(layer) {
  return {
    index: layer.layer.index,
    digest: layer.layer.descriptor.digest,
    ...outcome(layer),
    rootHash: layer.rootHash,
    signatureDigest: layer.signatureDigest,
    ...layer.recomputed === void 0 ? {} : { recomputedRootHash: layer.recomputed },
    ...layer.sharedFrom === void 0 ? {} : { sharedFrom: layer.sharedFrom }
  };
}
function outcome({ verdict, reason }) {
  return reason === void 0 ? { verdict } : { verdict, reason };
}

// src/commands/verify/verify-image.ts
async function verifyImage(options, context, use) {
  const watch = new Stopwatch();
  checkDemands(options);
  recipesFor(options);
  const reference = parseImage(options.image);
  requireReferrers(reference, IN_REGISTRY);
  const trust = await loadTrust(options, reference, context);
  if (trust.policy?.statement.level === "skip") {
    const report = skippedImageReport(options, trust, watch);
    context.log.warn(`${options.image}: ${report.reason}`);
    return report;
  }
  let using = false;
  const used = use && ((verified) => {
    using = true;
    return use(verified);
  });
  try {
    return await inContext(
      { image: options.image },
      () => withTempFolder(
        options.tempDir,
        (folder) => verifyIn({ options, context, folder, watch }, reference, trust, used)
      )
    );
  } catch (error) {
    if (using || !(error instanceof VeritySignError)) throw error;
    if (error.code === "usage" || context.signal.aborted) throw error;
    return uncheckedReport(options, trust, error, watch);
  }
}
async function verifyIn(run, reference, trust, use) {
  const { options, context, folder, watch } = run;
  const { log } = context;
  const opened = await openImage(reference, folder, options, context);
  const image = await watch.time(
    "resolve",
    () => log.group(
      `Resolve ${options.image}`,
      () => resolveImage(opened.source, { ...options, layers: resolvedLayers(options.layers) })
    )
  );
  const found12 = await watch.time(
    "fetch",
    () => log.group(
      "Read and check signatures",
      (own) => evaluateSignatures(opened.store, image, trust, options, { ...context, log: own })
    )
  );
  const { sets, builder } = options.recompute ? await watch.time(
    "convert",
    () => recompute(found12.layers, () => openRebuilder(opened.source, image, run), options)
  ) : { sets: found12.layers };
  const evaluated = evaluateImage(image, sets, found12.manifests, options, trust.policy !== void 0);
  const report = verifyReport({ options, trust, image, builder, oras: opened.oras, ...evaluated, watch });
  if (report.verdict === "verified") {
    warnOfUncovered(image, evaluated.uncovered, log);
    await use?.({ report, opened, image, platforms: verifiedPlatforms(evaluated.platforms, options), run });
  }
  return report;
}

export {
  readReferrers,
  readLayerReferrers,
  evaluateReferrer,
  proxyFor,
  agentProxy,
  Deadline,
  readBody,
  DIRECT,
  openTunnel,
  isTransientStatus,
  retryAfter,
  HttpClient,
  statusError,
  withRetries,
  readBer,
  requestTimestamp,
  verifyTimestamp,
  evaluateSignature,
  signerOf,
  RevocationChecker,
  screenReferrers,
  envelopeReport,
  readTrustedInput,
  verifyImage
};
