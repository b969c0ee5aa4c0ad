import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  attachArtifact,
  checkAnnotations,
  findExisting
} from "./chunk-L22K4FKD.js";
import {
  parseKeyReference,
  parsePassphraseReference
} from "./chunk-IQDWPNLI.js";
import {
  Stopwatch
} from "./chunk-STAQZFMR.js";
import {
  signReport
} from "./chunk-AY7LO3BV.js";
import {
  FormatError,
  chainFromDer,
  checkValidity,
  readCertificate,
  readCertificateBundle
} from "./chunk-OGAT3VT4.js";
import {
  convertShared
} from "./chunk-FNLF335D.js";
import {
  openMaker
} from "./chunk-DY3CNKYB.js";
import {
  alongside,
  mapConcurrently
} from "./chunk-X2P2ZSOC.js";
import {
  openImage,
  openOras,
  parseReference,
  referenceName,
  requireReferrers,
  resolveImage,
  withTempFolder
} from "./chunk-IH777XU5.js";
import {
  LAYER_THREADS
} from "./chunk-7X66O2J3.js";
import {
  planArtifacts,
  planManifests,
  uniqueLayers,
  warnOfLeftOut
} from "./chunk-BKUCSVYV.js";
import {
  recipesFor
} from "./chunk-PJMS5TR2.js";
import {
  VeritySignError,
  inContext
} from "./chunk-DNW23BY2.js";

// src/pipeline/gate.ts
var NEEDS_GATE = "Set push-to, which pushes the image with its signatures, or push it first and sign it in the registry by digest";
async function openGate(options, context) {
  if (options.pushTo === void 0) {
    if (!options.dryRun) requireReferrers(options.image, NEEDS_GATE);
    return void 0;
  }
  const target = parseReference(options.pushTo);
  if (target.kind !== "registry" || target.digest !== void 0) {
    throw new VeritySignError("usage", `push-to: ${options.pushTo} is not a tag in a registry`, {
      remedy: "Name it as REGISTRY/REPOSITORY:TAG"
    });
  }
  if (parseReference(options.image).kind === "registry") {
    throw new VeritySignError("usage", "push-to is for an image that is not in a registry yet", {
      remedy: "Build to an OCI layout or archive (oci:DIR, oci-archive:FILE) or load it into docker (docker-daemon:NAME), or leave push-to out"
    });
  }
  const oras = await openOras(options, context);
  return { oras, repository: referenceName(target), tag: target.tag ?? "latest" };
}
function requireWhole({ skipped, manifests }, { manifestSignature }) {
  const bare = manifests.filter(
    ({ layersLeftOut, platform }) => layersLeftOut !== void 0 && (platform?.os ?? "linux") === "linux"
  );
  const unsigned = [
    ...skipped.filter(({ mayRun }) => mayRun).map(({ descriptor, reason }) => ({ descriptor, reason })),
    ...manifestSignature === "none" ? bare.map(({ descriptor, layersLeftOut: reason }) => ({ descriptor, reason })) : []
  ];
  const [first] = unsigned;
  if (first === void 0) return;
  throw new VeritySignError(
    "usage",
    `push-to would push ${first.descriptor.digest} without signatures: ${first.reason}`,
    { remedy: "Sign all platforms of the index, or build one with no others" }
  );
}

// src/pipeline/resolve-for-signing.ts
var SIGN_MANIFESTS = "Set manifest-signature to jws or cose to sign the manifest, with layers auto or none";
async function resolveForSigning(source, options) {
  const { platforms, allowSkip, layers, manifestSignature } = options;
  const required = layers === "required";
  const alone = required && manifestSignature !== "none" && platforms.length === 0;
  const image = await resolveImage(source, {
    platforms,
    allowSkip,
    layers: alone ? "auto" : layers,
    unfitLayers: layers === "auto" ? "leave-out" : "refuse"
  });
  const manifests = image.manifests.map((manifest) => required ? manifest : withoutLayers(manifest));
  for (const manifest of manifests) if (required) requireLayers(manifest);
  if (layers !== "none" && (required || manifestSignature === "none")) requireSome(manifests);
  return { ...image, manifests };
}
function hasLayers({ manifests }) {
  return manifests.some(({ layers }) => layers.length > 0);
}
function withoutLayers(manifest) {
  if (manifest.layers.length > 0 || manifest.layersLeftOut !== void 0) return manifest;
  return { ...manifest, layersLeftOut: emptiness(manifest) };
}
function requireLayers(manifest) {
  const { descriptor, layers, layersLeftOut } = manifest;
  if (layers.length > 0 || layersLeftOut !== void 0) return;
  throw new VeritySignError(
    "image",
    `the manifest ${descriptor.digest} ${emptiness(manifest)}: there is nothing to sign`,
    { remedy: "Choose other platforms, or leave this image out" }
  );
}
function requireSome(manifests) {
  if (manifests.some(({ layers }) => layers.length > 0)) return;
  const reasons = [...new Set(manifests.map(({ layersLeftOut }) => layersLeftOut ?? "no layers"))];
  throw new VeritySignError("image", `the image cannot be signed: ${reasons.join("; ")}`, {
    remedy: SIGN_MANIFESTS
  });
}
function emptiness({ skippedLayers }) {
  return skippedLayers.length === 0 ? "has no layers" : "has only layers that were to be skipped";
}

