import {
  explainFailure
} from "./shared.mkfs.js";
import {
  processLayer,
  secondsSince
} from "./shared.images.js";
import {
  layerKey,
  recipeKey,
  uuidOf
} from "./shared.options.js";
import {
  HashWork,
  ImageReader,
  SHARE,
  Slicer,
  VerityFile,
  hashFailure,
  isComplete,
  newHashJob,
  requestHash,
  stopHashJob
} from "./shared.worker.js";
import {
  PROFILES,
  onAbort,
  rootOf
} from "./shared.conversion.js";
import {
  LAYER_WORKERS
} from "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/convert/builders/mkfs-layer-builder.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/convert/builders/mkfs-layer-builder.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var randomUUID = /* @__PURE__ */ one("randomUUID");
var hash = /* @__PURE__ */ one("hash");

// builtin:node:fs/promises of src/convert/builders/mkfs-layer-builder.ts
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var rm = /* @__PURE__ */ one2("rm");

// builtin-load:load of src/convert/verity/root-hash.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:os of src/convert/verity/root-hash.ts
var found3;
var all3 = () => found3 ??= load2("node:os");
var one3 = (name) => all3()[name];
var availableParallelism = /* @__PURE__ */ one3("availableParallelism");

// builtin:node:timers/promises of src/convert/verity/root-hash.ts
var found4;
var all4 = () => found4 ??= load2("node:timers/promises");
var one4 = (name) => all4()[name];
var setImmediate = /* @__PURE__ */ one4("setImmediate");

// src/convert/verity/root-hash.ts
var SMALL = 2 * 1024 * 1024;
async function computeRootHash(files, blockSize, { threads, imageDigest = false, signal } = {}) {
  if (signal?.aborted) throw stopped();
  const job = newHashJob(files, blockSize, imageDigest);
  if (job.size === 0) throw unreadable("it is empty");
  const release = onAbort(signal, () => stopHashJob(job));
  const outcomes = await workTogether(job, threads).finally(release);
  if (signal?.aborted) throw stopped();
  const failed = outcomes.find((outcome) => "error" in outcome);
  if (failed !== void 0) throw unreadable(failed.error);
  if (!isComplete(job)) throw new TypeError("a part of the image was not hashed");
  const dataSize = Math.ceil(job.size / blockSize) * blockSize;
  const rootHash = rootOf(Buffer.from(job.level), blockSize);
  const digested = outcomes.find((outcome) => "imageSha256" in outcome);
  return { rootHash, blockSize, dataSize, imageSize: job.size, ...digested };
}
async function workTogether(job, threads) {
  const count = helperCount(job, threads);
  const helping = threads === void 0 || count < 1 ? [] : threads.with(count, (one6) => requestHash(one6, job));
  const stopOthers = (error) => {
    stopHashJob(job);
    throw error;
  };
  const [here, others] = await Promise.allSettled([
    workHere(job, count < 1),
    Promise.resolve(helping).catch(stopOthers)
  ]);
  if (here.status === "rejected") throw here.reason;
  if (others.status === "rejected") throw others.reason;
  return [here.value, ...others.value];
}
async function workHere(job, alone) {
  let work;
  try {
    work = new HashWork(job);
    if (alone && job.imageDigest) for (const _ of work.digestInSteps()) await setImmediate();
    while (work.takeShare()) await setImmediate();
    return work.result;
  } catch (error) {
    return hashFailure(error);
  } finally {
    work?.close();
  }
}
function helperCount(job, threads) {
  if (threads === void 0 || job.size <= SMALL) return 0;
  return Math.min(availableParallelism() - 1, Math.ceil(job.size / SHARE) - 1);
}
function unreadable(reason) {
  return new VeritySignError("environment", `the EROFS image cannot be hashed (${reason})`, {
    remedy: "Check the disk that holds the temporary folder"
  });
}
function stopped() {
  return new VeritySignError("cancelled", "hashing the image was stopped");
}

// builtin-load:load of src/convert/verity-file/keep-image.ts
import { createRequire as createRequire3 } from "node:module";
var load3 = createRequire3(import.meta.url);

// builtin:node:timers/promises of src/convert/verity-file/keep-image.ts
var found5;
var all5 = () => found5 ??= load3("node:timers/promises");
var one5 = (name) => all5()[name];
var setImmediate2 = /* @__PURE__ */ one5("setImmediate");

