import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  isSignedBy
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  encode,
  encodeOid
} from "./shared.signatures.x509.asn1.encode.js";
import {
  readName
} from "./shared.signatures.x509.constraints.check-path.js";
import {
  hasIssued,
  readCertificate,
  readGeneralizedTime,
  readTime
} from "./shared.signatures.x509.chain.js";
import {
  Cursor,
  Fields,
  KEY_USAGE,
  TAG,
  bigIntegerOf,
  childrenOf,
  fieldsOf,
  oidOf,
  readAlgorithm,
  readDer,
  readExtensionList,
  sameBytes,
  smallIntegerOf,
  unwrap,
  wholeBytesOf
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
  readAs,
  readPart
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

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

// src/signatures/x509/general-names.ts
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

// src/signatures/notary/revocation/crl-scope.ts
var ONLY_USERS = 129;
var ONLY_CAS = 130;
var ONLY_REASONS = 131;
var INDIRECT = 132;
var ONLY_ATTRIBUTES = 133;
function checkScope(value, { names, ca }) {
  const fields = fieldsOf(readDer(value), "the issuing distribution point");
  const point = fields.takeIf(TAG.context0);
  const onlyUsers = isSet(fields.takeIf(ONLY_USERS));
  const onlyCas = isSet(fields.takeIf(ONLY_CAS));
  fields.takeIf(ONLY_REASONS);
  const indirect = isSet(fields.takeIf(INDIRECT));
  const onlyAttributes = isSet(fields.takeIf(ONLY_ATTRIBUTES));
  fields.end();
  if (onlyAttributes) throw new FormatError("covers attribute certificates only");
  if (indirect) throw new FormatError("covers certificates of several issuers (indirectCRL)");
  if (onlyCas && !ca) throw new FormatError("covers CA certificates only");
  if (onlyUsers && ca) throw new FormatError("does not cover CA certificates");
  if (point === void 0) return;
  const own = urlsOfPointName(point);
  if (!own.some((url) => names.includes(url))) throw new FormatError("belongs to another distribution point");
}
function isSet(element) {
  if (element === void 0) return false;
  const [value] = element.content;
  if (element.content.length !== 1 || value !== 0 && value !== 255) {
    throw new FormatError("has an invalid BOOLEAN");
  }
  return value === 255;
}

// src/signatures/notary/revocation/entry-extensions.ts
var INVALIDITY_DATE = "2.5.29.24";
function invalidityDate(extensions) {
  const found = extensions.get(INVALIDITY_DATE);
  return found && readGeneralizedTime(readDer(found.value), "an invalidity date");
}
function refuseCritical(extensions, known = []) {
  for (const [id, { critical }] of extensions) {
    if (critical && id !== INVALIDITY_DATE && !known.includes(id)) {
      throw new FormatError(`has a critical extension that is not known (${id})`);
    }
  }
}

// src/signatures/notary/revocation/points.ts
var AUTHORITY_INFO = "1.3.6.1.5.5.7.1.1";
var OCSP = "1.3.6.1.5.5.7.48.1";
var CRL_POINTS = "2.5.29.31";
var FRESHEST_CRL = "2.5.29.46";
var MAX_POINTS = 8;
function revocationPoints({ extensions: { all } }) {
  const [info, points] = [all.get(AUTHORITY_INFO), all.get(CRL_POINTS)];
  return readPart("a list of revocation servers", () => ({
    ocsp: info === void 0 ? [] : readAccessUrls(info.value, OCSP).slice(0, MAX_POINTS),
    crls: points === void 0 ? [] : pointUrls(points.value),
    freshest: all.has(FRESHEST_CRL)
  }));
}
function pointUrls(value) {
  return readDistributionPoints(value).flatMap((names) => names.map((url) => ({ url, names }))).slice(0, MAX_POINTS);
}

// src/signatures/notary/revocation/crl.ts
var CRL_NUMBER = "2.5.29.20";
var REASON = "2.5.29.21";
var DELTA_INDICATOR = "2.5.29.27";
var ISSUING_POINT = "2.5.29.28";
var FRESHEST_CRL2 = "2.5.29.46";
var ON_HOLD = 6;
var REMOVED = 8;
var CLOCK_SKEW = 5 * 60 * 1e3;
function readCrl(bytes, issuer, scope, now) {
  const list = readList(bytes, issuer, now);
  const { extensions } = list;
  if (extensions.has(DELTA_INDICATOR)) throw new FormatError("is a delta CRL, not a complete one");
  const point = extensions.get(ISSUING_POINT);
  if (point !== void 0) checkScope(point.value, scope);
  const freshest = extensions.get(FRESHEST_CRL2);
  const points = freshest === void 0 ? [] : pointUrls(freshest.value);
  return { list, deltaUrls: points.map(({ url }) => url) };
}
function readDelta(bytes, issuer, base, now) {
  const list = readList(bytes, issuer, now);
  const number = numberOf(base.list.extensions, CRL_NUMBER);
  const since = numberOf(list.extensions, DELTA_INDICATOR);
  const own = numberOf(list.extensions, CRL_NUMBER);
  if (since === void 0) throw new FormatError("is not a delta CRL");
  if (number === void 0 || own === void 0 || own <= number || since > number) {
    throw new FormatError("is a delta CRL that does not match its base");
  }
  const [scope, baseScope] = [list, base.list].map(({ extensions }) => extensions.get(ISSUING_POINT)?.value);
  if (!sameBytes(scope ?? new Uint8Array(), baseScope ?? new Uint8Array())) {
    throw new FormatError("is a delta CRL that covers other certificates than its base");
  }
  return { list, deltaUrls: [] };
}
function stateIn(lists, { raw }, signingTime) {
  let temporary;
  for (const { list } of lists) {
    for (const { revocationDate: time, extensions } of entriesFor(list, raw.serial)) {
      refuseCritical(extensions);
      const invalid = invalidityDate(extensions);
      if (signingTime !== void 0 && invalid !== void 0 && signingTime < invalid) return "good";
      const reason = reasonOf(extensions);
      if (reason !== ON_HOLD && reason !== REMOVED) return "revoked";
      if (temporary === void 0 || temporary.time < time) temporary = { time, reason };
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
  const signed = sameBytes(list.issuer, issuer.raw.subject) && isSignedBy(issuer, list.signed, list.signatureAlgorithm, list.signature);
  if (!signed) throw new FormatError("is not signed by the issuer of the certificate");
  if (list.nextUpdate === void 0) throw new FormatError("has no nextUpdate");
  if (now > list.nextUpdate) throw new FormatError(`expired on ${list.nextUpdate.toISOString()}`);
  if (+list.thisUpdate > +now + CLOCK_SKEW) throw new FormatError("has a thisUpdate that is in the future");
  refuseCritical(list.extensions, [DELTA_INDICATOR, ISSUING_POINT]);
  return list;
}
function numberOf(extensions, id) {
  const found = extensions.get(id);
  const element = found && readDer(found.value);
  return element?.tag === TAG.integer ? bigIntegerOf(element) : void 0;
}
function reasonOf(extensions) {
  const found = extensions.get(REASON);
  if (found === void 0) return void 0;
  const element = readDer(found.value);
  const reason = element.tag === TAG.enumerated ? smallIntegerOf(element) : void 0;
  if (reason === void 0) throw new FormatError("has a reason that is not a number");
  return reason;
}

// src/signatures/notary/revocation/http.ts
var MAX_CRL_BYTES = 32 * 1024 * 1024;
var REDIRECTS = { limit: 3, protocols: ["http:"] };
var LONGEST_PAUSE = 2e3;
function getFrom(url, limits) {
  return ask(url, { ...limits, redirects: REDIRECTS });
}
function postTo(url, { bytes, type }, limits) {
  return ask(url, { ...limits, body: bytes, headers: { "content-type": type } });
}
async function ask(url, request) {
  const target = URL.parse(url);
  if (target?.protocol !== "http:") throw unusable(url, "has no URL of http://");
  try {
    const response = await new HttpClient().send(target, { ...request, retryAfter: LONGEST_PAUSE });
    if (response.status !== 200) throw statusError(response);
    return response.body;
  } catch (cause) {
    if (request.signal.aborted) throw new VeritySignError("cancelled", "the run was cancelled", { cause });
    if (!(cause instanceof HttpError)) throw cause;
    throw unusable(cause.url.href, cause.message, cause);
  }
}
function unusable(url, what, cause) {
  const shown2 = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return new VeritySignError("environment", `the revocation server ${shown2} ${what}`, { cause });
}

// src/signatures/notary/revocation/ocsp-request.ts
import { createHash } from "node:crypto";
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
  const [found, wanted] = [certId, readDer(question.certId)].map(readCertId);
  return found !== void 0 && wanted !== void 0 && found.algorithm === wanted.algorithm && found.values.every((value, index) => sameBytes(value, wanted.values[index] ?? new Uint8Array()));
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
function readBasic(basic) {
  const data = basic.take(TAG.sequence, "data");
  const signatureAlgorithm = readAlgorithm(basic.takeAny(), "the signature algorithm");
  const signature = wholeBytesOf(basic.take(TAG.bitString, "signature"), "a signature");
  const wrapper = basic.takeIf(TAG.context0);
  basic.end();
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
var CLOCK_SKEW2 = 5 * 60 * 1e3;
var MAX_CERTIFICATES = 8;
function readOcspAnswer(bytes, question, now, signingTime) {
  const basic = readAs("a usable OCSP response", () => readBasicResponse(bytes));
  checkResponder2(basic, question.issuer, now);
  const { nextUpdate, thisUpdate, extensions, status } = singleFor(basic, question);
  if (nextUpdate === void 0) throw new FormatError("has no nextUpdate");
  if (now > nextUpdate) throw new FormatError(`expired on ${nextUpdate.toISOString()}`);
  if (+thisUpdate > +now + CLOCK_SKEW2) throw new FormatError("has a thisUpdate that is in the future");
  refuseCritical(extensions);
  if (status !== "revoked") return status;
  const invalid = invalidityDate(extensions) ?? invalidityDate(basic.extensions);
  const before = signingTime !== void 0 && invalid !== void 0 && signingTime < invalid;
  return before ? "good" : "revoked";
}
function checkResponder2(basic, issuer, now) {
  const { signed, signatureAlgorithm, signature } = basic;
  const hasSigned = (one) => isSignedBy(one, signed, signatureAlgorithm, signature);
  if (hasSigned(issuer)) return;
  const responder = basic.certificates.slice(0, MAX_CERTIFICATES).map((der) => readPart("a certificate", () => readCertificate(der))).find(hasSigned);
  if (responder === void 0) {
    throw new FormatError("is not signed by the issuer or by a responder that it authorised");
  }
  const { extendedKeyUsage, keyUsage } = responder.extensions;
  const authorised = hasIssued(issuer, responder) && extendedKeyUsage?.purposes.includes(OCSP_SIGNING) === true && keyUsage?.bits.has(KEY_USAGE.digitalSignature) !== false && now >= responder.notBefore && now <= responder.notAfter;
  if (!authorised) {
    throw new FormatError(`is signed by "${responder.subject}", which the issuer has not authorised`);
  }
}
function singleFor({ responses }, question) {
  const found = responses.map(readSingle).find(({ certId }) => isAbout(certId, question));
  if (found === void 0) throw new FormatError("is about another certificate");
  return found;
}

// src/signatures/notary/revocation/checker.ts
var OCSP_ANSWER_LIMIT = 64 * 1024;
var TIMEOUT = 5e3;
var MAX_SHOWN = 200;
var RevocationChecker = class {
  #findings = /* @__PURE__ */ new Map();
  #lists = /* @__PURE__ */ new Map();
  #now;
  #signal;
  /** @param now The current time, not that of `at`: servers report the state of today. */
  constructor(now, signal) {
    this.#now = now;
    this.#signal = signal;
  }
  /**
   * @param chain DER: each certificate followed by its issuer; the last one is not asked for.
   * @param signingTime Vouched for by an authority.
   * @throws VeritySignError 'key' for a revoked certificate, 'environment' if that cannot be determined,
   * 'cancelled'
   */
  async requireGood(chain, signingTime) {
    const certificates = chain.map(readCertificate);
    const findings = await Promise.all(
      certificates.slice(0, -1).map((certificate, index) => {
        const issuer = certificates[index + 1] ?? certificate;
        return this.#find(certificate, issuer, signingTime);
      })
    );
    const name = (state) => certificates[findings.findIndex((finding) => finding.state === state)]?.subject;
    const revoked = name("revoked");
    if (revoked !== void 0)
      throw new VeritySignError("key", `the certificate "${revoked}" has been revoked`);
    const unknown = findings.find(({ state }) => state === "unknown");
    if (unknown === void 0) return;
    const what = `the revocation status of the certificate "${name("unknown")}" cannot be determined`;
    throw new VeritySignError("environment", `${what}: ${unknown.reason}`, {
      remedy: "Make the server reachable, or let the trust policy override revocation with log or skip"
    });
  }
  #find(certificate, issuer, signingTime) {
    const key = [certificate.fingerprint, issuer.fingerprint, signingTime?.getTime()].join();
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
      return { state: "unknown", reason: reasonOf2(error) };
    }
  }
  /** The first valid answer decides; undefined without any responder. */
  async #askResponders({ ocsp }, certificate, issuer, signingTime) {
    let last;
    for (const url of ocsp) {
      try {
        const question = ocspQuestion(certificate, issuer);
        const body = { bytes: question.bytes, type: "application/ocsp-request" };
        const limits = { timeout: TIMEOUT, maxBytes: OCSP_ANSWER_LIMIT, signal: this.#signal };
        const answer = await postTo(url, body, limits);
        const state = about(
          `the OCSP response of ${shown(url)}`,
          () => readOcspAnswer(answer, question, this.#now, signingTime)
        );
        const reason = `the OCSP responder ${shown(url)} does not know the certificate`;
        return state === "unknown" ? { state, reason } : { state };
      } catch (error) {
        last = { state: "unknown", reason: reasonOf2(error) };
      }
    }
    return last;
  }
  /** Each list may cover only some reasons: all must be there, and none may have the certificate. */
  async #askLists({ crls, freshest }, certificate, issuer, signingTime) {
    for (const point of crls) {
      const lists = await this.#listsAt(point, certificate, issuer);
      if (freshest && lists.length === 1) {
        throw new FormatError("names a delta CRL (freshestCRL), which is not followed");
      }
      const state = about(`the CRL ${shown(point.url)}`, () => stateIn(lists, certificate, signingTime));
      if (state === "revoked") return "revoked";
    }
    return "good";
  }
  /** A complete list, and its delta CRL where it names one. */
  async #listsAt({ url, names }, certificate, issuer) {
    const scope = { names, ca: certificate.extensions.basicConstraints?.isCa === true };
    const bytes = await this.#fetchList(url);
    const base = about(`the CRL ${shown(url)}`, () => readCrl(bytes, issuer, scope, this.#now));
    let failed;
    for (const deltaUrl of base.deltaUrls) {
      let delta;
      try {
        delta = await this.#fetchList(deltaUrl);
      } catch (error) {
        failed = error;
        continue;
      }
      const read = () => readDelta(delta, issuer, base, this.#now);
      return [base, about(`the delta CRL ${shown(deltaUrl)}`, read)];
    }
    if (failed !== void 0) throw failed;
    return [base];
  }
  #fetchList(url) {
    const limits = { timeout: TIMEOUT, maxBytes: MAX_CRL_BYTES, signal: this.#signal };
    const list = this.#lists.get(url) ?? getFrom(url, limits);
    this.#lists.set(url, list);
    return list;
  }
};
function about(subject, read) {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VeritySignError("environment", `${subject} ${cause.message}`, { cause });
  }
}
function reasonOf2(error) {
  if (error instanceof VeritySignError && error.code !== "cancelled") return error.message;
  if (error instanceof FormatError) return `the certificate ${error.message}`;
  throw error;
}
function shown(url) {
  return JSON.stringify(url.length > MAX_SHOWN ? `${url.slice(0, MAX_SHOWN)}…` : url);
}

export {
  RevocationChecker
};
