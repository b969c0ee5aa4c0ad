import {
  locateMkfs,
  measureMkfs
} from "./shared.mkfs.js";
import {
  withTempFolder
} from "./shared.images.js";
import {
  abortOnSignals,
  alignFacts,
  checkVersion,
  errorReport,
  failedImage,
  leaksCredentials,
  renderDocument,
  untilAborted
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import {
  DEFAULT_CLASS,
  RELEASE_CLASSES
} from "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError,
  describeError,
  harmlessJson,
  harmlessLines,
  outputColumns,
  printResult
} from "./shared.start.js";

// src/commands/version/version.ts
async function versionReport(options, signal) {
  const oras = found(async () => {
    const path = options.orasPath ?? "oras";
    const { text } = await checkVersion(path, signal);
    return { path, version: text, ...leaksCredentials(text) ? { problem: LEAKS } : {} };
  });
  const mkfs = found(async () => {
    const path = locateMkfs(options.mkfsPath);
    const { version } = await withTempFolder(void 0, (folder) => measureMkfs(path, folder, signal));
    return { path, version };
  });
  return {
    ...REPORT_HEAD,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
    classes: { ...RELEASE_CLASSES },
    defaultClass: DEFAULT_CLASS,
    oras: await oras,
    mkfs: await mkfs
  };
}
var LEAKS = "usable for layouts and for registries without a login: use 1.3.3 or later for others";
async function found(look) {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return { problem: describeError(error).line };
  }
}

// src/frontend/render/version/text.ts
function versionText(report, width) {
  const { tool, node, platform, classes, defaultClass, oras, mkfs } = report;
  const releases = Map.groupBy(Object.entries(classes), ([, name]) => name);
  const reproduced = [...releases].map(
    ([name, found2]) => `${name}${name === defaultClass ? " (default)" : ""}: erofs-utils ${found2.map(([release]) => release).join(", ")}`
  );
  return harmlessLines(
    alignFacts(
      [
        [tool.name, tool.version],
        ["Node.js", `${node}, ${platform}`],
        ["classes", reproduced.join("; ")],
        ["oras", programText(oras)],
        ["mkfs.erofs", programText(mkfs)]
      ],
      width
    )
  );
}
function programText({ path, version, problem }) {
  const found2 = version === void 0 ? [] : [path === void 0 ? version : `${version}, ${path}`];
  return [...found2, ...problem === void 0 ? [] : [problem]].join("; ");
}

// src/frontend/cli/print-version.ts
async function printVersion({ options, output }) {
  const signal = abortOnSignals();
  let report;
  try {
    report = await untilAborted(signal, () => versionReport(options, signal));
  } catch (error) {
    if (output.json) printResult(harmlessJson(renderDocument(failedImage(void 0, errorReport(error)))));
    throw error;
  }
  printResult(output.json ? harmlessJson(renderDocument(report)) : versionText(report, outputColumns()));
}
export {
  printVersion
};
