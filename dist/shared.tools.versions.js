import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  RELEASE_CLASSES,
  isKnownClass
} from "./shared.model.profiles.js";

// src/tools/versions.ts
function findVersion(output) {
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}
function compareVersions(a, b) {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
function numbersOf(version) {
  return version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
}
var OLDEST_EROFS_UTILS = "1.8.10";
function unsupportedErofsUtils(version) {
  if (compareVersions(version, OLDEST_EROFS_UTILS) < 0) return "too-old";
  return compareVersions(version, "1.9.0") === 0 ? "divergent" : void 0;
}
function releaseOf(label, mkfsClass) {
  return label === "1.9" && mkfsClass === "A" ? "1.9.1" : label;
}
function labelFits(label, wanted) {
  if (wanted === void 0 || wanted === "any" || isKnownClass(wanted)) return true;
  return compareVersions(label, wanted) === 0 || releaseOf(label, "A") === wanted;
}
function erofsUtilsFits(version, wanted) {
  if (isKnownClass(wanted) && RELEASE_CLASSES[version] === wanted) return true;
  if (unsupportedErofsUtils(version) !== void 0) return false;
  if (wanted === void 0 || wanted === "any") return true;
  if (isKnownClass(wanted)) return classOfRelease(version) === wanted;
  return compareVersions(version, wanted) === 0;
}
function classOfRelease(version) {
  const known = Object.entries(RELEASE_CLASSES);
  return known.findLast(([release]) => compareVersions(release, version) <= 0)?.[1];
}
var FIRST_SAFE_ORAS = "1.3.3";
function leaksCredentials(version) {
  const difference = compareVersions(version, FIRST_SAFE_ORAS);
  return difference < 0 || difference === 0 && /^[\d.]+-/.test(version);
}

export {
  findVersion,
  compareVersions,
  OLDEST_EROFS_UTILS,
  unsupportedErofsUtils,
  releaseOf,
  labelFits,
  erofsUtilsFits,
  FIRST_SAFE_ORAS,
  leaksCredentials
};
