import {
  debug,
  endGroup,
  getInput,
  info,
  setFailed,
  setOutput,
  setSecret,
  startGroup,
  summary,
  warning
} from "./shared.actions.exec.lib.toolrunner.js";
import {
  createMkfsBuilder,
  endAsRoot,
  findPrivilege,
  findProgram,
  programFolders
} from "./shared.mkfs.js";
import {
  withTempFolder
} from "./shared.images.js";
import {
  AS_OWNER,
  FIRST_SAFE_ORAS,
  GUEST_KINDS,
  SUMMARY_LIMIT,
  SecretStore,
  ToolError,
  abortOnSignals,
  alert,
  array,
  checkActionFolder,
  checkReportPath,
  checkVersionFor,
  decodeJson,
  discriminatedUnion,
  erofsUtilsFits,
  errorReport,
  factTable,
  failedImage,
  findVersion,
  flag,
  guestArchitectures,
  guestOf,
  hasResults,
  inlineCode,
  joinMarkdown,
  labelFits,
  leaksCredentials,
  link,
  listedImages,
  literal,
  matchSchema,
  md,
  number,
  object,
  optional,
  parseChoice,
  parseLines,
  parseList,
  parsePlatform,
  parseReference,
  parsed,
  progressLine,
  readGivenSync,
  registriesOf,
  renderReport,
  reportEntries,
  requireOneImage,
  run,
  runContext,
  signingOptions,
  string,
  text2 as text,
  trustCertificates,
  verdictText,
  whyNotWritable,
  withBuiltImages,
  withCoverage,
  withoutCredentials,
  writeActionReport
} from "./shared.options.js";
import {
  onAbort
} from "./shared.conversion.js";
import {
  inputsOf
} from "./shared.inputs.js";
import {
  VeritySignError,
  describeError,
  fixedEnvironment,
  harmless,
  harmlessJson,
  isFailedVerdict,
  networkEnvironment,
  pathFolders,
  remedyOf,
  requireResources,
  splitLines,
  warnOfVisibleEnvironment
} from "./shared.start.js";

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
  const lines = texts.flatMap(splitLines);
  if (lines.length < 2) {
    info2([heading, ...lines].join(": "));
    return;
  }
  startGroup(heading);
  for (const line of lines) info2(line);
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
function checkRunnerFiles({ summary: summary2 }) {
  const { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: markdown } = process.env;
  const reason = outputs ? whyNotWritable(outputs) : void 0;
  if (reason !== void 0) {
    const what = `GITHUB_OUTPUT: the file ${outputs} is not writable (${reason}), so no output could be set`;
    throw new VeritySignError("environment", what, { remedy: AS_OWNER });
  }
  if (!outputs) warn("GITHUB_OUTPUT is not set: the step has no outputs. The report has all values");
  const why = summary2 && markdown ? whyNotWritable(markdown) : void 0;
  if (why === void 0) return summary2;
  warn(
    `GITHUB_STEP_SUMMARY: the file ${markdown} is not writable (${why}): there is no job summary. ${AS_OWNER}`
  );
  return false;
}
function setOutputs(values) {
  if (!process.env.GITHUB_OUTPUT) return;
  try {
    for (const [name, value] of Object.entries(values)) setOutput(name, value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const path = values["report-path"];
    warn(
      `the outputs could not be set (${reason}). ${path ? `The report ${path}` : "The log"} has all values`
    );
  }
}
async function appendSummary(markdown) {
  await summary.addRaw(markdown).write();
}

// src/convert/mkfs-check.ts
function mkfsCheck({
  profiles,
  erofsUtilsVersion: wanted,
  mkfsOptions,
  tempDir
}, { log, signal }) {
  return async (mkfsPath) => {
    await findPrivilege(signal);
    try {
      await withTempFolder(
        tempDir,
        (tempFolder) => createMkfsBuilder({ mkfsPath, wanted, profiles, mkfsOptions, tempFolder, signal, log })
      );
      return void 0;
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== "environment") throw error;
      return error.message;
    }
  };
}

// src/frontend/action/bounded-output.ts
var OUTPUT_LIMIT = 120 * 1024;
function boundedJson(name, items, warn2) {
  const texts = items.map((item) => harmlessJson(JSON.stringify(item)));
  return `[${leading(name, texts, OUTPUT_LIMIT - "[]".length, warn2).join(",")}]`;
}
function boundedLines(name, lines, warn2) {
  return leading(name, lines, OUTPUT_LIMIT, warn2).join("\n");
}
function leading(name, texts, limit, warn2) {
  let size = 0;
  const end = texts.findIndex((text2) => {
    size += Buffer.byteLength(text2) + 1;
    return size > limit;
  });
  if (end === -1) return texts;
  warn2(
    `output ${name} has the first ${end} of ${texts.length} items: an output is limited to ${OUTPUT_LIMIT / 1024} KiB. Read the others from the report (output report-path)`
  );
  return texts.slice(0, end);
}

