import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  envelopeReport
} from "./shared.commands.verify.notary-report.js";
import {
  signerOf
} from "./shared.commands.verify.manifests.evaluate-signature.js";
import "./shared.signatures.notary.timestamp.timestamp.js";
import {
  ENVELOPE_MEDIA_TYPE,
  parseEnvelope
} from "./shared.signatures.notary.envelope.parse.js";
import "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.lib.retry.js";
import {
  readLayerReferrers,
  readReferrers
} from "./shared.commands.shared.read-referrers.js";
import "./shared.signatures.x509.identity.js";
import "./shared.signatures.x509.asn1.encode.js";
import {
  resolveImage
} from "./shared.oci.image.resolve.js";
import {
  withTempFolder
} from "./shared.lib.process.temp-folder.js";
import {
  manifestReport,
  platformReport,
  signerReport,
  skippedReport
} from "./shared.commands.shared.report-parts.js";
import {
  parsePkcs7
} from "./shared.commands.shared.check-manifest.js";
import {
  NOTARY_ARTIFACT_TYPE,
  formOf,
  signatureIn
} from "./shared.oci.attach.artifact-format.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.oci.image.platform.js";
import {
  REPORT_HEAD
} from "./shared.report.tool.js";
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
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
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
import {
  CREATED,
  OWN_PREFIX
} from "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  VeritySignError,
  inContext
} from "./shared.errors.js";
import "./runtime.js";

// src/commands/inspect/inspect-notary.ts
function inspectNotary(found) {
  const referrer = found.descriptor.digest;
  if ("error" in found) return { referrer, broken: found.error.message };
  const [layer] = found.manifest.layers;
  if (layer === void 0 || found.manifest.layers.length > 1) {
    return { referrer, broken: `the signature manifest has ${found.manifest.layers.length} envelopes` };
  }
  const format = ["jws", "cose"].find((one) => ENVELOPE_MEDIA_TYPE[one] === layer.mediaType);
  let envelope;
  try {
    envelope = parseEnvelope(layer.mediaType, found.blobs[0] ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return {
      referrer,
      broken: error.message,
      ...envelopeReport({ format, signer: void 0, envelope: void 0 })
    };
  }
  return {
    referrer,
    ...envelopeReport({ format, signer: signerOf(envelope), envelope }),
    target: envelope.target.digest,
    timestamped: envelope.timestamp !== void 0
  };
}

// src/commands/inspect/inspect-image.ts
function inspectImage(options, context) {
  return inContext(
    { image: options.image },
    () => withTempFolder(options.tempDir, async (folder) => {
      const reference = parseImage(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const { source, store } = await openImage(reference, folder, options, context);
      const image = await resolveImage(source, { ...options, layers: "auto" });
      const notary = (subject) => readReferrers(store, subject, NOTARY_ARTIFACT_TYPE, inspectNotary, {}, context.signal);
      const platforms = [];
      for (const { descriptor, platform, layers, skippedLayers } of image.manifests) {
        const signatures = await readLayerReferrers(store, descriptor, inspectReferrer, {}, context.signal);
        platforms.push({
          ...platformReport(platform),
          manifest: manifestReport(descriptor),
          layers: layers.length + skippedLayers.length,
          signatures,
          manifestSignatures: await notary(descriptor)
        });
      }
      const { digest, mediaType } = image.root;
      const single = image.manifests.some(({ descriptor }) => descriptor.digest === digest);
      return {
        ...REPORT_HEAD,
        image: { reference: options.image, name: image.name, digest, mediaType },
        ...single ? {} : { manifestSignatures: await notary(image.root) },
        platforms,
        skipped: skippedReport(image)
      };
    })
  );
}
function inspectReferrer(referrer) {
  const { digest } = referrer.descriptor;
  if ("error" in referrer)
    return { referrer: digest, broken: referrer.error.message, signers: [], layers: [] };
  const { manifest, blobs } = referrer;
  const signers = /* @__PURE__ */ new Map();
  const layers = manifest.layers.map((_, index) => inspectLayer(manifest, index, blobs[index], signers));
  const broken = layers.filter((layer) => layer.broken !== void 0).length;
  return {
    referrer: digest,
    ...broken === 0 ? {} : { broken: `${broken} of ${layers.length} signatures cannot be read` },
    ...formOf(manifest).format === "tardev" ? { artifactFormat: "tardev" } : {},
    ...recorded(manifest.annotations),
    signers: [...signers.values()],
    layers
  };
}
function recorded(annotations) {
  const own = (name) => annotations[`${OWN_PREFIX}${name}`];
  const [profile, mkfsOptions, version] = [own("profile"), own("mkfs-options"), own("erofs-utils-version")];
  const [mkfsClass, created] = [own("erofs-utils-class"), annotations[CREATED]];
  const erofsUtils = {
    ...version === void 0 ? {} : { version },
    ...mkfsClass === void 0 ? {} : { class: mkfsClass }
  };
  return {
    ...profile === void 0 ? {} : { profile },
    ...mkfsOptions === void 0 ? {} : { mkfsOptions },
    ...Object.keys(erofsUtils).length === 0 ? {} : { erofsUtils },
    ...created === void 0 ? {} : { created }
  };
}
function inspectLayer(manifest, index, blob, signers) {
  const form = formOf(manifest);
  const { digest = "", annotations } = manifest.layers[index] ?? {};
  const [layerDigest, rootHash] = [annotations?.[form.layerDigest], annotations?.[form.rootHash]];
  const layer = {
    ...layerDigest === void 0 ? {} : { layerDigest },
    ...rootHash === void 0 ? {} : { rootHash },
    signatureDigest: digest
  };
  try {
    const { signer } = parsePkcs7(signatureIn(manifest, index, blob ?? new Uint8Array()));
    signers.set(signer.fingerprint, signerReport(signer));
    return { ...layer, signer: signer.fingerprint };
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    return { ...layer, broken: error.message };
  }
}
export {
  inspectImage
};
