import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ConversionCache,
  gapsOf
} from "./shared.convert.conversion-cache.js";
import {
  TOOL
} from "./shared.report.tool.js";
import {
  MAX_SECRET_BYTES
} from "./shared.signatures.signers.secret.js";
import {
  harmless,
  harmlessJson,
  harmlessLines
} from "./shared.frontend.hide-environment.js";
import {
  imagesNotCovered
} from "./shared.report.coverage-text.js";
import {
  isSameRegistry,
  parseReference,
  referenceName,
  refuseCredentials
} from "./shared.commands.shared.open-image.js";
import {
  NOTARY_PREFIX,
  parseMetadata
} from "./shared.model.annotations.js";
import {
  record,
  string,
  unknown
} from "./shared.zod.v4.core.schemas.js";
import {
  isPemText,
  plainPem,
  splitPemList
} from "./shared.lib.pem-text.js";
import {
  classOf
} from "./shared.convert.erofs.recipe.js";
import {
  PROFILE_NAMES
} from "./shared.model.profiles.js";
import {
  SystemLimitError,
  isSystemLimit
} from "./shared.lib.process.system-limit.js";
import {
  isDigest
} from "./shared.formats.digest-grammar.js";
import {
  VeritySignError,
  remedyOf,
  withoutPem
} from "./shared.errors.js";

// src/report/failed-image.ts
function errorReport(error) {
  if (!(error instanceof VeritySignError)) {
    return { code: "internal", message: withoutPem(error instanceof Error ? error.message : String(error)) };
  }
  const { code, message, context } = error;
  const remedy = remedyOf(error);
  return {
    code,
    message,
    ...remedy === void 0 ? {} : { remedy },
    ...context.layer === void 0 ? {} : { layer: context.layer }
  };
}
function failedImage(reference, error) {
  return { schemaVersion: 1, tool: TOOL, image: { reference }, error };
}

// src/frontend/each-image.ts
async function eachImage(images, prepare, work) {
  const done = [];
  let image;
  let part;
  try {
    const prepared = await prepare();
    for (image of images) {
      part = void 0;
      done.push(
        await work(image, prepared, (report) => {
          part = report;
        })
      );
    }
    return { done };
  } catch (error) {
    const notStarted = images.slice(done.length + (image === void 0 ? 0 : 1));
    return {
      done,
      failure: {
        error,
        notStarted,
        ...image === void 0 ? {} : { image },
        ...part === void 0 ? {} : { part }
      }
    };
  }
}
function hasResults({ done, failure }) {
  return done.length > 0 || failure?.part !== void 0;
}
function reportEntries({
  done,
  failure
}) {
  if (failure === void 0) return done;
  const { error, image, part, notStarted } = failure;
  const failed = image === void 0 ? [] : [
    part === void 0 ? failedImage(image, errorReport(error)) : { ...part, error: errorReport(error) }
  ];
  const rest = image === void 0 ? errorReport(error) : notStartedError(image);
  return [...done, ...failed, ...notStarted.map((other) => failedImage(other, rest))];
}
function notStartedError(image) {
  return {
    code: "cancelled",
    message: `not started, because ${image} failed`,
    remedy: "Run again once that one works; what is done already is not done twice"
  };
}

// src/frontend/output/report-file.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname as dirname2, join, resolve } from "node:path";

// src/lib/writable.ts
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
function whyNotWritable(file) {
  return reasonOf(() => {
    const found = statSync(file);
    if (found.isDirectory()) return "it is a folder";
    if (found.isFile()) closeSync(openSync(file, constants.O_WRONLY | constants.O_APPEND));
    else accessSync(file, constants.W_OK);
    return void 0;
  });
}
function whyNotCreatable(file) {
  return reasonOf(() => {
    if (statSync(file, { throwIfNoEntry: false }) !== void 0) return whyNotWritable(file);
    createFolder(dirname(file));
    return whyNotFolder(dirname(file));
  });
}
function whyNotFolder(folder) {
  return reasonOf(() => {
    if (!statSync(folder).isDirectory()) return "it is not a folder";
    accessSync(folder, constants.W_OK | constants.X_OK);
    return void 0;
  });
}
function createFolder(folder) {
  if (statSync(folder, { throwIfNoEntry: false }) !== void 0) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}
function reasonOf(check) {
  try {
    return check();
  } catch (error) {
    return error.code ?? String(error);
  }
}

// src/frontend/output/report-file.ts
function checkReportPath(name, label) {
  const path = resolve(name);
  const reason = whyNotCreatable(path);
  if (reason === void 0) return;
  throw new VeritySignError("environment", `${label}: ${path} cannot be written to (${reason})`, {
    remedy: "Set it to a path that this user may write to"
  });
}
function checkActionFolder() {
  const folder = actionFolder();
  const reason = whyNotFolder(folder);
  if (reason === void 0) return;
  throw new VeritySignError("environment", `RUNNER_TEMP: the folder ${folder} is not writable (${reason})`, {
    remedy: `${AS_OWNER}, or set report to a path that this user may write to`
  });
}
var AS_OWNER = "Run the job's container as the user to whom the runner's files belong (container: options: --user ID)";
function writeReport(text3, name, complete) {
  const path = resolve(name);
  try {
    write(text3, path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    const copy = copyOf(text3, tmpdir());
    const where = copy === void 0 ? "" : `; it is in ${copy}`;
    const which = complete ? "the run is complete, but its report" : "the report of what was done";
    const what = `${which} cannot be written to ${path} (${reason})${where}`;
    throw new VeritySignError("environment", what, {
      remedy: "Free space, or set report to a path that this user may write to, and run it again",
      cause
    });
  }
  return path;
}
function writeActionReport(text3, wanted, warn = () => void 0, print = () => void 0) {
  let reason = "";
  if (wanted !== void 0) {
    const path = resolve(wanted);
    try {
      write(text3, path);
      return path;
    } catch (error) {
      reason = `the report cannot be written to ${path} (${error.code ?? error})`;
    }
  }
  for (const folder of /* @__PURE__ */ new Set([actionFolder(), tmpdir()])) {
    const copy = copyOf(text3, folder);
    if (copy === void 0) {
      reason ||= `the report cannot be written to the folder ${folder}`;
      continue;
    }
    if (reason !== "") warn(`${reason}: it is in ${copy}`);
    return copy;
  }
  warn(`${reason}: it follows in the log`);
  print(harmlessJson(text3));
  return "";
}
function actionFolder() {
  return process.env.RUNNER_TEMP || tmpdir();
}
function write(text3, path) {
  createFolder(dirname2(path));
  writeFileSync(path, harmlessJson(text3));
}
function copyOf(text3, parent) {
  try {
    const path = join(mkdtempSync(join(parent, "verity-sign-report-")), "report.json");
    write(text3, path);
    return path;
  } catch {
    return void 0;
  }
}

// src/frontend/run-context.ts
function runContext(log, signal, secrets, env = process.env) {
  const now = /* @__PURE__ */ new Date();
  const ci = ciFromEnvironment(env);
  return {
    log,
    signal,
    secrets,
    ...ci === void 0 ? {} : { ci },
    conversions: new ConversionCache(),
    now,
    created: sourceDate(env.SOURCE_DATE_EPOCH) ?? now
  };
}
function sourceDate(epoch) {
  if (epoch === void 0 || epoch === "") return void 0;
  const date = new Date(/^\d{1,12}$/.test(epoch) ? Number(epoch) * 1e3 : Number.NaN);
  if (Number.isNaN(date.getTime())) {
    throw new VeritySignError("usage", `SOURCE_DATE_EPOCH: "${epoch}" is not a number of seconds`, {
      remedy: "Set it to whole seconds since 1970, or unset it"
    });
  }
  return date;
}
function ciFromEnvironment(env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  if (env.GITHUB_ACTIONS !== "true" || !server || !repository) return void 0;
  const source = `${server}/${repository}`;
  const { GITHUB_SHA: revision, GITHUB_WORKFLOW_REF: workflow, GITHUB_RUN_ID: run } = env;
  const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : "";
  return {
    source,
    ...revision ? { revision } : {},
    ...workflow ? { workflow } : {},
    ...run ? { runUrl: `${source}/actions/runs/${run}${attempt}` } : {}
  };
}
function abortOnSignals() {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(name, () => controller.abort(new VeritySignError("cancelled", `stopped by ${name}`)));
  }
  return controller.signal;
}
async function untilAborted(signal, work) {
  try {
    return await work();
  } catch (error) {
    const cancelled = error instanceof VeritySignError && error.code === "cancelled";
    if (signal.aborted && !cancelled) throw signal.reason;
    if (error instanceof VeritySignError || !isSystemLimit(error)) throw error;
    throw new SystemLimitError(`the system refuses more (${error.message})`, error);
  }
}