// src/pipeline/sign-layers.ts
async function signRootHashes(rootHashes, chain, { key, concurrency, signal, log }) {
  const distinct = [...new Set(rootHashes)];
  if (distinct.length === 0) return /* @__PURE__ */ new Map();
  const { buildPkcs7 } = await import("./build-B4IDPZCV.js");
  const signer = await key.open();
  const signed = await mapConcurrently(
    distinct,
    concurrency,
    signal,
    (rootHash, both) => inContext({ layer: `root hash ${rootHash}` }, async () => {
      both.throwIfAborted();
      const signature = await signer.sign(Buffer.from(rootHash, "ascii"), "layer");
      return [rootHash, { rootHash, pkcs7: buildPkcs7({ signature, chain, rootHash }) }];
    })
  );
  log.info(`${distinct.length} root hashes signed as ${chain.leaf.subject}`);
  return new Map(signed);
}

// src/pipeline/sign-and-attach.ts
async function signAndAttach(planned, { store, commit }, party) {
  const { options, context, key, manifestSigner, folder, watch } = party;
  const { log, signal } = context;
  const chain = chainFor(planned, party);
  const existing = await watch.time(
    "attach",
    () => log.group("Look for signatures", async (own) => ({
      artifacts: chain === void 0 ? [] : await findExisting(store, planned.artifacts, chain, options.annotations, own),
      manifests: await manifestSigner?.find(store, planned.manifests, own) ?? []
    }))
  );
  const missing = {
    artifacts: planned.artifacts.filter((_, index) => existing.artifacts[index] === void 0),
    manifests: planned.manifests.filter((_, index) => existing.manifests[index] === void 0)
  };
  const signed = await watch.time(
    "sign",
    () => log.group("Sign", async (own) => {
      const run = { key, concurrency: options.concurrency, signal, log: own };
      const rootHashes = missing.artifacts.flatMap(
        ({ layers }) => layers.map(({ verity }) => verity.rootHash)
      );
      const signatures = chain === void 0 ? /* @__PURE__ */ new Map() : await signRootHashes(rootHashes, chain, run);
      const envelopes = await manifestSigner?.sign(missing.manifests, run) ?? [];
      return {
        signatures,
        envelopes: new Map(missing.manifests.map((one, index) => [one, envelopes[index]]))
      };
    })
  );
  return watch.time(
    "attach",
    () => log.group("Attach and read back", async (own) => {
      const tell = (what, { descriptor, reused }) => own.info(
        `${what}: ${descriptor.digest} ${reused ? "already there, nothing attached" : "attached and read back"}`
      );
      const artifacts = [];
      for (const [index, artifact] of planned.artifacts.entries()) {
        const attachContext = attachContextOf(party, store, signed.signatures);
        const before = planned.artifacts.slice(0, index).findIndex((other) => sameSignatures(other, artifact));
        const shared = artifacts[before];
        const done = existing.artifacts[index] ?? (shared === void 0 ? await attachArtifact(artifact, attachContext) : { ...shared, reused: true });
        artifacts.push(done);
        tell(`${artifact.manifest.descriptor.digest}, ${artifact.profile}`, done);
      }
      const manifests = [];
      for (const [index, manifest] of planned.manifests.entries()) {
        const envelope = signed.envelopes.get(manifest);
        const done = existing.manifests[index] ?? (envelope && await manifestSigner?.attach(store, manifest, envelope, folder));
        if (done === void 0) throw new TypeError(`${manifest.subject.digest} is not signed`);
        manifests.push(done);
        tell(`${manifest.subject.digest}, ${manifest.format}`, done);
      }
      if (missing.artifacts.length + missing.manifests.length > 0) await commit();
      return { artifacts, manifests };
    })
  );
}
function sameSignatures(a, b) {
  if (a.manifest !== b.manifest || a.profile !== b.profile) return false;
  return a.layers.every(({ verity }, index) => verity.rootHash === b.layers[index]?.verity.rootHash);
}
function chainFor({ artifacts }, { chain }) {
  if (artifacts.length > 0 && chain === void 0) throw new TypeError("no certificate for layers");
  return chain;
}
function attachContextOf({ builder, folder, options, context }, store, signatures) {
  if (builder === void 0) throw new TypeError("layers were converted by nobody");
  return { store, signatures, builder, folder, options, context };
}

