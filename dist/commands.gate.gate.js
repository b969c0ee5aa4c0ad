import {
  pushRepositories
} from "./shared.commands.shared.push-targets.js";
import {
  trustedEnd
} from "./shared.signing.js";
import {
  evaluateReferrer
} from "./shared.verifying.js";
import "./shared.notary.js";
import {
  ARTIFACT_FORMS,
  NOTARY_ARTIFACT_TYPE,
  readReferrer
} from "./shared.images.js";
import "./shared.commands.js";
import {
  CONFIGURATION_NOT_COVERED,
  ReferrerLists,
  RegistryStore,
  distinctContent,
  entriesAndReferrers,
  inBatches,
  isForLinux,
  openOras,
  parseReferences,
  unlessDamaged
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/oci/attach/push-layout.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/oci/attach/push-layout.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var mkdtemp = /* @__PURE__ */ one("mkdtemp");

// builtin:node:path of src/oci/attach/push-layout.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");

// src/oci/attach/push-order.ts
var MAX_NODES = 1e4;
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
    const { content, subject } = document;
    this.nodes.push({
      descriptor,
      blobs: content,
      ...subject === void 0 ? {} : { referrer: referrerEntry(descriptor, document, subject) }
    });
  }
};
async function referrersOf(layout) {
  const found3 = /* @__PURE__ */ new Map();
  const all3 = await entriesAndReferrers(layout);
  const entries = new Map(all3.map((entry) => [`${entry.digest} ${entry.size} ${entry.mediaType}`, entry]));
  for (const entry of entries.values()) {
    const document = await unlessDamaged(() => readDocument(layout, entry));
    if (document?.subject === void 0) continue;
    const { digest } = document.subject;
    const others = found3.get(digest);
    if (others === void 0) found3.set(digest, [entry]);
    else others.push(entry);
  }
  return found3;
}
async function readDocument(layout, descriptor) {
  return parseReferences(await layout.read(descriptor), descriptor);
}
function referrerEntry(descriptor, document, subject) {
  const { artifactType, annotations } = document;
  return { subject, descriptor, ...artifactType === void 0 ? {} : { artifactType }, annotations };
}

