import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  NOTARY_STEPS,
  evaluateSignature,
  manifestVerdict,
  notaryReport
} from "./shared.commands.verify.manifests.evaluate-signature.js";
import {
  worstVerdict
} from "./shared.commands.verify.worst-verdict.js";
import {
  DIGESTS
} from "./shared.signatures.notary.timestamp.timestamp.js";
import {
  RSASSA_PSS,
  hasIssued,
  readNotaryCertificate
} from "./shared.signatures.notary.certificates.chain-rules.js";
import {
  Stopwatch
} from "./shared.lib.stopwatch.js";
import {
  platformName,
  signerReport,
  skippedLayersReport,
  skippedReport
} from "./shared.commands.shared.report-parts.js";
import {
  DiskBudget,
  convertLayers,
  maxConcurrentLayers,
  openBuilder
} from "./shared.convert.builders.open-builder.js";
import {
  formatPlatform,
  parsePlatform,
  resolveImage,
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import {
  ConversionCache,
  layerKey
} from "./shared.convert.conversion-cache.js";
import {
  TOOL
} from "./shared.report.tool.js";
import {
  mapConcurrently
} from "./shared.lib.concurrent.js";
import {
  STEPS,
  WITHOUT_POLICY,
  applicableStatement,
  evaluateReferrer,
  firstReason,
  isStoreName,
  loadTrustAnchors,
  parseSignerIdentity,
  parseTrustPolicy,
  readReferrers
} from "./shared.commands.verify.layers.evaluate-referrer.js";
import {
  BasicOCSPResponse,
  CRLDistributionPoints,
  Certificate,
  CertificateRevocationList,
  GeneralizedTime,
  InfoAccess,
  Integer,
  IssuingDistributionPoint,
  OCSPRequest,
  OCSPResponse,
  RSASSAPSSParams,
  fromBER
} from "./shared.pkijs.build.index.js";
import {
  IN_REGISTRY,
  openImage,
  parseReference,
  referenceName,
  requireReferrers
} from "./shared.commands.shared.open-image.js";
import {
  DM_VERITY_ARTIFACT_TYPE,
  NOTARY_ARTIFACT_TYPE
} from "./shared.oci.attach.referrers.js";
import {
  FormatError,
  decoding
} from "./shared.formats.format-error.js";
import {
  nativelyKnown,
  ofClasses,
  recipeKey,
  recipeOf,
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  BLOCK,
  openLayerTar,
  parseHeader,
  parsePaxRecords
} from "./shared.convert.worker.protocol.js";
import {
  KNOWN_CLASSES,
  PROFILE_NAMES
} from "./shared.model.profiles.js";
import {
  VeritySignError,
  inContext
} from "./shared.errors.js";

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
  const verdict = worstVerdict([...failed, ...bad].map((one) => one.verdict));
  const profile = failed.find((one) => one.verdict === verdict);
  const set = bad.find((one) => one.verdict === verdict);
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

// src/commands/verify/manifests/manifest-verdict.ts
function manifestOutcome(signatures, index) {
  const outcome2 = (one) => ({
    reason: void 0,
    good: void 0,
    byIndex: false,
    ...one
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
  return { platforms, index };
}
function evaluateIndex(signatures, demands) {
  const notary = manifestOutcome(signatures, void 0);
  const nothing = { verdict: "verified", reason: void 0 };
  return { signatures, notary, ...combinedOutcome(nothing, notary, signatures, demands, "") };
}
function needsLayers({ layers, layersLeftOut }, { layers: choice }) {
  if (choice === "required") return true;
  return choice === "auto" && layersLeftOut === void 0 && layers.length > 0;
}

// src/signatures/notary/revocation/points.ts
var AUTHORITY_INFO = "1.3.6.1.5.5.7.1.1";
var OCSP = "1.3.6.1.5.5.7.48.1";
var CRL_POINTS = "2.5.29.31";
var FRESHEST_CRL = "2.5.29.46";
var URI = 6;
var MOST = 8;
function revocationPoints(der) {
  return decoding("a certificate whose revocation servers cannot be read", () => {
    const { extensions = [] } = Certificate.fromBER(Uint8Array.from(der));
    const find = (id) => extensions.find(({ extnID }) => extnID === id);
    const info = find(AUTHORITY_INFO);
    const access = info === void 0 ? [] : InfoAccess.fromBER(contentOf(info)).accessDescriptions;
    const points = find(CRL_POINTS);
    return {
      ocsp: access.filter(({ accessMethod }) => accessMethod === OCSP).flatMap(({ accessLocation }) => urlsOf([accessLocation])).slice(0, MOST),
      crls: points === void 0 ? [] : pointUrls(contentOf(points)),
      freshest: find(FRESHEST_CRL) !== void 0
    };
  });
}
function pointUrls(content) {
  const { distributionPoints } = CRLDistributionPoints.fromBER(content);
  return distributionPoints.map(({ distributionPoint }) => Array.isArray(distributionPoint) ? urlsOf(distributionPoint) : []).flatMap((names) => names.map((url) => ({ url, names }))).slice(0, MOST);
}
function contentOf({ extnValue }) {
  return Uint8Array.from(extnValue.valueBlock.valueHexView);
}
function urlsOf(names) {
  return names.flatMap(({ type, value }) => type === URI && typeof value === "string" ? [value] : []);
}

// src/signatures/notary/revocation/crl-scope.ts
function checkScope(content, { names, ca }) {
  const point = IssuingDistributionPoint.fromBER(content);
  const { distributionPoint, onlyContainsCACerts, onlyContainsUserCerts } = point;
  if (point.onlyContainsAttributeCerts) throw new FormatError("is for attribute certificates only");
  if (point.indirectCRL) throw new FormatError("is for certificates of several issuers");
  if (onlyContainsCACerts && !ca) throw new FormatError("is for certificates of CAs only");
  if (onlyContainsUserCerts && ca) throw new FormatError("is not for certificates of CAs");
  if (distributionPoint === void 0) return;
  const own = Array.isArray(distributionPoint) ? urlsOf(distributionPoint) : [];
  if (!own.some((url) => names.includes(url))) throw new FormatError("is that of another distribution point");
}

// src/signatures/notary/revocation/entry.ts
var INVALIDITY_DATE = "2.5.29.24";
function invalidityDate(extensions) {
  const found = extensions.find(({ extnID }) => extnID === INVALIDITY_DATE);
  if (found === void 0) return void 0;
  const { result, offset } = fromBER(Uint8Array.from(found.extnValue.valueBlock.valueHexView));
  if (offset === -1 || !(result instanceof GeneralizedTime)) {
    throw new FormatError("has an invalidity date that is no date");
  }
  return result.toDate();
}
function refuseCritical(extensions, known = []) {
  const unknown = extensions.find(
    ({ critical, extnID }) => critical && extnID !== INVALIDITY_DATE && !known.includes(extnID)
  );
  if (unknown !== void 0)
    throw new FormatError(`has a critical extension that is not known (${unknown.extnID})`);
}

// src/signatures/notary/revocation/signature.ts
import { constants, verify } from "node:crypto";
var ALGORITHMS = {
  "1.2.840.113549.1.1.11": ["rsa", "sha256"],
  "1.2.840.113549.1.1.12": ["rsa", "sha384"],
  "1.2.840.113549.1.1.13": ["rsa", "sha512"],
  "1.2.840.10045.4.3.2": ["ec", "sha256"],
  "1.2.840.10045.4.3.3": ["ec", "sha384"],
  "1.2.840.10045.4.3.4": ["ec", "sha512"]
};
function isSignedBy({ x509 }, bytes, { algorithmId, algorithmParams }, signature) {
  try {
    const key = x509.publicKey;
    if (algorithmId === RSASSA_PSS && key.asymmetricKeyType === "rsa") {
      const { hashAlgorithm } = new RSASSAPSSParams({ schema: algorithmParams });
      const digest2 = DIGESTS[hashAlgorithm.algorithmId];
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      const how = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
      return digest2 !== void 0 && verify(digest2, bytes, how, signature);
    }
    const [kind, digest] = ALGORITHMS[algorithmId] ?? [];
    return kind === key.asymmetricKeyType && digest !== void 0 && verify(digest, bytes, key, signature);
  } catch {
    return false;
  }
}

// src/signatures/notary/revocation/crl.ts
var CRL_NUMBER = "2.5.29.20";
var DELTA_INDICATOR = "2.5.29.27";
var ISSUING_POINT = "2.5.29.28";
var REASON = "2.5.29.21";
var FRESHEST_CRL2 = "2.5.29.46";
var CRL_SIGN = 6;
var ON_HOLD = 6;
var REMOVED = 8;
var CLOCK_SKEW = 5 * 60 * 1e3;
function readCrl(bytes, issuer, scope, now) {
  const list = readList(bytes, issuer, now);
  return decoding("cannot be read", () => {
    if (extensionOf(list, DELTA_INDICATOR) !== void 0) throw new FormatError("has only changes of a list");
    const point = extensionOf(list, ISSUING_POINT);
    if (point !== void 0) checkScope(contentOf(point), scope);
    const freshest = extensionOf(list, FRESHEST_CRL2);
    const points = freshest === void 0 ? [] : pointUrls(contentOf(freshest));
    return { list, deltaUrls: points.map(({ url }) => url) };
  });
}
function readDelta(bytes, issuer, base, now) {
  const list = readList(bytes, issuer, now);
  return decoding("cannot be read", () => {
    checkDelta(list, base.list);
    const scopes = [list, base.list].map((one) => {
      const point = extensionOf(one, ISSUING_POINT);
      return point === void 0 ? "" : Buffer.from(contentOf(point)).toString("hex");
    });
    if (scopes[0] !== scopes[1]) throw new FormatError("is for other certificates than its list of changes");
    return { list, deltaUrls: [] };
  });
}
function readList(bytes, issuer, now) {
  const list = decoding(
    "is not a revocation list",
    () => CertificateRevocationList.fromBER(Uint8Array.from(bytes))
  );
  const { basicConstraints, keyUsage } = issuer;
  if (basicConstraints?.isCa !== true || keyUsage?.bits.has(CRL_SIGN) === false) {
    throw new FormatError(`is of "${issuer.name}", which may not sign revocation lists`);
  }
  const named2 = Buffer.from(list.issuer.valueBeforeDecode).equals(issuer.subject);
  if (!named2 || !isSignedBy(issuer, list.tbsView, list.signatureAlgorithm, list.signatureValue.valueBlock.valueHexView)) {
    throw new FormatError("is not signed by the issuer of the certificate");
  }
  if (list.nextUpdate === void 0 || now > list.nextUpdate.value) throw new FormatError("has expired");
  if (+list.thisUpdate.value > +now + CLOCK_SKEW) throw new FormatError("is from the future");
  refuseCritical(extensionsOf(list), [DELTA_INDICATOR, ISSUING_POINT]);
  return list;
}
function checkDelta(delta, base) {
  const number = numberOf(base, CRL_NUMBER);
  const since = numberOf(delta, DELTA_INDICATOR);
  const own = numberOf(delta, CRL_NUMBER);
  if (number === void 0 || since === void 0 || own === void 0 || own <= number || since > number) {
    throw new FormatError("does not go with the list of changes that it names");
  }
}
function stateIn(lists, { x509 }, signingTime) {
  const serial = BigInt(`0x${x509.serialNumber}`);
  let temporary;
  for (const entry of lists.flatMap(({ list }) => list.revokedCertificates ?? [])) {
    if (entry.userCertificate.toBigInt() !== serial) continue;
    const extensions = entry.crlEntryExtensions?.extensions ?? [];
    refuseCritical(extensions);
    const invalid = invalidityDate(extensions);
    if (signingTime !== void 0 && invalid !== void 0 && signingTime < invalid) return "good";
    const reason = reasonOf(extensions);
    if (reason !== ON_HOLD && reason !== REMOVED) return "revoked";
    const time = entry.revocationDate.value;
    if (temporary === void 0 || temporary.time < time) temporary = { time, reason };
  }
  return temporary?.reason === ON_HOLD ? "revoked" : "good";
}
function extensionsOf({ crlExtensions }) {
  return crlExtensions?.extensions ?? [];
}
function extensionOf(list, id) {
  return extensionsOf(list).find(({ extnID }) => extnID === id);
}
function numberOf(list, id) {
  const found = extensionOf(list, id);
  if (found === void 0) return void 0;
  const { result, offset } = fromBER(contentOf(found));
  return offset !== -1 && result instanceof Integer ? result.toBigInt() : void 0;
}
function reasonOf(extensions) {
  const found = extensions.find(({ extnID }) => extnID === REASON);
  if (found === void 0) return void 0;
  const { result } = fromBER(contentOf(found));
  return result.valueBlock.valueDec;
}

// src/signatures/notary/revocation/http.ts
var MOST_REDIRECTS = 3;
var REDIRECTS = [301, 302, 303, 307, 308];
function getFrom(url, limits) {
  return ask(url, void 0, MOST_REDIRECTS, limits);
}
function postTo(url, body, limits) {
  return ask(url, body, 0, limits);
}
async function ask(url, body, redirects, { timeout, maxBytes, signal }) {
  const deadline = AbortSignal.timeout(timeout);
  const request = {
    redirect: "manual",
    signal: AbortSignal.any([signal, deadline]),
    ...body === void 0 ? {} : { method: "POST", body: Buffer.from(body.bytes), headers: { "content-type": body.type } }
  };
  let place = url;
  try {
    for (let left = redirects; ; left--) {
      const response = await fetch(httpUrl(place), request);
      if (response.status === 200) return await readBody(response, place, maxBytes);
      await response.body?.cancel();
      const location = response.headers.get("location");
      if (!REDIRECTS.includes(response.status) || location === null) {
        throw unusable(place, `answered with status ${response.status}`);
      }
      if (left === 0) {
        throw unusable(place, redirects === 0 ? "points to another address" : "points on and on");
      }
      place = URL.parse(location, place)?.href ?? location;
    }
  } catch (cause) {
    if (cause instanceof VeritySignError) throw cause;
    if (signal.aborted) throw new VeritySignError("cancelled", "the run was cancelled", { cause });
    throw unusable(place, deadline.aborted ? `did not answer in ${timeout} ms` : "cannot be reached", cause);
  }
}
function httpUrl(url) {
  const target = URL.parse(url);
  if (target?.protocol !== "http:") throw unusable(url, "has no URL of http://");
  return target;
}
async function readBody(response, url, maxBytes) {
  const chunks = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw unusable(url, `sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
function unusable(url, what, cause) {
  const shown = JSON.stringify(url.length > 200 ? `${url.slice(0, 200)}…` : url);
  return new VeritySignError("environment", `the revocation server ${shown} ${what}`, { cause });
}

// src/signatures/notary/revocation/ocsp.ts
var BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1";
var OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
var DIGITAL_SIGNATURE = 0;
var CLOCK_SKEW2 = 5 * 60 * 1e3;
var MOST_CERTIFICATES = 8;
var FAILURES = {
  1: "malformed request",
  2: "internal error",
  3: "try later",
  5: "signature required",
  6: "unauthorized"
};
async function ocspQuestion(certificate, issuer) {
  const request = new OCSPRequest();
  await request.createForCertificate(Certificate.fromBER(Uint8Array.from(certificate.der)), {
    hashAlgorithm: "SHA-1",
    issuerCertificate: Certificate.fromBER(Uint8Array.from(issuer.der))
  });
  return { certificate, issuer, request, bytes: new Uint8Array(request.toSchema(true).toBER()) };
}
function readOcspAnswer(bytes, question, now, signingTime) {
  const basic = decoding("is not an OCSP response", () => basicResponse(bytes));
  checkResponder(basic, question.issuer, now);
  const single = decoding("cannot be read", () => singleFor(basic, question));
  if (single.nextUpdate === void 0 || now > single.nextUpdate) throw new FormatError("has expired");
  if (+single.thisUpdate > +now + CLOCK_SKEW2) throw new FormatError("is from the future");
  const extensions = single.singleExtensions ?? [];
  refuseCritical(extensions);
  const status = single.certStatus?.idBlock?.tagNumber;
  if (status === 0) return "good";
  if (status !== 1) return "unknown";
  const invalid = invalidityDate([...extensions, ...basic.tbsResponseData.responseExtensions ?? []]);
  const before = signingTime !== void 0 && invalid !== void 0 && signingTime < invalid;
  return before ? "good" : "revoked";
}
function basicResponse(bytes) {
  const response = OCSPResponse.fromBER(Uint8Array.from(bytes));
  const status = response.responseStatus.valueBlock.valueDec;
  if (status !== 0) throw new FormatError(`is a failure (${FAILURES[status] ?? `status ${status}`})`);
  if (response.responseBytes?.responseType !== BASIC_RESPONSE) throw new FormatError("is of an unknown type");
  return BasicOCSPResponse.fromBER(Uint8Array.from(response.responseBytes.response.valueBlock.valueHexView));
}
function checkResponder(basic, issuer, now) {
  const { tbsResponseData, signatureAlgorithm, signature } = basic;
  const content = tbsResponseData.tbsView;
  const value = signature.valueBlock.valueHexView;
  const signed = (one) => isSignedBy(one, content, signatureAlgorithm, value);
  if (signed(issuer)) return;
  const others = (basic.certs ?? []).slice(0, MOST_CERTIFICATES).map(
    (certificate) => decoding(
      "holds a certificate that cannot be read",
      () => readNotaryCertificate(new Uint8Array(certificate.toSchema().toBER()))
    )
  );
  const responder = others.find(signed);
  if (responder === void 0) throw new FormatError("is not signed by the issuer or a responder of its");
  const { extendedKeyUsage, keyUsage, notBefore, notAfter } = responder;
  const fit = hasIssued(issuer, responder) && extendedKeyUsage?.purposes.includes(OCSP_SIGNING) === true && keyUsage?.bits.has(DIGITAL_SIGNATURE) !== false && now >= notBefore && now <= notAfter;
  if (!fit) throw new FormatError(`is signed by "${responder.name}", which the issuer has not authorised`);
}
function singleFor({ tbsResponseData }, { request }) {
  const asked = request.tbsRequest.requestList[0]?.reqCert;
  const found = asked && tbsResponseData.responses.find(({ certID }) => certID.isEqual(asked));
  if (found === void 0) throw new FormatError("is about another certificate");
  return found;
}

// src/signatures/notary/revocation/checker.ts
var OCSP_ANSWER_LIMIT = 64 * 1024;
var CRL_LIMIT = 16 * 1024 * 1024;
var TIMEOUT = 5e3;
var RevocationChecker = class {
  #findings = /* @__PURE__ */ new Map();
  #lists = /* @__PURE__ */ new Map();
  #now;
  #signal;
  /** @param now the true time: servers tell how things are today */
  constructor(now, signal) {
    this.#now = now;
    this.#signal = signal;
  }
  /**
   * @param chain DER: each certificate followed by its issuer; the last one is not asked for.
   * @param signingTime that an authority vouches for
   * @throws VeritySignError 'key' for a revoked certificate, 'environment' if that cannot be told,
   * 'cancelled'
   */
  async requireGood(chain, signingTime) {
    const certificates = chain.map((der) => readNotaryCertificate(der));
    const findings = await Promise.all(
      certificates.slice(0, -1).map((certificate, index) => {
        const issuer = certificates[index + 1] ?? certificate;
        return this.#find(certificate, issuer, signingTime);
      })
    );
    const name = (state) => certificates[findings.findIndex((finding) => finding.state === state)]?.name;
    const revoked = name("revoked");
    if (revoked !== void 0)
      throw new VeritySignError("key", `the certificate "${revoked}" has been revoked`);
    const unknown = findings.find(({ state }) => state === "unknown");
    if (unknown === void 0) return;
    const what = `whether the certificate "${name("unknown")}" has been revoked cannot be told`;
    throw new VeritySignError("environment", `${what}: ${unknown.reason}`, {
      remedy: "Make the server reachable, or let the trust policy override revocation with log or skip"
    });
  }
  #find(certificate, issuer, signingTime) {
    const print = (one) => one.x509.fingerprint256;
    const key = [print(certificate), print(issuer), signingTime?.getTime()].join();
    const known = this.#findings.get(key) ?? this.#ask(certificate, issuer, signingTime);
    this.#findings.set(key, known);
    return known;
  }
  async #ask(certificate, issuer, signingTime) {
    try {
      const points = revocationPoints(certificate.der);
      const answer = await this.#askResponders(points, certificate, issuer, signingTime);
      if (answer !== void 0 && (answer.state !== "unknown" || points.crls.length === 0)) return answer;
      if (points.crls.length === 0) return { state: "good" };
      return { state: await this.#askLists(points, certificate, issuer, signingTime) };
    } catch (error) {
      return { state: "unknown", reason: reasonOf2(error) };
    }
  }
  /** The first answer that can be believed decides; undefined without any responder. */
  async #askResponders({ ocsp }, certificate, issuer, signingTime) {
    let last;
    for (const url of ocsp) {
      try {
        const question = await ocspQuestion(certificate, issuer);
        const body = { bytes: question.bytes, type: "application/ocsp-request" };
        const limits = { timeout: TIMEOUT, maxBytes: OCSP_ANSWER_LIMIT, signal: this.#signal };
        const answer = await postTo(url, body, limits);
        const state = readOcspAnswer(answer, question, this.#now, signingTime);
        return state === "unknown" ? { state, reason: `${url} does not know it` } : { state };
      } catch (error) {
        last = { state: "unknown", reason: `${url}: ${reasonOf2(error)}` };
      }
    }
    return last;
  }
  /** Lists may each be for some reasons only, so all must be there, and none may have the certificate. */
  async #askLists({ crls, freshest }, certificate, issuer, signingTime) {
    for (const point of crls) {
      const lists = await this.#listsAt(point, certificate, issuer);
      if (freshest && lists.length === 1)
        throw new FormatError("names a list of changes that is not followed");
      if (stateIn(lists, certificate, signingTime) === "revoked") return "revoked";
    }
    return "good";
  }
  /** A list, and the changes since where it names such. */
  async #listsAt({ url, names }, certificate, issuer) {
    const scope = { names, ca: certificate.basicConstraints?.isCa === true };
    const base = readCrl(await this.#fetchList(url), issuer, scope, this.#now);
    let failed;
    for (const deltaUrl of base.deltaUrls) {
      let bytes;
      try {
        bytes = await this.#fetchList(deltaUrl);
      } catch (error) {
        failed = error;
        continue;
      }
      return [base, readDelta(bytes, issuer, base, this.#now)];
    }
    if (failed !== void 0) throw failed;
    return [base];
  }
  #fetchList(url) {
    const limits = { timeout: TIMEOUT, maxBytes: CRL_LIMIT, signal: this.#signal };
    const list = this.#lists.get(url) ?? getFrom(url, limits);
    this.#lists.set(url, list);
    return list;
  }
};
function reasonOf2(error) {
  if (error instanceof VeritySignError && error.code !== "cancelled") return error.message;
  if (error instanceof FormatError) return `it ${error.message}`;
  throw error;
}

// src/commands/verify/layers/revocation.ts
async function checkSetRevocation(set, { enforcement: { revocation: action } }, revocation) {
  if (action === "skip" || set.verdict !== "verified") return set;
  for (const { path } of set.layers) {
    try {
      await revocation.requireGood(path.map(({ der }) => der));
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

// src/commands/verify/evaluate-signatures.ts
async function evaluateSignatures(store, image, trust, options, { log, now, signal }) {
  const revocation = new RevocationChecker(now, signal);
  const layers = [];
  for (const manifest of image.manifests) {
    layers.push(await evaluateLayerSignatures(store, manifest, trust, revocation));
  }
  const manifests = await evaluateManifestSignatures(store, image, options, trust, revocation);
  for (const [index, { descriptor }] of image.manifests.entries()) {
    const count = `${layers[index]?.length ?? 0} dm-verity referrers, ${manifests.manifests[index]?.length ?? 0}`;
    log.info(`${descriptor.digest}: ${count} Notary signatures`);
  }
  return { layers, manifests };
}
async function evaluateLayerSignatures(store, manifest, trust, revocation) {
  const { descriptor, layers, layersLeftOut } = manifest;
  if (layersLeftOut !== void 0) return [];
  return readReferrers(
    store,
    descriptor,
    DM_VERITY_ARTIFACT_TYPE,
    (referrer) => checkSetRevocation(evaluateReferrer(referrer, manifest, trust), trust, revocation),
    // Any other number of entries is refused, whatever the signatures are.
    (found) => found.layers.length === layers.length
  );
}
async function evaluateManifestSignatures(store, { root, manifests }, { manifestSignature }, trust, revocation) {
  const isIndex = !manifests.some(({ descriptor }) => descriptor.digest === root.digest);
  if (manifestSignature === "none") {
    return { manifests: manifests.map(() => []), index: isIndex ? [] : void 0 };
  }
  const evaluate = (subject) => readReferrers(
    store,
    subject,
    NOTARY_ARTIFACT_TYPE,
    (referrer) => evaluateSignature(referrer, subject, trust, revocation),
    // Any other number of envelopes is refused, whatever they contain.
    ({ layers }) => layers.length === 1
  );
  const index = isIndex ? await evaluate(root) : void 0;
  const perManifest = [];
  for (const { descriptor } of manifests) perManifest.push(await evaluate(descriptor));
  return { manifests: perManifest, index };
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
      if (this.#known.has(resultKey(layer, recipe)) || this.#reuse(layer, recipe)) continue;
      const job = jobs.get(layerKey(layer)) ?? { layer, recipes: /* @__PURE__ */ new Map() };
      job.recipes.set(recipeKey(recipe), recipe);
      jobs.set(layerKey(layer), job);
    }
    const { options, signal, folder, builder } = this.converter;
    if (builder.needsDisk) this.#disk ??= await DiskBudget.of(folder);
    await mapConcurrently(
      [...jobs.values()],
      Math.min(options.concurrency, maxConcurrentLayers(AT_ONCE)),
      signal,
      async ({ layer, recipes }, both) => {
        const all = [...recipes.values()];
        for (let first = 0; first < all.length; first += AT_ONCE) {
          await this.#buildSome(layer, all.slice(first, first + AT_ONCE), both);
        }
      }
    );
  }
  /** The result for a layer and recipe that were built. */
  result(layer, recipe) {
    const found = this.#known.get(resultKey(layer, recipe));
    if (found === void 0) throw new TypeError(`layer ${layer.index} was not built`);
    return found;
  }
  /** Opens the layer's blob again, to inspect its tar. */
  blob(layer, signal) {
    return this.#source.blob(layer.descriptor, signal);
  }
  /** Takes over the result of an earlier image of the run, if there is one. */
  #reuse(layer, recipe) {
    const found = this.#conversions.find(layer, recipe);
    if (found === void 0) return false;
    const { verity, sharedFrom } = found;
    const { rootHash } = verity;
    this.#known.set(resultKey(layer, recipe), {
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
        this.#known.set(resultKey(layer, recipe), { rootHash: converted.verity.rootHash });
        this.#conversions.add(converted, recipe, this.#image);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VeritySignError)) throw error;
      const [only, ...more] = recipes;
      if (only !== void 0 && more.length === 0) this.#known.set(resultKey(layer, only), { error });
      else for (const recipe of recipes) await this.#buildSome(layer, [recipe], signal);
    }
  }
};
function resultKey(layer, recipe) {
  return `${layerKey(layer)} ${recipeKey(recipe)}`;
}

// src/commands/verify/layers/open-rebuilder.ts
async function openRebuilder(source, image, { options, context, folder }) {
  const { log, signal, conversions } = context;
  const opened = await openBuilder(options, {
    profiles: PROFILE_NAMES,
    classes: [],
    folder,
    signal,
    log
  });
  const info = await opened.info;
  conversions?.requireSame(info);
  const converter = { builder: opened.builder, folder, options, log, signal };
  return new Rebuilder(converter, info, source, image, conversions);
}

// src/convert/blob/tar-traits.ts
var MOST_EXTENDED = 1024 * 1024;
var TarTraitsObserver = class {
  #traits = { xattrs: false, oddTimes: false };
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  #skip = 0;
  /** An extended header's data on its way in. */
  #records;
  #size;
  #finished = false;
  push(chunk) {
    for (let at = 0; at < chunk.length && !this.#finished; ) {
      const rest = chunk.length - at;
      if (this.#records !== void 0) at += this.#keep(chunk.subarray(at), this.#records);
      else if (this.#skip > 0) {
        const step = Math.min(this.#skip, rest);
        this.#skip -= step;
        at += step;
      } else {
        const step = Math.min(BLOCK - this.#filled, rest);
        chunk.copy(this.#block, this.#filled, at, at + step);
        this.#filled += step;
        at += step;
        if (this.#filled === BLOCK) this.#header();
      }
    }
  }
  result() {
    return { ...this.#traits };
  }
  #header() {
    this.#filled = 0;
    const header = parseHeader(this.#block);
    if (header === "zero") return;
    const size = header === void 0 ? void 0 : this.#size ?? header.size;
    if (header === void 0 || size === void 0 || !(size >= 0 && size < Number.MAX_SAFE_INTEGER)) {
      this.#finished = true;
      return;
    }
    const padding = (BLOCK - size % BLOCK) % BLOCK;
    if (header.typeflag === "x" || header.typeflag === "g") {
      if (size > MOST_EXTENDED) this.#finished = true;
      else if (size > 0) this.#records = { left: size, padding, pieces: [] };
      return;
    }
    const mtime = this.#block.toString("latin1", 136, 148);
    if (/^[ 0]*[\0 ]*$/.test(mtime) || mtime.startsWith("ÿ")) this.#traits.oddTimes = true;
    this.#skip = "125".includes(header.typeflag) ? 0 : size + padding;
    this.#size = void 0;
  }
  #keep(rest, records) {
    const step = Math.min(records.left, rest.length);
    records.pieces.push(Buffer.from(rest.subarray(0, step)));
    records.left -= step;
    if (records.left > 0) return step;
    this.#records = void 0;
    this.#skip = records.padding;
    for (const { key, value } of parsePaxRecords(Buffer.concat(records.pieces))) {
      const text = value.toString("latin1");
      if (key.startsWith("SCHILY.xattr.") || key.startsWith("LIBARCHIVE.xattr.")) this.#traits.xattrs = true;
      else if (key === "mtime" && (/[.-]/.test(text) || Number(text) === 0)) this.#traits.oddTimes = true;
      else if (key === "size" && text !== "") this.#size = Number(text);
    }
    return step;
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
  const found = [];
  let searched = 0;
  for (const layer of different) {
    const cause = otherLayer(layer, layers) ?? await otherClass(layer.layer, recorded, rebuilder);
    if (cause !== void 0) causes.set(layer, cause);
    else if (await search(layer, found, rebuilder) === void 0 && searched < MAX_SEARCHED) {
      const recipe = await search(layer, alternatives(recipes, recorded, rebuilder), rebuilder);
      if (recipe !== void 0) found.unshift(recipe);
      searched += 1;
    }
  }
  for (const layer of different.filter((one) => !causes.has(one))) {
    const recipe = await search(layer, found, rebuilder);
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
async function otherClass(layer, recorded, rebuilder) {
  const here = rebuilder.mkfsClass;
  const there = recorded.class;
  if (here === void 0 || there === void 0 || there === here) return void 0;
  const traits = await traitsOf(layer, rebuilder);
  const has = [
    // C came with another order of attributes, B with another treatment of times.
    ...traits?.xattrs && there === "C" !== (here === "C") ? ["extended attributes"] : [],
    ...traits?.oddTimes && there === "A" !== (here === "A") ? ["unusual times"] : []
  ];
  if (has.length === 0) return void 0;
  return `built by erofs-utils class ${there}, this machine has class ${here}, and the layer has ${has.join(" and ")}`;
}
async function traitsOf(layer, rebuilder) {
  const { signal, options } = rebuilder.converter;
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const observer = new TarTraitsObserver();
  try {
    const limits = { maxTarSize: options.maxLayerSize, signal };
    const { tar } = openLayerTar(await rebuilder.blob(layer), expected, limits);
    for await (const chunk of tar) observer.push(chunk);
    return observer.result();
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
    { ...recipeOf("containerd-tar-index", mkfsOptions), uuidSource: "diffId" }
  ]);
  const classes = KNOWN_CLASSES.toSorted(
    (a, b) => Number(b === recorded.class) - Number(a === recorded.class)
  );
  const all = mkfsClass === void 0 ? plain.filter(nativelyKnown).flatMap((recipe) => ofClasses(recipe, classes)) : plain;
  const known = new Set(recipes.map(recipeKey));
  return [...new Map(all.map((recipe) => [recipeKey(recipe), recipe])).values()].filter(
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
  const same = recipes.find((one) => one.profile === profile && one.uuidSource === uuidSource);
  const what = [
    ...same === void 0 ? [`profile ${profile}`] : [],
    ...same === void 0 && uuidSource !== recipeOf(profile, mkfsOptions).uuidSource ? ["a UUID from the diffID"] : [],
    ...recipes.some((one) => one.mkfsOptions.join(" ") === mkfsOptions.join(" ")) ? [] : [`mkfs options ${mkfsOptions.join(" ")}`],
    ...recipes.some((one) => one.class === of) ? [] : [`erofs-utils class ${of}`]
  ];
  return `signed for ${what.join(" with ")}`;
}

// src/commands/verify/layers/recompute.ts
var MAX_SETS = 12;
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
async function recompute(sets, open, options) {
  const verified = sets.flat().filter(({ verdict }) => verdict === "verified");
  const requested = verified.filter((set) => isRequested(set, options));
  requested.sort((a, b) => Number(hasUnusualOptions(a)) - Number(hasUnusualOptions(b)));
  const chosen = requested.slice(0, MAX_SETS);
  const rebuilder = chosen.length === 0 ? void 0 : await openOrReport(open);
  const results = /* @__PURE__ */ new Map();
  for (const set of verified) results.set(set, notRequested(set));
  for (const set of requested) results.set(set, notBuilt(set, tooMany(requested.length)));
  if (rebuilder instanceof VeritySignError) {
    for (const set of chosen) results.set(set, notBuilt(set, rebuilder.message));
  } else if (rebuilder !== void 0) {
    await rebuilder.build(
      chosen.flatMap(
        (set) => recipesOf(set, options).flatMap((recipe) => set.layers.map(({ layer }) => ({ layer, recipe })))
      )
    );
    for (const set of chosen) results.set(set, await compare(set, recipesOf(set, options), rebuilder));
  }
  const recomputed = sets.map((ofManifest) => ofManifest.map((set) => results.get(set) ?? set));
  return rebuilder === void 0 || rebuilder instanceof VeritySignError ? { sets: recomputed } : { sets: recomputed, builder: rebuilder.info };
}
function isRequested({ profile }, { strict, profiles }) {
  return strict || profile === void 0 || profiles.includes(profile);
}
function hasUnusualOptions({ profile = "containerd", recorded }) {
  const { mkfsOptions } = recorded;
  return mkfsOptions !== void 0 && mkfsOptions.join(" ") !== recipeOf(profile).mkfsOptions.join(" ");
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
function tooMany(count) {
  return `not recomputed: there are ${count} sets of signatures, at most ${MAX_SETS} are recomputed`;
}
async function compare(set, recipes, rebuilder) {
  const outcomes = recipes.map((recipe) => ({
    recipe,
    results: set.layers.map(({ layer }) => rebuilder.result(layer, recipe))
  }));
  const matches = ({ results }) => results.filter((result, index) => "rootHash" in result && result.rootHash === set.layers[index]?.rootHash).length;
  const [best] = outcomes.toSorted((a, b) => matches(b) - matches(a));
  if (best === void 0) throw new TypeError("a set has no recipe");
  const layers = set.layers.map((layer, index) => compareLayer(layer, best.results[index]));
  const compared = { ...set, step: "recompute", layers };
  if (matches(best) === set.layers.length) return { ...compared, profile: best.recipe.profile };
  const failed = firstReason(layers, "unchecked");
  if (failed !== void 0 && layers.every(({ verdict }) => verdict !== "invalid")) {
    return { ...compared, verdict: "unchecked", reason: failed };
  }
  if (matches(best) > 0) compared.profile = best.recipe.profile;
  compared.layers = await explainDifference(layers, recipes, set.recorded, rebuilder);
  return { ...compared, verdict: "invalid", reason: firstReason(compared.layers, "invalid") };
}
function compareLayer(layer, result) {
  if (result === void 0) throw new TypeError(`layer ${layer.layer.index} was not built`);
  if ("error" in result) {
    const { code, message } = result.error;
    return {
      ...layer,
      verdict: code === "image" || code === "usage" ? "invalid" : "unchecked",
      reason: message
    };
  }
  const { rootHash: recomputed, sharedFrom } = result;
  const built = { ...layer, recomputed, ...sharedFrom === void 0 ? {} : { sharedFrom } };
  if (recomputed === layer.rootHash) return built;
  return { ...built, verdict: "invalid", reason: `the signed root hash is not the layer's` };
}

// src/commands/verify/trust/trust-policy-file.ts
import { lstat as lstat2, readFile as readFile2, stat as stat2 } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/commands/verify/trust/trust-stores.ts
import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

// src/signatures/notary/certificates/store-rules.ts
function storeViolation(der, type) {
  try {
    const certificate = readNotaryCertificate(der);
    const isRoot = hasIssued(certificate, certificate);
    if (isRoot) return void 0;
    if (type === "tsa") return `"${certificate.name}" is not a root`;
    if (certificate.basicConstraints?.isCa === true) return void 0;
    return `"${certificate.name}" is neither of a certificate authority nor self-signed`;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `there is ${error.message}`;
  }
}

// src/commands/verify/trust/trust-stores.ts
var MAX_FILES = 1e3;
var MAX_FILE_SIZE = 1024 * 1024;
function notationFolder() {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "notation");
}
async function loadTrustStore(type, name) {
  if (!isStoreName(name)) {
    throw new VeritySignError("usage", `${JSON.stringify(name)} is not the name of a trust store`, {
      remedy: `Give the name of a folder in notation's truststore/x509/${type}`
    });
  }
  const folder = join(notationFolder(), "truststore/x509", type, name);
  const found = await lstat(folder).catch(() => void 0);
  if (found !== void 0 && !found.isDirectory()) {
    throw unfit(folder, "is not a folder (symbolic links are not followed)", "Replace it by a folder");
  }
  const entries = found === void 0 ? [] : await readdir(folder, { withFileTypes: true });
  if (entries.length === 0) {
    const remedy = `Add one with notation cert add --type ${type} --store ${name} FILE`;
    throw unfit(folder, "contains no certificate", remedy);
  }
  if (entries.length > MAX_FILES)
    throw unfit(
      folder,
      `contains ${entries.length} files, more than ${MAX_FILES}`,
      "Remove files that are not needed"
    );
  const irregular = entries.find((entry) => !entry.isFile());
  if (irregular !== void 0) {
    const remedy = "Remove it, or put the certificate itself there";
    throw unfit(folder, `contains ${irregular.name}, which is not a regular file`, remedy);
  }
  const files = entries.map((entry) => join(folder, entry.name)).sort();
  const certificates = (await Promise.all(files.map(readTrustedCertificates))).flat();
  for (const der of certificates) {
    const violation = storeViolation(der, type);
    if (violation !== void 0)
      throw unfit(folder, `cannot be used: ${violation}`, "Put the root certificate there");
  }
  return certificates;
}
async function readTrustedCertificates(path) {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_SIZE) throw new VeritySignError("usage", `it has ${size} bytes`);
    const bytes = await readFile(path);
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
function asPem(der) {
  return `-----BEGIN CERTIFICATE-----
${der.toString("base64")}
-----END CERTIFICATE-----
`;
}
function unfit(folder, what, remedy) {
  return new VeritySignError("usage", `the trust store ${folder} ${what}`, { remedy });
}

// src/commands/verify/trust/trust-policy-file.ts
var FILES = ["trustpolicy.oci.json", "trustpolicy.json"];
var MAX_SIZE = 4 * 1024 * 1024;
async function readTrustPolicy(given) {
  const path = given === "notation" ? await configured() : given;
  return { path, statements: await inFile(path, async () => parseTrustPolicy(await readLimited(path))) };
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
    const path = join2(folder, name);
    const found = await lstat2(path).catch(() => void 0);
    if (found === void 0) continue;
    if (found.isFile()) return path;
    throw new VeritySignError("usage", `trust-policy: ${path} is not a regular file`, {
      remedy: "Replace it by a file, as notation demands too"
    });
  }
  throw new VeritySignError("usage", `trust-policy: notation has none configured in ${folder}`, {
    remedy: "Configure one with notation policy import FILE, or give the path of one"
  });
}
async function readLimited(path) {
  const { size } = await stat2(path);
  if (size > MAX_SIZE) throw new VeritySignError("usage", `it has ${size} bytes, the limit is ${MAX_SIZE}`);
  return readFile2(path);
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
async function loadTrust(options, reference, { now }) {
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
  const stores = trustStores.map(parseStore);
  const of = async (type) => (await Promise.all(stores.filter((store) => store.type === type).map(load))).flat();
  const files = (await Promise.all(trustedCertificates.map(readTrustedCertificates))).flat();
  return {
    ...common2,
    anchors: [...files, ...await of("ca")],
    signingAuthorities: await of("signingAuthority"),
    tsa: stores.some(({ type }) => type === "tsa") ? await of("tsa") : void 0,
    enforcement: WITHOUT_POLICY,
    policy: void 0
  };
}
var load = ({ type, name }) => loadTrustStore(type, name);
function parseStore(text) {
  const [, kind = "ca", name = ""] = /^(?:([^:]*):)?(.*)$/s.exec(text) ?? [];
  const type = ["ca", "signingAuthority", "tsa"].find((one) => one === kind);
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
      return (await Promise.all([...names].map((name) => loadTrustStore(type, name)))).flat();
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

// src/commands/verify/verify-report.ts
var ENFORCEMENT = "Enforcement is the kernel's: this says what was signed by whom, not that any node demands it.";
var NO_LAYERS = "Layer signatures were not checked.";
var SIGNER_ONLY = "Nothing was recomputed: only the signer of the root hashes is proven, not that they are those of these layers.";
function verifyReport(checked) {
  const { options, trust, image, builder, oras, index, watch } = checked;
  const covered = options.layers === "none" && index?.notary.verdict === "verified";
  const others = covered ? [] : skippedButRun(image, options.platforms).map(skippedVerdict);
  const platforms = [...checked.platforms.map(platformReport), ...others];
  const verdict = worstVerdict(
    [...platforms, ...index === void 0 ? [] : [index]].map((one) => one.verdict)
  );
  const first = platforms.find((platform) => platform.verdict === verdict);
  const several = platforms.length > 1 || index !== void 0;
  const where = several ? `${first === void 0 ? "index" : first.platform ?? first.manifest.digest}: ` : "";
  const reason = first?.reason ?? index?.reason ?? verdict;
  const { digest, mediaType } = image.root;
  return {
    ...common(options, trust, watch),
    verdict,
    ...verdict === "verified" ? {} : { reason: `${where}${reason}` },
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builder === void 0 ? {} : { builder },
    ...oras === void 0 ? {} : { oras },
    ...index === void 0 ? {} : { index: indexReport(index, image) },
    platforms,
    skipped: skippedReport(image)
  };
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
    skipped: []
  };
}
function common(options, trust, watch) {
  return {
    schemaVersion: 1,
    tool: TOOL,
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
  const { name, level } = statement;
  return { trustPolicy: { path, statement: name, scope, level, enforcement: { ...enforcement } } };
}
function notesFor({ layers, recompute: recompute2 }, { policy, enforcement }) {
  const lenient = Object.entries(enforcement).filter(([, action]) => action !== "enforce").map(([validation, action]) => `${validation} (${action})`);
  return [
    ...policy !== void 0 && lenient.length > 0 ? [`The trust policy does not enforce everything: ${lenient.join(", ")}.`] : [],
    ...layers === "none" ? [NO_LAYERS] : recompute2 ? [ENFORCEMENT] : [SIGNER_ONLY, ENFORCEMENT]
  ];
}
function indexReport(index, { root: { mediaType, digest, size } }) {
  return {
    manifest: { mediaType, digest, size },
    ...outcome(index),
    manifestSignature: manifestVerdict(index.notary),
    manifestSignatures: index.signatures.map(notaryReport)
  };
}
function platformReport(checked) {
  const { manifest, sets, layers, notary, signatures } = checked;
  const { mediaType, digest, size } = manifest.descriptor;
  const profiles = layers?.profiles ?? [];
  return {
    ...manifest.platform === void 0 ? {} : { platform: platformName(manifest.platform) },
    manifest: { mediaType, digest, size },
    ...outcome(checked),
    profiles: profiles.map((one) => ({
      profile: one.profile,
      ...outcome(one),
      ...one.good === void 0 ? {} : { referrer: one.good.referrer }
    })),
    signatures: sets.map((set) => setReport(set, profiles)),
    skippedLayers: skippedLayersReport(manifest),
    ...manifest.layersLeftOut === void 0 ? {} : { layersLeftOut: manifest.layersLeftOut },
    ...notary === void 0 ? {} : { manifestSignature: manifestVerdict(notary) },
    manifestSignatures: signatures.map(notaryReport)
  };
}
function skippedButRun({ skipped }, wanted) {
  const asked = new Set(wanted.map((text) => formatPlatform(parsePlatform(text))));
  return skipped.filter(({ mayRun, descriptor: { platform } }) => {
    if (!mayRun || asked.size === 0 || platform === void 0) return mayRun;
    return asked.has(formatPlatform({ ...platform, os: platform.os || "linux" }));
  });
}
function skippedVerdict({ descriptor, reason }) {
  const { mediaType, digest, size, platform } = descriptor;
  return {
    ...platform === void 0 ? {} : { platform: platformName(platform) },
    manifest: { mediaType, digest, size },
    verdict: "invalid",
    reason: `a node may run ${digest}, but its layers cannot be signed: ${reason}`,
    profiles: [],
    signatures: [],
    skippedLayers: [],
    manifestSignatures: []
  };
}
function setReport(set, profiles) {
  const { recorded, profile } = set;
  const signers = new Map(set.layers.map(({ signer }) => [signer?.fingerprint, signer]));
  const counted = profiles.filter(({ good }) => good === set).map((one) => one.profile);
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
async function verifyImage(options, context) {
  const watch = new Stopwatch();
  checkDemands(options);
  recipesFor(options);
  const reference = parseReference(options.image);
  requireReferrers(reference, IN_REGISTRY);
  const trust = await loadTrust(options, reference, context);
  if (trust.policy?.statement.level === "skip") {
    const report = skippedImageReport(options, trust, watch);
    context.log.warn(`${options.image}: ${report.reason}`);
    return report;
  }
  try {
    return await inContext(
      { image: options.image },
      () => withTempFolder(
        options.tempDir,
        (folder) => verifyIn({ options, context, folder, watch }, reference, trust)
      )
    );
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === "usage" || context.signal.aborted) throw error;
    return uncheckedReport(options, trust, error, watch);
  }
}
async function verifyIn(run, reference, trust) {
  const { options, context, folder, watch } = run;
  const { log } = context;
  const opened = await openImage(reference, folder, options, context);
  const image = await watch.time(
    "resolve",
    () => log.group(`Resolve ${options.image}`, () => resolveImage(opened.source, options))
  );
  const found = await watch.time(
    "fetch",
    () => log.group(
      "Read and check signatures",
      (own) => evaluateSignatures(opened.store, image, trust, options, { ...context, log: own })
    )
  );
  const { sets, builder } = options.recompute ? await watch.time(
    "convert",
    () => recompute(found.layers, () => openRebuilder(opened.source, image.name, run), options)
  ) : { sets: found.layers };
  const evaluated = evaluateImage(image, sets, found.manifests, options, trust.policy !== void 0);
  return verifyReport({ options, trust, image, builder, oras: opened.oras, ...evaluated, watch });
}

export {
  verifyImage
};
