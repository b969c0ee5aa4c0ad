import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
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
import "./shared.lib.printable.js";
import "./shared.signatures.signers.file.private-key.js";
import "./shared.signatures.signers.key-spec.js";
import "./shared.signatures.pkcs7.build.js";
import "./shared.signatures.x509.ecdsa.js";
import "./shared.node-forge.lib.x509.js";
import "./shared.report.node.preflight-report.js";
import "./shared.signatures.pkcs7.with-content.js";
import "./shared.formats.ipe.parse.js";
import "./shared.formats.ipe.version.js";
import "./shared.lib.read-regular.js";
import "./shared.commands.verify.layers.screen-referrers.js";
import "./shared.commands.verify.layers.evaluate-referrer.js";
import "./shared.commands.shared.read-referrers.js";
import "./shared.signatures.x509.identity.js";
import "./shared.signatures.x509.asn1.encode.js";
import {
  Stopwatch
} from "./shared.lib.stopwatch.js";
import "./shared.commands.shared.plan.js";
import "./shared.report.confinement.js";
import "./shared.tools.mkfs-erofs.js";
import {
  resolveImage
} from "./shared.oci.image.resolve.js";
import {
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import "./shared.commands.shared.report-parts.js";
import "./shared.lib.concurrent.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.oci.attach.artifact-format.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.model.guest-architecture.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import "./shared.report.tool.js";
import "./shared.model.artifact-formats.js";
import {
  IN_REGISTRY,
  openImage,
  requireReferrers
} from "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.oras.failures.refusal.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.read-given.js";
import "./shared.lib.format-bytes.js";
import "./shared.oci.image.layout-source.js";
import {
  parseImage
} from "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import {
  parseContainerSettings
} from "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  inContext
} from "./shared.errors.js";
import "./runtime.js";

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
