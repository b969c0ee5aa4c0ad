import {
  verifyingOptions
} from "./shared.commands.js";
import {
  SecretStore,
  commonOptions,
  destinationOf,
  eachImage,
  failedImage,
  isPemText,
  isRecordable,
  listedTags,
  overallVerdict,
  parseLines,
  parseList,
  reportEntries,
  requireOneImage,
  runContext,
  signingOptions,
  splitPemList,
  untilAborted,
  withBuiltImages,
  withoutCredentials
} from "./shared.options.js";
import {
  onAbort
} from "./shared.conversion.js";
import {
  camelCase,
  emptyValue,
  inputsOf
} from "./shared.inputs.js";
import {
  VeritySignError,
  requireResources,
  splitLines
} from "./shared.start.js";

// src/frontend/library/failed-run.ts
var FailedRunError = class extends VeritySignError {
  /** One entry for each image, in the order of the call; `error` says which failed, and which were not started. */
  reports;
  constructor(failure, reports) {
    super(failure.code, failure.message, {
      cause: failure,
      ...failure.remedy === void 0 ? {} : { remedy: failure.remedy }
    });
    this.name = "FailedRunError";
    this.reports = reports;
    Object.assign(this.context, failure.context);
  }
};
function failedRun(error, reports) {
  if (error instanceof VeritySignError) return new FailedRunError(error, reports);
  if (error instanceof Error) Object.defineProperty(error, "reports", { value: reports });
  return error;
}

// builtin-load:load of src/frontend/library/library.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of src/frontend/library/library.ts
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var existsSync = /* @__PURE__ */ one("existsSync");

