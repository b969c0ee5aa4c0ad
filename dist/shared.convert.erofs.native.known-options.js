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
  }
};
function mkfsArguments(profile, options, uuid) {
  const mode = PROFILES[profile].appendsTar ? ["--tar=i"] : ["--tar=f"];
  const data = PROFILES[profile].appendsTar ? [] : ["-Enoinline_data"];
  return [...mode, "--aufs", "--quiet", ...data, "-b4096", ...options, "-U", uuid];
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

// src/convert/erofs/native/releases.ts
var NEWEST = {
  release: "1.9.3",
  sortsXattrs: true,
  oldPax: false,
  oldEntries: false,
  needsEnd: false,
  fractionExtends: false,
  reversedBase64: false,
  linkRemovesFirst: false,
  earlyDots: false
};
var RULES = {
  "1.9.3": NEWEST,
  "1.9.2": { ...NEWEST, release: "1.9.2", sortsXattrs: false },
  "1.9.1": { ...NEWEST, release: "1.9.1", sortsXattrs: false, oldPax: true, oldEntries: true },
  "1.8.10": {
    release: "1.8.10",
    sortsXattrs: false,
    oldPax: true,
    oldEntries: true,
    needsEnd: true,
    fractionExtends: true,
    reversedBase64: true,
    linkRemovesFirst: true,
    earlyDots: true
  }
};
var RELEASES = {
  A: ["1.8.10", "1.9.1"],
  B: ["1.9.2"],
  C: ["1.9.3"]
};
var CHECKED_RELEASES = {
  "1.8.10": "A",
  "1.9.1": "A",
  "1.9.2": "B",
  "1.9.3": "C",
  "1.9.4": "C"
};

export {
  PROFILES,
  mkfsArguments,
  mkfsOptionsFor,
  knowsOptions,
  RULES,
  RELEASES,
  CHECKED_RELEASES
};
