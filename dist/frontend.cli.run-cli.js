import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  RunOutput,
  logLevel,
  outputOptions
} from "./shared.frontend.cli.run-output.js";
import {
  startRun
} from "./shared.frontend.cli.start-run.js";
import {
  outputColumns,
  printFailure,
  printResult,
  requireOutput,
  surviveClosedPipes
} from "./shared.frontend.output.standard-streams.js";
import {
  preflightFailures,
  preflightStatus,
  preflightTable,
  signTable
} from "./shared.frontend.render.preflight.table.js";
import "./shared.report.node.preflight-report.js";
import {
  signerLine,
  timeLines,
  verifyTable
} from "./shared.frontend.render.verify.table.js";
import "./shared.frontend.render.builder-text.js";
import {
  ipePolicyOptions,
  makingOptions
} from "./shared.frontend.inputs.node.ipe-policy-options.js";
import "./shared.formats.ipe.version.js";
import {
  parseFingerprint
} from "./shared.signatures.x509.identity.js";
import "./shared.frontend.output.report-file.js";
import "./shared.frontend.render.markdown.js";
import {
  alignFacts,
  fitLine,
  fitLines,
  fitTable,
  renderDocument
} from "./shared.frontend.render.text-table.js";
import "./shared.frontend.output.progress-line.js";
import "./shared.frontend.render.text-width.js";
import {
  count,
  manifestKind,
  shortDigest
} from "./shared.frontend.render.format.js";
import "./shared.lib.writable.js";
import "./shared.report.confinement.js";
import "./shared.frontend.hide-environment.js";
import "./shared.frontend.output.stream-guard.js";
import {
  destinationOf
} from "./shared.frontend.destination.js";
import "./shared.commands.sign.destination.js";
import {
  failureLines,
  overallVerdict
} from "./shared.frontend.render.verify.verdict.js";
import {
  verifyingOptions
} from "./shared.frontend.inputs.verifying-options.js";
import {
  SecretStore,
  commonOptions,
  eachImage,
  isPlugin,
  keyReference,
  passphraseReference,
  pluginConfig,
  preflightOptions,
  refuseIdleConfig,
  reportEntries,
  requireOneImage,
  signingOptions,
  withBuiltImages,
  withoutCredentials
} from "./shared.frontend.each-image.js";
import {
  GROUPS,
  INPUTS,
  camelCase,
  certificateReferences,
  flag,
  inputGroups,
  inputsOf,
  optional,
  parseCount,
  parseDuration,
  parsed,
  required,
  text
} from "./shared.frontend.inputs.values.js";
import {
  errorReport,
  failedImage,
  failedSource
} from "./shared.report.failed-image.js";
import {
  untilAborted
} from "./shared.frontend.run-context.js";
import {
  cacheRecipe
} from "./shared.commands.shared.cache.cache-recipe.js";
import "./shared.commands.verify.worst-verdict.js";
import "./shared.model.guest-architecture.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import {
  TOOL
} from "./shared.report.tool.js";
import "./shared.signatures.signers.secret.js";
import "./shared.signatures.signers.reference.js";
import "./shared.report.coverage-text.js";
import "./shared.model.artifact-formats.js";
import "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.oras.failures.refusal.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import "./shared.convert.erofs.recipe.js";
import {
  isContainerdProfile
} from "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.frontend.thread-pool.js";
import {
  harmlessJson,
  harmlessLines
} from "./shared.frontend.output.foreign-text.js";
import "./shared.lib.process.free-resources.js";
import "./shared.lib.process.drained.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.read-given.js";
import {
  formatBytes
} from "./shared.lib.format-bytes.js";
import "./shared.oci.image.layout-source.js";
import "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  EXIT_STATUS,
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/frontend/render/export/table.ts
function exportTable({ image, folder, class: of, layers }, width) {
  const facts = alignFacts(
    [
      ["image", image.name],
      ["cache", `${folder} (containerd-cache, class ${of})`]
    ],
    width
  );
  const rows = layers.map(({ diffId, rootHash: rootHash2, signed, outcome }) => [
    `  ${shortDigest(diffId)}`,
    `root hash ${shortDigest(rootHash2)}`,
    signed ? "signed" : "NOT SIGNED",
    outcome
  ]);
  const lines = rows.map((row) => row.join(", "));
  return harmlessLines([
    ...facts,
    "",
    "layers",
    ...fitTable(rows, lines, width),
    "",
    ...fitLine(conclusion(layers), width)
  ]);
}
function conclusion(layers) {
  const there = layers.filter(({ outcome }) => outcome === "already there").length;
  const signed = layers.filter(({ signed: is }) => is).length;
  const parts = [`${layers.length - there} written`, `${there} already there`, `${signed} signed`];
  return `${count(layers.length, "layer")}: ${parts.join(", ")}`;
}

// src/frontend/render/fetch/table.ts
function fetchTable({ image, folder, signatures, open }, width) {
  const facts = alignFacts(
    [
      ["image", image.name],
      ["signatures", `${count(signatures.length, "file")} in ${folder}`]
    ],
    width
  );
  if (open === void 0) return harmlessLines(facts);
  const waiting = open.layers.filter(({ state }) => state === "not opened");
  const others = open.layers.filter(({ state }) => state !== "not opened");
  return harmlessLines([
    ...facts,
    "",
    ...fitLine(`${count(open.layers.length, "layer")} in ${open.folder}`, width),
    ...others.map(({ device, state }) => `  /dev/mapper/${device}  ${state}`),
    ...waiting.length === 0 ? [] : ["", ...waiting.map(({ command: command2 }) => command2)]
  ]);
}

// src/frontend/render/inspect/table.ts
function inspectTable(report, width) {
  const { image, manifestSignatures, platforms, skipped } = report;
  const lines = alignFacts([["image", image.name]], width);
  if (manifestSignatures !== void 0)
    lines.push("", "index", ...fitLines(notaryLines(manifestSignatures), width));
  for (const { platform, manifest, layers, signatures, ...rest } of platforms) {
    const found = signatures.length === 0 ? "no dm-verity signatures" : count(signatures.length, "dm-verity referrer");
    const title = `${platform ?? "unknown platform"}, ${manifest.digest}, ${count(layers, "layer")}: ${found}`;
    lines.push("", ...fitLines([title], width));
    for (const one of signatures)
      lines.push(...fitLines(referrerLines(one), width), ...layerRows(one, width));
    lines.push(...fitLines(notaryLines(rest.manifestSignatures), width));
  }
  for (const { digest, platform, reason } of skipped) {
    lines.push(
      "",
      ...fitLines([`skipped ${digest}${platform === void 0 ? "" : ` (${platform})`}: ${reason}`], width)
    );
  }
  return harmlessLines(lines);
}
function notaryLines(signatures) {
  if (signatures.length === 0) return ["  no Notary signatures"];
  return signatures.flatMap((found) => [
    `  Notary signature ${found.referrer}${found.format === void 0 ? "" : ` (${found.format})`}${found.broken === void 0 ? "" : `: BROKEN: ${found.broken}`}`,
    ...found.target === void 0 ? [] : [`    signs ${found.target}`],
    ...found.signer === void 0 ? [] : [`    ${signerLine(found.signer)}`],
    ...timeLines(found).map((line) => `    ${line}`),
    ...found.timestamped ? ["    has a timestamp"] : [],
    ...found.agent === void 0 ? [] : [`    signing agent ${found.agent}`]
  ]);
}
function referrerLines(found) {
  const { version, class: mkfsClass = "unknown" } = found.erofsUtils ?? {};
  const release = version === void 0 ? "" : ` ${version},`;
  return [
    `  referrer ${found.referrer}${found.broken === void 0 ? "" : `: BROKEN: ${found.broken}`}`,
    ...found.artifactFormat === void 0 ? [] : [`    format ${found.artifactFormat}`],
    ...found.profile === void 0 ? ["    profile not recorded"] : [`    profile ${found.profile}`],
    ...found.mkfsOptions === void 0 ? [] : [`    mkfs options ${found.mkfsOptions}`],
    ...found.erofsUtils === void 0 ? [] : [`    erofs-utils${release} class ${mkfsClass}`],
    ...found.created === void 0 ? [] : [`    created ${found.created}`],
    ...found.signers.map((signer) => `    ${signerLine(signer)}`)
  ];
}
function layerRows(found, width) {
  const rows = found.layers.map(({ layerDigest, rootHash: rootHash2, broken }, index) => [
    `    entry ${index}`,
    layerDigest ?? "(no layer)",
    rootHash2 ?? "(no root hash)",
    broken === void 0 ? "" : "BROKEN"
  ]);
  const lines = rows.map(
    ([entry, digest, rootHash2, broken]) => [`${entry}: ${digest}`, `root hash ${rootHash2}`, ...broken === "" ? [] : [broken]].join(", ")
  );
  return [
    ...fitTable(rows, lines, width),
    ...found.layers.flatMap(
      ({ broken }, index) => broken === void 0 ? [] : fitLine(`    entry ${index}: ${broken}`, width)
    )
  ];
}

// src/frontend/render/remove/table.ts
var FATES = {
  kept: "kept",
  unlisted: "no longer listed, but stored",
  deleted: "deleted",
  unknown: "unknown: the registry did not answer"
};
function removeTable(report, width) {
  const { image, removedSigner, confirmed, signatures, staying } = report;
  const subject = subjectOf(report);
  const lines = alignFacts(
    [
      ["image", image.name],
      ["signer", subject === void 0 ? removedSigner : `${subject}, SHA-256 ${removedSigner}`]
    ],
    width
  );
  if (signatures.length === 0) {
    const which = report.profiles.length === 0 ? "" : ` for ${report.profiles.join(", ")}`;
    const nothing = `no signature of this signer${which}: nothing to remove`;
    return harmlessLines([...lines, "", ...fitLine(nothing, width)]);
  }
  lines.push("", confirmed ? "to remove" : "would be removed", ...fitRows(signatures.map(removedRow), width));
  lines.push(
    "",
    "stays",
    ...staying.length === 0 ? ["  nothing"] : fitRows(staying.map(stayingRow), width)
  );
  return harmlessLines([...lines, "", ...fitLine(conclusion2(report), width)]);
}
function fitRows(rows, width) {
  const lines = rows.map((row) => row.filter((cell) => cell !== "").join(", "));
  return fitTable(rows, lines, width);
}
function subjectOf({ removedSigner, signatures }) {
  const all = signatures.flatMap(({ signers }) => signers);
  return all.find(({ fingerprint }) => fingerprint === removedSigner)?.subject;
}
function removedRow(one) {
  const notes = [
    ...one.lastGood ? ["the last good signature"] : [],
    ...one.fate === "kept" ? [] : [FATES[one.fate]]
  ];
  return [...columns(one), notes.join(", ")];
}
function stayingRow(one) {
  const [first, ...others] = one.signers.map(
    ({ subject, fingerprint }) => `${subject} (${shortDigest(fingerprint)})`
  );
  const more = others.length === 0 ? "" : ` and ${count(others.length, "other")}`;
  return [
    ...columns(one),
    `by ${first ?? "an unknown signer"}${more}${one.good ? "" : `: NOT VALID: ${one.reason ?? "unknown reason"}`}`
  ];
}
function columns({
  kind,
  platform,
  manifest,
  artifactFormat,
  profile,
  referrer
}) {
  const record = artifactFormat === void 0 ? profile ?? "no profile" : `format ${artifactFormat}`;
  const what = kind === "layers" ? `layers, ${record}` : "manifest";
  return [`  ${platform ?? manifestKind(manifest.mediaType)}`, what, shortDigest(referrer)];
}
function conclusion2({ confirmed, signatures }) {
  const last = signatures.filter(({ lastGood }) => lastGood).length;
  if (confirmed) {
    const deleted = signatures.filter(({ fate }) => fate === "deleted").length;
    return `${deleted} of ${count(signatures.length, "signature")} removed`;
  }
  const what = `nothing was removed. --yes removes ${count(signatures.length, "signature")}`;
  return last === 0 ? what : `${what}, but only with --force: ${count(last, "last good signature")} among them`;
}

// src/frontend/render/root-hash/table.ts
function rootHashTable(entries, width) {
  const rows = entries.map((entry) => [
    entry.source,
    entry.class === void 0 ? entry.profile : `${entry.profile} ${entry.class}`,
    entry.digest,
    formatBytes(entry.imageSize),
    entry.rootHash
  ]);
  const header = ["source", "profile", "layer digest", "EROFS size", "root hash"];
  const lines = rows.map(
    ([source, profile, digest, size, rootHash2]) => `${source}, ${profile}, layer ${digest}, ${size}, root hash ${rootHash2}`
  );
  return harmlessLines(fitTable([header, ...rows], lines, width, 0));
}

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

// src/frontend/cli/image-commands.ts
async function runOnImages(invocation, visible) {
  const run = { output: new RunOutput(invocation.output), visible };
  switch (invocation.command) {
    case "sign":
      return sign(invocation, run);
    case "verify":
      return verify(invocation, run);
    case "inspect":
      return inspect(invocation, run);
    case "remove":
      return remove(invocation, run);
    case "export":
      return exportLayers(invocation, run);
    case "fetch":
      return fetchSignatures(invocation, run);
    case "preflight":
      return preflight(invocation, run);
    case "root-hash":
      return rootHash(invocation, run);
  }
}
async function sign(invocation, run) {
  const { images, signing } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const { signImage } = await import("./commands.sign.sign-image.js");
    return eachOf(images, context, async (image, part2) => {
      const done = await signImage({ ...signing, image }, context, destinationOf(signing), part2);
      run.output.table((columns2) => signTable(done, columns2));
      showPreflight(done, run);
      return done;
    });
  });
  const part = results.failure?.part;
  if (part !== void 0) showPreflight(part, run);
  finish(results, reportEntries(results, failedImage), run);
}
function showPreflight({ preflight: report }, { output }) {
  if (report !== void 0) output.table((columns2) => preflightTable(report, columns2));
}
async function verify(invocation, run) {
  const { images, verifying } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const { verifyImage } = await import("./commands.verify.verify-image.js");
    return eachOf(images, context, async (image) => {
      const done = await verifyImage({ ...verifying, image }, context);
      run.output.table((columns2) => verifyTable(done, columns2));
      return done;
    });
  });
  for (const line of failureLines(results.done)) printFailure(line);
  finish(results, reportEntries(results, failedImage), run);
  process.exitCode = VERDICT_STATUS[overallVerdict(results.done)];
}
async function inspect(invocation, run) {
  const { images, options } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const { inspectImage } = await import("./commands.inspect.inspect-image.js");
    return eachOf(images, context, async (image) => {
      const done = await inspectImage({ ...options, image }, context);
      run.output.table((columns2) => inspectTable(done, columns2));
      return done;
    });
  });
  finish(results, reportEntries(results, failedImage), run);
}
async function remove(invocation, run) {
  const { images, removing } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const { removeSignatures } = await import("./commands.remove.remove-image.js");
    return eachOf(images, context, async (image, part2) => {
      const done = await removeSignatures({ ...removing, image }, context, part2);
      run.output.table((columns2) => removeTable(done, columns2));
      return done;
    });
  });
  const part = results.failure?.part;
  if (part !== void 0) run.output.table((columns2) => removeTable(part, columns2));
  finish(results, reportEntries(results, failedImage), run);
}
async function exportLayers(invocation, run) {
  const { images, exporting } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const { exportImage } = await import("./commands.export.export-image.js");
    return eachOf(images, context, async (image) => {
      const done = await exportImage({ ...exporting, image }, context);
      run.output.table((columns2) => exportTable(done, columns2));
      return done;
    });
  });
  finish(results, reportEntries(results, failedImage), run);
}
async function fetchSignatures(invocation, run) {
  const { images, fetching } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const command2 = await import("./commands.fetch.fetch-image.js");
    return eachOf(images, context, async (image) => {
      const done = await command2.fetchSignatures({ ...fetching, image }, context);
      run.output.table((columns2) => fetchTable(done, columns2));
      return done;
    });
  });
  finish(results, reportEntries(results, failedImage), run);
}
async function preflight(invocation, run) {
  const { images, preflighting } = invocation;
  const results = await started(invocation, images, run, async (context) => {
    const { preflightImage } = await import("./commands.preflight.preflight-image.js");
    return eachOf(images, context, async (image) => {
      const done = await preflightImage({ ...preflighting, image }, context);
      run.output.table((columns2) => preflightTable(done, columns2));
      return done;
    });
  });
  for (const line of preflightFailures(results.done)) printFailure(line);
  finish(results, reportEntries(results, failedImage), run);
  process.exitCode = preflightStatus(results.done);
}
async function rootHash(invocation, run) {
  const { options } = invocation;
  const results = await started(invocation, options.sources, run, async (context) => {
    const { withRootHashes } = await import("./commands.root-hash.root-hash.js");
    return untilAborted(
      context.signal,
      () => withRootHashes(options, context, (rootHashesOf) => eachOf(options.sources, context, rootHashesOf))
    );
  });
  if (results.failure === void 0)
    run.output.table((columns2) => rootHashTable(results.done.flat(), columns2));
  finish(results, reportEntries(results, failedSource).flat(), run);
}
function eachOf(images, { signal }, work) {
  const nothing = async () => {
  };
  return eachImage(
    images,
    nothing,
    (image, _nothing, part) => untilAborted(signal, () => work(image, part))
  );
}
async function started({ output: { log }, secrets }, images, { output, visible }, work) {
  try {
    const context = await startRun({ log, secrets, visible });
    output.check();
    return await work(context);
  } catch (error) {
    return { done: [], failure: { error, notStarted: [...images] } };
  }
}
function finish({ failure }, items, { output }) {
  output.report(items, failure);
  if (failure === void 0) return;
  const { error, image, notStarted } = failure;
  if (image !== void 0) for (const other of notStarted) printFailure(`${other}: not started`);
  throw error;
}

// src/frontend/cli/options/booleans.ts
import { parseArgs } from "node:util";
var KINDS = Object.fromEntries(
  INPUTS.map((input) => [
    input.name,
    { type: input.value === void 0 ? "boolean" : "string" }
  ])
);
var BOOLEAN_WORD = /^(?:true|false|yes|no|on|off|[01])$/i;
function tokensOf(args) {
  const config = { options: KINDS, strict: false, allowPositionals: true, tokens: true };
  return parseArgs({ ...config, args: [...args] }).tokens;
}
function withExplicitBooleans(args) {
  const explicit = [...args];
  for (const token of tokensOf(args)) {
    if (token.kind !== "option" || token.value !== void 0 || KINDS[token.name]?.type !== "boolean")
      continue;
    const next = args[token.index + 1];
    if (next !== void 0 && BOOLEAN_WORD.test(next)) {
      const meant = /^(?:true|yes|on|1)$/i.test(next);
      throw new VeritySignError(
        "usage",
        `option --${token.name}: the word "${next}" after it is not its value`,
        { remedy: `Write --${token.name}=${meant}` }
      );
    }
    explicit[token.index] = `--${token.name}=true`;
  }
  return explicit;
}
function wantedOutput(args) {
  let command2;
  let json = false;
  for (const token of tokensOf(args)) {
    if (token.kind === "positional") command2 ??= token.value;
    if (token.kind !== "option") continue;
    const { name, value } = token;
    if (name === "json" && !/^false$/i.test(value ?? "")) json = true;
    if (name === "output" && value === "json") json = true;
    if (name === "report" && value === "-") json = true;
  }
  return { command: command2, json };
}

// src/frontend/cli/parse-args.ts
import { existsSync } from "node:fs";

