import {
  p1363ToDer
} from "./shared.signing.js";
import {
  COORDINATE_BYTES,
  DIGEST_OIDS,
  ECDSA_OIDS,
  EXTENSION,
  OID,
  PURPOSE,
  RSA_WITH_DIGEST_OIDS,
  encode,
  encodeBits,
  encodeInteger,
  encodeOid,
  encodeTime,
  kindOfSpec
} from "./shared.images.js";
import {
  subjectAttributes
} from "./shared.commands.js";
import {
  TAG,
  fieldsOf,
  readDer,
  wholeBytesOf
} from "./shared.options.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/signatures/csr/self-signed.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/signatures/csr/self-signed.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var randomBytes = /* @__PURE__ */ one("randomBytes");

// src/signatures/csr/algorithm.ts
var MGF1 = "1.2.840.113549.1.1.8";
var DIGEST_BYTES = { sha256: 32, sha384: 48, sha512: 64 };
function encodeAlgorithm({ scheme, digest }) {
  switch (scheme) {
    case "rsa-pkcs1-v1_5":
      return encode(TAG.sequence, encodeOid(RSA_WITH_DIGEST_OIDS[digest]), encode(TAG.null));
    case "rsa-pss":
      return encode(TAG.sequence, encodeOid(OID.rsassaPss), pssParameters(digest));
    case "ecdsa-der":
    case "ecdsa-p1363":
      return encode(TAG.sequence, encodeOid(ECDSA_OIDS[digest]));
  }
}
function pssParameters(digest) {
  const hash = encode(TAG.sequence, encodeOid(DIGEST_OIDS[digest]), encode(TAG.null));
  return encode(
    TAG.sequence,
    encode(TAG.context0, hash),
    encode(TAG.context1, encode(TAG.sequence, encodeOid(MGF1), hash)),
    encode(TAG.context2, encodeInteger(Uint8Array.of(DIGEST_BYTES[digest])))
  );
}
function signatureBytes({ scheme, value }, spec) {
  const half = COORDINATE_BYTES[kindOfSpec(spec)];
  return scheme === "ecdsa-p1363" && half !== void 0 ? p1363ToDer(value, half) : value;
}

// builtin-load:load of src/signatures/csr/extensions.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:crypto of src/signatures/csr/extensions.ts
var found2;
var all2 = () => found2 ??= load2("node:crypto");
var one2 = (name) => all2()[name];
var createHash = /* @__PURE__ */ one2("createHash");

// src/signatures/csr/extensions.ts
var DIGITAL_SIGNATURE = Uint8Array.of(7, 128);
var KEY_IDENTIFIER = 128;
function signerExtensions(...more) {
  return encode(
    TAG.sequence,
    extension(EXTENSION.basicConstraints, true, encode(TAG.sequence)),
    extension(EXTENSION.keyUsage, true, encode(TAG.bitString, DIGITAL_SIGNATURE)),
    extension(EXTENSION.extendedKeyUsage, false, encode(TAG.sequence, encodeOid(PURPOSE.codeSigning))),
    ...more
  );
}
function keyIdentifiers(publicKey) {
  const info = fieldsOf(readDer(publicKey), "the public key");
  info.take(TAG.sequence, "algorithm");
  const bits = wholeBytesOf(info.take(TAG.bitString, "bits"), "a public key");
  const id = createHash("sha1").update(bits).digest();
  return [
    extension(EXTENSION.subjectKeyId, false, encode(TAG.octetString, id)),
    extension(EXTENSION.authorityKeyId, false, encode(TAG.sequence, encode(KEY_IDENTIFIER, id)))
  ];
}
function extension(oid, critical, value) {
  const flag = critical ? [encode(TAG.boolean, Uint8Array.of(255))] : [];
  return encode(TAG.sequence, encodeOid(oid), ...flag, encode(TAG.octetString, value));
}

