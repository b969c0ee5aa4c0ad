import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  isTransientStatus,
  retryAfter,
  withRetries
} from "./shared.signatures.signers.kms.retry.js";
import {
  checkedSignature,
  digestOf
} from "./shared.signatures.signers.kms.check-signature.js";
import {
  checkLeaf,
  keySpecOf
} from "./shared.signatures.signers.key-spec.js";
import {
  number,
  object,
  record,
  string,
  unknown
} from "./shared.zod.v4.core.schemas.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/signatures/signers/kms/vault/vault.ts
import { createPublicKey, X509Certificate } from "node:crypto";

// src/signatures/signers/kms/plain-http.ts
function plainHttpWarning({ protocol, hostname }, setting) {
  if (protocol !== "http:" || isLoopback(hostname)) return void 0;
  return `${setting} is http://, so the token goes to ${hostname} unencrypted: anybody on the way can sign with it. Use https://`;
}
function isLoopback(hostname) {
  return hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname) || /^(.+\.)?localhost$/.test(hostname);
}

// src/signatures/signers/kms/vault/vault-client.ts
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
var MAX_BYTES = 1024 * 1024;
var VaultAnswer = class extends Error {
  status;
  /** Its `errors` in one line, without the token. */
  said;
  /** Milliseconds that it wants to pass before the next request. */
  after;
  /** Of a redirect: scheme, host and port that it leads to. */
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
  #agent;
  #timeout;
  #signal;
  /** @param timeout Milliseconds for one request. */
  constructor(settings, { timeout, signal }) {
    this.settings = settings;
    const options = { keepAlive: true, maxSockets: 16, proxyEnv: process.env };
    this.#agent = settings.address.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
    this.#timeout = timeout;
    this.#signal = signal;
  }
  /**
   * Reads (GET) or, with a body, writes (POST) a path below `/v1/`; repeated while Vault is busy.
   * @returns `data` of the answer.
   * @throws VaultAnswer, the error of the connection, or the signal's reason.
   */
  call(path, body) {
    return withRetries(() => this.#send(path, body), judge, this.#signal);
  }
  async #send(path, body) {
    const { address, token, namespace, ca } = this.settings;
    const sent = body === void 0 ? void 0 : Buffer.from(JSON.stringify(body));
    const url = new URL(`${address.pathname.replace(/\/$/, "")}/v1/${path}`, address);
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = start(url, {
      method: sent === void 0 ? "GET" : "POST",
      headers: {
        "x-vault-token": token,
        // Vault's proxies can ask for it, so that no browser is made to use their token.
        "x-vault-request": "true",
        ...namespace !== void 0 && { "x-vault-namespace": namespace },
        ...sent !== void 0 && { "content-type": "application/json", "content-length": sent.length }
      },
      agent: this.#agent,
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeout)]),
      ...ca !== void 0 && { ca }
    });
    const response = await new Promise((resolve, reject) => {
      request.once("response", resolve).once("error", reject).end(sent);
    });
    const text = await read(response);
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return readJson(text)?.data;
    const said = readErrors(text.replaceAll(token, "***"));
    if (status < 300 || status >= 400)
      throw new VaultAnswer(status, said, { after: retryAfter(headers["retry-after"]) });
    const to = headers.location ?? "";
    const redirect = URL.canParse(to, url.href) ? new URL(to, url).origin : "another address";
    throw new VaultAnswer(status, said, { redirect });
  }
};
function judge(error) {
  if (error instanceof VaultAnswer) {
    return isTransientStatus(error.status) && !isSealed(error) ? { after: error.after } : void 0;
  }
  const { code } = error;
  const passing = /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
  return code !== void 0 && passing.test(code) ? {} : void 0;
}
function isSealed({ status, said }) {
  return status === 503 && /sealed/i.test(said);
}
async function read(response) {
  const chunks = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("the answer is longer than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
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
  const said = Array.isArray(errors) ? errors.filter((one) => typeof one === "string").join("; ") : text;
  return said.replaceAll(/\s+/g, " ").trim().slice(0, 300);
}

// src/signatures/signers/kms/vault/vault-errors.ts
async function callVault(vault, call, signal) {
  try {
    return await vault.call(call.path, call.body);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VaultAnswer)) throw connectionError(vault, error);
    if (error.status === 403 && !await isValidToken(vault, error)) {
      signal.throwIfAborted();
      throw failure(
        "Vault does not accept the token: it has expired, was revoked or belongs to another server or namespace",
        "Get a new one and set VAULT_TOKEN; in a workflow run hashicorp/vault-action in the same job before this step",
        error
      );
    }
    throw answerError(vault, call, error);
  }
}
async function isValidToken(vault, denial) {
  if (/invalid token/i.test(denial.said)) return false;
  const denied = (error) => error instanceof VaultAnswer && error.status === 403;
  return vault.call("auth/token/lookup-self").then(
    () => true,
    (error) => !denied(error)
  );
}
function answerError(vault, call, answer) {
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
    return failure(
      `the Vault token lacks the capability ${capability} on ${path}`,
      `Add to a policy of the token: path "${path}" { capabilities = ["${capability}"] }`,
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
  if (isSealed(answer)) return failure("Vault is sealed", "Have it unsealed, then run this again", answer);
  if (status === 429) {
    return failure(`Vault still limits the rate of requests (${detail})`, "Lower `concurrency`", answer);
  }
  return status >= 500 ? failure(`Vault failed at ${path} (${detail})`, "Run it again later", answer) : failure(`Vault refuses ${path} (${detail})`, "Check the key", answer);
}
function connectionError({ settings }, error) {
  const { code = "", message } = error;
  const { host } = settings.address;
  if (code === "ABORT_ERR" || error.name === "TimeoutError") {
    return failure(`Vault at ${host} did not answer in time`, "Check the server, or raise `timeout`", error);
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) {
    return failure(
      `the certificate of Vault at ${host} is not trusted (${code})`,
      "Set VAULT_CACERT to the PEM file of the server's CA",
      error
    );
  }
  return failure(
    `Vault at ${host} cannot be reached (${message})`,
    "Check VAULT_ADDR and the network",
    error
  );
}
function failure(message, remedy, cause) {
  return new VeritySignError("key", message, { remedy, cause });
}

// src/signatures/signers/kms/vault/vault-settings.ts
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
async function readVaultSettings(env) {
  const setting = (name) => {
    const captured = Object.hasOwn(env, name) ? env[name] : void 0;
    return (captured ?? process.env[name])?.trim() || void 0;
  };
  const mount = setting("TRANSIT_SECRET_ENGINE_PATH") ?? "transit";
  return {
    address: parseAddress(setting("VAULT_ADDR")),
    token: checkToken(setting("VAULT_TOKEN") ?? await storedToken()),
    namespace: setting("VAULT_NAMESPACE"),
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
    throw new VeritySignError("key", "VAULT_ADDR has more than scheme, host, port and path", { remedy });
  }
  return url;
}
function checkToken(token) {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new VeritySignError("key", "the Vault token is not one word of printable characters", {
    remedy: "Set VAULT_TOKEN to the token alone"
  });
}
async function storedToken() {
  const token = await readFile(join(homedir(), ".vault-token"), "utf8").catch(() => "");
  if (token.trim() !== "") return token.trim();
  throw new VeritySignError("key", "there is no Vault token", {
    remedy: "Set VAULT_TOKEN, or log in with the vault or bao CLI"
  });
}
async function readCa(path) {
  if (path === void 0) return void 0;
  try {
    return await readFile(path, "utf8");
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
  if (leaf === void 0) {
    throw new VeritySignError("usage", "`certificate` is missing: Vault keeps none with this key", {
      remedy: "Name the PEM file of the signer: its certificate, then the issuers"
    });
  }
  checkLeaf(key.export({ format: "der", type: "spki" }), leaf);
  await checkCapability(vault, name);
  signal.throwIfAborted();
  const prepared = { vault, name, version, key, spec, signal };
  const warning = plainHttpWarning(vault.settings.address, "VAULT_ADDR");
  return {
    holder: "vault",
    spec,
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
      ...spec.kind === "rsa" && { signature_algorithm: purpose === "layer" ? "pkcs1v15" : "pss" },
      ...spec.kind === "rsa" && purpose === "manifest" && { salt_length: "hash" }
    };
    const call = { path: signPath(vault, name), capability: "update", key: name, body };
    const value = readSignature(await callVault(vault, call, signal), version);
    const scheme = spec.kind === "ec" ? "ecdsa-der" : purpose === "layer" ? "rsa-pkcs1-v1_5" : "rsa-pss";
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
    throw new VeritySignError("key", `the answer of Vault for the key ${name} is not of its transit engine`, {
      remedy: "Check VAULT_ADDR and TRANSIT_SECRET_ENGINE_PATH"
    });
  }
  const { type, latest_version: version } = key;
  const data = VersionData.safeParse(key.keys[String(version)]).data;
  return { type, version, pem: data?.public_key ?? "", chain: data?.certificate_chain ?? "" };
}
function readChain(pem) {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).raw);
}
function readPem(name, read2) {
  try {
    return read2();
  } catch (cause) {
    throw new VeritySignError("key", `Vault gives a damaged public key or certificate for ${name}`, {
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
