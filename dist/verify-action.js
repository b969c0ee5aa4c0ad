import {
  verifyImage
} from "./shared.verifying.js";
import "./shared.notary.js";
import {
  VERIFY_VERB,
  boundedLines,
  commonInputs,
  coverageOutputs,
  failStep,
  failWith,
  readInputs,
  runAction,
  showingOnGithub,
  toolsFor,
  usesMkfs,
  verifiedLayers,
  warn
} from "./shared.actions.js";
import "./shared.actions.exec.lib.toolrunner.js";
import "./shared.mkfs.js";
import "./shared.images.js";
import {
  imageReason,
  layerReasons,
  saysAlready,
  timeLines,
  verifyTable,
  verifyingOptions
} from "./shared.commands.js";
import {
  FOLDED_LAYERS,
  LISTED_LAYERS,
  SUMMARY_LIMIT,
  VERDICT_WORDS,
  alert,
  builderFacts,
  codeBlock,
  count,
  details,
  eachImage,
  escapeMarkdown,
  factTable,
  failureLines,
  formatSeconds,
  inlineCode,
  joinMarkdown,
  layerWord,
  manifestWord,
  markdownTable,
  md,
  overallVerdict,
  shortDigest,
  shortDigests,
  uncoveredParts,
  untilAborted,
  verdictText,
  verifiedSigners,
  withinLimit,
  worstVerdict
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  exitWhenWritten,
  guardStreams,
  handleStrayErrors,
  hideEnvironment,
  settleHome,
  widenThreadPool
} from "./shared.start.js";

