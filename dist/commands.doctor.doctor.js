import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  recordedSettings
} from "./shared.commands.verify.recorded-settings.js";
import {
  decide,
  decideLayer,
  parsePolicy
} from "./shared.formats.ipe.parse.js";
import {
  withVerifiedImage
} from "./shared.commands.verify.require-verified.js";
import {
  readTrustedInput
} from "./shared.verifying.js";
import "./shared.notary.js";
import {
  UnsupportedMkfsError,
  createMkfsBuilder,
  findProgram
} from "./shared.mkfs.js";
import {
  readCertificate,
  withTempFolder
} from "./shared.images.js";
import {
  versionText
} from "./shared.commands.js";
import {
  FormatError,
  SUPPORTED_EROFS_UTILS,
  ZodError,
  array,
  boolean,
  compareVersions,
  findVersion,
  number,
  object,
  readRegular,
  recipesFor,
  record,
  run,
  string,
  unknown,
  unsupportedErofsUtils
} from "./shared.options.js";
import {
  firstErrorInOrder
} from "./shared.conversion.js";
import "./shared.threads.js";
import {
  FIRST_CONTAINERD,
  FIRST_LARGE_PAGES_CONTAINERD,
  FIRST_VERITY_CONTAINERD,
  RELEASE_CLASSES,
  isContainerdProfile
} from "./shared.inputs.js";
import {
  REPORT_HEAD,
  VeritySignError,
  fixedEnvironment,
  pathFolders
} from "./shared.start.js";

// builtin-load:load of src/commands/doctor/doctor.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:fs/promises of src/commands/doctor/doctor.ts
var found;
var all = () => found ??= load("node:fs/promises");
var one = (name) => all()[name];
var stat = /* @__PURE__ */ one("stat");

