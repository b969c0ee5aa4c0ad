import {
  startRun
} from "./shared.commands.js";
import {
  untilAborted
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import {
  VeritySignError,
  printPem
} from "./shared.start.js";

// builtin-load:load of src/frontend/output/new-file.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of src/frontend/output/new-file.ts
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var existsSync = /* @__PURE__ */ one("existsSync");

// builtin:node:fs/promises of src/frontend/output/new-file.ts
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var open = /* @__PURE__ */ one2("open");
var rm = /* @__PURE__ */ one2("rm");

// builtin:node:path of src/frontend/output/new-file.ts
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var resolve = /* @__PURE__ */ one3("resolve");

// src/frontend/output/new-file.ts
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
