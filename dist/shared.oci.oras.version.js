import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  FIRST_SAFE_ORAS
} from "./shared.tools.versions.js";
import {
  networkEnvironment
} from "./shared.lib.process.environment.js";
import {
  ToolError,
  run
} from "./shared.lib.process.run.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/oci/oras/environment.ts
var NOWHERE = "/nonexistent";
var NOT_FOR_ORAS = ["REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"];
function orasEnvironment(certificates) {
  const env = { ...networkEnvironment(), DOCKER_CONFIG: NOWHERE };
  const kept = Object.entries(env).filter(([name]) => !NOT_FOR_ORAS.includes(name));
  return {
    ...Object.fromEntries(kept),
    ...certificates === void 0 ? {} : { SSL_CERT_FILE: certificates }
  };
}

// src/oci/oras/version.ts
var REMEDY = `Install oras ${FIRST_SAFE_ORAS} or later, or set oras-path to one`;
async function checkVersion(path, signal) {
  const output = await ask(path, signal);
  const match = /^Version:\s*(?<text>(?<major>\d+)\.(?<minor>\d+)\.\S+)/m.exec(output);
  if (match?.groups === void 0) {
    throw new VeritySignError("environment", `${path} does not print a version of oras`, {
      remedy: REMEDY
    });
  }
  const { text = "" } = match.groups;
  const version = { major: Number(match.groups.major), minor: Number(match.groups.minor), text };
  if (version.major < 1 || version.major === 1 && version.minor < 2) {
    throw new VeritySignError("environment", `oras ${text} is too old: 1.2 is the oldest supported version`, {
      remedy: REMEDY
    });
  }
  return version;
}
async function ask(path, signal) {
  const options = { env: orasEnvironment(), timeout: 3e4, ...signal === void 0 ? {} : { signal } };
  try {
    const { stdout } = await run([path, "version"], options);
    return stdout.toString("utf8");
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new VeritySignError("environment", cause.message, { remedy: REMEDY, cause });
  }
}

export {
  orasEnvironment,
  REMEDY,
  checkVersion
};
