import {
  isForKernel
} from "./shared.model.signing.js";
import {
  holds
} from "./shared.signatures.signers.kms.check-signature.js";
import {
  keySpecName,
  keySpecOf
} from "./shared.signing.js";
import {
  withRetries
} from "./shared.verifying.js";
import "./shared.notary.js";
import {
  printable
} from "./shared.images.js";
import "./shared.commands.js";
import {
  ToolError,
  array,
  base64,
  object,
  redactor,
  run,
  string
} from "./shared.options.js";
import "./shared.conversion.js";
import "./shared.threads.js";
import "./shared.inputs.js";
import {
  VeritySignError,
  configFolder
} from "./shared.start.js";

// builtin-load:load of src/signatures/signers/plugin/notation-plugin.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of src/signatures/signers/plugin/notation-plugin.ts
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var X509Certificate = /* @__PURE__ */ one("X509Certificate");

// builtin-load:load of src/signatures/signers/plugin/locate.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:fs of src/signatures/signers/plugin/locate.ts
var found2;
var all2 = () => found2 ??= load2("node:fs");
var one2 = (name) => all2()[name];
var constants = /* @__PURE__ */ one2("constants");

// builtin:node:fs/promises of src/signatures/signers/plugin/locate.ts
var found3;
var all3 = () => found3 ??= load2("node:fs/promises");
var one3 = (name) => all3()[name];
var access = /* @__PURE__ */ one3("access");
var lstat = /* @__PURE__ */ one3("lstat");

// builtin:node:path of src/signatures/signers/plugin/locate.ts
var found4;
var all4 = () => found4 ??= load2("node:path");
var one4 = (name) => all4()[name];
var join = /* @__PURE__ */ one4("join");

// src/signatures/signers/plugin/locate.ts
function pluginsFolder(env) {
  const own = set(env.NOTATION_LIBEXEC) ?? set(env.NOTATION_CONFIG);
  if (own !== void 0) return join(own, "plugins");
  return join(configFolder(env), "notation/plugins");
}
async function locatePlugin(name, env) {
  const path = join(pluginsFolder(env), name, `notation-${name}`);
  const found5 = await lstat(path).catch((cause) => {
    throw notFound(name, path, cause);
  });
  if (!found5.isFile()) {
    const what = found5.isSymbolicLink() ? "a symbolic link" : "not a regular file";
    throw new VeritySignError("key", `the notation plugin ${name} is ${what}: ${path}`, {
      remedy: "Put the executable itself there: notation plugin install does so"
    });
  }
  try {
    await access(path, constants.X_OK);
  } catch (cause) {
    throw new VeritySignError("key", `the notation plugin ${name} is not executable: ${path}`, {
      remedy: `Run chmod +x on it, and check that the file system is not mounted noexec`,
      cause
    });
  }
  return path;
}
function notFound(name, path, cause) {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") {
    return new VeritySignError("key", `the notation plugin ${name} is not installed: there is no ${path}`, {
      remedy: "Install it with notation plugin install, as this user, or set NOTATION_LIBEXEC",
      cause
    });
  }
  return new VeritySignError("key", `the notation plugin ${name} cannot be used: ${path} (${cause.code})`, {
    remedy: "Check the permissions of that folder",
    cause
  });
}
function set(value) {
  return value === "" ? void 0 : value;
}

