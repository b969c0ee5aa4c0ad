import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  manifestVerdict,
  notaryReport
} from "./shared.commands.verify.notary-report.js";
import {
  RevocationChecker
} from "./shared.signatures.notary.revocation.checker.js";
import {
  NOTARY_STEPS,
  evaluateSignature
} from "./shared.commands.verify.manifests.evaluate-signature.js";
import {
  loadTrustStore,
  notationFolder,
  readTrustedInput,
  screenReferrers
} from "./shared.commands.verify.layers.screen-referrers.js";
import {
  STEPS,
  evaluateReferrer,
  firstReason
} from "./shared.commands.verify.layers.evaluate-referrer.js";
import {
  WITHOUT_POLICY,
  applicableStatement,
  parseTrustPolicy,
  readLayerReferrers,
  readReferrers
} from "./shared.commands.shared.read-referrers.js";
import {
  parseSignerIdentity
} from "./shared.signatures.x509.identity.js";
import {
  plainErofsText,
  requiresLayers,
  resolvedLayers,
  skippedButRun,
  uncoveredEntry,
  uncoveredReport,
  warnOfUncovered
} from "./shared.commands.shared.coverage.js";
import {
  Stopwatch
} from "./shared.lib.stopwatch.js";
import {
  DiskBudget,
  convertLayers,
  hasTars,
  maxConcurrentLayers,
  openBuilder
} from "./shared.commands.shared.plan.js";
import {
  resolveImage
} from "./shared.oci.image.resolve.js";
import {
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import {
  builderReport,
  manifestReport,
  platformReport,
  signerReport,
  skippedLayersReport,
  skippedReport
} from "./shared.commands.shared.report-parts.js";
import {
  mapConcurrently
} from "./shared.lib.concurrent.js";
import {
  NOTARY_ARTIFACT_TYPE
} from "./shared.oci.attach.artifact-format.js";
import {
  worstVerdict
} from "./shared.commands.verify.worst-verdict.js";
import {
  ConversionCache,
  conversionKey,
  layerKey
} from "./shared.convert.conversion-cache.js";
import {
  REPORT_HEAD
} from "./shared.report.tool.js";
import {
  IN_REGISTRY,
  openImage,
  requireReferrers
} from "./shared.commands.shared.open-image.js";
import {
  nativelyKnown,
  ofClasses,
  recipeKey,
  recipeOf,
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  KNOWN_CLASSES,
  PROFILE_NAMES,
  isKnownClass
} from "./shared.model.profiles.js";
import {
  PROFILES
} from "./shared.convert.erofs.native.known-options.js";
import {
  openLayerTar
} from "./shared.convert.worker.protocol.js";
import {
  TarReader,
  hasData,
  observer
} from "./shared.convert.tar.facts.js";
import {
  readGiven
} from "./shared.lib.read-given.js";
import {
  parseImage,
  referenceName
} from "./shared.oci.image.reference.js";
import {
  plainDescriptor
} from "./shared.oci.documents.js";
import {
  VeritySignError,
  inContext
} from "./shared.errors.js";

// src/commands/verify/check-demands.ts
function checkDemands(options) {
  const { trustPolicy, trustedCertificates, trustStores, layers, manifestSignature, allowExpired } = options;
  if (layers === "none" && manifestSignature === "none") {
    throw new VeritySignError("usage", "with neither layers nor manifest signatures nothing is verified", {
      remedy: "Set layers to required or auto, or manifest-signature to required"
    });
  }
  if (trustPolicy === void 0) {
    if (options.trustPolicyScope === void 0) return;
    throw new VeritySignError("usage", "trust-policy-scope is given without trust-policy", {
      remedy: "Give both or neither"
    });
  }
  if (trustedCertificates.length + trustStores.length > 0) {
    throw new VeritySignError(
      "usage",
      "trust-policy cannot be combined with trusted-certificate or trust-store",
      { remedy: "Name the trust stores in the trust policy only" }
    );
  }
  if (allowExpired) {
    throw new VeritySignError("usage", "allow-expired cannot be combined with trust-policy", {
      remedy: "Let the trust policy's signatureVerification override authenticTimestamp with log"
    });
  }
}

// src/commands/verify/layers/layer-verdict.ts
function platformOutcome({ layers }, sets, demands) {
  const profiles = demands.profiles.map((profile2) => {
    if (layers.length === 0) {
      const reason2 = "the image has no layer that could be signed";
      return { profile: profile2, verdict: "not-signed", reason: reason2, good: void 0 };
    }
    return { profile: profile2, ...profileOutcome(profile2, sets, demands.recompute) };
  });
  const failed = profiles.filter(({ verdict: verdict2 }) => verdict2 !== "verified");
  const bad = demands.strict ? sets.filter(({ verdict: verdict2 }) => verdict2 !== "verified") : [];
  const verdict = worstVerdict([...failed, ...bad].map((one) => one.verdict));
  const profile = failed.find((one) => one.verdict === verdict);
  const set = bad.find((one) => one.verdict === verdict);
  const reason = profile === void 0 ? set && `strict: referrer ${set.referrer} does not verify: ${set.reason}` : `profile ${profile.profile}: ${profile.reason}`;
  return { verdict, reason, profiles };
}
function profileOutcome(profile, sets, recompute2) {
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
  const recipe = ({ profile, recorded }) => [profile, recorded.class, ...recorded.mkfsOptions ?? ["default"]].join(" ");
  return recipe(a) === recipe(b) && a.layers.some(({ rootHash }, index) => rootHash !== b.layers[index]?.rootHash);
}

// src/commands/verify/manifests/manifest-verdict.ts
function manifestOutcome(signatures, index) {
  const outcome2 = (one) => ({
    reason: void 0,
    good: void 0,
    byIndex: false,
    ...one
  });
  const good = signatures.find(({ verdict }) => verdict === "verified");
  if (good !== void 0) return outcome2({ verdict: "verified", good });
  if (index?.verdict === "verified") return outcome2({ verdict: "verified", good: index.good, byIndex: true });
  if (signatures.length === 0) {
    return outcome2({ verdict: "not-signed", reason: "no Notary signature is attached" });
  }
  const [furthest] = signatures.toSorted(
    (a, b) => NOTARY_STEPS.indexOf(b.step) - NOTARY_STEPS.indexOf(a.step)
  );
  const decisive = signatures.find(({ verdict }) => verdict === "unchecked") ?? furthest;
  return outcome2({
    verdict: decisive?.verdict ?? "invalid",
    reason: decisive && `Notary signature ${decisive.referrer} does not verify: ${decisive.reason}`
  });
}
function combinedOutcome(layers, manifest, signatures, demands, whyNone) {
  const parts = layers === void 0 ? [] : [layers];
  if (manifest !== void 0 && isDemanded(manifest, demands, layers === void 0)) parts.push(manifest);
  if (manifest === void 0 && layers === void 0) {
    parts.push({ verdict: "not-signed", reason: `${whyNone}, and manifest signatures are not checked` });
  }
  if (demands.strict) parts.push(...signatures.map(strictly));
  const verdict = worstVerdict(parts.map((part) => part.verdict));
  return { verdict, reason: parts.find((part) => part.verdict === verdict)?.reason };
}
function isDemanded({ verdict }, { manifestSignature, byPolicy: byPolicy2 }, withoutLayers) {
  if (manifestSignature === "required" || withoutLayers) return true;
  return byPolicy2 && verdict !== "not-signed";
}
function strictly({ verdict, reason, referrer }) {
  return {
    verdict,
    reason: verdict === "verified" ? void 0 : `strict: Notary signature ${referrer} does not verify: ${reason}`
  };
}

// src/commands/verify/evaluate-image.ts
function evaluateImage(image, sets, notary, options, byPolicy2) {
  const { manifestSignature, strict } = options;
  const demands = { manifestSignature, byPolicy: byPolicy2, strict };
  const checked = manifestSignature !== "none";
  const index = notary.index === void 0 || !checked ? void 0 : evaluateIndex(notary.index, demands);
  const platforms = image.manifests.map((manifest, position) => {
    const own = sets[position] ?? [];
    const signatures = notary.manifests[position] ?? [];
    const layers = needsLayers(manifest, options) ? platformOutcome(manifest, own, options) : void 0;
    const ownNotary = checked ? manifestOutcome(signatures, index?.notary) : void 0;
    const whyNone = manifest.layersLeftOut ?? "layer signatures were not requested";
    const outcome2 = combinedOutcome(layers, ownNotary, signatures, demands, whyNone);
    return { manifest, sets: own, layers, signatures, notary: ownNotary, ...outcome2 };
  });
  return { platforms, index, uncovered: uncoveredImages(image, notary, index, options) };
}
function uncoveredImages(image, { coveredSkipped: coveredSkipped2 }, index, { platforms }) {
  if (index?.notary.verdict === "verified") return [];
  const failures = new Set(skippedButRun(image, platforms));
  return image.skipped.filter((one) => one.isImage && !failures.has(one) && !coveredSkipped2.has(one.descriptor.digest)).map(uncoveredEntry);
}
function evaluateIndex(signatures, demands) {
  const notary = manifestOutcome(signatures, void 0);
  const nothing = { verdict: "verified", reason: void 0 };
  return { signatures, notary, ...combinedOutcome(nothing, notary, signatures, demands, "") };
}
function needsLayers({ layers, layersLeftOut }, { layers: choice }) {
  if (requiresLayers(choice)) return true;
  return choice === "auto" && layersLeftOut === void 0 && layers.length > 0;
}

// src/commands/verify/layers/revocation.ts
async function checkSetRevocation(set, { enforcement: { revocation: action } }, revocation) {
  if (action === "skip" || set.verdict !== "verified") return set;
  for (const { path } of set.layers) {
    try {
      await revocation.requireGood(path.map(({ der }) => der));
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code === "cancelled") throw error;
      if (action === "log") {
        const note = `revocation failed, which the trust policy only logs: ${error.message}`;
        return { ...set, notes: [...set.notes, note] };
      }
      const verdict = error.code === "key" ? "not-trusted" : "unchecked";
      const layers = set.layers.map(
        (layer) => layer.path === path ? { ...layer, verdict, reason: error.message } : layer
      );
      return { ...set, verdict, reason: error.message, layers };
    }
  }
  return set;
}

