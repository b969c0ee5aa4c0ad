import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  FormatError,
  certificateName,
  certificateRefusal,
  hasIssued,
  isBroken,
  issuerRefusal,
  leafRefusal,
  parsePkcs7,
  readCertificate,
  sameBytes
} from "./chunk-GTBLXIS5.js";
import {
  DM_VERITY_ARTIFACT_TYPE,
  LAYER_DIGEST,
  OWN_PREFIX,
  PKCS7_MEDIA_TYPE,
  PROFILES,
  ROOT_HASH,
  SIGNATURE_MARK,
  parseMkfsOptions
} from "./chunk-HN7UX6P3.js";
import {
  VeritySignError
} from "./chunk-6OOLX2PB.js";

// src/pkcs7/identity.ts
var ALIASES = {
  S: "ST",
  E: "EMAILADDRESS",
  EMAIL: "EMAILADDRESS",
  SURNAME: "SN"
};
function parseSignerIdentity(text) {
  const hex = text.replace(/^sha256:/i, "").replaceAll(":", "");
  if (/^[0-9a-f]{64}$/i.test(hex)) return { fingerprint: hex.toLowerCase() };
  const attributes = splitUnescaped(text.replace(/^x509\.subject:/, ""), ",").map(parseAttribute);
  if (attributes.length === 0 || attributes.includes(void 0)) {
    throw new VeritySignError(
      "usage",
      `the signer identity ${JSON.stringify(text)} is neither attributes nor a fingerprint`,
      { remedy: "Give subject attributes such as CN=release,O=Example, or a SHA-256 fingerprint in hex" }
    );
  }
  return { attributes: attributes.filter((attribute) => attribute !== void 0) };
}
function hasIdentity(certificate, identity) {
  if ("fingerprint" in identity) return certificate.fingerprint === identity.fingerprint;
  const present = (certificate.x509.subject ?? "").split("\n").flatMap((line) => splitUnescaped(line, " + ")).map(attributeOf);
  return identity.attributes.every(
    ([name, value]) => present.some((attribute) => attribute?.[0] === name && attribute[1] === value)
  );
}
function parseAttribute(text) {
  const [name = "", ...rest] = text.split("=");
  const value = rest.join("=").trimStart();
  const end = value.trimEnd();
  const escaped = end !== value && (/\\*$/.exec(end)?.[0].length ?? 0) % 2 === 1;
  return attributeOf(`${name.trim()}=${escaped ? value.slice(0, end.length + 1) : end}`);
}
function attributeOf(text) {
  const at = text.indexOf("=");
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at === -1 || value === "" || !/^(?:[A-Za-z][A-Za-z0-9.-]*|\d+(?:\.\d+)*)$/.test(name)) return void 0;
  const upper = name.toUpperCase();
  return [ALIASES[upper] ?? upper, value.replaceAll(/(?:\\[0-9a-fA-F]{2})+|\\(.)/gs, unescaped)];
}
function unescaped(whole, character) {
  return character ?? Buffer.from(whole.replaceAll("\\", ""), "hex").toString("utf8");
}
function splitUnescaped(text, separator) {
  const parts = [""];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (text.startsWith(separator, at)) {
      parts.push("");
      at += separator.length - 1;
      continue;
    }
    parts[parts.length - 1] += character === "\\" ? character + (text[++at] ?? "") : character;
  }
  return parts.filter((part) => part.trim() !== "");
}

// src/pkcs7/pem.ts
var BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----$/;
var BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
var MAX_BYTES = 256 * 1024;
function readPem(pem, wanted) {
  if (pem.length > MAX_BYTES) throw new FormatError(`more than ${MAX_BYTES / 1024} KiB`);
  const text = typeof pem === "string" ? pem : Buffer.from(pem).toString("latin1");
  const blocks = [];
  let label;
  let body = [];
  for (const rawLine of text.split(/\r\n|\r|\n/)) {
    const line = rawLine.trim();
    const begin = BEGIN.exec(line.replace(/^(\u{feff}|\xef\xbb\xbf)/u, ""));
    if (begin !== null) {
      if (label !== void 0) throw new FormatError(`a ${label} block without an end`);
      label = begin[1] ?? "";
      body = [];
    } else if (label !== void 0 && line === `-----END ${label}-----`) {
      const bytes = label === wanted ? decode(body.join(""), label) : new Uint8Array();
      blocks.push({ label, bytes });
      label = void 0;
    } else if (label !== void 0) {
      body.push(line);
    }
  }
  if (label !== void 0) throw new FormatError(`a ${label} block without an end`);
  return blocks;
}
function decode(base64, label) {
  if (base64 === "" || base64.length % 4 !== 0 || !BASE64.test(base64)) {
    throw new FormatError(`a ${label} block that is not base64`);
  }
  return Buffer.from(base64, "base64");
}

