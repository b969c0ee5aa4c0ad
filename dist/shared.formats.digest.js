import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  string
} from "./shared.zod.v4.core.schemas.js";
import {
  AmbiguityError,
  FormatError,
  decoding
} from "./shared.formats.format-error.js";
import {
  DIGEST
} from "./shared.formats.digest-grammar.js";

// src/formats/digest.ts
import { createHash } from "node:crypto";
var digestSchema = string().regex(DIGEST, "not a sha256 or sha512 digest");
function sha256Digest(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

// src/formats/json-path.ts
var MOST = 80;
var MOST_STEPS = 10;
function atPath(path) {
  if (path.length === 0) return "";
  const steps = path.slice(-MOST_STEPS).map(step).join(".");
  return ` at ${path.length > MOST_STEPS ? "…." : ""}${steps}`;
}
function quoteName(name) {
  const short = name.length > MOST ? `${name.slice(0, MOST)}…` : name;
  return JSON.stringify(short).replaceAll(/[^ -~…]/g, escapeUnit);
}
function step(key) {
  const text = String(key);
  return /^[\w./+-]{0,80}$/.test(text) ? text : quoteName(text);
}
function escapeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/formats/json-text.ts
var MAX_DEPTH = 100;
var MAX_PARTS = 25e4;
var INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
var NUMBER = /-?[0-9][0-9.eE+-]*/y;
function checkJsonText(text) {
  const open = [];
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) {
    const level = open.at(-1);
    const char = text.charAt(at);
    if (char === "{" || char === "[") {
      if (open.length === MAX_DEPTH) throw new FormatError(`nests deeper than ${MAX_DEPTH} levels`);
      parts += 1;
      const isObject = char === "{";
      open.push({ names: isObject ? /* @__PURE__ */ new Set() : void 0, key: isObject ? "" : 0, atName: isObject });
    } else if (char === "}" || char === "]") open.pop();
    else if (char === ":" && level !== void 0) level.atName = false;
    else if (char === "," && level !== void 0) next(level);
    else if (char === '"') {
      const end = endOfString(text, at);
      const value = stringOf(text.slice(at, end), open);
      if (level?.atName === true) {
        addName(level, value, open);
        parts += 1;
      }
      at = end - 1;
    } else if (char === "-" || char >= "0" && char <= "9") {
      NUMBER.lastIndex = at;
      const [digits = char] = NUMBER.exec(text) ?? [];
      checkNumber(digits, open);
      at += digits.length - 1;
    }
    if (parts > MAX_PARTS) throw new FormatError(`has more than ${MAX_PARTS} names, objects and lists`);
  }
}
function next(level) {
  if (typeof level.key === "number") level.key += 1;
  else level.atName = true;
}
function addName(level, name, open) {
  if (level.names?.has(name)) {
    throw new AmbiguityError(`has the name ${quoteName(name)} twice${placeOf(open.slice(0, -1))}`);
  }
  if (name === "__proto__") {
    const where = placeOf(open.slice(0, -1));
    throw new AmbiguityError(`has the name "__proto__"${where}, which JavaScript programs read otherwise`);
  }
  level.names?.add(name);
  level.key = name;
}
function checkNumber(digits, open) {
  if (INTEGER.test(digits) && Number.isSafeInteger(Number(digits))) return;
  throw new AmbiguityError(
    `has the number ${digits.slice(0, 40)}${placeOf(open)}: programs agree only on integers in plain digits, up to ${Number.MAX_SAFE_INTEGER}`
  );
}
function endOfString(text, start) {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char === "\\") at += 1;
  }
  throw new FormatError("is not valid JSON");
}
function stringOf(quoted, open) {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  let value;
  try {
    value = JSON.parse(quoted);
  } catch (cause) {
    throw new FormatError("is not valid JSON", { cause });
  }
  if (value.isWellFormed()) return value;
  throw new AmbiguityError(`has half a surrogate pair in a text${placeOf(open)}`);
}
function placeOf(open) {
  return atPath(open.map(({ key }) => key).filter((key) => key !== ""));
}

