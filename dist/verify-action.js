import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  verifyImage
} from "./shared.commands.verify.verify-image.js";
import "./shared.commands.verify.manifests.evaluate-signature.js";
import {
  VERDICT_WORDS,
  failureLines,
  overallVerdict,
  renderVerifyReport,
  timeLines,
  verdictText,
  verifyTable,
  verifyingOptions
} from "./shared.frontend.inputs.verifying-options.js";
import {
  worstVerdict
} from "./shared.commands.verify.worst-verdict.js";
import "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.lib.retry.js";
import "./shared.signatures.notary.envelope.parse.js";
import "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.signatures.x509.asn1.encode.js";
import {
  boundedLines,
  commonInputs,
  coverageOutputs,
  failStep,
  failWith,
  readInputs,
  runAction,
  toolsFor,
  usesMkfs,
  warn
} from "./shared.frontend.action.coverage-outputs.js";
import "./shared.commands.shared.coverage.js";
import "./shared.commands.shared.report-parts.js";
import {
  SUMMARY_LIMIT,
  alert,
  builderFacts,
  codeBlock,
  details,
  eachImage,
  escapeMarkdown,
  factTable,
  formatSeconds,
  inlineCode,
  joinMarkdown,
  markdownTable,
  md,
  shortDigest,
  uncoveredParts,
  untilAborted,
  withinLimit
} from "./shared.frontend.each-image.js";
import "./shared.semver.classes.range.js";
import "./shared.convert.builders.open-builder.js";
import "./shared.lib.process.temp-folder.js";
import "./shared.convert.conversion-cache.js";
import "./shared.report.tool.js";
import "./shared.lib.concurrent.js";
import "./shared.signatures.signers.secret.js";
import "./shared.signatures.signers.reference.js";
import {
  handleStrayErrors
} from "./shared.frontend.output.stray-errors.js";
import {
  guardStreams,
  hideEnvironment,
  widenThreadPool
} from "./shared.frontend.hide-environment.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.commands.verify.layers.evaluate-referrer.js";
import "./shared.commands.shared.read-referrers.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.report.coverage-text.js";
import "./shared.commands.shared.open-image.js";
import "./shared.lib.process.environment.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.model.artifact-types.js";
import "./shared.model.annotations.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.lib.process.run.js";
import "./shared.model.media-types.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.chain.js";
import "./shared.lib.pem-text.js";
import "./shared.signatures.x509.pem.js";
import "./shared.signatures.x509.key.js";
import "./shared.formats.format-error.js";
import "./shared.lib.proc-stat.js";
import "./shared.convert.verity.block-digester.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.worker.protocol.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.formats.digest-grammar.js";
import "./shared.lib.process.drained.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.errors.js";
import "./runtime.js";

