import {
  FormatError,
  SecretStore,
  VERDICT_WORDS,
  abortOnSignals,
  alignFacts,
  builderRows,
  cacheRecipe,
  certificateReference,
  certificateReferences,
  checkReportPath,
  choice,
  commonOptions,
  count,
  destinationOf,
  eachImage,
  errorReport,
  failedImage,
  failedSource,
  failureLines,
  fitLine,
  fitLines,
  fitTable,
  flag,
  formatBytes,
  formatSeconds,
  isPlugin,
  keyReference,
  layerWord,
  layersChoice,
  listedTags,
  manifestKind,
  manifestWord,
  optional,
  overallVerdict,
  parseCount,
  parseDuration,
  parseLines,
  parseList,
  parseTime,
  parsed,
  passphraseReference,
  pluginConfig,
  preflightFailures,
  preflightOptions,
  preflightStatus,
  preflightTable,
  progressLine,
  readName,
  refuseIdleConfig,
  renderDocument,
  renderReport,
  reportEntries,
  requireOneImage,
  required,
  runContext,
  shortDigest,
  shortDigests,
  signTable,
  signingOptions,
  text2 as text,
  textWidth,
  trustCertificates,
  uncoveredLines,
  untilAborted,
  verdictText,
  withBuiltImages,
  withoutCredentials,
  writeReport
} from "./shared.options.js";
import {
  STANDARD_OUTPUT,
  inputOf,
  inputsOf,
  isContainerdProfile,
  wantedOutput
} from "./shared.inputs.js";
import {
  TOOL,
  VERDICT_STATUS,
  VeritySignError,
  clearStatus,
  columnsOf,
  drawStatus,
  harmless,
  harmlessJson,
  harmlessLines,
  outputColumns,
  printError,
  printFailure,
  printResult,
  printTable,
  requireResources,
  splitLines,
  warnOfVisibleEnvironment
} from "./shared.start.js";

// src/formats/ipe/version.ts
var MOST = 65535;
function parsePolicyVersion(text2) {
  const parts = text2.split(".").map((part) => /^\+?[0-9]+$/.test(part) ? Number(part) : void 0);
  const [major, minor, revision] = parts;
  if (parts.length !== 3 || major === void 0 || minor === void 0 || revision === void 0) {
    throw new FormatError(`has the version ${JSON.stringify(text2.slice(0, 50))}, not one such as 1.2.3`);
  }
  const large = parts.find((part = 0) => part > MOST);
  if (large !== void 0) throw new FormatError(`has ${large} in its version, more than ${MOST}`);
  return [major, minor, revision];
}
function versionOfTime(time) {
  return [
    time.getUTCFullYear(),
    (time.getUTCMonth() + 1) * 100 + time.getUTCDate(),
    time.getUTCHours() * 100 + time.getUTCMinutes()
  ];
}
function compareVersions(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
function versionText(version) {
  return version.join(".");
}

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
var FOR_WHOM = "containerd uses none of these devices: it opens its own, without signatures. They are for what mounts the layers itself";
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
    ...open.layers.length === 0 ? [] : fitLine(FOR_WHOM, width),
    ...others.map(({ device, state }) => `  /dev/mapper/${device}  ${state}`),
    ...waiting.length === 0 ? [] : ["", ...waiting.map(({ command }) => command)]
  ]);
}

// src/frontend/render/verify/reasons.ts
var MOST_NAMED = 3;
function layerReasons({ layers }) {
  const byReason = Map.groupBy(layers, ({ reason }) => reason);
  return [...byReason].flatMap(
    ([reason, own]) => reason === void 0 ? [] : [{ layers: layerNames(own, layers.length), reason }]
  );
}
function layerNames(own, all3) {
  const [first, ...more] = own.map(({ index }) => index).sort((a, b) => a - b);
  if (first === void 0) return "no layer";
  if (more.length === 0) return `layer ${first}`;
  if (own.length === all3) return "every layer";
  const runs = [[first, first]];
  for (const index of more) {
    const last = runs.at(-1);
    if (last !== void 0 && index === last[1] + 1) last[1] = index;
    else runs.push([index, index]);
  }
  return `layers ${runs.map(([from, to]) => from === to ? from : `${from}-${to}`).join(", ")}`;
}
function imageReason({ reason, platforms }) {
  if (reason === void 0) return void 0;
  for (const platform of platforms) {
    for (const set of platform.signatures) {
      for (const { layers, reason: own } of layerReasons(set)) {
        const first = set.layers.find((layer) => layer.reason === own);
        const end = `layer ${first?.index}: ${own}`;
        if (!reason.endsWith(end)) continue;
        const before = reason.slice(0, -end.length);
        return `${withAllPlatforms(before, platform, platforms, own)}${layers}: ${own}`;
      }
    }
  }
  return reason;
}
function withAllPlatforms(before, first, platforms, reason) {
  const start = `${first.platform ?? first.manifest.digest}: `;
  const sharing = platforms.filter(
    ({ signatures }) => signatures.some(({ layers }) => layers.some((layer) => layer.reason === reason))
  );
  if (!before.startsWith(start) || sharing.length < 2) return before;
  const named = sharing.slice(0, MOST_NAMED).map(({ platform, manifest }) => platform ?? manifest.digest);
  const more = sharing.length - named.length;
  return `${named.join(", ")}${more === 0 ? "" : ` and ${more} more`}: ${before.slice(start.length)}`;
}
function saysAlready(report, reason) {
  return reason !== void 0 && report.reason?.endsWith(reason) === true;
}

