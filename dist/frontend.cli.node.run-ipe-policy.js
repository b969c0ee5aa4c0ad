import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  RunOutput
} from "./shared.frontend.cli.run-output.js";
import {
  startRun
} from "./shared.frontend.cli.start-run.js";
import "./shared.frontend.output.standard-streams.js";
import "./shared.frontend.output.report-file.js";
import "./shared.frontend.output.progress-line.js";
import {
  alignFacts,
  fitLine,
  fitLines,
  fitTable
} from "./shared.frontend.render.text-table.js";
import "./shared.frontend.render.text-width.js";
import "./shared.frontend.render.format.js";
import "./shared.lib.writable.js";
import "./shared.lib.format-bytes.js";
import "./shared.frontend.hide-environment.js";
import "./shared.frontend.output.stream-guard.js";
import "./shared.frontend.inputs.values.js";
import {
  errorReport,
  failedImage
} from "./shared.report.failed-image.js";
import {
  untilAborted
} from "./shared.frontend.run-context.js";
import "./shared.convert.conversion-cache.js";
import "./shared.report.tool.js";
import "./shared.lib.pem-text.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.frontend.thread-pool.js";
import {
  harmlessLines
} from "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.lib.process.system-limit.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.errors.js";
import "./runtime.js";

// src/frontend/render/ipe-policy/table.ts
function policyTable(report, width) {
  const { policy, signer, images, rootHashes, files, pushedTo = [] } = report;
  const inBase = rootHashes.filter((one) => one.inBase).length;
  const facts = [
    ["policy", `${policy.name} ${policy.version}`],
    ...images.map(({ name }) => ["image", name]),
    ["root hashes", `${rootHashes.length}${inBase === 0 ? "" : `, ${inBase} of them in ${policy.base}`}`],
    ["base", policy.base ?? "none: only the initramfs and these layers execute"],
    ["signer", `${signer.subject}, SHA-256 ${signer.fingerprint}`],
    ...Object.entries(files ?? {}).map(([kind, path]) => [FILES[kind] ?? kind, path]),
    ...pushedTo.map(({ reference, digest }) => ["pushed", `${reference}, ${digest}`])
  ];
  return harmlessLines(alignFacts(facts, width));
}
var FILES = { policy: "text", signed: "signed", mapping: "mapping" };
var VERDICTS = {
  allowed: "allowed",
  "signed-only": "only with a signature",
  denied: "DENIED"
};
function checkTable(report, width) {
  const { checked, signer, defaults, rules, allowedRootHashes, images, rootHashes, lacking } = report;
  const facts = [
    ["policy", `${checked.name} ${checked.version} in ${checked.file}`],
    [
      "signer",
      signer === void 0 ? "none: this is text" : `${signer.subject}, SHA-256 ${signer.fingerprint}`
    ],
    ["defaults", defaultsText(defaults)],
    ["rules", `${allowedRootHashes} root ${allowedRootHashes === 1 ? "hash" : "hashes"} allowed`],
    ...rules.map((rule) => ["", rule]),
    ...images.map(({ name }) => ["image", name])
  ];
  const rows = rootHashes.map(({ rootHash, verdict, layers }) => {
    const [first] = layers;
    const more = layers.length > 1 ? ` and ${layers.length - 1} more` : "";
    const layer = `layer ${first?.index}${first?.platform === void 0 ? "" : ` of ${first.platform}`}${more}`;
    return [`  ${rootHash}`, VERDICTS[verdict], layer];
  });
  const lines = fitLines(
    rows.map((row) => row.join(", ")),
    width
  );
  const conclusion = lacking === 0 ? "programs of all layers run" : `${lacking} of ${rootHashes.length} root hashes are not allowed`;
  return harmlessLines([
    ...alignFacts(facts, width),
    "",
    ...fitTable(rows, lines, width),
    "",
    ...fitLine(conclusion, width)
  ]);
}
function defaultsText(defaults) {
  const actions = Object.values(defaults);
  const usual = actions.filter((action) => action === "ALLOW").length * 2 > actions.length ? "ALLOW" : "DENY";
  const others = Object.entries(defaults).filter(([, action]) => action !== usual);
  if (others.length === 0) return `all operations ${usual}`;
  return [...others.map(([operation, action]) => `${operation} ${action}`), `all others ${usual}`].join(", ");
}

// src/frontend/cli/node/run-ipe-policy.ts
async function runIpePolicy({ options, output: wanted, secrets }, visible) {
  const output = new RunOutput(wanted);
  let part;
  try {
    const context = await startRun({ log: wanted.log, secrets, visible });
    output.check();
    await untilAborted(
      context.signal,
      () => run(options, context, output, (report) => {
        part = report;
      })
    );
  } catch (error) {
    const failed = errorReport(error);
    const [image] = options.images;
    output.report([part === void 0 ? failedImage(image, failed) : { ...part, error: failed }], { error });
    throw error;
  }
  output.report(part === void 0 ? [] : [part]);
}
async function run(options, context, output, part) {
  if (options.kind === "make") {
    const { makePolicy } = await import("./commands.ipe-policy.make-policy.js");
    const report2 = await makePolicy(options, context, part);
    part(report2);
    output.table((columns) => policyTable(report2, columns));
    return;
  }
  const { checkPolicy, lackingError } = await import("./commands.ipe-policy.check-policy.js");
  const report = await checkPolicy(options, context);
  part(report);
  output.table((columns) => checkTable(report, columns));
  const error = lackingError(report);
  if (error !== void 0) throw error;
}
export {
  runIpePolicy
};