// src/pipeline/signing-material.ts
import { readFile } from "node:fs/promises";

// src/signers/create.ts
async function prepareSigner(reference, request) {
  const parsed = parseKeyReference(reference);
  switch (parsed.kind) {
    case "file":
    case "env":
      return (await import("./key-file-ZDRONUND.js")).prepareKeyFile(parsed, request);
    case "azure-key-vault":
      return (await import("./azure-key-vault-AUNIX23W.js")).prepareAzureKeyVault(parsed, request);
    case "google-kms":
      return (await import("./google-kms-QQKRZA55.js")).prepareGoogleKms(parsed, request);
    case "notation-plugin":
      return (await import("./notation-plugin-DM4KG4YA.js")).prepareNotationPlugin(parsed, request);
    case "aws-kms":
      return (await import("./aws-kms-OO23XETP.js")).prepareAwsKms(parsed, request);
    case "vault":
      return (await import("./vault-64RUE7ZG.js")).prepareVault(parsed, request);
  }
}
function checkKeyReference(reference, passphrase) {
  parseKeyReference(reference);
  if (passphrase !== void 0) parsePassphraseReference(passphrase);
}

// src/pipeline/signing-material.ts
var CERTIFICATE_REMEDY = "Give one PEM file with the signing certificate first, then the certificate that issued it, and so on";
function purposesOf({ manifestSignature }, layers) {
  return [
    ...layers ? ["layer"] : [],
    ...manifestSignature === "none" ? [] : ["manifest"]
  ];
}
async function loadSigningMaterial(options, purposes, context) {
  const { key, keyPassphrase, certificate } = options;
  const given = certificate === void 0 ? void 0 : await readCertificates(certificate, "certificate");
  if (options.dryRun) {
    if (key !== void 0) checkKeyReference(key, keyPassphrase);
    return given && { ...await checkChain(given, purposes, context), key: void 0 };
  }
  if (key === void 0) {
    throw new VeritySignError("usage", "`key` is missing", {
      remedy: "Name a key file, env://NAME or a KMS key"
    });
  }
  const whole = !key.startsWith("notation-plugin://");
  const early = whole && given ? await checkChain(given, purposes, context) : void 0;
  const prepared = await prepareSigner(key, {
    certificates: given,
    purposes,
    ...keyPassphrase === void 0 ? {} : { passphrase: keyPassphrase },
    pluginConfig: options.pluginConfig,
    ...options.pluginSecrets === void 0 ? {} : { secrets: options.pluginSecrets },
    env: context.secrets,
    timeout: options.timeout,
    signal: context.signal
  });
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const { certificateChain } = prepared;
  const chain = early !== void 0 && sameChain(early.certificates, certificateChain) ? early : await checkChain(certificateChain, purposes, context);
  return { ...chain, key: openable(prepared) };
}
function sameChain(a, b) {
  return a.length === b.length && a.every((der, index) => Buffer.compare(der, b[index] ?? Buffer.of()) === 0);
}
function openable(prepared) {
  let opened;
  const open = () => {
    opened ??= prepared.open();
    return opened;
  };
  return { holder: prepared.holder, spec: prepared.spec, open };
}
async function checkChain(certificates, purposes, { now, log }) {
  let chain;
  if (purposes.includes("layer")) {
    chain = chainFromDer(certificates);
    checkValidity(chain, now);
    for (const warning of chain.warnings) log.warn(warning);
  }
  if (purposes.includes("manifest")) {
    const { checkSigningChain } = await import("./certificate-rules-XLQGQYQS.js");
    checkSigningChain(certificates, now);
  }
  return { leaf: chain?.leaf ?? leafOf(certificates), certificates, chain };
}
function leafOf([leaf]) {
  try {
    return readCertificate(leaf ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("key", `the signing certificate cannot be read: ${error.message}`, {
      remedy: CERTIFICATE_REMEDY,
      cause: error
    });
  }
}
async function loadTimestampAuthority({ timestampUrl: url, timestampCertificate, timeout }, { signal }) {
  if (url === void 0 || timestampCertificate === void 0) return void 0;
  const certificates = await readCertificates(timestampCertificate, "timestamp-certificate");
  return { url, certificates, signal, timeout };
}
async function readCertificates(path, option) {
  let pem;
  try {
    pem = await readFile(path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("key", `the file ${path} of ${option} cannot be read (${reason})`, {
      remedy: "Give the path of a PEM file",
      cause
    });
  }
  return readCertificateBundle(
    pem,
    `file ${path} of ${option}`,
    `${CERTIFICATE_REMEDY}; convert DER with openssl x509 -inform DER`
  );
}

// src/pipeline/sign-image.ts
function signImage(options, context) {
  return inContext(
    { image: options.image },
    () => withTempFolder(options.tempDir, async (folder) => {
      const tested = [];
      try {
        return await signIn(folder, options, context, tested);
      } finally {
        await Promise.all(tested.map((one) => one.stop()));
      }
    })
  );
}
async function signIn(folder, options, context, tested) {
  const { log, signal } = context;
  const watch = new Stopwatch();
  checkAnnotations(options);
  const recipes = recipesFor(options);
  const gate = await openGate(options, context);
  const authority = await loadTimestampAuthority(options, context);
  let means = options.layers === "auto" ? void 0 : await prepare(options.layers === "required", folder, options, context, tested);
  const opened = await openImage(options.image, folder, options, context);
  const image = await watch.time(
    "resolve",
    () => log.group(`Resolve ${options.image}`, () => resolveForSigning(opened.source, options))
  );
  return inContext({ image: image.name }, async () => {
    if (gate !== void 0) requireWhole(image, options);
    warnOfLeftOut(image, options, log);
    means ??= await prepare(hasLayers(image), folder, options, context, tested);
    const { material, opener } = means;
    const { builder, converted } = await watch.time(
      "convert",
      () => convertAll(image, opened, opener, folder, options, context)
    );
    const planned = {
      artifacts: planArtifacts(image, converted, recipes),
      manifests: planManifests(image, options)
    };
    const oras = opened.oras ?? gate?.oras.version.text;
    const run = { options, image, builder, oras, material, planned, watch };
    if (options.dryRun || material?.key === void 0) return signReport(run);
    const { key, chain, certificates } = material;
    const manifestSigner = planned.manifests.length === 0 ? void 0 : await openManifestSigner(options, context, certificates, authority);
    const party = { options, context, key, chain, manifestSigner, builder, folder, watch };
    const attached = await signAndAttach(planned, opened, party);
    const { directory, store } = opened;
    if (gate === void 0 || directory === void 0) return signReport(run, attached);
    const signed = { directory, image, planned, attached, chain, manifestSigner, store };
    const pushed = await watch.time(
      "push",
      () => log.group(`Push to ${options.pushTo}`, async (own) => {
        const { passGate } = await import("./pass-gate-UCRTZB7I.js");
        return passGate(gate, signed, folder, signal, own);
      })
    );
    return signReport(run, attached, pushed);
  });
}
async function openManifestSigner(...parts) {
  const signer = await import("./sign-manifests-2ELJ57D7.js");
  return new signer.ManifestSigner(...parts);
}
async function prepare(layers, folder, options, context, tested) {
  const { log, signal } = context;
  const material = await loadSigningMaterial(options, purposesOf(options, layers), context);
  if (!layers) return { material, opener: void 0 };
  LAYER_THREADS.warmUp(1);
  const opening = { profiles: options.profiles, classes: ["C"], folder, signal, log };
  const opener = await openMaker(options, opening);
  tested.push(opener);
  return { material, opener };
}
async function convertAll(image, { source }, opener, folder, options, { log, signal, shared }) {
  if (opener === void 0) return { builder: void 0, converted: [] };
  const jobs = uniqueLayers(image).map((layer) => ({
    layer,
    open: (own) => source.blob(layer.descriptor, own)
  }));
  const [builder, { converted, confirm }] = await alongside(
    { result: opener.info, stop: opener.stop },
    signal,
    (both) => {
      const converter = { maker: opener.maker, folder, options, log, signal: both };
      return convertShared(jobs, converter, image.name, shared);
    }
  );
  confirm(builder);
  return { builder, converted };
}

export {
  signImage
};