// node_modules/commander/lib/error.js
var CommanderError = class extends Error {
  /**
   * Constructs the CommanderError class
   * @param {number} exitCode suggested exit code which could be used with process.exit
   * @param {string} code an id string representing the error
   * @param {string} message human-readable description of the error
   */
  constructor(exitCode, code, message) {
    super(message);
    Error.captureStackTrace(this, this.constructor);
    this.name = this.constructor.name;
    this.code = code;
    this.exitCode = exitCode;
    this.nestedError = void 0;
  }
};
var InvalidArgumentError = class extends CommanderError {
  /**
   * Constructs the InvalidArgumentError class
   * @param {string} [message] explanation of why argument is invalid
   */
  constructor(message) {
    super(1, "commander.invalidArgument", message);
    Error.captureStackTrace(this, this.constructor);
    this.name = this.constructor.name;
  }
};

// node_modules/commander/lib/argument.js
var Argument = class {
  /**
   * Initialize a new command argument with the given name and description.
   * The default is that the argument is required, and you can explicitly
   * indicate this with <> around the name. Put [] around the name for an optional argument.
   *
   * @param {string} name
   * @param {string} [description]
   */
  constructor(name, description) {
    this.description = description || "";
    this.variadic = false;
    this.parseArg = void 0;
    this.defaultValue = void 0;
    this.defaultValueDescription = void 0;
    this.argChoices = void 0;
    switch (name[0]) {
      case "<":
        this.required = true;
        this._name = name.slice(1, -1);
        break;
      case "[":
        this.required = false;
        this._name = name.slice(1, -1);
        break;
      default:
        this.required = true;
        this._name = name;
        break;
    }
    if (this._name.endsWith("...")) {
      this.variadic = true;
      this._name = this._name.slice(0, -3);
    }
  }
  /**
   * Return argument name.
   *
   * @return {string}
   */
  name() {
    return this._name;
  }
  /**
   * @package
   */
  _collectValue(value, previous) {
    if (previous === this.defaultValue || !Array.isArray(previous)) {
      return [value];
    }
    previous.push(value);
    return previous;
  }
  /**
   * Set the default value, and optionally supply the description to be displayed in the help.
   *
   * @param {*} value
   * @param {string} [description]
   * @return {Argument}
   */
  default(value, description) {
    this.defaultValue = value;
    this.defaultValueDescription = description;
    return this;
  }
  /**
   * Set the custom handler for processing CLI command arguments into argument values.
   *
   * @param {Function} [fn]
   * @return {Argument}
   */
  argParser(fn) {
    this.parseArg = fn;
    return this;
  }
  /**
   * Only allow argument value to be one of choices.
   *
   * @param {string[]} values
   * @return {Argument}
   */
  choices(values) {
    this.argChoices = values.slice();
    this.parseArg = (arg, previous) => {
      if (!this.argChoices.includes(arg)) {
        throw new InvalidArgumentError(
          `Allowed choices are ${this.argChoices.join(", ")}.`
        );
      }
      if (this.variadic) {
        return this._collectValue(arg, previous);
      }
      return arg;
    };
    return this;
  }
  /**
   * Make argument required.
   *
   * @returns {Argument}
   */
  argRequired() {
    this.required = true;
    return this;
  }
  /**
   * Make argument optional.
   *
   * @returns {Argument}
   */
  argOptional() {
    this.required = false;
    return this;
  }
};
function humanReadableArgName(arg) {
  const nameOutput = arg.name() + (arg.variadic === true ? "..." : "");
  return arg.required ? "<" + nameOutput + ">" : "[" + nameOutput + "]";
}

// node_modules/commander/lib/command.js
import { EventEmitter } from "node:events";
import childProcess from "node:child_process";
import path from "node:path";
import fs from "node:fs";
import process2 from "node:process";
import { stripVTControlCharacters as stripVTControlCharacters2 } from "node:util";

// node_modules/commander/lib/help.js
import { stripVTControlCharacters } from "node:util";
var Help = class {
  constructor() {
    this.helpWidth = void 0;
    this.minWidthToWrap = 40;
    this.sortSubcommands = false;
    this.sortOptions = false;
    this.showGlobalOptions = false;
  }
  /**
   * prepareContext is called by Commander after applying overrides from `Command.configureHelp()`
   * and just before calling `formatHelp()`.
   *
   * Commander just uses the helpWidth and the rest is provided for optional use by more complex subclasses.
   *
   * @param {{ error?: boolean, helpWidth?: number, outputHasColors?: boolean }} contextOptions
   */
  prepareContext(contextOptions) {
    this.helpWidth = this.helpWidth ?? contextOptions.helpWidth ?? 80;
  }
  /**
   * Get an array of the visible subcommands. Includes a placeholder for the implicit help command, if there is one.
   *
   * @param {Command} cmd
   * @returns {Command[]}
   */
  visibleCommands(cmd) {
    const visibleCommands = cmd.commands.filter((cmd2) => !cmd2._hidden);
    const helpCommand = cmd._getHelpCommand();
    if (helpCommand && !helpCommand._hidden) {
      visibleCommands.push(helpCommand);
    }
    if (this.sortSubcommands) {
      visibleCommands.sort((a, b) => {
        return a.name().localeCompare(b.name());
      });
    }
    return visibleCommands;
  }
  /**
   * Compare options for sort.
   *
   * @param {Option} a
   * @param {Option} b
   * @returns {number}
   */
  compareOptions(a, b) {
    const getSortKey = (option) => {
      return option.short ? option.short.replace(/^-/, "") : option.long.replace(/^--/, "");
    };
    return getSortKey(a).localeCompare(getSortKey(b));
  }
  /**
   * Get an array of the visible options. Includes a placeholder for the implicit help option, if there is one.
   *
   * @param {Command} cmd
   * @returns {Option[]}
   */
  visibleOptions(cmd) {
    const visibleOptions = cmd.options.filter((option) => !option.hidden);
    const helpOption = cmd._getHelpOption();
    if (helpOption && !helpOption.hidden) {
      const removeShort = helpOption.short && cmd._findOption(helpOption.short);
      const removeLong = helpOption.long && cmd._findOption(helpOption.long);
      if (!removeShort && !removeLong) {
        visibleOptions.push(helpOption);
      } else if (helpOption.long && !removeLong) {
        visibleOptions.push(
          cmd.createOption(helpOption.long, helpOption.description).helpGroup(helpOption.helpGroupHeading)
        );
      } else if (helpOption.short && !removeShort) {
        visibleOptions.push(
          cmd.createOption(helpOption.short, helpOption.description).helpGroup(helpOption.helpGroupHeading)
        );
      }
    }
    if (this.sortOptions) {
      visibleOptions.sort(this.compareOptions);
    }
    return visibleOptions;
  }
  /**
   * Get an array of the visible global options. (Not including help.)
   *
   * @param {Command} cmd
   * @returns {Option[]}
   */
  visibleGlobalOptions(cmd) {
    if (!this.showGlobalOptions) return [];
    const globalOptions = [];
    for (let ancestorCmd = cmd.parent; ancestorCmd; ancestorCmd = ancestorCmd.parent) {
      const visibleOptions = ancestorCmd.options.filter(
        (option) => !option.hidden
      );
      globalOptions.push(...visibleOptions);
    }
    if (this.sortOptions) {
      globalOptions.sort(this.compareOptions);
    }
    return globalOptions;
  }
  /**
   * Get an array of the arguments if any have a description.
   *
   * @param {Command} cmd
   * @returns {Argument[]}
   */
  visibleArguments(cmd) {
    if (cmd._argsDescription) {
      cmd.registeredArguments.forEach((argument) => {
        argument.description = argument.description || cmd._argsDescription[argument.name()] || "";
      });
    }
    if (cmd.registeredArguments.find((argument) => argument.description)) {
      return cmd.registeredArguments;
    }
    return [];
  }
  /**
   * Get the command term to show in the list of subcommands.
   *
   * @param {Command} cmd
   * @returns {string}
   */
  subcommandTerm(cmd) {
    const args = cmd.registeredArguments.map((arg) => humanReadableArgName(arg)).join(" ");
    return cmd._name + (cmd._aliases[0] ? "|" + cmd._aliases[0] : "") + (cmd.options.length ? " [options]" : "") + // simplistic check for non-help option
    (args ? " " + args : "");
  }
  /**
   * Get the option term to show in the list of options.
   *
   * @param {Option} option
   * @returns {string}
   */
  optionTerm(option) {
    return option.flags;
  }
  /**
   * Get the argument term to show in the list of arguments.
   *
   * @param {Argument} argument
   * @returns {string}
   */
  argumentTerm(argument) {
    return argument.name();
  }
  /**
   * Get the longest command term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */
  longestSubcommandTermLength(cmd, helper) {
    return helper.visibleCommands(cmd).reduce((max, command2) => {
      return Math.max(
        max,
        this.displayWidth(
          helper.styleSubcommandTerm(helper.subcommandTerm(command2))
        )
      );
    }, 0);
  }
  /**
   * Get the longest option term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */
  longestOptionTermLength(cmd, helper) {
    return helper.visibleOptions(cmd).reduce((max, option) => {
      return Math.max(
        max,
        this.displayWidth(helper.styleOptionTerm(helper.optionTerm(option)))
      );
    }, 0);
  }
  /**
   * Get the longest global option term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */
  longestGlobalOptionTermLength(cmd, helper) {
    return helper.visibleGlobalOptions(cmd).reduce((max, option) => {
      return Math.max(
        max,
        this.displayWidth(helper.styleOptionTerm(helper.optionTerm(option)))
      );
    }, 0);
  }
  /**
   * Get the longest argument term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */
  longestArgumentTermLength(cmd, helper) {
    return helper.visibleArguments(cmd).reduce((max, argument) => {
      return Math.max(
        max,
        this.displayWidth(
          helper.styleArgumentTerm(helper.argumentTerm(argument))
        )
      );
    }, 0);
  }
  /**
   * Get the command usage to be displayed at the top of the built-in help.
   *
   * @param {Command} cmd
   * @returns {string}
   */
  commandUsage(cmd) {
    let cmdName = cmd._name;
    if (cmd._aliases[0]) {
      cmdName = cmdName + "|" + cmd._aliases[0];
    }
    let ancestorCmdNames = "";
    for (let ancestorCmd = cmd.parent; ancestorCmd; ancestorCmd = ancestorCmd.parent) {
      ancestorCmdNames = ancestorCmd.name() + " " + ancestorCmdNames;
    }
    return ancestorCmdNames + cmdName + " " + cmd.usage();
  }
  /**
   * Get the description for the command.
   *
   * @param {Command} cmd
   * @returns {string}
   */
  commandDescription(cmd) {
    return cmd.description();
  }
  /**
   * Get the subcommand summary to show in the list of subcommands.
   * (Fallback to description for backwards compatibility.)
   *
   * @param {Command} cmd
   * @returns {string}
   */
  subcommandDescription(cmd) {
    return cmd.summary() || cmd.description();
  }
  /**
   * Get the option description to show in the list of options.
   *
   * @param {Option} option
   * @return {string}
   */
  optionDescription(option) {
    const extraInfo = [];
    if (option.argChoices) {
      extraInfo.push(
        // use stringify to match the display of the default value
        `choices: ${option.argChoices.map((choice) => JSON.stringify(choice)).join(", ")}`
      );
    }
    if (option.defaultValue !== void 0) {
      const showDefault = option.required || option.optional || option.isBoolean() && typeof option.defaultValue === "boolean";
      if (showDefault) {
        extraInfo.push(
          `default: ${option.defaultValueDescription || JSON.stringify(option.defaultValue)}`
        );
      }
    }
    if (option.presetArg !== void 0 && option.optional) {
      extraInfo.push(`preset: ${JSON.stringify(option.presetArg)}`);
    }
    if (option.envVar !== void 0) {
      extraInfo.push(`env: ${option.envVar}`);
    }
    if (extraInfo.length > 0) {
      const extraDescription = `(${extraInfo.join(", ")})`;
      if (option.description) {
        return `${option.description} ${extraDescription}`;
      }
      return extraDescription;
    }
    return option.description;
  }
  /**
   * Get the argument description to show in the list of arguments.
   *
   * @param {Argument} argument
   * @return {string}
   */
  argumentDescription(argument) {
    const extraInfo = [];
    if (argument.argChoices) {
      extraInfo.push(
        // use stringify to match the display of the default value
        `choices: ${argument.argChoices.map((choice) => JSON.stringify(choice)).join(", ")}`
      );
    }
    if (argument.defaultValue !== void 0) {
      extraInfo.push(
        `default: ${argument.defaultValueDescription || JSON.stringify(argument.defaultValue)}`
      );
    }
    if (extraInfo.length > 0) {
      const extraDescription = `(${extraInfo.join(", ")})`;
      if (argument.description) {
        return `${argument.description} ${extraDescription}`;
      }
      return extraDescription;
    }
    return argument.description;
  }
  /**
   * Format a list of items, given a heading and an array of formatted items.
   *
   * @param {string} heading
   * @param {string[]} items
   * @param {Help} helper
   * @returns string[]
   */
  formatItemList(heading, items, helper) {
    if (items.length === 0) return [];
    return [helper.styleTitle(heading), ...items, ""];
  }
  /**
   * Group items by their help group heading.
   *
   * @param {Command[] | Option[]} unsortedItems
   * @param {Command[] | Option[]} visibleItems
   * @param {Function} getGroup
   * @returns {Map<string, Command[] | Option[]>}
   */
  groupItems(unsortedItems, visibleItems, getGroup) {
    const result = /* @__PURE__ */ new Map();
    unsortedItems.forEach((item) => {
      const group = getGroup(item);
      if (!result.has(group)) result.set(group, []);
    });
    visibleItems.forEach((item) => {
      const group = getGroup(item);
      if (!result.has(group)) {
        result.set(group, []);
      }
      result.get(group).push(item);
    });
    return result;
  }
  /**
   * Generate the built-in help text.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {string}
   */
  formatHelp(cmd, helper) {
    const termWidth = helper.padWidth(cmd, helper);
    const helpWidth = helper.helpWidth ?? 80;
    function callFormatItem(term, description) {
      return helper.formatItem(term, termWidth, description, helper);
    }
    let output = [
      `${helper.styleTitle("Usage:")} ${helper.styleUsage(helper.commandUsage(cmd))}`,
      ""
    ];
    const commandDescription = helper.commandDescription(cmd);
    if (commandDescription.length > 0) {
      output = output.concat([
        helper.boxWrap(
          helper.styleCommandDescription(commandDescription),
          helpWidth
        ),
        ""
      ]);
    }
    const argumentList = helper.visibleArguments(cmd).map((argument) => {
      return callFormatItem(
        helper.styleArgumentTerm(helper.argumentTerm(argument)),
        helper.styleArgumentDescription(helper.argumentDescription(argument))
      );
    });
    output = output.concat(
      this.formatItemList("Arguments:", argumentList, helper)
    );
    const optionGroups = this.groupItems(
      cmd.options,
      helper.visibleOptions(cmd),
      (option) => option.helpGroupHeading ?? "Options:"
    );
    optionGroups.forEach((options, group) => {
      const optionList = options.map((option) => {
        return callFormatItem(
          helper.styleOptionTerm(helper.optionTerm(option)),
          helper.styleOptionDescription(helper.optionDescription(option))
        );
      });
      output = output.concat(this.formatItemList(group, optionList, helper));
    });
    if (helper.showGlobalOptions) {
      const globalOptionList = helper.visibleGlobalOptions(cmd).map((option) => {
        return callFormatItem(
          helper.styleOptionTerm(helper.optionTerm(option)),
          helper.styleOptionDescription(helper.optionDescription(option))
        );
      });
      output = output.concat(
        this.formatItemList("Global Options:", globalOptionList, helper)
      );
    }
    const commandGroups = this.groupItems(
      cmd.commands,
      helper.visibleCommands(cmd),
      (sub) => sub.helpGroup() || "Commands:"
    );
    commandGroups.forEach((commands, group) => {
      const commandList = commands.map((sub) => {
        return callFormatItem(
          helper.styleSubcommandTerm(helper.subcommandTerm(sub)),
          helper.styleSubcommandDescription(helper.subcommandDescription(sub))
        );
      });
      output = output.concat(this.formatItemList(group, commandList, helper));
    });
    return output.join("\n");
  }
  /**
   * Return display width of string, ignoring ANSI escape sequences. Used in padding and wrapping calculations.
   *
   * @param {string} str
   * @returns {number}
   */
  displayWidth(str) {
    return stripVTControlCharacters(str).length;
  }
  /**
   * Style the title for displaying in the help. Called with 'Usage:', 'Options:', etc.
   *
   * @param {string} str
   * @returns {string}
   */
  styleTitle(str) {
    return str;
  }
  styleUsage(str) {
    return str.split(" ").map((word) => {
      if (word === "[options]") return this.styleOptionText(word);
      if (word === "[command]") return this.styleSubcommandText(word);
      if (word[0] === "[" || word[0] === "<")
        return this.styleArgumentText(word);
      return this.styleCommandText(word);
    }).join(" ");
  }
  styleCommandDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleOptionDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleSubcommandDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleArgumentDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleDescriptionText(str) {
    return str;
  }
  styleOptionTerm(str) {
    return this.styleOptionText(str);
  }
  styleSubcommandTerm(str) {
    return str.split(" ").map((word) => {
      if (word === "[options]") return this.styleOptionText(word);
      if (word[0] === "[" || word[0] === "<")
        return this.styleArgumentText(word);
      return this.styleSubcommandText(word);
    }).join(" ");
  }
  styleArgumentTerm(str) {
    return this.styleArgumentText(str);
  }
  styleOptionText(str) {
    return str;
  }
  styleArgumentText(str) {
    return str;
  }
  styleSubcommandText(str) {
    return str;
  }
  styleCommandText(str) {
    return str;
  }
  /**
   * Calculate the pad width from the maximum term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */
  padWidth(cmd, helper) {
    return Math.max(
      helper.longestOptionTermLength(cmd, helper),
      helper.longestGlobalOptionTermLength(cmd, helper),
      helper.longestSubcommandTermLength(cmd, helper),
      helper.longestArgumentTermLength(cmd, helper)
    );
  }
  /**
   * Detect manually wrapped and indented strings by checking for line break followed by whitespace.
   *
   * @param {string} str
   * @returns {boolean}
   */
  preformatted(str) {
    return /\n[^\S\r\n]/.test(str);
  }
  /**
   * Format the "item", which consists of a term and description. Pad the term and wrap the description, indenting the following lines.
   *
   * So "TTT", 5, "DDD DDDD DD DDD" might be formatted for this.helpWidth=17 like so:
   *   TTT  DDD DDDD
   *        DD DDD
   *
   * @param {string} term
   * @param {number} termWidth
   * @param {string} description
   * @param {Help} helper
   * @returns {string}
   */
  formatItem(term, termWidth, description, helper) {
    const itemIndent = 2;
    const itemIndentStr = " ".repeat(itemIndent);
    if (!description) return itemIndentStr + term;
    const paddedTerm = term.padEnd(
      termWidth + term.length - helper.displayWidth(term)
    );
    const spacerWidth = 2;
    const helpWidth = this.helpWidth ?? 80;
    const remainingWidth = helpWidth - termWidth - spacerWidth - itemIndent;
    let formattedDescription;
    if (remainingWidth < this.minWidthToWrap || helper.preformatted(description)) {
      formattedDescription = description;
    } else {
      const wrappedDescription = helper.boxWrap(description, remainingWidth);
      formattedDescription = wrappedDescription.replace(
        /\n/g,
        "\n" + " ".repeat(termWidth + spacerWidth)
      );
    }
    return itemIndentStr + paddedTerm + " ".repeat(spacerWidth) + formattedDescription.replace(/\n/g, `
${itemIndentStr}`);
  }
  /**
   * Wrap a string at whitespace, preserving existing line breaks.
   * Wrapping is skipped if the width is less than `minWidthToWrap`.
   *
   * @param {string} str
   * @param {number} width
   * @returns {string}
   */
  boxWrap(str, width) {
    if (width < this.minWidthToWrap) return str;
    const rawLines = str.split(/\r\n|\n/);
    const chunkPattern = /[\s]*[^\s]+/g;
    const wrappedLines = [];
    rawLines.forEach((line) => {
      const chunks = line.match(chunkPattern);
      if (chunks === null) {
        wrappedLines.push("");
        return;
      }
      let sumChunks = [chunks.shift()];
      let sumWidth = this.displayWidth(sumChunks[0]);
      chunks.forEach((chunk) => {
        const visibleWidth = this.displayWidth(chunk);
        if (sumWidth + visibleWidth <= width) {
          sumChunks.push(chunk);
          sumWidth += visibleWidth;
          return;
        }
        wrappedLines.push(sumChunks.join(""));
        const nextChunk = chunk.trimStart();
        sumChunks = [nextChunk];
        sumWidth = this.displayWidth(nextChunk);
      });
      wrappedLines.push(sumChunks.join(""));
    });
    return wrappedLines.join("\n");
  }
};