// src/signatures/signers/plugin/protocol.ts
var CONTRACT_VERSION = "1.0";
var RAW_GENERATOR = "SIGNATURE_GENERATOR.RAW";
var ENVELOPE_GENERATOR = "SIGNATURE_GENERATOR.ENVELOPE";
var SPECS = [
  { kind: "rsa", bits: 2048, digest: "sha256" },
  { kind: "rsa", bits: 3072, digest: "sha384" },
  { kind: "rsa", bits: 4096, digest: "sha512" },
  { kind: "ec", bits: 256, digest: "sha256" },
  { kind: "ec", bits: 384, digest: "sha384" },
  { kind: "ec", bits: 521, digest: "sha512" }
];
var HASH_NAMES = {
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512"
};
var text = string().min(1);
var METADATA = object({
  name: text,
  description: text,
  version: text,
  url: text,
  supportedContractVersions: array(string()).min(1),
  capabilities: array(string()).min(1)
});
var KEY = object({ keyId: string(), keySpec: string() });
var SIGNATURE = object({
  keyId: string(),
  signature: base64().min(1),
  signingAlgorithm: string(),
  certificateChain: array(base64().min(1)).min(1).max(20)
});
var FAILURE = object({
  errorCode: string().default(""),
  errorMessage: string().default("")
});
function readMetadata(response, plugin) {
  const metadata = read(METADATA, response, plugin, "get-plugin-metadata");
  if (metadata.name !== plugin) {
    throw new VeritySignError(
      "key",
      `the notation plugin in the folder ${plugin} calls itself ${printable(metadata.name)}`,
      { remedy: "Reinstall it with notation plugin install" }
    );
  }
  const versions = metadata.supportedContractVersions;
  if (!versions.includes(CONTRACT_VERSION)) {
    throw new VeritySignError(
      "key",
      `the notation plugin ${plugin} supports the contract versions ${printable(versions.join(", "))}, not ${CONTRACT_VERSION}`,
      { remedy: "Install a version of the plugin that works with notation 1.x" }
    );
  }
  return metadata;
}
function readKey(response, plugin, keyId) {
  const key = read(KEY, response, plugin, "describe-key");
  checkKeyId(key.keyId, keyId, plugin, "describe-key");
  const spec = SPECS.find((one5) => keySpecName(one5) === key.keySpec);
  if (spec !== void 0) return spec;
  throw new VeritySignError(
    "key",
    `the key of the notation plugin ${plugin} is of type ${printable(key.keySpec)}, which is not supported`,
    { remedy: `Use a key of one of the types ${SPECS.map(keySpecName).join(", ")}` }
  );
}
function readSignature(response, plugin, keyId, spec, named = true) {
  const command = "generate-signature";
  const { signature, signingAlgorithm, certificateChain, ...rest } = read(
    SIGNATURE,
    response,
    plugin,
    command
  );
  checkKeyId(rest.keyId, keyId, plugin, command);
  const wanted = `${spec.kind === "rsa" ? "RSASSA-PSS" : "ECDSA"}-${HASH_NAMES[spec.digest]}`;
  if (named && signingAlgorithm !== wanted) {
    throw nonconforming(plugin, command, `signingAlgorithm ${printable(signingAlgorithm)}, not ${wanted}`);
  }
  return {
    value: Buffer.from(signature, "base64"),
    chain: certificateChain.map((one5) => Buffer.from(one5, "base64"))
  };
}
function readFailure(stderr, redact) {
  let value;
  try {
    value = JSON.parse(stderr);
  } catch {
    return void 0;
  }
  const failure = FAILURE.safeParse(value).data;
  if (failure === void 0 || failure.errorCode === "" && failure.errorMessage === "") return void 0;
  const shown = (text2) => printable(redact(text2));
  return { code: shown(failure.errorCode), message: shown(failure.errorMessage) };
}
function nonconforming(plugin, command, what) {
  return new VeritySignError("key", `the notation plugin ${plugin} answered ${command} with ${what}`, {
    remedy: "Update the plugin, or report it to its publisher"
  });
}
function read(schema, response, plugin, command) {
  const result = schema.safeParse(response);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === void 0 || issue.path.length === 0 ? "" : ` in ${issue.path.join(".")}`;
  throw nonconforming(plugin, command, `JSON of an unexpected form${where} (${issue?.message ?? "unknown"})`);
}
function checkKeyId(got, wanted, plugin, command) {
  if (got === wanted) return;
  throw nonconforming(plugin, command, `the keyId "${printable(got)}" instead of "${printable(wanted)}"`);
}

