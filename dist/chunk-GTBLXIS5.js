import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  TOOL
} from "./chunk-WXASFSVB.js";
import {
  DM_VERITY_ARTIFACT_TYPE,
  PROFILES,
  encodeArtifact,
  inBatches,
  parseSignatureManifest,
  sameContent,
  saysNotFound
} from "./chunk-HN7UX6P3.js";
import {
  VeritySignError
} from "./chunk-6OOLX2PB.js";

// src/pkcs7/algorithms.ts
var OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  rsaEncryption: "1.2.840.113549.1.1.1",
  rsassaPss: "1.2.840.113549.1.1.10",
  /** id-ea-rsa of X.509: OpenSSL takes it for rsaEncryption, the kernel does not know it. */
  rsaAlias: "2.5.8.1.1",
  ecPublicKey: "1.2.840.10045.2.1"
};
var DIGEST_OIDS = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3"
};
var ECDSA_OIDS = {
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4"
};
var RSA_WITH_DIGEST_OIDS = {
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13"
};
var CERTIFICATE_SIGNATURE_OIDS = /* @__PURE__ */ new Set([
  ...Object.values(RSA_WITH_DIGEST_OIDS),
  ...Object.values(ECDSA_OIDS)
]);
var REFUSED_NAMES = {
  "1.2.840.113549.1.1.4": "MD5 with RSA",
  "1.2.840.113549.1.1.5": "SHA-1 with RSA",
  "1.2.840.113549.1.1.14": "SHA-224 with RSA",
  "1.2.840.10045.4.1": "SHA-1 with ECDSA",
  "1.2.840.10045.4.3.1": "SHA-224 with ECDSA",
  [OID.rsassaPss]: "RSASSA-PSS",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "1.3.14.3.2.26": "SHA-1",
  "1.2.840.113549.2.5": "MD5",
  "2.16.840.1.101.3.4.2.4": "SHA-224"
};
function algorithmName(oid) {
  return REFUSED_NAMES[oid] ?? `the algorithm ${oid}`;
}
function digestOfOid(table, oid) {
  return ["sha256", "sha384", "sha512"].find((name) => table[name] === oid);
}
var CURVES = {
  prime256v1: "EC-256",
  secp384r1: "EC-384",
  secp521r1: "EC-521"
};
var RSA_BITS = { 2048: "RSA-2048", 3072: "RSA-3072", 4096: "RSA-4096" };
function judgeKey(key) {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case "rsa": {
      const bits = details?.modulusLength ?? 0;
      const kind = RSA_BITS[bits];
      return kind === void 0 ? { refused: `an RSA key of ${bits} bits` } : { kind };
    }
    case "ec": {
      const curve = details?.namedCurve;
      const kind = curve === void 0 ? void 0 : CURVES[curve];
      return kind === void 0 ? { refused: `an EC key on the curve ${curve ?? "(unnamed)"}` } : { kind };
    }
    case "rsa-pss":
      return { refused: "an RSA key that is bound to RSASSA-PSS" };
    default:
      return { refused: `a key of the type ${key.asymmetricKeyType ?? "(unknown)"}` };
  }
}
var COORDINATE_BYTES = {
  "EC-256": 32,
  "EC-384": 48,
  "EC-521": 66
};

// src/pkcs7/certificate.ts
import { createHash, X509Certificate } from "node:crypto";

// src/pkcs7/der.ts
var FormatError = class extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "FormatError";
  }
};
var TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  sequence: 48,
  set: 49,
  /** [0], constructed. */
  context0: 160,
  /** [1], constructed. */
  context1: 161,
  /** [3], constructed. */
  context3: 163
};
var CONSTRUCTED = 32;
var MAX_DEPTH = 32;
function readDer(bytes) {
  const element = readElement(bytes, 0);
  if (element.bytes.length !== bytes.length) {
    throw new FormatError(`${bytes.length - element.bytes.length} trailing bytes after the DER`);
  }
  checkElement(element, 0);
  return element;
}
function childrenOf(element) {
  const children = [];
  for (let at = 0; at < element.content.length; ) {
    const child = readElement(element.content, at);
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}
function oidOf(element) {
  if (element.tag !== TAG.oid) throw new FormatError("an object identifier was expected");
  const arcs = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 127);
    if (arc > 4294967295) throw new FormatError("an object identifier has too large a number");
    if (byte < 128) {
      if (arcs.length === 0) {
        const first = Math.min(Math.floor(arc / 40), 2);
        arcs.push(first, arc - 40 * first);
      } else {
        arcs.push(arc);
      }
      arc = 0;
    }
  }
  return arcs.join(".");
}
function smallIntegerOf(element) {
  const { content } = element;
  if (element.tag !== TAG.integer || content.length > 4 || (content[0] ?? 128) >= 128) return void 0;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}
