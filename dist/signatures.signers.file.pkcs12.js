import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  require_lib
} from "./shared.node-forge.lib.x509.js";
import {
  readBer
} from "./shared.signatures.x509.asn1.ber.js";
import "./shared.signatures.x509.asn1.encode.js";
import {
  followIssuers,
  hasIssued,
  keyIdentifiersMatch,
  readCertificate
} from "./shared.signatures.x509.chain.js";
import {
  KEY_USAGE,
  TAG,
  childrenOf,
  isConstructed,
  oidOf,
  smallNumber
} from "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import {
  FormatError,
  decoding
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";
import {
  __toESM
} from "./runtime.js";

// src/signatures/signers/file/pkcs12.ts
import { createPrivateKey, createPublicKey } from "node:crypto";

// src/signatures/signers/file/pkcs12-decrypt.ts
var import_node_forge = __toESM(require_lib(), 1);
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";

// src/signatures/signers/file/pkcs12-elements.ts
function children(element) {
  if (element === void 0 || !isConstructed(element.tag)) {
    throw new FormatError("lacks an element, or has one that is not constructed");
  }
  return childrenOf(element);
}
function octets(element) {
  if (element !== void 0 && !isConstructed(element.tag)) return element.content;
  return Buffer.concat(children(element).map(octets));
}
function rounds(element) {
  if (element?.tag !== TAG.integer || element.content.length === 0) {
    throw new FormatError("lacks a number of rounds");
  }
  if ((element.content[0] ?? 0) >= 128) throw new FormatError("has a negative number of rounds");
  return smallNumber(element.content) ?? Number.POSITIVE_INFINITY;
}

// src/signatures/signers/file/pkcs12-decrypt.ts
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
    const digest = lookUp(MAC_DIGESTS, oidOf(children(algorithm)[0]));
    const iterations = this.#spend(count === void 0 ? 1 : rounds(count));
    const md = import_node_forge.default.md[digest].create();
    const saltBytes = import_node_forge.default.util.createBuffer(binary(octets(salt)));
    const key = import_node_forge.default.pkcs12.generateKey(passphrase, saltBytes, 3, iterations, md.digestLength, md);
    const mac = createHmac(digest, Buffer.from(key.getBytes(), "latin1")).update(content).digest();
    const wanted = octets(expected);
    return mac.length === wanted.length && timingSafeEqual(mac, wanted);
  }
  decrypt(algorithm, encrypted, passphrase) {
    const [oid, parameters] = children(algorithm);
    const scheme = oidOf(oid);
    this.#decrypted = true;
    if (scheme === PBES2) return this.#pbes2(parameters, encrypted, passphrase);
    if (!LEGACY.has(scheme)) throw new UnsupportedError(scheme);
    this.#spend(3 * rounds(children(parameters)[1]));
    const { pbe } = import_node_forge.default.pki;
    const cipher = pbe.getCipher(scheme, forgeElement(parameters), passphrase);
    cipher.update(import_node_forge.default.util.createBuffer(binary(encrypted)));
    if (!cipher.finish()) throw new DecryptError();
    return Buffer.from(cipher.output.getBytes(), "latin1");
  }
  #pbes2(parameters, encrypted, passphrase) {
    const [derivation, encryption] = children(parameters);
    const [kdf, kdfParameters] = children(derivation);
    if (oidOf(kdf) !== PBKDF2) throw new UnsupportedError(oidOf(kdf));
    const [salt, count, ...options] = children(kdfParameters);
    const prf = options.find(({ tag }) => tag !== TAG.integer);
    const hmac = prf === void 0 ? "sha1" : lookUp(HMACS, oidOf(children(prf)[0]));
    const [cipherId, iv] = children(encryption);
    const { name, keyBytes } = lookUp(CIPHERS, oidOf(cipherId));
    const iterations = this.#spend(rounds(count));
    const key = pbkdf2Sync(passphrase ?? "", octets(salt), iterations, keyBytes, hmac);
    try {
      const cipher = createDecipheriv(name, key, octets(iv));
      return Buffer.concat([cipher.update(encrypted), cipher.final()]);
    } catch {
      throw new DecryptError();
    }
  }
  #spend(iterations) {
    this.#rounds += iterations;
    if (iterations < 1) throw new RoundsError("asks for no rounds of key derivation");
    if (this.#rounds > MAX_ROUNDS) {
      throw new RoundsError(`asks for more than ${MAX_ROUNDS} rounds of key derivation`);
    }
    return iterations;
  }
};
function lookUp(table, oid) {
  const found = Object.hasOwn(table, oid) ? table[oid] : void 0;
  if (found === void 0) throw new UnsupportedError(oid);
  return found;
}
function forgeElement(element) {
  if (element === void 0) throw new FormatError("lacks the parameters of an algorithm");
  return decoding(
    "has parameters of an algorithm that cannot be read",
    () => import_node_forge.default.asn1.fromDer(binary(element.bytes))
  );
}
function binary(bytes) {
  return Buffer.from(bytes).toString("latin1");
}

