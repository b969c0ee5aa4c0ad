import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/artifact-formats.ts
var ARTIFACT_FORMATS = ["notary", "tardev"];

export {
  ARTIFACT_FORMATS
};