// src/frontend/trust-certificates.ts
async function trustCertificates(log, env = process.env) {
  if (!env.SSL_CERT_FILE) return;
  const { trustCertificateFile } = await import("./lib.certificate-file.js");
  const reason = trustCertificateFile(env.SSL_CERT_FILE);
  if (reason === void 0) return;
  log.warn(`SSL_CERT_FILE is not used: ${env.SSL_CERT_FILE} cannot be read (${reason})`);
}

// src/frontend/render/format.ts
function formatBytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value2 = bytes;
  let unit = 0;
  while (value2 >= 999.5 && unit < units.length - 1) {
    value2 /= 1e3;
    unit += 1;
  }
  const digits = unit === 0 || value2 >= 99.95 ? 0 : 1;
  return `${value2.toFixed(digits)} ${units[unit]}`;
}
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
function formatSeconds(seconds) {
  return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
}
function shortDigest(digest) {
  const match = /^([a-z0-9]+:)?([0-9a-f]{12})[0-9a-f]+$/.exec(digest);
  return match === null ? digest : `${match[1] ?? ""}${match[2]}…`;
}
function alignColumns(foreign) {
  const rows = foreign.map((row) => row.map(harmless));
  const widths = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map(
    (row) => row.map((cell, column) => column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
}
function manifestKind(mediaType) {
  return /\.(index|manifest\.list)\./.test(mediaType) ? "index" : "image";
}

// src/frontend/output/progress-line.ts
function progressLine(task, done, total) {
  if (total === void 0 || total <= 0) return `${task}: ${formatBytes(done)}`;
  const percent = Math.min(100, Math.floor(100 * done / total));
  return `${task}: ${percent} % of ${formatBytes(total)}`;
}

// src/frontend/render/markdown.ts
var Markdown = class {
  text;
  constructor(text3) {
    this.text = text3;
  }
};
function md(parts, ...values) {
  const inserted = values.map((value2) => value2 instanceof Markdown ? value2 : escapeMarkdown(`${value2}`));
  return new Markdown(parts.map((part, index) => part + (inserted[index]?.text ?? "")).join(""));
}
function joinMarkdown(parts, separator) {
  return new Markdown(parts.map(({ text: text3 }) => text3).join(separator));
}
var SPLIT = "<wbr>";
var MARK = "\0";
var LINKS = [
  /(?<=\bwww)(?=\.)/gi,
  /(?<=:)(?=\/\/)/g,
  /(?<=@)(?!(?<=\w@)\w+:)/g,
  /(?<=#)(?=\d)/g,
  /(?<=\bGH-)(?=\d)/gi
];
var EMOJI = /(?<=:)(?=([\w+-]+):)/g;
var COMMIT = /\b[0-9a-f]{7,40}\b/gi;
var MARKUP = new RegExp("[&<>\"'`*_{}[\\]()#+!|~\\\\@:^$-]|(?<=^ *)=|\\.(?=\\p{L})|(?<=^\\d{1,9})\\.(?=\\s|$)|(?<=\\/)\\/", "gu");
function escapeMarkdown(text3) {
  const commits = (word) => (word.match(/.{1,6}/g) ?? []).join(MARK);
  return new Markdown(escaped(oneLine(text3).replaceAll(COMMIT, commits)));
}
function inlineCode(text3) {
  return new Markdown(`<code>${escaped(oneLine(text3))}</code>`);
}
function oneLine(text3) {
  return harmless(text3.replaceAll(/[ \t\r\n]+/g, " "));
}
function escaped(line) {
  return LINKS.reduce((before, link) => before.replaceAll(link, MARK), line).replaceAll(EMOJI, (_none, word) => /^\d\d$/.test(word) ? "" : MARK).replaceAll(MARKUP, (character) => `&#${character.charCodeAt(0)};`).replaceAll(MARK, SPLIT);
}
function codeBlock(text3, language) {
  const longest = (text3.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return new Markdown(`${fence}${language}
${harmlessLines(text3.split("\n"))}${fence}`);
}
function markdownTable(header, rows, numbers = []) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = header.map((name) => numbers.includes(name) ? "---:" : ":---");
  const body = rows.map((row) => line(row.map(({ text: text3 }) => text3)));
  return new Markdown(
    [line(header.map((name) => escapeMarkdown(name).text)), line(rule), ...body].join("\n")
  );
}
function factTable(facts) {
  const rows = facts.map(
    ([name, value2]) => `<tr><th align="left">${escapeMarkdown(name).text}</th><td>${value2.text}</td></tr>`
  );
  return new Markdown(["<table>", ...rows, "</table>"].join("\n"));
}
function details(title, body, open = false) {
  const summary = `<details${open ? " open" : ""}><summary>${escapeMarkdown(title).text}</summary>`;
  return new Markdown(`${summary}

${body.text}

</details>`);
}
function alert(kind, lines) {
  if (lines.length === 0) return [];
  return [new Markdown(`> [!${kind}]
${lines.map(({ text: text3 }) => `> ${text3}`).join("\n>\n")}`)];
}
var SUMMARY_LIMIT = 1024 * 1024 - 64 * 1024;
function withinLimit(parts, limit) {
  const missing = md`**The rest does not fit into the job summary.** The JSON report is complete.`;
  const note = `${joinMarkdown(alert("NOTE", [missing]), "").text}
`;
  let summary = "";
  let room = limit - Buffer.byteLength(note);
  for (const { text: text3 } of parts) {
    room -= Buffer.byteLength(text3) + "\n\n".length;
    if (room < 0) return summary + note;
    summary += `${text3}

`;
  }
  return summary;
}

// src/frontend/render/builder-text.ts
function builderRows({ builder, tools }) {
  const gaps = tools === void 0 ? [] : gapsOf(tools.confinement);
  return [
    ...builder === void 0 ? [] : [builderRow(builder)],
    ...gaps.length === 0 ? [] : [["mkfs.erofs is not fully confined", gaps.join(", ")]]
  ];
}
function builderRow(builder) {
  const other = builder.crossCheck;
  const checked = other === void 0 ? "" : `, compared with ${other.kind === "mkfs" ? `mkfs.erofs ${text(other)}` : "the native builder"}`;
  return [builder.kind === "mkfs" ? "mkfs.erofs" : "native builder", `${text(builder)}${checked}`];
}
function builderFacts(report) {
  return builderRows(report).map(([name, value2]) => [name.replace(/^native/, "Native"), md`${value2}`]);
}
function text(builder) {
  if (builder.kind === "mkfs") return `${builder.version}, class ${builder.class}`;
  const { classes } = builder;
  if (classes.length === 0) return "the classes that the signers recorded";
  return `${classes.length === 1 ? "class" : "classes"} ${classes.join(", ")}`;
}

// src/frontend/render/uncovered.ts
var LISTED = 100;
function uncoveredLines(report) {
  return [
    ...report.uncovered.flatMap(({ digest, platform, reason }) => [
      "",
      `${platform ?? "image"}, ${digest}`,
      `  NOT covered by a signature: ${reason}`
    ]),
    ...otherSkipped(report).flatMap(({ digest, platform, reason }) => [
      "",
      `skipped ${digest}${platform === void 0 ? "" : ` (${platform})`}: ${reason}`
    ])
  ];
}
function uncoveredParts(report, title) {
  const { uncovered } = report;
  const skipped = otherSkipped(report);
  return [
    ...uncovered.length === 0 ? [] : [
      md`#### Not covered by a signature`,
      ...alert("WARNING", [md`**${imagesNotCovered(uncovered.length)}** by a signature`]),
      ...entryTable(uncovered, "images")
    ],
    ...skipped.length === 0 ? [] : [md`#### ${title}`, ...entryTable(skipped, "entries")]
  ];
}
function otherSkipped({ uncovered, skipped }) {
  const images = new Set(uncovered.map(({ digest }) => digest));
  return skipped.filter(({ digest }) => !images.has(digest));
}
function entryTable(entries, noun) {
  const rows = entries.slice(0, LISTED).map(({ digest, platform, reason }) => [
    inlineCode(digest),
    escapeMarkdown(platform ?? ""),
    escapeMarkdown(reason)
  ]);
  const more = entries.length - rows.length;
  return [
    markdownTable(["Manifest", "Platform", "Reason"], rows),
    ...more > 0 ? [md`> ${more} more ${noun} are listed in the JSON report.`] : []
  ];
}

// src/frontend/inputs/image-list.ts
import { readFileSync } from "node:fs";

// src/frontend/inputs/parse-values.ts
function wrong(label, text3, expected) {
  return new VeritySignError("usage", `${label}: "${text3}" is not ${expected}`, {
    remedy: `Use ${expected}`
  });
}
function parseList(text3) {
  return [...new Set(parseLines(text3).flatMap((line) => line.split(",").map((item) => item.trim())))].filter(
    (item) => item !== ""
  );
}
function parseLines(text3) {
  return (text3 ?? "").split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}
function parseFlag(text3, label) {
  if (/^(true|True|TRUE)$/.test(text3)) return true;
  if (/^(false|False|FALSE)$/.test(text3)) return false;
  throw wrong(label, text3, "true or false");
}
function parseChoice(text3, choices, label) {
  const found = choices.find((choice2) => choice2 === text3);
  if (found === void 0) throw wrong(label, text3, `one of ${choices.join(", ")}`);
  return found;
}
function parseCount(text3, min, max, label) {
  const count2 = /^\d{1,9}$/.test(text3) ? Number(text3) : Number.NaN;
  if (!(count2 >= min && count2 <= max)) throw wrong(label, text3, `a whole number from ${min} to ${max}`);
  return count2;
}
var MILLISECONDS = { ms: 1, s: 1e3, m: 6e4, h: 36e5 };
var LONGEST_DURATION = 2 ** 31 - 1;
function parseDuration(text3, label) {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text3);
  const unit = match?.[2] ?? "s";
  const value2 = Math.round(Number(match?.[1] ?? Number.NaN) * MILLISECONDS[unit]);
  if (!(value2 >= 1 && value2 <= LONGEST_DURATION)) {
    throw wrong(label, text3, "a time such as 90s, 5m or 1h");
  }
  return value2;
}
var LIFETIME = /^(?:\d{1,9}[smhd])+$/;
var SECONDS = { s: 1, m: 60, h: 3600, d: 86400 };
var LONGEST_LIFETIME = 100 * 365 * 86400;
function parseLifetime(text3, label) {
  const parts = LIFETIME.test(text3) ? [...text3.matchAll(/(\d+)([smhd])/g)] : [];
  const seconds = parts.reduce((sum, [, count2, unit]) => sum + Number(count2) * (SECONDS[unit ?? ""] ?? 0), 0);
  if (!(seconds >= 1 && seconds <= LONGEST_LIFETIME)) throw wrong(label, text3, "a time such as 24h or 90d");
  return seconds * 1e3;
}
function parseUrl(text3, label) {
  const url = URL.canParse(text3) ? new URL(text3) : void 0;
  if (url === void 0 || !["http:", "https:"].includes(url.protocol)) {
    throw wrong(label, text3, "an http or https URL");
  }
  if (url.username !== "" || url.password !== "") {
    throw new VeritySignError("usage", `${label} contains a user name or password`, {
      remedy: "Remove them from the URL"
    });
  }
  return text3;
}
var BYTES = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40
};
function parseSize(text3, label) {
  const match = /^(\d{1,16}(?:\.\d{1,3})?) ?([a-z]{0,3})$/i.exec(text3);
  const unit = BYTES[(match?.[2] ?? "").toLowerCase()];
  const value2 = unit === void 0 ? Number.NaN : Math.round(Number(match?.[1] ?? Number.NaN) * unit);
  if (!(value2 >= 1 && value2 <= Number.MAX_SAFE_INTEGER)) {
    throw wrong(label, text3, "a size such as 500MiB or 4GiB");
  }
  return value2;
}
function parsePlatform(text3, label) {
  if (!/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(text3)) {
    throw wrong(label, text3, "a platform such as linux/amd64 or linux/arm/v7");
  }
  return text3;
}
function parseErofsVersion(text3, label) {
  if (!/^(any|A|B|C|\d+\.\d+(\.\d+)?)$/.test(text3)) {
    throw wrong(label, text3, "a version such as 1.9.4, a class (A, B or C), or any");
  }
  return text3;
}
var ONE_PAIR_PER_LINE = "Write one KEY=VALUE per line, or repeat the option";
function parseAnnotations(text3, label) {
  const annotations = {};
  for (const line of parseLines(text3)) {
    const match = /^([^=\s]+)\s*=\s*(.*)$/.exec(line);
    const [, key, value2] = match ?? [];
    if (key === void 0 || value2 === void 0) {
      throw new VeritySignError("usage", `${label}: "${line}" is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE
      });
    }
    if (key.startsWith(NOTARY_PREFIX)) {
      throw new VeritySignError("usage", `${label}: the key ${key} is reserved for the signature format`, {
        remedy: "Use a key with a prefix of your own"
      });
    }
    annotations[key] = value2;
  }
  return annotations;
}
function parsePairs(text3, label) {
  const pairs = /* @__PURE__ */ Object.create(null);
  for (const [index, line] of parseLines(text3).entries()) {
    const end = line.indexOf("=");
    const key = line.slice(0, Math.max(0, end)).trim();
    if (key === "" || /\s/.test(key)) {
      throw new VeritySignError("usage", `${label}: entry ${index + 1} is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE
      });
    }
    pairs[key] = line.slice(end + 1).trim();
  }
  return pairs;
}
function parseTime(text3, label) {
  const form = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
  const time = new Date(form.test(text3) ? text3.toUpperCase() : Number.NaN);
  if (Number.isNaN(time.getTime())) throw wrong(label, text3, "a time such as 2026-01-31T12:00:00Z");
  return time;
}