// node_modules/commander/lib/option.js
var Option = class {
  /**
   * Initialize a new `Option` with the given `flags` and `description`.
   *
   * @param {string} flags
   * @param {string} [description]
   */
  constructor(flags, description) {
    this.flags = flags;
    this.description = description || "";
    this.required = flags.includes("<");
    this.optional = flags.includes("[");
    this.variadic = new RegExp("\\p{ID_Continue}\\.\\.\\.[>\\]]$", "u").test(flags);
    this.mandatory = false;
    const optionFlags = splitOptionFlags(flags);
    this.short = optionFlags.shortFlag;
    this.long = optionFlags.longFlag;
    this.negate = false;
    if (this.long) {
      this.negate = this.long.startsWith("--no-");
    }
    this.defaultValue = void 0;
    this.defaultValueDescription = void 0;
    this.presetArg = void 0;
    this.envVar = void 0;
    this.parseArg = void 0;
    this.hidden = false;
    this.argChoices = void 0;
    this.conflictsWith = [];
    this.implied = void 0;
    this.helpGroupHeading = void 0;
  }
  /**
   * Set the default value, and optionally supply the description to be displayed in the help.
   *
   * @param {*} value
   * @param {string} [description]
   * @return {Option}
   */
  default(value, description) {
    this.defaultValue = value;
    this.defaultValueDescription = description;
    return this;
  }
  /**
   * Preset to use when option used without option-argument, especially optional but also boolean and negated.
   * The custom processing (parseArg) is called.
   *
   * @example
   * new Option('--color').default('GREYSCALE').preset('RGB');
   * new Option('--donate [amount]').preset('20').argParser(parseFloat);
   *
   * @param {*} arg
   * @return {Option}
   */
  preset(arg) {
    this.presetArg = arg;
    return this;
  }
  /**
   * Add option name(s) that conflict with this option.
   * An error will be displayed if conflicting options are found during parsing.
   *
   * @example
   * new Option('--rgb').conflicts('cmyk');
   * new Option('--js').conflicts(['ts', 'jsx']);
   *
   * @param {(string | string[])} names
   * @return {Option}
   */
  conflicts(names) {
    this.conflictsWith = this.conflictsWith.concat(names);
    return this;
  }
  /**
   * Specify implied option values for when this option is set and the implied options are not.
   *
   * The custom processing (parseArg) is not called on the implied values.
   *
   * @example
   * program
   *   .addOption(new Option('--log', 'write logging information to file'))
   *   .addOption(new Option('--trace', 'log extra details').implies({ log: 'trace.txt' }));
   *
   * @param {object} impliedOptionValues
   * @return {Option}
   */
  implies(impliedOptionValues) {
    let newImplied = impliedOptionValues;
    if (typeof impliedOptionValues === "string") {
      newImplied = { [impliedOptionValues]: true };
    }
    this.implied = Object.assign(this.implied || {}, newImplied);
    return this;
  }
  /**
   * Set environment variable to check for option value.
   *
   * An environment variable is only used if when processed the current option value is
   * undefined, or the source of the current value is 'default' or 'config' or 'env'.
   *
   * @param {string} name
   * @return {Option}
   */
  env(name) {
    this.envVar = name;
    return this;
  }
  /**
   * Set the custom handler for processing CLI option arguments into option values.
   *
   * @param {Function} [fn]
   * @return {Option}
   */
  argParser(fn) {
    this.parseArg = fn;
    return this;
  }
  /**
   * Whether the option is mandatory and must have a value after parsing.
   *
   * @param {boolean} [mandatory=true]
   * @return {Option}
   */
  makeOptionMandatory(mandatory = true) {
    this.mandatory = !!mandatory;
    return this;
  }
  /**
   * Hide option in help.
   *
   * @param {boolean} [hide=true]
   * @return {Option}
   */
  hideHelp(hide = true) {
    this.hidden = !!hide;
    return this;
  }
  /**
   * @package
   */
  _collectValue(value, previous) {
    if (previous === this.defaultValue || !Array.isArray(previous)) {
      return [value];
    }
    previous.push(value);
    return previous;
  }
  /**
   * Only allow option value to be one of choices.
   *
   * @param {string[]} values
   * @return {Option}
   */
  choices(values) {
    this.argChoices = values.slice();
    this.parseArg = (arg, previous) => {
      if (!this.argChoices.includes(arg)) {
        throw new InvalidArgumentError(
          `Allowed choices are ${this.argChoices.join(", ")}.`
        );
      }
      if (this.variadic) {
        return this._collectValue(arg, previous);
      }
      return arg;
    };
    return this;
  }
  /**
   * Return option name.
   *
   * @return {string}
   */
  name() {
    if (this.long) {
      return this.long.replace(/^--/, "");
    }
    return this.short.replace(/^-/, "");
  }
  /**
   * Return option name, in a camelcase format that can be used
   * as an object attribute key.
   *
   * @return {string}
   */
  attributeName() {
    if (this.negate) {
      return camelcase(this.name().replace(/^no-/, ""));
    }
    return camelcase(this.name());
  }
  /**
   * Set the help group heading.
   *
   * @param {string} heading
   * @return {Option}
   */
  helpGroup(heading) {
    this.helpGroupHeading = heading;
    return this;
  }
  /**
   * Check if `arg` matches the short or long flag.
   *
   * @param {string} arg
   * @return {boolean}
   * @package
   */
  is(arg) {
    return this.short === arg || this.long === arg;
  }
  /**
   * Return whether a boolean option.
   *
   * Options are one of boolean, negated, required argument, or optional argument.
   *
   * @return {boolean}
   * @package
   */
  isBoolean() {
    return !this.required && !this.optional && !this.negate;
  }
};
var DualOptions = class {
  /**
   * @param {Option[]} options
   */
  constructor(options) {
    this.positiveOptions = /* @__PURE__ */ new Map();
    this.negativeOptions = /* @__PURE__ */ new Map();
    this.dualOptions = /* @__PURE__ */ new Set();
    options.forEach((option) => {
      if (option.negate) {
        this.negativeOptions.set(option.attributeName(), option);
      } else {
        this.positiveOptions.set(option.attributeName(), option);
      }
    });
    this.negativeOptions.forEach((value, key) => {
      if (this.positiveOptions.has(key)) {
        this.dualOptions.add(key);
      }
    });
  }
  /**
   * Did the value come from the option, and not from possible matching dual option?
   *
   * @param {*} value
   * @param {Option} option
   * @returns {boolean}
   */
  valueFromOption(value, option) {
    const optionKey = option.attributeName();
    if (!this.dualOptions.has(optionKey)) return true;
    const preset = this.negativeOptions.get(optionKey).presetArg;
    const negativeValue = preset !== void 0 ? preset : false;
    return option.negate === (negativeValue === value);
  }
};
function camelcase(str) {
  return str.split("-").reduce((str2, word) => {
    return str2 + word[0].toUpperCase() + word.slice(1);
  });
}
function splitOptionFlags(flags) {
  let shortFlag;
  let longFlag;
  const shortFlagExp = /^-[^-]$/;
  const longFlagExp = /^--[^-]/;
  const flagParts = flags.split(/[ |,]+/).concat("guard");
  if (shortFlagExp.test(flagParts[0])) shortFlag = flagParts.shift();
  if (longFlagExp.test(flagParts[0])) longFlag = flagParts.shift();
  if (!shortFlag && shortFlagExp.test(flagParts[0]))
    shortFlag = flagParts.shift();
  if (!shortFlag && longFlagExp.test(flagParts[0])) {
    shortFlag = longFlag;
    longFlag = flagParts.shift();
  }
  if (flagParts[0].startsWith("-")) {
    const unsupportedFlag = flagParts[0];
    const baseError = `option creation failed due to '${unsupportedFlag}' in option flags '${flags}'`;
    if (/^-[^-][^-]/.test(unsupportedFlag))
      throw new Error(
        `${baseError}
- a short flag is a single dash and a single character
  - either use a single dash and a single character (for a short flag)
  - or use a double dash for a long option (and can have two, like '--ws, --workspace')`
      );
    if (shortFlagExp.test(unsupportedFlag))
      throw new Error(`${baseError}
- too many short flags`);
    if (longFlagExp.test(unsupportedFlag))
      throw new Error(`${baseError}
- too many long flags`);
    throw new Error(`${baseError}
- unrecognised flag format`);
  }
  if (shortFlag === void 0 && longFlag === void 0)
    throw new Error(
      `option creation failed due to no flags found in '${flags}'.`
    );
  return { shortFlag, longFlag };
}

