import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  MOST_SIDECAR_BYTES,
  readSidecar,
  signaturePath,
  writeSignatures
} from "./shared.commands.shared.cache.sidecar.js";
import {
  withVerifiedImage
} from "./shared.commands.verify.require-verified.js";
import {
  readRegular
} from "./shared.lib.read-regular.js";
import "./shared.commands.verify.verify-image.js";
import "./shared.commands.verify.notary-report.js";
import "./shared.signatures.notary.revocation.checker.js";
import "./shared.commands.verify.manifests.evaluate-signature.js";
import "./shared.commands.verify.layers.screen-referrers.js";
import "./shared.signatures.notary.timestamp.timestamp.js";
import "./shared.signatures.notary.envelope.parse.js";
import "./shared.signatures.notary.certificates.signing-chain.js";
import "./shared.signatures.notary.certificates.chain-rules.js";
import "./shared.signatures.x509.asn1.ber.js";
import "./shared.lib.retry.js";
import "./shared.commands.verify.layers.evaluate-referrer.js";
import "./shared.commands.shared.read-referrers.js";
import "./shared.signatures.x509.identity.js";
import "./shared.signatures.x509.asn1.encode.js";
import "./shared.lib.writable.js";
import "./shared.commands.shared.coverage.js";
import "./shared.lib.stopwatch.js";
import "./shared.commands.shared.plan.js";
import "./shared.report.confinement.js";
import {
  findProgram,
  programFolders
} from "./shared.tools.mkfs-erofs.js";
import "./shared.oci.image.resolve.js";
import "./shared.lib.process.temp-folder.js";
import "./shared.commands.shared.report-parts.js";
import "./shared.lib.concurrent.js";
import "./shared.commands.shared.check-manifest.js";
import "./shared.oci.attach.artifact-format.js";
import "./shared.convert.verity-file.verity-file.js";
import "./shared.convert.builders.layer-builder.js";
import "./shared.signatures.pkcs7.signing-chain.js";
import "./shared.signatures.x509.constraints.check-path.js";
import "./shared.signatures.x509.purposes.js";
import "./shared.signatures.x509.chain.js";
import "./shared.signatures.x509.algorithms.js";
import "./shared.signatures.x509.key.js";
import "./shared.commands.verify.worst-verdict.js";
import "./shared.convert.conversion-cache.js";
import "./shared.oci.image.platform.js";
import {
  TOOL
} from "./shared.report.tool.js";
import "./shared.report.coverage-text.js";
import "./shared.model.artifact-formats.js";
import "./shared.commands.shared.open-image.js";
import "./shared.oci.oras.version.js";
import "./shared.commands.shared.pem.pem-input.js";
import "./shared.tools.versions.js";
import "./shared.oci.oras.failures.refusal.js";
import "./shared.oci.attach.batches.js";
import "./shared.lib.pem-text.js";
import "./shared.lib.process.environment.js";
import {
  ToolError,
  run
} from "./shared.lib.process.run.js";
import "./shared.convert.erofs.recipe.js";
import "./shared.model.profiles.js";
import "./shared.lib.process.system-limit.js";
import "./shared.convert.erofs.native.known-options.js";
import "./shared.convert.erofs.mkfs.mkfs-options.js";
import "./shared.signatures.x509.bundle.js";
import "./shared.signatures.x509.pem.js";
import "./shared.lib.process.free-resources.js";
import "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.lib.http.client.js";
import "./shared.lib.http.deadline.js";
import "./shared.lib.http.retry-after.js";
import "./shared.oci.oras.direct.answer-error.js";
import "./shared.lib.http.errors.js";
import "./shared.lib.read-given.js";
import "./shared.lib.format-bytes.js";
import "./shared.oci.image.layout-source.js";
import "./shared.oci.image.reference.js";
import "./shared.lib.leftovers.remove.js";
import "./shared.model.annotations.js";
import "./shared.lib.proc-stat.js";
import "./shared.oci.documents.js";
import "./shared.formats.digest.js";
import "./shared.zod.v4.core.schemas.js";
import "./shared.model.media-types.js";
import "./shared.formats.format-error.js";
import "./shared.formats.digest-grammar.js";
import {
  VeritySignError
} from "./shared.errors.js";
import "./runtime.js";

// src/commands/fetch/find-layers.ts
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
var PLACES = [
  [/^snapshots$/, /^\d{1,20}$/, /^layer\.erofs\.dmverity$/],
  [/^\d{1,20}$/, /^layer\.erofs\.dmverity$/],
  [/^sha(256|512)$/, /^[0-9a-f]{2}$/, /^[0-9a-f]{64,128}\.erofs\.dmverity$/]
];
async function findLayers(folder) {
  const found = [];
  let known = false;
  for (const place of PLACES) {
    const sidecars = await matching(folder, place);
    known ||= sidecars.known;
    for (const path of sidecars.paths) {
      const sidecar = readSidecar(await readText(path));
      if (sidecar === void 0) continue;
      const layer = { path: path.replace(/\.dmverity$/, ""), ...sidecar };
      if (await hasTree(layer)) found.push(layer);
    }
  }
  if (known) return found;
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
  const found = await stat(path).catch(() => void 0);
  return found?.isFile() === true && found.size > hashOffset;
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

// src/commands/fetch/open-layers.ts
import { existsSync } from "node:fs";
import { join as join2 } from "node:path";

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
function shellLine(words) {
  return words.map(quoted).join(" ");
}
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
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
    const found = open2 === void 0 ? [] : await findLayers(open2);
    await writeSignatures(folder, signatures);
    for (const rootHash of signatures.keys())
      context.log.info(`signature ${signaturePath(folder, rootHash)}`);
    const layers = distinct(found.filter(({ rootHash }) => signatures.has(rootHash)));
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
