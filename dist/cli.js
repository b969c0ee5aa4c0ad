#!/usr/bin/env node
import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  printError
} from "./shared.frontend.output.standard-streams.js";
import {
  handleStrayErrors
} from "./shared.frontend.output.stray-errors.js";
import {
  hideEnvironment
} from "./shared.frontend.hide-environment.js";
import {
  guardStreams
} from "./shared.frontend.output.stream-guard.js";
import {
  widenThreadPool
} from "./shared.frontend.thread-pool.js";
import "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.lib.proc-stat.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/frontend/cli/node-version.ts
var FIRST_MINOR = { 22: 21, 24: 5 };
var NEWEST_LINE = 24;
function checkNodeVersion(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const first = FIRST_MINOR[major];
  if (first === void 0 ? major > NEWEST_LINE : minor >= first) return;
  const why = major < 23 ? "is too old" : "is not supported: it ignores proxy variables such as HTTPS_PROXY";
  throw new VeritySignError("environment", `Node.js ${version} ${why}`, {
    remedy: "Use Node.js 24.5 or later, or 22.21 or a later 22"
  });
}

// src/entry/cli.ts
guardStreams({ commands: false });
handleStrayErrors(printError);
widenThreadPool();
try {
  checkNodeVersion(process.versions.node);
  const { runCli } = await import("./frontend.cli.run-cli.js");
  await runCli(process.argv.slice(2), hideEnvironment());
} catch (error) {
  process.exitCode = printError(error);
}
