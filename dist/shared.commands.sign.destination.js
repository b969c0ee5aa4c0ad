import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  requireReferrers
} from "./shared.commands.shared.open-image.js";
import {
  REF_NAME
} from "./shared.model.annotations.js";

// src/commands/shared/name-for-others.ts
async function noteName(reference, layout, root, log) {
  if (reference.kind !== "layout" && reference.kind !== "archive") return;
  const entries = await layout.entries();
  const position = entries.findIndex(({ digest }) => digest === root.digest);
  if (entries.length < 2 || position === -1) return;
  const image = `${reference.kind === "layout" ? "oci" : "oci-archive"}:${reference.path}`;
  const name = nameOf(root, entries);
  const how = name === void 0 ? unnamed(reference.kind, reference.path, position) : `skopeo copy ${image}:${name} …, podman pull ${image}:${name}`;
  log.info(`skopeo and podman must be told which manifest in ${image} is the image: ${how}`);
}
function nameOf(root, entries) {
  const firsts = /* @__PURE__ */ new Map();
  for (const { annotations, digest } of entries) {
    const name = annotations?.[REF_NAME];
    if (name !== void 0 && !firsts.has(name)) firsts.set(name, digest);
  }
  return [...firsts].find(([, digest]) => digest === root.digest)?.[0];
}
function unnamed(kind, path, position) {
  const since = "(skopeo 1.18 or podman 5.4 and later)";
  if (kind === "layout") return `it has no name, so its position counts: oci:${path}:@${position} ${since}`;
  return `it has no name: build it with one, or unpack it (tar -xf ${path} -C DIR) and use oci:DIR:@${position} ${since}`;
}

// src/commands/sign/destination.ts
var NEEDS_GATE = "Set push-to, which pushes the image with its signatures, or push it first and sign it in the registry by digest";
var inPlace = async (image, { dryRun }) => {
  if (!dryRun) requireReferrers(image, NEEDS_GATE);
  return {
    oras: void 0,
    requireComplete: () => void 0,
    signedBefore: () => Promise.resolve([]),
    publish: async ({ opened: { layout }, image: { root }, log }) => {
      if (layout !== void 0) await noteName(image, layout, root, log);
      return [];
    }
  };
};

export {
  inPlace
};
