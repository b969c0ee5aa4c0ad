import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkPolicy,
  lackingError
} from "./shared.commands.ipe-policy.check-policy.js";
import {
  checkTable,
  policyTable
} from "./shared.frontend.render.ipe-policy.table.js";
import {
  ipePolicyOptions
} from "./shared.frontend.inputs.node.ipe-policy-options.js";
import {
  makePolicy
} from "./shared.commands.ipe-policy.make-policy.js";
import "./shared.commands.ipe-policy.collect.js";
import "./shared.commands.verify.require-verified.js";
import "./shared.signatures.pkcs7.with-content.js";
import "./shared.formats.ipe.parse.js";
import "./shared.formats.ipe.version.js";
import "./shared.commands.shared.push-targets.js";
import {
  shellQuote
} from "./shared.frontend.render.sign.check-commands.js";
import "./shared.commands.shared.pem.read-certificates.js";
import "./shared.signatures.signers.prepare-signer.js";
import "./shared.lib.read-regular.js";
import "./shared.commands.verify.verify-image.js";
import "./shared.commands.verify.notary-report.js";
import "./shared.signatures.notary.revocation.checker.js";
import "./shared.commands.verify.manifests.evaluate-signature.js";
import "./shared.commands.verify.layers.screen-referrers.js";
import "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.signatures.notary.envelope.parse.js";
import "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.lib.retry.js";
import "./shared.commands.verify.layers.evaluate-referrer.js";
import "./shared.commands.shared.read-referrers.js";
import "./shared.signatures.x509.identity.js";
import "./shared.signatures.x509.asn1.encode.js";
import {
  boundedLines,
  commonInputs,
  failWith,
  readInputs,
  runAction,
  toolsFor,
  usesMkfs,
  warn
} from "./shared.frontend.action.bounded-output.js";
import "./shared.frontend.output.report-file.js";
import "./shared.actions.exec.lib.toolrunner.js";
import {
  LISTED_LAYERS,
  SUMMARY_LIMIT,
  alert,
  codeBlock,
  details,
  escapeMarkdown,
  factTable,
  inlineCode,
  joinMarkdown,
  markdownTable,
  md,
  withinLimit
} from "./shared.frontend.render.markdown.js";
import "./shared.frontend.render.text-table.js";
import "./shared.frontend.output.progress-line.js";
import "./shared.frontend.render.text-width.js";
import {
  shortDigests
} from "./shared.frontend.render.format.js";
import "./shared.lib.writable.js";
import "./shared.commands.shared.coverage.js";
import "./shared.lib.stopwatch.js";
import "./shared.commands.shared.plan.js";
import "./shared.report.confinement.js";
import "./shared.tools.mkfs-erofs.js";
import "./shared.oci.image.resolve.js";
import "./shared.lib.process.temp-folder.js";
import "./shared.commands.shared.report-parts.js";
import "./shared.lib.concurrent.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.oci.attach.artifact-format.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import {
  handleStrayErrors
} from "./shared.frontend.output.stray-errors.js";
import {
  hideEnvironment
} from "./shared.frontend.hide-environment.js";
import {
  guardStreams
} from "./shared.frontend.output.stream-guard.js";
import "./shared.frontend.inputs.verifying-options.js";
import "./shared.frontend.each-image.js";
import {
  inputOf,
  parseLines
} from "./shared.frontend.inputs.values.js";
import "./shared.report.failed-image.js";
import {
  untilAborted
} from "./shared.frontend.run-context.js";
import "./shared.commands.shared.cache.cache-recipe.js";
import "./shared.commands.verify.worst-verdict.js";
import "./shared.model.guest-architecture.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import "./shared.report.tool.js";
import "./shared.signatures.signers.secret.js";
import "./shared.signatures.signers.reference.js";
import "./shared.report.coverage-text.js";
import "./shared.model.artifact-formats.js";
import "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.oras.failures.refusal.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import {
  widenThreadPool
} from "./shared.frontend.thread-pool.js";
import "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.read-given.js";
import "./shared.lib.format-bytes.js";
import "./shared.oci.image.layout-source.js";
import "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import "./shared.errors.js";
import "./runtime.js";

