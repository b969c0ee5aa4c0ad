import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-CM6HP2KP.js";
import "./chunk-RNTJQHBR.js";
import {
  VERDICT_WORDS,
  failureLines,
  timeLines,
  verifyOutputsOf,
  verifyTable,
  verifyingOptions
} from "./chunk-UPGRBXPK.js";
import {
  renderVerifyReport
} from "./chunk-OWJHIBOL.js";
import "./chunk-U22PABK6.js";
import "./chunk-G2LUX2YB.js";
import "./chunk-DGTPHVMY.js";
import "./chunk-ZRVTLHIF.js";
import "./chunk-3GVJGGCL.js";
import "./chunk-TE2W3I2Q.js";
import "./chunk-5E73QSU7.js";
import {
  SUMMARY_LIMIT,
  actionLogger,
  codeBlock,
  commonInputs,
  details,
  escapeMarkdown,
  inlineCode,
  installOras,
  installTools,
  markdownTable,
  readInputs,
  setFailed,
  setOutput,
  withinLimit,
  writeActionReport,
  writeSummary
} from "./chunk-FZ5B6VTM.js";
import {
  abortOnSignals,
  formatSeconds,
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
import {
  logLines
} from "./chunk-7UPVLRZ3.js";
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
import {
  describeError
} from "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/frontend/verify-summary.ts
function renderVerifySummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit(reports.flatMap(imageParts), limit);
}
function imageParts(report) {
  const { image, builder, reason, trustPolicy, index } = report;
  const facts = [
    ["Given as", inlineCode(image.reference)],
    ["Verdict", `**${VERDICT_WORDS[report.verdict]}**`],
    ...reason === void 0 ? [] : [["Reason", escapeMarkdown(reason)]],
    ["Root hashes", report.recompute ? "compared with images built anew" : "not recomputed"],
    ["Certificates valid at", escapeMarkdown(report.validAt)],
    ...trustPolicy === void 0 ? [] : [
      [
        "Trust policy",
        escapeMarkdown(
          `statement "${trustPolicy.statement}" for ${trustPolicy.scope}, ${trustPolicy.level}`
        )
      ]
    ],
    ...builder === void 0 ? [] : [["mkfs.erofs", escapeMarkdown(`${builder.version}, class ${builder.class}`)]],
    ["Time", formatSeconds(report.seconds.total)]
  ];
  return [
    `### Verification: ${escapeMarkdown(image.reference)}`,
    markdownTable(["Image", inlineCode(image.name ?? image.reference)], facts),
    ...index === void 0 ? [] : ["#### Index", ...notaryParts(index.manifestSignature, index.manifestSignatures)],
    ...report.platforms.flatMap(platformParts),
    ...skippedPart(report),
    report.notes.map((note) => `> ${escapeMarkdown(note)}`).join("\n>\n")
  ];
}
function platformParts(platform) {
  const profiles = platform.profiles.map(({ profile, verdict, referrer, reason }) => [
    inlineCode(profile),
    VERDICT_WORDS[verdict],
    referrer === void 0 ? escapeMarkdown(reason ?? "") : inlineCode(shortDigest(referrer))
  ]);
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) => `> **Layer ${index} is not signed** (${inlineCode(digest)}): ${escapeMarkdown(reason)}`
  );
  return [
    `#### ${escapeMarkdown(platform.platform ?? "Image")}`,
    ...profiles.length === 0 ? [] : [markdownTable(["Profile", "Verdict", "Referrer or reason"], profiles)],
    ...platform.signatures.map(setPart),
    ...unsigned.length === 0 ? [] : [unsigned.join("\n>\n")],
    ...platform.layersLeftOut === void 0 ? [] : [`> Layers were not looked at: ${escapeMarkdown(platform.layersLeftOut)}`],
    ...notaryParts(platform.manifestSignature, platform.manifestSignatures)
  ];
}
function notaryParts(manifest, signatures) {
  if (manifest === void 0) return [];
  const { verdict, reason, referrer, byIndex } = manifest;
  const by = byIndex ? ", by the signature of the index" : "";
  const what = referrer === void 0 ? escapeMarkdown(reason ?? "") : inlineCode(shortDigest(referrer));
  return [
    `Manifest signature: **${VERDICT_WORDS[verdict]}**${by}${what === "" ? "" : `: ${what}`}`,
    ...signatures.map(notaryPart)
  ];
}
function notaryPart(signature) {
  const { signer, reason, notes, referrer, verdict, format } = signature;
  const body = [
    ...reason === void 0 ? [] : [escapeMarkdown(reason)],
    ...signer === void 0 ? [] : [signerPart(signer)],
    ...timeLines(signature).map(escapeMarkdown),
    ...notes.map((note) => `> ${escapeMarkdown(note)}`)
  ];
  const title = `${VERDICT_WORDS[verdict]}: Notary signature (${format ?? "format unknown"}), referrer ${referrer}`;
  return details(title, body.join("\n\n"));
}
function signerPart({ subject, keyType, fingerprint, notAfter }) {
  return `Signed by ${escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)}, SHA-256 ${inlineCode(fingerprint)}`;
}
function setPart(set) {
  const layers = set.layers.map(({ index, digest, rootHash, verdict, reason }) => [
    String(index),
    inlineCode(shortDigest(digest)),
    inlineCode(shortDigest(rootHash)),
    `${VERDICT_WORDS[verdict]}${reason === void 0 ? "" : `: ${escapeMarkdown(reason)}`}`
  ]);
  const whole = set.layers.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}
  root hash ${rootHash}`
  );
  const body = [
    ...set.reason === void 0 ? [] : [escapeMarkdown(set.reason)],
    ...set.signers.map(signerPart),
    ...layers.length === 0 ? [] : [
      markdownTable(["Layer", "Digest", "Root hash", "Verdict"], layers),
      codeBlock(whole.join("\n"), "text")
    ],
    ...set.notes.map((note) => `> ${escapeMarkdown(note)}`)
  ];
  const title = `${VERDICT_WORDS[set.verdict]}: ${set.profile ?? "profile unknown"}, referrer ${set.referrer}`;
  return details(title, body.join("\n\n"));
}
function skippedPart({ skipped }) {
  if (skipped.length === 0) return [];
  const rows = skipped.map(({ digest, platform, reason }) => [
    inlineCode(digest),
    escapeMarkdown(platform ?? ""),
    escapeMarkdown(reason)
  ]);
  return ["#### Not checked", markdownTable(["Manifest", "Platform", "Reason"], rows)];
}

// src/frontend/verify-run-action.ts
async function runVerifyAction() {
  const { raw, dialect } = readInputs("verify-action");
  const verifying = verifyingOptions(raw, dialect);
  const inputs = { ...commonInputs(raw, dialect), verifying };
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  const reports = await untilAborted(context.signal, () => verifyAll(inputs, context));
  const reportPath = writeActionReport(renderVerifyReport(reports), inputs.report);
  if (inputs.showSummary) await writeSummary(renderVerifySummary(reports));
  for (const [name, value] of Object.entries(verifyOutputsOf(reports, reportPath)))
    setOutput(name, value);
  const failures = failureLines(reports);
  if (failures.length > 0) setFailed(failures.flatMap(logLines).join("\n"));
}
async function verifyAll(inputs, context) {
  const { verifying } = inputs;
  const tools = inputs.install ? await install(inputs, context) : verifying.tools;
  const reports = [];
  for (const image of inputs.images) {
    const report = await verifyImage({ ...verifying, tools, image }, context);
    reports.push(report);
    context.log.info(verifyTable(report));
  }
  return reports;
}
function install({ verifying, orasVersion }, context) {
  const { tools, erofsUtilsVersion, recompute, layers } = verifying;
  const request = { ...tools, orasVersion };
  if (!recompute || layers === "none") return installOras(request, context);
  return installTools(
    { ...request, ...erofsUtilsVersion === void 0 ? {} : { erofsUtilsVersion } },
    context
  );
}

// src/entry/verify-action.ts
widenThreadPool();
try {
  await runVerifyAction();
} catch (error) {
  setFailed(describeError(error).line);
}
process.exit();
