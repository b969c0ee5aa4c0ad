import {
  SUPERBLOCK_END,
  isErofs
} from "./shared.convert.erofs.superblock.js";
import {
  convertLayers,
  convertShared,
  openBuilder,
  planArtifacts,
  resolveImage,
  uniqueLayers,
  withTempFolder
} from "./shared.images.js";
import {
  EROFS_LAYER_MEDIA_TYPES,
  LAYER_MEDIA_TYPES,
  openImage,
  parseImage,
  recipesFor,
  statIfThere
} from "./shared.options.js";
import {
  SNIFF_LENGTH,
  decompress,
  markOwned,
  onAbort,
  releaseOwned,
  sniffCompression
} from "./shared.conversion.js";
import "./shared.threads.js";
import {
  DEFAULT_CLASS,
  prefixForPath
} from "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError,
  inContext
} from "./shared.start.js";

// builtin-load:load of src/commands/root-hash/blob-file.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs of src/commands/root-hash/blob-file.ts
var found;
var all = () => found ??= load("node:fs");
var one = (name) => all()[name];
var createReadStream = /* @__PURE__ */ one("createReadStream");

// builtin:node:fs/promises of src/commands/root-hash/blob-file.ts
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var open = /* @__PURE__ */ one2("open");

// builtin-load:load of src/convert/blob/digests.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:crypto of src/convert/blob/digests.ts
var found3;
var all3 = () => found3 ??= load2("node:crypto");
var one3 = (name) => all3()[name];
var createHash = /* @__PURE__ */ one3("createHash");

// src/convert/blob/digests.ts
async function digestsOf(blob, compression, maxTarSize, headSize = 0) {
  const blobHash = createHash("sha256");
  const tarHash = createHash("sha256");
  let size = 0;
  let tarSize = 0;
  const head = Buffer.alloc(headSize);
  async function* counted() {
    for await (const chunk of blob) {
      size += chunk.length;
      blobHash.update(chunk);
      markOwned(chunk);
      yield chunk;
    }
  }
  for await (const chunk of decompress(counted(), compression)) {
    if (tarSize < headSize) chunk.copy(head, tarSize);
    tarSize += chunk.length;
    if (tarSize > maxTarSize) {
      throw new VeritySignError("image", `the uncompressed layer is larger than ${maxTarSize} bytes`, {
        remedy: "Raise max-layer-size if this size is intended"
      });
    }
    tarHash.update(chunk);
    releaseOwned(chunk);
  }
  return {
    digest: `sha256:${blobHash.digest("hex")}`,
    size,
    diffId: `sha256:${tarHash.digest("hex")}`,
    head: head.subarray(0, Math.min(tarSize, headSize))
  };
}

// src/commands/root-hash/blob-file.ts
async function isBlobFile(source) {
  const found4 = await statIfThere(source);
  if (found4 === void 0 && prefixForPath(source) !== void 0) {
    throw new VeritySignError("usage", `there is no file ${source}`, {
      remedy: "Give the path of a file that contains one layer blob, or the reference of an image"
    });
  }
  return found4?.isFile() ?? false;
}
async function blobFileLayer(path, maxTarSize, signal) {
  const compression = sniffCompression(await firstBytes(path));
  const read = () => createReadStream(path, { highWaterMark: 1024 * 1024 });
  const blob = read();
  const release = onAbort(signal, () => {
    blob.destroy(new VeritySignError("cancelled", "reading the file was stopped"));
  });
  const reading = digestsOf(blob, compression, maxTarSize, SUPERBLOCK_END);
  const { head, ...digests } = await reading.finally(release);
  const { digest, size, diffId } = digests;
  const format = compression !== "gzip" && isErofs(head) ? "erofs" : "tar";
  const mediaType = format === "erofs" && compression !== "gzip" ? EROFS_LAYER_MEDIA_TYPES[compression] : LAYER_MEDIA_TYPES[compression];
  const layer = {
    index: 0,
    descriptor: { mediaType, digest, size },
    format,
    compression,
    diffId
  };
  return { layer, open: () => Promise.resolve(read()) };
}
async function firstBytes(path) {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_LENGTH), 0, SNIFF_LENGTH, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `the file ${path} cannot be read (${reason})`, { cause });
  }
}

// src/commands/root-hash/root-hash.ts
function rootHashes(options, context) {
  return withRootHashes(options, context, async (rootHashesOf) => {
    const entries = [];
    for (const source of options.sources) entries.push(...await rootHashesOf(source));
    return entries;
  });
}
function withRootHashes(options, context, work) {
  return withTempFolder(options.tempDir, async (folder) => {
    recipesFor(options);
    const { log, signal } = context;
    const { builder, info: tested } = await openBuilder(options, {
      profiles: options.profiles,
      classes: [DEFAULT_CLASS],
      imageDigest: true,
      folder,
      signal,
      log
    });
    const info = await tested;
    const converter = { builder, folder, options, log, signal };
    return work(async (source) => {
      const converted = await inContext(
        { image: source },
        async () => await isBlobFile(source) ? await convertBlobFile(source, converter) : await convertImage(source, converter, info, options, context)
      );
      return converted.map((layer) => entry(source, layer));
    });
  });
}
async function convertBlobFile(path, converter) {
  const job = await blobFileLayer(path, converter.options.maxLayerSize, converter.signal);
  return (await convertLayers([job], converter)).flat();
}
async function convertImage(reference, converter, builder, options, context) {
  const { source } = await openImage(parseImage(reference), converter.folder, options, context);
  const image = await resolveImage(source, options);
  return inContext({ image: image.name }, async () => {
    const jobs = uniqueLayers(image).map((layer) => ({
      layer,
      open: (own) => source.blob(layer.descriptor, own)
    }));
    const { converted, confirm } = await convertShared(jobs, converter, reference, context.conversions);
    confirm(builder);
    return planArtifacts(image, converted, recipesFor(options)).flatMap(({ layers }) => layers);
  });
}
function entry(source, converted) {
  const { layer, profile, class: of, uuid, facts, verity, sharedFrom } = converted;
  const { imageSha256 } = verity;
  return {
    ...REPORT_HEAD,
    source,
    digest: layer.descriptor.digest,
    diffId: facts.diffId,
    mediaType: layer.descriptor.mediaType,
    profile,
    ...of === void 0 ? {} : { class: of },
    uuid,
    ...imageSha256 === void 0 ? {} : { imageSha256 },
    imageSize: verity.imageSize,
    rootHash: verity.rootHash,
    ...sharedFrom === void 0 ? {} : { sharedFrom }
  };
}
export {
  rootHashes,
  withRootHashes
};
