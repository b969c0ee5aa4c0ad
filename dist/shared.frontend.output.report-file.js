import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  alert,
  escapeMarkdown,
  inlineCode,
  markdownTable,
  md
} from "./shared.frontend.render.markdown.js";
import {
  gapsOf
} from "./shared.report.confinement.js";
import {
  imagesNotCovered
} from "./shared.report.coverage-text.js";
import {
  harmlessJson
} from "./shared.frontend.output.foreign-text.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/lib/writable.ts
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
function whyNotWritable(file) {
  return reasonOf(() => {
    const found = statSync(file);
    if (found.isDirectory()) return "it is a folder";
    if (found.isFile()) closeSync(openSync(file, constants.O_WRONLY | constants.O_APPEND));
    else accessSync(file, constants.W_OK);
    return void 0;
  });
}
function whyNotCreatable(file) {
  return reasonOf(() => {
    if (statSync(file, { throwIfNoEntry: false }) !== void 0) return whyNotWritable(file);
    createFolder(dirname(file));
    return whyNotFolder(dirname(file));
  });
}
function whyNotFolder(folder) {
  return reasonOf(() => {
    if (!statSync(folder).isDirectory()) return "it is not a folder";
    accessSync(folder, constants.W_OK | constants.X_OK);
    return void 0;
  });
}
function createFolder(folder) {
  if (statSync(folder, { throwIfNoEntry: false }) !== void 0) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}
function reasonOf(check) {
  try {
    return check();
  } catch (error) {
    return error.code ?? String(error);
  }
}

// src/frontend/output/report-file.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname as dirname2, join, resolve } from "node:path";
function checkReportPath(name, label) {
  const path = resolve(name);
  const reason = whyNotCreatable(path);
  if (reason === void 0) return;
  throw new VeritySignError("environment", `${label}: ${path} cannot be written to (${reason})`, {
    remedy: "Set it to a path that this user may write to"
  });
}
function checkActionFolder() {
  const folder = actionFolder();
  const reason = whyNotFolder(folder);
  if (reason === void 0) return;
  throw new VeritySignError("environment", `RUNNER_TEMP: the folder ${folder} is not writable (${reason})`, {
    remedy: `${AS_OWNER}, or set report to a path that this user may write to`
  });
}
var AS_OWNER = "Run the job's container as the user to whom the runner's files belong (container: options: --user ID)";
function writeReport(text2, name, complete) {
  const path = resolve(name);
  try {
    write(text2, path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    const copy = copyOf(text2, tmpdir());
    const where = copy === void 0 ? "" : `; it is in ${copy}`;
    const which = complete ? "the run is complete, but its report" : "the report of what was done";
    const what = `${which} cannot be written to ${path} (${reason})${where}`;
    throw new VeritySignError("environment", what, {
      remedy: "Free space, or set report to a path that this user may write to, and run it again",
      cause
    });
  }
  return path;
}
function writeActionReport(text2, wanted, warn = () => void 0, print = () => void 0) {
  let reason = "";
  if (wanted !== void 0) {
    const path = resolve(wanted);
    try {
      write(text2, path);
      return path;
    } catch (error) {
      reason = `the report cannot be written to ${path} (${error.code ?? error})`;
    }
  }
  for (const folder of /* @__PURE__ */ new Set([actionFolder(), tmpdir()])) {
    const copy = copyOf(text2, folder);
    if (copy === void 0) {
      reason ||= `the report cannot be written to the folder ${folder}`;
      continue;
    }
    if (reason !== "") warn(`${reason}: it is in ${copy}`);
    return copy;
  }
  warn(`${reason}: it follows in the log`);
  print(harmlessJson(text2));
  return "";
}
function actionFolder() {
  return process.env.RUNNER_TEMP || tmpdir();
}
function write(text2, path) {
  createFolder(dirname2(path));
  writeFileSync(path, harmlessJson(text2));
}
function copyOf(text2, parent) {
  try {
    const path = join(mkdtempSync(join(parent, "verity-sign-report-")), "report.json");
    write(text2, path);
    return path;
  } catch {
    return void 0;
  }
}

// src/frontend/render/builder-text.ts
function builderRows({ builder, tools }) {
  const gaps = tools === void 0 ? [] : gapsOf(tools.confinement);
  return [
    ...builder === void 0 ? [] : [builderRow(builder)],
    ...gaps.length === 0 ? [] : [["mkfs.erofs is not fully confined", gaps.join(", ")]]
  ];
}
function builderRow(builder) {
  const other = builder.crossCheck;
  const checked = other === void 0 ? "" : `, compared with ${other.kind === "mkfs" ? `mkfs.erofs ${text(other)}` : "the native builder"}`;
  return [builder.kind === "mkfs" ? "mkfs.erofs" : "native builder", `${text(builder)}${checked}`];
}
function builderFacts(report) {
  return builderRows(report).map(([name, value]) => [name.replace(/^native/, "Native"), md`${value}`]);
}
function text(builder) {
  if (builder.kind === "mkfs") return `${builder.version}, class ${builder.class}`;
  const { classes } = builder;
  if (classes.length === 0) return "the classes that the signers recorded";
  return `${classes.length === 1 ? "class" : "classes"} ${classes.join(", ")}`;
}

// src/frontend/render/uncovered.ts
var LISTED = 100;
function uncoveredLines(report) {
  return [
    ...report.uncovered.flatMap(({ digest, platform, reason }) => [
      "",
      `${platform ?? "image"}, ${digest}`,
      `  not covered by a signature: ${reason}`
    ]),
    ...otherSkipped(report).flatMap(({ digest, platform, reason }) => [
      "",
      `skipped ${digest}${platform === void 0 ? "" : ` (${platform})`}: ${reason}`
    ])
  ];
}
function uncoveredParts(report, title) {
  const { uncovered } = report;
  const skipped = otherSkipped(report);
  return [
    ...uncovered.length === 0 ? [] : [
      md`#### Not covered by a signature`,
      ...alert("WARNING", [md`**${imagesNotCovered(uncovered.length)}** by a signature`]),
      ...entryTable(uncovered, "images")
    ],
    ...skipped.length === 0 ? [] : [md`#### ${title}`, ...entryTable(skipped, "entries")]
  ];
}
function otherSkipped({ uncovered, skipped }) {
  const images = new Set(uncovered.map(({ digest }) => digest));
  return skipped.filter(({ digest }) => !images.has(digest));
}
function entryTable(entries, noun) {
  const rows = entries.slice(0, LISTED).map(({ digest, platform, reason }) => [
    inlineCode(digest),
    escapeMarkdown(platform ?? ""),
    escapeMarkdown(reason)
  ]);
  const more = entries.length - rows.length;
  return [
    markdownTable(["Manifest", "Platform", "Reason"], rows),
    ...more > 0 ? [md`> ${more} more ${noun} are listed in the JSON report.`] : []
  ];
}

export {
  builderRows,
  builderFacts,
  uncoveredLines,
  uncoveredParts,
  whyNotWritable,
  checkReportPath,
  checkActionFolder,
  AS_OWNER,
  writeReport,
  writeActionReport
};
