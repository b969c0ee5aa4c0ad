import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  outputColumns,
  printError,
  printResult,
  printTable
} from "./shared.frontend.output.standard-streams.js";
import {
  checkReportPath,
  writeReport
} from "./shared.frontend.output.report-file.js";
import {
  renderReport
} from "./shared.frontend.render.text-table.js";
import {
  choice,
  flag,
  text
} from "./shared.frontend.inputs.values.js";
import {
  harmlessJson
} from "./shared.frontend.output.foreign-text.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/cli/options/output.ts
var STANDARD_OUTPUT = "-";
function outputOptions(raw, surface, dialect) {
  const report = text(raw, "report");
  const format = choice(raw, "output", surface, dialect);
  const alias = flag(raw, "json", dialect);
  if (alias && raw.output !== void 0 && format === "text") {
    throw contradiction(`${dialect.label("json")} and ${dialect.label("output")} text`);
  }
  return {
    json: alias || format === "json",
    ...report === void 0 ? {} : { report },
    log: logLevel(raw, dialect)
  };
}
function logLevel(raw, dialect) {
  const [debug, quiet] = [flag(raw, "debug", dialect), flag(raw, "quiet", dialect)];
  if (debug && quiet) throw contradiction(`${dialect.label("debug")} and ${dialect.label("quiet")}`);
  return debug ? "debug" : quiet ? "quiet" : "normal";
}
function contradiction(both) {
  return new VeritySignError("usage", `${both} contradict one another`, { remedy: "Omit one of them" });
}

// src/frontend/cli/run-output.ts
var RunOutput = class {
  #path;
  #json;
  /** Undefined: tables are not shown. */
  #tables;
  #shown = 0;
  constructor({ json, report }) {
    const toOutput = report === STANDARD_OUTPUT;
    this.#path = toOutput ? void 0 : report;
    this.#json = json || toOutput;
    this.#tables = json ? void 0 : toOutput ? "stderr" : "stdout";
  }
  /**
   * Refuses a path that cannot be written to, before any work. Then nothing is written there.
   * @throws VeritySignError 'environment'
   */
  check() {
    const path = this.#path;
    if (path === void 0) return;
    this.#path = void 0;
    checkReportPath(path, "option --report");
    this.#path = path;
  }
  /** @param render makes the table for so many columns; undefined: what reads it gets complete lines */
  table(render) {
    const stream = this.#tables;
    if (stream !== void 0) printTable(render(outputColumns(stream)), this.#shown++ > 0, stream);
  }
  /**
   * Prints and writes the report of what was done, also if the run failed.
   * @param failure what ended the run
   * @throws VeritySignError 'environment' if the report cannot be written, unless the run has failed anyway
   */
  report(items, failure) {
    const text2 = renderReport(items);
    if (this.#json) printResult(harmlessJson(text2));
    if (this.#path === void 0) return;
    try {
      writeReport(text2, this.#path, failure === void 0);
    } catch (error) {
      if (failure === void 0) throw error;
      printError(error);
    }
  }
};

export {
  outputOptions,
  logLevel,
  RunOutput
};
