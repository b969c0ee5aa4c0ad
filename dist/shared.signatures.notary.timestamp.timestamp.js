import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  RSASSA_PSS,
  algorithmOfKey,
  hasIssued,
  issuerViolation,
  leafUsageViolation,
  orderViolation,
  readNotaryCertificate,
  refuse,
  signatureViolation,
  validityViolation
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  AlgorithmIdentifier,
  ContentInfo,
  GeneralizedTime,
  Integer,
  IssuerAndSerialNumber,
  MessageImprint,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
  SignedData,
  TSTInfo,
  TimeStampReq,
  TimeStampResp,
  fromBER
} from "./shared.pkijs.build.index.js";
import {
  FormatError,
  decoding
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/notary/timestamp/timestamp.ts
import { constants, createHash, randomBytes, verify } from "node:crypto";

// src/signatures/notary/certificates/timestamp-chain.ts
var TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
var MAX_LENGTH = 8;
var MAX_TRIES = 200;
function chainToRoot(leaf, others, roots) {
  let tries = 0;
  const issued = (issuer, subject) => Buffer.from(issuer.subject).equals(subject.issuer) && tries++ < MAX_TRIES && hasIssued(issuer, subject);
  const extend = (last, path) => {
    if (roots.some((root2) => same(root2, last))) return path;
    const root = roots.find((one) => issued(one, last));
    if (root !== void 0) return [...path, root];
    if (path.length >= MAX_LENGTH) return void 0;
    for (const issuer of others) {
      if (path.some((one) => same(one, issuer)) || !issued(issuer, last)) continue;
      const found = extend(issuer, [...path, issuer]);
      if (found !== void 0) return found;
    }
    return void 0;
  };
  return extend(leaf, [leaf]);
}
function timestampingViolation(chain, at) {
  const [leaf, ...issuers] = chain;
  return (leaf && authorityViolation(leaf)) ?? orderViolation(chain) ?? issuers.map((issuer, below) => issuerViolation(issuer, below)).find((violation) => violation !== void 0) ?? chain.map(signatureViolation).find((violation) => violation !== void 0) ?? chain.map((one) => validityViolation(one, at)).find((violation) => violation !== void 0);
}
function authorityViolation(leaf) {
  const name = `the timestamping certificate "${leaf.name}"`;
  const remedy = "Use another timestamping authority";
  const { extendedKeyUsage } = leaf;
  const only = extendedKeyUsage?.purposes.length === 1 && extendedKeyUsage.purposes[0] === TIME_STAMPING;
  if (!only || !extendedKeyUsage.critical) {
    return { what: `${name} is not for timeStamping alone (critical extendedKeyUsage)`, remedy };
  }
  if (algorithmOfKey(leaf.key) === void 0) {
    return { what: `${name} has a key that Notary does not accept`, remedy };
  }
  const usage = leafUsageViolation(leaf, name);
  return usage && { what: usage.what, remedy };
}
function same(one, other) {
  return Buffer.from(one.der).equals(other.der);
}

// src/signatures/notary/timestamp/http.ts
import { setTimeout as sleep } from "node:timers/promises";
var MAX_REPLY_BYTES = 1024 * 1024;
var ATTEMPTS = 3;
var FIRST_PAUSE_MS = 500;
var LONGEST_PAUSE_MS = 1e4;
var REPLY_TYPE = "application/timestamp-reply";
var REMEDY = "Check the URL of the timestamping authority, and try again later";
var Passing = class extends Error {
  pause;
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.pause = options.pause;
  }
};
async function postQuery(query, options) {
  const url = parseUrl(options.url);
  const name = `the timestamping authority ${url.origin}${url.pathname}`;
  for (let attempt = 1; ; attempt++) {
    try {
      return await post(url, query, options);
    } catch (cause) {
      if (options.signal.aborted) throw new VeritySignError("cancelled", "the run was cancelled", { cause });
      if (!(cause instanceof Passing)) throw cause;
      if (attempt === ATTEMPTS) {
        throw new VeritySignError("environment", `${name} ${cause.message}`, { remedy: REMEDY, cause });
      }
      const pause = cause.pause ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
      await sleep(Math.min(pause, LONGEST_PAUSE_MS), void 0, { signal: options.signal }).catch(() => {
      });
    }
  }
  async function post(target, body, { signal, timeout }) {
    const deadline = AbortSignal.timeout(timeout);
    const refused = (what) => new VeritySignError("environment", `${name} ${what}`, { remedy: REMEDY });
    let response;
    try {
      response = await fetch(target, {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": "application/timestamp-query", accept: REPLY_TYPE },
        body: Buffer.from(body),
        signal: AbortSignal.any([signal, deadline])
      });
    } catch (cause) {
      throw new Passing(deadline.aborted ? `did not answer in ${timeout} ms` : "cannot be reached", {
        cause
      });
    }
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      throw new Passing(`answered with status ${response.status}`, { pause: retryAfter(response) });
    }
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw refused("points to another address, which is not asked");
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refused(`answered with status ${response.status}`);
    }
    const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (type !== REPLY_TYPE) {
      await response.body?.cancel();
      throw refused("did not answer with a timestamp reply");
    }
    const reply = await readLimited(response).catch((cause) => {
      throw new Passing(deadline.aborted ? `did not answer in ${timeout} ms` : "broke off its reply", {
        cause
      });
    });
    if (reply === void 0) throw refused("sent a reply of more than 1 MiB");
    return reply;
  }
}
async function readLimited(response) {
  const chunks = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_REPLY_BYTES) return void 0;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
