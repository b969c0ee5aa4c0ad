import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SUPERBLOCK_END,
  isErofs
} from "./shared.convert.erofs.superblock.js";
import {
  convertLayers,
  convertShared,
  openBuilder,
  planArtifacts,
  uniqueLayers
} from "./shared.commands.shared.plan.js";
import "./shared.report.confinement.js";
import "./shared.tools.mkfs-erofs.js";
import {
  resolveImage
} from "./shared.oci.image.resolve.js";
import {
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import "./shared.lib.concurrent.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import {
  REPORT_HEAD
} from "./shared.report.tool.js";
import {
  openImage
} from "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.oras.failures.refusal.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import {
  recipesFor
} from "./shared.convert.erofs.recipe.js";
import {
  DEFAULT_CLASS
} from "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import {
  decompress
} from "./shared.convert.worker.protocol.js";
import {
  SNIFF_LENGTH,
  sniffCompression
} from "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import {
  markOwned,
  releaseOwned
} from "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.read-given.js";
import "./shared.lib.format-bytes.js";
import "./shared.oci.image.layout-source.js";
import {
  parseImage,
  prefixForPath
} from "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import {
  EROFS_LAYER_MEDIA_TYPES,
  LAYER_MEDIA_TYPES
} from "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  VeritySignError,
  inContext
} from "./shared.errors.js";
import "./runtime.js";

// src/commands/root-hash/blob-file.ts
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";

// src/convert/blob/digests.ts
import { createHash } from "node:crypto";
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
  const found = await stat(source).catch(() => void 0);
  if (found === void 0 && prefixForPath(source) !== void 0) {
    throw new VeritySignError("usage", `there is no file ${source}`, {
      remedy: "Give the path of a file that contains one layer blob, or the reference of an image"
    });
  }
  return found?.isFile() ?? false;
}
async function blobFileLayer(path, maxTarSize, signal) {
  const compression = sniffCompression(await firstBytes(path));
  const read = () => createReadStream(path, { highWaterMark: 1024 * 1024 });
  const blob = read();
  const stop = () => blob.destroy(new VeritySignError("cancelled", "reading the file was stopped"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const { head, ...digests } = await digestsOf(blob, compression, maxTarSize, SUPERBLOCK_END);
  signal.removeEventListener("abort", stop);
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
