import {
  RunOutput,
  startRun
} from "./shared.commands.js";
import {
  alignFacts,
  count,
  errorReport,
  failedImage,
  fitLines,
  imageAtFault,
  untilAborted
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import {
  harmlessLines
} from "./shared.start.js";

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
    output.report([failedImage(imageAtFault(error, options.images), errorReport(error))], { error });
    throw error;
  }
}
export {
  runNodeKit
};
