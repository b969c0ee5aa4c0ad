import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  algorithmOfKey,
  issuerPurposesViolation,
  leafUsageViolation,
  namesViolation,
  orderViolation,
  pathViolation,
  refuse,
  signatureScheme,
  verifies
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  readBer
} from "./shared.signatures.x509.asn1.ber.js";
import {
  withRetries
} from "./shared.lib.retry.js";
import {
  encode,
  encodeInteger,
  encodeOid
} from "./shared.signatures.x509.asn1.encode.js";
import {
  PURPOSE
} from "./shared.signatures.x509.purposes.js";
import {
  certificateName,
  pathsToAnchors,
  readCertificate,
  readGeneralizedTime
} from "./shared.signatures.x509.chain.js";
import {
  DIGEST_OIDS,
  Fields,
  OID,
  TAG,
  bigIntegerOf,
  childrenOf,
  digestOfOid,
  fieldsOf,
  oidOf,
  readAlgorithm,
  readDer,
  readExtensionList,
  sameBytes,
  smallIntegerOf,
  smallNumber,
  unwrap
} from "./shared.signatures.x509.algorithms.js";
import {
  HttpClient,
  statusError
} from "./shared.lib.http.client.js";
import {
  HttpError
} from "./shared.lib.http.errors.js";
import {
  FormatError,
  readPart
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/notary/timestamp/timestamp.ts
import { createHash as createHash2, randomBytes } from "node:crypto";

// src/signatures/notary/certificates/timestamp-chain.ts
var AUTHORITY_REMEDY = "Use another timestamping authority";
var MAX_LENGTH = 8;
function chainToRoot(leaf, others, roots) {
  const [chain] = pathsToAnchors(leaf, others, roots, { maxLength: MAX_LENGTH });
  return chain;
}
function timestampingViolation(chain, at) {
  const [leaf] = chain;
  const path = orderViolation(chain) ?? pathViolation(chain, at);
  const issuers = issuerPurposesViolation(chain, "timeStamping") ?? namesViolation(chain);
  return (leaf && authorityViolation(leaf)) ?? path ?? (issuers && { what: issuers.what, remedy: AUTHORITY_REMEDY });
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

// src/signatures/notary/timestamp/http.ts
var MAX_REPLY_BYTES = 1024 * 1024;
var ATTEMPTS = 3;
var LONGEST_PAUSE = 1e4;
var REPLY_TYPE = "application/timestamp-reply";
var REMEDY = "Check the URL of the timestamping authority, and try again later";
async function postQuery(query, options) {
  const { signal } = options;
  const url = parseUrl(options.url);
  try {
    return await withRetries(() => post(url, query, options), retryOf, signal, ATTEMPTS);
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

// src/signatures/notary/timestamp/query.ts
import { createHash } from "node:crypto";

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
  checkExtensions(extensions);
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
function checkExtensions(list) {
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
  const found = list === void 0 ? [] : childrenOf(list);
  if (found.length === 0) throw new FormatError("has no certificate");
  if (found.length > MAX_TOKEN_CERTIFICATES) {
    throw new FormatError(`has more than ${MAX_TOKEN_CERTIFICATES} certificates`);
  }
  return found.map(({ bytes }) => Uint8Array.from(bytes));
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
    const authority2 = certificates.find((one) => isSigner(one, parsed2));
    if (authority2 === void 0) throw new FormatError("lacks the certificate of its signer");
    checkSignature(parsed2, authority2.key);
    return { parsed: parsed2, authority: authority2, others: certificates };
  });
  const chain = chainToRoot(authority, others, roots.map(readRoot));
  if (chain === void 0) {
    throw new VeritySignError(
      "key",
      `the timestamping certificate "${authority.subject}" does not lead to a trusted root`,
      { remedy: "Give the root certificate of the timestamping authority" }
    );
  }
  refuse(timestampingViolation(chain, parsed.info.time));
  const { time, accuracyMs } = parsed.info;
  return { time, accuracyMs, chain: chain.map(({ der }) => der) };
}
function checkImprint({ imprint }, signature) {
  const expected = createHash2(imprint.digest).update(signature).digest();
  if (!expected.equals(imprint.value)) throw new FormatError("belongs to another signature");
}
function isSigner({ der, raw }, { signer }) {
  const { digest, value } = signer.certificate;
  return sameBytes(raw.issuer, signer.issuer) && sameBytes(raw.serial, signer.serial) && createHash2(digest).update(der).digest().equals(value);
}
function checkSignature({ content, signer }, key) {
  if (!createHash2(signer.digest).update(content).digest().equals(signer.contentDigest)) {
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
function readable(read) {
  return rethrow(read, "image", "the timestamp of the Notary signature", "Sign the image again");
}
function answered(read) {
  return rethrow(
    read,
    "environment",
    "the timestamping authority's reply",
    "Use another timestamping authority"
  );
}
function rethrow(read, code, subject, remedy) {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError(code, `${subject} ${cause.message}`, { remedy, cause });
  }
}

export {
  requestTimestamp,
  verifyTimestamp
};