// src/frontend/inputs/image-list.ts
function listedImages(text3) {
  return parseLines(text3).filter((line) => !line.startsWith("#"));
}
function withoutCredentials(references) {
  for (const reference of references) refuseCredentials(reference);
  return [...references];
}
function listedTags(text3) {
  return withoutCredentials(parseList(listedImages(text3).join("\n")));
}
function withBuiltImages(listed, raw, dialect) {
  const given = raw["metadata-file"]?.trim() ?? "";
  const own = withoutCredentials(listed);
  if (given === "") return own;
  const label = dialect.label("metadata-file");
  const built = builtImages(given, label);
  if (built.length === 0) {
    throw new VeritySignError("usage", `${label} contains no image`, {
      remedy: "Build with --push and --metadata-file, and give each target a tag"
    });
  }
  return [.../* @__PURE__ */ new Set([...own, ...built])];
}
var metadataSchema = record(string(), unknown());
var DIGEST = "containerimage.digest";
var NAMES = "image.name";
function builtImages(given, label) {
  const metadata = parseBuild(given.startsWith("{") ? Buffer.from(given) : readFile(given, label), label);
  const isBuild = metadata[DIGEST] !== void 0 || metadata[NAMES] !== void 0;
  const results = isBuild ? [["the build", metadata]] : Object.entries(metadata);
  return [
    ...new Set(
      results.flatMap(
        ([target, result]) => typeof result === "object" && result !== null && !Array.isArray(result) ? imagesOf(target, result, label) : []
      )
    )
  ];
}
function imagesOf(target, result, label) {
  const { [DIGEST]: digest, [NAMES]: names } = result;
  if (digest === void 0 && names === void 0) return [];
  const where = `${label}: target ${JSON.stringify(target.slice(0, 100))}`;
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new VeritySignError("usage", `${where} has a name, but no digest in ${DIGEST}`, {
      remedy: "Push the image in the build (--push), or list it in image"
    });
  }
  if (typeof names !== "string" || names.trim() === "") {
    throw new VeritySignError("usage", `${where} has an image, but no name in ${NAMES}`, {
      remedy: "Give the target a tag and push it, or list the images in image"
    });
  }
  return names.split(",").map((name) => {
    const reference = parseReference(name.trim());
    if (reference.kind === "registry") return `${referenceName(reference)}@${digest}`;
    throw new VeritySignError("usage", `${where} has the name ${JSON.stringify(name.slice(0, 200))}`, {
      remedy: "List the image in image"
    });
  });
}
function readFile(path, label) {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `${label}: ${path} cannot be read (${reason})`, {
      remedy: "Give the path of the file that docker buildx wrote with --metadata-file",
      cause
    });
  }
}
function parseBuild(bytes, label) {
  try {
    return parseMetadata(metadataSchema, bytes, label);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError("usage", error.message, {
      remedy: "Give the file that docker buildx wrote with --metadata-file, or list its images in image",
      cause: error
    });
  }
}