function retryAfter(response) {
  const seconds = response.headers.get("retry-after");
  return seconds !== null && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1e3 : void 0;
}
function parseUrl(text) {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "")
    return url;
  throw new VeritySignError("usage", "the URL of the timestamping authority is not usable", {
    remedy: "Give a URL that begins with http:// or https:// and holds no user name or password"
  });
}

// src/signatures/notary/timestamp/token.ts
var MAX_BYTES = 256 * 1024;
var MAX_TOKEN_CERTIFICATES = 10;
var BER_LIMITS = { maxDepth: 40, maxNodes: 4e3, maxContentLength: MAX_BYTES };
var TST_INFO = "1.2.840.113549.1.9.16.1.4";
var CONTENT_TYPE = "1.2.840.113549.1.9.3";
var MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
var SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
var BASELINE_POLICY = "0.4.0.2023.1.1";
var DIGESTS = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512"
};
function readToken(der) {
  if (der.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
  return decoding("cannot be read", () => {
    const contentInfo = new ContentInfo({ schema: oneElement(der) });
    if (contentInfo.contentType !== ContentInfo.SIGNED_DATA) throw new FormatError("is not CMS SignedData");
    const signedData = new SignedData({ schema: contentInfo.content });
    const { eContentType, eContent } = signedData.encapContentInfo;
    if (signedData.version !== 3 || eContentType !== TST_INFO || eContent === void 0) {
      throw new FormatError("is not a timestamp (SignedData version 3 with a TSTInfo)");
    }
    const [signer, ...others] = signedData.signerInfos;
    if (signer === void 0 || others.length > 0) throw new FormatError("does not have exactly one signer");
    const content = new Uint8Array(eContent.getValue());
    return {
      content,
      info: readInfo(content),
      certificates: certificatesOf(contentInfo.content),
      signer: readSigner(signer)
    };
  });
}
function oneElement(bytes) {
  const { result, offset } = fromBER(Uint8Array.from(bytes), BER_LIMITS);
  if (offset !== bytes.length) throw new FormatError("is not one ASN.1 value");
  return result;
}
function readInfo(content) {
  const element = oneElement(content);
  const info = new TSTInfo({ schema: element });
  if (info.version !== 1) throw new FormatError("is of another version than 1");
  if (info.extensions?.some((extension) => extension.critical) === true) {
    throw new FormatError("has a critical extension that is not understood");
  }
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  return {
    imprint: {
      digest: digestOf(hashAlgorithm.algorithmId, "its imprint"),
      value: hashedMessage.valueBlock.valueHexView
    },
    time: timeOf(element, info),
    accuracyMs: accuracyOf(info),
    nonce: info.nonce?.toBigInt()
  };
}
function timeOf(element, { genTime }) {
  const fields = element instanceof Sequence ? element.valueBlock.value : [];
  const field = fields.find((one) => one instanceof GeneralizedTime);
  const text = Buffer.from(field?.valueBlock.valueHexView ?? []).toString("latin1");
  if (!/^\d{14}(\.\d{1,9})?Z$/.test(text) || Number.isNaN(genTime.getTime())) {
    throw new FormatError("has a time that is not in UTC");
  }
  if (genTime.toISOString().slice(0, 19).replaceAll(/\D/g, "") !== text.slice(0, 14)) {
    throw new FormatError("has a time that is not one of the calendar");
  }
  return genTime;
}
function accuracyOf({ accuracy, policy }) {
  const ms = (accuracy?.seconds ?? 0) * 1e3 + (accuracy?.millis ?? 0) + (accuracy?.micros ?? 0) / 1e3;
  if (!Number.isFinite(ms) || ms < 0) throw new FormatError("has an accuracy that is not a number");
  return ms === 0 && policy === BASELINE_POLICY ? 1e3 : ms;
}
function certificatesOf(signedData) {
  const fields = signedData instanceof Sequence ? signedData.valueBlock.value : [];
  const field = fields.find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0);
  const block = field?.valueBlock;
  const items = typeof block === "object" && block !== null && "value" in block ? block.value : void 0;
  if (!Array.isArray(items) || items.length === 0) throw new FormatError("has no certificate");
  if (items.length > MAX_TOKEN_CERTIFICATES) {
    throw new FormatError(`has more than ${MAX_TOKEN_CERTIFICATES} certificates`);
  }
  return items.map(({ valueBeforeDecodeView }) => Uint8Array.from(valueBeforeDecodeView));
}
function readSigner(signer) {
  const { sid, signedAttrs, digestAlgorithm, signatureAlgorithm, signature } = signer;
  if (signer.version !== 1 || !(sid instanceof IssuerAndSerialNumber)) {
    throw new FormatError("does not name its signer by issuer and serial number");
  }
  if (signedAttrs === void 0) throw new FormatError("has no signed attributes");
  const attribute = (id, name) => onlyValue(signedAttrs.attributes, id, name);
  const contentType = attribute(CONTENT_TYPE, "contentType");
  if (!(contentType instanceof ObjectIdentifier) || contentType.getValue() !== TST_INFO) {
    throw new FormatError("is signed as something else than a timestamp (contentType)");
  }
  const contentDigest = attribute(MESSAGE_DIGEST, "messageDigest");
  if (!(contentDigest instanceof OctetString)) throw new FormatError("has no messageDigest");
  return {
    issuer: new Uint8Array(sid.issuer.valueBeforeDecode),
    serial: serialOf(sid.serialNumber),
    digest: digestOf(digestAlgorithm.algorithmId, "its signature"),
    signatureAlgorithm: signatureAlgorithm.algorithmId,
    signature: signature.valueBlock.valueHexView,
    signedAttributes: new Uint8Array(signedAttrs.encodedValue),
    contentDigest: contentDigest.valueBlock.valueHexView,
    certificate: certificateId(attribute(SIGNING_CERTIFICATE_V2, "signingCertificateV2"))
  };
}
function onlyValue(attributes, id, name) {
  const [attribute, ...others] = attributes.filter(({ type }) => type === id);
  if (attribute === void 0 || attribute.values.length !== 1 || others.length > 0) {
    throw new FormatError(`does not have exactly one attribute ${name}`);
  }
  return attribute.values[0];
}
function certificateId(value) {
  const [ids] = children(value);
  const [id] = children(ids);
  const fields = children(id);
  const hash = fields.find((field) => field instanceof OctetString);
  if (hash === void 0) throw new FormatError("has a signingCertificateV2 without a hash");
  const [algorithm] = fields[0] === hash ? [] : children(fields[0]);
  const digest = algorithm instanceof ObjectIdentifier ? digestOf(algorithm.getValue(), "its signingCertificateV2") : "sha256";
  return { digest, value: hash.valueBlock.valueHexView };
}
function children(value) {
  if (!(value instanceof Sequence)) throw new FormatError("has a signingCertificateV2 of another form");
  return value.valueBlock.value;
}
function serialOf(serial) {
  if (!(serial instanceof Integer)) throw new FormatError("does not name its signer by a serial number");
  return serial.valueBlock.valueHexView;
}
function digestOf(oid, where) {
  const digest = DIGESTS[oid];
  if (digest === void 0) throw new FormatError(`has a digest other than SHA-2 in ${where}`);
  return digest;
}

