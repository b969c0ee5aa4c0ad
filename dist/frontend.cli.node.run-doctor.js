import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  startRun
} from "./shared.commands.js";
import {
  alignFacts,
  count,
  errorReport,
  failedImage,
  fitLine,
  renderDocument,
  untilAborted
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import {
  VeritySignError,
  harmlessJson,
  harmlessLines,
  outputColumns,
  printResult
} from "./shared.start.js";

// src/frontend/render/doctor/table.ts
var TITLES = {
  "kernel-version": "kernel",
  "kernel-options": "kernel options",
  modules: "kernel modules",
  "page-size": "page size",
  "require-signatures": "require_signatures",
  keyrings: "keyrings",
  ipe: "IPE",
  "ipe-enforced": "IPE enforcement",
  "ipe-policy": "IPE policy",
  "erofs-utils": "mkfs.erofs",
  "containerd-version": "containerd",
  "containerd-config": "containerd settings",
  differs: "order of differs",
  "mkfs-options": "mkfs_options",
  differ: "EROFS differ",
  snapshotter: "EROFS snapshotter",
  "layer-cache": "layer cache",
  "cri-snapshotter": "CRI snapshotter",
  fsmeta: "stale images"
};
var STATE = 9;
var TITLE = Math.max(...Object.values(TITLES).map((title) => title.length)) + 2;
function doctorTable({ root, image, profile, checks }, width) {
  const facts = alignFacts(
    [
      ["node", root === "/" ? "this machine" : root],
      ...image === void 0 ? [] : [["image", image.name]],
      ["profile", profile]
    ],
    width
  );
  const indent = STATE + TITLE;
  const lines = checks.flatMap(({ id, state, found, remedy }) => [
    ...fitLine(`${state.padEnd(STATE)}${TITLES[id].padEnd(TITLE)}${found}`, width, indent),
    ...remedy === void 0 ? [] : fitLine(`${" ".repeat(indent)}→ ${remedy}`, width, indent + 2)
  ]);
  return harmlessLines([...facts, "", ...lines, "", conclusion(checks)]);
}
function conclusion(checks) {
  const of = (state) => checks.filter((check) => check.state === state).length;
  const unknown = of("unknown") === 0 ? "" : `, ${of("unknown")} unknown`;
  return of("wrong") === 0 ? `nothing wrong${unknown}` : `${count(of("wrong"), "line")} wrong${unknown}`;
}

// src/frontend/cli/node/run-doctor.ts
async function runDoctor({ options, output, secrets }, visible) {
  const print = (report2) => printResult(harmlessJson(renderDocument(report2)));
  let report;
  try {
    const context = await startRun({ log: output.log, secrets, visible });
    const { examineNode } = await import("./commands.doctor.doctor.js");
    report = await untilAborted(context.signal, () => examineNode(options, context));
  } catch (error) {
    if (output.json) print(failedImage(options.verifying?.image, errorReport(error)));
    throw error;
  }
  if (output.json) print(report);
  else printResult(doctorTable(report, outputColumns()));
  const wrong = report.checks.filter(({ state }) => state === "wrong").map(({ id }) => id);
  if (wrong.length === 0) return;
  throw new VeritySignError("not-enforced", `the node is not ready: ${wrong.join(", ")}`);
}
export {
  runDoctor
};