// src/commands/doctor/active-policy.ts
var IPE = "/sys/kernel/security/ipe";
var POLICIES = `${IPE}/policies`;
var UNREADABLE = {
  state: "unknown",
  found: "the active policy cannot be read",
  remedy: `Run as root, and look at ${POLICIES}/NAME/active`
};
async function readActivePolicy(files) {
  const folder = await files.list(POLICIES);
  if (folder.state !== "read") return UNREADABLE;
  let allSeen = true;
  for (const name of folder.names) {
    const active = await files.text(`${POLICIES}/${name}/active`);
    if (active === "1") return parsed(name, await files.read(`${POLICIES}/${name}/policy`));
    if (active !== "0") allSeen = false;
  }
  return allSeen ? { state: "none" } : UNREADABLE;
}
function parsed(name, file2) {
  if (file2.state !== "read") return UNREADABLE;
  try {
    return { state: "active", policy: parsePolicy(file2.bytes) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return {
      state: "unknown",
      found: `the active policy ${name} ${error.message}`,
      remedy: "Look at the policy"
    };
  }
}

// src/commands/doctor/check.ts
function ok(id, found8) {
  return { id, state: "ok", found: found8 };
}
function wrong(id, found8, remedy) {
  return { id, state: "wrong", found: found8, remedy };
}
function unknown2(id, found8, remedy) {
  return { id, state: "unknown", found: found8, remedy };
}

// src/commands/doctor/containerd/check-config.ts
var NAME_IT = "Write the settings that docs/nodes.md and the job summary show, or name the file with --containerd-config";
function checkConfig({ containerd, containerdVersion }, wanted) {
  if (containerd.state === "absent") {
    if ("unknown" in containerdVersion) {
      return [
        unknown2("containerd-config", `${containerd.path} is absent, and no containerd is found`, NAME_IT)
      ];
    }
    const found8 = `${containerd.path} is absent: containerd has its defaults, which use neither EROFS nor dm-verity`;
    return [wrong("containerd-config", found8, NAME_IT)];
  }
  if (containerd.state === "unreadable") {
    return [
      unknown2(
        "containerd-config",
        `${containerd.path} cannot be read: ${containerd.reason}`,
        "Run as root, and correct the file"
      )
    ];
  }
  const { settings, paths } = containerd;
  return [
    checkPlugins(settings, paths),
    checkDiffers(settings, wanted),
    checkMkfsOptions(settings, wanted),
    checkDiffer(settings, wanted),
    checkSnapshotter(settings),
    ...checkCache(settings, wanted)
  ];
}
var DIFFER = '[plugins."io.containerd.differ.v1.erofs"]';
var PLUGINS = [
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.mount-handler.v1.erofs",
  "io.containerd.mount-manager.v1.bolt",
  "io.containerd.service.v1.diff-service",
  "io.containerd.transfer.v1.local"
];
var TRANSFER = '[plugins."io.containerd.transfer.v1.local"]';
var SNAPSHOTTER = '[plugins."io.containerd.snapshotter.v1.erofs"]';
function checkPlugins({ disabledPlugins, differs = ["walking"], unpackDiffer }, paths) {
  const needed = [
    ...PLUGINS,
    ...[...differs, ...unpackDiffer === void 0 ? [] : [unpackDiffer]].map(
      (name) => `io.containerd.differ.v1.${name}`
    )
  ];
  const disabled = disabledPlugins.filter((name) => needed.includes(name));
  if (disabled.length === 0) return ok("containerd-config", paths.join(", "));
  return wrong(
    "containerd-config",
    `${paths.join(", ")}: disabled_plugins has ${disabled.join(", ")}`,
    "Remove it from disabled_plugins: layers are not pulled, or not mounted, without it"
  );
}
function checkDiffers({ differs = ["walking"], unpackDiffer }, wanted) {
  const isCache = wanted.profile === "containerd-cache";
  const shown = `default = ${JSON.stringify(differs)}`;
  if (differs[0] !== (isCache ? "walking" : "erofs")) {
    const set = isCache ? '["walking"]' : '["erofs", "walking"]';
    return wrong(
      "differs",
      shown,
      `Set default = ${set} in [plugins."io.containerd.service.v1.diff-service"]`
    );
  }
  if (isCache || unpackDiffer === void 0 || unpackDiffer === "erofs") return ok("differs", shown);
  return wrong(
    "differs",
    `${shown}, but the transfer service unpacks with the differ ${unpackDiffer}, which makes other images`,
    `Set differ = "erofs" in the entry of unpack_config for the snapshotter erofs, in ${TRANSFER}`
  );
}
function checkMkfsOptions({ mkfsOptions = [] }, wanted) {
  const [shown, needed] = [mkfsOptions, wanted.mkfsOptions].map(
    (words) => `mkfs_options = ${JSON.stringify(words)}`
  );
  if (wanted.profile === "containerd-cache")
    return ok("mkfs-options", "the images of a cache are not built here");
  if (shown === needed) return ok("mkfs-options", shown ?? "");
  return wrong(
    "mkfs-options",
    `${shown}, so that root hashes differ from the signed ones`,
    `Set ${needed} in ${DIFFER}`
  );
}
function checkDiffer({ differVerity = false, tarIndex = false }, { profile }) {
  const shown = `enable_dmverity = ${differVerity}, enable_tar_index = ${tarIndex}`;
  const index = profile === "containerd-tar-index";
  const needed = [
    ...differVerity || profile === "containerd-cache" ? [] : ["enable_dmverity = true"],
    ...tarIndex === index || profile === "containerd-cache" ? [] : [`enable_tar_index = ${index}`]
  ];
  if (needed.length === 0) return ok("differ", shown);
  return wrong(
    "differ",
    shown,
    `Set ${needed.join(" and ")} in ${DIFFER}: the signatures are those of profile ${profile}`
  );
}
function checkSnapshotter({ dmverityMode = "auto" }) {
  const shown = `dmverity_mode = ${JSON.stringify(dmverityMode)}`;
  if (dmverityMode === "on") return ok("snapshotter", shown);
  return wrong(
    "snapshotter",
    `${shown}: layers without a hash tree are mounted too`,
    `Set dmverity_mode = "on" in ${SNAPSHOTTER}`
  );
}
function checkCache({ layerCaches, excludesCache, unpackDiffer }, { profile }) {
  const isWanted = profile === "containerd-cache";
  const shown = `layer_content_caches = ${JSON.stringify(layerCaches)}`;
  if (layerCaches.length === 0) {
    const remedy = `Name the folder of the cache there, in ${SNAPSHOTTER}`;
    return isWanted ? [wrong("layer-cache", shown, remedy)] : [];
  }
  const relative = layerCaches.filter((path) => !path.startsWith("/"));
  if (excludesCache.length > 0 || relative.length > 0) {
    const refused = [
      ...excludesCache,
      ...relative.map((path) => `the relative path ${JSON.stringify(path)}`)
    ];
    return [
      wrong(
        "layer-cache",
        `${shown} with ${refused.join(" and ")}: the snapshotter does not start, and containerd runs no container`,
        `Name absolute paths, without enable_fsverity and set_immutable, in ${SNAPSHOTTER}`
      )
    ];
  }
  if (!isWanted) {
    return [
      unknown2(
        "layer-cache",
        `${shown}: layers that are there have the root hashes of profile containerd-cache, not of ${profile}`,
        `Remove it from ${SNAPSHOTTER}, or sign for containerd-cache and run doctor with that profile`
      )
    ];
  }
  if (unpackDiffer === "walking") return [ok("layer-cache", shown)];
  return [
    wrong(
      "layer-cache",
      `${shown}, but the transfer service does not unpack with the differ walking`,
      `Add {platform = "linux", snapshotter = "erofs", differ = "walking"} to unpack_config in ${TRANSFER}`
    )
  ];
}

// src/commands/doctor/containerd/check-cri.ts
var KUBELET = "/var/lib/kubelet";
var CRI = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images"];
async function checkCri({ files, containerd }) {
  if (containerd.state !== "read") return [];
  const { cri, disabledPlugins } = containerd.settings;
  if (disabledPlugins.some((name) => CRI.includes(name))) return [];
  if ((await files.list(KUBELET)).state === "absent") return [];
  const shown = `snapshotter = ${JSON.stringify(cri.snapshotter ?? "overlayfs")}`;
  if (cri.snapshotter === "erofs") return [ok("cri-snapshotter", shown)];
  if (cri.erofsRuntimes.length > 0)
    return [ok("cri-snapshotter", `${shown}, but "erofs" for pods of ${cri.erofsRuntimes.join(", ")}`)];
  return [
    wrong(
      "cri-snapshotter",
      `${shown}: no pod uses the EROFS snapshotter`,
      'Set snapshotter = "erofs" in [plugins."io.containerd.cri.v1.images"], and name the layers of the sandbox image in the policy too'
    )
  ];
}

// src/commands/doctor/containerd/check-version.ts
function checkContainerdVersion({ containerdVersion: found8 }, { profile }) {
  const [first] = [FIRST_CONTAINERD[profile], FIRST_VERITY_CONTAINERD].toSorted(
    (a, b) => compareVersions(b, a)
  );
  const needed = `profile ${profile} with dm-verity needs containerd ${first} or later`;
  if ("unknown" in found8)
    return unknown2("containerd-version", found8.unknown, `Look at containerd --version: ${needed}`);
  const shown = `${found8.version} (${found8.from})`;
  if (compareVersions(found8.version, first ?? "") >= 0) return ok("containerd-version", shown);
  return wrong("containerd-version", shown, `Update containerd: ${needed}`);
}
function isOlder({ containerdVersion: found8 }, release) {
  return "unknown" in found8 ? void 0 : compareVersions(found8.version, release) < 0;
}
async function checkFsmeta({ files, containerd }) {
  if (containerd.state !== "read") {
    return unknown2(
      "fsmeta",
      "the folder of the snapshotter is unknown",
      "Correct the line containerd-config first"
    );
  }
  const folder = containerd.settings.snapshots;
  const listed = await files.list(folder);
  if (listed.state === "absent") return ok("fsmeta", `${folder} does not exist yet`);
  if (listed.state === "unreadable") {
    return unknown2("fsmeta", `${folder} cannot be read (${listed.reason})`, "Run as root");
  }
  const stale = [];
  for (const snapshot of listed.names) {
    const found8 = await files.list(`${folder}/${snapshot}`);
    if (found8.state === "unreadable" && found8.reason !== "ENOTDIR") {
      return unknown2("fsmeta", `${folder}/${snapshot} cannot be read (${found8.reason})`, "Run as root");
    }
    if (found8.state === "read" && found8.names.includes("fsmeta.erofs"))
      stale.push(`${snapshot}/fsmeta.erofs`);
  }
  if (stale.length === 0) return ok("fsmeta", `no fsmeta.erofs in ${listed.names.length} snapshots`);
  const shown = stale.length > 3 ? `${stale.slice(0, 3).join(", ")} and ${stale.length - 3} more` : stale.join(", ");
  return wrong(
    "fsmeta",
    `${folder} has ${shown}: containerd mounts them without dm-verity`,
    "Remove the images of these snapshots, and pull them again"
  );
}

// builtin-load:load of src/commands/doctor/containerd/config.ts
import { createRequire as createRequire2 } from "node:module";
var load2 = createRequire2(import.meta.url);

// builtin:node:buffer of src/commands/doctor/containerd/config.ts
var found2;
var all2 = () => found2 ??= load2("node:buffer");
var one2 = (name) => all2()[name];
var isUtf8 = /* @__PURE__ */ one2("isUtf8");

// builtin:node:path of src/commands/doctor/containerd/config.ts
var found3;
var all3 = () => found3 ??= load2("node:path");
var one3 = (name) => all3()[name];
var join = /* @__PURE__ */ one3("join");

// node_modules/smol-toml/dist/error.js
function getLineColFromPtr(string2, ptr) {
  let lines = string2.slice(0, ptr).split(/\r?\n/);
  return [lines.length, lines.pop().length + 1];
}
function makeCodeBlock(string2, line, column) {
  let lines = string2.split(/\r?\n/);
  let codeblock = "";
  let numberLen = (Math.log10(line + 1) | 0) + 1;
  for (let i = line - 1; i <= line + 1; i++) {
    let l = lines[i - 1];
    if (!l)
      continue;
    codeblock += i.toString().padEnd(numberLen, " ");
    codeblock += ":  ";
    codeblock += l;
    codeblock += "\n";
    if (i === line) {
      codeblock += " ".repeat(numberLen + column + 2);
      codeblock += "^\n";
    }
  }
  return codeblock;
}
var TomlError = class _TomlError extends Error {
  line;
  column;
  codeblock;
  constructor(message, options) {
    const [line, column] = getLineColFromPtr(options.toml, options.ptr);
    const codeblock = makeCodeBlock(options.toml, line, column);
    super(`Invalid TOML document: ${message}

${codeblock}`, options);
    this.line = line;
    this.column = column;
    this.codeblock = codeblock;
  }
  /** @internal */
  static x(message, ctx, ptr) {
    throw new _TomlError(message, { toml: ctx.s, ptr: ptr ?? ctx.p });
  }
};

// node_modules/smol-toml/dist/primitive.js
function parseString(ctx) {
  let startPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p++);
  let first = c;
  let isLiteral = c === 39;
  let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
  if (isMultiline) {
    if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10)
      ctx.p++;
    else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)
      ctx.p += 2;
  }
  let parsed2 = "";
  let sliceStart = ctx.p;
  let state = 0;
  for (; ctx.p < ctx.s.length; ctx.p++) {
    c = ctx.s.charCodeAt(ctx.p);
    if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) {
      state = state && 3;
    } else if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in strings", ctx);
    } else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
      if (isMultiline) {
        if (ctx.s.charCodeAt(ctx.p + 3) === first)
          ctx.p++;
        if (ctx.s.charCodeAt(ctx.p + 3) === first)
          ctx.p++;
      }
      if (!state) {
        let s = ctx.s.slice(sliceStart, ctx.p);
        parsed2 = parsed2 ? parsed2 + s : s;
      }
      ctx.p += isMultiline ? 3 : 1;
      return parsed2;
    } else if (!state) {
      if (!isLiteral && c === 92) {
        parsed2 += ctx.s.slice(sliceStart, sliceStart = ctx.p);
        state = 1;
      }
    } else if (state === 1) {
      if (c === 120 || c === 117 || c === 85) {
        let errPtr = ctx.p++ - 1;
        let value = 0;
        let len = c === 120 ? 2 : c === 117 ? 4 : 8;
        for (let j = 0; j < len; j++, ctx.p++) {
          let hex = ctx.s.charCodeAt(ctx.p);
          let digit = (
            /* 0-9 */
            hex >= 48 && hex <= 57 ? hex - 48 : (
              /* A-F */
              hex >= 65 && hex <= 70 ? hex - 65 + 10 : (
                /* a-f */
                hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1
              )
            )
          );
          if (digit < 0)
            TomlError.x("invalid non-hex character in unicode escape", ctx);
          value = value << 4 | digit;
        }
        if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) {
          TomlError.x("invalid unicode escape", ctx, errPtr);
        }
        parsed2 += String.fromCodePoint(value);
        sliceStart = ctx.p--;
        state = 0;
      } else if (isMultiline && (c === 32 || c === 9)) {
        state = 2;
      } else {
        if (c === 98)
          parsed2 += "\b";
        else if (c === 116)
          parsed2 += "	";
        else if (c === 110)
          parsed2 += "\n";
        else if (c === 102)
          parsed2 += "\f";
        else if (c === 114)
          parsed2 += "\r";
        else if (c === 101)
          parsed2 += "\x1B";
        else if (c === 34)
          parsed2 += '"';
        else if (c === 92)
          parsed2 += "\\";
        else
          TomlError.x("unrecognised escape sequence", ctx);
        sliceStart = ctx.p + 1;
        state = 0;
      }
    } else if (c !== 32 && c !== 9) {
      if (state === 2)
        TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
      state = !isLiteral && c === 92 ? 1 : 0;
      sliceStart = ctx.p;
    }
  }
  TomlError.x("unfinished string", ctx, startPtr);
}

