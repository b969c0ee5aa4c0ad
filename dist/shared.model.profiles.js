import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/profiles.ts
var PROFILE_NAMES = ["containerd", "containerd-cache", "containerd-tar-index", "tardev"];
function isContainerdProfile(profile) {
  return profile !== "tardev";
}
function isProfileName(text) {
  return PROFILE_NAMES.includes(text);
}
var FIRST_CONTAINERD = {
  containerd: "2.1.4",
  "containerd-cache": "2.4.0",
  "containerd-tar-index": "2.3.0"
};
var FIRST_VERITY_CONTAINERD = "2.3.0";
var FIRST_LARGE_PAGES_CONTAINERD = "2.3.3";
var KNOWN_CLASSES = ["C", "B", "A", "1.8.6"];
var DEFAULT_CLASS = "C";
var RELEASE_CLASSES = {
  "1.8.6": "1.8.6",
  "1.8.10": "A",
  "1.9.1": "A",
  "1.9.2": "B",
  "1.9.3": "C",
  "1.9.4": "C"
};
function isRecordedClass(text) {
  return text === "unknown" || isKnownClass(text) || text !== void 0 && RELEASE.test(text);
}
var RELEASE = /^\d{1,3}\.\d{1,3}(\.\d{1,3})?$/;
function isKnownClass(text) {
  return KNOWN_CLASSES.includes(text);
}

export {
  PROFILE_NAMES,
  isContainerdProfile,
  isProfileName,
  FIRST_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  KNOWN_CLASSES,
  DEFAULT_CLASS,
  RELEASE_CLASSES,
  isRecordedClass,
  isKnownClass
};