// src/pkcs7/chain.ts
var ORDER_REMEDY = "Give one PEM file with the signing certificate first, then the certificate that issued it, and so on; the root may be left out";
function loadCertificateChain(pem) {
  const remedy = `${ORDER_REMEDY}; convert DER with openssl x509 -inform DER`;
  return chainFromDer(readCertificateBundle(pem, "certificate file", remedy));
}
function readCertificateBundle(pem, what, remedy) {
  try {
    const blocks = readPem(pem, "CERTIFICATE");
    const ders = blocks.filter((block) => block.label === "CERTIFICATE").map((block) => block.bytes);
    if (ders.length > 0) return ders;
    const others = [...new Set(blocks.map((block) => block.label))];
    throw new FormatError(
      others.length === 0 ? "no PEM block" : `no certificate, only: ${others.join(", ")}`
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `the ${what} holds ${error.message}`, { remedy });
  }
}
function chainFromDer(ders) {
  const certificates = ders.map((der, index) => {
    try {
      return readCertificate(der);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new VeritySignError(
        "key",
        `certificate ${index + 1} of ${ders.length} cannot be read: ${error.message}`,
        {
          remedy: "Export the certificate again, as X.509 in PEM",
          cause: error
        }
      );
    }
  });
  const [leaf, ...issuers] = certificates;
  if (leaf === void 0)
    throw new VeritySignError("key", "there is no certificate", { remedy: ORDER_REMEDY });
  checkOrder(certificates);
  for (const certificate of certificates) {
    refuse(
      certificate,
      certificateRefusal(certificate),
      "Use a certificate and CA with a key and algorithm that the kernel accepts"
    );
  }
  refuse(leaf, leafRefusal(leaf), "Use a certificate for digital signatures, not the one of a CA");
  for (const [index, issuer] of issuers.entries()) {
    refuse(
      issuer,
      issuerRefusal(issuer, pathBelow(issuers.slice(0, index))),
      "Have the certificate issued by a proper CA"
    );
  }
  const last = issuers.at(-1);
  const root = last?.selfSigned === true ? last : void 0;
  const intermediates = root === void 0 ? issuers : issuers.slice(0, -1);
  return { leaf, intermediates, root, warnings: kernelWarnings([leaf, ...intermediates]) };
}
function checkValidity(chain, now) {
  const root = chain.root === void 0 ? [] : [chain.root];
  for (const certificate of [chain.leaf, ...chain.intermediates, ...root]) {
    refuse(
      certificate,
      validityRefusal(certificate, now),
      "Renew the certificate, and check the clock of this machine"
    );
  }
}
function validityRefusal(certificate, at) {
  if (at < certificate.notBefore) return `is not valid before ${certificate.notBefore.toISOString()}`;
  if (at > certificate.notAfter) return `expired on ${certificate.notAfter.toISOString()}`;
  return void 0;
}
function pathBelow(authorities) {
  return authorities.filter(({ raw }) => !sameBytes(raw.issuer, raw.subject)).length;
}
function embeddedCertificates(chain) {
  return [chain.leaf, ...chain.intermediates];
}
function refuse(certificate, reason, remedy) {
  if (reason !== void 0) {
    throw new VeritySignError("key", `the ${certificateName(certificate)} ${reason}`, { remedy });
  }
}
function checkOrder(certificates) {
  for (const [index, certificate] of certificates.entries()) {
    const next = certificates[index + 1];
    if (next === void 0 || !certificate.selfSigned && hasIssued(next, certificate)) continue;
    const name = certificateName(certificate);
    const misplaced = certificates.some((other) => hasIssued(other, certificate)) || certificates.slice(index + 1).some((other) => hasIssued(certificate, other));
    if (misplaced) {
      throw new VeritySignError(
        "key",
        `the certificate chain is out of order: the ${name} is not followed by its issuer`,
        {
          remedy: ORDER_REMEDY
        }
      );
    }
    if (sameBytes(certificate.raw.issuer, next.raw.subject)) {
      throw new VeritySignError(
        "key",
        `the ${name} was not signed by the key of the ${certificateName(next)} after it`,
        {
          remedy: "Use the certificate of the CA that issued it: a CA may have several keys under one name"
        }
      );
    }
    throw new VeritySignError(
      "key",
      `the certificate chain is incomplete: the issuer "${certificate.issuer}" of the ${name} is missing`,
      { remedy: ORDER_REMEDY }
    );
  }
}
function kernelWarnings(embedded) {
  return embedded.filter((certificate) => !certificate.selfSigned && !certificate.extensions.namesIssuerKey).map(
    (certificate) => `the ${certificateName(certificate)} has no authorityKeyIdentifier: the kernel cannot find its issuer and accepts the signature only where this very certificate is in its keyring`
  );
}

