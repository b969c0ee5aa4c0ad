import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  REMEDY,
  checkVersion,
  orasEnvironment
} from "./shared.oci.oras.version.js";
import {
  readPemInput
} from "./shared.commands.shared.pem.pem-input.js";
import {
  leaksCredentials
} from "./shared.tools.versions.js";
import {
  ReferrersRefusedError,
  referrersRefusal,
  refusesHead
} from "./shared.oci.oras.failures.refusal.js";
import {
  inBatches,
  isNotFound,
  isRefusal,
  isTransient,
  isUnauthorized,
  lacksReferrersApi,
  noReferrersApi,
  orasFailure,
  parseSignatureManifest
} from "./shared.oci.attach.batches.js";
import {
  networkEnvironment
} from "./shared.lib.process.environment.js";
import {
  ToolError,
  run,
  stream
} from "./shared.lib.process.run.js";
import {
  readCertificateBundle
} from "./shared.signatures.x509.bundle.js";
import {
  readGiven
} from "./shared.lib.read-given.js";
import {
  LayoutSource,
  OciLayout,
  areWritable,
  unlessDamaged
} from "./shared.oci.image.layout-source.js";
import {
  isOnHub,
  referenceName,
  withPathHint
} from "./shared.oci.image.reference.js";
import {
  MAX_METADATA_SIZE,
  annotationsSchema,
  anything,
  checkContent,
  checkMetadataSize,
  descriptorFields,
  descriptorOf,
  descriptorSchema,
  embedding,
  parseIndex,
  parseMetadata,
  plainDescriptor,
  text,
  toDescriptor
} from "./shared.oci.documents.js";
import {
  array,
  object
} from "./shared.zod.v4.core.schemas.js";
import {
  IMAGE_CONFIG_MEDIA_TYPES,
  INDEX_MEDIA_TYPE,
  MANIFEST_MEDIA_TYPE
} from "./shared.model.media-types.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/oci/attach/registry-store.ts
import { writeFile as writeFile2 } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/oci/attach/lists/referrer-lists.ts
import { setTimeout as setTimeout2 } from "node:timers/promises";

// src/oci/attach/lists/fallback-index.ts
var NEW_INDEX = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [] };
function fallbackTag(subject) {
  return subject.digest.replace(":", "-").slice(0, 128);
}
var NotAnIndexError = class extends VeritySignError {
  constructor(tag, { mediaType }) {
    super("registry", `the fallback tag ${tag} points to ${mediaType}, not to an index`, {
      remedy: "Remove the tag, or use a registry with the referrers API"
    });
  }
};
function checkIndex(found, tag) {
  if (found.mediaType !== INDEX_MEDIA_TYPE) throw new NotAnIndexError(tag, found);
}
function entriesOf(index) {
  return index === void 0 ? [] : parse(index).manifests;
}
function missingFrom(index, entries) {
  const listed2 = new Set(entriesOf(index).map(({ digest }) => digest));
  return entries.filter(({ descriptor }) => !listed2.has(descriptor.digest));
}
function changedIndex(existing, entries, gone = /* @__PURE__ */ new Set()) {
  const index = existing === void 0 ? NEW_INDEX : parse(existing).raw;
  const listed2 = Array.isArray(index.manifests) ? index.manifests : [];
  const kept = listed2.filter((entry) => !gone.has(entry.digest));
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [...kept, ...entries.map(toEntry)] }));
  return { bytes, descriptor: descriptorOf(INDEX_MEDIA_TYPE, bytes) };
}
function parse(index) {
  return parseIndex(index, INDEX_MEDIA_TYPE, "the index of referrers");
}
function toEntry({ descriptor, artifactType, annotations }) {
  return { ...descriptor, ...artifactType === void 0 ? {} : { artifactType }, annotations };
}

// src/oci/attach/lists/late-rivals.ts
import { setTimeout } from "node:timers/promises";

