import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  renderReport
} from "./chunk-UHXNYKT3.js";
import {
  signImage
} from "./chunk-TCMN7ORE.js";
import "./chunk-T762VM4K.js";
import {
  SUMMARY_LIMIT,
  actionLogger,
  codeBlock,
  details,
  escapeMarkdown,
  inlineCode,
  installOras,
  installTools,
  loadInputs,
  markdownTable,
  setFailed,
  setOutput,
  withinLimit,
  writeActionReport,
  writeSummary
} from "./chunk-FZ5B6VTM.js";
import {
  abortOnSignals,
  formatBytes,
  formatSeconds,
  manifestKind,
  runContext,
  shortDigest,
  untilAborted
} from "./chunk-VJXKBBRB.js";
import "./chunk-STAQZFMR.js";
import "./chunk-IBITTYNO.js";
import "./chunk-BLBYW4AU.js";
import "./chunk-WXASFSVB.js";
import "./chunk-LO4XRIRO.js";
import "./chunk-GODQNYJ2.js";
import {
  widenThreadPool
} from "./chunk-4G2GIQJI.js";
import "./chunk-7UPVLRZ3.js";
import "./chunk-PSE2D6LQ.js";
import "./chunk-VL7G3DRT.js";
import "./chunk-ZKMY2P7P.js";
import "./chunk-VH5MF2KG.js";
import "./chunk-WW4WEF6W.js";
import "./chunk-6DRF3IVD.js";
import "./chunk-443UWDZ2.js";
import "./chunk-EFP4QKPO.js";
import "./chunk-XXSUOPML.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-GTOR3M42.js";
import "./chunk-IQDWPNLI.js";
import {
  describeError
} from "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

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
    "manifest-signatures": JSON.stringify(
      reports.flatMap(
        (report) => report.manifestSignatures.flatMap(
          ({ platform, manifest, format, referrer }) => referrer === void 0 ? [] : [
            {
              image: report.image.name,
              platform: platform ?? null,
              manifest: manifest.digest,
              format,
              digest: referrer.digest,
              reused: referrer.reused
            }
          ]
        )
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
function notationCommands({ image, pushed }) {
  if (pushed !== void 0) {
    const repository2 = pushed.reference.slice(0, pushed.reference.lastIndexOf(":"));
    return [join(["notation", "verify", `${repository2}@${pushed.digest}`])];
  }
  if (image.name.startsWith("oci-archive:")) return [];
  const { options, repository } = orasTarget(image);
  const reference = `${repository}@${image.digest}`;
  if (options.length === 0) return [join(["notation", "verify", reference])];
  return [
    `NOTATION_EXPERIMENTAL=1 ${join(["notation", "verify", ...options, "--scope", "SCOPE", reference])}`
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
  const title = titleOf(report);
  const facts = [
    ["Given as", inlineCode(image.reference)],
    ...signer === void 0 ? [] : [
      ["Signer", escapeMarkdown(signer.subject)],
      ["Fingerprint (SHA-256)", inlineCode(signer.fingerprint)],
      [
        "Key",
        escapeMarkdown(
          [signer.keyType, ...holderOf(signer), `valid until ${signer.notAfter}`].join(", ")
        )
      ]
    ],
    ...report.pushed === void 0 ? [] : [["Pushed to", inlineCode(report.pushed.reference)]],
    ...builder === void 0 ? [] : [["mkfs.erofs", escapeMarkdown(`${builder.version}, class ${builder.class}`)]],
    ["Time", formatSeconds(report.seconds.total)]
  ];
  return [
    `### ${title}: ${escapeMarkdown(image.reference)}`,
    markdownTable(["Image", inlineCode(image.name)], facts),
    ...report.artifacts.flatMap((artifact) => artifactParts(report, artifact)),
    ...leftOutPart(report),
    ...manifestParts(report),
    ...skippedPart(report),
    ...settingsParts(report)
  ];
}
function titleOf({ dryRun, artifacts, manifestSignatures }) {
  const layers = artifacts.length > 0;
  if (dryRun) return layers ? "Root hashes (dry run, nothing signed)" : "Dry run, nothing signed";
  if (!layers) return "Signed manifests";
  return manifestSignatures.length > 0 ? "Signed layers and manifests" : "Signed layers";
}
var HOLDERS = {
  "aws-kms": "AWS KMS",
  "azure-key-vault": "Azure Key Vault",
  "google-kms": "Google Cloud KMS",
  vault: "Vault transit",
  "notation-plugin": "notation plugin",
  pkcs12: "PKCS#12"
};
function holderOf({ holder }) {
  const name = HOLDERS[holder ?? ""];
  return name === void 0 ? [] : [name];
}
function manifestParts(report) {
  const { manifestSignatures, dryRun } = report;
  if (manifestSignatures.length === 0) return [];
  const commands = notationCommands(report);
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    escapeMarkdown(platform ?? manifestKind(manifest.mediaType)),
    inlineCode(shortDigest(manifest.digest)),
    [
      escapeMarkdown(format.toUpperCase()),
      ...expiry === void 0 ? [] : [escapeMarkdown(`until ${expiry}`)],
      ...timestamped === true ? ["timestamped"] : []
    ].join(", "),
    referrer === void 0 ? "" : `${inlineCode(shortDigest(referrer.digest))}${referrer.reused ? " (was there already)" : ""}`
  ]);
  return [
    "#### Manifest signatures",
    markdownTable(["Manifest", "Digest", "Signature", "Referrer"], rows),
    ...dryRun || commands.length === 0 ? [] : [details("Verify with notation", codeBlock(commands.join("\n"), "sh"))]
  ];
}
function leftOutPart({ layersLeftOut }) {
  const lines = layersLeftOut.map(
    ({ platform, manifest, reason }) => `> **${escapeMarkdown(platform ?? "Image")}: layers are not signed** (${inlineCode(manifest.digest)}): ${escapeMarkdown(reason)}`
  );
  return lines.length === 0 ? [] : [lines.join("\n>\n")];
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
      `A node computes these root hashes only with the same options and an erofs-utils with the same output: here class ${escapeMarkdown(report.builder?.class ?? "unknown")}. Other classes differ for layers with extended attributes or unusual times.`,
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
  const tools = install ? await toolsFor(signing, orasVersion, context) : signing.tools;
  const reports = [];
  for (const image of inputs.images) reports.push(await signImage({ ...signing, tools, image }, context));
  return reports;
}
function toolsFor(signing, orasVersion, context) {
  const { tools, erofsUtilsVersion, layers } = signing;
  const request = {
    ...tools,
    orasVersion,
    ...erofsUtilsVersion === void 0 ? {} : { erofsUtilsVersion }
  };
  return layers === "none" ? installOras(request, context) : installTools(request, context);
}

// src/entry/sign-action.ts
widenThreadPool();
try {
  await runSignAction();
} catch (error) {
  setFailed(describeError(error).line);
}
process.exit();