// src/commands/verify/evaluate-signatures.ts
var READ_SKIPPED = 100;
async function evaluateSignatures(store, { root, manifests, skipped }, trust, options, { log, now, signal }) {
  const revocation = new RevocationChecker(now, signal);
  const reading = { store, trust, revocation, signal };
  const evaluate = (subject) => evaluateManifestSignatures(subject, options, reading);
  const layers = [];
  const notary = [];
  for (const manifest of manifests) {
    const { descriptor } = manifest;
    const [sets, signatures] = [await evaluateLayerSignatures(manifest, reading), await evaluate(descriptor)];
    layers.push(sets);
    notary.push(signatures);
    const count = `dm-verity referrers: ${sets.length}, Notary signatures: ${signatures.length}`;
    log.info(`${descriptor.digest}: ${count}`);
  }
  const isIndex = !manifests.some(({ descriptor }) => descriptor.digest === root.digest);
  const index = isIndex ? await evaluate(root) : void 0;
  const covered = await coveredSkipped(skipped, index, evaluate);
  return { layers, manifests: { manifests: notary, index, coveredSkipped: covered } };
}
async function evaluateLayerSignatures(manifest, { store, trust, revocation, signal }) {
  const { descriptor, layersLeftOut } = manifest;
  if (layersLeftOut !== void 0) return [];
  const known = /* @__PURE__ */ new Map();
  return readLayerReferrers(
    store,
    descriptor,
    (referrer) => checkSetRevocation(evaluateReferrer(referrer, manifest, trust, known), trust, revocation),
    screenReferrers(manifest, trust, known),
    signal
  );
}
async function evaluateManifestSignatures(subject, { manifestSignature }, { store, trust, revocation, signal }) {
  if (manifestSignature === "none") return [];
  return readReferrers(
    store,
    subject,
    NOTARY_ARTIFACT_TYPE,
    (referrer) => evaluateSignature(referrer, subject, trust, revocation),
    // Any other number of envelopes is refused, whatever they contain.
    { wanted: ({ layers }) => layers.length === 1 },
    signal
  );
}
async function coveredSkipped(skipped, index, evaluate) {
  const covered = /* @__PURE__ */ new Set();
  if (index?.some(({ verdict }) => verdict === "verified")) return covered;
  const images = skipped.filter(({ isImage, mayRun, leftOut }) => isImage && !mayRun && leftOut !== true);
  for (const { descriptor } of images.slice(0, READ_SKIPPED)) {
    const signatures = await evaluate(plainDescriptor(descriptor));
    if (signatures.some(({ verdict }) => verdict === "verified")) covered.add(descriptor.digest);
  }
  return covered;
}

