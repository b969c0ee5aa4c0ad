import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ERASE_LINE,
  writePublicPem
} from "./shared.frontend.output.stream-guard.js";
import {
  harmless
} from "./shared.frontend.output.foreign-text.js";
import {
  VeritySignError,
  describeError
} from "./shared.errors.js";

// src/frontend/output/status-line.ts
var shown;
function drawStatus(out, text) {
  out.write(`${ERASE_LINE}${text}`);
  shown = out;
}
function clearStatus() {
  shown?.write(ERASE_LINE);
  shown = void 0;
}

// src/frontend/output/standard-streams.ts
var outputFailure;
function surviveClosedPipes() {
  process.stderr.on("error", () => void 0);
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") outputFailure ??= error;
  });
}
async function requireOutput() {
  await new Promise((resolve) => process.stdout.write("", () => resolve()));
  await new Promise((resolve) => setImmediate(resolve));
  if (outputFailure === void 0) return;
  const reason = outputFailure.code ?? outputFailure.message;
  throw new VeritySignError("environment", `standard output cannot be written to (${reason})`, {
    remedy: "Free space on the disk to which it is redirected, or redirect it elsewhere, and run again",
    cause: outputFailure
  });
}
function printResult(text) {
  clearStatus();
  process.stdout.write(text);
}
function printTable(table, below, stream) {
  clearStatus();
  process[stream].write(below ? `
${table}` : table);
}
function printPem(pem) {
  clearStatus();
  writePublicPem(process.stdout, pem);
}
function printFailure(line) {
  clearStatus();
  process.stderr.write(`verity-sign: ${harmless(line)}
`);
}
function printError(error) {
  const { line, status } = describeError(error);
  printFailure(line);
  return status;
}
function outputColumns(stream = "stdout", env = process.env) {
  return columnsOf(env) ?? (process[stream].columns || void 0);
}
function columnsOf({ COLUMNS }) {
  return COLUMNS !== void 0 && /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : void 0;
}

export {
  drawStatus,
  clearStatus,
  surviveClosedPipes,
  requireOutput,
  printResult,
  printTable,
  printPem,
  printFailure,
  printError,
  outputColumns,
  columnsOf
};
