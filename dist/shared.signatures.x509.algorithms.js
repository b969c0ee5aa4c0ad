import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/signatures/x509/asn1/der-rules.ts
var TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  utcTime: 23,
  generalizedTime: 24,
  sequence: 48,
  set: 49,
  /** [0] to [3], constructed. */
  context0: 160,
  context1: 161,
  context2: 162,
  context3: 163
};
var CONSTRUCTED = 32;
var FIRST_TAGGED = 64;
function isConstructed(tag) {
  return (tag & CONSTRUCTED) !== 0;
}
function checkForm(tag) {
  if (tag >= FIRST_TAGGED) return;
  const type = tag | CONSTRUCTED;
  const mustBeConstructed = type === TAG.sequence || type === TAG.set;
  if (isConstructed(tag) !== mustBeConstructed) {
    throw new FormatError("has an element in a form that DER does not have");
  }
}
function checkPrimitive(bytes, tag, start, end) {
  const length = end - start;
  const first = bytes[start] ?? 0;
  switch (tag) {
    case 0:
      throw new FormatError("has an end-of-contents element (BER, not DER)");
    case TAG.boolean:
      if (length !== 1 || first !== 0 && first !== 255) throw new FormatError("has an invalid BOOLEAN");
      return;
    case TAG.integer: {
      const second = bytes[start + 1] ?? 0;
      const padded = length > 1 && (first === 0 && second < 128 || first === 255 && second >= 128);
      if (length === 0 || padded) throw new FormatError("has an INTEGER that is not minimal");
      return;
    }
    case TAG.bitString:
      if (length === 0 || first > 7 || length === 1 && first !== 0) {
        throw new FormatError("has an invalid BIT STRING");
      }
      return;
    case TAG.null:
      if (length !== 0) throw new FormatError("has a NULL with content");
      return;
    case TAG.oid:
      checkObjectIdentifier(bytes, start, end);
      return;
    default:
  }
}
function checkObjectIdentifier(bytes, start, end) {
  let inside = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 128 && !inside) throw new FormatError("has an object identifier that is not minimal");
    inside = byte >= 128;
  }
  if (inside || start === end) throw new FormatError("has an invalid object identifier");
}

