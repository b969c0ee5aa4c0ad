import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  require_lib
} from "./shared.node-forge.lib.x509.js";
import {
  VeritySignError
} from "./shared.errors.js";
import {
  __toESM
} from "./runtime.js";

// src/signatures/signers/file/pkcs12.ts
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";

// src/signatures/signers/file/pkcs12-asn1.ts
var import_node_forge = __toESM(require_lib(), 1);
var { asn1 } = import_node_forge.default;
var MalformedError = class extends Error {
};
function parseBer(bytes) {
  try {
    return asn1.fromDer(Buffer.from(bytes).toString("latin1"), true);
  } catch {
    throw new MalformedError("ASN.1 that cannot be read");
  }
}
function children(node) {
  if (node === void 0 || !node.constructed || !Array.isArray(node.value)) {
    throw new MalformedError("an element that is missing or not constructed");
  }
  return node.value;
}
function octets(node) {
  if (typeof node?.value === "string") return Buffer.from(node.value, "latin1");
  return Buffer.concat(children(node).map(octets));
}
function objectId(node) {
  if (node?.type !== asn1.Type.OID || typeof node.value !== "string") {
    throw new MalformedError("a missing object identifier");
  }
  return asn1.derToOid(node.value);
}
function integer(node) {
  if (node?.type !== asn1.Type.INTEGER || typeof node.value !== "string" || node.value === "") {
    throw new MalformedError("a missing number");
  }
  const bytes = Buffer.from(node.value, "latin1");
  if (bytes.readInt8(0) < 0) throw new MalformedError("a negative number");
  return bytes.length > 6 ? Number.POSITIVE_INFINITY : bytes.readUIntBE(0, bytes.length);
}
function isOctetString(node) {
  return node?.tagClass === asn1.Class.UNIVERSAL && node.type === asn1.Type.OCTETSTRING;
}
function isInteger(node) {
  return node?.tagClass === asn1.Class.UNIVERSAL && node.type === asn1.Type.INTEGER;
}
function encode(node) {
  return Buffer.from(asn1.toDer(node).getBytes(), "latin1");
}