// src/commands/verify/layers/rebuilder.ts
var AT_ONCE = 4;
var Rebuilder = class {
  converter;
  info;
  #source;
  #image;
  #conversions;
  #known = /* @__PURE__ */ new Map();
  #disk;
  /**
   * @param info the builder of `converter`
   * @param image name of the image, for reports
   * @param conversions those of earlier images of the run, by the same builder
   */
  constructor(converter, info, source, image, conversions = new ConversionCache()) {
    this.converter = converter;
    this.info = info;
    this.#source = source;
    this.#image = image;
    this.#conversions = conversions;
  }
  /** The class of mkfs.erofs; undefined for the native builder, which has no class of its own. */
  get mkfsClass() {
    return this.info.kind === "mkfs" ? this.info.class : void 0;
  }
  /** Builds the wanted images, layers side by side. A layer that fails does not stop the others. */
  async build(wanted) {
    const jobs = /* @__PURE__ */ new Map();
    for (const { layer, recipe } of wanted) {
      const key = conversionKey(layer, recipe);
      if (this.#known.has(key) || this.#reuse(layer, recipe)) continue;
      const job = jobs.get(layerKey(layer)) ?? { layer, recipes: /* @__PURE__ */ new Map() };
      job.recipes.set(key, recipe);
      jobs.set(layerKey(layer), job);
    }
    const { options, signal, folder, builder } = this.converter;
    if (builder.needsDisk) this.#disk ??= await DiskBudget.of(folder);
    await mapConcurrently(
      [...jobs.values()],
      Math.min(options.concurrency, maxConcurrentLayers(AT_ONCE)),
      signal,
      async ({ layer, recipes }, both) => {
        const all = [...recipes.values()];
        for (let first = 0; first < all.length; first += AT_ONCE) {
          await this.#buildSome(layer, all.slice(first, first + AT_ONCE), both);
        }
      }
    );
  }
  /** The result for a layer and recipe that were built. */
  result(layer, recipe) {
    const found = this.#known.get(conversionKey(layer, recipe));
    if (found === void 0) throw new TypeError(`layer ${layer.index} was not built`);
    return found;
  }
  /** Opens the layer's blob again, to inspect its tar. */
  blob(layer, signal) {
    return this.#source.blob(layer.descriptor, signal);
  }
  /** Takes over the result of an earlier image of the run, if there is one. */
  #reuse(layer, recipe) {
    const found = this.#conversions.find(layer, recipe);
    if (found === void 0) return false;
    const { verity, sharedFrom } = found;
    const { rootHash } = verity;
    this.#known.set(conversionKey(layer, recipe), {
      rootHash,
      ...sharedFrom === void 0 ? {} : { sharedFrom }
    });
    return true;
  }
  async #buildSome(layer, recipes, signal) {
    const job = { layer, recipes, open: (own) => this.blob(layer, own) };
    try {
      const disk = this.#disk;
      const converter = { ...this.converter, signal, ...disk === void 0 ? {} : { disk } };
      const [built = []] = await convertLayers([job], converter);
      for (const [position, converted] of built.entries()) {
        const recipe = recipes[position];
        if (recipe === void 0) continue;
        this.#known.set(conversionKey(layer, recipe), { rootHash: converted.verity.rootHash });
        this.#conversions.add(converted, recipe, this.#image);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VeritySignError)) throw error;
      const [only, ...more] = recipes;
      if (only !== void 0 && more.length === 0) this.#known.set(conversionKey(layer, only), { error });
      else for (const recipe of recipes) await this.#buildSome(layer, [recipe], signal);
    }
  }
};

// src/commands/verify/layers/open-rebuilder.ts
async function openRebuilder(source, image, { options: given, context, folder }) {
  const { log, signal, conversions } = context;
  const needed = hasTars(image);
  const options = needed ? given : { ...given, builder: "native", crossCheck: false };
  const opened = await openBuilder(options, {
    profiles: PROFILE_NAMES,
    classes: [],
    folder,
    signal,
    log
  });
  const info = await opened.info;
  if (needed) conversions?.requireSame(info);
  const converter = { builder: opened.builder, folder, options, log, signal };
  return new Rebuilder(converter, info, source, image.name, conversions);
}