function sameBytes(a, b) {
  return Buffer.compare(a, b) === 0;
}
function readElement(bytes, at) {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === void 0 || first === void 0) throw new FormatError("the DER ends too early");
  if ((tag & 31) === 31) throw new FormatError("a tag number above 30");
  let start = at + 2;
  let length = first;
  if (first === 128) throw new FormatError("an indefinite length (BER, not DER)");
  if (first > 128) {
    const count = first & 127;
    if (count > 4) throw new FormatError("a length of more than four bytes");
    length = 0;
    for (const byte of bytes.subarray(start, start + count)) length = length * 256 + byte;
    start += count;
    if (start > bytes.length) throw new FormatError("the DER ends too early");
    if (length < 128 || length < 256 ** (count - 1)) {
      throw new FormatError("a length that is not minimal (BER, not DER)");
    }
  }
  const end = start + length;
  if (end > bytes.length) throw new FormatError("the DER ends too early");
  return { tag, bytes: bytes.subarray(at, end), content: bytes.subarray(start, end) };
}
function checkElement(element, depth) {
  if (depth > MAX_DEPTH) throw new FormatError("elements nested too deeply");
  const { tag, content } = element;
  const universal = tag < 64;
  if (universal) {
    const mustBeConstructed = (tag | CONSTRUCTED) === TAG.sequence || (tag | CONSTRUCTED) === TAG.set;
    if ((tag & CONSTRUCTED) !== 0 !== mustBeConstructed) {
      throw new FormatError("an element in a form that DER does not have");
    }
    checkPrimitive(tag, content);
  }
  if ((tag & CONSTRUCTED) !== 0) {
    for (const child of childrenOf(element)) checkElement(child, depth + 1);
  }
}
function checkPrimitive(tag, content) {
  const [first, second] = content;
  switch (tag) {
    case 0:
      throw new FormatError("an end-of-contents element (BER, not DER)");
    case TAG.boolean:
      if (content.length !== 1 || first !== 0 && first !== 255) throw new FormatError("a bad BOOLEAN");
      return;
    case TAG.integer: {
      const padded = second !== void 0 && (first === 0 && second < 128 || first === 255 && second >= 128);
      if (first === void 0 || padded) throw new FormatError("an INTEGER that is not minimal");
      return;
    }
    case TAG.bitString:
      if (first === void 0 || first > 7 || content.length === 1 && first !== 0) {
        throw new FormatError("a bad BIT STRING");
      }
      return;
    case TAG.null:
      if (content.length !== 0) throw new FormatError("a NULL with content");
      return;
    case TAG.oid:
      if (first === void 0 || (content.at(-1) ?? 128) >= 128)
        throw new FormatError("a bad object identifier");
      for (const [index, byte] of content.entries()) {
        if (byte === 128 && (index === 0 || (content[index - 1] ?? 0) < 128)) {
          throw new FormatError("an object identifier that is not minimal");
        }
      }
      return;
    default:
  }
}
var Fields = class {
  #children;
  #name;
  #at = 0;
  /** `name` is for messages: what the fields belong to. */
  constructor(element, name) {
    this.#children = childrenOf(element);
    this.#name = name;
  }
  get next() {
    return this.#children[this.#at];
  }
  take(tag, field) {
    const element = this.takeIf(tag);
    if (element === void 0) throw new FormatError(`${this.#name} has no ${field} where it belongs`);
    return element;
  }
  takeIf(tag) {
    const element = this.next;
    if (element?.tag !== tag) return void 0;
    this.#at += 1;
    return element;
  }
  end() {
    if (this.next !== void 0) throw new FormatError(`${this.#name} has more fields than it may have`);
  }
};

