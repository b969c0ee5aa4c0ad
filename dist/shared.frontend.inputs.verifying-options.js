import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  commonOptions,
  layersChoice
} from "./shared.frontend.each-image.js";
import {
  certificateReferences,
  choice,
  flag,
  parseLines,
  parseList,
  parseTime,
  text
} from "./shared.frontend.inputs.values.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/inputs/verifying-options.ts
function verifyingOptions(raw, dialect) {
  const trustedCertificates = certificateReferences(raw, "trusted-certificate", dialect);
  const trustStores = parseList(text(raw, "trust-store"));
  const trustPolicy = text(raw, "trust-policy");
  const trustPolicyScope = text(raw, "trust-policy-scope");
  if (trustPolicy === void 0 && trustedCertificates.length + trustStores.length === 0) {
    const names = ["trusted-certificate", "trust-store", "trust-policy"].map(dialect.label);
    throw new VeritySignError("usage", `neither ${names.join(" nor ")} is given`, {
      remedy: "Set at least one: no certificate is trusted by default"
    });
  }
  const at = text(raw, "at");
  return {
    ...commonOptions(raw, dialect),
    trustedCertificates,
    trustStores,
    ...trustPolicy === void 0 ? {} : { trustPolicy },
    ...trustPolicyScope === void 0 ? {} : { trustPolicyScope },
    layers: layersChoice(raw, "verify", dialect),
    manifestSignature: choice(raw, "manifest-signature", "verify", dialect),
    signerIdentities: parseLines(text(raw, "signer-identity")),
    recompute: flag(raw, "recompute", dialect),
    allowExpired: flag(raw, "allow-expired", dialect),
    ...at === void 0 ? {} : { at: parseTime(at, dialect.label("at")) },
    strict: flag(raw, "strict", dialect)
  };
}

export {
  verifyingOptions
};
