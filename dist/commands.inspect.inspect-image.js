import {
  envelopeReport,
  readLayerReferrers,
  readReferrers,
  signerOf
} from "./shared.verifying.js";
import {
  ENVELOPE_MEDIA_TYPE,
  parseEnvelope
} from "./shared.notary.js";
import {
  NOTARY_ARTIFACT_TYPE,
  formOf,
  manifestReport,
  parsePkcs7,
  platformReport,
  resolveImage,
  signatureIn,
  signerReport,
  skippedReport,
  withTempFolder
} from "./shared.images.js";
import "./shared.commands.js";
import {
  CREATED,
  IN_REGISTRY,
  OWN_PREFIX,
  openImage,
  parseImage,
  requireReferrers
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError,
  inContext
} from "./shared.start.js";

// src/commands/inspect/inspect-notary.ts
function inspectNotary(found) {
  const referrer = found.descriptor.digest;
  if ("error" in found) return { referrer, broken: found.error.message };
  const [layer] = found.manifest.layers;
  if (layer === void 0 || found.manifest.layers.length > 1) {
    return { referrer, broken: `the signature manifest has ${found.manifest.layers.length} envelopes` };
  }
  const format = ["jws", "cose"].find((one) => ENVELOPE_MEDIA_TYPE[one] === layer.mediaType);
  let envelope;
  try {
    envelope = parseEnvelope(layer.mediaType, found.blobs[0] ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return {
      referrer,
      broken: error.message,
      ...envelopeReport({ format, signer: void 0, envelope: void 0 })
    };
  }
  return {
    referrer,
    ...envelopeReport({ format, signer: signerOf(envelope), envelope }),
    target: envelope.target.digest,
    timestamped: envelope.timestamp !== void 0
  };
}

// src/commands/inspect/inspect-image.ts
function inspectImage(options, context) {
  return inContext(
    { image: options.image },
    () => withTempFolder(options.tempDir, async (folder) => {
      const reference = parseImage(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const { source, store } = await openImage(reference, folder, options, context);
      const image = await resolveImage(source, { ...options, layers: "auto" });
      const notary = (subject) => readReferrers(store, subject, NOTARY_ARTIFACT_TYPE, inspectNotary, {}, context.signal);
      const platforms = [];
      for (const { descriptor, platform, layers, skippedLayers } of image.manifests) {
        const signatures = await readLayerReferrers(store, descriptor, inspectReferrer, {}, context.signal);
        platforms.push({
          ...platformReport(platform),
          manifest: manifestReport(descriptor),
          layers: layers.length + skippedLayers.length,
          signatures,
          manifestSignatures: await notary(descriptor)
        });
      }
      const { digest, mediaType } = image.root;
      const single = image.manifests.some(({ descriptor }) => descriptor.digest === digest);
      return {
        ...REPORT_HEAD,
        image: { reference: options.image, name: image.name, digest, mediaType },
        ...single ? {} : { manifestSignatures: await notary(image.root) },
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
  const layers = manifest.layers.map((_, index) => inspectLayer(manifest, index, blobs[index], signers));
  const broken = layers.filter((layer) => layer.broken !== void 0).length;
  return {
    referrer: digest,
    ...broken === 0 ? {} : { broken: `${broken} of ${layers.length} signatures cannot be read` },
    ...formOf(manifest).format === "tardev" ? { artifactFormat: "tardev" } : {},
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
function inspectLayer(manifest, index, blob, signers) {
  const form = formOf(manifest);
  const { digest = "", annotations } = manifest.layers[index] ?? {};
  const [layerDigest, rootHash] = [annotations?.[form.layerDigest], annotations?.[form.rootHash]];
  const layer = {
    ...layerDigest === void 0 ? {} : { layerDigest },
    ...rootHash === void 0 ? {} : { rootHash },
    signatureDigest: digest
  };
  try {
    const { signer } = parsePkcs7(signatureIn(manifest, index, blob ?? new Uint8Array()));
    signers.set(signer.fingerprint, signerReport(signer));
    return { ...layer, signer: signer.fingerprint };
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return { ...layer, broken: error.message };
  }
}
export {
  inspectImage
};
