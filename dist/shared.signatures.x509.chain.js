import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/x509/algorithms.ts
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

// src/signatures/x509/der.ts
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

// src/signatures/x509/certificate.ts
import { createHash, X509Certificate } from "node:crypto";

// src/signatures/x509/extensions.ts
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
  const fields = new Fields(wrapper, "the extensions");
  const list = fields.take(TAG.sequence, "list");
  fields.end();
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
      const fields = new Fields(readDer(value), "basicConstraints");
      result.isCa = fields.takeIf(TAG.boolean)?.content[0] === 255;
      const length = fields.takeIf(TAG.integer);
      fields.end();
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

// src/signatures/x509/certificate.ts
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

// src/signatures/x509/pem.ts
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

// src/signatures/x509/chain.ts
var ORDER_REMEDY = "Give one PEM file with the signing certificate first, then the certificate that issued it, and so on; the root may be left out";
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
function sameChain(a, b) {
  return a.length === b.length && a.every((der, index) => Buffer.compare(der, b[index] ?? Buffer.of()) === 0);
}

export {
  OID,
  DIGEST_OIDS,
  ECDSA_OIDS,
  RSA_WITH_DIGEST_OIDS,
  algorithmName,
  digestOfOid,
  COORDINATE_BYTES,
  FormatError,
  TAG,
  readDer,
  childrenOf,
  oidOf,
  smallIntegerOf,
  sameBytes,
  Fields,
  readCertificate,
  hasIssued,
  certificateRefusal,
  issuerRefusal,
  leafRefusal,
  certificateName,
  readCertificateBundle,
  chainFromDer,
  checkValidity,
  validityRefusal,
  pathBelow,
  embeddedCertificates,
  sameChain
};