// src/frontend/action/coverage-outputs.ts
function coverageOutputs(reports, warn2, complete) {
  const uncovered = reports.flatMap(
    ({ image, uncovered: uncovered2 }) => uncovered2.map(({ platform, digest, reason }) => ({
      image: image.name ?? image.reference,
      platform: platform ?? null,
      digest,
      reason
    }))
  );
  return {
    "configuration-covered": String(
      complete && reports.length > 0 && reports.every(({ configurationCovered }) => configurationCovered)
    ),
    uncovered: boundedJson("uncovered", uncovered, warn2)
  };
}

// src/tools/install/locate.ts
function findOnPath(program) {
  return findProgram(program, pathFolders());
}
function findInstalled(program) {
  return findProgram(program, programFolders());
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
    const kept = PROXIES.filter((name) => environment()[name] !== void 0);
    const preserve = kept.length === 0 ? [] : [`--preserve-env=${kept.join(",")}`];
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
    this.#context.log.info("Fetching the package lists with apt-get update");
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

// builtin-load:load of actions
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of actions
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var copyFile = /* @__PURE__ */ one("copyFile");
var open = /* @__PURE__ */ one("open");
var rename = /* @__PURE__ */ one("rename");
var rm = /* @__PURE__ */ one("rm");
var mkdir = /* @__PURE__ */ one("mkdir");
var readdir = /* @__PURE__ */ one("readdir");
var stat = /* @__PURE__ */ one("stat");
var chmod = /* @__PURE__ */ one("chmod");
var mkdtemp = /* @__PURE__ */ one("mkdtemp");

// builtin:node:os of actions
var found2;
var all2 = () => found2 ??= load("node:os");
var one2 = (name) => all2()[name];
var availableParallelism = /* @__PURE__ */ one2("availableParallelism");
var tmpdir = /* @__PURE__ */ one2("tmpdir");

// builtin:node:path of actions
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var join = /* @__PURE__ */ one3("join");

// builtin:node:fs of actions
var found4;
var all4 = () => found4 ??= load("node:fs");
var one4 = (name) => all4()[name];
var createReadStream = /* @__PURE__ */ one4("createReadStream");
var createWriteStream = /* @__PURE__ */ one4("createWriteStream");
var rmSync = /* @__PURE__ */ one4("rmSync");
var constants = /* @__PURE__ */ one4("constants");

// src/tools/install/program-folder.ts
async function programFolder() {
  const folder = await runnerFolder("verity-sign-tools-");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await chmod(folder, 493);
  return folder;
}
async function runnerFolder(prefix) {
  const parent = process.env.RUNNER_TEMP || tmpdir();
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError(
      "environment",
      `RUNNER_TEMP: no folder can be created in ${parent} (${reason})`,
      {
        remedy: "Run the job's container as the user to whom the runner's files belong (container: options: --user ID), or install the tools beforehand and set install to false",
        cause
      }
    );
  }
}

// builtin:node:url of actions
var found5;
var all5 = () => found5 ??= load("node:url");
var one5 = (name) => all5()[name];
var fileURLToPath = /* @__PURE__ */ one5("fileURLToPath");

// src/tools/install/archive/abortable.ts
function abortable(signal, work) {
  const { promise, reject } = Promise.withResolvers();
  const release = onAbort(signal, () => reject(signal.reason));
  return Promise.race([promise, work]).finally(release);
}

// builtin:node:crypto of actions
var found6;
var all6 = () => found6 ??= load("node:crypto");
var one6 = (name) => all6()[name];
var createHash = /* @__PURE__ */ one6("createHash");
var randomUUID = /* @__PURE__ */ one6("randomUUID");

// builtin:node:stream/promises of actions
var found7;
var all7 = () => found7 ??= load("node:stream/promises");
var one7 = (name) => all7()[name];
var pipeline = /* @__PURE__ */ one7("pipeline");

// src/tools/install/archive/archive.ts
var MAX_ARCHIVE_SIZE = 128 * 1024 * 1024;
async function whyDifferent(path, { sha256 }) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const found9 = hash.digest("hex");
  return found9 === sha256 ? void 0 : `has SHA-256 ${found9}, not ${sha256}`;
}

