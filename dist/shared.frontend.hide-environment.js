import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  statFields
} from "./shared.lib.proc-stat.js";

// src/lib/process/initial-environment.ts
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
function eraseInitialEnvironment(shown) {
  try {
    const start = environmentStart();
    const before = readFileSync("/proc/self/environ");
    const after = onlyVariables(before, shown);
    for (const [name, value] of Object.entries(process.env)) {
      delete process.env[name];
      process.env[name] = value;
    }
    writeMemory(start, after);
    return readFileSync("/proc/self/environ").equals(after) ? void 0 : "it was not overwritten";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
function environmentStart() {
  const { 50: first, 51: behind } = statFields("self");
  const [start, end] = [Number(first), Number(behind)];
  if (Number.isSafeInteger(start) && start > 0 && end >= start) return start;
  throw new RangeError("/proc/self/stat does not say where it is");
}
function onlyVariables(environment, names) {
  const wanted = environment.toString("latin1").split("\0").filter((entry) => names.some((name) => entry.startsWith(`${name}=`)));
  const after = Buffer.alloc(environment.length);
  after.write(wanted.map((entry) => `${entry}\0`).join(""), "latin1");
  return after;
}
function writeMemory(address, bytes) {
  const memory = openSync("/proc/self/mem", "r+");
  try {
    writeSync(memory, bytes, 0, bytes.length, address);
  } finally {
    closeSync(memory);
  }
}

// src/frontend/hide-environment.ts
var TRACKING = [
  "RUNNER_TRACKING_ID",
  "VSTS_PROCESS_LOOKUP_ID",
  "JENKINS_SERVER_COOKIE",
  "JENKINS_NODE_COOKIE",
  "HUDSON_SERVER_COOKIE",
  "HUDSON_COOKIE",
  "JOB_NAME",
  "JOB_BASE_NAME",
  "BUILD_NUMBER",
  "BUILD_ID",
  "BUILD_TAG"
];
function hideEnvironment() {
  return eraseInitialEnvironment(TRACKING);
}
function warnOfVisibleEnvironment(log, reason) {
  if (reason === void 0) return;
  log.warn(
    `/proc/${process.pid}/environ still shows the environment (${reason}): other processes of this user can read secrets in it. Pass secrets in files instead`
  );
}

export {
  hideEnvironment,
  warnOfVisibleEnvironment
};
