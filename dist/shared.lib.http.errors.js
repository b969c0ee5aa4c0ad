import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/http/errors.ts
var HttpError = class extends Error {
  failure;
  url;
  code;
  status;
  after;
  remedy;
  constructor(failure, message, details) {
    super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
    this.name = "HttpError";
    this.failure = failure;
    this.url = details.url;
    this.code = details.code;
    this.status = details.status;
    this.after = details.after;
    this.remedy = details.remedy;
  }
};

export {
  HttpError
};
