import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VERDICT_WORDS,
  failureLines,
  verifyOutputsOf,
  verifyTable,
  verifyingOptions
} from "./chunk-R43ULJUK.js";
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
} from "./chunk-2T7IUJSM.js";
import {
  abortOnSignals,
  formatSeconds,
  runContext,
  shortDigest,
  untilAborted
} from "./chunk-2RGFOYX5.js";
import {
  widenThreadPool
} from "./chunk-4G2GIQJI.js";
import {
  logLines
} from "./chunk-7UPVLRZ3.js";
import {
  verifyImage
} from "./chunk-GD2CKFLJ.js";
import {
  renderVerifyReport
} from "./chunk-WYGMPXDT.js";
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

// src/frontend/verify-summary.ts
function renderVerifySummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit(reports.flatMap(imageParts), limit);
}
function imageParts(report) {
  const { image, builder, reason } = report;
  const facts = [
    ["Given as", inlineCode(image.reference)],
    ["Verdict", `**${VERDICT_WORDS[report.verdict]}**`],
    ...reason === void 0 ? [] : [["Reason", escapeMarkdown(reason)]],
    ["Root hashes", report.recompute ? "compared with images built anew" : "not recomputed"],
    ["Certificates valid at", escapeMarkdown(report.validAt)],
    ...builder === void 0 ? [] : [["mkfs.erofs", escapeMarkdown(`${builder.version}, class ${builder.class}`)]],
    ["Time", formatSeconds(report.seconds.total)]
  ];
  return [
    `### Verification: ${escapeMarkdown(image.reference)}`,
    markdownTable(["Image", inlineCode(image.name ?? image.reference)], facts),
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
    markdownTable(["Profile", "Verdict", "Referrer or reason"], profiles),
    ...platform.signatures.map(setPart),
    ...unsigned.length === 0 ? [] : [unsigned.join("\n>\n")]
  ];
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
    ...set.signers.map(
      ({ subject, keyType, fingerprint, notAfter }) => `Signed by ${escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)}, SHA-256 ${inlineCode(fingerprint)}`
    ),
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
  const { tools, erofsUtilsVersion, recompute } = verifying;
  const request = { ...tools, orasVersion };
  if (!recompute) return installOras(request, context);
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