// src/frontend/render/verify/summary.ts
var LISTED_LAYERS = 1e3;
function renderVerifySummary(reports, limit = SUMMARY_LIMIT) {
  return withinLimit(reports.flatMap(imageParts), limit);
}
function imageParts(report) {
  const { image, trustPolicy, index } = report;
  const facts = [
    ["Image", inlineCode(image.name ?? image.reference)],
    ["Reference", inlineCode(image.reference)],
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
    md`### Verification: ${image.reference}`,
    ...verdictPart(report),
    factTable(facts),
    ...index === void 0 ? [] : [md`#### Index`, ...notaryParts(index.manifestSignature, index.manifestSignatures)],
    ...report.platforms.flatMap(platformParts),
    ...uncoveredParts(report, "Not checked"),
    ...alert("NOTE", report.notes.map(escapeMarkdown))
  ];
}
function rootHashes({ recompute, builder }) {
  if (!recompute) return "not recomputed";
  return builder === void 0 ? "not recomputed: no image was rebuilt" : "compared with those of rebuilt images";
}
function verdictPart(report) {
  const { verdict, reason } = report;
  const line = md`**${verdictText(report)}**${reason === void 0 ? "" : md`: ${reason}`}`;
  if (verdict === "verified") return [line];
  return alert(verdict === "skipped" ? "WARNING" : "CAUTION", [line]);
}
function word(verdict) {
  return verdict === "verified" ? md`${VERDICT_WORDS[verdict]}` : md`**${VERDICT_WORDS[verdict]}**`;
}
function platformParts(platform) {
  const profiles = platform.profiles.map(({ profile, verdict, referrer, reason }) => [
    inlineCode(profile),
    word(verdict),
    referrer === void 0 ? escapeMarkdown(reason ?? "") : inlineCode(shortDigest(referrer))
  ]);
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) => md`**Layer ${index} is not signed**: ${reason} (${inlineCode(digest)})`
  );
  return [
    md`#### ${platform.platform ?? "Image"}`,
    ...profiles.length === 0 ? [] : [markdownTable(["Profile", "Verdict", "Referrer or reason"], profiles)],
    ...platform.signatures.map(setPart),
    ...alert("WARNING", [
      ...unsigned,
      ...platform.layersLeftOut === void 0 ? [] : [md`**Layers were not checked**: ${platform.layersLeftOut}`]
    ]),
    ...notaryParts(platform.manifestSignature, platform.manifestSignatures)
  ];
}
function notaryParts(manifest, signatures) {
  if (manifest === void 0) return [];
  const { verdict, reason, referrer, byIndex } = manifest;
  const by = byIndex ? ", covered by the signature of the index" : "";
  const why = reason === void 0 ? "" : md`: ${reason}`;
  const what = referrer === void 0 ? why : md`: ${inlineCode(shortDigest(referrer))}`;
  return [md`Manifest signature: **${VERDICT_WORDS[verdict]}**${by}${what}`, ...signatures.map(notaryPart)];
}
function notaryPart(signature) {
  const { signer, reason, notes, referrer, verdict, format } = signature;
  const body = [
    ...reason === void 0 ? [] : [escapeMarkdown(reason)],
    ...signer === void 0 ? [] : [signerPart(signer)],
    ...timeLines(signature).map(escapeMarkdown),
    ...notes.map((note) => md`> ${note}`)
  ];
  const title = `${VERDICT_WORDS[verdict]}: Notary signature (${format ?? "format unknown"}), referrer ${referrer}`;
  return details(title, joinMarkdown(body, "\n\n"), verdict !== "verified");
}
function signerPart({ subject, keyType, fingerprint, notAfter }) {
  return md`Signed by ${subject} (${keyType}, valid until ${notAfter}), SHA-256 ${inlineCode(fingerprint)}`;
}
function setPart(set) {
  const listed = set.layers.slice(0, LISTED_LAYERS);
  const layers = listed.map(({ index, digest, rootHash, verdict }) => [
    md`${index}`,
    inlineCode(shortDigest(digest)),
    inlineCode(shortDigest(rootHash)),
    word(verdict)
  ]);
  const reasons = new Set(listed.map(({ reason }) => reason));
  const [common] = reasons;
  const lines = reasons.size === 1 && common !== void 0 ? [md`- **${listed.length === 1 ? "The layer" : "Every layer"}**: ${common}`] : listed.flatMap(
    ({ index, reason }) => reason === void 0 ? [] : [md`- **Layer ${index}**: ${reason}`]
  );
  const whole = listed.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}
  root hash ${rootHash}`
  );
  const body = [
    ...set.reason === void 0 ? [] : [escapeMarkdown(set.reason)],
    ...set.signers.map(signerPart),
    ...lines.length === 0 ? [] : [joinMarkdown(lines, "\n")],
    ...layers.length === 0 ? [] : [
      markdownTable(["Layer", "Digest", "Root hash", "Verdict"], layers, ["Layer"]),
      ...set.layers.length > LISTED_LAYERS ? [md`> ${set.layers.length - LISTED_LAYERS} more layers are listed in the JSON report.`] : [],
      codeBlock(whole.join("\n"), "text")
    ],
    ...set.notes.map((note) => md`> ${note}`)
  ];
  const title = `${VERDICT_WORDS[set.verdict]}: ${set.profile ?? "profile unknown"}, referrer ${set.referrer}`;
  return details(title, joinMarkdown(body, "\n\n"), set.verdict !== "verified");
}

// src/frontend/action/verify-outputs.ts
function verifyOutputsOf(reports, reportPath, warn2, complete = true) {
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
      renderReport: renderVerifyReport,
      renderSummary: renderVerifySummary,
      outputs: (done, path, failure) => verifyOutputsOf(done, path, warn, failure === void 0)
    },
    visible
  );
  const failures = failureLines(reports);
  if (failures.length > 0) failStep(failures);
}
function loadInputs() {
  const { raw, dialect } = readInputs("verify-action");
  const verifying = verifyingOptions(raw, dialect);
  return { ...commonInputs(raw, dialect), verifying };
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

// src/entry/verify-action.ts
guardStreams({ commands: true });
handleStrayErrors(failWith);
widenThreadPool();
try {
  await runVerifyAction(hideEnvironment());
} catch (error) {
  failWith(error);
}
process.exit();
