import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parsePassphraseReference
} from "./shared.signatures.signers.reference.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/signers/secret.ts
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
var MAX_SECRET_BYTES = 64 * 1024;
async function readSecret(reference, what, env) {
  if (reference.kind === "env") {
    const value = Object.hasOwn(env, reference.name) ? env[reference.name] : void 0;
    if (value === void 0 || value === "") {
      throw new VeritySignError("key", `the environment variable ${reference.name} for ${what} is not set`, {
        remedy: "Set it in the environment of this step or command"
      });
    }
    return Buffer.from(value);
  }
  const content = Object.hasOwn(env, reference.path) ? Buffer.from(env[reference.path] ?? "") : await readFileAtMost(reference.path, what);
  if (content.length <= MAX_SECRET_BYTES) return content;
  throw new VeritySignError("key", `the file for ${what} has more than ${MAX_SECRET_BYTES / 1024} KiB`, {
    remedy: `Check the path of ${what}`
  });
}
async function readFileAtMost(path, what) {
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_SECRET_BYTES) break;
    }
  } catch (error) {
    const code = error.code ?? "unknown error";
    throw new VeritySignError("key", `the file for ${what} cannot be read (${code})`, {
      remedy: `Check the path and its permissions, or give ${what} as env://NAME`
    });
  }
  return Buffer.concat(chunks);
}
var SecretSource = class {
  #reference;
  #what;
  #env;
  #kept;
  /** See readSecret. */
  constructor(reference, what, env) {
    this.#reference = reference;
    this.#what = what;
    this.#env = env;
  }
  async read() {
    if (this.#kept !== void 0) return this.#kept;
    const reference = this.#reference;
    const again = reference.kind === "env" || ((await stat(reference.path).catch(() => void 0))?.isFile() ?? true);
    const content = await readSecret(reference, this.#what, this.#env);
    if (!again) this.#kept = content;
    return content;
  }
};
var PassphraseSource = class {
  #source;
  #file;
  constructor(reference, env) {
    const parsed = parsePassphraseReference(reference);
    this.#file = parsed.kind === "file";
    this.#source = new SecretSource(parsed, "the key passphrase", env);
  }
  /** @throws VeritySignError with code `key`. */
  async read() {
    const text = (await this.#source.read()).toString("utf8");
    return this.#file ? text.replace(/\r?\n$/, "") : text;
  }
};

export {
  MAX_SECRET_BYTES,
  SecretSource,
  PassphraseSource
};
