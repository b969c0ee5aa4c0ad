import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SYSTEM_LIMIT_REMEDY,
  VeritySignError
} from "./shared.errors.js";

// src/lib/process/system-limit.ts
var SystemLimitError = class extends VeritySignError {
  constructor(what, cause) {
    super("environment", what, { remedy: SYSTEM_LIMIT_REMEDY, cause });
  }
};

export {
  SystemLimitError
};
