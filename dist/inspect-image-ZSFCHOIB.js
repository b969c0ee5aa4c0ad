import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parsePkcs7,
  platformName,
  readReferrers,
  signerReport,
  skippedReport
} from "./chunk-GTBLXIS5.js";
import "./chunk-WXASFSVB.js";
import {
  CREATED,
  LAYER_DIGEST,
  OWN_PREFIX,
  ROOT_HASH,
  openImage,
  resolveImage,
  withTempFolder
} from "./chunk-HN7UX6P3.js";
import "./chunk-6NE6DGRD.js";
import {
  VeritySignError,
  inContext
} from "./chunk-6OOLX2PB.js";

// src/pipeline/inspect-image.ts
function inspectImage(options, context) {
  return inContext(
    { image: options.image },
    () => withTempFolder(options.tempDir, async (folder) => {
      const { source, store } = await openImage(options.image, folder, options, context);
      const image = await resolveImage(source, options);
      const platforms = [];
      for (const { descriptor, platform, layers, skippedLayers } of image.manifests) {
        const { mediaType: mediaType2, digest: digest2, size } = descriptor;
        const signatures = await readReferrers(store, descriptor, inspectReferrer);
        platforms.push({
          ...platform === void 0 ? {} : { platform: platformName(platform) },
          manifest: { mediaType: mediaType2, digest: digest2, size },
          layers: layers.length + skippedLayers.length,
          signatures
        });
      }
      const { digest, mediaType } = image.root;
      return {
        image: { reference: options.image, name: image.name, digest, mediaType },
        platforms,
        skipped: skippedReport(image)
      };
    })
  );
}
function inspectReferrer(referrer) {
  const { digest } = referrer.descriptor;
  if ("error" in referrer)
    return { referrer: digest, broken: referrer.error.message, signers: [], layers: [] };
  const { manifest, blobs } = referrer;
  const signers = /* @__PURE__ */ new Map();
  const layers = manifest.layers.map((entry, index) => inspectLayer(entry, blobs[index], signers));
  const broken = layers.filter((layer) => layer.broken !== void 0).length;
  return {
    referrer: digest,
    ...broken === 0 ? {} : { broken: `${broken} of ${layers.length} signatures cannot be read` },
    ...recorded(manifest.annotations),
    signers: [...signers.values()],
    layers
  };
}
function recorded(annotations) {
  const own = (name) => annotations[`${OWN_PREFIX}${name}`];
  const [profile, mkfsOptions, version] = [own("profile"), own("mkfs-options"), own("erofs-utils-version")];
  const [mkfsClass, created] = [own("erofs-utils-class"), annotations[CREATED]];
  const erofsUtils = {
    ...version === void 0 ? {} : { version },
    ...mkfsClass === void 0 ? {} : { class: mkfsClass }
  };
  return {
    ...profile === void 0 ? {} : { profile },
    ...mkfsOptions === void 0 ? {} : { mkfsOptions },
    ...Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils },
    ...created === void 0 ? {} : { created }
  };
}
function inspectLayer({ digest, annotations }, blob, signers) {
  const [layerDigest, rootHash] = [annotations?.[LAYER_DIGEST], annotations?.[ROOT_HASH]];
  const layer = {
    ...layerDigest === void 0 ? {} : { layerDigest },
    ...rootHash === void 0 ? {} : { rootHash },
    signatureDigest: digest
  };
  try {
    const { signer } = parsePkcs7(blob ?? new Uint8Array());
    signers.set(signer.fingerprint, signerReport({ leaf: signer }));
    return { ...layer, signer: signer.fingerprint };
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return { ...layer, broken: error.message };
  }
}
export {
  inspectImage
};