// src/frontend/inputs/secrets.ts
import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync as readFileSync2 } from "node:fs";

// src/lib/process/descriptor-file.ts
import { closeSync as closeSync2, openSync as openSync2, readSync } from "node:fs";
var DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;
function descriptorOf(path) {
  if (path === "/dev/stdin") return 0;
  const number = DESCRIPTOR.exec(path)?.[1];
  return number === void 0 ? void 0 : Number(number);
}
function takeDescriptor(path, limit) {
  const content = Buffer.alloc(limit + 1);
  let size = 0;
  const file = openSync2(path, "r");
  try {
    for (let read = -1; read !== 0 && size < content.length; size += read) {
      read = readSync(file, content, size, content.length - size, null);
    }
  } finally {
    closeSync2(file);
  }
  const descriptor = descriptorOf(path);
  if (descriptor === void 0) throw new TypeError(`${path} is no descriptor`);
  closeSync2(descriptor);
  if (descriptor === 0) openSync2("/dev/null", "r");
  return content.subarray(0, size);
}

// src/frontend/inputs/secrets.ts
var REFERENCE = /^env:\/\/(.*)$/s;
var SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
var SecretStore = class {
  /** By name of the environment variable, or by the path of a descriptor such as /dev/fd/63. */
  values = /* @__PURE__ */ Object.create(null);
  env;
  hide;
  #hidden = /* @__PURE__ */ new Set();
  /** @param hide masks a value in the log, if the log can do that */
  constructor(env, hide = () => void 0) {
    this.env = env;
    this.hide = (value2) => {
      this.#hidden.add(value2);
      hide(value2);
    };
  }
  /** All values, and lines of values, that were masked so far: foreign text is filtered with them. */
  get hidden() {
    return [...this.#hidden];
  }
  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is not such a reference. Error: `usage`.
   */
  capture(text3, label) {
    const name = REFERENCE.exec(text3)?.[1];
    if (name === void 0) return void 0;
    const value2 = this.take(name);
    if (value2 === void 0) throw notSet(label, name);
    return value2;
  }
  /**
   * Moves the variable that an `env://NAME` reference names into the store, without masking it: certificates
   * are no secret, and their lines are in other texts. Error: `usage`.
   */
  keep(text3, label) {
    const name = REFERENCE.exec(text3)?.[1];
    if (name === void 0 || this.values[name] !== void 0) return;
    const value2 = this.#variable(name);
    if (value2 === void 0) throw notSet(label, name);
    this.values[name] = value2;
    delete this.env[name];
  }
  /**
   * Moves what a descriptor contains (`/dev/fd/63`, `/dev/stdin`) into the store and closes the descriptor.
   * Binary content becomes base64. Returns undefined for any other path, or if it cannot be read.
   */
  captureDescriptor(path) {
    if (descriptorOf(path) === void 0) return void 0;
    const known = this.values[path];
    if (known !== void 0) return known;
    try {
      const content = takeDescriptor(path, MAX_SECRET_BYTES);
      const value2 = isUtf8(content) ? content.toString("utf8") : content.toString("base64");
      this.values[path] = value2;
      this.mask(value2);
      return value2;
    } catch {
      return void 0;
    }
  }
  /** Moves a variable from the environment into the store. Returns undefined if it is not set or empty. */
  take(name) {
    const known = this.values[name];
    if (known !== void 0) {
      this.mask(known);
      return known;
    }
    const value2 = this.#variable(name);
    if (value2 === void 0) return void 0;
    this.values[name] = value2;
    delete this.env[name];
    this.mask(value2);
    return value2;
  }
  /** Masks the value of a variable that stays in the environment. */
  maskVariable(name) {
    const value2 = this.#variable(name);
    if (value2 !== void 0) this.mask(value2);
  }
  isSet(name) {
    return this.#variable(name) !== void 0;
  }
  #variable(name) {
    const value2 = Object.hasOwn(this.env, name) ? this.env[name] : void 0;
    return value2 === "" ? void 0 : value2;
  }
  /** Masks a value and each of its lines: logs are written line by line. */
  mask(value2) {
    if (value2.trim() === "") return;
    const lines = value2.split(/\r?\n/).map((line) => line.trim());
    for (const line of new Set(lines)) if (line.length > 3 && !line.startsWith("-----")) this.hide(line);
    if (lines.length > 1) this.hide(value2);
    const plain = plainPem(value2);
    if (plain !== value2) this.mask(plain);
  }
};
function notSet(label, name) {
  return new VeritySignError("usage", `${label}: the environment variable ${name} is not set or is empty`, {
    remedy: `Set ${name}; in a workflow, set it under env: of the step`
  });
}
function passphraseReference(text3, label, store) {
  return text3 === void 0 ? void 0 : localReference(text3, label, store, "the path of a file");
}
function keyReference(text3, label, store) {
  if (text3 === void 0) return void 0;
  if (SCHEME.test(text3) && !REFERENCE.test(text3)) {
    captureCredentials(text3, store);
    return text3;
  }
  return localReference(text3, label, store, "the path of a PEM or PKCS#12 file");
}
var CREDENTIALS = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_PASSWORD",
  "GOOGLE_CREDENTIALS",
  "VAULT_TOKEN",
  "BAO_TOKEN",
  "VAULT_SECRET_ID",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
];
var SENT_HERE = {
  awskms: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  hashivault: ["VAULT_TOKEN"]
};
function captureCredentials(reference, store) {
  for (const name of CREDENTIALS) store.maskVariable(name);
  if (reference.startsWith("awskms://") && store.isSet("AWS_PROFILE")) return;
  for (const name of SENT_HERE[reference.slice(0, reference.indexOf(":"))] ?? []) store.take(name);
}
function localReference(text3, label, store, file) {
  if (store.capture(text3, label) !== void 0) return text3;
  if (store.captureDescriptor(text3) !== void 0 || existsSync(text3)) return text3;
  if (SCHEME.test(text3)) {
    throw new VeritySignError("usage", `${label}: ${text3.slice(0, text3.indexOf(":"))}:// is not supported`, {
      remedy: `Use ${file}, or env://NAME for an environment variable`
    });
  }
  store.mask(text3);
  if (isPemText(text3)) {
    throw new VeritySignError("usage", `${label} is PEM text instead of a reference to it`, {
      remedy: "Put it into an environment variable and give env://NAME, or into a file and give its path"
    });
  }
  throw new VeritySignError("usage", `${label}: there is no such file`, {
    remedy: `Use ${file}, or env://NAME for an environment variable that contains the secret`
  });
}
function passwordFromReference(text3, label, store) {
  const captured = store.capture(text3, label);
  if (captured !== void 0) return captured;
  if (!existsSync(text3)) {
    throw new VeritySignError("usage", `${label}: there is no such file`, {
      remedy: "Use env://NAME or the path of a file, never the password itself"
    });
  }
  return passwordIn(() => store.captureDescriptor(text3) ?? readFileSync2(text3, "utf8"), label, store);
}
function passwordFromStandardInput(label, store) {
  return passwordIn(() => store.captureDescriptor("/dev/stdin") ?? readFileSync2(0, "utf8"), label, store);
}
function passwordIn(read, label, store) {
  let content = "";
  try {
    content = read();
  } catch (error) {
    const { code = "unknown error" } = error;
    throw new VeritySignError("usage", `${label}: the password cannot be read (${code})`, {
      remedy: "Check the permissions, or use env://NAME"
    });
  }
  const password = content.replace(/\r?\n$/, "");
  if (password === "") {
    throw new VeritySignError("usage", `${label}: the password is empty`, {
      remedy: "Check the file or the program that writes it"
    });
  }
  store.mask(password);
  return password;
}