// src/commands/verify/layers/choose-recipes.ts
var MAX_RECIPES = PROFILE_NAMES.length * KNOWN_CLASSES.length;
function chooseRecipes(sets, options) {
  const wanted = new Map(sets.map((set) => [set, recipesOf(set, options)]));
  const all = /* @__PURE__ */ new Map();
  for (const set of sets.toSorted((a, b) => rank(a, options) - rank(b, options))) {
    for (const recipe of wanted.get(set) ?? []) all.set(recipeKey(recipe), recipe);
  }
  const built = new Set([...all.keys()].slice(0, MAX_RECIPES));
  const chosen = /* @__PURE__ */ new Map();
  for (const [set, own] of wanted) {
    const recipes = own.filter((recipe) => built.has(recipeKey(recipe)));
    chosen.set(set, { recipes, tooMany: recipes.length === own.length ? void 0 : all.size });
  }
  return chosen;
}
function recipesOf({ recorded, profile }, options) {
  const mkfsOptions = recorded.mkfsOptions ?? options.mkfsOptions;
  const recipes = (profile === void 0 ? PROFILE_NAMES : [profile]).map(
    (name) => recipeOf(name, mkfsOptions)
  );
  if (options.builder === "mkfs") return recipes;
  const own = KNOWN_CLASSES.filter((of) => of === recorded.class);
  const classes = options.classes ?? (own.length > 0 ? own : KNOWN_CLASSES);
  return recipes.flatMap((recipe) => ofClasses(recipe, classes));
}
function rank({ recorded, profile }, options) {
  const { mkfsOptions } = recorded;
  if (mkfsOptions === void 0) return options.mkfsOptions === void 0 ? 0 : 1;
  const profiles = profile === void 0 ? PROFILE_NAMES : [profile];
  const isThatOf = (given) => profiles.some((name) => recipeOf(name, given).mkfsOptions.join(" ") === mkfsOptions.join(" "));
  if (isThatOf(void 0)) return 0;
  return options.mkfsOptions !== void 0 && isThatOf(options.mkfsOptions) ? 1 : 2;
}

// src/convert/blob/tar-traits.ts
var TarTraitsObserver = class {
  #traits = { xattrs: false, unusualTimes: false };
  #reader = new TarReader(observer({ entry: (entry) => this.#examine(entry) }));
  push(chunk) {
    this.#reader.push(chunk);
  }
  result() {
    return { ...this.#traits };
  }
  #examine(entry) {
    this.#traits.xattrs ||= entry.xattrs[Symbol.iterator]().next().done !== true;
    for (const { seconds, nanoseconds } of [entry.mtime, entry.oldMtime]) {
      if (seconds <= 0n || nanoseconds !== 0) this.#traits.unusualTimes = true;
    }
    return hasData(entry, entry.path);
  }
};

// src/commands/verify/layers/explain-mismatch.ts
var MAX_SEARCHED = 2;
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
    const cause = otherLayer(layer, layers) ?? await otherClass(layer.layer, recipes, recorded, rebuilder);
    if (cause !== void 0) causes.set(layer, cause);
    else if (await search(layer, found, rebuilder) === void 0 && searched < MAX_SEARCHED) {
      const recipe = await search(layer, alternatives(recipes, recorded, rebuilder), rebuilder);
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
async function otherClass(layer, recipes, recorded, rebuilder) {
  const here = rebuilder.mkfsClass;
  const there = recorded.class;
  if (layer.format === "erofs") return void 0;
  if (here === void 0 || there === void 0 || there === here) return void 0;
  const classes = `built by erofs-utils class ${there}, this machine has class ${here}`;
  const oneIs = (...of) => of.includes(there) !== of.includes(here);
  const index = recipes.some(({ profile }) => PROFILES[profile].appendsTar);
  if (index && oneIs("1.8.6")) return `${classes}, and every tar index differs`;
  const traits = await traitsOf(layer, rebuilder);
  const has = [
    // C came with another order of attributes, A with attributes of any name, B with another treatment of times.
    ...traits?.xattrs && (oneIs("C") || oneIs("1.8.6")) ? ["extended attributes"] : [],
    ...traits?.unusualTimes && oneIs("1.8.6", "A") ? ["unusual times"] : []
  ];
  if (has.length === 0) return void 0;
  return `${classes}, and the layer has ${has.join(" and ")}`;
}
async function traitsOf(layer, rebuilder) {
  const { signal, options } = rebuilder.converter;
  const { digest, size } = layer.descriptor;
  const expected = { digest, size, diffId: layer.diffId, compression: layer.compression };
  const observer2 = new TarTraitsObserver();
  try {
    const limits = { maxTarSize: options.maxLayerSize, signal };
    const { tar } = openLayerTar(await rebuilder.blob(layer), expected, limits);
    for await (const chunk of tar) observer2.push(chunk);
    return observer2.result();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VeritySignError)) throw error;
    return void 0;
  }
}
function alternatives(recipes, recorded, { mkfsClass }) {
  const [first] = recipes;
  const listed = [recorded.mkfsOptions ?? first?.mkfsOptions ?? [], ...COMMON_OPTIONS];
  const plain = listed.flatMap((mkfsOptions) => [
    recipeOf("containerd", mkfsOptions),
    recipeOf("containerd-cache", mkfsOptions),
    recipeOf("containerd-tar-index", mkfsOptions),
    recipeOf("tardev", mkfsOptions),
    { ...recipeOf("containerd-tar-index", mkfsOptions), uuidSource: "diffId" }
  ]);
  const classes = KNOWN_CLASSES.toSorted(
    (a, b) => Number(b === recorded.class) - Number(a === recorded.class)
  );
  const all = mkfsClass === void 0 ? plain.filter(nativelyKnown).flatMap((recipe) => ofClasses(recipe, classes)) : plain;
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
  const { profile, mkfsOptions, uuidSource, class: of } = recipe;
  const same = recipes.find((one) => one.profile === profile && one.uuidSource === uuidSource);
  const what = [
    ...same === void 0 ? [`profile ${profile}`] : [],
    ...same === void 0 && uuidSource !== recipeOf(profile, mkfsOptions).uuidSource ? ["a UUID from the diffID"] : [],
    ...recipes.some((one) => one.mkfsOptions.join(" ") === mkfsOptions.join(" ")) ? [] : [`mkfs options ${mkfsOptions.join(" ")}`],
    ...recipes.some((one) => one.class === of) ? [] : [`erofs-utils class ${of}`]
  ];
  return `signed for ${what.join(" with ")}`;
}