// src/convert/verity-file/keep-image.ts
var STEP = 1024 * 1024;
async function keepImage(image, verity, { path, folder, signal }) {
  const { blockSize } = verity;
  const file = new VerityFile(path, image.uuid, blockSize, folder);
  const slicer = new Slicer(blockSize, (digests) => file.leaves.add(digests));
  const reader = new ImageReader(image.files);
  try {
    const buffer = Buffer.allocUnsafeSlow(STEP);
    for (let from = 0; from < image.size; from += STEP) {
      signal.throwIfAborted();
      const chunk = buffer.subarray(0, Math.min(STEP, image.size - from));
      reader.read(chunk, from);
      file.write(from, chunk);
      slicer.update(from === 0 ? chunk.subarray(blockSize) : chunk);
      await setImmediate2();
    }
    slicer.flush();
    file.end();
    file.finish(verity);
  } finally {
    reader.close();
    file.close();
  }
}

// src/convert/builders/mkfs-layer-builder.ts
var MkfsLayerBuilder = class {
  needsDisk = true;
  #builder;
  #imageDigest;
  /** @param imageDigest also compute the SHA-256 of each image */
  constructor(builder, imageDigest = false) {
    this.#builder = builder;
    this.#imageDigest = imageDigest;
  }
  async build(request) {
    const started = performance.now();
    const { images, facts } = await buildImages({ ...request, builder: this.#builder });
    const build = secondsSince(started);
    const hashed = [];
    try {
      for (const { image, recipe } of images) {
        const hashing = performance.now();
        const verity = await computeRootHash(image.files, PROFILES[recipe.profile].blockSize, {
          threads: LAYER_WORKERS,
          imageDigest: this.#imageDigest,
          signal: request.signal
        });
        if (request.imageFile !== void 0 && recipeKey(request.imageFile.recipe) === recipeKey(recipe)) {
          await keepImage(image, verity, { ...request.imageFile, ...request });
        }
        await removeImage(image);
        hashed.push({ recipe, uuid: image.uuid, verity, seconds: { build, verity: secondsSince(hashing) } });
      }
      return { facts, images: hashed };
    } finally {
      await Promise.all(images.map(({ image }) => removeImage(image)));
    }
  }
};
async function buildImages(request) {
  const blob = await request.open(request.signal);
  blob.on("error", () => void 0);
  const builds = [];
  let facts;
  try {
    for (const position of request.recipes.keys()) {
      builds.push(await request.builder.start(buildRequest(request, position)));
    }
    facts = await fill(builds, blob, request);
  } catch (error) {
    blob.destroy();
    await Promise.all(builds.map((build) => build.abort()));
    throw error;
  }
  return { images: await finishAll(builds, request.recipes), facts };
}
function buildRequest({ layer, recipes, folder, timeout, maxTarSize, signal }, position) {
  const recipe = recipes[position];
  if (recipe === void 0) throw new RangeError(`no recipe ${position}`);
  const name = hash("sha256", layerKey(layer), "hex").slice(0, 32);
  return {
    profile: recipe.profile,
    uuid: uuidOf(layer, recipe.uuidSource),
    mkfsOptions: recipe.mkfsOptions,
    folder,
    // Unique for each attempt.
    name: `${name}-${position}-${randomUUID()}`,
    blobSize: layer.descriptor.size,
    maxTarSize,
    timeout,
    signal
  };
}
async function fill(builds, blob, request) {
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const sinks = builds.flatMap((build) => build.sinks);
  const { facts, idle } = processLayer(blob, { sinks }, request, signal);
  try {
    return await Promise.race([facts, ...builds.map(({ failure }) => failure)]);
  } catch (error) {
    const explained = explainFailure(error, request.timeout);
    if (isAboutTheImage(explained)) await facts.catch(throwIfAboutTheImage);
    stop.abort();
    for (const build of builds) build.stop();
    throw explained;
  } finally {
    await idle;
  }
}
function isAboutTheImage(error) {
  return error instanceof VeritySignError && error.code === "image";
}
function throwIfAboutTheImage(error) {
  if (isAboutTheImage(error)) throw error;
}
async function finishAll(builds, recipes) {
  const results = await Promise.allSettled(builds.map((build) => build.finish()));
  const failed = results.find((result) => result.status === "rejected");
  const images = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
  if (failed !== void 0) {
    await Promise.all(images.map(removeImage));
    throw failed.reason;
  }
  return recipes.map((recipe, position) => {
    const image = images[position];
    if (image === void 0) throw new RangeError(`no image ${position}`);
    return { recipe, image };
  });
}
async function removeImage({ files }) {
  await Promise.all(files.map(({ path }) => rm(path, { force: true })));
}
export {
  MkfsLayerBuilder,
  buildImages,
  removeImage
};