// src/signatures/notary/timestamp/timestamp.ts
var NONCE_BYTES = 16;
var SIGNATURES = {
  "1.2.840.113549.1.1.1": { kind: "rsa" },
  [RSASSA_PSS]: { kind: "rsa" },
  "1.2.840.113549.1.1.11": { kind: "rsa", digest: "sha256" },
  "1.2.840.113549.1.1.12": { kind: "rsa", digest: "sha384" },
  "1.2.840.113549.1.1.13": { kind: "rsa", digest: "sha512" },
  "1.2.840.10045.4.3.2": { kind: "ec", digest: "sha256" },
  "1.2.840.10045.4.3.3": { kind: "ec", digest: "sha384" },
  "1.2.840.10045.4.3.4": { kind: "ec", digest: "sha512" }
};
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
    const certificates = parsed2.certificates.map(readCertificate);
    const authority2 = certificates.find((one) => isSigner(one, parsed2));
    if (authority2 === void 0) throw new FormatError("lacks the certificate of its signer");
    checkSignature(parsed2, authority2.key);
    return { parsed: parsed2, authority: authority2, others: certificates };
  });
  const chain = chainToRoot(authority, others, roots.map(readRoot));
  if (chain === void 0) {
    throw new VeritySignError(
      "key",
      `the timestamping certificate "${authority.name}" does not lead to a trusted root`,
      { remedy: "Give the root certificate of the timestamping authority" }
    );
  }
  refuse(timestampingViolation(chain, parsed.info.time));
  const { time, accuracyMs } = parsed.info;
  return { time, accuracyMs, chain: chain.map(({ der }) => der) };
}
function encodeQuery(signature, digest, nonce) {
  const oid = Object.keys(DIGESTS).find((id) => DIGESTS[id] === digest) ?? "";
  const hash = createHash(digest).update(signature).digest();
  const query = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: oid, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: Uint8Array.from(hash).buffer })
    }),
    nonce: new Integer({ valueHex: Uint8Array.from(nonce).buffer }),
    certReq: true
  });
  return new Uint8Array(query.toSchema().toBER());
}
function tokenOf(reply) {
  const element = decoding("cannot be read", () => oneElement(reply));
  const { status, statusStrings, failInfo } = decoding("cannot be read", () => {
    const response = new TimeStampResp({ schema: element });
    return { ...response.status, status: Number(response.status.status) };
  });
  if (status !== 0 && status !== 1) {
    const reasons = (statusStrings ?? []).map((text) => text.getValue());
    const bits = failInfo === void 0 ? "" : ` ${Buffer.from(failInfo.valueBlock.valueHexView).toString("hex")}`;
    throw new FormatError(`was refused: ${[`status ${status}${bits}`, ...reasons].join(", ").slice(0, 300)}`);
  }
  const [, token] = element instanceof Sequence ? element.valueBlock.value : [];
  if (token === void 0) throw new FormatError("holds no token");
  return Uint8Array.from(token.valueBeforeDecodeView);
}
function checkImprint({ imprint }, signature) {
  const expected = createHash(imprint.digest).update(signature).digest();
  if (!expected.equals(imprint.value)) throw new FormatError("is not one of this signature");
}
function isSigner(certificate, { signer }) {
  const { digest, value } = signer.certificate;
  return Buffer.from(certificate.issuer).equals(signer.issuer) && Buffer.from(certificate.serial).equals(signer.serial) && createHash(digest).update(certificate.der).digest().equals(value);
}
function checkSignature({ content, signer }, key) {
  if (!createHash(signer.digest).update(content).digest().equals(signer.contentDigest)) {
    throw new FormatError("has a content that was not signed (messageDigest)");
  }
  const algorithm = SIGNATURES[signer.signatureAlgorithm];
  if (key === void 0 || algorithm === void 0 || algorithm.kind !== key.asymmetricKeyType) {
    throw new FormatError(`is signed with the algorithm ${signer.signatureAlgorithm}, which is not accepted`);
  }
  const digest = algorithm.digest ?? signer.digest;
  const pss = signer.signatureAlgorithm === RSASSA_PSS;
  const how = pss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : { key };
  const holds = decoding(
    "has a signature that cannot be checked",
    () => verify(digest, signer.signedAttributes, how, signer.signature)
  );
  if (!holds) throw new FormatError("was not signed by the certificate that it names");
}
function readCertificate(der) {
  try {
    return readNotaryCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${cause.message}`, { cause });
  }
}
function readRoot(der) {
  try {
    return readNotaryCertificate(der);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("key", `among the roots for timestamps is ${cause.message}`, {
      remedy: "Give the root certificate of the timestamping authority",
      cause
    });
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
  DIGESTS,
  requestTimestamp,
  verifyTimestamp
};
