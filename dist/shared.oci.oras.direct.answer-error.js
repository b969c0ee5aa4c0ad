import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/oci/oras/direct/answer-error.ts
var AnswerError = class extends Error {
  status;
  constructor(method, { url, status, body }) {
    const reason = reasonIn(body);
    super(`${method} "${url.origin}${url.pathname}": response status code ${status}${reason}`);
    this.status = status;
  }
  /** Whether the same request may succeed later. */
  get isTransient() {
    return this.status === 429 || this.status >= 500 && this.status !== 501;
  }
};
function reasonIn(body) {
  const text = body.subarray(0, 4096).toString();
  const code = /"code"\s*:\s*"([\w ]{1,80})"/.exec(text)?.[1]?.toLowerCase().replaceAll("_", " ");
  const message = /"message"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1];
  return [code, message].flatMap((part) => part === void 0 ? [] : [`: ${part}`]).join("");
}

export {
  AnswerError
};
