import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/process/environment.ts
import { homedir } from "node:os";
import { resolve } from "node:path";
var SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function fixedEnvironment() {
  return { PATH: SYSTEM_PATH, LC_ALL: "C", TZ: "UTC" };
}
var NETWORK_VARIABLES = [
  "PATH",
  "HOME",
  "DOCKER_CONFIG",
  "REGISTRY_AUTH_FILE",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR"
];
var DOCKER_VARIABLES = [
  "PATH",
  "HOME",
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_TLS",
  "DOCKER_TLS_VERIFY",
  "DOCKER_CERT_PATH"
];
var PATHS = /* @__PURE__ */ new Set([
  "HOME",
  "DOCKER_CONFIG",
  "DOCKER_CERT_PATH",
  "REGISTRY_AUTH_FILE",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "SSL_CERT_FILE"
]);
function networkEnvironment(from = process.env) {
  return chosenEnvironment(NETWORK_VARIABLES, from);
}
function dockerEnvironment(from = process.env) {
  return chosenEnvironment(DOCKER_VARIABLES, from);
}
function chosenEnvironment(names, from) {
  const env = { PATH: SYSTEM_PATH, LC_ALL: "C", HOME: homeFolder() };
  for (const name of names) {
    const value = from[name];
    if (value !== void 0) env[name] = absolute(name, value);
  }
  return env;
}
function absolute(name, value) {
  if (value === "") return value;
  if (PATHS.has(name)) return resolve(value);
  if (name !== "SSL_CERT_DIR") return value;
  return value.split(":").map((folder) => folder && resolve(folder)).join(":");
}
function homeFolder() {
  try {
    return homedir();
  } catch {
    return "/";
  }
}

export {
  fixedEnvironment,
  networkEnvironment,
  dockerEnvironment
};
