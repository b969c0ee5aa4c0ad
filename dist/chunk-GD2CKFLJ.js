import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  worstVerdict
} from "./chunk-WYGMPXDT.js";
import {
  STEPS,
  Stopwatch,
  firstReason,
  judgeReferrer,
  loadTrustAnchors,
  parseSignerIdentity
} from "./chunk-3SDK747F.js";
import {
  convertLayers,
  createMkfsBuilder,
  layerKey,
  mapConcurrently,
  recipeKey,
  recipeOf,
  recipesFor
} from "./chunk-2TFGLHSJ.js";
import {
  BLOCK,
  openLayerTar,
  parseHeader,
  parsePaxRecords
} from "./chunk-AJYUJ2BV.js";
import {
  platformName,
  readReferrers,
  signerReport,
  skippedLayersReport,
  skippedReport
} from "./chunk-GTBLXIS5.js";
import {
  TOOL
} from "./chunk-WXASFSVB.js";
import {
  PROFILE_NAMES,
  formatPlatform,
  openImage,
  parsePlatform,
  resolveImage,
  withTempFolder
} from "./chunk-HN7UX6P3.js";
import {
  VeritySignError,
  inContext
} from "./chunk-6OOLX2PB.js";

// src/pipeline/build-verify-report.ts
var ENFORCEMENT = "Enforcement is the kernel's: this says what was signed by whom, not that any node demands it.";
var SIGNER_ONLY = "Nothing was recomputed: only the signer of the root hashes is proven, not that they are those of these layers.";
function verifyReport(checked) {
  const { options, trust, image, builder, oras, watch } = checked;
  const platforms = [
    ...checked.platforms.map(platformReport),
    ...skippedButRun(image, options.platforms).map(skippedVerdict)
  ];
  const verdict = worstVerdict(platforms.map((platform) => platform.verdict));
  const first = platforms.find((platform) => platform.verdict === verdict);
  const where = platforms.length > 1 ? `${first?.platform ?? first?.manifest.digest}: ` : "";
  const { digest, mediaType } = image.root;
  return {
    ...common(options, trust, watch),
    verdict,
    ...verdict === "verified" ? {} : { reason: `${where}${first?.reason ?? verdict}` },
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builder === void 0 ? {} : { builder },
    ...oras === void 0 ? {} : { oras },
    platforms,
    skipped: skippedReport(image)
  };
}
function uncheckedReport(options, trust, error, watch) {
  return {
    ...common(options, trust, watch),
    verdict: error.code === "image" ? "invalid" : "unchecked",
    reason: error.toLine(),
    image: { reference: options.image },
    platforms: [],
    skipped: []
  };
}
function common(options, trust, watch) {
  return {
    schemaVersion: 1,
    tool: TOOL,
    recompute: options.recompute,
    strict: options.strict,
    validAt: trust.at.toISOString(),
    notes: options.recompute ? [ENFORCEMENT] : [SIGNER_ONLY, ENFORCEMENT],
    seconds: {
      total: watch.total(),
      resolve: watch.of("resolve"),
      fetch: watch.of("fetch"),
      convert: watch.of("convert")
    }
  };
}
function platformReport({ manifest, sets, judgement }) {
  const { mediaType, digest, size } = manifest.descriptor;
  return {
    ...manifest.platform === void 0 ? {} : { platform: platformName(manifest.platform) },
    manifest: { mediaType, digest, size },
    ...outcome(judgement),
    profiles: judgement.profiles.map((one) => ({
      profile: one.profile,
      ...outcome(one),
      ...one.good === void 0 ? {} : { referrer: one.good.referrer }
    })),
    signatures: sets.map((set) => setReport(set, judgement)),
    skippedLayers: skippedLayersReport(manifest)
  };
}
function skippedButRun({ skipped }, wanted) {
  const asked = new Set(wanted.map((text) => formatPlatform(parsePlatform(text))));
  return skipped.filter(({ mayRun, descriptor: { platform } }) => {
    if (!mayRun || asked.size === 0 || platform === void 0) return mayRun;
    return asked.has(formatPlatform({ ...platform, os: platform.os || "linux" }));
  });
}
function skippedVerdict({ descriptor, reason }) {
  const { mediaType, digest, size, platform } = descriptor;
  return {
    ...platform === void 0 ? {} : { platform: platformName(platform) },
    manifest: { mediaType, digest, size },
    verdict: "invalid",
    reason: `a node may run ${digest}, but its layers cannot be signed: ${reason}`,
    profiles: [],
    signatures: [],
    skippedLayers: []
  };
}
function setReport(set, { profiles }) {
  const { recorded, profile } = set;
  const signers = new Map(set.layers.map(({ signer }) => [signer?.fingerprint, signer]));
  const counted = profiles.filter(({ good }) => good === set).map((one) => one.profile);
  const erofsUtils = {
    ...recorded.version === void 0 ? {} : { version: recorded.version },
    ...recorded.class === void 0 ? {} : { class: recorded.class }
  };
  const notes = [
    ...set.notes,
    ...recorded.profile === void 0 && set.verdict === "verified" ? [
      profile === void 0 ? `records no profile, counted for ${counted.join(", ") || "none"}` : `records no profile, its root hashes are those of ${profile}`
    ] : []
  ];
  return {
    referrer: set.referrer,
    ...outcome(set),
    ...profile === void 0 ? {} : { profile },
    ...recorded.mkfsOptions === void 0 ? {} : { mkfsOptions: recorded.mkfsOptions.join(" ") },
    ...Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils },
    signers: [...signers.values()].flatMap((leaf) => leaf === void 0 ? [] : [signerReport({ leaf })]),
    layers: set.layers.map(layerReport),
    notes
  };
}
function layerReport(layer) {
  return {
    index: layer.layer.index,
    digest: layer.layer.descriptor.digest,
    ...outcome(layer),
    rootHash: layer.rootHash,
    signatureDigest: layer.signatureDigest,
    ...layer.recomputed === void 0 ? {} : { recomputedRootHash: layer.recomputed }
  };
}
function outcome({ verdict, reason }) {
  return reason === void 0 ? { verdict } : { verdict, reason };
}