// node_modules/smol-toml/dist/date.js
var DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class _TomlDate extends Date {
  #hasDate = false;
  #hasTime = false;
  #offset = null;
  constructor(date, fasttype, unsafeDelim) {
    let hasDate = true;
    let hasTime = true;
    let offset = "Z";
    let c;
    if (typeof date === "string") {
      if (fasttype)
        prep: {
          if (fasttype < 3) {
            if (+date.slice(11, 13) > 23) {
              date = "";
              break prep;
            }
            if (fasttype === 2) {
              offset = null;
              date += "Z";
            } else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) {
              offset = date.slice(date.length - 6);
            }
            if (unsafeDelim)
              date = date.slice(0, 10) + "T" + date.slice(11);
          } else if (fasttype === 4) {
            date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
          }
          hasDate = fasttype !== 4;
          hasTime = fasttype !== 3;
        }
      else {
        let match = date.match(DATE_TIME_RE);
        if (match) {
          if (!match[1]) {
            hasDate = false;
            date = `0000-01-01T${date}`;
          }
          hasTime = !!match[2];
          hasTime && date[10] === " " && (date = date.replace(" ", "T"));
          if (match[2] && +match[2] > 23) {
            date = "";
          } else {
            offset = match[3] || null;
            if (!offset && hasTime)
              date += "Z";
          }
        } else {
          date = "";
        }
      }
    }
    super(date);
    if (!isNaN(this.getTime())) {
      this.#hasDate = hasDate;
      this.#hasTime = hasTime;
      this.#offset = offset;
    }
  }
  isDateTime() {
    return this.#hasDate && this.#hasTime;
  }
  isLocal() {
    return !this.#hasDate || !this.#hasTime || !this.#offset;
  }
  isDate() {
    return this.#hasDate && !this.#hasTime;
  }
  isTime() {
    return this.#hasTime && !this.#hasDate;
  }
  isValid() {
    return this.#hasDate || this.#hasTime;
  }
  toISOString() {
    let iso = super.toISOString();
    if (this.isDate())
      return iso.slice(0, 10);
    if (this.isTime())
      return iso.slice(11, 23);
    if (this.#offset === null)
      return iso.slice(0, -1);
    if (this.#offset === "Z" || this.#offset === "z")
      return iso;
    let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
    offset = this.#offset[0] === "-" ? offset : -offset;
    let offsetDate = new Date(this.getTime() - offset * 6e4);
    return offsetDate.toISOString().slice(0, -1) + this.#offset;
  }
  static wrapAsOffsetDateTime(jsDate, offset = "Z") {
    let date = new _TomlDate(jsDate);
    date.#offset = offset;
    return date;
  }
  static wrapAsLocalDateTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#offset = null;
    return date;
  }
  static wrapAsLocalDate(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasTime = false;
    date.#offset = null;
    return date;
  }
  static wrapAsLocalTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasDate = false;
    date.#offset = null;
    return date;
  }
};

// node_modules/smol-toml/dist/extract.js
function isDigit(char, base = 10) {
  return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
function isEndOfValue(char, delim) {
  return char === 32 || char === 9 || char === 10 || char === 13 || // Structure end or next value delimiter
  delim && (char === delim || char === 44) || // Comment
  char === 35;
}
function extractValue(ctx, end) {
  let errPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p);
  if (c === 91 || c === 123) {
    ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
    let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
    ctx.d++;
    return value;
  }
  if (c === 34 || c === 39) {
    return parseString(ctx);
  }
  if (c === 116) {
    if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101)
      TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, true;
  }
  if (c === 102) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101)
      TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, false;
  }
  if (c === 43 || c === 45) {
    return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) {
    return parseDate(ctx, c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 2) === 58) {
    return parseTime(ctx, c, end);
  }
  return parseNumber(ctx, ctx.p, c, 0, end);
}
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
  let c = startChr;
  let state = 0;
  let hasUnderscores = false;
  if (c === 105) {
    if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102)
      TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, (sign || 1) / 0;
  }
  if (c === 110) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110)
      TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, NaN;
  }
  if (c === 48) {
    if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr))
      return ctx.bi === true ? 0n : 0;
    if (!sign) {
      if (c === 120)
        return parseIntegerBaseN(ctx, startPtr, 16, endChr);
      else if (c === 98)
        return parseIntegerBaseN(ctx, startPtr, 2, endChr);
      else if (c === 111)
        return parseIntegerBaseN(ctx, startPtr, 8, endChr);
    }
    if (c === 46)
      state = 2;
    else if (c === 101 || c === 69)
      state = 4;
    else
      TomlError.x("illegal leading zero", ctx, startPtr);
  } else if (!isDigit(c))
    TomlError.x("invalid value", ctx, startPtr);
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (!state)
      state = 1;
    if (c === 95) {
      if (!(state & 1))
        TomlError.x("illegal underscore", ctx);
      state += 11;
      hasUnderscores = true;
    } else if (state === 1 && c === 46)
      state = 2;
    else if ((state === 1 || state === 3) && (c === 101 || c === 69))
      state = 4;
    else if (state === 4 && (c === 43 || c === 45)) {
      state = 6;
    } else if (!isDigit(c))
      TomlError.x(`illegal character in numeric literal`, ctx);
    else if (state > 9)
      state -= 11;
    else if (!(state & 1))
      state++;
  }
  if (!state) {
    let val = (startChr - 48) * (sign || 1);
    return ctx.bi === true ? BigInt(val) : val;
  }
  if (!(state & 1))
    TomlError.x("unfinished numeric value", ctx, startPtr);
  let str = ctx.s.slice(startPtr, ctx.p);
  if (hasUnderscores)
    str = str.replaceAll("_", "");
  return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
  let c, underscore = 1;
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (c === 95) {
      if (underscore & 1)
        TomlError.x("illegal underscore", ctx);
      underscore = 3;
    } else if (!isDigit(c, base))
      TomlError.x(`illegal character in numeric literal`, ctx);
    else if (underscore & 1)
      underscore--;
  }
  if (underscore & 1)
    TomlError.x("unfinished numeric value", ctx);
  let str = ctx.s.slice(startPtr + 2, ctx.p);
  if (underscore)
    str = str.replaceAll("_", "");
  return parseInteger(ctx, str, base, startPtr);
}
function parseInteger(ctx, str, base, startPtr) {
  if (ctx.bi !== true)
    int: {
      let val = parseInt(str, base);
      if (!Number.isSafeInteger(val)) {
        if (ctx.bi)
          break int;
        TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
      }
      return val;
    }
  return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
function parseDate(ctx, c, endChr) {
  let startPtr = ctx.p++, unsafeSeparator;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) {
    return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
  }
  ctx.p += 5;
  if (!isDigit(ctx.s.charCodeAt(ctx.p++)))
    TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
  if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) {
    let t2 = ctx.s.slice(startPtr, ctx.p);
    return readDate(ctx, t2, 3, false, startPtr);
  }
  if (ctx.s.charCodeAt(ctx.p += 3) !== 58)
    TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
  if (ctx.s.charCodeAt(ctx.p += 3) === 58)
    ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46)
    while (isDigit(ctx.s.charCodeAt(++ctx.p)))
      ;
  if (c = ctx.s.charCodeAt(ctx.p)) {
    if (c === 90 || c === 122) {
      let t2 = ctx.s.slice(startPtr, ++ctx.p);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, "[+00:00]");
    }
    if (c === 43 || c === 45) {
      let t2 = ctx.s.slice(startPtr, ctx.p += 6);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
    }
  }
  let t = ctx.s.slice(startPtr, ctx.p);
  return readDate(ctx, t, 2, unsafeSeparator, startPtr);
}
function parseTime(ctx, c, endChr) {
  let start = ctx.p;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) {
    return parseNumber(ctx, --ctx.p, c, 0, endChr);
  }
  if (ctx.s.charCodeAt(ctx.p += 4) === 58)
    ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46)
    while (isDigit(ctx.s.charCodeAt(++ctx.p)))
      ;
  let t = ctx.s.slice(start, ctx.p);
  return readDate(ctx, t, 4, false, start);
}
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
  if (ctx.ld) {
    let date = new TomlDate(str, type, unsafeDelim);
    if (!date.isValid())
      TomlError.x("invalid date", ctx, errPtr);
    return date;
  }
  try {
    if (temporalSuffix)
      str += temporalSuffix;
    switch (type) {
      case 1:
        return Temporal.ZonedDateTime.from(str);
      case 2:
        return Temporal.PlainDateTime.from(str);
      case 3:
        return Temporal.PlainDate.from(str);
      case 4:
        return Temporal.PlainTime.from(str);
    }
  } catch (e) {
    TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
  }
}

