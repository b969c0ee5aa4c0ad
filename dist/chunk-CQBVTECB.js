import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/pipeline/layer-key.ts
function layerKey(layer) {
  return `${layer.descriptor.digest} ${layer.diffId} ${layer.compression}`;
}

export {
  layerKey
};
