import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import "./runtime.js";

// src/lib/certificate-file.ts
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
var CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
function trustCertificateFile(path) {
  try {
    const own = readFileSync(path, "latin1").match(CERTIFICATE) ?? [];
    if (own.length === 0) return "it has no certificate in PEM";
    setDefaultCACertificates([...getCACertificates("default"), ...own]);
    return void 0;
  } catch (error) {
    const { code, message } = error;
    return code ?? message;
  }
}
export {
  trustCertificateFile
};