// src/signatures/signers/plugin/run.ts
var MAX_OUTPUT = 64 * 1024 * 1024 - 1;
var PluginFailure = class extends VeritySignError {
  pluginCode;
  constructor(pluginCode, message, remedy) {
    super("key", message, { remedy });
    this.pluginCode = pluginCode;
  }
};
var REMEDIES = {
  VALIDATION_ERROR: "Check the key id in `key`, and `plugin-config`",
  UNSUPPORTED_CONTRACT_VERSION: "Install a version of the plugin that works with notation 1.x",
  ACCESS_DENIED: "Permit the identity that the plugin uses to read this key and to sign with it",
  TIMEOUT: "Try again later",
  THROTTLED: "Try again later, or raise the quota of the service behind the plugin"
};
var WITHHELD = /* @__PURE__ */ new Set([
  "NOTATION_USERNAME",
  "NOTATION_PASSWORD",
  "DOCKER_AUTH_CONFIG",
  "ACTIONS_RUNTIME_TOKEN",
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "NPM_TOKEN",
  "NODE_AUTH_TOKEN"
]);
function pluginEnvironment(from, secrets) {
  const env = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === void 0 || /^INPUT_/i.test(name) || Object.hasOwn(secrets, name)) continue;
    if (!WITHHELD.has(name)) env[name] = value;
  }
  return env;
}
async function callPlugin(plugin, command, request, read2) {
  const response = await withRetries(() => callOnce(plugin, command, request), retryable, plugin.signal);
  try {
    return read2(response);
  } catch (error) {
    if (!(error instanceof VeritySignError)) throw error;
    const { code, message, remedy } = error;
    throw new VeritySignError(
      code,
      redactor(plugin.secrets)(message),
      remedy === void 0 ? {} : { remedy }
    );
  }
}
function retryable(error) {
  if (!(error instanceof PluginFailure)) return void 0;
  return error.pluginCode === "THROTTLED" || error.pluginCode === "TIMEOUT" ? {} : void 0;
}
async function callOnce(plugin, command, request) {
  const { name, path, env, timeout, signal, secrets } = plugin;
  const stdin = JSON.stringify(request);
  let stdout;
  try {
    const options = { env, stdin, timeout, signal, secrets: written(secrets), maxOutput: MAX_OUTPUT };
    ({ stdout } = await run([path, command], options));
  } catch (error) {
    throw error instanceof ToolError ? failed(plugin, command, error) : error;
  }
  try {
    return JSON.parse(stdout.toString("utf8"));
  } catch {
    const what = stdout.length === 0 ? "nothing" : `${stdout.length} bytes that are not JSON`;
    throw nonconforming(name, command, what);
  }
}
function written(secrets) {
  return [...new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))];
}
function failed({ name, secrets }, command, error) {
  if (error.timedOut) {
    return new VeritySignError("key", `the notation plugin ${name} did not answer ${command} in time`, {
      remedy: "Check its access to the service that holds the key, or raise `timeout`",
      cause: error
    });
  }
  if (error.exitCode === void 0) {
    const reason = printable(error.message);
    return new VeritySignError("key", `the notation plugin ${name} failed at ${command}: ${reason}`, {
      remedy: "Check that notation can use the plugin: notation plugin ls",
      cause: error
    });
  }
  const failure = readFailure(error.stderr, redactor(secrets));
  if (failure !== void 0) {
    const { code, message: message2 } = failure;
    const said2 = [message2, code === "" ? "" : `(${code})`].filter(Boolean).join(" ");
    const remedy = Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : void 0;
    return new PluginFailure(
      code,
      `the notation plugin ${name} refused ${command}: ${said2}`,
      remedy ?? "See the plugin's documentation"
    );
  }
  const said = error.stderr === "" ? "" : `: ${printable(error.stderr)}`;
  const message = `the notation plugin ${name} failed at ${command} with exit status ${error.exitCode}${said}`;
  return new VeritySignError("key", message, {
    remedy: "See the plugin's documentation, and check that notation can use the plugin"
  });
}

