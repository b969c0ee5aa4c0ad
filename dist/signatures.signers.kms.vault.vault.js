import {
  checkedSignature,
  digestOf
} from "./shared.signatures.signers.kms.check-signature.js";
import {
  checkLeaf,
  keySpecOf
} from "./shared.signing.js";
import {
  HttpClient,
  isTransientStatus,
  retryAfter,
  withRetries
} from "./shared.verifying.js";
import "./shared.notary.js";
import "./shared.images.js";
import "./shared.commands.js";
import {
  HttpError,
  number,
  object,
  readGiven,
  record,
  splitPem,
  string,
  unknown
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError,
  homeFolder
} from "./shared.start.js";

// builtin-load:load of src/signatures/signers/kms/vault/vault.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/signatures/signers/kms/vault/vault.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createPublicKey = /* @__PURE__ */ one("createPublicKey");
var X509Certificate = /* @__PURE__ */ one("X509Certificate");

// src/lib/http/loopback.ts
function isLoopback({ hostname }) {
  return hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}

// src/signatures/signers/kms/vault/plain-http.ts
function plainHttpWarning(url, setting) {
  if (url.protocol !== "http:" || isLoopback(url)) return void 0;
  return `${setting} is http://, so the token goes to ${url.hostname} unencrypted and can be stolen on the way. Use https://`;
}

// src/signatures/signers/kms/vault/vault-client.ts
var MAX_BYTES = 1024 * 1024;
var CONNECTIONS = 16;
var PASSING = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
var LAGGING = 412;
var VaultAnswer = class extends Error {
  status;
  /** Its `errors` in one line, without the token. */
  said;
  /** Milliseconds that Vault wants to pass before the next request. */
  after;
  /** Scheme, host and port that a redirect leads to. */
  redirect;
  constructor(status, said, more = {}) {
    super(`HTTP ${status}: ${said}`);
    this.status = status;
    this.said = said;
    this.after = more.after;
    this.redirect = more.redirect;
  }
};
var VaultClient = class {
  settings;
  #http;
  #timeout;
  #signal;
  /** @param timeout Milliseconds for one request. */
  constructor(settings, { timeout, signal }) {
    this.settings = settings;
    this.#http = new HttpClient({ ca: settings.ca, connections: CONNECTIONS });
    this.#timeout = timeout;
    this.#signal = signal;
  }
  /**
   * Reads (GET) or, with a body, writes (POST) a path below `/v1/`; repeated while Vault is busy.
   * @returns `data` of the answer.
   * @throws VaultAnswer, HttpError, or the signal's reason.
   */
  call(path, body) {
    return withRetries(() => this.#send(path, body), retryOf, this.#signal);
  }
  async #send(path, body) {
    const { address, token, namespace } = this.settings;
    const url = new URL(`${address.pathname.replace(/\/$/, "")}/v1/${path}`, address);
    const answer = await this.#http.send(url, {
      ...body !== void 0 && { body: Buffer.from(JSON.stringify(body)) },
      headers: {
        "x-vault-token": token,
        // Vault's proxies can demand it, so that no browser is made to use their token.
        "x-vault-request": "true",
        ...namespace !== void 0 && { "x-vault-namespace": namespace },
        ...body !== void 0 && { "content-type": "application/json" }
      },
      ...{ timeout: this.#timeout, signal: this.#signal, maxBytes: MAX_BYTES, errorBody: true }
    });
    const text = answer.body.toString("utf8");
    const { status, headers } = answer;
    if (status === 200) return readJson(text)?.data;
    const said = readErrors(text.replaceAll(token, "***"));
    if (status < 300 || status >= 400) {
      throw new VaultAnswer(status, said, { after: retryAfter(headers["retry-after"]) });
    }
    const to = URL.parse(headers.location ?? "", url.href);
    throw new VaultAnswer(status, said, { redirect: to?.origin ?? "another address" });
  }
};
function retryOf(error) {
  if (error instanceof VaultAnswer) {
    const mayPass = isTransientStatus(error.status) || error.status === LAGGING;
    return mayPass && !isSealed(error) ? { after: error.after } : void 0;
  }
  return error instanceof HttpError && PASSING.test(error.code ?? "") ? {} : void 0;
}
function isSealed({ status, said }) {
  return status === 503 && /sealed/i.test(said);
}
function readJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : void 0;
  } catch {
    return void 0;
  }
}
function readErrors(text) {
  const errors = readJson(text)?.errors;
  const said = Array.isArray(errors) ? errors.filter((one3) => typeof one3 === "string").join("; ") : text;
  return said.replaceAll(/\s+/g, " ").trim().slice(0, 300);
}