// node_modules/commander/lib/suggestSimilar.js
var maxDistance = 3;
function editDistance(a, b) {
  if (Math.abs(a.length - b.length) > maxDistance)
    return Math.max(a.length, b.length);
  const d = [];
  for (let i = 0; i <= a.length; i++) {
    d[i] = [i];
  }
  for (let j = 0; j <= b.length; j++) {
    d[0][j] = j;
  }
  for (let j = 1; j <= b.length; j++) {
    for (let i = 1; i <= a.length; i++) {
      let cost;
      if (a[i - 1] === b[j - 1]) {
        cost = 0;
      } else {
        cost = 1;
      }
      d[i][j] = Math.min(
        d[i - 1][j] + 1,
        // deletion
        d[i][j - 1] + 1,
        // insertion
        d[i - 1][j - 1] + cost
        // substitution
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.length][b.length];
}
function suggestSimilar(word, candidates) {
  if (!candidates || candidates.length === 0) return "";
  candidates = Array.from(new Set(candidates));
  const searchingOptions = word.startsWith("--");
  if (searchingOptions) {
    word = word.slice(2);
    candidates = candidates.map((candidate) => candidate.slice(2));
  }
  let similar = [];
  let bestDistance = maxDistance;
  const minSimilarity = 0.4;
  candidates.forEach((candidate) => {
    if (candidate.length <= 1) return;
    const distance = editDistance(word, candidate);
    const length = Math.max(word.length, candidate.length);
    const similarity = (length - distance) / length;
    if (similarity > minSimilarity) {
      if (distance < bestDistance) {
        bestDistance = distance;
        similar = [candidate];
      } else if (distance === bestDistance) {
        similar.push(candidate);
      }
    }
  });
  similar.sort((a, b) => a.localeCompare(b));
  if (searchingOptions) {
    similar = similar.map((candidate) => `--${candidate}`);
  }
  if (similar.length > 1) {
    return `
(Did you mean one of ${similar.join(", ")}?)`;
  }
  if (similar.length === 1) {
    return `
(Did you mean ${similar[0]}?)`;
  }
  return "";
}

// node_modules/commander/lib/command.js
var Command = class _Command extends EventEmitter {
  /**
   * Initialize a new `Command`.
   *
   * @param {string} [name]
   */
  constructor(name) {
    super();
    this.commands = [];
    this.options = [];
    this.parent = null;
    this._allowUnknownOption = false;
    this._allowExcessArguments = false;
    this.registeredArguments = [];
    this._args = this.registeredArguments;
    this.args = [];
    this.rawArgs = [];
    this.processedArgs = [];
    this._scriptPath = null;
    this._name = name || "";
    this._optionValues = {};
    this._optionValueSources = {};
    this._storeOptionsAsProperties = false;
    this._actionHandler = null;
    this._executableHandler = false;
    this._executableFile = null;
    this._executableDir = null;
    this._defaultCommandName = null;
    this._exitCallback = null;
    this._aliases = [];
    this._combineFlagAndOptionalValue = true;
    this._description = "";
    this._summary = "";
    this._argsDescription = void 0;
    this._enablePositionalOptions = false;
    this._passThroughOptions = false;
    this._lifeCycleHooks = {};
    this._showHelpAfterError = false;
    this._showSuggestionAfterError = true;
    this._savedState = null;
    this._outputConfiguration = {
      writeOut: (str) => process2.stdout.write(str),
      writeErr: (str) => process2.stderr.write(str),
      outputError: (str, write) => write(str),
      getOutHelpWidth: () => process2.stdout.isTTY ? process2.stdout.columns : void 0,
      getErrHelpWidth: () => process2.stderr.isTTY ? process2.stderr.columns : void 0,
      getOutHasColors: () => useColor() ?? (process2.stdout.isTTY && process2.stdout.hasColors?.()),
      getErrHasColors: () => useColor() ?? (process2.stderr.isTTY && process2.stderr.hasColors?.()),
      stripColor: (str) => stripVTControlCharacters2(str)
    };
    this._hidden = false;
    this._helpOption = void 0;
    this._addImplicitHelpCommand = void 0;
    this._helpCommand = void 0;
    this._helpConfiguration = {};
    this._helpGroupHeading = void 0;
    this._defaultCommandGroup = void 0;
    this._defaultOptionGroup = void 0;
  }
  /**
   * Copy settings that are useful to have in common across root command and subcommands.
   *
   * (Used internally when adding a command using `.command()` so subcommands inherit parent settings.)
   *
   * @param {Command} sourceCommand
   * @return {Command} `this` command for chaining
   */
  copyInheritedSettings(sourceCommand) {
    this._outputConfiguration = sourceCommand._outputConfiguration;
    this._helpOption = sourceCommand._helpOption;
    this._helpCommand = sourceCommand._helpCommand;
    this._helpConfiguration = sourceCommand._helpConfiguration;
    this._exitCallback = sourceCommand._exitCallback;
    this._storeOptionsAsProperties = sourceCommand._storeOptionsAsProperties;
    this._combineFlagAndOptionalValue = sourceCommand._combineFlagAndOptionalValue;
    this._allowExcessArguments = sourceCommand._allowExcessArguments;
    this._enablePositionalOptions = sourceCommand._enablePositionalOptions;
    this._showHelpAfterError = sourceCommand._showHelpAfterError;
    this._showSuggestionAfterError = sourceCommand._showSuggestionAfterError;
    return this;
  }
  /**
   * @returns {Command[]}
   * @private
   */
  _getCommandAndAncestors() {
    const result = [];
    for (let command2 = this; command2; command2 = command2.parent) {
      result.push(command2);
    }
    return result;
  }
  /**
   * Define a command.
   *
   * There are two styles of command: pay attention to where to put the description.
   *
   * @example
   * // Command implemented using action handler (description is supplied separately to `.command`)
   * program
   *   .command('clone <source> [destination]')
   *   .description('clone a repository into a newly created directory')
   *   .action((source, destination) => {
   *     console.log('clone command called');
   *   });
   *
   * // Command implemented using separate executable file (description is second parameter to `.command`)
   * program
   *   .command('start <service>', 'start named service')
   *   .command('stop [service]', 'stop named service, or all if no name supplied');
   *
   * @param {string} nameAndArgs - command name and arguments, args are `<required>` or `[optional]` and last may also be `variadic...`
   * @param {(object | string)} [actionOptsOrExecDesc] - configuration options (for action), or description (for executable)
   * @param {object} [execOpts] - configuration options (for executable)
   * @return {Command} returns new command for action handler, or `this` for executable command
   */
  command(nameAndArgs, actionOptsOrExecDesc, execOpts) {
    let desc = actionOptsOrExecDesc;
    let opts = execOpts;
    if (typeof desc === "object" && desc !== null) {
      opts = desc;
      desc = null;
    }
    opts = opts || {};
    const [, name, args] = nameAndArgs.match(/([^ ]+) *(.*)/);
    const cmd = this.createCommand(name);
    if (desc) {
      cmd.description(desc);
      cmd._executableHandler = true;
    }
    if (opts.isDefault) this._defaultCommandName = cmd._name;
    cmd._hidden = !!(opts.noHelp || opts.hidden);
    cmd._executableFile = opts.executableFile || null;
    if (args) cmd.arguments(args);
    this._registerCommand(cmd);
    cmd.parent = this;
    cmd.copyInheritedSettings(this);
    if (desc) return this;
    return cmd;
  }
  /**
   * Factory routine to create a new unattached command.
   *
   * See .command() for creating an attached subcommand, which uses this routine to
   * create the command. You can override createCommand to customise subcommands.
   *
   * @param {string} [name]
   * @return {Command} new command
   */
  createCommand(name) {
    return new _Command(name);
  }
  /**
   * You can customise the help with a subclass of Help by overriding createHelp,
   * or by overriding Help properties using configureHelp().
   *
   * @return {Help}
   */
  createHelp() {
    return Object.assign(new Help(), this.configureHelp());
  }
  /**
   * You can customise the help by overriding Help properties using configureHelp(),
   * or with a subclass of Help by overriding createHelp().
   *
   * @param {object} [configuration] - configuration options
   * @return {(Command | object)} `this` command for chaining, or stored configuration
   */
  configureHelp(configuration) {
    if (configuration === void 0) return this._helpConfiguration;
    this._helpConfiguration = configuration;
    return this;
  }
  /**
   * The default output goes to stdout and stderr. You can customise this for special
   * applications. You can also customise the display of errors by overriding outputError.
   *
   * The configuration properties are all functions:
   *
   *     // change how output being written, defaults to stdout and stderr
   *     writeOut(str)
   *     writeErr(str)
   *     // change how output being written for errors, defaults to writeErr
   *     outputError(str, write) // used for displaying errors and not used for displaying help
   *     // specify width for wrapping help
   *     getOutHelpWidth()
   *     getErrHelpWidth()
   *     // color support, currently only used with Help
   *     getOutHasColors()
   *     getErrHasColors()
   *     stripColor() // used to remove ANSI escape codes if output does not have colors
   *
   * @param {object} [configuration] - configuration options
   * @return {(Command | object)} `this` command for chaining, or stored configuration
   */
  configureOutput(configuration) {
    if (configuration === void 0) return this._outputConfiguration;
    this._outputConfiguration = {
      ...this._outputConfiguration,
      ...configuration
    };
    return this;
  }
  /**
   * Display the help or a custom message after an error occurs.
   *
   * @param {(boolean|string)} [displayHelp]
   * @return {Command} `this` command for chaining
   */
  showHelpAfterError(displayHelp = true) {
    if (typeof displayHelp !== "string") displayHelp = !!displayHelp;
    this._showHelpAfterError = displayHelp;
    return this;
  }
  /**
   * Display suggestion of similar commands for unknown commands, or options for unknown options.
   *
   * @param {boolean} [displaySuggestion]
   * @return {Command} `this` command for chaining
   */
  showSuggestionAfterError(displaySuggestion = true) {
    this._showSuggestionAfterError = !!displaySuggestion;
    return this;
  }
  /**
   * Add a prepared subcommand.
   *
   * See .command() for creating an attached subcommand which inherits settings from its parent.
   *
   * @param {Command} cmd - new subcommand
   * @param {object} [opts] - configuration options
   * @return {Command} `this` command for chaining
   */
  addCommand(cmd, opts) {
    if (!cmd._name) {
      throw new Error(`Command passed to .addCommand() must have a name
- specify the name in Command constructor or using .name()`);
    }
    opts = opts || {};
    if (opts.isDefault) this._defaultCommandName = cmd._name;
    if (opts.noHelp || opts.hidden) cmd._hidden = true;
    this._registerCommand(cmd);
    cmd.parent = this;
    cmd._checkForBrokenPassThrough();
    return this;
  }
  /**
   * Factory routine to create a new unattached argument.
   *
   * See .argument() for creating an attached argument, which uses this routine to
   * create the argument. You can override createArgument to return a custom argument.
   *
   * @param {string} name
   * @param {string} [description]
   * @return {Argument} new argument
   */
  createArgument(name, description) {
    return new Argument(name, description);
  }
  /**
   * Define argument syntax for command.
   *
   * The default is that the argument is required, and you can explicitly
   * indicate this with <> around the name. Put [] around the name for an optional argument.
   *
   * @example
   * program.argument('<input-file>');
   * program.argument('[output-file]');
   *
   * @param {string} name
   * @param {string} [description]
   * @param {(Function|*)} [parseArg] - custom argument processing function or default value
   * @param {*} [defaultValue]
   * @return {Command} `this` command for chaining
   */
  argument(name, description, parseArg, defaultValue) {
    const argument = this.createArgument(name, description);
    if (typeof parseArg === "function") {
      argument.default(defaultValue).argParser(parseArg);
    } else {
      argument.default(parseArg);
    }
    this.addArgument(argument);
    return this;
  }
  /**
   * Define argument syntax for command, adding multiple at once (without descriptions).
   *
   * See also .argument().
   *
   * @example
   * program.arguments('<cmd> [env]');
   *
   * @param {string} names
   * @return {Command} `this` command for chaining
   */
  arguments(names) {
    names.trim().split(/ +/).forEach((detail) => {
      this.argument(detail);
    });
    return this;
  }
  /**
   * Define argument syntax for command, adding a prepared argument.
   *
   * @param {Argument} argument
   * @return {Command} `this` command for chaining
   */
  addArgument(argument) {
    const previousArgument = this.registeredArguments.slice(-1)[0];
    if (previousArgument?.variadic) {
      throw new Error(
        `only the last argument can be variadic '${previousArgument.name()}'`
      );
    }
    if (argument.required && argument.defaultValue !== void 0 && argument.parseArg === void 0) {
      throw new Error(
        `a default value for a required argument is never used: '${argument.name()}'`
      );
    }
    this.registeredArguments.push(argument);
    return this;
  }
  /**
   * Customise or override default help command. By default a help command is automatically added if your command has subcommands.
   *
   * @example
   *    program.helpCommand('help [cmd]');
   *    program.helpCommand('help [cmd]', 'show help');
   *    program.helpCommand(false); // suppress default help command
   *    program.helpCommand(true); // add help command even if no subcommands
   *
   * @param {string|boolean} enableOrNameAndArgs - enable with custom name and/or arguments, or boolean to override whether added
   * @param {string} [description] - custom description
   * @return {Command} `this` command for chaining
   */
  helpCommand(enableOrNameAndArgs, description) {
    if (typeof enableOrNameAndArgs === "boolean") {
      this._addImplicitHelpCommand = enableOrNameAndArgs;
      if (enableOrNameAndArgs && this._defaultCommandGroup) {
        this._initCommandGroup(this._getHelpCommand());
      }
      return this;
    }
    const nameAndArgs = enableOrNameAndArgs ?? "help [command]";
    const [, helpName, helpArgs] = nameAndArgs.match(/([^ ]+) *(.*)/);
    const helpDescription = description ?? "display help for command";
    const helpCommand = this.createCommand(helpName);
    helpCommand.helpOption(false);
    if (helpArgs) helpCommand.arguments(helpArgs);
    if (helpDescription) helpCommand.description(helpDescription);
    this._addImplicitHelpCommand = true;
    this._helpCommand = helpCommand;
    if (enableOrNameAndArgs || description) this._initCommandGroup(helpCommand);
    return this;
  }
  /**
   * Add prepared custom help command.
   *
   * @param {(Command|string|boolean)} helpCommand - custom help command, or deprecated enableOrNameAndArgs as for `.helpCommand()`
   * @param {string} [deprecatedDescription] - deprecated custom description used with custom name only
   * @return {Command} `this` command for chaining
   */
  addHelpCommand(helpCommand, deprecatedDescription) {
    if (typeof helpCommand !== "object") {
      this.helpCommand(helpCommand, deprecatedDescription);
      return this;
    }
    this._addImplicitHelpCommand = true;
    this._helpCommand = helpCommand;
    this._initCommandGroup(helpCommand);
    return this;
  }
  /**
   * Lazy create help command.
   *
   * @return {(Command|null)}
   * @package
   */
  _getHelpCommand() {
    const hasImplicitHelpCommand = this._addImplicitHelpCommand ?? (this.commands.length && !this._actionHandler && !this._findCommand("help"));
    if (hasImplicitHelpCommand) {
      if (this._helpCommand === void 0) {
        this.helpCommand(void 0, void 0);
      }
      return this._helpCommand;
    }
    return null;
  }
  /**
   * Add hook for life cycle event.
   *
   * @param {string} event
   * @param {Function} listener
   * @return {Command} `this` command for chaining
   */
  hook(event, listener) {
    const allowedValues = ["preSubcommand", "preAction", "postAction"];
    if (!allowedValues.includes(event)) {
      throw new Error(`Unexpected value for event passed to hook : '${event}'.
Expecting one of '${allowedValues.join("', '")}'`);
    }
    if (this._lifeCycleHooks[event]) {
      this._lifeCycleHooks[event].push(listener);
    } else {
      this._lifeCycleHooks[event] = [listener];
    }
    return this;
  }
  /**
   * Register callback to use as replacement for calling process.exit.
   *
   * @param {Function} [fn] optional callback which will be passed a CommanderError, defaults to throwing
   * @return {Command} `this` command for chaining
   */
  exitOverride(fn) {
    if (fn) {
      this._exitCallback = fn;
    } else {
      this._exitCallback = (err) => {
        if (err.code !== "commander.executeSubCommandAsync") {
          throw err;
        } else {
        }
      };
    }
    return this;
  }
  /**
   * Call process.exit, and _exitCallback if defined.
   *
   * @param {number} exitCode exit code for using with process.exit
   * @param {string} code an id string representing the error
   * @param {string} message human-readable description of the error
   * @return never
   * @private
   */
  _exit(exitCode, code, message) {
    if (this._exitCallback) {
      this._exitCallback(new CommanderError(exitCode, code, message));
    }
    process2.exit(exitCode);
  }
  /**
   * Register callback `fn` for the command.
   *
   * @example
   * program
   *   .command('serve')
   *   .description('start service')
   *   .action(function() {
   *      // do work here
   *   });
   *
   * @param {Function} fn
   * @return {Command} `this` command for chaining
   */
  action(fn) {
    const listener = (args) => {
      const expectedArgsCount = this.registeredArguments.length;
      const actionArgs = args.slice(0, expectedArgsCount);
      if (this._storeOptionsAsProperties) {
        actionArgs[expectedArgsCount] = this;
      } else {
        actionArgs[expectedArgsCount] = this.opts();
      }
      actionArgs.push(this);
      return fn.apply(this, actionArgs);
    };
    this._actionHandler = listener;
    return this;
  }
  /**
   * Factory routine to create a new unattached option.
   *
   * See .option() for creating an attached option, which uses this routine to
   * create the option. You can override createOption to return a custom option.
   *
   * @param {string} flags
   * @param {string} [description]
   * @return {Option} new option
   */
  createOption(flags, description) {
    return new Option(flags, description);
  }
  /**
   * Wrap parseArgs to catch 'commander.invalidArgument'.
   *
   * @param {(Option | Argument)} target
   * @param {string} value
   * @param {*} previous
   * @param {string} invalidArgumentMessage
   * @private
   */
  _callParseArg(target, value, previous, invalidArgumentMessage) {
    try {
      return target.parseArg(value, previous);
    } catch (err) {
      if (err.code === "commander.invalidArgument") {
        const message = `${invalidArgumentMessage} ${err.message}`;
        this.error(message, { exitCode: err.exitCode, code: err.code });
      }
      throw err;
    }
  }
  /**
   * Check for option flag conflicts.
   * Register option if no conflicts found, or throw on conflict.
   *
   * @param {Option} option
   * @private
   */
  _registerOption(option) {
    const matchingOption = option.short && this._findOption(option.short) || option.long && this._findOption(option.long);
    if (matchingOption) {
      const matchingFlag = option.long && this._findOption(option.long) ? option.long : option.short;
      throw new Error(`Cannot add option '${option.flags}'${this._name && ` to command '${this._name}'`} due to conflicting flag '${matchingFlag}'
-  already used by option '${matchingOption.flags}'`);
    }
    this._initOptionGroup(option);
    this.options.push(option);
  }
  /**
   * Check for command name and alias conflicts with existing commands.
   * Register command if no conflicts found, or throw on conflict.
   *
   * @param {Command} command
   * @private
   */
  _registerCommand(command2) {
    const knownBy = (cmd) => {
      return [cmd.name()].concat(cmd.aliases());
    };
    const alreadyUsed = knownBy(command2).find(
      (name) => this._findCommand(name)
    );
    if (alreadyUsed) {
      const existingCmd = knownBy(this._findCommand(alreadyUsed)).join("|");
      const newCmd = knownBy(command2).join("|");
      throw new Error(
        `cannot add command '${newCmd}' as already have command '${existingCmd}'`
      );
    }
    this._initCommandGroup(command2);
    this.commands.push(command2);
  }
  /**
   * Add an option.
   *
   * @param {Option} option
   * @return {Command} `this` command for chaining
   */
  addOption(option) {
    this._registerOption(option);
    const oname = option.name();
    const name = option.attributeName();
    if (option.defaultValue !== void 0) {
      this.setOptionValueWithSource(name, option.defaultValue, "default");
    }
    const handleOptionValue = (val, invalidValueMessage, valueSource) => {
      if (val == null && option.presetArg !== void 0) {
        val = option.presetArg;
      }
      const oldValue = this.getOptionValue(name);
      if (val !== null && option.parseArg) {
        val = this._callParseArg(option, val, oldValue, invalidValueMessage);
      } else if (val !== null && option.variadic) {
        val = option._collectValue(val, oldValue);
      }
      if (val == null) {
        if (option.negate) {
          val = false;
        } else if (option.isBoolean() || option.optional) {
          val = true;
        } else {
          val = "";
        }
      }
      this.setOptionValueWithSource(name, val, valueSource);
    };
    this.on("option:" + oname, (val) => {
      const invalidValueMessage = `error: option '${option.flags}' argument '${val}' is invalid.`;
      handleOptionValue(val, invalidValueMessage, "cli");
    });
    if (option.envVar) {
      this.on("optionEnv:" + oname, (val) => {
        const invalidValueMessage = `error: option '${option.flags}' value '${val}' from env '${option.envVar}' is invalid.`;
        handleOptionValue(val, invalidValueMessage, "env");
      });
    }
    return this;
  }
  /**
   * Internal implementation shared by .option() and .requiredOption()
   *
   * @return {Command} `this` command for chaining
   * @private
   */
  _optionEx(config, flags, description, fn, defaultValue) {
    if (typeof flags === "object" && flags instanceof Option) {
      throw new Error(
        "To add an Option object use addOption() instead of option() or requiredOption()"
      );
    }
    const option = this.createOption(flags, description);
    option.makeOptionMandatory(!!config.mandatory);
    if (typeof fn === "function") {
      option.default(defaultValue).argParser(fn);
    } else if (fn instanceof RegExp) {
      const regex = fn;
      fn = (val, def) => {
        const m = regex.exec(val);
        return m ? m[0] : def;
      };
      option.default(defaultValue).argParser(fn);
    } else {
      option.default(fn);
    }
    return this.addOption(option);
  }
  /**
   * Define option with `flags`, `description`, and optional argument parsing function or `defaultValue` or both.
   *
   * The `flags` string contains the short and/or long flags, separated by comma, a pipe or space. A required
   * option-argument is indicated by `<>` and an optional option-argument by `[]`.
   *
   * See the README for more details, and see also addOption() and requiredOption().
   *
   * @example
   * program
   *     .option('-p, --pepper', 'add pepper')
   *     .option('--pt, --pizza-type <TYPE>', 'type of pizza') // required option-argument
   *     .option('-c, --cheese [CHEESE]', 'add extra cheese', 'mozzarella') // optional option-argument with default
   *     .option('-t, --tip <VALUE>', 'add tip to purchase cost', parseFloat) // custom parse function
   *
   * @param {string} flags
   * @param {string} [description]
   * @param {(Function|*)} [parseArg] - custom option processing function or default value
   * @param {*} [defaultValue]
   * @return {Command} `this` command for chaining
   */
  option(flags, description, parseArg, defaultValue) {
    return this._optionEx({}, flags, description, parseArg, defaultValue);
  }
  /**
   * Add a required option which must have a value after parsing. This usually means
   * the option must be specified on the command line. (Otherwise the same as .option().)
   *
   * The `flags` string contains the short and/or long flags, separated by comma, a pipe or space.
   *
   * @param {string} flags
   * @param {string} [description]
   * @param {(Function|*)} [parseArg] - custom option processing function or default value
   * @param {*} [defaultValue]
   * @return {Command} `this` command for chaining
   */
  requiredOption(flags, description, parseArg, defaultValue) {
    return this._optionEx(
      { mandatory: true },
      flags,
      description,
      parseArg,
      defaultValue
    );
  }
  /**
   * Alter parsing of short flags with optional values.
   *
   * @example
   * // for `.option('-f,--flag [value]'):
   * program.combineFlagAndOptionalValue(true);  // `-f80` is treated like `--flag=80`, this is the default behaviour
   * program.combineFlagAndOptionalValue(false) // `-fb` is treated like `-f -b`
   *
   * @param {boolean} [combine] - if `true` or omitted, an optional value can be specified directly after the flag.
   * @return {Command} `this` command for chaining
   */
  combineFlagAndOptionalValue(combine = true) {
    this._combineFlagAndOptionalValue = !!combine;
    return this;
  }
  /**
   * Allow unknown options on the command line.
   *
   * @param {boolean} [allowUnknown] - if `true` or omitted, no error will be thrown for unknown options.
   * @return {Command} `this` command for chaining
   */
  allowUnknownOption(allowUnknown = true) {
    this._allowUnknownOption = !!allowUnknown;
    return this;
  }
  /**
   * Allow excess command-arguments on the command line. Pass false to make excess arguments an error.
   *
   * @param {boolean} [allowExcess] - if `true` or omitted, no error will be thrown for excess arguments.
   * @return {Command} `this` command for chaining
   */
  allowExcessArguments(allowExcess = true) {
    this._allowExcessArguments = !!allowExcess;
    return this;
  }
  /**
   * Enable positional options. Positional means global options are specified before subcommands which lets
   * subcommands reuse the same option names, and also enables subcommands to turn on passThroughOptions.
   * The default behaviour is non-positional and global options may appear anywhere on the command line.
   *
   * @param {boolean} [positional]
   * @return {Command} `this` command for chaining
   */
  enablePositionalOptions(positional = true) {
    this._enablePositionalOptions = !!positional;
    return this;
  }
  /**
   * Pass through options that come after command-arguments rather than treat them as command-options,
   * so actual command-options come before command-arguments. Turning this on for a subcommand requires
   * positional options to have been enabled on the program (parent commands).
   * The default behaviour is non-positional and options may appear before or after command-arguments.
   *
   * @param {boolean} [passThrough] for unknown options.
   * @return {Command} `this` command for chaining
   */
  passThroughOptions(passThrough = true) {
    this._passThroughOptions = !!passThrough;
    this._checkForBrokenPassThrough();
    return this;
  }
  /**
   * @private
   */
  _checkForBrokenPassThrough() {
    if (this.parent && this._passThroughOptions && !this.parent._enablePositionalOptions) {
      throw new Error(
        `passThroughOptions cannot be used for '${this._name}' without turning on enablePositionalOptions for parent command(s)`
      );
    }
  }
  /**
   * Whether to store option values as properties on command object,
   * or store separately (specify false). In both cases the option values can be accessed using .opts().
   *
   * @param {boolean} [storeAsProperties=true]
   * @return {Command} `this` command for chaining
   */
  storeOptionsAsProperties(storeAsProperties = true) {
    if (this.options.length) {
      throw new Error("call .storeOptionsAsProperties() before adding options");
    }
    if (Object.keys(this._optionValues).length) {
      throw new Error(
        "call .storeOptionsAsProperties() before setting option values"
      );
    }
    this._storeOptionsAsProperties = !!storeAsProperties;
    return this;
  }
  /**
   * Retrieve option value.
   *
   * @param {string} key
   * @return {object} value
   */
  getOptionValue(key) {
    if (this._storeOptionsAsProperties) {
      return this[key];
    }
    return this._optionValues[key];
  }
  /**
   * Store option value.
   *
   * @param {string} key
   * @param {object} value
   * @return {Command} `this` command for chaining
   */
  setOptionValue(key, value) {
    return this.setOptionValueWithSource(key, value, void 0);
  }
  /**
   * Store option value and where the value came from.
   *
   * @param {string} key
   * @param {object} value
   * @param {string} source - expected values are default/config/env/cli/implied
   * @return {Command} `this` command for chaining
   */
  setOptionValueWithSource(key, value, source) {
    if (this._storeOptionsAsProperties) {
      this[key] = value;
    } else {
      this._optionValues[key] = value;
    }
    this._optionValueSources[key] = source;
    return this;
  }
  /**
   * Get source of option value.
   * Expected values are default | config | env | cli | implied
   *
   * @param {string} key
   * @return {string}
   */
  getOptionValueSource(key) {
    return this._optionValueSources[key];
  }
  /**
   * Get source of option value. See also .optsWithGlobals().
   * Expected values are default | config | env | cli | implied
   *
   * @param {string} key
   * @return {string}
   */
  getOptionValueSourceWithGlobals(key) {
    let source;
    this._getCommandAndAncestors().forEach((cmd) => {
      if (Object.hasOwn(cmd._optionValueSources, key)) {
        source = cmd.getOptionValueSource(key);
      }
    });
    return source;
  }
  /**
   * Get user arguments from implied or explicit arguments.
   * Side-effects: set _scriptPath if args included script. Used for default program name, and subcommand searches.
   *
   * @private
   */
  _prepareUserArgs(argv, parseOptions) {
    if (argv !== void 0 && !Array.isArray(argv)) {
      throw new Error("first parameter to parse must be array or undefined");
    }
    parseOptions = parseOptions || {};
    if (argv === void 0 && parseOptions.from === void 0) {
      if (process2.versions?.electron) {
        parseOptions.from = "electron";
      }
      const execArgv = process2.execArgv ?? [];
      if (execArgv.includes("-e") || execArgv.includes("--eval") || execArgv.includes("-p") || execArgv.includes("--print")) {
        parseOptions.from = "eval";
      }
    }
    if (argv === void 0) {
      argv = process2.argv;
    }
    this.rawArgs = argv.slice();
    let userArgs;
    switch (parseOptions.from) {
      case void 0:
      case "node":
        this._scriptPath = argv[1];
        userArgs = argv.slice(2);
        break;
      case "electron":
        if (process2.defaultApp) {
          this._scriptPath = argv[1];
          userArgs = argv.slice(2);
        } else {
          userArgs = argv.slice(1);
        }
        break;
      case "user":
        userArgs = argv.slice(0);
        break;
      case "eval":
        userArgs = argv.slice(1);
        break;
      default:
        throw new Error(
          `unexpected parse option { from: '${parseOptions.from}' }`
        );
    }
    if (!this._name && this._scriptPath)
      this.nameFromFilename(this._scriptPath);
    this._name = this._name || "program";
    return userArgs;
  }
  /**
   * Parse `argv`, setting options and invoking commands when defined.
   *
   * Use parseAsync instead of parse if any of your action handlers are async.
   *
   * Call with no parameters to parse `process.argv`. Detects Electron and special node options like `node --eval`. Easy mode!
   *
   * Or call with an array of strings to parse, and optionally where the user arguments start by specifying where the arguments are `from`:
   * - `'node'`: default, `argv[0]` is the application and `argv[1]` is the script being run, with user arguments after that
   * - `'electron'`: `argv[0]` is the application and `argv[1]` varies depending on whether the electron application is packaged
   * - `'user'`: just user arguments
   *
   * @example
   * program.parse(); // parse process.argv and auto-detect electron and special node flags
   * program.parse(process.argv); // assume argv[0] is app and argv[1] is script
   * program.parse(my-args, { from: 'user' }); // just user supplied arguments, nothing special about argv[0]
   *
   * @param {string[]} [argv] - optional, defaults to process.argv
   * @param {object} [parseOptions] - optionally specify style of options with from: node/user/electron
   * @param {string} [parseOptions.from] - where the args are from: 'node', 'user', 'electron'
   * @return {Command} `this` command for chaining
   */
  parse(argv, parseOptions) {
    this._prepareForParse();
    const userArgs = this._prepareUserArgs(argv, parseOptions);
    this._parseCommand([], userArgs);
    return this;
  }
  /**
   * Parse `argv`, setting options and invoking commands when defined.
   *
   * Call with no parameters to parse `process.argv`. Detects Electron and special node options like `node --eval`. Easy mode!
   *
   * Or call with an array of strings to parse, and optionally where the user arguments start by specifying where the arguments are `from`:
   * - `'node'`: default, `argv[0]` is the application and `argv[1]` is the script being run, with user arguments after that
   * - `'electron'`: `argv[0]` is the application and `argv[1]` varies depending on whether the electron application is packaged
   * - `'user'`: just user arguments
   *
   * @example
   * await program.parseAsync(); // parse process.argv and auto-detect electron and special node flags
   * await program.parseAsync(process.argv); // assume argv[0] is app and argv[1] is script
   * await program.parseAsync(my-args, { from: 'user' }); // just user supplied arguments, nothing special about argv[0]
   *
   * @param {string[]} [argv]
   * @param {object} [parseOptions]
   * @param {string} parseOptions.from - where the args are from: 'node', 'user', 'electron'
   * @return {Promise}
   */
  async parseAsync(argv, parseOptions) {
    this._prepareForParse();
    const userArgs = this._prepareUserArgs(argv, parseOptions);
    await this._parseCommand([], userArgs);
    return this;
  }
  _prepareForParse() {
    if (this._savedState === null) {
      this.options.filter(
        (option) => option.negate && option.defaultValue === void 0 && this.getOptionValue(option.attributeName()) === void 0
      ).forEach((option) => {
        const positiveLongFlag = option.long.replace(/^--no-/, "--");
        if (!this._findOption(positiveLongFlag)) {
          this.setOptionValueWithSource(
            option.attributeName(),
            true,
            "default"
          );
        }
      });
      this.saveStateBeforeParse();
    } else {
      this.restoreStateBeforeParse();
    }
  }
  /**
   * Called the first time parse is called to save state and allow a restore before subsequent calls to parse.
   * Not usually called directly, but available for subclasses to save their custom state.
   *
   * This is called in a lazy way. Only commands used in parsing chain will have state saved.
   */
  saveStateBeforeParse() {
    this._savedState = {
      // name is stable if supplied by author, but may be unspecified for root command and deduced during parsing
      _name: this._name,
      // option values before parse have default values (including false for negated options)
      // shallow clones
      _optionValues: { ...this._optionValues },
      _optionValueSources: { ...this._optionValueSources }
    };
  }
  /**
   * Restore state before parse for calls after the first.
   * Not usually called directly, but available for subclasses to save their custom state.
   *
   * This is called in a lazy way. Only commands used in parsing chain will have state restored.
   */
  restoreStateBeforeParse() {
    if (this._storeOptionsAsProperties)
      throw new Error(`Can not call parse again when storeOptionsAsProperties is true.
- either make a new Command for each call to parse, or stop storing options as properties`);
    this._name = this._savedState._name;
    this._scriptPath = null;
    this.rawArgs = [];
    this._optionValues = { ...this._savedState._optionValues };
    this._optionValueSources = { ...this._savedState._optionValueSources };
    this.args = [];
    this.processedArgs = [];
  }
  /**
   * Throw if expected executable is missing. Add lots of help for author.
   *
   * @param {string} executableFile
   * @param {string} executableDir
   * @param {string} subcommandName
   */
  _checkForMissingExecutable(executableFile, executableDir, subcommandName) {
    if (fs.existsSync(executableFile)) return;
    const executableDirMessage = executableDir ? `searched for local subcommand relative to directory '${executableDir}'` : "no directory for search for local subcommand, use .executableDir() to supply a custom directory";
    const executableMissing = `'${executableFile}' does not exist
 - if '${subcommandName}' is not meant to be an executable command, remove description parameter from '.command()' and use '.description()' instead
 - if the default executable name is not suitable, use the executableFile option to supply a custom name or path
 - ${executableDirMessage}`;
    throw new Error(executableMissing);
  }
  /**
   * Execute a sub-command executable.
   *
   * @private
   */
  _executeSubCommand(subcommand, args) {
    args = args.slice();
    const sourceExt = [".js", ".ts", ".tsx", ".mjs", ".cjs"];
    function findFile(baseDir, baseName) {
      const localBin = path.resolve(baseDir, baseName);
      if (fs.existsSync(localBin)) return localBin;
      if (sourceExt.includes(path.extname(baseName))) return void 0;
      const foundExt = sourceExt.find(
        (ext) => fs.existsSync(`${localBin}${ext}`)
      );
      if (foundExt) return `${localBin}${foundExt}`;
      return void 0;
    }
    this._checkForMissingMandatoryOptions();
    this._checkForConflictingOptions();
    let executableFile = subcommand._executableFile || `${this._name}-${subcommand._name}`;
    let executableDir = this._executableDir || "";
    if (this._scriptPath) {
      let resolvedScriptPath;
      try {
        resolvedScriptPath = fs.realpathSync(this._scriptPath);
      } catch {
        resolvedScriptPath = this._scriptPath;
      }
      executableDir = path.resolve(
        path.dirname(resolvedScriptPath),
        executableDir
      );
    }
    if (executableDir) {
      let localFile = findFile(executableDir, executableFile);
      if (!localFile && !subcommand._executableFile && this._scriptPath) {
        const legacyName = path.basename(
          this._scriptPath,
          path.extname(this._scriptPath)
        );
        if (legacyName !== this._name) {
          localFile = findFile(
            executableDir,
            `${legacyName}-${subcommand._name}`
          );
        }
      }
      executableFile = localFile || executableFile;
    }
    const launchWithNode = sourceExt.includes(path.extname(executableFile));
    let proc;
    if (process2.platform !== "win32") {
      if (launchWithNode) {
        args.unshift(executableFile);
        args = incrementNodeInspectorPort(process2.execArgv).concat(args);
        proc = childProcess.spawn(process2.argv[0], args, { stdio: "inherit" });
      } else {
        proc = childProcess.spawn(executableFile, args, { stdio: "inherit" });
      }
    } else {
      this._checkForMissingExecutable(
        executableFile,
        executableDir,
        subcommand._name
      );
      args.unshift(executableFile);
      args = incrementNodeInspectorPort(process2.execArgv).concat(args);
      proc = childProcess.spawn(process2.execPath, args, { stdio: "inherit" });
    }
    if (!proc.killed) {
      const signals = ["SIGUSR1", "SIGUSR2", "SIGTERM", "SIGINT", "SIGHUP"];
      signals.forEach((signal) => {
        process2.on(signal, () => {
          if (proc.killed === false && proc.exitCode === null) {
            proc.kill(signal);
          }
        });
      });
    }
    const exitCallback = this._exitCallback;
    proc.on("close", (code) => {
      code = code ?? 1;
      if (!exitCallback) {
        process2.exit(code);
      } else {
        exitCallback(
          new CommanderError(
            code,
            "commander.executeSubCommandAsync",
            "(close)"
          )
        );
      }
    });
    proc.on("error", (err) => {
      if (err.code === "ENOENT") {
        this._checkForMissingExecutable(
          executableFile,
          executableDir,
          subcommand._name
        );
      } else if (err.code === "EACCES") {
        throw new Error(`'${executableFile}' not executable`);
      }
      if (!exitCallback) {
        process2.exit(1);
      } else {
        const wrappedError = new CommanderError(
          1,
          "commander.executeSubCommandAsync",
          "(error)"
        );
        wrappedError.nestedError = err;
        exitCallback(wrappedError);
      }
    });
    this.runningCommand = proc;
  }
  /**
   * @private
   */
  _dispatchSubcommand(commandName, operands, unknown) {
    const subCommand = this._findCommand(commandName);
    if (!subCommand) this.help({ error: true });
    subCommand._prepareForParse();
    let promiseChain;
    promiseChain = this._chainOrCallSubCommandHook(
      promiseChain,
      subCommand,
      "preSubcommand"
    );
    promiseChain = this._chainOrCall(promiseChain, () => {
      if (subCommand._executableHandler) {
        this._executeSubCommand(subCommand, operands.concat(unknown));
      } else {
        return subCommand._parseCommand(operands, unknown);
      }
    });
    return promiseChain;
  }
  /**
   * Invoke help directly if possible, or dispatch if necessary.
   * e.g. help foo
   *
   * @private
   */
  _dispatchHelpCommand(subcommandName) {
    if (!subcommandName) {
      this.help();
    }
    const subCommand = this._findCommand(subcommandName);
    if (subCommand && !subCommand._executableHandler) {
      subCommand.help();
    }
    return this._dispatchSubcommand(
      subcommandName,
      [],
      [this._getHelpOption()?.long ?? this._getHelpOption()?.short ?? "--help"]
    );
  }
  /**
   * Check this.args against expected this.registeredArguments.
   *
   * @private
   */
  _checkNumberOfArguments() {
    this.registeredArguments.forEach((arg, i) => {
      if (arg.required && this.args[i] == null) {
        this.missingArgument(arg.name());
      }
    });
    if (this.registeredArguments.length > 0 && this.registeredArguments[this.registeredArguments.length - 1].variadic) {
      return;
    }
    if (this.args.length > this.registeredArguments.length) {
      this._excessArguments(this.args);
    }
  }
  /**
   * Process this.args using this.registeredArguments and save as this.processedArgs!
   *
   * @private
   */
  _processArguments() {
    const myParseArg = (argument, value, previous) => {
      let parsedValue = value;
      if (value !== null && argument.parseArg) {
        const invalidValueMessage = `error: command-argument value '${value}' is invalid for argument '${argument.name()}'.`;
        parsedValue = this._callParseArg(
          argument,
          value,
          previous,
          invalidValueMessage
        );
      }
      return parsedValue;
    };
    this._checkNumberOfArguments();
    const processedArgs = [];
    this.registeredArguments.forEach((declaredArg, index) => {
      let value = declaredArg.defaultValue;
      if (declaredArg.variadic) {
        if (index < this.args.length) {
          value = this.args.slice(index);
          if (declaredArg.parseArg) {
            value = value.reduce((processed, v) => {
              return myParseArg(declaredArg, v, processed);
            }, declaredArg.defaultValue);
          }
        } else if (value === void 0) {
          value = [];
        }
      } else if (index < this.args.length) {
        value = this.args[index];
        if (declaredArg.parseArg) {
          value = myParseArg(declaredArg, value, declaredArg.defaultValue);
        }
      }
      processedArgs[index] = value;
    });
    this.processedArgs = processedArgs;
  }
  /**
   * Once we have a promise we chain, but call synchronously until then.
   *
   * @param {(Promise|undefined)} promise
   * @param {Function} fn
   * @return {(Promise|undefined)}
   * @private
   */
  _chainOrCall(promise, fn) {
    if (promise?.then && typeof promise.then === "function") {
      return promise.then(() => fn());
    }
    return fn();
  }
  /**
   *
   * @param {(Promise|undefined)} promise
   * @param {string} event
   * @return {(Promise|undefined)}
   * @private
   */
  _chainOrCallHooks(promise, event) {
    let result = promise;
    const hooks = [];
    this._getCommandAndAncestors().reverse().filter((cmd) => cmd._lifeCycleHooks[event] !== void 0).forEach((hookedCommand) => {
      hookedCommand._lifeCycleHooks[event].forEach((callback) => {
        hooks.push({ hookedCommand, callback });
      });
    });
    if (event === "postAction") {
      hooks.reverse();
    }
    hooks.forEach((hookDetail) => {
      result = this._chainOrCall(result, () => {
        return hookDetail.callback(hookDetail.hookedCommand, this);
      });
    });
    return result;
  }
  /**
   *
   * @param {(Promise|undefined)} promise
   * @param {Command} subCommand
   * @param {string} event
   * @return {(Promise|undefined)}
   * @private
   */
  _chainOrCallSubCommandHook(promise, subCommand, event) {
    let result = promise;
    if (this._lifeCycleHooks[event] !== void 0) {
      this._lifeCycleHooks[event].forEach((hook) => {
        result = this._chainOrCall(result, () => {
          return hook(this, subCommand);
        });
      });
    }
    return result;
  }
  /**
   * Process arguments in context of this command.
   * Returns action result, in case it is a promise.
   *
   * @private
   */
  _parseCommand(operands, unknown) {
    const parsed2 = this.parseOptions(unknown);
    this._parseOptionsEnv();
    this._parseOptionsImplied();
    operands = operands.concat(parsed2.operands);
    unknown = parsed2.unknown;
    this.args = operands.concat(unknown);
    if (operands && this._findCommand(operands[0])) {
      return this._dispatchSubcommand(operands[0], operands.slice(1), unknown);
    }
    if (this._getHelpCommand() && operands[0] === this._getHelpCommand().name()) {
      return this._dispatchHelpCommand(operands[1]);
    }
    if (this._defaultCommandName) {
      this._outputHelpIfRequested(unknown);
      return this._dispatchSubcommand(
        this._defaultCommandName,
        operands,
        unknown
      );
    }
    if (this.commands.length && this.args.length === 0 && !this._actionHandler && !this._defaultCommandName) {
      this.help({ error: true });
    }
    this._outputHelpIfRequested(parsed2.unknown);
    this._checkForMissingMandatoryOptions();
    this._checkForConflictingOptions();
    const checkForUnknownOptions = () => {
      if (parsed2.unknown.length > 0) {
        this.unknownOption(parsed2.unknown[0]);
      }
    };
    const commandEvent = `command:${this.name()}`;
    if (this._actionHandler) {
      checkForUnknownOptions();
      this._processArguments();
      let promiseChain;
      promiseChain = this._chainOrCallHooks(promiseChain, "preAction");
      promiseChain = this._chainOrCall(
        promiseChain,
        () => this._actionHandler(this.processedArgs)
      );
      if (this.parent) {
        promiseChain = this._chainOrCall(promiseChain, () => {
          this.parent.emit(commandEvent, operands, unknown);
        });
      }
      promiseChain = this._chainOrCallHooks(promiseChain, "postAction");
      return promiseChain;
    }
    if (this.parent?.listenerCount(commandEvent)) {
      checkForUnknownOptions();
      this._processArguments();
      this.parent.emit(commandEvent, operands, unknown);
    } else if (operands.length) {
      if (this._findCommand("*")) {
        return this._dispatchSubcommand("*", operands, unknown);
      }
      if (this.listenerCount("command:*")) {
        this.emit("command:*", operands, unknown);
      } else if (this.commands.length) {
        this.unknownCommand();
      } else {
        checkForUnknownOptions();
        this._processArguments();
      }
    } else if (this.commands.length) {
      checkForUnknownOptions();
      this.help({ error: true });
    } else {
      checkForUnknownOptions();
      this._processArguments();
    }
  }
  /**
   * Find matching command.
   *
   * @private
   * @return {Command | undefined}
   */
  _findCommand(name) {
    if (!name) return void 0;
    return this.commands.find(
      (cmd) => cmd._name === name || cmd._aliases.includes(name)
    );
  }
  /**
   * Return an option matching `arg` if any.
   *
   * @param {string} arg
   * @return {Option}
   * @package
   */
  _findOption(arg) {
    return this.options.find((option) => option.is(arg));
  }
  /**
   * Display an error message if a mandatory option does not have a value.
   * Called after checking for help flags in leaf subcommand.
   *
   * @private
   */
  _checkForMissingMandatoryOptions() {
    this._getCommandAndAncestors().forEach((cmd) => {
      cmd.options.forEach((anOption) => {
        if (anOption.mandatory && cmd.getOptionValue(anOption.attributeName()) === void 0) {
          cmd.missingMandatoryOptionValue(anOption);
        }
      });
    });
  }
  /**
   * Display an error message if conflicting options are used together in this.
   *
   * @private
   */
  _checkForConflictingLocalOptions() {
    const definedNonDefaultOptions = this.options.filter((option) => {
      const optionKey = option.attributeName();
      if (this.getOptionValue(optionKey) === void 0) {
        return false;
      }
      return this.getOptionValueSource(optionKey) !== "default";
    });
    const optionsWithConflicting = definedNonDefaultOptions.filter(
      (option) => option.conflictsWith.length > 0
    );
    optionsWithConflicting.forEach((option) => {
      const conflictingAndDefined = definedNonDefaultOptions.find(
        (defined) => option.conflictsWith.includes(defined.attributeName())
      );
      if (conflictingAndDefined) {
        this._conflictingOption(option, conflictingAndDefined);
      }
    });
  }
  /**
   * Display an error message if conflicting options are used together.
   * Called after checking for help flags in leaf subcommand.
   *
   * @private
   */
  _checkForConflictingOptions() {
    this._getCommandAndAncestors().forEach((cmd) => {
      cmd._checkForConflictingLocalOptions();
    });
  }
  /**
   * Parse options from `argv` removing known options,
   * and return argv split into operands and unknown arguments.
   *
   * Side effects: modifies command by storing options. Does not reset state if called again.
   *
   * Examples:
   *
   *     argv => operands, unknown
   *     --known kkk op => [op], []
   *     op --known kkk => [op], []
   *     sub --unknown uuu op => [sub], [--unknown uuu op]
   *     sub -- --unknown uuu op => [sub --unknown uuu op], []
   *
   * @param {string[]} args
   * @return {{operands: string[], unknown: string[]}}
   */
  parseOptions(args) {
    const operands = [];
    const unknown = [];
    let dest = operands;
    function maybeOption(arg) {
      return arg.length > 1 && arg[0] === "-";
    }
    const negativeNumberArg = (arg) => {
      if (!/^-(\d+|\d*\.\d+)([eE][+-]?\d+)?$/.test(arg)) return false;
      return !this._getCommandAndAncestors().some(
        (cmd) => cmd.options.map((opt) => opt.short).some((short) => /^-\d$/.test(short))
      );
    };
    let activeVariadicOption = null;
    let activeGroup = null;
    let i = 0;
    while (i < args.length || activeGroup) {
      const arg = activeGroup ?? args[i++];
      activeGroup = null;
      if (arg === "--") {
        if (dest === unknown) dest.push(arg);
        dest.push(...args.slice(i));
        break;
      }
      if (activeVariadicOption && (!maybeOption(arg) || negativeNumberArg(arg))) {
        this.emit(`option:${activeVariadicOption.name()}`, arg);
        continue;
      }
      activeVariadicOption = null;
      if (maybeOption(arg)) {
        const option = this._findOption(arg);
        if (option) {
          if (option.required) {
            const value = args[i++];
            if (value === void 0) this.optionMissingArgument(option);
            this.emit(`option:${option.name()}`, value);
          } else if (option.optional) {
            let value = null;
            if (i < args.length && (!maybeOption(args[i]) || negativeNumberArg(args[i]))) {
              value = args[i++];
            }
            this.emit(`option:${option.name()}`, value);
          } else {
            this.emit(`option:${option.name()}`);
          }
          activeVariadicOption = option.variadic ? option : null;
          continue;
        }
      }
      if (arg.length > 2 && arg[0] === "-" && arg[1] !== "-") {
        const option = this._findOption(`-${arg[1]}`);
        if (option) {
          if (option.required || option.optional && this._combineFlagAndOptionalValue) {
            this.emit(`option:${option.name()}`, arg.slice(2));
          } else {
            this.emit(`option:${option.name()}`);
            activeGroup = `-${arg.slice(2)}`;
          }
          continue;
        }
      }
      if (/^--[^=]+=/.test(arg)) {
        const index = arg.indexOf("=");
        const option = this._findOption(arg.slice(0, index));
        if (option && (option.required || option.optional)) {
          this.emit(`option:${option.name()}`, arg.slice(index + 1));
          continue;
        }
      }
      if (dest === operands && maybeOption(arg) && !(this.commands.length === 0 && negativeNumberArg(arg))) {
        dest = unknown;
      }
      if ((this._enablePositionalOptions || this._passThroughOptions) && operands.length === 0 && unknown.length === 0) {
        if (this._findCommand(arg)) {
          operands.push(arg);
          unknown.push(...args.slice(i));
          break;
        } else if (this._getHelpCommand() && arg === this._getHelpCommand().name()) {
          operands.push(arg, ...args.slice(i));
          break;
        } else if (this._defaultCommandName) {
          unknown.push(arg, ...args.slice(i));
          break;
        }
      }
      if (this._passThroughOptions) {
        dest.push(arg, ...args.slice(i));
        break;
      }
      dest.push(arg);
    }
    return { operands, unknown };
  }
  /**
   * Return an object containing local option values as key-value pairs.
   *
   * @return {object}
   */
  opts() {
    if (this._storeOptionsAsProperties) {
      const result = {};
      const len = this.options.length;
      for (let i = 0; i < len; i++) {
        const key = this.options[i].attributeName();
        result[key] = key === this._versionOptionName ? this._version : this[key];
      }
      return result;
    }
    return this._optionValues;
  }
  /**
   * Return an object containing merged local and global option values as key-value pairs.
   *
   * @return {object}
   */
  optsWithGlobals() {
    return this._getCommandAndAncestors().reduce(
      (combinedOptions, cmd) => Object.assign(combinedOptions, cmd.opts()),
      {}
    );
  }
  /**
   * Display error message and exit (or call exitOverride).
   *
   * @param {string} message
   * @param {object} [errorOptions]
   * @param {string} [errorOptions.code] - an id string representing the error
   * @param {number} [errorOptions.exitCode] - used with process.exit
   */
  error(message, errorOptions) {
    this._outputConfiguration.outputError(
      `${message}
`,
      this._outputConfiguration.writeErr
    );
    if (typeof this._showHelpAfterError === "string") {
      this._outputConfiguration.writeErr(`${this._showHelpAfterError}
`);
    } else if (this._showHelpAfterError) {
      this._outputConfiguration.writeErr("\n");
      this.outputHelp({ error: true });
    }
    const config = errorOptions || {};
    const exitCode = config.exitCode || 1;
    const code = config.code || "commander.error";
    this._exit(exitCode, code, message);
  }
  /**
   * Apply any option related environment variables, if option does
   * not have a value from cli or client code.
   *
   * @private
   */
  _parseOptionsEnv() {
    this.options.forEach((option) => {
      if (option.envVar && option.envVar in process2.env) {
        const optionKey = option.attributeName();
        if (this.getOptionValue(optionKey) === void 0 || ["default", "config", "env"].includes(
          this.getOptionValueSource(optionKey)
        )) {
          if (option.required || option.optional) {
            this.emit(`optionEnv:${option.name()}`, process2.env[option.envVar]);
          } else {
            this.emit(`optionEnv:${option.name()}`);
          }
        }
      }
    });
  }
  /**
   * Apply any implied option values, if option is undefined or default value.
   *
   * @private
   */
  _parseOptionsImplied() {
    const dualHelper = new DualOptions(this.options);
    const hasCustomOptionValue = (optionKey) => {
      return this.getOptionValue(optionKey) !== void 0 && !["default", "implied"].includes(this.getOptionValueSource(optionKey));
    };
    this.options.filter(
      (option) => option.implied !== void 0 && hasCustomOptionValue(option.attributeName()) && dualHelper.valueFromOption(
        this.getOptionValue(option.attributeName()),
        option
      )
    ).forEach((option) => {
      Object.keys(option.implied).filter((impliedKey) => !hasCustomOptionValue(impliedKey)).forEach((impliedKey) => {
        this.setOptionValueWithSource(
          impliedKey,
          option.implied[impliedKey],
          "implied"
        );
      });
    });
  }
  /**
   * Argument `name` is missing.
   *
   * @param {string} name
   * @private
   */
  missingArgument(name) {
    const message = `error: missing required argument '${name}'`;
    this.error(message, { code: "commander.missingArgument" });
  }
  /**
   * `Option` is missing an argument.
   *
   * @param {Option} option
   * @private
   */
  optionMissingArgument(option) {
    const message = `error: option '${option.flags}' argument missing`;
    this.error(message, { code: "commander.optionMissingArgument" });
  }
  /**
   * `Option` does not have a value, and is a mandatory option.
   *
   * @param {Option} option
   * @private
   */
  missingMandatoryOptionValue(option) {
    const message = `error: required option '${option.flags}' not specified`;
    this.error(message, { code: "commander.missingMandatoryOptionValue" });
  }
  /**
   * `Option` conflicts with another option.
   *
   * @param {Option} option
   * @param {Option} conflictingOption
   * @private
   */
  _conflictingOption(option, conflictingOption) {
    const findBestOptionFromValue = (option2) => {
      const optionKey = option2.attributeName();
      const optionValue = this.getOptionValue(optionKey);
      const negativeOption = this.options.find(
        (target) => target.negate && optionKey === target.attributeName()
      );
      const positiveOption = this.options.find(
        (target) => !target.negate && optionKey === target.attributeName()
      );
      if (negativeOption && (negativeOption.presetArg === void 0 && optionValue === false || negativeOption.presetArg !== void 0 && optionValue === negativeOption.presetArg)) {
        return negativeOption;
      }
      return positiveOption || option2;
    };
    const getErrorMessage = (option2) => {
      const bestOption = findBestOptionFromValue(option2);
      const optionKey = bestOption.attributeName();
      const source = this.getOptionValueSource(optionKey);
      if (source === "env") {
        return `environment variable '${bestOption.envVar}'`;
      }
      return `option '${bestOption.flags}'`;
    };
    const message = `error: ${getErrorMessage(option)} cannot be used with ${getErrorMessage(conflictingOption)}`;
    this.error(message, { code: "commander.conflictingOption" });
  }
  /**
   * Unknown option `flag`.
   *
   * @param {string} flag
   * @private
   */
  unknownOption(flag2) {
    if (this._allowUnknownOption) return;
    let suggestion = "";
    if (flag2.startsWith("--") && this._showSuggestionAfterError) {
      let candidateFlags = [];
      let command2 = this;
      do {
        const moreFlags = command2.createHelp().visibleOptions(command2).filter((option) => option.long).map((option) => option.long);
        candidateFlags = candidateFlags.concat(moreFlags);
        command2 = command2.parent;
      } while (command2 && !command2._enablePositionalOptions);
      suggestion = suggestSimilar(flag2, candidateFlags);
    }
    const message = `error: unknown option '${flag2}'${suggestion}`;
    this.error(message, { code: "commander.unknownOption" });
  }
  /**
   * Excess arguments, more than expected.
   *
   * @param {string[]} receivedArgs
   * @private
   */
  _excessArguments(receivedArgs) {
    if (this._allowExcessArguments) return;
    const expected = this.registeredArguments.length;
    const s = expected === 1 ? "" : "s";
    const received = receivedArgs.length;
    const forSubcommand = this.parent ? ` for '${this.name()}'` : "";
    const details = receivedArgs.join(", ");
    const message = `error: too many arguments${forSubcommand}. Expected ${expected} argument${s} but got ${received}: ${details}.`;
    this.error(message, { code: "commander.excessArguments" });
  }
  /**
   * Unknown command.
   *
   * @private
   */
  unknownCommand() {
    const unknownName = this.args[0];
    let suggestion = "";
    if (this._showSuggestionAfterError) {
      const candidateNames = [];
      this.createHelp().visibleCommands(this).forEach((command2) => {
        candidateNames.push(command2.name());
        if (command2.alias()) candidateNames.push(command2.alias());
      });
      suggestion = suggestSimilar(unknownName, candidateNames);
    }
    const message = `error: unknown command '${unknownName}'${suggestion}`;
    this.error(message, { code: "commander.unknownCommand" });
  }
  /**
   * Get or set the program version.
   *
   * This method auto-registers the "-V, --version" option which will print the version number.
   *
   * You can optionally supply the flags and description to override the defaults.
   *
   * @param {string} [str]
   * @param {string} [flags]
   * @param {string} [description]
   * @return {(this | string | undefined)} `this` command for chaining, or version string if no arguments
   */
  version(str, flags, description) {
    if (str === void 0) return this._version;
    this._version = str;
    flags = flags || "-V, --version";
    description = description || "output the version number";
    const versionOption = this.createOption(flags, description);
    this._versionOptionName = versionOption.attributeName();
    this._registerOption(versionOption);
    this.on("option:" + versionOption.name(), () => {
      this._outputConfiguration.writeOut(`${str}
`);
      this._exit(0, "commander.version", str);
    });
    return this;
  }
  /**
   * Set the description.
   *
   * @param {string} [str]
   * @param {object} [argsDescription]
   * @return {(string|Command)}
   */
  description(str, argsDescription) {
    if (str === void 0 && argsDescription === void 0)
      return this._description;
    this._description = str;
    if (argsDescription) {
      this._argsDescription = argsDescription;
    }
    return this;
  }
  /**
   * Set the summary. Used when listed as subcommand of parent.
   *
   * @param {string} [str]
   * @return {(string|Command)}
   */
  summary(str) {
    if (str === void 0) return this._summary;
    this._summary = str;
    return this;
  }
  /**
   * Set an alias for the command.
   *
   * You may call more than once to add multiple aliases. Only the first alias is shown in the auto-generated help.
   *
   * @param {string} [alias]
   * @return {(string|Command)}
   */
  alias(alias) {
    if (alias === void 0) return this._aliases[0];
    let command2 = this;
    if (this.commands.length !== 0 && this.commands[this.commands.length - 1]._executableHandler) {
      command2 = this.commands[this.commands.length - 1];
    }
    if (alias === command2._name)
      throw new Error("Command alias can't be the same as its name");
    const matchingCommand = this.parent?._findCommand(alias);
    if (matchingCommand) {
      const existingCmd = [matchingCommand.name()].concat(matchingCommand.aliases()).join("|");
      throw new Error(
        `cannot add alias '${alias}' to command '${this.name()}' as already have command '${existingCmd}'`
      );
    }
    command2._aliases.push(alias);
    return this;
  }
  /**
   * Set aliases for the command.
   *
   * Only the first alias is shown in the auto-generated help.
   *
   * @param {string[]} [aliases]
   * @return {(string[]|Command)}
   */
  aliases(aliases) {
    if (aliases === void 0) return this._aliases;
    aliases.forEach((alias) => this.alias(alias));
    return this;
  }
  /**
   * Set / get the command usage `str`.
   *
   * @param {string} [str]
   * @return {(string|Command)}
   */
  usage(str) {
    if (str === void 0) {
      if (this._usage) return this._usage;
      const args = this.registeredArguments.map((arg) => {
        return humanReadableArgName(arg);
      });
      return [].concat(
        this.options.length || this._helpOption !== null ? "[options]" : [],
        this.commands.length ? "[command]" : [],
        this.registeredArguments.length ? args : []
      ).join(" ");
    }
    this._usage = str;
    return this;
  }
  /**
   * Get or set the name of the command.
   *
   * @param {string} [str]
   * @return {(string|Command)}
   */
  name(str) {
    if (str === void 0) return this._name;
    this._name = str;
    return this;
  }
  /**
   * Set/get the help group heading for this subcommand in parent command's help.
   *
   * @param {string} [heading]
   * @return {Command | string}
   */
  helpGroup(heading) {
    if (heading === void 0) return this._helpGroupHeading ?? "";
    this._helpGroupHeading = heading;
    return this;
  }
  /**
   * Set/get the default help group heading for subcommands added to this command.
   * (This does not override a group set directly on the subcommand using .helpGroup().)
   *
   * @example
   * program.commandsGroup('Development Commands:');
   * program.command('watch')...
   * program.command('lint')...
   * ...
   *
   * @param {string} [heading]
   * @returns {Command | string}
   */
  commandsGroup(heading) {
    if (heading === void 0) return this._defaultCommandGroup ?? "";
    this._defaultCommandGroup = heading;
    return this;
  }
  /**
   * Set/get the default help group heading for options added to this command.
   * (This does not override a group set directly on the option using .helpGroup().)
   *
   * @example
   * program
   *   .optionsGroup('Development Options:')
   *   .option('-d, --debug', 'output extra debugging')
   *   .option('-p, --profile', 'output profiling information')
   *
   * @param {string} [heading]
   * @returns {Command | string}
   */
  optionsGroup(heading) {
    if (heading === void 0) return this._defaultOptionGroup ?? "";
    this._defaultOptionGroup = heading;
    return this;
  }
  /**
   * @param {Option} option
   * @private
   */
  _initOptionGroup(option) {
    if (this._defaultOptionGroup && !option.helpGroupHeading)
      option.helpGroup(this._defaultOptionGroup);
  }
  /**
   * @param {Command} cmd
   * @private
   */
  _initCommandGroup(cmd) {
    if (this._defaultCommandGroup && !cmd.helpGroup())
      cmd.helpGroup(this._defaultCommandGroup);
  }
  /**
   * Set the name of the command from script filename, such as process.argv[1],
   * or import.meta.filename.
   *
   * (Used internally and public although not documented in README.)
   *
   * @example
   * program.nameFromFilename(import.meta.filename);
   *
   * @param {string} filename
   * @return {Command}
   */
  nameFromFilename(filename) {
    this._name = path.basename(filename, path.extname(filename));
    return this;
  }
  /**
   * Get or set the directory for searching for executable subcommands of this command.
   *
   * @example
   * program.executableDir(import.meta.dirname);
   * // or
   * program.executableDir('subcommands');
   *
   * @param {string} [path]
   * @return {(string|null|Command)}
   */
  executableDir(path2) {
    if (path2 === void 0) return this._executableDir;
    this._executableDir = path2;
    return this;
  }
  /**
   * Return program help documentation.
   *
   * @param {{ error: boolean }} [contextOptions] - pass {error:true} to wrap for stderr instead of stdout
   * @return {string}
   */
  helpInformation(contextOptions) {
    const helper = this.createHelp();
    const context = this._getOutputContext(contextOptions);
    helper.prepareContext({
      error: context.error,
      helpWidth: context.helpWidth,
      outputHasColors: context.hasColors
    });
    const text2 = helper.formatHelp(this, helper);
    if (context.hasColors) return text2;
    return this._outputConfiguration.stripColor(text2);
  }
  /**
   * @typedef HelpContext
   * @type {object}
   * @property {boolean} error
   * @property {number} helpWidth
   * @property {boolean} hasColors
   * @property {function} write - includes stripColor if needed
   *
   * @returns {HelpContext}
   * @private
   */
  _getOutputContext(contextOptions) {
    contextOptions = contextOptions || {};
    const error = !!contextOptions.error;
    let baseWrite;
    let hasColors;
    let helpWidth;
    if (error) {
      baseWrite = (str) => this._outputConfiguration.writeErr(str);
      hasColors = this._outputConfiguration.getErrHasColors();
      helpWidth = this._outputConfiguration.getErrHelpWidth();
    } else {
      baseWrite = (str) => this._outputConfiguration.writeOut(str);
      hasColors = this._outputConfiguration.getOutHasColors();
      helpWidth = this._outputConfiguration.getOutHelpWidth();
    }
    const write = (str) => {
      if (!hasColors) str = this._outputConfiguration.stripColor(str);
      return baseWrite(str);
    };
    return { error, write, hasColors, helpWidth };
  }
  /**
   * Output help information for this command.
   *
   * Outputs built-in help, and custom text added using `.addHelpText()`.
   *
   * @param {{ error: boolean } | Function} [contextOptions] - pass {error:true} to write to stderr instead of stdout
   */
  outputHelp(contextOptions) {
    let deprecatedCallback;
    if (typeof contextOptions === "function") {
      deprecatedCallback = contextOptions;
      contextOptions = void 0;
    }
    const outputContext = this._getOutputContext(contextOptions);
    const eventContext = {
      error: outputContext.error,
      write: outputContext.write,
      command: this
    };
    this._getCommandAndAncestors().reverse().forEach((command2) => command2.emit("beforeAllHelp", eventContext));
    this.emit("beforeHelp", eventContext);
    let helpInformation = this.helpInformation({ error: outputContext.error });
    if (deprecatedCallback) {
      helpInformation = deprecatedCallback(helpInformation);
      if (typeof helpInformation !== "string" && !Buffer.isBuffer(helpInformation)) {
        throw new Error("outputHelp callback must return a string or a Buffer");
      }
    }
    outputContext.write(helpInformation);
    if (this._getHelpOption()?.long) {
      this.emit(this._getHelpOption().long);
    }
    this.emit("afterHelp", eventContext);
    this._getCommandAndAncestors().forEach(
      (command2) => command2.emit("afterAllHelp", eventContext)
    );
  }
  /**
   * You can pass in flags and a description to customise the built-in help option.
   * Pass in false to disable the built-in help option.
   *
   * @example
   * program.helpOption('-?, --help', 'show help'); // customise
   * program.helpOption(false); // disable
   *
   * @param {(string | boolean)} flags
   * @param {string} [description]
   * @return {Command} `this` command for chaining
   */
  helpOption(flags, description) {
    if (typeof flags === "boolean") {
      if (flags) {
        if (this._helpOption === null) this._helpOption = void 0;
        if (this._defaultOptionGroup) {
          this._initOptionGroup(this._getHelpOption());
        }
      } else {
        this._helpOption = null;
      }
      return this;
    }
    this._helpOption = this.createOption(
      flags ?? "-h, --help",
      description ?? "display help for command"
    );
    if (flags || description) this._initOptionGroup(this._helpOption);
    return this;
  }
  /**
   * Lazy create help option.
   * Returns null if has been disabled with .helpOption(false).
   *
   * @returns {(Option | null)} the help option
   * @package
   */
  _getHelpOption() {
    if (this._helpOption === void 0) {
      this.helpOption(void 0, void 0);
    }
    return this._helpOption;
  }
  /**
   * Supply your own option to use for the built-in help option.
   * This is an alternative to using helpOption() to customise the flags and description etc.
   *
   * @param {Option} option
   * @return {Command} `this` command for chaining
   */
  addHelpOption(option) {
    this._helpOption = option;
    this._initOptionGroup(option);
    return this;
  }
  /**
   * Output help information and exit.
   *
   * Outputs built-in help, and custom text added using `.addHelpText()`.
   *
   * @param {{ error: boolean }} [contextOptions] - pass {error:true} to write to stderr instead of stdout
   */
  help(contextOptions) {
    this.outputHelp(contextOptions);
    let exitCode = Number(process2.exitCode ?? 0);
    if (exitCode === 0 && contextOptions && typeof contextOptions !== "function" && contextOptions.error) {
      exitCode = 1;
    }
    this._exit(exitCode, "commander.help", "(outputHelp)");
  }
  /**
   * // Do a little typing to coordinate emit and listener for the help text events.
   * @typedef HelpTextEventContext
   * @type {object}
   * @property {boolean} error
   * @property {Command} command
   * @property {function} write
   */
  /**
   * Add additional text to be displayed with the built-in help.
   *
   * Position is 'before' or 'after' to affect just this command,
   * and 'beforeAll' or 'afterAll' to affect this command and all its subcommands.
   *
   * @param {string} position - before or after built-in help
   * @param {(string | Function)} text - string to add, or a function returning a string
   * @return {Command} `this` command for chaining
   */
  addHelpText(position, text2) {
    const allowedValues = ["beforeAll", "before", "after", "afterAll"];
    if (!allowedValues.includes(position)) {
      throw new Error(`Unexpected value for position to addHelpText.
Expecting one of '${allowedValues.join("', '")}'`);
    }
    const helpEvent = `${position}Help`;
    this.on(helpEvent, (context) => {
      let helpStr;
      if (typeof text2 === "function") {
        helpStr = text2({ error: context.error, command: context.command });
      } else {
        helpStr = text2;
      }
      if (helpStr) {
        context.write(`${helpStr}
`);
      }
    });
    return this;
  }
  /**
   * Output help information if help flags specified
   *
   * @param {Array} args - array of options to search for help flags
   * @private
   */
  _outputHelpIfRequested(args) {
    const helpOption = this._getHelpOption();
    const helpRequested = helpOption && args.find((arg) => helpOption.is(arg));
    if (helpRequested) {
      this.outputHelp();
      this._exit(0, "commander.helpDisplayed", "(outputHelp)");
    }
  }
};
function incrementNodeInspectorPort(args) {
  return args.map((arg) => {
    if (!arg.startsWith("--inspect")) {
      return arg;
    }
    let debugOption;
    let debugHost = "127.0.0.1";
    let debugPort = "9229";
    let match;
    if ((match = arg.match(/^(--inspect(-brk|-wait)?)$/)) !== null) {
      debugOption = match[1];
    } else if ((match = arg.match(
      /^(--inspect(-brk|-port|-wait)?)=(\[[^\]]+\]|[^:]+)$/
    )) !== null) {
      debugOption = match[1];
      if (/^\d+$/.test(match[3])) {
        debugPort = match[3];
      } else {
        debugHost = match[3];
      }
    } else if ((match = arg.match(
      /^(--inspect(-brk|-port|-wait)?)=(\[[^\]]+\]|[^:]+):(\d+)$/
    )) !== null) {
      debugOption = match[1];
      debugHost = match[3];
      debugPort = match[4];
    }
    if (debugOption && debugPort !== "0") {
      return `${debugOption}=${debugHost}:${parseInt(debugPort) + 1}`;
    }
    return arg;
  });
}
function useColor() {
  if (process2.env.NO_COLOR || process2.env.FORCE_COLOR === "0" || process2.env.FORCE_COLOR === "false")
    return false;
  if (process2.env.FORCE_COLOR || process2.env.CLICOLOR_FORCE !== void 0)
    return true;
  return void 0;
}