// src/frontend/inputs/input-spec.ts
var EVERYWHERE = ["action", "sign", "root-hash", "verify-action", "verify", "inspect"];
var CONVERTING = ["action", "sign", "root-hash", "verify-action", "verify"];
var SIGNING = ["action", "sign"];
var VERIFYING = ["verify-action", "verify"];
var REPORTING = ["action", "sign", "verify-action", "verify"];
var REFERRERS = ["action", "sign", "verify-action", "verify", "inspect"];
var ACTIONS = ["action", "verify-action"];

// src/frontend/inputs/registry.ts
var REGISTRY_INPUTS = [
  {
    name: "registry-username",
    description: "User name for the one registry of all images and of push-to. Default: the credentials in docker's or podman's files, or of the helpers that these name",
    value: "NAME",
    on: EVERYWHERE
  },
  {
    name: "registry-password",
    description: "Password or token for the registry. The Action accepts the value itself or env://NAME; the CLI accepts only env://NAME, the path of a file or - for standard input, never the value",
    value: "REF",
    on: EVERYWHERE
  },
  {
    name: "registry-credentials",
    description: "Credentials for several registries, one HOST=USER:env://NAME per line. Each registry gets its own and no other",
    value: "LINE",
    list: true,
    on: EVERYWHERE
  },
  {
    name: "plain-http",
    description: "Use HTTP without TLS for the registry",
    default: "false",
    on: EVERYWHERE
  },
  {
    name: "ca-file",
    description: "Certificate authority that issued the registry's TLS certificate: the path of a PEM file, env://NAME, or PEM text. Default: the authorities that the system trusts, and those in SSL_CERT_FILE and NODE_EXTRA_CA_CERTS",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "client-certificate",
    description: "Client certificate for a registry that demands one: the path of a PEM file, env://NAME, or PEM text; requires client-key",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "client-key",
    description: "Path of the PEM file with the private key of client-certificate",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "referrers",
    description: "How signatures are attached and found: api (referrers API), tag (fallback tag) or auto (what the registry supports)",
    default: "auto",
    value: "HOW",
    on: REFERRERS
  }
];

// src/frontend/inputs/signing.ts
var SIGNING_INPUTS = [
  {
    name: "key",
    description: "Private key: the path of a PEM or PKCS#12 file, env://NAME for an environment variable that contains one, awskms://…, azurekms://VAULT/KEY, gcpkms://…, hashivault://KEY, or notation-plugin://NAME/KEYID. Not needed for a dry run",
    value: "KEY",
    on: SIGNING
  },
  {
    name: "key-passphrase",
    description: "Passphrase of an encrypted key or PKCS#12 file: env://NAME, or the path of a file that contains it",
    value: "REF",
    on: SIGNING
  },
  {
    name: "certificate",
    description: "Certificate chain: the path of a PEM file, env://NAME, or PEM text. The signer's certificate comes first, then its issuers. The root is optional for layers and required for manifest-signature. Not needed for a dry run, or if the key holder stores the chain (PKCS#12, Azure Key Vault, Vault, plugins)",
    value: "FILE",
    on: SIGNING
  },
  {
    name: "plugin-config",
    description: "Configuration for the notation plugin that holds the key, one KEY=VALUE per line",
    value: "KEY=VALUE",
    list: true,
    on: SIGNING
  },
  {
    name: "layers",
    description: "Layer signatures: required signs every image that a Linux node may run, and reports the images of an index that no signature covers (Windows) as uncovered; all rejects an index with such an image; auto signs the layers that can be signed, reports the images whose layers cannot (Windows) and warns about each Linux image among them; none signs no layers and needs no mkfs.erofs",
    default: "required",
    value: "WHICH",
    on: SIGNING
  },
  {
    name: "manifest-signature",
    description: "Also sign each image manifest, and the index unless platform excludes some of its images, for notation verify: none, jws or cose (the format of the envelope). Recommended for every release: signatures of layers do not cover entrypoint, user and environment, nor which layers belong together",
    default: "none",
    value: "FORMAT",
    on: SIGNING
  },
  {
    name: "signature-expiry",
    description: "Validity period of a manifest signature, such as 24h or 90d. Default: no expiry",
    value: "TIME",
    on: SIGNING
  },
  {
    name: "timestamp-url",
    description: "RFC 3161 timestamp authority for manifest signatures; requires timestamp-certificate",
    value: "URL",
    on: SIGNING
  },
  {
    name: "timestamp-certificate",
    description: "The timestamp authority's root certificate: the path of a PEM file, env://NAME, or PEM text; requires timestamp-url",
    value: "FILE",
    on: SIGNING
  }
];