// node_modules/smol-toml/dist/util.js
function skipComment(ctx) {
  for (; ctx.p < ctx.s.length; ctx.p++) {
    let c = ctx.s.charCodeAt(ctx.p);
    if (c === 10)
      break;
    if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
      ctx.p++;
      break;
    }
    if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in comments", ctx);
    }
  }
}
function skipVoid(ctx, banNewLines, banComments) {
  let c;
  while (ctx.p < ctx.s.length) {
    while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)))
      ctx.p++;
    if (banComments || c !== 35)
      break;
    skipComment(ctx);
  }
}

// node_modules/smol-toml/dist/struct.js
function parseKey(ctx, end = 61) {
  let startPtr;
  let state = 0;
  let parsed2 = [];
  let sliceStart;
  let c = ctx.s.charCodeAt(startPtr = ctx.p);
  do {
    if (c === end) {
      if (!state)
        TomlError.x("unexpected end of key", ctx);
      if (state === 1)
        parsed2.push(ctx.s.slice(sliceStart, ctx.p));
      return ctx.p++, parsed2;
    } else if (c === 46) {
      if (!state)
        TomlError.x("illegal empty bare key", ctx);
      if (state === 1)
        parsed2.push(ctx.s.slice(sliceStart, ctx.p));
      state = 0;
    } else if (!state && (c === 34 || c === 39)) {
      if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2))
        TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
      parsed2.push(parseString(ctx));
      state = 2;
      ctx.p--;
    } else if (c === 32 || c === 9) {
      if (state === 1) {
        parsed2.push(ctx.s.slice(sliceStart, ctx.p));
        state = 2;
      }
    } else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) {
      TomlError.x("illegal character in key", ctx);
    } else if (!state) {
      state = 1;
      sliceStart = ctx.p;
    }
  } while (c = ctx.s.charCodeAt(++ctx.p));
  TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
function parseInlineTable(ctx) {
  let startPtr = ctx.p++;
  let res = /* @__PURE__ */ Object.create(null);
  let seen = /* @__PURE__ */ new Set();
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
      ctx.p++;
      return res;
    }
    let k;
    let t = res;
    let hasOwn = false;
    let errPtr = ctx.p;
    let key = parseKey(ctx);
    for (let i = 0; i < key.length; i++) {
      if (i)
        t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      k = key[i];
      if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) {
        TomlError.x("trying to redefine an already defined value", ctx, errPtr);
      }
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor")) {
        t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
        break;
      }
      if (!hasOwn && unsafe) {
        Object.defineProperty(t, k, { enumerable: true, configurable: true, writable: true });
      }
    }
    if (hasOwn) {
      TomlError.x("trying to redefine an already defined value", ctx, errPtr);
    }
    skipVoid(ctx, true, true);
    let value = extractValue(
      ctx,
      125
      /* } */
    );
    if (t && typeof (t[k] = value) === "object")
      seen.add(value);
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) {
      return res;
    }
    if (c !== 44)
      TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished table", ctx, startPtr);
}
function parseArray(ctx) {
  let startPtr = ctx.p++;
  let res = [];
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
      ctx.p++;
      return res;
    }
    res.push(extractValue(
      ctx,
      93
      /* ] */
    ));
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) {
      return res;
    }
    if (c !== 44)
      TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished array", ctx, startPtr);
}

// node_modules/smol-toml/dist/parse.js
function peekTable(ctx, key, table2, meta, type) {
  let t = table2;
  let m = meta;
  let k;
  let hasOwn = false;
  let state;
  for (let i = 0; i < key.length; i++) {
    if (i) {
      t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      m = (state = m[k]).c;
      if (type === 0 && (state.t === 1 || state.t === 2)) {
        return null;
      }
      if (state.t === 2) {
        let l = t.length - 1;
        t = t[l];
        m = m[l].c;
      }
    }
    k = key[i];
    if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) {
      return null;
    }
    if (!hasOwn) {
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor"))
        return false;
      if (unsafe) {
        Object.defineProperty(t, k, { enumerable: true, configurable: true, writable: true });
        Object.defineProperty(m, k, { enumerable: true, configurable: true, writable: true });
      }
      m[k] = {
        t: i < key.length - 1 && type === 2 ? 3 : type,
        d: false,
        i: 0,
        c: /* @__PURE__ */ Object.create(null)
      };
    }
  }
  state = m[k];
  if (state.t !== type && !(type === 1 && state.t === 3)) {
    return null;
  }
  if (type === 2) {
    if (!state.d) {
      state.d = true;
      t[k] = [];
    }
    t[k].push(t = /* @__PURE__ */ Object.create(null));
    state.c[state.i++] = state = { t: 1, d: false, i: 0, c: /* @__PURE__ */ Object.create(null) };
  }
  if (state.d) {
    return null;
  }
  state.d = true;
  if (type === 1) {
    t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
  } else if (type === 0 && hasOwn) {
    return null;
  }
  return [k, t, state.c];
}
function validateTablePeek(ctx, peek, ptr) {
  if (peek === null || ctx.uk === 2)
    TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
function parse(toml, options = {}) {
  let ctx = {
    s: toml,
    p: 0,
    d: options.maxDepth ?? 1e3,
    bi: options.integersAsBigInt ?? false,
    ld: options.useLegacyDate ?? true,
    uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
  };
  let res = /* @__PURE__ */ Object.create(null);
  let meta = /* @__PURE__ */ Object.create(null);
  let tmp;
  let skipping = false;
  let tbl = res;
  let m = meta;
  if (toml.charCodeAt(0) === 65279)
    ctx.p++;
  skipVoid(ctx);
  while (ctx.p < toml.length) {
    if (toml.charCodeAt(ctx.p) === 91) {
      let isTableArray = toml.charCodeAt(++ctx.p) === 91;
      tmp = ctx.p += +isTableArray;
      skipping = false;
      let k = parseKey(
        ctx,
        93
        /* ] */
      );
      if (isTableArray) {
        if (toml.charCodeAt(ctx.p) !== 93) {
          TomlError.x("expected end of table array declaration", ctx);
        }
        ctx.p++;
      }
      let p = peekTable(
        ctx,
        k,
        res,
        meta,
        isTableArray ? 2 : 1
        /* Type.EXPLICIT */
      );
      if (!p) {
        validateTablePeek(ctx, p, tmp);
        skipping = true;
      } else {
        m = p[2];
        tbl = p[1];
      }
    } else {
      tmp = ctx.p;
      let k = parseKey(ctx);
      let p = peekTable(
        ctx,
        k,
        tbl,
        m,
        0
        /* Type.DOTTED */
      );
      if (!p && !skipping)
        validateTablePeek(ctx, p, tmp);
      skipVoid(ctx, true, true);
      let v = extractValue(ctx, void 0);
      if (p && !skipping)
        p[1][p[0]] = v;
    }
    skipVoid(ctx, true);
    if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) {
      TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
    }
    skipVoid(ctx);
  }
  return res;
}

// node_modules/smol-toml/dist/stringify.js
var HAS_WELLFORMED = !!"".isWellFormed;

// src/commands/doctor/containerd/cri.ts
var FIRST_NEW_NAMES = 4;
var snapshotter = string().optional();
var runtimes = record(string(), object({ snapshotter })).optional();
var plugins = object({
  "io.containerd.cri.v1.images": object({ snapshotter }).optional(),
  "io.containerd.cri.v1.runtime": object({ containerd: object({ runtimes }).optional() }).optional(),
  "io.containerd.grpc.v1.cri": object({ containerd: object({ snapshotter, runtimes }).optional() }).optional()
});
function withCri(earlier, version, given) {
  const read = plugins.parse(given);
  const old = version < FIRST_NEW_NAMES ? read["io.containerd.grpc.v1.cri"]?.containerd : void 0;
  const own = { ...read["io.containerd.cri.v1.runtime"]?.containerd?.runtimes, ...old?.runtimes };
  const others = earlier.erofsRuntimes.filter((name) => own[name]?.snapshotter === void 0);
  const added = Object.keys(own).filter((name) => own[name]?.snapshotter === "erofs");
  return {
    snapshotter: old?.snapshotter ?? read["io.containerd.cri.v1.images"]?.snapshotter ?? earlier.snapshotter,
    erofsRuntimes: [...others, ...added]
  };
}

// builtin-load:load of src/commands/doctor/containerd/imports.ts
import { createRequire as createRequire3 } from "node:module";
var load3 = createRequire3(import.meta.url);

// builtin:node:path of src/commands/doctor/containerd/imports.ts
var found4;
var all4 = () => found4 ??= load3("node:path");
var one4 = (name) => all4()[name];
var resolve = /* @__PURE__ */ one4("resolve");
var join2 = /* @__PURE__ */ one4("join");
var dirname = /* @__PURE__ */ one4("dirname");

