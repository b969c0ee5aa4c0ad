import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/lib/process/system-limit.ts
var CODES = /* @__PURE__ */ new Set(["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"]);
var SystemLimitError = class extends VeritySignError {
  constructor(what, cause) {
    super("environment", what, {
      remedy: "Lower concurrency, or raise the limits on open files and processes (ulimit -n, ulimit -u)",
      cause
    });
  }
};
function isSystemLimit(error) {
  return typeof error === "object" && error !== null && "code" in error && CODES.has(error.code);
}

export {
  SystemLimitError,
  isSystemLimit
};
