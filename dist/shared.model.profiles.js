import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/profiles.ts
var PROFILE_NAMES = ["containerd", "containerd-cache", "containerd-tar-index"];
function isProfileName(text) {
  return PROFILE_NAMES.includes(text);
}
var KNOWN_CLASSES = ["C", "B", "A"];
var DEFAULT_CLASS = "C";
var RELEASE_CLASSES = {
  "1.8.10": "A",
  "1.9.1": "A",
  "1.9.2": "B",
  "1.9.3": "C",
  "1.9.4": "C"
};
function isKnownClass(text) {
  return KNOWN_CLASSES.includes(text);
}

export {
  PROFILE_NAMES,
  isProfileName,
  KNOWN_CLASSES,
  DEFAULT_CLASS,
  RELEASE_CLASSES,
  isKnownClass
};
