import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/report/verify-report.ts
function renderVerifyReport(reports) {
  return `${JSON.stringify(reports, void 0, 2)}
`;
}
var ALARMING = [
  "invalid",
  "not-trusted",
  "not-signed",
  "unchecked",
  "skipped",
  "verified"
];
function worstVerdict(verdicts) {
  return ALARMING.find((verdict) => verdicts.includes(verdict)) ?? "verified";
}
function renderInspectReport(reports) {
  return `${JSON.stringify(reports, void 0, 2)}
`;
}

export {
  renderVerifyReport,
  worstVerdict,
  renderInspectReport
};
