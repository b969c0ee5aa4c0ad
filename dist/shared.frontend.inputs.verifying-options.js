import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  worstVerdict
} from "./shared.commands.verify.worst-verdict.js";
import {
  alignColumns,
  builderRows,
  certificateReferences,
  choice,
  commonOptions,
  flag,
  formatSeconds,
  layersChoice,
  parseLines,
  parseList,
  parseTime,
  text,
  uncoveredLines
} from "./shared.frontend.each-image.js";
import {
  harmlessLines
} from "./shared.frontend.hide-environment.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/report/verify-report.ts
function renderVerifyReport(reports) {
  return `${JSON.stringify(reports, void 0, 2)}
`;
}
function renderInspectReport(reports) {
  return `${JSON.stringify(reports, void 0, 2)}
`;
}

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
function overallVerdict(reports) {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}
function failureLines(reports) {
  return reports.filter(({ verdict }) => verdict !== "verified" && verdict !== "skipped").map(
    ({ image, verdict, reason }) => `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`
  );
}

// src/frontend/render/verify/table.ts
function verifyTable(report) {
  const { image, trustPolicy, index } = report;
  const lines = alignColumns([
    ["image", image.name ?? image.reference],
    ...builderRows(report),
    ["valid at", report.validAt],
    ...trustPolicy === void 0 ? [] : [
      ["trust policy", `${trustPolicy.path}, statement "${trustPolicy.statement}", ${trustPolicy.level}`]
    ]
  ]);
  if (index !== void 0) {
    lines.push("", `index, ${index.manifest.digest}`);
    lines.push(...notaryLines(index.manifestSignature, index.manifestSignatures));
  }
  for (const platform of report.platforms) lines.push("", ...platformLines(platform));
  lines.push(...uncoveredLines(report));
  lines.push("", ...report.notes.map((note) => `note: ${note}`), "");
  lines.push(`${verdictText(report)} (${formatSeconds(report.seconds.total)})${because(report.reason)}`);
  return harmlessLines(lines);
}
function platformLines(platform) {
  return [
    `${platform.platform ?? "unknown platform"}, ${platform.manifest.digest}`,
    ...platform.profiles.map(
      ({ profile, verdict, reason }) => `  profile ${profile}: ${VERDICT_WORDS[verdict]}${because(reason)}`
    ),
    ...platform.signatures.flatMap(setLines),
    ...platform.skippedLayers.map(({ index, reason }) => `  layer ${index} is NOT signed: ${reason}`),
    ...platform.layersLeftOut === void 0 ? [] : [`  layers not checked: ${platform.layersLeftOut}`],
    ...notaryLines(platform.manifestSignature, platform.manifestSignatures)
  ];
}
function notaryLines(manifest, signatures) {
  if (manifest === void 0) return [];
  const by = manifest.byIndex ? ", covered by the signature of the index" : "";
  return [
    `  manifest signature: ${VERDICT_WORDS[manifest.verdict]}${by}${because(manifest.reason)}`,
    ...signatures.flatMap((one) => [
      `  Notary signature ${one.referrer} (${one.format ?? "format unknown"}): ${VERDICT_WORDS[one.verdict]}${because(one.reason)}`,
      ...one.signer === void 0 ? [] : [`    ${signerLine(one.signer)}`],
      ...timeLines(one).map((line) => `    ${line}`),
      ...one.notes.map((note) => `    note: ${note}`)
    ])
  ];
}
function timeLines({
  signedAt,
  authenticTime,
  expiry,
  metadata
}) {
  return [
    ...signedAt === void 0 ? [] : [`signed at ${signedAt} according to the signer's clock`],
    ...authenticTime === void 0 ? [] : [`signed at ${authenticTime} according to a timestamp or signing authority`],
    ...expiry === void 0 ? [] : [`expires at ${expiry}`],
    ...Object.entries(metadata ?? {}).map(([key, value]) => `metadata ${key}=${value}`)
  ];
}
function setLines(set) {
  const rows = set.layers.map(({ index, digest, rootHash, verdict, reason }) => [
    `    layer ${index}`,
    digest,
    rootHash,
    `${VERDICT_WORDS[verdict]}${because(reason)}`
  ]);
  return [
    `  referrer ${set.referrer} (${set.profile ?? "profile unknown"}): ${VERDICT_WORDS[set.verdict]}${because(set.reason)}`,
    ...set.signers.map((signer) => `    ${signerLine(signer)}`),
    ...alignColumns(rows),
    ...set.notes.map((note) => `    note: ${note}`)
  ];
}
function signerLine({ subject, fingerprint, keyType, notBefore, notAfter }) {
  return `signed by ${subject} (${keyType}, SHA-256 ${fingerprint}, valid ${notBefore} to ${notAfter})`;
}
function because(reason) {
  return reason === void 0 ? "" : `: ${reason}`;
}

// src/frontend/inputs/verifying-options.ts
function verifyingOptions(raw, dialect) {
  const trustedCertificates = certificateReferences(raw, "trusted-certificate", dialect);
  const trustStores = parseList(text(raw, "trust-store"));
  const trustPolicy = text(raw, "trust-policy");
  const trustPolicyScope = text(raw, "trust-policy-scope");
  if (trustPolicy === void 0 && trustedCertificates.length + trustStores.length === 0) {
    const names = ["trusted-certificate", "trust-store", "trust-policy"].map(dialect.label);
    throw new VeritySignError("usage", `neither ${names.join(" nor ")} is given`, {
      remedy: "Set at least one: no certificate is trusted by default"
    });
  }
  const at = text(raw, "at");
  return {
    ...commonOptions(raw, dialect),
    trustedCertificates,
    trustStores,
    ...trustPolicy === void 0 ? {} : { trustPolicy },
    ...trustPolicyScope === void 0 ? {} : { trustPolicyScope },
    layers: layersChoice(raw, "verify", dialect),
    manifestSignature: choice(raw, "manifest-signature", "verify", ["auto", "required", "none"], dialect),
    signerIdentities: parseLines(text(raw, "signer-identity")),
    recompute: flag(raw, "recompute", dialect),
    allowExpired: flag(raw, "allow-expired", dialect),
    ...at === void 0 ? {} : { at: parseTime(at, dialect.label("at")) },
    strict: flag(raw, "strict", dialect)
  };
}

export {
  renderVerifyReport,
  renderInspectReport,
  VERDICT_WORDS,
  verdictText,
  overallVerdict,
  failureLines,
  verifyTable,
  timeLines,
  signerLine,
  verifyingOptions
};