// src/commands/doctor/containerd/imports.ts
async function importedPaths(files, from, item) {
  const path = resolve(dirname(from), item);
  if (!path.includes("*")) return { paths: [path] };
  const parts = path.slice(1).split("/");
  const plain = parts.findIndex((part) => /[*?[\\]/.test(part));
  let paths = [`/${parts.slice(0, plain).join("/")}`];
  for (const part of parts.slice(plain)) {
    const pattern = parsePattern(part);
    if (pattern === void 0) return { path: from, reason: `the import ${item} is no valid pattern` };
    const found8 = [];
    for (const folder of paths) {
      const listed = await files.list(folder);
      if (listed.state === "unreadable") return { path: folder, reason: listed.reason };
      if (listed.state === "absent") continue;
      found8.push(...listed.names.filter((name) => matches(pattern, name)).map((name) => join2(folder, name)));
    }
    paths = found8;
  }
  return { paths };
}
var IN_CLASS = String.raw`\\.|[^\\\]-]`;
var RANGE = `(${IN_CLASS})(?:-(${IN_CLASS}))?`;
var TERM = new RegExp(String.raw`\*|\?|\[(?:\^|(?!\^))(?:${RANGE})+\]|\\.|[^*?[\\]`, "gsu");
function parsePattern(text) {
  const terms = text.match(TERM) ?? [];
  if (terms.join("") !== text) return void 0;
  return terms.map((term) => {
    if (term === "*") return term;
    if (term === "?") return () => true;
    if (!term.startsWith("[")) return (character) => character === unescaped(term);
    const isNegated = term.startsWith("[^");
    const ranges = [...term.slice(isNegated ? 2 : 1, -1).matchAll(new RegExp(RANGE, "gsu"))].map(
      ([, low = "", high = low]) => [codeOf(unescaped(low)), codeOf(unescaped(high))]
    );
    return (character) => ranges.some(([low, high]) => low <= codeOf(character) && codeOf(character) <= high) !== isNegated;
  });
}
function unescaped(text) {
  return text.replace(/^\\/, "");
}
function codeOf(character) {
  return character.codePointAt(0) ?? 0;
}
function matches(pattern, name) {
  const characters = [...name];
  let [at, term, star, from] = [0, 0, -1, 0];
  while (at < characters.length) {
    const one7 = pattern[term];
    if (one7 === "*") {
      star = term;
      from = at;
      term += 1;
    } else if (one7?.(characters[at] ?? "")) {
      at += 1;
      term += 1;
    } else if (star >= 0) {
      from += 1;
      at = from;
      term = star + 1;
    } else return false;
  }
  return pattern.slice(term).every((one7) => one7 === "*");
}

// src/commands/doctor/containerd/config.ts
var DEFAULT_ROOT = "/var/lib/containerd";
var MOST_FILES = 64;
var table = record(string(), unknown());
var strings = array(string());
var differ = object({
  mkfs_options: strings.optional(),
  enable_dmverity: boolean().optional(),
  enable_tar_index: boolean().optional()
});
var snapshotter2 = object({
  root_path: string().optional(),
  dmverity_mode: string().optional(),
  layer_content_caches: strings.optional(),
  enable_fsverity: boolean().optional(),
  set_immutable: boolean().optional()
});
var diffService = object({ default: strings.optional() });
var transfer = object({
  unpack_config: array(
    object({
      platform: string().optional(),
      snapshotter: string().optional(),
      differ: string().optional()
    })
  ).optional()
});
var OTHER_SYSTEM = /^(windows|darwin|freebsd)\b/i;
var NEWEST_VERSION = 4;
var FIRST_FULL_NAMES = 2;
var file = object({
  version: number().int().min(0).max(NEWEST_VERSION, `newer than ${NEWEST_VERSION}, and containerd 2.4 does not start with it`).default(0),
  imports: strings.optional(),
  root: string().optional(),
  disabled_plugins: strings.optional(),
  plugins: table.optional()
});
async function readContainerdConfig(files, path) {
  const queue = [path];
  const paths = [];
  const plugins2 = {};
  const disabled = /* @__PURE__ */ new Set();
  let cri = { snapshotter: void 0, erofsRuntimes: [] };
  let root = DEFAULT_ROOT;
  for (let next = queue.shift(); next !== void 0; next = queue.shift()) {
    if (paths.includes(next)) continue;
    if (paths.length === MOST_FILES)
      return { state: "unreadable", path, reason: `it imports more than ${MOST_FILES - 1} files` };
    const found8 = await files.read(next);
    if (found8.state === "absent") {
      if (next === path) return { state: "absent", path };
      const reason = "it is imported, but absent, and containerd does not start without it";
      return { state: "unreadable", path: next, reason };
    }
    if (found8.state === "unreadable") return { state: "unreadable", path: next, reason: found8.reason };
    paths.push(next);
    try {
      const read = parseFile(found8.bytes);
      root = read.root || root;
      for (const name of read.disabled_plugins ?? []) disabled.add(name);
      cri = withCri(cri, read.version, read.plugins ?? {});
      for (const [name, own] of Object.entries(read.plugins ?? {})) {
        plugins2[name] = { ...table.parse(plugins2[name] ?? {}), ...table.parse(own) };
      }
      for (const item of read.imports ?? []) {
        const imported = await importedPaths(files, next, item);
        if ("reason" in imported) return { state: "unreadable", ...imported };
        queue.push(...imported.paths);
      }
    } catch (error) {
      return { state: "unreadable", path: next, reason: reasonOf(error) };
    }
  }
  try {
    return {
      state: "read",
      paths,
      settings: { ...settingsOf(plugins2, root), disabledPlugins: [...disabled], cri }
    };
  } catch (error) {
    return { state: "unreadable", path, reason: reasonOf(error) };
  }
}
function parseFile(bytes) {
  if (!isUtf8(bytes)) throw new FormatError("it is not UTF-8");
  const text = bytes.toString("utf8");
  if (text.startsWith("\uFEFF")) throw new FormatError("it begins with a byte order mark");
  const read = file.parse(parse(text));
  const short = read.disabled_plugins?.find((name) => !name.includes("."));
  if (short !== void 0 && read.version >= FIRST_FULL_NAMES)
    throw new FormatError(`disabled_plugins has ${JSON.stringify(short)}, which is no full name of a plugin`);
  return read;
}
function settingsOf(plugins2, root) {
  const of = (name, schema) => schema.parse(plugins2[`io.containerd.${name}`] ?? {});
  const ownDiffer = of("differ.v1.erofs", differ);
  const ownSnapshotter = of("snapshotter.v1.erofs", snapshotter2);
  const unpack = of("transfer.v1.local", transfer).unpack_config?.find(
    (one7) => one7.snapshotter === "erofs" && !OTHER_SYSTEM.test(one7.platform ?? "")
  );
  const { enable_fsverity: fsverity, set_immutable: immutable } = ownSnapshotter;
  return {
    root,
    differs: of("service.v1.diff-service", diffService).default,
    mkfsOptions: ownDiffer.mkfs_options,
    differVerity: ownDiffer.enable_dmverity,
    tarIndex: ownDiffer.enable_tar_index,
    dmverityMode: ownSnapshotter.dmverity_mode,
    snapshots: `${ownSnapshotter.root_path || join(root, "io.containerd.snapshotter.v1.erofs")}/snapshots`,
    layerCaches: ownSnapshotter.layer_content_caches ?? [],
    excludesCache: [
      ...fsverity ? ["enable_fsverity = true"] : [],
      ...immutable ? ["set_immutable = true"] : []
    ],
    unpackDiffer: unpack && differOf(unpack)
  };
}
function differOf({
  platform,
  differ: differ2
}) {
  return differ2 || (platform?.includes("+erofs") ? "erofs" : "walking");
}
function reasonOf(error) {
  if (error instanceof FormatError) return error.message;
  if (error instanceof TomlError) return error.message.split("\n", 1)[0] ?? error.message;
  if (!(error instanceof ZodError)) throw error;
  const [issue] = error.issues;
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

// src/commands/doctor/installed.ts
var TIMEOUT = 1e4;
var DPKG = "/var/lib/dpkg/status";
function systemProgram(name) {
  return findProgram(name, pathFolders(fixedEnvironment().PATH));
}
async function askVersion(program, signal) {
  const path = systemProgram(program);
  if (path === void 0) return { unknown: `${program} is not in the system's folders` };
  try {
    const { stdout } = await run([path, "--version"], {
      env: fixedEnvironment(),
      timeout: TIMEOUT,
      signal,
      maxOutput: 64 * 1024
    });
    const version = findVersion(stdout.toString("utf8").replace(/^\S+ /, ""));
    return version === void 0 ? { unknown: `${path} --version prints no version` } : { version, from: path };
  } catch (error) {
    if (signal.aborted) throw error;
    return { unknown: `${path} --version failed` };
  }
}
async function packageVersion(files, names2) {
  const status = await files.read(DPKG);
  if (status.state === "absent") return { unknown: "there are no records of dpkg" };
  if (status.state === "unreadable") return { unknown: `${DPKG} cannot be read (${status.reason})` };
  for (const record2 of status.bytes.toString("utf8").split("\n\n")) {
    const field = (name2) => new RegExp(`^${name2}: (.*)$`, "m").exec(record2)?.[1];
    const name = field("Package") ?? "";
    if (!names2.includes(name) || !field("Status")?.endsWith(" installed")) continue;
    const version = findVersion((field("Version") ?? "").replace(/^\d+:/, ""));
    if (version !== void 0) return { version, from: `package ${name} ${field("Version")}` };
  }
  return { unknown: `the package ${names2.join(" or ")} is not installed` };
}

// src/commands/doctor/erofs-utils.ts
var INSTALL = `Install erofs-utils ${SUPPORTED_EROFS_UTILS}`;
async function findErofsUtils({ files, live }, { profile }, context) {
  if (profile === "containerd-cache")
    return none(ok("erofs-utils", "not needed: the layers come from a cache"));
  return live ? tested(profile, context) : byPackage(files);
}
function checkErofsUtils({ erofsUtils }, { classes }) {
  if (erofsUtils.class === void 0) return erofsUtils.check;
  const { class: own, shown } = erofsUtils;
  if (classes.length === 0 || classes.includes(own)) return ok("erofs-utils", shown);
  return wrong(
    "erofs-utils",
    `${shown}, but the signatures are those of class ${classes.join(", ")}: root hashes may differ`,
    `Sign with erofs-utils-version ${own} too, or install a release of class ${classes.join(" or ")}`
  );
}
function none(check) {
  return { class: void 0, check };
}
async function tested(profile, { log, signal }) {
  const mkfsPath = systemProgram("mkfs.erofs");
  if (mkfsPath === void 0)
    return none(wrong("erofs-utils", "mkfs.erofs is not in the system's folders", INSTALL));
  try {
    const info = await withTempFolder(
      void 0,
      (tempFolder) => createMkfsBuilder({ mkfsPath, wanted: "any", profiles: [profile], tempFolder, signal, log })
    ).then(({ info: info2 }) => info2);
    const shown = `${info.path} ${info.version}, class ${info.class}`;
    if (info.class !== "unknown") return { class: info.class, shown };
    return none(wrong("erofs-utils", shown, `${INSTALL}, as its project builds it`));
  } catch (error) {
    if (!(error instanceof VeritySignError) || signal.aborted) throw error;
    const state = error instanceof UnsupportedMkfsError ? wrong : unknown2;
    return none(state("erofs-utils", error.message, INSTALL));
  }
}
async function byPackage(files) {
  const found8 = await packageVersion(files, ["erofs-utils"]);
  const remedy = "Look at mkfs.erofs --version on the node, and at docs/erofs-utils-classes.md";
  if ("unknown" in found8) return none(unknown2("erofs-utils", found8.unknown, remedy));
  const name = RELEASE_CLASSES[found8.version];
  if (name === void 0) {
    if (unsupportedErofsUtils(found8.version) !== void 0)
      return none(
        wrong("erofs-utils", `${found8.from}, of no class: no signature is for its images`, INSTALL)
      );
    return none(unknown2("erofs-utils", `${found8.from}, of unknown class`, remedy));
  }
  return { class: name, shown: `${found8.from}, class ${name}` };
}

// src/commands/doctor/layer-verdicts.ts
function layerVerdicts(policy, { rootHashes }, { class: own }) {
  const all8 = [...rootHashes.keys()];
  const made = own === void 0 ? [] : all8.filter((rootHash) => rootHashes.get(rootHash)?.has(own));
  return new Set((made.length > 0 ? made : all8).map((rootHash) => decideLayer(policy, rootHash).verdict));
}

// src/commands/doctor/ipe.ts
var SECURITYFS = "/sys/kernel/security";
async function checkIpe({ files }) {
  const modules = await files.text(`${SECURITYFS}/lsm`);
  if (modules === void 0) {
    return unknown2("ipe", `${SECURITYFS}/lsm cannot be read`, "Mount securityfs, and run as root");
  }
  if (modules.split(",").includes("ipe")) return ok("ipe", `active: ${modules}`);
  return wrong(
    "ipe",
    `not active: ${modules}`,
    "Add ipe to the kernel argument lsm=, of a kernel that is built with it"
  );
}
async function checkEnforcement({ files, activePolicy }) {
  const path = `${IPE}/enforce`;
  const value = await files.text(path);
  if (value === void 0)
    return unknown2("ipe-enforced", `${path} cannot be read`, "Run as root, on a kernel with IPE");
  if (value !== "1")
    return wrong("ipe-enforced", "IPE only logs", `Write 1 to ${path}, and boot without ipe.enforce=0`);
  if (activePolicy.state === "none")
    return wrong(
      "ipe-enforced",
      "on, but no policy is active: IPE denies nothing",
      "Correct the line ipe-policy first"
    );
  return ok("ipe-enforced", "on: IPE denies what the active policy denies");
}
function checkPolicy({ activePolicy, erofsUtils }, { layers }) {
  if (activePolicy.state === "none") {
    return wrong(
      "ipe-policy",
      "no policy is active: every program may execute",
      `Load a policy of verity-sign ipe-policy at each boot: write it to ${IPE}/new_policy, and 1 to ${IPE}/policies/NAME/active`
    );
  }
  if (activePolicy.state === "unknown") return unknown2("ipe-policy", activePolicy.found, activePolicy.remedy);
  const { policy } = activePolicy;
  const name = `${policy.name} ${versionText(policy.version)}`;
  if (decide(policy, "EXECUTE", NOTHING).action === "ALLOW") {
    return wrong(
      "ipe-policy",
      `${name} lets any program execute`,
      "Activate a policy with DEFAULT op=EXECUTE action=DENY"
    );
  }
  if (layers.length === 0) return ok("ipe-policy", `${name} is active, and denies what it does not name`);
  const isOfClass = layers.some(({ rootHashes }) => rootHashes.size > 1) && erofsUtils.class !== void 0;
  const made = isOfClass ? ` as class ${erofsUtils.class} of erofs-utils makes them` : "";
  const verdicts = new Map(layers.map((layer) => [layer, layerVerdicts(policy, layer, erofsUtils)]));
  const those = (test) => layers.filter((layer) => test(verdicts.get(layer) ?? /* @__PURE__ */ new Set()));
  const lacking = those((one7) => !one7.has("allowed"));
  if (lacking.length > 0) {
    const isSignedOnly = lacking.some((layer) => verdicts.get(layer)?.has("signed-only"));
    const why = isSignedOnly ? ": it demands a signature, and containerd passes none to the kernel" : "";
    return wrong("ipe-policy", `${name} denies ${labels(lacking, layers)}${made}${why}`, MAKE_POLICY);
  }
  const partly = those((one7) => one7.size > 1);
  if (partly.length > 0) {
    return unknown2(
      "ipe-policy",
      `${name} allows only some of the signed root hashes of ${labels(partly, layers)}, and it cannot be seen which of them the node has`,
      MAKE_POLICY
    );
  }
  return ok("ipe-policy", `${name} allows all ${layers.length} layers${made}`);
}
var MAKE_POLICY = "Make a policy of this image with verity-sign ipe-policy, and activate it";
function labels(some, all8) {
  const [first] = some;
  return some.length === 1 ? first?.label ?? "" : `${some.length} of ${all8.length} layers, the first is ${first?.label}`;
}
var NOTHING = /* @__PURE__ */ new Set([
  "boot_verified=FALSE",
  "dmverity_signature=FALSE",
  "fsverity_signature=FALSE"
]);

// builtin-load:load of src/commands/doctor/kernel-options.ts
import { createRequire as createRequire4 } from "node:module";
var load4 = createRequire4(import.meta.url);

// builtin:node:zlib of src/commands/doctor/kernel-options.ts
var found5;
var all5 = () => found5 ??= load4("node:zlib");
var gunzipSync = (...given) => all5().gunzipSync(...given);

// src/commands/doctor/kernel-state.ts
var MODULES = ["erofs", "overlay", "dm-verity"];
function consequenceOf(notLoaded) {
  return notLoaded.includes("dm-verity") ? 'With dmverity_mode = "on", containerd then runs no container of any kind' : "containerd then starts without its EROFS snapshotter";
}
async function checkModules({ files, kernel }) {
  const ofKernel = async (name) => kernel === void 0 ? void 0 : files.text(`/lib/modules/${kernel}/${name}`);
  const [builtIn, available] = [await ofKernel("modules.builtin"), await ofKernel("modules.dep")];
  const has = (text, module) => text !== void 0 && new RegExp(`/${module.replaceAll(/[-_]/g, "[-_]")}\\.ko`, "m").test(text);
  const [absent, unseen] = [[], []];
  for (const name of MODULES) {
    const isThere = has(builtIn, name) || await isLoaded(files, name);
    if (isThere === void 0) unseen.push(name);
    if (isThere === false) absent.push(name);
  }
  const loadable = absent.filter((name) => has(available, name));
  const missing = absent.filter((name) => !has(available, name));
  if (missing.length > 0 && available !== void 0) {
    return wrong(
      "modules",
      `the kernel has no ${missing.join(", ")}`,
      "Install the modules of this kernel, or use another kernel"
    );
  }
  if (loadable.length > 0) {
    return wrong(
      "modules",
      `not loaded: ${loadable.join(", ")}. ${consequenceOf(loadable)}`,
      `Add ${loadable.join(", ")} to /etc/modules-load.d, run modprobe, and restart containerd`
    );
  }
  const hidden = [...missing, ...unseen];
  if (hidden.length === 0) return ok("modules", "erofs, overlay and dm-verity are there");
  return unknown2(
    "modules",
    `it cannot be seen whether the running kernel has ${hidden.join(", ")}`,
    `On the node, run modprobe ${hidden.join(" && modprobe ")}, and look at /etc/modules-load.d`
  );
}
async function isLoaded(files, name) {
  if (name !== "dm-verity") {
    const listed = await files.text("/proc/filesystems");
    return listed ? new RegExp(`(^|\\s)${name}$`, "m").test(listed) : void 0;
  }
  const modules = await files.list("/sys/module");
  return modules.state === "read" && modules.names.length > 0 ? modules.names.includes("dm_verity") : void 0;
}
var AT_PAGESZ = 6n;
async function checkPageSize(node, firstLargePages, isOlder2) {
  const size = node.live ? await pageSize(node) : void 0;
  if (size === void 0) {
    return unknown2("page-size", "the page size cannot be read", "Look at getconf PAGESIZE");
  }
  if (size === 4096) return ok("page-size", "4096 bytes");
  const found8 = `${size} bytes`;
  const remedy = `Use containerd ${firstLargePages} or later: earlier ones make images with blocks of ${size} bytes`;
  if (isOlder2 === void 0) return unknown2("page-size", found8, remedy);
  return isOlder2 ? wrong("page-size", found8, remedy) : ok("page-size", `${found8}, and containerd sets the block size`);
}
async function pageSize({ files }) {
  const file2 = await files.read("/proc/self/auxv");
  if (file2.state !== "read" || process.arch === "ia32") return void 0;
  const { bytes } = file2;
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    if (bytes.readBigUInt64LE(at) === AT_PAGESZ) return Number(bytes.readBigUInt64LE(at + 8));
  }
  return void 0;
}
var REQUIRE_SIGNATURES = "/sys/module/dm_verity/parameters/require_signatures";
async function checkRequireSignatures({ files, containerd }) {
  const value = await files.text(REQUIRE_SIGNATURES);
  if (value === void 0) {
    return unknown2(
      "require-signatures",
      `${REQUIRE_SIGNATURES} cannot be read`,
      "Load dm-verity (modprobe dm-verity), and run as root"
    );
  }
  if (value === "N" || value === "0") return ok("require-signatures", "off: IPE decides what executes");
  const ours = containerd.state === "read" && containerd.settings.dmverityMode !== void 0 && containerd.settings.dmverityMode !== "off";
  if (!ours) return ok("require-signatures", "on");
  return wrong(
    "require-signatures",
    "on, but containerd passes no signatures to the kernel: none of its layers can be opened",
    "Boot with dm_verity.require_signatures=0, and enforce a policy that names root hashes (verity-sign ipe-policy)"
  );
}

// src/commands/doctor/keyrings.ts
var TYPE = " asymmetri ";
var SUBTYPE = ": X509.";
var WHICH = "keyctl show %:.builtin_trusted_keys lists a keyring";
var ONLY_FOR_SIGNATURES = "Only a node that demands signatures of layers needs this, and it cannot be seen that this one does";
async function needsSignatures({ files, activePolicy, erofsUtils }, layers) {
  if (["Y", "1"].includes(await files.text(REQUIRE_SIGNATURES) ?? "")) return true;
  if (activePolicy.state !== "active") return void 0;
  const { policy } = activePolicy;
  if (layers.length > 0) {
    const demanding = layers.map((layer) => layerVerdicts(policy, layer, erofsUtils)).filter((verdicts) => verdicts.has("signed-only"));
    if (demanding.length === 0) return false;
    return demanding.some((verdicts) => verdicts.size === 1) || void 0;
  }
  const have = (property) => policy.rules.some(
    ({ operation, properties }) => operation === "EXECUTE" && properties.some((one7) => one7.startsWith(`${property}=`))
  );
  if (!have("dmverity_signature")) return false;
  return have("dmverity_roothash") ? void 0 : true;
}
async function checkKeyrings(node, { layers, signers }) {
  const isNeeded = await needsSignatures(node, layers);
  if (isNeeded === false)
    return ok(
      "keyrings",
      "not needed: the node demands no signatures of layers, and the kernel has accepted its policy"
    );
  if (signers.length === 0) {
    return unknown2(
      "keyrings",
      "no signer is known",
      "Give an image, or the certificates of its signers with --trusted-certificate"
    );
  }
  const file2 = await node.files.read("/proc/keys");
  const text = file2.state === "read" ? file2.bytes.toString("utf8") : "";
  if (!text.includes(".builtin_trusted_keys")) {
    return unknown2("keyrings", "the keyrings of the kernel cannot be seen", `Run as root; ${WHICH}`);
  }
  const keys = text.split("\n").flatMap((line) => keyIn(line) ?? []);
  const missing = signers.filter((path) => !path.some((certificate) => isAmong(certificate, keys)));
  const [first] = missing;
  if (first !== void 0) {
    const found8 = `the kernel has none of the certificates that vouch for ${names(first)}`;
    const remedy = "Add the certificate, or that of its issuer, to a keyring that dm-verity and IPE ask: see docs/kernel.md";
    if (isNeeded) return wrong("keyrings", found8, remedy);
    return unknown2("keyrings", `${found8}. ${ONLY_FOR_SIGNATURES}`, remedy);
  }
  const trusted = signers.map((path) => names(path.filter((certificate) => isAmong(certificate, keys))));
  return ok("keyrings", `the kernel has ${[...new Set(trusted)].join("; ")} (${WHICH})`);
}
function names(path) {
  return path.map(({ subject }) => JSON.stringify(subject)).join(", ");
}
function isAmong({ extensions, x509 }, keys) {
  const { subjectKeyId } = extensions;
  const id = subjectKeyId === void 0 ? x509.serialNumber.toLowerCase() : Buffer.from(subjectKeyId).toString("hex");
  return keys.some((key) => key.endsWith(`: ${id}`));
}
function keyIn(line) {
  const [start, end] = [line.indexOf(TYPE), line.lastIndexOf(SUBTYPE)];
  return start === -1 || end < start ? void 0 : line.slice(start + TYPE.length, end).trim();
}

// src/commands/doctor/kernel-options.ts
var OPTIONS = {
  DM_VERITY: "dm-verity devices",
  SECURITY_IPE: "IPE",
  IPE_PROP_DM_VERITY: "policies that name root hashes",
  EROFS_FS: "layers as EROFS images",
  EROFS_FS_XATTR: "extended attributes of layers",
  OVERLAY_FS: "stacks of layers",
  BLK_DEV_LOOP: "devices of image files",
  SYSTEM_TRUSTED_KEYRING: "certificates of the signers of policies"
};
var SIGNATURE_OPTIONS = {
  DM_VERITY_VERIFY_ROOTHASH_SIG: "signatures of root hashes",
  IPE_PROP_DM_VERITY_SIGNATURE: "policies that demand a signature"
};
var FIRST_IPE = [6, 12];
function checkKernelVersion({ kernel }) {
  const [, major = "", minor = ""] = /^(\d+)\.(\d+)/.exec(kernel ?? "") ?? [];
  if (kernel === void 0 || major === "") {
    return unknown2(
      "kernel-version",
      "the release of the kernel cannot be read",
      "Look at uname -r: IPE is in Linux 6.12 and later"
    );
  }
  const older = Number(major) < FIRST_IPE[0] || Number(major) === FIRST_IPE[0] && Number(minor) < FIRST_IPE[1];
  if (!older) return ok("kernel-version", `Linux ${kernel}`);
  return wrong("kernel-version", `Linux ${kernel} has no IPE`, "Use Linux 6.12 or later, built with IPE");
}
async function checkKernelOptions(node, { layers }) {
  const found8 = await kernelConfig(node);
  if (found8 === void 0) {
    return unknown2(
      "kernel-options",
      "the configuration of the kernel is neither in /proc/config.gz nor in /boot nor in /lib/modules",
      "Load the module configs (modprobe configs), or look for the options in the documentation of the kernel"
    );
  }
  const { options, path } = found8;
  const missing = (of) => Object.entries(of).flatMap(([name, what]) => options.has(name) ? [] : [`CONFIG_${name} (${what})`]);
  const needed = missing(OPTIONS);
  const signatures = missing(SIGNATURE_OPTIONS);
  const isNeeded = await needsSignatures(node, layers);
  if (needed.length > 0) {
    return wrong(
      "kernel-options",
      `${path} lacks ${[...needed, ...isNeeded ? signatures : []].join(", ")}`,
      "Use a kernel that is built with these options"
    );
  }
  if (signatures.length === 0) return ok("kernel-options", `${path} has all that is needed`);
  const lacks = `${path} lacks ${signatures.join(", ")}`;
  if (isNeeded === false)
    return ok("kernel-options", `${lacks}, but the node demands no signatures of layers`);
  const remedy = "Name root hashes in a signed policy (verity-sign ipe-policy), or use a kernel that is built with these options";
  return isNeeded ? wrong("kernel-options", `${lacks}: this kernel checks no signatures of layers`, remedy) : unknown2("kernel-options", `${lacks}. ${ONLY_FOR_SIGNATURES}`, remedy);
}
async function kernelConfig({
  files,
  kernel
}) {
  const of = kernel === void 0 ? [] : [`/boot/config-${kernel}`, `/lib/modules/${kernel}/config`];
  for (const path of ["/proc/config.gz", ...of]) {
    const file2 = await files.read(path);
    if (file2.state !== "read") continue;
    const text = path.endsWith(".gz") ? unpacked(file2.bytes) : file2.bytes.toString("latin1");
    if (text === void 0) continue;
    return {
      options: new Set([...text.matchAll(/^CONFIG_(\w+)=[ym]$/gm)].map(([, name = ""]) => name)),
      path
    };
  }
  return void 0;
}
function unpacked(bytes) {
  try {
    return gunzipSync(bytes, { maxOutputLength: 16 * 1024 * 1024 }).toString("latin1");
  } catch {
    return void 0;
  }
}

// builtin-load:load of src/commands/doctor/node-files.ts
import { createRequire as createRequire5 } from "node:module";
var load5 = createRequire5(import.meta.url);

// builtin:node:fs/promises of src/commands/doctor/node-files.ts
var found6;
var all6 = () => found6 ??= load5("node:fs/promises");
var one5 = (name) => all6()[name];
var readdir = /* @__PURE__ */ one5("readdir");
var readlink = /* @__PURE__ */ one5("readlink");
var lstat = /* @__PURE__ */ one5("lstat");

// builtin:node:path of src/commands/doctor/node-files.ts
var found7;
var all7 = () => found7 ??= load5("node:path");
var one6 = (name) => all7()[name];
var join3 = /* @__PURE__ */ one6("join");

// src/commands/doctor/node-files.ts
var MOST_BYTES = 16 * 1024 * 1024;
var MOST_LINKS = 40;
var NodeFiles = class {
  root;
  /** @param root `/` for this machine */
  constructor(root) {
    this.root = root;
  }
  /** @param path absolute, as the node has it */
  async read(path) {
    return this.#tried(path, async (real) => ({
      state: "read",
      bytes: await readRegular(real, MOST_BYTES)
    }));
  }
  /** The text of a file without white space around it; undefined if it is absent or cannot be read. */
  async text(path) {
    const file2 = await this.read(path);
    return file2.state === "read" ? file2.bytes.toString("utf8").trim() : void 0;
  }
  async list(path) {
    return this.#tried(path, async (real) => ({ state: "read", names: (await readdir(real)).sort() }));
  }
  async #tried(path, use) {
    try {
      return await use(join3(this.root, await this.#resolve(path)));
    } catch (error) {
      const { code } = error;
      if (code === "ENOENT" || code === "ENOTDIR") return { state: "absent" };
      if (code !== void 0) return { state: "unreadable", reason: code };
      throw error;
    }
  }
  /** The path without links, from the root of the node. */
  async #resolve(path) {
    if (this.root === "/") return path;
    const left = path.split("/");
    let links = 0;
    let done = [];
    for (let name = left.shift(); name !== void 0; name = left.shift()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        done = done.slice(0, -1);
        continue;
      }
      const here = join3(this.root, ...done, name);
      if (!(await lstat(here)).isSymbolicLink()) {
        done.push(name);
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw Object.assign(new Error("too many links"), { code: "ELOOP" });
      const target = await readlink(here);
      if (target.startsWith("/")) done = [];
      left.unshift(...target.split("/"));
    }
    return `/${done.join("/")}`;
  }
};