// src/frontend/inputs/verifying.ts
var VERIFYING_INPUTS = [
  {
    name: "trusted-certificate",
    description: "Trusted certificates (a root, an intermediate or the signer itself): paths of PEM files, env://NAME, or PEM text",
    value: "FILE",
    list: true,
    on: VERIFYING
  },
  {
    name: "trust-store",
    description: "Names of notation's trust stores to trust: NAME for x509/ca/NAME, or TYPE:NAME such as tsa:NAME",
    value: "NAME",
    list: true,
    on: VERIFYING
  },
  {
    name: "trust-policy",
    description: "Trust policy file of notation (trustpolicy.oci.json or trustpolicy.json), or notation for the file in notation's configuration folder. Its statement for the image's repository replaces trusted-certificate and trust-store and defines what is enforced",
    value: "FILE",
    on: VERIFYING
  },
  {
    name: "trust-policy-scope",
    description: "Repository that selects the statement of the trust policy for an image in a layout or archive, such as local/app",
    value: "SCOPE",
    on: VERIFYING
  },
  {
    name: "layers",
    description: "Layer signatures: required (for every image that a Linux node may run; images of an index that no signature covers are reported as uncovered), all (an uncovered image is not-signed), auto (not required for images whose layers cannot be signed, such as Windows images) or none (not checked)",
    default: "required",
    value: "WHICH",
    on: VERIFYING
  },
  {
    name: "manifest-signature",
    description: "Notary Project signatures of manifests: auto (checked if there are any; they must be valid if a trust policy enforces it or if no layer signatures are required), required (the image or index must have a valid one) or none (not checked)",
    default: "auto",
    value: "WHICH",
    on: VERIFYING
  },
  {
    name: "signer-identity",
    description: "Required signer, one per line: subject attributes such as CN=release,O=Example, or the SHA-256 fingerprint of the certificate. Default: any signer that a trusted certificate vouches for",
    value: "WHO",
    list: true,
    on: VERIFYING
  },
  {
    name: "recompute",
    description: "Rebuild the EROFS image of every layer and compare root hashes. If false, verify proves only who signed the root hashes, not that they belong to these layers",
    default: "true",
    value: "BOOL",
    on: VERIFYING
  },
  {
    name: "allow-expired",
    description: "Accept expired certificates, for example short-lived ones. The kernel does not check dates either",
    default: "false",
    on: VERIFYING
  },
  {
    name: "at",
    description: "Time at which certificates must be valid, such as 2026-01-31T12:00:00Z (RFC 3339). Default: now",
    value: "TIME",
    on: VERIFYING
  },
  {
    name: "strict",
    description: "Fail if any signature is invalid, even if another one is valid",
    default: "false",
    on: VERIFYING
  }
];

// src/frontend/inputs/catalog.ts
var INPUTS = [
  {
    name: "image",
    description: "Images, one per line: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG|@DIGEST]. Signing with push-to also accepts docker-daemon:NAME[:TAG]. Lines that start with # are comments. Required unless metadata-file is set. A layer that several images share is converted once",
    value: "IMAGE",
    list: true,
    on: ACTIONS
  },
  {
    name: "metadata-file",
    description: "File that docker buildx build or bake wrote with --metadata-file: each image in it is processed by its digest, in addition to those listed. The Actions also accept the content, such as steps.bake.outputs.metadata",
    value: "FILE",
    on: REFERRERS
  },
  {
    name: "platform",
    description: "Platforms of an index to process, such as linux/arm64. Default: every platform",
    value: "PLATFORM",
    list: true,
    on: EVERYWHERE
  },
  {
    name: "profile",
    description: "How the node turns layers into EROFS images: containerd, containerd-cache or containerd-tar-index. Signing creates one signature artifact per profile; verify requires a valid artifact for each profile",
    default: "containerd",
    value: "PROFILE",
    list: true,
    on: CONVERTING
  },
  {
    name: "mkfs-options",
    description: "mkfs_options of containerd's EROFS differ plugin on the node. Default: -T0 --mkfs-time --sort=none (containerd-tar-index: -T0 --mkfs-time). verify uses the options that the signer recorded",
    value: "OPTIONS",
    on: CONVERTING
  },
  {
    name: "builder",
    description: "What creates the EROFS images: native (the built-in builder) or mkfs (the program mkfs.erofs, whose images are the same). Only mkfs supports other mkfs-options than the default, and versions of erofs-utils whose output is unknown",
    default: "native",
    value: "WHICH",
    on: CONVERTING
  },
  {
    name: "erofs-utils-version",
    description: "With builder native: the versions of erofs-utils, or the version classes (A, B or C), to reproduce, one signature artifact per class. Default: C, and for verify the class that the signer recorded. With builder mkfs: the required version or class; any also accepts a version whose output is unknown. Default: every version that passes the known-answer test",
    value: "VERSION",
    list: true,
    on: CONVERTING
  },
  {
    name: "cross-check",
    description: "Create every image with both the native builder and mkfs.erofs. Fail on any difference and write a reproducer. A release pipeline can thus demand that two independent builders agree",
    default: "false",
    on: CONVERTING
  },
  ...SIGNING_INPUTS,
  {
    name: "allow-skip",
    description: "Media types of layers that may stay unsigned, or nondistributable. Skipped layers are reported",
    value: "TYPE",
    list: true,
    on: EVERYWHERE
  },
  ...VERIFYING_INPUTS,
  {
    name: "annotations",
    description: "Extra annotations for the signature manifests, one KEY=VALUE per line. In a GitHub workflow, the repository, commit, workflow and run are recorded automatically",
    value: "KEY=VALUE",
    list: true,
    on: SIGNING
  },
  {
    name: "push-to",
    description: "Registry tags, in one repository or several, that receive the image of an OCI layout, an archive or the docker daemon, with its referrers. The image is signed and the signatures are verified before the push, so the registry never has a Linux image without its signatures; no tag is set before every repository has passed",
    value: "REF",
    list: true,
    on: SIGNING
  },
  {
    name: "dry-run",
    description: "Compute all root hashes, but read no key and sign, attach and push nothing",
    default: "false",
    on: SIGNING
  },
  {
    name: "report",
    description: "File for the JSON report. The Action always writes a report, by default to a temporary file",
    value: "FILE",
    on: REPORTING
  },
  {
    name: "concurrency",
    description: "Maximum number of layers converted or signed concurrently. Default: the number of processors",
    value: "N",
    on: CONVERTING
  },
  {
    name: "timeout",
    description: "Timeout per layer and per request, such as 90s, 5m or 1h",
    default: "5m",
    value: "TIME",
    on: EVERYWHERE
  },
  {
    name: "max-layer-size",
    description: "Maximum size of an uncompressed layer, such as 500MiB or 4GiB",
    default: "16GiB",
    value: "SIZE",
    on: CONVERTING
  },
  {
    name: "temp-dir",
    description: "Folder for temporary EROFS images. Each run creates a private folder in it and removes it at the end. Default: the system's folder for temporary files",
    value: "DIR",
    on: EVERYWHERE
  },
  ...REGISTRY_INPUTS,
  {
    name: "install",
    description: "Install oras if the run reaches a registry, and mkfs.erofs if builder mkfs or cross-check uses it, if the runner lacks a suitable version. Set to false to use only what is on PATH",
    default: "true",
    on: ACTIONS
  },
  {
    name: "oras-version",
    description: "Version of oras to install if the runner lacks a suitable one: 1.3.3, or a later version with oras-sha256. Earlier versions can send credentials to another host (CVE-2026-50151); they are refused",
    default: "1.3.3",
    on: ACTIONS
  },
  {
    name: "oras-sha256",
    description: "SHA-256 of the oras archive, for a version or platform without a built-in checksum",
    value: "SHA256",
    on: ACTIONS
  },
  {
    name: "oras-download-url",
    description: "Where to download oras: a mirror with the layout of the oras releases on GitHub (vVERSION/oras_VERSION_OS_ARCH.tar.gz), or the archive itself; https, http or file. The checksum is always verified",
    value: "URL",
    on: ACTIONS
  },
  {
    name: "erofs-utils-url",
    description: "Where to download the erofs-utils source: a folder that contains erofs-utils-VERSION.tar.gz, or the tarball itself; https, http or file. The checksum is always verified, and no package of the distribution is installed. Only with builder mkfs or cross-check",
    value: "URL",
    on: ACTIONS
  },
  {
    name: "erofs-utils-sha256",
    description: "SHA-256 of the erofs-utils source tarball, for a version without a built-in checksum (1.8.10, 1.9.1, 1.9.2 and 1.9.4 have one). Only with builder mkfs or cross-check",
    value: "SHA256",
    on: ACTIONS
  },
  {
    name: "runner-cache",
    description: "Keep the erofs-utils source in the cache that the runner offers to jobs, if mkfs.erofs is built. Its SHA-256 is verified each time, and no program comes out of a cache",
    default: "false",
    on: ACTIONS
  },
  {
    name: "oras-path",
    description: "Path of the oras to use. Default: oras on PATH",
    value: "FILE",
    on: EVERYWHERE
  },
  {
    name: "mkfs-path",
    description: "Path of the mkfs.erofs to use, with builder mkfs or cross-check. Default: mkfs.erofs on PATH",
    value: "FILE",
    on: CONVERTING
  },
  {
    name: "show-summary",
    description: "Write a job summary",
    default: "true",
    on: ACTIONS
  }
];
function inputsOf(surface) {
  return INPUTS.filter((input) => input.on.includes(surface));
}
function inputOf(name, surface) {
  return inputsOf(surface).find((input) => input.name === name);
}

