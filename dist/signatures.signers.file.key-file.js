import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  PrivateKeySigner
} from "./shared.signatures.signers.file.private-key.js";
import "./shared.signatures.signers.key-spec.js";
import "./shared.signatures.x509.key.js";
import {
  PassphraseSource,
  SecretSource
} from "./shared.signatures.signers.secret.js";
import "./shared.signatures.signers.reference.js";
import {
  plainPem
} from "./shared.lib.pem-text.js";
import {
  splitPem
} from "./shared.signatures.x509.pem.js";
import "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/signatures/signers/file/key-file.ts
import { createPublicKey } from "node:crypto";

// src/signatures/signers/file/pem.ts
import { createPrivateKey } from "node:crypto";
var KEY_LABELS = /* @__PURE__ */ new Set([
  "PRIVATE KEY",
  "ENCRYPTED PRIVATE KEY",
  "RSA PRIVATE KEY",
  "EC PRIVATE KEY"
]);
var FORMS = "Give one private key as PEM (PKCS#8, encrypted or not, PKCS#1 or SEC1) or as PKCS#12";
function findPrivateKey(text) {
  const blocks = splitPem(text).filter(({ ended }) => ended);
  const labels = blocks.map(({ label }) => label);
  const keys = blocks.filter(({ label }) => KEY_LABELS.has(label)).map(({ lines }) => `${lines.join("\n")}
`);
  const [pem] = keys;
  if (pem === void 0) throw new VeritySignError("key", noKeyReason(labels), { remedy: FORMS });
  if (keys.length > 1) {
    throw new VeritySignError("key", `the key reference holds ${keys.length} private keys`, {
      remedy: FORMS
    });
  }
  const encrypted = pem.startsWith("-----BEGIN ENCRYPTED") || /^Proc-Type: *4, *ENCRYPTED$/m.test(pem);
  return { pem, encrypted };
}
function openPrivateKey({ pem, encrypted }, passphrase) {
  if (encrypted && passphrase === void 0) {
    throw new VeritySignError("key", "the private key is encrypted and no passphrase was given", {
      remedy: "Set `key-passphrase` to env://NAME or to the path of a file with the passphrase"
    });
  }
  try {
    return createPrivateKey({
      key: pem,
      format: "pem",
      ...encrypted && passphrase !== void 0 && { passphrase }
    });
  } catch (error) {
    const code = error.code ?? "";
    if (encrypted && code === "ERR_OSSL_EVP_UNSUPPORTED") {
      throw new VeritySignError(
        "key",
        "the private key is encrypted with an algorithm that is not supported",
        {
          remedy: "Encrypt it again with openssl pkcs8 -topk8 -v2 aes-256-cbc"
        }
      );
    }
    throw encrypted ? new VeritySignError(
      "key",
      "the private key cannot be decrypted: the passphrase is wrong or the key damaged",
      {
        remedy: "Check `key-passphrase`; a passphrase file must hold only the passphrase"
      }
    ) : new VeritySignError(
      "key",
      "the private key cannot be read: its PEM is damaged or of an unknown kind",
      {
        remedy: FORMS
      }
    );
  }
}
function noKeyReason(labels) {
  const label = labels[0];
  if (label === void 0) return "what the key reference points to holds no PEM block";
  if (labels.every((one) => one === "CERTIFICATE"))
    return "the key reference points to a certificate, not a private key";
  if (label.endsWith("PUBLIC KEY")) return "the key reference points to a public key, not a private key";
  return `the key reference points to PEM of a kind that cannot be used (${label})`;
}

// src/signatures/signers/file/key-file.ts
var SEQUENCE = 48;
var INTEGER = 2;
var OID = 6;
var OCTET_STRING = 4;
async function prepareKeyFile(reference, request) {
  const key = new SecretSource(reference, "the key", request.env);
  const passphrase = request.passphrase === void 0 ? void 0 : new PassphraseSource(request.passphrase, request.env);
  const opened = await openKey(key, passphrase);
  const certificateChain = request.certificates ?? opened.certificates ?? [];
  if (certificateChain.length === 0 && request.withoutCertificate !== true) {
    throw new VeritySignError("usage", "`certificate` is missing", {
      remedy: "Name the PEM file of the signer: its certificate, then the issuers"
    });
  }
  return {
    holder: opened.holder,
    spec: new PrivateKeySigner(opened.key, certificateChain).spec,
    publicKey: createPublicKey(opened.key).export({ format: "der", type: "spki" }),
    certificateChain,
    open: async () => new PrivateKeySigner((await openKey(key, passphrase)).key, certificateChain)
  };
}
async function openKey(key, passphrase) {
  const content = await key.read();
  const der = derOf(content);
  if (der !== void 0 && isPkcs12(der)) {
    const { openPkcs12 } = await import("./signatures.signers.file.pkcs12.js");
    return { holder: "pkcs12", ...openPkcs12(der, await passphrase?.read()) };
  }
  const found = findPrivateKey(der === void 0 ? plainPem(content.toString("utf8")) : pemOfKey(der));
  return {
    holder: "pem",
    key: openPrivateKey(found, found.encrypted ? await passphrase?.read() : void 0)
  };
}
function derOf(content) {
  if (content[0] === SEQUENCE && !content.includes("-----BEGIN")) return content;
  const text = content.toString("latin1").replaceAll(/\s|\\n/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return void 0;
  const decoded = Buffer.from(text, "base64");
  return decoded[0] === SEQUENCE ? decoded : void 0;
}
function isPkcs12(der) {
  const header = headerLength(der);
  return der.subarray(header, header + 3).equals(Buffer.from([2, 1, 3]));
}
function pemOfKey(der) {
  const first = der.subarray(headerLength(der));
  const isEncrypted = first[0] === SEQUENCE && first[headerLength(first)] === OID;
  const [tag, , version, second] = first;
  if (tag !== INTEGER && !isEncrypted) throw notAKey();
  let label = "PRIVATE KEY";
  if (isEncrypted) label = "ENCRYPTED PRIVATE KEY";
  else if (version === 1 && second === OCTET_STRING) label = "EC PRIVATE KEY";
  else if (second === INTEGER) label = "RSA PRIVATE KEY";
  return plainPem(`-----BEGIN ${label}-----${der.toString("base64")}-----END ${label}-----`);
}
function notAKey() {
  return new VeritySignError(
    "key",
    "what the key reference points to is DER, and neither a key nor a PKCS#12 file",
    { remedy: "Give one private key as PEM, DER or PKCS#12" }
  );
}
function headerLength(der) {
  const length = der[1] ?? 0;
  return length > 128 ? 2 + (length & 127) : 2;
}
export {
  prepareKeyFile
};