// src/pipeline/rebuild.ts
var AT_ONCE = 4;
var Rebuilder = class {
  converter;
  mkfsClass;
  #source;
  #known = /* @__PURE__ */ new Map();
  constructor(converter, mkfsClass, source) {
    this.converter = converter;
    this.mkfsClass = mkfsClass;
    this.#source = source;
  }
  /** Makes what is wanted, layers side by side. A layer that fails does not stop the others. */
  async build(wanted) {
    const jobs = /* @__PURE__ */ new Map();
    for (const { layer, recipe } of wanted) {
      if (this.#known.has(resultKey(layer, recipe))) continue;
      const job = jobs.get(layerKey(layer)) ?? { layer, recipes: /* @__PURE__ */ new Map() };
      job.recipes.set(recipeKey(recipe), recipe);
      jobs.set(layerKey(layer), job);
    }
    const { options, signal } = this.converter;
    await mapConcurrently(
      [...jobs.values()],
      options.concurrency,
      signal,
      async ({ layer, recipes }, both) => {
        const all = [...recipes.values()];
        for (let first = 0; first < all.length; first += AT_ONCE) {
          await this.#buildSome(layer, all.slice(first, first + AT_ONCE), both);
        }
      }
    );
  }
  /** Of something that was built. */
  result(layer, recipe) {
    const found = this.#known.get(resultKey(layer, recipe));
    if (found === void 0) throw new TypeError(`layer ${layer.index} was not built`);
    return found;
  }
  /** The layer's blob again, for a look at its tar. */
  blob(layer, signal) {
    return this.#source.blob(layer.descriptor, signal);
  }
  async #buildSome(layer, recipes, signal) {
    const job = { layer, recipes, open: (own) => this.blob(layer, own) };
    try {
      const [made = []] = await convertLayers([job], { ...this.converter, signal });
      for (const [position, { verity }] of made.entries()) {
        const recipe = recipes[position];
        if (recipe !== void 0) this.#known.set(resultKey(layer, recipe), { rootHash: verity.rootHash });
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VeritySignError)) throw error;
      const [only, ...more] = recipes;
      if (only !== void 0 && more.length === 0) this.#known.set(resultKey(layer, only), { error });
      else for (const recipe of recipes) await this.#buildSome(layer, [recipe], signal);
    }
  }
};
function resultKey(layer, recipe) {
  return `${layerKey(layer)} ${recipeKey(recipe)}`;
}