// src/pkcs7/extensions.ts
var ID = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37"
};
var KEY_IDENTIFIER = 128;
function readExtensions(wrapper) {
  const result = {
    isCa: false,
    pathLength: void 0,
    keyUsage: void 0,
    subjectKeyId: void 0,
    authorityKeyId: void 0,
    namesIssuerKey: false,
    unknownCritical: []
  };
  if (wrapper === void 0) return result;
  const fields2 = new Fields(wrapper, "the extensions");
  const list = fields2.take(TAG.sequence, "list");
  fields2.end();
  const seen = /* @__PURE__ */ new Set();
  for (const element of childrenOf(list)) {
    const extension = new Fields(element, "an extension");
    const id = oidOf(extension.take(TAG.oid, "identifier"));
    const critical = extension.takeIf(TAG.boolean)?.content[0] === 255;
    const value = extension.take(TAG.octetString, "value").content;
    extension.end();
    if (seen.has(id)) throw new FormatError(`the extension ${id} occurs twice`);
    seen.add(id);
    if (!apply(result, id, value) && critical) result.unknownCritical.push(id);
  }
  return result;
}
function apply(result, id, value) {
  switch (id) {
    case ID.basicConstraints: {
      const fields2 = new Fields(readDer(value), "basicConstraints");
      result.isCa = fields2.takeIf(TAG.boolean)?.content[0] === 255;
      const length = fields2.takeIf(TAG.integer);
      fields2.end();
      if (length !== void 0) {
        result.pathLength = smallIntegerOf(length);
        if (result.pathLength === void 0) throw new FormatError("basicConstraints has a bad path length");
      }
      return true;
    }
    case ID.keyUsage: {
      const bits = readDer(value);
      if (bits.tag !== TAG.bitString) throw new FormatError("keyUsage is not a BIT STRING");
      const first = bits.content[1] ?? 0;
      result.keyUsage = { digitalSignature: (first & 128) !== 0, keyCertSign: (first & 4) !== 0 };
      return true;
    }
    case ID.subjectKeyId:
      result.subjectKeyId = readDer(value).content;
      return true;
    case ID.authorityKeyId:
      result.namesIssuerKey = true;
      result.authorityKeyId = childrenOf(readDer(value)).find(
        (field) => field.tag === KEY_IDENTIFIER
      )?.content;
      return true;
    // Which purposes are allowed is for the manifest signature's rules; layers need none.
    case ID.extendedKeyUsage:
      return true;
    default:
      return false;
  }
}

