import {
  CACHE_PROFILE,
  nativelyKnown,
  recipeOf
} from "./shared.options.js";
import {
  VeritySignError
} from "./shared.start.js";

// src/commands/verify/recorded-settings.ts
function recordedSettings(platforms, defaultOptions) {
  const recorded = platforms.flatMap(({ sets }) => sets.map((set) => set.recorded));
  const options = new Map(
    recorded.map(({ mkfsOptions: mkfsOptions2 = defaultOptions }) => [mkfsOptions2.join(" "), mkfsOptions2])
  );
  if (options.size > 1) {
    throw new VeritySignError(
      "usage",
      `the image is signed for different mkfs options: ${[...options.keys()].map((one) => JSON.stringify(one)).join(", ")}`,
      { remedy: "Remove the signatures that nodes no longer use (verity-sign remove)" }
    );
  }
  const [mkfsOptions = defaultOptions] = options.values();
  return { mkfsOptions, classes: commonClasses(platforms, mkfsOptions) };
}
function commonClasses(platforms, mkfsOptions) {
  const known = platforms.map(({ manifest, sets }) => {
    const made = sets.filter((set) => isMadeByMkfs(set, mkfsOptions));
    const classes = made.flatMap(({ classes: classes2, recorded }) => classes2 ?? recorded.class ?? []);
    return { digest: manifest.descriptor.digest, classes: [...new Set(classes)].sort() };
  }).filter(({ classes }) => classes.length > 0);
  const common = (known[0]?.classes ?? []).filter((of) => known.every(({ classes }) => classes.includes(of)));
  if (known.length === 0 || common.length > 0) return common;
  const different = new Map(known.map(({ digest, classes }) => [classes.join(", "), digest]));
  throw new VeritySignError(
    "usage",
    `no class of erofs-utils makes all signed images, and a node has one: ${[...different].map(([classes, digest]) => `${digest} is signed for class ${classes}`).join("; ")}`,
    {
      remedy: "Name only images and platforms of one kind of node, or sign all of them for its class. node-kit with erofs-utils-version all also finds classes that no signature records"
    }
  );
}
function isMadeByMkfs({ profile, layers }, mkfsOptions) {
  if (layers.every(({ layer }) => layer.format === "erofs")) return false;
  return profile !== CACHE_PROFILE || !nativelyKnown(recipeOf(profile, mkfsOptions));
}

export {
  recordedSettings
};