// src/frontend/render/ipe-policy/summary.ts
var MOST_IMAGES = 100;
var MOST_LAYERS = 3;
function renderIpePolicySummary(reports, limit = SUMMARY_LIMIT) {
  const parts = reports.flatMap((report) => "policy" in report ? madeParts(report) : checkParts(report));
  return withinLimit(parts, limit);
}
function madeParts(report) {
  const { policy, signer, images, rootHashes, files, pushedTo = [] } = report;
  const inBase = rootHashes.filter((one) => one.inBase).length;
  const facts = [
    ["Name", inlineCode(policy.name)],
    ["Version", inlineCode(policy.version)],
    ["Root hashes", md`${rootHashes.length}${inBase === 0 ? "" : `, ${inBase} of them in the base`}`],
    ...imageFacts(images),
    ["Base", policy.base === void 0 ? md`none` : inlineCode(policy.base)],
    ...signerFacts(signer),
    ...files === void 0 ? [] : [["Signed policy", inlineCode(files.signed)]],
    ...pushedTo.map(({ reference, digest }) => [
      "Pushed",
      joinMarkdown([inlineCode(reference), inlineCode(digest)], " ")
    ])
  ];
  const warning = policy.base === void 0 ? [md`**The policy has no base**: where it is enforced, programs on the node's own disk do not run.`] : [];
  const rows = rootHashes.map(({ rootHash, layers }) => [inlineCode(rootHash), layersText(layers)]);
  return [
    md`### ✅ IPE policy ${policy.name} ${policy.version} is made`,
    factTable(facts),
    ...alert("WARNING", warning),
    md`#### On the node`,
    codeBlock(loadCommands(report).join("\n"), "sh"),
    details("Root hashes", joinMarkdown(rowsTable(["Root hash", "Layers"], rows), "\n\n"))
  ];
}
function loadCommands({ policy: { name }, pushedTo = [] }) {
  const folder = "/sys/kernel/security/ipe";
  const pulls = pushedTo.slice(0, 1).map(({ reference, digest }) => {
    const repository = reference.slice(0, reference.lastIndexOf(":"));
    return `oras pull ${shellQuote(`${repository}@${digest}`)}`;
  });
  return [
    ...pulls,
    `cat ${name}.p7b > ${folder}/new_policy   # the first time`,
    `cat ${name}.p7b > ${folder}/policies/${name}/update   # when an earlier version is loaded`,
    `echo 1 > ${folder}/policies/${name}/active`
  ];
}
var VERDICTS = {
  allowed: "allowed",
  "signed-only": "allowed only with a signature on the device",
  denied: "denied"
};
function checkParts(report) {
  const { checked, signer, images, rootHashes, lacking, rules, allowedRootHashes } = report;
  const facts = [
    ["Policy", md`${inlineCode(checked.name)} ${inlineCode(checked.version)}`],
    ["File", inlineCode(checked.file)],
    ...imageFacts(images),
    ["Root hashes", md`${rootHashes.length} in the images, ${allowedRootHashes} named by the policy`],
    ["Other rules", md`${rules.length}`],
    ...signer === void 0 ? [["Signed by", md`nobody: the file is text`]] : signerFacts(signer)
  ];
  const rows = rootHashes.filter(({ verdict }) => verdict !== "allowed").map(({ rootHash, verdict, layers }) => [
    inlineCode(rootHash),
    md`**${VERDICTS[verdict]}**`,
    layersText(layers)
  ]);
  const name = `IPE policy ${checked.name} ${checked.version}`;
  return [
    lacking === 0 ? md`### ✅ ${name} allows every layer` : md`### ❌ ${name} does not allow ${lacking} of ${rootHashes.length} root hashes`,
    factTable(facts),
    ...rows.length === 0 ? [] : rowsTable(["Root hash", "Verdict", "Layers"], rows)
  ];
}
function imageFacts(images) {
  const listed = images.slice(0, MOST_IMAGES).map(({ name }) => ["Image", inlineCode(name)]);
  const more = images.length - listed.length;
  return [...listed, ...more > 0 ? [["Images", md`and ${more} more`]] : []];
}
function signerFacts({ subject, keyType, fingerprint, notAfter }) {
  return [
    ["Signed by", escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)],
    ["Fingerprint", md`SHA-256 ${inlineCode(fingerprint)}`]
  ];
}
function layersText(layers) {
  const named = layers.slice(0, MOST_LAYERS).map(({ image, platform, index }) => {
    const where = platform === void 0 ? "" : `, ${platform}`;
    return md`layer ${index} of ${inlineCode(shortDigests(image))}${where}`;
  });
  const more = layers.length - named.length;
  return md`${joinMarkdown(named, "; ")}${more > 0 ? ` and ${more} more` : ""}`;
}
function rowsTable(header, rows) {
  const more = rows.length - LISTED_LAYERS;
  return [
    markdownTable(header, rows.slice(0, LISTED_LAYERS)),
    ...more > 0 ? [md`> ${more} more root hashes are listed in the JSON report.`] : []
  ];
}

