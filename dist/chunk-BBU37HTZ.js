import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkStructure,
  parsePkcs7
} from "./chunk-NXF6BKXP.js";
import {
  embeddedCertificates,
  verifySignature
} from "./chunk-OGAT3VT4.js";
import {
  LAYER_DIGEST,
  OWN_PREFIX,
  ROOT_HASH
} from "./chunk-QRCM2NJ2.js";

// src/pipeline/reuse.ts
function saysTheSame(manifest, blobs, { manifest: image, profile, mkfsOptions, layers }, chain) {
  if (manifest.annotations[`${OWN_PREFIX}profile`] !== profile) return false;
  if (manifest.annotations[`${OWN_PREFIX}mkfs-options`] !== mkfsOptions.join(" ")) return false;
  checkStructure(manifest, image);
  const embedded = embeddedCertificates(chain).map(({ fingerprint }) => fingerprint);
  if (manifest.layers.length !== layers.length) return false;
  return layers.every(({ layer, verity }, index) => {
    const entry = manifest.layers[index]?.annotations;
    const blob = blobs[index];
    if (entry?.[LAYER_DIGEST] !== layer.descriptor.digest || entry[ROOT_HASH] !== verity.rootHash)
      return false;
    if (blob === void 0) return false;
    const parsed = parsePkcs7(blob);
    verifySignature(parsed, verity.rootHash);
    const own = parsed.certificates.map(({ fingerprint }) => fingerprint);
    return own.length === embedded.length && own.every((one, at) => one === embedded[at]);
  });
}

export {
  saysTheSame
};
