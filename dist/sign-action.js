import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  renderReport
} from "./chunk-UHXNYKT3.js";
import {
  SUMMARY_LIMIT,
  actionLogger,
  codeBlock,
  details,
  escapeMarkdown,
  inlineCode,
  installTools,
  loadInputs,
  markdownTable,
  setFailed,
  setOutput,
  withinLimit,
  writeActionReport,
  writeSummary
} from "./chunk-2T7IUJSM.js";
import {
  abortOnSignals,
  formatBytes,
  formatSeconds,
  runContext,
  shortDigest,
  untilAborted
} from "./chunk-2RGFOYX5.js";
import {
  widenThreadPool
} from "./chunk-4G2GIQJI.js";
import "./chunk-7UPVLRZ3.js";
import {
  signImage
} from "./chunk-PBTSM6O6.js";
import "./chunk-3SDK747F.js";
import "./chunk-2TFGLHSJ.js";
import "./chunk-AJYUJ2BV.js";
import "./chunk-GTBLXIS5.js";
import "./chunk-WXASFSVB.js";
import "./chunk-HN7UX6P3.js";
import "./chunk-6NE6DGRD.js";
import {
  describeError
} from "./chunk-6OOLX2PB.js";

// src/frontend/outputs.ts
function outputsOf(reports, reportPath) {
  const artifacts = reports.flatMap(
    (report) => report.artifacts.map((artifact) => ({ artifact, of: artifactOf(report, artifact) }))
  );
  return {
    digest: reports.map((report) => report.image.digest).join("\n"),
    "artifact-digests": JSON.stringify(
      artifacts.flatMap(
        ({ artifact: { referrer }, of }) => referrer === void 0 ? [] : [{ ...of, digest: referrer.digest, reused: referrer.reused }]
      )
    ),
    "root-hashes": JSON.stringify(
      artifacts.flatMap(
        ({ artifact, of }) => artifact.layers.map(({ index, digest, rootHash }) => ({ ...of, index, layer: digest, rootHash }))
      )
    ),
    "report-path": reportPath
  };
}
function artifactOf(report, artifact) {
  return {
    image: report.image.name,
    platform: artifact.platform ?? null,
    profile: artifact.profile,
    manifest: artifact.manifest.digest
  };
}

// src/frontend/signature-type.ts
var SIGNATURE_TYPE = "application/vnd.cncf.notary.signature.dm-verity";