// node_modules/commander/index.js
var program = new Command();

// src/frontend/inputs/key-life/csr-options.ts
var DEFAULT_DAYS = 30;
var MOST_DAYS = 36500;
function csrOptions(raw, dialect) {
  const { label, secrets } = dialect;
  const key = keyReference(
    need(raw, "key", "Give the key that the certificate is for", dialect),
    label("key"),
    secrets
  );
  const passphrase = passphraseReference(text(raw, "key-passphrase"), label("key-passphrase"), secrets);
  const config = pluginConfig(raw, dialect);
  refuseIdleConfig(config, key, label("plugin-config"));
  const selfSigned = flag(raw, "self-signed", dialect);
  const days = parsed(raw, "days", dialect, (given, name) => parseCount(given, 1, MOST_DAYS, name));
  if (days !== void 0 && !selfSigned) {
    throw new VeritySignError("usage", `${label("days")} has no effect without ${label("self-signed")}`, {
      remedy: "Omit it: the authority that issues the certificate decides how long it is valid"
    });
  }
  const options = {
    key: required(key, "key", dialect),
    ...optional("keyPassphrase", passphrase),
    pluginConfig: config,
    subject: need(raw, "subject", "Give who holds the key, such as CN=release,O=Example,C=DE", dialect),
    ...selfSigned ? { selfSignedDays: days ?? DEFAULT_DAYS } : {},
    timeout: required(parsed(raw, "timeout", dialect, parseDuration), "timeout", dialect)
  };
  return {
    // Last: only after all options are read are all secrets known.
    options: isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options,
    ...optional("out", text(raw, "out"))
  };
}
function need(raw, name, remedy, { label }) {
  const given = text(raw, name);
  if (given !== void 0) return given;
  throw new VeritySignError("usage", `${label(name)} is missing`, { remedy });
}