// src/frontend/library/options.ts
var NOT_IN_LIBRARY = {
  report: "the functions return the report",
  output: "the functions return the report",
  json: "the functions return the report",
  debug: "the logger of a call decides what it keeps",
  quiet: "the logger of a call decides what it keeps"
};
var IMAGE = {
  name: "image",
  input: "image",
  description: "Images: registry/repository:tag or …@sha256:…, docker://…, oci:DIR[:TAG|@DIGEST] or oci-archive:FILE[:TAG|@DIGEST]. Signing with pushTo also accepts docker-daemon:NAME[:TAG]. Required unless metadataFile is set",
  kind: "list",
  list: "lines"
};
var SOURCE = {
  name: "source",
  input: "source",
  description: "Images, as for sign, or paths of files that contain one layer blob each. Required",
  kind: "list",
  list: "lines"
};
function optionsOf(command) {
  const inputs = inputsOf(command).filter(({ name }) => NOT_IN_LIBRARY[name] === void 0);
  return [
    command === "root-hash" ? SOURCE : IMAGE,
    ...inputs.map((input) => ({
      name: camelCase(input.name),
      input: input.name,
      description: input.description,
      kind: kindOf(input),
      ...input.list === void 0 ? {} : { list: input.list },
      ...input.choices === void 0 ? {} : { choices: input.choices },
      ...input.default === void 0 ? {} : { default: input.default }
    }))
  ];
}
function kindOf({ value, default: preset, list }) {
  if (preset === "true" || preset === "false") return "flag";
  if (value === "KEY=VALUE") return "pairs";
  if (value === "N") return "number";
  return list === void 0 ? "text" : "list";
}
function givenOptions(command, given) {
  const known = new Map(optionsOf(command).map((option) => [option.name, option]));
  const raw = {};
  let sources = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === void 0) continue;
    const option = known.get(name);
    if (option === void 0) {
      throw new VeritySignError("usage", `option ${name} is unknown to ${camelCase(command)}`, {
        remedy: `Use one of ${[...known.keys()].join(", ")}`
      });
    }
    const items = itemsOf(value, option);
    if (option.input === "source") sources = items;
    else raw[option.input] = items.join("\n");
  }
  return { raw, sources };
}
var EXPECTED = {
  text: "a string",
  flag: "true or false",
  number: "a number",
  list: "a string or an array of strings",
  pairs: "an object of strings whose keys have no ="
};
function itemsOf(value, option) {
  const { name, kind } = option;
  const items = linesOf(value, kind);
  if (items === void 0) {
    throw new VeritySignError("usage", `option ${name} is not ${EXPECTED[kind]}`, {
      remedy: `Give ${EXPECTED[kind]}`
    });
  }
  requireWholeItems(items, option);
  return items;
}
function requireWholeItems(items, option) {
  const { name, input, kind } = option;
  const mayBeNone = kind === "pairs" || input === "image" || input === "source";
  if (items.some((item) => item.trim() === "") || items.length === 0 && !mayBeNone) {
    throw emptyValue(`option ${name}`);
  }
  const others = TAKES_PEM.includes(input) ? items.filter((item) => !isPemText(item)) : items;
  if (kind !== "text" && others.some((item) => /[\r\n]/.test(item))) {
    throw new VeritySignError("usage", `option ${name} has an item of several lines`, {
      remedy: "Give each item on its own in the array or object"
    });
  }
  const read = kind === "list" ? readItems(items.join("\n"), option) : others;
  const changed = others.find((item) => !read.includes(item));
  if (changed === void 0) return;
  const number = items.indexOf(changed) + 1;
  throw new VeritySignError("usage", `option ${name}: item ${number} is not read as one item`, {
    remedy: `Give each item on its own in the array, without white space around it${option.list === true ? " and without commas" : ""}`
  });
}
var TAKES_PEM = ["trusted-certificate", "preflight-certificate"];
function readItems(text, { input, list }) {
  if (TAKES_PEM.includes(input)) return splitPemList(text);
  if (input === "push-to") return listedTags(text);
  return list === true ? parseList(text) : parseLines(text);
}
function linesOf(value, kind) {
  if (kind === "flag") return typeof value === "boolean" ? [String(value)] : void 0;
  if (kind === "number") return typeof value === "number" ? [String(value)] : void 0;
  if (kind === "text") return typeof value === "string" ? [value] : void 0;
  if (kind === "list") {
    const items = Array.isArray(value) ? value : [value];
    return items.every((item) => typeof item === "string") ? items : void 0;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return void 0;
  const pairs = Object.entries(value).filter(([, text]) => text !== void 0);
  if (!pairs.every(([key, text]) => typeof text === "string" && !key.includes("="))) return void 0;
  return pairs.map(([key, text]) => `${key}=${text}`);
}

// builtin-load:load of src/frontend/library/run-options.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:util/types of src/frontend/library/run-options.ts
var found2;
var all2 = () => found2 ??= load2("node:util/types");
var one2 = (name) => all2()[name];
var isDate = /* @__PURE__ */ one2("isDate");

// src/frontend/library/run-options.ts
function checkRunOptions({ logger, signal, secrets, created }) {
  const wrong = (name, expected) => new VeritySignError("usage", `${name} is not ${expected}`, { remedy: `Give ${expected}, or omit it` });
  const functions = [logger?.debug, logger?.info, logger?.warn, logger?.progress];
  if (logger === null || functions.some((log) => log !== void 0 && typeof log !== "function")) {
    throw wrong("logger", "an object with functions debug, info, warn and progress, or some of these");
  }
  if (signal !== void 0 && typeof signal?.addEventListener !== "function") {
    throw wrong("signal", "an AbortSignal");
  }
  if (secrets !== void 0 && !isOfStrings(secrets)) throw wrong("secrets", "an object of strings");
  if (created !== void 0 && !(isDate(created) && isRecordable(created))) {
    throw wrong("created", "a Date from the year 0 to the year 9999");
  }
}
function isOfStrings(value) {
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.values(value).every((one3) => typeof one3 === "string");
}
function coreLogger(logger, prefix = "") {
  const write = (level, message) => {
    for (const line of splitLines(message)) logger[level]?.(`${prefix}${line}`);
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warn: (message) => write("warn", message),
    group: (title, work) => work(coreLogger(logger, `${prefix}${splitLines(title).join(" ")}: `)),
    progress: (task, done, total) => logger.progress?.(splitLines(task).join(" "), done, total)
  };
}
async function withSignal(outer, work) {
  const controller = new AbortController();
  const release = onAbort(outer, () => {
    controller.abort(new VeritySignError("cancelled", "stopped by the caller", { cause: outer?.reason }));
  });
  try {
    controller.signal.throwIfAborted();
    return await work(controller.signal);
  } finally {
    release();
  }
}

// src/frontend/library/run-images.ts
function libraryDialect(run) {
  checkRunOptions(run);
  const { secrets = {} } = run;
  return {
    label: (name) => `option ${camelCase(name)}`,
    literalPassword: true,
    secrets: new SecretStore({ ...process.env, ...secrets })
  };
}
function withImages(raw, dialect) {
  const images = withBuiltImages(parseLines(raw.image), raw, dialect);
  if (images.length === 0) {
    throw new VeritySignError("usage", `${dialect.label("image")} is missing`, {
      remedy: "Set it to at least one image reference, or set metadataFile"
    });
  }
  return { images, raw: { ...raw, image: images.join("\n") } };
}
function withContext(run, { secrets }, work) {
  return withSignal(run.signal, async (signal) => {
    requireResources();
    const context = runContext(coreLogger(run.logger ?? {}), signal, secrets.values, {});
    const created = run.created ?? context.created;
    return untilAborted(signal, () => work({ ...context, created }));
  });
}
function runImages(images, run, dialect, work) {
  return withContext(run, dialect, async (context) => {
    const results = await eachImage(
      images,
      async () => void 0,
      (image, _none, part) => untilAborted(context.signal, () => work(image, context, part))
    );
    if (results.failure === void 0) return results.done;
    throw failedRun(results.failure.error, reportEntries(results, failedImage));
  });
}

// src/frontend/library/library.ts
async function sign(options, run = {}) {
  const dialect = libraryDialect(run);
  const { images, raw } = withImages(givenOptions("sign", options).raw, dialect);
  const signing = signingOptions(raw, dialect);
  requireOneImage(images, signing, dialect);
  return runImages(images, run, dialect, async (image, context, part) => {
    const { signImage } = await import("./commands.sign.sign-image.js");
    return signImage({ ...signing, image }, context, destinationOf(signing), part);
  });
}
async function verify(options, run = {}) {
  const dialect = libraryDialect(run);
  const { images, raw } = withImages(givenOptions("verify", options).raw, dialect);
  const verifying = verifyingOptions(raw, dialect);
  return runImages(images, run, dialect, async (image, context) => {
    const { verifyImage } = await import("./commands.verify.verify-image.js");
    return verifyImage({ ...verifying, image }, context);
  });
}
function overallVerdict2(reports) {
  return overallVerdict(reports);
}
async function inspect(options, run = {}) {
  const dialect = libraryDialect(run);
  const { images, raw } = withImages(givenOptions("inspect", options).raw, dialect);
  const common = commonOptions(raw, dialect);
  return runImages(images, run, dialect, async (image, context) => {
    const { inspectImage } = await import("./commands.inspect.inspect-image.js");
    return inspectImage({ ...common, image }, context);
  });
}
async function rootHash(options, run = {}) {
  const dialect = libraryDialect(run);
  const { raw, sources } = givenOptions("root-hash", options);
  if (sources.length === 0) {
    throw new VeritySignError("usage", "option source is missing", {
      remedy: "Set it to at least one image reference, or to the path of a layer blob"
    });
  }
  const images = withoutCredentials(sources.filter((source) => !existsSync(source)));
  const common = commonOptions({ ...raw, image: images.join("\n") }, dialect);
  return withContext(run, dialect, async (context) => {
    const { rootHashes } = await import("./commands.root-hash.root-hash.js");
    return rootHashes({ ...common, sources }, context);
  });
}
export {
  FailedRunError,
  VeritySignError,
  inspect,
  overallVerdict2 as overallVerdict,
  rootHash,
  sign,
  verify
};