// src/frontend/render/verify/table.ts
function verifyTable(report, width) {
  const { image, trustPolicy, index } = report;
  const facts = alignFacts(
    [
      ["image", image.name ?? image.reference],
      ...builderRows(report),
      ["valid at", report.validAt],
      ...trustPolicy === void 0 ? [] : [
        [
          "trust policy",
          `${trustPolicy.path}, statement "${trustPolicy.statement}", ${trustPolicy.level}`
        ]
      ]
    ],
    width
  );
  const indexLines = index === void 0 ? [] : [
    "",
    `index, ${index.manifest.digest}`,
    ...notaryLines(index.manifestSignature, index.manifestSignatures, index)
  ];
  const verdict = `${verdictText(report)} (${formatSeconds(report.seconds.total)})${because(imageReason(report))}`;
  return harmlessLines([
    ...facts,
    ...fitLines(indexLines, width),
    ...report.platforms.flatMap((platform) => ["", ...platformLines(report, platform, width)]),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(["", ...report.notes.map((note) => `note: ${note}`), "", verdict], width)
  ]);
}
function platformLines(report, platform, width) {
  const why = (reason) => saysAlready(report, reason) ? "" : because(reason);
  return [
    ...fitLines(
      [
        `${platform.platform ?? "unknown platform"}, ${platform.manifest.digest}`,
        ...platform.profiles.map(
          ({ profile, verdict, reason }) => `  profile ${profile}: ${VERDICT_WORDS[verdict]}${why(reason)}`
        )
      ],
      width
    ),
    ...platform.signatures.flatMap((set) => setLines(set, why, width)),
    ...fitLines(
      [
        ...platform.skippedLayers.map(({ index, reason }) => `  layer ${index} is not signed: ${reason}`),
        ...platform.layersLeftOut === void 0 ? [] : [`  layers not checked: ${platform.layersLeftOut}`],
        ...notaryLines(platform.manifestSignature, platform.manifestSignatures, platform)
      ],
      width
    )
  ];
}
function notaryLines(manifest, signatures, owner) {
  if (manifest === void 0) return [];
  const by = manifest.byIndex ? ", covered by the signature of the index" : "";
  const { word, reason } = manifestWord(manifest, owner);
  return [
    `  manifest signature: ${word}${by}${because(reason)}`,
    ...signatures.flatMap((one3) => [
      `  Notary signature ${one3.referrer} (${one3.format ?? "format unknown"}): ${VERDICT_WORDS[one3.verdict]}${because(one3.reason)}`,
      ...one3.signer === void 0 ? [] : [`    ${signerLine(one3.signer)}`],
      ...timeLines(one3).map((line) => `    ${line}`),
      ...one3.notes.map((note) => `    note: ${note}`)
    ])
  ];
}
function timeLines({
  signedAt,
  authenticTime,
  expiry,
  metadata
}) {
  return [
    ...signedAt === void 0 ? [] : [`signed at ${signedAt} according to the signer's clock`],
    ...authenticTime === void 0 ? [] : [`signed at ${authenticTime} according to a timestamp or signing authority`],
    ...expiry === void 0 ? [] : [`expires at ${expiry}`],
    ...Object.entries(metadata ?? {}).map(([key, value]) => `metadata ${key}=${value}`)
  ];
}
function setLines(set, why, width) {
  const rows = set.layers.map((layer) => [
    `    layer ${layer.index}`,
    layer.digest,
    layer.rootHash,
    layerWord(layer)
  ]);
  const lines = rows.map(
    ([layer, digest, rootHash2, word]) => `${layer}: ${word}, ${digest}, root hash ${rootHash2}`
  );
  const ofLayers = set.layers.some(({ index, reason }) => set.reason === `layer ${index}: ${reason}`);
  return [
    ...fitLines(
      [
        `  referrer ${set.referrer} (${set.profile ?? "profile unknown"}${set.artifactFormat === void 0 ? "" : `, format ${set.artifactFormat}`}): ${VERDICT_WORDS[set.verdict]}${ofLayers ? "" : why(set.reason)}`,
        ...set.signers.map((signer) => `    ${signerLine(signer)}`)
      ],
      width
    ),
    ...fitTable(rows, lines, width),
    ...fitLines(
      [
        ...layerReasons(set).flatMap(
          ({ layers, reason }) => why(reason) === "" ? [] : [`    ${layers}: ${reason}`]
        ),
        ...set.notes.map((note) => `    note: ${note}`)
      ],
      width
    )
  ];
}
function signerLine({ subject, fingerprint, keyType, notBefore, notAfter }) {
  return `signed by ${subject} (${keyType}, SHA-256 ${fingerprint}, valid ${whole(notBefore)} to ${whole(notAfter)})`;
}
function whole(time) {
  return time.replace(/\.\d+Z$/, "Z");
}
function because(reason) {
  return reason === void 0 ? "" : `: ${reason}`;
}