// src/frontend/inputs/key-life/remove-options.ts
function removingOptions(raw, dialect) {
  const remedy = "Give the SHA-256 fingerprint of the certificate: inspect shows it, and so does openssl x509 -fingerprint -sha256";
  const given = need(raw, "signer", remedy, dialect);
  const signer = parseFingerprint(given);
  if (signer === void 0) {
    throw new VeritySignError(
      "usage",
      `${dialect.label("signer")}: ${JSON.stringify(given.slice(0, 200))} is not a whole SHA-256 fingerprint`,
      { remedy }
    );
  }
  const common = commonOptions(raw, dialect);
  return {
    ...common,
    signer,
    onlyProfiles: (raw.profile ?? "").trim() === "" ? [] : common.profiles,
    yes: flag(raw, "yes", dialect),
    force: flag(raw, "force", dialect)
  };
}

// src/frontend/cli/options/commander.ts
function addOptions(target, surface) {
  for (const [title, inputs] of inputGroups(inputsOf(surface))) {
    for (const input of inputs) target.addOption(optionOf(input).helpGroup(`${title}:`));
  }
  target.addHelpOption(new Option("-h, --help", "display this help").helpGroup(`${GROUPS.output}:`));
}
function optionOf(input) {
  if (input.value === void 0) return new Option(`--${input.name} [=BOOL]`, booleanHelp(input));
  const option = new Option(`--${input.name} <${input.value}>`, help(input));
  if (input.list !== void 0) {
    option.argParser(
      (item, before) => before === void 0 ? item : `${before}
${item}`
    );
  }
  return option;
}
function booleanHelp({ description, default: preset }) {
  return preset === "true" ? `${description} (default: true)` : description;
}
function help(input) {
  const more = [
    ...input.list === void 0 ? [] : ["may be repeated"],
    ...input.default === void 0 ? [] : [`default: ${input.default}`]
  ];
  return more.length === 0 ? input.description : `${input.description} (${more.join("; ")})`;
}
function rawValues(surface, parsed2) {
  const raw = {};
  for (const { name } of inputsOf(surface)) {
    const given = parsed2[camelCase(name)];
    if (given !== void 0) raw[name] = String(given);
  }
  return raw;
}

