import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  formOf
} from "./shared.oci.attach.artifact-format.js";
import {
  MAX_CERTIFICATES,
  MAX_PKCS7_BYTES,
  algorithmViolation,
  hasIssuedForKernel
} from "./shared.signatures.pkcs7.signing-chain.js";
import {
  certificateName,
  followIssuers,
  readCertificate
} from "./shared.signatures.x509.chain.js";
import {
  DIGEST_OIDS,
  ECDSA_OIDS,
  Fields,
  OID,
  RSA_WITH_DIGEST_OIDS,
  TAG,
  algorithmName,
  childrenOf,
  digestOfOid,
  fieldsOf,
  oidOf,
  readDer,
  sameBytes,
  smallIntegerOf,
  unwrap
} from "./shared.signatures.x509.algorithms.js";
import {
  isProfileName,
  isRecordedClass
} from "./shared.model.profiles.js";
import {
  parseMkfsOptions
} from "./shared.convert.erofs.mkfs.mkfs-options.js";
import {
  OWN_PREFIX,
  SIGNATURE_MARK
} from "./shared.model.annotations.js";
import {
  EMPTY_CONFIG_DIGEST,
  EMPTY_CONFIG_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  FormatError,
  readPart
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/pkcs7/parse.ts
var SUBJECT_KEY_IDENTIFIER = 128;
function parsePkcs7(der) {
  try {
    const { content, ...parsed } = parseMessage(der, MAX_PKCS7_BYTES);
    if (content !== void 0) throw new FormatError("has embedded content; it must be detached");
    return parsed;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError(
      "image",
      `the PKCS#7 signature is not one that layers may carry: it ${error.message}`,
      { remedy: "Sign the image again", cause: error }
    );
  }
}
function parseMessage(der, limit) {
  if (der.length === 0) throw new FormatError("is empty");
  if (der.length > limit) {
    throw new FormatError(`has ${der.length} bytes, and the kernel accepts at most ${limit}`);
  }
  if (Buffer.from(der.subarray(0, 10)).toString("latin1") === "-----BEGIN") {
    throw new FormatError("is PEM, not DER");
  }
  const contentInfo = fieldsOf(readDer(der), "the ContentInfo");
  const type = oidOf(contentInfo.take(TAG.oid, "content type"));
  if (type !== OID.signedData) throw new FormatError(`has the content type ${type}, not SignedData`);
  const wrapper = contentInfo.take(TAG.context0, "content");
  contentInfo.end();
  const signedData = new Fields(unwrap(wrapper, TAG.sequence, "the ContentInfo"), "the SignedData");
  const version = smallIntegerOf(signedData.take(TAG.integer, "version"));
  const digests = childrenOf(signedData.take(TAG.set, "digest algorithms"));
  const content = parseContent(signedData.take(TAG.sequence, "content info"));
  const embedded = signedData.takeIf(TAG.context0);
  if (signedData.takeIf(TAG.context1) !== void 0) throw new FormatError("carries revocation lists");
  const signers = childrenOf(signedData.take(TAG.set, "signers"));
  signedData.end();
  const [signerElement] = signers;
  if (signerElement === void 0 || signers.length !== 1) {
    throw new FormatError(`has ${signers.length} signers instead of one`);
  }
  const signer = parseSigner(signerElement);
  if (version !== 1) throw new FormatError(`has a SignedData of version ${version ?? "(none)"} instead of 1`);
  const [digestElement] = digests;
  if (digestElement === void 0 || digests.length !== 1) {
    throw new FormatError(`names ${digests.length} digest algorithms instead of one`);
  }
  if (parseDigest(digestElement) !== signer.digest) {
    throw new FormatError("has different digest algorithms in SignedData and SignerInfo");
  }
  if (embedded === void 0) throw new FormatError("does not embed the signer's certificate");
  const encoded = childrenOf(embedded);
  if (encoded.length > MAX_CERTIFICATES) {
    throw new FormatError(`has ${encoded.length} certificates, more than ${MAX_CERTIFICATES}`);
  }
  const certificates = orderCertificates(
    encoded.map(({ bytes }) => readPart("a certificate", () => readCertificate(bytes))),
    signer
  );
  const [first] = certificates;
  checkKey(first, signer.scheme);
  return { ...signer, certificates, signer: first, content };
}
function parseSigner(element) {
  const info = fieldsOf(element, "the SignerInfo");
  const version = smallIntegerOf(info.take(TAG.integer, "version"));
  if (info.next?.tag === SUBJECT_KEY_IDENTIFIER) {
    throw new FormatError("names its signer by a subject key identifier instead of issuer and serial number");
  }
  if (version !== 1) throw new FormatError(`has a SignerInfo of version ${version ?? "(none)"} instead of 1`);
  const id = new Fields(info.take(TAG.sequence, "issuer and serial number"), "the issuer and serial number");
  const issuer = id.take(TAG.sequence, "issuer").bytes;
  const serial = id.take(TAG.integer, "serial number").bytes;
  id.end();
  const digest = parseDigest(info.take(TAG.sequence, "digest algorithm"));
  if (info.takeIf(TAG.context0) !== void 0) throw new FormatError("has signed attributes");
  const scheme = parseScheme(info.take(TAG.sequence, "signature algorithm"), digest);
  const signature = info.take(TAG.octetString, "signature").content;
  if (info.takeIf(TAG.context1) !== void 0) throw new FormatError("has unsigned attributes");
  info.end();
  return { digest, scheme, issuer, serial, signature };
}
function parseContent(element) {
  const content = new Fields(element, "the content info");
  const type = oidOf(content.take(TAG.oid, "type"));
  if (type !== OID.data) throw new FormatError(`is a signature over content of the type ${type}, not data`);
  const wrapper = content.takeIf(TAG.context0);
  content.end();
  return wrapper && unwrap(wrapper, TAG.octetString, "the content info").content;
}
function parseDigest(element) {
  const { oid } = parseAlgorithm(element, "the digest algorithm");
  const digest = digestOfOid(DIGEST_OIDS, oid);
  if (digest === void 0) {
    throw new FormatError(`uses the digest ${algorithmName(oid)}, not SHA-256, SHA-384 or SHA-512`);
  }
  return digest;
}
function parseScheme(element, digest) {
  const { oid, hasNull } = parseAlgorithm(element, "the signature algorithm");
  if (oid === OID.rsaEncryption) return "rsa-pkcs1-v1_5";
  const ecdsaDigest = digestOfOid(ECDSA_OIDS, oid);
  if (ecdsaDigest !== void 0) {
    if (ecdsaDigest !== digest) {
      throw new FormatError("has a signature algorithm with another digest than the SignerInfo");
    }
    if (hasNull) throw new FormatError("has parameters in the signature algorithm");
    return "ecdsa-der";
  }
  if (digestOfOid(RSA_WITH_DIGEST_OIDS, oid) !== void 0) {
    throw new FormatError("has the signature algorithm RSA with a digest; the kernel wants rsaEncryption");
  }
  throw new FormatError(`has the signature algorithm ${algorithmName(oid)}, which the kernel does not have`);
}
function parseAlgorithm(element, name) {
  const algorithm = fieldsOf(element, name);
  const oid = oidOf(algorithm.take(TAG.oid, "identifier"));
  if (oid === OID.rsassaPss) return { oid, hasNull: false };
  const hasNull = algorithm.takeIf(TAG.null) !== void 0;
  if (algorithm.next !== void 0) throw new FormatError(`has parameters in ${name}`);
  return { oid, hasNull };
}
function orderCertificates(found, signer) {
  const distinct = found.filter(
    (one, index) => found.findIndex(({ der }) => sameBytes(der, one.der)) === index
  );
  for (const certificate of distinct) {
    const reason = algorithmViolation(certificate);
    if (reason !== void 0) throw new FormatError(`has a ${certificateName(certificate)} that ${reason}`);
  }
  const first = distinct.find(
    ({ raw }) => sameBytes(raw.issuer, signer.issuer) && sameBytes(raw.serial, signer.serial)
  );
  if (first === void 0) {
    throw new FormatError("has no embedded certificate with the issuer and serial number of the signer");
  }
  const ordered = followIssuers(first, distinct, hasIssuedForKernel);
  const others = distinct.filter((certificate) => !ordered.includes(certificate));
  if (others.length === 0) return ordered;
  const names = others.map(({ subject }) => `"${subject}"`).join(", ");
  throw new FormatError(`embeds certificates that are not in the signer's chain: ${names}`);
}
function checkKey(certificate, scheme) {
  const isRsa = certificate.keyKind?.startsWith("RSA") === true;
  if (isRsa !== (scheme === "rsa-pkcs1-v1_5")) {
    throw new FormatError(
      `has a signature algorithm that does not fit the key of the ${certificateName(certificate)}`
    );
  }
}

// src/commands/shared/check-manifest.ts
function checkStructure(manifest, image) {
  const { artifactType, config, subject, annotations, layers: entries } = manifest;
  const form = formOf(manifest);
  if (artifactType !== form.artifactType) throw wrong(`its artifact type is ${quote(artifactType)}`);
  if (config.mediaType !== EMPTY_CONFIG_MEDIA_TYPE || config.digest !== EMPTY_CONFIG_DIGEST) {
    throw wrong(`its config is ${quote(config.mediaType)}, not the empty one`);
  }
  checkSubject(subject, image.descriptor);
  const mark = annotations[SIGNATURE_MARK];
  if (mark !== void 0 && mark !== "true")
    throw wrong(`its annotation ${SIGNATURE_MARK} is ${quote(mark)}`);
  const checked = entries.map((entry, position) => checkEntry(entry, position, image.layers[position], form));
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
function checkEntry(entry, position, layer, form) {
  const name = `entry ${position}`;
  const named = entry.annotations?.[form.layerDigest];
  const rootHash = entry.annotations?.[form.rootHash];
  if (named === void 0) throw wrong(`${name} names no layer (${form.layerDigest})`);
  if (layer === void 0) throw wrong(`${name} is for ${quote(named)}, but the image has fewer layers`);
  if (named !== layer.descriptor.digest) {
    throw wrong(`${name} is for ${quote(named)}, the image has ${layer.descriptor.digest} there`);
  }
  if (entry.mediaType !== form.mediaType) throw wrong(`${name} is ${quote(entry.mediaType)}, not PKCS#7`);
  if (rootHash === void 0) throw wrong(`${name} has no root hash (${form.rootHash})`);
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
    recordedClass(of("erofs-utils-class"))
  ];
  if (profile !== void 0 && !isProfileName(profile))
    throw wrong(`it records the profile ${quote(profile)}`);
  return {
    ...profile === void 0 ? {} : { profile },
    ...options === void 0 ? {} : { mkfsOptions: recordedOptions(options) },
    ...version === void 0 ? {} : { version: version.slice(0, 40) },
    ...mkfsClass === void 0 ? {} : { class: mkfsClass }
  };
}
function recordedClass(text) {
  return isRecordedClass(text) ? text : void 0;
}
function recordedOptions(text) {
  if (text.length > 1024) throw wrong("it records mkfs options of more than 1024 characters");
  try {
    const words = parseMkfsOptions(text);
    for (const [position, word] of words.entries()) checkRecorded(word, words[position + 1]);
    return words;
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw wrong(`it records unsupported mkfs options (${error.message})`, error);
  }
}
function checkRecorded(word, next) {
  if (!word.startsWith("--")) return;
  const [name = "", value = next ?? ""] = word.slice(2).split("=", 2);
  const isOneOf = (names) => names.some((long) => long.startsWith(name));
  if (isOneOf(NOT_FOLLOWED) || isOneOf(ALIGNMENTS) && !/^\d{1,4}$/.test(value)) {
    throw new VeritySignError("usage", `${quote(word)} is not accepted from a signature manifest`);
  }
}
function quote(text) {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
function wrong(what, cause) {
  return new VeritySignError("image", `not a signature manifest for this image: ${what}`, { cause });
}

export {
  checkStructure,
  checkSubject,
  readRecord,
  parsePkcs7,
  parseMessage
};
