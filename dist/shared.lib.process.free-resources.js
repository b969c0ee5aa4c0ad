import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/process/free-resources.ts
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
var PLENTY = 4096;
function freeDescriptors(proc = "/proc") {
  const limit = softLimit(proc, "Max open files");
  if (limit > PLENTY) return limit;
  try {
    return limit - (readdirSync(join(proc, "self/fd")).length - 1);
  } catch {
    return 0;
  }
}
function freeThreads(proc = "/proc") {
  const limit = process.geteuid?.() === 0 ? Number.POSITIVE_INFINITY : softLimit(proc, "Max processes");
  const own = limit > PLENTY ? limit : limit - threadsOfUser(proc, process.getuid?.() ?? 0);
  return Math.min(own, freeInCgroup(proc));
}
function softLimit(proc, name) {
  const line = read(join(proc, "self/limits")).split("\n").find((text) => text.startsWith(name));
  const soft = line?.slice(name.length).trim().split(/\s+/)[0];
  return soft === void 0 || soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}
function threadsOfUser(proc, uid) {
  let threads = 0;
  for (const pid of readdirSync(proc).filter((name) => /^\d+$/.test(name))) {
    const status = read(join(proc, pid, "status"));
    const [, owner] = /^Uid:\s+(\d+)/m.exec(status) ?? [];
    if (owner === String(uid)) threads += Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 1);
  }
  return threads;
}
function freeInCgroup(proc) {
  const [, path = "/"] = /^0::(.*)$/m.exec(read(join(proc, "self/cgroup"))) ?? [];
  const folder = join("/sys/fs/cgroup", path);
  const limit = read(join(folder, "pids.max")).trim();
  if (limit === "" || limit === "max") return Number.POSITIVE_INFINITY;
  return Number(limit) - Number(read(join(folder, "pids.current")));
}
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export {
  freeDescriptors,
  freeThreads
};
