import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/report/node/preflight-report.ts
function wasTried({ refused, outcome }) {
  return refused || outcome === "OK";
}

export {
  wasTried
};
