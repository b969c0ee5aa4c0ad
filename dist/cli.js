#!/usr/bin/env node
import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  widenThreadPool
} from "./shared.frontend.thread-pool.js";
import {
  printable
} from "./shared.frontend.output.printable.js";
import {
  VeritySignError,
  describeError
} from "./shared.errors.js";
import "./runtime.js";

// src/frontend/cli/node-version.ts
var OLDEST = [22, 15];
function checkNodeVersion(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || major === OLDEST[0] && minor >= OLDEST[1]) return;
  throw new VeritySignError("environment", `Node.js ${version} is too old`, {
    remedy: `Use Node.js ${OLDEST.join(".")} or later`
  });
}

// src/entry/cli.ts
widenThreadPool();
try {
  checkNodeVersion(process.versions.node);
  const { runCli } = await import("./frontend.cli.run-cli.js");
  await runCli(process.argv.slice(2));
} catch (error) {
  const { line, status } = describeError(error);
  process.stderr.write(`verity-sign: ${printable(line)}
`);
  process.exitCode = status;
}