// src/frontend/action/ipe-policy-outputs.ts
function ipePolicyOutputsOf(report, reportPath, warn2) {
  const made = report !== void 0 && "policy" in report ? report : void 0;
  const checked = report !== void 0 && "checked" in report ? report : void 0;
  return {
    "policy-path": made?.files?.policy ?? "",
    "signed-path": made?.files?.signed ?? "",
    "mapping-path": made?.files?.mapping ?? "",
    version: (made?.policy ?? checked?.checked)?.version ?? "",
    "pushed-to": boundedLines(
      "pushed-to",
      (made?.pushedTo ?? []).map(({ reference, digest }) => `${reference}@${digest}`),
      warn2
    ),
    lacking: checked === void 0 ? "" : String(checked.lacking),
    "report-path": reportPath
  };
}

// src/frontend/action/run-ipe-policy-action.ts
async function runIpePolicyAction(visible) {
  await runAction(
    {
      failed: "IPE policy failed",
      readInputs: loadInputs,
      run: runPolicy,
      renderSummary: renderIpePolicySummary,
      outputs: (done, path, failure) => ipePolicyOutputsOf(done[0] ?? failure?.part, path, warn)
    },
    visible
  );
}
function loadInputs() {
  const { raw, dialect, token } = readInputs("ipe-policy-action");
  const images = parseLines(raw.image);
  const { "policy-version": version, ...rest } = raw;
  const isDefault = version === inputOf("policy-version", "ipe-policy-action")?.default;
  const policy = ipePolicyOptions(isDefault ? rest : raw, images, dialect);
  return { ...commonInputs({ raw, dialect, token }), policy };
}
async function runPolicy({ policy, install }, context) {
  let part;
  try {
    await untilAborted(context.signal, async () => {
      const { images, verifying } = policy;
      const references = [...images, ...policy.kind === "make" ? policy.pushTo : []];
      const builds = verifying.recompute && usesMkfs(verifying);
      const tools = await toolsFor(install, verifying, builds, references, context);
      const options = { ...policy, verifying: { ...verifying, tools } };
      await makeOrCheck(options, context, (report) => {
        part = report;
      });
    });
    return { done: part === void 0 ? [] : [part] };
  } catch (error) {
    const image = policy.images[0] ?? "";
    return { done: [], failure: { error, image, notStarted: [], ...part === void 0 ? {} : { part } } };
  }
}
async function makeOrCheck(options, context, part) {
  if (options.kind === "make") {
    const report2 = await makePolicy(options, context, part);
    part(report2);
    context.log.info(policyTable(report2));
    return;
  }
  const report = await checkPolicy(options, context);
  part(report);
  context.log.info(checkTable(report));
  const error = lackingError(report);
  if (error !== void 0) throw error;
}

// src/entry/ipe-policy-action.ts
guardStreams({ commands: true });
handleStrayErrors(failWith);
widenThreadPool();
try {
  await runIpePolicyAction(hideEnvironment());
} catch (error) {
  failWith(error);
}
process.exit();
