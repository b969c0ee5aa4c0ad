import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  statFields
} from "./shared.lib.proc-stat.js";
import {
  freeDescriptors,
  freeThreads
} from "./shared.lib.process.free-resources.js";
import {
  VeritySignError,
  withoutPem
} from "./shared.errors.js";

// src/lib/process/initial-environment.ts
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
function eraseInitialEnvironment(shown) {
  try {
    const start = environmentStart();
    const before = readFileSync("/proc/self/environ");
    const after = onlyVariables(before, shown);
    for (const [name, value] of Object.entries(process.env)) {
      delete process.env[name];
      process.env[name] = value;
    }
    writeMemory(start, after);
    return readFileSync("/proc/self/environ").equals(after) ? void 0 : "it was not overwritten";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
function environmentStart() {
  const { 50: first, 51: behind } = statFields("self");
  const [start, end] = [Number(first), Number(behind)];
  if (Number.isSafeInteger(start) && start > 0 && end >= start) return start;
  throw new RangeError("/proc/self/stat does not say where it is");
}
function onlyVariables(environment, names) {
  const wanted = environment.toString("latin1").split("\0").filter((entry) => names.some((name) => entry.startsWith(`${name}=`)));
  const after = Buffer.alloc(environment.length);
  after.write(wanted.map((entry) => `${entry}\0`).join(""), "latin1");
  return after;
}
function writeMemory(address, bytes) {
  const memory = openSync("/proc/self/mem", "r+");
  try {
    writeSync(memory, bytes, 0, bytes.length, address);
  } finally {
    closeSync(memory);
  }
}

// src/frontend/hide-environment.ts
var TRACKING = [
  "RUNNER_TRACKING_ID",
  "VSTS_PROCESS_LOOKUP_ID",
  "JENKINS_SERVER_COOKIE",
  "JENKINS_NODE_COOKIE",
  "HUDSON_SERVER_COOKIE",
  "HUDSON_COOKIE",
  "JOB_NAME",
  "JOB_BASE_NAME",
  "BUILD_NUMBER",
  "BUILD_ID",
  "BUILD_TAG"
];
function hideEnvironment() {
  return eraseInitialEnvironment(TRACKING);
}
function warnOfVisibleEnvironment(log, reason) {
  if (reason === void 0) return;
  log.warn(
    `/proc/${process.pid}/environ still shows the environment (${reason}): other processes of this user can read secrets in it. Pass secrets in files instead`
  );
}

// src/frontend/output/foreign-text.ts
var UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
function harmless(text) {
  return withoutPem(text).replaceAll(UNSEEN, visible).replaceAll(/#(?=#)/g, "# ").replace(/^( *):(?=:)/, "$1: ");
}
function harmlessLines(lines) {
  return lines.map((line) => `${harmless(line)}
`).join("");
}
function splitLines(text) {
  return withoutPem(text).split(/\r\n|\r|\n/).map(harmless);
}
function harmlessJson(json) {
  return json.replaceAll(UNSEEN, (character) => character === "\n" ? character : unicodeEscapes(character)).replaceAll(/(?<=#)#/g, "\\u0023");
}
function visible(character) {
  const code = character.codePointAt(0) ?? 0;
  return code > 65535 ? `\\u{${code.toString(16)}}` : unicodeEscapes(character);
}
function unicodeEscapes(character) {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`
  ).join("");
}

// src/frontend/output/stream-guard.ts
import { StringDecoder } from "node:string_decoder";
var ERASE_LINE = "\r\x1B[K";
var COMMAND = /^::(debug|notice|warning|error|group|endgroup|add-mask)::([^\r\n]*)\n$/;
function guardStreams(options) {
  for (const stream of [process.stdout, process.stderr]) guard(stream, options);
}
function guard(stream, { commands }) {
  const write = stream.write.bind(stream);
  const filter = streamFilter({ commands, terminal: stream.isTTY === true });
  const decoder = new StringDecoder("utf8");
  stream.write = (chunk, encoding, done) => {
    const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
    return write(filter(text), typeof encoding === "function" ? encoding : done);
  };
}
function streamFilter(options) {
  let open = "";
  return (chunk) => {
    const command = options.commands && open === "" ? COMMAND.exec(chunk) : null;
    if (command !== null) return commandLine(command[1] ?? "", command[2] ?? "");
    const erase = options.terminal && chunk.startsWith(ERASE_LINE) ? ERASE_LINE : "";
    if (erase !== "") open = "";
    const lines = chunk.slice(erase.length).split("\n");
    const filtered = lines.map((line, index) => {
      const before = index === 0 ? open : "";
      const whole = harmless(before + line);
      open = stateOf(whole);
      return whole.slice(before.length);
    });
    return erase + filtered.join("\n");
  };
}
function stateOf(line) {
  return /^ *:?$/.test(line) ? line : `…${line.slice(-1)}`;
}
function commandLine(name, data) {
  return `::${name}::${name === "add-mask" ? data : harmless(data)}
`;
}

// src/frontend/thread-pool.ts
import { availableParallelism } from "node:os";
var PER_LAYER = 5;
var MOST = 128;
var LEAST = 4;
var NEEDED_THREADS = LEAST + 4;
var NEEDED_DESCRIPTORS = 12;
function requireResources() {
  for (const [what, free, needed, option] of [
    ["open files", freeDescriptors(), NEEDED_DESCRIPTORS, "-n"],
    ["processes and threads", freeThreads(), NEEDED_THREADS, "-u, or the pids limit of the container"]
  ]) {
    if (free >= needed) continue;
    throw new VeritySignError(
      "environment",
      `the limit on ${what} leaves ${Math.max(0, free)} for this process, which needs at least ${needed}`,
      { remedy: `Raise the limit (ulimit ${option})` }
    );
  }
}
function widenThreadPool(env = process.env) {
  if (env.UV_THREADPOOL_SIZE !== void 0) return;
  const wanted = Math.min(MOST, LEAST + PER_LAYER * availableParallelism());
  env.UV_THREADPOOL_SIZE = `${Math.max(LEAST, Math.min(wanted, Math.floor(freeThreads() / 2)))}`;
}

export {
  hideEnvironment,
  warnOfVisibleEnvironment,
  harmless,
  harmlessLines,
  splitLines,
  harmlessJson,
  ERASE_LINE,
  guardStreams,
  requireResources,
  widenThreadPool
};
