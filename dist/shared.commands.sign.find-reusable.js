import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  buildArtifact,
  findReusable
} from "./shared.oci.attach.referrers.js";

// src/commands/sign/annotations.ts
function checkAnnotations({ annotations }) {
  const subject = { mediaType: "", digest: "", size: 0 };
  buildArtifact({ subject, entries: [], own: {}, created: /* @__PURE__ */ new Date(0), extra: annotations });
}
function runAnnotations(ci) {
  return { source: ci?.source, revision: ci?.revision, workflow: ci?.workflow, "run-url": ci?.runUrl };
}
function reportOtherAnnotations({ digest }, present, requested, log) {
  const other = Object.entries(requested).filter(([name, value]) => present[name] !== value);
  if (other.length === 0) return;
  const names = other.map(([name]) => name).join(", ");
  log.info(`reusing the signatures in ${digest}; its annotations are not changed (requested: ${names})`);
}

// src/commands/sign/find-reusable.ts
async function findReusableReferrer(store, { subject, artifactType, annotations, read }, log) {
  let found;
  const descriptor = await findReusable(store, subject, artifactType, {
    accept: async (manifest, blobs) => {
      const content = await read(manifest, blobs);
      if (content !== void 0) found = { content, manifest };
      return content !== void 0;
    },
    onBroken: (broken, error) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`skipping referrer ${broken.digest} of ${subject.digest}: ${reason}`);
    }
  });
  if (descriptor === void 0 || found === void 0) return void 0;
  reportOtherAnnotations(descriptor, found.manifest.annotations, annotations, log);
  return { descriptor, content: found.content };
}

export {
  checkAnnotations,
  runAnnotations,
  findReusableReferrer
};
