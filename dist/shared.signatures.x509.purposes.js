import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/signatures/x509/purposes.ts
var PURPOSE = {
  anyExtendedKeyUsage: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  OCSPSigning: "1.3.6.1.5.5.7.3.9"
};
var FOREIGN = new Set(
  Object.values(PURPOSE).filter((purpose) => purpose !== PURPOSE.codeSigning)
);
var SIGNER_PURPOSE_REMEDY = "Use a certificate that is issued with extendedKeyUsage = codeSigning alone, or without extendedKeyUsage";
var ISSUER_PURPOSE_REMEDY = "Use a certificate of a CA without extendedKeyUsage, or with codeSigning in it";
function signerPurposeViolation({ extensions }) {
  const purposes = extensions.extendedKeyUsage?.purposes;
  if (purposes === void 0) return void 0;
  if (!purposes.includes(PURPOSE.codeSigning)) return `${isFor(purposes)}, not for codeSigning`;
  const foreign = purposes.find((purpose) => FOREIGN.has(purpose));
  return foreign && `also allows ${nameOf(foreign)} (extendedKeyUsage)`;
}
function issuerPurposeViolation({ extensions }, purpose = "codeSigning") {
  const purposes = extensions.extendedKeyUsage?.purposes;
  if (purposes === void 0) return void 0;
  const allowed = purposes.includes(PURPOSE[purpose]) || purposes.includes(PURPOSE.anyExtendedKeyUsage);
  return allowed ? void 0 : `${isFor(purposes)}, and must not issue certificates for ${purpose}`;
}
function isFor(purposes) {
  const names = purposes.map(nameOf);
  return `is for ${names.length === 0 ? "no purpose" : names.slice(0, 8).join(", ")} (extendedKeyUsage)`;
}
function nameOf(purpose) {
  return Object.entries(PURPOSE).find(([, id]) => id === purpose)?.[0] ?? purpose;
}

export {
  PURPOSE,
  SIGNER_PURPOSE_REMEDY,
  ISSUER_PURPOSE_REMEDY,
  signerPurposeViolation,
  issuerPurposeViolation
};
