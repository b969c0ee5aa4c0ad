import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  convertShared
} from "./chunk-FNLF335D.js";
import {
  convertLayers,
  openMaker
} from "./chunk-DY3CNKYB.js";
import "./chunk-X2P2ZSOC.js";
import {
  openImage,
  resolveImage,
  withTempFolder
} from "./chunk-IH777XU5.js";
import "./chunk-6MW3NM7P.js";
import "./chunk-QRCM2NJ2.js";
import "./chunk-F7L57EWU.js";
import "./chunk-R7VVDFW5.js";
import "./chunk-BYEVULVW.js";
import "./chunk-FHI6J6AN.js";
import "./chunk-332EGVRM.js";
import "./chunk-7X66O2J3.js";
import {
  planArtifacts,
  uniqueLayers
} from "./chunk-BKUCSVYV.js";
import {
  recipesFor
} from "./chunk-PJMS5TR2.js";
import "./chunk-CQBVTECB.js";
import {
  SNIFF_LENGTH,
  decompress,
  sniffCompression
} from "./chunk-F4WWHGDP.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-HEFEJ7KT.js";
import "./chunk-K6WYV3QI.js";
import "./chunk-DY3HEV5V.js";
import {
  VeritySignError,
  inContext
} from "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/pipeline/blob-file.ts
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";

// src/layers/digests.ts
import { createHash } from "node:crypto";
async function digestsOf(blob, compression, maxTarSize) {
  const blobHash = createHash("sha256");
  const tarHash = createHash("sha256");
  let size = 0;
  let tarSize = 0;
  async function* counted() {
    for await (const chunk of blob) {
      size += chunk.length;
      blobHash.update(chunk);
      yield chunk;
    }
  }
  const pieces = counted();
  for await (const chunk of decompress(pieces, compression)) {
    tarSize += chunk.length;
    if (tarSize > maxTarSize) {
      throw new VeritySignError("image", `the uncompressed layer is larger than ${maxTarSize} bytes`, {
        remedy: "Raise max-layer-size if this layer is meant to be so large"
      });
    }
    tarHash.update(chunk);
  }
  return { digest: `sha256:${blobHash.digest("hex")}`, size, diffId: `sha256:${tarHash.digest("hex")}` };
}

// src/pipeline/blob-file.ts
var MEDIA_TYPE = {
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd"
};
async function isBlobFile(source) {
  const found = await stat(source).catch(() => void 0);
  return found?.isFile() ?? false;
}
async function blobFileLayer(path, maxTarSize, signal) {
  const compression = sniffCompression(await firstBytes(path));
  const read = () => createReadStream(path, { highWaterMark: 1024 * 1024 });
  const blob = read();
  const stop = () => blob.destroy(new VeritySignError("cancelled", "reading the file was stopped"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const { digest, size, diffId } = await digestsOf(blob, compression, maxTarSize);
  signal.removeEventListener("abort", stop);
  const descriptor = { mediaType: MEDIA_TYPE[compression], digest, size };
  return { layer: { index: 0, descriptor, compression, diffId }, open: () => Promise.resolve(read()) };
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

// src/pipeline/root-hash.ts
function rootHashes(options, context) {
  return withTempFolder(options.tempDir, async (folder) => {
    recipesFor(options);
    const { log, signal } = context;
    const { maker, info: tested } = await openMaker(options, {
      profiles: options.profiles,
      classes: ["C"],
      imageDigest: true,
      folder,
      signal,
      log
    });
    const info = await tested;
    const converter = { maker, folder, options, log, signal };
    const entries = [];
    for (const source of options.sources) {
      const converted = await inContext(
        { image: source },
        async () => await isBlobFile(source) ? await convertBlobFile(source, converter) : await convertImage(source, converter, info, options, context)
      );
      entries.push(...converted.map((layer) => entry(source, layer)));
    }
    return entries;
  });
}
async function convertBlobFile(path, converter) {
  const job = await blobFileLayer(path, converter.options.maxLayerSize, converter.signal);
  return (await convertLayers([job], converter)).flat();
}
async function convertImage(reference, converter, builder, options, context) {
  const { source } = await openImage(reference, converter.folder, options, context);
  const image = await resolveImage(source, options);
  return inContext({ image: image.name }, async () => {
    const jobs = uniqueLayers(image).map((layer) => ({
      layer,
      open: (own) => source.blob(layer.descriptor, own)
    }));
    const { converted, confirm } = await convertShared(jobs, converter, reference, context.shared);
    confirm(builder);
    return planArtifacts(image, converted, recipesFor(options)).flatMap(({ layers }) => layers);
  });
}
function entry(source, converted) {
  const { layer, profile, class: of, uuid, facts, verity, sharedFrom } = converted;
  const { imageSha256 } = verity;
  return {
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
  rootHashes
};