// src/oci/attach/lists/tag-list.ts
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
var MOST_LOOKED_UP = 1e3;
var TagList = class {
  #oras;
  #repository;
  #subject;
  #tag;
  constructor(oras, repository, subject) {
    this.#oras = oras;
    this.#repository = repository;
    this.#subject = subject;
    this.#tag = fallbackTag(subject);
  }
  /**
   * The listed referrers. A tag that points to the subject itself lists none: `cosign copy` leaves such tags.
   * @throws VeritySignError 'registry' if the tag points to something else that is not an index
   */
  async entries() {
    return await this.find() ?? [];
  }
  /** As {@link entries}; undefined if there is no list. */
  async find() {
    const { index } = await this.#read();
    return index === void 0 ? void 0 : entriesOf(index);
  }
  /** Those that are not listed. */
  async missing(entries) {
    return missingFrom((await this.#read()).index, entries);
  }
  /**
   * Adds all entries in one write, or writes nothing if the list has them. Entries whose manifests are gone,
   * such as after a clean-up of untagged manifests, are removed by the same write.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if the tag cannot be written
   */
  async add(entries, folder) {
    const { index, isSubject } = await this.#read();
    const missing = missingFrom(index, entries);
    if (missing.length === 0) return;
    const { bytes, descriptor } = changedIndex(index, missing, await this.#gone(entriesOf(index)));
    try {
      await this.#write(bytes, descriptor, folder);
    } catch (cause) {
      if (isSubject && cause instanceof VeritySignError && cause.code !== "cancelled") {
        throw this.#unusable(cause);
      }
      throw cause;
    }
    if (isSubject && (await this.#read()).isSubject) throw this.#unusable();
  }
  /**
   * Takes entries out in one write, or writes nothing if the list has none of them. An empty list stays.
   * @param digests of the entries
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if the tag cannot be written
   */
  async remove(digests, folder) {
    const { index } = await this.#read();
    if (!entriesOf(index).some(({ digest }) => digests.has(digest))) return;
    const { bytes, descriptor } = changedIndex(index, [], digests);
    await this.#write(bytes, descriptor, folder);
  }
  async #write(bytes, descriptor, folder) {
    const name = "index.json";
    await writeFile(join(folder, name), bytes, { mode: 384 });
    await this.#oras.pushManifest(this.#repository, descriptor, { folder, name }, this.#tag);
  }
  async #read() {
    const found = await this.#oras.find(`${this.#repository}:${this.#tag}`);
    const isSubject = found?.digest === this.#subject.digest;
    if (found === void 0 || isSubject) return { index: void 0, isSubject };
    checkIndex(found, this.#tag);
    return { index: await this.#oras.manifest(this.#repository, found), isSubject };
  }
  async #gone(listed2) {
    const gone = /* @__PURE__ */ new Set();
    await inBatches(listed2.slice(0, MOST_LOOKED_UP), async ({ digest }) => {
      if (await this.#oras.find(`${this.#repository}@${digest}`) === void 0) gone.add(digest);
    });
    return gone;
  }
  /** GitLab resolves the fallback tag as if it were the digest, whatever was written to it. */
  #unusable(cause) {
    return new VeritySignError(
      "registry",
      `no signature can be attached in ${this.#repository}: the registry has no referrers API, and the fallback tag ${this.#tag} points to the manifest itself even after a list was written to it, as in GitLab's registry`,
      {
        remedy: "Push the image to a registry with the referrers API, or sign it in an OCI layout (oci:DIR) and deliver the signed layout",
        cause
      }
    );
  }
};

// src/oci/attach/lists/late-rivals.ts
var SHORTEST_WAIT = 2e3;
var LONGEST_WAIT = 2e4;
var SPREAD = 0.25;
var LOOKS = 3;
var LateRivals = class {
  #oras;
  #repository;
  /** By the digest of their subject. */
  #entries = /* @__PURE__ */ new Map();
  /** Milliseconds. */
  #slowest = 0;
  constructor(oras, repository) {
    this.#oras = oras;
    this.#repository = repository;
  }
  /** Remembers referrers that a list under a tag has because of this run. */
  add(entries) {
    for (const entry of entries) {
      const { digest } = entry.subject;
      this.#entries.set(digest, [...this.#entries.get(digest) ?? [], entry]);
    }
  }
  /** Measures a push. */
  async timed(push) {
    const started2 = performance.now();
    try {
      return await push();
    } finally {
      this.#slowest = Math.max(this.#slowest, performance.now() - started2);
    }
  }
  /**
   * Makes sure that the lists still have all referrers of this run. Returns at once if there are none.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if another client keeps removing them, the signal's reason
   */
  async settle(folder, signal) {
    if (this.#entries.size === 0) return;
    for (let look = 1; ; look++) {
      await setTimeout(this.#wait(), void 0, { signal });
      const lost = await this.#lost();
      const [one] = lost.flat();
      if (one === void 0) return;
      if (look === LOOKS) throw this.#removed(one);
      for (const entries of lost) {
        const [{ subject } = one] = entries;
        await this.timed(() => this.#list(subject).add(entries, folder));
      }
    }
  }
  #wait() {
    const base = Math.max(SHORTEST_WAIT, 2 * this.#slowest);
    return Math.min(LONGEST_WAIT, base * (1 + SPREAD * Math.random()));
  }
  /** The entries that are no longer listed, by subject. */
  async #lost() {
    const lost = [];
    for (const entries of this.#entries.values()) {
      const [first] = entries;
      const missing = first === void 0 ? [] : await this.#list(first.subject).missing(entries);
      if (missing.length > 0) lost.push(missing);
    }
    return lost;
  }
  #list(subject) {
    return new TagList(this.#oras, this.#repository, subject);
  }
  #removed({ descriptor, subject }) {
    return new VeritySignError(
      "registry",
      `${this.#repository} no longer lists ${descriptor.digest} as a referrer of ${subject.digest}: another program writes the list at the same time`,
      {
        remedy: "Sign an image in one run at a time (in GitHub workflows by concurrency), or use a registry with the referrers API; then run again"
      }
    );
  }
};

// src/oci/attach/lists/referrer-lists.ts
var RETRY_AFTER = [300, 600, 1200];
var ReferrerLists = class {
  rivals;
  #oras;
  #repository;
  /** Whether the API has failed to list what this run pushed: the next subject needs no waiting. */
  #deaf = false;
  /** @param repository `REGISTRY/PATH` without tag */
  constructor(oras, repository) {
    this.#oras = oras;
    this.#repository = repository;
    this.rivals = new LateRivals(oras, repository);
  }
  /**
   * All referrers of a subject, of any type: those of the API first, then those under the fallback tag, as
   * far as the mode permits.
   * @throws ReferrersRefusedError if the registry refuses the API and has no list under the tag,
   *   VeritySignError 'registry'
   */
  async read(subject) {
    if (this.#oras.referrersMode === "api") {
      return await this.#oras.referrers(this.#repository, subject) ?? [];
    }
    const byApi = await this.#byApi(subject);
    const underTag = await this.#underTag(subject, Array.isArray(byApi));
    if (byApi instanceof ReferrersRefusedError && underTag === void 0) throw byApi;
    const listed2 = Array.isArray(byApi) ? byApi : [];
    const known = new Set(listed2.map(({ digest }) => digest));
    return [...listed2, ...(underTag ?? []).filter(({ digest }) => !known.has(digest))];
  }
  /** Whether the registry answers at the referrers API; `pushed` is a manifest that it has. */
  async hasApi(pushed) {
    return this.#oras.referrersMode === "api" || Array.isArray(await this.#byApi(pushed));
  }
  /**
   * Makes sure that manifests which were pushed are listed as referrers. A registry with the referrers API
   * lists them by itself; elsewhere, one write of the fallback tag lists them all.
   *
   * @param entries of one subject
   * @param folder an empty folder of this run, for a temporary file
   * @returns the list as it was read afterwards
   * @throws VeritySignError 'registry'
   */
  async ensure(subject, entries, folder, signal) {
    const byApi = await this.#awaitApi(subject, entries, signal);
    if (byApi !== void 0 && (this.#oras.referrersMode === "api" || hasAll(byApi, entries))) return byApi;
    this.#deaf = byApi !== void 0;
    return this.ensureTag(subject, entries, folder, signal);
  }
  /** As {@link ensure}, by the fallback tag alone. The subject need not exist. */
  async ensureTag(subject, entries, folder, signal) {
    const list2 = new TagList(this.#oras, this.#repository, subject);
    for (let attempt = 0; ; attempt++) {
      await this.rivals.timed(() => list2.add(entries, folder));
      const listed2 = await list2.entries();
      if (hasAll(listed2, entries)) {
        this.rivals.add(entries);
        return listed2;
      }
      if (!await pause(attempt, signal)) return listed2;
    }
  }
  /**
   * Takes referrers out of the list under the fallback tag. The list of the API follows the manifests.
   *
   * @param digests of referrers of this subject
   * @param folder a folder of this run, for a temporary file
   * @returns those that no list has any more
   * @throws VeritySignError 'registry', also if another client keeps listing them
   */
  async unlist(subject, digests, folder, signal) {
    if (this.#oras.referrersMode === "api") return [];
    const byApi = await this.#byApi(subject);
    const under = await this.#underTag(subject, Array.isArray(byApi));
    const listed2 = (under ?? []).map(({ digest }) => digest).filter((digest) => digests.has(digest));
    if (listed2.length === 0) return [];
    const list2 = new TagList(this.#oras, this.#repository, subject);
    for (let attempt = 0; ; attempt++) {
      await list2.remove(digests, folder);
      const [left] = (await list2.entries()).filter(({ digest }) => digests.has(digest));
      if (left === void 0) break;
      if (!await pause(attempt, signal)) throw this.#keepsListing(left, subject);
    }
    const known = new Set(Array.isArray(byApi) ? byApi.map(({ digest }) => digest) : []);
    return listed2.filter((digest) => !known.has(digest));
  }
  #keepsListing({ digest }, subject) {
    return new VeritySignError(
      "registry",
      `${this.#repository} still lists ${digest} as a referrer of ${subject.digest} after a list without it was written`,
      { remedy: "Make sure that no other program writes that list at the same time, then run again" }
    );
  }
  /** The list of the API once it has all entries, or as it is after the last attempt. */
  async #awaitApi(subject, entries, signal) {
    for (let attempt = 0; ; attempt++) {
      const listed2 = await this.#byApi(subject);
      if (!Array.isArray(listed2)) return void 0;
      if (hasAll(listed2, entries) || this.#deaf) return listed2;
      if (!await pause(attempt, signal)) return listed2;
    }
  }
  /** What the API lists; undefined or the refusal where the fallback tag is used instead. */
  async #byApi(subject) {
    try {
      return await this.#oras.referrers(this.#repository, subject);
    } catch (error) {
      if (error instanceof ReferrersRefusedError && this.#oras.referrersMode === "auto") return error;
      throw error;
    }
  }
  /** A tag of another kind is an error only where the tag is the only list. */
  async #underTag(subject, hasApi) {
    try {
      return await new TagList(this.#oras, this.#repository, subject).find();
    } catch (error) {
      if (hasApi && error instanceof NotAnIndexError) return void 0;
      throw error;
    }
  }
};
function hasAll(listed2, entries) {
  const digests = new Set(listed2.map(({ digest }) => digest));
  return entries.every(({ descriptor }) => digests.has(descriptor.digest));
}
async function pause(attempt, signal) {
  const wait = RETRY_AFTER[attempt];
  if (wait === void 0) return false;
  await setTimeout2(wait * (1 + Math.random()), void 0, signal === void 0 ? {} : { signal });
  return true;
}

// src/oci/attach/read/listed-type.ts
var UNTELLING = /^$|config|^application\/(?:vnd\.oci\.empty\.v1\+)?json$|^application\/octet-stream$|unknown/i;
var OF_IMAGES = [MANIFEST_MEDIA_TYPE, ...IMAGE_CONFIG_MEDIA_TYPES];
function ofType(listed2, artifactType) {
  const perhaps = listed2.filter((entry) => entry.artifactType !== artifactType && mayHaveType(entry));
  return [...listed2.filter((entry) => entry.artifactType === artifactType), ...perhaps];
}
function mayHaveType({ mediaType, artifactType = "" }) {
  if (mediaType !== MANIFEST_MEDIA_TYPE) return false;
  return UNTELLING.test(artifactType) || OF_IMAGES.includes(artifactType);
}

// src/oci/attach/store.ts
var MAX_SIGNATURE_SIZE = 1024 * 1024;

// src/oci/attach/registry-store.ts
var RegistryStore = class {
  name;
  #oras;
  #lists;
  #log;
  #sharesLists;
  /** The latest list. */
  #latest;
  /** Digests that have been reported. */
  #gone = /* @__PURE__ */ new Set();
  /**
   * @param repository `REGISTRY/PATH` without tag
   * @param sharesLists whether calls of {@link list} for one subject that follow each other are answered by one
   *   list, such as those for its kinds of signatures. What this store enlists in between is listed.
   */
  constructor(oras, repository, log, sharesLists = false) {
    this.#oras = oras;
    this.name = repository;
    this.#lists = new ReferrerLists(oras, repository);
    this.#log = log;
    this.#sharesLists = sharesLists;
  }
  async list(subject, artifactType) {
    const { digest } = subject;
    const known = this.#sharesLists && this.#latest?.digest === digest ? this.#latest : void 0;
    this.#latest = known ?? { digest, listed: this.#lists.read(subject) };
    return ofType(await this.#latest.listed, artifactType);
  }
  fetchManifest(descriptor) {
    return this.#oras.manifest(this.name, descriptor);
  }
  fetchBlob(descriptor) {
    return this.#oras.smallBlob(this.name, descriptor, MAX_SIGNATURE_SIZE);
  }
  reportGone(subject, { digest }) {
    if (this.#gone.has(digest)) return;
    this.#gone.add(digest);
    this.#log?.warn(
      `${this.name} lists ${digest} as a referrer of ${subject.digest}, but no longer has it: left out`
    );
  }
  async push({ blobs, descriptor, bytes }, folder) {
    const { rivals } = this.#lists;
    await inBatches(blobs, async (blob, index) => {
      const name2 = `blob-${index}`;
      await writeFile2(join2(folder, name2), blob.bytes, { mode: 384 });
      await rivals.timed(() => this.#oras.pushBlob(this.name, blob.descriptor, { folder, name: name2 }));
    });
    const name = "manifest.json";
    await writeFile2(join2(folder, name), bytes, { mode: 384 });
    await rivals.timed(() => this.#oras.pushManifest(this.name, descriptor, { folder, name }));
  }
  async enlist(artifacts, folder, signal) {
    const entries = artifacts.map(({ descriptor, manifest: { subject, artifactType, annotations } }) => ({
      descriptor,
      subject,
      artifactType,
      annotations
    }));
    this.#latest = void 0;
    const [first] = entries;
    return first === void 0 ? [] : this.#lists.ensure(first.subject, entries, folder, signal);
  }
  async remove(subject, referrers, folder, changed, signal) {
    this.#latest = void 0;
    const digests = new Set(referrers.map(({ digest }) => digest));
    for (const digest of await this.#lists.unlist(subject, digests, folder, signal)) {
      changed(digest, "unlisted");
    }
    for (const referrer of referrers) {
      signal.throwIfAborted();
      try {
        await this.#oras.deleteManifest(this.name, referrer);
      } catch (error) {
        if (!isRefusal(error)) changed(referrer.digest, "unknown");
        throw error;
      }
      changed(referrer.digest, "deleted");
    }
  }
  settle(folder, signal) {
    return this.#lists.rivals.settle(folder, signal);
  }
};

// src/commands/shared/open-image.ts
import { mkdtemp } from "node:fs/promises";
import { join as join6 } from "node:path";

// src/oci/attach/layout-store.ts
var LayoutStore = class {
  name;
  #layout;
  /** What the manifest of a digest refers to: many entries may name it, and each list asks for all. */
  #references = /* @__PURE__ */ new Map();
  /**
   * @param name for messages; default `oci:DIRECTORY`
   * @param signal ends reading between two manifests
   * @param additions see {@link OciLayout}
   */
  constructor(directory, name = `oci:${directory}`, signal, additions) {
    this.#layout = new OciLayout(directory, signal, additions);
    this.name = name;
  }
  async list(subject, artifactType) {
    const found = /* @__PURE__ */ new Map();
    const missing = /* @__PURE__ */ new Set();
    for (const entry of await this.#layout.entries()) {
      if (entry.mediaType !== MANIFEST_MEDIA_TYPE || entry.size > MAX_METADATA_SIZE) continue;
      if (entry.artifactType !== artifactType && !mayHaveType(entry)) continue;
      const key = `${entry.digest} ${entry.size}`;
      if (found.has(key) || missing.has(key)) continue;
      const reference = await this.#referenceOf(entry, key);
      if (!this.#references.has(key)) missing.add(key);
      if (reference?.artifactType !== artifactType || reference.subject !== subject.digest) continue;
      found.set(key, { ...plainDescriptor(entry), artifactType });
    }
    return [...found.values()];
  }
  /** Undefined for an image, and for a damaged entry of another program. */
  async #referenceOf(entry, key) {
    if (this.#references.has(key)) return this.#references.get(key);
    const bytes = await unlessDamaged(() => this.#layout.read(entry));
    if (bytes === void 0) return void 0;
    const manifest = await unlessDamaged(async () => parseSignatureManifest(bytes));
    const reference = manifest && { artifactType: manifest.artifactType, subject: manifest.subject.digest };
    this.#references.set(key, reference);
    return reference;
  }
  fetchManifest(descriptor) {
    return this.#layout.read(descriptor);
  }
  fetchBlob(descriptor) {
    return this.#layout.read(descriptor, MAX_SIGNATURE_SIZE);
  }
  removeLeftovers() {
    return this.#layout.removeLeftovers();
  }
  async push(artifact) {
    for (const blob of artifact.blobs) await this.#layout.addBlob(blob.descriptor, blob.bytes);
    await this.#layout.addBlob(artifact.descriptor, artifact.bytes);
  }
  async enlist(artifacts) {
    for (const { descriptor, bytes, blobs, manifest } of artifacts) {
      const entry = { ...descriptor, artifactType: manifest.artifactType };
      await this.#layout.addEntry(entry, [...blobs, { descriptor, bytes }]);
    }
    return this.#layout.entries();
  }
  /** One write takes them all out: then they are deleted. */
  async remove(_subject, referrers, _folder, changed, signal) {
    signal.throwIfAborted();
    await this.#layout.removeEntries(referrers, (digest) => changed(digest, "unlisted"));
    for (const { digest } of referrers) changed(digest, "deleted");
  }
};

// src/oci/image/registry-source.ts
var RegistrySource = class {
  name;
  #oras;
  #reference;
  constructor(oras, reference) {
    this.#oras = oras;
    this.#reference = reference;
    this.name = referenceName(reference);
  }
  async resolve() {
    try {
      return await this.#resolve();
    } catch (error) {
      throw isOnHub(this.#reference) ? withPathHint(error, this.#reference.repository) : error;
    }
  }
  async #resolve() {
    const { digest, tag = "latest" } = this.#reference;
    if (digest === void 0) return this.#oras.resolve(`${this.name}:${tag}`);
    const descriptor = await this.#oras.resolve(`${this.name}@${digest}`);
    if (descriptor.digest !== digest) {
      throw new VeritySignError("registry", `the registry returned ${descriptor.digest} for ${digest}`);
    }
    return descriptor;
  }
  manifest(descriptor) {
    return this.#oras.manifest(this.name, descriptor);
  }
  config(descriptor) {
    return this.#oras.smallBlob(this.name, descriptor);
  }
  blob(descriptor, signal) {
    return this.#oras.blob(this.name, descriptor, signal);
  }
};

// src/oci/oras/oras.ts
import { readFile } from "node:fs/promises";
import { join as join4, resolve } from "node:path";

// src/oci/oras/calls.ts
import { setTimeout as setTimeout3 } from "node:timers/promises";

// src/oci/oras/login/auth-files.ts
import { join as join3 } from "node:path";

// src/oci/oras/login/hosts.ts
var HUB = ["docker.io", "index.docker.io", "registry-1.docker.io"];
function namesOf(registry) {
  const host = registry.toLowerCase();
  return HUB.includes(host) ? HUB : [host];
}
function isSameRegistry(one, other) {
  return namesOf(one).includes(other.toLowerCase());
}
function serverAddress(registry) {
  return namesOf(registry) === HUB ? "https://index.docker.io/v1/" : registry;
}

// src/oci/oras/login/auth-files.ts
function authFiles(env) {
  const home = env.HOME || "/";
  const runtime = env.XDG_RUNTIME_DIR;
  return [
    ...env.REGISTRY_AUTH_FILE ? [{ path: env.REGISTRY_AUTH_FILE, named: true }] : [],
    { path: join3(env.DOCKER_CONFIG || join3(home, ".docker"), "config.json"), named: true },
    {
      path: join3(
        runtime || `/run/containers/${process.getuid?.() ?? 0}`,
        runtime ? "containers" : "",
        "auth.json"
      ),
      named: false
    },
    { path: join3(env.XDG_CONFIG_HOME || join3(home, ".config"), "containers/auth.json"), named: false }
  ];
}
async function* lookUp(file, registry, path) {
  const text2 = await textOf(file);
  if (text2 === void 0 || text2.trim() === "") return;
  const { auths, credHelpers, credsStore } = parse2(text2, file.path);
  const names = namesOf(registry);
  const helper = Object.entries(objectOf(credHelpers)).find(([key]) => names.includes(scopeOf(key)));
  const program = textIn(helper?.[1]) ?? textIn(credsStore);
  if (program !== void 0) yield { kind: "helper", helper: program };
  const entry = mostSpecific(objectOf(auths), names, path);
  if (entry !== void 0) yield credentialsIn(entry, file.path, registry);
}
async function textOf({ path, named }) {
  try {
    return (await readGiven(path)).toString();
  } catch (cause) {
    const { code = "" } = cause;
    if (code === "ENOENT" || code === "ENOTDIR" || !named && code === "EACCES") return void 0;
    throw new VeritySignError("environment", `${path} with registry credentials cannot be read (${code})`, {
      remedy: "Let this user read the file, or name another one in DOCKER_CONFIG or REGISTRY_AUTH_FILE",
      cause
    });
  }
}
function parse2(text2, path) {
  let config;
  try {
    config = JSON.parse(text2);
  } catch {
    throw damaged(path, "is not complete JSON");
  }
  return objectOf(config);
}
function damaged(path, what) {
  return new VeritySignError("environment", `${path} with registry credentials ${what}`, {
    remedy: "Repair the file, or remove it and log in again"
  });
}
function mostSpecific(entries, names, path) {
  const covers = (scope) => names.some(
    (name) => path === void 0 ? `${scope}/`.startsWith(`${name}/`) : `${name}/${path}/`.startsWith(`${scope}/`)
  );
  return Object.entries(entries).map(([key, value]) => ({ scope: scopeOf(key), entry: objectOf(value) })).filter(({ scope, entry }) => covers(scope) && !isEmpty(entry)).sort((a, b) => b.scope.length - a.scope.length)[0]?.entry;
}
function scopeOf(key) {
  const url = /^https?:\/\//i.test(key);
  const [host = "", ...path] = key.replace(/^https?:\/\//i, "").replace(/\/+$/, "").split("/");
  const isApi = url || path.length === 1 && /^v[12]$/.test(path[0] ?? "");
  return [host.toLowerCase(), ...isApi ? [] : path].join("/");
}
function isEmpty(entry) {
  return !["auth", "username", "password", "identitytoken", "registrytoken"].some(
    (name) => textIn(entry[name])
  );
}
function credentialsIn(entry, path, registry) {
  const token = textIn(entry.identitytoken);
  if (token !== void 0) return { kind: "identity token", secret: token };
  const auth = textIn(entry.auth);
  const { username, secret } = auth === void 0 ? { username: textIn(entry.username) ?? "", secret: textIn(entry.password) ?? "" } : decode(auth);
  if (username !== "" && secret !== "") return { kind: "password", username, secret };
  const what = textIn(entry.registrytoken) === void 0 ? "no user name and password" : "a registry token only";
  throw damaged(path, `has an entry for ${registry} with ${what}`);
}
function decode(auth) {
  const text2 = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = text2.indexOf(":");
  return { username: text2.slice(0, Math.max(colon, 0)), secret: text2.slice(colon + 1) };
}
function objectOf(value) {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value : {};
}
function textIn(value) {
  return typeof value === "string" && value !== "" ? value : void 0;
}

// src/oci/oras/credentials.ts
async function findCredentials(registry, given, env) {
  const own = given?.find((one) => isSameRegistry(one.registry, registry));
  if (own !== void 0) return own.input;
  for (const file of authFiles(env)) {
    try {
      for await (const { kind } of lookUp(file, registry, void 0)) {
        return `${kind === "helper" ? "a credential helper" : "an entry"} in ${file.path}`;
      }
    } catch (error) {
      if (!(error instanceof VeritySignError)) throw error;
      return `a file that cannot be read: ${file.path}`;
    }
  }
  return void 0;
}

// src/oci/oras/credential-guard.ts
var CAN_LEAK = "to another host that the registry names (CVE-2026-50151)";
var CredentialGuard = class {
  #version;
  #given;
  #log;
  #checked = /* @__PURE__ */ new Map();
  constructor(version, given, log) {
    this.#version = version;
    this.#given = given;
    this.#log = log;
  }
  /**
   * Call it before each request to a registry. Without credentials, the first call for a registry warns.
   * @throws VeritySignError 'environment'
   */
  check(registry) {
    let check = this.#checked.get(registry);
    if (check === void 0) {
      check = this.#check(registry);
      this.#checked.set(registry, check);
    }
    return check;
  }
  async #check(registry) {
    await refuseLeak(this.#version, registry, this.#given);
    const { text: text2 } = this.#version;
    if (!leaksCredentials(text2)) return;
    this.#log?.warn(
      `oras ${text2} can send credentials ${CAN_LEAK}. It is used because there are none for ${registry}. ${REMEDY}`
    );
  }
};
function checkVersionFor(registries, given) {
  return async (path, signal) => {
    const version = await checkVersion(path, signal);
    for (const registry of registries) await refuseLeak(version, registry, given);
    return version;
  };
}
async function refuseLeak({ text: text2 }, registry, given) {
  if (!leaksCredentials(text2)) return;
  const source = await findCredentials(registry, given, networkEnvironment());
  if (source === void 0) return;
  throw new VeritySignError(
    "environment",
    `oras ${text2} can send the credentials for ${registry} (${source}) ${CAN_LEAK}`,
    { remedy: REMEDY }
  );
}

// src/oci/oras/login/helper-environment.ts
var SERVICES = {
  /** [AWS SDK for Go; amazon-ecr-credential-helper] */
  aws: /^AWS_/,
  /** [docker-credential-gcr; gcloud] */
  google: /^(?:GOOGLE|CLOUDSDK|GCE|GCLOUD)_/,
  /** [Azure Identity: environment, workload and managed identity] */
  azure: /^(?:AZURE|IDENTITY|MSI|IMDS)_/,
  /** [pass(1), gpg(1)] */
  pass: /^(?:PASSWORD_STORE_|GPG_|GNUPGHOME$)/,
  desktop: /^(?:DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY)$/,
  github: /^GITHUB_(?:TOKEN|ACTOR)$/
};
var HELPERS = [
  [/^ecr/, ["aws"]],
  [/^(?:gcr|gcloud|artifact-registry)/, ["google"]],
  [/^acr/, ["azure"]],
  [/^pass/, ["pass", "desktop"]],
  [/^(?:secretservice|desktop|osxkeychain)/, ["desktop"]],
  [/^ghcr/, ["github"]]
];
var ANY = ["aws", "google", "azure", "pass", "desktop"];
var FOR_ALL = /^(?:TMPDIR|USER|LOGNAME|XDG_(?:CACHE|DATA)_HOME)$/;
function helperEnvironment(helper, from) {
  const services = HELPERS.find(([name]) => name.test(helper))?.[1] ?? ANY;
  const patterns = [FOR_ALL, ...services.map((service) => SERVICES[service])];
  const env = networkEnvironment(from);
  for (const [name, value] of Object.entries(from)) {
    if (value !== void 0 && patterns.some((pattern) => pattern.test(name))) env[name] = value;
  }
  return env;
}

// src/oci/oras/login/helper.ts
var TIMEOUT = 6e4;
var MAX_OUTPUT = 1024 * 1024;
var NOT_FOUND = /credentials not found in native keychain/i;
var TOKEN_USER = "<token>";
async function askHelper(request) {
  const { helper, registry, file, env, signal } = request;
  const program = `docker-credential-${helper}`;
  const subject = `the credential helper ${program}, which ${file} names for ${registry},`;
  if (!/^[\w.-]+$/.test(helper)) {
    throw new VeritySignError("environment", `${file} names a credential helper that is not a plain name`, {
      remedy: "Write the name of the program without docker-credential-"
    });
  }
  try {
    const { stdout } = await run([program, "get"], {
      env: helperEnvironment(helper, env),
      stdin: serverAddress(registry),
      timeout: TIMEOUT,
      maxOutput: MAX_OUTPUT,
      ...signal === void 0 ? {} : { signal }
    });
    return answerOf(stdout, subject);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (NOT_FOUND.test(`${error.stdout} ${error.stderr}`)) return void 0;
    throw failed(error, program, subject, registry);
  }
}
function answerOf(stdout, subject) {
  let answer;
  try {
    answer = JSON.parse(stdout.toString("utf8"));
  } catch {
  }
  const { Username: username, Secret: secret } = answer ?? {};
  if (typeof username !== "string" || typeof secret !== "string") {
    throw new VeritySignError("environment", `${subject} printed no credentials`, {
      remedy: "Update the helper, or set registry-username and registry-password"
    });
  }
  if (secret === "") return void 0;
  return username === TOKEN_USER || username === "" ? { kind: "identity token", secret } : { kind: "password", username, secret };
}
function failed(error, program, subject, registry) {
  const again = `Check it with: echo ${serverAddress(registry)} | ${program} get`;
  if (error.timedOut) {
    return new VeritySignError("environment", `${subject} did not answer within ${TIMEOUT / 1e3} s`, {
      remedy: again
    });
  }
  const { code } = error.cause ?? {};
  if (code !== void 0) {
    const what = code === "ENOENT" ? "is not installed" : `cannot be started (${code})`;
    return new VeritySignError("environment", `${subject} ${what}`, {
      remedy: `Put ${program} in a folder of PATH, or remove it from the file and log in again`
    });
  }
  const words = firstLine(error.stdout) || firstLine(error.stderr) || error.message;
  return new VeritySignError("environment", `${subject} failed: ${words}`, { remedy: again });
}
function firstLine(text2) {
  const line = text2.trim().split("\n")[0] ?? "";
  return line.includes("{") ? "" : line.slice(0, 300);
}

// src/oci/oras/login/logins.ts
var Logins = class {
  #options;
  #found = /* @__PURE__ */ new Map();
  constructor(options) {
    this.#options = options;
  }
  /**
   * The credentials for a repository, `REGISTRY/PATH`; undefined if there are none.
   * @throws VeritySignError 'environment' for a file or a helper that is at fault
   */
  of(repository) {
    let found = this.#found.get(repository);
    if (found === void 0) {
      found = this.#find(repository);
      this.#found.set(repository, found);
    }
    return found;
  }
  /** Forgets credentials that a helper returned: it may return others when they have expired. */
  forget(repository) {
    this.#found.delete(repository);
  }
  async #find(repository) {
    const slash = repository.indexOf("/");
    const [registry, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
    const { given = [], env } = this.#options;
    const own = given.find((one) => isSameRegistry(one.registry, registry));
    if (own !== void 0) {
      return { username: own.username, secret: own.password, source: own.input, from: "input" };
    }
    for (const file of authFiles(networkEnvironment(env))) {
      for await (const found of lookUp(file, registry, path)) {
        const login = await this.#login(found, file, registry);
        if (login !== void 0) return login;
      }
    }
    return void 0;
  }
  async #login(found, { path }, registry) {
    if (found.kind !== "helper") {
      return { ...usable(found), source: `the entry in ${path}`, from: "file" };
    }
    const { env, signal } = this.#options;
    const { helper } = found;
    const answer = await askHelper({ helper, registry, file: path, env, signal });
    if (answer === void 0) return void 0;
    return { ...usable(answer), source: `docker-credential-${helper}`, from: "helper" };
  }
};
function usable(found) {
  return { username: found.kind === "password" ? found.username : void 0, secret: found.secret };
}

// src/oci/oras/calls.ts
var RETRY_AFTER2 = [500, 2e3];
var OrasCalls = class {
  options;
  #guard;
  #logins;
  constructor(options, version) {
    this.options = options;
    this.#guard = new CredentialGuard(version, options.credentials, options.log);
    const { credentials: given, env = process.env, signal } = options;
    this.#logins = new Logins({ given, env, signal });
  }
  /** See {@link Oras.requireSafe}. */
  async requireSafe(repository) {
    const [registry = "", ...path] = repository.split("/");
    await this.#guard.check(registry);
    return path.length > 0 ? this.#logins.of(repository) : void 0;
  }
  /**
   * Standard output of a call.
   * @param target `REPOSITORY:TAG` or `REPOSITORY@DIGEST`
   * @param signal replaces the one for all calls
   */
  async output(argv, access2, target, signal = this.options.signal) {
    const attempt = (login) => run(this.argv(argv, login), this.runOptions(login, signal));
    const { stdout } = await this.retrying(attempt, access2, target, signal);
    return stdout;
  }
  /** Repeats a call after a broken connection, and once with other credentials of a helper. */
  async retrying(attempt, access2, target, signal = this.options.signal) {
    await this.#guard.check(target.slice(0, target.indexOf("/")));
    const repository = target.replace(/(?:@.*|:[^/]*)$/, "");
    let login = await this.#logins.of(repository);
    let renewed = false;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(login);
      } catch (error) {
        if (!renewed && login?.from === "helper" && isUnauthorized(error, access2, target)) {
          renewed = true;
          this.#logins.forget(repository);
          login = await this.#logins.of(repository);
          continue;
        }
        const wait = RETRY_AFTER2[tries];
        if (wait === void 0 || !isTransient(error, access2, target))
          throw orasFailure(error, access2, target, login);
        await setTimeout3(wait, void 0, { signal });
      }
    }
  }
  argv(argv, login) {
    return [this.options.path ?? "oras", ...argv, ...loginOptions(login)];
  }
  /** The options for the connection. */
  remote() {
    const { plainHttp, caFile, clientCertificate: client } = this.options;
    return [
      ...plainHttp === true ? ["--plain-http"] : [],
      ...caFile === void 0 ? [] : ["--ca-file", caFile],
      ...client === void 0 ? [] : ["--cert-file", client.certificate, "--key-file", client.key]
    ];
  }
  runOptions(login, signal = this.options.signal) {
    const { timeout, certificates } = this.options;
    return {
      env: orasEnvironment(certificates),
      maxOutput: 8 * 1024 * 1024,
      ...signal === void 0 ? {} : { signal },
      ...timeout === void 0 ? {} : { timeout },
      ...login === void 0 ? {} : { stdin: login.secret, secrets: [login.secret] }
    };
  }
};
function loginOptions(login) {
  if (login === void 0) return [];
  return login.username === void 0 ? ["--identity-token-stdin"] : ["--username", login.username, "--password-stdin"];
}

// src/oci/oras/fallback.ts
var NO_TIMEOUT = 2 ** 31 - 1;
var Fallback = class {
  #calls;
  /** Registries that have answered a HEAD request: what they say about others is true. */
  #usual = /* @__PURE__ */ new Set();
  /** Registries that oras cannot use. */
  #unusual = /* @__PURE__ */ new Set();
  #direct;
  constructor(calls) {
    this.#calls = calls;
  }
  /** Records that the registry of a reference has answered a HEAD request of oras. */
  answersHead(reference) {
    this.#usual.add(registryOf(reference));
  }
  /** Whether oras was found to be unable to use the registry of a reference. */
  isNeededFor(reference) {
    return this.#unusual.has(registryOf(reference));
  }
  /** By oras, or without it where oras cannot use the registry. */
  async either(access2, target, byOras, directly) {
    const registry = registryOf(target);
    if (this.#unusual.has(registry)) return this.#directly(access2, target, directly);
    try {
      return await byOras();
    } catch (error) {
      const isDoubtful = access2 === "pull" && isNotFound(error) && !this.#usual.has(registry);
      if (!isDoubtful && !refusesHead(error)) throw error;
      const result = await this.#directly(access2, target, directly).catch((other) => {
        throw isDoubtful && isNotFound(other) ? error : other;
      });
      this.#unusual.add(registry);
      return result;
    }
  }
  #directly(access2, target, work) {
    const repository = target.replace(/(?:@.*|:[^/]*)$/, "");
    const attempt = async (login) => work(await this.#openDirect(), { repository, login });
    return this.#calls.retrying(attempt, access2, target);
  }
  /** Lazy import: few registries need it. */
  #openDirect() {
    this.#direct ??= import("./oci.oras.direct.registry.js").then(({ DirectRegistry }) => {
      const {
        plainHttp = false,
        caFile,
        clientCertificate,
        env = process.env,
        ...more
      } = this.#calls.options;
      const { timeout = NO_TIMEOUT, signal = new AbortController().signal } = more;
      return DirectRegistry.open({ plainHttp, caFile, clientCertificate, env, timeout, signal });
    });
    return this.#direct;
  }
};
function registryOf(reference) {
  return reference.slice(0, reference.indexOf("/"));
}

// src/oci/oras/referrers.ts
var listed = descriptorFields.extend({ reference: text, referrers: anything });
var list = array(embedding(listed)).nullish();
var schema = object({
  manifests: list,
  referrers: list,
  reference: text,
  mediaType: text,
  digest: text,
  size: anything,
  artifactType: text,
  annotations: annotationsSchema
});
function parseReferrers(bytes) {
  const { manifests, referrers } = parseMetadata(schema, bytes, "the list of referrers");
  return (referrers ?? manifests ?? []).map(toDescriptor);
}

// src/oci/oras/started.ts
import { PassThrough } from "node:stream";
function started(source, failure) {
  return new Promise((resolve3, reject) => {
    const out = new PassThrough({ highWaterMark: 1024 * 1024 });
    let given = false;
    const give = () => {
      if (given) return;
      given = true;
      source.pipe(out);
      resolve3(out);
    };
    source.once("readable", give).once("end", give);
    source.once("error", (error) => {
      if (given) out.destroy(failure(error));
      else reject(error);
    });
    out.once("close", () => source.destroy());
  });
}

// src/oci/oras/oras.ts
var Oras = class _Oras {
  version;
  #calls;
  #fallback;
  constructor(options, version) {
    this.#calls = new OrasCalls(options, version);
    this.#fallback = new Fallback(this.#calls);
    this.version = version;
  }
  /** Checks the version of oras. @throws VeritySignError 'environment' below 1.2 */
  static async open(options = {}) {
    return new _Oras(options, await checkVersion(options.path ?? "oras", options.signal));
  }
  /**
   * Refuses a version of oras that could send the credentials for this repository to another host, and
   * finds them. Every request does so by itself; a run that makes its first request late calls this at the
   * start.
   * @param repository `REGISTRY/PATH`, or `REGISTRY` to find no credentials yet
   * @returns what requests for it log in with
   * @throws VeritySignError 'environment'
   */
  requireSafe(repository) {
    return this.#calls.requireSafe(repository);
  }
  /**
   * What a tag or digest (`REPOSITORY:TAG`, `REPOSITORY@DIGEST`) points to.
   * @throws VeritySignError 'image' if the registry says another digest than the content has
   */
  async resolve(reference) {
    return this.#fallback.either(
      "pull",
      reference,
      async () => {
        const argv = ["manifest", "fetch", "--descriptor", ...this.#calls.remote(), reference];
        const bytes = await this.#calls.output(argv, "pull", reference);
        const descriptor = toDescriptor(parseMetadata(descriptorSchema, bytes, "the descriptor from oras"));
        this.#fallback.answersHead(reference);
        return plainDescriptor(descriptor);
      },
      async (registry, place) => (await registry.manifest(place, lastPart(reference))).descriptor
    );
  }
  /** Like {@link resolve}; undefined if there is no such tag or manifest. */
  async find(reference) {
    try {
      return await this.resolve(reference);
    } catch (error) {
      if (isNotFound(error)) return void 0;
      throw error;
    }
  }
  /** A manifest's bytes; digest and size are checked. */
  async manifest(repository, descriptor) {
    return this.#small("manifest", repository, descriptor, void 0, async (registry, place) => {
      return (await registry.manifest(place, descriptor.digest)).bytes;
    });
  }
  /** A small blob's bytes; digest and size are checked. */
  async smallBlob(repository, descriptor, limit) {
    return this.#small(
      "blob",
      repository,
      descriptor,
      limit,
      (registry, place) => registry.blob(place, descriptor.digest)
    );
  }
  /**
   * A blob as a stream. Retries if the connection breaks before the first byte.
   *
   * @param signal replaces the one for all calls
   */
  async blob(repository, descriptor, signal = this.#calls.options.signal) {
    const reference = `${repository}@${descriptor.digest}`;
    const argv = ["blob", "fetch", "--output", "-", ...this.#calls.remote(), reference];
    const begin = (login) => started(
      stream(this.#calls.argv(argv, login), this.#calls.runOptions(login, signal)),
      (error) => orasFailure(error, "pull", reference, login)
    );
    return this.#fallback.either(
      "pull",
      reference,
      () => this.#calls.retrying(begin, "pull", reference, signal),
      async (registry, place) => started(
        await registry.blobStream(place, descriptor.digest, signal),
        (error) => orasFailure(error, "pull", reference, place.login)
      )
    );
  }
  /** Uploads a file as a blob, unless the repository has the blob. */
  async pushBlob(repository, descriptor, file) {
    const reference = `${repository}@${descriptor.digest}`;
    const argv = ["blob", "push", ...this.#calls.remote(), reference, resolve(file.folder, file.name)];
    await this.#fallback.either(
      "push",
      reference,
      async () => void await this.#calls.output(argv, "push", reference),
      (registry, place) => registry.pushBlob(place, descriptor, file)
    );
  }
  /**
   * Uploads a manifest by its digest or with a tag, unless that is what the registry has. A registry with the
   * referrers API lists a manifest with a subject; elsewhere nothing lists it yet.
   */
  async pushManifest(repository, descriptor, file, tag) {
    const { mediaType, digest } = descriptor;
    const reference = tag === void 0 ? `${repository}@${digest}` : `${repository}:${tag}`;
    const plain = ["--distribution-spec", "v1.1-referrers-api"];
    const argv = ["manifest", "push", "--media-type", mediaType, ...plain, ...this.#calls.remote()];
    const path = resolve(file.folder, file.name);
    await this.#fallback.either(
      "push",
      reference,
      async () => void await this.#calls.output([...argv, reference, path], "push", reference),
      async (registry, place) => {
        const bytes = await readFile(join4(file.folder, file.name));
        await registry.pushManifest(place, { mediaType, digest }, bytes, tag);
      }
    );
  }
  /**
   * Deletes a manifest; one that is gone already is no error. It does not change a list under a fallback tag,
   * and a signal does not end it: what a registry made of half a request would not be known.
   */
  async deleteManifest(repository, { digest }) {
    const reference = `${repository}@${digest}`;
    const plain = ["--distribution-spec", "v1.1-referrers-api"];
    const argv = ["manifest", "delete", "--force", ...plain, ...this.#calls.remote(), reference];
    await this.#fallback.either(
      "delete",
      reference,
      async () => void await this.#calls.output(argv, "delete", reference, new AbortController().signal),
      (registry, place) => registry.deleteManifest(place, digest)
    );
  }
  /**
   * All referrers of a manifest that the registry lists by its referrers API, of any type; undefined if it
   * has no such API, or if they are not read by it.
   * @throws ReferrersRefusedError if it refuses this endpoint alone
   */
  async referrers(repository, subject) {
    const reference = `${repository}@${subject.digest}`;
    if (this.referrersMode === "tag") return void 0;
    try {
      const listed2 = await this.#fallback.either(
        "pull",
        reference,
        () => this.#discover(reference),
        (registry, place) => registry.referrers(place, subject.digest)
      );
      if (listed2 !== void 0 || this.referrersMode === "auto") return listed2;
      throw noReferrersApi();
    } catch (error) {
      const isMissing = lacksReferrersApi(error);
      if (isMissing && this.referrersMode === "auto") return void 0;
      const status = isMissing ? void 0 : await this.#referrersRefusal(reference, error);
      if (status === void 0) throw error;
      throw new ReferrersRefusedError(repository, subject, status, error);
    }
  }
  /** How referrers are found and listed. */
  get referrersMode() {
    return this.#calls.options.referrers ?? "auto";
  }
  async #discover(reference, more = []) {
    const argv = ["discover", "--format", "json", "--distribution-spec", "v1.1-referrers-api", ...more];
    if (this.version.minor >= 3 || this.version.major > 1) argv.push("--depth", "1");
    const bytes = await this.#calls.output([...argv, ...this.#calls.remote(), reference], "pull", reference);
    return parseReferrers(bytes);
  }
  /** Asks once more and looks at each answer: messages of oras do not say which request was refused. */
  async #referrersRefusal(reference, error) {
    if (!(error instanceof VeritySignError) || error.code === "cancelled") return void 0;
    if (this.#fallback.isNeededFor(reference)) return referrersRefusal(error);
    try {
      await this.#discover(reference, ["--debug"]);
      return void 0;
    } catch (again) {
      return referrersRefusal(again);
    }
  }
  async #small(kind, repository, descriptor, limit, directly) {
    checkMetadataSize(descriptor, limit);
    const reference = `${repository}@${descriptor.digest}`;
    const argv = [kind, "fetch", "--output", "-", ...this.#calls.remote(), reference];
    const byOras = () => this.#calls.output(argv, "pull", reference);
    const bytes = await this.#fallback.either("pull", reference, byOras, directly);
    checkContent(bytes, descriptor);
    return bytes;
  }
};
function lastPart(reference) {
  const at = reference.lastIndexOf("@");
  return reference.slice((at === -1 ? reference.lastIndexOf(":") : at) + 1);
}

// src/commands/shared/connection-files.ts
import { access, constants, writeFile as writeFile3 } from "node:fs/promises";
import { join as join5, resolve as resolve2 } from "node:path";
var REMEDY2 = "Give X.509 certificates in PEM; convert DER with openssl x509 -inform DER";
async function connectionFiles({ caFile, clientCertificate, clientKey }, folder, variables) {
  const file = async (given, option) => {
    const { content, name, path } = await readPemInput(given, option, variables, "usage");
    certificatesIn(content, name);
    if (path !== void 0) return resolve2(path);
    const written = join5(folder, `${option}.pem`);
    await writeFile3(written, content, { mode: 384 });
    return written;
  };
  return {
    ...caFile === void 0 ? await extraCertificates(folder) : { caFile: await file(caFile, "ca-file") },
    ...clientCertificate === void 0 || clientKey === void 0 ? {} : {
      clientCertificate: {
        certificate: await file(clientCertificate, "client-certificate"),
        key: await readable(clientKey, "client-key")
      }
    }
  };
}
async function readable(path, option) {
  try {
    await access(path, constants.R_OK);
    return resolve2(path);
  } catch (cause) {
    const { code = "unknown error" } = cause;
    throw new VeritySignError("usage", `the file ${path} of ${option} cannot be read (${code})`, {
      remedy: "Check the path and its permissions",
      cause
    });
  }
}
function certificatesIn(content, name) {
  try {
    readCertificateBundle(content, name, REMEDY2);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    throw new VeritySignError("usage", error.message, { remedy: REMEDY2 });
  }
}
async function extraCertificates(folder) {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: file } = process.env;
  if (!extra) return {};
  if (!file || resolve2(file) === resolve2(extra)) return { certificates: resolve2(extra) };
  const texts = await Promise.all([file, extra].map((path) => readGiven(path).then(String, () => "")));
  const written = join5(folder, "certificates.pem");
  await writeFile3(written, texts.join("\n"), { mode: 384 });
  return { certificates: written };
}

// src/commands/shared/open-image.ts
var nothingToCommit = () => Promise.resolve();
async function openImage(reference, folder, options, context, mayKeep = false) {
  const { signal } = context;
  if (reference.kind === "layout") {
    const { path } = reference;
    const source2 = new LayoutSource(reference, void 0, signal);
    const keeps = mayKeep && !await new OciLayout(path, signal).isWritable();
    if (keeps) noteReadOnly(source2, context);
    const additions = keeps ? await mkdtemp(join6(folder, "additions-")) : void 0;
    const store2 = new LayoutStore(path, source2.name, signal, additions);
    const layout = new OciLayout(path, signal, additions);
    return { source: source2, store: store2, oras: void 0, layout, commit: nothingToCommit };
  }
  if (reference.kind === "archive") {
    const directory = await mkdtemp(join6(folder, "archive-"));
    const { ArchiveSource } = await import("./oci.image.archive-source.js");
    const source2 = await ArchiveSource.open(reference, directory, signal);
    const keeps = mayKeep && !await areWritable([source2.parent]);
    if (keeps) noteReadOnly(source2, context);
    const store2 = new LayoutStore(directory, source2.name, signal);
    const layout = new OciLayout(directory, signal);
    const commit = keeps ? nothingToCommit : () => source2.repack(signal);
    return { source: source2, store: store2, oras: void 0, layout, commit };
  }
  if (reference.kind === "daemon") {
    const directory = await mkdtemp(join6(folder, "daemon-"));
    const { timeout } = options;
    const { DaemonSource } = await import("./oci.image.daemon-source.js");
    const source2 = await DaemonSource.open(reference, directory, { timeout, signal: context.signal });
    const store2 = new LayoutStore(directory, source2.name, context.signal);
    const layout = new OciLayout(directory, signal);
    return { source: source2, store: store2, oras: void 0, layout, commit: nothingToCommit };
  }
  const oras = await openOras(referenceName(reference), folder, options, context).catch((error) => {
    throw isOnHub(reference) ? withPathHint(error, reference.repository) : error;
  });
  const source = new RegistrySource(oras, reference);
  const store = new RegistryStore(oras, source.name, context.log, true);
  return { source, store, oras: oras.version.text, layout: void 0, commit: nothingToCommit };
}
function noteReadOnly({ name }, { log }) {
  log.info(`${name} is read-only: the signatures are written to the registry only`);
}
var IN_REGISTRY = "Name the image in the registry that it was pushed to";
function requireReferrers(image, remedy) {
  if (image.kind !== "daemon") return;
  throw new VeritySignError("usage", "the docker daemon keeps no signatures beside its images", { remedy });
}
async function openOras(repository, folder, options, context) {
  const { registry, tools, timeout } = options;
  const { signal, log, secrets } = context;
  const oras = await Oras.open({
    path: tools.orasPath,
    plainHttp: registry.plainHttp,
    ...await connectionFiles(registry, folder, secrets),
    credentials: registry.credentials,
    // What a key service has taken out of the environment may be what a credential helper logs in with.
    env: { ...process.env, ...secrets },
    referrers: registry.referrers,
    signal,
    timeout,
    log
  });
  await oras.requireSafe(repository);
  return oras;
}

export {
  ReferrerLists,
  RegistryStore,
  isSameRegistry,
  checkVersionFor,
  openImage,
  IN_REGISTRY,
  requireReferrers,
  openOras
};