// src/signatures/signers/kms/vault/vault-errors.ts
async function callVault(vault, call, signal) {
  try {
    return await vault.call(call.path, call.body);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpError) throw connectionError(vault, error);
    if (!(error instanceof VaultAnswer)) throw error;
    const token = error.status === 403 ? await tokenState(vault, error) : "valid";
    signal.throwIfAborted();
    if (token === "invalid") {
      throw failure(
        "Vault does not accept the token: it has expired, was revoked or belongs to another server or namespace",
        "Get a new one and set VAULT_TOKEN; in a workflow, run hashicorp/vault-action earlier in the same job",
        error
      );
    }
    throw answerError(vault, call, error, token);
  }
}
async function tokenState(vault, denial) {
  const isInvalid = ({ said }) => /invalid token/i.test(said);
  if (isInvalid(denial)) return "invalid";
  return vault.call("auth/token/lookup-self").then(
    () => "valid",
    (error) => error instanceof VaultAnswer && isInvalid(error) ? "invalid" : "unknown"
  );
}
function answerError(vault, call, answer, token) {
  const { path, capability, key } = call;
  const { status, said, redirect } = answer;
  const detail = `HTTP ${status}${said === "" ? "" : `: ${said}`}`;
  if (redirect !== void 0) {
    return failure(
      `Vault redirects to ${redirect}, where the token is not sent`,
      `Set VAULT_ADDR to ${redirect}, if that is your Vault`,
      answer
    );
  }
  if (status === 403) {
    const otherwise = token === "valid" ? "" : ". If a policy has it already, the token has expired or was revoked: get a new one";
    return failure(
      `the Vault token lacks the capability ${capability} on ${path}`,
      `Add to a policy of the token: path "${path}" { capabilities = ["${capability}"] }${otherwise}`,
      answer
    );
  }
  if (status === 404) {
    return failure(
      `Vault has no transit key ${key} at ${vault.settings.mount} (${detail})`,
      "Check the name of the key, TRANSIT_SECRET_ENGINE_PATH and VAULT_NAMESPACE",
      answer
    );
  }
  if (isSealed(answer)) return failure("Vault is sealed", "Unseal it, then run again", answer);
  if (status === 429) {
    return failure(`Vault still limits the rate of requests (${detail})`, "Lower `concurrency`", answer);
  }
  return status >= 500 ? failure(`Vault failed at ${path} (${detail})`, "Run it again later", answer) : failure(`Vault refuses ${path} (${detail})`, "Check the key", answer);
}
var REMEDIES = {
  timeout: "Check the server, or raise `timeout`",
  certificate: "Set VAULT_CACERT to the PEM file of the server's CA"
};
function connectionError({ settings }, error) {
  const remedy = error.remedy ?? REMEDIES[error.failure] ?? "Check VAULT_ADDR and the network";
  return failure(`Vault at ${settings.address.host} ${error.message}`, remedy, error);
}
function failure(message, remedy, cause) {
  return new VeritySignError("key", message, { remedy, cause });
}

// builtin-load:load of src/signatures/signers/kms/vault/vault-settings.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:path of src/signatures/signers/kms/vault/vault-settings.ts
var found2;
var all2 = () => found2 ??= load2("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");