// src/frontend/commands.ts
function shellQuote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
function orasTarget(image) {
  const repository = image.name.slice(0, image.name.lastIndexOf("@"));
  const layout = /^(?:oci|oci-archive):(.*)$/s.exec(repository);
  if (layout?.[1] !== void 0) return { options: ["--oci-layout"], repository: layout[1] };
  return { options: [], repository: repository.replace(/^docker:\/\//, "") };
}
function discoverCommand(report, artifact) {
  const { options, repository } = orasTarget(report.image);
  return join([
    "oras",
    "discover",
    ...options,
    "--artifact-type",
    SIGNATURE_TYPE,
    `${repository}@${artifact.manifest.digest}`
  ]);
}
function verifyCommands(report, artifact) {
  const { options, repository } = orasTarget(report.image);
  const layer = artifact.layers.find((candidate) => candidate.signatureDigest !== void 0);
  if (layer?.signatureDigest === void 0) return [];
  const file = `layer-${layer.index}.pkcs7.sig`;
  return [
    join(["oras", "blob", "fetch", ...options, "--output", file, `${repository}@${layer.signatureDigest}`]),
    `printf %s ${layer.rootHash} > roothash`,
    join([
      "openssl",
      "smime",
      "-verify",
      "-binary",
      "-purpose",
      "any",
      "-inform",
      "DER",
      "-in",
      file,
      "-content",
      "roothash",
      "-CAfile",
      "ca.pem"
    ])
  ];
}
function join(words) {
  return words.map(shellQuote).join(" ");
}

// src/frontend/node-settings.ts
function nodeSettings(profile, mkfsOptions) {
  const options = mkfsOptions.map((option) => JSON.stringify(option)).join(", ");
  const tarIndex = profile === "containerd-tar-index" ? ["  enable_tar_index = true"] : [];
  const caches = profile === "containerd-cache" ? ['  layer_content_caches = ["/var/lib/erofs-cache"]'] : [];
  return [
    "version = 3",
    "",
    '[plugins."io.containerd.differ.v1.erofs"]',
    `  mkfs_options = [${options}]`,
    ...tarIndex,
    "  enable_dmverity = true",
    "",
    '[plugins."io.containerd.snapshotter.v1.erofs"]',
    '  dmverity_mode = "on"',
    ...caches,
    "",
    '[plugins."io.containerd.service.v1.diff-service"]',
    '  default = ["erofs", "walking"]'
  ].join("\n");
}
function cacheCommand(mkfsOptions) {
  return `ctr images build-erofs-cache --dmverity --mkfs-options "${mkfsOptions.join(" ")}" IMAGE /var/lib/erofs-cache`;
}

// src/frontend/summary.ts
function renderSummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit(reports.flatMap(imageParts), limit);
}
function imageParts(report) {
  const { signer, builder, image } = report;
  const title = report.dryRun ? "Root hashes (dry run, nothing signed)" : "Signed layers";
  const facts = [
    ["Given as", inlineCode(image.reference)],
    ...signer === void 0 ? [] : [
      ["Signer", escapeMarkdown(signer.subject)],
      ["Fingerprint (SHA-256)", inlineCode(signer.fingerprint)],
      ["Key", escapeMarkdown(`${signer.keyType}, valid until ${signer.notAfter}`)]
    ],
    ...report.pushed === void 0 ? [] : [["Pushed to", inlineCode(report.pushed.reference)]],
    ["mkfs.erofs", escapeMarkdown(`${builder.version}, class ${builder.class}`)],
    ["Time", formatSeconds(report.seconds.total)]
  ];
  return [
    `### ${title}: ${escapeMarkdown(image.reference)}`,
    markdownTable(["Image", inlineCode(image.name)], facts),
    ...report.artifacts.flatMap((artifact) => artifactParts(report, artifact)),
    ...skippedPart(report),
    ...settingsParts(report)
  ];
}
function artifactParts(report, artifact) {
  const { referrer } = artifact;
  const commands = [discoverCommand(report, artifact), ...verifyCommands(report, artifact)];
  return [
    `#### ${escapeMarkdown(artifact.platform ?? "Image")}, profile ${inlineCode(artifact.profile)}`,
    ...referrer === void 0 ? [] : [
      `Signatures ${referrer.reused ? "were there already" : "attached"}: ${inlineCode(referrer.digest)}`
    ],
    markdownTable(
      ["Layer", "Digest", "Size", "EROFS size", "Root hash", "Time"],
      artifact.layers.map(layerRow)
    ),
    ...warnings(artifact),
    details(
      "Complete digests and root hashes",
      codeBlock(artifact.layers.map(layerLines).join("\n"), "text")
    ),
    ...report.dryRun ? [] : [details("Look at the signatures and check one", codeBlock(commands.join("\n"), "sh"))]
  ];
}
function layerRow(layer) {
  return [
    String(layer.index),
    inlineCode(shortDigest(layer.digest)),
    formatBytes(layer.size),
    formatBytes(layer.erofsSize),
    inlineCode(shortDigest(layer.rootHash)),
    layer.sameAs === void 0 ? formatSeconds(layer.seconds.build + layer.seconds.verity) : `as layer ${layer.sameAs}`
  ];
}
function layerLines(layer) {
  const signature = layer.signatureDigest === void 0 ? "" : `
  signature ${layer.signatureDigest}`;
  return `layer ${layer.index} ${layer.digest}
  root hash ${layer.rootHash}${signature}`;
}
function warnings(artifact) {
  const lines = [
    ...artifact.skippedLayers.map(
      (layer) => `> **Layer ${layer.index} is not signed** (${inlineCode(layer.digest)}): ${escapeMarkdown(layer.reason)}`
    ),
    ...artifact.layers.filter((layer) => layer.dropped.count > 0).map(
      (layer) => `> **Layer ${layer.index}: mkfs.erofs left out or altered ${layer.dropped.count} ${layer.dropped.count === 1 ? "entry" : "entries"}**, on the node too: ` + layer.dropped.examples.map(inlineCode).join(", ")
    )
  ];
  return lines.length === 0 ? [] : [lines.join("\n>\n")];
}
function skippedPart(report) {
  if (report.skipped.length === 0) return [];
  const rows = report.skipped.map((entry) => [
    inlineCode(entry.digest),
    escapeMarkdown(entry.platform ?? ""),
    escapeMarkdown(entry.reason)
  ]);
  return ["#### Not signed", markdownTable(["Manifest", "Platform", "Reason"], rows)];
}
function settingsParts(report) {
  const byProfile = new Map(report.artifacts.map((artifact) => [artifact.profile, artifact]));
  return [...byProfile.values()].map((artifact) => {
    const commands = artifact.profile === "containerd-cache" ? [codeBlock(cacheCommand(artifact.mkfsOptions), "sh")] : [];
    const body = [
      `A node computes these root hashes only with the same options and an erofs-utils with the same output: here class ${escapeMarkdown(report.builder.class)}. Other classes differ for layers with extended attributes or unusual times.`,
      codeBlock(nodeSettings(artifact.profile, artifact.mkfsOptions), "toml"),
      ...commands
    ];
    return details(`containerd settings for profile ${artifact.profile}`, body.join("\n\n"));
  });
}

// src/frontend/run-sign-action.ts
async function runSignAction() {
  const inputs = loadInputs();
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  const reports = await untilAborted(context.signal, () => signAll(inputs, context));
  const reportPath = writeActionReport(renderReport(reports), inputs.report);
  if (inputs.showSummary) await writeSummary(renderSummary(reports));
  for (const [name, value] of Object.entries(outputsOf(reports, reportPath))) setOutput(name, value);
}
async function signAll(inputs, context) {
  const { signing, install, orasVersion } = inputs;
  const tools = install ? await installTools(installRequest(signing, orasVersion), context) : signing.tools;
  const reports = [];
  for (const image of inputs.images) reports.push(await signImage({ ...signing, tools, image }, context));
  return reports;
}
function installRequest(signing, orasVersion) {
  const { tools, erofsUtilsVersion } = signing;
  return { ...tools, orasVersion, ...erofsUtilsVersion === void 0 ? {} : { erofsUtilsVersion } };
}

// src/entry/sign-action.ts
widenThreadPool();
try {
  await runSignAction();
} catch (error) {
  setFailed(describeError(error).line);
}
process.exit();
