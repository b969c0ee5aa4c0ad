import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  shellLine
} from "./shared.formats.shell-line.js";
import {
  withVerifiedImage
} from "./shared.commands.verify.require-verified.js";
import {
  MOST_SIDECAR_BYTES,
  readSidecar,
  signaturePath,
  writeSignatures
} from "./shared.signing.js";
import "./shared.verifying.js";
import "./shared.notary.js";
import {
  findProgram,
  programFolders
} from "./shared.mkfs.js";
import "./shared.images.js";
import "./shared.commands.js";
import {
  ToolError,
  readRegular,
  run,
  statIfThere
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  TOOL,
  VeritySignError
} from "./shared.start.js";

// builtin-load:load of src/commands/fetch/find-layers.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/commands/fetch/find-layers.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var readdir = /* @__PURE__ */ one("readdir");

// builtin:node:path of src/commands/fetch/find-layers.ts
var found2;
var all2 = () => found2 ??= load("node:path");
var one2 = (name) => all2()[name];
var join = /* @__PURE__ */ one2("join");

// src/commands/fetch/find-layers.ts
var PLACES = [
  [/^snapshots$/, /^\d{1,20}$/, /^layer\.erofs\.dmverity$/],
  [/^\d{1,20}$/, /^layer\.erofs\.dmverity$/],
  [/^sha(256|512)$/, /^[0-9a-f]{2}$/, /^[0-9a-f]{64,128}\.erofs\.dmverity$/]
];
async function findLayers(folder) {
  const found5 = [];
  let known = false;
  for (const place of PLACES) {
    const sidecars = await matching(folder, place);
    known ||= sidecars.known;
    for (const path of sidecars.paths) {
      const sidecar = readSidecar(await readText(path));
      if (sidecar === void 0) continue;
      const layer = { path: path.replace(/\.dmverity$/, ""), ...sidecar };
      if (await hasTree(layer)) found5.push(layer);
    }
  }
  if (known) return found5;
  throw new VeritySignError(
    "usage",
    `${folder} is neither the folder of containerd's EROFS snapshotter nor a layer cache`,
    {
      remedy: "Name the folder that has snapshots, such as /var/lib/containerd/io.containerd.snapshotter.v1.erofs"
    }
  );
}
async function matching(folder, [first, ...rest]) {
  if (first === void 0) return { paths: [folder], known: true };
  const names = (await namesIn(folder)).filter((name) => first.test(name)).sort(byNumber);
  const paths = [];
  for (const name of names) paths.push(...(await matching(join(folder, name), rest)).paths);
  return { paths, known: names.length > 0 };
}
async function hasTree({ path, hashOffset }) {
  const found5 = await statIfThere(path);
  return found5?.isFile() === true && found5.size > hashOffset;
}
var byNumber = (a, b) => Number(a) - Number(b) || (a < b ? -1 : 1);
async function namesIn(folder) {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw unreadable(folder, error);
  }
}
async function readText(path) {
  try {
    return (await readRegular(path, MOST_SIDECAR_BYTES)).toString("utf8");
  } catch (error) {
    const { code = "" } = error;
    if (["ENOENT", "EISDIR", "ENXIO", "ELOOP", "not a regular file", "too large"].includes(code)) return "";
    throw unreadable(path, error);
  }
}
function unreadable(path, error) {
  const { code, message } = error;
  return new VeritySignError("environment", `${path} cannot be read (${code ?? message})`, {
    remedy: "Run as root: containerd's folders are closed to others",
    cause: error
  });
}

// builtin-load:load of src/commands/fetch/open-layers.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:fs of src/commands/fetch/open-layers.ts
var found3;
var all3 = () => found3 ??= load2("node:fs");
var one3 = (name) => all3()[name];
var existsSync = /* @__PURE__ */ one3("existsSync");

// builtin:node:path of src/commands/fetch/open-layers.ts
var found4;
var all4 = () => found4 ??= load2("node:path");
var one4 = (name) => all4()[name];
var join2 = /* @__PURE__ */ one4("join");

// src/commands/fetch/open-command.ts
var DIGITS = 12;
function deviceName(rootHash) {
  return `verity-sign-${rootHash.slice(0, DIGITS)}`;
}
function openCommand({ path, rootHash, hashOffset }, folder) {
  return [
    "veritysetup",
    "open",
    `--hash-offset=${hashOffset}`,
    `--root-hash-signature=${signaturePath(folder, rootHash)}`,
    path,
    deviceName(rootHash),
    path,
    rootHash
  ];
}