// src/signatures/signers/kms/vault/vault-settings.ts
async function readVaultSettings(env) {
  const setting = (name) => {
    const captured = Object.hasOwn(env, name) ? env[name] : void 0;
    return (captured ?? process.env[name])?.trim() || void 0;
  };
  const mount = setting("TRANSIT_SECRET_ENGINE_PATH") ?? "transit";
  return {
    address: parseAddress(setting("VAULT_ADDR")),
    token: checkToken(setting("VAULT_TOKEN") ?? await storedToken()),
    namespace: checkNamespace(setting("VAULT_NAMESPACE")),
    ca: await readCa(setting("VAULT_CACERT")),
    mount: mount.split("/").filter(Boolean).map(encodeURIComponent).join("/")
  };
}
function parseAddress(text) {
  const remedy = "Set VAULT_ADDR to the URL of the server, such as https://vault.example:8200";
  if (text === void 0) throw new VeritySignError("key", "VAULT_ADDR is not set", { remedy });
  const url = URL.canParse(text) ? new URL(text) : void 0;
  if (url === void 0 || !/^https?:$/.test(url.protocol)) {
    throw new VeritySignError("key", "VAULT_ADDR is not the URL of an HTTP server", { remedy });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new VeritySignError("key", "VAULT_ADDR may have only scheme, host, port and path", { remedy });
  }
  return url;
}
function checkToken(token) {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new VeritySignError("key", "the Vault token is not a single word of printable characters", {
    remedy: "Set VAULT_TOKEN to the token only"
  });
}
function checkNamespace(namespace) {
  if (namespace === void 0 || /^[\x20-\x7e]+$/.test(namespace)) return namespace;
  throw new VeritySignError("key", "VAULT_NAMESPACE is not a path of printable ASCII characters", {
    remedy: "Set it to the path of the namespace only, such as teams/release"
  });
}
async function storedToken() {
  const token = await readGiven(join(homeFolder(), ".vault-token")).then(String, () => "");
  if (token.trim() !== "") return token.trim();
  throw new VeritySignError("key", "no Vault token was found", {
    remedy: "Set VAULT_TOKEN, or log in with the vault or bao CLI"
  });
}
async function readCa(path) {
  if (path === void 0) return void 0;
  try {
    return (await readGiven(path)).toString();
  } catch (cause) {
    throw new VeritySignError("key", "the file that VAULT_CACERT names cannot be read", {
      remedy: "Set VAULT_CACERT to the PEM file of the server's CA",
      cause
    });
  }
}

