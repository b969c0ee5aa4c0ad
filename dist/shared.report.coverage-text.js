import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/report/coverage-text.ts
function imagesNotCovered(count) {
  return `${count} ${count === 1 ? "image" : "images"} not covered`;
}
var CONFIGURATION_NOT_COVERED = "configuration not covered";
function withCoverage(word, { configurationCovered, uncovered }) {
  const images = uncovered.length === 0 ? "" : `, ${imagesNotCovered(uncovered.length)}`;
  return configurationCovered ? `${word}${images}` : `layers ${word}${images}; ${CONFIGURATION_NOT_COVERED}`;
}

export {
  imagesNotCovered,
  CONFIGURATION_NOT_COVERED,
  withCoverage
};
