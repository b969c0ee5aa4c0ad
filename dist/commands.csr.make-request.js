import {
  buildSelfSigned,
  encodeAlgorithm,
  encodeSubject,
  signatureBytes,
  signerExtensions
} from "./shared.signatures.csr.self-signed.js";
import {
  prepareSigner
} from "./shared.signing.js";
import {
  encode,
  encodeBits,
  encodeInteger,
  encodeOid
} from "./shared.images.js";
import "./shared.commands.js";
import {
  TAG
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/commands/csr/make-request.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:timers/promises of src/commands/csr/make-request.ts
var found;
var all = () => found ??= load("node:timers/promises");
var one = (name) => all()[name];
var setImmediate = /* @__PURE__ */ one("setImmediate");

// builtin-load:load of src/signatures/csr/public-key.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:crypto of src/signatures/csr/public-key.ts
var found2;
var all2 = () => found2 ??= load2("node:crypto");
var one2 = (name) => all2()[name];
var createPublicKey = /* @__PURE__ */ one2("createPublicKey");

// src/signatures/csr/public-key.ts
function usualPublicKey(publicKey) {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  const jwk = createPublicKey({ key: key.export({ format: "jwk" }), format: "jwk" });
  return jwk.export({ format: "der", type: "spki" });
}

// src/signatures/csr/request.ts
var EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
async function buildRequest(subject, key) {
  const info = encode(
    TAG.sequence,
    encodeInteger(Uint8Array.of(0)),
    subject,
    key.publicKey,
    encode(
      TAG.context0,
      encode(TAG.sequence, encodeOid(EXTENSION_REQUEST), encode(TAG.set, signerExtensions()))
    )
  );
  const signature = await key.sign(info, "request");
  return encode(
    TAG.sequence,
    info,
    encodeAlgorithm(signature),
    encodeBits(signatureBytes(signature, key.spec))
  );
}

// src/commands/csr/make-request.ts
async function makeRequest(options, context) {
  const { selfSignedDays: days } = options;
  const subject = encodeSubject(options.subject);
  if (days !== void 0 && options.key.startsWith("notation-plugin://")) {
    throw new VeritySignError("usage", "a key of a notation plugin has its certificate in the plugin", {
      remedy: "Omit self-signed, and have the plugin sign with the certificate that it has"
    });
  }
  const prepared = await prepareSigner(options.key, {
    certificates: void 0,
    withoutCertificate: true,
    purposes: [days === void 0 ? "request" : "layer"],
    ...options.keyPassphrase === void 0 ? {} : { passphrase: options.keyPassphrase },
    pluginConfig: options.pluginConfig,
    ...options.pluginSecrets === void 0 ? {} : { secrets: options.pluginSecrets },
    env: context.secrets,
    timeout: options.timeout,
    signal: context.signal
  });
  await throwIfStopped(context.signal);
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const key = await openKey(prepared);
  const pem = days === void 0 ? pemOf("CERTIFICATE REQUEST", await buildRequest(subject, key)) : pemOf("CERTIFICATE", await buildSelfSigned(subject, key, days, context.now));
  await throwIfStopped(context.signal);
  return pem;
}
async function throwIfStopped(signal) {
  await setImmediate();
  await setImmediate();
  signal.throwIfAborted();
}
async function openKey(prepared) {
  const { spec, publicKey } = prepared;
  const signer = await prepared.open();
  return { spec, publicKey: usualPublicKey(publicKey), sign: signer.sign.bind(signer) };
}
function pemOf(label, der) {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
export {
  makeRequest
};
