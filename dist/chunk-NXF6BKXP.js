import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  DIGEST_OIDS,
  ECDSA_OIDS,
  Fields,
  FormatError,
  OID,
  RSA_WITH_DIGEST_OIDS,
  TAG,
  algorithmName,
  certificateName,
  certificateRefusal,
  childrenOf,
  digestOfOid,
  hasIssued,
  oidOf,
  readCertificate,
  readDer,
  sameBytes,
  smallIntegerOf
} from "./chunk-OGAT3VT4.js";
import {
  DM_VERITY_ARTIFACT_TYPE,
  LAYER_DIGEST,
  OWN_PREFIX,
  PKCS7_MEDIA_TYPE,
  ROOT_HASH,
  SIGNATURE_MARK,
  encodeArtifact,
  inBatches,
  parseSignatureManifest,
  sameContent
} from "./chunk-QRCM2NJ2.js";
import {
  PROFILES,
  parseMkfsOptions
} from "./chunk-K6WYV3QI.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";

// src/attach/referrers.ts
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
var LOOK_AGAIN_AFTER = [300, 600, 1200];
var MOST_REFERRERS = 100;
var MAX_ENTRIES = 1e3;
var MAX_ALL_SIGNATURES = 16 * 1024 * 1024;
var REMEDY = "Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; else use another registry";
async function attachAndReadBack(store, artifact, folder, signal) {
  const encoded = encodeArtifact(artifact);
  const own = await mkdtemp(join(folder, "attach-"));
  try {
    await store.attach(encoded, own);
    await checkContentOf(store, encoded);
    await checkListed(store, encoded, own, signal);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return encoded.descriptor;
}
async function checkContentOf(store, encoded) {
  const { descriptor, bytes, blobs } = encoded;
  if (!(await readBack(store, descriptor, false)).equals(bytes)) {
    throw different(store, `the signature manifest ${descriptor.digest} came back changed`);
  }
  await inBatches(blobs, async (blob) => {
    if (!(await readBack(store, blob.descriptor, true)).equals(blob.bytes)) {
      throw different(store, `the signature ${blob.descriptor.digest} came back changed`);
    }
  });
}
async function checkListed(store, encoded, folder, signal) {
  const { descriptor, manifest } = encoded;
  for (let looks = 0; ; looks++) {
    const referrers = await listBack(store, manifest);
    const found = referrers.find(({ digest }) => digest === descriptor.digest);
    if (found !== void 0) {
      if (sameContent(found, descriptor)) return;
      throw different(store, `the list of referrers has other properties for ${descriptor.digest}`);
    }
    const wait = LOOK_AGAIN_AFTER[looks];
    if (wait === void 0) {
      const what = referrers.length === 0 ? "no referrer" : "only other referrers";
      throw different(store, `${descriptor.digest} was pushed, but ${what} of the image can be found`);
    }
    await setTimeout(wait * (1 + Math.random()), void 0, signal === void 0 ? {} : { signal });
    try {
      await store.relist(encoded, folder);
    } catch (cause) {
      if (cause instanceof VeritySignError && cause.remedy !== void 0) throw cause;
      throw unreadable(store, "the list of referrers", cause);
    }
  }
}
async function listBack(store, manifest) {
  try {
    return await store.list(manifest.subject, manifest.artifactType);
  } catch (cause) {
    throw unreadable(store, "the list of referrers", cause);
  }
}
async function readBack(store, descriptor, blob) {
  try {
    return await (blob ? store.fetchBlob(descriptor) : store.fetchManifest(descriptor));
  } catch (cause) {
    throw unreadable(store, descriptor.digest, cause);
  }
}
function different(store, what) {
  return new VeritySignError("registry", `${store.name} does not hold what was attached: ${what}`, {
    remedy: REMEDY
  });
}
function unreadable(store, what, cause) {
  if (!(cause instanceof VeritySignError) || cause.code === "cancelled") return cause;
  const message = `${store.name} does not give back ${what} after the signature was attached: ${cause.message}`;
  return new VeritySignError("registry", message, { remedy: REMEDY, cause });
}
async function findReusable(store, subject, artifactType, { accept, onBroken }) {
  for (const descriptor of (await store.list(subject, artifactType)).slice(0, MOST_REFERRERS)) {
    try {
      const { manifest, blobs } = await readReferrer(store, descriptor);
      if (!sameContent(manifest.subject, subject) || manifest.artifactType !== artifactType) continue;
      if (await accept(manifest, blobs)) return descriptor;
    } catch (error) {
      if (error instanceof VeritySignError && error.code === "cancelled") throw error;
      onBroken?.(descriptor, error);
    }
  }
  return void 0;
}
async function readReferrer(store, descriptor, wanted = () => true) {
  const manifest = parseSignatureManifest(await store.fetchManifest(descriptor));
  if (manifest.layers.length > MAX_ENTRIES) {
    throw new VeritySignError("image", `the signature manifest has ${manifest.layers.length} entries`);
  }
  if (!wanted(manifest)) return { manifest, blobs: [] };
  const distinct = [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
  const size = distinct.reduce((sum, layer) => sum + layer.size, 0);
  if (size > MAX_ALL_SIGNATURES) {
    throw new VeritySignError("image", `the signatures have ${size} bytes, more than ${MAX_ALL_SIGNATURES}`);
  }
  const fetched = await inBatches(distinct, (layer) => store.fetchBlob(layer));
  const byDigest = new Map(distinct.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}

// src/pkcs7/parse.ts
var SUBJECT_KEY_IDENTIFIER = 128;
var MAX_BYTES = 128 * 1024;
var MAX_CERTIFICATES = 16;
function parsePkcs7(der) {
  try {
    return parse(der);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("image", `not a PKCS#7 signature that layers may carry: ${error.message}`, {
      remedy: "Sign the image again",
      cause: error
    });
  }
}
function parse(der) {
  if (der.length === 0) throw new FormatError("it is empty");
  if (der.length > MAX_BYTES) throw new FormatError(`it has ${der.length} bytes, more than ${MAX_BYTES}`);
  if (Buffer.from(der.subarray(0, 10)).toString("latin1") === "-----BEGIN") {
    throw new FormatError("it is PEM, not DER");
  }
  const contentInfo = fields(readDer(der), "the ContentInfo");
  const type = oidOf(contentInfo.take(TAG.oid, "content type"));
  if (type !== OID.signedData) throw new FormatError(`the content type is ${type}, not SignedData`);
  const wrapper = new Fields(contentInfo.take(TAG.context0, "content"), "the ContentInfo");
  contentInfo.end();
  const signedData = new Fields(wrapper.take(TAG.sequence, "SignedData"), "the SignedData");
  wrapper.end();
  const version = smallIntegerOf(signedData.take(TAG.integer, "version"));
  const digests = childrenOf(signedData.take(TAG.set, "digest algorithms"));
  checkContent(signedData.take(TAG.sequence, "content info"));
  const embedded = signedData.takeIf(TAG.context0);
  if (signedData.takeIf(TAG.context1) !== void 0) throw new FormatError("it carries revocation lists");
  const signers = childrenOf(signedData.take(TAG.set, "signers"));
  signedData.end();
  const [signerElement] = signers;
  if (signerElement === void 0 || signers.length !== 1) {
    throw new FormatError(`it has ${signers.length} signers instead of one`);
  }
  const signer = parseSigner(signerElement);
  if (version !== 1) throw new FormatError(`the SignedData has version ${version ?? "(none)"} instead of 1`);
  const [digestElement] = digests;
  if (digestElement === void 0 || digests.length !== 1) {
    throw new FormatError(`it names ${digests.length} digest algorithms instead of one`);
  }
  if (parseDigest(digestElement) !== signer.digest) {
    throw new FormatError("the digest algorithms of SignedData and SignerInfo differ");
  }
  if (embedded === void 0) throw new FormatError("the signer's certificate is not embedded");
  const encoded = childrenOf(embedded);
  if (encoded.length > MAX_CERTIFICATES) {
    throw new FormatError(`it has ${encoded.length} certificates, more than ${MAX_CERTIFICATES}`);
  }
  const certificates = orderCertificates(
    encoded.map((element) => readCertificate(element.bytes)),
    signer
  );
  const [first] = certificates;
  checkKey(first, signer.scheme);
  return { ...signer, certificates, signer: first };
}
function parseSigner(element) {
  const info = fields(element, "the SignerInfo");
  const version = smallIntegerOf(info.take(TAG.integer, "version"));
  if (info.next?.tag === SUBJECT_KEY_IDENTIFIER) {
    throw new FormatError(
      "the signer is named by a subject key identifier instead of issuer and serial number"
    );
  }
  if (version !== 1) throw new FormatError(`the SignerInfo has version ${version ?? "(none)"} instead of 1`);
  const id = new Fields(info.take(TAG.sequence, "issuer and serial number"), "the issuer and serial number");
  const issuer = id.take(TAG.sequence, "issuer").bytes;
  const serial = id.take(TAG.integer, "serial number").bytes;
  id.end();
  const digest = parseDigest(info.take(TAG.sequence, "digest algorithm"));
  if (info.takeIf(TAG.context0) !== void 0) throw new FormatError("it has signed attributes");
  const scheme = parseScheme(info.take(TAG.sequence, "signature algorithm"), digest);
  const signature = info.take(TAG.octetString, "signature").content;
  if (info.takeIf(TAG.context1) !== void 0) throw new FormatError("it has unsigned attributes");
  info.end();
  return { digest, scheme, issuer, serial, signature };
}
function checkContent(element) {
  const content = new Fields(element, "the content info");
  const type = oidOf(content.take(TAG.oid, "type"));
  if (type !== OID.data) throw new FormatError(`the signed content has the type ${type}, not data`);
  if (content.takeIf(TAG.context0) !== void 0)
    throw new FormatError("the content is embedded, not detached");
  content.end();
}
function parseDigest(element) {
  const { oid } = parseAlgorithm(element, "the digest algorithm");
  const digest = digestOfOid(DIGEST_OIDS, oid);
  if (digest === void 0) {
    throw new FormatError(`the digest is ${algorithmName(oid)}, not SHA-256, SHA-384 or SHA-512`);
  }
  return digest;
}
function parseScheme(element, digest) {
  const { oid, hasNull } = parseAlgorithm(element, "the signature algorithm");
  if (oid === OID.rsaEncryption) return "rsa-pkcs1-v1_5";
  const ecdsaDigest = digestOfOid(ECDSA_OIDS, oid);
  if (ecdsaDigest !== void 0) {
    if (ecdsaDigest !== digest)
      throw new FormatError("the signature algorithm has another digest than the SignerInfo");
    if (hasNull) throw new FormatError("the signature algorithm has parameters");
    return "ecdsa-der";
  }
  if (digestOfOid(RSA_WITH_DIGEST_OIDS, oid) !== void 0) {
    throw new FormatError("the signature algorithm is RSA with a digest; the kernel wants rsaEncryption");
  }
  throw new FormatError(`the signature algorithm is ${algorithmName(oid)}, which the kernel does not have`);
}
function parseAlgorithm(element, name) {
  const algorithm = fields(element, name);
  const oid = oidOf(algorithm.take(TAG.oid, "identifier"));
  if (oid === OID.rsassaPss) return { oid, hasNull: false };
  const hasNull = algorithm.takeIf(TAG.null) !== void 0;
  if (algorithm.next !== void 0) throw new FormatError(`${name} has parameters`);
  return { oid, hasNull };
}
function orderCertificates(found, signer) {
  const rest = found.filter((one, index) => found.findIndex(({ der }) => sameBytes(der, one.der)) === index);
  for (const certificate of rest) {
    const reason = certificateRefusal(certificate);
    if (reason !== void 0) throw new FormatError(`the ${certificateName(certificate)} ${reason}`);
  }
  const at = rest.findIndex(
    ({ raw }) => sameBytes(raw.issuer, signer.issuer) && sameBytes(raw.serial, signer.serial)
  );
  const [first] = at === -1 ? [] : rest.splice(at, 1);
  if (first === void 0) {
    throw new FormatError("no embedded certificate has the issuer and serial number of the signer");
  }
  const ordered = [first];
  for (let last = first; rest.length > 0; ) {
    const next = last.selfSigned ? -1 : rest.findIndex((candidate) => hasIssued(candidate, last));
    const [issuer] = next === -1 ? [] : rest.splice(next, 1);
    if (issuer === void 0) {
      const names = rest.map((certificate) => `"${certificate.subject}"`).join(", ");
      throw new FormatError(`embedded certificates that are not in the signer's chain: ${names}`);
    }
    ordered.push(issuer);
    last = issuer;
  }
  return ordered;
}
function checkKey(certificate, scheme) {
  const isRsa = certificate.keyKind?.startsWith("RSA") === true;
  if (isRsa !== (scheme === "rsa-pkcs1-v1_5")) {
    throw new FormatError(
      `the signature algorithm does not fit the key of the ${certificateName(certificate)}`
    );
  }
}
function fields(element, name) {
  if (element.tag !== TAG.sequence) throw new FormatError(`${name} is not a SEQUENCE`);
  return new Fields(element, name);
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

export {
  MOST_REFERRERS,
  attachAndReadBack,
  findReusable,
  readReferrer,
  parsePkcs7,
  checkStructure,
  checkSubject,
  readRecord
};
