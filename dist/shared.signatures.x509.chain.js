import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  Fields,
  OID,
  TAG,
  childrenOf,
  fieldsOf,
  readAlgorithm,
  readCertificateExtensions,
  readDer,
  readExtensionList,
  sameBytes,
  unwrap,
  wholeBytesOf
} from "./shared.signatures.x509.algorithms.js";
import {
  kindOfSpec,
  specOfKey
} from "./shared.signatures.x509.key.js";
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/x509/certificate.ts
import { createHash, X509Certificate } from "node:crypto";

// src/signatures/x509/asn1/time.ts
var FIRST_OF_1900 = 50;
function readTime({ tag, content }, name) {
  const text = Buffer.from(content).toString("latin1");
  if (tag === TAG.utcTime && /^\d{12}Z$/.test(text)) {
    const century = Number(text.slice(0, 2)) >= FIRST_OF_1900 ? "19" : "20";
    return calendarDate(`${century}${text}`, name);
  }
  if (tag === TAG.generalizedTime && /^\d{14}Z$/.test(text)) return calendarDate(text, name);
  throw notATime(name);
}
function readGeneralizedTime({ tag, content }, name) {
  const text = Buffer.from(content).toString("latin1");
  if (tag !== TAG.generalizedTime || !/^\d{14}(\.\d{1,9})?Z$/.test(text)) throw notATime(name);
  return calendarDate(text, name);
}
function calendarDate(text, name) {
  const milliseconds = text.slice(15, -1).padEnd(3, "0").slice(0, 3);
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, `$1-$2-$3T$4:$5:$6.${milliseconds}Z`);
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw notATime(name);
  return date;
}
function notATime(name) {
  return new FormatError(`has ${name} that is not a date and time in UTC`);
}

