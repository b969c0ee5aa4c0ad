import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  TOOL
} from "./chunk-WXASFSVB.js";
import {
  classOfArtifact
} from "./chunk-BKUCSVYV.js";
import {
  PROFILES
} from "./chunk-K6WYV3QI.js";

// src/pipeline/build-report.ts
function signReport({ options, image, builder, oras, material, planned, watch }, attached, pushed) {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    dryRun: options.dryRun,
    image: { reference: options.image, name: image.name, digest, mediaType },
    ...builder === void 0 ? {} : { builder },
    ...oras === void 0 ? {} : { oras },
    ...material === void 0 ? {} : { signer: materialReport(material) },
    artifacts: planned.artifacts.map(
      (artifact, index) => artifactReport(artifact, builder, attached?.artifacts[index])
    ),
    layersLeftOut: layersLeftOutReport(image),
    manifestSignatures: planned.manifests.map(
      (manifest, index) => manifestSignatureReport(manifest, attached?.manifests[index])
    ),
    skipped: skippedReport(image),
    ...pushed === void 0 ? {} : { pushed },
    seconds: {
      total: watch.total(),
      resolve: watch.of("resolve"),
      convert: watch.of("convert"),
      sign: watch.of("sign"),
      attach: watch.of("attach"),
      push: watch.of("push")
    }
  };
}
function skippedReport({ skipped }) {
  return skipped.map(({ descriptor, reason }) => ({
    digest: descriptor.digest,
    ...descriptor.platform === void 0 ? {} : { platform: platformName(descriptor.platform) },
    mediaType: descriptor.mediaType,
    reason
  }));
}
function layersLeftOutReport({ manifests }) {
  return manifests.flatMap(
    ({ descriptor, platform, layersLeftOut: reason }) => reason === void 0 ? [] : [{ ...platformReport(platform), manifest: manifestReport(descriptor), reason }]
  );
}
function manifestSignatureReport({ subject, platform, format }, attached) {
  const planned = { ...platformReport(platform), manifest: manifestReport(subject), format };
  if (attached === void 0) return planned;
  const { signedAt, expiry, timestamped } = attached;
  return {
    ...planned,
    referrer: referrerReport(attached),
    signedAt: signedAt.toISOString(),
    ...expiry === void 0 ? {} : { expiry: expiry.toISOString() },
    timestamped
  };
}
function materialReport({ leaf, key }) {
  return { ...signerReport({ leaf }), ...key === void 0 ? {} : { holder: key.holder } };
}
function manifestReport({ mediaType, digest, size }) {
  return { mediaType, digest, size };
}
function platformReport(platform) {
  return platform === void 0 ? {} : { platform: platformName(platform) };
}
function artifactReport(artifact, builder, attached) {
  const { manifest, profile, mkfsOptions, layers } = artifact;
  const firstIndex = /* @__PURE__ */ new Map();
  return {
    ...platformReport(manifest.platform),
    manifest: manifestReport(manifest.descriptor),
    profile,
    class: classOfArtifact(artifact, builder),
    mkfsOptions: [...mkfsOptions],
    blockSize: PROFILES[profile].blockSize,
    ...attached === void 0 ? {} : { referrer: referrerReport(attached) },
    layers: layers.map((layer) => layerReport(layer, attached?.signatureDigests, firstIndex)),
    skippedLayers: skippedLayersReport(manifest)
  };
}
function skippedLayersReport({ skippedLayers }) {
  return skippedLayers.map(({ index, descriptor, reason }) => ({
    index,
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    reason
  }));
}
function referrerReport({
  descriptor,
  reused
}) {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}
function layerReport({ layer, facts, uuid, verity, seconds, sharedFrom }, signatureDigests, firstIndex) {
  const { digest } = layer.descriptor;
  const sameAs = firstIndex.get(digest);
  if (sameAs === void 0) firstIndex.set(digest, layer.index);
  const signatureDigest = signatureDigests?.get(verity.rootHash);
  return {
    index: layer.index,
    digest,
    diffId: facts.diffId,
    mediaType: layer.descriptor.mediaType,
    size: facts.size,
    tarSize: facts.tarSize,
    erofsSize: verity.imageSize,
    uuid,
    rootHash: verity.rootHash,
    ...signatureDigest === void 0 ? {} : { signatureDigest },
    seconds,
    dropped: facts.dropped,
    ...sameAs === void 0 ? {} : { sameAs },
    ...sharedFrom === void 0 ? {} : { sharedFrom }
  };
}
function signerReport({ leaf }) {
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    fingerprint: leaf.fingerprint,
    keyType: leaf.keyKind ?? "unknown",
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString()
  };
}
function platformName({ os, architecture, variant }) {
  return [os, architecture, variant].filter((part) => part !== void 0).join("/");
}

export {
  signReport,
  skippedReport,
  skippedLayersReport,
  signerReport,
  platformName
};
