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
import {
  alignFacts,
  fitLines
} from "./shared.frontend.render.text-table.js";
import "./shared.frontend.output.progress-line.js";
import "./shared.frontend.render.text-width.js";
import {
  count
} from "./shared.frontend.render.format.js";
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
import {
  harmlessLines
} from "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.lib.format-bytes.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.errors.js";
import "./runtime.js";

// src/frontend/render/node-kit/table.ts
function nodeKitTable(report, width) {
  const { folder, policy, images, profile, certificates, files } = report;
  const facts = alignFacts(
    [
      ...images.map(({ name }) => ["image", name]),
      ["profile", profile],
      ["policy", `${policy.name} ${policy.version}`],
      ...certificates.map(({ subject, vouchesFor }) => [
        "certificate",
        `${subject}, for ${vouchesFor}`
      ])
    ],
    width
  );
  const listed = fitLines(
    files.map((file) => `  ${file}`),
    width
  );
  const end = fitLines([`${count(files.length, "file")} in ${folder}; begin with README.md`], width);
  return harmlessLines([...facts, "", ...listed, "", ...end]);
}

// src/frontend/cli/node/run-node-kit.ts
async function runNodeKit({ options, output: wanted, secrets }, visible) {
  const output = new RunOutput(wanted);
  try {
    const context = await startRun({ log: wanted.log, secrets, visible });
    output.check();
    const { makeKit } = await import("./commands.node-kit.make-kit.js");
    const report = await untilAborted(context.signal, () => makeKit(options, context));
    output.table((columns) => nodeKitTable(report, columns));
    output.report([report]);
  } catch (error) {
    output.report([failedImage(options.images[0], errorReport(error))], { error });
    throw error;
  }
}
export {
  runNodeKit
};