// src/commands/doctor/wanted.ts
async function wantedOf({ common, verifying, signerCertificates }, context) {
  const [recipe] = recipesFor(common);
  if (recipe === void 0) throw new TypeError("no profile is given");
  const { profile, mkfsOptions } = recipe;
  if (!isContainerdProfile(profile)) throw new TypeError(`no node of containerd has profile ${profile}`);
  if (verifying === void 0) {
    const signers = await certificatesOf(signerCertificates, context);
    return { wanted: { profile, mkfsOptions, classes: common.classes ?? [], layers: [], signers } };
  }
  return withVerifiedImage(verifying, context, async (verified) => {
    const { name, root } = verified.image;
    const image = { reference: verifying.image, name, digest: root.digest, mediaType: root.mediaType };
    return { image, wanted: { profile, ...ofImage(verified, mkfsOptions) } };
  });
}
async function certificatesOf(given, { secrets }) {
  const read = await firstErrorInOrder(given.map((one7) => readTrustedInput(one7, secrets)));
  return read.flat().map((der) => [readCertificate(der)]);
}
function ofImage({ platforms }, defaultOptions) {
  const signed = platforms.flatMap(
    ({ sets }) => sets.flatMap((set) => set.layers.map((layer) => ({ ...layer, class: set.recorded.class })))
  );
  const layers = /* @__PURE__ */ new Map();
  const signers = /* @__PURE__ */ new Map();
  for (const { layer, rootHash, class: made, path, signer } of signed) {
    const { digest } = layer.descriptor;
    const known = layers.get(digest) ?? { label: `layer ${layer.index} (${digest})`, rootHashes: /* @__PURE__ */ new Map() };
    const classes = known.rootHashes.get(rootHash) ?? /* @__PURE__ */ new Set();
    known.rootHashes.set(rootHash, made === void 0 ? classes : classes.add(made));
    layers.set(digest, known);
    const certificates = path.length > 0 ? path : signer === void 0 ? [] : [signer];
    if (certificates.length > 0) signers.set(certificates[0]?.fingerprint ?? "", certificates);
  }
  return {
    ...recordedSettings(platforms, defaultOptions),
    layers: [...layers.values()],
    signers: [...signers.values()]
  };
}

