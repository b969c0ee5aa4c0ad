import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  worstVerdict
} from "./shared.commands.verify.worst-verdict.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";

// src/frontend/render/verify/verdict.ts
var VERDICT_WORDS = {
  verified: "verified",
  invalid: "INVALID",
  "not-trusted": "NOT TRUSTED",
  "not-signed": "NOT SIGNED",
  unchecked: "COULD NOT BE CHECKED",
  skipped: "SKIPPED by the trust policy"
};
function verdictText(report) {
  const { verdict } = report;
  return verdict === "verified" ? withCoverage(VERDICT_WORDS.verified, report) : VERDICT_WORDS[verdict];
}
function layerWord({ verdict, recomputedRootHash }) {
  if (verdict !== "verified") return VERDICT_WORDS[verdict];
  return recomputedRootHash === void 0 ? "signature holds" : "root hash recomputed";
}
function manifestWord({ verdict, reason }, owner) {
  if (verdict === "not-signed" && owner.verdict === "verified") return { word: "none (not required)" };
  if (verdict === "not-signed" && owner.reason !== reason) return { word: "none" };
  return { word: VERDICT_WORDS[verdict], ...reason === void 0 ? {} : { reason } };
}
function verifiedSigners({ platforms, index }) {
  const sets = platforms.flatMap(({ signatures }) => signatures);
  const notary = [...platforms, ...index === void 0 ? [] : [index]].flatMap(
    ({ manifestSignatures }) => manifestSignatures
  );
  const signers = [
    ...sets.flatMap((set) => set.verdict === "verified" ? set.signers : []),
    ...notary.flatMap(
      ({ verdict, signer }) => verdict === "verified" && signer !== void 0 ? [signer] : []
    )
  ];
  return [...new Map(signers.map((signer) => [signer.fingerprint, signer])).values()];
}
function overallVerdict(reports) {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}
function failureLines(reports) {
  return reports.filter(({ verdict }) => verdict !== "verified" && verdict !== "skipped").map(
    ({ image, verdict, reason }) => `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`
  );
}

export {
  VERDICT_WORDS,
  verdictText,
  layerWord,
  manifestWord,
  verifiedSigners,
  overallVerdict,
  failureLines
};
