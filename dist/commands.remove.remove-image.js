import {
  RevocationChecker,
  evaluateReferrer,
  evaluateSignature,
  readLayerReferrers,
  readReferrers
} from "./shared.verifying.js";
import "./shared.notary.js";
import {
  NOTARY_ARTIFACT_TYPE,
  certificateName,
  formOf,
  manifestReport,
  parsePkcs7,
  platformReport,
  resolveImage,
  signatureHolds,
  signaturesForReaders,
  signerReport,
  validityViolation,
  withTempFolder
} from "./shared.images.js";
import "./shared.commands.js";
import {
  IN_REGISTRY,
  OWN_PREFIX,
  openImage,
  parseReference,
  requireReferrers
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  TOOL,
  VeritySignError,
  inContext
} from "./shared.start.js";

// builtin-load:load of src/commands/remove/remove-image.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/commands/remove/remove-image.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var mkdtemp = /* @__PURE__ */ one("mkdtemp");

// builtin:node:path of src/commands/remove/remove-image.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");

// src/commands/remove/attached.ts
function choose(all3, fingerprint, profiles) {
  const isChosen = ({ kind, profile = "", signers }) => signers.some((signer) => signer.fingerprint === fingerprint) && (profiles.length === 0 || kind === "layers" && profiles.includes(profile));
  const staying = all3.filter((one3) => !isChosen(one3));
  const chosen = all3.filter(isChosen).map((attached) => ({
    attached,
    lastGood: attached.holdsFor.length > 0 && !staying.some((other) => replaces(other, attached))
  }));
  return { chosen, staying };
}
function replaces(other, attached) {
  if (other.fault !== void 0 || other.kind !== attached.kind) return false;
  if (other.subject.digest !== attached.subject.digest) return false;
  if (other.format !== attached.format) return false;
  return attached.holdsFor.every((item) => other.holdsFor.includes(item));
}

// src/commands/remove/find-layer-sets.ts
function findLayerSets(store, image, now, signal) {
  const look = (referrer) => describe(referrer, image, now);
  return readLayerReferrers(store, image.descriptor, look, {}, signal);
}
function describe(referrer, image, now) {
  const signatures = "error" in referrer ? [] : readSignatures(referrer);
  const signers = new Map(signatures.map(({ signer }) => [signer.fingerprint, signer]));
  const anchors = [...signers.values()].map(({ der }) => der);
  const set = evaluateReferrer(referrer, image, { anchors, identities: [], at: now, allowExpired: false });
  return {
    kind: "layers",
    subject: image.descriptor,
    platform: image.platform,
    descriptor: referrer.descriptor,
    ..."error" in referrer ? {} : { format: formOf(referrer.manifest).format },
    profile: "error" in referrer ? void 0 : referrer.manifest.annotations[`${OWN_PREFIX}profile`],
    signers: [...signers.values()],
    holdsFor: signatures.flatMap(({ holdsFor }) => holdsFor === void 0 ? [] : [holdsFor]),
    fault: set.reason
  };
}
function readSignatures({ manifest, blobs }) {
  const form = formOf(manifest);
  return manifest.layers.flatMap(({ annotations }, index) => {
    const [layer, rootHash = ""] = [annotations?.[form.layerDigest], annotations?.[form.rootHash]];
    const blob = blobs[index] ?? new Uint8Array();
    const isRootHash = layer !== void 0 && /^[0-9a-f]{64}$/.test(rootHash);
    return signaturesForReaders(manifest, index, blob).flatMap((der) => {
      const parsed = unlessInvalid(() => parsePkcs7(der));
      if (parsed === void 0) return [];
      const { signer, digest, signature } = parsed;
      const holds = isRootHash && signatureHolds(signer.key, digest, signature, rootHash);
      return [{ signer, holdsFor: holds ? `${layer} ${rootHash}` : void 0 }];
    });
  });
}
function unlessInvalid(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof VeritySignError) return void 0;
    throw error;
  }
}

// src/commands/remove/find-manifest-signatures.ts
var WITHOUT_TRUST = {
  integrity: "enforce",
  authenticity: "skip",
  expiry: "enforce",
  authenticTimestamp: "skip",
  revocation: "skip"
};
function findManifestSignatures(store, subject, platform, now, signal) {
  const trust = {
    anchors: [],
    signingAuthorities: [],
    tsa: void 0,
    identities: [],
    at: now,
    allowExpired: false,
    enforcement: WITHOUT_TRUST,
    policy: void 0
  };
  const revocation = new RevocationChecker(now, signal);
  const look = async (referrer) => {
    const signature = await evaluateSignature(referrer, subject, trust, revocation);
    const { signer, step, verdict } = signature;
    const holds = step !== "read" && verdict !== "invalid";
    return {
      kind: "manifest",
      subject,
      platform,
      descriptor: referrer.descriptor,
      profile: void 0,
      signers: signer === void 0 ? [] : [signer],
      holdsFor: holds ? [subject.digest] : [],
      fault: faultOf(signature, now)
    };
  };
  return readReferrers(store, subject, NOTARY_ARTIFACT_TYPE, look, {}, signal);
}
function faultOf({ reason, signer, envelope }, now) {
  if (reason !== void 0) return reason;
  if (signer === void 0 || envelope?.timestamp !== void 0) return void 0;
  const violation = validityViolation(signer, now);
  return violation && `the ${certificateName(signer)} ${violation}`;
}