// src/frontend/inputs/values.ts
function value(raw, name, surface) {
  const given = raw[name]?.trim();
  if (given !== void 0 && given !== "") return given;
  if (surface !== void 0) return inputOf(name, surface)?.default;
  const spec = INPUTS.find((input) => input.name === name);
  return spec !== void 0 && "default" in spec ? spec.default : void 0;
}
function parsed(raw, name, dialect, parse) {
  const text3 = value(raw, name);
  return text3 === void 0 ? void 0 : parse(text3, dialect.label(name));
}
function required(result, name, dialect) {
  if (result === void 0) {
    throw new VeritySignError("usage", `${dialect.label(name)} is missing`, {
      remedy: "Set it, or use dry-run to compute the root hashes without signing"
    });
  }
  return result;
}
function optional(key, result) {
  return result === void 0 ? {} : { [key]: result };
}
function flag(raw, name, dialect) {
  return parsed(raw, name, dialect, parseFlag) ?? false;
}
function text2(raw, name) {
  return value(raw, name);
}
function choice(raw, name, surface, choices, dialect) {
  return parseChoice(value(raw, name, surface) ?? "", choices, dialect.label(name));
}
function certificateReference(raw, name, dialect) {
  return parsed(raw, name, dialect, (given, label) => keepVariable(given, label, dialect));
}
function certificateReferences(raw, name, dialect) {
  return splitPemList(value(raw, name) ?? "").map((item) => keepVariable(item, dialect.label(name), dialect));
}
function keepVariable(given, label, { secrets }) {
  if (!isPemText(given)) secrets.keep(given, label);
  return given;
}

// src/frontend/inputs/common-options.ts
import { availableParallelism } from "node:os";
import { resolve as resolve2 } from "node:path";

// src/frontend/inputs/registry-options.ts
function registryOptions(raw, dialect) {
  const registries = registriesOf([...parseLines(raw.image), ...listedTags(raw["push-to"])]);
  const credentials = [
    ...oneRegistry(raw, dialect, registries),
    ...severalRegistries(raw, dialect, text2(raw, "registry-username") !== void 0)
  ];
  return {
    ...credentials.length === 0 ? {} : { credentials },
    plainHttp: flag(raw, "plain-http", dialect),
    ...optional("caFile", certificateReference(raw, "ca-file", dialect)),
    ...clientIdentity(raw, dialect, registries),
    referrers: parsed(
      raw,
      "referrers",
      dialect,
      (item, label) => parseChoice(item, ["auto", "api", "tag"], label)
    ) ?? "auto"
  };
}
function registriesOf(references) {
  const registries = [];
  for (const reference of references) {
    const registry = registryOf(reference);
    if (registry !== void 0 && !registries.some((one) => isSameRegistry(one, registry))) {
      registries.push(registry);
    }
  }
  return registries;
}
function registryOf(reference) {
  try {
    const parsedReference = parseReference(reference);
    return parsedReference.kind === "registry" ? parsedReference.registry : void 0;
  } catch (error) {
    if (error instanceof VeritySignError) return void 0;
    throw error;
  }
}
function oneRegistry(raw, dialect, registries) {
  const { label } = dialect;
  const username = text2(raw, "registry-username");
  const password = parsed(raw, "registry-password", dialect, (given, name) => {
    if (dialect.literalPassword) return dialect.secrets.capture(given, name) ?? given;
    return given === "-" ? passwordFromStandardInput(name, dialect.secrets) : passwordFromReference(given, name, dialect.secrets);
  });
  if (username === void 0 || password === void 0) {
    if (username === password) return [];
    const names = ["registry-username", "registry-password"];
    const [given, missing] = (username === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, {
      remedy: "Set both, or omit both to use docker's configuration"
    });
  }
  requireOne(
    registries,
    label("registry-username"),
    "Set registry-credentials to one HOST=USER:env://NAME per registry"
  );
  return registries.map((registry) => ({ registry, username, password, input: "registry-username" }));
}
function requireOne(registries, label, remedy) {
  if (registries.length <= 1) return;
  const last = registries.at(-1);
  throw new VeritySignError(
    "usage",
    `${label} is for one registry, but the images and push-to are in ${registries.slice(0, -1).join(", ")} and ${last}`,
    { remedy: `${remedy}, or run once for each registry` }
  );
}
function severalRegistries(raw, dialect, both) {
  const label = dialect.label("registry-credentials");
  const lines = parseLines(raw["registry-credentials"]);
  if (both && lines.length > 0) {
    throw new VeritySignError(
      "usage",
      `${label} cannot be combined with ${dialect.label("registry-username")}`,
      { remedy: "Add a line for that registry instead" }
    );
  }
  const found = [];
  for (const [index, line] of lines.entries()) {
    const { registry, username = "", reference = "" } = FORM.exec(line)?.groups ?? {};
    if (registry === void 0) {
      throw new VeritySignError(
        "usage",
        `${label}: line ${index + 1} is not of the form HOST=USER:env://NAME`,
        {
          remedy: "Write the host of the registry with its port, the user name, and env://NAME or the path of a file"
        }
      );
    }
    if (found.some((one) => isSameRegistry(one.registry, registry))) {
      throw new VeritySignError("usage", `${label} has more than one line for ${registry}`, {
        remedy: "Keep the one to use"
      });
    }
    const password = passwordFromReference(reference, `${label} for ${registry}`, dialect.secrets);
    found.push({ registry, username, password, input: "registry-credentials" });
  }
  return found;
}
var FORM = /^(?<registry>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)=(?<username>(?!env:\/\/)[^:]+):(?<reference>.+)$/;
function clientIdentity(raw, dialect, registries) {
  const { label } = dialect;
  const clientCertificate = certificateReference(raw, "client-certificate", dialect);
  const clientKey = text2(raw, "client-key");
  if (clientCertificate === void 0 && clientKey === void 0) return {};
  if (clientCertificate === void 0 || clientKey === void 0) {
    const names = ["client-certificate", "client-key"];
    const [given, missing] = (clientCertificate === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, { remedy: "Set both" });
  }
  if (isPemText(clientKey) || clientKey.startsWith("env://")) {
    dialect.secrets.mask(clientKey);
    throw new VeritySignError("usage", `${label("client-key")} is not the path of a file`, {
      remedy: "Write the key to a file that only this user can read, and give its path"
    });
  }
  requireOne(registries, label("client-certificate"), "Leave the others out");
  return { clientCertificate, clientKey };
}

