import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  checkStructure,
  parsePkcs7
} from "./chunk-BLBYW4AU.js";
import {
  LAYER_DIGEST,
  OWN_PREFIX,
  ROOT_HASH
} from "./chunk-WW4WEF6W.js";
import {
  verifySignature
} from "./chunk-GTOR3M42.js";

// src/pipeline/reuse.ts
function saysTheSame(manifest, blobs, { manifest: image, profile, mkfsOptions, layers }, { leaf }) {
  if (manifest.annotations[`${OWN_PREFIX}profile`] !== profile) return false;
  if (manifest.annotations[`${OWN_PREFIX}mkfs-options`] !== mkfsOptions.join(" ")) return false;
  checkStructure(manifest, image);
  if (manifest.layers.length !== layers.length) return false;
  return layers.every(({ layer, verity }, index) => {
    const entry = manifest.layers[index]?.annotations;
    const blob = blobs[index];
    if (entry?.[LAYER_DIGEST] !== layer.descriptor.digest || entry[ROOT_HASH] !== verity.rootHash)
      return false;
    if (blob === void 0) return false;
    const parsed = parsePkcs7(blob);
    verifySignature(parsed, verity.rootHash);
    return parsed.signer.fingerprint === leaf.fingerprint;
  });
}

export {
  saysTheSame
};
