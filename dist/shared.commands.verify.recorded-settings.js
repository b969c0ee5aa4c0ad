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
  return { mkfsOptions, classes: [...new Set(recorded.flatMap((one) => one.class ?? []))].sort() };
}

export {
  recordedSettings
};