// src/commands/verify/layers/recompute.ts
var MAX_EXPLAINED = 8;
async function recompute(sets, open, options) {
  const verified = sets.flat().filter(({ verdict }) => verdict === "verified");
  const requested = verified.filter((set) => isRequested(set, options));
  const all = chooseRecipes(requested, options);
  const doubles = requested.filter((set) => recordedTwin(set, requested) !== void 0);
  const rebuilder = requested.length === 0 ? void 0 : await openOrReport(open);
  const results = /* @__PURE__ */ new Map();
  for (const set of verified) results.set(set, notRequested(set));
  if (rebuilder instanceof VeritySignError) {
    for (const set of requested) results.set(set, notBuilt(set, withRemedy(rebuilder)));
  } else if (rebuilder !== void 0) {
    let explained = 0;
    const rebuild = async (some, on) => {
      const chosen = new Map([...all].filter(([set]) => some.includes(set)));
      await on.build(sets.flatMap((ofManifest) => imagesOf(ofManifest, chosen)));
      for (const [set, recipes] of chosen) {
        const compared = compare(set, recipes, on, options);
        const explains = compared.verdict === "invalid" && explained++ < MAX_EXPLAINED;
        results.set(set, explains ? await explain(compared, recipes, on) : compared);
      }
    };
    await rebuild(
      requested.filter((set) => !doubles.includes(set)),
      rebuilder
    );
    const open2 = [];
    for (const set of doubles) {
      const twin = recordedTwin(set, requested);
      const result = twin && results.get(twin);
      if (result?.verdict === "verified") results.set(set, asTwin(set, result));
      else open2.push(set);
    }
    if (open2.length > 0) await rebuild(open2, rebuilder);
  }
  const recomputed = sets.map((ofManifest) => ofManifest.map((set) => results.get(set) ?? set));
  const built = sets.flat().some(({ layers }) => layers.some(({ layer }) => layer.format === "tar"));
  return rebuilder === void 0 || rebuilder instanceof VeritySignError || !built ? { sets: recomputed } : { sets: recomputed, builder: rebuilder.info };
}
function recordedTwin(set, others) {
  if (set.profile !== void 0) return void 0;
  return others.find(
    ({ profile, layers }) => profile !== void 0 && layers.length === set.layers.length && layers.every(({ layer, rootHash }, index) => {
      const own = set.layers[index];
      return own?.rootHash === rootHash && layerKey(own.layer) === layerKey(layer);
    })
  );
}
function asTwin(set, twin) {
  const layers = set.layers.map((layer, index) => {
    const { recomputed, sharedFrom } = twin.layers[index] ?? {};
    return { ...layer, recomputed, ...sharedFrom === void 0 ? {} : { sharedFrom } };
  });
  return { ...set, step: "recompute", layers, profile: twin.profile };
}
function imagesOf(sets, chosen) {
  const recipes = new Map(
    sets.flatMap((set) => (chosen.get(set)?.recipes ?? []).map((recipe) => [recipeKey(recipe), recipe]))
  );
  const layers = sets.find((set) => chosen.has(set))?.layers ?? [];
  return layers.flatMap(({ layer }) => [...recipes.values()].map((recipe) => ({ layer, recipe })));
}
function isRequested({ profile }, { strict, profiles }) {
  return strict || profile === void 0 || profiles.includes(profile);
}
async function openOrReport(open) {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VeritySignError && error.code === "environment") return error;
    throw error;
  }
}
function notRequested(set) {
  return { ...set, notes: [...set.notes, "not recomputed: its profile was not requested"] };
}
function notBuilt(set, reason) {
  return { ...set, step: "recompute", verdict: "unchecked", reason };
}
function compare(set, { recipes, tooMany }, rebuilder, options) {
  const outcomes = recipes.map((recipe) => ({
    recipe,
    results: set.layers.map(({ layer }) => rebuilder.result(layer, recipe))
  }));
  const matches = ({ results }) => results.filter((result, index) => "rootHash" in result && result.rootHash === set.layers[index]?.rootHash).length;
  const [best] = outcomes.toSorted((a, b) => matches(b) - matches(a));
  const complete = best !== void 0 && matches(best) === set.layers.length;
  if (best === void 0 || !complete && tooMany !== void 0) {
    const limit = `at most ${MAX_RECIPES} are built, those with default options first`;
    return notBuilt(set, `not recomputed: the signatures record ${tooMany} recipes, ${limit}`);
  }
  const layers = set.layers.map((layer, index) => compareLayer(layer, best.results[index]));
  const compared = { ...set, step: "recompute", layers };
  if (complete) return { ...compared, profile: best.recipe.profile };
  const failed = firstReason(layers, "unchecked");
  if (failed !== void 0 && layers.every(({ verdict }) => verdict !== "invalid")) {
    return { ...compared, verdict: "unchecked", reason: failed };
  }
  const reproducible = set.recorded.class === void 0 || isReproducible(set.recorded.class, options, rebuilder);
  if (!reproducible) return irreproducible(compared, set.recorded.class);
  if (matches(best) > 0) compared.profile = best.recipe.profile;
  return { ...compared, verdict: "invalid", reason: firstReason(layers, "invalid") };
}
async function explain(set, { recipes }, rebuilder) {
  const layers = await explainDifference(set.layers, recipes, set.recorded, rebuilder);
  return { ...set, layers, reason: firstReason(layers, "invalid") };
}
function compareLayer(layer, result) {
  if (result === void 0) throw new TypeError(`layer ${layer.layer.index} was not built`);
  if ("error" in result) {
    const { code, message } = result.error;
    if (code === "image" || code === "usage") return { ...layer, verdict: "invalid", reason: message };
    return { ...layer, verdict: "unchecked", reason: withRemedy(result.error) };
  }
  const { rootHash: recomputed, sharedFrom } = result;
  const built = { ...layer, recomputed, ...sharedFrom === void 0 ? {} : { sharedFrom } };
  if (recomputed === layer.rootHash) return built;
  return { ...built, verdict: "invalid", reason: `the signed root hash is not the layer's` };
}
function isReproducible(of, { builder }, { mkfsClass }) {
  if (isKnownClass(of)) return true;
  return builder === "mkfs" && (of === "unknown" || mkfsClass === "unknown");
}
function irreproducible(set, of) {
  const reason = of === "unknown" ? "signed with a mkfs.erofs of an unknown class, which the native builder cannot reproduce. Set builder to mkfs and erofs-utils-version to any, with that mkfs.erofs" : `made with class ${of} of erofs-utils, which this version of verity-sign does not know; a later release may. Update verity-sign, or set builder to mkfs and erofs-utils-version to any, with mkfs.erofs ${of}`;
  const layers = set.layers.map(
    (layer) => layer.verdict === "invalid" ? { ...layer, verdict: "unchecked", reason } : layer
  );
  return { ...set, layers, verdict: "unchecked", reason };
}
function withRemedy({ message, remedy }) {
  return remedy === void 0 ? message : `${message}. ${remedy}`;
}