// src/commands/remove/report.ts
function removeReport({
  options,
  image,
  oras,
  choice,
  fates
}) {
  const { digest, mediaType } = image.root;
  return {
    schemaVersion: 1,
    tool: TOOL,
    image: { reference: options.image, name: image.name, digest, mediaType },
    removedSigner: options.signer,
    profiles: [...options.onlyProfiles],
    confirmed: options.yes,
    ...oras === void 0 ? {} : { oras },
    signatures: choice.chosen.map(({ attached, lastGood }) => ({
      ...signatureReport(attached),
      lastGood,
      fate: fates.get(attached.descriptor.digest) ?? "kept"
    })),
    staying: choice.staying.map((attached) => ({
      ...signatureReport(attached),
      good: attached.fault === void 0,
      ...attached.fault === void 0 ? {} : { reason: attached.fault }
    }))
  };
}
function signatureReport({
  kind,
  descriptor,
  platform,
  subject,
  format,
  profile,
  signers
}) {
  return {
    kind,
    referrer: descriptor.digest,
    ...platformReport(platform),
    manifest: manifestReport(subject),
    ...format === "tardev" ? { artifactFormat: format } : {},
    ...profile === void 0 ? {} : { profile },
    signers: signers.map(signerReport)
  };
}

// src/commands/remove/remove-image.ts
function removeSignatures(options, context, part) {
  return inContext(
    { image: options.image },
    () => withTempFolder(options.tempDir, async (folder) => {
      const reference = parseReference(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const opened = await openImage(reference, folder, options, context);
      if (options.yes) await opened.store.removeLeftovers?.();
      const image = await resolveImage(opened.source, { ...options, layers: "auto" });
      const all3 = await findAll(opened.store, image, options, context);
      const choice = choose(all3, options.signer, options.onlyProfiles);
      const fates = /* @__PURE__ */ new Map();
      const report = () => removeReport({ options, image, oras: opened.oras, choice, fates });
      part(report());
      if (!options.yes || choice.chosen.length === 0) return report();
      checkLastGood(choice, options);
      const changed = (digest, fate) => {
        if (fate !== "unknown" || !fates.has(digest)) fates.set(digest, fate);
        part(report());
      };
      if (reference.kind === "archive") await removeFromArchive(opened, choice, folder, context, changed);
      else await removeAll(opened.store, choice, folder, context, changed);
      return report();
    })
  );
}
async function findAll(store, image, { platforms }, { now, signal }) {
  const found3 = [];
  for (const manifest of image.manifests) {
    const { descriptor, platform } = manifest;
    found3.push(...await findLayerSets(store, manifest, now, signal));
    found3.push(...await findManifestSignatures(store, descriptor, platform, now, signal));
  }
  const isSingle = image.manifests.some(({ descriptor }) => descriptor.digest === image.root.digest);
  if (!isSingle && platforms.length === 0) {
    found3.push(...await findManifestSignatures(store, image.root, void 0, now, signal));
  }
  return found3;
}
function checkLastGood({ chosen }, { force }) {
  const last = chosen.filter(({ lastGood }) => lastGood).map(({ attached }) => attached);
  const [first] = last;
  if (force || first === void 0) return;
  const more = last.length === 1 ? "" : ` and ${last.length - 1} more`;
  const verb = last.length === 1 ? "is the last good signature" : "are the last good signatures";
  throw new VeritySignError(
    "usage",
    `${first.descriptor.digest}${more} ${verb} of ${nameOf(first)}: nothing was removed`,
    { remedy: "Sign it with the new key first, or set force to remove the last good signature too" }
  );
}
function nameOf({ kind, subject }) {
  return kind === "layers" ? `these root hashes of ${subject.digest}` : subject.digest;
}
async function removeAll(store, { chosen }, folder, { signal }, changed) {
  const bySubject = Map.groupBy(chosen, ({ attached }) => attached.subject.digest);
  for (const ofSubject of bySubject.values()) {
    const [first] = ofSubject;
    if (first === void 0) continue;
    const own = await mkdtemp(join(folder, "remove-"));
    const referrers = ofSubject.map(({ attached }) => attached.descriptor);
    await store.remove(first.attached.subject, referrers, own, changed, signal);
  }
}
async function removeFromArchive(opened, choice, folder, context, changed) {
  await removeAll(opened.store, choice, folder, context, () => void 0);
  await opened.commit();
  for (const { attached } of choice.chosen) changed(attached.descriptor.digest, "deleted");
}
export {
  removeSignatures
};
