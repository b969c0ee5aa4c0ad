import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  createFolder,
  whyNotCreatable,
  whyNotFolder
} from "./shared.lib.writable.js";
import {
  harmlessJson
} from "./shared.frontend.output.foreign-text.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/output/report-file.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
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
function writeReport(text, name, complete) {
  const path = resolve(name);
  try {
    write(text, path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    const copy = copyOf(text, tmpdir());
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
function writeActionReport(text, wanted, warn = () => void 0, print = () => void 0) {
  let reason = "";
  if (wanted !== void 0) {
    const path = resolve(wanted);
    try {
      write(text, path);
      return path;
    } catch (error) {
      reason = `the report cannot be written to ${path} (${error.code ?? error})`;
    }
  }
  for (const folder of /* @__PURE__ */ new Set([actionFolder(), tmpdir()])) {
    const copy = copyOf(text, folder);
    if (copy === void 0) {
      reason ||= `the report cannot be written to the folder ${folder}`;
      continue;
    }
    if (reason !== "") warn(`${reason}: it is in ${copy}`);
    return copy;
  }
  warn(`${reason}: it follows in the log`);
  print(harmlessJson(text));
  return "";
}
function actionFolder() {
  return process.env.RUNNER_TEMP || tmpdir();
}
function write(text, path) {
  createFolder(dirname(path));
  writeFileSync(path, harmlessJson(text));
}
function copyOf(text, parent) {
  try {
    const path = join(mkdtempSync(join(parent, "verity-sign-report-")), "report.json");
    write(text, path);
    return path;
  } catch {
    return void 0;
  }
}

export {
  checkReportPath,
  checkActionFolder,
  AS_OWNER,
  writeReport,
  writeActionReport
};
