import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SecretStore,
  alert,
  factTable,
  flag,
  inlineCode,
  inputsOf,
  joinMarkdown,
  md,
  parseLines,
  parsed,
  progressLine,
  requireOneImage,
  signingOptions,
  text
} from "./shared.frontend.inputs.signing-options.js";
import {
  HttpClient,
  cp,
  debug,
  endGroup,
  exec,
  getInput,
  info,
  isDebug,
  mkdirP,
  rmRF,
  setFailed,
  setOutput,
  setSecret,
  startGroup,
  summary,
  warning,
  which
} from "./shared.undici.lib.llhttp.llhttp_simd-wasm.js";
import {
  require_semver
} from "./shared.semver.classes.range.js";
import {
  createMkfsBuilder,
  endAsRoot,
  erofsUtilsFits,
  findPrivilege,
  findProgram,
  findVersion
} from "./shared.convert.builders.open-builder.js";
import {
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import {
  harmless,
  splitLines
} from "./shared.frontend.hide-environment.js";
import {
  checkVersion
} from "./shared.commands.shared.open-image.js";
import {
  fixedEnvironment,
  networkEnvironment
} from "./shared.lib.process.environment.js";
import {
  ToolError,
  run
} from "./shared.lib.process.run.js";
import {
  VeritySignError,
  describeError
} from "./shared.errors.js";
import {
  __toESM
} from "./runtime.js";

// src/frontend/output/runner-commands.ts
function info2(text2) {
  for (const line of splitLines(text2)) info(line);
}
function debug2(text2) {
  for (const line of splitLines(text2)) debug(line);
}
function warn(text2) {
  warning(splitLines(text2).join("\n"));
}
function infoGroup(title, texts) {
  const heading = splitLines(title).join(" ");
  if (texts.length === 0) {
    info2(heading);
    return;
  }
  startGroup(heading);
  for (const text2 of texts) info2(text2);
  endGroup();
}
function failStep(lines) {
  setFailed(lines.map(harmless).join("\n"));
}
function failWith(error) {
  failStep([describeError(error).line]);
  return 1;
}
function maskSecret(value) {
  setSecret(value);
  if (harmless(value) !== value) setSecret(harmless(value));
}
function setOutputs(values) {
  for (const [name, value] of Object.entries(values)) setOutput(name, value);
}
async function appendSummary(markdown) {
  await summary.addRaw(markdown).write();
}

// src/frontend/output/action-reporter.ts
var PROGRESS_INTERVAL = 3e4;
function actionLogger(clock = Date.now) {
  const lastShown = /* @__PURE__ */ new Map();
  const logger = (emit) => ({
    debug: debug2,
    info: emit,
    // An annotation is shown at once, outside of all groups.
    warn,
    group: async (title, work) => {
      const messages = [];
      try {
        return await work(logger((message) => messages.push(message)));
      } finally {
        infoGroup(title, messages);
      }
    },
    // Printed at once: it shows that the run is alive.
    progress: (task, done, total) => {
      const now = clock();
      const before = lastShown.get(task) ?? now;
      if (now - before < PROGRESS_INTERVAL) {
        lastShown.set(task, before);
        return;
      }
      lastShown.set(task, now);
      info2(progressLine(task, done, total));
    }
  });
  return logger(info2);
}

// src/frontend/render/failure-summary.ts
var WORDS = {
  usage: "invalid input",
  image: "the image",
  environment: "the runner and its tools",
  key: "the key or its certificate",
  registry: "the registry",
  cancelled: "cancelled"
};
function renderFailure(title, error) {
  if (!(error instanceof VeritySignError)) {
    const box2 = [md`**Internal error**: please report it with the error line in the log of this step.`];
    return summaryOf([md`### ${title}`, ...alert("CAUTION", box2)]);
  }
  const { code, message, remedy, context } = error;
  const box = [md`**${message}**`, ...remedy === void 0 ? [] : [md`${remedy}.`]];
  const where = [
    ...context.image === void 0 ? [] : [["Image", inlineCode(context.image)]],
    ...context.layer === void 0 ? [] : [["Layer", inlineCode(context.layer)]]
  ];
  return summaryOf([
    md`### ${title}: ${WORDS[code]}`,
    ...alert("CAUTION", box),
    ...where.length === 0 ? [] : [factTable(where)],
    md`[How to fix it](https://github.com/verity-sign/verity-sign/blob/main/docs/troubleshooting.md#${code})`
  ]);
}
function summaryOf(parts) {
  return `${joinMarkdown(parts, "\n\n").text}
`;
}

// src/frontend/output/job-summary.ts
async function writeSummary(markdown) {
  try {
    await appendSummary(markdown);
  } catch (error) {
    warn(`the job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}
async function withFailureSummary(show, title, work) {
  try {
    return await work();
  } catch (error) {
    if (show) await writeSummary(renderFailure(title, error));
    throw error;
  }
}

// src/convert/mkfs-check.ts
function mkfsCheck({
  profiles,
  erofsUtilsVersion: wanted,
  tempDir
}, { log, signal }) {
  return async (mkfsPath) => {
    await findPrivilege(signal);
    try {
      await withTempFolder(
        tempDir,
        (tempFolder) => createMkfsBuilder({ mkfsPath, wanted, profiles, tempFolder, signal, log })
      );
      return void 0;
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== "environment") throw error;
      return error.message;
    }
  };
}

// src/tools/install/locate.ts
import { delimiter } from "node:path";
function findOnPath(program, path2 = process.env.PATH ?? "") {
  return findProgram(
    program,
    path2.split(delimiter).filter((folder) => folder.startsWith("/"))
  );
}
async function versionOf(argv, signal) {
  try {
    const { stdout, stderr } = await run(argv, { env: networkEnvironment(), timeout: 2e4, signal });
    return findVersion(`${stdout.toString("utf8")}
${stderr}`);
  } catch (error) {
    if (signal.aborted) throw error;
    return void 0;
  }
}

// src/tools/install/apt.ts
var TIMEOUT = 10 * 6e4;
var RETRY_OPTIONS = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];
var PROXIES = ["http_proxy", "https_proxy", "no_proxy"];
var Apt = class _Apt {
  #prefix;
  #context;
  #updated = false;
  constructor(prefix, context) {
    this.#prefix = prefix;
    this.#context = context;
  }
  /** An Apt, or the reason why packages cannot be installed on this machine. */
  static async open(context) {
    if (findOnPath("apt-get") === void 0) return "there is no apt-get";
    if (process.geteuid?.() === 0) return new _Apt([], context);
    try {
      const options = { env: networkEnvironment(), timeout: 1e4, signal: context.signal };
      await run(["sudo", "-n", "true"], options);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return `this user is not root, and ${error.message.replaceAll(/\s+/g, " ")}`;
    }
    const kept2 = PROXIES.filter((name) => environment()[name] !== void 0);
    const preserve = kept2.length === 0 ? [] : [`--preserve-env=${kept2.join(",")}`];
    return new _Apt(["sudo", "-n", ...preserve, "--"], context);
  }
  /** Upstream version of the package that apt-get would install; undefined if there is none. */
  async candidate(name) {
    const before = await this.#policy(name);
    if (before !== void 0) return before;
    await this.update();
    return this.#policy(name);
  }
  /** Rejects with ToolError. */
  async install(packages) {
    await this.update();
    this.#context.log.info(`Installing ${packages.join(", ")} with apt-get`);
    await this.#asRoot(["install", "--no-install-recommends", ...packages]);
  }
  /** Fetches the package lists, once. Rejects with ToolError. */
  async update() {
    if (this.#updated) return;
    await this.#asRoot(["update"]);
    this.#updated = true;
  }
  async #policy(name) {
    const options = { env: environment(), timeout: 6e4, signal: this.#context.signal };
    const { stdout } = await run(["apt-cache", "policy", name], options);
    return candidateIn(stdout.toString("utf8"));
  }
  async #asRoot(args) {
    const argv = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes", ...RETRY_OPTIONS];
    await run([...this.#prefix, ...argv, ...args], {
      env: environment(),
      timeout: TIMEOUT,
      signal: this.#context.signal,
      ...this.#prefix.length === 0 ? {} : { killGroup: endAsRoot }
    });
  }
};
function candidateIn(text2) {
  const version = /^ +Candidate: (?:\d+:)?(\d\S*?)(?:-[^-\s]+)?$/m.exec(text2)?.[1];
  return version === void 0 ? void 0 : /^[\d.]+/.exec(version)?.[0];
}
function environment() {
  const env = networkEnvironment();
  for (const name of PROXIES) {
    const value = env[name] ?? env[name.toUpperCase()];
    if (value !== void 0) env[name] = value;
  }
  return env;
}

// src/tools/install/build.ts
import { copyFile as copyFile2, mkdir as mkdir2, readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join as join4 } from "node:path";

// src/tools/install/build-tools.ts
var PACKAGES = {
  autoreconf: "autoconf",
  aclocal: "automake",
  libtoolize: "libtool",
  "pkg-config": "pkg-config",
  gcc: "gcc",
  make: "make",
  tar: "tar",
  gzip: "gzip"
};
async function ensureBuildTools(apt, context) {
  const missing = Object.keys(PACKAGES).filter((program) => findOnPath(program) === void 0);
  if (!missing.includes("gcc") && !await hasHeaders(context)) missing.push("the C library's headers");
  if (missing.length === 0) return;
  const needed = [...missing.flatMap((name) => PACKAGES[name] ?? []), "libc6-dev"];
  const what = `erofs-utils must be built, and ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  const remedy = `Install ${needed.join(", ")} (the packages of Debian and Ubuntu) on the runner, or mkfs.erofs 1.9.4`;
  if (!(apt instanceof Apt)) throw new VeritySignError("environment", `${what}: ${apt}`, { remedy });
  try {
    await apt.install(needed);
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new VeritySignError("environment", `${what}: apt-get failed (${cause.message})`, {
      remedy,
      cause
    });
  }
}
async function hasHeaders({ signal }) {
  const argv = ["gcc", "-E", "-include", "stdlib.h", "-x", "c", "/dev/null"];
  try {
    await run(argv, { env: networkEnvironment(), timeout: 3e4, signal });
    return true;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return false;
  }
}

// src/tools/install/cached.ts
import { readFile, writeFile } from "node:fs/promises";
import { join as join3 } from "node:path";

// node_modules/@actions/tool-cache/lib/tool-cache.js
import * as crypto from "crypto";
import * as fs from "fs";

// node_modules/@actions/tool-cache/lib/manifest.js
var semver = __toESM(require_semver(), 1);

// node_modules/@actions/tool-cache/lib/tool-cache.js
import * as os from "os";
import * as path from "path";
var semver2 = __toESM(require_semver(), 1);
import * as stream from "stream";
import * as util from "util";
import { ok } from "assert";

// node_modules/@actions/tool-cache/lib/retry-helper.js
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve) {
      resolve(value);
    });
  }
  return new (P || (P = Promise))(function(resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var RetryHelper = class {
  constructor(maxAttempts, minSeconds, maxSeconds) {
    if (maxAttempts < 1) {
      throw new Error("max attempts should be greater than or equal to 1");
    }
    this.maxAttempts = maxAttempts;
    this.minSeconds = Math.floor(minSeconds);
    this.maxSeconds = Math.floor(maxSeconds);
    if (this.minSeconds > this.maxSeconds) {
      throw new Error("min seconds should be less than or equal to max seconds");
    }
  }
  execute(action, isRetryable) {
    return __awaiter(this, void 0, void 0, function* () {
      let attempt2 = 1;
      while (attempt2 < this.maxAttempts) {
        try {
          return yield action();
        } catch (err) {
          if (isRetryable && !isRetryable(err)) {
            throw err;
          }
          info(err.message);
        }
        const seconds = this.getSleepAmount();
        info(`Waiting ${seconds} seconds before trying again`);
        yield this.sleep(seconds);
        attempt2++;
      }
      return yield action();
    });
  }
  getSleepAmount() {
    return Math.floor(Math.random() * (this.maxSeconds - this.minSeconds + 1)) + this.minSeconds;
  }
  sleep(seconds) {
    return __awaiter(this, void 0, void 0, function* () {
      return new Promise((resolve) => setTimeout(resolve, seconds * 1e3));
    });
  }
};

// node_modules/@actions/tool-cache/lib/tool-cache.js
var __awaiter2 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve) {
      resolve(value);
    });
  }
  return new (P || (P = Promise))(function(resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var HTTPError = class extends Error {
  constructor(httpStatusCode) {
    super(`Unexpected HTTP response: ${httpStatusCode}`);
    this.httpStatusCode = httpStatusCode;
    Object.setPrototypeOf(this, new.target.prototype);
  }
};
var IS_WINDOWS = process.platform === "win32";
var IS_MAC = process.platform === "darwin";
var userAgent = "actions/tool-cache";
function downloadTool(url, dest, auth, headers) {
  return __awaiter2(this, void 0, void 0, function* () {
    dest = dest || path.join(_getTempDirectory(), crypto.randomUUID());
    yield mkdirP(path.dirname(dest));
    debug(`Downloading ${url}`);
    debug(`Destination ${dest}`);
    const maxAttempts = 3;
    const minSeconds = _getGlobal("TEST_DOWNLOAD_TOOL_RETRY_MIN_SECONDS", 10);
    const maxSeconds = _getGlobal("TEST_DOWNLOAD_TOOL_RETRY_MAX_SECONDS", 20);
    const retryHelper = new RetryHelper(maxAttempts, minSeconds, maxSeconds);
    return yield retryHelper.execute(() => __awaiter2(this, void 0, void 0, function* () {
      return yield downloadToolAttempt(url, dest || "", auth, headers);
    }), (err) => {
      if (err instanceof HTTPError && err.httpStatusCode) {
        if (err.httpStatusCode < 500 && err.httpStatusCode !== 408 && err.httpStatusCode !== 429) {
          return false;
        }
      }
      return true;
    });
  });
}
function downloadToolAttempt(url, dest, auth, headers) {
  return __awaiter2(this, void 0, void 0, function* () {
    if (fs.existsSync(dest)) {
      throw new Error(`Destination file path ${dest} already exists`);
    }
    const http = new HttpClient(userAgent, [], {
      allowRetries: false
    });
    if (auth) {
      debug("set auth");
      if (headers === void 0) {
        headers = {};
      }
      headers.authorization = auth;
    }
    const response = yield http.get(url, headers);
    if (response.message.statusCode !== 200) {
      const err = new HTTPError(response.message.statusCode);
      debug(`Failed to download from "${url}". Code(${response.message.statusCode}) Message(${response.message.statusMessage})`);
      throw err;
    }
    const pipeline3 = util.promisify(stream.pipeline);
    const responseMessageFactory = _getGlobal("TEST_DOWNLOAD_TOOL_RESPONSE_MESSAGE_FACTORY", () => response.message);
    const readStream = responseMessageFactory();
    let succeeded = false;
    try {
      yield pipeline3(readStream, fs.createWriteStream(dest));
      debug("download complete");
      succeeded = true;
      return dest;
    } finally {
      if (!succeeded) {
        debug("download failed");
        try {
          yield rmRF(dest);
        } catch (err) {
          debug(`Failed to delete '${dest}'. ${err.message}`);
        }
      }
    }
  });
}
function extractZip(file, dest) {
  return __awaiter2(this, void 0, void 0, function* () {
    if (!file) {
      throw new Error("parameter 'file' is required");
    }
    dest = yield _createExtractFolder(dest);
    if (IS_WINDOWS) {
      yield extractZipWin(file, dest);
    } else {
      yield extractZipNix(file, dest);
    }
    return dest;
  });
}
function extractZipWin(file, dest) {
  return __awaiter2(this, void 0, void 0, function* () {
    const escapedFile = file.replace(/'/g, "''").replace(/"|\n|\r/g, "");
    const escapedDest = dest.replace(/'/g, "''").replace(/"|\n|\r/g, "");
    const pwshPath = yield which("pwsh", false);
    if (pwshPath) {
      const pwshCommand = [
        `$ErrorActionPreference = 'Stop' ;`,
        `try { Add-Type -AssemblyName System.IO.Compression.ZipFile } catch { } ;`,
        `try { [System.IO.Compression.ZipFile]::ExtractToDirectory('${escapedFile}', '${escapedDest}', $true) }`,
        `catch { if (($_.Exception.GetType().FullName -eq 'System.Management.Automation.MethodException') -or ($_.Exception.GetType().FullName -eq 'System.Management.Automation.RuntimeException') ){ Expand-Archive -LiteralPath '${escapedFile}' -DestinationPath '${escapedDest}' -Force } else { throw $_ } } ;`
      ].join(" ");
      const args = [
        "-NoLogo",
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Unrestricted",
        "-Command",
        pwshCommand
      ];
      debug(`Using pwsh at path: ${pwshPath}`);
      yield exec(`"${pwshPath}"`, args);
    } else {
      const powershellCommand = [
        `$ErrorActionPreference = 'Stop' ;`,
        `try { Add-Type -AssemblyName System.IO.Compression.FileSystem } catch { } ;`,
        `if ((Get-Command -Name Expand-Archive -Module Microsoft.PowerShell.Archive -ErrorAction Ignore)) { Expand-Archive -LiteralPath '${escapedFile}' -DestinationPath '${escapedDest}' -Force }`,
        `else {[System.IO.Compression.ZipFile]::ExtractToDirectory('${escapedFile}', '${escapedDest}', $true) }`
      ].join(" ");
      const args = [
        "-NoLogo",
        "-Sta",
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Unrestricted",
        "-Command",
        powershellCommand
      ];
      const powershellPath = yield which("powershell", true);
      debug(`Using powershell at path: ${powershellPath}`);
      yield exec(`"${powershellPath}"`, args);
    }
  });
}
function extractZipNix(file, dest) {
  return __awaiter2(this, void 0, void 0, function* () {
    const unzipPath = yield which("unzip", true);
    const args = [file];
    if (!isDebug()) {
      args.unshift("-q");
    }
    args.unshift("-o");
    yield exec(`"${unzipPath}"`, args, { cwd: dest });
  });
}
function cacheDir(sourceDir, tool, version, arch2) {
  return __awaiter2(this, void 0, void 0, function* () {
    version = semver2.clean(version) || version;
    arch2 = arch2 || os.arch();
    debug(`Caching tool ${tool} ${version} ${arch2}`);
    debug(`source dir: ${sourceDir}`);
    if (!fs.statSync(sourceDir).isDirectory()) {
      throw new Error("sourceDir is not a directory");
    }
    const destPath = yield _createToolPath(tool, version, arch2);
    for (const itemName of fs.readdirSync(sourceDir)) {
      const s = path.join(sourceDir, itemName);
      yield cp(s, destPath, { recursive: true });
    }
    _completeToolPath(tool, version, arch2);
    return destPath;
  });
}
function find(toolName, versionSpec, arch2) {
  if (!toolName) {
    throw new Error("toolName parameter is required");
  }
  if (!versionSpec) {
    throw new Error("versionSpec parameter is required");
  }
  arch2 = arch2 || os.arch();
  if (!isExplicitVersion(versionSpec)) {
    const localVersions = findAllVersions(toolName, arch2);
    const match = evaluateVersions(localVersions, versionSpec);
    versionSpec = match;
  }
  let toolPath = "";
  if (versionSpec) {
    versionSpec = semver2.clean(versionSpec) || "";
    const cachePath = path.join(_getCacheDirectory(), toolName, versionSpec, arch2);
    debug(`checking cache: ${cachePath}`);
    if (fs.existsSync(cachePath) && fs.existsSync(`${cachePath}.complete`)) {
      debug(`Found tool in cache ${toolName} ${versionSpec} ${arch2}`);
      toolPath = cachePath;
    } else {
      debug("not found");
    }
  }
  return toolPath;
}
function findAllVersions(toolName, arch2) {
  const versions = [];
  arch2 = arch2 || os.arch();
  const toolPath = path.join(_getCacheDirectory(), toolName);
  if (fs.existsSync(toolPath)) {
    const children = fs.readdirSync(toolPath);
    for (const child of children) {
      if (isExplicitVersion(child)) {
        const fullPath = path.join(toolPath, child, arch2 || "");
        if (fs.existsSync(fullPath) && fs.existsSync(`${fullPath}.complete`)) {
          versions.push(child);
        }
      }
    }
  }
  return versions;
}
function _createExtractFolder(dest) {
  return __awaiter2(this, void 0, void 0, function* () {
    if (!dest) {
      dest = path.join(_getTempDirectory(), crypto.randomUUID());
    }
    yield mkdirP(dest);
    return dest;
  });
}
function _createToolPath(tool, version, arch2) {
  return __awaiter2(this, void 0, void 0, function* () {
    const folderPath = path.join(_getCacheDirectory(), tool, semver2.clean(version) || version, arch2 || "");
    debug(`destination ${folderPath}`);
    const markerPath = `${folderPath}.complete`;
    yield rmRF(folderPath);
    yield rmRF(markerPath);
    yield mkdirP(folderPath);
    return folderPath;
  });
}
function _completeToolPath(tool, version, arch2) {
  const folderPath = path.join(_getCacheDirectory(), tool, semver2.clean(version) || version, arch2 || "");
  const markerPath = `${folderPath}.complete`;
  fs.writeFileSync(markerPath, "");
  debug("finished caching tool");
}
function isExplicitVersion(versionSpec) {
  const c = semver2.clean(versionSpec) || "";
  debug(`isExplicit: ${c}`);
  const valid2 = semver2.valid(c) != null;
  debug(`explicit? ${valid2}`);
  return valid2;
}
function evaluateVersions(versions, versionSpec) {
  let version = "";
  debug(`evaluating ${versions.length} versions`);
  versions = versions.sort((a, b) => {
    if (semver2.gt(a, b)) {
      return 1;
    }
    return -1;
  });
  for (let i = versions.length - 1; i >= 0; i--) {
    const potential = versions[i];
    const satisfied = semver2.satisfies(potential, versionSpec);
    if (satisfied) {
      version = potential;
      break;
    }
  }
  if (version) {
    debug(`matched: ${version}`);
  } else {
    debug("match not found");
  }
  return version;
}
function _getCacheDirectory() {
  const cacheDirectory = process.env["RUNNER_TOOL_CACHE"] || "";
  ok(cacheDirectory, "Expected RUNNER_TOOL_CACHE to be defined");
  return cacheDirectory;
}
function _getTempDirectory() {
  const tempDirectory = process.env["RUNNER_TEMP"] || "";
  ok(tempDirectory, "Expected RUNNER_TEMP to be defined");
  return tempDirectory;
}
function _getGlobal(key, defaultValue) {
  const value = global[key];
  return value !== void 0 ? value : defaultValue;
}

// src/tools/install/download.ts
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join2 } from "node:path";
import { pipeline as pipeline2 } from "node:stream/promises";
import { fileURLToPath } from "node:url";
async function withArchive(archive, context, use) {
  const scratch = await mkdtemp(join2(process.env.RUNNER_TEMP || tmpdir(), "verity-sign-install-"));
  try {
    const file = await fetchAny(archive, scratch, context);
    const folder = join2(scratch, "unpacked");
    await mkdir(folder);
    await unpack(file, folder, archive, context.signal);
    return await use(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
async function fetchAny(archive, scratch, context) {
  const failures = [];
  for (const [index, url] of archive.urls.entries()) {
    try {
      return await fetchChecked(archive, url, join2(scratch, `archive-${index}`), context);
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== "environment") throw error;
      failures.push(error);
      if (index + 1 < archive.urls.length) context.log.warn(error.message);
    }
  }
  throw failures.at(-1) ?? new TypeError("no URL");
}
async function fetchChecked({ tool, version, sha256, input }, url, target, { log, signal }) {
  const shown = withoutSecrets(url);
  log.info(`Downloading ${shown}`);
  const { protocol } = new URL(url);
  try {
    if (protocol === "file:") await copyFile(fileURLToPath(url), target);
    else await abortable(signal, downloadTool(url, target));
  } catch (cause) {
    signal.throwIfAborted();
    throw new VeritySignError(
      "environment",
      `cannot download ${tool} ${version} from ${shown} (${reasonOf(cause)})`,
      {
        remedy: `Allow the runner to reach that host (https_proxy and no_proxy are used), set ${input} to a mirror, or install ${tool} beforehand`,
        cause
      }
    );
  }
  const found = await sha256Of(target);
  if (found !== sha256) {
    throw new VeritySignError(
      "environment",
      `${tool} ${version} from ${shown} has SHA-256 ${found}, not ${sha256}`,
      { remedy: "Do not use it: the download is damaged, was replaced, or is another version" }
    );
  }
  return target;
}
async function unpack(file, folder, archive, signal) {
  try {
    if (archive.urls.some((url) => new URL(url).pathname.endsWith(".zip"))) {
      await extractZip(file, folder);
      return;
    }
    const argv = ["tar", "--extract", "--gzip", "--no-same-owner", "--file", file, "--directory", folder];
    await run(argv, { env: networkEnvironment(), signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new VeritySignError(
      "environment",
      `cannot unpack the archive of ${archive.tool} ${archive.version} (${reasonOf(cause)})`,
      {
        remedy: "Check that tar and gzip are installed, and that the checksum is that of a complete archive",
        cause
      }
    );
  }
}
function abortable(signal, work) {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
}
async function sha256Of(file) {
  const hash = createHash("sha256");
  await pipeline2(createReadStream(file), hash);
  return hash.digest("hex");
}
function withoutSecrets(url) {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
function reasonOf(error) {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

// src/tools/install/cached.ts
var RECORD = "verity-sign.json";
function keptFolder({ tool, version }) {
  return join3(toolCache(tool), tool, version, process.arch);
}
async function findKept(archive, program, check, log) {
  toolCache(archive.tool);
  const folder = find(archive.tool, archive.version, process.arch);
  if (folder === "") return void 0;
  const path2 = join3(folder, program);
  const reason = await damage(folder, path2, archive) ?? await check(path2);
  if (reason === void 0) return path2;
  log.warn(`${path2} is not used: ${reason}`);
  return void 0;
}
async function keep(archive, program, folder) {
  const record = { archive: archive.sha256, program: await sha256Of(join3(folder, program)) };
  await writeFile(join3(folder, RECORD), `${JSON.stringify(record)}
`);
  const root = toolCache(archive.tool);
  try {
    return join3(await cacheDir(folder, archive.tool, archive.version, process.arch), program);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new VeritySignError("environment", `cannot store ${archive.tool} in ${root} (${message})`, {
      remedy: "Allow the runner's user to write to the folder in RUNNER_TOOL_CACHE",
      cause
    });
  }
}
async function damage(folder, path2, archive) {
  try {
    const record = JSON.parse(await readFile(join3(folder, RECORD), "utf8"));
    if (record.archive !== archive.sha256) return "it comes from another archive";
    return record.program === await sha256Of(path2) ? void 0 : "its checksum is not the recorded one";
  } catch (error) {
    return `its checksum cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
function toolCache(tool) {
  const folder = process.env.RUNNER_TOOL_CACHE;
  if (folder) return folder;
  throw new VeritySignError("environment", `cannot install ${tool}: RUNNER_TOOL_CACHE is not set`, {
    remedy: `Install ${tool} beforehand, or run this as a step of a workflow`
  });
}

// src/tools/install/oras-release.ts
var CHECKSUMS = {
  "1.2.0": {
    "linux/amd64": "5b3f1cbb86d869eee68120b9b45b9be983f3738442f87ee5f06b00edd0bab336",
    "linux/arm64": "27df680a39fc2fcedc549cb737891623bc696c9a92a03fd341e9356a35836bae",
    "darwin/amd64": "58a8494f5bce778e21d89d90c82e05bd128e7bb9d84dd190d154f8afdbf30541",
    "darwin/arm64": "fea801b0e02c5342e749ef2860e1faebae03e93ae50e33ed40d227e089cf9435",
    "windows/amd64": "f110b42a20bd4728fb0428d36ee6ed10de58cd986bba8e95ecc4f0272cb017ba"
  },
  "1.2.3": {
    "linux/amd64": "b4efc97a91f471f323f193ea4b4d63d8ff443ca3aab514151a30751330852827",
    "linux/arm64": "90e24e234dc6dffe73365533db66fd14449d2c9ae77381081596bf92f40f6b82",
    "darwin/amd64": "29d8b684dadd9b08614fe9023a5ac8ff0ef1bef1c9795ad8076e3215eb207724",
    "darwin/arm64": "ca4188a0c690536d34baf2a4c3507b3fcc11a06979aeec6da3560a0c4d944a6a",
    "windows/amd64": "8fe890f5c6c89b06fb138839e533a112e0fc026a25b2c8c1b042b32455a56947"
  },
  "1.3.0": {
    "linux/amd64": "6cdc692f929100feb08aa8de584d02f7bcc30ec7d88bc2adc2054d782db57c64",
    "linux/arm64": "7649738b48fde10542bcc8b0e9b460ba83936c75fb5be01ee6d4443764a14352",
    "darwin/amd64": "82c33f7da8430ea7fa7e7bdf7721be0a0d0481e5ccb2472ea438490d5e8641a9",
    "darwin/arm64": "e10c6552c02d5a7c7eaf7170d3b6f7f094b675a98a1e0edf4d4478a909447245",
    "windows/amd64": "b050e93aa0dc7a79a61fa8e4074dfa302c41d4af01b634fe393c5dd687536aee"
  }
};
var RELEASES = "https://github.com/oras-project/oras/releases/download";
function orasArchive(request, machine) {
  const { version } = request;
  const os2 = machine.platform === "win32" ? "windows" : machine.platform;
  const arch2 = machine.arch === "x64" ? "amd64" : machine.arch;
  const sha256 = request.sha256 ?? knownChecksum(version, `${os2}/${arch2}`);
  const name = `oras_${version}_${os2}_${arch2}.${os2 === "windows" ? "zip" : "tar.gz"}`;
  const url = request.url ?? RELEASES;
  const urls = [isArchive(url) ? url : `${url.replace(/\/+$/, "")}/v${version}/${name}`];
  return { tool: "oras", version, sha256, urls, input: "oras-download-url" };
}
function isArchive(url) {
  return /\.(tar\.gz|tgz|zip)$/.test(new URL(url).pathname);
}
function knownChecksum(version, machine) {
  const known = CHECKSUMS[version];
  if (known === void 0) {
    throw new VeritySignError("usage", `input oras-version: the checksum of oras ${version} is unknown`, {
      remedy: `Set oras-sha256 to it (the release lists it in oras_${version}_checksums.txt), set oras-version to one of ${Object.keys(CHECKSUMS).join(", ")}, or install oras yourself`
    });
  }
  const sha256 = known[machine];
  if (sha256 === void 0) {
    throw new VeritySignError("environment", `the checksum of oras ${version} for ${machine} is unknown`, {
      remedy: `Set oras-sha256 to it, if the release lists one in oras_${version}_checksums.txt, or install oras yourself`
    });
  }
  return sha256;
}

// src/tools/install/erofs-utils-release.ts
var VERSION = "1.9.4";
var SHA256 = "7d135aa2550326a5acf20f53c518aea5a8900015ce50700044e40f818c31dd80";
var RELEASES2 = {
  [VERSION]: SHA256,
  "1.9.2": "d915b45646a928174917c44a2c84ba005b161e84ab732cd5d2560371560b8d13",
  "1.9.1": "a9ef5ab67c4b8d2d3e9ed71f39cd008bda653142a720d8a395a36f1110d0c432",
  "1.8.10": "05eb4edebe11decce6ecb34e98d2f80c8cd283c2f2967d8ba7efd58418570514"
};
var KERNEL_ORG = "https://git.kernel.org/pub/scm/linux/kernel/git/xiang/erofs-utils.git/snapshot";
var GITHUB = "https://github.com/erofs/erofs-utils/archive/refs/tags";
var CONFIGURE = [
  "--disable-lz4",
  "--disable-lzma",
  "--disable-fuse",
  "--without-zlib",
  "--without-libdeflate",
  "--without-libzstd",
  "--without-xxhash",
  "--without-libcurl",
  "--without-openssl",
  "--without-libxml2",
  "--without-selinux",
  "--without-uuid"
];
function erofsUtilsArchive({ wanted, sha256, url }) {
  const exact = wanted !== void 0 && /^\d/.test(wanted) ? wanted : void 0;
  const version = sha256 === void 0 ? Object.keys(RELEASES2).find((known) => erofsUtilsFits(known, wanted)) : exact ?? VERSION;
  const checksum = sha256 ?? RELEASES2[version ?? ""];
  if (version === void 0 || checksum === void 0) {
    throw new VeritySignError(
      "environment",
      `erofs-utils-version ${wanted} has no known checksum; known are those of ${Object.keys(RELEASES2).join(", ")}`,
      { remedy: "Set erofs-utils-sha256 to the checksum of its tarball, or install it and set mkfs-path" }
    );
  }
  const file = `erofs-utils-${version}.tar.gz`;
  const urls = url === void 0 ? [`${KERNEL_ORG}/${file}`, `${GITHUB}/v${version}.tar.gz`] : [isArchive(url) ? url : `${url.replace(/\/+$/, "")}/${file}`];
  return { tool: "erofs-utils", version, sha256: checksum, urls, input: "erofs-utils-url" };
}

// src/tools/install/build.ts
var TIMEOUT2 = 10 * 6e4;
async function buildErofsUtils(archive, apt, check, context) {
  await ensureBuildTools(apt, context);
  return withArchive(archive, context, async (folder) => {
    const built = await make(folder, archive, context);
    const wanted = join4(folder, "wanted");
    const path2 = join4(wanted, "mkfs.erofs");
    await mkdir2(wanted);
    await copyFile2(built, path2);
    const reason = await check(path2);
    if (reason !== void 0) {
      throw new VeritySignError(
        "environment",
        `the mkfs.erofs built from ${named(archive)} is not usable: ${reason}`,
        {
          remedy: "Set erofs-utils-version to another version, or install erofs-utils and set mkfs-path"
        }
      );
    }
    return keep(archive, "mkfs.erofs", wanted);
  });
}
async function make(folder, archive, { log, signal }) {
  const [tree] = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const cwd = join4(folder, tree?.name ?? "");
  const env = { ...fixedEnvironment(), PATH: process.env.PATH ?? "" };
  const steps = [
    ["autoreconf", "--install", "--force"],
    ["./configure", "--quiet", ...CONFIGURE],
    ["make", "--silent", `--jobs=${availableParallelism()}`]
  ];
  log.info(`Building ${named(archive)}`);
  for (const step of steps) {
    try {
      await run(step, { cwd, env, timeout: TIMEOUT2, signal });
    } catch (cause) {
      if (!(cause instanceof ToolError)) throw cause;
      throw new VeritySignError("environment", `${named(archive)} cannot be built (${cause.message})`, {
        remedy: "Install mkfs.erofs 1.9.4 on the runner and set mkfs-path",
        cause
      });
    }
  }
  return join4(cwd, "mkfs/mkfs.erofs");
}
function named({ tool, version }) {
  return `${tool} ${version}`;
}

// src/tools/install/runner-cache.ts
import { readFile as readFile2 } from "node:fs/promises";
function offered() {
  const { ACTIONS_RESULTS_URL: results, ACTIONS_CACHE_URL: url, ACTIONS_RUNTIME_TOKEN: token } = process.env;
  return Boolean(token && (results || url));
}
async function restore(archive, log) {
  await attempt("restored", log, async () => {
    const { restoreCache } = await import("./actions.cache.lib.cache.js");
    const key = await restoreCache(pathsOf(archive), await keyOf(archive));
    if (key !== void 0) log.info(`Restored ${key} from the runner's cache`);
  });
}
async function save(archive, log) {
  await attempt("saved", log, async () => {
    const { saveCache } = await import("./actions.cache.lib.cache.js");
    const key = await keyOf(archive);
    if (await saveCache(pathsOf(archive), key) !== -1) log.info(`Saved ${key} in the runner's cache`);
  });
}
async function attempt(done, log, work) {
  if (!offered()) return;
  try {
    await work();
  } catch (error) {
    log.info(`Nothing ${done}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
function pathsOf(archive) {
  const folder = keptFolder(archive);
  return [folder, `${folder}.complete`];
}
async function keyOf({ tool, version, sha256 }) {
  const { ID = "unknown", VERSION_ID = "" } = parseOsRelease(
    await readFile2("/etc/os-release", "utf8").catch(() => "")
  );
  const machine = [process.platform, process.arch, `${ID}${VERSION_ID}`].join("-");
  return `verity-sign-${tool}-${version}-${sha256.slice(0, 12)}-${machine}`;
}
function parseOsRelease(text2) {
  const lines = text2.matchAll(/^([A-Z_]+)=(["']?)(.*?)\2$/gm);
  return Object.fromEntries([...lines].map(([, name, , value]) => [name, value]));
}

// src/tools/install/erofs-utils.ts
async function ensureErofsUtils(request, check, context) {
  const { log } = context;
  const path2 = await onPath(request, check, context) ?? await kept(request, check, log) ?? await install(request, check, context);
  log.info(`mkfs.erofs: ${path2}`);
  return path2;
}
async function onPath({ wanted }, check, { log, signal }) {
  const path2 = findOnPath("mkfs.erofs");
  if (path2 === void 0) return void 0;
  const version = await versionOf([path2, "-V"], signal);
  const reason = version === void 0 ? "it prints no version" : erofsUtilsFits(version, wanted) ? await check(path2) : `it is version ${version}`;
  if (reason === void 0) return path2;
  log.info(`${path2} is not usable: ${reason}`);
  return void 0;
}
async function kept(request, check, log) {
  const archive = archiveOf(request);
  if (archive instanceof Error) return void 0;
  const find2 = () => findKept(archive, "mkfs.erofs", check, log);
  const present = await find2();
  if (present !== void 0) return present;
  await restore(archive, log);
  return find2();
}
async function install(request, check, context) {
  const apt = await Apt.open(context);
  const packaged = await fromPackage(apt, request, check, context);
  if (packaged !== void 0) return packaged;
  const archive = archiveOf(request);
  if (archive instanceof Error) throw archive;
  const path2 = await buildErofsUtils(archive, apt, check, context);
  await save(archive, context.log);
  return path2;
}
async function fromPackage(apt, request, check, context) {
  if (!(apt instanceof Apt) || request.sha256 !== void 0 || request.url !== void 0) return void 0;
  try {
    const candidate = await apt.candidate("erofs-utils");
    if (candidate === void 0 || !erofsUtilsFits(candidate, request.wanted)) {
      context.log.info(`The distribution's erofs-utils (${candidate ?? "none"}) is not usable`);
      return void 0;
    }
    await apt.install(["erofs-utils"]);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    context.log.warn(`The distribution's erofs-utils cannot be installed: ${error.message}`);
    return void 0;
  }
  return onPath(request, check, context);
}
function archiveOf(request) {
  try {
    return erofsUtilsArchive(request);
  } catch (error) {
    if (error instanceof VeritySignError) return error;
    throw error;
  }
}

// src/tools/install/oras.ts
import { copyFile as copyFile3, mkdir as mkdir3 } from "node:fs/promises";
import { join as join5 } from "node:path";
var PROGRAM = process.platform === "win32" ? "oras.exe" : "oras";
async function ensureOras(request, checkVersion2, context) {
  const { log, signal } = context;
  const present = findOnPath(PROGRAM);
  if (present !== void 0) {
    const reason = await whyUnusable(present, void 0, checkVersion2, signal);
    if (reason === void 0) {
      log.info(`oras: ${present}`);
      return present;
    }
    log.info(`oras on PATH is not usable: ${reason}`);
  }
  const archive = orasArchive(request, process);
  const check = (path3) => whyUnusable(path3, archive.version, checkVersion2, signal);
  const path2 = await findKept(archive, PROGRAM, check, log) ?? await install2(archive, check, context);
  log.info(`oras ${archive.version}: ${path2}`);
  return path2;
}
async function whyUnusable(path2, version, checkVersion2, signal) {
  try {
    const { text: text2 } = await checkVersion2(path2, signal);
    const same = version === void 0 || text2 === version || text2.startsWith(`${version}+`);
    return same ? void 0 : `it is version ${text2}, not ${version}`;
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== "environment") throw error;
    return error.message;
  }
}
function install2(archive, check, context) {
  return withArchive(archive, context, async (folder) => {
    const wanted = join5(folder, "wanted");
    const path2 = join5(wanted, PROGRAM);
    await mkdir3(wanted);
    const reason = await copyFile3(join5(folder, PROGRAM), path2).then(
      () => check(path2),
      () => `it does not contain ${PROGRAM}`
    );
    if (reason !== void 0) {
      throw new VeritySignError(
        "environment",
        `the archive of oras ${archive.version} is not usable: ${reason}`,
        { remedy: "Check oras-version, oras-sha256 and oras-download-url" }
      );
    }
    return keep(archive, PROGRAM, wanted);
  });
}

// src/tools/install/index.ts
function installTools({ oras, erofsUtils }, context) {
  return context.log.group("Tools", async (log) => {
    const within = { log, signal: context.signal };
    const orasPath = oras.path ?? await ensureOras(oras, oras.check, within);
    if (erofsUtils === void 0) return { orasPath };
    const { path: path2, check, ...request } = erofsUtils;
    return { orasPath, mkfsPath: path2 ?? await ensureErofsUtils(request, check, within) };
  });
}

// src/frontend/action/install-tools.ts
function installOptions(raw, dialect) {
  return {
    allowed: flag(raw, "install", dialect),
    oras: {
      version: parsed(raw, "oras-version", dialect, parseVersion) ?? "",
      sha256: parsed(raw, "oras-sha256", dialect, parseSha256),
      url: parsed(raw, "oras-download-url", dialect, parseUrl)
    },
    erofsUtils: {
      sha256: parsed(raw, "erofs-utils-sha256", dialect, parseSha256),
      url: parsed(raw, "erofs-utils-url", dialect, parseUrl)
    }
  };
}
function usesMkfs({ builder, crossCheck }) {
  return builder === "mkfs" || crossCheck;
}
async function toolsFor(install3, options, needsMkfs, context) {
  const { tools, erofsUtilsVersion } = options;
  if (!install3.allowed) return tools;
  const erofsUtils = {
    ...install3.erofsUtils,
    path: tools.mkfsPath,
    wanted: erofsUtilsVersion,
    check: mkfsCheck(options, context)
  };
  return installTools(
    {
      oras: { ...install3.oras, path: tools.orasPath, check: checkVersion },
      erofsUtils: needsMkfs ? erofsUtils : void 0
    },
    context
  );
}
function wrong(label, value, expected) {
  return new VeritySignError("usage", `${label}: "${value}" is not ${expected}`, {
    remedy: `Use ${expected}`
  });
}
function parseVersion(value, label) {
  const version = /^v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(value)?.[1];
  if (version === void 0) throw wrong(label, value, "a version such as 1.3.0");
  return version;
}
function parseSha256(value, label) {
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(value)?.[1];
  if (hex === void 0) throw wrong(label, value, "a SHA-256 of 64 hexadecimal digits");
  return hex.toLowerCase();
}
function parseUrl(value, label) {
  const url = URL.canParse(value) ? new URL(value) : void 0;
  if (url === void 0 || !["https:", "http:", "file:"].includes(url.protocol)) {
    throw new VeritySignError("usage", `${label} is not an https, http or file URL`, {
      remedy: "Use the URL of a mirror, or of the archive itself"
    });
  }
  return value;
}

// src/frontend/action/read-inputs.ts
function loadInputs() {
  const { raw, dialect } = readInputs("action");
  const signing = signingOptions(raw, dialect);
  const inputs = commonInputs(raw, dialect);
  requireOneImage(inputs.images, signing, dialect);
  return { ...inputs, signing };
}
function readInputs(surface) {
  const raw = {};
  for (const { name } of inputsOf(surface)) raw[name] = getInput(name);
  for (const variable of Object.keys(process.env)) {
    if (variable.startsWith("INPUT_")) delete process.env[variable];
  }
  const secrets = new SecretStore(process.env, maskSecret);
  const dialect = { label: (name) => `input ${name}`, literalPassword: true, secrets };
  const password = raw["registry-password"] ?? "";
  if (!password.startsWith("env://")) secrets.mask(password);
  if (parseLines(raw.image).length === 0) {
    throw new VeritySignError("usage", "input image is missing", {
      remedy: "Set it to at least one image reference"
    });
  }
  return { raw, dialect };
}
function commonInputs(raw, dialect) {
  const report = text(raw, "report");
  return {
    images: parseLines(raw.image),
    secrets: dialect.secrets.values,
    ...report === void 0 ? {} : { report },
    install: installOptions(raw, dialect),
    showSummary: flag(raw, "show-summary", dialect)
  };
}

export {
  failStep,
  failWith,
  setOutputs,
  actionLogger,
  writeSummary,
  withFailureSummary,
  usesMkfs,
  toolsFor,
  loadInputs,
  readInputs,
  commonInputs
};
