import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/errors.ts
var FAILED_VERDICTS = ["not-signed", "invalid", "not-trusted", "unchecked"];
function isFailedVerdict(code) {
  return FAILED_VERDICTS.includes(code);
}
var EXIT_STATUS = {
  usage: 2,
  image: 3,
  environment: 4,
  key: 5,
  registry: 6,
  "not-signed": 10,
  invalid: 11,
  "not-trusted": 12,
  unchecked: 13,
  "not-enforced": 14,
  cancelled: 130
};
var PEM = /-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)|LS0tLS1CRUdJTi[A-Z0-9+/]*=*/gi;
function withoutPem(text) {
  return text.replaceAll(PEM, "(PEM text)");
}
var GENERAL_REMEDY = {
  usage: "Correct this value and run again",
  image: "Build the image again, or copy it again from where it is intact",
  environment: "Check the permissions, the disk space and the limits of this machine",
  key: "Check the key and its certificates",
  registry: "Run again, and ask the operator of the registry if it fails again",
  cancelled: void 0,
  "not-signed": "Sign the image first",
  invalid: "Do not use the image, and find out who changed it or its signatures",
  "not-trusted": "Give the certificate of the signer if you trust it",
  unchecked: "Remove what prevented the check, and run again",
  "not-enforced": "Correct what the report lists"
};
var SYSTEM_LIMITS = /* @__PURE__ */ new Set(["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"]);
var SYSTEM_LIMIT_REMEDY = "Lower concurrency, or raise the limits on open files and processes (ulimit -n, ulimit -u)";
function isSystemLimit(error) {
  return typeof error === "object" && error !== null && "code" in error && SYSTEM_LIMITS.has(error.code);
}
var VeritySignError = class extends Error {
  code;
  remedy;
  context = {};
  constructor(code, message, options = {}) {
    super(withoutPem(message), options.cause === void 0 ? void 0 : { cause: options.cause });
    this.name = "VeritySignError";
    this.code = code;
    this.remedy = options.remedy === void 0 ? void 0 : withoutPem(options.remedy);
  }
  /** The exit status that the CLI has for this code. */
  get exitStatus() {
    return EXIT_STATUS[this.code];
  }
  /** One line: image, layer, what happened, what to do (see {@link remedyOf}). */
  toLine() {
    const where = [this.context.image, this.context.layer].filter((part) => part !== void 0);
    const what = where.length === 0 ? this.message : `${where.join(", ")}: ${this.message}`;
    const remedy = remedyOf(this);
    const line = remedy === void 0 ? what : `${what}. ${remedy}`;
    return withoutPem(line).replaceAll(/\s*\n\s*/g, " | ");
  }
};
function remedyOf(error) {
  let cause = error.cause;
  while (cause instanceof Error && !isSystemLimit(cause)) cause = cause.cause;
  if (isSystemLimit(cause)) return SYSTEM_LIMIT_REMEDY;
  return error.remedy ?? GENERAL_REMEDY[error.code];
}
async function inContext(context, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VeritySignError) {
      for (const key of ["image", "layer"]) {
        const value = context[key];
        if (value !== void 0) error.context[key] ??= value;
      }
    }
    throw error;
  }
}
function describeError(error) {
  if (error instanceof VeritySignError) {
    return { line: error.toLine(), status: error.exitStatus };
  }
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  return {
    line: `Internal error, please report it with these lines: ${withoutPem(detail).replaceAll(/\s*\n\s*/g, " | ")}`,
    status: 1
  };
}

export {
  isFailedVerdict,
  EXIT_STATUS,
  withoutPem,
  SYSTEM_LIMIT_REMEDY,
  isSystemLimit,
  VeritySignError,
  remedyOf,
  inContext,
  describeError
};
