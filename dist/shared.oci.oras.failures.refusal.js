import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ToolError
} from "./shared.lib.process.run.js";
import {
  AnswerError
} from "./shared.oci.oras.direct.answer-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/oci/oras/failures/refusal.ts
var UNUSABLE_HEAD = /missing required header "?Docker-Content-Digest|unknown response Content-Length|HEAD "[^"]*": response status code (?:400|405|406|501)\b/;
function refusesHead(error) {
  return UNUSABLE_HEAD.test(stderrOf(error));
}
var ReferrersRefusedError = class extends VeritySignError {
  constructor(repository, subject, status, cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    super(
      "registry",
      `the registry refuses to list (status ${status}) the referrers of ${repository}@${subject.digest}${reason}`,
      {
        remedy: "Set referrers: tag if the registry has no referrers API; otherwise give these credentials access to it",
        cause
      }
    );
  }
};
var REFUSALS = [400, 401, 403, 405, 406];
function referrersRefusal(error) {
  if (error instanceof VeritySignError && error.cause instanceof AnswerError) {
    const { status } = error.cause;
    return REFUSALS.includes(status) ? status : void 0;
  }
  const words = /^> Request URL: "([^"]*)"|^< Response Status: "(\d{3})/gm;
  let url = "";
  let last;
  for (const [, asked, answered] of stderrOf(error).matchAll(words)) {
    if (asked !== void 0) url = asked;
    else if (/\/v2\/.+\/(?:manifests|referrers)\//.test(url)) last = { url, status: Number(answered) };
  }
  if (last === void 0 || !/\/v2\/.+\/referrers\/[^/]+$/.test(last.url)) return void 0;
  return REFUSALS.includes(last.status) ? last.status : void 0;
}
function stderrOf(error) {
  if (error instanceof ToolError) return error.stderr;
  return error instanceof VeritySignError && error.cause instanceof ToolError ? error.cause.stderr : "";
}

export {
  refusesHead,
  ReferrersRefusedError,
  referrersRefusal
};
