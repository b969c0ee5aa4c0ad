import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  inPlace
} from "./shared.commands.sign.destination.js";
import {
  alignColumns,
  builderRows,
  formatBytes,
  formatSeconds,
  manifestKind,
  uncoveredLines
} from "./shared.frontend.each-image.js";
import {
  harmlessLines
} from "./shared.frontend.hide-environment.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";

// src/report/report.ts
function renderReport(reports) {
  return `${JSON.stringify(reports, void 0, 2)}
`;
}
function renderRootHashes(entries) {
  return `${JSON.stringify(entries, void 0, 2)}
`;
}

// src/frontend/destination.ts
function destinationOf({ pushTo }) {
  if (pushTo === void 0) return inPlace;
  return async (...args) => (await import("./commands.gate.gate.js")).openGate(...args);
}

// src/frontend/render/sign/table.ts
function signTable(report) {
  const { signer } = report;
  const lines = [
    ...alignColumns([
      ["image", report.image.name],
      [
        "signer",
        signer === void 0 ? "none (dry run)" : `${signer.subject} (SHA-256 ${signer.fingerprint})`
      ],
      ...builderRows(report)
    ])
  ];
  for (const artifact of report.artifacts) {
    lines.push(
      "",
      `${artifact.platform ?? "unknown platform"}, profile ${artifact.profile}${classText(report, artifact)}`
    );
    const rows = artifact.layers.map((layer) => [
      `  layer ${layer.index}`,
      layer.digest,
      formatBytes(layer.size),
      layer.rootHash
    ]);
    lines.push(...alignColumns([["  layer", "digest", "size", "root hash"], ...rows]));
    for (const skipped of artifact.skippedLayers) {
      lines.push(`  layer ${skipped.index} is NOT signed: ${skipped.reason}`);
    }
    const { referrer } = artifact;
    if (referrer !== void 0) {
      lines.push(`  referrer ${referrer.digest}${referrer.reused ? " (already attached)" : ""}`);
    }
  }
  for (const { platform, manifest, reason } of report.layersLeftOut) {
    lines.push("", `${platform ?? manifest.digest}: layers are NOT signed: ${reason}`);
  }
  if (report.manifestSignatures.length > 0) lines.push("", ...manifestRows(report));
  lines.push(...uncoveredLines(report));
  const pushed = report.pushedTo ?? [];
  if (pushed.length > 0) lines.push("", ...pushed.map(({ reference }) => `pushed to ${reference}`));
  lines.push(
    "",
    report.dryRun ? `dry run done (${formatSeconds(report.seconds.total)}): nothing was signed or attached` : `${withCoverage("signed and attached", report)} (${formatSeconds(report.seconds.total)})`
  );
  return harmlessLines(lines);
}
function manifestRows({ manifestSignatures }) {
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    platform ?? manifestKind(manifest.mediaType),
    manifest.digest,
    [
      format,
      ...expiry === void 0 ? [] : [`until ${expiry}`],
      ...timestamped === true ? ["timestamped"] : []
    ].join(", "),
    referrer === void 0 ? "none" : `${referrer.digest}${referrer.reused ? " (already attached)" : ""}`
  ]);
  return alignColumns([["manifest", "digest", "signature", "referrer"], ...rows]);
}
function classText({ builder }, artifact) {
  return builder?.kind === "native" ? `, class ${artifact.class}` : "";
}

export {
  renderReport,
  renderRootHashes,
  destinationOf,
  signTable
};