// src/signatures/x509/certificate.ts
var MAX_BYTES = 65535;
var UNIQUE_IDS = [129, 130];
var known = /* @__PURE__ */ new WeakMap();
function readCertificate(der) {
  const before = known.get(der);
  if (before?.x509.raw.equals(der) === true) return before;
  const certificate = read(der);
  known.set(der, certificate);
  return certificate;
}
function certificateName(certificate) {
  return `certificate "${certificate.subject}"`;
}
function validityViolation({ notBefore, notAfter }, at) {
  if (at < notBefore) return `is not valid before ${notBefore.toISOString()}`;
  if (at > notAfter) return `expired on ${notAfter.toISOString()}`;
  return void 0;
}
function read(der) {
  if (der.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES} bytes`);
  const { serial, issuer, subject, publicKey, ...fields } = readFields(der);
  const x509 = openX509(der);
  const key = keyOf(x509);
  return {
    der,
    x509,
    subject: nameForPeople(x509.subject),
    issuer: nameForPeople(x509.issuer),
    fingerprint: createHash("sha256").update(der).digest("hex"),
    key,
    keyKind: keyKind(key, fields.keyAlgorithm),
    selfSigned: sameBytes(issuer, subject) && key !== void 0 && isVerifiedBy(x509, key),
    raw: { serial, issuer, subject, publicKey },
    ...fields
  };
}
function readFields(der) {
  const certificate = fieldsOf(readDer(der), "the certificate");
  const tbs = new Fields(certificate.take(TAG.sequence, "body"), "the certificate body");
  const outerAlgorithm = certificate.take(TAG.sequence, "signature algorithm");
  wholeBytesOf(certificate.take(TAG.bitString, "signature"), "a signature");
  certificate.end();
  tbs.takeIf(TAG.context0);
  const serial = tbs.take(TAG.integer, "serial number").bytes;
  const innerAlgorithm = tbs.take(TAG.sequence, "signature algorithm");
  if (!sameBytes(innerAlgorithm.bytes, outerAlgorithm.bytes)) {
    throw new FormatError("names two different signature algorithms");
  }
  const issuer = tbs.take(TAG.sequence, "issuer").bytes;
  const validity = readValidity(tbs.take(TAG.sequence, "validity"));
  const subject = tbs.take(TAG.sequence, "subject").bytes;
  const key = readPublicKey(tbs.take(TAG.sequence, "public key"));
  for (const tag of UNIQUE_IDS) tbs.takeIf(tag);
  const wrapper = tbs.takeIf(TAG.context3);
  tbs.end();
  const list = wrapper && unwrap(wrapper, TAG.sequence, "the extensions");
  return {
    serial,
    issuer,
    subject,
    ...validity,
    ...key,
    signatureAlgorithm: readAlgorithm(outerAlgorithm, "the signature algorithm"),
    extensions: readCertificateExtensions(readExtensionList(list))
  };
}
function readValidity(element) {
  const [from, to, ...others] = childrenOf(element);
  if (from === void 0 || to === void 0 || others.length > 0) {
    throw new FormatError("has a validity that is not made of two times");
  }
  return { notBefore: readTime(from, "a notBefore"), notAfter: readTime(to, "a notAfter") };
}
function readPublicKey(element) {
  const fields = fieldsOf(element, "the public key");
  const algorithm = fields.take(TAG.sequence, "algorithm");
  const key = fields.take(TAG.bitString, "bits");
  fields.end();
  return {
    keyAlgorithm: readAlgorithm(algorithm, "the algorithm of the public key"),
    publicKey: wholeBytesOf(key, "a public key")
  };
}
function openX509(der) {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new FormatError("is refused by OpenSSL", { cause });
  }
}
function keyOf(x509) {
  try {
    return x509.publicKey;
  } catch {
    return void 0;
  }
}
function keyKind(key, written) {
  if (hasUnnamedCurve(written) || written.oid === OID.rsaAlias) return void 0;
  const spec = specOfKey(key);
  return spec && kindOfSpec(spec);
}
function hasUnnamedCurve({ oid, parameters }) {
  return oid === OID.ecPublicKey && parameters?.tag !== TAG.oid;
}
function isVerifiedBy(x509, key) {
  try {
    return x509.verify(key);
  } catch {
    return false;
  }
}
function nameForPeople(lines) {
  return lines ? lines.split("\n").reverse().join(",") : "(no name)";
}

// src/signatures/x509/chain.ts
function hasIssued(issuer, subject) {
  return isNamedBy(issuer, subject) && issuer.key !== void 0 && isVerifiedBy(subject.x509, issuer.key);
}
function keyIdentifiersMatch(issuer, subject) {
  const { authorityKeyId } = subject.extensions;
  const { subjectKeyId } = issuer.extensions;
  return authorityKeyId === void 0 || subjectKeyId === void 0 || sameBytes(authorityKeyId, subjectKeyId);
}
function sameChain(a, b) {
  return a.length === b.length && a.every((der, index) => sameBytes(der, b[index] ?? new Uint8Array()));
}
function brokenLink(chain, issued = hasIssued) {
  const at = chain.findIndex((certificate, index) => {
    const next = chain[index + 1];
    return next !== void 0 && (certificate.selfSigned || !issued(next, certificate));
  });
  return at === -1 ? void 0 : at;
}
function followIssuers(leaf, others, issued = hasIssued) {
  const chain = [leaf];
  for (let last = leaf; !last.selfSigned; ) {
    const subject = last;
    const issuers = others.filter((one) => !chain.includes(one) && issued(one, subject));
    const issuer = issuers.find(({ selfSigned }) => selfSigned) ?? issuers[0];
    if (issuer === void 0) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}
var MAX_LENGTH = 16;
var MAX_TRIES = 200;
function* pathsToAnchors(leaf, others, anchors, { issued = hasIssued, maxLength = MAX_LENGTH } = {}) {
  let tries = 0;
  function* extend(path, last) {
    if (anchors.some((anchor) => isSame(anchor, last))) yield [...path];
    for (const anchor of anchors) {
      if (!isSame(anchor, last) && issued(anchor, last)) yield [...path, anchor];
    }
    if (path.length >= maxLength) return;
    for (const other of others) {
      if (path.some((one) => isSame(one, other)) || !isNamedBy(other, last)) continue;
      if (tries++ < MAX_TRIES && issued(other, last)) yield* extend([...path, other], other);
    }
  }
  yield* extend([leaf], leaf);
}
function isNamedBy(issuer, subject) {
  return sameBytes(issuer.raw.subject, subject.raw.issuer);
}
function isSame(one, other) {
  return sameBytes(one.der, other.der);
}

export {
  readTime,
  readGeneralizedTime,
  readCertificate,
  certificateName,
  validityViolation,
  hasUnnamedCurve,
  hasIssued,
  keyIdentifiersMatch,
  sameChain,
  brokenLink,
  followIssuers,
  pathsToAnchors
};
