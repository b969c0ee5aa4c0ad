import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./chunk-NWT3GI2C.js";
import "./chunk-VPCKZ3BH.js";
import "./chunk-NZGUWI6W.js";
import "./chunk-GXNBDUF4.js";
import {
  VERDICT_WORDS,
  failureLines,
  timeLines,
  verifyOutputsOf,
  verifyTable,
  verifyingOptions
} from "./chunk-QIZ7XW2B.js";
import {
  renderVerifyReport
} from "./chunk-OWJHIBOL.js";
import "./chunk-6ANB5LIK.js";
import "./chunk-MTY4QHTZ.js";
import "./chunk-K6EM24HP.js";
import "./chunk-GJBORQNS.js";
import "./chunk-47M5AD6S.js";
import {
  SUMMARY_LIMIT,
  actionLogger,
  alert,
  codeBlock,
  commonInputs,
  details,
  escapeMarkdown,
  factTable,
  inlineCode,
  markdownTable,
  readInputs,
  toldInSummary,
  toolsFor,
  usesMkfs,
  withinLimit,
  writeActionReport,
  writeSummary
} from "./chunk-5YCWYC2E.js";
import "./chunk-STAQZFMR.js";
import "./chunk-AY7LO3BV.js";
import {
  abortOnSignals,
  builderRow,
  formatSeconds,
  runContext,
  shortDigest,
  untilAborted
} from "./chunk-MJ3W45BD.js";
import "./chunk-Y3J6AVZE.js";
import "./chunk-WXASFSVB.js";
import {
  setFailed,
  setOutput
} from "./chunk-ALJKFJ5J.js";
import "./chunk-NXF6BKXP.js";
import "./chunk-OGAT3VT4.js";
import "./chunk-GODQNYJ2.js";
import {
  widenThreadPool
} from "./chunk-GJH4ETOY.js";
import {
  logLines
} from "./chunk-7UPVLRZ3.js";
import "./chunk-5QUH7272.js";
import "./chunk-DY3CNKYB.js";
import "./chunk-X2P2ZSOC.js";
import "./chunk-IH777XU5.js";
import "./chunk-6MW3NM7P.js";
import "./chunk-QRCM2NJ2.js";
import "./chunk-F7L57EWU.js";
import "./chunk-R7VVDFW5.js";
import "./chunk-BYEVULVW.js";
import "./chunk-FHI6J6AN.js";
import "./chunk-332EGVRM.js";
import "./chunk-7X66O2J3.js";
import "./chunk-BKUCSVYV.js";
import "./chunk-PJMS5TR2.js";
import "./chunk-CQBVTECB.js";
import "./chunk-F4WWHGDP.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-HEFEJ7KT.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-DY3HEV5V.js";
import {
  describeError
} from "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/frontend/verify-summary.ts
var LISTED_LAYERS = 1e3;
function renderVerifySummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit(reports.flatMap(imageParts), limit);
}
function imageParts(report) {
  const { image, builder, reason, trustPolicy, index } = report;
  const facts = [
    ["Image", inlineCode(image.name ?? image.reference)],
    ["Given as", inlineCode(image.reference)],
    ["Root hashes", rootHashes(report)],
    ["Certificates valid at", escapeMarkdown(report.validAt)],
    ...trustPolicy === void 0 ? [] : [
      [
        "Trust policy",
        escapeMarkdown(
          `statement "${trustPolicy.statement}" for ${trustPolicy.scope}, ${trustPolicy.level}`
        )
      ]
    ],
    ...builder === void 0 ? [] : [builderRow(builder).map(escapeMarkdown)],
    ["Time", formatSeconds(report.seconds.total)]
  ];
  return [
    `### Verification: ${escapeMarkdown(image.reference)}`,
    ...verdictPart(report.verdict, reason),
    factTable(facts),
    ...index === void 0 ? [] : ["#### Index", ...notaryParts(index.manifestSignature, index.manifestSignatures)],
    ...report.platforms.flatMap(platformParts),
    ...skippedPart(report),
    ...alert("NOTE", report.notes.map(escapeMarkdown))
  ];
}
function rootHashes({ recompute, builder }) {
  if (!recompute) return "not recomputed";
  return builder === void 0 ? "nothing was built to compare them with" : "compared with images built anew";
}
function verdictPart(verdict, reason) {
  const line = `**${VERDICT_WORDS[verdict]}**${reason === void 0 ? "" : `: ${escapeMarkdown(reason)}`}`;
  if (verdict === "verified") return [line];
  return alert(verdict === "skipped" ? "WARNING" : "CAUTION", [line]);
}
function word(verdict) {
  return verdict === "verified" ? VERDICT_WORDS[verdict] : `**${VERDICT_WORDS[verdict]}**`;
}
function platformParts(platform) {
  const profiles = platform.profiles.map(({ profile, verdict, referrer, reason }) => [
    inlineCode(profile),
    word(verdict),
    referrer === void 0 ? escapeMarkdown(reason ?? "") : inlineCode(shortDigest(referrer))
  ]);
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) => `**Layer ${index} is not signed**: ${escapeMarkdown(reason)} (${inlineCode(digest)})`
  );
  return [
    `#### ${escapeMarkdown(platform.platform ?? "Image")}`,
    ...profiles.length === 0 ? [] : [markdownTable(["Profile", "Verdict", "Referrer or reason"], profiles)],
    ...platform.signatures.map(setPart),
    ...alert("WARNING", [
      ...unsigned,
      ...platform.layersLeftOut === void 0 ? [] : [`**Layers were not looked at**: ${escapeMarkdown(platform.layersLeftOut)}`]
    ]),
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
  return details(title, body.join("\n\n"), verdict !== "verified");
}
function signerPart({ subject, keyType, fingerprint, notAfter }) {
  return `Signed by ${escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)}, SHA-256 ${inlineCode(fingerprint)}`;
}
function setPart(set) {
  const listed = set.layers.slice(0, LISTED_LAYERS);
  const layers = listed.map(({ index, digest, rootHash, verdict }) => [
    String(index),
    inlineCode(shortDigest(digest)),
    inlineCode(shortDigest(rootHash)),
    word(verdict)
  ]);
  const reasons = new Set(listed.map(({ reason }) => reason));
  const [common] = reasons;
  const lines = reasons.size === 1 && common !== void 0 ? [`- **${listed.length === 1 ? "The layer" : "Every layer"}**: ${escapeMarkdown(common)}`] : listed.flatMap(
    ({ index, reason }) => reason === void 0 ? [] : [`- **Layer ${index}**: ${escapeMarkdown(reason)}`]
  );
  const whole = listed.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}
  root hash ${rootHash}`
  );
  const body = [
    ...set.reason === void 0 ? [] : [escapeMarkdown(set.reason)],
    ...set.signers.map(signerPart),
    ...lines.length === 0 ? [] : [lines.join("\n")],
    ...layers.length === 0 ? [] : [
      markdownTable(["Layer", "Digest", "Root hash", "Verdict"], layers, ["Layer"]),
      ...set.layers.length > LISTED_LAYERS ? [
        `> ${set.layers.length - LISTED_LAYERS} more layers are in the JSON report, which lists them all.`
      ] : [],
      codeBlock(whole.join("\n"), "text")
    ],
    ...set.notes.map((note) => `> ${escapeMarkdown(note)}`)
  ];
  const title = `${VERDICT_WORDS[set.verdict]}: ${set.profile ?? "profile unknown"}, referrer ${set.referrer}`;
  return details(title, body.join("\n\n"), set.verdict !== "verified");
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
  const reports = await toldInSummary(
    inputs.showSummary,
    "Verification failed",
    () => untilAborted(context.signal, () => verifyAll(inputs, context))
  );
  const reportPath = writeActionReport(renderVerifyReport(reports), inputs.report);
  if (inputs.showSummary) await writeSummary(renderVerifySummary(reports));
  for (const [name, value] of Object.entries(verifyOutputsOf(reports, reportPath)))
    setOutput(name, value);
  const failures = failureLines(reports);
  if (failures.length > 0) setFailed(failures.flatMap(logLines).join("\n"));
}
async function verifyAll(inputs, context) {
  const { verifying, install } = inputs;
  const builds = verifying.recompute && verifying.layers !== "none" && usesMkfs(verifying);
  const tools = await toolsFor(install, verifying, builds, context);
  const reports = [];
  for (const image of inputs.images) {
    const report = await verifyImage({ ...verifying, tools, image }, context);
    reports.push(report);
    context.log.info(verifyTable(report));
  }
  return reports;
}

// src/entry/verify-action.ts
widenThreadPool();
try {
  await runVerifyAction();
} catch (error) {
  setFailed(describeError(error).line);
}
process.exit();
