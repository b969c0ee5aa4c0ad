import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  featuresText
} from "./shared.oci.image.platform.js";

// src/commands/shared/report-parts.ts
function manifestReport({ mediaType, digest, size }) {
  return { mediaType, digest, size };
}
function referrerReport({
  descriptor,
  reused
}) {
  return { digest: descriptor.digest, size: descriptor.size, reused };
}
function platformReport(platform) {
  return platform === void 0 ? {} : { platform: platformName(platform) };
}
function platformName(platform) {
  const { os, architecture, variant } = platform;
  return [`${os}${featuresText(platform)}`, architecture, variant].filter((part) => part !== void 0).join("/");
}
function builderReport(builder) {
  if (builder === void 0) return {};
  const { reported, confinement } = withoutConfinement(builder);
  return { builder: reported, ...confinement === void 0 ? {} : { tools: { confinement } } };
}
function withoutConfinement(builder) {
  if (builder.kind === "mkfs") {
    const { confinement: confinement2, ...reported } = builder;
    return { reported, confinement: confinement2 };
  }
  if (builder.crossCheck === void 0) return { reported: builder, confinement: void 0 };
  const { confinement, ...crossCheck } = builder.crossCheck;
  return { reported: { ...builder, crossCheck }, confinement };
}
function signerReport(leaf) {
  return {
    subject: leaf.subject,
    issuer: leaf.issuer,
    fingerprint: leaf.fingerprint,
    keyType: leaf.keyKind ?? "unknown",
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString()
  };
}
function skippedReport({ skipped }) {
  return skipped.map(({ descriptor, reason }) => ({
    digest: descriptor.digest,
    ...platformReport(descriptor.platform),
    mediaType: descriptor.mediaType,
    reason
  }));
}
function skippedLayersReport({ skippedLayers }) {
  return skippedLayers.map(({ index, descriptor, reason }) => ({
    index,
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    reason
  }));
}

export {
  manifestReport,
  referrerReport,
  platformReport,
  builderReport,
  signerReport,
  skippedReport,
  skippedLayersReport
};