// src/signatures/signers/file/pkcs12-decrypt.ts
var import_node_forge2 = __toESM(require_lib(), 1);
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
var DecryptError = class extends Error {
};
var RoundsError = class extends Error {
};
var UnsupportedError = class extends Error {
};
var MAX_ROUNDS = 3e6;
var PBES2 = "1.2.840.113549.1.5.13";
var PBKDF2 = "1.2.840.113549.1.5.12";
var LEGACY = /* @__PURE__ */ new Set(["1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.6"]);
var CIPHERS = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", keyBytes: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyBytes: 24 }
};
var HMACS = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512"
};
var MAC_DIGESTS = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512"
};
var PasswordCrypto = class {
  #rounds = 0;
  #decrypted = false;
  /** Whether anything has been decrypted, rightly or not. */
  get hasDecrypted() {
    return this.#decrypted;
  }
  /** Whether MacData fits the content under the passphrase. */
  macFits(macData, content, passphrase) {
    const [digestInfo, salt, count] = children(macData);
    const [algorithm, expected] = children(digestInfo);
    const digest = lookUp(MAC_DIGESTS, objectId(children(algorithm)[0]));
    const rounds = this.#spend(count === void 0 ? 1 : integer(count));
    const md = import_node_forge2.default.md[digest].create();
    const saltBytes = import_node_forge2.default.util.createBuffer(octets(salt).toString("latin1"));
    const key = import_node_forge2.default.pkcs12.generateKey(passphrase, saltBytes, 3, rounds, md.digestLength, md);
    const mac = createHmac(digest, Buffer.from(key.getBytes(), "latin1")).update(content).digest();
    const wanted = octets(expected);
    return mac.length === wanted.length && timingSafeEqual(mac, wanted);
  }
  decrypt(algorithm, encrypted, passphrase) {
    const [oid, parameters] = children(algorithm);
    const scheme = objectId(oid);
    this.#decrypted = true;
    if (scheme === PBES2) return this.#pbes2(parameters, encrypted, passphrase);
    if (!LEGACY.has(scheme)) throw new UnsupportedError(scheme);
    this.#spend(3 * integer(children(parameters)[1]));
    const { pbe } = import_node_forge2.default.pki;
    const cipher = pbe.getCipher(scheme, parameters, passphrase);
    cipher.update(import_node_forge2.default.util.createBuffer(Buffer.from(encrypted).toString("latin1")));
    if (!cipher.finish()) throw new DecryptError();
    return Buffer.from(cipher.output.getBytes(), "latin1");
  }
  #pbes2(parameters, encrypted, passphrase) {
    const [derivation, encryption] = children(parameters);
    const [kdf, kdfParameters] = children(derivation);
    if (objectId(kdf) !== PBKDF2) throw new UnsupportedError(objectId(kdf));
    const [salt, count, ...options] = children(kdfParameters);
    const prf = options.find((option) => !isInteger(option));
    const hmac = prf === void 0 ? "sha1" : lookUp(HMACS, objectId(children(prf)[0]));
    const [cipherId, iv] = children(encryption);
    const { name, keyBytes } = lookUp(CIPHERS, objectId(cipherId));
    const rounds = this.#spend(integer(count));
    const key = pbkdf2Sync(passphrase ?? "", octets(salt), rounds, keyBytes, hmac);
    try {
      const cipher = createDecipheriv(name, key, octets(iv));
      return Buffer.concat([cipher.update(encrypted), cipher.final()]);
    } catch {
      throw new DecryptError();
    }
  }
  #spend(rounds) {
    this.#rounds += rounds;
    if (rounds < 1) throw new RoundsError("no rounds of key derivation");
    if (this.#rounds > MAX_ROUNDS) {
      throw new RoundsError(`more than ${MAX_ROUNDS} rounds of key derivation`);
    }
    return rounds;
  }
};
function lookUp(table, oid) {
  const found = Object.hasOwn(table, oid) ? table[oid] : void 0;
  if (found === void 0) throw new UnsupportedError(oid);
  return found;
}

