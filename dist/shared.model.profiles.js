import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/profiles.ts
var PROFILE_NAMES = ["containerd", "containerd-cache", "containerd-tar-index"];
function isProfileName(text) {
  return PROFILE_NAMES.includes(text);
}
var KNOWN_CLASSES = ["C", "B", "A"];
function isKnownClass(text) {
  return KNOWN_CLASSES.includes(text);
}

export {
  PROFILE_NAMES,
  isProfileName,
  KNOWN_CLASSES,
  isKnownClass
};