// src/oci/attach/push-layout.ts
async function pushLayout(layout, root, target, folder, signal) {
  const nodes = await pushOrder(layout, root);
  distinctContent(nodes.flatMap(({ descriptor, blobs }) => [descriptor, ...blobs]));
  const pushed = /* @__PURE__ */ new Set();
  const own = await mkdtemp(join(folder, "push-"));
  const { oras, repository } = target;
  const lists = new ReferrerLists(oras, repository);
  const waiting = new Waiting(lists, own, signal);
  for (const node of nodes) {
    signal.throwIfAborted();
    await waiting.before(node.descriptor);
    await pushNode(layout, node, pushed, target, lists.rivals);
    if (node.referrer !== void 0) waiting.add(node.referrer);
  }
  await waiting.end(new Set(nodes.map(({ descriptor }) => descriptor.digest)));
  await lists.rivals.settle(own, signal);
}
async function pushTag(layout, root, { oras, repository }, tag) {
  await oras.pushManifest(repository, root, await layout.file(root), tag);
}
async function pushNode(layout, { descriptor, blobs }, pushed, { oras, repository }, rivals) {
  const missing = distinctContent(blobs).filter(({ digest }) => !pushed.has(digest));
  await inBatches(missing, async (blob) => {
    if (!await layout.has(blob)) {
      if (isNondistributable(blob)) return;
      throw new VeritySignError("image", `the layout lacks the blob ${blob.digest}`, {
        remedy: "Write the image into the layout again, with all its platforms"
      });
    }
    await oras.pushBlob(repository, blob, await layout.file(blob));
    pushed.add(blob.digest);
  });
  const file = await layout.file(descriptor);
  await rivals.timed(() => oras.pushManifest(repository, descriptor, file));
}
var Waiting = class {
  #lists;
  #folder;
  #signal;
  /** By the subject's digest. */
  #entries = /* @__PURE__ */ new Map();
  /** @param folder for a temporary file */
  constructor(lists, folder, signal) {
    this.#lists = lists;
    this.#folder = folder;
    this.#signal = signal;
  }
  add(entry) {
    const { digest } = entry.subject;
    this.#entries.set(digest, [...this.#entries.get(digest) ?? [], entry]);
  }
  /**
   * Called before a manifest is pushed, when all its referrers are. Writes its list, where clients maintain
   * it. What the referrers API lists can be asked only when the registry has the subject.
   */
  async before({ digest }) {
    const entries = this.#entries.get(digest);
    const [first] = entries ?? [];
    if (entries === void 0 || first === void 0) return;
    if (await this.#lists.hasApi(first.descriptor)) return;
    await this.#lists.ensureTag(first.subject, entries, this.#folder, this.#signal);
    this.#entries.delete(digest);
  }
  /**
   * Makes sure that all other referrers are listed too.
   * @param pushed digests of all manifests; the subject of another is not in the registry
   */
  async end(pushed) {
    for (const entries of this.#entries.values()) {
      const [first] = entries;
      if (first === void 0) continue;
      const { subject, descriptor } = first;
      if (pushed.has(subject.digest)) {
        await this.#lists.ensure(subject, entries, this.#folder, this.#signal);
      } else if (!await this.#lists.hasApi(descriptor)) {
        await this.#lists.ensureTag(subject, entries, this.#folder, this.#signal);
      }
    }
  }
};
function isNondistributable({ mediaType }) {
  return mediaType.includes("nondistributable") || mediaType.includes("foreign");
}

// src/commands/gate/check-signatures.ts
async function checkSignatures(store, { planned, attached, kinds }, now, code) {
  for (const [index, artifact] of planned.artifacts.entries()) {
    const subject = artifact.manifest.descriptor;
    const { artifactType } = ARTIFACT_FORMS[artifact.format];
    const digest = attached.artifacts[index]?.descriptor.digest;
    const referrer = await readListed(store, subject, artifactType, digest, code);
    const reason = whyLayersInvalid(required(kinds.layers), artifact, referrer, now);
    if (reason !== void 0) throw notVerified(store, referrer, reason, code);
  }
  for (const [index, manifest] of planned.manifests.entries()) {
    const digest = attached.manifests[index]?.descriptor.digest;
    const referrer = await readListed(store, manifest.subject, NOTARY_ARTIFACT_TYPE, digest, code);
    const reason = await whyManifestInvalid(required(kinds.manifests), manifest, referrer, now);
    if (reason !== void 0) throw notVerified(store, referrer, reason, code);
  }
}
var CHANGED = "it is not what was signed";
function whyLayersInvalid(layers, artifact, referrer, now) {
  const trust = { anchors: [trustedEnd(layers.chain).der], identities: [], at: now, allowExpired: false };
  const { verdict, reason } = evaluateReferrer(referrer, artifact.manifest, trust);
  if (verdict !== "verified") return reason ?? CHANGED;
  return layers.isSameAs(artifact, referrer.manifest, referrer.blobs) ? void 0 : CHANGED;
}
async function whyManifestInvalid(manifests, planned, { manifest, blobs }, now) {
  try {
    const envelope = await manifests.sameAs(planned, manifest, blobs, now, 0);
    return envelope === void 0 ? CHANGED : void 0;
  } catch (error) {
    if (error instanceof VeritySignError) return error.message;
    throw error;
  }
}
function required(kind) {
  if (kind === void 0) throw new TypeError("a planned signature has no steps");
  return kind;
}
async function readListed(store, subject, artifactType, wanted, code) {
  const found3 = (await store.list(subject, artifactType)).find(({ digest }) => digest === wanted);
  if (found3 !== void 0) return { descriptor: found3, ...await readReferrer(store, found3) };
  throw new VeritySignError(
    code,
    `${store.name} does not list ${wanted} as a referrer of ${subject.digest}`,
    { remedy: "Run it again; set referrers to tag if the registry has no referrers API" }
  );
}
function notVerified(store, { descriptor: { digest } }, reason, code) {
  return new VeritySignError(code, `${digest} in ${store.name} does not verify: ${reason}`, {
    remedy: "Make sure that nothing else writes to that repository, then rerun"
  });
}

// src/commands/gate/gate.ts
var openGate = async (image, options, context, folder) => {
  const repositories = pushRepositories(options.pushTo ?? []);
  requireLocal(image);
  const targets = [];
  for (const target of repositories) {
    const known = targets.find(({ registry }) => registry === target.registry);
    const oras = known?.oras ?? await openOras(target.repository, folder, options, context);
    targets.push({ ...target, oras });
  }
  if (!options.dryRun) await requireAccess(targets);
  return new Gate(targets, options, context, folder);
};
async function requireAccess(targets) {
  const firsts = /* @__PURE__ */ new Map();
  for (const target of targets) {
    const login = await target.oras.requireSafe(target.repository);
    const account = JSON.stringify([target.registry, login?.username, login?.secret]);
    if (!firsts.has(account)) firsts.set(account, target);
  }
  for (const { oras, repository, tags } of firsts.values()) await oras.find(`${repository}:${tags[0]}`);
}
function requireLocal(image) {
  if (image.kind !== "registry") return;
  throw new VeritySignError("usage", "push-to is for an image that is not in a registry yet", {
    remedy: "Build to an OCI layout or archive (oci:DIR, oci-archive:FILE), load it into docker (docker-daemon:NAME), or omit push-to"
  });
}
var Gate = class {
  oras;
  #targets;
  #options;
  #context;
  #folder;
  /** @param folder the run's private temporary folder */
  constructor(targets, options, context, folder) {
    this.oras = targets[0]?.oras.version.text;
    this.#targets = targets;
    this.#options = options;
    this.#context = context;
    this.#folder = folder;
  }
  requireComplete(image) {
    requireComplete(image, this.#options);
  }
  async signedBefore({ root }) {
    const stores = [];
    for (const { oras, repository } of this.#targets) {
      const found3 = await oras.find(`${repository}@${root.digest}`);
      if (found3 !== void 0) stores.push(this.#store({ oras, repository }, this.#context.log));
    }
    return stores;
  }
  /**
   * Reads the signatures back from the layout and checks them, then pushes image and referrers to each
   * repository and checks what it then has: before any tag, because a registry may accept referrers and
   * lose them.
   */
  async publish(signed, progress) {
    await checkSignatures(signed.opened.store, signed, /* @__PURE__ */ new Date(), "environment");
    const covered = this.#options.manifestSignature === "none" ? `; ${CONFIGURATION_NOT_COVERED}` : "";
    const tags = this.#targets.flatMap(({ repository, tags: tags2 }) => tags2.map((tag) => `${repository}:${tag}`));
    this.#context.log.info(`all signatures verified${covered}; pushing to ${tags.join(", ")}`);
    for (const target of this.#targets) await this.#push(target, signed);
    return this.#setTags(signed, progress);
  }
  #push({ oras, repository }, signed) {
    const { signal, log } = this.#context;
    return log.group(`Push to ${repository}`, async (own) => {
      await pushLayout(layoutOf(signed), signed.image.root, { oras, repository }, signed.folder, signal);
      await checkSignatures(this.#store({ oras, repository }, own), signed, /* @__PURE__ */ new Date(), "registry");
      own.info(`signatures read back from ${repository} and verified`);
    });
  }
  #store({ oras, repository }, log) {
    return new RegistryStore(oras, repository, this.#folder, { log });
  }
  #setTags(signed, progress) {
    return this.#context.log.group("Set tags", async (log) => {
      const set = [];
      for (const target of this.#targets)
        for (const tag of target.tags) {
          set.push(await this.#setTag(target, tag, signed, set, log));
          progress([...set]);
        }
      return set;
    });
  }
  async #setTag({ oras, repository }, tag, signed, before, log) {
    const { root } = signed.image;
    const reference = `${repository}:${tag}`;
    try {
      this.#context.signal.throwIfAborted();
      const found3 = await oras.find(reference);
      if (found3?.digest !== root.digest) await pushTag(layoutOf(signed), root, { oras, repository }, tag);
      await requireTag(oras, reference, root.digest);
    } catch (error) {
      throw afterTags(error, reference, before);
    }
    log.info(`${reference} is ${root.digest}`);
    return { reference, digest: root.digest };
  }
};
function layoutOf({ opened: { layout } }) {
  if (layout === void 0) throw new TypeError("only an image in a layout can be pushed");
  return layout;
}
async function requireTag(oras, reference, digest) {
  const found3 = await oras.resolve(reference);
  if (found3.digest === digest) return;
  throw new VeritySignError("registry", `${reference} points to ${found3.digest}, not to ${digest}`, {
    remedy: "Another program pushed the same tag: push again, or use another tag"
  });
}
function afterTags(error, reference, before) {
  if (!(error instanceof VeritySignError) || before.length === 0) return error;
  const set = before.map((one3) => one3.reference).join(", ");
  const message = `push-to: ${reference} is not set: ${error.message}; already set: ${set}`;
  const remedy = error.remedy ?? "Run again: the tags that are set do not change";
  return new VeritySignError(error.code, message, { remedy, cause: error });
}
function requireComplete({ skipped, manifests }, { manifestSignature }) {
  const withoutLayers = manifests.filter(
    ({ layersLeftOut, platform }) => layersLeftOut !== void 0 && (platform === void 0 || isForLinux(platform))
  );
  const unsigned = [
    ...skipped.filter(({ mayRun }) => mayRun).map(({ descriptor, reason }) => ({ descriptor, reason })),
    ...manifestSignature === "none" ? withoutLayers.map(({ descriptor, layersLeftOut: reason }) => ({ descriptor, reason })) : []
  ];
  const [first] = unsigned;
  if (first === void 0) return;
  throw new VeritySignError(
    "usage",
    `push-to would push ${first.descriptor.digest} without signatures: ${first.reason}`,
    { remedy: "Sign all platforms of the index, or build one with no others" }
  );
}
export {
  openGate,
  requireComplete
};
