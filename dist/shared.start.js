
// src/errors.ts
var FAILED_VERDICTS = ["not-signed", "invalid", "not-trusted", "unchecked"];
function isFailedVerdict(code) {
  return FAILED_VERDICTS.includes(code);
}
var EXIT_STATUS = {
  usage: 2,
  image: 3,
  environment: 4,
  key: 5,
  registry: 6,
  "not-signed": 10,
  invalid: 11,
  "not-trusted": 12,
  unchecked: 13,
  "not-enforced": 14,
  cancelled: 130
};
var PEM = /-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)|LS0tLS1CRUdJTi[A-Z0-9+/]*=*/gi;
var URL_USER = /(\bhttps?:\/\/)[^\s"'<>/?#]*@/gi;
var URL_QUERY = /(\bhttps?:\/\/[^\s"'<>?#]+\?)[^\s"'<>]*[^\s"'<>).,:;]/gi;
var AUTHORIZATION = /\b(Basic|Bearer)(\s+)([\w.~+/-]{8,}=*)/gi;
var TOKEN = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
function withoutPem(text) {
  return text.replaceAll(PEM, "(PEM text)");
}
function withoutSecrets(text) {
  return withoutPem(text).replaceAll(URL_USER, "$1***@").replaceAll(URL_QUERY, "$1***").replaceAll(
    AUTHORIZATION,
    (words, scheme, blank, value) => isCredential(scheme, value) ? `${scheme}${blank}***` : words
  ).replaceAll(TOKEN, "***");
}
function isCredential(scheme, value) {
  if (scheme.toLowerCase() === "bearer") return /[\dA-Z]/.test(value);
  const decoded = Buffer.from(value, "base64");
  return decoded.toString("base64") === value && decoded.includes(":");
}
var GENERAL_REMEDY = {
  usage: "Correct this value and run again",
  image: "Build the image again, or copy it again from where it is intact",
  environment: "Check the permissions, the disk space and the limits of this machine",
  key: "Check the key and its certificates",
  registry: "Run again, and ask the operator of the registry if it fails again",
  cancelled: void 0,
  "not-signed": "Sign the image first",
  invalid: "Do not use the image, and find out who changed it or its signatures",
  "not-trusted": "Give the certificate of the signer if you trust it",
  unchecked: "Remove what prevented the check, and run again",
  "not-enforced": "Correct what the report lists"
};
var SYSTEM_LIMITS = /* @__PURE__ */ new Set(["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"]);
var SYSTEM_LIMIT_REMEDY = "Lower concurrency, or raise the limits on open files and processes (ulimit -n, ulimit -u)";
function isSystemLimit(error) {
  return typeof error === "object" && error !== null && "code" in error && SYSTEM_LIMITS.has(error.code);
}
var VeritySignError = class extends Error {
  code;
  remedy;
  context = {};
  constructor(code, message, options = {}) {
    super(withoutSecrets(message), options.cause === void 0 ? void 0 : { cause: options.cause });
    this.name = "VeritySignError";
    this.code = code;
    this.remedy = options.remedy === void 0 ? void 0 : withoutSecrets(options.remedy);
  }
  /** The exit status that the CLI has for this code. */
  get exitStatus() {
    return EXIT_STATUS[this.code];
  }
  /** One line: image, layer, what happened, what to do (see {@link remedyOf}). */
  toLine() {
    const where = [this.context.image, this.context.layer].filter((part) => part !== void 0);
    const what = where.length === 0 ? this.message : `${where.join(", ")}: ${this.message}`;
    const remedy = remedyOf(this);
    const line = remedy === void 0 ? what : `${what}. ${remedy}`;
    return withoutSecrets(line).replaceAll(/\s*\n\s*/g, " | ");
  }
};
function remedyOf(error) {
  let cause = error.cause;
  while (cause instanceof Error && !isSystemLimit(cause)) cause = cause.cause;
  if (isSystemLimit(cause)) return SYSTEM_LIMIT_REMEDY;
  return error.remedy ?? GENERAL_REMEDY[error.code];
}
async function inContext(context, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VeritySignError) {
      for (const key of ["image", "layer"]) {
        const value = context[key];
        if (value !== void 0) error.context[key] ??= value;
      }
    }
    throw error;
  }
}
function describeError(error) {
  if (error instanceof VeritySignError) {
    return { line: error.toLine(), status: error.exitStatus };
  }
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  return {
    line: `Internal error, please report it with these lines: ${withoutSecrets(detail).replaceAll(/\s*\n\s*/g, " | ")}`,
    status: 1
  };
}

