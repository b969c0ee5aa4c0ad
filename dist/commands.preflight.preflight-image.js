import {
  convertToDisks,
  manifestFor,
  openMachine,
  programOf,
  readSignatures,
  readTrusted,
  recipeOfTest,
  testImage,
  vmPlatforms
} from "./shared.commands.preflight.boot-machine.js";
import "./shared.signatures.csr.self-signed.js";
import "./shared.signatures.pkcs7.with-content.js";
import "./shared.formats.ipe.parse.js";
import "./shared.signing.js";
import "./shared.verifying.js";
import "./shared.notary.js";
import "./shared.mkfs.js";
import {
  Stopwatch,
  resolveImage,
  withTempFolder
} from "./shared.images.js";
import "./shared.commands.js";
import {
  IN_REGISTRY,
  openImage,
  parseContainerSettings,
  parseImage,
  requireReferrers
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  inContext
} from "./shared.start.js";

// src/commands/preflight/preflight-image.ts
function preflightImage(options, context, open = openMachine) {
  return inContext(
    { image: options.image },
    () => withTempFolder(options.tempDir, async (folder) => {
      const watch = new Stopwatch();
      const { log } = context;
      const reference = parseImage(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const trusted = await readTrusted(options, context);
      const opened = await openImage(reference, folder, options, context);
      const wanted = options.platforms.length > 0 ? options.platforms : vmPlatforms(options);
      const image = await watch.time(
        "resolve",
        () => log.group(
          `Resolve ${options.image}`,
          () => resolveImage(opened.source, {
            platforms: wanted,
            platformsMode: "any",
            missingRemedy: `Test an image of a platform that the VM of preflight runs: ${vmPlatforms(options).toSorted().join(" or ")}`,
            allowSkip: [],
            // An image of the index that is not tested may be one that cannot be.
            unsignableLayers: options.platforms.length > 0 ? "refuse" : "exclude"
          })
        )
      );
      return inContext({ image: image.name }, async () => {
        const { manifest, architecture } = manifestFor(image, wanted);
        const machine = await open({ ...options, architecture }, trusted, folder, context);
        const config = parseContainerSettings(await opened.source.config(manifest.config));
        const program = programOf(config, options);
        const [profile] = options.profiles;
        if (profile === void 0) throw new TypeError("no profile");
        const asked = { profile, classes: options.classes, certificates: trusted };
        const set = await readSignatures(opened.store, manifest, asked, context);
        if (set === void 0) log.warn(`${image.name} has no signatures for profile ${profile}`);
        const recipe = recipeOfTest(profile, set, options);
        const disks = await watch.time(
          "convert",
          () => log.group(
            "Write the layers to disks",
            (own) => convertToDisks(manifest, opened.source, recipe, {
              folder,
              options,
              context: { ...context, log: own }
            })
          )
        );
        const test = { options, image, manifest, recipe, set, disks, certificates: trusted, program, watch };
        return testImage(test, machine, context);
      });
    })
  );
}
export {
  preflightImage
};
