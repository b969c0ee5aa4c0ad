import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  parsePolicyVersion,
  versionOfTime
} from "./shared.formats.ipe.version.js";
import {
  verifyingOptions
} from "./shared.frontend.inputs.verifying-options.js";
import {
  isPlugin,
  keyReference,
  listedTags,
  passphraseReference,
  pluginConfig,
  refuseIdleConfig
} from "./shared.frontend.each-image.js";
import {
  certificateReference,
  optional,
  text
} from "./shared.frontend.inputs.values.js";
import {
  FormatError
} from "./shared.formats.format-error.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/frontend/inputs/node/ipe-policy-options.ts
var MAKING = [
  "name",
  "out",
  "base",
  "key",
  "key-passphrase",
  "certificate",
  "plugin-config",
  "push-to",
  "policy-version"
];
function ipePolicyOptions(raw, images, dialect, now = /* @__PURE__ */ new Date()) {
  const check = raw.check?.trim() ?? "";
  const verifying = verifyingOptions(raw, dialect);
  if (verifying.layers === "none") {
    throw new VeritySignError("usage", `${dialect.label("layers")} none leaves no root hashes for a policy`, {
      remedy: "Omit it"
    });
  }
  if (check === "") {
    const out = need(raw, "out", "Give the folder for the files of the policy", dialect);
    return { kind: "make", ...makingOptions(raw, images, verifying, out, dialect, now) };
  }
  const idle = MAKING.find((name) => (raw[name]?.trim() ?? "") !== "");
  if (idle !== void 0) {
    throw new VeritySignError(
      "usage",
      `${dialect.label(idle)} has no effect with ${dialect.label("check")}`,
      {
        remedy: `Omit one of them: ${dialect.label("check")} makes no policy`
      }
    );
  }
  return { kind: "check", images, verifying, check };
}
function makingOptions(raw, images, verifying, out, dialect, now) {
  const { label, secrets } = dialect;
  const key = keyReference(
    need(raw, "key", "Give the key that signs the policy: the kernel must trust its certificate", dialect),
    label("key"),
    secrets
  );
  const passphrase = passphraseReference(text(raw, "key-passphrase"), label("key-passphrase"), secrets);
  const config = pluginConfig(raw, dialect);
  refuseIdleConfig(config, key, label("plugin-config"));
  const options = {
    images,
    verifying,
    name: policyName(raw, dialect),
    version: policyVersion(text(raw, "policy-version") ?? "auto", label("policy-version"), now),
    out,
    ...optional("base", text(raw, "base")),
    key: key ?? "",
    ...optional("keyPassphrase", passphrase),
    ...optional("certificate", certificateReference(raw, "certificate", dialect)),
    pluginConfig: config,
    pushTo: listedTags(raw["push-to"])
  };
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}
function policyName(raw, dialect) {
  const name = need(raw, "name", "Give the policy a name, such as the one of the application", dialect);
  if (/^[a-z0-9-]{1,100}$/.test(name)) return name;
  throw new VeritySignError(
    "usage",
    `${dialect.label("name")}: ${JSON.stringify(name.slice(0, 200))} is not a name of a policy`,
    { remedy: "Use at most 100 lowercase letters, digits and hyphens" }
  );
}
function policyVersion(given, label, now) {
  if (given === "auto") return versionOfTime(now);
  try {
    return parsePolicyVersion(given);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new VeritySignError("usage", `${label}: the policy ${error.message}`, {
      remedy: "Write three numbers from 0 to 65535 with dots, such as 1.2.3, or auto"
    });
  }
}
function need(raw, name, remedy, { label }) {
  const given = text(raw, name);
  if (given !== void 0) return given;
  throw new VeritySignError("usage", `${label(name)} is missing`, {
    remedy: `${remedy}; or check a policy that exists with ${label("check")}`
  });
}

export {
  ipePolicyOptions,
  makingOptions
};
