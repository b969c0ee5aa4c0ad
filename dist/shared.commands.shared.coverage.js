import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  platformReport
} from "./shared.commands.shared.report-parts.js";
import {
  formatPlatform,
  parsePlatform,
  platformNames
} from "./shared.oci.image.platform.js";
import {
  imagesNotCovered
} from "./shared.report.coverage-text.js";
import {
  EROFS_LAYER_MEDIA_TYPES
} from "./shared.model.media-types.js";

// src/commands/shared/coverage.ts
function resolvedLayers(layers) {
  return layers === "all" ? "required" : layers;
}
function requiresLayers(layers) {
  return resolvedLayers(layers) === "required";
}
function skippedButRun({ skipped }, platforms) {
  const asked = new Set(platforms.map((text) => formatPlatform(parsePlatform(text))));
  return skipped.filter(({ mayRun, descriptor: { platform } }) => {
    if (!mayRun || asked.size === 0 || platform === void 0) return mayRun;
    return platformNames({ ...platform, os: platform.os || "linux" }).some((name) => asked.has(name));
  });
}
function uncoveredEntry({ descriptor, reason, leftOut }) {
  return { descriptor, reason, excluded: leftOut === true };
}
function uncoveredReport(uncovered) {
  return uncovered.map(({ descriptor, reason }) => ({
    ...platformReport(descriptor.platform),
    digest: descriptor.digest,
    reason
  }));
}
var NAMED = 5;
function warnOfUncovered({ name }, uncovered, log) {
  const unexpected = uncovered.filter(({ excluded }) => !excluded);
  if (unexpected.length === 0) return;
  log.warn(
    `${name}: ${imagesNotCovered(unexpected.length)} by a signature: ${uncoveredNames(unexpected)}. Set layers to all to refuse such an index, or sign it with manifest-signature`
  );
}
function uncoveredNames(uncovered) {
  const names = uncovered.slice(0, NAMED).map(({ descriptor, reason }) => `${nameOf(descriptor)} (${reason})`);
  const more = uncovered.length - names.length;
  return [...names, ...more > 0 ? [`${more} more`] : []].join(", ");
}
function nameOf({ platform, digest }) {
  return platform === void 0 ? digest : `${formatPlatform(platform)} ${digest}`;
}

// src/commands/shared/plain-erofs.ts
function plainErofsText({ layers }) {
  const plain = layers.filter(({ format, compression }) => format === "erofs" && compression === "none");
  if (plain.length === 0) return void 0;
  const [which, verb] = plain.length === 1 ? ["layer", "is"] : ["layers", "are"];
  const indexes = plain.map(({ index }) => index).join(", ");
  return `${which} ${indexes} ${verb} of type ${EROFS_LAYER_MEDIA_TYPES.none}, for which containerd 2.4.2 makes no hash tree: with dmverity_mode "on" no container of this image starts. Convert the image with \`ctr images convert --erofs zstd\``;
}

export {
  resolvedLayers,
  requiresLayers,
  skippedButRun,
  uncoveredEntry,
  uncoveredReport,
  warnOfUncovered,
  uncoveredNames,
  plainErofsText
};
