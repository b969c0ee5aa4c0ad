import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  saysTheSame
} from "./chunk-BBU37HTZ.js";
import {
  TOOL
} from "./chunk-WXASFSVB.js";
import {
  attachAndReadBack,
  findReusable
} from "./chunk-NXF6BKXP.js";
import {
  DM_VERITY_ARTIFACT_TYPE,
  ROOT_HASH,
  buildArtifact,
  sha256Digest
} from "./chunk-QRCM2NJ2.js";
import {
  classOfArtifact
} from "./chunk-BKUCSVYV.js";

// src/pipeline/other-annotations.ts
function tellOtherAnnotations({ digest }, own, wanted, log) {
  const other = Object.entries(wanted).filter(([name, value]) => own[name] !== value);
  if (other.length === 0) return;
  const names = other.map(([name]) => name).join(", ");
  log.info(
    `the signatures in ${digest} serve, and its annotations stay as they are: it lacks ${names} as given`
  );
}

// src/pipeline/attach-artifacts.ts
async function findExisting(store, planned, chain, annotations, log) {
  const existing = [];
  for (const artifact of planned) {
    const subject = artifact.manifest.descriptor;
    let accepted;
    const descriptor = await findReusable(store, subject, DM_VERITY_ARTIFACT_TYPE, {
      accept: (manifest, blobs) => {
        if (!saysTheSame(manifest, blobs, artifact, chain)) return false;
        accepted = manifest;
        return true;
      },
      onBroken: (broken, error) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn(`the referrer ${broken.digest} of ${subject.digest} is passed over: ${reason}`);
      }
    });
    if (descriptor && accepted) tellOtherAnnotations(descriptor, accepted.annotations, annotations, log);
    const signatureDigests = signatureDigestsOf(accepted);
    existing.push(descriptor && { descriptor, reused: true, signatureDigests });
  }
  return existing;
}
async function attachArtifact(planned, { store, signatures, builder, folder, options, context }) {
  const signatureDigests = /* @__PURE__ */ new Map();
  const entries = planned.layers.map(({ layer, verity: { rootHash } }) => {
    const signature = signatures.get(rootHash);
    if (signature === void 0) throw new TypeError(`the root hash ${rootHash} is not signed`);
    signatureDigests.set(rootHash, sha256Digest(signature.pkcs7));
    return { layerDigest: layer.descriptor.digest, rootHash, pkcs7: signature.pkcs7 };
  });
  const artifact = buildArtifact({
    subject: planned.manifest.descriptor,
    entries,
    own: ownAnnotations(planned, builder, context),
    created: context.created,
    extra: options.annotations
  });
  const descriptor = await attachAndReadBack(store, artifact, folder, context.signal);
  return { descriptor, reused: false, signatureDigests };
}
function checkAnnotations({ annotations }) {
  const subject = { mediaType: "", digest: "", size: 0 };
  buildArtifact({ subject, entries: [], own: {}, created: /* @__PURE__ */ new Date(0), extra: annotations });
}
function ownAnnotations(artifact, builder, { ci }) {
  return {
    profile: artifact.profile,
    "mkfs-options": artifact.mkfsOptions.join(" "),
    builder: builder.kind,
    "erofs-utils-version": builder.kind === "mkfs" ? builder.version : void 0,
    "erofs-utils-class": classOfArtifact(artifact, builder),
    version: TOOL.version,
    ...runAnnotations(ci)
  };
}
function runAnnotations(ci) {
  return { source: ci?.source, revision: ci?.revision, workflow: ci?.workflow, "run-url": ci?.runUrl };
}
function signatureDigestsOf(manifest) {
  const pairs = (manifest?.layers ?? []).map(({ annotations, digest }) => [
    annotations?.[ROOT_HASH] ?? "",
    digest
  ]);
  return new Map(pairs);
}

export {
  tellOtherAnnotations,
  findExisting,
  attachArtifact,
  checkAnnotations,
  runAnnotations
};