// src/tools/install/archive/download.ts
async function downloadArchive(archive, scratch, context) {
  const failures = [];
  for (const [index, url] of archive.urls.entries()) {
    try {
      return await fetchChecked(archive, url, join(scratch, `archive-${index}`), context);
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code !== "environment") throw error;
      failures.push(error);
      if (index + 1 < archive.urls.length) context.log.warn(error.message);
    }
  }
  throw failures.at(-1) ?? new TypeError("no URL");
}
async function fetchChecked(archive, url, target, { log, signal }) {
  const { tool, version, input } = archive;
  const shown = withoutSecrets(url);
  log.info(`Downloading ${shown}`);
  const { protocol } = new URL(url);
  try {
    if (protocol === "file:") await copyFile(fileURLToPath(url), target);
    else await abortable(signal, download(url, target));
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
  const difference = await whyDifferent(target, archive);
  if (difference !== void 0) {
    throw new VeritySignError("environment", `${tool} ${version} from ${shown} ${difference}`, {
      remedy: "Do not use it: the download is damaged, was replaced, or is another version"
    });
  }
  return target;
}
async function download(url, target) {
  const { downloadTool } = await import("./actions.tool-cache.lib.tool-cache.js");
  await downloadTool(url, target);
}
function withoutSecrets(url) {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
function reasonOf(error) {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

// builtin:node:stream of actions
var found8;
var all8 = () => found8 ??= load("node:stream");
var one8 = (name) => all8()[name];
var Transform = /* @__PURE__ */ one8("Transform");

// src/tools/install/archive/runner-cache.ts
var SILENCE = 3e4;
var SERVICE = "twirp/github.actions.results.api.v1.CacheService";
function service() {
  const {
    ACTIONS_RESULTS_URL: url,
    ACTIONS_RUNTIME_TOKEN: token,
    ACTIONS_CACHE_SERVICE_V2: two
  } = process.env;
  return url && token && two ? { url: `${url.replace(/\/+$/, "")}/${SERVICE}`, token } : void 0;
}
async function fetchFromRunnerCache(archive, target, context) {
  const found9 = await attempt("restored from", context, async (cache) => {
    const request = { ...entryOf(archive), restore_keys: [] };
    const answer = await call(cache, "GetCacheEntryDownloadURL", request, downloadSchema);
    if (!answer.ok) return false;
    const { message } = await (await client()).get(answer.signed_download_url);
    if (message.statusCode !== 200) throw new Error(`status ${message.statusCode}`);
    await pipeline(message, atMost(MAX_ARCHIVE_SIZE), createWriteStream(target, { flags: "wx" }));
    const difference = await whyDifferent(target, archive);
    if (difference !== void 0) {
      context.log.warn(`${entryOf(archive).key} in the runner's cache is not used: it ${difference}`);
      return false;
    }
    context.log.info(`Restored ${entryOf(archive).key} from the runner's cache`);
    return true;
  });
  if (found9 !== true) await rm(target, { force: true });
  return found9 === true;
}
async function saveInRunnerCache(archive, file, context) {
  await attempt("saved in", context, async (cache) => {
    const entry = entryOf(archive);
    const created = await call(cache, "CreateCacheEntry", entry, uploadSchema);
    if (!created.ok) return;
    const { size } = await stat(file);
    const headers = { "x-ms-blob-type": "BlockBlob", "content-length": size };
    const upload = await client();
    const sent = await upload.sendStream("PUT", created.signed_upload_url, createReadStream(file), headers);
    await sent.readBody();
    if (sent.message.statusCode !== 201) throw new Error(`status ${sent.message.statusCode}`);
    await call(cache, "FinalizeCacheEntryUpload", { ...entry, size_bytes: `${size}` }, finalSchema);
    context.log.info(`Saved ${entry.key} in the runner's cache`);
  });
}
async function attempt(what, { log, signal }, work) {
  const cache = service();
  if (cache === void 0) {
    log.info(`Nothing is ${what} the runner's cache: this runner offers none of version 2`);
    return void 0;
  }
  try {
    return await abortable(signal, work(cache));
  } catch (error) {
    signal.throwIfAborted();
    log.info(
      `Nothing is ${what} the runner's cache: ${error instanceof Error ? error.message : String(error)}`
    );
    return void 0;
  }
}
function entryOf({ tool, version, sha256 }) {
  return { key: `verity-sign-source-${tool}-${version}-${sha256.slice(0, 12)}`, version: sha256 };
}
var downloadSchema = discriminatedUnion("ok", [
  object({ ok: literal(true), signed_download_url: string() }),
  object({ ok: literal(false) })
]);
var uploadSchema = discriminatedUnion("ok", [
  object({ ok: literal(true), signed_upload_url: string() }),
  object({ ok: literal(false) })
]);
var finalSchema = object({ ok: literal(true) });
async function call({ url, token }, method, body, schema) {
  const { result } = await (await client()).postJson(`${url}/${method}`, body, {
    authorization: `Bearer ${token}`
  });
  return schema.parse(result);
}
async function client() {
  const { HttpClient } = await import("./actions.http-client.lib.index.js");
  return new HttpClient("verity-sign", [], { socketTimeout: SILENCE, allowRedirects: false });
}
function atMost(limit) {
  let size = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new Error(`more than ${limit} bytes`));
      else done(null, chunk);
    }
  });
}

// src/tools/install/archive/tool-cache.ts
var FOLDER = "verity-sign-archives";
async function copyFromToolCache(archive, target, log) {
  const path = pathOf(archive);
  if (path === void 0) return false;
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      await copyOut(file, target);
    } finally {
      await file.close();
    }
    const difference = await whyDifferent(target, archive);
    if (difference === void 0) return true;
    log.warn(`${path} is not used: it ${difference}`);
  } catch (error) {
    if (error.code === "ENOENT") return false;
    log.warn(`${path} is not used: ${error.message}`);
  }
  await rm(target, { force: true });
  return false;
}
async function copyOut(file, target) {
  const status = await file.stat();
  if (!status.isFile()) throw new Error("it is not a file");
  if (status.size > MAX_ARCHIVE_SIZE) throw new Error(`it has ${status.size} bytes`);
  const source = file.createReadStream({ end: MAX_ARCHIVE_SIZE, autoClose: false });
  await pipeline(source, createWriteStream(target, { flags: "wx" }));
}
async function keepInToolCache(archive, file, log) {
  const path = pathOf(archive);
  if (path === void 0) return;
  const partial = `${path}.${randomUUID()}`;
  try {
    await mkdir(join(path, ".."), { recursive: true });
    await copyFile(file, partial, constants.COPYFILE_EXCL);
    await rename(partial, path);
  } catch (error) {
    log.info(`The archive is not kept in the tool cache: ${error.message}`);
    await rm(partial, { force: true }).catch(() => void 0);
  }
}
function pathOf({ sha256 }) {
  const root = process.env.RUNNER_TOOL_CACHE;
  return root ? join(root, FOLDER, sha256) : void 0;
}

