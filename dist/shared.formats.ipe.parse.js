import {
  parsePolicyVersion
} from "./shared.commands.js";
import {
  FormatError
} from "./shared.options.js";

// src/formats/ipe/policy.ts
var OPERATIONS = [
  "EXECUTE",
  "FIRMWARE",
  "KMODULE",
  "KEXEC_IMAGE",
  "KEXEC_INITRAMFS",
  "POLICY",
  "X509_CERT"
];
function rootHashProperty(rootHash) {
  return `dmverity_roothash=sha256:${rootHash}`;
}
function layerFacts(rootHash, signed) {
  return /* @__PURE__ */ new Set([
    "boot_verified=FALSE",
    `dmverity_signature=${signed ? "TRUE" : "FALSE"}`,
    "fsverity_signature=FALSE",
    ...rootHash === void 0 ? [] : [rootHashProperty(rootHash)]
  ]);
}
function decide(policy, operation, facts) {
  const rule = policy.rules.find(
    (one) => one.operation === operation && one.properties.every((property) => facts.has(property))
  );
  return { action: rule?.action ?? defaultAction(policy, operation), rule };
}
function decideLayer(policy, rootHash) {
  const unsigned = decide(policy, "EXECUTE", layerFacts(rootHash, false));
  if (unsigned.action === "ALLOW") return { verdict: "allowed", rule: unsigned.rule };
  const signed = decide(policy, "EXECUTE", layerFacts(rootHash, true));
  return signed.action === "ALLOW" ? { verdict: "signed-only", rule: signed.rule } : { verdict: "denied", rule: unsigned.rule };
}
function defaultAction({ defaults, globalDefault }, operation) {
  const action = defaults.get(operation) ?? globalDefault;
  if (action === void 0) throw new TypeError(`the policy has no default for ${operation}`);
  return action;
}

// src/formats/ipe/parse.ts
var MOST_BYTES = 1024 * 1024;
var DIGITS = { sha1: 40, sha256: 64, sha384: 96, sha512: 128 };
var FLAGS = ["boot_verified", "dmverity_signature", "fsverity_signature"];
var DIGESTS = ["dmverity_roothash", "fsverity_digest"];
function parsePolicy(bytes) {
  if (bytes.length > MOST_BYTES) throw new FormatError(`has ${bytes.length} bytes`);
  if (bytes.includes(0)) throw new FormatError("contains a zero byte");
  const lines = Buffer.from(bytes).toString("latin1").split(/[\n\r]/);
  const contents = lines.map((text, index) => ({ line: index + 1, words: wordsOf(text) })).filter(({ words }) => words.length > 0);
  const [header, ...others] = contents;
  if (header === void 0) throw new FormatError("is empty");
  const reader = new Reader();
  const { name, version } = at(header.line, () => readHeader(header.words));
  for (const { line, words } of others) at(line, () => reader.add(line, words));
  return { name, version, ...reader.end() };
}
function wordsOf(text) {
  return text.replace(/#.*$/s, "").trimEnd().split(/[ \t]+/).filter((word) => word !== "");
}
function at(line, read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${error.message} (line ${line})`, { cause: error });
  }
}
function readHeader(words) {
  const [name, version] = ["policy_name=", "policy_version="].map((key, index) => {
    const word = words[index] ?? "";
    return word.startsWith(key) ? word.slice(key.length) : "";
  });
  if (!name || !version || words.length !== 2) {
    throw new FormatError("does not begin with policy_name=NAME policy_version=X.Y.Z");
  }
  return { name, version: parsePolicyVersion(version) };
}
var Reader = class {
  #globalDefault;
  #defaults = /* @__PURE__ */ new Map();
  #rules = [];
  add(line, words) {
    const isDefault = words[0] === "DEFAULT";
    const [first, ...properties] = words.slice(isDefault ? 1 : 0, -1);
    const operation = first === void 0 ? void 0 : readOperation(first);
    const action = readAction(words.at(-1) ?? "");
    if (isDefault) {
      if (properties.length > 0) throw new FormatError("has a property in a DEFAULT");
      this.#setDefault(operation, action);
    } else {
      if (operation === void 0) throw new FormatError("has a rule without op=");
      this.#rules.push({ line, operation, properties: properties.map(readProperty), action });
    }
  }
  #setDefault(operation, action) {
    const known = operation === void 0 ? this.#globalDefault : this.#defaults.get(operation);
    const name = operation === void 0 ? "DEFAULT" : `DEFAULT op=${operation}`;
    if (known !== void 0) throw new FormatError(`has ${name} twice`);
    if (operation === void 0) this.#globalDefault = action;
    else this.#defaults.set(operation, action);
  }
  end() {
    const missing = OPERATIONS.find((operation) => !this.#defaults.has(operation));
    if (this.#globalDefault === void 0 && missing !== void 0) {
      throw new FormatError(`has neither a DEFAULT nor a DEFAULT op=${missing}`);
    }
    return { globalDefault: this.#globalDefault, defaults: this.#defaults, rules: this.#rules };
  }
};
function readOperation(word) {
  const operation = OPERATIONS.find((one) => word === `op=${one}`);
  if (operation !== void 0) return operation;
  throw new FormatError(`has ${quote(word)} where an operation belongs, such as op=EXECUTE`);
}
function readAction(word) {
  if (word === "action=ALLOW") return "ALLOW";
  if (word === "action=DENY") return "DENY";
  throw new FormatError(`has ${quote(word)} at the end of a line, not action=ALLOW or action=DENY`);
}
function readProperty(word) {
  const [, name = "", value = ""] = /^([a-z_]+)=(.*)$/s.exec(word) ?? [];
  if (FLAGS.includes(name)) {
    if (value === "TRUE" || value === "FALSE") return word;
    throw new FormatError(`has ${quote(word)}; the value is TRUE or FALSE`);
  }
  if (!DIGESTS.includes(name)) throw new FormatError(`has the unknown property ${quote(word)}`);
  const [, algorithm = "", digits = ""] = /^([^:]+):([0-9A-Fa-f]*)$/.exec(value) ?? [];
  const expected = DIGITS[algorithm];
  if (digits === "" || digits.length % 2 === 1 || (expected ?? digits.length) !== digits.length) {
    throw new FormatError(`has ${quote(word)}; a digest is written as sha256: and 64 hexadecimal digits`);
  }
  return `${name}=${algorithm}:${digits.toLowerCase()}`;
}
function quote(word) {
  return JSON.stringify(word.slice(0, 200));
}

export {
  OPERATIONS,
  rootHashProperty,
  layerFacts,
  decide,
  decideLayer,
  defaultAction,
  parsePolicy
};