// src/frontend/cli/options/images.ts
function imagesOf(listed, raw, dialect) {
  const images = withBuiltImages(listed, raw, dialect);
  if (images.length > 0) return images;
  throw new VeritySignError("usage", "missing required argument 'image'", {
    remedy: `Run ${TOOL.name} --help for the commands and options`
  });
}

// src/frontend/cli/verify-command.ts
var IMAGES = "registry/repository:tag or @DIGEST, docker://…, oci:DIR, oci-archive:FILE";
var VERIFY_EXAMPLES = `
Examples:
  verity-sign verify registry.example/app:1.0 --trusted-certificate root.pem
  verity-sign verify oci:./layout:app \\
      --trust-store release --signer-identity CN=release,O=Example
  verity-sign verify registry.example/app@sha256:… \\
      --trusted-certificate root.pem --recompute=false --output json`;
var INSPECT_EXAMPLES = `
Examples:
  verity-sign inspect registry.example/app:1.0
  verity-sign inspect oci:./layout:app --output json`;
function addVerifyCommands(program2, dialect, exitCodes, found) {
  const verify2 = program2.command("verify").description("Verify the signatures of every layer of images; needs no key").argument("[image...]", IMAGES).addHelpText("after", `${VERIFY_EXAMPLES}
${exitCodes}`).action((listed, parsed2) => {
    const given = rawValues("verify", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const verifying = verifyingOptions(raw, dialect);
    found({ command: "verify", images, verifying, output: outputOptions(raw, "verify", dialect) });
  });
  addOptions(verify2, "verify");
  const inspect2 = program2.command("inspect").description("Show the signatures attached to images, their signers and profiles, without verifying them").argument("[image...]", IMAGES).addHelpText("after", `${INSPECT_EXAMPLES}
${exitCodes}`).action((listed, parsed2) => {
    const given = rawValues("inspect", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const options = commonOptions(raw, dialect);
    found({ command: "inspect", images, options, output: outputOptions(raw, "inspect", dialect) });
  });
  addOptions(inspect2, "inspect");
}

// src/frontend/cli/key-life-commands.ts
var CSR_EXAMPLES = `
Examples:
  verity-sign csr --key awskms:///alias/release \\
      --subject CN=release,O=Example,C=DE --out release.csr
  verity-sign csr --key signer.key --subject CN=test --self-signed --days 7`;
var REMOVE_EXAMPLES = `
Examples:
  verity-sign remove registry.example/app:1.0 --signer FINGERPRINT
  verity-sign remove registry.example/app:1.0 --signer FINGERPRINT --yes
  verity-sign remove oci:./layout:app --signer FINGERPRINT \\
      --profile containerd --yes --report removed.json`;
function addKeyLifeCommands(program2, dialect, exitCodes, found) {
  const remove2 = program2.command("remove").description("List one signer's signatures of images, and remove them with --yes; needs no key").argument("[image...]", IMAGES).addHelpText("after", `${REMOVE_EXAMPLES}
${exitCodes}`).action((listed, parsed2) => {
    const given = rawValues("remove", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const removing = removingOptions(raw, dialect);
    found({ command: "remove", images, removing, output: outputOptions(raw, "remove", dialect) });
  });
  addOptions(remove2, "remove");
  const csr = program2.command("csr").description("Make a certificate request with any key, or a self-signed certificate for tests").addHelpText("after", `${CSR_EXAMPLES}
${exitCodes}`).action((parsed2) => {
    const raw = rawValues("csr", parsed2);
    found({ command: "csr", ...csrOptions(raw, dialect), log: logLevel(raw, dialect) });
  });
  addOptions(csr, "csr");
}

// src/frontend/inputs/node/doctor-options.ts
import { resolve } from "node:path";

// src/frontend/inputs/node/one-profile.ts
function requireOneProfile(profiles, { label }) {
  const [profile, ...others] = profiles;
  if (others.length > 0) {
    throw new VeritySignError(
      "usage",
      `${label("profile")} names ${profiles.length} profiles, but a node has one`,
      { remedy: "Give the profile of this kind of node" }
    );
  }
  if (profile !== void 0 && isContainerdProfile(profile)) return;
  throw new VeritySignError("usage", `${label("profile")} ${profile} is not one of containerd`, {
    remedy: "Nodes with tardev-snapshotter have other settings: use the signatures in their own format"
  });
}

// src/frontend/inputs/node/doctor-options.ts
var OF_IMAGES = [
  "trust-store",
  "trust-policy",
  "trust-policy-scope",
  "signer-identity",
  "at",
  "platform"
];
function doctorOptions(image, given, dialect) {
  const { label } = dialect;
  const raw = { ...given, image: image ?? "", recompute: "false" };
  const common = commonOptions(raw, dialect);
  requireOneProfile(common.profiles, dialect);
  const containerdConfig = required(text(raw, "containerd-config"), "containerd-config", dialect);
  if (!containerdConfig.startsWith("/")) {
    throw new VeritySignError(
      "usage",
      `${label("containerd-config")}: ${containerdConfig} is not an absolute path`,
      {
        remedy: "Give the path that the file has on the node"
      }
    );
  }
  const idle = OF_IMAGES.find((name) => image === void 0 && text(raw, name) !== void 0);
  if (idle !== void 0) {
    throw new VeritySignError("usage", `${label(idle)} has no effect without an image`, {
      remedy: "Give an image too, or omit it"
    });
  }
  return {
    root: resolve(required(text(raw, "root"), "root", dialect)),
    containerdConfig,
    common,
    verifying: image === void 0 ? void 0 : { ...verifyingOptions(raw, dialect), image },
    signerCertificates: certificateReferences(raw, "trusted-certificate", dialect)
  };
}

// src/frontend/cli/node/doctor-command.ts
var EXAMPLES = `
Examples:
  sudo verity-sign doctor
  sudo verity-sign doctor registry.example/app:1.0 \\
      --trusted-certificate root.pem
  verity-sign doctor --root ./copy-of-node --profile containerd-cache \\
      --output json`;
function addDoctorCommand(program2, dialect, exitCodes, found) {
  const doctor = program2.command("doctor").description("Look whether a node makes the signed images of layers, and enforces them; changes nothing").argument("[image]", "image that the node is to run, as for verify").addHelpText("after", `${EXAMPLES}
${exitCodes}`).action((listed, parsed2) => {
    const [image] = listed === void 0 ? [] : withoutCredentials([listed]);
    const raw = rawValues("doctor", parsed2);
    const output = outputOptions(raw, "doctor", dialect);
    found({ command: "doctor", options: doctorOptions(image, raw, dialect), output });
  });
  addOptions(doctor, "doctor");
}

// src/frontend/inputs/node/export-options.ts
import { resolve as resolve2 } from "node:path";
function exportingOptions(raw, folder, dialect) {
  const options = { ...verifyingOptions(raw, dialect), folder: resolve2(folder) };
  cacheRecipe(options);
  return { ...options, recompute: false };
}

// src/frontend/cli/node/folder-argument.ts
function splitFolder(words, what) {
  const folder = words.at(-1);
  if (folder === void 0 || folder === "") {
    throw new VeritySignError("usage", `${what} is not given`, { remedy: "Name it after the images" });
  }
  if (/^(oci|oci-archive|docker|docker-daemon):/.test(folder)) {
    throw new VeritySignError("usage", `the last word, ${folder}, is an image and not ${what}`, {
      remedy: "Name the folder after the images"
    });
  }
  return { listed: words.slice(0, -1), folder };
}

// src/frontend/cli/node/export-command.ts
var EXAMPLES2 = `
Examples:
  verity-sign export registry.example/app:1.0 /srv/layer-cache \\
      --trusted-certificate root.pem --profile containerd,containerd-cache
  verity-sign export oci:./layout:app oci:./layout:base ./cache \\
      --trusted-certificate root.pem --report exported.json`;
function addExportCommand(program2, dialect, exitCodes, found) {
  const command2 = program2.command("export").usage("[options] [image...] <dir>").description(
    "Write verified layers with their hash trees into containerd's layer cache, so that nodes convert nothing"
  ).argument("[image...]", `${IMAGES}; the last word is the folder of the cache`).addHelpText("after", `${EXAMPLES2}
${exitCodes}`).action((words, parsed2) => {
    const { listed, folder } = splitFolder(words, "the folder of the layer cache");
    const given = rawValues("export", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const exporting = exportingOptions(raw, folder, dialect);
    found({ command: "export", images, exporting, output: outputOptions(raw, "export", dialect) });
  });
  addOptions(command2, "export");
}

// src/frontend/inputs/node/fetch-options.ts
import { resolve as resolve3 } from "node:path";
function fetchingOptions(raw, folder, dialect) {
  const open = text(raw, "open");
  const run = flag(raw, "run", dialect);
  if (run && open === void 0) {
    throw new VeritySignError(
      "usage",
      `${dialect.label("run")} has no effect without ${dialect.label("open")}`,
      {
        remedy: "Set open to the folder of containerd's EROFS snapshotter"
      }
    );
  }
  for (const path2 of [folder, open ?? ""]) refuseControl(path2);
  return {
    ...verifyingOptions(raw, dialect),
    recompute: false,
    folder: resolve3(folder),
    ...optional("open", open === void 0 ? void 0 : resolve3(open)),
    run
  };
}
function refuseControl(path2) {
  if (!new RegExp("\\p{Cc}", "u").test(path2)) return;
  throw new VeritySignError(
    "usage",
    `the folder ${JSON.stringify(path2)} has control characters in its name`,
    {
      remedy: "Name another folder"
    }
  );
}

// src/frontend/cli/node/fetch-command.ts
var EXAMPLES3 = `
Examples:
  verity-sign fetch registry.example/app:1.0 /etc/verity-sign/signatures \\
      --trusted-certificate root.pem
  verity-sign fetch registry.example/app:1.0 ./signatures \\
      --trusted-certificate root.pem \\
      --open /var/lib/containerd/io.containerd.snapshotter.v1.erofs --run`;
function addFetchCommand(program2, dialect, exitCodes, found) {
  const command2 = program2.command("fetch").usage("[options] [image...] <dir>").description(
    "Write verified signatures as files for veritysetup, and open containerd's layers with them; converts nothing"
  ).argument("[image...]", `${IMAGES}; the last word is the folder for the signatures`).addHelpText("after", `${EXAMPLES3}
${exitCodes}`).action((words, parsed2) => {
    const { listed, folder } = splitFolder(words, "the folder for the signatures");
    const given = rawValues("fetch", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const fetching = fetchingOptions(raw, folder, dialect);
    found({ command: "fetch", images, fetching, output: outputOptions(raw, "fetch", dialect) });
  });
  addOptions(command2, "fetch");
}

// src/frontend/cli/node/ipe-policy-command.ts
var EXAMPLES4 = `
Examples:
  verity-sign ipe-policy registry.example/app:1.0 --name app --out policies \\
      --base node.ipe --key policy.key --certificate policy.pem \\
      --trusted-certificate root.pem
  verity-sign ipe-policy registry.example/app:1.0 registry.example/db:2.1 \\
      --name fleet --policy-version 1.4.0 --out policies --base node.ipe \\
      --key awskms:///alias/policy --certificate policy.pem \\
      --trusted-certificate root.pem --push-to registry.example/policies:fleet
  verity-sign ipe-policy registry.example/app:1.1 --check policies/app.p7b \\
      --trusted-certificate root.pem`;
function addIpePolicyCommand(program2, dialect, exitCodes, found) {
  const command2 = program2.command("ipe-policy").description("Make a signed IPE policy that allows the layers of verified images, or check one").argument("[image...]", IMAGES).addHelpText("after", `${EXAMPLES4}
${exitCodes}`).action((listed, parsed2) => {
    const given = rawValues("ipe-policy", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const options = ipePolicyOptions(raw, images, dialect);
    found({ command: "ipe-policy", options, output: outputOptions(raw, "ipe-policy", dialect) });
  });
  addOptions(command2, "ipe-policy");
}

// src/frontend/inputs/node/node-kit-options.ts
function nodeKitOptions(raw, images, folder, dialect, now = /* @__PURE__ */ new Date()) {
  const verifying = verifyingOptions(raw, dialect);
  const { label } = dialect;
  if (verifying.layers === "none") {
    throw new VeritySignError("usage", `${label("layers")} none leaves no root hashes for a policy`, {
      remedy: "Omit it"
    });
  }
  requireOneProfile(verifying.profiles, dialect);
  const { out: _out, pushTo: _pushTo, ...policy } = makingOptions(raw, images, verifying, "", dialect, now);
  return { ...policy, folder };
}

// src/frontend/cli/node/node-kit-command.ts
var EXAMPLES5 = `
Examples:
  verity-sign node-kit registry.example/app:1.0 ./kit --name app \\
      --base node.ipe --key policy.key --certificate policy.pem \\
      --trusted-certificate root.pem
  verity-sign node-kit registry.example/app:1.0 registry.example/db:2.1 ./kit \\
      --name fleet --profile containerd-cache --base node.ipe \\
      --key awskms:///alias/policy --certificate policy.pem \\
      --trusted-certificate root.pem`;
function addNodeKitCommand(program2, dialect, exitCodes, found) {
  const command2 = program2.command("node-kit").usage("[options] [image...] <dir>").description("Write a folder with what a node needs to enforce verified images, and the steps").argument("[image...]", `${IMAGES}; the last word is the folder of the kit`).addHelpText("after", `${EXAMPLES5}
${exitCodes}`).action((words, parsed2) => {
    const { listed, folder } = splitFolder(words, "the folder of the node kit");
    const given = rawValues("node-kit", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const options = nodeKitOptions(raw, images, folder, dialect);
    found({ command: "node-kit", options, output: outputOptions(raw, "node-kit", dialect) });
  });
  addOptions(command2, "node-kit");
}

// src/frontend/cli/node/preflight-command.ts
var EXAMPLES6 = `
Examples:
  verity-sign preflight registry.example/app:1.0 --alive 10s \\
      --trusted-certificate root.pem
  verity-sign preflight oci:./layout:app --trusted-certificate root.pem \\
      --command 'nginx -t' --report preflight.json
  verity-sign preflight registry.example/app:1.0 --static \\
      --trusted-certificate root.pem --kernel /boot/vmlinuz-6.12.0 \\
      --modules /lib/modules/6.12.0`;
function addPreflightCommand(program2, dialect, exitCodes, found) {
  const command2 = program2.command("preflight").description(
    "Boot signed images in a VM whose kernel enforces the signatures, and report what it refuses and denies"
  ).argument("[image...]", IMAGES).addHelpText("after", `${EXAMPLES6}
${exitCodes}`).action((listed, parsed2) => {
    const given = rawValues("preflight", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const preflighting = preflightOptions(raw, dialect);
    found({ command: "preflight", images, preflighting, output: outputOptions(raw, "preflight", dialect) });
  });
  addOptions(command2, "preflight");
}

// src/frontend/cli/completion/words.ts
var SHELLS = ["bash", "zsh", "fish"];
var PREFIXES = ["docker://", "oci:", "oci-archive:", "docker-daemon:"];
function commandWords(program2) {
  const commands = program2.commands.map(
    (command2) => ({
      name: command2.name(),
      description: brief(command2.description()),
      options: [...inputsOf(command2.name()).map(optionWords), HELP],
      argument: argumentOf(command2)
    })
  );
  return [
    ...commands,
    { name: "help", description: "Print the help of a command", options: [], argument: "command" }
  ];
}
var HELP = {
  name: "help",
  description: "Print the help of this command",
  value: "boolean",
  choices: [],
  placeholder: ""
};
function argumentOf(command2) {
  const name = command2.registeredArguments[0]?.name();
  if (name === void 0) return "none";
  return name === "image" || name === "source" || name === "shell" ? name : "file";
}
function optionWords({ name, description, value, choices = [] }) {
  return {
    name,
    description: brief(description),
    value: kindOf(value, choices),
    choices: value === void 0 ? ["true", "false"] : choices,
    placeholder: value ?? "BOOL"
  };
}
function kindOf(value, choices) {
  if (value === void 0) return "boolean";
  if (choices.length > 0) return "choice";
  if (value === "FILE" || value === "KEY" || value === "REF") return "file";
  return value === "DIR" ? "folder" : "other";
}
var LONGEST = 70;
function brief(description) {
  const [start = ""] = description.split(/[.:;](?: |$)/, 1);
  return start.length <= LONGEST ? start : `${start.slice(0, LONGEST).replace(/ \S*$/, "")} …`;
}

// src/frontend/cli/completion/bash.ts
function bashScript(program2, commands) {
  const name = `_${program2.replaceAll("-", "_")}`;
  const names = commands.map((command2) => command2.name).join(" ");
  return `# Completion of ${program2} for bash. Written by: ${program2} completion bash
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} option='' command='' before='' index
  COMPREPLY=()
  # bash splits words at = and :, which belong to options and images.
  case $cur in
    =) option=\${COMP_WORDS[COMP_CWORD - 1]} cur='' ;;
    :) before=\${COMP_WORDS[COMP_CWORD - 1]} cur='' ;;
    *)
      case \${COMP_WORDS[COMP_CWORD - 1]} in
        =) option=\${COMP_WORDS[COMP_CWORD - 2]} ;;
        :) before=\${COMP_WORDS[COMP_CWORD - 2]} ;;
        # Its value is in the next word, so it is no boolean.
        --*) option="\${COMP_WORDS[COMP_CWORD - 1]} next" ;;
      esac ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then
      command=\${COMP_WORDS[index]}
      break
    fi
  done

  case "$command $option" in
${commands.flatMap(({ name: command2, options }) => options.map((option) => valueCase(command2, option))).join("\n")}
  esac
  case $before in
    oci) ${name}_files -d "$cur"; return ;;
    oci-archive) ${name}_files -f "$cur"; return ;;
    ?*) return ;;
  esac
  case $command in
    '') ${name}_words "${names} --help --version" "$cur" ;;
${commands.map((command2) => commandCase(command2, names)).join("\n")}
  esac
}

${name}_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

${name}_files() {
  mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$2")
  compopt -o filenames 2> /dev/null
}

complete -F ${name} ${program2}
`;
  function valueCase(command2, option) {
    const word = `"${command2} --${option.name}"`;
    const words = option.value === "boolean" ? word : `${word} | "${command2} --${option.name} next"`;
    return `    ${words}) ${valueAction2(option)}return ;;`;
  }
  function valueAction2({ value, choices }) {
    if (value === "file") return `${name}_files -f "$cur"; `;
    if (value === "folder") return `${name}_files -d "$cur"; `;
    return choices.length === 0 ? "" : `${name}_words "${choices.join(" ")}" "$cur"; `;
  }
  function commandCase({ name: command2, options, argument }, all) {
    const words = options.map((option) => `--${option.name}`).join(" ");
    return [
      `    ${command2})`,
      "      case $cur in",
      `        -*) ${name}_words "${words}" "$cur" ;;`,
      `        *) ${argumentAction(argument, all)} ;;`,
      "      esac ;;"
    ].join("\n");
  }
  function argumentAction(argument, all) {
    if (argument === "shell") return `${name}_words "${SHELLS.join(" ")}" "$cur"`;
    if (argument === "command") return `${name}_words "${all}" "$cur"`;
    if (argument === "file") return `${name}_files -f "$cur"`;
    if (argument === "none") return ":";
    const images = `${name}_words "${PREFIXES.join(" ")}" "$cur"; compopt -o nospace 2> /dev/null`;
    return argument === "source" ? `${images}; ${name}_files -f "$cur"` : images;
  }
}

// src/frontend/cli/completion/fish.ts
function fishScript(program2, commands) {
  return `# Completion of ${program2} for fish. Written by: ${program2} completion fish
complete -c ${program2} -f
complete -c ${program2} -n __fish_use_subcommand -s V -l version -d 'Print the version'
complete -c ${program2} -s h -l help -d 'Print help'
${commands.flatMap((command2) => commandLines(program2, command2, commands)).join("\n")}
`;
}
function commandLines(program2, { name, description, options, argument }, all) {
  const start = `complete -c ${program2} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program2} -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
    ...options.filter((option) => option.name !== "help").map((option) => `${start} ${optionWords2(option)}`),
    ...argumentWords(argument, all).map((words) => `${start} ${words}`)
  ];
}
function optionWords2({ name, description, value, choices }) {
  const start = `-l ${name} -d ${quote(description)}`;
  if (value === "boolean") return start;
  if (value === "file") return `${start} -r -F`;
  if (value === "folder") return `${start} -x -a '(__fish_complete_directories)'`;
  return choices.length === 0 ? `${start} -x` : `${start} -x -a ${quote(choices.join(" "))}`;
}
function argumentWords(argument, all) {
  if (argument === "none") return [];
  if (argument === "shell") return [`-a ${quote(SHELLS.join(" "))}`];
  if (argument === "command") return [`-a ${quote(all.map((command2) => command2.name).join(" "))}`];
  if (argument === "file") return ["-F"];
  const images = `-a ${quote(PREFIXES.join(" "))}`;
  return argument === "source" ? [images, "-F"] : [images];
}
function quote(text2) {
  return `'${text2.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}

// src/frontend/cli/completion/zsh.ts
function zshScript(program2, commands) {
  const name = `_${program2}`;
  const list = commands.map((command2) => `        ${quote2(`${command2.name}:${command2.description}`)}`);
  return `#compdef ${program2}
# Completion of ${program2} for zsh. Written by: ${program2} completion zsh
${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[Print help]' \\
    '(- *)'{-V,--version}'[Print the version]' \\
    '1: :->command' \\
    '*:: :->arguments'
  case $state in
    command)
      local -a commands=(
${list.join("\n")}
      )
      _describe command commands ;;
    arguments)
      case $line[1] in
${commands.map((command2) => commandCase(command2, commands)).join("\n")}
      esac ;;
  esac
}
${name}_images() { compadd -S '' -- ${PREFIXES.map(quote2).join(" ")} }
${name}_sources() { ${name}_images; _files }

# In fpath, this file is the body of the function.
if [[ $funcstack[1] == ${name} ]]; then ${name} "$@"; else compdef ${name} ${program2}; fi
`;
  function commandCase({ name: command2, options, argument }, all) {
    const specs = [...options.map(optionSpec), ...argumentSpec(argument, all)];
    return `        ${command2})
          _arguments \\
${specs.map((spec) => `            ${quote2(spec)}`).join(" \\\n")} ;;`;
  }
  function argumentSpec(argument, all) {
    if (argument === "none") return [];
    if (argument === "shell") return [`1:shell:(${SHELLS.join(" ")})`];
    if (argument === "command") return [`1:command:(${all.map((command2) => command2.name).join(" ")})`];
    if (argument === "file") return ["*:file:_files"];
    return [`*:${argument}:${name}_${argument}s`];
  }
}
function optionSpec(option) {
  const { name, value, placeholder } = option;
  const description = option.description.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  if (name === "help") return `--help[${description}]`;
  if (value === "boolean") return `--${name}=-[${description}]::${placeholder}:(true false)`;
  return `*--${name}=[${description}]:${placeholder}:${valueAction(option)}`;
}
function valueAction({ value, choices }) {
  if (value === "file") return "_files";
  if (value === "folder") return "_files -/";
  return choices.length === 0 ? " " : `(${choices.join(" ")})`;
}
function quote2(text2) {
  return `'${text2.replaceAll("'", "'\\''")}'`;
}

// src/frontend/cli/completion/script.ts
function completionScript(shell, program2) {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](program2.name(), commandWords(program2));
}

// src/frontend/cli/tool-commands.ts
var COMPLETION_EXAMPLES = `
Examples:
  source <(${TOOL.name} completion bash)     # for this shell; or write it to
                                          # ~/.local/share/bash-completion/completions/${TOOL.name}
  ${TOOL.name} completion zsh > "\${fpath[1]}/_${TOOL.name}"
  ${TOOL.name} completion fish > ~/.config/fish/completions/${TOOL.name}.fish`;
function addToolCommands(program2, dialect, found) {
  const version = program2.command("version").description("Print the versions of this program, of Node.js, and of the outside programs that it finds").action((parsed2) => {
    const raw = rawValues("version", parsed2);
    const options = {
      ...optional("orasPath", text(raw, "oras-path")),
      ...optional("mkfsPath", text(raw, "mkfs-path"))
    };
    found({ command: "version", options, output: outputOptions(raw, "version", dialect) });
  });
  addOptions(version, "version");
  program2.command("completion").description("Print a script that completes command lines of this program in a shell").addArgument(new Argument("<shell>", "the shell").choices(SHELLS)).addHelpText("after", COMPLETION_EXAMPLES).action((shell) => found({ command: "show", text: completionScript(shell, program2) }));
}

// src/frontend/cli/parse-args.ts
var MIN_HELP_WIDTH = 80;
var MAX_HELP_WIDTH = 100;
var EXIT_CODES = `
Exit status:
${EXIT_MEANINGS.map(([status, meaning]) => `  ${String(status).padEnd(4)} ${meaning}`).join("\n")}`;
var SIGN_EXAMPLES = `
Examples:
  verity-sign sign registry.example/app:1.0 \\
      --key signer.key --certificate chain.pem
  verity-sign sign oci:./layout:app --report report.json \\
      --key env://SIGNING_KEY --certificate chain.pem
  verity-sign sign registry.example/app:1.0 --manifest-signature cose \\
      --key awskms:///alias/release --certificate chain.pem
  verity-sign sign registry.example/windows-app:1.0 --layers auto \\
      --manifest-signature jws --key signer.key --certificate chain.pem
  verity-sign sign registry.example/app@sha256:… --dry-run`;
var ROOT_HASH_EXAMPLES = `
Examples:
  verity-sign root-hash registry.example/app:1.0 --platform linux/arm64
  verity-sign root-hash layer.tar.gz --profile containerd-tar-index \\
      --output json`;
function parseCommandLine(args, env, helpWidth = MIN_HELP_WIDTH) {
  let output = "";
  let result;
  const secrets = new SecretStore(env);
  const dialect = { label: (name) => `option --${name}`, literalPassword: false, secrets };
  const program2 = command(TOOL.name, helpWidth, (shown) => {
    output += shown;
  }).description("Signs and verifies the dm-verity root hash of every layer of container images").version(TOOL.version).addHelpText("after", EXIT_CODES);
  const sign2 = program2.command("sign").description(
    "Sign every layer of images, their manifests, or both, and attach the signatures as referrers"
  ).argument(
    "[image...]",
    "registry/repository:tag or @DIGEST, docker://…, oci:DIR, oci-archive:FILE, docker-daemon:NAME"
  ).addHelpText("after", `${SIGN_EXAMPLES}
${EXIT_CODES}`).action((listed, parsed2) => {
    const given = rawValues("sign", parsed2);
    const images = imagesOf(listed, given, dialect);
    const raw = { ...given, image: images.join("\n") };
    const signing = signingOptions(raw, dialect);
    requireOneImage(images, signing, dialect);
    result = {
      command: "sign",
      images,
      signing,
      output: outputOptions(raw, "sign", dialect),
      secrets: secrets.values
    };
  });
  addOptions(sign2, "sign");
  const rootHash2 = program2.command("root-hash").description("Print the root hash of every layer of images, or of layer blobs in files; needs no key").argument("<source...>", "image reference as for sign, or a file that contains one layer blob").addHelpText("after", `${ROOT_HASH_EXAMPLES}
${EXIT_CODES}`).action((sources, parsed2) => {
    const images = withoutCredentials(sources.filter((source) => !existsSync(source)));
    const raw = { ...rawValues("root-hash", parsed2), image: images.join("\n") };
    const options = { ...commonOptions(raw, dialect), sources };
    const output2 = outputOptions(raw, "root-hash", dialect);
    result = { command: "root-hash", options, output: output2, secrets: secrets.values };
  });
  addOptions(rootHash2, "root-hash");
  const found = (invocation) => {
    result = { ...invocation, secrets: secrets.values };
  };
  addVerifyCommands(program2, dialect, EXIT_CODES, found);
  addKeyLifeCommands(program2, dialect, EXIT_CODES, found);
  addIpePolicyCommand(program2, dialect, EXIT_CODES, found);
  addExportCommand(program2, dialect, EXIT_CODES, found);
  addFetchCommand(program2, dialect, EXIT_CODES, found);
  addNodeKitCommand(program2, dialect, EXIT_CODES, found);
  addDoctorCommand(program2, dialect, EXIT_CODES, found);
  addPreflightCommand(program2, dialect, EXIT_CODES, found);
  addToolCommands(program2, dialect, (invocation) => {
    result = invocation;
  });
  try {
    program2.parse(withExplicitBooleans(args), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: "show", text: output };
    const message = error.code === "commander.help" ? "no command is given" : error.message;
    throw new VeritySignError("usage", message.replace(/^error: /, "").replaceAll("\n", " "), {
      remedy: `Run ${TOOL.name} --help for the commands and options`
    });
  }
  if (result === void 0) throw new Error("no command was run");
  return result;
}
function command(name, width, write) {
  return new Command(name).exitOverride().configureOutput({ writeOut: write, writeErr: () => void 0 }).configureHelp({ helpWidth: Math.min(Math.max(width, MIN_HELP_WIDTH), MAX_HELP_WIDTH) }).showHelpAfterError(false);
}

// src/frontend/cli/run-cli.ts
async function runCli(args, visible) {
  surviveClosedPipes();
  const invocation = readCommandLine(args);
  if (invocation.command === "show") {
    printResult(harmlessLines(invocation.text.replace(/\n$/, "").split("\n")));
  } else if (invocation.command === "version") {
    const { printVersion } = await import("./frontend.cli.print-version.js");
    await printVersion(invocation);
  } else if (invocation.command === "csr") {
    const { runCsr } = await import("./frontend.cli.run-csr.js");
    await runCsr(invocation, visible);
  } else if (invocation.command === "doctor") {
    const { runDoctor } = await import("./frontend.cli.node.run-doctor.js");
    await runDoctor(invocation, visible);
  } else if (invocation.command === "node-kit") {
    const { runNodeKit } = await import("./frontend.cli.node.run-node-kit.js");
    await runNodeKit(invocation, visible);
  } else if (invocation.command === "ipe-policy") {
    const { runIpePolicy } = await import("./frontend.cli.node.run-ipe-policy.js");
    await runIpePolicy(invocation, visible);
  } else {
    await runOnImages(invocation, visible);
  }
  await requireOutput();
}
function readCommandLine(args) {
  try {
    return parseCommandLine(args, process.env, outputColumns());
  } catch (error) {
    const { command: command2, json } = wantedOutput(args);
    if (json && command2 === "doctor") {
      printResult(harmlessJson(renderDocument(failedImage(void 0, errorReport(error)))));
    } else if (json && command2 !== "version" && command2 !== "csr") {
      const failed = command2 === "root-hash" ? failedSource : failedImage;
      new RunOutput({ json, log: "normal" }).report([failed(void 0, errorReport(error))]);
    }
    throw error;
  }
}
export {
  runCli
};
