import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  LayerDisks,
  VM_PLATFORM,
  certificateOf,
  convertToDisks,
  manifestFor,
  openMachine,
  programOf,
  readSignatures,
  readTrusted,
  testImage
} from "./shared.commands.preflight.boot-machine.js";
import "./shared.signatures.csr.self-signed.js";
import "./shared.signatures.signers.file.private-key.js";
import "./shared.signatures.signers.key-spec.js";
import "./shared.signatures.pkcs7.build.js";
import "./shared.signatures.x509.ecdsa.js";
import "./shared.node-forge.lib.x509.js";
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
import "./shared.lib.format-bytes.js";
import "./shared.commands.shared.report-parts.js";
import "./shared.oci.image.platform.js";
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
import "./shared.convert.conversion-cache.js";
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
var PreflightStage = class _PreflightStage {
  /** Gets the layers while they are converted for signing; undefined with export-dir, which takes their files. */
  disks;
  #settings;
  #machine;
  #trusted;
  #image;
  #manifest;
  #program;
  #recipe;
  constructor(settings, recipe, disks, tested) {
    this.disks = disks;
    this.#settings = settings;
    this.#recipe = recipe;
    this.#image = tested.image;
    this.#manifest = tested.manifest;
    this.#program = tested.program;
    this.#machine = tested.machine;
    this.#trusted = tested.trusted;
  }
  /**
   * Prepares the test before any layer is converted, so that a missing QEMU and an image of another architecture are
   * reported first. The first profile and class of the run are tested.
   * @param source of the image's config
   * @param signing whose last certificate the VM trusts unless others are given
   * @throws VeritySignError 'usage', 'environment', 'unchecked'
   */
  static async open(settings, image, { source }, signing, { options, context, folder }, open = openMachine) {
    const [recipe] = recipesFor(options);
    if (recipe === void 0) throw new TypeError("no recipe");
    const manifest = manifestFor(image, VM_PLATFORM);
    const program = programOf(parseContainerSettings(await source.config(manifest.config)), settings);
    const given = await readTrusted(settings, context);
    const last = signing?.certificates.at(-1);
    const trusted = given.length > 0 || last === void 0 ? given : [last];
    if (trusted.length === 0) {
      throw new VeritySignError("usage", "preflight has no certificate that the VM is to trust", {
        remedy: "Give preflight-certificate"
      });
    }
    const machine = await open(settings, trusted, folder, context);
    const disks = options.exportDir === void 0 ? new LayerDisks(folder, recipe, manifest.layers) : void 0;
    return new _PreflightStage(settings, recipe, disks, { image, manifest, program, machine, trusted });
  }
  /**
   * Reads the signatures back and boots the image.
   * @throws VeritySignError 'unchecked' if the VM could not be started; a bad verdict is in the report
   */
  async run({ source, store }, { options, context, folder }) {
    const watch = new Stopwatch();
    const [manifest, recipe] = [this.#manifest, this.#recipe];
    const classes = recipe.class === void 0 ? void 0 : [recipe.class];
    const wanted = { profile: recipe.profile, classes, certificates: this.#trusted };
    const set = await readSignatures(store, manifest, wanted, context);
    const disks = this.disks ?? await watch.time(
      "convert",
      () => context.log.group(
        "Write the layers to disks",
        (log) => convertToDisks(manifest, source, recipe, { folder, options, context: { ...context, log } })
      )
    );
    try {
      const certificates = this.#trusted.map(certificateOf);
      return await testImage(
        {
          options: { ...this.#settings, image: options.image },
          ...{
            image: this.#image,
            manifest,
            recipe,
            set,
            disks,
            certificates,
            program: this.#program,
            watch
          }
        },
        this.#machine,
        context
      );
    } finally {
      await disks.remove();
    }
  }
};
export {
  PreflightStage
};
