import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/signatures/signers/reference.ts
var SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
var VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
var AUTHORITY = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?`;
var SUPPORTED = "Give the path of a key file, env://NAME, awskms:///KEY, azurekms://VAULT/KEY, gcpkms://projects/…, hashivault://KEY or notation-plugin://NAME/KEYID";
var SCHEMES = {
  env: {
    form: "env://NAME",
    pattern: /^(?<name>[A-Za-z_][A-Za-z0-9_]*)$/,
    read: ({ name = "" }) => ({ kind: "env", name })
  },
  awskms: {
    form: "awskms:///KEY-ID, awskms:///alias/NAME, awskms:///ARN or awskms://HOST/KEY-ID",
    pattern: new RegExp(
      String.raw`^(?<endpoint>${AUTHORITY})?/(?<keyId>arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)/[\w/-]+|alias/[\w/-]+|[0-9A-Za-z-]+)$`
    ),
    read: ({ endpoint, keyId = "" }) => ({
      kind: "aws-kms",
      keyId,
      ...endpoint !== void 0 && { endpoint }
    })
  },
  azurekms: {
    form: "azurekms://VAULT/KEY or azurekms://VAULT/KEY/VERSION",
    pattern: new RegExp(
      `^(?<vault>${AUTHORITY})/(?<key>[0-9A-Za-z-]{1,127})(?:/(?<version>[0-9A-Za-z]{1,64}))?$`
    ),
    read: ({ vault = "", key = "", version }) => ({
      kind: "azure-key-vault",
      vault,
      key,
      ...version !== void 0 && { version }
    })
  },
  gcpkms: {
    form: "gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N",
    pattern: /^(?<key>projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+)\/(?:cryptoKeyVersions|versions)\/(?<version>\d+)$/,
    read: ({ key = "", version = "" }) => ({
      kind: "google-kms",
      name: `${key}/cryptoKeyVersions/${version}`
    })
  },
  hashivault: {
    form: "hashivault://KEY",
    pattern: /^(?<key>\w(?:[\w.-]*\w)?)$/,
    read: ({ key = "" }) => ({ kind: "vault", key })
  },
  "notation-plugin": {
    form: "notation-plugin://NAME/KEYID",
    // The name becomes part of a path: no separator, no leading dot.
    pattern: /^(?<plugin>[A-Za-z0-9][A-Za-z0-9._-]*)\/(?<keyId>[^\0]+)$/,
    read: ({ plugin = "", keyId = "" }) => ({ kind: "notation-plugin", plugin, keyId })
  }
};
function parseKeyReference(reference) {
  if (reference.includes("-----BEGIN") || /[\r\n]/.test(reference)) {
    throw new VeritySignError("usage", "`key` holds the key itself instead of a reference to it", {
      remedy: "Put the key into an environment variable and give env://NAME, or into a file and give its path"
    });
  }
  const name = SCHEME.exec(reference)?.[1];
  if (name === void 0) return { kind: "file", path: checkPath(reference, "key", SUPPORTED) };
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : void 0;
  if (scheme === void 0) throw unknownScheme("key", name, SUPPORTED);
  const groups = scheme.pattern.exec(reference.slice(name.length + "://".length))?.groups;
  if (groups === void 0) {
    throw new VeritySignError("usage", `\`key\` is not a valid ${name}:// reference`, {
      remedy: `Give ${scheme.form}`
    });
  }
  return scheme.read(groups);
}
function parsePassphraseReference(reference) {
  const option = "key-passphrase";
  const remedy = "Give env://NAME for an environment variable, or the path of a file that holds the passphrase";
  const scheme = SCHEME.exec(reference)?.[1];
  if (scheme === void 0) return { kind: "file", path: checkPath(reference, option, remedy) };
  if (scheme !== "env") throw unknownScheme(option, scheme, remedy);
  const name = reference.slice("env://".length);
  if (VARIABLE.test(name)) return { kind: "env", name };
  throw new VeritySignError("usage", `\`${option}\` has no valid variable name after env://`, { remedy });
}
function checkPath(path, option, remedy) {
  if (path.trim() !== "" && !path.includes("\0")) return path;
  throw new VeritySignError("usage", `\`${option}\` is empty or not a path`, { remedy });
}
function unknownScheme(option, scheme, remedy) {
  return new VeritySignError("usage", `\`${option}\` has the scheme ${scheme}://, which is not supported`, {
    remedy
  });
}

export {
  parseKeyReference,
  parsePassphraseReference
};
