import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  FormatError
} from "./shared.formats.format-error.js";

// src/formats/ipe/version.ts
var MOST = 65535;
function parsePolicyVersion(text) {
  const parts = text.split(".").map((part) => /^\+?[0-9]+$/.test(part) ? Number(part) : void 0);
  const [major, minor, revision] = parts;
  if (parts.length !== 3 || major === void 0 || minor === void 0 || revision === void 0) {
    throw new FormatError(`has the version ${JSON.stringify(text.slice(0, 50))}, not one such as 1.2.3`);
  }
  const large = parts.find((part = 0) => part > MOST);
  if (large !== void 0) throw new FormatError(`has ${large} in its version, more than ${MOST}`);
  return [major, minor, revision];
}
function versionOfTime(time) {
  return [
    time.getUTCFullYear(),
    (time.getUTCMonth() + 1) * 100 + time.getUTCDate(),
    time.getUTCHours() * 100 + time.getUTCMinutes()
  ];
}
function compareVersions(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
function versionText(version) {
  return version.join(".");
}

export {
  parsePolicyVersion,
  versionOfTime,
  compareVersions,
  versionText
};
