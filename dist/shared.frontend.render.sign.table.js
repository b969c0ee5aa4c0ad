import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  builderRows,
  uncoveredLines
} from "./shared.frontend.render.builder-text.js";
import {
  formatBytes
} from "./shared.lib.format-bytes.js";
import {
  alignFacts,
  fitLine,
  fitLines,
  fitTable
} from "./shared.frontend.render.text-table.js";
import {
  formatSeconds,
  manifestKind
} from "./shared.frontend.render.format.js";
import {
  withCoverage
} from "./shared.report.coverage-text.js";
import {
  harmlessLines
} from "./shared.frontend.output.foreign-text.js";

// src/frontend/render/sign/table.ts
function signTable(report, width) {
  const { signer } = report;
  const facts = alignFacts(
    [
      ["image", report.image.name],
      [
        "signer",
        signer === void 0 ? "none (dry run)" : `${signer.subject} (SHA-256 ${signer.fingerprint})`
      ],
      ...builderRows(report)
    ],
    width
  );
  const leftOut = report.layersLeftOut.flatMap(({ platform, manifest, reason }) => [
    "",
    `${platform ?? manifest.digest}: layers are not signed: ${reason}`
  ]);
  const pushed = report.pushedTo ?? [];
  const done = report.dryRun ? `dry run done (${formatSeconds(report.seconds.total)}): nothing was signed or attached` : `${withCoverage("signed and attached", report)} (${formatSeconds(report.seconds.total)})`;
  return harmlessLines([
    ...facts,
    ...report.artifacts.flatMap((artifact) => artifactLines(report, artifact, width)),
    ...fitLines(leftOut, width),
    ...manifestLines(report, width),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(
      pushed.length === 0 ? [] : ["", ...pushed.map(({ reference }) => `pushed to ${reference}`)],
      width
    ),
    ...fitLines(["", done], width)
  ]);
}
function artifactLines(report, artifact, width) {
  const { platform, profile, layers, skippedLayers, referrer } = artifact;
  const rows = layers.map((layer) => [
    `  layer ${layer.index}`,
    layer.digest,
    formatBytes(layer.size),
    layer.rootHash
  ]);
  const lines = rows.map(
    ([name, digest, size, rootHash]) => `${name}: ${digest}, ${size}, root hash ${rootHash}`
  );
  return [
    "",
    ...fitLine(
      `${platform ?? "unknown platform"}, profile ${profile}${classText(report, artifact)}${artifact.artifactFormat === void 0 ? "" : `, format ${artifact.artifactFormat}`}`,
      width
    ),
    ...fitTable([["  layer", "digest", "size", "root hash"], ...rows], lines, width),
    ...skippedLayers.flatMap(
      ({ index, reason }) => fitLine(`  layer ${index} is not signed: ${reason}`, width)
    ),
    ...referrer === void 0 ? [] : fitLine(`  referrer ${referrer.digest}${referrer.reused ? " (already attached)" : ""}`, width)
  ];
}
function manifestLines({ manifestSignatures }, width) {
  if (manifestSignatures.length === 0) return [];
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
  const lines = rows.map(
    ([name, digest, signature, referrer]) => `manifest ${name}, ${digest}: ${signature}, referrer ${referrer}`
  );
  return ["", ...fitTable([["manifest", "digest", "signature", "referrer"], ...rows], lines, width)];
}
function classText({ builder }, artifact) {
  return builder?.kind === "native" && artifact.class !== void 0 ? `, class ${artifact.class}` : "";
}

export {
  signTable
};