// src/commands/verify/trust/trust-policy-file.ts
import { lstat } from "node:fs/promises";
import { join } from "node:path";
var FILES = ["trustpolicy.oci.json", "trustpolicy.json"];
var MAX_SIZE = 4 * 1024 * 1024;
async function readTrustPolicy(given) {
  const path = given === "notation" ? await configured() : given;
  return {
    path,
    statements: await inFile(path, async () => parseTrustPolicy(await readGiven(path, MAX_SIZE)))
  };
}
function statementFor({ path, statements }, scope) {
  try {
    return applicableStatement(statements, scope);
  } catch (error) {
    throw named(path, error);
  }
}
async function configured() {
  const folder = notationFolder();
  for (const name of FILES) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => void 0);
    if (found === void 0) continue;
    if (found.isFile()) return path;
    throw new VeritySignError("usage", `trust-policy: ${path} is not a regular file`, {
      remedy: "Replace it by a file, as notation demands too"
    });
  }
  throw new VeritySignError("usage", `trust-policy: notation has none configured in ${folder}`, {
    remedy: "Configure one with notation policy import FILE, or give the path of one"
  });
}
async function inFile(path, work) {
  try {
    return await work();
  } catch (error) {
    throw named(path, error);
  }
}
function named(path, error) {
  if (error instanceof VeritySignError) {
    const remedy = error.remedy === void 0 ? {} : { remedy: error.remedy };
    return new VeritySignError("usage", `trust-policy ${path}: ${error.message}`, {
      ...remedy,
      cause: error
    });
  }
  const { code } = error;
  if (code === void 0) return error;
  return new VeritySignError("usage", `trust-policy ${path}: it cannot be read (${code})`, {
    remedy: "Give the path of notation's trust policy, or notation for the one that is configured",
    cause: error
  });
}

// src/commands/verify/trust/load-trust.ts
async function loadTrust(options, reference, { now, secrets }) {
  const { allowExpired, at = now } = options;
  const identities = options.signerIdentities.map(parseSignerIdentity);
  const common2 = { identities, at, allowExpired };
  if (options.trustPolicy !== void 0)
    return { ...common2, ...await byPolicy(options.trustPolicy, scopeOf(options, reference)) };
  const { trustedCertificates, trustStores } = options;
  if (trustedCertificates.length + trustStores.length === 0) {
    throw new VeritySignError("usage", "no trusted certificates given", {
      remedy: "Give trusted-certificate (PEM files), trust-store (the name of one of notation's stores) or trust-policy"
    });
  }
  const stores = trustStores.map(parseStore);
  const of = async (type) => (await Promise.all(stores.filter((store) => store.type === type).map(load))).flat();
  const files = (await Promise.all(trustedCertificates.map((given) => readTrustedInput(given, secrets)))).flat();
  return {
    ...common2,
    anchors: [...files, ...await of("ca")],
    signingAuthorities: await of("signingAuthority"),
    tsa: stores.some(({ type }) => type === "tsa") ? await of("tsa") : void 0,
    enforcement: WITHOUT_POLICY,
    policy: void 0
  };
}
var load = ({ type, name }) => loadTrustStore(type, name);
function parseStore(text) {
  const [, kind = "ca", name = ""] = /^(?:([^:]*):)?(.*)$/s.exec(text) ?? [];
  const type = ["ca", "signingAuthority", "tsa"].find((one) => one === kind);
  if (type !== void 0) return { type, name };
  throw new VeritySignError("usage", `trust-store: ${JSON.stringify(kind)} is not a kind of trust store`, {
    remedy: "Give NAME, ca:NAME, signingAuthority:NAME or tsa:NAME"
  });
}
async function byPolicy(path, scope) {
  const policy = await readTrustPolicy(path);
  const statement = statementFor(policy, scope);
  const { trustStores, enforcement } = statement;
  const of = async (type) => {
    try {
      const names = new Set(trustStores.filter((store) => store.type === type).map(({ name }) => name));
      return (await Promise.all([...names].map((name) => loadTrustStore(type, name)))).flat();
    } catch (error) {
      if (error instanceof VeritySignError) return error;
      throw error;
    }
  };
  return {
    anchors: await of("ca"),
    signingAuthorities: await of("signingAuthority"),
    tsa: trustStores.some(({ type }) => type === "tsa") ? await of("tsa") : void 0,
    enforcement,
    policy: { path: policy.path, scope, statement }
  };
}
function scopeOf({ image, trustPolicyScope }, reference) {
  if (reference.kind === "registry") {
    if (trustPolicyScope === void 0) return referenceName(reference);
    throw new VeritySignError(
      "usage",
      `trust-policy-scope has no effect for an image in a registry: ${image}`,
      {
        remedy: "Omit it: the repository is the scope"
      }
    );
  }
  if (trustPolicyScope !== void 0) return trustPolicyScope;
  throw new VeritySignError("usage", `the trust policy needs a scope for ${image}`, {
    remedy: "Give trust-policy-scope, such as local/my-layout, as notation verify --oci-layout --scope"
  });
}

