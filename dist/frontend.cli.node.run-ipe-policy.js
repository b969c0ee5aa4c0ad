import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  RunOutput
} from "./shared.frontend.cli.run-output.js";
import {
  startRun
} from "./shared.frontend.cli.start-run.js";
import "./shared.frontend.output.standard-streams.js";
import {
  checkTable,
  policyTable
} from "./shared.frontend.render.ipe-policy.table.js";
import "./shared.frontend.output.report-file.js";
import "./shared.frontend.render.text-table.js";
import "./shared.frontend.output.progress-line.js";
import "./shared.frontend.render.text-width.js";
import "./shared.frontend.render.format.js";
import "./shared.lib.writable.js";
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
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.frontend.thread-pool.js";
import "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.lib.format-bytes.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.errors.js";
import "./runtime.js";

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
