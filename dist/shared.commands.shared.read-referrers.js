import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  hasIdentity
} from "./shared.signatures.x509.identity.js";
import {
  parsePkcs7
} from "./shared.commands.shared.check-manifest.js";
import {
  ARTIFACT_FORMS,
  eachReferrer
} from "./shared.oci.attach.artifact-format.js";
import {
  algorithmViolation,
  criticalExtensionViolation,
  hasIssuedForKernel,
  issuerViolation,
  leafViolation,
  pathBelow,
  verifySignature
} from "./shared.signatures.pkcs7.signing-chain.js";
import {
  nameConstraintViolation,
  readName
} from "./shared.signatures.x509.constraints.check-path.js";
import {
  issuerPurposeViolation,
  signerPurposeViolation
} from "./shared.signatures.x509.purposes.js";
import {
  certificateName,
  pathsToAnchors,
  readCertificate,
  validityViolation
} from "./shared.signatures.x509.chain.js";
import {
  ARTIFACT_FORMATS
} from "./shared.model.artifact-formats.js";
import {
  isNotFound
} from "./shared.oci.attach.batches.js";
import {
  readCertificateBundle
} from "./shared.signatures.x509.bundle.js";
import {
  parseStrictJson
} from "./shared.formats.digest.js";
import {
  array,
  looseObject,
  record,
  string
} from "./shared.zod.v4.core.schemas.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/shared/read-referrers.ts
async function readReferrers(store, subject, artifactType, look, screen, signal) {
  const results = [];
  for await (const [position, referrer] of eachReferrer(store, subject, artifactType, screen, signal)) {
    results.push([position, await look(referrer)]);
  }
  return results.sort(([a], [b]) => a - b).map(([, result]) => result);
}
async function readLayerReferrers(store, subject, look, screen, signal) {
  const found = [];
  for (const format of ARTIFACT_FORMATS) {
    const { artifactType } = ARTIFACT_FORMS[format];
    found.push(...await readReferrers(store, subject, artifactType, look, screen, signal));
  }
  return found;
}
function isBroken(error) {
  return error.code === "image" || isNotFound(error);
}