// src/formats/fold-name.ts
function foldName(name) {
  return /^[ -~]*$/.test(name) ? name.toLowerCase() : Array.from(name, foldCharacter).join("");
}
function foldCharacter(character) {
  const upper = character.toUpperCase();
  return (isOne(upper) ? upper : character).toLowerCase();
}
function isOne(text) {
  return text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}

// src/formats/known-names.ts
function checkNames(schema, value) {
  visit(schema, value, []);
}
function visit(schema, value, path) {
  if (typeof value !== "object" || value === null) return;
  const { def } = schema._zod;
  switch (def.type) {
    case "object":
      if (!Array.isArray(value)) checkFields(def.shape, value, path);
      return;
    case "array":
      visitAll(value, path, () => def.element);
      return;
    case "record":
      visitAll(value, path, () => def.valueType);
      return;
    case "optional":
    case "nullable":
      visit(def.innerType, value, path);
      return;
    case "pipe":
      visit(def.in, value, path);
      return;
    case "string":
    case "number":
    case "boolean":
    case "literal":
    case "undefined":
      return;
    case "unknown":
      return;
    default:
      throw new TypeError(`the names in a schema of type ${def.type} cannot be checked`);
  }
}
function visitAll(value, path, schemaOf) {
  const one = (key, item) => {
    if (typeof item !== "object" || item === null) return;
    path.push(key);
    const schema = schemaOf(String(key));
    if (schema === void 0) checkUndeclared(item, path);
    else visit(schema, item, path);
    path.pop();
  };
  if (Array.isArray(value)) for (let index = 0; index < value.length; index += 1) one(index, value[index]);
  else for (const name of Object.keys(value)) one(name, value[name]);
}
function checkFields(shape, value, path) {
  const known = knownNames(shape);
  for (const name of Object.keys(value)) {
    const meant = known.get(foldName(name)) ?? name;
    if (meant === name) continue;
    throw new AmbiguityError(
      `has the name ${quoteName(name)}${atPath(path)}, which Go programs read as ${quoteName(meant)}`
    );
  }
  checkDistinct(value, path);
  visitAll(value, path, (name) => Object.hasOwn(shape, name) ? shape[name] : void 0);
}
var KNOWN = /* @__PURE__ */ new WeakMap();
function knownNames(shape) {
  const names = KNOWN.get(shape) ?? new Map(Object.keys(shape).map((name) => [foldName(name), name]));
  KNOWN.set(shape, names);
  return names;
}
function checkUndeclared(value, path) {
  if (!Array.isArray(value)) checkDistinct(value, path);
  visitAll(value, path, () => void 0);
}
function checkDistinct(value, path) {
  const seen = /* @__PURE__ */ new Map();
  for (const name of Object.keys(value)) {
    const folded = foldName(name);
    const other = seen.get(folded);
    if (other !== void 0) {
      throw new AmbiguityError(
        `has the names ${quoteName(other)} and ${quoteName(name)}${atPath(path)}, which Go programs take for the same`
      );
    }
    seen.set(folded, name);
  }
}

// src/formats/strict-json.ts
var MAX_EXPLAINED = 64 * 1024;
function parseStrictJson(schema, bytes, what) {
  try {
    return matchSchema(schema, decodeJson(bytes));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${what} that ${cause.message}`, { cause });
  }
}
function decodeJson(bytes) {
  if (bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191) {
    throw new FormatError("is not valid JSON: it begins with a byte order mark");
  }
  const text = decoding(
    "is not valid JSON: it is not UTF-8",
    () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  );
  try {
    checkJsonText(text);
  } catch (cause) {
    if (text.length <= MAX_EXPLAINED) parse(text);
    throw cause;
  }
  return parse(text);
}
function parse(text) {
  return decoding("is not valid JSON", () => JSON.parse(text));
}
function matchSchema(schema, value) {
  checkNames(schema, value);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = atPath(issue?.path ?? []);
  throw new FormatError(`is malformed${where}: ${issue?.message ?? "unknown form"}`, { cause: result.error });
}

export {
  digestSchema,
  sha256Digest,
  foldName,
  parseStrictJson,
  decodeJson,
  matchSchema
};
