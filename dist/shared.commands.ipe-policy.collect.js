import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  withVerifiedImage
} from "./shared.commands.verify.require-verified.js";
import {
  platformReport
} from "./shared.images.js";
import {
  versionText
} from "./shared.commands.js";
import {
  VeritySignError
} from "./shared.start.js";

// src/commands/ipe-policy/collect.ts
async function collectRootHashes({ images, verifying }, context, seen = () => void 0) {
  const reports = [];
  const found = /* @__PURE__ */ new Map();
  for (const image of images) {
    await withVerifiedImage({ ...verifying, image }, context, async (verified) => {
      const { name, root } = verified.image;
      reports.push({ reference: image, name, digest: root.digest, mediaType: root.mediaType });
      const layers = layersOf(verified);
      if (layers.length === 0) throw withoutLayers(image);
      warnOfMissing(verified, context);
      seen(verified);
      for (const [rootHash, layer] of layers) {
        found.set(rootHash, [...found.get(rootHash) ?? [], layer]);
      }
    });
  }
  return { images: reports, rootHashes: new Map([...found].sort(([a], [b]) => a < b ? -1 : 1)) };
}
function layersOf({ image, platforms }) {
  const found = /* @__PURE__ */ new Map();
  for (const { manifest, sets } of platforms) {
    for (const { profile, recorded, layers } of sets) {
      for (const { layer, rootHash } of layers) {
        const use = {
          image: image.name,
          ...platformReport(manifest.platform),
          manifest: manifest.descriptor.digest,
          index: layer.index,
          digest: layer.descriptor.digest,
          ...profile === void 0 ? {} : { profile },
          ...recorded.class === void 0 ? {} : { class: recorded.class }
        };
        found.set(JSON.stringify([rootHash, use]), [rootHash, use]);
      }
    }
  }
  return [...found.values()];
}
function warnOfMissing({ image, platforms }, { log }) {
  for (const platform of platforms) {
    const missing = missingLayers(platform);
    if (missing.length === 0) continue;
    const which = platform.manifest.descriptor.digest;
    log.warn(
      `${image.name}: manifest ${which}: no signature covers ${missing.join(", ")}, so the policy has no root hash for it, and its programs will not run`
    );
  }
}
function missingLayers({ manifest, sets }) {
  const signed = new Set(sets.flatMap(({ layers }) => layers.map(({ layer }) => layer.descriptor.digest)));
  const all = [...manifest.layers, ...manifest.skippedLayers].sort((a, b) => a.index - b.index);
  return all.filter(({ descriptor }) => !signed.has(descriptor.digest)).map(({ index, descriptor }) => `layer ${index} (${descriptor.digest})`);
}
function withoutLayers(image) {
  return new VeritySignError("not-signed", `${image} has no signed layers, so a policy cannot name them`, {
    remedy: "Sign its layers, and verify with layers required"
  });
}

// src/formats/ipe/write.ts
function writePolicy({ name, version, globalDefault, defaults, rules }) {
  return [
    `policy_name=${name} policy_version=${versionText(version)}`,
    ...globalDefault === void 0 ? [] : [`DEFAULT action=${globalDefault}`],
    ...[...defaults].map(([operation, action]) => `DEFAULT op=${operation} action=${action}`),
    ...rules.map(ruleText),
    ""
  ].join("\n");
}
function ruleText({ operation, properties, action }) {
  return [`op=${operation}`, ...properties, `action=${action}`].join(" ");
}

export {
  collectRootHashes,
  writePolicy,
  ruleText
};