// src/signatures/signers/file/pkcs12.ts
var DATA = "1.2.840.113549.1.7.1";
var ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
var X509 = "1.2.840.113549.1.9.22.1";
var BAGS = "1.2.840.113549.1.12.10.1.";
var [KEY, SHROUDED_KEY, CERTIFICATE, NESTED] = [1, 2, 3, 6].map((type) => `${BAGS}${type}`);
var AGAIN = "Write it again with openssl pkcs12 -export, with the signing key alone";
var PBMAC1 = "1.2.840.113549.1.5.14";
function openPkcs12(file, passphrase) {
  const { keys, certificates, unproven } = read(file, passphrase);
  const [der] = keys;
  if (der === void 0) {
    throw new VeritySignError("key", "the PKCS#12 file holds no private key", {
      remedy: "Export the certificate together with its private key"
    });
  }
  if (keys.length > 1) {
    throw new VeritySignError("key", `the PKCS#12 file holds ${keys.length} private keys`, { remedy: AGAIN });
  }
  let key;
  try {
    key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } catch {
    throw unproven ? wrongPassphrase(passphrase) : unusable("its private key is damaged or of an unknown kind");
  }
  return { key, certificates: order(key, certificates) };
}
function read(file, passphrase) {
  try {
    return readPfx(parseBer(file), passphrase);
  } catch (error) {
    if (error instanceof DecryptError) throw wrongPassphrase(passphrase);
    if (error instanceof MalformedError || error instanceof RoundsError) throw unusable(error.message);
    if (!(error instanceof UnsupportedError)) throw error;
    const what = error.message === PBMAC1 ? "PBMAC1" : `the algorithm ${error.message}`;
    throw new VeritySignError("key", `the PKCS#12 file is protected with ${what}, which is not supported`, {
      remedy: AGAIN
    });
  }
}
function readPfx(pfx, passphrase) {
  const [, authSafe, macData] = children(pfx);
  const content = octets(contentOf(authSafe, DATA));
  const crypto = new PasswordCrypto();
  const candidates = passphrase === void 0 || passphrase === "" ? ["", null] : [passphrase];
  const found = macData === void 0 ? "" : candidates.find((one) => crypto.macFits(macData, content, one));
  if (found === void 0) throw new DecryptError();
  const secret = macData === void 0 ? passphrase ?? "" : found;
  const contents = { keys: [], certificates: [], unproven: false };
  const unproven = () => macData === void 0 && crypto.hasDecrypted;
  try {
    for (const info of children(parseBer(content))) {
      const safe = safeContents(info, crypto, secret);
      for (const bag of children(parseBer(safe))) readBag(bag, contents, crypto, secret);
    }
  } catch (error) {
    throw error instanceof MalformedError && unproven() ? new DecryptError() : error;
  }
  return { ...contents, unproven: unproven() };
}
function safeContents(info, crypto, secret) {
  if (objectId(children(info)[0]) !== ENCRYPTED_DATA) return octets(contentOf(info, DATA));
  const [, encrypted] = children(contentOf(info, ENCRYPTED_DATA));
  const [, algorithm, bytes] = children(encrypted);
  return crypto.decrypt(algorithm, octets(bytes), secret);
}
function readBag(bag, contents, crypto, secret) {
  const [type, tagged] = children(bag);
  const [value] = children(tagged);
  switch (objectId(type)) {
    case KEY:
      if (value !== void 0) contents.keys.push(encode(value));
      return;
    case SHROUDED_KEY: {
      const [algorithm, encrypted] = children(value);
      contents.keys.push(crypto.decrypt(algorithm, octets(encrypted), secret));
      return;
    }
    case CERTIFICATE: {
      const [kind, certificate] = children(value);
      if (objectId(kind) === X509) contents.certificates.push(octets(children(certificate)[0]));
      return;
    }
    case NESTED:
      for (const one of children(value)) readBag(one, contents, crypto, secret);
      return;
    default:
      return;
  }
}
function contentOf(info, wanted) {
  const [type, tagged] = children(info);
  const found = objectId(type);
  const [content] = children(tagged);
  if (found !== wanted) throw new UnsupportedError(found);
  if (content === void 0 || wanted === DATA && !isOctetString(content)) {
    throw new MalformedError("no content");
  }
  return content;
}
function order(key, ders) {
  const certificates = ders.map((der) => {
    try {
      return new X509Certificate(der);
    } catch {
      throw unusable("a certificate in it is damaged");
    }
  });
  const distinct = [...new Map(certificates.map((one) => [one.fingerprint256, one])).values()];
  const publicKey = createPublicKey(key);
  const own = distinct.filter((one) => hasKey(one, publicKey));
  if (own.length > 1) {
    throw new VeritySignError("key", `the PKCS#12 file holds ${own.length} certificates for its key`, {
      remedy: "Say which one to use with `certificate`, a PEM file with it and its issuers"
    });
  }
  const chain = [];
  for (let next = own[0]; next !== void 0 && !chain.includes(next); next = issuerOf(next, distinct)) {
    chain.push(next);
  }
  return chain.map((one) => one.raw);
}
function issuerOf(certificate, all) {
  const issuers = all.filter((one) => issued(certificate, one));
  return issuers.find((one) => issued(one, one)) ?? issuers[0];
}
function issued(certificate, issuer) {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
function hasKey(certificate, key) {
  try {
    return certificate.publicKey.equals(key);
  } catch {
    return false;
  }
}
function wrongPassphrase(passphrase) {
  if (passphrase === void 0) {
    return new VeritySignError("key", "the PKCS#12 file is encrypted and no passphrase was given", {
      remedy: "Set `key-passphrase` to env://NAME or to the path of a file with the passphrase"
    });
  }
  return new VeritySignError(
    "key",
    "the PKCS#12 file cannot be decrypted: the passphrase is wrong or the file damaged",
    { remedy: "Check `key-passphrase`; a passphrase file must hold the passphrase alone" }
  );
}
function unusable(reason) {
  return new VeritySignError("key", `the PKCS#12 file cannot be read: ${reason}`, { remedy: AGAIN });
}
export {
  openPkcs12
};
