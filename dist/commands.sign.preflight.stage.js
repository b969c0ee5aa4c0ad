import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
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
import "./shared.commands.shared.report-parts.js";
import "./shared.lib.concurrent.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.oci.attach.artifact-format.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import {
  readCertificate
} from "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.model.guest-architecture.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import "./shared.report.tool.js";
import "./shared.model.artifact-formats.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import "./shared.lib.process.run.js";
import {
  recipesFor
} from "./shared.convert.erofs.recipe.js";
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
import "./shared.model.annotations.js";
import {
  parseContainerSettings
} from "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

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
