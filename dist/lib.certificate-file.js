import {
  readGivenSync
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";

// builtin-load:load of src/lib/certificate-file.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:tls of src/lib/certificate-file.ts
var found;
var all = () => found ??= load("node:tls");
var one = (name) => all()[name];
var getCACertificates = /* @__PURE__ */ one("getCACertificates");
var setDefaultCACertificates = /* @__PURE__ */ one("setDefaultCACertificates");

// src/lib/certificate-file.ts
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
