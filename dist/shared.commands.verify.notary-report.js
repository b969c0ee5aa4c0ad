import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  signerReport
} from "./shared.commands.shared.report-parts.js";

// src/commands/verify/notary-report.ts
function manifestVerdict({ verdict, reason, good, byIndex }) {
  return {
    verdict,
    ...reason === void 0 ? {} : { reason },
    ...good === void 0 ? {} : { referrer: good.referrer },
    ...byIndex ? { byIndex } : {}
  };
}
function notaryReport(signature) {
  const { referrer, verdict, reason, authenticTime, notes } = signature;
  return {
    referrer,
    verdict,
    ...reason === void 0 ? {} : { reason },
    ...envelopeReport(signature),
    ...authenticTime === void 0 ? {} : { authenticTime: authenticTime.toISOString() },
    notes
  };
}
function envelopeReport({
  format,
  signer,
  envelope
}) {
  const { signingTime, expiry, agent, target } = envelope ?? {};
  return {
    ...format === void 0 ? {} : { format },
    ...signer === void 0 ? {} : { signer: signerReport(signer) },
    ...signingTime === void 0 ? {} : { signedAt: signingTime.toISOString() },
    ...expiry === void 0 ? {} : { expiry: expiry.toISOString() },
    ...agent === void 0 ? {} : { agent },
    ...target?.annotations === void 0 ? {} : { metadata: target.annotations }
  };
}

export {
  manifestVerdict,
  notaryReport,
  envelopeReport
};