// src/commands/verify/verified-image.ts
function verifiedPlatforms(platforms, { profiles }) {
  return platforms.map(({ manifest, sets }) => {
    const verified = sets.filter(({ verdict }) => verdict === "verified").map(verifiedSet);
    const isRequested2 = ({ profile }) => profile === void 0 || profiles.includes(profile);
    return {
      manifest,
      sets: verified.filter(isRequested2),
      others: verified.filter((set) => !isRequested2(set))
    };
  });
}
function verifiedSet(set) {
  return { ...set, layers: set.layers.map(verifiedLayer) };
}
function verifiedLayer(layer) {
  const { pkcs7 } = layer;
  if (pkcs7 === void 0) throw new TypeError(`the signature of layer ${layer.layer.index} was not read`);
  return { ...layer, pkcs7 };
}

// src/commands/verify/verify-report.ts
var ENFORCEMENT = "Only a kernel enforces signatures: this verdict says who signed what, not that a node requires it.";
var NO_CONFIGURATION = "No manifest signature was verified: entrypoint, user and environment are not covered, nor which layers belong together. Sign with manifest-signature, and require it.";
var NO_LAYERS = "Layer signatures were not checked.";
var SIGNER_ONLY = "Root hashes were not recomputed: the signer is proven, but not that the hashes belong to these layers.";
function verifyReport(checked) {
  const { options, trust, image, builder, oras, index, watch } = checked;
  const covered = options.layers === "none" && index?.notary.verdict === "verified";
  const others = covered ? [] : skippedButRun(image, options.platforms).map(skippedVerdict);
  const missing = options.layers === "all" ? checked.uncovered.map(uncoveredVerdict) : [];
  const platforms = [...checked.platforms.map(platformVerdict), ...others, ...missing];
  const verdict = worstVerdict(
    [...platforms, ...index === void 0 ? [] : [index]].map((one) => one.verdict)
  );
  const first = platforms.find((platform) => platform.verdict === verdict);
  const several = platforms.length > 1 || index !== void 0;
  const where = several ? `${first === void 0 ? "index" : first.platform ?? first.manifest.digest}: ` : "";
  const reason = first?.reason ?? index?.reason ?? verdict;
  const { digest, mediaType } = image.root;
  const configurationCovered = platforms.every(
    ({ manifestSignature }) => manifestSignature?.verdict === "verified"
  );
  const { notes, ...facts } = common(options, trust, watch);
  return {
    ...facts,
    verdict,
    ...verdict === "verified" ? {} : { reason: `${where}${reason}` },
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builderReport(builder),
    ...oras === void 0 ? {} : { oras },
    ...index === void 0 ? {} : { index: indexReport(index, image) },
    platforms,
    configurationCovered,
    uncovered: uncoveredReport(checked.uncovered),
    skipped: skippedReport(image),
    notes: [
      ...notes,
      ...verdict === "verified" && !configurationCovered ? [NO_CONFIGURATION] : [],
      ...plainErofsNotes(checked)
    ]
  };
}
function plainErofsNotes({ platforms, options }) {
  if (options.layers === "none") return [];
  return platforms.flatMap(({ manifest }) => {
    const text = plainErofsText(manifest);
    return text === void 0 ? [] : [`${manifest.descriptor.digest}: ${text}.`];
  });
}
function skippedImageReport(options, trust, watch) {
  const { name = "", registryScopes = [] } = trust.policy?.statement ?? {};
  const whose = registryScopes.includes("*") ? "all images" : `images of ${trust.policy?.scope}`;
  const reason = `statement "${name}" of the trust policy says not to verify ${whose} (skip)`;
  const required = options.manifestSignature === "required";
  return {
    ...common(options, trust, watch),
    verdict: required ? "unchecked" : "skipped",
    reason: required ? `a manifest signature is required, but ${reason}` : reason,
    image: { reference: options.image },
    platforms: [],
    configurationCovered: false,
    uncovered: [],
    skipped: [],
    notes: ["Nothing was verified: no signature was checked."]
  };
}
function uncheckedReport(options, trust, error, watch) {
  return {
    ...common(options, trust, watch),
    verdict: error.code === "image" ? "invalid" : "unchecked",
    reason: error.toLine(),
    image: { reference: options.image },
    platforms: [],
    configurationCovered: false,
    uncovered: [],
    skipped: []
  };
}
function common(options, trust, watch) {
  return {
    ...REPORT_HEAD,
    recompute: options.recompute,
    strict: options.strict,
    validAt: trust.at.toISOString(),
    ...policyReport(trust),
    notes: notesFor(options, trust),
    seconds: {
      total: watch.total(),
      resolve: watch.of("resolve"),
      fetch: watch.of("fetch"),
      convert: watch.of("convert")
    }
  };
}
function policyReport({ policy, enforcement }) {
  if (policy === void 0) return {};
  const { path, scope, statement } = policy;
  const { name, level } = statement;
  return { trustPolicy: { path, statement: name, scope, level, enforcement: { ...enforcement } } };
}
function notesFor({ layers, recompute: recompute2 }, { policy, enforcement }) {
  const lenient = Object.entries(enforcement).filter(([, action]) => action !== "enforce").map(([validation, action]) => `${validation} (${action})`);
  return [
    ...policy !== void 0 && lenient.length > 0 ? [`The trust policy does not enforce everything: ${lenient.join(", ")}.`] : [],
    ...layers === "none" ? [NO_LAYERS] : recompute2 ? [ENFORCEMENT] : [SIGNER_ONLY, ENFORCEMENT]
  ];
}
function indexReport(index, { root }) {
  return {
    manifest: manifestReport(root),
    ...outcome(index),
    manifestSignature: manifestVerdict(index.notary),
    manifestSignatures: index.signatures.map(notaryReport)
  };
}
function platformVerdict(checked) {
  const { manifest, sets, layers, notary, signatures } = checked;
  const profiles = layers?.profiles ?? [];
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    ...outcome(checked),
    profiles: profiles.map((one) => ({
      profile: one.profile,
      ...outcome(one),
      ...one.good === void 0 ? {} : { referrer: one.good.referrer }
    })),
    signatures: sets.map((set) => setReport(set, profiles)),
    skippedLayers: skippedLayersReport(manifest),
    ...manifest.layersLeftOut === void 0 ? {} : { layersLeftOut: manifest.layersLeftOut },
    ...notary === void 0 ? {} : { manifestSignature: manifestVerdict(notary) },
    manifestSignatures: signatures.map(notaryReport)
  };
}
function skippedVerdict({ descriptor, reason }) {
  const why = `a node may run ${descriptor.digest}, but its layers cannot be signed: ${reason}`;
  return verdictOn(descriptor, "invalid", why);
}
function uncoveredVerdict({ descriptor, reason }) {
  const why = `layers is all, but no signature covers ${descriptor.digest}: ${reason}`;
  return verdictOn(descriptor, "not-signed", why);
}
function verdictOn(descriptor, verdict, reason) {
  return {
    ...platformReport(descriptor.platform),
    manifest: manifestReport(descriptor),
    verdict,
    reason,
    profiles: [],
    signatures: [],
    skippedLayers: [],
    manifestSignatures: []
  };
}
function setReport(set, profiles) {
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
    ...set.format === "tardev" ? { artifactFormat: set.format } : {},
    ...recorded.mkfsOptions === void 0 ? {} : { mkfsOptions: recorded.mkfsOptions.join(" ") },
    ...Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils },
    signers: [...signers.values()].flatMap((leaf) => leaf === void 0 ? [] : [signerReport(leaf)]),
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
    ...layer.recomputed === void 0 ? {} : { recomputedRootHash: layer.recomputed },
    ...layer.sharedFrom === void 0 ? {} : { sharedFrom: layer.sharedFrom }
  };
}
function outcome({ verdict, reason }) {
  return reason === void 0 ? { verdict } : { verdict, reason };
}

