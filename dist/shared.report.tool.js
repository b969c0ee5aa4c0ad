import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/report/tool.ts
var TOOL = { name: "verity-sign", version: "0.1.0" };
var REPORT_HEAD = { schemaVersion: 1, tool: TOOL };

export {
  TOOL,
  REPORT_HEAD
};
