import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  PROFILES
} from "./chunk-K6WYV3QI.js";

// src/erofs/native/known-options.ts
function knowsOptions(asked) {
  const { appendsTar, defaultOptions } = PROFILES[asked.profile];
  const sorted = (options) => options.toSorted().join(" ");
  const known = appendsTar ? [defaultOptions, PROFILES.containerd.defaultOptions] : [defaultOptions];
  return known.some((options) => sorted(options) === sorted(asked.mkfsOptions));
}

export {
  knowsOptions
};
