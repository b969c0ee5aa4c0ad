import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/http/retry-after.ts
function isTransientStatus(status) {
  return [408, 429, 500, 502, 503, 504].includes(status);
}
function retryAfter(header, now = Date.now()) {
  if (header == null || header.trim() === "") return void 0;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1e3;
  const date = Date.parse(header);
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}

export {
  isTransientStatus,
  retryAfter
};