// src/commands/doctor/doctor.ts
async function examineNode(options, context) {
  await requireFolder(options.root);
  const { wanted, image } = await wantedOf(options, context);
  const node = await readNode(options, wanted, context);
  const checks = await runChecks(node, wanted);
  return {
    ...REPORT_HEAD,
    root: options.root,
    ...image === void 0 ? {} : { image },
    profile: wanted.profile,
    verdict: checks.some(({ state }) => state === "wrong") ? "wrong" : "ok",
    checks
  };
}
async function requireFolder(root) {
  let reason = "it is not a folder";
  try {
    if ((await stat(root)).isDirectory()) return;
  } catch (error) {
    reason = error.code ?? String(error);
  }
  throw new VeritySignError("usage", `root: ${root} is no copy of a node (${reason})`, {
    remedy: "Give the folder that has the node's etc, proc, sys and var, or omit root for this machine"
  });
}
async function readNode({ root, containerdConfig }, wanted, context) {
  const files = new NodeFiles(root);
  const live = root === "/";
  return {
    files,
    live,
    kernel: await kernelRelease(files),
    activePolicy: await readActivePolicy(files),
    erofsUtils: await findErofsUtils({ files, live }, wanted, context),
    containerd: await readContainerdConfig(files, containerdConfig),
    containerdVersion: live ? await askVersion("containerd", context.signal) : await packageVersion(files, ["containerd.io", "containerd"])
  };
}
async function kernelRelease(files) {
  const running = await files.text("/proc/sys/kernel/osrelease");
  if (running !== void 0) return running;
  const installed = await files.list("/lib/modules");
  return installed.state === "read" && installed.names.length === 1 ? installed.names[0] : void 0;
}
async function runChecks(node, wanted) {
  return [
    checkKernelVersion(node),
    await checkKernelOptions(node, wanted),
    await checkModules(node),
    await checkPageSize(node, FIRST_LARGE_PAGES_CONTAINERD, isOlder(node, FIRST_LARGE_PAGES_CONTAINERD)),
    await checkRequireSignatures(node),
    await checkKeyrings(node, wanted),
    await checkIpe(node),
    await checkEnforcement(node),
    checkPolicy(node, wanted),
    checkErofsUtils(node, wanted),
    checkContainerdVersion(node, wanted),
    ...checkConfig(node, wanted),
    ...await checkCri(node),
    await checkFsmeta(node)
  ];
}
export {
  examineNode
};