// src/pkcs7/certificate.ts
var UTC_TIME = 23;
var GENERALIZED_TIME = 24;
function readCertificate(der) {
  const certificate = new Fields(expectSequence(readDer(der)), "the certificate");
  const tbs = new Fields(certificate.take(TAG.sequence, "body"), "the certificate body");
  const outerAlgorithm = certificate.take(TAG.sequence, "signature algorithm");
  const signature = certificate.take(TAG.bitString, "signature");
  certificate.end();
  if (signature.content[0] !== 0) throw new FormatError("the certificate has a signature of odd bits");
  tbs.takeIf(TAG.context0);
  const serial = tbs.take(TAG.integer, "serial number");
  const algorithm = tbs.take(TAG.sequence, "signature algorithm");
  if (!sameBytes(algorithm.bytes, outerAlgorithm.bytes)) {
    throw new FormatError("the certificate names two different signature algorithms");
  }
  const issuer = tbs.take(TAG.sequence, "issuer");
  const validity = childrenOf(tbs.take(TAG.sequence, "validity"));
  const subject = tbs.take(TAG.sequence, "subject");
  const publicKey = tbs.take(TAG.sequence, "public key");
  while (tbs.next !== void 0 && tbs.next.tag !== TAG.context3) tbs.takeIf(tbs.next.tag);
  const extensions = readExtensions(tbs.takeIf(TAG.context3));
  tbs.end();
  const x509 = openX509(der);
  const { validFromDate: notBefore, validToDate: notAfter } = x509;
  if (validity.length !== 2 || !validity.every(isTime)) {
    throw new FormatError("a certificate whose validity is not made of dates");
  }
  const key = keyVerdict(x509, publicKey);
  return {
    der,
    x509,
    subject: nameForPeople(x509.subject),
    issuer: nameForPeople(x509.issuer),
    fingerprint: createHash("sha256").update(der).digest("hex"),
    key,
    keyKind: "kind" in key ? key.kind : void 0,
    notBefore,
    notAfter,
    selfSigned: sameBytes(issuer.bytes, subject.bytes) && verifiedBy(x509, x509),
    signatureAlgorithm: oidOf(new Fields(algorithm, "the signature algorithm").take(TAG.oid, "identifier")),
    raw: { serial: serial.bytes, issuer: issuer.bytes, subject: subject.bytes },
    extensions
  };
}
function hasIssued(issuer, subject) {
  if (!sameBytes(issuer.raw.subject, subject.raw.issuer)) return false;
  const wanted = subject.extensions.authorityKeyId;
  const offered = issuer.extensions.subjectKeyId;
  if (wanted !== void 0 && offered !== void 0 && !sameBytes(wanted, offered)) return false;
  return verifiedBy(subject.x509, issuer.x509);
}
function certificateRefusal(certificate) {
  const { key } = certificate;
  if ("refused" in key) {
    return `has ${key.refused}; the kernel accepts RSA of 2048, 3072 or 4096 bits and EC P-256, P-384 or P-521`;
  }
  if (!CERTIFICATE_SIGNATURE_OIDS.has(certificate.signatureAlgorithm)) {
    const name = algorithmName(certificate.signatureAlgorithm);
    return `is signed with ${name}; only RSA PKCS#1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512 are accepted`;
  }
  return void 0;
}
function issuerRefusal(issuer, below) {
  const { isCa, pathLength, keyUsage } = issuer.extensions;
  if (!isCa) return "is not a CA certificate (basicConstraints)";
  if (keyUsage !== void 0 && !keyUsage.keyCertSign) return "may not sign certificates (keyUsage)";
  if (pathLength !== void 0 && below > pathLength) {
    return `allows at most ${pathLength} CA certificates below it (basicConstraints), there are ${below}`;
  }
  return void 0;
}
function leafRefusal(leaf) {
  const { isCa, keyUsage } = leaf.extensions;
  if (keyUsage !== void 0 && !keyUsage.digitalSignature) {
    return "may not make signatures (keyUsage lacks digitalSignature)";
  }
  if (isCa && !leaf.selfSigned) return "is a CA certificate, not a signing certificate";
  return void 0;
}
function certificateName(certificate) {
  return `certificate "${certificate.subject}"`;
}
function verifiedBy(subject, issuer) {
  try {
    return subject.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
function openX509(der) {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new FormatError("a certificate that OpenSSL cannot read", { cause });
  }
}
function keyVerdict(x509, written) {
  const algorithm = new Fields(
    new Fields(written, "the public key").take(TAG.sequence, "algorithm"),
    "the algorithm of the public key"
  );
  const id = oidOf(algorithm.take(TAG.oid, "identifier"));
  if (id === OID.ecPublicKey && algorithm.next?.tag !== TAG.oid) {
    return { refused: "an EC key whose curve is not named" };
  }
  if (id === OID.rsaAlias) return { refused: `an RSA key under the identifier ${id}` };
  let key;
  try {
    key = x509.publicKey;
  } catch {
    return { refused: "a public key that cannot be read" };
  }
  return judgeKey(key);
}
function expectSequence(element) {
  if (element.tag !== TAG.sequence) throw new FormatError("no certificate");
  return element;
}
function nameForPeople(lines) {
  return lines ? lines.split("\n").reverse().join(",") : "(no name)";
}
function isTime({ tag, content }) {
  const text = Buffer.from(content).toString("latin1");
  const form = tag === UTC_TIME ? /^\d{12}Z$/ : /^\d{14}Z$/;
  if (tag !== UTC_TIME && tag !== GENERALIZED_TIME || !form.test(text)) return false;
  const iso = text.slice(0, -1).padStart(14, "20").replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6.000Z");
  const date = new Date(iso);
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso;
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

// src/pipeline/build-report.ts
function signReport({ options, image, builder, oras, chain, watch }, planned, attached, pushed) {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    dryRun: options.dryRun,
    image: { reference: options.image, name: image.name, digest, mediaType },
    builder: oras === void 0 ? builder : { ...builder, oras },
    ...chain === void 0 ? {} : { signer: signerReport(chain) },
    artifacts: planned.map((artifact, index) => artifactReport(artifact, attached[index])),
    skipped: skippedReport(image),
    ...pushed === void 0 ? {} : { pushed },
    seconds: {
      total: watch.total(),
      resolve: watch.of("resolve"),
      convert: watch.of("convert"),
      sign: watch.of("sign"),
      attach: watch.of("attach"),
      push: watch.of("push")
    }
  };
}
function skippedReport({ skipped }) {
  return skipped.map(({ descriptor, reason }) => ({
    digest: descriptor.digest,
    ...descriptor.platform === void 0 ? {} : { platform: platformName(descriptor.platform) },
    mediaType: descriptor.mediaType,
    reason
  }));
}
function artifactReport({ manifest, profile, mkfsOptions, layers }, attached) {
  const { mediaType, digest, size } = manifest.descriptor;
  const firstIndex = /* @__PURE__ */ new Map();
  return {
    ...manifest.platform === void 0 ? {} : { platform: platformName(manifest.platform) },
    manifest: { mediaType, digest, size },
    profile,
    mkfsOptions: [...mkfsOptions],
    blockSize: PROFILES[profile].blockSize,
    ...attached === void 0 ? {} : { referrer: referrerReport(attached) },
    layers: layers.map((layer) => layerReport(layer, attached?.signatureDigests, firstIndex)),
    skippedLayers: skippedLayersReport(manifest)
  };
}
function skippedLayersReport({ skippedLayers }) {
  return skippedLayers.map(({ index, descriptor, reason }) => ({
    index,
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    reason
  }));
}
function referrerReport({ descriptor, reused }) {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}
function layerReport({ layer, facts, uuid, verity, seconds }, signatureDigests, firstIndex) {
  const { digest } = layer.descriptor;
  const sameAs = firstIndex.get(digest);
  if (sameAs === void 0) firstIndex.set(digest, layer.index);
  const signatureDigest = signatureDigests?.get(verity.rootHash);
  return {
    index: layer.index,
    digest,
    diffId: facts.diffId,
    mediaType: layer.descriptor.mediaType,
    size: facts.size,
    tarSize: facts.tarSize,
    erofsSize: verity.imageSize,
    uuid,
    rootHash: verity.rootHash,
    ...signatureDigest === void 0 ? {} : { signatureDigest },
    seconds,
    dropped: facts.dropped,
    ...sameAs === void 0 ? {} : { sameAs }
  };
}
function signerReport({ leaf }) {
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    fingerprint: leaf.fingerprint,
    keyType: leaf.keyKind ?? "unknown",
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString()
  };
}
function platformName({ os, architecture, variant }) {
  return [os, architecture, variant].filter((part) => part !== void 0).join("/");
}

