import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/report/report.ts
function renderReport(reports) {
  return `${JSON.stringify(reports, void 0, 2)}
`;
}
function renderRootHashes(entries) {
  return `${JSON.stringify(entries, void 0, 2)}
`;
}

export {
  renderReport,
  renderRootHashes
};