// src/frontend/inputs/common-options.ts
function layersChoice(raw, surface, dialect) {
  return choice(raw, "layers", surface, ["required", "all", "auto", "none"], dialect);
}
function commonOptions(raw, dialect) {
  const list = (name, check) => parseList(value(raw, name)).map((item) => check(item, dialect.label(name)));
  const cores = Math.min(64, availableParallelism());
  return {
    platforms: list("platform", parsePlatform),
    profiles: list("profile", (item, label) => parseChoice(item, PROFILE_NAMES, label)),
    ...builderOptions(raw, dialect),
    ...optional("mkfsOptions", value(raw, "mkfs-options")),
    concurrency: parsed(raw, "concurrency", dialect, (text3, label) => parseCount(text3, 1, 64, label)) ?? cores,
    timeout: required(parsed(raw, "timeout", dialect, parseDuration), "timeout", dialect),
    maxLayerSize: required(parsed(raw, "max-layer-size", dialect, parseSize), "max-layer-size", dialect),
    ...optional("tempDir", absolute(value(raw, "temp-dir"))),
    registry: registryOptions(raw, dialect),
    tools: {
      ...optional("orasPath", programPath(value(raw, "oras-path"))),
      ...optional("mkfsPath", programPath(value(raw, "mkfs-path")))
    },
    allowSkip: parseList(value(raw, "allow-skip"))
  };
}
function absolute(path) {
  return path === void 0 ? void 0 : resolve2(path);
}
function programPath(path) {
  return path?.includes("/") === true ? resolve2(path) : path;
}
function builderOptions(raw, dialect) {
  const label = dialect.label("erofs-utils-version");
  const builder = parseChoice(value(raw, "builder") ?? "", ["mkfs", "native"], dialect.label("builder"));
  const crossCheck = flag(raw, "cross-check", dialect);
  const versions = parseList(value(raw, "erofs-utils-version"));
  if (builder === "native") {
    if (!crossCheck) refuseMkfsInputs(raw, versions, dialect);
    const known = versions.filter((text3) => text3 !== ANY_VERSION);
    const classes = [...new Set(known.map((text3) => classOf(text3, label)))];
    return {
      builder,
      crossCheck,
      ...classes.length === 0 ? {} : { classes },
      // The mkfs.erofs to compare with.
      ...crossCheck && versions.length === 1 ? optional("erofsUtilsVersion", versions[0]) : {}
    };
  }
  const [version, ...more] = versions.map((text3) => parseErofsVersion(text3, label));
  if (more.length > 0) {
    throw new VeritySignError("usage", `${label} lists several versions, but builder mkfs accepts only one`, {
      remedy: "Choose one, or use builder native"
    });
  }
  return { builder, crossCheck, ...optional("erofsUtilsVersion", version) };
}
var ANY_VERSION = "any";
var MKFS_INPUTS = ["mkfs-path", "erofs-utils-url", "erofs-utils-sha256"];
function refuseMkfsInputs(raw, versions, { label }) {
  const given = MKFS_INPUTS.filter((name) => value(raw, name) !== void 0).map(label);
  if (versions.includes(ANY_VERSION)) given.push(`${label("erofs-utils-version")} ${ANY_VERSION}`);
  if (given.length === 0) return;
  const verb = given.length === 1 ? "has" : "have";
  throw new VeritySignError("usage", `${given.join(", ")} ${verb} no effect with builder native`, {
    remedy: "Set builder to mkfs, or set cross-check to use both builders, or omit it"
  });
}

// src/frontend/inputs/signing-options.ts
function signingOptions(raw, dialect) {
  const { label, secrets } = dialect;
  const dryRun = flag(raw, "dry-run", dialect);
  const key = keyReference(text2(raw, "key"), label("key"), secrets);
  if (!dryRun) required(key, "key", dialect);
  const options = {
    ...commonOptions(raw, dialect),
    ...optional("key", key),
    ...optional(
      "keyPassphrase",
      passphraseReference(text2(raw, "key-passphrase"), label("key-passphrase"), secrets)
    ),
    ...optional("certificate", certificateReference(raw, "certificate", dialect)),
    pluginConfig: pluginConfig(raw, dialect),
    layers: layersChoice(raw, "sign", dialect),
    manifestSignature: choice(raw, "manifest-signature", "sign", ["none", "jws", "cose"], dialect),
    ...optional("signatureExpiry", parsed(raw, "signature-expiry", dialect, parseLifetime)),
    ...optional("timestampUrl", parsed(raw, "timestamp-url", dialect, parseUrl)),
    ...optional("timestampCertificate", certificateReference(raw, "timestamp-certificate", dialect)),
    ...optional("pushTo", pushTargets(raw)),
    dryRun,
    annotations: parseAnnotations(raw.annotations, label("annotations"))
  };
  checkTogether(options, dialect);
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}
function pushTargets(raw) {
  const targets = listedTags(raw["push-to"]);
  return targets.length === 0 ? void 0 : targets;
}
function pluginConfig(raw, { label, secrets }) {
  const config = parsePairs(raw["plugin-config"], label("plugin-config"));
  for (const value2 of Object.values(config)) if (!/^(true|false)$/i.test(value2)) secrets.mask(value2);
  return config;
}
function isPlugin(key) {
  return key?.startsWith("notation-plugin://") === true;
}
function checkTogether(options, { label }) {
  const { key, layers, manifestSignature, pluginConfig: pluginConfig2, timestampUrl, timestampCertificate } = options;
  const refuse = (message, remedy) => {
    throw new VeritySignError("usage", message, { remedy });
  };
  if (manifestSignature === "none") {
    if (layers === "none") {
      refuse(
        `${label("layers")} and ${label("manifest-signature")} are both none: nothing would be signed`,
        "Set manifest-signature to jws or cose, or layers to required or auto"
      );
    }
    const idle = [
      ["signature-expiry", options.signatureExpiry],
      ["timestamp-url", timestampUrl],
      ["timestamp-certificate", timestampCertificate]
    ].find(([, given]) => given !== void 0);
    if (idle !== void 0) {
      refuse(
        `${label(idle[0])} has no effect with ${label("manifest-signature")} none`,
        "Set manifest-signature to jws or cose"
      );
    }
  }
  if (timestampUrl === void 0 !== (timestampCertificate === void 0)) {
    const names = ["timestamp-url", "timestamp-certificate"];
    const [given, missing] = (timestampUrl === void 0 ? names.toReversed() : names).map(label);
    refuse(
      `${given} is given without ${missing}`,
      "Set both: the authority's response is checked against its root certificate"
    );
  }
  if (Object.keys(pluginConfig2).length > 0 && key !== void 0 && !isPlugin(key)) {
    refuse(
      `${label("plugin-config")} has no effect without a key of a notation plugin`,
      "Omit it, or set the key to notation-plugin://NAME/KEYID"
    );
  }
}
function requireOneImage(images, { pushTo }, dialect) {
  if (pushTo === void 0 || images.length === 1) return;
  throw new VeritySignError(
    "usage",
    `${dialect.label("push-to")} accepts one image, but ${images.length} are given`,
    {
      remedy: "Sign each image in a separate run"
    }
  );
}

export {
  eachImage,
  hasResults,
  reportEntries,
  formatBytes,
  count,
  formatSeconds,
  shortDigest,
  alignColumns,
  manifestKind,
  progressLine,
  whyNotWritable,
  checkReportPath,
  checkActionFolder,
  AS_OWNER,
  writeReport,
  writeActionReport,
  md,
  joinMarkdown,
  escapeMarkdown,
  inlineCode,
  codeBlock,
  markdownTable,
  factTable,
  details,
  alert,
  SUMMARY_LIMIT,
  withinLimit,
  builderRows,
  builderFacts,
  uncoveredLines,
  uncoveredParts,
  runContext,
  abortOnSignals,
  untilAborted,
  trustCertificates,
  parseList,
  parseLines,
  parseTime,
  listedImages,
  withoutCredentials,
  withBuiltImages,
  SecretStore,
  inputsOf,
  parsed,
  flag,
  text2 as text,
  choice,
  certificateReferences,
  registriesOf,
  layersChoice,
  commonOptions,
  signingOptions,
  requireOneImage
};
