import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  ownMark,
  removeFolder,
  removeLeftovers
} from "./shared.lib.leftovers.remove.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/lib/process/temp-folder.ts
import { chmod, mkdtemp, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
var SIGN_OF_LIFE = 60 * 60 * 1e3;
var NAME = /^verity-sign-([0-9a-f]{16}-\d+-\d+-\d+)-[A-Za-z0-9]{6}$/;
var LEFTOVERS = {
  markOf: (name) => NAME.exec(name)?.[1],
  accepts: (found) => found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 63) === 0
};
async function withTempFolder(parent, work) {
  const place = resolve(parent ?? tmpdir());
  await removeLeftovers(place, LEFTOVERS);
  const path = await create(place);
  const alive = setInterval(() => {
    const now = /* @__PURE__ */ new Date();
    utimes(path, now, now).catch(() => void 0);
  }, SIGN_OF_LIFE).unref();
  try {
    return await work(path);
  } finally {
    clearInterval(alive);
    await removeFolder(path);
  }
}
async function create(parent) {
  try {
    const path = await mkdtemp(join(parent, `verity-sign-${ownMark()}-`));
    await chmod(path, 448);
    return path;
  } catch (error) {
    const reason = error.message;
    throw new VeritySignError("environment", `cannot create a temporary folder (${reason})`, {
      remedy: "Set temp-dir to a folder with enough space that this user may write to",
      cause: error
    });
  }
}

export {
  withTempFolder
};
