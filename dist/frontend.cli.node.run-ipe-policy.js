import {
  checkTable,
  policyTable
} from "./shared.frontend.render.ipe-policy.table.js";
import {
  RunOutput,
  startRun
} from "./shared.commands.js";
import {
  errorReport,
  failedImage,
  imageAtFault,
  untilAborted
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";

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
    const image = imageAtFault(error, options.images);
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