// src/frontend/render/inspect/table.ts
function inspectTable(report, width) {
  const { image, manifestSignatures, platforms, skipped } = report;
  const lines = alignFacts([["image", image.name]], width);
  if (manifestSignatures !== void 0)
    lines.push("", "index", ...fitLines(notaryLines2(manifestSignatures), width));
  for (const { platform, manifest, layers, signatures, ...rest } of platforms) {
    const found3 = signatures.length === 0 ? "no dm-verity signatures" : count(signatures.length, "dm-verity referrer");
    const title = `${platform ?? "unknown platform"}, ${manifest.digest}, ${count(layers, "layer")}: ${found3}`;
    lines.push("", ...fitLines([title], width));
    for (const one3 of signatures)
      lines.push(...fitLines(referrerLines(one3), width), ...layerRows(one3, width));
    lines.push(...fitLines(notaryLines2(rest.manifestSignatures), width));
  }
  for (const { digest, platform, reason } of skipped) {
    lines.push(
      "",
      ...fitLines([`skipped ${digest}${platform === void 0 ? "" : ` (${platform})`}: ${reason}`], width)
    );
  }
  return harmlessLines(lines);
}
function notaryLines2(signatures) {
  if (signatures.length === 0) return ["  no Notary signatures"];
  return signatures.flatMap((found3) => [
    `  Notary signature ${found3.referrer}${found3.format === void 0 ? "" : ` (${found3.format})`}${found3.broken === void 0 ? "" : `: BROKEN: ${found3.broken}`}`,
    ...found3.target === void 0 ? [] : [`    signs ${found3.target}`],
    ...found3.signer === void 0 ? [] : [`    ${signerLine(found3.signer)}`],
    ...timeLines(found3).map((line) => `    ${line}`),
    ...found3.timestamped ? ["    has a timestamp"] : [],
    ...found3.agent === void 0 ? [] : [`    signing agent ${found3.agent}`]
  ]);
}
function referrerLines(found3) {
  const { version, class: mkfsClass = "unknown" } = found3.erofsUtils ?? {};
  const release = version === void 0 ? "" : ` ${version},`;
  return [
    `  referrer ${found3.referrer}${found3.broken === void 0 ? "" : `: BROKEN: ${found3.broken}`}`,
    ...found3.artifactFormat === void 0 ? [] : [`    format ${found3.artifactFormat}`],
    ...found3.profile === void 0 ? ["    profile not recorded"] : [`    profile ${found3.profile}`],
    ...found3.mkfsOptions === void 0 ? [] : [`    mkfs options ${found3.mkfsOptions}`],
    ...found3.erofsUtils === void 0 ? [] : [`    erofs-utils${release} class ${mkfsClass}`],
    ...found3.created === void 0 ? [] : [`    created ${found3.created}`],
    ...found3.signers.map((signer) => `    ${signerLine(signer)}`)
  ];
}
function layerRows(found3, width) {
  const rows = found3.layers.map(({ layerDigest, rootHash: rootHash2, broken }, index) => [
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
    ...found3.layers.flatMap(
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
  const all3 = signatures.flatMap(({ signers }) => signers);
  return all3.find(({ fingerprint }) => fingerprint === removedSigner)?.subject;
}
function removedRow(one3) {
  const notes = [
    ...one3.lastGood ? ["the last good signature"] : [],
    ...one3.fate === "kept" ? [] : [FATES[one3.fate]]
  ];
  return [...columns(one3), notes.join(", ")];
}
function stayingRow(one3) {
  const [first, ...others] = one3.signers.map(
    ({ subject, fingerprint }) => `${subject} (${shortDigest(fingerprint)})`
  );
  const more = others.length === 0 ? "" : ` and ${count(others.length, "other")}`;
  return [
    ...columns(one3),
    `by ${first ?? "an unknown signer"}${more}${one3.good ? "" : `: NOT VALID: ${one3.reason ?? "unknown reason"}`}`
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

// src/frontend/cli/run-output.ts
var RunOutput = class {
  #path;
  #json;
  /** Undefined: tables are not shown. */
  #tables;
  #shown = 0;
  constructor({ json, report }) {
    const toOutput = report === STANDARD_OUTPUT;
    this.#path = toOutput ? void 0 : report;
    this.#json = json || toOutput;
    this.#tables = json ? void 0 : toOutput ? "stderr" : "stdout";
  }
  /**
   * Refuses a path that cannot be written to, before any work. Then nothing is written there.
   * @throws VeritySignError 'environment'
   */
  check() {
    const path = this.#path;
    if (path === void 0) return;
    this.#path = void 0;
    checkReportPath(path, "option --report");
    this.#path = path;
  }
  /** @param render makes the table for so many columns; undefined: what reads it gets complete lines */
  table(render) {
    const stream = this.#tables;
    if (stream !== void 0) printTable(render(outputColumns(stream)), this.#shown++ > 0, stream);
  }
  /**
   * Prints and writes the report of what was done, also if the run failed.
   * @param failure what ended the run
   * @throws VeritySignError 'environment' if the report cannot be written, unless the run has failed anyway
   */
  report(items, failure) {
    const text2 = renderReport(items);
    if (this.#json) printResult(harmlessJson(text2));
    if (this.#path === void 0) return;
    try {
      writeReport(text2, this.#path, failure === void 0);
    } catch (error) {
      if (failure === void 0) throw error;
      printError(error);
    }
  }
};

// src/frontend/output/console-reporter.ts
var USUAL_COLUMNS = 80;
function standardErrorLogger(level, env = process.env) {
  const columns2 = () => Math.min(process.stderr.columns || USUAL_COLUMNS, columnsOf(env) ?? Number.POSITIVE_INFINITY);
  const redraws = process.stderr.isTTY === true && env.TERM !== "dumb" && !env.CI;
  return consoleLogger(process.stderr, { level, ...redraws ? { columns: columns2 } : {} });
}
var REDRAW = 100;
var PLAIN_INTERVAL = 1e4;
function consoleLogger(out, options) {
  const { columns: columns2 } = options;
  const clock = options.clock ?? Date.now;
  const lastShown = /* @__PURE__ */ new Map();
  let drawn = Number.NEGATIVE_INFINITY;
  const write = (prefix, message, shorten = false) => {
    clearStatus();
    for (const line of splitLines(message)) {
      const whole2 = harmless(`${prefix}${line}`);
      const tooLong = shorten && columns2 !== void 0 && textWidth(whole2) > columns2();
      out.write(`${tooLong ? shortDigests(whole2) : whole2}
`);
    }
  };
  const progress = (task, done, total) => {
    const now = clock();
    if (columns2 !== void 0) {
      if (now - drawn < REDRAW) return;
      drawn = now;
      drawStatus(out, progressLine(harmless(task), done, total, columns2() - 1));
      return;
    }
    const before = lastShown.get(task) ?? now;
    lastShown.set(task, before);
    if (now - before < PLAIN_INTERVAL) return;
    lastShown.set(task, now);
    write("", progressLine(task, done, total));
  };
  const logger = (prefix) => ({
    debug: (message) => {
      if (options.level === "debug") write(`${prefix}debug: `, message);
    },
    info: (message) => {
      if (options.level !== "quiet") write(prefix, message, true);
    },
    warn: (message) => write(`${prefix}warning: `, message),
    group: (title, work) => work(logger(`${harmless(title)}: `)),
    progress: options.level === "quiet" ? () => void 0 : progress
  });
  return logger("");
}

// src/frontend/cli/start-run.ts
function isOn(value) {
  return !/^(?:0|false)?$/i.test(value?.trim() ?? "");
}
async function startRun({ log: level, secrets, visible }) {
  requireResources();
  const debug = level === "normal" && isOn(process.env.VERITY_SIGN_DEBUG);
  const log = standardErrorLogger(debug ? "debug" : level);
  const { name, version } = TOOL;
  log.debug(`${name} ${version}, Node.js ${process.versions.node}, ${process.platform}/${process.arch}`);
  warnOfVisibleEnvironment(log, visible);
  await trustCertificates(log);
  return runContext(log, abortOnSignals(), secrets);
}

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
    const command = await import("./commands.fetch.fetch-image.js");
    return eachOf(images, context, async (image) => {
      const done = await command.fetchSignatures({ ...fetching, image }, context);
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

// src/signatures/x509/identity.ts
var NUMBERED = /^\d+(?:\.\d+)*$/;
var ALIASES = {
  S: "ST",
  E: "EMAILADDRESS",
  EMAIL: "EMAILADDRESS",
  SURNAME: "SN"
};
function parseSignerIdentity(text2) {
  const fingerprint = parseFingerprint(text2);
  if (fingerprint !== void 0) return { fingerprint };
  const attributes = subjectAttributes(text2.replace(/^x509\.subject:/, ""));
  if (attributes === void 0) {
    throw new VeritySignError(
      "usage",
      `the signer identity ${JSON.stringify(text2)} is neither attributes nor a fingerprint`,
      { remedy: "Give subject attributes such as CN=release,O=Example, or a SHA-256 fingerprint in hex" }
    );
  }
  const names = attributes.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === void 0) return { attributes };
  throw new VeritySignError("usage", `the signer identity ${JSON.stringify(text2)} has ${twice} twice`, {
    remedy: "Give each attribute once, or a SHA-256 fingerprint; further identities go on lines of their own"
  });
}
function parseFingerprint(text2) {
  const hex = text2.replace(/^sha256:/i, "").replaceAll(":", "");
  return /^[0-9a-f]{64}$/i.test(hex) ? hex.toLowerCase() : void 0;
}
function subjectAttributes(text2) {
  const parsed2 = splitUnescaped(text2, ",").map(parseAttribute);
  const attributes = parsed2.filter((attribute) => attribute !== void 0);
  return attributes.length < parsed2.length ? void 0 : attributes;
}
function hasIdentity(certificate, identity) {
  if ("fingerprint" in identity) return certificate.fingerprint === identity.fingerprint;
  const present = [...namedAttributes(certificate), ...numberedAttributes(certificate)];
  return identity.attributes.every(([name, value]) => {
    const [only, ...others] = present.filter((attribute) => attribute.name === name);
    return only?.value === value && others.length === 0;
  });
}
function namedAttributes({ x509 }) {
  return (x509.subject ?? "").split("\n").flatMap((line) => splitUnescaped(line, " + ")).map(writtenAttribute).filter(({ name }) => !NUMBERED.test(name));
}
function numberedAttributes({ raw }) {
  try {
    return readName(raw.subject).map(({ type, value }) => ({ name: type, value }));
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}
function parseAttribute(text2) {
  const at = text2.indexOf("=");
  const name = text2.slice(0, Math.max(at, 0)).trim();
  const written = text2.slice(at + 1).trimStart();
  const end = written.trimEnd();
  const escaped = end !== written && (/\\*$/.exec(end)?.[0].length ?? 0) % 2 === 1;
  const value = unescaped(escaped ? written.slice(0, end.length + 1) : end);
  if (!value || !(/^[A-Za-z][A-Za-z0-9.-]*$/.test(name) || NUMBERED.test(name))) return void 0;
  return [nameOf(name), value];
}
function writtenAttribute(text2) {
  const at = text2.indexOf("=");
  const value = text2.slice(at + 1);
  return {
    name: nameOf(text2.slice(0, Math.max(at, 0))),
    value: value.startsWith("#") ? void 0 : unescaped(value)
  };
}
function nameOf(written) {
  const upper = written.toUpperCase();
  return ALIASES[upper] ?? upper;
}
function unescaped(text2) {
  if (!/^(?:[^\\]|\\[0-9a-fA-F]{2}|\\[ "#+,;<=>\\])*$/s.test(text2)) return void 0;
  const bytes = text2.split(/(\\[0-9a-fA-F]{2}|\\.)/s).map(
    (part) => part.length === 3 && part.startsWith("\\") ? Buffer.from(part.slice(1), "hex") : Buffer.from(part.replace(/^\\(?=.)/s, ""))
  );
  try {
    return utf8.decode(Buffer.concat(bytes));
  } catch {
    return void 0;
  }
}
var utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function splitUnescaped(text2, separator) {
  const parts = [""];
  for (let at = 0; at < text2.length; at++) {
    const character = text2[at] ?? "";
    if (text2.startsWith(separator, at)) {
      parts.push("");
      at += separator.length - 1;
      continue;
    }
    parts[parts.length - 1] += character === "\\" ? character + (text2[++at] ?? "") : character;
  }
  return parts;
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

// src/frontend/cli/options/images.ts
function imagesOf(listed, raw, dialect) {
  const images = withBuiltImages(listed, raw, dialect);
  if (images.length > 0) return images;
  throw new VeritySignError("usage", "missing required argument 'image'", {
    remedy: "Name an image, such as registry.example/app:1.0 or oci:DIR"
  });
}

// src/frontend/cli/options/output.ts
function outputOptions(raw, surface, dialect) {
  const report = text(raw, "report");
  const format = choice(raw, "output", surface, dialect);
  const alias = flag(raw, "json", dialect);
  if (alias && raw.output !== void 0 && format === "text") {
    throw contradiction(`${dialect.label("json")} and ${dialect.label("output")} text`);
  }
  return {
    json: alias || format === "json",
    ...report === void 0 ? {} : { report },
    log: logLevel(raw, dialect)
  };
}
function logLevel(raw, dialect) {
  const [debug, quiet] = [flag(raw, "debug", dialect), flag(raw, "quiet", dialect)];
  if (debug && quiet) throw contradiction(`${dialect.label("debug")} and ${dialect.label("quiet")}`);
  return debug ? "debug" : quiet ? "quiet" : "normal";
}
function contradiction(both) {
  return new VeritySignError("usage", `${both} contradict one another`, { remedy: "Omit one of them" });
}

// src/frontend/cli/key-life-commands.ts
function removeInvocation({ words, given }, dialect) {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const removing = removingOptions(raw, dialect);
  return { command: "remove", images, removing, output: outputOptions(raw, "remove", dialect) };
}
function csrInvocation({ given }, dialect) {
  return { command: "csr", ...csrOptions(given, dialect), log: logLevel(given, dialect) };
}

// builtin-load:load of commands
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:path of commands
var found;
var all = () => found ??= load("node:path");
var one = (name) => all()[name];
var resolve = /* @__PURE__ */ one("resolve");

// src/frontend/inputs/verifying-options.ts
function verifyingOptions(raw, dialect) {
  const trustedCertificates = certificateReferences(raw, "trusted-certificate", dialect);
  const trustStores = parseList(text(raw, "trust-store"));
  const trustPolicy = text(raw, "trust-policy");
  const trustPolicyScope = text(raw, "trust-policy-scope");
  if (trustPolicy === void 0 && trustedCertificates.length + trustStores.length === 0) {
    const names = ["trusted-certificate", "trust-store", "trust-policy"].map(dialect.label);
    throw new VeritySignError("usage", `neither ${names.join(" nor ")} is given`, {
      remedy: "Set at least one: no certificate is trusted by default"
    });
  }
  const at = text(raw, "at");
  return {
    ...commonOptions(raw, dialect),
    trustedCertificates,
    trustStores,
    ...trustPolicy === void 0 ? {} : { trustPolicy },
    ...trustPolicyScope === void 0 ? {} : { trustPolicyScope },
    layers: layersChoice(raw, "verify", dialect),
    manifestSignature: choice(raw, "manifest-signature", "verify", dialect),
    signerIdentities: parseLines(text(raw, "signer-identity")),
    recompute: flag(raw, "recompute", dialect),
    allowExpired: flag(raw, "allow-expired", dialect),
    ...at === void 0 ? {} : { at: parseTime(at, dialect.label("at")) },
    strict: flag(raw, "strict", dialect)
  };
}

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
function doctorInvocation({ words, given }, dialect) {
  const [image] = withoutCredentials(words);
  const output = outputOptions(given, "doctor", dialect);
  return { command: "doctor", options: doctorOptions(image, given, dialect), output };
}

// src/frontend/inputs/node/export-options.ts
function exportingOptions(raw, folder, dialect) {
  const options = { ...verifyingOptions(raw, dialect), folder: resolve(folder) };
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
function exportInvocation({ words, given }, dialect) {
  const { listed, folder } = splitFolder(words, "the folder of the layer cache");
  const images = imagesOf(listed, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const exporting = exportingOptions(raw, folder, dialect);
  return { command: "export", images, exporting, output: outputOptions(raw, "export", dialect) };
}

// src/frontend/inputs/node/fetch-options.ts
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
  for (const path of [folder, open ?? ""]) refuseControl(path);
  return {
    ...verifyingOptions(raw, dialect),
    recompute: false,
    folder: resolve(folder),
    ...optional("open", open === void 0 ? void 0 : resolve(open)),
    run
  };
}
function refuseControl(path) {
  if (!new RegExp("\\p{Cc}", "u").test(path)) return;
  throw new VeritySignError(
    "usage",
    `the folder ${JSON.stringify(path)} has control characters in its name`,
    {
      remedy: "Name another folder"
    }
  );
}

// src/frontend/cli/node/fetch-command.ts
function fetchInvocation({ words, given }, dialect) {
  const { listed, folder } = splitFolder(words, "the folder for the signatures");
  const images = imagesOf(listed, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const fetching = fetchingOptions(raw, folder, dialect);
  return { command: "fetch", images, fetching, output: outputOptions(raw, "fetch", dialect) };
}

// src/frontend/inputs/node/ipe-policy-options.ts
var MAKING = [
  "name",
  "out",
  "base",
  "key",
  "key-passphrase",
  "certificate",
  "plugin-config",
  "push-to",
  "policy-version"
];
function ipePolicyOptions(raw, images, dialect, now = /* @__PURE__ */ new Date()) {
  const check = raw.check?.trim() ?? "";
  const verifying = verifyingOptions(raw, dialect);
  if (verifying.layers === "none") {
    throw new VeritySignError("usage", `${dialect.label("layers")} none leaves no root hashes for a policy`, {
      remedy: "Omit it"
    });
  }
  if (check === "") {
    const out = need2(raw, "out", "Give the folder for the files of the policy", dialect);
    return { kind: "make", ...makingOptions(raw, images, verifying, out, dialect, now) };
  }
  const idle = MAKING.find((name) => (raw[name]?.trim() ?? "") !== "");
  if (idle !== void 0) {
    throw new VeritySignError(
      "usage",
      `${dialect.label(idle)} has no effect with ${dialect.label("check")}`,
      {
        remedy: `Omit one of them: ${dialect.label("check")} makes no policy`
      }
    );
  }
  return { kind: "check", images, verifying, check };
}
function makingOptions(raw, images, verifying, out, dialect, now) {
  const { label, secrets } = dialect;
  const key = keyReference(
    need2(raw, "key", "Give the key that signs the policy: the kernel must trust its certificate", dialect),
    label("key"),
    secrets
  );
  const passphrase = passphraseReference(text(raw, "key-passphrase"), label("key-passphrase"), secrets);
  const config = pluginConfig(raw, dialect);
  refuseIdleConfig(config, key, label("plugin-config"));
  const options = {
    images,
    verifying,
    name: policyName(raw, dialect),
    version: policyVersion(text(raw, "policy-version") ?? "auto", label("policy-version"), now),
    out,
    ...optional("base", text(raw, "base")),
    key: key ?? "",
    ...optional("keyPassphrase", passphrase),
    ...optional("certificate", certificateReference(raw, "certificate", dialect)),
    pluginConfig: config,
    pushTo: listedTags(raw["push-to"])
  };
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}
function policyName(raw, dialect) {
  const name = need2(raw, "name", "Give the policy a name, such as the one of the application", dialect);
  if (/^[a-z0-9-]{1,100}$/.test(name)) return name;
  throw new VeritySignError(
    "usage",
    `${dialect.label("name")}: ${JSON.stringify(name.slice(0, 200))} is not a name of a policy`,
    { remedy: "Use at most 100 lowercase letters, digits and hyphens" }
  );
}
function policyVersion(given, label, now) {
  if (given === "auto") return versionOfTime(now);
  try {
    return parsePolicyVersion(given);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("usage", `${label}: the policy ${error.message}`, {
      remedy: "Write three numbers from 0 to 65535 with dots, such as 1.2.3, or auto"
    });
  }
}
function need2(raw, name, remedy, { label }) {
  const given = text(raw, name);
  if (given !== void 0) return given;
  throw new VeritySignError("usage", `${label(name)} is missing`, {
    remedy: `${remedy}; or check a policy that exists with ${label("check")}`
  });
}

// src/frontend/cli/node/ipe-policy-command.ts
function ipePolicyInvocation({ words, given }, dialect) {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const options = ipePolicyOptions(raw, images, dialect);
  return { command: "ipe-policy", options, output: outputOptions(raw, "ipe-policy", dialect) };
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
function nodeKitInvocation({ words, given }, dialect) {
  const { listed, folder } = splitFolder(words, "the folder of the node kit");
  const images = imagesOf(listed, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const options = nodeKitOptions(raw, images, folder, dialect);
  return { command: "node-kit", options, output: outputOptions(raw, "node-kit", dialect) };
}

// src/frontend/cli/node/preflight-command.ts
function preflightInvocation({ words, given }, dialect) {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const preflighting = preflightOptions(raw, dialect);
  return { command: "preflight", images, preflighting, output: outputOptions(raw, "preflight", dialect) };
}

// builtin:node:fs of commands
var found2;
var all2 = () => found2 ??= load("node:fs");
var one2 = (name) => all2()[name];
var existsSync = /* @__PURE__ */ one2("existsSync");

// src/frontend/cli/verify-command.ts
function verifyInvocation({ words, given }, dialect) {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const verifying = verifyingOptions(raw, dialect);
  return { command: "verify", images, verifying, output: outputOptions(raw, "verify", dialect) };
}
function inspectInvocation({ words, given }, dialect) {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const options = commonOptions(raw, dialect);
  return { command: "inspect", images, options, output: outputOptions(raw, "inspect", dialect) };
}

// src/frontend/cli/parse-args.ts
function checkCommandLine(line, env) {
  const secrets = new SecretStore(env);
  const dialect = { label: (name) => `option --${name}`, literalPassword: false, secrets };
  const invocation = invocationOf(line, dialect);
  return invocation.command === "version" ? invocation : { ...invocation, secrets: secrets.values };
}
function invocationOf(line, dialect) {
  switch (line.command) {
    case "sign":
      return signInvocation(line, dialect);
    case "root-hash":
      return rootHashInvocation(line, dialect);
    case "verify":
      return verifyInvocation(line, dialect);
    case "inspect":
      return inspectInvocation(line, dialect);
    case "remove":
      return removeInvocation(line, dialect);
    case "csr":
      return csrInvocation(line, dialect);
    case "ipe-policy":
      return ipePolicyInvocation(line, dialect);
    case "export":
      return exportInvocation(line, dialect);
    case "fetch":
      return fetchInvocation(line, dialect);
    case "node-kit":
      return nodeKitInvocation(line, dialect);
    case "doctor":
      return doctorInvocation(line, dialect);
    case "preflight":
      return preflightInvocation(line, dialect);
    case "version":
      return versionInvocation(line, dialect);
  }
}
function signInvocation({ words, given }, dialect) {
  const images = imagesOf(words, given, dialect);
  const raw = { ...given, image: images.join("\n") };
  const signing = signingOptions(raw, dialect);
  requireOneImage(images, signing, dialect);
  return { command: "sign", images, signing, output: outputOptions(raw, "sign", dialect) };
}
function rootHashInvocation({ words, given }, dialect) {
  const images = withoutCredentials(words.filter((source) => !existsSync(source)));
  const raw = { ...given, image: images.join("\n") };
  const options = { ...commonOptions(raw, dialect), sources: [...words] };
  return { command: "root-hash", options, output: outputOptions(raw, "root-hash", dialect) };
}
function versionInvocation({ given }, dialect) {
  const options = {
    ...optional("orasPath", text(given, "oras-path")),
    ...optional("mkfsPath", text(given, "mkfs-path"))
  };
  return { command: "version", options, output: outputOptions(given, "version", dialect) };
}

// src/frontend/cli/run-command.ts
async function runCommand(line, args, visible) {
  const invocation = checked(line, args);
  if (invocation.command === "version") {
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
}
function checked(line, args) {
  try {
    return checkCommandLine(line, process.env);
  } catch (error) {
    reportInvalid(args, error);
    throw error;
  }
}
function reportInvalid(args, error) {
  const { command, json, report } = wantedOutput(args);
  if (command === "csr") return;
  if (command === "doctor" || command === "version") {
    if (json) printResult(harmlessJson(renderDocument(failedImage(void 0, errorReport(error)))));
    return;
  }
  const failed = command === "root-hash" ? failedSource : failedImage;
  const output = new RunOutput({
    json,
    log: "normal",
    ...report !== void 0 && mayWriteReport(command) ? { report } : {}
  });
  try {
    output.check();
  } catch (refused) {
    printError(refused);
  }
  output.report([failed(void 0, errorReport(error))], { error });
}
function mayWriteReport(command) {
  const surface = command;
  return inputsOf(surface).length === 0 || inputOf("report", surface) !== void 0;
}

export {
  parseSignerIdentity,
  subjectAttributes,
  hasIdentity,
  parsePolicyVersion,
  compareVersions,
  versionText,
  layerReasons,
  imageReason,
  saysAlready,
  verifyTable,
  timeLines,
  RunOutput,
  startRun,
  verifyingOptions,
  ipePolicyOptions,
  runCommand,
  reportInvalid
};