// src/signatures/signers/kms/vault/vault.ts
var KEY_TYPES = /* @__PURE__ */ new Set([
  ...["rsa-2048", "rsa-3072", "rsa-4096"],
  ...["ecdsa-p256", "ecdsa-p384", "ecdsa-p521"]
]);
var KeyData = object({
  type: string(),
  latest_version: number().int().positive(),
  // A key for HMAC shows no versions.
  keys: record(string(), unknown()).default({})
});
var VersionData = object({ public_key: string().min(1), certificate_chain: string().optional() });
var SignData = object({ signature: string() });
var Capabilities = record(string(), unknown());
async function prepareVault({ key: name }, request) {
  const { signal } = request;
  const vault = new VaultClient(await readVaultSettings(request.env), request);
  const path = `${vault.settings.mount}/keys/${name}`;
  const answer = await callVault(vault, { path, capability: "read", key: name }, signal);
  const { type, version, pem, chain } = readKey(name, answer);
  if (!KEY_TYPES.has(type)) {
    throw new VeritySignError("key", `the Vault key ${name} of type ${type} cannot sign layers`, {
      remedy: `Use a key of type ${[...KEY_TYPES].join(", ")}`
    });
  }
  const key = readPem(name, () => createPublicKey(pem));
  const spec = keySpecOf(key);
  const certificateChain = request.certificates ?? readPem(name, () => readChain(chain));
  const [leaf] = certificateChain;
  if (leaf === void 0 && request.withoutCertificate !== true) {
    throw new VeritySignError("usage", "`certificate` is missing: Vault keeps none with this key", {
      remedy: "Name the PEM file of the signer: its certificate, then the issuers"
    });
  }
  const spki = key.export({ format: "der", type: "spki" });
  if (leaf !== void 0) checkLeaf(spki, leaf);
  await checkCapability(vault, name);
  signal.throwIfAborted();
  const prepared = { vault, name, version, key, spec, signal };
  const warning = plainHttpWarning(vault.settings.address, "VAULT_ADDR");
  return {
    holder: "vault",
    spec,
    publicKey: spki,
    certificateChain,
    ...warning === void 0 ? {} : { warnings: [warning] },
    open: async () => new VaultSigner(prepared, certificateChain)
  };
}
var VaultSigner = class {
  certificateChain;
  #key;
  constructor(key, certificateChain) {
    this.#key = key;
    this.certificateChain = certificateChain;
  }
  async sign(bytes, purpose) {
    const { vault, name, version, key, spec, signal } = this.#key;
    const body = {
      input: digestOf(spec.digest, bytes).toString("base64"),
      prehashed: true,
      hash_algorithm: spec.digest.replace("sha", "sha2-"),
      key_version: version,
      ...spec.kind === "ec" && { marshaling_algorithm: "asn1" },
      ...spec.kind === "rsa" && { signature_algorithm: purpose === "manifest" ? "pss" : "pkcs1v15" },
      ...spec.kind === "rsa" && purpose === "manifest" && { salt_length: "hash" }
    };
    const call = { path: signPath(vault, name), capability: "update", key: name, body };
    const value = readSignature(await callVault(vault, call, signal), version);
    const scheme = spec.kind === "ec" ? "ecdsa-der" : purpose === "manifest" ? "rsa-pss" : "rsa-pkcs1-v1_5";
    return checkedSignature({ scheme, digest: spec.digest, value }, bytes, key, "Vault");
  }
};
function signPath(vault, name) {
  return `${vault.settings.mount}/sign/${name}`;
}
async function checkCapability(vault, name) {
  const path = signPath(vault, name);
  const answer = await vault.call("sys/capabilities-self", { paths: [path] }).catch(() => void 0);
  const mine = Capabilities.safeParse(answer).data?.[path];
  if (!Array.isArray(mine) || mine.includes("update") || mine.includes("root")) return;
  throw new VeritySignError("key", `the Vault token lacks the capability update on ${path}`, {
    remedy: `Add to a policy of the token: path "${path}" { capabilities = ["update"] }`
  });
}
function readKey(name, answer) {
  const key = KeyData.safeParse(answer).data;
  if (key === void 0) {
    throw new VeritySignError(
      "key",
      `Vault's answer for the key ${name} does not come from a transit engine`,
      {
        remedy: "Check VAULT_ADDR and TRANSIT_SECRET_ENGINE_PATH"
      }
    );
  }
  const { type, latest_version: version } = key;
  const data = VersionData.safeParse(key.keys[String(version)]).data;
  return { type, version, pem: data?.public_key ?? "", chain: data?.certificate_chain ?? "" };
}
function readChain(pem) {
  return splitPem(pem).filter(({ label, ended }) => label === "CERTIFICATE" && ended).map(({ lines }) => new X509Certificate(lines.join("\n")).raw);
}
function readPem(name, read) {
  try {
    return read();
  } catch (cause) {
    throw new VeritySignError("key", `Vault returned a damaged public key or certificate for ${name}`, {
      remedy: "Check the key in Vault, and that VAULT_ADDR leads to Vault itself",
      cause
    });
  }
}
function readSignature(answer, version) {
  const signature = SignData.safeParse(answer).data?.signature ?? "";
  const prefix = `vault:v${version}:`;
  return Buffer.from(signature.startsWith(prefix) ? signature.slice(prefix.length) : "", "base64");
}
export {
  prepareVault
};