// src/tools/install/archive/unpack.ts
async function unpack(file, folder, archive, signal) {
  try {
    if (archive.urls.some((url) => new URL(url).pathname.endsWith(".zip"))) {
      const { extractZip } = await import("./actions.tool-cache.lib.tool-cache.js");
      await extractZip(file, folder);
      return;
    }
    const argv = ["tar", "--extract", "--gzip", "--no-same-owner", "--file", file, "--directory", folder];
    await run(argv, { env: networkEnvironment(), signal });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VeritySignError(
      "environment",
      `cannot unpack the archive of ${archive.tool} ${archive.version} (${reason})`,
      {
        remedy: "Check that tar and gzip are installed, and that the checksum is that of a complete archive",
        cause
      }
    );
  }
}

// src/tools/install/archive/with-archive.ts
async function withArchive(archive, context, use) {
  const scratch = await runnerFolder("verity-sign-install-");
  try {
    const { file, from } = await obtain(archive, scratch, context);
    const folder = join(scratch, "unpacked");
    await mkdir(folder);
    await unpack(file, folder, archive, context.signal);
    const result = await use(folder);
    if (from !== "tool cache") await keepInToolCache(archive, file, context.log);
    if (from === "download" && isCached(archive, context)) await saveInRunnerCache(archive, file, context);
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
async function obtain(archive, scratch, context) {
  const kept = join(scratch, "kept");
  if (await copyFromToolCache(archive, kept, context.log)) return { file: kept, from: "tool cache" };
  const restored = join(scratch, "restored");
  if (isCached(archive, context) && await fetchFromRunnerCache(archive, restored, context)) {
    return { file: restored, from: "runner's cache" };
  }
  return { file: await downloadArchive(archive, scratch, context), from: "download" };
}
function isCached({ tool }, { runnerCache = false }) {
  return runnerCache && tool === "erofs-utils";
}

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
  if (!missing.includes("gcc") && !await hasHeaders(context)) missing.push("stdlib.h");
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

// src/tools/install/oras-release.ts
var VERSION = "1.3.3";
var CHECKSUMS = {
  [VERSION]: {
    "linux/amd64": "9ce999f8d2de03fc03968b29d743077a58783e545e5eaa53917ca177352d0e59",
    "linux/arm64": "ac7156f93a21e903f7ad606c792f3560f17e0cd0e36365634701b1e7cc4e4eca",
    "darwin/amd64": "aeb684d8c24c18dce28fd1f7326636e4782b573108e244a93d4b1c4a5ec50f48",
    "darwin/arm64": "f33fc12753c54172b0d0d19eaa0318d3f90fe9b094d96e8b259c881713c92e1c"
  }
};
var RELEASES = "https://github.com/oras-project/oras/releases/download";
function orasArchive(request, machine) {
  const { version } = request;
  requireSafeVersion(version, "input oras-version");
  const os = machine.platform === "win32" ? "windows" : machine.platform;
  const arch = machine.arch === "x64" ? "amd64" : machine.arch;
  const sha256 = request.sha256 ?? knownChecksum(version, `${os}/${arch}`);
  const name = `oras_${version}_${os}_${arch}.${os === "windows" ? "zip" : "tar.gz"}`;
  const url = request.url ?? RELEASES;
  const urls = [isArchive(url) ? url : `${url.replace(/\/+$/, "")}/v${version}/${name}`];
  return { tool: "oras", version, sha256, urls, input: "oras-download-url" };
}
function requireSafeVersion(version, label) {
  if (!leaksCredentials(version)) return;
  throw new VeritySignError(
    "usage",
    `${label}: oras ${version} can send credentials to another host that a registry names (CVE-2026-50151)`,
    { remedy: `Set it to ${FIRST_SAFE_ORAS} or later, or leave it out` }
  );
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
var VERSION2 = "1.9.4";
var SHA256 = "7d135aa2550326a5acf20f53c518aea5a8900015ce50700044e40f818c31dd80";
var RELEASES2 = {
  [VERSION2]: SHA256,
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
  const version = sha256 === void 0 ? Object.keys(RELEASES2).find((known) => erofsUtilsFits(known, wanted)) : exact ?? VERSION2;
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
    const path = join(await programFolder(), "mkfs.erofs");
    await copyFile(built, path);
    await chmod(path, 493);
    const reason = await check(path);
    if (reason !== void 0) {
      throw new VeritySignError(
        "environment",
        `the mkfs.erofs built from ${named(archive)} is not usable: ${reason}`,
        {
          remedy: "Set erofs-utils-version to another version, or install erofs-utils and set mkfs-path"
        }
      );
    }
    return path;
  });
}
async function make(folder, archive, { log, signal }) {
  const [tree] = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const cwd = join(folder, tree?.name ?? "");
  const env = { ...fixedEnvironment(), PATH: process.env.PATH ?? "" };
  const steps = [
    ["autoreconf", "--install", "--force"],
    ["./configure", "--quiet", ...CONFIGURE],
    ["make", "--silent", `--jobs=${availableParallelism()}`]
  ];
  log.info(`Building ${named(archive)}`);
  for (const step of steps) {
    log.info(`${named(archive)}: ${step[0]}`);
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
  return join(cwd, "mkfs/mkfs.erofs");
}
function named({ tool, version }) {
  return `${tool} ${version}`;
}

// src/tools/install/erofs-utils.ts
async function ensureErofsUtils(request, check, context) {
  const { log } = context;
  const path = await onPath(request, check, context) ?? await install(request, check, context);
  log.info(`mkfs.erofs: ${path}`);
  return path;
}
async function onPath({ wanted }, check, { log, signal }) {
  const path = findInstalled("mkfs.erofs");
  if (path === void 0) return void 0;
  const version = await versionOf([path, "-V"], signal);
  const reason = version === void 0 ? "it prints no version" : labelFits(version, wanted) ? await check(path) : `it is version ${version}`;
  if (reason === void 0) return path;
  log.info(`${path} is not usable: ${reason}`);
  return void 0;
}
async function install(request, check, context) {
  const apt = await Apt.open(context);
  const packaged = await fromPackage(apt, request, check, context);
  if (packaged !== void 0) return packaged;
  return buildErofsUtils(erofsUtilsArchive(request), apt, check, context);
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

// src/tools/install/oras.ts
var PROGRAM = process.platform === "win32" ? "oras.exe" : "oras";
async function ensureOras(request, checkVersion, context) {
  const { log, signal } = context;
  const present = findInstalled(PROGRAM);
  if (present !== void 0) {
    const reason = await whyUnusable(present, void 0, checkVersion, signal);
    if (reason === void 0) {
      log.info(`oras: ${present}`);
      return present;
    }
    log.info(`oras on PATH is not usable: ${reason}`);
  }
  const archive = orasArchive(request, process);
  const check = (path2) => whyUnusable(path2, archive.version, checkVersion, signal);
  const path = await install2(archive, check, context);
  log.info(`oras ${archive.version}: ${path}`);
  return path;
}
async function whyUnusable(path, version, checkVersion, signal) {
  try {
    const { text: text2 } = await checkVersion(path, signal);
    const same = version === void 0 || text2 === version || text2.startsWith(`${version}+`);
    return same ? void 0 : `it is version ${text2}, not ${version}`;
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code !== "environment") throw error;
    return error.message;
  }
}
function install2(archive, check, context) {
  return withArchive(archive, context, async (folder) => {
    const path = join(await programFolder(), PROGRAM);
    const reason = await copyFile(join(folder, PROGRAM), path).then(
      async () => {
        await chmod(path, 493);
        return check(path);
      },
      () => `it does not contain ${PROGRAM}`
    );
    if (reason !== void 0) {
      throw new VeritySignError(
        "environment",
        `the archive of oras ${archive.version} is not usable: ${reason}`,
        { remedy: "Check oras-version, oras-sha256 and oras-download-url" }
      );
    }
    return path;
  });
}

// src/tools/install/qemu.ts
async function ensureQemu(architecture, context) {
  const { program, package: name } = GUEST_KINDS[architecture].qemu;
  const isThere = () => findInstalled(program) !== void 0;
  if (isThere()) return;
  const apt = await Apt.open(context);
  if (!(apt instanceof Apt)) throw notInstalled(name, apt);
  try {
    await apt.install([name]);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw notInstalled(name, error.message.replaceAll(/\s+/g, " "), error);
  }
  if (!isThere()) throw notInstalled(name, `the package ${name} has no ${program}`);
}
function notInstalled(name, why, cause) {
  return new VeritySignError("environment", `preflight needs QEMU, which cannot be installed: ${why}`, {
    remedy: `Install it before this step: sudo apt-get install --no-install-recommends ${name}`,
    cause
  });
}

// src/tools/install/index.ts
async function installTools({ oras, erofsUtils, qemu }, context) {
  const installed = {};
  if (oras !== void 0) installed.orasPath = oras.path ?? await ensureOras(oras, oras.check, context);
  if (erofsUtils !== void 0) {
    const { path, check, ...request } = erofsUtils;
    installed.mkfsPath = path ?? await ensureErofsUtils(request, check, context);
  }
  if (qemu !== void 0) await ensureQemu(qemu, context);
  return installed;
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
    },
    runnerCache: flag(raw, "runner-cache", dialect)
  };
}
function vmOf(platforms) {
  const named2 = platforms.map((text2) => guestOf(parsePlatform(text2).architecture));
  const [own, other] = guestArchitectures();
  return named2.includes(other) && !named2.includes(own) ? other : own;
}
function usesMkfs({ builder, crossCheck }) {
  return builder === "mkfs" || crossCheck;
}
async function toolsFor(install3, options, needsMkfs, references, context, qemu) {
  const { tools, erofsUtilsVersion, registry } = options;
  if (!install3.allowed) return tools;
  const registries = registriesOf(references);
  const oras = {
    ...install3.oras,
    path: tools.orasPath,
    check: checkVersionFor(registries, registry.credentials)
  };
  const erofsUtils = {
    ...install3.erofsUtils,
    path: tools.mkfsPath,
    wanted: erofsUtilsVersion,
    check: mkfsCheck(options, context)
  };
  const installed = await installTools(
    {
      oras: registries.length > 0 ? oras : void 0,
      erofsUtils: needsMkfs ? erofsUtils : void 0,
      qemu
    },
    { log: context.log, signal: context.signal, runnerCache: install3.runnerCache }
  );
  return { ...tools, ...installed };
}
function wrong(label, value, expected) {
  return new VeritySignError("usage", `${label}: "${value}" is not ${expected}`, {
    remedy: `Use ${expected}`
  });
}
function parseVersion(value, label) {
  const version = /^v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(value)?.[1];
  if (version === void 0) throw wrong(label, value, "a version such as 1.3.3");
  requireSafeVersion(version, label);
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

// src/frontend/github/options.ts
function takeToken(raw, { label, secrets }) {
  const given = raw["github-token"]?.trim() ?? "";
  if (given === "") return void 0;
  const captured = secrets.capture(given, label("github-token"));
  if (captured === void 0) secrets.mask(given);
  const token = captured?.trim() ?? given;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new VeritySignError("usage", `${label("github-token")} has characters that no token has`, {
    remedy: "Set it to the token alone, such as github.token"
  });
}
function githubOptions(raw, token, images, dialect) {
  const { label } = dialect;
  const comment = flag(raw, "github-comment", dialect);
  const checks = checkKinds(raw, dialect);
  const baseImage = text(raw, "base-image");
  if (comment && token === void 0) {
    throw unused(label("github-comment"), `without ${label("github-token")}`, "Set github-token");
  }
  if (baseImage !== void 0) checkBase(baseImage, comment, images, dialect);
  if (token === void 0) return void 0;
  if (checks.length === 0 && !comment) {
    const others = `with ${label("github-check")} none and without ${label("github-comment")}`;
    throw unused(label("github-token"), others, "Omit it, or set one of them");
  }
  return { token, checks, comment, ...optional("baseImage", baseImage) };
}
function checkKinds(raw, { label }) {
  const name = label("github-check");
  const items = parseList(text(raw, "github-check"));
  const kinds = items.map((item) => parseChoice(item, ["image", "digest", "none"], name));
  if (kinds.includes("none") && kinds.length > 1) {
    throw new VeritySignError("usage", `${name} has none beside other values`, {
      remedy: "Omit one of them"
    });
  }
  return [...new Set(kinds.filter((kind) => kind !== "none"))];
}
function checkBase(base, comment, images, { label }) {
  const name = label("base-image");
  if (!comment) throw unused(name, `without ${label("github-comment")}`, "Set github-comment to true");
  withoutCredentials([base]);
  if (images.length > 1) {
    throw new VeritySignError("usage", `${name} is for one image, but ${images.length} are given`, {
      remedy: "Process each image in a separate step"
    });
  }
  if (parseReference(base).kind === "daemon") {
    throw new VeritySignError("usage", `${name} does not support images of the docker daemon`, {
      remedy: "Use an image in a registry, a layout or an archive"
    });
  }
}
function unused(name, why, remedy) {
  return new VeritySignError("usage", `${name} has no effect ${why}`, { remedy });
}

// src/frontend/action/read-inputs.ts
function wantsSummary() {
  return getInput("show-summary").toLowerCase() !== "false";
}
function loadInputs() {
  const read = readInputs("action");
  const { raw, dialect } = read;
  const signing = signingOptions(raw, dialect);
  const inputs = commonInputs(read);
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
  const token = takeToken(raw, dialect);
  delete raw["github-token"];
  const images = withBuiltImages(listedImages(raw.image), raw, dialect);
  if (images.length === 0) {
    throw new VeritySignError("usage", "input image is missing", {
      remedy: "Set it to at least one image reference, or set metadata-file"
    });
  }
  return { raw: { ...raw, image: images.join("\n") }, dialect, token };
}
function commonInputs({ raw, dialect, token }) {
  const report2 = text(raw, "report");
  if (report2 === "-") {
    throw new VeritySignError(
      "usage",
      `${dialect.label("report")} is -, but standard output is the log of the step`,
      {
        remedy: "Set it to a path, or omit it and use the output report-path"
      }
    );
  }
  const images = parseLines(raw.image);
  const github = githubOptions(raw, token, images, dialect);
  return {
    images,
    ...github === void 0 ? {} : { github },
    secrets: dialect.secrets.values,
    ...report2 === void 0 ? {} : { report: report2 },
    install: installOptions(raw, dialect),
    showSummary: flag(raw, "show-summary", dialect)
  };
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
var TROUBLESHOOTING = "https://github.com/verity-sign/verity-sign/blob/main/docs/troubleshooting.md";
var MOST_NAMED = 20;
var WORDS = {
  usage: "invalid input",
  image: "the image",
  environment: "the runner and its tools",
  key: "the key or its certificate",
  registry: "the registry",
  cancelled: "cancelled",
  "not-signed": "not signed",
  invalid: "invalid signatures",
  "not-trusted": "signer not trusted",
  unchecked: "could not be checked",
  "not-enforced": "would not be enforced"
};
function renderFailure(title, error, notStarted = []) {
  const rest = notStartedPart(notStarted);
  if (!(error instanceof VeritySignError)) {
    const box2 = [md`**Internal error**: please report it with the error line in the log of this step.`];
    return summaryOf([md`### ❌ ${title}`, ...alert("CAUTION", box2), ...rest]);
  }
  const { code, message, context } = error;
  const remedy = remedyOf(error);
  const box = [md`**${message}**`, ...remedy === void 0 ? [] : [md`${remedy}.`]];
  const where = [
    ...context.image === void 0 ? [] : [["Image", inlineCode(context.image)]],
    ...context.layer === void 0 ? [] : [["Layer", inlineCode(context.layer)]]
  ];
  return summaryOf([
    md`### ❌ ${title}: ${WORDS[code]}`,
    ...alert("CAUTION", box),
    ...where.length === 0 ? [] : [factTable(where)],
    ...rest,
    link("How to fix it", new URL(`#${partOn(code)}`, TROUBLESHOOTING))
  ]);
}
function partOn(code) {
  return isFailedVerdict(code) ? "verdicts" : code;
}
function notStartedPart(images) {
  if (images.length === 0) return [];
  const named2 = images.slice(0, MOST_NAMED).map(inlineCode);
  const more = images.length - named2.length;
  return [md`Not started: ${joinMarkdown(named2, ", ")}${more === 0 ? "" : ` and ${more} more`}.`];
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

// src/frontend/action/run-action.ts
async function runAction(steps, visible) {
  const { failed } = steps;
  const inputs = await withFailureSummary(wantsSummary(), failed, async () => {
    const read = steps.readInputs();
    requireResources();
    const showSummary = checkRunnerFiles({ summary: read.showSummary });
    if (read.report === void 0) checkActionFolder();
    else checkReportPath(read.report, "input report");
    return { ...read, showSummary };
  });
  const context = runContext(actionLogger(), abortOnSignals(), inputs.secrets);
  warnOfVisibleEnvironment(context.log, visible);
  await trustCertificates(context.log);
  const results = await steps.run(inputs, context);
  await report(steps, inputs, results);
  await steps.showOnGithub?.(inputs, results, context);
  if (results.failure !== void 0) throw results.failure.error;
  return results.done;
}
async function report(steps, inputs, results) {
  const { done, failure } = results;
  const reported = hasResults(results);
  let path = "";
  if (reported || inputs.report !== void 0) {
    path = writeActionReport(renderReport(reportEntries(results, failedImage)), inputs.report, warn, info2);
  }
  if (inputs.showSummary) await writeSummary(summaryOf2(steps, results));
  if (reported) setOutputs(steps.outputs(done, path, failure));
}
function summaryOf2(steps, { done, failure }) {
  if (failure === void 0) return steps.renderSummary(done, SUMMARY_LIMIT);
  const { error, part, notStarted } = failure;
  const first = renderFailure(steps.failed, error, notStarted);
  const reports = part === void 0 ? done : [...done, part];
  if (reports.length === 0) return first;
  return `${first}
${steps.renderSummary(reports, SUMMARY_LIMIT - Buffer.byteLength(first) - 1)}`;
}

// src/frontend/github/target.ts
var repository = object({ id: number() }).nullish();
var pull = object({
  number: number().int().positive(),
  head: object({ sha: string(), repo: repository }),
  base: object({ repo: repository })
});
var head = object({ head_sha: string() });
var eventSchema = object({
  pull_request: pull.nullish(),
  repository,
  workflow_run: head.extend({
    pull_requests: array(pull).nullish(),
    head_branch: string().nullish(),
    head_repository: object({ owner: object({ login: string() }) }).nullish()
  }).nullish(),
  merge_group: head.nullish(),
  check_suite: head.nullish(),
  check_run: head.nullish()
});
var DOCS = "https://github.com/verity-sign/verity-sign/blob/main/docs/github.md";
function targetOf(env) {
  const [owner, repo, ...more] = (env.GITHUB_REPOSITORY ?? "").split("/");
  const event = eventOf(env.GITHUB_EVENT_PATH);
  const sha = commitOf(event) ?? env.GITHUB_SHA;
  if (!owner || !repo || more.length > 0 || sha === void 0 || !/^[0-9a-f]{40,64}$/.test(sha)) {
    throw new VeritySignError("environment", "the environment names no repository and commit of GitHub", {
      remedy: "Set github-token only in a workflow of GitHub Actions"
    });
  }
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: run2, GITHUB_RUN_ATTEMPT: attempt2 = "1" } = env;
  const named2 = pullsOf(event);
  const number2 = pullFor(named2, sha);
  const head2 = named2.length === 0 ? headOf(event) : void 0;
  const readOnly = whyReadOnly(event, env);
  return {
    api: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    ...{ owner, repo, sha },
    ...number2 === void 0 ? {} : { pull: number2 },
    ...head2 === void 0 ? {} : { head: head2 },
    ...readOnly === void 0 ? {} : { readOnly },
    // Without the reference: a pull request that is merged keeps the workflow.
    job: `${(env.GITHUB_WORKFLOW_REF ?? "").replace(/@.*/s, "")} ${env.GITHUB_JOB ?? ""}`,
    ...run2 ? { attempt: `${run2}.${attempt2}` } : {},
    ...server && run2 ? { runUrl: `${server}/${owner}/${repo}/actions/runs/${run2}/attempts/${attempt2}` } : {}
  };
}
function eventOf(path) {
  if (!path) return {};
  try {
    return matchSchema(eventSchema, decodeJson(readGivenSync(path)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VeritySignError(
      "environment",
      `GITHUB_EVENT_PATH: the event ${path} cannot be read (${reason})`,
      {
        remedy: "Report it: GitHub has changed the event, or the file is damaged",
        cause
      }
    );
  }
}
function commitOf(event) {
  const { pull_request: request, workflow_run: run2, merge_group: group, check_suite: suite } = event;
  return request?.head.sha ?? (run2 ?? group ?? suite ?? event.check_run)?.head_sha;
}
function pullsOf({ pull_request: request, workflow_run: run2, repository: own }) {
  if (request != null) return [request];
  return (run2?.pull_requests ?? []).filter(({ base }) => own != null && base.repo?.id === own.id);
}
function pullFor(pulls, sha) {
  const own = pulls.filter(({ head: head2 }) => head2.sha === sha);
  return own.length === 1 ? own[0]?.number : void 0;
}
function headOf({ workflow_run: run2 }) {
  const owner = run2?.head_repository?.owner.login;
  return owner && run2?.head_branch ? `${owner}:${run2.head_branch}` : void 0;
}
function whyReadOnly({ pull_request: request }, env) {
  if (request == null || env.GITHUB_EVENT_NAME === "pull_request_target") return void 0;
  const how = `report from a workflow on workflow_run, see ${DOCS}#forks`;
  if (request.head.repo?.id !== request.base.repo?.id) {
    return `the pull request comes from a fork, whose workflows get a token that cannot write: ${how}`;
  }
  if (env.GITHUB_ACTOR === "dependabot[bot]") {
    return `Dependabot started the run, and its workflows get a token that cannot write: ${how}`;
  }
  return void 0;
}

// src/frontend/action/show-on-github.ts
function showingOnGithub(stepsFor) {
  return async (inputs, results, context) => {
    if (inputs.github === void 0) return;
    try {
      const target = targetOf(process.env);
      const { publish } = await import("./frontend.github.publish.js");
      await publish({
        ...stepsFor(inputs, context),
        options: inputs.github,
        entries: reportEntries(results, failedImage),
        log: context.log,
        cancelled: context.signal.aborted,
        target
      });
    } catch (error) {
      const { message, remedy } = errorReport(error);
      const why = remedy === void 0 ? message : `${message}. ${remedy}`;
      context.log.warn(`GitHub shows nothing of this run: ${why}`);
    }
  };
}

// src/frontend/github/verbs.ts
function signVerb(dryRun) {
  return {
    name: dryRun ? "dry run" : "sign",
    outcome: (report2) => ({
      conclusion: report2.dryRun ? "neutral" : "success",
      words: report2.dryRun ? "Root hashes computed, nothing signed" : capital(withCoverage("signed", report2)),
      digest: report2.image.digest
    }),
    layers: signedLayers,
    baseOrigin: "computed in this run"
  };
}
var VERIFY_VERB = {
  name: "verify",
  outcome: (report2) => {
    const { verdict, image } = report2;
    return {
      conclusion: verdict === "verified" ? "success" : verdict === "skipped" ? "neutral" : "failure",
      words: capital(verdictText(report2)),
      ...image.digest === void 0 ? {} : { digest: image.digest }
    };
  },
  layers: verifiedLayers,
  baseOrigin: "read from its signatures, which verified"
};
function signedLayers({ artifacts }) {
  return artifacts.map(({ platform, profile, class: name, layers }) => ({
    ...platform === void 0 ? {} : { platform },
    ...name === void 0 ? {} : { class: name },
    ...{ profile, layers }
  }));
}
function verifiedLayers({ platforms }) {
  return platforms.flatMap(
    ({ platform, signatures }) => signatures.filter(({ verdict }) => verdict === "verified").map(({ profile, erofsUtils, layers }) => ({
      ...platform === void 0 ? {} : { platform },
      ...erofsUtils?.class === void 0 ? {} : { class: erofsUtils.class },
      profile: profile ?? "unknown",
      layers
    }))
  );
}
function capital(text2) {
  return text2.slice(0, 1).toUpperCase() + text2.slice(1);
}

export {
  boundedJson,
  boundedLines,
  coverageOutputs,
  vmOf,
  usesMkfs,
  toolsFor,
  warn,
  failStep,
  failWith,
  loadInputs,
  readInputs,
  commonInputs,
  runAction,
  pullFor,
  showingOnGithub,
  signVerb,
  VERIFY_VERB,
  signedLayers,
  verifiedLayers
};