// src/frontend/cli/completion/shells.ts
var SHELLS = ["bash", "zsh", "fish"];

// src/frontend/cli/exit-status.ts
var MEANINGS = {
  usage: "an option, an input or a reference is invalid",
  image: "the image or a layer is damaged, or of a type that cannot be signed",
  environment: "a tool, a permission, the disk or the machine is not usable",
  key: "the key or certificate chain is not usable",
  registry: "the registry or layout rejected a request, failed or lost data",
  "not-enforced": "a kernel would not enforce the image, or would not run it",
  cancelled: "stopped by a signal"
};
var VERDICT_STATUS = {
  verified: 0,
  "not-signed": EXIT_STATUS["not-signed"],
  invalid: EXIT_STATUS.invalid,
  "not-trusted": EXIT_STATUS["not-trusted"],
  unchecked: EXIT_STATUS.unchecked,
  // Success, as with notation: the policy was followed.
  skipped: 0
};
var VERDICT_MEANINGS = {
  "not-signed": "no signatures, or none for a requested profile",
  invalid: "a signature, the image or a layer is invalid",
  "not-trusted": "the signatures are valid, but the signer is not trusted",
  unchecked: "the registry, a tool or the machine prevented a check"
};
var EXIT_MEANINGS = [
  [0, "success; verify: every image is verified, or skipped by its policy"],
  [1, "a defect in this program"],
  ...Object.entries(MEANINGS).map(([code, meaning]) => [EXIT_STATUS[code], meaning]),
  ...Object.entries(VERDICT_MEANINGS).map(
    ([verdict, meaning]) => [VERDICT_STATUS[verdict], meaning]
  )
].sort(([a], [b]) => a - b);

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

// builtin-load:load of start
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of start
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var closeSync = /* @__PURE__ */ one("closeSync");
var fstatSync = /* @__PURE__ */ one("fstatSync");
var openSync = /* @__PURE__ */ one("openSync");
var readdirSync = /* @__PURE__ */ one("readdirSync");
var readFileSync = /* @__PURE__ */ one("readFileSync");
var writeSync = /* @__PURE__ */ one("writeSync");

// src/lib/proc-stat.ts
function statFields(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return ["", "", "", ...text.slice(text.lastIndexOf(")") + 2).split(" ")];
}

