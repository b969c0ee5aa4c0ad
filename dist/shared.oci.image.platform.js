import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/oci/image/platform.ts
var ARCHITECTURES = /* @__PURE__ */ new Map([
  ["i386", ["386"]],
  ["x86_64", ["amd64"]],
  ["x86-64", ["amd64"]],
  ["aarch64", ["arm64"]],
  ["armhf", ["arm", "v7"]],
  ["armel", ["arm", "v6"]]
]);
function normalizePlatform(platform) {
  const os = platform.os.toLowerCase() === "macos" ? "darwin" : platform.os.toLowerCase();
  const given = platform.architecture.toLowerCase();
  const [architecture, implied] = ARCHITECTURES.get(given) ?? [given];
  const variant = normalizeVariant(architecture, implied ?? platform.variant?.toLowerCase() ?? "");
  return { os, architecture, ...variant === "" ? {} : { variant } };
}
function normalizeVariant(architecture, variant) {
  const full = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  if (architecture === "arm64" && full === "v8") return "";
  if (architecture === "amd64" && full === "v1") return "";
  if (architecture === "arm" && full === "") return "v7";
  return full;
}
function formatPlatform(platform) {
  const { os, architecture, variant } = normalizePlatform(platform);
  return [`${os}${featuresText(platform)}`, architecture, ...variant === void 0 ? [] : [variant]].join(
    "/"
  );
}
function platformNames(platform) {
  const { "os.features": _, ...plain } = platform;
  return [.../* @__PURE__ */ new Set([formatPlatform(platform), formatPlatform(plain)])];
}
function featuresText({ os, "os.features": features = [] }) {
  if (features.length === 0 || !["linux", ""].includes(os.toLowerCase())) return "";
  const names = [...new Set(features)].sort().map((name) => encodeURIComponent(name.toWellFormed()));
  return `(+${names.join("+")})`;
}
var FEATURES = /^([A-Za-z0-9_.-]+)\(((?:\+[A-Za-z0-9_.-]+)+)\)$/;
function parsePlatform(text) {
  const parts = text.trim().split("/");
  const [, system, list] = FEATURES.exec(parts[0] ?? "") ?? [];
  if (system !== void 0 && parts.length > 1) {
    const plain = parsePlatform([system, ...parts.slice(1)].join("/"));
    return { ...plain, "os.features": (list ?? "").split("+").filter((name) => name !== "") };
  }
  const [first = "", second, variant] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[A-Za-z0-9_.-]+$/.test(part)) || first === "linux" && second === void 0) {
    throw new VeritySignError("usage", `${JSON.stringify(text)} is not a platform`, {
      remedy: "Write platforms as linux/amd64 or linux/arm64/v8"
    });
  }
  if (second === void 0) return normalizePlatform({ os: "linux", architecture: first });
  return normalizePlatform({
    os: first,
    architecture: second,
    ...variant === void 0 ? {} : { variant }
  });
}

export {
  normalizePlatform,
  formatPlatform,
  platformNames,
  featuresText,
  parsePlatform
};
