import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  harmless
} from "./shared.frontend.hide-environment.js";
import {
  VeritySignError,
  describeError
} from "./shared.errors.js";

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
  process.stdout.write(text);
}
function printTable(table, below) {
  if (below) process.stdout.write("\n");
  printResult(table);
}
function printFailure(line) {
  process.stderr.write(`verity-sign: ${harmless(line)}
`);
}
function printError(error) {
  const { line, status } = describeError(error);
  printFailure(line);
  return status;
}
function outputColumns() {
  return process.stdout.columns;
}

export {
  surviveClosedPipes,
  requireOutput,
  printResult,
  printTable,
  printFailure,
  printError,
  outputColumns
};
