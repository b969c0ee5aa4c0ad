import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  statFields
} from "./shared.lib.proc-stat.js";

// src/lib/leftovers/remove.ts
import { lstat, opendir, rm, unlink } from "node:fs/promises";
import { join } from "node:path";

// src/lib/leftovers/process-mark.ts
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
var MARK = /^([0-9a-f]{16})-(\d{1,12})-(\d{1,10})-(\d{1,20})$/;
var UNKNOWN_BOOT = "0".repeat(16);
var own;
function ownMark() {
  own ??= [bootId(), namespaceId("pid") ?? "0", process.pid, statOf("self")?.start ?? "0"].join("-");
  return own;
}
function isMark(text) {
  return MARK.test(text);
}
function livenessOf(mark) {
  const [, boot, namespace, pidText = "", start] = MARK.exec(mark) ?? [];
  const [ownBoot, ownNamespace] = ownMark().split("-");
  if (boot !== ownBoot || namespace !== ownNamespace || boot === UNKNOWN_BOOT) return "unknown";
  const pid = Number(pidText);
  if (!exists(pid)) return "dead";
  if (!hasOwnProc()) return pid === process.pid ? "alive" : "unknown";
  const stat = statOf(pid);
  if (stat === void 0) return "unknown";
  return stat.start !== start || stat.hasEnded ? "dead" : "alive";
}
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}
function hasOwnProc() {
  return attempt(() => readlinkSync("/proc/self")) === String(process.pid);
}
function statOf(pid) {
  const { 3: state = "", 22: start = "" } = attempt(() => statFields(pid)) ?? [];
  return /^\d+$/.test(start) ? { start, hasEnded: "ZX".includes(state) } : void 0;
}
function bootId() {
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  if (boot === void 0 || namespaceId("pid") === void 0) return UNKNOWN_BOOT;
  return createHash("sha256").update(`${boot} ${namespaceId("time") ?? ""}`).digest("hex").slice(0, 16);
}
function namespaceId(kind) {
  return /\[(\d+)\]/.exec(attempt(() => readlinkSync(`/proc/self/ns/${kind}`)) ?? "")?.[1];
}
function attempt(read) {
  try {
    return read();
  } catch {
    return void 0;
  }
}

// src/lib/leftovers/remove.ts
var ABANDONED = 24 * 60 * 60 * 1e3;
async function removeLeftovers(folder, { markOf, accepts }) {
  for (const name of await namesOf(folder)) {
    const mark = markOf(name);
    if (mark === void 0) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => void 0);
    if (found === void 0 || !accepts(found) || !isAbandoned(mark, found.mtimeMs)) continue;
    if (found.isDirectory()) await removeFolder(path).catch(() => void 0);
    else await unlink(path).catch(() => void 0);
  }
}
function isAbandoned(mark, modified) {
  const liveness = livenessOf(mark);
  return liveness === "dead" || liveness === "unknown" && Date.now() - modified > ABANDONED;
}
async function namesOf(folder) {
  const names = [];
  try {
    for await (const { name } of await opendir(folder)) names.push(name);
  } catch {
  }
  return names;
}
async function removeFolder(path) {
  await removeFiles(path);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}
async function removeFiles(folder) {
  try {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await removeFiles(path);
      else await unlink(path);
    }
  } catch {
  }
}

export {
  ownMark,
  isMark,
  livenessOf,
  removeLeftovers,
  removeFolder
};