// src/signatures/signers/file/pkcs12.ts
var DATA = "1.2.840.113549.1.7.1";
var ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
var X509 = "1.2.840.113549.1.9.22.1";
var BAGS = "1.2.840.113549.1.12.10.1.";
var [KEY, SHROUDED_KEY, CERTIFICATE, NESTED] = [1, 2, 3, 6].map((type) => `${BAGS}${type}`);
var AGAIN = "Write it again with openssl pkcs12 -export, with only the signing key";
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
    key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  } catch {
    throw unproven ? wrongPassphrase(passphrase) : unusable("has a private key that is damaged or of an unknown kind");
  }
  return { key, certificates: order(key, certificates) };
}
function read(file, passphrase) {
  try {
    return readPfx(readBer(file), passphrase);
  } catch (error) {
    if (error instanceof DecryptError) throw wrongPassphrase(passphrase);
    if (error instanceof FormatError || error instanceof RoundsError) throw unusable(error.message);
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
    for (const info of children(readBer(content))) {
      const safe = safeContents(info, crypto, secret);
      for (const bag of children(readBer(safe))) readBag(bag, contents, crypto, secret);
    }
  } catch (error) {
    throw error instanceof FormatError && unproven() ? new DecryptError() : error;
  }
  return { ...contents, unproven: unproven() };
}
function safeContents(info, crypto, secret) {
  if (oidOf(children(info)[0]) !== ENCRYPTED_DATA) return octets(contentOf(info, DATA));
  const [, encrypted] = children(contentOf(info, ENCRYPTED_DATA));
  const [, algorithm, bytes] = children(encrypted);
  return crypto.decrypt(algorithm, octets(bytes), secret);
}
function readBag(bag, contents, crypto, secret) {
  const [type, tagged] = children(bag);
  const [value] = children(tagged);
  switch (oidOf(type)) {
    case KEY:
      if (value !== void 0) contents.keys.push(value.bytes);
      return;
    case SHROUDED_KEY: {
      const [algorithm, encrypted] = children(value);
      contents.keys.push(crypto.decrypt(algorithm, octets(encrypted), secret));
      return;
    }
    case CERTIFICATE: {
      const [kind, certificate] = children(value);
      if (oidOf(kind) === X509) contents.certificates.push(octets(children(certificate)[0]));
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
  const found = oidOf(type);
  const [content] = children(tagged);
  if (found !== wanted) throw new UnsupportedError(found);
  if (content === void 0 || wanted === DATA && content.tag !== TAG.octetString) {
    throw new FormatError("lacks the content of a part");
  }
  return content;
}
function order(key, ders) {
  const found = ders.map(readOrRefuse);
  const distinct = [...new Map(found.map((one) => [one.fingerprint, one])).values()];
  const publicKey = createPublicKey(key);
  const [own, ...others] = distinct.filter((one) => one.key?.equals(publicKey) === true);
  if (others.length > 0) {
    throw new VeritySignError("key", `the PKCS#12 file holds ${others.length + 1} certificates for its key`, {
      remedy: "Say which one to use with `certificate`, a PEM file with it and its issuers"
    });
  }
  return own === void 0 ? [] : followIssuers(own, distinct, hasIssuedAsCa).map(({ der }) => der);
}
function hasIssuedAsCa(issuer, subject) {
  return issuer.extensions.keyUsage?.bits.has(KEY_USAGE.keyCertSign) !== false && keyIdentifiersMatch(issuer, subject) && hasIssued(issuer, subject);
}
function readOrRefuse(der) {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw unusable(`has a certificate that cannot be read: it ${error.message}`);
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
    { remedy: "Check `key-passphrase`; a passphrase file must hold only the passphrase" }
  );
}
function unusable(predicate) {
  return new VeritySignError("key", `the PKCS#12 file cannot be read: it ${predicate}`, { remedy: AGAIN });
}
export {
  openPkcs12
};