// src/lib/process/initial-environment.ts
function eraseInitialEnvironment(shown2) {
  try {
    const start = environmentStart();
    const before = readFileSync("/proc/self/environ");
    const after = onlyVariables(before, shown2);
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

// src/frontend/output/first-use.ts
var DESCRIPTOR = { stdout: 1, stderr: 2 };
var waiting = /* @__PURE__ */ new Map();
var made = /* @__PURE__ */ new Set();
function beforeFirstUse(name, prepare) {
  const others = waiting.get(name);
  if (others !== void 0) {
    others.push(prepare);
    return;
  }
  const property = Object.getOwnPropertyDescriptor(process, name);
  if (made.has(name) || property?.get === void 0) {
    prepare(process[name]);
    return;
  }
  const { get: make } = property;
  const all5 = [prepare];
  waiting.set(name, all5);
  const get = () => {
    const stream = make.call(process);
    Object.defineProperty(process, name, property);
    waiting.delete(name);
    made.add(name);
    for (const one5 of all5) one5(stream);
    return stream;
  };
  Object.defineProperty(process, name, { ...property, get });
}
function isUnused(name) {
  return waiting.has(name);
}
function mayBeTerminal(name) {
  try {
    return fstatSync(DESCRIPTOR[name]).isCharacterDevice();
  } catch {
    return true;
  }
}
function isFile(name) {
  try {
    return fstatSync(DESCRIPTOR[name]).isFile();
  } catch {
    return false;
  }
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

// builtin:node:string_decoder of start
var found2;
var all2 = () => found2 ??= load("node:string_decoder");
var one2 = (name) => all2()[name];
var StringDecoder = /* @__PURE__ */ one2("StringDecoder");

// src/frontend/output/stream-guard.ts
var ERASE_LINE = "\r\x1B[K";
var COMMAND = /^::(debug|notice|warning|error|group|endgroup|add-mask)::([^\r\n]*)\n$/;
function guardStreams(options) {
  for (const name of ["stdout", "stderr"]) {
    beforeFirstUse(name, (stream) => {
      writeWhole(stream, name);
      guard(stream, options);
    });
  }
}
var unguarded = /* @__PURE__ */ new WeakMap();
var PUBLIC_PEM = /^-----BEGIN (CERTIFICATE|CERTIFICATE REQUEST)-----\n(?:[A-Za-z0-9+/]{1,64}={0,2}\n)+-----END \1-----\n$/;
function writePublicPem(stream, pem) {
  if (!PUBLIC_PEM.test(pem)) throw new TypeError("not a certificate or certificate request in PEM");
  asItIs(stream)(pem);
}
function writeAtOnce(text) {
  const bytes = Buffer.from(text);
  const { written: written2 } = isUnused("stdout") ? writeAll(DESCRIPTOR.stdout, bytes) : { written: 0 };
  if (written2 < bytes.length) asItIs(process.stdout)(bytes.subarray(written2));
}
function writeWhole(stream, name) {
  if (!isFile(name)) return;
  stream._write = (chunk, _encoding, done) => {
    const { error } = writeAll(DESCRIPTOR[name], chunk);
    done(error);
  };
}
function writeAll(descriptor, bytes) {
  let written2 = 0;
  try {
    while (written2 < bytes.length) written2 += writeSync(descriptor, bytes, written2);
    return { written: written2 };
  } catch (error) {
    return { written: written2, error };
  }
}
function asItIs(stream) {
  return unguarded.get(stream) ?? stream.write.bind(stream);
}
function guard(stream, { commands }) {
  const write = stream.write.bind(stream);
  unguarded.set(stream, write);
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
  return `::${name}::${name === "add-mask" ? data : harmless(messageOf(data))}
`;
}
function messageOf(data) {
  return data.split(/(%0A|%0D)/).map(withoutSecrets).join("");
}

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
var STREAMS = ["stdout", "stderr"];
var EXIT_PATIENCE = 1e4;
var outputFailure;
function surviveClosedPipes() {
  beforeFirstUse("stderr", (stream) => stream.on("error", () => void 0));
  beforeFirstUse(
    "stdout",
    (stream) => stream.on("error", (error) => {
      if (error.code !== "EPIPE") outputFailure ??= error;
    })
  );
}
async function requireOutput() {
  if (isUnused("stdout")) return;
  await written("stdout");
  await new Promise((resolve2) => setImmediate(resolve2));
  if (outputFailure === void 0) return;
  const reason = outputFailure.code ?? outputFailure.message;
  throw new VeritySignError("environment", `standard output cannot be written to (${reason})`, {
    remedy: "Free space on the disk to which it is redirected, or redirect it elsewhere, and run again",
    cause: outputFailure
  });
}
async function exitWhenWritten(status = process.exitCode) {
  const late = new Promise((resolve2) => setTimeout(resolve2, EXIT_PATIENCE));
  await Promise.race([late, allWritten()]);
  process.exit(status);
}
async function exitIfFailed() {
  if (process.exitCode === void 0 || process.exitCode === 0) return;
  await allWritten();
  process.exit();
}
async function allWritten() {
  for (const name of STREAMS) if (!isUnused(name)) process[name].on("error", () => void 0);
  await Promise.all(STREAMS.map(written));
}
async function written(name) {
  if (isUnused(name)) return;
  await new Promise((resolve2) => process[name].write("", () => resolve2()));
}
function printResult(text) {
  clearStatus();
  process.stdout.write(text);
}
function printAlone(text) {
  writeAtOnce(text);
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
  return columnsOf(env) ?? (mayBeTerminal(stream) && process[stream].columns || void 0);
}
function columnsOf({ COLUMNS }) {
  return COLUMNS !== void 0 && /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : void 0;
}

// src/frontend/output/stray-errors.ts
var NEEDLESS = "MetadataLookupWarning";
function handleStrayErrors(fail) {
  process.on("uncaughtException", (error) => void exitWhenWritten(fail(error)));
  if (process.listenerCount("warning") === 0) return;
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    if (name === NEEDLESS) return;
    process.stderr.write(`${harmless(`${name}: ${message}`)}
`);
  });
}

// builtin:node:os of start
var found3;
var all3 = () => found3 ??= load("node:os");
var one3 = (name) => all3()[name];
var availableParallelism = /* @__PURE__ */ one3("availableParallelism");
var userInfo = /* @__PURE__ */ one3("userInfo");

// builtin:node:path of start
var found4;
var all4 = () => found4 ??= load("node:path");
var one4 = (name) => all4()[name];
var resolve = /* @__PURE__ */ one4("resolve");
var isAbsolute = /* @__PURE__ */ one4("isAbsolute");
var join = /* @__PURE__ */ one4("join");
var delimiter = /* @__PURE__ */ one4("delimiter");

// src/lib/process/environment.ts
var SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function fixedEnvironment() {
  return { PATH: SYSTEM_PATH, LC_ALL: "C", TZ: "UTC" };
}
function pathFolders(path = process.env.PATH) {
  return path?.split(delimiter).filter(isAbsolute) ?? [];
}
function withAbsolutePath(env) {
  return { ...env, PATH: pathFolders(env.PATH ?? "").join(delimiter) || SYSTEM_PATH };
}
function homeFolder(env = process.env) {
  return absoluteOrNone(env.HOME) ?? absoluteOrNone(passwordFileHome()) ?? "/";
}
function configFolder(env = process.env) {
  return absoluteOrNone(env.XDG_CONFIG_HOME) ?? join(homeFolder(env), ".config");
}
function isHomeSettled({ HOME } = process.env) {
  return HOME === void 0 || isAbsolute(HOME);
}
function absoluteOrNone(path) {
  return path !== void 0 && isAbsolute(path) ? path : void 0;
}
function passwordFileHome() {
  try {
    return userInfo().homedir;
  } catch {
    return void 0;
  }
}
var NETWORK_VARIABLES = [
  "PATH",
  "DOCKER_CONFIG",
  "REGISTRY_AUTH_FILE",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR"
];
var DOCKER_VARIABLES = [
  "PATH",
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_TLS",
  "DOCKER_TLS_VERIFY",
  "DOCKER_CERT_PATH"
];
var PATHS = /* @__PURE__ */ new Set([
  "DOCKER_CONFIG",
  "DOCKER_CERT_PATH",
  "REGISTRY_AUTH_FILE",
  "SSL_CERT_FILE"
]);
function networkEnvironment(from = process.env) {
  return chosenEnvironment(NETWORK_VARIABLES, from);
}
function dockerEnvironment(from = process.env) {
  return chosenEnvironment(DOCKER_VARIABLES, from);
}
function chosenEnvironment(names, from) {
  const env = { PATH: SYSTEM_PATH, LC_ALL: "C", HOME: homeFolder(from) };
  for (const name of names) {
    const value = from[name];
    if (value === void 0 || name.startsWith("XDG_") && !isAbsolute(value)) continue;
    env[name] = absolute(name, value);
  }
  return env;
}
function absolute(name, value) {
  if (value === "") return value;
  if (PATHS.has(name)) return resolve(value);
  if (name !== "SSL_CERT_DIR") return value;
  return value.split(":").map((folder) => folder && resolve(folder)).join(":");
}

// src/frontend/settle-home.ts
function settleHome() {
  process.env.HOME = homeFolder();
}

// src/lib/process/free-resources.ts
var PLENTY = 4096;
function freeDescriptors(proc = "/proc") {
  const limit = softLimit(proc, "Max open files");
  if (limit > PLENTY) return limit;
  try {
    return limit - (readdirSync(join(proc, "self/fd")).length - 1);
  } catch {
    return 0;
  }
}
function freeThreads(proc = "/proc") {
  const limit = process.geteuid?.() === 0 ? Number.POSITIVE_INFINITY : softLimit(proc, "Max processes");
  const own = limit > PLENTY ? limit : limit - threadsOfUser(proc, process.getuid?.() ?? 0);
  return Math.min(own, freeInCgroup(proc));
}
function softLimit(proc, name) {
  const line = read(join(proc, "self/limits")).split("\n").find((text) => text.startsWith(name));
  const soft = line?.slice(name.length).trim().split(/\s+/)[0];
  return soft === void 0 || soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}
function threadsOfUser(proc, uid) {
  let threads = 0;
  for (const pid of readdirSync(proc).filter((name) => /^\d+$/.test(name))) {
    const status = read(join(proc, pid, "status"));
    const [, owner] = /^Uid:\s+(\d+)/m.exec(status) ?? [];
    if (owner === String(uid)) threads += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
  }
  return threads;
}
function freeInCgroup(proc) {
  const [, path = "/"] = /^0::(.*)$/m.exec(read(join(proc, "self/cgroup"))) ?? [];
  const folder = join("/sys/fs/cgroup", path);
  const limit = read(join(folder, "pids.max")).trim();
  if (limit === "" || limit === "max") return Number.POSITIVE_INFINITY;
  return Number(limit) - Number(read(join(folder, "pids.current")));
}
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

// src/frontend/thread-pool.ts
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

// src/lib/process/system-limit.ts
var SystemLimitError = class extends VeritySignError {
  constructor(what, cause) {
    super("environment", what, { remedy: SYSTEM_LIMIT_REMEDY, cause });
  }
};

// src/report/tool.ts
var TOOL = { name: "verity-sign", version: "0.1.0" };
var REPORT_HEAD = { schemaVersion: 1, tool: TOOL };

export {
  isFailedVerdict,
  EXIT_STATUS,
  withoutSecrets,
  isSystemLimit,
  VeritySignError,
  remedyOf,
  inContext,
  describeError,
  SHELLS,
  VERDICT_STATUS,
  EXIT_MEANINGS,
  checkNodeVersion,
  statFields,
  hideEnvironment,
  warnOfVisibleEnvironment,
  harmless,
  harmlessLines,
  splitLines,
  harmlessJson,
  guardStreams,
  drawStatus,
  clearStatus,
  surviveClosedPipes,
  requireOutput,
  exitWhenWritten,
  exitIfFailed,
  printResult,
  printAlone,
  printTable,
  printPem,
  printFailure,
  printError,
  outputColumns,
  columnsOf,
  handleStrayErrors,
  fixedEnvironment,
  pathFolders,
  withAbsolutePath,
  homeFolder,
  configFolder,
  isHomeSettled,
  networkEnvironment,
  dockerEnvironment,
  settleHome,
  freeDescriptors,
  requireResources,
  widenThreadPool,
  SystemLimitError,
  TOOL,
  REPORT_HEAD
};
