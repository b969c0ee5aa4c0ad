import {
  LayerDisks,
  convertToDisks,
  manifestFor,
  openMachine,
  programOf,
  readSignatures,
  readTrusted,
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
  readCertificate
} from "./shared.images.js";
import "./shared.commands.js";
import {
  parseContainerSettings,
  recipesFor
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// src/commands/sign/preflight/stage.ts
async function openPreflightStage(settings, image, { source, store }, signing, { options, context, folder }) {
  const [recipe] = recipesFor(options);
  if (recipe === void 0) throw new TypeError("no recipe");
  const { manifest, architecture } = manifestFor(image, vmPlatforms(settings));
  const program = programOf(parseContainerSettings(await source.config(manifest.config)), settings);
  const certificates = await trustedBy(settings, signing, context);
  const machine = await openMachine({ ...settings, architecture }, certificates, folder, context);
  const own = options.exportDir === void 0 ? new LayerDisks(folder, recipe, manifest.layers) : void 0;
  const run = async () => {
    const watch = new Stopwatch();
    const classes = recipe.class === void 0 ? void 0 : [recipe.class];
    const wanted = { profile: recipe.profile, classes, certificates };
    const set = await readSignatures(store, manifest, wanted, context);
    const convert = () => context.log.group(
      "Write the layers to disks",
      (log) => convertToDisks(manifest, source, recipe, { folder, options, context: { ...context, log } })
    );
    const disks = own ?? await watch.time("convert", convert);
    const tested = { ...settings, image: options.image };
    try {
      const test = { options: tested, image, manifest, recipe, set, disks, certificates, program, watch };
      return await testImage(test, machine, context);
    } finally {
      await disks.remove();
    }
  };
  return { disks: own, run };
}
async function trustedBy(settings, signing, context) {
  const given = await readTrusted(settings, context);
  const last = signing?.certificates.at(-1);
  if (given.length > 0) return given;
  if (last !== void 0) return [readCertificate(last)];
  throw new VeritySignError("usage", "preflight has no certificate that the VM is to trust", {
    remedy: "Give preflight-certificate"
  });
}
export {
  openPreflightStage
};