// src/pkcs7/trust.ts
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
  let firstReason2;
  for (const [index, certificate] of certificates.entries()) {
    const path = certificates.slice(0, index + 1);
    const candidates = anchors.filter((anchor) => sameBytes(anchor.der, certificate.der)).map(() => path).concat(
      anchors.filter((anchor) => issuedByOther(anchor, certificate)).map((anchor) => [...path, anchor])
    );
    for (const candidate of candidates) {
      const reason = pathRefusal(candidate, at, options.allowExpired === true);
      if (reason === void 0) return candidate;
      firstReason2 ??= reason;
    }
  }
  const signer = certificates[0];
  const name = signer === void 0 ? "the signature has no certificate" : `the signer's ${certificateName(signer)}`;
  throw new VeritySignError(
    "key",
    firstReason2 === void 0 ? `${name} does not lead to any trusted certificate` : `${name} is not trusted: ${firstReason2}`,
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
    throw new VeritySignError("key", `a trusted certificate cannot be read: ${error.message}`, {
      remedy: "Give trusted certificates as X.509 in PEM",
      cause: error
    });
  }
}
function issuedByOther(anchor, certificate) {
  return !sameBytes(anchor.der, certificate.der) && hasIssued(anchor, certificate);
}
function pathRefusal(path, at, allowExpired) {
  for (const [index, certificate] of path.entries()) {
    const expired = certificate.notAfter < at;
    const reason = (expired && allowExpired ? void 0 : validityRefusal(certificate, at)) ?? certificateRefusal(certificate) ?? (index === 0 ? leafRefusal(certificate) : issuerRefusal(certificate, pathBelow(path.slice(1, index)))) ?? unknownCriticalRefusal(certificate);
    if (reason !== void 0) return `the ${certificateName(certificate)} ${reason}`;
  }
  return void 0;
}
function unknownCriticalRefusal(certificate) {
  const [id] = certificate.extensions.unknownCritical;
  return id === void 0 ? void 0 : `has a critical extension that is not understood (${id})`;
}

// src/pkcs7/verify.ts
import { constants, verify } from "node:crypto";
function signedContent(rootHash) {
  if (!/^[0-9a-f]{64}$/.test(rootHash)) throw new TypeError("a root hash is 64 lowercase hex digits");
  return Buffer.from(rootHash, "ascii");
}
function signatureHolds(key, digest, signature, rootHash) {
  return holdsOver(key, digest, signature, signedContent(rootHash));
}
function holdsOver(key, digest, signature, content) {
  const how = { key, padding: constants.RSA_PKCS1_PADDING, dsaEncoding: "der" };
  try {
    return verify(
      digest,
      content,
      key.asymmetricKeyType === "rsa" ? how : { key, dsaEncoding: "der" },
      signature
    );
  } catch {
    return false;
  }
}
function verifySignature(parsed, rootHash) {
  if (!signatureHolds(parsed.signer.x509.publicKey, parsed.digest, parsed.signature, rootHash)) {
    const other = otherContent(parsed, rootHash);
    const what = other === void 0 ? `the PKCS#7 signature is not one over the root hash ${rootHash}` : `the PKCS#7 signature is one over ${other}, not over its 64 lowercase hex digits`;
    throw new VeritySignError("image", what, {
      remedy: "Sign the image again; if it was signed as it is, someone changed the signature or the root hash"
    });
  }
}
function otherContent({ signer, digest, signature }, rootHash) {
  const mistakes = [
    ["the 32 raw bytes of the root hash", Buffer.from(rootHash, "hex")],
    ["the root hash in uppercase", Buffer.from(rootHash.toUpperCase())],
    ["the root hash and a line end", Buffer.from(`${rootHash}
`)],
    ["the root hash with the prefix sha256:", Buffer.from(`sha256:${rootHash}`)]
  ];
  const { publicKey } = signer.x509;
  return mistakes.find(([, content]) => holdsOver(publicKey, digest, signature, content))?.[0];
}