// src/signatures/x509/asn1/der.ts
var MAX_DEPTH = 32;
var MAX_CHILDREN = 1e3;
var Cursor = class {
  bytes;
  /** Identifier octet of the current element. */
  tag = 0;
  /** Offset of its first byte, of its content, and of the byte after it. */
  start = 0;
  contentStart = 0;
  end = 0;
  #limit;
  constructor(bytes) {
    this.bytes = bytes;
    this.#limit = bytes.length;
  }
  /** Continues with the elements between two offsets. */
  enter(from, to) {
    this.end = from;
    this.#limit = to;
  }
  /**
   * Moves to the next element; returns false where none is left.
   * @throws FormatError for a header that is not DER, or an element longer than what encloses it.
   */
  next() {
    const { bytes } = this;
    const at = this.end;
    if (at >= this.#limit) return false;
    const tag = bytes[at] ?? 0;
    let contentStart = at + 2;
    if (contentStart > this.#limit) throw new FormatError("ends too early");
    if ((tag & 31) === 31) throw new FormatError("has a tag number above 30");
    let length = bytes[at + 1] ?? 0;
    if (length === 128) throw new FormatError("has an indefinite length (BER, not DER)");
    if (length > 128) {
      const count = length & 127;
      if (count > 4) throw new FormatError("has a length of more than four bytes");
      if (contentStart + count > this.#limit) throw new FormatError("ends too early");
      length = 0;
      for (const last = contentStart + count; contentStart < last; contentStart++) {
        length = length * 256 + (bytes[contentStart] ?? 0);
      }
      if (length < 128 || length < 256 ** (count - 1)) {
        throw new FormatError("has a length that is not minimal (BER, not DER)");
      }
    }
    if (contentStart + length > this.#limit) throw new FormatError("ends too early");
    this.tag = tag;
    this.start = at;
    this.contentStart = contentStart;
    this.end = contentStart + length;
    return true;
  }
  /** The current element, as a view. */
  element() {
    return {
      tag: this.tag,
      bytes: this.bytes.subarray(this.start, this.end),
      content: this.bytes.subarray(this.contentStart, this.end)
    };
  }
};
function readDer(bytes) {
  const element = onlyElement(bytes);
  checkAll(bytes);
  return element;
}
function onlyElement(bytes) {
  const cursor = new Cursor(bytes);
  if (!cursor.next()) throw new FormatError("ends too early");
  const rest = bytes.length - cursor.end;
  if (rest > 0) throw new FormatError(`has ${rest} trailing byte${rest === 1 ? "" : "s"} after its end`);
  return cursor.element();
}
function childrenOf(element) {
  const children = [];
  const cursor = new Cursor(element.content);
  while (cursor.next()) {
    if (children.length === MAX_CHILDREN)
      throw new FormatError(`has a list of more than ${MAX_CHILDREN} elements`);
    children.push(cursor.element());
  }
  return children;
}
function sameBytes(a, b) {
  return Buffer.compare(a, b) === 0;
}
function checkAll(bytes) {
  const cursor = new Cursor(bytes);
  const ends = [bytes.length];
  for (; ; ) {
    const end = ends.at(-1);
    if (end === void 0) return;
    cursor.enter(cursor.end, end);
    if (!cursor.next()) {
      ends.pop();
      continue;
    }
    checkForm(cursor.tag);
    if (!isConstructed(cursor.tag)) {
      checkPrimitive(bytes, cursor.tag, cursor.contentStart, cursor.end);
      continue;
    }
    if (ends.length > MAX_DEPTH) throw new FormatError("has elements that are nested too deeply");
    ends.push(cursor.end);
    cursor.end = cursor.contentStart;
  }
}

// src/signatures/x509/asn1/values.ts
var MAX_OID_BYTES = 64;
function oidOf(element) {
  if (element?.tag !== TAG.oid) throw new FormatError("has no object identifier where one belongs");
  if (element.content.length > MAX_OID_BYTES)
    throw new FormatError("has an object identifier that is too long");
  const arcs = [];
  let arc = 0n;
  for (const byte of element.content) {
    arc = arc * 128n + BigInt(byte & 127);
    if (byte >= 128) continue;
    if (arcs.length === 0) {
      const first = arc < 80n ? arc / 40n : 2n;
      arcs.push(first, arc - 40n * first);
    } else {
      arcs.push(arc);
    }
    arc = 0n;
  }
  return arcs.join(".");
}
function smallIntegerOf({ tag, content }) {
  return tag === TAG.integer || tag === TAG.enumerated ? smallNumber(content) : void 0;
}
function smallNumber(content) {
  if (content.length > 4 || (content[0] ?? 128) >= 128) return void 0;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}
function bigIntegerOf({ content }) {
  return BigInt.asIntN(8 * content.length, BigInt(`0x${Buffer.from(content).toString("hex") || "0"}`));
}
function wholeBytesOf({ content }, name) {
  if (content[0] !== 0) throw new FormatError(`has ${name} that is not made of whole bytes`);
  return content.subarray(1);
}
function namedBitsOf({ content }) {
  const bits = /* @__PURE__ */ new Set();
  for (let bit = 0; bit < 8 * (content.length - 1); bit++) {
    if ((content[1 + (bit >> 3)] ?? 0) >> 7 - (bit & 7) & 1) bits.add(bit);
  }
  return bits;
}
function isTrue(element) {
  return element?.content[0] === 255;
}

// src/signatures/x509/asn1/fields.ts
var Fields = class {
  #cursor;
  #name;
  #next;
  /** @param name For messages: what the fields belong to, such as `the SignerInfo`. */
  constructor(element, name) {
    this.#cursor = new Cursor(element.content);
    this.#name = name;
    this.#advance();
  }
  get next() {
    return this.#next;
  }
  /** @throws FormatError if the next field has another tag. */
  take(tag, field) {
    const element = this.takeIf(tag);
    if (element === void 0) throw new FormatError(`lacks the ${field} of ${this.#name}`);
    return element;
  }
  takeIf(tag) {
    return this.next?.tag === tag ? this.takeAny() : void 0;
  }
  /** The next field, whatever its tag. */
  takeAny() {
    const element = this.#next;
    if (element !== void 0) this.#advance();
    return element;
  }
  /** @throws FormatError if a field is left. */
  end() {
    if (this.next !== void 0) throw new FormatError(`has more fields in ${this.#name} than it may have`);
  }
  #advance() {
    this.#next = this.#cursor.next() ? this.#cursor.element() : void 0;
  }
};
function fieldsOf(element, name) {
  if (element?.tag !== TAG.sequence) throw new FormatError(`has no SEQUENCE where ${name} belongs`);
  return new Fields(element, name);
}
function unwrap(wrapper, tag, name) {
  const fields = new Fields(wrapper, name);
  const element = fields.take(tag, "content");
  fields.end();
  return element;
}

// src/signatures/x509/algorithms.ts
var OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  rsaEncryption: "1.2.840.113549.1.1.1",
  rsassaPss: "1.2.840.113549.1.1.10",
  /** id-ea-rsa of X.509: OpenSSL takes it for rsaEncryption, the kernel does not know it. */
  rsaAlias: "2.5.8.1.1",
  ecPublicKey: "1.2.840.10045.2.1",
  ed25519: "1.3.101.112"
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
var REFUSED_NAMES = {
  "1.2.840.113549.1.1.4": "MD5 with RSA",
  "1.2.840.113549.1.1.5": "SHA-1 with RSA",
  "1.2.840.113549.1.1.14": "SHA-224 with RSA",
  "1.2.840.10045.4.1": "SHA-1 with ECDSA",
  "1.2.840.10045.4.3.1": "SHA-224 with ECDSA",
  [OID.rsassaPss]: "RSASSA-PSS",
  [OID.ed25519]: "Ed25519",
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
function readAlgorithm(element, name) {
  const fields = fieldsOf(element, name);
  const oid = oidOf(fields.take(TAG.oid, "identifier"));
  const parameters = fields.takeAny();
  fields.end();
  return { oid, parameters };
}

// src/signatures/x509/extensions.ts
var KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 };
var EXTENSION = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37"
};
var KEY_IDENTIFIER = 128;
function readExtensionList(list) {
  const extensions = /* @__PURE__ */ new Map();
  if (list === void 0) return extensions;
  if (list.tag !== TAG.sequence) throw new FormatError("has extensions that are not a SEQUENCE");
  for (const element of childrenOf(list)) {
    const fields = fieldsOf(element, "an extension");
    const id = oidOf(fields.take(TAG.oid, "identifier"));
    const critical = isTrue(fields.takeIf(TAG.boolean));
    const value = fields.take(TAG.octetString, "value").content;
    fields.end();
    if (extensions.has(id)) throw new FormatError(`has the extension ${id} twice`);
    extensions.set(id, { critical, value });
  }
  return extensions;
}
function readCertificateExtensions(all) {
  const read = (id, reader) => {
    const extension = all.get(id);
    return extension && reader(readDer(extension.value), extension.critical);
  };
  return {
    all,
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    subjectKeyId: read(EXTENSION.subjectKeyId, ({ content }) => content),
    authorityKeyId: read(
      EXTENSION.authorityKeyId,
      (value) => childrenOf(value).find(({ tag }) => tag === KEY_IDENTIFIER)?.content
    )
  };
}
function readBasicConstraints(value, critical) {
  const fields = fieldsOf(value, "basicConstraints");
  const isCa = isTrue(fields.takeIf(TAG.boolean));
  const length = fields.takeIf(TAG.integer);
  fields.end();
  const pathLength = length && smallIntegerOf(length);
  if (length !== void 0 && pathLength === void 0) {
    throw new FormatError("has an invalid path length in basicConstraints");
  }
  return { critical, isCa, pathLength };
}
function readKeyUsage(value, critical) {
  if (value.tag !== TAG.bitString) throw new FormatError("has a keyUsage that is not a BIT STRING");
  return { critical, bits: namedBitsOf(value) };
}
function readExtendedKeyUsage(value, critical) {
  if (value.tag !== TAG.sequence) throw new FormatError("has an extendedKeyUsage that is not a SEQUENCE");
  return { critical, purposes: childrenOf(value).map(oidOf) };
}

export {
  TAG,
  isConstructed,
  Cursor,
  readDer,
  onlyElement,
  childrenOf,
  sameBytes,
  Fields,
  fieldsOf,
  unwrap,
  oidOf,
  smallIntegerOf,
  smallNumber,
  bigIntegerOf,
  wholeBytesOf,
  OID,
  DIGEST_OIDS,
  ECDSA_OIDS,
  RSA_WITH_DIGEST_OIDS,
  algorithmName,
  digestOfOid,
  readAlgorithm,
  KEY_USAGE,
  EXTENSION,
  readExtensionList,
  readCertificateExtensions
};