// src/commands/fetch/open-layers.ts
async function openLayers(layers, options) {
  const { folder, mapper = "/dev/mapper" } = options;
  const opened = [];
  for (const layer of layers) {
    const device = deviceName(layer.rootHash);
    const words = openCommand(layer, folder);
    const isOpen = existsSync(join2(mapper, device));
    if (options.run && !isOpen) await open(words, options);
    const state = isOpen ? "already open" : options.run ? "opened" : "not opened";
    opened.push({ layer, device, command: shellLine(words), state });
  }
  return opened;
}
async function open([name = "", ...words], { timeout, signal }) {
  const folders = programFolders();
  const program = findProgram(name, folders);
  if (program === void 0) {
    throw new VeritySignError("environment", `${name} is not installed`, {
      remedy: "Install cryptsetup, or run the commands elsewhere: without run they are printed"
    });
  }
  try {
    await run([program, ...words], { env: { PATH: folders.join(":"), LC_ALL: "C" }, timeout, signal });
  } catch (error) {
    if (!(error instanceof ToolError) || error.exitCode === void 0) throw error;
    throw new VeritySignError("environment", error.message, {
      remedy: remedyFor(error.stderr),
      cause: error
    });
  }
}
function remedyFor(stderr) {
  if (/required key|key was rejected/i.test(stderr)) {
    return "The kernel does not trust the signer: put its issuer into a keyring that dm-verity asks";
  }
  return "Run as root, on a kernel with dm-verity and loop devices";
}

// src/commands/fetch/report.ts
function fetchReport({ image, opened: { oras } }, options, rootHashes, opened) {
  const { digest, mediaType } = image.root;
  const { folder, open: open2 } = options;
  return {
    schemaVersion: 1,
    tool: TOOL,
    image: { reference: options.image, name: image.name, digest, mediaType },
    verifiedProfiles: [...options.profiles],
    folder,
    ...oras === void 0 ? {} : { oras },
    signatures: rootHashes.map((rootHash) => ({ rootHash, path: signaturePath(folder, rootHash) })),
    ...open2 === void 0 ? {} : { open: { folder: open2, layers: opened.map(openedReport) } }
  };
}
function openedReport({
  layer,
  device,
  state,
  command
}) {
  const { path, rootHash, hashOffset } = layer;
  return { rootHash, path, hashOffset, device, state, command };
}

// src/commands/fetch/fetch-image.ts
function fetchSignatures(options, context) {
  return withVerifiedImage({ ...options, recompute: false }, context, async (verified) => {
    const { folder, open: open2 } = options;
    const signatures = signaturesOf(verified);
    const found5 = open2 === void 0 ? [] : await findLayers(open2);
    await writeSignatures(folder, signatures);
    for (const rootHash of signatures.keys())
      context.log.info(`signature ${signaturePath(folder, rootHash)}`);
    const layers = distinct(found5.filter(({ rootHash }) => signatures.has(rootHash)));
    if (open2 !== void 0) warnOfMissing(layers, signatures, options, context);
    const { run: run2, timeout } = options;
    const opened = await openLayers(layers, { folder, run: run2, timeout, signal: context.signal });
    return fetchReport(verified, options, [...signatures.keys()], opened);
  });
}
function signaturesOf({ platforms }) {
  const signatures = /* @__PURE__ */ new Map();
  for (const { rootHash, pkcs7 } of platforms.flatMap(({ sets }) => sets.flatMap(({ layers }) => layers))) {
    if (!signatures.has(rootHash)) signatures.set(rootHash, pkcs7);
  }
  return signatures;
}
function distinct(layers) {
  return [...new Map(layers.toReversed().map((layer) => [layer.rootHash, layer])).values()].toReversed();
}
function warnOfMissing(layers, signatures, { image, open: open2, profiles }, { log }) {
  const missing = signatures.size - layers.length;
  if (missing === 0) return;
  log.warn(
    `${image}: ${open2} has no layer with a hash tree for ${missing} of ${signatures.size} signed root hashes. Pull the image with enable_dmverity and the options of profile ${profiles.join(" or ")}; other platforms of the image are not there either`
  );
}
export {
  fetchSignatures
};
