import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  inPlace
} from "./shared.commands.sign.destination.js";

// src/frontend/destination.ts
function destinationOf({ pushTo }) {
  if (pushTo === void 0) return inPlace;
  return async (...args) => (await import("./commands.gate.gate.js")).openGate(...args);
}

export {
  destinationOf
};
