import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/commands/verify/worst-verdict.ts
var BY_SEVERITY = [
  "invalid",
  "not-trusted",
  "not-signed",
  "unchecked",
  "skipped",
  "verified"
];
function worstVerdict(verdicts) {
  return BY_SEVERITY.find((verdict) => verdicts.includes(verdict)) ?? "verified";
}

export {
  worstVerdict
};