// src/layers/tar-traits.ts
var MOST_EXTENDED = 1024 * 1024;
var TarTraitsObserver = class {
  #traits = { xattrs: false, oddTimes: false };
  #block = Buffer.alloc(BLOCK);
  #filled = 0;
  #skip = 0;
  /** An extended header's data on its way in. */
  #records;
  #size;
  #finished = false;
  push(chunk) {
    for (let at = 0; at < chunk.length && !this.#finished; ) {
      const rest = chunk.length - at;
      if (this.#records !== void 0) at += this.#keep(chunk.subarray(at), this.#records);
      else if (this.#skip > 0) {
        const step = Math.min(this.#skip, rest);
        this.#skip -= step;
        at += step;
      } else {
        const step = Math.min(BLOCK - this.#filled, rest);
        chunk.copy(this.#block, this.#filled, at, at + step);
        this.#filled += step;
        at += step;
        if (this.#filled === BLOCK) this.#header();
      }
    }
  }
  result() {
    return { ...this.#traits };
  }
  #header() {
    this.#filled = 0;
    const header = parseHeader(this.#block);
    if (header === "zero") return;
    const size = header === void 0 ? void 0 : this.#size ?? header.size;
    if (header === void 0 || size === void 0 || !(size >= 0 && size < Number.MAX_SAFE_INTEGER)) {
      this.#finished = true;
      return;
    }
    const padding = (BLOCK - size % BLOCK) % BLOCK;
    if (header.typeflag === "x" || header.typeflag === "g") {
      if (size > MOST_EXTENDED) this.#finished = true;
      else if (size > 0) this.#records = { left: size, padding, pieces: [] };
      return;
    }
    const mtime = this.#block.toString("latin1", 136, 148);
    if (/^[ 0]*[\0 ]*$/.test(mtime) || mtime.startsWith("ÿ")) this.#traits.oddTimes = true;
    this.#skip = "125".includes(header.typeflag) ? 0 : size + padding;
    this.#size = void 0;
  }
  #keep(rest, records) {
    const step = Math.min(records.left, rest.length);
    records.pieces.push(Buffer.from(rest.subarray(0, step)));
    records.left -= step;
    if (records.left > 0) return step;
    this.#records = void 0;
    this.#skip = records.padding;
    for (const { key, value } of parsePaxRecords(Buffer.concat(records.pieces))) {
      const text = value.toString("latin1");
      if (key.startsWith("SCHILY.xattr.") || key.startsWith("LIBARCHIVE.xattr.")) this.#traits.xattrs = true;
      else if (key === "mtime" && (/[.-]/.test(text) || Number(text) === 0)) this.#traits.oddTimes = true;
      else if (key === "size" && text !== "") this.#size = Number(text);
    }
    return step;
  }
};

// src/pipeline/verify-explain.ts
var MOST_SEARCHED = 2;
var COMMON_OPTIONS = [
  ["-T0", "--mkfs-time", "--sort=none"],
  ["-T0", "--mkfs-time"],
  ["-T0", "--sort=none"],
  ["-T0"]
];
async function explainDifference(layers, recipes, recorded, rebuilder) {
  const different = layers.filter((layer) => layer.recomputed !== void 0 && layer.verdict === "invalid").sort((a, b) => a.layer.descriptor.size - b.layer.descriptor.size);
  const causes = /* @__PURE__ */ new Map();
  const found = [];
  let searched = 0;
  for (const layer of different) {
    const cause = otherLayer(layer, layers) ?? await otherClass(layer.layer, recorded, rebuilder);
    if (cause !== void 0) causes.set(layer, cause);
    else if (await search(layer, found, rebuilder) === void 0 && searched < MOST_SEARCHED) {
      const recipe = await search(layer, alternatives(recipes, recorded), rebuilder);
      if (recipe !== void 0) found.unshift(recipe);
      searched += 1;
    }
  }
  for (const layer of different.filter((one) => !causes.has(one))) {
    const recipe = await search(layer, found, rebuilder);
    const cause = recipe && otherRecipe(recipe, recipes);
    causes.set(layer, cause ?? "the layer's bytes differ from those that were signed");
  }
  return layers.map((layer) => {
    const cause = causes.get(layer);
    return cause === void 0 ? layer : { ...layer, reason: `${layer.reason}: ${cause}` };
  });
}
function otherLayer({ layer, rootHash }, layers) {
  const owner = layers.find(
    (other) => other.recomputed === rootHash && other.layer.descriptor.digest !== layer.descriptor.digest
  );
  return owner && `it is that of layer ${owner.layer.index}`;
}
async function otherClass(layer, recorded, rebuilder) {
  const here = rebuilder.mkfsClass;
  const there = recorded.class;
  if (there === void 0 || there === here) return void 0;
  const traits = await traitsOf(layer, rebuilder);
  const has = [
    // C came with another order of attributes, B with another treatment of times.
    ...traits?.xattrs && there === "C" !== (here === "C") ? ["extended attributes"] : [],
    ...traits?.oddTimes && there === "A" !== (here === "A") ? ["unusual times"] : []
  ];
  if (has.length === 0) return void 0;
  return `built by erofs-utils class ${there}, this machine has class ${here}, and the layer has ${has.join(" and ")}`;
}
async function traitsOf(layer, rebuilder) {
  const { signal, options } = rebuilder.converter;
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const observer = new TarTraitsObserver();
  try {
    const limits = { maxTarSize: options.maxLayerSize, signal };
    const { tar } = openLayerTar(await rebuilder.blob(layer), expected, limits);
    for await (const chunk of tar) observer.push(chunk);
    return observer.result();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VeritySignError)) throw error;
    return void 0;
  }
}
function alternatives(recipes, recorded) {
  const [first] = recipes;
  const listed = [recorded.mkfsOptions ?? first?.mkfsOptions ?? [], ...COMMON_OPTIONS];
  const all = listed.flatMap((mkfsOptions) => [
    recipeOf("containerd", mkfsOptions),
    recipeOf("containerd-cache", mkfsOptions),
    recipeOf("containerd-tar-index", mkfsOptions),
    { ...recipeOf("containerd-tar-index", mkfsOptions), uuidSource: "diffId" }
  ]);
  const known = new Set(recipes.map(recipeKey));
  return [...new Map(all.map((recipe) => [recipeKey(recipe), recipe])).values()].filter(
    (recipe) => !known.has(recipeKey(recipe))
  );
}
async function search({ layer, rootHash }, recipes, rebuilder) {
  const step = 4;
  for (let first = 0; first < recipes.length; first += step) {
    const some = recipes.slice(first, first + step);
    await rebuilder.build(some.map((recipe) => ({ layer, recipe })));
    const match = some.find((recipe) => {
      const result = rebuilder.result(layer, recipe);
      return "rootHash" in result && result.rootHash === rootHash;
    });
    if (match !== void 0) return match;
  }
  return void 0;
}
function otherRecipe(recipe, recipes) {
  const { profile, mkfsOptions, uuidSource } = recipe;
  const same = recipes.find((one) => one.profile === profile && one.uuidSource === uuidSource);
  const what = [
    ...same === void 0 ? [`profile ${profile}`] : [],
    ...same === void 0 && uuidSource !== recipeOf(profile, mkfsOptions).uuidSource ? ["a UUID from the diffID"] : [],
    ...recipes.some((one) => one.mkfsOptions.join(" ") === mkfsOptions.join(" ")) ? [] : [`mkfs options ${mkfsOptions.join(" ")}`]
  ];
  return `signed for ${what.join(" with ")}`;
}

// src/pipeline/verify-recompute.ts
var ALL_PROFILES = ["containerd", "containerd-cache", "containerd-tar-index"];
var MOST_SETS = 12;
function recipesOf({ recorded, profile }, options) {
  const mkfsOptions = recorded.mkfsOptions ?? options.mkfsOptions;
  return (profile === void 0 ? ALL_PROFILES : [profile]).map((name) => recipeOf(name, mkfsOptions));
}
async function recompute(sets, wanted, open, options) {
  const chosen = sets.filter((set) => set.verdict === "verified" && wanted(set));
  chosen.sort((a, b) => Number(hasOddOptions(a)) - Number(hasOddOptions(b)));
  const within = new Set(chosen.slice(0, MOST_SETS));
  const others = sets.map(
    (set) => set.verdict === "verified" && !chosen.includes(set) ? notAsked(set) : set
  );
  if (within.size === 0) return others;
  const rebuilder = await orUnable(open);
  if (rebuilder instanceof VeritySignError) {
    return others.map((set) => within.has(set) ? notBuilt(set, rebuilder.message) : set);
  }
  const requests = [...within].flatMap(
    (set) => recipesOf(set, options).flatMap((recipe) => set.layers.map(({ layer }) => ({ layer, recipe })))
  );
  await rebuilder.build(requests);
  const compared = [];
  for (const [index, set] of sets.entries()) {
    if (within.has(set)) compared.push(await compare(set, recipesOf(set, options), rebuilder));
    else if (chosen.includes(set)) compared.push(notBuilt(set, tooMany(chosen.length)));
    else compared.push(others[index] ?? set);
  }
  return compared;
}
function hasOddOptions({ profile = "containerd", recorded }) {
  const { mkfsOptions } = recorded;
  return mkfsOptions !== void 0 && mkfsOptions.join(" ") !== recipeOf(profile).mkfsOptions.join(" ");
}
async function orUnable(open) {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VeritySignError && error.code === "environment") return error;
    throw error;
  }
}
function notAsked(set) {
  return { ...set, notes: [...set.notes, "not recomputed: its profile was not asked for"] };
}
function notBuilt(set, reason) {
  return { ...set, step: "recompute", verdict: "unchecked", reason };
}
function tooMany(count) {
  return `not built: there are ${count} sets of signatures, at most ${MOST_SETS} are built`;
}
async function compare(set, recipes, rebuilder) {
  const outcomes = recipes.map((recipe) => ({
    recipe,
    results: set.layers.map(({ layer }) => rebuilder.result(layer, recipe))
  }));
  const matches = ({ results }) => results.filter((result, index) => "rootHash" in result && result.rootHash === set.layers[index]?.rootHash).length;
  const [best] = outcomes.toSorted((a, b) => matches(b) - matches(a));
  if (best === void 0) throw new TypeError("a set has no recipe");
  const layers = set.layers.map((layer, index) => compareLayer(layer, best.results[index]));
  const compared = { ...set, step: "recompute", layers };
  if (matches(best) === set.layers.length) return { ...compared, profile: best.recipe.profile };
  const failed = firstReason(layers, "unchecked");
  if (failed !== void 0 && layers.every(({ verdict }) => verdict !== "invalid")) {
    return { ...compared, verdict: "unchecked", reason: failed };
  }
  if (matches(best) > 0) compared.profile = best.recipe.profile;
  compared.layers = await explainDifference(layers, recipes, set.recorded, rebuilder);
  return { ...compared, verdict: "invalid", reason: firstReason(compared.layers, "invalid") };
}
function compareLayer(layer, result) {
  if (result === void 0) throw new TypeError(`layer ${layer.layer.index} was not built`);
  if ("error" in result) {
    const { code, message } = result.error;
    return {
      ...layer,
      verdict: code === "image" || code === "usage" ? "invalid" : "unchecked",
      reason: message
    };
  }
  const recomputed = result.rootHash;
  if (recomputed === layer.rootHash) return { ...layer, recomputed };
  return { ...layer, recomputed, verdict: "invalid", reason: `the signed root hash is not the layer's` };
}

// src/pipeline/verify-trust.ts
import { lstat, readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
async function loadTrust(options, { now }) {
  const { trustedCertificates, trustStores, allowExpired, at = now } = options;
  if (trustedCertificates.length + trustStores.length === 0) {
    throw new VeritySignError("usage", "there is nobody to trust", {
      remedy: "Give trusted-certificate (PEM files) or trust-store (the name of one of notation's stores)"
    });
  }
  const identities = options.signerIdentities.map(parseSignerIdentity);
  const files = [...trustedCertificates, ...(await Promise.all(trustStores.map(storeFiles))).flat()];
  const anchors = (await Promise.all(files.map(readAnchors))).flat();
  return { anchors, identities, at, allowExpired };
}
async function readAnchors(path) {
  try {
    const bytes = await readFile(path);
    const pem = bytes.includes("-----BEGIN") ? bytes : asPem(bytes);
    return loadTrustAnchors(pem);
  } catch (error) {
    const { code, message } = error;
    const why = error instanceof VeritySignError ? message : `it cannot be read (${code ?? message})`;
    throw new VeritySignError("usage", `trusted certificate ${path}: ${why}`, {
      remedy: "Give the path of X.509 certificates in PEM",
      cause: error
    });
  }
}
function asPem(der) {
  return `-----BEGIN CERTIFICATE-----
${der.toString("base64")}
-----END CERTIFICATE-----
`;
}
async function storeFiles(name) {
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new VeritySignError("usage", `trust-store: ${JSON.stringify(name)} is not the name of a store`, {
      remedy: "Give the name of a folder in notation's truststore/x509/ca"
    });
  }
  const base = process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
  const folder = join(base, "notation/truststore/x509/ca", name);
  const found = await lstat(folder).catch(() => void 0);
  const entries = found?.isDirectory() === true ? await readdir(folder, { withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  if (files.length === 0) {
    throw new VeritySignError("usage", `the trust store ${folder} holds no certificate`, {
      remedy: `Add one with notation cert add --type ca --store ${name} FILE`
    });
  }
  return files.sort();
}

// src/pipeline/verify-verdict.ts
function judgePlatform({ layers }, sets, demands) {
  const profiles = demands.profiles.map((profile2) => {
    if (layers.length === 0) {
      const reason2 = "the image has no layer that could be signed";
      return { profile: profile2, verdict: "not-signed", reason: reason2, good: void 0 };
    }
    return { profile: profile2, ...judgeProfile(profile2, sets, demands.recompute) };
  });
  const failed = profiles.filter(({ verdict: verdict2 }) => verdict2 !== "verified");
  const bad = demands.strict ? sets.filter(({ verdict: verdict2 }) => verdict2 !== "verified") : [];
  const verdict = worstVerdict([...failed, ...bad].map((one) => one.verdict));
  const profile = failed.find((one) => one.verdict === verdict);
  const set = bad.find((one) => one.verdict === verdict);
  const reason = profile === void 0 ? set && `strict: the referrer ${set.referrer} does not hold: ${set.reason}` : `profile ${profile.profile}: ${profile.reason}`;
  return { verdict, reason, profiles };
}
function judgeProfile(profile, sets, recompute2) {
  const failed = (verdict, reason) => ({ verdict, reason, good: void 0 });
  const candidates = sets.filter((set) => set.profile === void 0 || set.profile === profile);
  const good = candidates.filter(({ verdict }) => verdict === "verified");
  const [first] = good;
  if (first !== void 0) {
    const other = recompute2 ? void 0 : good.find((set) => contradicts(first, set));
    if (other === void 0) return { verdict: "verified", reason: void 0, good: first };
    return failed(
      "invalid",
      `the referrers ${first.referrer} and ${other.referrer} are both trusted but disagree on root hashes, and none were recomputed`
    );
  }
  if (sets.length === 0) return failed("not-signed", "no dm-verity signatures are attached");
  if (candidates.length === 0) {
    const others = [...new Set(sets.map((set) => set.profile))].join(", ");
    return failed("not-signed", `there are signatures only for ${others}`);
  }
  const unchecked = candidates.find(({ verdict }) => verdict === "unchecked");
  if (unchecked !== void 0) return failed("unchecked", unchecked.reason);
  const [furthest] = candidates.toSorted((a, b) => STEPS.indexOf(b.step) - STEPS.indexOf(a.step));
  return failed(furthest?.verdict ?? "invalid", furthest?.reason);
}
function contradicts(a, b) {
  const made = ({ profile, recorded }) => [profile, recorded.class, ...recorded.mkfsOptions ?? ["default"]].join(" ");
  return made(a) === made(b) && a.layers.some(({ rootHash }, index) => rootHash !== b.layers[index]?.rootHash);
}

// src/pipeline/verify-image.ts
async function verifyImage(options, context) {
  const watch = new Stopwatch();
  const trust = await loadTrust(options, context);
  recipesFor(options);
  try {
    return await inContext(
      { image: options.image },
      () => withTempFolder(options.tempDir, (folder) => verifyIn(folder, trust, options, context, watch))
    );
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === "usage" || context.signal.aborted) throw error;
    return uncheckedReport(options, trust, error, watch);
  }
}
async function verifyIn(folder, trust, options, context, watch) {
  const { log } = context;
  const opened = await openImage(options.image, folder, options, context);
  const image = await watch.time(
    "resolve",
    () => log.group(`Resolve ${options.image}`, () => resolveImage(opened.source, options))
  );
  const judged = await watch.time(
    "fetch",
    () => log.group("Read and check signatures", async (own) => {
      const perManifest = await judgeReferrers(opened, image, trust);
      for (const [index, { descriptor }] of image.manifests.entries()) {
        own.info(`${descriptor.digest}: ${perManifest[index]?.length ?? 0} dm-verity referrers`);
      }
      return perManifest;
    })
  );
  let builder;
  const open = async () => {
    const { signal } = context;
    const { mkfsPath } = options.tools;
    const wanted = options.erofsUtilsVersion;
    const made = await createMkfsBuilder({
      mkfsPath,
      wanted,
      profiles: PROFILE_NAMES,
      tempFolder: folder,
      signal,
      log
    });
    builder = made.info;
    const converter = { builder: made.builder, folder, options, log, signal };
    return new Rebuilder(converter, made.info.class, opened.source);
  };
  const asked = ({ profile }) => options.strict || profile === void 0 || options.profiles.includes(profile);
  const sets = options.recompute ? await watch.time("convert", () => recomputeAll(judged, asked, open, options)) : judged;
  const platforms = image.manifests.map((manifest, index) => {
    const own = sets[index] ?? [];
    return { manifest, sets: own, judgement: judgePlatform(manifest, own, options) };
  });
  return verifyReport({ options, trust, image, builder, oras: opened.oras, platforms, watch });
}
async function judgeReferrers({ store }, { manifests }, trust) {
  const judged = [];
  for (const manifest of manifests) {
    const { descriptor, layers } = manifest;
    judged.push(
      await readReferrers(
        store,
        descriptor,
        (referrer) => judgeReferrer(referrer, manifest, trust),
        // Any other number is refused, whatever the signatures are.
        (found) => found.layers.length === layers.length
      )
    );
  }
  return judged;
}
async function recomputeAll(judged, wanted, open, options) {
  const all = await recompute(judged.flat(), wanted, open, options);
  let start = 0;
  return judged.map(({ length }) => {
    start += length;
    return all.slice(start - length, start);
  });
}

export {
  verifyImage
};
