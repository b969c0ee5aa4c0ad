import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  readGivenSync
} from "./shared.lib.read-given.js";
import "./shared.lib.format-bytes.js";
import "./runtime.js";

// src/lib/certificate-file.ts
import { getCACertificates, setDefaultCACertificates } from "node:tls";
var CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
function trustCertificateFile(path) {
  try {
    const own = readGivenSync(path).toString("latin1").match(CERTIFICATE) ?? [];
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