// src/attach/referrers.ts
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
var LOOK_AGAIN_AFTER = [300, 600, 1200];
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
  for (const descriptor of await store.list(subject, artifactType)) {
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

// src/pipeline/verify-referrers.ts
var MOST = 100;
async function readReferrers(store, subject, look, wanted) {
  const listed = await store.list(subject, DM_VERITY_ARTIFACT_TYPE);
  const results = [];
  for (const descriptor of listed.slice(0, MOST)) {
    try {
      const found = await readReferrer(store, descriptor, wanted);
      results.push(look({ descriptor, ...found }));
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code === "cancelled") throw error;
      results.push(look({ descriptor, error }));
    }
  }
  for (const descriptor of listed.slice(MOST)) {
    const error = new VeritySignError("registry", `not read: there are ${listed.length} referrers`);
    results.push(look({ descriptor, error }));
  }
  return results;
}
function isBroken(error) {
  return error.code === "image" || saysNotFound(error);
}

export {
  attachAndReadBack,
  findReusable,
  readReferrer,
  OID,
  DIGEST_OIDS,
  ECDSA_OIDS,
  COORDINATE_BYTES,
  FormatError,
  TAG,
  readDer,
  sameBytes,
  Fields,
  readCertificate,
  hasIssued,
  certificateRefusal,
  issuerRefusal,
  leafRefusal,
  certificateName,
  parsePkcs7,
  signReport,
  skippedReport,
  skippedLayersReport,
  signerReport,
  platformName,
  readReferrers,
  isBroken
};
