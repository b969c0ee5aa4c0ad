import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parseMkfsOptions
} from "./shared.convert.erofs.mkfs.mkfs-options.js";

// src/convert/erofs/profile.ts
var FULL_OPTIONS = ["-T0", "--mkfs-time", "--sort=none"];
var PROFILES = {
  containerd: {
    name: "containerd",
    uuidSource: "digest",
    blockSize: 4096,
    appendsTar: false,
    defaultOptions: FULL_OPTIONS
  },
  "containerd-cache": {
    name: "containerd-cache",
    uuidSource: "diffId",
    blockSize: 4096,
    appendsTar: false,
    defaultOptions: FULL_OPTIONS
  },
  "containerd-tar-index": {
    name: "containerd-tar-index",
    uuidSource: "digest",
    blockSize: 512,
    appendsTar: true,
    // A tar index has no file data to sort.
    defaultOptions: ["-T0", "--mkfs-time"]
  },
  tardev: {
    name: "tardev",
    uuidSource: "fixed",
    blockSize: 512,
    appendsTar: true,
    defaultOptions: ["-T0", "--mkfs-time"]
  }
};
function mkfsArguments(profile, options, uuid) {
  const mode = PROFILES[profile].appendsTar ? ["--tar=i"] : ["--tar=f"];
  const data = PROFILES[profile].appendsTar ? [] : ["-Enoinline_data"];
  const blocks = profile === "tardev" ? [] : ["-b4096"];
  return [...mode, "--aufs", "--quiet", ...data, ...blocks, ...options, "-U", uuid];
}
function mkfsOptionsFor(profile, text) {
  return text === void 0 ? PROFILES[profile].defaultOptions : parseMkfsOptions(text);
}

// src/convert/erofs/native/known-options.ts
function knowsOptions(request) {
  const { appendsTar, defaultOptions } = PROFILES[request.profile];
  const sorted = (options) => options.toSorted().join(" ");
  const known = appendsTar ? [defaultOptions, PROFILES.containerd.defaultOptions] : [defaultOptions];
  return known.some((options) => sorted(options) === sorted(request.mkfsOptions));
}

export {
  PROFILES,
  mkfsArguments,
  mkfsOptionsFor,
  knowsOptions
};
