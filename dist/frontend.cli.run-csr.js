import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  startRun
} from "./shared.frontend.cli.start-run.js";
import {
  printPem
} from "./shared.frontend.output.standard-streams.js";
import "./shared.frontend.output.progress-line.js";
import "./shared.frontend.render.text-width.js";
import "./shared.frontend.render.format.js";
import "./shared.frontend.hide-environment.js";
import "./shared.frontend.output.stream-guard.js";
import {
  untilAborted
} from "./shared.frontend.run-context.js";
import "./shared.convert.conversion-cache.js";
import "./shared.report.tool.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.frontend.thread-pool.js";
import "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.lib.format-bytes.js";
import "./shared.lib.proc-stat.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/frontend/output/new-file.ts
import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { resolve } from "node:path";
function requireNoFile(path, label) {
  if (existsSync(resolve(path))) throw existing(path, label);
}
async function writeNewFile(path, content, label) {
  try {
    const file = await open(resolve(path), "wx", 420);
    try {
      await file.chmod(420);
      await file.writeFile(content);
    } catch (error) {
      await rm(resolve(path), { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = String(cause) } = cause;
    if (code === "EEXIST") throw existing(path, label);
    throw new VeritySignError("environment", `${label}: ${path} cannot be written (${code})`, {
      remedy: "Give a path in a folder that exists and that this user may write to",
      cause
    });
  }
}
function existing(path, label) {
  return new VeritySignError("usage", `${label}: ${path} exists already`, {
    remedy: "Give the path of a new file, or remove this one first"
  });
}

// src/frontend/cli/run-csr.ts
var OUT = "option --out";
async function runCsr({ options, out, log, secrets }, visible) {
  const context = await startRun({ log, secrets, visible });
  if (out !== void 0) requireNoFile(out, OUT);
  const { makeRequest } = await import("./commands.csr.make-request.js");
  const pem = await untilAborted(context.signal, () => makeRequest(options, context));
  if (out === void 0) printPem(pem);
  else await writeNewFile(out, pem, OUT);
}
export {
  runCsr
};
