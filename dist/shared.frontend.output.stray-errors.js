import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  harmless
} from "./shared.frontend.output.foreign-text.js";

// src/frontend/output/stray-errors.ts
function handleStrayErrors(fail) {
  process.on("uncaughtException", (error) => process.exit(fail(error)));
  if (process.listenerCount("warning") === 0) return;
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    process.stderr.write(`${harmless(`${name}: ${message}`)}
`);
  });
}

export {
  handleStrayErrors
};
