import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  readRegular
} from "./shared.lib.read-regular.js";
import {
  createFolder,
  whyNotFolder
} from "./shared.lib.writable.js";
import {
  partialPath,
  partialsOf,
  writeError
} from "./shared.oci.image.layout-source.js";
import {
  removeLeftovers
} from "./shared.lib.leftovers.remove.js";
import {
  int,
  object,
  string
} from "./shared.zod.v4.core.schemas.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/shared/cache/signature-folder.ts
import { join } from "node:path";

// src/commands/shared/cache/open-folder.ts
async function openFolder(path) {
  const why = whyNotUsable(path);
  if (why !== void 0) {
    throw new VeritySignError("environment", `${path} cannot be written to (${why})`, {
      remedy: "Name a folder in which this user may create files"
    });
  }
  await removeLeftovers(path, partialsOf());
}
function whyNotUsable(path) {
  try {
    createFolder(path);
  } catch (error) {
    return error.code ?? String(error);
  }
  return whyNotFolder(path);
}

// src/commands/shared/cache/publish-file.ts
import { open, rename, rm } from "node:fs/promises";
var MODE = 420;
async function publishFile(path, bytes) {
  const partial = partialPath(path);
  try {
    const file = await open(partial, "wx", MODE);
    try {
      await file.chmod(MODE);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw writeError(error, path);
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

// src/commands/shared/cache/signature-folder.ts
var SIGNATURES = "signatures";
function signaturePath(folder, rootHash) {
  return join(folder, `${rootHash}.p7s`);
}
async function writeSignatures(folder, signatures) {
  await openFolder(folder);
  let written = 0;
  for (const [rootHash, pkcs7] of signatures) {
    const path = signaturePath(folder, rootHash);
    const found = await readRegular(path, pkcs7.length).catch(() => void 0);
    if (found?.equals(pkcs7) === true) continue;
    await publishFile(path, pkcs7);
    written += 1;
  }
  if (written > 0) await syncFolder(folder);
  return written;
}

// src/commands/shared/cache/sidecar.ts
var MOST_SIDECAR_BYTES = 64 * 1024;
var sidecar = object({
  roothash: string().regex(/^[0-9a-f]{64}$/),
  hashoffset: int().positive()
});
function sidecarText({ rootHash, dataSize }) {
  return JSON.stringify({ roothash: rootHash, hashoffset: dataSize }, void 0, 2);
}
function readSidecar(text) {
  try {
    const { roothash, hashoffset } = sidecar.parse(JSON.parse(text));
    return { rootHash: roothash, hashOffset: hashoffset };
  } catch {
    return void 0;
  }
}

export {
  openFolder,
  publishFile,
  syncFolder,
  MOST_SIDECAR_BYTES,
  sidecarText,
  readSidecar,
  SIGNATURES,
  signaturePath,
  writeSignatures
};
