import {
  collectRootHashes,
  ruleText,
  writePolicy
} from "./shared.commands.ipe-policy.collect.js";
import {
  parsePkcs7WithContent
} from "./shared.signatures.pkcs7.with-content.js";
import {
  decide,
  defaultAction,
  layerFacts,
  parsePolicy,
  rootHashProperty
} from "./shared.formats.ipe.parse.js";
import {
  pushRepositories
} from "./shared.commands.shared.push-targets.js";
import {
  buildPkcs7WithContent,
  chainFromDer,
  checkValidity,
  prepareSigner,
  readCertificates
} from "./shared.signing.js";
import {
  IPE_POLICY_ARTIFACT_TYPE,
  MAX_PKCS7_WITH_CONTENT_BYTES,
  signerReport,
  withTempFolder
} from "./shared.images.js";
import {
  compareVersions,
  versionText
} from "./shared.commands.js";
import {
  CREATED,
  EMPTY_CONFIG_MEDIA_TYPE,
  FormatError,
  MANIFEST_MEDIA_TYPE,
  OWN_PREFIX,
  TITLE,
  createFolder,
  descriptorOf,
  lockFile,
  missingFolders,
  openOras,
  partialPath,
  partialsOf,
  readGiven,
  readRegular,
  removeAbandonedLock,
  removeIfEmpty,
  removeLeftovers,
  whyNotCreatable,
  writeError
} from "./shared.options.js";
import {
  REPORT_HEAD,
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/commands/ipe-policy/make-policy.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/commands/ipe-policy/make-policy.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");

// builtin:node:path of src/commands/ipe-policy/make-policy.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var resolve = /* @__PURE__ */ one2("resolve");

// src/formats/ipe/unreachable.ts
function unreachableRules({ rules }) {
  const found7 = [];
  const earlier = /* @__PURE__ */ new Map();
  for (const rule of rules) {
    const reason = contradiction(rule) ?? hiddenBy(rule, earlier);
    if (reason === void 0) earlier.set(keyOf(rule, rule.properties), rule);
    else found7.push({ rule, reason });
  }
  return found7;
}
function contradiction({ properties }) {
  const byName = /* @__PURE__ */ new Map();
  for (const property of properties) {
    const [name = ""] = property.split("=");
    const other = byName.get(name);
    if (other !== void 0 && other !== property) return `never matches: ${other} excludes ${property}`;
    byName.set(name, property);
  }
  return void 0;
}
function hiddenBy(rule, earlier) {
  const distinct = [...new Set(rule.properties)];
  for (const some of subsets(distinct)) {
    const hiding = earlier.get(keyOf(rule, some));
    if (hiding === void 0) continue;
    const isSame = some.length === distinct.length;
    if (isSame && hiding.action === rule.action) return `repeats line ${hiding.line}`;
    return `is never reached: line ${hiding.line} matches first`;
  }
  return void 0;
}
function subsets(items) {
  const all7 = [[]];
  for (const item of items) all7.push(...all7.map((one7) => [...one7, item]));
  return all7;
}
function keyOf({ operation }, properties) {
  return [operation, ...[...new Set(properties)].sort()].join(" ");
}

// src/commands/ipe-policy/compose.ts
var WITHOUT_BASE = `policy_name=base policy_version=0.0.0
DEFAULT action=ALLOW
DEFAULT op=EXECUTE action=DENY
op=EXECUTE boot_verified=TRUE action=ALLOW
`;
function composePolicy(name, version, base, rootHashes) {
  const own = base === void 0 ? parsePolicy(Buffer.from(WITHOUT_BASE)) : readBase(base, name);
  const inBase = new Set(rootHashes.filter((rootHash) => allowsAlone(own, rootHash)));
  const added = rootHashes.filter((rootHash) => !inBase.has(rootHash)).map((rootHash) => ({
    // Rules of the base have their lines.
    line: 0,
    operation: "EXECUTE",
    properties: [rootHashProperty(rootHash)],
    action: "ALLOW"
  }));
  const policy = { ...own, name, version, rules: [...own.rules, ...added] };
  if (base !== void 0) checkDecisions(policy, rootHashes, base.file);
  return { text: writePolicy(policy), inBase };
}
function readBase({ file, bytes }, name) {
  let policy;
  try {
    policy = parsePolicy(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw conflict(`base: ${file} ${error.message}`, "Correct it: a kernel would refuse the policy");
  }
  if (policy.name !== name) {
    throw conflict(
      `base: ${file} is a policy called ${JSON.stringify(policy.name)}, not ${name}`,
      `Set name to that, or write policy_name=${name} in the base`
    );
  }
  const [first] = unreachableRules(policy);
  if (first === void 0) return policy;
  throw conflict(
    `base: ${file} line ${first.rule.line}: ${ruleText(first.rule)} ${first.reason}`,
    "Remove the rule, or move it up: the first rule that matches decides"
  );
}
function allowsAlone(policy, rootHash) {
  const { action, rule } = decide(policy, "EXECUTE", layerFacts(rootHash, false));
  return action === "ALLOW" && rule?.properties.join() === rootHashProperty(rootHash);
}
function checkDecisions(policy, rootHashes, file) {
  if (defaultAction(policy, "EXECUTE") === "ALLOW") {
    throw conflict(
      `base: ${file} allows execution where no rule matches, so root hashes restrict nothing`,
      "Add DEFAULT op=EXECUTE action=DENY"
    );
  }
  for (const signed of [false, true]) {
    const device = signed ? "a device with a signature" : "a device without a signature, as containerd opens it";
    const other = decide(policy, "EXECUTE", layerFacts(void 0, signed));
    if (other.action === "ALLOW" && !signed) {
      throw conflict(
        `base: ${file} ${place(other)} allows every layer on ${device}, so root hashes restrict nothing`,
        "Remove the rule"
      );
    }
    for (const rootHash of rootHashes) {
      const decision = decide(policy, "EXECUTE", layerFacts(rootHash, signed));
      if (decision.action === "ALLOW") continue;
      throw conflict(
        `base: ${file} ${place(decision)} denies the layer with the root hash ${rootHash} on ${device}`,
        "Remove the rule, or omit the image"
      );
    }
  }
}
function place({ rule }) {
  return rule === void 0 ? "" : `line ${rule.line}: ${ruleText(rule)}`;
}
function conflict(message, remedy) {
  return new VeritySignError("usage", message, { remedy });
}

// builtin-load:load of src/commands/ipe-policy/files.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:fs/promises of src/commands/ipe-policy/files.ts
var found3;
var all3 = () => found3 ??= load2("node:fs/promises");
var one3 = (name) => all3()[name];
var open = /* @__PURE__ */ one3("open");
var rename = /* @__PURE__ */ one3("rename");
var rm = /* @__PURE__ */ one3("rm");

// builtin:node:path of src/commands/ipe-policy/files.ts
var found4;
var all4 = () => found4 ??= load2("node:path");
var one4 = (name) => all4()[name];
var resolve2 = /* @__PURE__ */ one4("resolve");
var join = /* @__PURE__ */ one4("join");
var dirname = /* @__PURE__ */ one4("dirname");
var basename = /* @__PURE__ */ one4("basename");

// src/commands/ipe-policy/files.ts
var MOST_BYTES = 256 * 1024 * 1024;
function policyFiles(out, name) {
  const path = (extension) => join(resolve2(out), `${name}.${extension}`);
  return { policy: path("ipe"), mapping: path("json"), signed: path("p7b") };
}
async function checkFiles(files, name) {
  for (const path of Object.values(files)) {
    const reason = whyNotCreatable(path);
    if (reason === void 0) continue;
    throw new VeritySignError("environment", `out: ${path} cannot be written (${reason})`, {
      remedy: "Give a folder that this user may write to"
    });
  }
  const signed = await readExisting(
    files.signed,
    (bytes) => parsePolicy(parsePkcs7WithContent(bytes).content)
  );
  const policy = await readExisting(files.policy, parsePolicy);
  const mapped = await readExisting(files.mapping, nameInMapping);
  const names = [
    [files.policy, policy?.name],
    [files.signed, signed?.name],
    [files.mapping, mapped]
  ];
  for (const [path, found7] of names) if (found7 !== void 0 && found7 !== name) throw foreign(path);
  return signed ?? policy;
}
async function readExisting(path, read) {
  let bytes;
  try {
    bytes = await readRegular(path, MOST_BYTES);
  } catch (error) {
    const { code = "" } = error;
    if (code === "ENOENT") return void 0;
    if (["not a regular file", "too large"].includes(code)) throw foreign(path);
    throw writeError(error, path);
  }
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof FormatError || error instanceof SyntaxError) throw foreign(path);
    throw error;
  }
}
function nameInMapping(bytes) {
  const found7 = JSON.parse(bytes.toString());
  return String(found7?.policy?.name);
}
function foreign(path) {
  return new VeritySignError("usage", `out: ${path} exists and is not of this policy`, {
    remedy: "Choose another name or folder, or remove the file first"
  });
}
async function writePolicyFiles({ policy, mapping, signed }, contents, signal) {
  const path = join(dirname(signed), `.${basename(signed)}.lock`);
  createFolder(dirname(signed));
  await removeAbandonedLock(path);
  const lock = await lockFile(path, signal);
  try {
    await writeFiles([
      [policy, contents.policy],
      [mapping, contents.mapping],
      [signed, contents.signed]
    ]);
  } finally {
    await lock.release();
  }
}
async function writeFiles(contents) {
  const pending = contents.map(([path, content]) => ({ path, content, partial: partialPath(path) }));
  let current = "";
  const created = contents.flatMap(([path]) => missingFolders(resolve2(path, "..")));
  try {
    for (const { path, content, partial } of pending) {
      current = path;
      createFolder(resolve2(path, ".."));
      await removeLeftovers(resolve2(path, ".."), partialsOf(path));
      await writeNew(partial, content);
    }
    for (const { path, partial } of pending) {
      current = path;
      await rename(partial, path);
    }
  } catch (error) {
    await Promise.all(pending.map(({ partial }) => rm(partial, { force: true }).catch(() => void 0)));
    removeIfEmpty(created.sort((a, b) => b.length - a.length));
    throw writeError(error, current);
  }
  const [first] = pending;
  if (first !== void 0) await syncFolder(resolve2(first.path, ".."));
}
async function writeNew(path, content) {
  const file = await open(path, "wx", 420);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
async function syncFolder(path) {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

// src/commands/ipe-policy/policy-signer.ts
async function preparePolicySigner(options, context) {
  const { key, keyPassphrase, certificate, pluginConfig, pluginSecrets, verifying } = options;
  const prepared = await prepareSigner(key, {
    certificates: certificate === void 0 ? void 0 : await readCertificates(certificate, "certificate", context),
    purposes: ["policy"],
    ...keyPassphrase === void 0 ? {} : { passphrase: keyPassphrase },
    pluginConfig,
    ...pluginSecrets === void 0 ? {} : { secrets: pluginSecrets },
    env: context.secrets,
    timeout: verifying.timeout,
    signal: context.signal
  });
  for (const warning of prepared.warnings ?? []) context.log.warn(warning);
  const chain = chainFromDer(prepared.certificateChain);
  checkValidity(chain, context.now);
  for (const warning of chain.warnings) context.log.warn(warning);
  return { prepared, chain };
}
async function signPolicy({ prepared, chain }, text) {
  const content = Buffer.from(text);
  if (content.length > MAX_PKCS7_WITH_CONTENT_BYTES) throw tooLarge(content.length);
  const signer = await prepared.open();
  const signature = await signer.sign(content, "policy");
  const der = buildPkcs7WithContent({ signature, chain, content });
  if (der.length > MAX_PKCS7_WITH_CONTENT_BYTES) throw tooLarge(der.length);
  return der;
}
function tooLarge(bytes) {
  return new VeritySignError(
    "usage",
    `the policy has ${bytes} bytes, and a kernel loads at most ${MAX_PKCS7_WITH_CONTENT_BYTES} with the signature`,
    {
      remedy: "Name fewer images or platforms: a policy has room for about 560 root hashes. Make one policy for each group of nodes, or use images that share layers"
    }
  );
}

// builtin-load:load of src/commands/ipe-policy/push.ts
import { createRequire as createRequire3 } from "node:module";
var load3 = createRequire3(import.meta.url);

// builtin:node:fs/promises of src/commands/ipe-policy/push.ts
var found5;
var all5 = () => found5 ??= load3("node:fs/promises");
var one5 = (name) => all5()[name];
var writeFile = /* @__PURE__ */ one5("writeFile");

// builtin:node:path of src/commands/ipe-policy/push.ts
var found6;
var all6 = () => found6 ??= load3("node:path");
var one6 = (name) => all6()[name];
var join2 = /* @__PURE__ */ one6("join");
var basename2 = /* @__PURE__ */ one6("basename");

// src/commands/ipe-policy/push.ts
var MEDIA_TYPES = {
  signed: "application/pkcs7-mime",
  policy: "text/plain",
  mapping: "application/json"
};
function policyArtifact({ signed, policy, mapping }, files, annotations) {
  const config = {
    descriptor: descriptorOf(EMPTY_CONFIG_MEDIA_TYPE, Buffer.from("{}")),
    bytes: Buffer.from("{}")
  };
  const blobs = Object.entries({ signed, policy, mapping }).map(([kind, bytes2]) => ({
    descriptor: descriptorOf(MEDIA_TYPES[kind], bytes2),
    title: basename2(files[kind]),
    bytes: bytes2
  }));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    artifactType: IPE_POLICY_ARTIFACT_TYPE,
    config: config.descriptor,
    layers: blobs.map(({ descriptor, title }) => ({ ...descriptor, annotations: { [TITLE]: title } })),
    annotations: {
      [`${OWN_PREFIX}ipe-policy-name`]: annotations.name,
      [`${OWN_PREFIX}ipe-policy-version`]: annotations.version,
      [CREATED]: annotations.created.toISOString().replace(/\.\d+Z$/, "Z")
    }
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return { descriptor: descriptorOf(MANIFEST_MEDIA_TYPE, bytes), bytes, blobs: [config, ...blobs] };
}
async function pushPolicy(artifact, { pushTo, verifying }, context, pushed) {
  for (const target of pushRepositories(pushTo)) {
    await withTempFolder(verifying.tempDir, async (folder) => {
      const oras = await openOras(target.repository, folder, verifying, context);
      for (const [index, { descriptor, bytes }] of artifact.blobs.entries()) {
        await oras.pushBlob(target.repository, descriptor, await written(folder, `blob-${index}`, bytes));
      }
      const file = await written(folder, "manifest.json", artifact.bytes);
      for (const tag of target.tags) {
        context.signal.throwIfAborted();
        await oras.pushManifest(target.repository, artifact.descriptor, file, tag);
        pushed(await readBack(oras, artifact, target, tag));
      }
    });
  }
}
async function readBack(oras, { descriptor, blobs }, { repository }, tag) {
  const reference = `${repository}:${tag}`;
  const found7 = await oras.resolve(reference);
  if (found7.digest !== descriptor.digest) {
    throw new VeritySignError(
      "registry",
      `push-to: ${reference} is ${found7.digest} when it is read back, not the policy ${descriptor.digest}`,
      { remedy: "Make sure that nothing else writes to that tag, then run again" }
    );
  }
  await oras.manifest(repository, descriptor);
  for (const blob of blobs) await oras.smallBlob(repository, blob.descriptor);
  return { reference, digest: found7.digest };
}
async function written(folder, name, bytes) {
  await writeFile(join2(folder, name), bytes);
  return { folder, name };
}

// src/commands/ipe-policy/make-policy.ts
async function makePolicy(options, context, part, observer) {
  const created = missingFolders(resolve(options.out));
  try {
    return await make(options, context, part, observer);
  } catch (error) {
    removeIfEmpty(created);
    throw error;
  }
}
async function make(options, context, part, observer) {
  const { name, version, out, pushTo } = options;
  pushRepositories(pushTo);
  const base = options.base === void 0 ? void 0 : await readBase2(options.base);
  composePolicy(name, version, base, []);
  const files = policyFiles(out, name);
  warnOfVersion(await checkFiles(files, name), options, context);
  const signer = await preparePolicySigner(options, context);
  observer?.signer(signer.chain);
  const collected = await collectRootHashes(options, context, observer?.image);
  const { text, inBase } = composePolicy(name, version, base, [...collected.rootHashes.keys()]);
  const signed = await signPolicy(signer, text);
  const own = reportOf(options, text, signer, collected, inBase);
  const contents = {
    policy: Buffer.from(text),
    mapping: Buffer.from(`${JSON.stringify(own, void 0, 2)}
`),
    signed
  };
  context.signal.throwIfAborted();
  await writePolicyFiles(files, contents, context.signal);
  if (base === void 0) {
    context.log.warn(
      `policy ${name} has no base: on a node that enforces it, programs on the node's own disk do not run, only those of its initramfs and of these images. Name the node's own file systems in a base policy`
    );
  }
  const pushedTo = [];
  const report = () => ({ ...own, files, ...pushTo.length === 0 ? {} : { pushedTo } });
  part(report());
  const artifact = policyArtifact(contents, files, {
    name,
    version: versionText(version),
    created: context.created
  });
  await pushPolicy(artifact, options, context, (tag) => {
    pushedTo.push(tag);
    part(report());
  });
  return report();
}
async function readBase2(file) {
  try {
    return { file, bytes: await readGiven(file) };
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `base: ${file} cannot be read (${reason})`, {
      remedy: "Give the path of a text file with the node's own IPE rules",
      cause
    });
  }
}
function warnOfVersion(existing, { name, version }, { log }) {
  if (existing === void 0 || compareVersions(version, existing.version) > 0) return;
  log.warn(
    `policy ${name} is replaced by version ${versionText(version)}, which is not newer than ${versionText(existing.version)}: nodes that have loaded that one refuse it`
  );
}
function reportOf({ name, version, base }, text, { chain }, { images, rootHashes }, inBase) {
  return {
    ...REPORT_HEAD,
    policy: {
      name,
      version: versionText(version),
      bytes: Buffer.byteLength(text),
      sha256: createHash("sha256").update(text).digest("hex"),
      ...base === void 0 ? {} : { base }
    },
    signer: signerReport(chain.leaf),
    images,
    rootHashes: [...rootHashes].map(([rootHash, layers]) => ({
      rootHash,
      inBase: inBase.has(rootHash),
      layers
    }))
  };
}

export {
  writeFiles,
  makePolicy
};
