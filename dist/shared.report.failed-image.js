import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  REPORT_HEAD
} from "./shared.report.tool.js";
import {
  VeritySignError,
  remedyOf,
  withoutPem
} from "./shared.errors.js";

// src/report/failed-image.ts
function errorReport(error) {
  if (!(error instanceof VeritySignError)) {
    return { code: "internal", message: withoutPem(error instanceof Error ? error.message : String(error)) };
  }
  const { code, message, context } = error;
  const remedy = remedyOf(error);
  return {
    code,
    message,
    ...remedy === void 0 ? {} : { remedy },
    ...context.layer === void 0 ? {} : { layer: context.layer }
  };
}
function failedImage(reference, error) {
  return { ...REPORT_HEAD, ...reference === void 0 ? {} : { image: { reference } }, error };
}
function failedSource(source, error) {
  return { ...REPORT_HEAD, ...source === void 0 ? {} : { source }, error };
}

export {
  errorReport,
  failedImage,
  failedSource
};
