import {
  VeritySignError,
  isHomeSettled
} from "./shared.start.js";

// src/signatures/signers/kms/settled-home.ts
function requireSettledHome(service) {
  if (isHomeSettled()) return;
  throw new VeritySignError(
    "key",
    `HOME is no absolute path: the client of ${service} would read its settings from the working folder`,
    { remedy: "Set HOME to the home folder of this user, or unset it" }
  );
}

export {
  requireSettledHome
};
