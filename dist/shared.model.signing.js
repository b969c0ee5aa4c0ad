import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/model/signing.ts
function isForKernel(purpose) {
  return purpose === "layer" || purpose === "policy";
}

export {
  isForKernel
};
