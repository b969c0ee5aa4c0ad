import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  makePolicy
} from "./shared.commands.ipe-policy.make-policy.js";
import {
  checkPolicy,
  lackingError
} from "./shared.commands.ipe-policy.check-policy.js";
import "./shared.commands.ipe-policy.collect.js";
import {
  checkTable,
  policyTable
} from "./shared.frontend.render.ipe-policy.table.js";
import "./shared.signatures.pkcs7.with-content.js";
import "./shared.formats.ipe.parse.js";
import "./shared.commands.shared.push-targets.js";
import "./shared.commands.verify.require-verified.js";
import {
  shellQuote
} from "./shared.frontend.render.sign.check-commands.js";
import "./shared.signing.js";
import "./shared.verifying.js";
import "./shared.notary.js";
import {
  boundedLines,
  commonInputs,
  failWith,
  readInputs,
  runAction,
  toolsFor,
  usesMkfs,
  warn
} from "./shared.actions.js";
import "./shared.actions.exec.lib.toolrunner.js";
import "./shared.mkfs.js";
import "./shared.images.js";
import {
  ipePolicyOptions
} from "./shared.commands.js";
import {
  LISTED_LAYERS,
  SUMMARY_LIMIT,
  alert,
  codeBlock,
  details,
  escapeMarkdown,
  factTable,
  imageAtFault,
  inlineCode,
  joinMarkdown,
  markdownTable,
  md,
  optional,
  parseLines,
  shortDigests,
  untilAborted,
  withinLimit
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import {
  inputOf
} from "./shared.inputs.js";
import {
  exitWhenWritten,
  guardStreams,
  handleStrayErrors,
  hideEnvironment,
  settleHome,
  widenThreadPool
} from "./shared.start.js";

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
    const image = imageAtFault(error, policy.images);
    const about = { ...optional("image", image), ...optional("part", part) };
    return { done: [], failure: { error, notStarted: [], ...about } };
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
settleHome();
try {
  await runIpePolicyAction(hideEnvironment());
} catch (error) {
  failWith(error);
}
await exitWhenWritten();