// src/frontend/render/verify/summary.ts
var ICONS = {
  verified: "✅",
  invalid: "❌",
  "not-trusted": "❌",
  "not-signed": "❌",
  unchecked: "❓",
  skipped: "⏩"
};
var MOST_IMAGES = 100;
var MOST_SIGNERS = 3;
function renderVerifySummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit([...overview(reports), ...reports.flatMap(imageParts)], limit);
}
function overview(reports) {
  if (reports.length < 2) return [];
  const good = reports.filter(({ verdict }) => verdict === "verified").length;
  const rows = reports.slice(0, MOST_IMAGES).map((report) => [
    inlineCode(shortDigests(report.image.reference)),
    md`${ICONS[report.verdict]} ${verdictText(report)}`,
    escapeMarkdown(signedBy(report))
  ]);
  const more = reports.length - rows.length;
  return [
    md`### ${good === reports.length ? ICONS.verified : ICONS.invalid} ${good} of ${count(reports.length, "image")} verified`,
    markdownTable(["Image", "Verdict", "Signed by"], rows),
    ...more > 0 ? [md`> ${more} more images are listed in the JSON report.`] : []
  ];
}
function imageParts(report) {
  const { image, trustPolicy, index } = report;
  const facts = [
    ["Image", inlineCode(image.name ?? image.reference)],
    ["Reference", inlineCode(image.reference)],
    ...verifiedSigners(report).flatMap(signerFacts),
    ["Root hashes", md`${rootHashes(report)}`],
    ["Certificates valid at", escapeMarkdown(report.validAt)],
    ...trustPolicy === void 0 ? [] : [
      [
        "Trust policy",
        escapeMarkdown(
          `statement "${trustPolicy.statement}" for ${trustPolicy.scope}, ${trustPolicy.level}`
        )
      ]
    ],
    ...builderFacts(report),
    ["Time", md`${formatSeconds(report.seconds.total)}`]
  ];
  return [
    md`### ${ICONS[report.verdict]} ${titleOf(report)}: ${shortDigests(image.reference)}`,
    ...verdictPart(report),
    factTable(facts),
    ...index === void 0 ? [] : [md`#### Index`, ...notaryParts(index.manifestSignature, index.manifestSignatures, index)],
    ...report.platforms.flatMap((platform) => platformParts(report, platform)),
    ...uncoveredParts(report, "Not checked"),
    ...alert("NOTE", report.notes.map(escapeMarkdown))
  ];
}
function titleOf(report) {
  const text = verdictText(report).replace(/[;,].*$/s, "");
  const word = report.verdict === "skipped" ? "skipped" : text.toLowerCase();
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
function rootHashes({ recompute, builder }) {
  if (!recompute) return "not recomputed";
  return builder === void 0 ? "not recomputed: no image was rebuilt" : "recomputed from the layers and compared with the signed ones";
}
function verdictPart(report) {
  const reason = imageReason(report);
  if (report.verdict === "verified") {
    const signers = signedBy(report);
    return [md`**${verdictText(report)}**${signers === "" ? "" : md`, signed by **${signers}**`}`];
  }
  const line = md`**${verdictText(report)}**${reason === void 0 ? "" : md`: ${reason}`}`;
  return alert(report.verdict === "skipped" ? "WARNING" : "CAUTION", [line]);
}
function signedBy(report) {
  const subjects = [...new Set(verifiedSigners(report).map(({ subject }) => subject))];
  const more = subjects.length - MOST_SIGNERS;
  return `${subjects.slice(0, MOST_SIGNERS).join(" and ")}${more > 0 ? ` and ${more} more` : ""}`;
}
function bold(verdict, word = VERDICT_WORDS[verdict]) {
  return verdict === "verified" ? md`${word}` : md`**${word}**`;
}
function platformParts(report, platform) {
  const { signatures } = platform;
  const own = platform.profiles.filter(
    ({ profile, verdict }) => verdict !== "verified" && !signatures.some((set) => set.profile === profile && set.verdict === verdict)
  );
  const profiles = own.map(({ profile, verdict, reason }) => {
    const why = reason === void 0 || saysAlready(report, reason) ? "" : md`: ${reason}`;
    return md`Profile ${inlineCode(profile)}: ${bold(verdict)}${why}`;
  });
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) => md`**Layer ${index} is not signed**: ${reason} (${inlineCode(digest)})`
  );
  return [
    md`#### ${platform.platform ?? "Image"}`,
    ...profiles,
    ...signatures.map((set) => setPart(report, set)),
    ...alert("WARNING", [
      ...unsigned,
      ...platform.layersLeftOut === void 0 ? [] : [md`**Layers were not checked**: ${platform.layersLeftOut}`]
    ]),
    ...notaryParts(platform.manifestSignature, platform.manifestSignatures, platform)
  ];
}
function notaryParts(manifest, signatures, owner) {
  if (manifest === void 0) return [];
  const { verdict, referrer, byIndex } = manifest;
  const { word, reason } = manifestWord(manifest, owner);
  const shown = word === VERDICT_WORDS[verdict] ? md`**${word}**` : md`${word}`;
  const by = byIndex ? ", covered by the signature of the index" : "";
  const why = reason === void 0 ? "" : md`: ${reason}`;
  const what = referrer === void 0 ? why : md`: ${inlineCode(shortDigest(referrer))}`;
  return [md`Manifest signature: ${shown}${by}${what}`, ...signatures.map(notaryPart)];
}
function notaryPart(signature) {
  const { signer, reason, notes, referrer, verdict, format } = signature;
  const body = [
    ...reason === void 0 ? [] : [escapeMarkdown(reason)],
    ...signer === void 0 ? [] : [md`Signed by ${signerText(signer)}`],
    ...timeLines(signature).map(escapeMarkdown),
    md`Referrer ${inlineCode(referrer)}`,
    ...notes.map((note) => md`> ${note}`)
  ];
  const title = `${ICONS[verdict]} ${VERDICT_WORDS[verdict]}: Notary signature (${format ?? "format unknown"})`;
  return details(title, joinMarkdown(body, "\n\n"), verdict !== "verified");
}
function signerFacts({ subject, keyType, fingerprint, notAfter }) {
  return [
    ["Signed by", escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)],
    ["Fingerprint", md`SHA-256 ${inlineCode(fingerprint)}`]
  ];
}
function signerText({ subject, keyType, fingerprint, notAfter }) {
  return md`${subject} (${keyType}, valid until ${notAfter}), SHA-256 ${inlineCode(fingerprint)}`;
}
function setPart(report, set) {
  const ofLayers = set.layers.some(({ index, reason }) => set.reason === `layer ${index}: ${reason}`);
  const told = ofLayers || saysAlready(report, set.reason);
  const lines = layerReasons(set).filter(({ reason }) => !saysAlready(report, reason)).map(({ layers, reason }) => md`- **${layers}**: ${reason}`);
  const body = [
    ...set.reason === void 0 || told ? [] : [escapeMarkdown(set.reason)],
    ...set.signers.map((signer) => md`Signed by ${signerText(signer)}`),
    md`Referrer ${inlineCode(set.referrer)}`,
    ...lines.length === 0 ? [] : [joinMarkdown(lines, "\n")],
    ...layerParts(set),
    ...set.notes.map((note) => md`> ${note}`)
  ];
  return details(setTitle(set), joinMarkdown(body, "\n\n"), set.verdict !== "verified");
}
function setTitle({ verdict, profile, layers }) {
  const recomputed = layers.filter(({ recomputedRootHash }) => recomputedRootHash !== void 0).length;
  const how = verdict !== "verified" ? [] : [recomputed === layers.length ? "root hashes recomputed" : "signatures hold"];
  const what = [`profile ${profile ?? "unknown"}`, count(layers.length, "layer"), ...how];
  return `${ICONS[verdict]} ${VERDICT_WORDS[verdict]}: ${what.join(", ")}`;
}
function layerParts({ layers }) {
  if (layers.length === 0) return [];
  const listed = layers.slice(0, LISTED_LAYERS);
  const rows = listed.map((layer) => [
    md`${layer.index}`,
    inlineCode(shortDigest(layer.digest)),
    inlineCode(shortDigest(layer.rootHash)),
    bold(layer.verdict, layerWord(layer))
  ]);
  const whole = listed.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}
  root hash ${rootHash}`
  );
  const table = markdownTable(["Layer", "Digest", "Root hash", "Verdict"], rows, ["Layer"]);
  const more = layers.length - listed.length;
  return [
    layers.length > FOLDED_LAYERS ? details(count(layers.length, "layer"), table) : table,
    ...more > 0 ? [md`> ${more} more layers are listed in the JSON report.`] : [],
    details("Full digests and root hashes", codeBlock(whole.join("\n"), "text"))
  ];
}

// src/frontend/action/verify-outputs.ts
function verifyOutputsOf(reports, reportPath, warn2, complete) {
  return {
    digest: boundedLines(
      "digest",
      reports.map(({ image }) => image.digest ?? ""),
      warn2
    ),
    verdict: complete ? overallVerdict(reports) : worstVerdict([overallVerdict(reports), "unchecked"]),
    ...coverageOutputs(reports, warn2, complete),
    "report-path": reportPath
  };
}

// src/frontend/action/run-verify-action.ts
async function runVerifyAction(visible) {
  const reports = await runAction(
    {
      failed: "Verification failed",
      readInputs: loadInputs,
      run: verifyAll,
      renderSummary: renderVerifySummary,
      outputs: (done, path, failure) => verifyOutputsOf(done, path, warn, failure === void 0),
      showOnGithub: showingOnGithub(githubSteps)
    },
    visible
  );
  const failures = failureLines(reports);
  if (failures.length > 0) failStep(failures);
}
function loadInputs() {
  const read = readInputs("verify-action");
  const verifying = verifyingOptions(read.raw, read.dialect);
  return { ...commonInputs(read), verifying };
}
function verifyAll(inputs, context) {
  const { verifying, install } = inputs;
  const builds = verifying.recompute && verifying.layers !== "none" && usesMkfs(verifying);
  return eachImage(
    inputs.images,
    () => untilAborted(context.signal, () => toolsFor(install, verifying, builds, inputs.images, context)),
    async (image, tools) => {
      const report = await untilAborted(
        context.signal,
        () => verifyImage({ ...verifying, tools, image }, context)
      );
      context.log.info(verifyTable(report));
      return report;
    }
  );
}
function githubSteps({ verifying, install }, context) {
  return {
    verb: VERIFY_VERB,
    platforms: verifying.platforms,
    pushTo: [],
    renderSummary: renderVerifySummary,
    readBase: async (image) => {
      const builds = verifying.recompute && verifying.layers !== "none" && usesMkfs(verifying);
      const tools = await toolsFor(install, verifying, builds, [image], context);
      const options = { ...verifying, tools, image };
      const report = await untilAborted(context.signal, () => verifyImage(options, context));
      const { reason } = report;
      return { sets: verifiedLayers(report), ...reason === void 0 ? {} : { reason } };
    }
  };
}

// src/entry/verify-action.ts
guardStreams({ commands: true });
handleStrayErrors(failWith);
widenThreadPool();
settleHome();
try {
  await runVerifyAction(hideEnvironment());
} catch (error) {
  failWith(error);
}
await exitWhenWritten();