// src/signatures/signers/plugin/notation-plugin.ts
var PROBE = Buffer.from("verity-sign signs this text to learn the certificate chain of a key.\n");
var SIGNING_SCHEME = "signing_scheme";
var PKCS1 = "rsassa-pkcs1-v1_5";
var OTHER_KEYS = "awskms://, azurekms://, gcpkms:// or hashivault://";
async function prepareNotationPlugin(reference, request) {
  const { keyId, plugin: name } = reference;
  const plugin = {
    name,
    path: await locatePlugin(name, process.env),
    env: pluginEnvironment(process.env, request.env),
    secrets: [...Object.values(request.env), ...request.secrets ?? []],
    timeout: request.timeout,
    signal: request.signal
  };
  const config = request.pluginConfig;
  const configured = Object.keys(config).length === 0 ? {} : { pluginConfig: config };
  const metadata = await callPlugin(
    plugin,
    "get-plugin-metadata",
    configured,
    (response) => readMetadata(response, name)
  );
  if (!metadata.capabilities.includes(RAW_GENERATOR)) throw noRawSignatures(name, metadata.capabilities);
  const described = { contractVersion: CONTRACT_VERSION, keyId, ...configured };
  const spec = await callPlugin(
    plugin,
    "describe-key",
    described,
    (response) => readKey(response, name, keyId)
  );
  const key = { plugin, keyId, config, spec };
  const { chain, publicKey } = await probe(key, request.purposes);
  const certificateChain = agreed(name, chain, request.certificates);
  return {
    holder: "notation-plugin",
    spec,
    publicKey,
    certificateChain,
    open: async () => signer(key, certificateChain)
  };
}
async function probe(key, purposes) {
  const isRsa = key.spec.kind === "rsa";
  const kernel = isRsa ? purposes.find(isForKernel) : void 0;
  const forKernel = kernel === void 0 ? void 0 : await generate(key, PROBE, kernel);
  const other = purposes.find((purpose) => !isForKernel(purpose));
  if (forKernel !== void 0 && other === void 0) return forKernel;
  const generated = await generate(key, PROBE, other ?? "layer");
  if (forKernel === void 0 || same(forKernel.chain, generated.chain)) return generated;
  throw otherCertificate(key.plugin.name);
}
function same(a, b) {
  return a.length === b.length && a.every((der, index) => b[index]?.equals(der) === true);
}
function signer(key, certificateChain) {
  return {
    certificateChain,
    async sign(bytes, purpose) {
      const { signature, chain } = await generate(key, bytes, purpose);
      const [leaf] = certificateChain;
      if (leaf === void 0 || chain[0]?.equals(leaf) !== true) throw otherCertificate(key.plugin.name);
      return signature;
    }
  };
}
async function generate({ plugin, keyId, config: given, spec }, bytes, purpose) {
  const command = "generate-signature";
  const config = configFor(given, spec, purpose);
  const forKernel = spec.kind === "rsa" && isForKernel(purpose);
  const request = {
    contractVersion: CONTRACT_VERSION,
    keyId,
    ...Object.keys(config).length === 0 ? {} : { pluginConfig: config },
    keySpec: keySpecName(spec),
    hashAlgorithm: HASH_NAMES[spec.digest],
    payload: Buffer.from(bytes).toString("base64")
  };
  const { value, chain } = await callPlugin(
    plugin,
    command,
    request,
    (response) => readSignature(response, plugin.name, keyId, spec, !forKernel)
  );
  const [leaf] = chain.map((der, index) => {
    try {
      return new X509Certificate(der);
    } catch {
      throw nonconforming(plugin.name, command, `a chain whose certificate ${index + 1} cannot be read`);
    }
  });
  if (leaf === void 0) throw nonconforming(plugin.name, command, "an empty certificate chain");
  const own = keySpecName(keySpecOf(leaf.publicKey));
  if (own !== keySpecName(spec)) {
    throw nonconforming(plugin.name, command, `a certificate for ${own} after a key of ${keySpecName(spec)}`);
  }
  const schemes = spec.kind === "rsa" ? ["rsa-pss"] : ["ecdsa-p1363", "ecdsa-der"];
  const found5 = (candidates) => candidates.find((one5) => holds({ scheme: one5, digest: spec.digest, value }, bytes, leaf.publicKey));
  const scheme = found5(forKernel ? ["rsa-pkcs1-v1_5"] : schemes);
  if (scheme === void 0 && forKernel && found5(schemes) !== void 0)
    throw pssForKernel(plugin.name, spec, purpose);
  if (scheme !== void 0) {
    const publicKey = leaf.publicKey.export({ format: "der", type: "spki" });
    return { signature: { scheme, digest: spec.digest, value }, chain, publicKey };
  }
  throw nonconforming(plugin.name, command, "a signature that its own certificate does not verify");
}
function configFor(given, { kind }, purpose) {
  if (kind !== "rsa") return given;
  if (isForKernel(purpose)) return { ...given, [SIGNING_SCHEME]: PKCS1 };
  const { [SIGNING_SCHEME]: scheme, ...others } = given;
  return scheme === PKCS1 ? others : given;
}
function otherCertificate(name) {
  return new VeritySignError(
    "key",
    `the notation plugin ${name} signed with a different certificate than at the start of the run`,
    { remedy: "Name one version of the key in `key`, or run again when its rotation is complete" }
  );
}
function agreed(name, returned, given) {
  if (given === void 0) return returned;
  const [long, short] = given.length > returned.length ? [given, returned] : [returned, given];
  const differing = short.findIndex((der, index) => Buffer.compare(der, long[index] ?? Buffer.of()) !== 0);
  if (differing === -1) return long;
  const which = differing === 0 ? "the first certificate" : `certificate ${differing + 1}`;
  throw new VeritySignError(
    "key",
    `${which} of \`certificate\` is not the one that the notation plugin ${name} signs with`,
    { remedy: "Omit `certificate`, since the plugin provides the chain, or give the chain of this key" }
  );
}
function noRawSignatures(name, capabilities) {
  if (!capabilities.includes(ENVELOPE_GENERATOR)) {
    return new VeritySignError("key", `the notation plugin ${name} does not sign, it only verifies`, {
      remedy: "Name a plugin that has keys"
    });
  }
  return new VeritySignError(
    "key",
    `the notation plugin ${name} makes signature envelopes but no raw signatures, which the signatures of layers need`,
    {
      remedy: `Use a plugin with the capability ${RAW_GENERATOR}, or a key at ${OTHER_KEYS}; such a plugin can sign the manifest with notation sign`
    }
  );
}
function pssForKernel(name, spec, purpose) {
  const isPolicy = purpose === "policy";
  const manifests = isPolicy ? "" : "; to sign manifests only, set `layers` to none";
  return new VeritySignError(
    "key",
    `the notation plugin ${name} signs with RSASSA-PSS, which the kernel does not support, so its ${keySpecName(spec)} key cannot sign ${isPolicy ? "policies" : "layers"}`,
    {
      remedy: `Use a plugin that makes PKCS#1 v1.5 signatures when it gets ${SIGNING_SCHEME}=${PKCS1}, or an EC key of the plugin, or name the key where it is kept, with ${OTHER_KEYS}${manifests}`
    }
  );
}
export {
  prepareNotationPlugin
};