// src/commands/verify/verify-image.ts
async function verifyImage(options, context, use) {
  const watch = new Stopwatch();
  checkDemands(options);
  recipesFor(options);
  const reference = parseImage(options.image);
  requireReferrers(reference, IN_REGISTRY);
  const trust = await loadTrust(options, reference, context);
  if (trust.policy?.statement.level === "skip") {
    const report = skippedImageReport(options, trust, watch);
    context.log.warn(`${options.image}: ${report.reason}`);
    return report;
  }
  let using = false;
  const used = use && ((verified) => {
    using = true;
    return use(verified);
  });
  try {
    return await inContext(
      { image: options.image },
      () => withTempFolder(
        options.tempDir,
        (folder) => verifyIn({ options, context, folder, watch }, reference, trust, used)
      )
    );
  } catch (error) {
    if (using || !(error instanceof VeritySignError)) throw error;
    if (error.code === "usage" || context.signal.aborted) throw error;
    return uncheckedReport(options, trust, error, watch);
  }
}
async function verifyIn(run, reference, trust, use) {
  const { options, context, folder, watch } = run;
  const { log } = context;
  const opened = await openImage(reference, folder, options, context);
  const image = await watch.time(
    "resolve",
    () => log.group(
      `Resolve ${options.image}`,
      () => resolveImage(opened.source, { ...options, layers: resolvedLayers(options.layers) })
    )
  );
  const found = await watch.time(
    "fetch",
    () => log.group(
      "Read and check signatures",
      (own) => evaluateSignatures(opened.store, image, trust, options, { ...context, log: own })
    )
  );
  const { sets, builder } = options.recompute ? await watch.time(
    "convert",
    () => recompute(found.layers, () => openRebuilder(opened.source, image, run), options)
  ) : { sets: found.layers };
  const evaluated = evaluateImage(image, sets, found.manifests, options, trust.policy !== void 0);
  const report = verifyReport({ options, trust, image, builder, oras: opened.oras, ...evaluated, watch });
  if (report.verdict === "verified") {
    warnOfUncovered(image, evaluated.uncovered, log);
    await use?.({ report, opened, image, platforms: verifiedPlatforms(evaluated.platforms, options), run });
  }
  return report;
}

export {
  verifyImage
};
