import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  harmless
} from "./shared.frontend.hide-environment.js";
import {
  describeError
} from "./shared.errors.js";

// src/frontend/output/standard-streams.ts
function surviveClosedPipes() {
  for (const out of [process.stdout, process.stderr]) {
    out.on("error", (error) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
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
  printResult,
  printTable,
  printFailure,
  printError,
  outputColumns
};
