import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  saysTheSame
} from "./chunk-BBU37HTZ.js";
import {
  judgeReferrer
} from "./chunk-K6EM24HP.js";
import {
  NOTARY_ARTIFACT_TYPE
} from "./chunk-GJBORQNS.js";
import "./chunk-47M5AD6S.js";
import {
  readReferrer
} from "./chunk-NXF6BKXP.js";
import "./chunk-OGAT3VT4.js";
import {
  OciLayout,
  RegistryStore,
  ensureListed
} from "./chunk-6MW3NM7P.js";
import {
  DM_VERITY_ARTIFACT_TYPE,
  descriptorSchema,
  inBatches,
  parseJson,
  splitDigest,
  toDescriptor
} from "./chunk-QRCM2NJ2.js";
import {
  array,
  object,
  record,
  string
} from "./chunk-F7L57EWU.js";
import "./chunk-BYEVULVW.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-K6WYV3QI.js";
import {
  VeritySignError
} from "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/attach/push-layout.ts
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";

// src/attach/push-order.ts
var MAX_NODES = 1e4;
var descriptors = array(descriptorSchema).nullish().transform((list) => (list ?? []).map(toDescriptor));
var documentSchema = object({
  mediaType: string().optional(),
  artifactType: string().nullish(),
  config: descriptorSchema.nullish().transform((found) => found ? toDescriptor(found) : void 0),
  layers: descriptors,
  blobs: descriptors,
  manifests: descriptors,
  subject: descriptorSchema.nullish().transform((found) => found ? toDescriptor(found) : void 0),
  annotations: record(string(), string()).nullish().transform((value) => value ?? {})
});
async function pushOrder(layout, root) {
  const walk = new Walk(layout, await referrersOf(layout));
  await walk.place(root);
  return walk.nodes;
}
var Walk = class {
  nodes = [];
  #layout;
  #referrers;
  #seen = /* @__PURE__ */ new Set();
  constructor(layout, referrers) {
    this.#layout = layout;
    this.#referrers = referrers;
  }
  async place(descriptor) {
    if (this.#seen.has(descriptor.digest)) return;
    this.#seen.add(descriptor.digest);
    if (this.#seen.size > MAX_NODES) {
      throw new VeritySignError("image", `the layout has more than ${MAX_NODES} manifests for one image`);
    }
    const document = await readDocument(this.#layout, descriptor);
    for (const referrer of this.#referrers.get(descriptor.digest) ?? []) await this.place(referrer);
    for (const child of document.manifests) await this.place(child);
    const { config, layers, blobs, subject } = document;
    this.nodes.push({
      descriptor,
      blobs: [...config === void 0 ? [] : [config], ...layers, ...blobs],
      ...subject === void 0 ? {} : { referrer: referrerEntry(descriptor, document, subject) }
    });
  }
};
async function referrersOf(layout) {
  const found = /* @__PURE__ */ new Map();
  for (const entry of await layout.entries()) {
    const document = await readDocument(layout, entry).catch(() => void 0);
    if (document?.subject === void 0) continue;
    const { digest } = document.subject;
    found.set(digest, [...found.get(digest) ?? [], entry]);
  }
  return found;
}
async function readDocument(layout, descriptor) {
  return parseJson(documentSchema, await layout.read(descriptor), descriptor.digest);
}
function referrerEntry(descriptor, document, subject) {
  const artifactType = document.artifactType ?? document.config?.mediaType;
  return {
    subject,
    descriptor,
    ...artifactType === void 0 ? {} : { artifactType },
    annotations: document.annotations
  };
}

// src/attach/push-layout.ts
async function pushLayout(layout, root, target, folder, signal, check) {
  const nodes = await pushOrder(layout, root);
  const pushed = /* @__PURE__ */ new Set();
  const own = await mkdtemp(join(folder, "push-"));
  for (const node of nodes) {
    signal.throwIfAborted();
    await pushNode(layout, node, pushed, own, target);
  }
  await check();
  signal.throwIfAborted();
  const { oras, repository, tag } = target;
  await oras.pushManifest(repository, root, blobFile(layout, root), tag);
}
async function pushNode(layout, { descriptor, blobs, referrer }, pushed, folder, { oras, repository }) {
  const missing = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()].filter(
    ({ digest }) => !pushed.has(digest)
  );
  await inBatches(missing, async (blob) => {
    if (!await layout.has(blob)) {
      if (isNondistributable(blob)) return;
      throw new VeritySignError("image", `the layout lacks the blob ${blob.digest}`, {
        remedy: "Write the image into the layout again, with all its platforms"
      });
    }
    await oras.pushBlob(repository, blob, blobFile(layout, blob));
    pushed.add(blob.digest);
  });
  await oras.pushManifest(repository, descriptor, blobFile(layout, descriptor));
  if (referrer !== void 0) await ensureListed(oras, repository, referrer, folder);
}
function blobFile({ directory }, { digest }) {
  const { algorithm, hex } = splitDigest(digest);
  return { folder: join(directory, "blobs", algorithm), name: hex };
}
function isNondistributable({ mediaType }) {
  return mediaType.includes("nondistributable") || mediaType.includes("foreign");
}

// src/pipeline/pass-gate.ts
async function passGate(gate, signed, folder, signal, log) {
  const { oras, repository, tag } = gate;
  const reference = `${repository}:${tag}`;
  const { digest } = signed.image.root;
  await requireSigned(signed.store, signed, /* @__PURE__ */ new Date(), "environment");
  log.info(`all signatures verified; pushing to ${reference}`);
  const pushed = new RegistryStore(oras, repository);
  await pushLayout(new OciLayout(signed.directory), signed.image.root, gate, folder, signal, async () => {
    await requireSigned(pushed, signed, /* @__PURE__ */ new Date(), "registry");
    log.info(`the signatures read back well from ${repository}`);
  });
  const found = await oras.resolve(reference);
  if (found.digest !== digest) {
    throw new VeritySignError("registry", `${reference} points to ${found.digest}, not to ${digest}`, {
      remedy: "Somebody else pushed the same tag: push again, or use another tag"
    });
  }
  log.info(`${reference} is ${digest}`);
  return { reference, digest };
}
async function requireSigned(store, { planned, attached, chain, manifestSigner }, now, code) {
  for (const [index, artifact] of planned.artifacts.entries()) {
    if (chain === void 0) throw new TypeError("layers without a signer");
    const referrer = await readListed(
      store,
      artifact.manifest.descriptor,
      DM_VERITY_ARTIFACT_TYPE,
      attached.artifacts[index],
      code
    );
    const anchor = chain.root ?? chain.intermediates.at(-1) ?? chain.leaf;
    const trust = { anchors: [anchor.der], identities: [], at: now, allowExpired: false };
    const { verdict, reason } = judgeReferrer(referrer, artifact.manifest, trust);
    if (verdict !== "verified" || !saysTheSame(referrer.manifest, referrer.blobs, artifact, chain)) {
      throw notVerified(store, referrer.descriptor, reason, code);
    }
  }
  for (const [index, manifest] of planned.manifests.entries()) {
    const { descriptor, ...referrer } = await readListed(
      store,
      manifest.subject,
      NOTARY_ARTIFACT_TYPE,
      attached.manifests[index],
      code
    );
    const same = await manifestSigner?.accepts(manifest, referrer.manifest, referrer.blobs, now, 0).catch((error) => {
      if (!(error instanceof VeritySignError)) throw error;
      throw notVerified(store, descriptor, error.message, code);
    });
    if (same === void 0) throw notVerified(store, descriptor, void 0, code);
  }
}
async function readListed(store, subject, artifactType, attached, code) {
  const wanted = attached?.descriptor.digest;
  const found = (await store.list(subject, artifactType)).find(({ digest }) => digest === wanted);
  if (found !== void 0) return { descriptor: found, ...await readReferrer(store, found) };
  throw new VeritySignError(
    code,
    `${store.name} does not list ${wanted} as a referrer of ${subject.digest}`,
    {
      remedy: "Run it again; set referrers to tag if the registry has no referrers API"
    }
  );
}
function notVerified(store, { digest }, reason, code) {
  const why = reason ?? "it is not what was signed";
  return new VeritySignError(code, `${digest} in ${store.name} does not verify: ${why}`, {
    remedy: "Look for another program that writes there, and run it again"
  });
}
export {
  passGate
};