// src/signatures/notary/trust-policy/policy-scope.ts
var DOMAIN_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
var DOMAIN = new RegExp(`^${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*(?::[0-9]+)?$`);
var COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
var REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
var MAX_LENGTH = 1024;
function checkScope(scope, error) {
  const shown = JSON.stringify(scope.slice(0, 200));
  if (scope.length > 1 && scope.includes("*")) throw error(`the registry scope ${shown} has a wildcard`);
  const slash = scope.indexOf("/");
  const [domain, repository] = [scope.slice(0, Math.max(slash, 0)), scope.slice(slash + 1)];
  if (scope.length > MAX_LENGTH || slash === -1 || !DOMAIN.test(domain) || !REPOSITORY.test(repository)) {
    throw error(`the registry scope ${shown} is not REGISTRY/REPOSITORY`);
  }
}
function applicableStatement(statements, scope) {
  checkScope(scope, (what) => noStatement(what, "Give a scope such as local/my-layout"));
  const found = statements.find(({ registryScopes }) => registryScopes.includes(scope)) ?? statements.find(({ registryScopes }) => registryScopes.includes("*"));
  if (found !== void 0) return found;
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
  let joined = false;
  const end = (at, plus) => {
    if (type === "") throw refused(text, "has an attribute without a name");
    attributes.push({ type, value: unescaped(text.slice(start, at), text), more: joined || plus });
    type = "";
    joined = plus;
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
  for (const identity of identities.filter((one) => one !== "*")) {
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
var MAX_SIZE = 4 * 1024 * 1024;
function parseTrustPolicy(bytes) {
  const { version, trustPolicies } = parseDocument(bytes);
  if (!version) throw wrong("it has no version");
  if (version !== "1.0") throw wrong(`its version ${quote(version)} is not supported`);
  if (trustPolicies.length === 0) throw wrong("it has no statement");
  const statements = [];
  const names = /* @__PURE__ */ new Set();
  for (const raw of trustPolicies) {
    const statement = checkStatement(raw);
    if (names.has(statement.name)) throw wrong(`two statements have the name ${quote(statement.name)}`);
    names.add(statement.name);
    statements.push(statement);
  }
  checkScopes(statements);
  return statements;
}
function parseDocument(bytes) {
  if (bytes.length > MAX_SIZE) throw wrong(`it has ${bytes.length} bytes, the limit is ${MAX_SIZE}`);
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
  const broken = (what) => wrong(`statement ${quote(name)} ${what}`);
  const { levelName, enforcement } = levelOf(signatureVerification ?? {}, broken);
  const verifyTimestamp = signatureVerification?.verifyTimestamp || "always";
  if (verifyTimestamp !== "always" && verifyTimestamp !== "afterCertExpiry") {
    throw broken(`has the verifyTimestamp ${quote(verifyTimestamp)}, not always or afterCertExpiry`);
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
    verifyTimestamp,
    trustStores: stores,
    trustedIdentities
  };
}
function levelOf({ level: text, override }, broken) {
  const levelName = ["strict", "permissive", "audit", "skip"].find((one) => one === text);
  if (!text) throw broken("has no signatureVerification level");
  if (levelName === void 0) throw broken(`has the unknown level ${quote(text)}`);
  const overrides = Object.entries(override ?? {});
  if (overrides.length > 0 && levelName === "skip") throw broken("overrides the level skip");
  const enforcement = { ...LEVELS[levelName] };
  for (const [key, value] of overrides) {
    const validation = VALIDATIONS.find((one) => one === key);
    const action = ["enforce", "log", "skip"].find((one) => one === value);
    if (validation === void 0) throw broken(`overrides ${quote(key)}, which is not a validation`);
    if (action === void 0) throw broken(`overrides ${key} with ${quote(value)}, not enforce, log or skip`);
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
  if (colon === -1) throw broken(`has the trust store ${quote(text)}, not TYPE:NAME`);
  const [kind, name] = [text.slice(0, colon), text.slice(colon + 1)];
  const type = ["ca", "signingAuthority", "tsa"].find((one) => one === kind);
  if (type === void 0) throw broken(`has a trust store of the unknown type ${quote(kind)}`);
  if (!isStoreName(name)) throw broken(`has a trust store with the invalid name ${quote(name)}`);
  return { type, name };
}
function isStoreName(name) {
  return /^[a-zA-Z0-9_.-]+$/.test(name) && !/^\.+$/.test(name);
}
function checkScopes(statements) {
  const seen = /* @__PURE__ */ new Set();
  for (const { name, registryScopes } of statements) {
    if (registryScopes.length === 0) throw wrong(`statement ${quote(name)} has no registry scope`);
    if (registryScopes.length > 1 && registryScopes.includes("*")) {
      throw wrong(`statement ${quote(name)} combines * with other registry scopes`);
    }
    for (const scope of registryScopes) {
      if (scope !== "*") checkScope(scope, (what) => wrong(`statement ${quote(name)}: ${what}`));
      if (seen.has(scope)) throw wrong(`the registry scope ${quote(scope)} occurs twice`);
      seen.add(scope);
    }
  }
}
function quote(text) {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
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
  const paths = signer === void 0 ? [] : pathsToAnchors(signer, others, anchors, { issued: hasIssuedForKernel });
  let firstReason;
  for (const path of paths) {
    const reason = pathViolation(path, at, options.allowExpired === true);
    if (reason === void 0) return path;
    firstReason ??= reason;
  }
  const name = signer === void 0 ? "the signature has no certificate" : `the signer's ${certificateName(signer)}`;
  throw new VeritySignError(
    "key",
    firstReason === void 0 ? `${name} does not lead to any trusted certificate` : `${name} is not trusted: ${firstReason}`,
    {
      remedy: "Give the certificate of the CA that the signer must come from, or sign with a certificate of that CA"
    }
  );
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
function pathViolation(path, at, allowExpired) {
  for (const [index, certificate] of path.entries()) {
    const expired = certificate.notAfter < at;
    const reason = (expired && allowExpired ? void 0 : validityViolation(certificate, at)) ?? algorithmViolation(certificate) ?? (index === 0 ? leafViolation(certificate) ?? signerPurposeViolation(certificate) : issuerViolation(certificate, pathBelow(path.slice(1, index))) ?? issuerPurposeViolation(certificate)) ?? criticalExtensionViolation(certificate);
    if (reason !== void 0) return `the ${certificateName(certificate)} ${reason}`;
  }
  const name = nameConstraintViolation(path);
  return name && `the ${certificateName(name.certificate)} ${name.reason}`;
}

// src/commands/verify/layers/evaluate-pkcs7.ts
var NOT_READ = "not read, because another signature of this referrer was rejected";
function evaluatePkcs7({ signatureDigest, rootHash }, pkcs7, trust, known) {
  if (pkcs7 === void 0) {
    return { signer: void 0, path: [], verdict: "unchecked", reason: NOT_READ, notes: [] };
  }
  const key = `${signatureDigest} ${rootHash}`;
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

export {
  readReferrers,
  readLayerReferrers,
  isBroken,
  applicableStatement,
  requireTrustedIdentity,
  WITHOUT_POLICY,
  parseTrustPolicy,
  isStoreName,
  loadTrustAnchors,
  evaluatePkcs7,
  requireIdentity,
  reasonOf
};
