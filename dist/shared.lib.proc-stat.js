import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/proc-stat.ts
import { readFileSync } from "node:fs";
function statFields(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return ["", "", "", ...text.slice(text.lastIndexOf(")") + 2).split(" ")];
}

export {
  statFields
};
