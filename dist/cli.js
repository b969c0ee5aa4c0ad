#!/usr/bin/env node
import {
  checkNodeVersion,
  exitIfFailed,
  guardStreams,
  handleStrayErrors,
  hideEnvironment,
  printError,
  settleHome,
  widenThreadPool
} from "./shared.start.js";

// src/entry/cli.ts
guardStreams({ commands: false });
handleStrayErrors(printError);
widenThreadPool();
settleHome();
try {
  checkNodeVersion(process.versions.node);
  const { runCli } = await import("./frontend.cli.run-cli.js");
  await runCli(process.argv.slice(2), hideEnvironment);
} catch (error) {
  process.exitCode = printError(error);
}
await exitIfFailed();