// src/pipeline/verify-structure.ts
var EMPTY_CONFIG = {
  mediaType: "application/vnd.oci.empty.v1+json",
  digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
};
function checkStructure(manifest, image) {
  const { artifactType, config, subject, annotations, layers: entries } = manifest;
  if (artifactType !== DM_VERITY_ARTIFACT_TYPE) throw wrong(`its artifact type is ${quote(artifactType)}`);
  if (config.mediaType !== EMPTY_CONFIG.mediaType || config.digest !== EMPTY_CONFIG.digest) {
    throw wrong(`its config is ${quote(config.mediaType)}, not the empty one`);
  }
  checkSubject(subject, image.descriptor);
  const mark = annotations[SIGNATURE_MARK];
  if (mark !== void 0 && mark !== "true")
    throw wrong(`its annotation ${SIGNATURE_MARK} is ${quote(mark)}`);
  const checked = entries.map((entry, position) => checkEntry(entry, position, image.layers[position]));
  if (entries.length !== image.layers.length) {
    throw wrong(`it has ${entries.length} entries for ${image.layers.length} layers`);
  }
  const byLayer = /* @__PURE__ */ new Map();
  for (const { layer, rootHash } of checked) {
    const { digest } = layer.descriptor;
    if ((byLayer.get(digest) ?? rootHash) !== rootHash) throw wrong(`it has two root hashes for ${digest}`);
    byLayer.set(digest, rootHash);
  }
  return checked;
}
function checkSubject(subject, image) {
  if (subject.digest !== image.digest || subject.size !== image.size) {
    throw wrong(`its subject is ${subject.digest} (${subject.size} bytes), another manifest`);
  }
  if (subject.mediaType !== image.mediaType && subject.mediaType !== "application/octet-stream") {
    throw wrong(`its subject has the media type ${quote(subject.mediaType)}`);
  }
}
function checkEntry(entry, position, layer) {
  const name = `entry ${position}`;
  const named = entry.annotations?.[LAYER_DIGEST];
  const rootHash = entry.annotations?.[ROOT_HASH];
  if (named === void 0) throw wrong(`${name} names no layer (${LAYER_DIGEST})`);
  if (layer === void 0) throw wrong(`${name} is for ${quote(named)}, a layer too many`);
  if (named !== layer.descriptor.digest) {
    throw wrong(`${name} is for ${quote(named)}, the image has ${layer.descriptor.digest} there`);
  }
  if (entry.mediaType !== PKCS7_MEDIA_TYPE) throw wrong(`${name} is ${quote(entry.mediaType)}, not PKCS#7`);
  if (rootHash === void 0) throw wrong(`${name} has no root hash (${ROOT_HASH})`);
  if (!/^[0-9a-f]{64}$/.test(rootHash)) {
    throw wrong(`the root hash of ${name}, ${quote(rootHash)}, is not 64 lowercase hex digits`);
  }
  return { layer, rootHash, signatureDigest: entry.digest };
}
var NOT_FOLLOWED = ["file-contexts", "compress-hints", "exclude-path", "exclude-regex"];
var ALIGNMENTS = ["fsalignblks", "dsunit"];
function readRecord(annotations) {
  const of = (name) => annotations[`${OWN_PREFIX}${name}`];
  const [profile, version, options, mkfsClass] = [
    of("profile"),
    of("erofs-utils-version"),
    of("mkfs-options"),
    ["A", "B", "C", "unknown"].find((name) => name === of("erofs-utils-class"))
  ];
  if (profile !== void 0 && !isProfile(profile)) throw wrong(`it records the profile ${quote(profile)}`);
  return {
    ...profile === void 0 ? {} : { profile },
    ...options === void 0 ? {} : { mkfsOptions: recordedOptions(options) },
    ...version === void 0 ? {} : { version: version.slice(0, 40) },
    ...mkfsClass === void 0 ? {} : { class: mkfsClass }
  };
}
function isProfile(text) {
  return Object.hasOwn(PROFILES, text);
}
function recordedOptions(text) {
  if (text.length > 1024) throw wrong("it records mkfs options of more than 1024 characters");
  try {
    const words = parseMkfsOptions(text);
    for (const [position, word] of words.entries()) checkRecorded(word, words[position + 1]);
    return words;
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw wrong(`it records mkfs options that are not followed (${error.message})`, error);
  }
}
function checkRecorded(word, next) {
  if (!word.startsWith("--")) return;
  const [name = "", value = next ?? ""] = word.slice(2).split("=", 2);
  const isOneOf = (names) => names.some((long) => long.startsWith(name));
  if (isOneOf(NOT_FOLLOWED) || isOneOf(ALIGNMENTS) && !/^\d{1,4}$/.test(value)) {
    throw new VeritySignError("usage", `${quote(word)} is only for options of one's own`);
  }
}
function quote(text) {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
function wrong(what, cause) {
  return new VeritySignError("image", `not a signature manifest for this image: ${what}`, { cause });
}

// src/pipeline/verify-set.ts
var STEPS = ["read", "structure", "signature", "trust", "recompute"];
function judgeReferrer(referrer, image, trust) {
  const set = {
    referrer: referrer.descriptor.digest,
    verdict: "verified",
    reason: void 0,
    step: "read",
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
  let entries;
  try {
    set.recorded = readRecord(referrer.manifest.annotations);
    set.profile = set.recorded.profile;
    entries = checkStructure(referrer.manifest, image);
  } catch (error) {
    return { ...set, verdict: "invalid", reason: reasonOf(error) };
  }
  const notes = /* @__PURE__ */ new Set();
  set.layers = entries.map(
    (entry, index) => judgeLayer(entry, referrer.blobs[index] ?? new Uint8Array(), trust, notes)
  );
  set.notes = [...notes];
  const invalid = firstReason(set.layers, "invalid");
  if (invalid !== void 0) return { ...set, step: "signature", verdict: "invalid", reason: invalid };
  const untrusted = firstReason(set.layers, "not-trusted");
  return untrusted === void 0 ? { ...set, step: "trust" } : { ...set, step: "trust", verdict: "not-trusted", reason: untrusted };
}
function firstReason(layers, verdict) {
  const found = layers.find((layer) => layer.verdict === verdict);
  return found && `layer ${found.layer.index}: ${found.reason ?? verdict}`;
}
function judgeLayer(entry, pkcs7, trust, notes) {
  const layer = {
    ...entry,
    signer: void 0,
    verdict: "verified",
    reason: void 0,
    recomputed: void 0
  };
  let parsed;
  try {
    parsed = parsePkcs7(pkcs7);
    layer.signer = parsed.signer;
    verifySignature(parsed, entry.rootHash);
  } catch (error) {
    return { ...layer, verdict: "invalid", reason: reasonOf(error) };
  }
  try {
    checkTrust(parsed, trust, notes);
  } catch (error) {
    return { ...layer, verdict: "not-trusted", reason: reasonOf(error) };
  }
  return layer;
}
function checkTrust({ signer, certificates }, { anchors, identities, at, allowExpired }, notes) {
  const path = buildTrustPath(certificates, anchors, at, { allowExpired });
  if (identities.length > 0 && !identities.some((identity) => hasIdentity(signer, identity))) {
    throw new VeritySignError(
      "key",
      `the signer "${signer.subject}" (${signer.fingerprint}) is not the one that was asked for`
    );
  }
  for (const { notAfter, subject } of path) {
    if (notAfter < at) notes.add(`"${subject}" expired on ${notAfter.toISOString()}, which is allowed`);
  }
}
function reasonOf(error) {
  if (error instanceof VeritySignError) return error.message;
  throw error;
}

// src/pipeline/stopwatch.ts
var Stopwatch = class {
  #start = performance.now();
  #steps = /* @__PURE__ */ new Map();
  /** Runs one step and adds its time to what the step has taken so far. */
  async time(step, work) {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#steps.set(step, this.#milliseconds(step) + performance.now() - start);
    }
  }
  /** Of one step, rounded to milliseconds. */
  of(step) {
    return Math.round(this.#milliseconds(step)) / 1e3;
  }
  /** Since the watch was made. */
  total() {
    return Math.round(performance.now() - this.#start) / 1e3;
  }
  #milliseconds(step) {
    return this.#steps.get(step) ?? 0;
  }
};

export {
  signatureHolds,
  verifySignature,
  checkStructure,
  parseSignerIdentity,
  loadCertificateChain,
  checkValidity,
  embeddedCertificates,
  loadTrustAnchors,
  STEPS,
  judgeReferrer,
  firstReason,
  Stopwatch
};