// src/signatures/csr/self-signed.ts
var VERSION = Uint8Array.of(2);
var DAY = 24 * 60 * 60 * 1e3;
var CLOCK_SKEW = 5 * 60 * 1e3;
async function buildSelfSigned(subject, key, days, now) {
  const serial = serialNumber();
  const validity = encode(
    TAG.sequence,
    encodeTime(new Date(now.getTime() - CLOCK_SKEW)),
    encodeTime(new Date(now.getTime() + days * DAY))
  );
  const body = (form2) => encode(
    TAG.sequence,
    encode(TAG.context0, encodeInteger(VERSION)),
    serial,
    encodeAlgorithm(form2),
    subject,
    validity,
    subject,
    key.publicKey,
    encode(TAG.context3, signerExtensions(...keyIdentifiers(key.publicKey)))
  );
  let form = usualForm(key.spec);
  let signature = await key.sign(body(form), "layer");
  if (!isSame(form, signature)) {
    form = signature;
    signature = await key.sign(body(form), "layer");
  }
  return encode(
    TAG.sequence,
    body(form),
    encodeAlgorithm(form),
    encodeBits(signatureBytes(signature, key.spec))
  );
}
function usualForm({ kind, digest }) {
  return { scheme: kind === "rsa" ? "rsa-pkcs1-v1_5" : "ecdsa-der", digest };
}
function isSame(a, b) {
  return encodeAlgorithm(a).equals(encodeAlgorithm(b));
}
function serialNumber() {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 127 | 64;
  return encodeInteger(bytes);
}

// src/signatures/csr/subject.ts
var PRINTABLE_STRING = 19;
var IA5_STRING = 22;
var PRINTABLE = /^[A-Za-z0-9 '()+,./:=?-]*$/;
var ASCII = /^[\x20-\x7e]*$/;
var text = (oid, max) => ({ oid, tag: TAG.utf8String, max });
var TYPES = {
  CN: text("2.5.4.3", 64),
  O: text("2.5.4.10", 64),
  OU: text("2.5.4.11", 64),
  L: text("2.5.4.7", 128),
  ST: text("2.5.4.8", 128),
  STREET: text("2.5.4.9", 128),
  C: { oid: "2.5.4.6", tag: PRINTABLE_STRING, max: 2, pattern: /^[A-Z]{2}$/ },
  SERIALNUMBER: { oid: "2.5.4.5", tag: PRINTABLE_STRING, max: 64, pattern: PRINTABLE },
  UID: text("0.9.2342.19200300.100.1.1", 256),
  DC: { oid: "0.9.2342.19200300.100.1.25", tag: IA5_STRING, max: 63, pattern: ASCII },
  EMAILADDRESS: { oid: "1.2.840.113549.1.9.1", tag: IA5_STRING, max: 255, pattern: ASCII }
};
var REPEATABLE = "DC";
function encodeSubject(written) {
  const attributes = subjectAttributes(written);
  if (attributes === void 0) throw refused(written, "is not a list of attributes");
  const names = attributes.map(([name]) => name);
  const twice = names.find((name, index) => name !== REPEATABLE && names.indexOf(name) !== index);
  if (twice !== void 0) throw refused(written, `has ${twice} twice`);
  const rdns = attributes.map(([name, value]) => encode(TAG.set, encodeAttribute(name, value, written)));
  return encode(TAG.sequence, ...rdns.reverse());
}
function encodeAttribute(name, value, written) {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : void 0;
  if (type === void 0) throw refused(written, `has the unknown attribute ${name}`);
  if (type.pattern?.test(value) === false || new RegExp("\\p{Cc}", "u").test(value)) {
    throw refused(written, `has a ${name} with characters that it must not have`);
  }
  const { length } = [...value];
  if (length > type.max) throw refused(written, `has a ${name} of ${length} characters, at most ${type.max}`);
  return encode(TAG.sequence, encodeOid(type.oid), encode(type.tag, Buffer.from(value)));
}
function refused(written, what) {
  return new VeritySignError("usage", `the subject ${JSON.stringify(written.slice(0, 300))} ${what}`, {
    remedy: `Write it as CN=release,O=Example,C=DE (RFC 4514), each attribute once, of ${Object.keys(TYPES).join(", ")}; put a backslash before a comma or plus sign in a value`
  });
}

export {
  encodeAlgorithm,
  signatureBytes,
  signerExtensions,
  buildSelfSigned,
  encodeSubject
};
