import {
  PROFILES,
  compressionIn,
  knowsOptions,
  mkfsOptionsFor,
  onAbort
} from "./shared.conversion.js";
import {
  CLASSES_IN_WORDS,
  DEFAULT_CLASS,
  DIGEST,
  FOREIGN_TRANSPORT,
  INPUTS,
  KNOWN_CLASSES,
  PROFILE_NAMES,
  RELEASE_CLASSES,
  inputOf,
  isDigest,
  isKnownClass,
  layoutNamed,
  prefixForPath,
  splitDigest,
  splitLocal,
  withPathHint
} from "./shared.inputs.js";
import {
  EXIT_STATUS,
  REPORT_HEAD,
  SystemLimitError,
  VeritySignError,
  configFolder,
  harmless,
  harmlessJson,
  harmlessLines,
  homeFolder,
  isSystemLimit,
  networkEnvironment,
  remedyOf,
  splitLines,
  statFields,
  withAbsolutePath,
  withoutSecrets
} from "./shared.start.js";
import {
  __esm,
  __export,
  __toCommonJS
} from "./runtime.js";

// node_modules/string-width/node_modules/ansi-regex/index.js
function ansiRegex({ onlyFirst = false } = {}) {
  return new RegExp(pattern, onlyFirst ? void 0 : "g");
}
var ST, stringControls, osc, controlString, linuxPalette, csi, escape, pattern;
var init_ansi_regex = __esm({
  "node_modules/string-width/node_modules/ansi-regex/index.js"() {
    ST = String.raw`(?:\u001B\u005C|\u009C)`;
    stringControls = String.raw`\u0018\u001A\u001B\u0080-\u009F`;
    osc = String.raw`(?:\u001B\]|\u009D)[^\u0007${stringControls}]*(?:\u0007|${ST})`;
    controlString = String.raw`(?:\u001B[PX^_k]|[\u0090\u0098\u009E\u009F])[^${stringControls}]*${ST}`;
    linuxPalette = String.raw`\u001B\](?:P[\dA-Fa-f]{7}|R)(?:\u0007|${ST})?`;
    csi = String.raw`(?:\u001B\[|\u009B)[\u0030-\u003F]*[\u0020-\u002F]*[\u0040-\u007E]`;
    escape = String.raw`\u001B(?:[\u0020-\u002F]+[\u0030-\u007E]|[\dA-PR-TZcf-oq-uy=><~|}])`;
    pattern = `${linuxPalette}|${osc}|${controlString}|${csi}|${escape}`;
  }
});

// node_modules/string-width/node_modules/strip-ansi/index.js
function stripAnsi(string3) {
  if (typeof string3 !== "string") {
    throw new TypeError(`Expected a \`string\`, got \`${typeof string3}\``);
  }
  if (!string3.includes("\x1B") && !string3.includes("")) {
    return string3;
  }
  return string3.replace(regex, "");
}
var regex;
var init_strip_ansi = __esm({
  "node_modules/string-width/node_modules/strip-ansi/index.js"() {
    init_ansi_regex();
    regex = ansiRegex();
  }
});

// node_modules/get-east-asian-width/lookup-data.js
var ambiguousMinimalCodePoint, ambiguousMaximumCodePoint, ambiguousRanges, fullwidthMinimalCodePoint, fullwidthMaximumCodePoint, fullwidthRanges, wideMinimalCodePoint, wideMaximumCodePoint, wideRanges;
var init_lookup_data = __esm({
  "node_modules/get-east-asian-width/lookup-data.js"() {
    ambiguousMinimalCodePoint = 161;
    ambiguousMaximumCodePoint = 1114109;
    ambiguousRanges = [161, 161, 164, 164, 167, 168, 170, 170, 173, 174, 176, 180, 182, 186, 188, 191, 198, 198, 208, 208, 215, 216, 222, 225, 230, 230, 232, 234, 236, 237, 240, 240, 242, 243, 247, 250, 252, 252, 254, 254, 257, 257, 273, 273, 275, 275, 283, 283, 294, 295, 299, 299, 305, 307, 312, 312, 319, 322, 324, 324, 328, 331, 333, 333, 338, 339, 358, 359, 363, 363, 462, 462, 464, 464, 466, 466, 468, 468, 470, 470, 472, 472, 474, 474, 476, 476, 593, 593, 609, 609, 708, 708, 711, 711, 713, 715, 717, 717, 720, 720, 728, 731, 733, 733, 735, 735, 768, 879, 913, 929, 931, 937, 945, 961, 963, 969, 1025, 1025, 1040, 1103, 1105, 1105, 8208, 8208, 8211, 8214, 8216, 8217, 8220, 8221, 8224, 8226, 8228, 8231, 8240, 8240, 8242, 8243, 8245, 8245, 8251, 8251, 8254, 8254, 8308, 8308, 8319, 8319, 8321, 8324, 8364, 8364, 8451, 8451, 8453, 8453, 8457, 8457, 8467, 8467, 8470, 8470, 8481, 8482, 8486, 8486, 8491, 8491, 8531, 8532, 8539, 8542, 8544, 8555, 8560, 8569, 8585, 8585, 8592, 8601, 8632, 8633, 8658, 8658, 8660, 8660, 8679, 8679, 8704, 8704, 8706, 8707, 8711, 8712, 8715, 8715, 8719, 8719, 8721, 8721, 8725, 8725, 8730, 8730, 8733, 8736, 8739, 8739, 8741, 8741, 8743, 8748, 8750, 8750, 8756, 8759, 8764, 8765, 8776, 8776, 8780, 8780, 8786, 8786, 8800, 8801, 8804, 8807, 8810, 8811, 8814, 8815, 8834, 8835, 8838, 8839, 8853, 8853, 8857, 8857, 8869, 8869, 8895, 8895, 8978, 8978, 9312, 9449, 9451, 9547, 9552, 9587, 9600, 9615, 9618, 9621, 9632, 9633, 9635, 9641, 9650, 9651, 9654, 9655, 9660, 9661, 9664, 9665, 9670, 9672, 9675, 9675, 9678, 9681, 9698, 9701, 9711, 9711, 9733, 9734, 9737, 9737, 9742, 9743, 9756, 9756, 9758, 9758, 9792, 9792, 9794, 9794, 9824, 9825, 9827, 9829, 9831, 9834, 9836, 9837, 9839, 9839, 9886, 9887, 9919, 9919, 9926, 9933, 9935, 9939, 9941, 9953, 9955, 9955, 9960, 9961, 9963, 9969, 9972, 9972, 9974, 9977, 9979, 9980, 9982, 9983, 10045, 10045, 10102, 10111, 11094, 11097, 12872, 12879, 57344, 63743, 65024, 65039, 65533, 65533, 127232, 127242, 127248, 127277, 127280, 127337, 127344, 127373, 127375, 127376, 127387, 127404, 917760, 917999, 983040, 1048573, 1048576, 1114109];
    fullwidthMinimalCodePoint = 12288;
    fullwidthMaximumCodePoint = 65510;
    fullwidthRanges = [12288, 12288, 65281, 65376, 65504, 65510];
    wideMinimalCodePoint = 4352;
    wideMaximumCodePoint = 262141;
    wideRanges = [4352, 4447, 8986, 8987, 9001, 9002, 9193, 9196, 9200, 9200, 9203, 9203, 9725, 9726, 9748, 9749, 9776, 9783, 9800, 9811, 9855, 9855, 9866, 9871, 9875, 9875, 9889, 9889, 9898, 9899, 9917, 9918, 9924, 9925, 9934, 9934, 9940, 9940, 9962, 9962, 9970, 9971, 9973, 9973, 9978, 9978, 9981, 9981, 9989, 9989, 9994, 9995, 10024, 10024, 10060, 10060, 10062, 10062, 10067, 10069, 10071, 10071, 10133, 10135, 10160, 10160, 10175, 10175, 11035, 11036, 11088, 11088, 11093, 11093, 11904, 11929, 11931, 12019, 12032, 12245, 12272, 12287, 12289, 12350, 12353, 12438, 12441, 12543, 12549, 12591, 12593, 12686, 12688, 12773, 12783, 12830, 12832, 12871, 12880, 42124, 42128, 42182, 43360, 43388, 44032, 55203, 63744, 64255, 65040, 65049, 65072, 65106, 65108, 65126, 65128, 65131, 94176, 94180, 94192, 94198, 94208, 101594, 101631, 101664, 101760, 101874, 101888, 102801, 102816, 102866, 110576, 110579, 110581, 110587, 110589, 110590, 110592, 110888, 110898, 110898, 110928, 110930, 110933, 110933, 110948, 110952, 110960, 111355, 119552, 119638, 119648, 119670, 126980, 126980, 127183, 127183, 127374, 127374, 127377, 127386, 127406, 127406, 127488, 127490, 127504, 127547, 127552, 127560, 127568, 127569, 127584, 127589, 127744, 127776, 127789, 127797, 127799, 127868, 127870, 127891, 127904, 127946, 127951, 127955, 127968, 127984, 127988, 127988, 127992, 128062, 128064, 128064, 128066, 128252, 128255, 128317, 128331, 128334, 128336, 128359, 128378, 128378, 128405, 128406, 128420, 128420, 128507, 128591, 128640, 128709, 128716, 128716, 128720, 128722, 128725, 128729, 128732, 128735, 128747, 128748, 128756, 128764, 128986, 128986, 128992, 129003, 129008, 129008, 129292, 129338, 129340, 129349, 129351, 129535, 129648, 129660, 129664, 129734, 129736, 129736, 129740, 129757, 129759, 129771, 129775, 129786, 131072, 196605, 196608, 262141];
  }
});

// node_modules/get-east-asian-width/utilities.js
var isInRange;
var init_utilities = __esm({
  "node_modules/get-east-asian-width/utilities.js"() {
    isInRange = (ranges, codePoint) => {
      let low = 0;
      let high = Math.floor(ranges.length / 2) - 1;
      while (low <= high) {
        const mid = Math.floor((low + high) / 2);
        const i = mid * 2;
        if (codePoint < ranges[i]) {
          high = mid - 1;
        } else if (codePoint > ranges[i + 1]) {
          low = mid + 1;
        } else {
          return true;
        }
      }
      return false;
    };
  }
});

// node_modules/get-east-asian-width/lookup.js
function findWideFastPathRange(ranges) {
  let fastPathStart = ranges[0];
  let fastPathEnd = ranges[1];
  for (let index = 0; index < ranges.length; index += 2) {
    const start2 = ranges[index];
    const end = ranges[index + 1];
    if (commonCjkCodePoint >= start2 && commonCjkCodePoint <= end) {
      return [start2, end];
    }
    if (end - start2 > fastPathEnd - fastPathStart) {
      fastPathStart = start2;
      fastPathEnd = end;
    }
  }
  return [fastPathStart, fastPathEnd];
}
var commonCjkCodePoint, wideFastPathStart, wideFastPathEnd, isAmbiguous, isFullwidth, isWide;
var init_lookup = __esm({
  "node_modules/get-east-asian-width/lookup.js"() {
    init_lookup_data();
    init_utilities();
    commonCjkCodePoint = 19968;
    [wideFastPathStart, wideFastPathEnd] = /* @__PURE__ */ findWideFastPathRange(wideRanges);
    isAmbiguous = (codePoint) => {
      if (codePoint < ambiguousMinimalCodePoint || codePoint > ambiguousMaximumCodePoint) {
        return false;
      }
      return isInRange(ambiguousRanges, codePoint);
    };
    isFullwidth = (codePoint) => {
      if (codePoint < fullwidthMinimalCodePoint || codePoint > fullwidthMaximumCodePoint) {
        return false;
      }
      return isInRange(fullwidthRanges, codePoint);
    };
    isWide = (codePoint) => {
      if (codePoint >= wideFastPathStart && codePoint <= wideFastPathEnd) {
        return true;
      }
      if (codePoint < wideMinimalCodePoint || codePoint > wideMaximumCodePoint) {
        return false;
      }
      return isInRange(wideRanges, codePoint);
    };
  }
});

// node_modules/get-east-asian-width/index.js
function validate2(codePoint) {
  if (!Number.isSafeInteger(codePoint)) {
    throw new TypeError(`Expected a code point, got \`${typeof codePoint}\`.`);
  }
}
function eastAsianWidth(codePoint, { ambiguousAsWide = false } = {}) {
  validate2(codePoint);
  if (isFullwidth(codePoint) || isWide(codePoint) || ambiguousAsWide && isAmbiguous(codePoint)) {
    return 2;
  }
  return 1;
}
var init_get_east_asian_width = __esm({
  "node_modules/get-east-asian-width/index.js"() {
    init_lookup();
  }
});

// lazy:node_modules/string-width/index.js
var string_width_exports = {};
__export(string_width_exports, {
  default: () => stringWidth
});
function isDoubleWidthNonRgiEmojiSequence(segment) {
  if (segment.length > 50) {
    return false;
  }
  if (unqualifiedKeycapRegex.test(segment)) {
    return true;
  }
  if (segment.includes("‍")) {
    const pictographics = segment.match(extendedPictographicRegex);
    return pictographics !== null && pictographics.length >= 2;
  }
  return false;
}
function baseVisible(segment) {
  const index = segment.search(visibleCharacterRegex);
  return index === -1 ? void 0 : segment.slice(index);
}
function isHangulLeadingJamo(codePoint) {
  return codePoint >= 4352 && codePoint <= 4447 || codePoint >= 43360 && codePoint <= 43388;
}
function isHangulVowelJamo(codePoint) {
  return codePoint >= 4448 && codePoint <= 4519 || codePoint >= 55216 && codePoint <= 55238;
}
function isHangulTrailingJamo(codePoint) {
  return codePoint >= 4520 && codePoint <= 4607 || codePoint >= 55243 && codePoint <= 55291;
}
function isHangulJamo(codePoint) {
  return isHangulLeadingJamo(codePoint) || isHangulVowelJamo(codePoint) || isHangulTrailingJamo(codePoint);
}
function hangulClusterWidth(visibleSegment, eastAsianWidthOptions) {
  const codePoints = [];
  for (const character of visibleSegment) {
    if (!visibleCharacterRegex.test(character)) {
      continue;
    }
    codePoints.push(character.codePointAt(0));
  }
  if (codePoints.length === 0) {
    return void 0;
  }
  let width = 0;
  for (let index = 0; index < codePoints.length; index++) {
    const codePoint = codePoints[index];
    if (!isHangulJamo(codePoint)) {
      if (width === 0) {
        return void 0;
      }
      for (let remaining = index; remaining < codePoints.length; remaining++) {
        width += eastAsianWidth(codePoints[remaining], eastAsianWidthOptions);
      }
      return width;
    }
    if (isHangulLeadingJamo(codePoint) && isHangulVowelJamo(codePoints[index + 1])) {
      width += 2;
      index += isHangulTrailingJamo(codePoints[index + 2]) ? 2 : 1;
      continue;
    }
    width += eastAsianWidth(codePoint, eastAsianWidthOptions);
  }
  return width;
}
function trailingWidth(visibleSegment, eastAsianWidthOptions) {
  let extra = 0;
  let first = true;
  for (const character of visibleSegment) {
    if (first) {
      first = false;
      continue;
    }
    if (spacingMarkRegex.test(character) || character >= "＀" && character <= "￯") {
      extra += eastAsianWidth(character.codePointAt(0), eastAsianWidthOptions);
    }
  }
  return extra;
}
function stringWidth(input, options = {}) {
  if (typeof input !== "string" || input.length === 0) {
    return 0;
  }
  const {
    ambiguousIsNarrow = true,
    countAnsiEscapeCodes = false
  } = options;
  let string3 = input;
  if (!countAnsiEscapeCodes && (string3.includes("\x1B") || string3.includes(""))) {
    string3 = stripAnsi(string3);
  }
  if (string3.length === 0) {
    return 0;
  }
  if (/^[\u0020-\u007E]*$/.test(string3)) {
    return string3.length;
  }
  let width = 0;
  const eastAsianWidthOptions = { ambiguousAsWide: !ambiguousIsNarrow };
  for (const { segment } of segmenter.segment(string3)) {
    const visibleSegment = baseVisible(segment);
    if (visibleSegment === void 0) {
      continue;
    }
    if (rgiEmojiRegex.test(segment) || isDoubleWidthNonRgiEmojiSequence(segment)) {
      width += 2;
      continue;
    }
    const hangulWidth = hangulClusterWidth(visibleSegment, eastAsianWidthOptions);
    if (hangulWidth !== void 0) {
      width += hangulWidth;
      continue;
    }
    const codePoint = visibleSegment.codePointAt(0);
    width += eastAsianWidth(codePoint, eastAsianWidthOptions);
    width += trailingWidth(visibleSegment, eastAsianWidthOptions);
  }
  return width;
}
var segmenter, visibleCharacterRegex, spacingMarkRegex, rgiEmojiRegex, unqualifiedKeycapRegex, extendedPictographicRegex;
var init_string_width = __esm({
  "lazy:node_modules/string-width/index.js"() {
    init_strip_ansi();
    init_get_east_asian_width();
    segmenter = new Intl.Segmenter();
    visibleCharacterRegex = new RegExp("[^\\p{Default_Ignorable_Code_Point}\\p{Control}\\p{Format}\\p{Nonspacing_Mark}\\p{Enclosing_Mark}\\p{Surrogate}]", "v");
    spacingMarkRegex = new RegExp("\\p{Spacing_Mark}", "v");
    rgiEmojiRegex = new RegExp("^\\p{RGI_Emoji}$", "v");
    unqualifiedKeycapRegex = /^[\d#*]\u20E3$/;
    extendedPictographicRegex = new RegExp("\\p{Extended_Pictographic}", "gu");
  }
});

// builtin-load:load of options
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:crypto of options
var found;
var all = () => found ??= load("node:crypto");
var one = (name) => all()[name];
var createHash = /* @__PURE__ */ one("createHash");

// src/convert/erofs/uuid.ts
var NAMESPACE_URL = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");
var TARDEV_UUID = "c1b9d5a2-f162-11cf-9ece-0020afc76f16";
function uuid5(namespace, name) {
  const bytes2 = createHash("sha1").update(namespace).update(name, "utf8").digest().subarray(0, 16);
  bytes2.writeUInt8(bytes2.readUInt8(6) & 15 | 80, 6);
  bytes2.writeUInt8(bytes2.readUInt8(8) & 63 | 128, 8);
  const hex = bytes2.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
function layerUuid(digest) {
  return uuid5(NAMESPACE_URL, `erofs:blobs/${digest}`);
}

// src/convert/erofs/recipe.ts
function recipeOf(profile, options) {
  const mkfsOptions = options === void 0 || typeof options === "string" ? mkfsOptionsFor(profile, options) : options;
  return { profile, mkfsOptions, uuidSource: PROFILES[profile].uuidSource };
}
function recipesFor(options) {
  const { profiles, mkfsOptions, builder, classes = [DEFAULT_CLASS], crossCheck = false } = options;
  if (profiles.length === 0 || classes.length === 0) {
    throw new VeritySignError(
      "usage",
      `no ${profiles.length === 0 ? "profile" : "class of erofs-utils"} is given`,
      {
        remedy: "Name at least one, or omit the input"
      }
    );
  }
  const recipes = profiles.map((profile) => recipeOf(profile, mkfsOptions));
  for (const recipe of recipes) refuseCompressedIndex(recipe);
  if (builder === "native" || crossCheck) refuseNatively(recipes, options);
  return builder === "mkfs" ? recipes : recipes.flatMap((recipe) => ofClasses(recipe, classes));
}
function refuseCompressedIndex({ profile, mkfsOptions }) {
  const option = compressionIn(mkfsOptions);
  if (option === void 0 || !PROFILES[profile].appendsTar) return;
  throw new VeritySignError(
    "usage",
    `mkfs-options ${option} cannot compress with profile ${profile}: the files stay in the uncompressed tar`,
    {
      remedy: `Omit ${option} here and in the mkfs_options of the nodes with this profile, and use other profiles in a run of their own`
    }
  );
}
function refuseNatively(recipes, { builder, crossCheck = false }) {
  const unsupported = recipes.find((recipe) => !nativelyKnown(recipe));
  if (unsupported === void 0) return;
  const also = builder === "mkfs" ? ", which cross-check uses too" : "";
  const instead = [
    ...builder === "native" ? ["set builder to mkfs"] : [],
    ...crossCheck ? ["omit cross-check"] : []
  ];
  throw new VeritySignError(
    "usage",
    `mkfs-options ${unsupported.mkfsOptions.join(" ")} are not supported by the native builder${also}`,
    {
      remedy: `Use ${PROFILES[unsupported.profile].defaultOptions.join(" ")}, or ${instead.join(" and ")}`
    }
  );
}
function ofClasses(recipe, classes) {
  return classes.map((of) => ({ ...recipe, class: of }));
}
function nativelyKnown(recipe) {
  return knowsOptions(recipe);
}
function recipeKey({ profile, mkfsOptions, uuidSource, class: of }) {
  return [of ?? "mkfs", profile, uuidSource, ...mkfsOptions].join(" ");
}
function uuidOf({ descriptor: descriptor2, diffId }, source) {
  if (source === "fixed") return TARDEV_UUID;
  return layerUuid(source === "digest" ? descriptor2.digest : diffId);
}
function classOf(text4, label) {
  if (isKnownClass(text4)) return text4;
  const of = Object.hasOwn(RELEASE_CLASSES, text4) ? RELEASE_CLASSES[text4] : void 0;
  if (of !== void 0) return of;
  const known2 = Object.keys(RELEASE_CLASSES).join(", ");
  throw new VeritySignError("usage", `${label} ${text4} is not supported by the native builder`, {
    remedy: `Use a class (${CLASSES_IN_WORDS}), one of ${known2}, all, or set builder to mkfs`
  });
}

// src/commands/shared/cache/cache-recipe.ts
var CACHE_PROFILE = "containerd-cache";
function cacheRecipe(options) {
  const [recipe, ...others] = recipesFor({ ...options, profiles: [CACHE_PROFILE] });
  if (recipe === void 0) throw new TypeError("no recipe for a profile");
  if (others.length === 0) return recipe;
  const classes = [recipe, ...others].map(({ class: of }) => of ?? "unknown").join(" and ");
  throw new VeritySignError(
    "usage",
    `a layer cache has one image of each layer, but the classes ${classes} of erofs-utils are given`,
    { remedy: "Export each class to a folder of its own, in a run of its own, with one erofs-utils-version" }
  );
}

// builtin:node:fs/promises of options
var found2;
var all2 = () => found2 ??= load("node:fs/promises");
var one2 = (name) => all2()[name];
var access = /* @__PURE__ */ one2("access");
var open = /* @__PURE__ */ one2("open");
var opendir = /* @__PURE__ */ one2("opendir");
var rename = /* @__PURE__ */ one2("rename");
var rm = /* @__PURE__ */ one2("rm");
var mkdir = /* @__PURE__ */ one2("mkdir");
var lstat = /* @__PURE__ */ one2("lstat");
var stat = /* @__PURE__ */ one2("stat");
var link = /* @__PURE__ */ one2("link");
var unlink = /* @__PURE__ */ one2("unlink");
var utimes = /* @__PURE__ */ one2("utimes");
var realpath = /* @__PURE__ */ one2("realpath");
var mkdtemp = /* @__PURE__ */ one2("mkdtemp");
var writeFile = /* @__PURE__ */ one2("writeFile");
var readFile = /* @__PURE__ */ one2("readFile");
var constants = /* @__PURE__ */ one2("constants");

// builtin:node:path of options
var found3;
var all3 = () => found3 ??= load("node:path");
var one3 = (name) => all3()[name];
var resolve = /* @__PURE__ */ one3("resolve");
var join = /* @__PURE__ */ one3("join");
var dirname = /* @__PURE__ */ one3("dirname");
var basename = /* @__PURE__ */ one3("basename");

// builtin:node:fs of options
var found4;
var all4 = () => found4 ??= load("node:fs");
var one4 = (name) => all4()[name];
var accessSync = /* @__PURE__ */ one4("accessSync");
var chmodSync = /* @__PURE__ */ one4("chmodSync");
var closeSync = /* @__PURE__ */ one4("closeSync");
var createReadStream = /* @__PURE__ */ one4("createReadStream");
var existsSync = /* @__PURE__ */ one4("existsSync");
var fstatSync = /* @__PURE__ */ one4("fstatSync");
var lstatSync = /* @__PURE__ */ one4("lstatSync");
var mkdirSync = /* @__PURE__ */ one4("mkdirSync");
var mkdtempSync = /* @__PURE__ */ one4("mkdtempSync");
var openSync = /* @__PURE__ */ one4("openSync");
var readSync = /* @__PURE__ */ one4("readSync");
var readFileSync = /* @__PURE__ */ one4("readFileSync");
var readlinkSync = /* @__PURE__ */ one4("readlinkSync");
var rmdirSync = /* @__PURE__ */ one4("rmdirSync");
var statSync = /* @__PURE__ */ one4("statSync");
var writeFileSync = /* @__PURE__ */ one4("writeFileSync");
var writeSync = /* @__PURE__ */ one4("writeSync");
var constants2 = /* @__PURE__ */ one4("constants");

// src/lib/format-bytes.ts
function formatBytes(bytes2) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value2 = bytes2;
  let unit = 0;
  while (value2 >= 999.5 && unit < units.length - 1) {
    value2 /= 1e3;
    unit += 1;
  }
  const digits = unit === 0 || value2 >= 99.95 ? 0 : 1;
  return `${value2.toFixed(digits)} ${units[unit]}`;
}

// src/lib/read-given.ts
var CHUNK = 64 * 1024;
var MOST = 16 * 1024 * 1024;
var WAKE_INTERVAL = 50;
async function readGiven(path, mostBytes = MOST, signal) {
  signal?.throwIfAborted();
  const release = wakeOnAbort(path, signal);
  try {
    const file = await open(path);
    try {
      return await readUpTo(file, mostBytes, largerThan(mostBytes), signal);
    } finally {
      await file.close();
    }
  } finally {
    release();
  }
}
function wakeOnAbort(path, signal) {
  let timer;
  const release = onAbort(signal, () => {
    timer = setInterval(() => wakeReader(path), WAKE_INTERVAL);
    wakeReader(path);
  });
  return () => {
    release();
    clearInterval(timer);
  };
}
function wakeReader(path) {
  try {
    if (!statSync(path).isFIFO()) return;
    const writer = openSync(path, constants2.O_WRONLY | constants2.O_NONBLOCK);
    try {
      if (fstatSync(writer).isFIFO()) writeSync(writer, "\n");
    } finally {
      closeSync(writer);
    }
  } catch {
  }
}
function readGivenSync(path, mostBytes = MOST) {
  const file = openSync(path, "r");
  try {
    const chunks = [];
    for (let size = 0; ; ) {
      const chunk = Buffer.alloc(CHUNK);
      const bytes2 = readSync(file, chunk, 0, CHUNK, null);
      if (bytes2 === 0) return Buffer.concat(chunks);
      size = withinLimit(size + bytes2, mostBytes, largerThan(mostBytes));
      chunks.push(chunk.subarray(0, bytes2));
    }
  } finally {
    closeSync(file);
  }
}
async function readUpTo(file, mostBytes, tooLarge2, signal) {
  const chunks = [];
  for (let size = 0; ; ) {
    signal?.throwIfAborted();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
    signal?.throwIfAborted();
    if (bytesRead === 0) return Buffer.concat(chunks);
    size = withinLimit(size + bytesRead, mostBytes, tooLarge2);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}
function largerThan(bytes2) {
  return `larger than ${formatBytes(bytes2)}`;
}
function withinLimit(size, most, code) {
  if (size > most) throw Object.assign(new Error(code), { code });
  return size;
}

// src/formats/format-error.ts
var FormatError = class extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "FormatError";
  }
};
var AmbiguityError = class extends FormatError {
};
function decoding(what, decode4) {
  try {
    return decode4();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(what, { cause });
  }
}
function readPart(part, read) {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${part} that cannot be read: it ${cause.message}`, { cause });
  }
}
function readAs(kind, read) {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`is not ${kind}: it ${cause.message}`, { cause });
  }
}

// src/signatures/x509/pem.ts
var BEGIN = /^-----BEGIN ([A-Z0-9 ]+)-----$/;
var BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
var MARK = /^(\u{feff}|\xef\xbb\xbf)/u;
var MAX_BYTES = 256 * 1024;
function splitPem(text4) {
  const blocks = [];
  let open3;
  for (const raw of text4.split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    const [begin, label] = BEGIN.exec(line.replace(MARK, "")) ?? [];
    if (label !== void 0) {
      open3 = { label, lines: [], ended: false };
      blocks.push(open3);
    }
    open3?.lines.push(begin ?? line);
    if (open3 !== void 0 && line === `-----END ${open3.label}-----`) {
      open3.ended = true;
      open3 = void 0;
    }
  }
  return blocks;
}
function readPem(pem, wanted) {
  if (pem.length > MAX_BYTES) throw new FormatError(`has more than ${MAX_BYTES / 1024} KiB`);
  const text4 = typeof pem === "string" ? pem : Buffer.from(pem).toString("latin1");
  return splitPem(text4).map(({ label, lines, ended }) => {
    if (!ended) throw new FormatError(`has a ${label} block without an end`);
    return { label, bytes: label === wanted ? decode(lines.slice(1, -1).join(""), label) : new Uint8Array() };
  });
}
function decode(base643, label) {
  if (base643 === "" || base643.length % 4 !== 0 || !BASE64.test(base643)) {
    throw new FormatError(`has a ${label} block that is not base64`);
  }
  return Buffer.from(base643, "base64");
}

// src/signatures/x509/bundle.ts
var CHAIN_REMEDY = "Give one PEM file with the signing certificate first, then the certificate that issued it, and so on";
function readCertificateBundle(pem, what, remedy) {
  try {
    const blocks = readPem(pem, "CERTIFICATE");
    const ders = blocks.filter(({ label }) => label === "CERTIFICATE").map(({ bytes: bytes2 }) => bytes2);
    if (ders.length > 0) return ders;
    const others = [...new Set(blocks.map(({ label }) => label))];
    throw new FormatError(
      others.length === 0 ? "has no PEM block" : `has no certificate, only: ${others.join(", ")}`
    );
  } catch (error2) {
    if (!(error2 instanceof FormatError)) throw error2;
    throw new VeritySignError("key", `the ${what} ${error2.message}`, { remedy });
  }
}

// src/lib/pem-text.ts
var BEGIN2 = "-----BEGIN ";
var BLOCK = /(-----BEGIN [A-Z0-9 ]+-----)([^-]*)(-----END [A-Z0-9 ]+-----)/g;
function isPemText(text4) {
  return text4.includes(BEGIN2) || decoded(text4) !== void 0;
}
function plainPem(text4) {
  const pem = decoded(text4) ?? text4;
  if (!pem.includes(BEGIN2)) return text4;
  return pem.replace(/^\s*(["'])([\s\S]*)\1\s*$/, "$2").replaceAll(/(?:\\r)?\\n/g, "\n").replaceAll(BLOCK, (block, begin, body, end) => {
    if (/[\r\n:]/.test(body)) return block;
    const lines = body.replaceAll(/\s/g, "").match(/.{1,64}/g) ?? [];
    return `
${[begin, ...lines, end].join("\n")}
`;
  });
}
function decoded(text4) {
  const base643 = text4.replaceAll(/\s|\\n/g, "");
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(base643)) return void 0;
  const inner = Buffer.from(base643, "base64").toString("latin1");
  return inner.includes(BEGIN2) ? inner : void 0;
}
function splitPemList(text4) {
  if (!isPemText(text4)) return splitItems(text4);
  const items = [];
  let block;
  for (const line of text4.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (block === void 0 && !trimmed.includes(BEGIN2)) {
      if (isPemText(trimmed)) items.push(trimmed);
      else if (!/[\s=#]/.test(trimmed)) items.push(...splitItems(trimmed));
      continue;
    }
    block = [...block ?? [], line];
    if (!trimmed.includes("-----END ")) continue;
    items.push(block.join("\n"));
    block = void 0;
  }
  return block === void 0 ? items : [...items, block.join("\n")];
}
function splitItems(text4) {
  const items = text4.split(/[\r\n,]+/).map((item) => item.trim());
  return [...new Set(items)].filter((item) => item !== "");
}

// src/commands/shared/pem/pem-input.ts
var MAX_SIZE = 1024 * 1024;
var VARIABLE = /^env:\/\/(.*)$/s;
async function readPemInput(given, option, variables, code, signal) {
  const variable = VARIABLE.exec(given)?.[1];
  if (isPemText(given)) {
    return { content: Buffer.from(plainPem(given)), name: `text of ${option}`, path: void 0 };
  }
  if (variable !== void 0) {
    const value2 = Object.hasOwn(variables, variable) ? variables[variable] : void 0;
    const name2 = `variable ${variable} of ${option}`;
    if (value2 !== void 0) return { content: Buffer.from(plainPem(value2)), name: name2, path: void 0 };
    throw new VeritySignError(code, `the ${name2} is not set`, {
      remedy: "Set it in the environment of this step"
    });
  }
  const name = `file ${given} of ${option}`;
  const content = await readLimited(given, name, code, signal);
  const text4 = content.toString("latin1");
  const plain = plainPem(text4);
  if (plain !== text4) return { content: Buffer.from(plain), name, path: void 0 };
  const isFile = (await stat(given).catch(() => void 0))?.isFile() === true;
  return { content, name, path: isFile ? given : void 0 };
}
async function readLimited(path, name, code, signal) {
  try {
    return await readGiven(path, MAX_SIZE, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause.code ?? String(cause);
    throw new VeritySignError(code, `the ${name} cannot be read (${reason})`, {
      remedy: "Give the path of a PEM file, env://NAME for a variable that contains PEM, or the PEM text itself",
      cause
    });
  }
}

// src/commands/shared/connection-files.ts
var REMEDY = "Give X.509 certificates in PEM; convert DER with openssl x509 -inform DER";
async function connectionFiles({ caFile, clientCertificate, clientKey }, folder2, variables) {
  const file = async (given, option) => {
    const { content, name, path } = await readPemInput(given, option, variables, "usage");
    certificatesIn(content, name);
    if (path !== void 0) return resolve(path);
    const written = join(folder2, `${option}.pem`);
    await writeFile(written, content, { mode: 384 });
    return written;
  };
  return {
    ...caFile === void 0 ? await extraCertificates(folder2) : { caFile: await file(caFile, "ca-file") },
    ...clientCertificate === void 0 || clientKey === void 0 ? {} : {
      clientCertificate: {
        certificate: await file(clientCertificate, "client-certificate"),
        key: await readable(clientKey, "client-key")
      }
    }
  };
}
async function readable(path, option) {
  try {
    await access(path, constants.R_OK);
    return resolve(path);
  } catch (cause) {
    const { code = "unknown error" } = cause;
    throw new VeritySignError("usage", `the file ${path} of ${option} cannot be read (${code})`, {
      remedy: "Check the path and its permissions",
      cause
    });
  }
}
function certificatesIn(content, name) {
  try {
    readCertificateBundle(content, name, REMEDY);
  } catch (error2) {
    if (!(error2 instanceof VeritySignError)) throw error2;
    throw new VeritySignError("usage", error2.message, { remedy: REMEDY });
  }
}
async function extraCertificates(folder2) {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: file } = process.env;
  if (!extra) return {};
  if (!file || resolve(file) === resolve(extra)) return { certificates: resolve(extra) };
  const texts2 = await Promise.all([file, extra].map((path) => readGiven(path).then(String, () => "")));
  const written = join(folder2, "certificates.pem");
  await writeFile(written, texts2.join("\n"), { mode: 384 });
  return { certificates: written };
}

// src/model/annotations.ts
var NOTARY_NAMESPACE = "io.cncf.notary";
var NOTARY_PREFIX = `${NOTARY_NAMESPACE}.`;
var OWN_PREFIX = "io.github.verity-sign.";
var LAYER_DIGEST = "io.cncf.notary.layer.digest";
var ROOT_HASH = "io.cncf.notary.dm-verity.root-hash";
var SIGNATURE_MARK = "io.cncf.notary.dm-verity.signature";
var TARDEV_LAYER_DIGEST = "image.layer.digest";
var TARDEV_ROOT_HASH = "image.layer.root_hash";
var TARDEV_SIGNATURE = "image.layer.signature";
var TARDEV_BLOB_NAME = "signature.blob.name";
var THUMBPRINTS = "io.cncf.notary.x509chain.thumbprint#S256";
var TITLE = "org.opencontainers.image.title";
var CREATED = "org.opencontainers.image.created";
var REF_NAME = "org.opencontainers.image.ref.name";
var IMAGE_NAME = "io.containerd.image.name";

// src/commands/shared/name-for-others.ts
async function noteName(reference, layout, root, log) {
  if (reference.kind !== "layout" && reference.kind !== "archive") return;
  const entries = await layout.entries();
  const position = entries.findIndex(({ digest }) => digest === root.digest);
  if (entries.length < 2 || position === -1) return;
  const image = `${reference.kind === "layout" ? "oci" : "oci-archive"}:${reference.path}`;
  const name = nameOf(root, entries);
  const how = name === void 0 ? unnamed(reference.kind, reference.path, position) : `skopeo copy ${image}:${name} …, podman pull ${image}:${name}`;
  log.info(`skopeo and podman must be told which manifest in ${image} is the image: ${how}`);
}
function nameOf(root, entries) {
  const firsts = /* @__PURE__ */ new Map();
  for (const { annotations, digest } of entries) {
    const name = annotations?.[REF_NAME];
    if (name !== void 0 && !firsts.has(name)) firsts.set(name, digest);
  }
  return [...firsts].find(([, digest]) => digest === root.digest)?.[0];
}
function unnamed(kind, path, position) {
  const since = "(skopeo 1.18 or podman 5.4 and later)";
  if (kind === "layout") return `it has no name, so its position counts: oci:${path}:@${position} ${since}`;
  return `it has no name: build it with one, or unpack it (tar -xf ${path} -C DIR) and use oci:DIR:@${position} ${since}`;
}

// node_modules/zod/v4/core/util.js
var util_exports = {};
__export(util_exports, {
  BIGINT_FORMAT_RANGES: () => BIGINT_FORMAT_RANGES,
  CONSTANT_CATCH: () => CONSTANT_CATCH,
  Class: () => Class,
  NUMBER_FORMAT_RANGES: () => NUMBER_FORMAT_RANGES,
  aborted: () => aborted,
  allowsEval: () => allowsEval,
  assert: () => assert,
  assertEqual: () => assertEqual,
  assertIs: () => assertIs,
  assertNever: () => assertNever,
  assertNotEqual: () => assertNotEqual,
  assignProp: () => assignProp,
  attachSchema: () => attachSchema,
  base64ToUint8Array: () => base64ToUint8Array,
  base64urlToUint8Array: () => base64urlToUint8Array,
  cached: () => cached,
  captureStackTrace: () => captureStackTrace,
  cleanEnum: () => cleanEnum,
  cleanRegex: () => cleanRegex,
  clone: () => clone,
  cloneDef: () => cloneDef,
  codePointLength: () => codePointLength,
  constantCatch: () => constantCatch,
  createTransparentProxy: () => createTransparentProxy,
  defineLazy: () => defineLazy,
  defineLazyInternal: () => defineLazyInternal,
  derived: () => derived,
  esc: () => esc,
  escapeRegex: () => escapeRegex,
  explicitlyAborted: () => explicitlyAborted,
  extend: () => extend,
  finalizeIssue: () => finalizeIssue,
  floatSafeRemainder: () => floatSafeRemainder,
  getElementAtPath: () => getElementAtPath,
  getEnumValues: () => getEnumValues,
  getLengthableOrigin: () => getLengthableOrigin,
  getParsedType: () => getParsedType,
  getSizableOrigin: () => getSizableOrigin,
  hexToUint8Array: () => hexToUint8Array,
  hide: () => hide,
  installLazyProp: () => installLazyProp,
  isObject: () => isObject,
  isPlainObject: () => isPlainObject,
  issue: () => issue,
  joinValues: () => joinValues,
  jsonStringifyReplacer: () => jsonStringifyReplacer,
  members: () => members,
  merge: () => merge,
  mergeDefs: () => mergeDefs,
  normalizeParams: () => normalizeParams,
  nullish: () => nullish,
  numKeys: () => numKeys,
  objectClone: () => objectClone,
  omit: () => omit,
  optionalKeys: () => optionalKeys,
  own: () => own,
  parsedType: () => parsedType,
  partial: () => partial,
  pick: () => pick,
  prefixIssues: () => prefixIssues,
  primitiveTypes: () => primitiveTypes,
  promiseAllObject: () => promiseAllObject,
  propertyKeyTypes: () => propertyKeyTypes,
  randomString: () => randomString,
  rawShape: () => rawShape,
  required: () => required,
  safeExtend: () => safeExtend,
  shallowClone: () => shallowClone,
  sizeCaps: () => sizeCaps,
  slugify: () => slugify,
  stringifyPrimitive: () => stringifyPrimitive,
  toZod: () => toZod,
  uint8ArrayToBase64: () => uint8ArrayToBase64,
  uint8ArrayToBase64url: () => uint8ArrayToBase64url,
  uint8ArrayToHex: () => uint8ArrayToHex,
  unwrapMessage: () => unwrapMessage
});
function assertEqual(val) {
  return val;
}
function assertNotEqual(val) {
  return val;
}
function toZod() {
  return (schema2) => schema2;
}
function assertIs(_arg) {
}
function assertNever(_x) {
  throw new Error("Unexpected value in exhaustive check");
}
function assert(_) {
}
function getEnumValues(entries) {
  const numericValues = Object.values(entries).filter((v) => typeof v === "number");
  const values = Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
  return values;
}
function joinValues(array2, separator = "|") {
  return array2.map((val) => stringifyPrimitive(val)).join(separator);
}
function jsonStringifyReplacer(_, value2) {
  if (typeof value2 === "bigint")
    return value2.toString();
  return value2;
}
var Cached = class {
  constructor(getter) {
    this._getter = getter;
    this._value = void 0;
  }
  get value() {
    const getter = this._getter;
    if (getter !== void 0) {
      this._value = getter();
      this._getter = void 0;
    }
    return this._value;
  }
};
function cached(getter) {
  return new Cached(getter);
}
function nullish(input) {
  return input === null || input === void 0;
}
function cleanRegex(source) {
  const start2 = source.startsWith("^") ? 1 : 0;
  const end = source.endsWith("$") ? source.length - 1 : source.length;
  return source.slice(start2, end);
}
function floatSafeRemainder(val, step2) {
  const ratio = val / step2;
  const roundedRatio = Math.round(ratio);
  const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);
  if (Math.abs(ratio - roundedRatio) < tolerance)
    return 0;
  return ratio - roundedRatio;
}
var EVALUATING = /* @__PURE__ */ Symbol("evaluating");
function defineLazy(object2, key, getter) {
  let value2 = void 0;
  Object.defineProperty(object2, key, {
    get() {
      if (value2 === EVALUATING) {
        return void 0;
      }
      if (value2 === void 0) {
        value2 = EVALUATING;
        value2 = getter();
      }
      return value2;
    },
    set(v) {
      Object.defineProperty(object2, key, {
        value: v
        // configurable: true,
      });
    },
    configurable: true
  });
}
function objectClone(obj) {
  return Object.create(Object.getPrototypeOf(obj), Object.getOwnPropertyDescriptors(obj));
}
function assignProp(target, prop, value2) {
  Object.defineProperty(target, prop, {
    value: value2,
    writable: true,
    enumerable: true,
    configurable: true
  });
}
function rawShape(def) {
  const desc = Object.getOwnPropertyDescriptor(def, "shape");
  return desc?.get ? desc.get.raw : desc?.value;
}
function sourceShape(schema2) {
  return rawShape(schema2._zod.def) ?? schema2._zod.def.shape;
}
function deferProp(target, key, getter) {
  Object.defineProperty(target, key, {
    get() {
      const value2 = getter();
      assignProp(this, key, value2);
      return value2;
    },
    enumerable: true,
    configurable: true
  });
}
function putProp(target, key, value2) {
  if (key in target)
    assignProp(target, key, value2);
  else
    target[key] = value2;
}
function mirrorShape(target, source, keys, wrap) {
  const raw = sourceShape(source);
  for (const key of keys) {
    const desc = Object.getOwnPropertyDescriptor(raw, key);
    if (!desc.enumerable)
      continue;
    if (desc.get) {
      deferProp(target, key, () => {
        const value2 = source._zod.def.shape[key];
        return wrap ? wrap(value2, key) : value2;
      });
    } else
      putProp(target, key, wrap ? wrap(desc.value, key) : desc.value);
  }
}
function mirrorProps(target, source) {
  for (const key of Reflect.ownKeys(source)) {
    const desc = Object.getOwnPropertyDescriptor(source, key);
    if (!desc.enumerable)
      continue;
    if (desc.get)
      deferProp(target, key, () => source[key]);
    else
      putProp(target, key, desc.value);
  }
}
function mergeDefs(...defs) {
  const mergedDescriptors = {};
  for (const def of defs) {
    const descriptors2 = Object.getOwnPropertyDescriptors(def);
    Object.assign(mergedDescriptors, descriptors2);
  }
  return Object.defineProperties({}, mergedDescriptors);
}
function cloneDef(schema2) {
  return mergeDefs(schema2._zod.def);
}
function getElementAtPath(obj, path) {
  if (!path)
    return obj;
  return path.reduce((acc, key) => acc?.[key], obj);
}
function promiseAllObject(promisesObj) {
  const keys = Object.keys(promisesObj);
  const promises = keys.map((key) => promisesObj[key]);
  return Promise.all(promises).then((results) => {
    const resolvedObj = {};
    for (let i = 0; i < keys.length; i++) {
      resolvedObj[keys[i]] = results[i];
    }
    return resolvedObj;
  });
}
function randomString(length = 10) {
  const chars = "abcdefghijklmnopqrstuvwxyz";
  let str = "";
  for (let i = 0; i < length; i++) {
    str += chars[Math.floor(Math.random() * chars.length)];
  }
  return str;
}
function esc(str) {
  return JSON.stringify(str);
}
function slugify(input) {
  return input.toLowerCase().trim().replace(/[^\w\s-]/g, "").replace(/[\s_-]+/g, "-").replace(/^-+|-+$/g, "");
}
var captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {
};
function isObject(data) {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
var allowsEval = /* @__PURE__ */ cached(() => {
  if (globalConfig.jitless) {
    return false;
  }
  if (typeof navigator !== "undefined" && navigator?.userAgent?.includes("Cloudflare")) {
    return false;
  }
  try {
    const F = Function;
    new F("");
    return true;
  } catch (_) {
    return false;
  }
});
function isPlainObject(o) {
  if (isObject(o) === false)
    return false;
  const ctor = o.constructor;
  if (ctor === void 0)
    return true;
  if (typeof ctor !== "function")
    return true;
  const prot = ctor.prototype;
  if (isObject(prot) === false)
    return false;
  if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) {
    return false;
  }
  return true;
}
function shallowClone(o) {
  if (isPlainObject(o))
    return { ...o };
  if (Array.isArray(o))
    return [...o];
  if (o instanceof Map)
    return new Map(o);
  if (o instanceof Set)
    return new Set(o);
  return o;
}
function numKeys(data) {
  let keyCount = 0;
  for (const key in data) {
    if (Object.prototype.hasOwnProperty.call(data, key)) {
      keyCount++;
    }
  }
  return keyCount;
}
var getParsedType = (data) => {
  const t = typeof data;
  switch (t) {
    case "undefined":
      return "undefined";
    case "string":
      return "string";
    case "number":
      return Number.isNaN(data) ? "nan" : "number";
    case "boolean":
      return "boolean";
    case "function":
      return "function";
    case "bigint":
      return "bigint";
    case "symbol":
      return "symbol";
    case "object":
      if (Array.isArray(data)) {
        return "array";
      }
      if (data === null) {
        return "null";
      }
      if (data.then && typeof data.then === "function" && data.catch && typeof data.catch === "function") {
        return "promise";
      }
      if (typeof Map !== "undefined" && data instanceof Map) {
        return "map";
      }
      if (typeof Set !== "undefined" && data instanceof Set) {
        return "set";
      }
      if (typeof Date !== "undefined" && data instanceof Date) {
        return "date";
      }
      if (typeof File !== "undefined" && data instanceof File) {
        return "file";
      }
      return "object";
    default:
      throw new Error(`Unknown data type: ${t}`);
  }
};
var propertyKeyTypes = /* @__PURE__ */ new Set(["string", "number", "symbol"]);
var primitiveTypes = /* @__PURE__ */ new Set([
  "string",
  "number",
  "bigint",
  "boolean",
  "symbol",
  "undefined"
]);
function escapeRegex(str) {
  return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
  const cl = new inst._zod.constr(def ?? inst._zod.def);
  if (!def || params?.parent)
    cl._zod.parent = inst;
  return cl;
}
function normalizeParams(_params) {
  const params = _params;
  if (!params)
    return {};
  if (typeof params === "string")
    return { error: () => params };
  if (params?.message !== void 0) {
    if (params?.error !== void 0)
      throw new Error("Cannot specify both `message` and `error` params");
    params.error = params.message;
  }
  delete params.message;
  if (typeof params.error === "string")
    return { ...params, error: () => params.error };
  return params;
}
function createTransparentProxy(getter) {
  let target;
  return new Proxy({}, {
    get(_, prop, receiver) {
      target ?? (target = getter());
      return Reflect.get(target, prop, receiver);
    },
    set(_, prop, value2, receiver) {
      target ?? (target = getter());
      return Reflect.set(target, prop, value2, receiver);
    },
    has(_, prop) {
      target ?? (target = getter());
      return Reflect.has(target, prop);
    },
    deleteProperty(_, prop) {
      target ?? (target = getter());
      return Reflect.deleteProperty(target, prop);
    },
    ownKeys(_) {
      target ?? (target = getter());
      return Reflect.ownKeys(target);
    },
    getOwnPropertyDescriptor(_, prop) {
      target ?? (target = getter());
      return Reflect.getOwnPropertyDescriptor(target, prop);
    },
    defineProperty(_, prop, descriptor2) {
      target ?? (target = getter());
      return Reflect.defineProperty(target, prop, descriptor2);
    }
  });
}
function stringifyPrimitive(value2) {
  if (typeof value2 === "bigint")
    return value2.toString() + "n";
  if (typeof value2 === "string")
    return `"${value2}"`;
  return `${value2}`;
}
function optionalKeys(shape) {
  return Object.keys(shape).filter((k) => {
    return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
  });
}
var NUMBER_FORMAT_RANGES = /* @__PURE__ */ (() => ({
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
  float32: [-34028234663852886e22, 34028234663852886e22],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
var BIGINT_FORMAT_RANGES = {
  int64: [/* @__PURE__ */ BigInt("-9223372036854775808"), /* @__PURE__ */ BigInt("9223372036854775807")],
  uint64: [/* @__PURE__ */ BigInt(0), /* @__PURE__ */ BigInt("18446744073709551615")]
};
function pick(schema2, mask) {
  const currDef = schema2._zod.def;
  const checks = currDef.checks;
  const hasChecks = checks && checks.length > 0;
  if (hasChecks) {
    throw new Error(".pick() cannot be used on object schemas containing refinements");
  }
  const newShape = {};
  mirrorShape(newShape, schema2, maskedKeys(schema2, mask));
  return clone(schema2, mergeDefs(currDef, { shape: newShape, checks: [] }));
}
function maskedKeys(schema2, mask) {
  const raw = sourceShape(schema2);
  const keys = [];
  for (const key of Reflect.ownKeys(mask)) {
    if (!Object.getOwnPropertyDescriptor(raw, key)?.enumerable) {
      throw new Error(`Unrecognized key: "${String(key)}"`);
    }
    if (mask[key])
      keys.push(key);
  }
  return keys;
}
function omit(schema2, mask) {
  const currDef = schema2._zod.def;
  const checks = currDef.checks;
  const hasChecks = checks && checks.length > 0;
  if (hasChecks) {
    throw new Error(".omit() cannot be used on object schemas containing refinements");
  }
  const omitted = new Set(maskedKeys(schema2, mask));
  const newShape = {};
  mirrorShape(newShape, schema2, Reflect.ownKeys(sourceShape(schema2)).filter((key) => !omitted.has(key)));
  return clone(schema2, mergeDefs(currDef, { shape: newShape, checks: [] }));
}
function extend(schema2, shape) {
  if (!isPlainObject(shape)) {
    throw new Error("Invalid input to extend: expected a plain object");
  }
  const checks = schema2._zod.def.checks;
  const hasChecks = checks && checks.length > 0;
  if (hasChecks) {
    const existingShape = sourceShape(schema2);
    for (const key of Reflect.ownKeys(shape)) {
      if (Object.getOwnPropertyDescriptor(existingShape, key) !== void 0) {
        throw new Error("Cannot overwrite keys on object schemas containing refinements. Use `.safeExtend()` instead.");
      }
    }
  }
  return clone(schema2, mergeDefs(schema2._zod.def, { shape: extended(schema2, shape) }));
}
function extended(schema2, shape) {
  const newShape = {};
  mirrorShape(newShape, schema2, Reflect.ownKeys(sourceShape(schema2)));
  mirrorProps(newShape, shape);
  return newShape;
}
function safeExtend(schema2, shape) {
  if (!isPlainObject(shape)) {
    throw new Error("Invalid input to safeExtend: expected a plain object");
  }
  return clone(schema2, mergeDefs(schema2._zod.def, { shape: extended(schema2, shape) }));
}
function merge(a, b) {
  if (!b?._zod?.def) {
    throw new Error("Invalid input to merge: expected an object schema. To merge a plain shape, use `.extend()`.");
  }
  if (a._zod.def.checks?.length) {
    throw new Error(".merge() cannot be used on object schemas containing refinements. Use .safeExtend() instead.");
  }
  const newShape = {};
  mirrorShape(newShape, a, Reflect.ownKeys(sourceShape(a)));
  mirrorShape(newShape, b, Reflect.ownKeys(sourceShape(b)));
  const def = mergeDefs(a._zod.def, {
    shape: newShape,
    get catchall() {
      return b._zod.def.catchall;
    },
    checks: b._zod.def.checks ?? []
  });
  return clone(a, def);
}
function partial(Class2, schema2, mask, name = "partial") {
  const currDef = schema2._zod.def;
  const checks = currDef.checks;
  const hasChecks = checks && checks.length > 0;
  if (hasChecks) {
    throw new Error(`.${name}() cannot be used on object schemas containing refinements`);
  }
  const selected = mask ? new Set(maskedKeys(schema2, mask)) : void 0;
  const newShape = {};
  mirrorShape(newShape, schema2, Reflect.ownKeys(sourceShape(schema2)), Class2 && ((value2, key) => selected && !selected.has(key) ? value2 : new Class2({ type: "optional", innerType: value2 })));
  return clone(schema2, mergeDefs(schema2._zod.def, { shape: newShape, checks: [] }));
}
function required(Class2, schema2, mask) {
  const selected = mask ? new Set(maskedKeys(schema2, mask)) : void 0;
  const newShape = {};
  mirrorShape(newShape, schema2, Reflect.ownKeys(sourceShape(schema2)), (value2, key) => (
    // overwrite with non-optional
    selected && !selected.has(key) ? value2 : new Class2({ type: "nonoptional", innerType: value2 })
  ));
  return clone(schema2, mergeDefs(schema2._zod.def, { shape: newShape }));
}
function aborted(x, startIndex = 0) {
  if (x.aborted === true)
    return true;
  for (let i = startIndex; i < x.issues.length; i++) {
    if (x.issues[i]?.continue !== true) {
      return true;
    }
  }
  return false;
}
function explicitlyAborted(x, startIndex = 0) {
  if (x.aborted === true)
    return true;
  for (let i = startIndex; i < x.issues.length; i++) {
    if (x.issues[i]?.continue === false) {
      return true;
    }
  }
  return false;
}
function prefixIssues(path, issues) {
  return issues.map((iss) => {
    var _a3;
    (_a3 = iss).path ?? (_a3.path = []);
    iss.path.unshift(path);
    return iss;
  });
}
function unwrapMessage(message) {
  return typeof message === "string" ? message : message?.message;
}
function sizeCaps(defChecks) {
  const caps = [];
  for (const ch of defChecks ?? []) {
    const d = ch._zod.def;
    if (!/_(length|size)$|_equals$/.test(d.check))
      break;
    const max = d.maximum ?? d.length ?? d.size;
    if (max >= 0)
      caps.push([max, ch]);
  }
  return caps;
}
function attachSchema(issues, start2, inst) {
  var _a3;
  for (let i = start2; i < issues.length; i++) {
    (_a3 = issues[i]).schema ?? (_a3.schema = inst);
  }
}
function finalizeIssue(iss, ctx, config2) {
  var _a3;
  const traits = iss.inst?._zod?.traits;
  if (traits?.has("$ZodType")) {
    if (traits.has("$ZodCheck"))
      (_a3 = iss).schema ?? (_a3.schema = iss.inst);
    else
      iss.schema = iss.inst;
  }
  const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
  const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config2.customError?.(iss)) ?? unwrapMessage(config2.localeError?.(iss)) ?? "Invalid input";
  const full = {};
  for (const k of Object.keys(iss)) {
    if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__")
      continue;
    full[k] = iss[k];
  }
  full.path ?? (full.path = []);
  full.message = message;
  if (ctx?.reportInput) {
    full.input = iss.input;
  }
  return full;
}
function getSizableOrigin(input) {
  if (input instanceof Set)
    return "set";
  if (input instanceof Map)
    return "map";
  if (input instanceof File)
    return "file";
  return "unknown";
}
var highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
  const units = str.length;
  if (!highSurrogate.test(str))
    return units;
  let count2 = units;
  for (let i = 0; i < units - 1; i++) {
    if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
      count2--;
      i++;
    }
  }
  return count2;
}
function getLengthableOrigin(input) {
  if (Array.isArray(input))
    return "array";
  if (typeof input === "string")
    return "string";
  return "unknown";
}
function parsedType(data) {
  const t = typeof data;
  switch (t) {
    case "number": {
      return Number.isNaN(data) ? "nan" : "number";
    }
    case "object": {
      if (data === null) {
        return "null";
      }
      if (Array.isArray(data)) {
        return "array";
      }
      const obj = data;
      if (obj && Object.getPrototypeOf(obj) !== Object.prototype && "constructor" in obj && obj.constructor) {
        return obj.constructor.name;
      }
    }
  }
  return t;
}
function issue(...args) {
  const [iss, input, inst] = args;
  if (typeof iss === "string") {
    return {
      message: iss,
      code: "custom",
      input,
      inst
    };
  }
  return { ...iss };
}
function cleanEnum(obj) {
  return Object.entries(obj).filter(([k, _]) => {
    return Number.isNaN(Number.parseInt(k, 10));
  }).map((el) => el[1]);
}
function base64ToUint8Array(base643) {
  const binaryString = atob(base643);
  const bytes2 = new Uint8Array(binaryString.length);
  for (let i = 0; i < binaryString.length; i++) {
    bytes2[i] = binaryString.charCodeAt(i);
  }
  return bytes2;
}
function uint8ArrayToBase64(bytes2) {
  let binaryString = "";
  for (let i = 0; i < bytes2.length; i++) {
    binaryString += String.fromCharCode(bytes2[i]);
  }
  return btoa(binaryString);
}
function base64urlToUint8Array(base64url2) {
  const base643 = base64url2.replace(/-/g, "+").replace(/_/g, "/");
  const padding = "=".repeat((4 - base643.length % 4) % 4);
  return base64ToUint8Array(base643 + padding);
}
function uint8ArrayToBase64url(bytes2) {
  return uint8ArrayToBase64(bytes2).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
function hexToUint8Array(hex) {
  const cleanHex = hex.replace(/^0x/, "");
  if (cleanHex.length % 2 !== 0) {
    throw new Error("Invalid hex string length");
  }
  const bytes2 = new Uint8Array(cleanHex.length / 2);
  for (let i = 0; i < cleanHex.length; i += 2) {
    bytes2[i / 2] = Number.parseInt(cleanHex.slice(i, i + 2), 16);
  }
  return bytes2;
}
function uint8ArrayToHex(bytes2) {
  return Array.from(bytes2).map((b) => b.toString(16).padStart(2, "0")).join("");
}
var Class = class {
  constructor(..._args) {
  }
};
function members(proto, table) {
  for (const key in table) {
    const desc = Object.getOwnPropertyDescriptor(table, key);
    if (desc.get)
      Object.defineProperty(proto, key, { ...desc, enumerable: false });
    else
      defineBound(proto, key, desc.value);
  }
}
function own(inst, key, value2, enumerable = true) {
  Object.defineProperty(inst, key, { configurable: true, writable: true, enumerable, value: value2 });
  return value2;
}
function hide(inst, key, value2) {
  return own(inst, key, value2, false);
}
// @__NO_SIDE_EFFECTS__
function derived(computes, table) {
  for (const key in computes) {
    const compute = computes[key];
    Object.defineProperty(table, key, {
      configurable: true,
      enumerable: true,
      get() {
        return own(this, key, compute(this));
      },
      set(value2) {
        own(this, key, value2);
      }
    });
  }
  return table;
}
function defineBound(proto, key, fn) {
  Object.defineProperty(proto, key, {
    configurable: true,
    get() {
      return this == null ? fn : own(this, key, fn.bind(this));
    },
    set(value2) {
      own(this, key, value2);
    }
  });
}
function claim(inst, sentinel) {
  const proto = Object.getPrototypeOf(inst);
  return sentinel in proto ? void 0 : proto;
}
var installing;
var broke = false;
var breaker = {
  configurable: true,
  get() {
    broke = true;
    return void 0;
  }
};
function defineLazyInternal(inst, key, compute) {
  const proto = Object.getPrototypeOf(inst._zod);
  if (key in proto && installing !== inst._zod) {
    installing = void 0;
    return;
  }
  installing = inst._zod;
  Object.defineProperty(proto, key, {
    configurable: true,
    get() {
      Object.defineProperty(this, key, breaker);
      const outer = broke;
      broke = false;
      try {
        const value2 = compute(this);
        if (broke)
          delete this[key];
        else
          Object.defineProperty(this, key, { configurable: true, writable: true, value: value2 });
        broke = broke || outer;
        return value2;
      } catch (err) {
        delete this[key];
        broke = broke || outer;
        throw err;
      }
    },
    set(value2) {
      Object.defineProperty(this, key, { configurable: true, writable: true, value: value2 });
    }
  });
}
function installLazyProp(inst, key, make, enumerable) {
  const proto = claim(inst, key);
  if (!proto)
    return;
  Object.defineProperty(proto, key, {
    configurable: true,
    get() {
      const desc = { configurable: true, writable: true, enumerable, value: void 0 };
      Object.defineProperty(this, key, desc);
      desc.value = make(this);
      Object.defineProperty(this, key, desc);
      return desc.value;
    },
    set(value2) {
      Object.defineProperty(this, key, { configurable: true, writable: true, enumerable, value: value2 });
    }
  });
}
var CONSTANT_CATCH = "~constantCatch";
function constantCatch(value2) {
  const fn = () => value2;
  fn[CONSTANT_CATCH] = true;
  return fn;
}

// node_modules/zod/v4/core/core.js
var _a;
var _zodDesc = { value: void 0, enumerable: false };
var _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
  const E = _E;
  if (E) {
    const saved = E.stackTraceLimit;
    if (typeof saved === "number") {
      try {
        E.stackTraceLimit = 0;
      } catch {
        _E = null;
        return new Definition();
      }
      try {
        return new Definition();
      } finally {
        E.stackTraceLimit = saved;
      }
    }
  }
  return new Definition();
}
// @__NO_SIDE_EFFECTS__
function $constructor(name, initializer3, proto, params) {
  const zodProto = {};
  function Internals(def) {
    this.def = def;
    this.constr = _;
    this.traits = /* @__PURE__ */ new Set();
  }
  Internals.prototype = zodProto;
  const protoMembers = proto;
  const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
  function init(inst, def) {
    if (!inst._zod) {
      _zodDesc.value = new Internals(def);
      try {
        Object.defineProperty(inst, "_zod", _zodDesc);
      } finally {
        _zodDesc.value = void 0;
      }
    } else if (inst._zod.traits.has(name)) {
      return;
    }
    inst._zod.traits.add(name);
    initializer3(inst, def);
    if (initialized) {
      const own3 = Object.getPrototypeOf(inst);
      const ctorProto = inst._zod.constr.prototype;
      let up = own3;
      while (up && up !== ctorProto)
        up = Object.getPrototypeOf(up);
      const target = up ?? own3;
      if (!initialized.has(target)) {
        initialized.add(target);
        members(target, protoMembers);
      }
    }
    const proto2 = _.prototype;
    for (const k in proto2) {
      if (!Object.prototype.hasOwnProperty.call(proto2, k))
        continue;
      if (!(k in inst)) {
        inst[k] = proto2[k].bind(inst);
      }
    }
  }
  const Parent = params?.Parent ?? Object;
  class Definition extends Parent {
  }
  Object.defineProperty(Definition, "name", { value: name });
  function _(def) {
    const inst = params?.Parent ? newError(Definition) : this;
    init(inst, def);
    const deferred = inst._zod.deferred;
    if (deferred) {
      for (const fn of deferred) {
        fn();
      }
      inst._zod.deferred = void 0;
    }
    const pp = globalThis.__zod_globalConfig?.postProcessor;
    if (pp)
      pp(inst);
    return inst;
  }
  Object.defineProperty(_, "init", { value: init });
  Object.defineProperty(_, Symbol.hasInstance, {
    value: (inst) => {
      if (params?.Parent && inst instanceof params.Parent)
        return true;
      return inst?._zod?.traits?.has(name);
    }
  });
  Object.defineProperty(_, "name", { value: name });
  return _;
}
var $ZodAsyncError = class extends Error {
  constructor() {
    super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
  }
};
var $ZodEncodeError = class extends Error {
  constructor(name) {
    super(`Encountered unidirectional transform during encode: ${name}`);
    this.name = "ZodEncodeError";
  }
};
(_a = globalThis).__zod_globalConfig ?? (_a.__zod_globalConfig = {});
var globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
  if (newConfig)
    Object.assign(globalConfig, newConfig);
  return globalConfig;
}

// node_modules/zod/v4/core/errors.js
function _getMessage() {
  const internals = this._zod;
  internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
  return internals.message;
}
function _setMessage(value2) {
  this._zod.message = value2;
}
var _messageDesc = {
  get: _getMessage,
  set: _setMessage,
  enumerable: true,
  configurable: true
};
var _issuesDesc = { value: void 0, enumerable: false };
var _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
var initializer = (inst, def) => {
  inst.name = "$ZodError";
  _issuesDesc.value = def;
  Object.defineProperty(inst, "issues", _issuesDesc);
  _issuesDesc.value = void 0;
  Object.defineProperty(inst, "message", _messageDesc);
  const proto = Object.getPrototypeOf(inst);
  if (!_installedToString.has(proto)) {
    _installedToString.add(proto);
    Object.defineProperty(proto, "toString", {
      configurable: true,
      enumerable: false,
      get() {
        const value2 = () => this.message;
        Object.defineProperty(this, "toString", { value: value2, configurable: true, writable: true });
        return value2;
      },
      set(value2) {
        Object.defineProperty(this, "toString", { value: value2, configurable: true, writable: true });
      }
    });
  }
};
var $ZodError = $constructor("$ZodError", initializer);
var $ZodRealError = $constructor("$ZodError", initializer, void 0, {
  Parent: Error
});
function node(obj, key, make) {
  if (!Object.prototype.hasOwnProperty.call(obj, key)) {
    if (key === "__proto__") {
      Object.defineProperty(obj, key, { value: make(), writable: true, enumerable: true, configurable: true });
    } else {
      obj[key] = make();
    }
  }
  return obj[key];
}
function flattenError(error2, mapper = (issue2) => issue2.message) {
  const fieldErrors = {};
  const formErrors = [];
  for (const sub of error2.issues) {
    if (sub.path.length > 0) {
      node(fieldErrors, sub.path[0], () => []).push(mapper(sub));
    } else {
      formErrors.push(mapper(sub));
    }
  }
  return { formErrors, fieldErrors };
}
function formatError(error2, mapper = (issue2) => issue2.message) {
  const fieldErrors = { _errors: [] };
  const processError = (error3, path = []) => {
    for (const issue2 of error3.issues) {
      if (issue2.code === "invalid_union" && issue2.errors.length) {
        issue2.errors.map((issues) => processError({ issues }, [...path, ...issue2.path]));
      } else if (issue2.code === "invalid_key") {
        processError({ issues: issue2.issues }, [...path, ...issue2.path]);
      } else if (issue2.code === "invalid_element") {
        processError({ issues: issue2.issues }, [...path, ...issue2.path]);
      } else {
        const fullpath = [...path, ...issue2.path];
        if (fullpath.length === 0) {
          fieldErrors._errors.push(mapper(issue2));
        } else {
          let curr = fieldErrors;
          let i = 0;
          while (i < fullpath.length) {
            const el = fullpath[i];
            const terminal = i === fullpath.length - 1;
            if (el === "_errors") {
              if (terminal)
                curr._errors.push(mapper(issue2));
              i++;
              continue;
            }
            if (!Object.prototype.hasOwnProperty.call(curr, el)) {
              Object.defineProperty(curr, el, {
                value: { _errors: [] },
                enumerable: true,
                writable: true,
                configurable: true
              });
            }
            const node2 = curr[el];
            if (terminal) {
              node2._errors.push(mapper(issue2));
            }
            curr = node2;
            i++;
          }
        }
      }
    }
  };
  processError(error2);
  return fieldErrors;
}

// node_modules/zod/v4/core/parse.js
function finalizeParams(callee, params) {
  return { callee: params?.callee ?? callee, Err: params?.Err };
}
var _parse = (_Err) => {
  const fn = (schema2, value2, _ctx, _params) => {
    const ctx = _ctx ? { ..._ctx, async: false } : { async: false };
    const result = schema2._zod.run({ value: value2, issues: [] }, ctx);
    if (result instanceof Promise) {
      throw new $ZodAsyncError();
    }
    if (result.issues.length) {
      const e = new (_params?.Err ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
      captureStackTrace(e, _params?.callee ?? fn);
      throw e;
    }
    return result.value;
  };
  return fn;
};
var _parseAsync = (_Err) => {
  const fn = async (schema2, value2, _ctx, params) => {
    const ctx = _ctx ? { ..._ctx, async: true } : { async: true };
    let result = schema2._zod.run({ value: value2, issues: [] }, ctx);
    if (result instanceof Promise)
      result = await result;
    if (result.issues.length) {
      const e = new (params?.Err ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
      captureStackTrace(e, params?.callee ?? fn);
      throw e;
    }
    return result.value;
  };
  return fn;
};
var _safeParse = (_Err) => (schema2, value2, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: false } : { async: false };
  const result = schema2._zod.run({ value: value2, issues: [] }, ctx);
  if (result instanceof Promise) {
    throw new $ZodAsyncError();
  }
  return result.issues.length ? failure(_Err, result.issues, ctx) : { success: true, data: result.value };
};
function failure(Err, issues, ctx) {
  let error2;
  return {
    success: false,
    get error() {
      if (!error2) {
        error2 = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
        issues = void 0;
        ctx = void 0;
      }
      return error2;
    },
    set error(e) {
      error2 = e;
      issues = void 0;
      ctx = void 0;
    }
  };
}
var _safeParseAsync = (_Err) => async (schema2, value2, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: true } : { async: true };
  let result = schema2._zod.run({ value: value2, issues: [] }, ctx);
  if (result instanceof Promise)
    result = await result;
  return result.issues.length ? failure(_Err, result.issues, ctx) : { success: true, data: result.value };
};
var COMPILE_INVALID = /* @__PURE__ */ Symbol.for("zod.compile.invalid");
var COMPILE_FALLBACK = /* @__PURE__ */ Symbol.for("zod.compile.fallback");
var validate = ((schema2, value2, _ctx) => {
  const validator = schema2._zod.bag.validator;
  if (validator !== void 0) {
    if (validator(value2) !== COMPILE_INVALID)
      return true;
    if (validator.definite === true && _ctx === void 0)
      return false;
  }
  return validateFallback(schema2, value2, _ctx);
});
function validateFallback(schema2, value2, _ctx) {
  const ctx = _ctx ? { ..._ctx, async: false, abortEarly: true } : { async: false, abortEarly: true };
  const fallbackRun = schema2._zod.bag.fallbackRun;
  let result;
  if (fallbackRun) {
    ctx[COMPILE_FALLBACK] = true;
    result = fallbackRun({ value: value2, issues: [] }, ctx);
  } else {
    result = schema2._zod.run({ value: value2, issues: [] }, ctx);
  }
  if (result instanceof Promise) {
    throw new $ZodAsyncError();
  }
  return result.issues.length === 0;
}
var validateAsync = async (schema2, value2, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: true, abortEarly: true } : { async: true, abortEarly: true };
  let result = schema2._zod.run({ value: value2, issues: [] }, ctx);
  if (result instanceof Promise)
    result = await result;
  return result.issues.length === 0;
};
var _encode = (_Err) => {
  const parse5 = _parse(_Err);
  const fn = (schema2, value2, _ctx, _params) => {
    const ctx = _ctx ? { ..._ctx, direction: "backward" } : { direction: "backward" };
    return parse5(schema2, value2, ctx, finalizeParams(fn, _params));
  };
  return fn;
};
var _decode = (_Err) => {
  const parse5 = _parse(_Err);
  const fn = (schema2, value2, _ctx, _params) => {
    return parse5(schema2, value2, _ctx, finalizeParams(fn, _params));
  };
  return fn;
};
var _encodeAsync = (_Err) => {
  const parseAsync2 = _parseAsync(_Err);
  const fn = async (schema2, value2, _ctx, _params) => {
    const ctx = _ctx ? { ..._ctx, direction: "backward" } : { direction: "backward" };
    return await parseAsync2(schema2, value2, ctx, finalizeParams(fn, _params));
  };
  return fn;
};
var _decodeAsync = (_Err) => {
  const parseAsync2 = _parseAsync(_Err);
  const fn = async (schema2, value2, _ctx, _params) => {
    return await parseAsync2(schema2, value2, _ctx, finalizeParams(fn, _params));
  };
  return fn;
};
var _safeEncode = (_Err) => (schema2, value2, _ctx) => {
  const ctx = _ctx ? { ..._ctx, direction: "backward" } : { direction: "backward" };
  return _safeParse(_Err)(schema2, value2, ctx);
};
var _safeDecode = (_Err) => (schema2, value2, _ctx) => {
  return _safeParse(_Err)(schema2, value2, _ctx);
};
var _safeEncodeAsync = (_Err) => async (schema2, value2, _ctx) => {
  const ctx = _ctx ? { ..._ctx, direction: "backward" } : { direction: "backward" };
  return _safeParseAsync(_Err)(schema2, value2, ctx);
};
var _safeDecodeAsync = (_Err) => async (schema2, value2, _ctx) => {
  return _safeParseAsync(_Err)(schema2, value2, _ctx);
};

// node_modules/zod/v4/core/regexes.js
var cuid = /^[cC][0-9a-z]{6,}$/;
var cuid2 = /^[0-9a-z]+$/;
var ulid = /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;
var xid = /^[0-9a-vA-V]{20}$/;
var ksuid = /^[A-Za-z0-9]{27}$/;
var nanoid = /^[a-zA-Z0-9_-]{21}$/;
function nanoidOfLength(length) {
  return new RegExp(`^[a-zA-Z0-9_-]{${length}}$`);
}
var duration = /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/;
var guid = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;
var uuid = (version2) => {
  if (!version2)
    return /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;
  return new RegExp(`^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-${version2}[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$`);
};
var email = /^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/;
var _emoji = `^(?=[\\s\\S]*[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20E3])[\\p{Extended_Pictographic}\\p{Emoji_Component}]+$`;
function emoji() {
  return new RegExp(_emoji, "u");
}
var ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$/;
var ipv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$/;
var cidrv4 = /^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\/([0-9]|[1-2][0-9]|3[0-2])$/;
var cidrv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$/;
var base64 = /^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$/;
var base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
var httpProtocol = /^https?$/;
var e164 = /^\+[1-9]\d{6,14}$/;
var dateSource = `(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))`;
function anchor(source) {
  return new RegExp(`^${source}$`);
}
var date = /* @__PURE__ */ anchor(dateSource);
function timeSource(args) {
  const hhmm = `(?:[01]\\d|2[0-3]):[0-5]\\d`;
  const regex2 = typeof args.precision === "number" ? args.precision === -1 ? `${hhmm}` : args.precision === 0 ? `${hhmm}:[0-5]\\d` : `${hhmm}:[0-5]\\d\\.\\d{${args.precision}}` : args.seconds ? `${hhmm}:[0-5]\\d(?:\\.\\d+)?` : `${hhmm}(?::[0-5]\\d(?:\\.\\d+)?)?`;
  return regex2;
}
function time(args) {
  return new RegExp(`^${timeSource(args)}$`);
}
function datetime(args) {
  const opts = ["Z"];
  if (args.offset)
    opts.push(`([+-](?:[01]\\d|2[0-3]):[0-5]\\d)`);
  const qualified = `${timeSource({ precision: args.precision, seconds: true })}(?:${opts.join("|")})`;
  const timeRegex = args.local ? `${qualified}|${timeSource({ precision: args.precision })}` : qualified;
  return new RegExp(`^${dateSource}T(?:${timeRegex})$`);
}
var anyString = /^[\s\S]{0,}$/;
var integer = /^-?\d+$/;
var number = /^-?\d+(?:\.\d+)?$/;
var boolean = /^(?:true|false)$/i;
var _undefined = /^undefined$/i;
var lowercase = /^[^A-Z]*$/;
var uppercase = /^[^a-z]*$/;

// node_modules/zod/v4/core/checks.js
var $ZodCheck = /* @__PURE__ */ $constructor("$ZodCheck", (inst, def) => {
  var _a3;
  inst._zod ?? (inst._zod = {});
  inst._zod.def = def;
  (_a3 = inst._zod).onattach ?? (_a3.onattach = []);
});
var _whenHasLength = (payload) => {
  const val = payload.value;
  return !nullish(val) && val.length !== void 0;
};
var numericOriginMap = {
  number: "number",
  bigint: "bigint",
  object: "date"
};
var $ZodCheckLessThan = /* @__PURE__ */ $constructor("$ZodCheckLessThan", (inst, def) => {
  $ZodCheck.init(inst, def);
  const origin = numericOriginMap[typeof def.value];
  inst._zod.check = (payload) => {
    if (def.inclusive ? payload.value <= def.value : payload.value < def.value) {
      return;
    }
    payload.issues.push({
      origin: numericOriginMap[typeof payload.value] ?? origin,
      code: "too_big",
      maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
      input: payload.value,
      inclusive: def.inclusive,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckGreaterThan = /* @__PURE__ */ $constructor("$ZodCheckGreaterThan", (inst, def) => {
  $ZodCheck.init(inst, def);
  const origin = numericOriginMap[typeof def.value];
  inst._zod.check = (payload) => {
    if (def.inclusive ? payload.value >= def.value : payload.value > def.value) {
      return;
    }
    payload.issues.push({
      origin: numericOriginMap[typeof payload.value] ?? origin,
      code: "too_small",
      minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
      input: payload.value,
      inclusive: def.inclusive,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckMultipleOf = /* @__PURE__ */ $constructor("$ZodCheckMultipleOf", (inst, def) => {
  $ZodCheck.init(inst, def);
  inst._zod.check = (payload) => {
    if (typeof payload.value !== typeof def.value)
      throw new Error("Cannot mix number and bigint in multiple_of check.");
    const isMultiple = typeof payload.value === "bigint" ? (
      // `value % 0n` throws, and nothing is a multiple of zero — the number branch already fails this way via NaN
      def.value !== BigInt(0) && payload.value % def.value === BigInt(0)
    ) : floatSafeRemainder(payload.value, def.value) === 0;
    if (isMultiple)
      return;
    payload.issues.push({
      origin: typeof payload.value,
      code: "not_multiple_of",
      divisor: def.value,
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckNumberFormat = /* @__PURE__ */ $constructor("$ZodCheckNumberFormat", (inst, def) => {
  $ZodCheck.init(inst, def);
  def.format = def.format || "float64";
  const isInt = def.format?.includes("int");
  const origin = isInt ? "int" : "number";
  const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
  inst._zod.check = (payload) => {
    const input = payload.value;
    if (isInt) {
      if (!Number.isInteger(input)) {
        payload.issues.push({
          expected: origin,
          format: def.format,
          code: "invalid_type",
          continue: false,
          input,
          inst
        });
        return;
      }
      if (!Number.isSafeInteger(input)) {
        if (input > 0) {
          payload.issues.push({
            input,
            code: "too_big",
            maximum: Number.MAX_SAFE_INTEGER,
            note: "Integers must be within the safe integer range.",
            inst,
            origin,
            inclusive: true,
            continue: !def.abort
          });
        } else {
          payload.issues.push({
            input,
            code: "too_small",
            minimum: Number.MIN_SAFE_INTEGER,
            note: "Integers must be within the safe integer range.",
            inst,
            origin,
            inclusive: true,
            continue: !def.abort
          });
        }
        return;
      }
    }
    if (input < minimum) {
      payload.issues.push({
        origin: "number",
        input,
        code: "too_small",
        minimum,
        inclusive: true,
        inst,
        continue: !def.abort
      });
    }
    if (input > maximum) {
      payload.issues.push({
        origin: "number",
        input,
        code: "too_big",
        maximum,
        inclusive: true,
        inst,
        continue: !def.abort
      });
    }
  };
});
var $ZodCheckMaxLength = /* @__PURE__ */ $constructor("$ZodCheckMaxLength", (inst, def) => {
  var _a3;
  $ZodCheck.init(inst, def);
  (_a3 = inst._zod.def).when ?? (_a3.when = _whenHasLength);
  inst._zod.check = (payload) => {
    const input = payload.value;
    const units = input.length;
    const length = typeof input === "string" && units > def.maximum ? codePointLength(input) : units;
    if (length <= def.maximum)
      return;
    const origin = getLengthableOrigin(input);
    payload.issues.push({
      origin,
      code: "too_big",
      maximum: def.maximum,
      inclusive: true,
      input,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckMinLength = /* @__PURE__ */ $constructor("$ZodCheckMinLength", (inst, def) => {
  var _a3;
  $ZodCheck.init(inst, def);
  (_a3 = inst._zod.def).when ?? (_a3.when = _whenHasLength);
  inst._zod.check = (payload) => {
    const input = payload.value;
    const units = input.length;
    const length = typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units;
    if (length >= def.minimum)
      return;
    const origin = getLengthableOrigin(input);
    payload.issues.push({
      origin,
      code: "too_small",
      minimum: def.minimum,
      inclusive: true,
      input,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckLengthEquals = /* @__PURE__ */ $constructor("$ZodCheckLengthEquals", (inst, def) => {
  var _a3;
  $ZodCheck.init(inst, def);
  (_a3 = inst._zod.def).when ?? (_a3.when = _whenHasLength);
  inst._zod.check = (payload) => {
    const input = payload.value;
    const units = input.length;
    const length = typeof input === "string" && units >= def.length && units <= def.length * 2 ? codePointLength(input) : units;
    if (length === def.length)
      return;
    const origin = getLengthableOrigin(input);
    const tooBig = length > def.length;
    payload.issues.push({
      origin,
      ...tooBig ? { code: "too_big", maximum: def.length } : { code: "too_small", minimum: def.length },
      inclusive: true,
      exact: true,
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckStringFormat = /* @__PURE__ */ $constructor("$ZodCheckStringFormat", (inst, def) => {
  var _a3, _b;
  $ZodCheck.init(inst, def);
  if (def.pattern)
    (_a3 = inst._zod).check ?? (_a3.check = (payload) => {
      def.pattern.lastIndex = 0;
      if (def.pattern.test(payload.value))
        return;
      payload.issues.push({
        origin: "string",
        code: "invalid_format",
        format: def.format,
        input: payload.value,
        ...def.pattern ? { pattern: def.pattern.toString() } : {},
        inst,
        continue: !def.abort
      });
    });
  else
    (_b = inst._zod).check ?? (_b.check = () => {
    });
});
var $ZodCheckRegex = /* @__PURE__ */ $constructor("$ZodCheckRegex", (inst, def) => {
  $ZodCheckStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    def.pattern.lastIndex = 0;
    if (def.pattern.test(payload.value))
      return;
    payload.issues.push({
      origin: "string",
      code: "invalid_format",
      format: "regex",
      input: payload.value,
      pattern: def.pattern.toString(),
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckLowerCase = /* @__PURE__ */ $constructor("$ZodCheckLowerCase", (inst, def) => {
  def.pattern ?? (def.pattern = lowercase);
  $ZodCheckStringFormat.init(inst, def);
});
var $ZodCheckUpperCase = /* @__PURE__ */ $constructor("$ZodCheckUpperCase", (inst, def) => {
  def.pattern ?? (def.pattern = uppercase);
  $ZodCheckStringFormat.init(inst, def);
});
var $ZodCheckIncludes = /* @__PURE__ */ $constructor("$ZodCheckIncludes", (inst, def) => {
  $ZodCheck.init(inst, def);
  const escapedRegex = escapeRegex(def.includes);
  const pattern2 = new RegExp(typeof def.position === "number" ? `^.{${def.position},}${escapedRegex}` : escapedRegex);
  def.pattern = pattern2;
  inst._zod.check = (payload) => {
    if (payload.value.includes(def.includes, def.position))
      return;
    payload.issues.push({
      origin: "string",
      code: "invalid_format",
      format: "includes",
      includes: def.includes,
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckStartsWith = /* @__PURE__ */ $constructor("$ZodCheckStartsWith", (inst, def) => {
  $ZodCheck.init(inst, def);
  const pattern2 = new RegExp(`^${escapeRegex(def.prefix)}.*`);
  def.pattern ?? (def.pattern = pattern2);
  inst._zod.check = (payload) => {
    if (payload.value.startsWith(def.prefix))
      return;
    payload.issues.push({
      origin: "string",
      code: "invalid_format",
      format: "starts_with",
      prefix: def.prefix,
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckEndsWith = /* @__PURE__ */ $constructor("$ZodCheckEndsWith", (inst, def) => {
  $ZodCheck.init(inst, def);
  const pattern2 = new RegExp(`.*${escapeRegex(def.suffix)}$`);
  def.pattern ?? (def.pattern = pattern2);
  inst._zod.check = (payload) => {
    if (payload.value.endsWith(def.suffix))
      return;
    payload.issues.push({
      origin: "string",
      code: "invalid_format",
      format: "ends_with",
      suffix: def.suffix,
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckOverwrite = /* @__PURE__ */ $constructor("$ZodCheckOverwrite", (inst, def) => {
  $ZodCheck.init(inst, def);
  inst._zod.check = (payload) => {
    payload.value = def.tx(payload.value);
  };
});

// node_modules/zod/v4/core/doc.js
var Doc = class {
  constructor(args = [], closed = {}) {
    this.content = [];
    this.indent = 0;
    this.args = args;
    this.closed = closed;
  }
  // the compiler catches a child's throw and keeps writing into this doc, so the indent has to unwind with it
  indented(fn) {
    this.indent += 1;
    try {
      fn(this);
    } finally {
      this.indent -= 1;
    }
  }
  write(arg) {
    if (typeof arg === "function") {
      arg(this, { execution: "sync" });
      arg(this, { execution: "async" });
      return;
    }
    const content = arg;
    const lines = content.split("\n").filter((x) => x);
    const minIndent = Math.min(...lines.map((x) => x.length - x.trimStart().length));
    const dedented = lines.map((x) => x.slice(minIndent)).map((x) => " ".repeat(this.indent * 2) + x);
    for (const line of dedented) {
      this.content.push(line);
    }
  }
  compile() {
    const F = Function;
    const content = this?.content ?? [``];
    const factory = new F(...Object.keys(this.closed), `return function (${this.args.join(", ")}) {
${content.join("\n")}
};`);
    return factory(...Object.values(this.closed));
  }
};

// node_modules/zod/v4/core/versions.js
var version = {
  major: 4,
  minor: 6,
  patch: 7
};

// node_modules/zod/v4/core/schemas.js
var $ZodType = /* @__PURE__ */ $constructor("$ZodType", (inst, def) => {
  var _a3;
  inst ?? (inst = {});
  inst._zod.def = def;
  inst._zod.bag = inst._zod.bag || {};
  inst._zod.version = version;
  const defChecks = inst._zod.def.checks;
  const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
  for (const ch of checks) {
    for (const fn of ch._zod.onattach) {
      fn(inst);
    }
  }
  if (checks.length === 0) {
    (_a3 = inst._zod).deferred ?? (_a3.deferred = []);
    inst._zod.deferred?.push(() => {
      inst._zod.run = inst._zod.parse;
    });
  } else {
    const runChecks = (payload, checks2, ctx) => {
      if (payload.memo)
        return payload;
      let isAborted = aborted(payload);
      let asyncResult;
      for (const ch of checks2) {
        if (ch._zod.def.when) {
          if (explicitlyAborted(payload))
            continue;
          const shouldRun = ch._zod.def.when(payload);
          if (!shouldRun)
            continue;
        } else if (isAborted) {
          continue;
        }
        const currLen = payload.issues.length;
        const _ = ch._zod.check(payload);
        if (_ instanceof Promise && ctx?.async === false) {
          throw new $ZodAsyncError();
        }
        if (asyncResult || _ instanceof Promise) {
          asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
            await _;
            const nextLen = payload.issues.length;
            if (nextLen === currLen)
              return;
            attachSchema(payload.issues, currLen, inst);
            if (!isAborted)
              isAborted = aborted(payload, currLen);
          });
        } else {
          const nextLen = payload.issues.length;
          if (nextLen === currLen)
            continue;
          attachSchema(payload.issues, currLen, inst);
          if (!isAborted)
            isAborted = aborted(payload, currLen);
        }
      }
      if (asyncResult) {
        return asyncResult.then(() => {
          return payload;
        });
      }
      return payload;
    };
    const handleCanaryResult = (canary, payload, ctx) => {
      if (aborted(canary)) {
        canary.aborted = true;
        return canary;
      }
      const checkResult = runChecks(payload, checks, ctx);
      if (checkResult instanceof Promise) {
        if (ctx.async === false)
          throw new $ZodAsyncError();
        return checkResult.then((checkResult2) => inst._zod.parse(checkResult2, ctx));
      }
      return inst._zod.parse(checkResult, ctx);
    };
    inst._zod.run = (payload, ctx) => {
      if (ctx.skipChecks) {
        return inst._zod.parse(payload, ctx);
      }
      if (ctx.direction === "backward") {
        const canary = inst._zod.parse({ value: payload.value, issues: [] }, { ...ctx, skipChecks: true });
        if (canary instanceof Promise) {
          return canary.then((canary2) => {
            return handleCanaryResult(canary2, payload, ctx);
          });
        }
        return handleCanaryResult(canary, payload, ctx);
      }
      const result = inst._zod.parse(payload, ctx);
      if (result instanceof Promise) {
        if (ctx.async === false)
          throw new $ZodAsyncError();
        return result.then((result2) => runChecks(result2, checks, ctx));
      }
      return runChecks(result, checks, ctx);
    };
  }
}, {
  // Wrappers extend this by installing a richer factory over it; reading it eagerly would defeat the laziness.
  get "~standard"() {
    return hide(this, "~standard", standardProps(this));
  },
  set "~standard"(value2) {
    own(this, "~standard", value2);
  }
});
var toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync2(inst, value2) {
  const ctx = { async: true };
  return toStandardResult(await inst._zod.run({ value: value2, issues: [] }, ctx), ctx);
}
function standardProps(inst) {
  return {
    validate: (value2) => {
      const ctx = { async: false };
      try {
        const r = inst._zod.run({ value: value2, issues: [] }, ctx);
        if (!(r instanceof Promise))
          return toStandardResult(r, ctx);
      } catch (_) {
      }
      return validateAsync2(inst, value2);
    },
    vendor: "zod",
    version: 1
  };
}
var $ZodString = /* @__PURE__ */ $constructor("$ZodString", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = def.pattern ?? anyString;
  inst._zod.parse = (payload, _) => {
    if (def.coerce)
      try {
        payload.value = String(payload.value);
      } catch (_2) {
      }
    if (typeof payload.value === "string")
      return payload;
    payload.issues.push({
      expected: "string",
      code: "invalid_type",
      input: payload.value,
      inst
    });
    return payload;
  };
});
var $ZodStringFormat = /* @__PURE__ */ $constructor("$ZodStringFormat", (inst, def) => {
  $ZodCheckStringFormat.init(inst, def);
  $ZodString.init(inst, def);
});
var $ZodGUID = /* @__PURE__ */ $constructor("$ZodGUID", (inst, def) => {
  def.pattern ?? (def.pattern = guid);
  $ZodStringFormat.init(inst, def);
});
var $ZodUUID = /* @__PURE__ */ $constructor("$ZodUUID", (inst, def) => {
  if (def.version) {
    const versionMap = {
      v1: 1,
      v2: 2,
      v3: 3,
      v4: 4,
      v5: 5,
      v6: 6,
      v7: 7,
      v8: 8
    };
    const v = versionMap[def.version];
    if (v === void 0)
      throw new Error(`Invalid UUID version: "${def.version}"`);
    def.pattern ?? (def.pattern = uuid(v));
  } else
    def.pattern ?? (def.pattern = uuid());
  $ZodStringFormat.init(inst, def);
});
var $ZodEmail = /* @__PURE__ */ $constructor("$ZodEmail", (inst, def) => {
  def.pattern ?? (def.pattern = email);
  $ZodStringFormat.init(inst, def);
});
var URL_BAD_FORMAT = 1;
var URL_UNPARSEABLE = 2;
function canParseURL(input) {
  try {
    if (typeof URL !== "undefined" && typeof URL.canParse === "function")
      return URL.canParse(input);
    new URL(input);
    return true;
  } catch {
    return false;
  }
}
function validateURL(trimmed, def) {
  if (!("normalize" in def) && !("hostname" in def) && !("protocol" in def)) {
    return canParseURL(trimmed) || URL_UNPARSEABLE;
  }
  return parseURLObject(trimmed, def);
}
function parseURLObject(trimmed, def) {
  if (!def.normalize && def.protocol?.source === httpProtocol.source && !/^https?:\/\//i.test(trimmed)) {
    return URL_BAD_FORMAT;
  }
  try {
    if (typeof URL !== "undefined") {
      const URLStatic = URL;
      if (typeof URLStatic.parse === "function")
        return URLStatic.parse(trimmed) ?? URL_UNPARSEABLE;
    }
    return new URL(trimmed);
  } catch {
    return URL_UNPARSEABLE;
  }
}
var asciiTabOrNewline = /[\t\n\r]/g;
function stripTabAndNewline(value2) {
  return value2.replace(asciiTabOrNewline, "");
}
function urlHostnameOk(url, hostname) {
  hostname.lastIndex = 0;
  return hostname.test(url.hostname);
}
function urlProtocolOk(url, protocol) {
  protocol.lastIndex = 0;
  return protocol.test(url.protocol.endsWith(":") ? url.protocol.slice(0, -1) : url.protocol);
}
var $ZodURL = /* @__PURE__ */ $constructor("$ZodURL", (inst, def) => {
  $ZodStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    try {
      const trimmed = payload.value.trim();
      const url = validateURL(trimmed, def);
      if (url === URL_BAD_FORMAT) {
        payload.issues.push({
          code: "invalid_format",
          format: "url",
          note: "Invalid URL format",
          input: payload.value,
          inst,
          continue: !def.abort
        });
        return;
      }
      if (url === URL_UNPARSEABLE) {
        payload.issues.push({
          code: "invalid_format",
          format: "url",
          input: payload.value,
          inst,
          continue: !def.abort
        });
        return;
      }
      if (url === true) {
        payload.value = stripTabAndNewline(trimmed);
        return;
      }
      if (def.hostname && !urlHostnameOk(url, def.hostname)) {
        payload.issues.push({
          code: "invalid_format",
          format: "url",
          note: "Invalid hostname",
          pattern: def.hostname.source,
          input: payload.value,
          inst,
          continue: !def.abort
        });
      }
      if (def.protocol && !urlProtocolOk(url, def.protocol)) {
        payload.issues.push({
          code: "invalid_format",
          format: "url",
          note: "Invalid protocol",
          pattern: def.protocol.source,
          input: payload.value,
          inst,
          continue: !def.abort
        });
      }
      payload.value = def.normalize ? url.href : stripTabAndNewline(trimmed);
      return;
    } catch (_) {
      payload.issues.push({
        code: "invalid_format",
        format: "url",
        input: payload.value,
        inst,
        continue: !def.abort
      });
    }
  };
});
var $ZodEmoji = /* @__PURE__ */ $constructor("$ZodEmoji", (inst, def) => {
  def.pattern ?? (def.pattern = emoji());
  $ZodStringFormat.init(inst, def);
});
var $ZodNanoID = /* @__PURE__ */ $constructor("$ZodNanoID", (inst, def) => {
  if (def.length !== void 0 && (!Number.isInteger(def.length) || def.length < 1))
    throw new Error(`Invalid nanoid length: ${def.length}`);
  def.pattern ?? (def.pattern = def.length === void 0 ? nanoid : nanoidOfLength(def.length));
  $ZodStringFormat.init(inst, def);
});
var $ZodCUID = /* @__PURE__ */ $constructor("$ZodCUID", (inst, def) => {
  def.pattern ?? (def.pattern = cuid);
  $ZodStringFormat.init(inst, def);
});
var $ZodCUID2 = /* @__PURE__ */ $constructor("$ZodCUID2", (inst, def) => {
  def.pattern ?? (def.pattern = cuid2);
  $ZodStringFormat.init(inst, def);
});
var $ZodULID = /* @__PURE__ */ $constructor("$ZodULID", (inst, def) => {
  def.pattern ?? (def.pattern = ulid);
  $ZodStringFormat.init(inst, def);
});
var $ZodXID = /* @__PURE__ */ $constructor("$ZodXID", (inst, def) => {
  def.pattern ?? (def.pattern = xid);
  $ZodStringFormat.init(inst, def);
});
var $ZodKSUID = /* @__PURE__ */ $constructor("$ZodKSUID", (inst, def) => {
  def.pattern ?? (def.pattern = ksuid);
  $ZodStringFormat.init(inst, def);
});
var $ZodISODateTime = /* @__PURE__ */ $constructor("$ZodISODateTime", (inst, def) => {
  def.pattern ?? (def.pattern = datetime(def));
  $ZodStringFormat.init(inst, def);
});
var $ZodISODate = /* @__PURE__ */ $constructor("$ZodISODate", (inst, def) => {
  def.pattern ?? (def.pattern = date);
  $ZodStringFormat.init(inst, def);
});
var $ZodISOTime = /* @__PURE__ */ $constructor("$ZodISOTime", (inst, def) => {
  def.pattern ?? (def.pattern = time(def));
  $ZodStringFormat.init(inst, def);
});
var $ZodISODuration = /* @__PURE__ */ $constructor("$ZodISODuration", (inst, def) => {
  def.pattern ?? (def.pattern = duration);
  $ZodStringFormat.init(inst, def);
});
var $ZodIPv4 = /* @__PURE__ */ $constructor("$ZodIPv4", (inst, def) => {
  def.pattern ?? (def.pattern = ipv4);
  $ZodStringFormat.init(inst, def);
});
var ipv6Alphabet = /^[0-9a-fA-F:.]+$/;
function isValidIPv6(value2) {
  if (!ipv6Alphabet.test(value2))
    return false;
  return canParseURL(`http://[${value2}]`);
}
var $ZodIPv6 = /* @__PURE__ */ $constructor("$ZodIPv6", (inst, def) => {
  def.pattern ?? (def.pattern = ipv6);
  $ZodStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    if (!isValidIPv6(payload.value)) {
      payload.issues.push({
        code: "invalid_format",
        format: "ipv6",
        input: payload.value,
        inst,
        continue: !def.abort
      });
    }
  };
});
var $ZodCIDRv4 = /* @__PURE__ */ $constructor("$ZodCIDRv4", (inst, def) => {
  def.pattern ?? (def.pattern = cidrv4);
  $ZodStringFormat.init(inst, def);
});
function isValidCIDRv6(value2) {
  const parts = value2.split("/");
  if (parts.length !== 2)
    return false;
  const [address, prefix] = parts;
  if (!prefix)
    return false;
  const prefixNum = Number(prefix);
  if (`${prefixNum}` !== prefix)
    return false;
  if (prefixNum < 0 || prefixNum > 128)
    return false;
  return isValidIPv6(address);
}
var $ZodCIDRv6 = /* @__PURE__ */ $constructor("$ZodCIDRv6", (inst, def) => {
  def.pattern ?? (def.pattern = cidrv6);
  $ZodStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    if (!isValidCIDRv6(payload.value)) {
      payload.issues.push({
        code: "invalid_format",
        format: "cidrv6",
        input: payload.value,
        inst,
        continue: !def.abort
      });
    }
  };
});
function isValidBase64(data) {
  if (data === "")
    return true;
  if (/\s/.test(data))
    return false;
  if (data.length % 4 !== 0)
    return false;
  try {
    atob(data);
    return true;
  } catch {
    return false;
  }
}
var base64Charset = /^[0-9a-zA-Z+/]*={0,2}$/;
var $ZodBase64 = /* @__PURE__ */ $constructor("$ZodBase64", (inst, def) => {
  def.pattern ?? (def.pattern = base64Charset);
  $ZodStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    if (isValidBase64(payload.value))
      return;
    payload.issues.push({
      code: "invalid_format",
      format: "base64",
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var base64urlCharset = /^[A-Za-z0-9_-]*$/;
function isValidBase64URL(data) {
  if (!base64urlCharset.test(data))
    return false;
  const base643 = data.replace(/[-_]/g, (c) => c === "-" ? "+" : "/");
  const padded = base643.padEnd(Math.ceil(base643.length / 4) * 4, "=");
  return isValidBase64(padded);
}
var $ZodBase64URL = /* @__PURE__ */ $constructor("$ZodBase64URL", (inst, def) => {
  def.pattern ?? (def.pattern = base64urlCharset);
  $ZodStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    if (isValidBase64URL(payload.value))
      return;
    payload.issues.push({
      code: "invalid_format",
      format: "base64url",
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodE164 = /* @__PURE__ */ $constructor("$ZodE164", (inst, def) => {
  def.pattern ?? (def.pattern = e164);
  $ZodStringFormat.init(inst, def);
});
function isValidJWT(token, algorithm = null) {
  try {
    const tokensParts = token.split(".");
    if (tokensParts.length !== 3)
      return false;
    const [header] = tokensParts;
    if (!header)
      return false;
    const parsedHeader = JSON.parse(atob(header));
    if ("typ" in parsedHeader && parsedHeader?.typ !== "JWT")
      return false;
    if (!parsedHeader.alg)
      return false;
    if (algorithm && (!("alg" in parsedHeader) || parsedHeader.alg !== algorithm))
      return false;
    return true;
  } catch {
    return false;
  }
}
var $ZodJWT = /* @__PURE__ */ $constructor("$ZodJWT", (inst, def) => {
  $ZodStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    if (isValidJWT(payload.value, def.alg))
      return;
    payload.issues.push({
      code: "invalid_format",
      format: "jwt",
      input: payload.value,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodNumber = /* @__PURE__ */ $constructor("$ZodNumber", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = number;
  inst._zod.parse = (payload, _ctx) => {
    if (def.coerce)
      try {
        payload.value = Number(payload.value);
      } catch (_) {
      }
    const input = payload.value;
    if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) {
      return payload;
    }
    const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
    payload.issues.push({
      expected: "number",
      code: "invalid_type",
      input,
      inst,
      ...received ? { received } : {}
    });
    return payload;
  };
});
var $ZodNumberFormat = /* @__PURE__ */ $constructor("$ZodNumberFormat", (inst, def) => {
  $ZodCheckNumberFormat.init(inst, def);
  $ZodNumber.init(inst, def);
});
var $ZodBoolean = /* @__PURE__ */ $constructor("$ZodBoolean", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = boolean;
  inst._zod.parse = (payload, _ctx) => {
    if (def.coerce)
      try {
        payload.value = Boolean(payload.value);
      } catch (_) {
      }
    const input = payload.value;
    if (typeof input === "boolean")
      return payload;
    payload.issues.push({
      expected: "boolean",
      code: "invalid_type",
      input,
      inst
    });
    return payload;
  };
});
var $ZodUndefined = /* @__PURE__ */ $constructor("$ZodUndefined", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = _undefined;
  inst._zod.values = /* @__PURE__ */ new Set([void 0]);
  inst._zod.parse = (payload, _ctx) => {
    const input = payload.value;
    if (typeof input === "undefined")
      return payload;
    payload.issues.push({
      expected: "undefined",
      code: "invalid_type",
      input,
      inst
    });
    return payload;
  };
});
var $ZodUnknown = /* @__PURE__ */ $constructor("$ZodUnknown", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload) => payload;
});
var $ZodNever = /* @__PURE__ */ $constructor("$ZodNever", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload, _ctx) => {
    payload.issues.push({
      expected: "never",
      code: "invalid_type",
      input: payload.value,
      inst
    });
    return payload;
  };
});
function capSize(inst, size) {
  const caps = sizeCaps(inst._zod.def.checks);
  if (!caps.length)
    return;
  const cap = Math.min(...caps.map((c) => c[0]));
  const parse5 = inst._zod.parse;
  inst._zod.parse = (payload, ctx) => {
    const n = size(payload.value);
    if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
      for (const [max, ch] of sizeCaps(inst._zod.def.checks)) {
        if (n > max && ch._zod.def.when(payload)) {
          const start2 = payload.issues.length;
          ch._zod.check(payload);
          payload.issues[start2].continue = false;
          attachSchema(payload.issues, start2, inst);
          return payload;
        }
      }
    }
    return parse5(payload, ctx);
  };
}
var arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
  if (result.issues.length) {
    final.issues.push(...prefixIssues(index, result.issues));
  }
  final.value[index] = result.value;
}
var $ZodArray = /* @__PURE__ */ $constructor("$ZodArray", (inst, def) => {
  $ZodType.init(inst, def);
  const memo2 = globalConfig.memoizer;
  memo2?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    const input = payload.value;
    if (!Array.isArray(input)) {
      payload.issues.push({
        expected: "array",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    payload.value = memo2 ? memo2.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
    const proms = [];
    const abortEarly = ctx?.abortEarly;
    for (let i = 0; i < input.length; i++) {
      const item = input[i];
      const result = def.element._zod.run({
        value: item,
        issues: []
      }, ctx);
      if (result instanceof Promise) {
        proms.push(result.then((result2) => handleArrayResult(result2, payload, i)));
      } else {
        handleArrayResult(result, payload, i);
        if (abortEarly && result.issues.length !== 0 && aborted(result))
          break;
      }
    }
    if (proms.length) {
      return Promise.all(proms).then(() => payload);
    }
    return payload;
  };
  capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
  const isPresent = key in input;
  const isOptionalOut = optout === "optional";
  if (!isPresent && isOptionalOut && optin === "optional") {
    return;
  }
  if (result.issues.length) {
    if (optin !== void 0 && isOptionalOut && !isPresent) {
      return;
    }
    final.issues.push(...prefixIssues(key, result.issues));
  }
  if (!isPresent && optin === void 0) {
    if (!result.issues.length) {
      final.issues.push({
        code: "invalid_type",
        expected: "nonoptional",
        input: void 0,
        path: [key]
      });
    }
    return;
  }
  if (result.value === void 0) {
    if (isPresent || optin === "defaulted" && !isOptionalOut) {
      final.value[key] = void 0;
    }
  } else {
    final.value[key] = result.value;
  }
}
var NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
  const keys = Object.keys(def.shape);
  const ownSymbols = Object.getOwnPropertySymbols(def.shape);
  const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
  const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
  for (const k of allKeys) {
    if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) {
      throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
    }
  }
  const okeys = optionalKeys(def.shape);
  return {
    ...def,
    allKeys,
    symbolKeys,
    // string-only: handleCatchall matches it against `for...in`, which never yields a symbol
    keySet: new Set(keys),
    numKeys: keys.length,
    optionalKeys: new Set(okeys)
  };
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
  const unrecognized = [];
  const keySet = def.keySet;
  const _catchall = def.catchall._zod;
  const t = _catchall.def.type;
  const optin = _catchall.optin;
  const optout = _catchall.optout;
  let seen = 0;
  for (const key in input) {
    if (abortEarly && payload.issues.length !== seen) {
      if (aborted(payload, seen))
        break;
      seen = payload.issues.length;
    }
    if (keySet.has(key))
      continue;
    if (key === "__proto__") {
      if (t === "never")
        unrecognized.push(key);
      continue;
    }
    if (t === "never") {
      unrecognized.push(key);
      continue;
    }
    const r = _catchall.run({ value: input[key], issues: [] }, ctx);
    if (r instanceof Promise) {
      proms.push(r.then((r2) => handlePropertyResult(r2, payload, key, input, optin, optout)));
    } else {
      handlePropertyResult(r, payload, key, input, optin, optout);
    }
  }
  if (unrecognized.length) {
    payload.issues.push({
      code: "unrecognized_keys",
      keys: unrecognized,
      input,
      inst,
      // Describes the shape of the input, not the validity of the parsed value, so it never aborts. The parse still fails; the schema's own checks just get to run first, and an enclosing intersection can reconcile the key against a sibling operand.
      continue: true
    });
  }
  if (!proms.length)
    return payload;
  return Promise.all(proms).then(() => {
    return payload;
  });
}
var $ZodObject = /* @__PURE__ */ $constructor("$ZodObject", (inst, def) => {
  $ZodType.init(inst, def);
  const desc = Object.getOwnPropertyDescriptor(def, "shape");
  const sh = desc?.get ? desc.get.raw : def.shape ?? {};
  if (sh) {
    const get = () => {
      const newSh = { ...sh };
      Object.defineProperty(def, "shape", { value: newSh });
      get.raw = newSh;
      return newSh;
    };
    get.raw = sh;
    Object.defineProperty(def, "shape", { get });
  }
  const _normalized = cached(() => normalizeDef(def));
  defineLazyInternal(inst, "propValues", (zod) => {
    const shape = zod.def.shape;
    const propValues = {};
    for (const key in shape) {
      const field = shape[key]._zod;
      if (field.values) {
        if (!Object.prototype.hasOwnProperty.call(propValues, key)) {
          assignProp(propValues, key, /* @__PURE__ */ new Set());
        }
        for (const v of field.values)
          propValues[key].add(v);
        if (field.optin !== void 0)
          propValues[key].add(void 0);
      }
    }
    return propValues;
  });
  const isObject2 = isObject;
  const catchall = def.catchall;
  let value2;
  const memo2 = globalConfig.memoizer;
  memo2?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    value2 ?? (value2 = _normalized.value);
    const input = payload.value;
    if (!isObject2(input)) {
      payload.issues.push({
        expected: "object",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    payload.value = memo2 ? memo2.alloc(inst, payload, {}, ctx) : {};
    const proms = [];
    const shape = value2.shape;
    const abortEarly = ctx?.abortEarly;
    let seen = payload.issues.length;
    for (const key of value2.allKeys) {
      if (abortEarly && payload.issues.length !== seen) {
        if (aborted(payload, seen))
          break;
        seen = payload.issues.length;
      }
      if (key === "__proto__")
        continue;
      const el = shape[key];
      const optin = el._zod.optin;
      const optout = el._zod.optout;
      const r = el._zod.run({ value: input[key], issues: [] }, ctx);
      if (r instanceof Promise) {
        proms.push(r.then((r2) => handlePropertyResult(r2, payload, key, input, optin, optout)));
      } else {
        handlePropertyResult(r, payload, key, input, optin, optout);
      }
    }
    if (!catchall) {
      return proms.length ? Promise.all(proms).then(() => payload) : payload;
    }
    return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
  };
});
var $ZodObjectJIT = /* @__PURE__ */ $constructor("$ZodObjectJIT", (inst, def) => {
  $ZodObject.init(inst, def);
  const superParse = inst._zod.parse;
  const _normalized = cached(() => normalizeDef(def));
  const memo2 = globalConfig.memoizer;
  const generateFastpass = (shape) => {
    const normalized = _normalized.value;
    const syms = normalized.symbolKeys;
    const doc = new Doc(["payload", "ctx"], { shape, inst, memo: memo2, syms });
    const parseStr = (k) => `shape[${k}]._zod.run({ value: input[${k}], issues: [] }, ctx)`;
    const prefixStr = (id, k) => `
          let ${id}_ab = false;
          for (let i = 0; i < ${id}.issues.length; i++) {
            const iss = ${id}.issues[i];
            iss.path = iss.path ? [${k}, ...iss.path] : [${k}];
            payload.issues.push(iss);
            if (iss.continue !== true) ${id}_ab = true;
          }
          if (${id}_ab && ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }`;
    doc.write(`const input = payload.value;`);
    const ids = /* @__PURE__ */ Object.create(null);
    let counter = 0;
    for (const key of normalized.allKeys) {
      ids[key] = `key_${counter++}`;
    }
    doc.write(memo2 ? `const newResult = memo.alloc(inst, payload, {}, ctx);` : `const newResult = {};`);
    for (const key of normalized.allKeys) {
      if (key === "__proto__")
        continue;
      const id = ids[key];
      const k = typeof key === "symbol" ? `syms[${syms.indexOf(key)}]` : esc(key);
      const isPresent = `${k} in input`;
      const schema2 = shape[key];
      const optin = schema2?._zod?.optin;
      const isOptionalIn = optin !== void 0;
      const isOptionalOut = schema2?._zod?.optout === "optional";
      doc.write(`const ${id} = ${parseStr(k)};`);
      if (isOptionalIn && isOptionalOut) {
        const assign = optin === "optional" ? `${id}_present` : `${id}.value !== undefined || ${id}_present`;
        doc.write(`
        const ${id}_present = ${isPresent};
        if (!${id}.issues.length || ${id}_present) {
          if (${id}.issues.length) {${prefixStr(id, k)}
          }

          if (${assign}) {
            newResult[${k}] = ${id}.value;
          }
        }

      `);
      } else if (!isOptionalIn) {
        doc.write(`
        const ${id}_present = ${isPresent};
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
        if (!${id}_present && !${id}.issues.length) {
          payload.issues.push({
            code: "invalid_type",
            expected: "nonoptional",
            input: undefined,
            path: [${k}]
          });
          if (ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }
        }

        if (${id}_present) {
          newResult[${k}] = ${id}.value;
        }

      `);
      } else {
        doc.write(`
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
      `);
        if (optin === "defaulted") {
          doc.write(`newResult[${k}] = ${id}.value;`);
        } else {
          doc.write(`
        if (${id}.value !== undefined || ${isPresent}) {
          newResult[${k}] = ${id}.value;
        }
      `);
        }
      }
    }
    doc.write(`payload.value = newResult;`);
    doc.write(`return payload;`);
    return doc.compile();
  };
  let fastpass;
  const isObject2 = isObject;
  const jit = !globalConfig.jitless;
  const allowsEval2 = allowsEval;
  const fastEnabled = jit && allowsEval2.value;
  const catchall = def.catchall;
  let value2;
  inst._zod.parse = (payload, ctx) => {
    value2 ?? (value2 = _normalized.value);
    const input = payload.value;
    if (!isObject2(input)) {
      payload.issues.push({
        expected: "object",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    if (jit && fastEnabled && ctx?.async === false && ctx.jitless !== true) {
      if (!fastpass)
        fastpass = generateFastpass(def.shape);
      payload = fastpass(payload, ctx);
      if (!catchall)
        return payload;
      return handleCatchall([], input, payload, ctx, value2, inst, ctx?.abortEarly === true);
    }
    return superParse(payload, ctx);
  };
});
function handleUnionResults(results, final, inst, ctx) {
  for (const result of results) {
    if (result.issues.length === 0) {
      final.value = result.value;
      return final;
    }
  }
  const nonaborted = results.filter((r) => !aborted(r));
  if (nonaborted.length === 1) {
    final.value = nonaborted[0].value;
    return nonaborted[0];
  }
  final.issues.push({
    code: "invalid_union",
    input: final.value,
    inst,
    errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
  });
  return final;
}
var $ZodUnion = /* @__PURE__ */ $constructor("$ZodUnion", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
  defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
  defineLazyInternal(inst, "values", (zod) => {
    if (zod.def.options.every((o) => o._zod.values)) {
      return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
    }
    return void 0;
  });
  defineLazyInternal(inst, "pattern", (zod) => {
    if (zod.def.options.every((o) => o._zod.pattern)) {
      const patterns = zod.def.options.map((o) => o._zod.pattern);
      return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
    }
    return void 0;
  });
  const first = def.options.length === 1 ? def.options[0]._zod.run : null;
  inst._zod.parse = (payload, ctx) => {
    if (first) {
      return first(payload, ctx);
    }
    let async = false;
    const results = [];
    for (const option of def.options) {
      const result = option._zod.run({
        value: payload.value,
        issues: []
      }, ctx);
      if (result instanceof Promise) {
        results.push(result);
        async = true;
      } else {
        if (result.issues.length === 0)
          return result;
        results.push(result);
      }
    }
    if (!async)
      return handleUnionResults(results, payload, inst, ctx);
    return Promise.all(results).then((results2) => {
      return handleUnionResults(results2, payload, inst, ctx);
    });
  };
});
function discriminatorMap(def) {
  const map = /* @__PURE__ */ new Map();
  for (const option of def.options) {
    const values = option._zod.propValues?.[def.discriminator];
    if (!values || values.size === 0)
      throw new Error(`Invalid discriminated union option at index "${def.options.indexOf(option)}"`);
    for (const value2 of values) {
      if (map.has(value2)) {
        if (value2 !== void 0)
          throw new Error(`Duplicate discriminator value "${String(value2)}"`);
        map.set(value2, null);
      } else {
        map.set(value2, option);
      }
    }
  }
  return map;
}
var $ZodDiscriminatedUnion = /* @__PURE__ */ $constructor("$ZodDiscriminatedUnion", (inst, def) => {
  def.inclusive = false;
  $ZodUnion.init(inst, def);
  const _super = inst._zod.parse;
  defineLazyInternal(inst, "propValues", (zod) => {
    const propValues = {};
    let undefinedCount = 0;
    for (const option of zod.def.options) {
      const pv = option._zod.propValues;
      if (!pv || Object.keys(pv).length === 0)
        throw new Error(`Invalid discriminated union option at index "${zod.def.options.indexOf(option)}"`);
      if (pv[zod.def.discriminator]?.has(void 0))
        undefinedCount++;
      for (const [k, v] of Object.entries(pv)) {
        if (!Object.prototype.hasOwnProperty.call(propValues, k)) {
          assignProp(propValues, k, /* @__PURE__ */ new Set());
        }
        for (const val of v) {
          propValues[k].add(val);
        }
      }
    }
    if (!zod.def.unionFallback && undefinedCount > 1)
      propValues[zod.def.discriminator]?.delete(void 0);
    return propValues;
  });
  def.options.forEach((option, i) => {
    const propShape = rawShape(option._zod.def);
    if (propShape && !Object.prototype.hasOwnProperty.call(propShape, def.discriminator)) {
      throw new Error(`Invalid discriminated union option at index "${i}"`);
    }
  });
  const disc = cached(() => discriminatorMap(def));
  inst._zod.parse = (payload, ctx) => {
    const input = payload.value;
    if (!isObject(input)) {
      payload.issues.push({
        code: "invalid_type",
        expected: "object",
        input,
        inst
      });
      return payload;
    }
    const value2 = input?.[def.discriminator];
    const opt = disc.value.get(value2);
    if (opt && (value2 !== void 0 || ctx.direction !== "backward")) {
      return opt._zod.run(payload, ctx);
    }
    if (def.unionFallback || ctx.direction === "backward") {
      return _super(payload, ctx);
    }
    payload.issues.push({
      code: "invalid_union",
      errors: [],
      note: "No matching discriminator",
      discriminator: def.discriminator,
      options: Array.from(disc.value.keys()).filter((value3) => disc.value.get(value3) !== null),
      input,
      path: [def.discriminator],
      inst
    });
    return payload;
  };
});
var $ZodIntersection = /* @__PURE__ */ $constructor("$ZodIntersection", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload, ctx) => {
    const input = payload.value;
    const left = def.left._zod.run({ value: input, issues: [] }, ctx);
    const right = def.right._zod.run({ value: input, issues: [] }, ctx);
    const async = left instanceof Promise || right instanceof Promise;
    if (async) {
      return Promise.all([left, right]).then(([left2, right2]) => {
        return handleIntersectionResults(payload, left2, right2);
      });
    }
    return handleIntersectionResults(payload, left, right);
  };
});
function mergeValues(a, b) {
  if (a === b) {
    return { valid: true, data: a };
  }
  if (a instanceof Date && b instanceof Date && +a === +b) {
    return { valid: true, data: a };
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    const bKeys = Object.keys(b);
    const sharedKeys = Object.keys(a).filter((key) => bKeys.indexOf(key) !== -1);
    const newObj = { ...a, ...b };
    if (Object.prototype.hasOwnProperty.call(newObj, "__proto__"))
      delete newObj.__proto__;
    for (const key of sharedKeys) {
      if (key === "__proto__")
        continue;
      const sharedValue = mergeValues(a[key], b[key]);
      if (!sharedValue.valid) {
        return {
          valid: false,
          mergeErrorPath: [key, ...sharedValue.mergeErrorPath]
        };
      }
      newObj[key] = sharedValue.data;
    }
    return { valid: true, data: newObj };
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) {
      return { valid: false, mergeErrorPath: [] };
    }
    const newArray = [];
    for (let index = 0; index < a.length; index++) {
      const itemA = a[index];
      const itemB = b[index];
      const sharedValue = mergeValues(itemA, itemB);
      if (!sharedValue.valid) {
        return {
          valid: false,
          mergeErrorPath: [index, ...sharedValue.mergeErrorPath]
        };
      }
      newArray.push(sharedValue.data);
    }
    return { valid: true, data: newArray };
  }
  return { valid: false, mergeErrorPath: [] };
}
function handleIntersectionResults(result, left, right) {
  const unrecKeys = /* @__PURE__ */ new Map();
  let unrecIssue;
  const keyIssues = /* @__PURE__ */ new Map();
  const collect = (iss, side) => {
    let keys;
    if (iss.code === "unrecognized_keys" && !iss.path?.length) {
      unrecIssue ?? (unrecIssue = iss);
      keys = iss.keys;
    } else if (iss.code === "invalid_key" && iss.origin === "record" && iss.path?.length === 1) {
      const k = String(iss.path[0]);
      if (!keyIssues.has(k))
        keyIssues.set(k, iss);
      keys = [k];
    } else {
      return false;
    }
    for (const k of keys) {
      if (!unrecKeys.has(k))
        unrecKeys.set(k, {});
      unrecKeys.get(k)[side] = true;
    }
    return true;
  };
  for (const iss of left.issues) {
    if (!collect(iss, "l"))
      result.issues.push(iss);
  }
  for (const iss of right.issues) {
    if (!collect(iss, "r"))
      result.issues.push(iss);
  }
  const bothKeys = [...unrecKeys].filter(([, f]) => f.l && f.r).map(([k]) => k);
  if (bothKeys.length) {
    const aggregated = unrecIssue ? bothKeys.filter((k) => unrecIssue.keys.includes(k)) : [];
    if (aggregated.length)
      result.issues.push({ ...unrecIssue, keys: aggregated });
    for (const k of bothKeys) {
      if (!aggregated.includes(k) && keyIssues.has(k))
        result.issues.push(keyIssues.get(k));
    }
  }
  const merged = mergeValues(left.value, right.value);
  if (!merged.valid) {
    if (aborted(result))
      return result;
    throw new Error(`Unmergable intersection. Error path: ${JSON.stringify(merged.mergeErrorPath)}`);
  }
  result.value = merged.data;
  return result;
}
var $ZodRecord = /* @__PURE__ */ $constructor("$ZodRecord", (inst, def) => {
  $ZodType.init(inst, def);
  const memo2 = globalConfig.memoizer;
  memo2?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    const input = payload.value;
    if (!isPlainObject(input)) {
      payload.issues.push({
        expected: "record",
        code: "invalid_type",
        input,
        inst
      });
      return payload;
    }
    const proms = [];
    const values = def.keyType._zod.values;
    if (values && !def.partial) {
      payload.value = memo2 ? memo2.alloc(inst, payload, {}, ctx) : {};
      const recordKeys = /* @__PURE__ */ new Set();
      for (const key of values) {
        if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
          recordKeys.add(typeof key === "number" ? key.toString() : key);
          if (key === "__proto__")
            continue;
          const keyResult = def.keyType._zod.run({ value: key, issues: [] }, ctx);
          if (keyResult instanceof Promise) {
            throw new Error("Async schemas not supported in object keys currently");
          }
          if (keyResult.issues.length) {
            payload.issues.push({
              code: "invalid_key",
              origin: "record",
              issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
              input: key,
              path: [key],
              inst
            });
            continue;
          }
          const outKey = keyResult.value;
          if (outKey === "__proto__")
            continue;
          const result = def.valueType._zod.run({ value: input[key], issues: [] }, ctx);
          if (result instanceof Promise) {
            proms.push(result.then((result2) => {
              if (result2.issues.length) {
                payload.issues.push(...prefixIssues(key, result2.issues));
              }
              payload.value[outKey] = result2.value;
            }));
          } else {
            if (result.issues.length) {
              payload.issues.push(...prefixIssues(key, result.issues));
            }
            payload.value[outKey] = result.value;
          }
        }
      }
      let unrecognized;
      for (const key in input) {
        if (!recordKeys.has(key)) {
          if (def.mode === "loose") {
            if (key === "__proto__")
              continue;
            payload.value[key] = input[key];
          } else {
            unrecognized = unrecognized ?? [];
            unrecognized.push(key);
          }
        }
      }
      if (unrecognized && unrecognized.length > 0) {
        payload.issues.push({
          code: "unrecognized_keys",
          input,
          inst,
          keys: unrecognized,
          continue: true
        });
      }
    } else {
      payload.value = memo2 ? memo2.alloc(inst, payload, {}, ctx) : {};
      let unrecognized;
      for (const key of Reflect.ownKeys(input)) {
        if (key === "__proto__")
          continue;
        if (!Object.prototype.propertyIsEnumerable.call(input, key))
          continue;
        let keyResult = def.keyType._zod.run({ value: key, issues: [] }, ctx);
        if (keyResult instanceof Promise) {
          throw new Error("Async schemas not supported in object keys currently");
        }
        const checkNumericKey = typeof key === "string" && number.test(key) && keyResult.issues.length;
        if (checkNumericKey) {
          const retryResult = def.keyType._zod.run({ value: Number(key), issues: [] }, ctx);
          if (retryResult instanceof Promise) {
            throw new Error("Async schemas not supported in object keys currently");
          }
          if (retryResult.issues.length === 0) {
            keyResult = retryResult;
          }
        }
        if (keyResult.issues.length) {
          if (def.mode === "loose") {
            payload.value[key] = input[key];
          } else if (values) {
            unrecognized = unrecognized ?? [];
            unrecognized.push(key);
          } else {
            payload.issues.push({
              code: "invalid_key",
              origin: "record",
              issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
              input: key,
              path: [key],
              inst
            });
          }
          continue;
        }
        const outKey = keyResult.value;
        if (outKey === "__proto__")
          continue;
        const result = def.valueType._zod.run({ value: input[key], issues: [] }, ctx);
        if (result instanceof Promise) {
          proms.push(result.then((result2) => {
            if (result2.issues.length) {
              payload.issues.push(...prefixIssues(key, result2.issues));
            }
            payload.value[outKey] = result2.value;
          }));
        } else {
          if (result.issues.length) {
            payload.issues.push(...prefixIssues(key, result.issues));
          }
          payload.value[outKey] = result.value;
        }
      }
      if (unrecognized && unrecognized.length > 0) {
        payload.issues.push({
          code: "unrecognized_keys",
          input,
          inst,
          keys: unrecognized,
          continue: true
        });
      }
    }
    if (proms.length) {
      return Promise.all(proms).then(() => payload);
    }
    return payload;
  };
});
var $ZodEnum = /* @__PURE__ */ $constructor("$ZodEnum", (inst, def) => {
  $ZodType.init(inst, def);
  const values = getEnumValues(def.entries);
  const valuesSet = new Set(values);
  inst._zod.values = valuesSet;
  defineLazyInternal(inst, "pattern", (zod) => {
    const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
    return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
  });
  inst._zod.parse = (payload, _ctx) => {
    const input = payload.value;
    if (valuesSet.has(input)) {
      return payload;
    }
    payload.issues.push({
      code: "invalid_value",
      values,
      input,
      inst
    });
    return payload;
  };
});
var $ZodLiteral = /* @__PURE__ */ $constructor("$ZodLiteral", (inst, def) => {
  $ZodType.init(inst, def);
  const values = new Set(def.values);
  inst._zod.values = values;
  defineLazyInternal(inst, "pattern", (zod) => {
    const vals = zod.def.values;
    return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
  });
  inst._zod.parse = (payload, _ctx) => {
    const input = payload.value;
    if (values.has(input)) {
      return payload;
    }
    payload.issues.push({
      code: "invalid_value",
      values: def.values,
      input,
      inst
    });
    return payload;
  };
});
var $ZodTransform = /* @__PURE__ */ $constructor("$ZodTransform", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.optin = "optional";
  globalConfig.memoizer?.guard(inst);
  inst._zod.parse = (payload, ctx) => {
    if (ctx.direction === "backward") {
      throw new $ZodEncodeError(inst.constructor.name);
    }
    const _out = def.transform(payload.value, payload);
    if (ctx.async) {
      const output = _out instanceof Promise ? _out : Promise.resolve(_out);
      return output.then((output2) => {
        payload.value = output2;
        return payload;
      });
    }
    if (_out instanceof Promise) {
      throw new $ZodAsyncError();
    }
    payload.value = _out;
    return payload;
  };
});
function handleOptionalResult(payload, result) {
  payload.value = result.issues.length ? void 0 : result.value;
  return payload;
}
var $ZodOptional = /* @__PURE__ */ $constructor("$ZodOptional", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
  inst._zod.optout = "optional";
  defineLazyInternal(inst, "values", (zod) => {
    const values = zod.def.innerType._zod.values;
    return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
  });
  defineLazyInternal(inst, "pattern", (zod) => {
    const pattern2 = zod.def.innerType._zod.pattern;
    return pattern2 ? new RegExp(`^(${cleanRegex(pattern2.source)})?$`) : void 0;
  });
  inst._zod.parse = (payload, ctx) => {
    if (payload.value === void 0) {
      if (def.innerType._zod.optin !== "defaulted")
        return payload;
      const result = def.innerType._zod.run({ value: payload.value, issues: [] }, ctx);
      if (result instanceof Promise)
        return result.then((result2) => handleOptionalResult(payload, result2));
      return handleOptionalResult(payload, result);
    }
    return def.innerType._zod.run(payload, ctx);
  };
});
var $ZodExactOptional = /* @__PURE__ */ $constructor("$ZodExactOptional", (inst, def) => {
  $ZodOptional.init(inst, def);
  defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
  defineLazyInternal(inst, "pattern", (zod) => zod.def.innerType._zod.pattern);
  inst._zod.parse = (payload, ctx) => {
    return def.innerType._zod.run(payload, ctx);
  };
});
var $ZodNullable = /* @__PURE__ */ $constructor("$ZodNullable", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
  defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
  defineLazyInternal(inst, "pattern", (zod) => {
    const pattern2 = zod.def.innerType._zod.pattern;
    return pattern2 ? new RegExp(`^(${cleanRegex(pattern2.source)}|null)$`) : void 0;
  });
  defineLazyInternal(inst, "values", (zod) => {
    return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
  });
  inst._zod.parse = (payload, ctx) => {
    if (payload.value === null)
      return payload;
    return def.innerType._zod.run(payload, ctx);
  };
});
var $ZodDefault = /* @__PURE__ */ $constructor("$ZodDefault", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.optin = "defaulted";
  defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
  inst._zod.parse = (payload, ctx) => {
    if (ctx.direction === "backward") {
      return def.innerType._zod.run(payload, ctx);
    }
    if (payload.value === void 0) {
      payload.value = def.defaultValue;
      return payload;
    }
    const result = def.innerType._zod.run(payload, ctx);
    if (result instanceof Promise) {
      return result.then((result2) => handleDefaultResult(result2, def));
    }
    return handleDefaultResult(result, def);
  };
});
function handleDefaultResult(payload, def) {
  if (payload.value === void 0) {
    payload.value = def.defaultValue;
  }
  return payload;
}
var $ZodPrefault = /* @__PURE__ */ $constructor("$ZodPrefault", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.optin = "defaulted";
  defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
  inst._zod.parse = (payload, ctx) => {
    if (ctx.direction === "backward") {
      return def.innerType._zod.run(payload, ctx);
    }
    if (payload.value === void 0) {
      payload.value = def.defaultValue;
    }
    return def.innerType._zod.run(payload, ctx);
  };
});
var $ZodNonOptional = /* @__PURE__ */ $constructor("$ZodNonOptional", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "values", (zod) => {
    const v = zod.def.innerType._zod.values;
    return v ? new Set([...v].filter((x) => x !== void 0)) : void 0;
  });
  inst._zod.parse = (payload, ctx) => {
    const result = def.innerType._zod.run(payload, ctx);
    if (result instanceof Promise) {
      return result.then((result2) => handleNonOptionalResult(result2, inst));
    }
    return handleNonOptionalResult(result, inst);
  };
});
function handleNonOptionalResult(payload, inst) {
  if (!payload.issues.length && payload.value === void 0) {
    payload.issues.push({
      code: "invalid_type",
      expected: "nonoptional",
      input: payload.value,
      inst
    });
  }
  return payload;
}
function handleCatchResult(payload, result, def, ctx) {
  if (!result.issues.length) {
    payload.value = result.value;
    if (result.memo)
      payload.memo = true;
    return payload;
  }
  payload.value = def.catchValue({
    ...result,
    value: payload.value,
    error: {
      issues: result.issues.map((iss) => finalizeIssue(iss, ctx, config()))
    },
    input: payload.value
  });
  return payload;
}
var $ZodCatch = /* @__PURE__ */ $constructor("$ZodCatch", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
  defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
  defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
  inst._zod.parse = (payload, ctx) => {
    if (ctx.direction === "backward") {
      return def.innerType._zod.run(payload, ctx);
    }
    const result = def.innerType._zod.run({ value: payload.value, issues: [] }, ctx);
    if (result instanceof Promise) {
      return result.then((result2) => handleCatchResult(payload, result2, def, ctx));
    }
    return handleCatchResult(payload, result, def, ctx);
  };
});
var $ZodPipe = /* @__PURE__ */ $constructor("$ZodPipe", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
  defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
  defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
  defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
  inst._zod.parse = (payload, ctx) => {
    if (ctx.direction === "backward") {
      const right = def.out._zod.run(payload, ctx);
      if (right instanceof Promise) {
        return right.then((right2) => handlePipeResult(right2, def.in, ctx));
      }
      return handlePipeResult(right, def.in, ctx);
    }
    const left = def.in._zod.run(payload, ctx);
    if (left instanceof Promise) {
      return left.then((left2) => handlePipeResult(left2, def.out, ctx));
    }
    return handlePipeResult(left, def.out, ctx);
  };
});
function handlePipeResult(left, next2, ctx) {
  if (left.issues.some((iss) => iss.code !== "unrecognized_keys")) {
    left.aborted = true;
    return left;
  }
  return next2._zod.run({ value: left.value, issues: left.issues }, ctx);
}
var $ZodReadonly = /* @__PURE__ */ $constructor("$ZodReadonly", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "propValues", (zod) => zod.def.innerType._zod.propValues);
  defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType?._zod?.optin);
  defineLazyInternal(inst, "optout", (zod) => zod.def.innerType?._zod?.optout);
  inst._zod.parse = (payload, ctx) => {
    if (ctx.direction === "backward") {
      return def.innerType._zod.run(payload, ctx);
    }
    const result = def.innerType._zod.run(payload, ctx);
    if (result instanceof Promise) {
      return result.then(handleReadonlyResult);
    }
    return handleReadonlyResult(result);
  };
});
function handleReadonlyResult(payload) {
  if (!payload.memo)
    payload.value = Object.freeze(payload.value);
  return payload;
}
var $ZodCustom = /* @__PURE__ */ $constructor("$ZodCustom", (inst, def) => {
  $ZodCheck.init(inst, def);
  $ZodType.init(inst, def);
  inst._zod.parse = (payload, _) => {
    return payload;
  };
  inst._zod.check = (payload) => {
    const input = payload.value;
    const r = def.fn(input);
    if (r instanceof Promise) {
      return r.then((r2) => handleRefineResult(r2, payload, input, inst));
    }
    handleRefineResult(r, payload, input, inst);
    return;
  };
});
function handleRefineResult(result, payload, input, inst) {
  if (!result) {
    const _iss = {
      code: "custom",
      input,
      inst,
      // incorporates params.error into issue reporting
      path: [...inst._zod.def.path ?? []],
      // incorporates params.error into issue reporting
      continue: !inst._zod.def.abort
      // params: inst._zod.def.params,
    };
    if (inst._zod.def.params)
      _iss.params = inst._zod.def.params;
    payload.issues.push(issue(_iss));
  }
}

// node_modules/zod/v4/core/memoizer.js
var $ZodCyclicError = class extends Error {
  constructor() {
    super(`Cannot parse a reference cycle that closes through a transform`);
    this.name = "ZodCyclicError";
  }
};
var STATE = "~memo";
var NO_ISSUES = [];
function isRef(value2) {
  return value2 !== null && typeof value2 === "object";
}
function cloneIssues(issues) {
  return issues.map((iss) => iss.path ? { ...iss, path: iss.path.slice() } : { ...iss });
}
var recursive = /* @__PURE__ */ new WeakMap();
var NONE = 0;
var ASSUMED = 1;
var PROVEN = 2;
function isRecursive(inst, stack, resolve2) {
  const cached2 = recursive.get(inst);
  if (cached2 !== void 0)
    return cached2 ? PROVEN : NONE;
  if (stack.has(inst))
    return PROVEN;
  stack.add(inst);
  let result = NONE;
  const check = (child) => {
    if (result !== PROVEN && child?._zod) {
      const answer = isRecursive(child, stack, resolve2);
      if (answer > result)
        result = answer;
    }
  };
  const shape = (sh, spread) => {
    let answer = NONE;
    for (const key of Reflect.ownKeys(sh)) {
      const desc = Object.getOwnPropertyDescriptor(sh, key);
      if (spread && !desc.enumerable)
        continue;
      const child = desc.get ? ASSUMED : desc.value?._zod ? isRecursive(desc.value, stack, resolve2) : NONE;
      if (child > answer)
        answer = child;
    }
    return answer;
  };
  const merge2 = (answer) => {
    if (answer > result)
      result = answer;
  };
  const def = inst._zod.def;
  const kind = def.type;
  switch (kind) {
    case "object": {
      const raw = rawShape(def);
      merge2(raw ? shape(raw, true) : ASSUMED);
      check(def.catchall);
      break;
    }
    case "array":
      check(def.element);
      break;
    case "tuple":
      for (const el of def.items)
        check(el);
      check(def.rest);
      break;
    case "record":
    case "map":
      check(def.keyType);
      check(def.valueType);
      break;
    case "set":
      check(def.valueType);
      break;
    case "union":
      for (const el of def.options)
        check(el);
      break;
    case "intersection":
      check(def.left);
      check(def.right);
      break;
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "catch":
    case "readonly":
    case "nonoptional":
    case "promise":
    case "success":
      check(def.innerType);
      break;
    case "pipe":
      check(def.in);
      check(def.out);
      break;
    case "function":
      check(def.input);
      check(def.output);
      break;
    // `$ZodLazy` caches its inner on the def, so a resolved edge is followed exactly
    case "lazy": {
      const inner = def._cachedInner ?? (resolve2 ? inst._zod.innerType : void 0);
      merge2(inner ? isRecursive(inner, stack, false) : ASSUMED);
      break;
    }
    // a leaf by choice: `parts` are regex fragments, not data positions
    case "template_literal":
    // leaves
    case "string":
    case "number":
    case "int":
    case "boolean":
    case "bigint":
    case "symbol":
    case "undefined":
    case "null":
    case "void":
    case "never":
    case "any":
    case "unknown":
    case "date":
    case "nan":
    case "enum":
    case "literal":
    case "file":
    case "transform":
    case "custom":
      break;
    default: {
      kind;
      for (const key in def) {
        const desc = Object.getOwnPropertyDescriptor(def, key);
        if (!desc || desc.get)
          continue;
        const value2 = desc.value;
        if (!value2 || typeof value2 !== "object")
          continue;
        if (value2._zod)
          check(value2);
        else if (Array.isArray(value2))
          for (const el of value2)
            check(el);
      }
    }
  }
  stack.delete(inst);
  return settle(inst, result);
}
function settle(inst, answer) {
  if (answer !== ASSUMED)
    recursive.set(inst, answer === PROVEN);
  return answer;
}
function bucketFor(state, inst) {
  let bucket = state.buckets.get(inst);
  if (!bucket) {
    bucket = /* @__PURE__ */ new WeakMap();
    state.buckets.set(inst, bucket);
  }
  return bucket;
}
var handoff;
var open2 = [];
var memo = {
  alloc(_inst, payload, empty) {
    const bucket = handoff;
    if (!bucket)
      return empty;
    handoff = void 0;
    const entry = { value: empty, issues: null };
    bucket.set(payload.value, entry);
    open2.push(entry);
    return empty;
  },
  guard(inst) {
    var _a3;
    (_a3 = inst._zod).deferred ?? (_a3.deferred = []);
    inst._zod.deferred.push(() => {
      const base = inst._zod.parse;
      const wrapped = (payload, ctx) => {
        if (ctx.direction !== "backward" && isBackEdge(ctx, payload.value))
          throw new $ZodCyclicError();
        return base(payload, ctx);
      };
      inst._zod.parse = wrapped;
      if (inst._zod.run === base)
        inst._zod.run = wrapped;
    });
  },
  attach(inst) {
    var _a3;
    let isRecursiveInst;
    let rechecked = false;
    let lastCtx;
    let lastBucket;
    (_a3 = inst._zod).deferred ?? (_a3.deferred = []);
    inst._zod.deferred.push(() => {
      const base = inst._zod.parse;
      const wrapped = (payload, ctx) => {
        if (isRecursiveInst === void 0) {
          const walked = isRecursive(inst, /* @__PURE__ */ new Set(), false);
          if (walked === NONE) {
            inst._zod.parse = base;
            if (inst._zod.run === wrapped)
              inst._zod.run = base;
            return base(payload, ctx);
          }
          if (walked === PROVEN || rechecked)
            isRecursiveInst = true;
          else
            rechecked = true;
        }
        const input = payload.value;
        if (!isRef(input))
          return base(payload, ctx);
        let state = ctx[STATE];
        if (!state) {
          state = { buckets: /* @__PURE__ */ new WeakMap(), backEdges: void 0 };
          ctx[STATE] = state;
        }
        let bucket;
        if (lastCtx === ctx) {
          bucket = lastBucket;
        } else {
          bucket = bucketFor(state, inst);
          lastCtx = ctx;
          lastBucket = bucket;
        }
        const hit = bucket.get(input);
        if (hit) {
          payload.value = hit.value;
          if (hit.issues) {
            if (hit.issues.length)
              payload.issues.push(...cloneIssues(hit.issues));
          } else {
            payload.memo = true;
            state.backEdges ?? (state.backEdges = /* @__PURE__ */ new WeakSet());
            state.backEdges.add(hit.value);
          }
          return payload;
        }
        handoff = bucket;
        const depth = open2.length;
        const result = base(payload, ctx);
        handoff = void 0;
        const entry = open2.length > depth ? open2.pop() : void 0;
        if (result instanceof Promise) {
          return result.then((r) => {
            if (entry)
              entry.issues = r.issues.length ? cloneIssues(r.issues) : NO_ISSUES;
            return r;
          });
        }
        if (entry)
          entry.issues = result.issues.length ? cloneIssues(result.issues) : NO_ISSUES;
        return result;
      };
      inst._zod.parse = wrapped;
      if (inst._zod.run === base)
        inst._zod.run = wrapped;
    });
  }
};
function memoizer() {
  return memo;
}
function isBackEdge(ctx, value2) {
  const backEdges = ctx[STATE]?.backEdges;
  return backEdges !== void 0 && isRef(value2) && backEdges.has(value2);
}

// node_modules/zod/v4/locales/en.js
var error = () => {
  const Sizable = {
    string: { unit: "characters", verb: "to have" },
    file: { unit: "bytes", verb: "to have" },
    array: { unit: "items", verb: "to have" },
    set: { unit: "items", verb: "to have" },
    map: { unit: "entries", verb: "to have" }
  };
  function getSizing(origin) {
    return Sizable[origin] ?? null;
  }
  const FormatDictionary = {
    regex: "input",
    email: "email address",
    url: "URL",
    emoji: "emoji",
    uuid: "UUID",
    uuidv4: "UUIDv4",
    uuidv6: "UUIDv6",
    nanoid: "nanoid",
    guid: "GUID",
    cuid: "cuid",
    cuid2: "cuid2",
    ulid: "ULID",
    xid: "XID",
    ksuid: "KSUID",
    datetime: "ISO datetime",
    date: "ISO date",
    time: "ISO time",
    duration: "ISO duration",
    ipv4: "IPv4 address",
    ipv6: "IPv6 address",
    mac: "MAC address",
    cidrv4: "IPv4 range",
    cidrv6: "IPv6 range",
    base64: "base64-encoded string",
    base64url: "base64url-encoded string",
    json_string: "JSON string",
    e164: "E.164 number",
    currency_code: "currency code",
    credit_card: "credit card number",
    iban: "IBAN",
    jwt: "JWT",
    template_literal: "input"
  };
  const TypeDictionary = {
    // Compatibility: "nan" -> "NaN" for display
    nan: "NaN"
    // All other type names omitted - they fall back to raw values via ?? operator
  };
  function getTypeName(type, input) {
    if (type === "number" && typeof input === "number" && !Number.isFinite(input)) {
      return String(input);
    }
    return TypeDictionary[type] ?? type;
  }
  return (issue2) => {
    switch (issue2.code) {
      case "invalid_type": {
        const expected = getTypeName(issue2.expected);
        const receivedType = parsedType(issue2.input);
        const received = getTypeName(receivedType, issue2.input);
        return `Invalid input: expected ${expected}, received ${received}`;
      }
      case "invalid_value":
        if (issue2.values.length === 1)
          return `Invalid input: expected ${stringifyPrimitive(issue2.values[0])}`;
        return `Invalid option: expected one of ${joinValues(issue2.values, "|")}`;
      case "too_big": {
        const adj = issue2.exact ? "exactly " : issue2.inclusive ? "<=" : "<";
        const sizing = getSizing(issue2.origin);
        if (sizing)
          return `Too big: expected ${issue2.origin ?? "value"} to have ${adj}${issue2.maximum.toString()} ${sizing.unit ?? "elements"}`;
        return `Too big: expected ${issue2.origin ?? "value"} to be ${adj}${issue2.maximum.toString()}`;
      }
      case "too_small": {
        const adj = issue2.exact ? "exactly " : issue2.inclusive ? ">=" : ">";
        const sizing = getSizing(issue2.origin);
        if (sizing) {
          return `Too small: expected ${issue2.origin} to have ${adj}${issue2.minimum.toString()} ${sizing.unit}`;
        }
        return `Too small: expected ${issue2.origin} to be ${adj}${issue2.minimum.toString()}`;
      }
      case "invalid_format": {
        const _issue = issue2;
        if (_issue.format === "starts_with") {
          return `Invalid string: must start with "${_issue.prefix}"`;
        }
        if (_issue.format === "ends_with")
          return `Invalid string: must end with "${_issue.suffix}"`;
        if (_issue.format === "includes")
          return `Invalid string: must include "${_issue.includes}"`;
        if (_issue.format === "regex")
          return `Invalid string: must match pattern ${_issue.pattern}`;
        return `Invalid ${FormatDictionary[_issue.format] ?? issue2.format}`;
      }
      case "not_multiple_of":
        return `Invalid number: must be a multiple of ${issue2.divisor}`;
      case "unrecognized_keys":
        return `Unrecognized key${issue2.keys.length > 1 ? "s" : ""}: ${joinValues(issue2.keys, ", ")}`;
      case "invalid_key":
        return `Invalid key in ${issue2.origin}`;
      case "invalid_union":
        if (issue2.options && Array.isArray(issue2.options) && issue2.options.length > 0) {
          const opts = issue2.options.map((o) => `'${o}'`).join(" | ");
          return `Invalid discriminator value. Expected ${opts}`;
        }
        if (issue2.inclusive === false) {
          return "Invalid input: more than one option matched";
        }
        return "Invalid input";
      case "invalid_element":
        return `Invalid value in ${issue2.origin}`;
      default:
        return `Invalid input`;
    }
  };
};
function en_default() {
  return {
    localeError: error()
  };
}

// node_modules/zod/v4/core/registries.js
var _a2;
var $ZodRegistry = class {
  constructor() {
    this._map = /* @__PURE__ */ new WeakMap();
    this._idmap = /* @__PURE__ */ new Map();
  }
  add(schema2, ..._meta) {
    const meta2 = _meta[0];
    this._map.set(schema2, meta2);
    if (meta2 && typeof meta2 === "object" && "id" in meta2) {
      this._idmap.set(meta2.id, schema2);
    }
    return this;
  }
  clear() {
    this._map = /* @__PURE__ */ new WeakMap();
    this._idmap = /* @__PURE__ */ new Map();
    return this;
  }
  remove(schema2) {
    const meta2 = this._map.get(schema2);
    if (meta2 && typeof meta2 === "object" && "id" in meta2) {
      this._idmap.delete(meta2.id);
    }
    this._map.delete(schema2);
    return this;
  }
  get(schema2) {
    const p = schema2._zod.parent;
    if (p) {
      const pm = { ...this.get(p) ?? {} };
      delete pm.id;
      const f = { ...pm, ...this._map.get(schema2) };
      return Object.keys(f).length ? f : void 0;
    }
    return this._map.get(schema2);
  }
  has(schema2) {
    return this._map.has(schema2);
  }
};
function registry() {
  return new $ZodRegistry();
}
(_a2 = globalThis).__zod_globalRegistry ?? (_a2.__zod_globalRegistry = registry());
var globalRegistry = globalThis.__zod_globalRegistry;

// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
  if (def.checks)
    def.checks = [...def.checks];
  return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class2, params) {
  return new Class2(snapshotChecks({ type: "string", ...normalizeParams(params) }));
}
// @__NO_SIDE_EFFECTS__
function _email(Class2, params) {
  return new Class2({
    type: "string",
    format: "email",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _guid(Class2, params) {
  return new Class2({
    type: "string",
    format: "guid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _uuid(Class2, params) {
  return new Class2({
    type: "string",
    format: "uuid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _uuidv4(Class2, params) {
  return new Class2({
    type: "string",
    format: "uuid",
    check: "string_format",
    abort: false,
    version: "v4",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _uuidv6(Class2, params) {
  return new Class2({
    type: "string",
    format: "uuid",
    check: "string_format",
    abort: false,
    version: "v6",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _uuidv7(Class2, params) {
  return new Class2({
    type: "string",
    format: "uuid",
    check: "string_format",
    abort: false,
    version: "v7",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _url(Class2, params) {
  return new Class2({
    type: "string",
    format: "url",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _emoji2(Class2, params) {
  return new Class2({
    type: "string",
    format: "emoji",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _nanoid(Class2, params) {
  return new Class2({
    type: "string",
    format: "nanoid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _cuid(Class2, params) {
  return new Class2({
    type: "string",
    format: "cuid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _cuid2(Class2, params) {
  return new Class2({
    type: "string",
    format: "cuid2",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _ulid(Class2, params) {
  return new Class2({
    type: "string",
    format: "ulid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _xid(Class2, params) {
  return new Class2({
    type: "string",
    format: "xid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _ksuid(Class2, params) {
  return new Class2({
    type: "string",
    format: "ksuid",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _ipv4(Class2, params) {
  return new Class2({
    type: "string",
    format: "ipv4",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _ipv6(Class2, params) {
  return new Class2({
    type: "string",
    format: "ipv6",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _cidrv4(Class2, params) {
  return new Class2({
    type: "string",
    format: "cidrv4",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _cidrv6(Class2, params) {
  return new Class2({
    type: "string",
    format: "cidrv6",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _base64(Class2, params) {
  return new Class2({
    type: "string",
    format: "base64",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _base64url(Class2, params) {
  return new Class2({
    type: "string",
    format: "base64url",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _e164(Class2, params) {
  return new Class2({
    type: "string",
    format: "e164",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _jwt(Class2, params) {
  return new Class2({
    type: "string",
    format: "jwt",
    check: "string_format",
    abort: false,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoDateTime(Class2, params) {
  return new Class2({
    type: "string",
    format: "datetime",
    check: "string_format",
    offset: false,
    local: false,
    precision: null,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoDate(Class2, params) {
  return new Class2({
    type: "string",
    format: "date",
    check: "string_format",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoTime(Class2, params) {
  return new Class2({
    type: "string",
    format: "time",
    check: "string_format",
    precision: null,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoDuration(Class2, params) {
  return new Class2({
    type: "string",
    format: "duration",
    check: "string_format",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _number(Class2, params) {
  return new Class2(snapshotChecks({ type: "number", checks: [], ...normalizeParams(params) }));
}
// @__NO_SIDE_EFFECTS__
function _int(Class2, params) {
  return new Class2({
    type: "number",
    check: "number_format",
    abort: false,
    format: "safeint",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class2, params) {
  return new Class2({
    type: "boolean",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _undefined2(Class2, params) {
  return new Class2({
    type: "undefined",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class2) {
  return new Class2({
    type: "unknown"
  });
}
// @__NO_SIDE_EFFECTS__
function _never(Class2, params) {
  return new Class2({
    type: "never",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _lt(value2, params) {
  return new $ZodCheckLessThan({
    check: "less_than",
    ...normalizeParams(params),
    value: value2,
    inclusive: false
  });
}
// @__NO_SIDE_EFFECTS__
function _lte(value2, params) {
  return new $ZodCheckLessThan({
    check: "less_than",
    ...normalizeParams(params),
    value: value2,
    inclusive: true
  });
}
// @__NO_SIDE_EFFECTS__
function _gt(value2, params) {
  return new $ZodCheckGreaterThan({
    check: "greater_than",
    ...normalizeParams(params),
    value: value2,
    inclusive: false
  });
}
// @__NO_SIDE_EFFECTS__
function _gte(value2, params) {
  return new $ZodCheckGreaterThan({
    check: "greater_than",
    ...normalizeParams(params),
    value: value2,
    inclusive: true
  });
}
// @__NO_SIDE_EFFECTS__
function _multipleOf(value2, params) {
  return new $ZodCheckMultipleOf({
    check: "multiple_of",
    ...normalizeParams(params),
    value: value2
  });
}
// @__NO_SIDE_EFFECTS__
function _maxLength(maximum, params) {
  const ch = new $ZodCheckMaxLength({
    check: "max_length",
    ...normalizeParams(params),
    maximum
  });
  return ch;
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
  return new $ZodCheckMinLength({
    check: "min_length",
    ...normalizeParams(params),
    minimum
  });
}
// @__NO_SIDE_EFFECTS__
function _length(length, params) {
  return new $ZodCheckLengthEquals({
    check: "length_equals",
    ...normalizeParams(params),
    length
  });
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern2, params) {
  return new $ZodCheckRegex({
    check: "string_format",
    format: "regex",
    ...normalizeParams(params),
    pattern: pattern2
  });
}
// @__NO_SIDE_EFFECTS__
function _lowercase(params) {
  return new $ZodCheckLowerCase({
    check: "string_format",
    format: "lowercase",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _uppercase(params) {
  return new $ZodCheckUpperCase({
    check: "string_format",
    format: "uppercase",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _includes(includes, params) {
  return new $ZodCheckIncludes({
    check: "string_format",
    format: "includes",
    ...normalizeParams(params),
    includes
  });
}
// @__NO_SIDE_EFFECTS__
function _startsWith(prefix, params) {
  return new $ZodCheckStartsWith({
    check: "string_format",
    format: "starts_with",
    ...normalizeParams(params),
    prefix
  });
}
// @__NO_SIDE_EFFECTS__
function _endsWith(suffix, params) {
  return new $ZodCheckEndsWith({
    check: "string_format",
    format: "ends_with",
    ...normalizeParams(params),
    suffix
  });
}
// @__NO_SIDE_EFFECTS__
function _overwrite(tx) {
  return new $ZodCheckOverwrite({
    check: "overwrite",
    tx
  });
}
// @__NO_SIDE_EFFECTS__
function _normalize(form) {
  return /* @__PURE__ */ _overwrite((input) => input.normalize(form));
}
// @__NO_SIDE_EFFECTS__
function _trim() {
  return /* @__PURE__ */ _overwrite((input) => input.trim());
}
// @__NO_SIDE_EFFECTS__
function _toLowerCase() {
  return /* @__PURE__ */ _overwrite((input) => input.toLowerCase());
}
// @__NO_SIDE_EFFECTS__
function _toUpperCase() {
  return /* @__PURE__ */ _overwrite((input) => input.toUpperCase());
}
// @__NO_SIDE_EFFECTS__
function _slugify() {
  return /* @__PURE__ */ _overwrite((input) => slugify(input));
}
// @__NO_SIDE_EFFECTS__
function _array(Class2, element, params) {
  return new Class2({
    type: "array",
    element,
    // get element() {
    //   return element;
    // },
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _refine(Class2, fn, _params) {
  const schema2 = new Class2({
    type: "custom",
    check: "custom",
    fn,
    ...normalizeParams(_params)
  });
  return schema2;
}
// @__NO_SIDE_EFFECTS__
function _superRefine(fn, params) {
  const ch = /* @__PURE__ */ _check((payload) => {
    payload.addIssue = (issue2) => {
      if (typeof issue2 === "string") {
        payload.issues.push(issue(issue2, payload.value, ch._zod.def));
      } else {
        const _issue = issue2;
        if (_issue.fatal)
          _issue.continue = false;
        _issue.code ?? (_issue.code = "custom");
        if (!("input" in _issue))
          _issue.input = payload.value;
        _issue.inst ?? (_issue.inst = ch);
        _issue.continue ?? (_issue.continue = !ch._zod.def.abort);
        payload.issues.push(issue(_issue));
      }
    };
    return fn(payload.value, payload);
  }, params);
  return ch;
}
// @__NO_SIDE_EFFECTS__
function _check(fn, params) {
  const ch = new $ZodCheck({
    check: "custom",
    ...normalizeParams(params)
  });
  ch._zod.check = fn;
  return ch;
}

// node_modules/zod/v4/core/to-json-schema.js
function assignProps(target, ...sources) {
  for (const source of sources) {
    for (const key of Reflect.ownKeys(source)) {
      if (Object.prototype.propertyIsEnumerable.call(source, key)) {
        assignProp(target, key, source[key]);
      }
    }
  }
  return target;
}
function initializeContext(params) {
  let target = params?.target ?? "draft-2020-12";
  if (target === "draft-4")
    target = "draft-04";
  if (target === "draft-7")
    target = "draft-07";
  return {
    processors: params.processors ?? {},
    metadataRegistry: params?.metadata ?? globalRegistry,
    target,
    unrepresentable: params?.unrepresentable ?? "throw",
    override: params?.override ?? (() => {
    }),
    io: params?.io ?? "output",
    counter: 0,
    seen: /* @__PURE__ */ new Map(),
    sharedDefsExtractedFor: void 0,
    sharedEmitDoneFor: void 0,
    cycles: params?.cycles ?? "ref",
    reused: params?.reused ?? "inline",
    intersections: [],
    deferred: [],
    external: params?.external ?? void 0
  };
}
function handleUnrepresentable(schema2, ctx, json, params, message) {
  const result = typeof ctx.unrepresentable === "function" ? ctx.unrepresentable({ zodSchema: schema2, path: params.path, message }) : ctx.unrepresentable;
  if (result === "any")
    return false;
  if (result === void 0 || result === "throw")
    throw new Error(message);
  Object.assign(json, result);
  return true;
}
function processSchema(schema2, ctx, _params = { path: [], schemaPath: [] }) {
  var _a3;
  const def = schema2._zod.def;
  const seen = ctx.seen.get(schema2);
  if (seen) {
    seen.count++;
    const isCycle = _params.schemaPath.includes(schema2);
    if (isCycle) {
      seen.cycle = _params.path;
    }
    return seen.schema;
  }
  const result = { schema: {}, count: 1, cycle: void 0, path: _params.path };
  ctx.seen.set(schema2, result);
  ctx.sharedDefsExtractedFor = void 0;
  ctx.sharedEmitDoneFor = void 0;
  const overrideSchema = schema2._zod.toJSONSchema?.();
  if (overrideSchema) {
    result.schema = overrideSchema;
  } else {
    const params = {
      ..._params,
      schemaPath: [..._params.schemaPath, schema2],
      path: _params.path
    };
    if (schema2._zod.processJSONSchema) {
      schema2._zod.processJSONSchema(ctx, result.schema, params);
    } else {
      const _json = result.schema;
      const processor = ctx.processors[def.type];
      if (!processor) {
        throw new Error(`[toJSONSchema]: Non-representable type encountered: ${def.type}`);
      }
      processor(schema2, ctx, _json, params);
    }
    const parent = schema2._zod.parent;
    if (parent) {
      if (!result.ref)
        result.ref = parent;
      processSchema(parent, ctx, params);
      ctx.seen.get(parent).isParent = true;
    }
  }
  const meta2 = ctx.metadataRegistry.get(schema2);
  if (meta2)
    assignProps(result.schema, meta2);
  if (ctx.io === "input" && isTransforming(schema2)) {
    delete result.schema.examples;
    delete result.schema.default;
  }
  if (ctx.io === "input" && "_prefault" in result.schema)
    (_a3 = result.schema).default ?? (_a3.default = result.schema._prefault);
  delete result.schema._prefault;
  const _result = ctx.seen.get(schema2);
  return _result.schema;
}
function encodeJSONPointerSegment(segment) {
  return segment.replace(/~/g, "~0").replace(/\//g, "~1");
}
function extractDefs(ctx, schema2) {
  const root = ctx.seen.get(schema2);
  if (!root)
    throw new Error("Unprocessed schema. This is a bug in Zod.");
  if (ctx.external && ctx.sharedDefsExtractedFor === ctx.external)
    return;
  const idToSchema = /* @__PURE__ */ new Map();
  for (const entry of ctx.seen.entries()) {
    const id = ctx.metadataRegistry.get(entry[0])?.id;
    if (id) {
      const existing = idToSchema.get(id);
      if (existing && existing !== entry[0]) {
        throw new Error(`Duplicate schema id "${id}" detected during JSON Schema conversion. Two different schemas cannot share the same id when converted together.`);
      }
      idToSchema.set(id, entry[0]);
    }
  }
  const makeURI = (entry) => {
    const defsSegment = ctx.target === "draft-2020-12" ? "$defs" : "definitions";
    if (ctx.external) {
      const externalId = ctx.external.registry.get(entry[0])?.id;
      const uriGenerator = ctx.external.uri ?? ((id2) => id2);
      if (externalId) {
        return { ref: uriGenerator(externalId) };
      }
      const id = entry[1].defId ?? entry[1].schema.id ?? `schema${ctx.counter++}`;
      entry[1].defId = id;
      return { defId: id, ref: `${uriGenerator("__shared")}#/${defsSegment}/${encodeJSONPointerSegment(id)}` };
    }
    const uriPrefix = `#`;
    const defUriPrefix = `${uriPrefix}/${defsSegment}/`;
    if (entry[1] === root && !entry[1].schema.id) {
      return { ref: uriPrefix };
    }
    const defId = entry[1].schema.id ?? `__schema${ctx.counter++}`;
    return { defId, ref: defUriPrefix + encodeJSONPointerSegment(defId) };
  };
  const extractToDef = (entry) => {
    if (entry[1].schema.$ref) {
      return;
    }
    const seen = entry[1];
    const { ref, defId } = makeURI(entry);
    seen.def = { ...seen.schema };
    if (defId)
      seen.defId = defId;
    const schema3 = seen.schema;
    for (const key in schema3) {
      delete schema3[key];
    }
    schema3.$ref = ref;
  };
  if (ctx.cycles === "throw") {
    for (const entry of ctx.seen.entries()) {
      const seen = entry[1];
      if (seen.cycle) {
        throw new Error(`Cycle detected: #/${seen.cycle?.join("/")}/<root>

Set the \`cycles\` parameter to \`"ref"\` to resolve cyclical schemas with defs.`);
      }
    }
  }
  for (const entry of ctx.seen.entries()) {
    const seen = entry[1];
    if (schema2 === entry[0]) {
      extractToDef(entry);
      continue;
    }
    if (ctx.external) {
      const ext = ctx.external.registry.get(entry[0])?.id;
      if (schema2 !== entry[0] && ext) {
        extractToDef(entry);
        continue;
      }
    }
    const id = ctx.metadataRegistry.get(entry[0])?.id;
    if (id) {
      extractToDef(entry);
      continue;
    }
    if (seen.cycle) {
      extractToDef(entry);
      continue;
    }
    if (seen.count > 1) {
      if (ctx.reused === "ref") {
        extractToDef(entry);
      }
    }
  }
  if (ctx.external)
    ctx.sharedDefsExtractedFor = ctx.external;
}
function compactTypeUnion(schema2) {
  const options = schema2.anyOf;
  if (!Array.isArray(options) || options.length === 0 || schema2.type !== void 0)
    return;
  const types = [];
  for (const option of options) {
    if (!option || typeof option !== "object")
      return;
    compactTypeUnion(option);
    const keys = Object.keys(option);
    if (keys.length !== 1 || keys[0] !== "type")
      return;
    const type = option.type;
    for (const member of Array.isArray(type) ? type : [type]) {
      if (typeof member !== "string")
        return;
      if (!types.includes(member))
        types.push(member);
    }
  }
  delete schema2.anyOf;
  schema2.type = types.length === 1 ? types[0] : types;
}
var FOLDABLE_KEYS = /* @__PURE__ */ new Set(["type", "properties", "required", "additionalProperties"]);
var UNION_KEYS = ["oneOf", "anyOf"];
function undeclaredConstraint(member) {
  const extra = member.additionalProperties;
  if (extra === void 0 || extra === false || typeof extra !== "object" || extra === null)
    return null;
  return Object.keys(extra).length ? extra : null;
}
function foldObjects(members2) {
  const objects = [];
  for (const member of members2) {
    if (typeof member !== "object" || member.type !== "object")
      return null;
    for (const key in member) {
      if (!FOLDABLE_KEYS.has(key))
        return null;
    }
    objects.push(member);
  }
  const properties = {};
  const required3 = /* @__PURE__ */ new Set();
  for (const object2 of objects) {
    for (const key in object2.properties) {
      if (Object.prototype.hasOwnProperty.call(properties, key))
        continue;
      const parts = [];
      for (const other of objects) {
        const part = other.properties?.[key] ?? undeclaredConstraint(other);
        if (part === null || part === void 0)
          continue;
        if (!parts.some((seen) => JSON.stringify(seen) === JSON.stringify(part)))
          parts.push(part);
      }
      const merged = parts.length === 1 ? parts[0] : foldObjects(parts) ?? { allOf: parts };
      assignProp(properties, key, merged);
    }
    for (const key of object2.required ?? [])
      required3.add(key);
  }
  const folded = { type: "object", properties };
  if (required3.size)
    folded.required = [...required3];
  if (objects.every((object2) => object2.additionalProperties === false)) {
    folded.additionalProperties = false;
  } else {
    const constraints = [];
    for (const object2 of objects) {
      const constraint = undeclaredConstraint(object2);
      if (constraint && !constraints.some((seen) => JSON.stringify(seen) === JSON.stringify(constraint)))
        constraints.push(constraint);
    }
    if (constraints.length === 1)
      folded.additionalProperties = constraints[0];
    else if (constraints.length > 1)
      folded.additionalProperties = { allOf: constraints };
  }
  return folded;
}
function foldIntersection(json) {
  const allOf = json.allOf;
  if (!Array.isArray(allOf) || allOf.length < 2)
    return;
  for (const key of FOLDABLE_KEYS)
    if (key in json)
      return;
  const unions = allOf.filter((m) => UNION_KEYS.some((k) => Array.isArray(m[k])));
  let folded = null;
  if (!unions.length) {
    folded = foldObjects(allOf);
  } else {
    const union2 = unions[0];
    const keyword = UNION_KEYS.find((k) => Array.isArray(union2[k]));
    if (Object.keys(union2).length !== 1)
      return;
    const rest = allOf.filter((m) => m !== union2);
    const branches = union2[keyword].map((branch) => foldObjects([...rest, branch]));
    if (branches.some((b) => !b))
      return;
    folded = { [keyword]: branches };
  }
  if (!folded)
    return;
  delete json.allOf;
  assignProps(json, folded);
}
function finalize(ctx, schema2) {
  const root = ctx.seen.get(schema2);
  if (!root)
    throw new Error("Unprocessed schema. This is a bug in Zod.");
  const flattenRef = (zodSchema) => {
    const seen = ctx.seen.get(zodSchema);
    if (seen.ref === null)
      return;
    const schema3 = seen.def ?? seen.schema;
    const _cached = { ...schema3 };
    const ref = seen.ref;
    seen.ref = null;
    if (ref) {
      flattenRef(ref);
      const refSeen = ctx.seen.get(ref);
      const refSchema = refSeen.schema;
      if (refSchema.$ref && (ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0")) {
        schema3.allOf = schema3.allOf ?? [];
        schema3.allOf.push(refSchema);
      } else {
        assignProps(schema3, refSchema);
      }
      assignProps(schema3, _cached);
      const isParentRef = zodSchema._zod.parent === ref;
      if (isParentRef) {
        for (const key in schema3) {
          if (key === "$ref" || key === "allOf")
            continue;
          if (!(key in _cached)) {
            delete schema3[key];
          }
        }
      }
      if (refSchema.$ref && refSeen.def) {
        for (const key in schema3) {
          if (key === "$ref" || key === "allOf")
            continue;
          if (key in refSeen.def && JSON.stringify(schema3[key]) === JSON.stringify(refSeen.def[key])) {
            delete schema3[key];
          }
        }
      }
    }
    const parent = zodSchema._zod.parent;
    if (parent && parent !== ref) {
      flattenRef(parent);
      const parentSeen = ctx.seen.get(parent);
      if (parentSeen?.schema.$ref) {
        schema3.$ref = parentSeen.schema.$ref;
        if (parentSeen.def) {
          for (const key in schema3) {
            if (key === "$ref" || key === "allOf")
              continue;
            if (key in parentSeen.def && JSON.stringify(schema3[key]) === JSON.stringify(parentSeen.def[key])) {
              delete schema3[key];
            }
          }
        }
      }
    }
    ctx.override({
      zodSchema,
      jsonSchema: schema3,
      path: seen.path ?? []
    });
  };
  if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) {
    for (const entry of [...ctx.seen.entries()].reverse()) {
      flattenRef(entry[0]);
    }
    if (ctx.target !== "openapi-3.0") {
      for (const entry of ctx.seen.entries()) {
        compactTypeUnion(entry[1].def ?? entry[1].schema);
      }
    }
    for (const rewrite of ctx.deferred)
      rewrite();
    if (ctx.intersections.length) {
      const carriers = /* @__PURE__ */ new Map();
      for (const seen of ctx.seen.values()) {
        for (const json of [seen.schema, seen.def]) {
          const allOf = json?.allOf;
          if (!Array.isArray(allOf))
            continue;
          const existing = carriers.get(allOf);
          if (existing)
            existing.push(json);
          else
            carriers.set(allOf, [json]);
        }
      }
      for (const allOf of ctx.intersections) {
        for (const json of carriers.get(allOf) ?? [])
          foldIntersection(json);
      }
    }
  }
  const result = {};
  if (ctx.target === "draft-2020-12") {
    result.$schema = "https://json-schema.org/draft/2020-12/schema";
  } else if (ctx.target === "draft-07") {
    result.$schema = "http://json-schema.org/draft-07/schema#";
  } else if (ctx.target === "draft-04") {
    result.$schema = "http://json-schema.org/draft-04/schema#";
  } else if (ctx.target === "openapi-3.0") {
  } else {
  }
  if (ctx.external?.uri) {
    const id = ctx.external.registry.get(schema2)?.id;
    if (!id)
      throw new Error("Schema is missing an `id` property");
    result.$id = ctx.external.uri(id);
  }
  assignProps(result, root.defId ? root.schema : root.def ?? root.schema);
  const rootMetaId = ctx.metadataRegistry.get(schema2)?.id;
  if (rootMetaId !== void 0 && result.id === rootMetaId)
    delete result.id;
  const defs = ctx.external?.defs ?? {};
  if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) {
    for (const entry of ctx.seen.entries()) {
      const seen = entry[1];
      if (seen.def && seen.defId) {
        if (seen.def.id === seen.defId)
          delete seen.def.id;
        assignProp(defs, seen.defId, seen.def);
      }
    }
  }
  if (ctx.external)
    ctx.sharedEmitDoneFor = ctx.external;
  if (ctx.external) {
  } else {
    if (Object.keys(defs).length > 0) {
      if (ctx.target === "draft-2020-12") {
        result.$defs = defs;
      } else {
        result.definitions = defs;
      }
    }
  }
  try {
    const finalized = JSON.parse(JSON.stringify(result));
    Object.defineProperty(finalized, "~standard", {
      value: {
        ...schema2["~standard"],
        jsonSchema: {
          input: createStandardJSONSchemaMethod(schema2, "input", ctx.processors),
          output: createStandardJSONSchemaMethod(schema2, "output", ctx.processors)
        }
      },
      enumerable: false,
      writable: false
    });
    return finalized;
  } catch (_err) {
    throw new Error("Error converting schema to JSON.");
  }
}
function isTransforming(_schema, _ctx) {
  const ctx = _ctx ?? { seen: /* @__PURE__ */ new Set() };
  if (ctx.seen.has(_schema))
    return false;
  ctx.seen.add(_schema);
  const def = _schema._zod.def;
  if (def.type === "transform")
    return true;
  if (def.type === "array")
    return isTransforming(def.element, ctx);
  if (def.type === "set")
    return isTransforming(def.valueType, ctx);
  if (def.type === "lazy")
    return isTransforming(def.getter(), ctx);
  if (def.type === "promise" || def.type === "optional" || def.type === "nonoptional" || def.type === "nullable" || def.type === "readonly" || def.type === "default" || def.type === "prefault" || def.type === "catch") {
    return isTransforming(def.innerType, ctx);
  }
  if (def.type === "intersection") {
    return isTransforming(def.left, ctx) || isTransforming(def.right, ctx);
  }
  if (def.type === "record" || def.type === "map") {
    return isTransforming(def.keyType, ctx) || isTransforming(def.valueType, ctx);
  }
  if (def.type === "pipe") {
    if (_schema._zod.traits.has("$ZodCodec"))
      return true;
    return isTransforming(def.in, ctx) || isTransforming(def.out, ctx);
  }
  if (def.type === "object") {
    for (const key in def.shape) {
      if (isTransforming(def.shape[key], ctx))
        return true;
    }
    return false;
  }
  if (def.type === "union") {
    for (const option of def.options) {
      if (isTransforming(option, ctx))
        return true;
    }
    return false;
  }
  if (def.type === "tuple") {
    for (const item of def.items) {
      if (isTransforming(item, ctx))
        return true;
    }
    if (def.rest && isTransforming(def.rest, ctx))
      return true;
    return false;
  }
  return false;
}
var createToJSONSchemaMethod = (schema2, processors = {}) => (params) => {
  const ctx = initializeContext({ ...params, processors });
  processSchema(schema2, ctx);
  extractDefs(ctx, schema2);
  return finalize(ctx, schema2);
};
var createStandardJSONSchemaMethod = (schema2, io, processors = {}) => (params) => {
  const { libraryOptions, target } = params ?? {};
  const ctx = initializeContext({ ...libraryOptions ?? {}, target, io, processors });
  processSchema(schema2, ctx);
  extractDefs(ctx, schema2);
  return finalize(ctx, schema2);
};

// node_modules/zod/v4/core/json-schema-processors.js
var narrowMin = (agg, key, value2) => {
  if (agg[key] === void 0 || value2 > agg[key])
    agg[key] = value2;
};
var narrowMax = (agg, key, value2) => {
  if (agg[key] === void 0 || value2 < agg[key])
    agg[key] = value2;
};
var narrowBoth = (agg, value2) => {
  narrowMin(agg, "minimum", value2);
  narrowMax(agg, "maximum", value2);
};
var addDivisor = (agg, value2) => {
  agg.multipleOf ?? (agg.multipleOf = []);
  if (!agg.multipleOf.includes(value2))
    agg.multipleOf.push(value2);
};
var addPattern = (agg, pattern2) => {
  agg.patterns ?? (agg.patterns = /* @__PURE__ */ new Set());
  agg.patterns.add(pattern2);
};
var intersectMime = (agg, mime) => {
  agg.mime = agg.mime ? agg.mime.filter((m) => mime.includes(m)) : [...mime];
};
var setFormat = (agg, format) => {
  agg.format = format;
  if (format.includes("int"))
    agg.isInt = true;
};
var minContributor = (agg, def) => narrowMin(agg, "minimum", def.minimum);
var maxContributor = (agg, def) => narrowMax(agg, "maximum", def.maximum);
var formatContributor = (ranges) => (agg, def) => {
  setFormat(agg, def.format);
  const [minimum, maximum] = ranges[def.format];
  narrowMin(agg, "minimum", minimum);
  narrowMax(agg, "maximum", maximum);
};
var contributors = {
  greater_than: (agg, def) => narrowMin(agg, def.inclusive ? "minimum" : "exclusiveMinimum", def.value),
  less_than: (agg, def) => narrowMax(agg, def.inclusive ? "maximum" : "exclusiveMaximum", def.value),
  multiple_of: (agg, def) => addDivisor(agg, def.value),
  number_format: formatContributor(NUMBER_FORMAT_RANGES),
  bigint_format: formatContributor(BIGINT_FORMAT_RANGES),
  min_length: minContributor,
  max_length: maxContributor,
  length_equals: (agg, def) => narrowBoth(agg, def.length),
  min_size: minContributor,
  max_size: maxContributor,
  size_equals: (agg, def) => narrowBoth(agg, def.size),
  string_format: (agg, def) => {
    setFormat(agg, def.format);
    if (def.pattern)
      addPattern(agg, def.pattern);
    if (def.format === "base64" || def.format === "base64url")
      agg.contentEncoding = def.format;
    if (def.local || def.precision === -1)
      agg.laxFormat = true;
  },
  mime_type: (agg, def) => intersectMime(agg, def.mime)
};
function aggregateChecks(schema2) {
  const agg = {};
  const def = schema2._zod.def;
  const list2 = schema2._zod.traits.has("$ZodCheck") ? [schema2, ...def.checks ?? []] : def.checks ?? [];
  for (const ch of list2)
    contributors[ch._zod.def.check]?.(agg, ch._zod.def);
  const bag = schema2._zod.bag;
  if (bag.minimum !== void 0)
    narrowMin(agg, "minimum", bag.minimum);
  if (bag.exclusiveMinimum !== void 0)
    narrowMin(agg, "exclusiveMinimum", bag.exclusiveMinimum);
  if (bag.maximum !== void 0)
    narrowMax(agg, "maximum", bag.maximum);
  if (bag.exclusiveMaximum !== void 0)
    narrowMax(agg, "exclusiveMaximum", bag.exclusiveMaximum);
  if (bag.multipleOf !== void 0)
    addDivisor(agg, bag.multipleOf);
  if (bag.format !== void 0) {
    agg.format ?? (agg.format = bag.format);
    if (bag.format.includes("int"))
      agg.isInt = true;
  }
  if (bag.mime)
    intersectMime(agg, bag.mime);
  for (const pattern2 of bag.patterns ?? [])
    addPattern(agg, pattern2);
  return agg;
}
var formatMap = {
  guid: "uuid",
  url: "uri",
  datetime: "date-time",
  json_string: "json-string",
  regex: ""
  // do not set
};
var exactPatterns = /* @__PURE__ */ new Map([
  [base64Charset, base64],
  [base64urlCharset, base64url]
]);
var exactPattern = (p) => exactPatterns.get(p) ?? p;
var stringProcessor = (schema2, ctx, _json, _params) => {
  const json = _json;
  json.type = "string";
  const { minimum, maximum, format, patterns, contentEncoding, laxFormat } = aggregateChecks(schema2);
  if (typeof minimum === "number")
    json.minLength = minimum;
  if (typeof maximum === "number")
    json.maxLength = maximum;
  if (format) {
    json.format = formatMap[format] ?? format;
    if (json.format === "")
      delete json.format;
    if (format === "time" || laxFormat) {
      delete json.format;
    }
  }
  if (contentEncoding)
    json.contentEncoding = contentEncoding;
  if (patterns && patterns.size > 0) {
    const patternList = [...patterns].map(exactPattern);
    if (patternList.length === 1)
      json.pattern = patternList[0].source;
    else if (patternList.length > 1) {
      json.allOf = [
        ...patternList.map((regex2) => ({
          ...ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0" ? { type: "string" } : {},
          pattern: regex2.source
        }))
      ];
    }
  }
};
var numberProcessor = (schema2, ctx, _json, params) => {
  const json = _json;
  const { minimum, maximum, multipleOf, exclusiveMaximum, exclusiveMinimum, isInt } = aggregateChecks(schema2);
  json.type = isInt ? "integer" : "number";
  const exMin = typeof exclusiveMinimum === "number" && exclusiveMinimum >= (minimum ?? Number.NEGATIVE_INFINITY);
  const exMax = typeof exclusiveMaximum === "number" && exclusiveMaximum <= (maximum ?? Number.POSITIVE_INFINITY);
  const legacy = ctx.target === "draft-04" || ctx.target === "openapi-3.0";
  if (exMin) {
    if (legacy) {
      json.minimum = exclusiveMinimum;
      json.exclusiveMinimum = true;
    } else {
      json.exclusiveMinimum = exclusiveMinimum;
    }
  } else if (typeof minimum === "number") {
    json.minimum = minimum;
  }
  if (exMax) {
    if (legacy) {
      json.maximum = exclusiveMaximum;
      json.exclusiveMaximum = true;
    } else {
      json.exclusiveMaximum = exclusiveMaximum;
    }
  } else if (typeof maximum === "number") {
    json.maximum = maximum;
  }
  if (multipleOf) {
    const divisors = /* @__PURE__ */ new Set();
    for (const divisor of multipleOf) {
      if (Number.isFinite(divisor) && divisor !== 0)
        divisors.add(Math.abs(divisor));
      else
        handleUnrepresentable(schema2, ctx, json, params, `A multipleOf divisor of ${divisor} cannot be represented in JSON Schema`);
    }
    const [first, ...rest] = divisors;
    if (first !== void 0)
      json.multipleOf = first;
    if (rest.length)
      json.allOf = [...json.allOf ?? [], ...rest.map((m) => ({ multipleOf: m }))];
  }
};
var booleanProcessor = (_schema, _ctx, json, _params) => {
  json.type = "boolean";
};
var undefinedProcessor = (schema2, ctx, json, params) => {
  handleUnrepresentable(schema2, ctx, json, params, "Undefined cannot be represented in JSON Schema");
};
var neverProcessor = (_schema, _ctx, json, _params) => {
  json.not = {};
};
var unknownProcessor = (_schema, _ctx, _json, _params) => {
};
var enumProcessor = (schema2, _ctx, json, _params) => {
  const def = schema2._zod.def;
  const values = getEnumValues(def.entries);
  if (values.length === 0) {
    json.not = {};
    return;
  }
  if (values.every((v) => typeof v === "number"))
    json.type = "number";
  if (values.every((v) => typeof v === "string"))
    json.type = "string";
  json.enum = values;
};
var literalProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  if (def.values.length === 0) {
    json.not = {};
    return;
  }
  const vals = [];
  for (const val of def.values) {
    if (val === void 0) {
      if (handleUnrepresentable(schema2, ctx, json, params, "Literal `undefined` cannot be represented in JSON Schema"))
        return;
    } else if (typeof val === "bigint") {
      if (handleUnrepresentable(schema2, ctx, json, params, "BigInt literals cannot be represented in JSON Schema"))
        return;
      vals.push(Number(val));
    } else {
      vals.push(val);
    }
  }
  if (vals.length === 0) {
  } else if (vals.length === 1) {
    const val = vals[0];
    json.type = val === null ? "null" : typeof val;
    if (ctx.target === "draft-04" || ctx.target === "openapi-3.0") {
      json.enum = [val];
    } else {
      json.const = val;
    }
  } else {
    if (vals.every((v) => typeof v === "number"))
      json.type = "number";
    if (vals.every((v) => typeof v === "string"))
      json.type = "string";
    if (vals.every((v) => typeof v === "boolean"))
      json.type = "boolean";
    if (vals.every((v) => v === null))
      json.type = "null";
    json.enum = vals;
  }
};
var customProcessor = (schema2, ctx, json, params) => {
  handleUnrepresentable(schema2, ctx, json, params, "Custom types cannot be represented in JSON Schema");
};
var transformProcessor = (schema2, ctx, json, params) => {
  handleUnrepresentable(schema2, ctx, json, params, "Transforms cannot be represented in JSON Schema");
};
var arrayProcessor = (schema2, ctx, _json, params) => {
  const json = _json;
  const def = schema2._zod.def;
  const { minimum, maximum } = aggregateChecks(schema2);
  if (typeof minimum === "number")
    json.minItems = minimum;
  if (typeof maximum === "number")
    json.maxItems = maximum;
  json.type = "array";
  json.items = processSchema(def.element, ctx, {
    ...params,
    path: [...params.path, "items"]
  });
};
function inputOptin(schema2) {
  const def = schema2._zod.def;
  if (def.type === "pipe" && def.in._zod.traits.has("$ZodTransform")) {
    return inputOptin(def.out);
  }
  if (def.type === "catch") {
    return inputOptin(def.innerType);
  }
  return schema2._zod.optin;
}
var objectProcessor = (schema2, ctx, _json, params) => {
  const json = _json;
  const def = schema2._zod.def;
  const shape = def.shape;
  const symbolKeys = Object.getOwnPropertySymbols(shape);
  if (symbolKeys.length && handleUnrepresentable(schema2, ctx, json, params, "Symbol keys cannot be represented in JSON Schema")) {
    return;
  }
  json.type = "object";
  json.properties = {};
  for (const key in shape) {
    assignProp(json.properties, key, processSchema(shape[key], ctx, {
      ...params,
      path: [...params.path, "properties", key]
    }));
  }
  const requiredKeys = [];
  for (const key of Object.keys(shape)) {
    const field = def.shape[key];
    if (ctx.io === "input" ? inputOptin(field) === void 0 : field._zod.optout === void 0) {
      requiredKeys.push(key);
    }
  }
  if (requiredKeys.length > 0) {
    json.required = requiredKeys;
  }
  if (def.catchall?._zod.def.type === "never") {
    json.additionalProperties = false;
  } else if (!def.catchall) {
    if (ctx.io === "output")
      json.additionalProperties = false;
  } else if (def.catchall) {
    json.additionalProperties = processSchema(def.catchall, ctx, {
      ...params,
      path: [...params.path, "additionalProperties"]
    });
  }
};
var unionProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  const isExclusive = def.inclusive === false;
  const options = def.options.map((x, i) => processSchema(x, ctx, {
    ...params,
    path: [...params.path, isExclusive ? "oneOf" : "anyOf", i]
  }));
  if (isExclusive) {
    json.oneOf = options;
  } else {
    json.anyOf = options;
  }
};
var intersectionProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  const a = processSchema(def.left, ctx, {
    ...params,
    path: [...params.path, "allOf", 0]
  });
  const b = processSchema(def.right, ctx, {
    ...params,
    path: [...params.path, "allOf", 1]
  });
  const isSimpleIntersection = (val) => "allOf" in val && Object.keys(val).length === 1;
  const allOf = [
    ...isSimpleIntersection(a) ? a.allOf : [a],
    ...isSimpleIntersection(b) ? b.allOf : [b]
  ];
  json.allOf = allOf;
  ctx.intersections.push(allOf);
};
function stringifyKeyNames(bySchema, json, visited) {
  if (json.$ref) {
    if (visited.has(json))
      return json;
    visited.add(json);
    const def = bySchema.get(json)?.def;
    if (!def)
      return json;
    const inlined = stringifyKeyNames(bySchema, def, visited);
    return inlined === def ? json : inlined;
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = json[keyword];
    if (!Array.isArray(branches))
      continue;
    const mapped = branches.map((branch) => stringifyKeyNames(bySchema, branch, visited));
    if (mapped.some((branch, i) => branch !== branches[i]))
      json = { ...json, [keyword]: mapped };
  }
  const types = Array.isArray(json.type) ? json.type : [json.type];
  const numericType = !types.includes("string") && types.some((t) => t === "number" || t === "integer");
  const values = json.enum ?? (json.const !== void 0 ? [json.const] : void 0);
  if (!numericType && !values?.some((v) => typeof v === "number"))
    return json;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format, id, ...rest } = json;
  if (rest.enum)
    rest.enum = rest.enum.map((v) => typeof v === "number" ? String(v) : v);
  else if (typeof rest.const === "number")
    rest.const = String(rest.const);
  if (!numericType)
    return rest;
  rest.type = "string";
  if (!values)
    rest.pattern = (types.includes("number") ? number : integer).source;
  return rest;
}
var pendingRecords = /* @__PURE__ */ new WeakMap();
function rewriteKeyNames(ctx) {
  const bySchema = /* @__PURE__ */ new Map();
  for (const entry of ctx.seen.values()) {
    if (entry.def && !bySchema.has(entry.schema))
      bySchema.set(entry.schema, entry);
  }
  const rewrites = /* @__PURE__ */ new Map();
  for (const record2 of pendingRecords.get(ctx) ?? []) {
    const seen = ctx.seen.get(record2);
    const names = (seen?.def ?? seen?.schema)?.propertyNames;
    if (!names || names === true || rewrites.has(names))
      continue;
    const rewritten = stringifyKeyNames(bySchema, names, /* @__PURE__ */ new Set());
    if (rewritten !== names)
      rewrites.set(names, rewritten);
  }
  if (!rewrites.size)
    return;
  for (const entry of ctx.seen.values()) {
    for (const carrier of [entry.schema, entry.def]) {
      const rewritten = carrier && rewrites.get(carrier.propertyNames);
      if (rewritten)
        carrier.propertyNames = rewritten;
    }
  }
}
var recordProcessor = (schema2, ctx, _json, params) => {
  const json = _json;
  const def = schema2._zod.def;
  json.type = "object";
  const keyType = def.keyType;
  const patterns = aggregateChecks(keyType).patterns;
  if (def.mode === "loose" && patterns && patterns.size > 0) {
    const valueSchema = processSchema(def.valueType, ctx, {
      ...params,
      path: [...params.path, "patternProperties", "*"]
    });
    json.patternProperties = {};
    for (const pattern2 of patterns) {
      assignProp(json.patternProperties, exactPattern(pattern2).source, valueSchema);
    }
  } else {
    if (ctx.target === "draft-07" || ctx.target === "draft-2020-12") {
      json.propertyNames = processSchema(def.keyType, ctx, {
        ...params,
        path: [...params.path, "propertyNames"]
      });
      let pending = pendingRecords.get(ctx);
      if (!pending) {
        pending = [];
        pendingRecords.set(ctx, pending);
        ctx.deferred.push(() => rewriteKeyNames(ctx));
      }
      pending.push(schema2);
    }
    json.additionalProperties = processSchema(def.valueType, ctx, {
      ...params,
      path: [...params.path, "additionalProperties"]
    });
  }
  const keyValues = keyType._zod.values;
  const omittableOnInput = ctx.io === "input" && inputOptin(def.valueType) !== void 0;
  if (keyValues && !def.partial && !omittableOnInput) {
    const validKeyValues = [...keyValues].filter((v) => typeof v === "string" || typeof v === "number");
    if (validKeyValues.length > 0) {
      json.required = validKeyValues.map(String);
    }
  }
};
var nullableProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  const inner = processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  if (ctx.target === "openapi-3.0") {
    seen.ref = def.innerType;
    json.nullable = true;
  } else {
    json.anyOf = [inner, { type: "null" }];
  }
};
var nonoptionalProcessor = (schema2, ctx, _json, params) => {
  const def = schema2._zod.def;
  processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = def.innerType;
};
var UNREPRESENTABLE_DEFAULT = /* @__PURE__ */ Symbol();
function serializeDefaultValue(value2, schema2, ctx, json, params) {
  let unrepresentable = false;
  const serialized = JSON.stringify(value2, (_, val) => {
    if (typeof val !== "bigint")
      return val;
    unrepresentable = true;
    return null;
  });
  if (!unrepresentable)
    return JSON.parse(serialized);
  handleUnrepresentable(schema2, ctx, json, params, "BigInt defaults cannot be represented in JSON Schema");
  return UNREPRESENTABLE_DEFAULT;
}
var defaultProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = def.innerType;
  const value2 = serializeDefaultValue(def.defaultValue, schema2, ctx, json, params);
  if (value2 !== UNREPRESENTABLE_DEFAULT)
    json.default = value2;
};
var prefaultProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = def.innerType;
  if (ctx.io !== "input")
    return;
  const value2 = serializeDefaultValue(def.defaultValue, schema2, ctx, json, params);
  if (value2 !== UNREPRESENTABLE_DEFAULT)
    json._prefault = value2;
};
var catchProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = def.innerType;
  let catchValue;
  try {
    catchValue = def.catchValue(void 0);
  } catch {
    handleUnrepresentable(schema2, ctx, json, params, "Dynamic catch values are not supported in JSON Schema");
    return;
  }
  json.default = catchValue;
};
var pipeProcessor = (schema2, ctx, _json, params) => {
  const def = schema2._zod.def;
  const inIsTransform = def.in._zod.traits.has("$ZodTransform");
  const innerType = ctx.io === "input" ? inIsTransform ? def.out : def.in : def.out;
  processSchema(innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = innerType;
};
var readonlyProcessor = (schema2, ctx, json, params) => {
  const def = schema2._zod.def;
  processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = def.innerType;
  json.readOnly = true;
};
var optionalProcessor = (schema2, ctx, _json, params) => {
  const def = schema2._zod.def;
  processSchema(def.innerType, ctx, params);
  const seen = ctx.seen.get(schema2);
  seen.ref = def.innerType;
};

// node_modules/zod/v4/classic/errors.js
var _installedErrorProtos = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
function _lazyMethod(proto, key, make) {
  Object.defineProperty(proto, key, {
    configurable: true,
    enumerable: false,
    get() {
      const value2 = make(this);
      Object.defineProperty(this, key, { value: value2, configurable: true, writable: true });
      return value2;
    },
    set(value2) {
      Object.defineProperty(this, key, { value: value2, configurable: true, writable: true });
    }
  });
}
var initializer2 = (inst, issues) => {
  $ZodError.init(inst, issues);
  inst.name = "ZodError";
  const proto = Object.getPrototypeOf(inst);
  if (_installedErrorProtos.has(proto))
    return;
  _installedErrorProtos.add(proto);
  _lazyMethod(proto, "format", (self) => (mapper) => formatError(self, mapper));
  _lazyMethod(proto, "flatten", (self) => (mapper) => flattenError(self, mapper));
  _lazyMethod(proto, "addIssue", (self) => (issue2) => {
    self.issues.push(issue2);
    self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
  });
  _lazyMethod(proto, "addIssues", (self) => (issues2) => {
    self.issues.push(...issues2);
    self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
  });
  Object.defineProperty(proto, "isEmpty", {
    configurable: true,
    enumerable: false,
    get() {
      return this.issues.length === 0;
    }
  });
};
var ZodError = /* @__PURE__ */ $constructor("ZodError", initializer2);
var ZodRealError = /* @__PURE__ */ $constructor("ZodError", initializer2, void 0, {
  Parent: Error
});

// node_modules/zod/v4/classic/parse.js
var parse = /* @__PURE__ */ _parse(ZodRealError);
var parseAsync = /* @__PURE__ */ _parseAsync(ZodRealError);
var safeParse = /* @__PURE__ */ _safeParse(ZodRealError);
var safeParseAsync = /* @__PURE__ */ _safeParseAsync(ZodRealError);
var encode = /* @__PURE__ */ _encode(ZodRealError);
var decode2 = /* @__PURE__ */ _decode(ZodRealError);
var encodeAsync = /* @__PURE__ */ _encodeAsync(ZodRealError);
var decodeAsync = /* @__PURE__ */ _decodeAsync(ZodRealError);
var safeEncode = /* @__PURE__ */ _safeEncode(ZodRealError);
var safeDecode = /* @__PURE__ */ _safeDecode(ZodRealError);
var safeEncodeAsync = /* @__PURE__ */ _safeEncodeAsync(ZodRealError);
var safeDecodeAsync = /* @__PURE__ */ _safeDecodeAsync(ZodRealError);

// node_modules/zod/v4/classic/schemas.js
function _ensureDefaultLocale() {
  if (!globalConfig.localeError)
    config(en_default());
}
function _ensureDefaultMemoizer() {
  if (!globalConfig.memoizer)
    config({ memoizer: memoizer() });
}
var ZodType = /* @__PURE__ */ $constructor("ZodType", (inst, def) => {
  _ensureDefaultLocale();
  $ZodType.init(inst, def);
  inst.def = def;
  inst.type = def.type;
  return inst;
}, {
  check(...chks) {
    const def = this.def;
    return this.clone(util_exports.mergeDefs(def, {
      checks: [
        ...def.checks ?? [],
        ...chks.map((ch) => typeof ch === "function" ? { _zod: { check: ch, def: { check: "custom" }, onattach: [] } } : ch)
      ]
    }), { parent: true });
  },
  with(...chks) {
    return this.check(...chks);
  },
  clone(def, params) {
    return clone(this, def, params);
  },
  brand() {
    return this;
  },
  register(reg, meta2) {
    reg.add(this, meta2);
    return this;
  },
  refine(check, params) {
    return this.check(refine(check, params));
  },
  superRefine(refinement, params) {
    return this.check(superRefine(refinement, params));
  },
  overwrite(fn) {
    return this.check(_overwrite(fn));
  },
  optional() {
    return optional(this);
  },
  exactOptional() {
    return exactOptional(this);
  },
  nullable() {
    return nullable(this);
  },
  nullish() {
    return optional(nullable(this));
  },
  nonoptional(params) {
    return nonoptional(this, params);
  },
  array() {
    return array(this);
  },
  or(arg) {
    return union([this, arg]);
  },
  and(arg) {
    return intersection(this, arg);
  },
  transform(tx) {
    return pipe(this, transform(tx));
  },
  default(d) {
    return _default(this, d);
  },
  prefault(d) {
    return prefault(this, d);
  },
  catch(params) {
    return _catch(this, params);
  },
  pipe(target) {
    return pipe(this, target);
  },
  readonly() {
    return readonly(this);
  },
  describe(description) {
    const cl = this.clone();
    globalRegistry.add(cl, { description });
    return cl;
  },
  meta(...args) {
    if (args.length === 0)
      return globalRegistry.get(this);
    const cl = this.clone();
    globalRegistry.add(cl, args[0]);
    return cl;
  },
  isOptional() {
    return this.safeParse(void 0).success;
  },
  isNullable() {
    return this.safeParse(null).success;
  },
  apply(fn, ...args) {
    return args.length === 0 ? fn(this) : fn(this, ...args);
  },
  // Overrides core's `~standard` to add `jsonSchema`. Must stay a prototype entry: redefining it per instance demotes instances to dictionary mode.
  get "~standard"() {
    return util_exports.hide(this, "~standard", {
      ...standardProps(this),
      jsonSchema: {
        input: createStandardJSONSchemaMethod(this, "input"),
        output: createStandardJSONSchemaMethod(this, "output")
      }
    });
  },
  set "~standard"(value2) {
    util_exports.own(this, "~standard", value2);
  },
  parse: function _parse2(data, params) {
    return parse(this, data, params, { callee: _parse2 });
  },
  parseAsync: async function _parseAsync2(data, params) {
    return await parseAsync(this, data, params, { callee: _parseAsync2 });
  },
  safeParse(data, params) {
    return safeParse(this, data, params);
  },
  async safeParseAsync(data, params) {
    return safeParseAsync(this, data, params);
  },
  // `spa` is an alias: same function object as `safeParseAsync`, as before.
  get spa() {
    return this?.safeParseAsync;
  },
  set spa(value2) {
    util_exports.own(this, "spa", value2);
  },
  validate(data, params) {
    return validate(this, data, params);
  },
  validateAsync(data, params) {
    return validateAsync(this, data, params);
  },
  encode: function _encode2(data, params) {
    return encode(this, data, params, { callee: _encode2 });
  },
  decode: function _decode2(data, params) {
    return decode2(this, data, params, { callee: _decode2 });
  },
  encodeAsync: async function _encodeAsync2(data, params) {
    return await encodeAsync(this, data, params, { callee: _encodeAsync2 });
  },
  decodeAsync: async function _decodeAsync2(data, params) {
    return await decodeAsync(this, data, params, { callee: _decodeAsync2 });
  },
  safeEncode(data, params) {
    return safeEncode(this, data, params);
  },
  safeDecode(data, params) {
    return safeDecode(this, data, params);
  },
  async safeEncodeAsync(data, params) {
    return safeEncodeAsync(this, data, params);
  },
  async safeDecodeAsync(data, params) {
    return safeDecodeAsync(this, data, params);
  },
  toJSONSchema(params) {
    return createToJSONSchemaMethod(this, {})(params);
  },
  // Reads through to the registry on every access, so it must not cache.
  get description() {
    return globalRegistry.get(this)?.description;
  },
  // No setter: `schema._def = x` throws, as it did when `_def` was a non-writable own property.
  get _def() {
    return this._zod.def;
  }
});
var _ZodString = /* @__PURE__ */ $constructor(
  "_ZodString",
  (inst, def) => {
    $ZodString.init(inst, def);
    ZodType.init(inst, def);
    inst._zod.processJSONSchema = (ctx, json, params) => stringProcessor(inst, ctx, json, params);
  },
  /* @__PURE__ */ util_exports.derived({
    format: (inst) => aggregateChecks(inst).format ?? null,
    minLength: (inst) => aggregateChecks(inst).minimum ?? null,
    maxLength: (inst) => aggregateChecks(inst).maximum ?? null
  }, {
    regex(...args) {
      return this.check(_regex(...args));
    },
    includes(...args) {
      return this.check(_includes(...args));
    },
    startsWith(...args) {
      return this.check(_startsWith(...args));
    },
    endsWith(...args) {
      return this.check(_endsWith(...args));
    },
    min(...args) {
      return this.check(_minLength(...args));
    },
    max(...args) {
      return this.check(_maxLength(...args));
    },
    length(...args) {
      return this.check(_length(...args));
    },
    nonempty(...args) {
      return this.check(_minLength(1, ...args));
    },
    lowercase(params) {
      return this.check(_lowercase(params));
    },
    uppercase(params) {
      return this.check(_uppercase(params));
    },
    trim() {
      return this.check(_trim());
    },
    normalize(...args) {
      return this.check(_normalize(...args));
    },
    toLowerCase() {
      return this.check(_toLowerCase());
    },
    toUpperCase() {
      return this.check(_toUpperCase());
    },
    slugify() {
      return this.check(_slugify());
    }
  })
);
var ZodString = /* @__PURE__ */ $constructor("ZodString", (inst, def) => {
  $ZodString.init(inst, def);
  _ZodString.init(inst, def);
}, {
  email(params) {
    return this.check(_email(ZodEmail, params));
  },
  url(params) {
    return this.check(_url(ZodURL, params));
  },
  jwt(params) {
    return this.check(_jwt(ZodJWT, params));
  },
  emoji(params) {
    return this.check(_emoji2(ZodEmoji, params));
  },
  guid(params) {
    return this.check(_guid(ZodGUID, params));
  },
  uuid(params) {
    return this.check(_uuid(ZodUUID, params));
  },
  uuidv4(params) {
    return this.check(_uuidv4(ZodUUID, params));
  },
  uuidv6(params) {
    return this.check(_uuidv6(ZodUUID, params));
  },
  uuidv7(params) {
    return this.check(_uuidv7(ZodUUID, params));
  },
  nanoid(params) {
    return this.check(_nanoid(ZodNanoID, params));
  },
  cuid(params) {
    return this.check(_cuid(ZodCUID, params));
  },
  cuid2(params) {
    return this.check(_cuid2(ZodCUID2, params));
  },
  ulid(params) {
    return this.check(_ulid(ZodULID, params));
  },
  base64(params) {
    return this.check(_base64(ZodBase64, params));
  },
  base64url(params) {
    return this.check(_base64url(ZodBase64URL, params));
  },
  xid(params) {
    return this.check(_xid(ZodXID, params));
  },
  ksuid(params) {
    return this.check(_ksuid(ZodKSUID, params));
  },
  ipv4(params) {
    return this.check(_ipv4(ZodIPv4, params));
  },
  ipv6(params) {
    return this.check(_ipv6(ZodIPv6, params));
  },
  cidrv4(params) {
    return this.check(_cidrv4(ZodCIDRv4, params));
  },
  cidrv6(params) {
    return this.check(_cidrv6(ZodCIDRv6, params));
  },
  e164(params) {
    return this.check(_e164(ZodE164, params));
  },
  datetime(params) {
    return this.check(_isoDateTime(ZodISODateTime, params));
  },
  date(params) {
    return this.check(_isoDate(ZodISODate, params));
  },
  time(params) {
    return this.check(_isoTime(ZodISOTime, params));
  },
  duration(params) {
    return this.check(_isoDuration(ZodISODuration, params));
  }
});
function string2(params) {
  return _string(ZodString, params);
}
var ZodStringFormat = /* @__PURE__ */ $constructor("ZodStringFormat", (inst, def) => {
  $ZodStringFormat.init(inst, def);
  _ZodString.init(inst, def);
});
var ZodISODateTime = /* @__PURE__ */ $constructor("ZodISODateTime", (inst, def) => {
  $ZodISODateTime.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodISODate = /* @__PURE__ */ $constructor("ZodISODate", (inst, def) => {
  $ZodISODate.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodISOTime = /* @__PURE__ */ $constructor("ZodISOTime", (inst, def) => {
  $ZodISOTime.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodISODuration = /* @__PURE__ */ $constructor("ZodISODuration", (inst, def) => {
  $ZodISODuration.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodEmail = /* @__PURE__ */ $constructor("ZodEmail", (inst, def) => {
  $ZodEmail.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodGUID = /* @__PURE__ */ $constructor("ZodGUID", (inst, def) => {
  $ZodGUID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodUUID = /* @__PURE__ */ $constructor("ZodUUID", (inst, def) => {
  $ZodUUID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodURL = /* @__PURE__ */ $constructor("ZodURL", (inst, def) => {
  $ZodURL.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodEmoji = /* @__PURE__ */ $constructor("ZodEmoji", (inst, def) => {
  $ZodEmoji.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodNanoID = /* @__PURE__ */ $constructor("ZodNanoID", (inst, def) => {
  $ZodNanoID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodCUID = /* @__PURE__ */ $constructor("ZodCUID", (inst, def) => {
  $ZodCUID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodCUID2 = /* @__PURE__ */ $constructor("ZodCUID2", (inst, def) => {
  $ZodCUID2.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodULID = /* @__PURE__ */ $constructor("ZodULID", (inst, def) => {
  $ZodULID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodXID = /* @__PURE__ */ $constructor("ZodXID", (inst, def) => {
  $ZodXID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodKSUID = /* @__PURE__ */ $constructor("ZodKSUID", (inst, def) => {
  $ZodKSUID.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodIPv4 = /* @__PURE__ */ $constructor("ZodIPv4", (inst, def) => {
  $ZodIPv4.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodIPv6 = /* @__PURE__ */ $constructor("ZodIPv6", (inst, def) => {
  $ZodIPv6.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodCIDRv4 = /* @__PURE__ */ $constructor("ZodCIDRv4", (inst, def) => {
  $ZodCIDRv4.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodCIDRv6 = /* @__PURE__ */ $constructor("ZodCIDRv6", (inst, def) => {
  $ZodCIDRv6.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodBase64 = /* @__PURE__ */ $constructor("ZodBase64", (inst, def) => {
  $ZodBase64.init(inst, def);
  ZodStringFormat.init(inst, def);
});
function base642(params) {
  return _base64(ZodBase64, params);
}
var ZodBase64URL = /* @__PURE__ */ $constructor("ZodBase64URL", (inst, def) => {
  $ZodBase64URL.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodE164 = /* @__PURE__ */ $constructor("ZodE164", (inst, def) => {
  $ZodE164.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodJWT = /* @__PURE__ */ $constructor("ZodJWT", (inst, def) => {
  $ZodJWT.init(inst, def);
  ZodStringFormat.init(inst, def);
});
var ZodNumber = /* @__PURE__ */ $constructor(
  "ZodNumber",
  (inst, def) => {
    $ZodNumber.init(inst, def);
    ZodType.init(inst, def);
    inst._zod.processJSONSchema = (ctx, json, params) => numberProcessor(inst, ctx, json, params);
    inst.isFinite = true;
  },
  /* @__PURE__ */ util_exports.derived({
    minValue: (inst) => {
      const { minimum, exclusiveMinimum } = aggregateChecks(inst);
      return Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
    },
    maxValue: (inst) => {
      const { maximum, exclusiveMaximum } = aggregateChecks(inst);
      return Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
    },
    isInt: (inst) => {
      const { isInt, multipleOf } = aggregateChecks(inst);
      return !!isInt || !!multipleOf?.some(Number.isSafeInteger);
    },
    format: (inst) => aggregateChecks(inst).format ?? null
  }, {
    gt(value2, params) {
      return this.check(_gt(value2, params));
    },
    gte(value2, params) {
      return this.check(_gte(value2, params));
    },
    min(value2, params) {
      return this.check(_gte(value2, params));
    },
    lt(value2, params) {
      return this.check(_lt(value2, params));
    },
    lte(value2, params) {
      return this.check(_lte(value2, params));
    },
    max(value2, params) {
      return this.check(_lte(value2, params));
    },
    int(params) {
      return this.check(int(params));
    },
    safe(params) {
      return this.check(int(params));
    },
    positive(params) {
      return this.check(_gt(0, params));
    },
    nonnegative(params) {
      return this.check(_gte(0, params));
    },
    negative(params) {
      return this.check(_lt(0, params));
    },
    nonpositive(params) {
      return this.check(_lte(0, params));
    },
    multipleOf(value2, params) {
      return this.check(_multipleOf(value2, params));
    },
    step(value2, params) {
      return this.check(_multipleOf(value2, params));
    },
    finite() {
      return this;
    }
  })
);
function number2(params) {
  return _number(ZodNumber, params);
}
var ZodNumberFormat = /* @__PURE__ */ $constructor("ZodNumberFormat", (inst, def) => {
  $ZodNumberFormat.init(inst, def);
  ZodNumber.init(inst, def);
});
function int(params) {
  return _int(ZodNumberFormat, params);
}
var ZodBoolean = /* @__PURE__ */ $constructor("ZodBoolean", (inst, def) => {
  $ZodBoolean.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => booleanProcessor(inst, ctx, json, params);
});
function boolean2(params) {
  return _boolean(ZodBoolean, params);
}
var ZodUndefined = /* @__PURE__ */ $constructor("ZodUndefined", (inst, def) => {
  $ZodUndefined.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => undefinedProcessor(inst, ctx, json, params);
});
function _undefined3(params) {
  return _undefined2(ZodUndefined, params);
}
var ZodUnknown = /* @__PURE__ */ $constructor("ZodUnknown", (inst, def) => {
  $ZodUnknown.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => unknownProcessor(inst, ctx, json, params);
});
function unknown() {
  return _unknown(ZodUnknown);
}
var ZodNever = /* @__PURE__ */ $constructor("ZodNever", (inst, def) => {
  $ZodNever.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => neverProcessor(inst, ctx, json, params);
});
function never(params) {
  return _never(ZodNever, params);
}
var ZodArray = /* @__PURE__ */ $constructor("ZodArray", (inst, def) => {
  _ensureDefaultMemoizer();
  $ZodArray.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => arrayProcessor(inst, ctx, json, params);
  inst.element = def.element;
}, {
  min(n, params) {
    return this.check(_minLength(n, params));
  },
  nonempty(params) {
    return this.check(_minLength(1, params));
  },
  max(n, params) {
    return this.check(_maxLength(n, params));
  },
  length(n, params) {
    return this.check(_length(n, params));
  },
  unwrap() {
    return this.element;
  }
});
function array(element, params) {
  return _array(ZodArray, element, params);
}
var ZodObject = /* @__PURE__ */ $constructor("ZodObject", (inst, def) => {
  _ensureDefaultMemoizer();
  $ZodObjectJIT.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => objectProcessor(inst, ctx, json, params);
  util_exports.installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
}, {
  keyof() {
    return _enum(Object.keys(this._zod.def.shape));
  },
  catchall(catchall) {
    return this.clone(util_exports.mergeDefs(this._zod.def, { catchall }));
  },
  passthrough() {
    return this.clone(util_exports.mergeDefs(this._zod.def, { catchall: unknown() }));
  },
  loose() {
    return this.clone(util_exports.mergeDefs(this._zod.def, { catchall: unknown() }));
  },
  strict() {
    return this.clone(util_exports.mergeDefs(this._zod.def, { catchall: never() }));
  },
  strip() {
    return this.clone(util_exports.mergeDefs(this._zod.def, { catchall: void 0 }));
  },
  extend(incoming) {
    return util_exports.extend(this, incoming);
  },
  safeExtend(incoming) {
    return util_exports.safeExtend(this, incoming);
  },
  merge(other) {
    return util_exports.merge(this, other);
  },
  pick(mask) {
    return util_exports.pick(this, mask);
  },
  omit(mask) {
    return util_exports.omit(this, mask);
  },
  partial(...args) {
    return util_exports.partial(ZodOptional, this, args[0]);
  },
  exactPartial(...args) {
    return util_exports.partial(ZodExactOptional, this, args[0], "exactPartial");
  },
  required(...args) {
    return util_exports.required(ZodNonOptional, this, args[0]);
  }
});
function object(shape, params) {
  const def = {
    type: "object",
    shape: shape ?? {},
    ...util_exports.normalizeParams(params)
  };
  return new ZodObject(def);
}
function strictObject(shape, params) {
  return new ZodObject({
    type: "object",
    shape,
    catchall: never(),
    ...util_exports.normalizeParams(params)
  });
}
function looseObject(shape, params) {
  return new ZodObject({
    type: "object",
    shape,
    catchall: unknown(),
    ...util_exports.normalizeParams(params)
  });
}
var ZodUnion = /* @__PURE__ */ $constructor("ZodUnion", (inst, def) => {
  $ZodUnion.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => unionProcessor(inst, ctx, json, params);
  inst.options = def.options;
});
function union(options, params) {
  return new ZodUnion({
    type: "union",
    options,
    ...util_exports.normalizeParams(params)
  });
}
var ZodDiscriminatedUnion = /* @__PURE__ */ $constructor("ZodDiscriminatedUnion", (inst, def) => {
  ZodUnion.init(inst, def);
  $ZodDiscriminatedUnion.init(inst, def);
});
function discriminatedUnion(discriminator, options, params) {
  return new ZodDiscriminatedUnion({
    type: "union",
    options,
    discriminator,
    ...util_exports.normalizeParams(params)
  });
}
var ZodIntersection = /* @__PURE__ */ $constructor("ZodIntersection", (inst, def) => {
  $ZodIntersection.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => intersectionProcessor(inst, ctx, json, params);
});
function intersection(left, right) {
  return new ZodIntersection({
    type: "intersection",
    left,
    right
  });
}
var ZodRecord = /* @__PURE__ */ $constructor("ZodRecord", (inst, def) => {
  _ensureDefaultMemoizer();
  $ZodRecord.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => recordProcessor(inst, ctx, json, params);
  inst.keyType = def.keyType;
  inst.valueType = def.valueType;
});
function record(keyType, valueType, params) {
  if (!valueType || !valueType._zod) {
    return new ZodRecord({
      type: "record",
      keyType: string2(),
      valueType: keyType,
      ...util_exports.normalizeParams(valueType)
    });
  }
  return new ZodRecord({
    type: "record",
    keyType,
    valueType,
    ...util_exports.normalizeParams(params)
  });
}
var ZodEnum = /* @__PURE__ */ $constructor("ZodEnum", (inst, def) => {
  $ZodEnum.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => enumProcessor(inst, ctx, json, params);
  inst.enum = def.entries;
  inst.options = [...inst._zod.values];
  const keys = new Set(Object.keys(def.entries));
  inst.extract = (values, params) => {
    const newEntries = {};
    for (const value2 of values) {
      if (keys.has(value2)) {
        newEntries[value2] = def.entries[value2];
      } else
        throw new Error(`Key ${value2} not found in enum`);
    }
    return new ZodEnum({
      ...def,
      checks: [],
      ...util_exports.normalizeParams(params),
      entries: newEntries
    });
  };
  inst.exclude = (values, params) => {
    const newEntries = { ...def.entries };
    for (const value2 of values) {
      if (keys.has(value2)) {
        delete newEntries[value2];
      } else
        throw new Error(`Key ${value2} not found in enum`);
    }
    return new ZodEnum({
      ...def,
      checks: [],
      ...util_exports.normalizeParams(params),
      entries: newEntries
    });
  };
});
function _enum(values, params) {
  const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
  return new ZodEnum({
    type: "enum",
    entries,
    ...util_exports.normalizeParams(params)
  });
}
var ZodLiteral = /* @__PURE__ */ $constructor("ZodLiteral", (inst, def) => {
  $ZodLiteral.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => literalProcessor(inst, ctx, json, params);
  inst.values = new Set(def.values);
  Object.defineProperty(inst, "value", {
    get() {
      if (def.values.length > 1) {
        throw new Error("This schema contains multiple valid literal values. Use `.values` instead.");
      }
      return def.values[0];
    }
  });
});
function literal(value2, params) {
  return new ZodLiteral({
    type: "literal",
    values: Array.isArray(value2) ? value2 : [value2],
    ...util_exports.normalizeParams(params)
  });
}
var ZodTransform = /* @__PURE__ */ $constructor("ZodTransform", (inst, def) => {
  _ensureDefaultMemoizer();
  $ZodTransform.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => transformProcessor(inst, ctx, json, params);
  inst._zod.parse = (payload, _ctx) => {
    if (_ctx.direction === "backward") {
      throw new $ZodEncodeError(inst.constructor.name);
    }
    payload.addIssue = (issue2) => {
      if (typeof issue2 === "string") {
        payload.issues.push(util_exports.issue(issue2, payload.value, def));
      } else {
        const _issue = issue2;
        if (_issue.fatal)
          _issue.continue = false;
        _issue.code ?? (_issue.code = "custom");
        if (!("input" in _issue))
          _issue.input = payload.value;
        _issue.inst ?? (_issue.inst = inst);
        payload.issues.push(util_exports.issue(_issue));
      }
    };
    const output = def.transform(payload.value, payload);
    if (output instanceof Promise) {
      return output.then((output2) => {
        payload.value = output2;
        return payload;
      });
    }
    payload.value = output;
    return payload;
  };
});
function transform(fn) {
  return new ZodTransform({
    type: "transform",
    transform: fn
  });
}
var ZodOptional = /* @__PURE__ */ $constructor("ZodOptional", (inst, def) => {
  $ZodOptional.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
});
function optional(innerType) {
  return new ZodOptional({
    type: "optional",
    innerType
  });
}
var ZodExactOptional = /* @__PURE__ */ $constructor("ZodExactOptional", (inst, def) => {
  $ZodExactOptional.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
});
function exactOptional(innerType) {
  return new ZodExactOptional({
    type: "optional",
    innerType
  });
}
var ZodNullable = /* @__PURE__ */ $constructor("ZodNullable", (inst, def) => {
  $ZodNullable.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => nullableProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
});
function nullable(innerType) {
  return new ZodNullable({
    type: "nullable",
    innerType
  });
}
var ZodDefault = /* @__PURE__ */ $constructor("ZodDefault", (inst, def) => {
  $ZodDefault.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => defaultProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
  inst.removeDefault = inst.unwrap;
});
function _default(innerType, defaultValue) {
  return new ZodDefault({
    type: "default",
    innerType,
    get defaultValue() {
      return typeof defaultValue === "function" ? defaultValue() : util_exports.shallowClone(defaultValue);
    }
  });
}
var ZodPrefault = /* @__PURE__ */ $constructor("ZodPrefault", (inst, def) => {
  $ZodPrefault.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => prefaultProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
});
function prefault(innerType, defaultValue) {
  return new ZodPrefault({
    type: "prefault",
    innerType,
    get defaultValue() {
      return typeof defaultValue === "function" ? defaultValue() : util_exports.shallowClone(defaultValue);
    }
  });
}
var ZodNonOptional = /* @__PURE__ */ $constructor("ZodNonOptional", (inst, def) => {
  $ZodNonOptional.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => nonoptionalProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
});
function nonoptional(innerType, params) {
  return new ZodNonOptional({
    type: "nonoptional",
    innerType,
    ...util_exports.normalizeParams(params)
  });
}
var ZodCatch = /* @__PURE__ */ $constructor("ZodCatch", (inst, def) => {
  $ZodCatch.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => catchProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
  inst.removeCatch = inst.unwrap;
});
function _catch(innerType, catchValue) {
  return new ZodCatch({
    type: "catch",
    innerType,
    catchValue: typeof catchValue === "function" ? catchValue : util_exports.constantCatch(catchValue)
  });
}
var ZodPipe = /* @__PURE__ */ $constructor("ZodPipe", (inst, def) => {
  $ZodPipe.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => pipeProcessor(inst, ctx, json, params);
  inst.in = def.in;
  inst.out = def.out;
});
function pipe(in_, out) {
  return new ZodPipe({
    type: "pipe",
    in: in_,
    out
    // ...util.normalizeParams(params),
  });
}
var ZodReadonly = /* @__PURE__ */ $constructor("ZodReadonly", (inst, def) => {
  $ZodReadonly.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => readonlyProcessor(inst, ctx, json, params);
  inst.unwrap = () => inst._zod.def.innerType;
});
function readonly(innerType) {
  return new ZodReadonly({
    type: "readonly",
    innerType
  });
}
var ZodCustom = /* @__PURE__ */ $constructor("ZodCustom", (inst, def) => {
  $ZodCustom.init(inst, def);
  ZodType.init(inst, def);
  inst._zod.processJSONSchema = (ctx, json, params) => customProcessor(inst, ctx, json, params);
});
function refine(fn, _params = {}) {
  return _refine(ZodCustom, fn, _params);
}
function superRefine(fn, params) {
  return _superRefine(fn, params);
}

// src/formats/digest.ts
var digestSchema = string2().regex(DIGEST, "not a sha256 or sha512 digest");
function sha256Digest(bytes2) {
  return `sha256:${createHash("sha256").update(bytes2).digest("hex")}`;
}

// src/formats/go-types.ts
function nullable2(schema2) {
  return schema2.nullish().transform((value2) => value2 ?? void 0);
}
var optionalText = string2().nullish().transform((value2) => value2 === null || value2 === "" ? void 0 : value2);
var text = string2().nullish();
var texts = array(string2()).nullish();
var integer2 = int().nullish();
var flag = boolean2().nullish();
var anything = unknown().optional();
var textMap = record(string2(), string2()).nullish();
var nameSet = record(string2(), looseObject({})).nullish();
var bytes = string2().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "not padded base64").nullish();
var time2 = string2().refine(isTime, "not a time of RFC 3339").nullish();
var TIME = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
function isTime(value2) {
  const day = /* @__PURE__ */ new Date(`${TIME.exec(value2)?.[1]}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && value2.startsWith(day.toISOString().slice(0, 10));
}

// src/formats/descriptor.ts
var annotationsSchema = nullable2(record(string2(), string2()));
var platformSchema = object({
  os: string2(),
  architecture: string2(),
  variant: optionalText,
  "os.version": optionalText,
  "os.features": texts,
  features: texts
});
var descriptorFields = object({
  mediaType: string2().min(1),
  digest: digestSchema,
  size: int().min(0),
  annotations: annotationsSchema,
  platform: nullable2(platformSchema),
  artifactType: optionalText,
  urls: texts,
  data: bytes
});
var descriptorSchema = embedding(descriptorFields);
function embedding(schema2) {
  return schema2.superRefine(({ data, digest = "", size }, context) => {
    if (data === void 0 || data === null || digest !== "" && !isDigest(digest)) return;
    const difference = embeddedDifference(Buffer.from(data, "base64"), digest, size);
    if (difference === void 0) return;
    context.addIssue({ code: "custom", path: ["data"], message: difference });
  });
}
function embeddedDifference(content, digest, size) {
  if (digest === "" || size === void 0) return "embedded content needs a digest and a size";
  if (content.length !== size) {
    return `the embedded content has ${content.length} bytes, the descriptor says ${size}`;
  }
  const actual = digestLike(digest, content);
  return actual === digest ? void 0 : `the embedded content has digest ${actual}, the descriptor says ${digest}`;
}
function toDescriptor(parsed2) {
  const { mediaType, digest, size, annotations, platform, artifactType } = parsed2;
  return {
    mediaType,
    digest,
    size,
    ...annotations === void 0 ? {} : { annotations },
    ...platform === void 0 ? {} : { platform: toPlatform(platform) },
    ...artifactType === void 0 ? {} : { artifactType }
  };
}
function toPlatform(parsed2) {
  const { os, architecture, variant, "os.version": version2, "os.features": features } = parsed2;
  return {
    os,
    architecture,
    ...variant === void 0 ? {} : { variant },
    ...version2 === void 0 ? {} : { "os.version": version2 },
    ...features == null || features.length === 0 ? {} : { "os.features": features }
  };
}
function plainDescriptor({ mediaType, digest, size }) {
  return { mediaType, digest, size };
}
function descriptorOf(mediaType, bytes2) {
  return { mediaType, digest: sha256Digest(bytes2), size: bytes2.length };
}
function sameContent(a, b) {
  return a.mediaType === b.mediaType && a.digest === b.digest && a.size === b.size;
}
function distinctContent(descriptors2) {
  const distinct = /* @__PURE__ */ new Map();
  for (const descriptor2 of descriptors2) {
    const first = distinct.get(descriptor2.digest);
    if (first === void 0) distinct.set(descriptor2.digest, descriptor2);
    else requireSameSize(first, descriptor2);
  }
  return [...distinct.values()];
}
function requireSameSize(first, second) {
  if (first.size === second.size) return;
  throw new VeritySignError(
    "image",
    `${first.digest} has two sizes: one descriptor says ${first.size} bytes, another ${second.size}`
  );
}
function checkContent(bytes2, descriptor2) {
  checkSize(bytes2.length, descriptor2);
  const actual = digestLike(descriptor2.digest, bytes2);
  if (actual !== descriptor2.digest) {
    throw new VeritySignError("image", `the content of ${descriptor2.digest} has digest ${actual}`);
  }
}
function digestLike(digest, bytes2) {
  const { algorithm } = splitDigest(digest);
  return `${algorithm}:${createHash(algorithm).update(bytes2).digest("hex")}`;
}
function checkSize(size, descriptor2) {
  if (size === descriptor2.size) return;
  throw new VeritySignError(
    "image",
    `${descriptor2.digest} has ${size} bytes, its descriptor says ${descriptor2.size}`
  );
}

// src/formats/json-path.ts
var MOST2 = 80;
var MOST_STEPS = 10;
function atPath(path) {
  if (path.length === 0) return "";
  const steps = path.slice(-MOST_STEPS).map(step).join(".");
  return ` at ${path.length > MOST_STEPS ? "…." : ""}${steps}`;
}
function quoteName(name) {
  const short = name.length > MOST2 ? `${name.slice(0, MOST2)}…` : name;
  return JSON.stringify(short).replaceAll(/[^ -~…]/g, escapeUnit);
}
function step(key) {
  const text4 = String(key);
  return /^[\w./+-]{0,80}$/.test(text4) ? text4 : quoteName(text4);
}
function escapeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// src/formats/json-text.ts
var MAX_DEPTH = 100;
var MAX_PARTS = 25e4;
var INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
var NUMBER = /-?[0-9][0-9.eE+-]*/y;
function checkJsonText(text4) {
  const open3 = [];
  let parts = 0;
  for (let at = 0; at < text4.length; at += 1) {
    const level = open3.at(-1);
    const char = text4.charAt(at);
    if (char === "{" || char === "[") {
      if (open3.length === MAX_DEPTH) throw new FormatError(`nests deeper than ${MAX_DEPTH} levels`);
      parts += 1;
      const isObject2 = char === "{";
      open3.push({ names: isObject2 ? /* @__PURE__ */ new Set() : void 0, key: isObject2 ? "" : 0, atName: isObject2 });
    } else if (char === "}" || char === "]") open3.pop();
    else if (char === ":" && level !== void 0) level.atName = false;
    else if (char === "," && level !== void 0) next(level);
    else if (char === '"') {
      const end = endOfString(text4, at);
      const value2 = stringOf(text4.slice(at, end), open3);
      if (level?.atName === true) {
        addName(level, value2, open3);
        parts += 1;
      }
      at = end - 1;
    } else if (char === "-" || char >= "0" && char <= "9") {
      NUMBER.lastIndex = at;
      const [digits = char] = NUMBER.exec(text4) ?? [];
      checkNumber(digits, open3);
      at += digits.length - 1;
    }
    if (parts > MAX_PARTS) throw new FormatError(`has more than ${MAX_PARTS} names, objects and lists`);
  }
}
function next(level) {
  if (typeof level.key === "number") level.key += 1;
  else level.atName = true;
}
function addName(level, name, open3) {
  if (level.names?.has(name)) {
    throw new AmbiguityError(`has the name ${quoteName(name)} twice${placeOf(open3.slice(0, -1))}`);
  }
  if (name === "__proto__") {
    const where = placeOf(open3.slice(0, -1));
    throw new AmbiguityError(`has the name "__proto__"${where}, which JavaScript programs read otherwise`);
  }
  level.names?.add(name);
  level.key = name;
}
function checkNumber(digits, open3) {
  if (INTEGER.test(digits) && Number.isSafeInteger(Number(digits))) return;
  throw new AmbiguityError(
    `has the number ${digits.slice(0, 40)}${placeOf(open3)}: programs agree only on integers in plain digits, up to ${Number.MAX_SAFE_INTEGER}`
  );
}
function endOfString(text4, start2) {
  for (let at = start2 + 1; at < text4.length; at += 1) {
    const char = text4.charAt(at);
    if (char === '"') return at + 1;
    if (char === "\\") at += 1;
  }
  throw new FormatError("is not valid JSON");
}
function stringOf(quoted, open3) {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  let value2;
  try {
    value2 = JSON.parse(quoted);
  } catch (cause) {
    throw new FormatError("is not valid JSON", { cause });
  }
  if (value2.isWellFormed()) return value2;
  throw new AmbiguityError(`has half a surrogate pair in a text${placeOf(open3)}`);
}
function placeOf(open3) {
  return atPath(open3.map(({ key }) => key).filter((key) => key !== ""));
}

// src/formats/fold-name.ts
function foldName(name) {
  return /^[ -~]*$/.test(name) ? name.toLowerCase() : Array.from(name, foldCharacter).join("");
}
function foldCharacter(character) {
  const upper = character.toUpperCase();
  return (isOne(upper) ? upper : character).toLowerCase();
}
function goLowercase(text4) {
  return Array.from(text4, (character) => character === "İ" ? "i" : character.toLowerCase()).join("");
}
function isOne(text4) {
  return text4.length === String.fromCodePoint(text4.codePointAt(0) ?? 0).length;
}

// src/formats/known-names.ts
function checkNames(schema2, value2) {
  visit(schema2, value2, []);
}
function visit(schema2, value2, path) {
  if (typeof value2 !== "object" || value2 === null) return;
  const { def } = schema2._zod;
  switch (def.type) {
    case "object":
      if (!Array.isArray(value2)) checkFields(def.shape, value2, path);
      return;
    case "array":
      visitAll(value2, path, () => def.element);
      return;
    case "record":
      visitAll(value2, path, () => def.valueType);
      return;
    case "optional":
    case "nullable":
      visit(def.innerType, value2, path);
      return;
    case "pipe":
      visit(def.in, value2, path);
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
function visitAll(value2, path, schemaOf) {
  const one9 = (key, item) => {
    if (typeof item !== "object" || item === null) return;
    path.push(key);
    const schema2 = schemaOf(String(key));
    if (schema2 === void 0) checkUndeclared(item, path);
    else visit(schema2, item, path);
    path.pop();
  };
  if (Array.isArray(value2)) for (let index = 0; index < value2.length; index += 1) one9(index, value2[index]);
  else for (const name of Object.keys(value2)) one9(name, value2[name]);
}
function checkFields(shape, value2, path) {
  const known2 = knownNames(shape);
  for (const name of Object.keys(value2)) {
    const meant = known2.get(foldName(name)) ?? name;
    if (meant === name) continue;
    throw new AmbiguityError(
      `has the name ${quoteName(name)}${atPath(path)}, which Go programs read as ${quoteName(meant)}`
    );
  }
  checkDistinct(value2, path);
  visitAll(value2, path, (name) => Object.hasOwn(shape, name) ? shape[name] : void 0);
}
var KNOWN = /* @__PURE__ */ new WeakMap();
function knownNames(shape) {
  const names = KNOWN.get(shape) ?? new Map(Object.keys(shape).map((name) => [foldName(name), name]));
  KNOWN.set(shape, names);
  return names;
}
function checkUndeclared(value2, path) {
  if (!Array.isArray(value2)) checkDistinct(value2, path);
  visitAll(value2, path, () => void 0);
}
function checkDistinct(value2, path) {
  const seen = /* @__PURE__ */ new Map();
  for (const name of Object.keys(value2)) {
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
function parseStrictJson(schema2, bytes2, what) {
  try {
    return matchSchema(schema2, decodeJson(bytes2));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`has ${what} that ${cause.message}`, { cause });
  }
}
function decodeJson(bytes2) {
  if (bytes2[0] === 239 && bytes2[1] === 187 && bytes2[2] === 191) {
    throw new FormatError("is not valid JSON: it begins with a byte order mark");
  }
  const text4 = decoding(
    "is not valid JSON: it is not UTF-8",
    () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes2)
  );
  try {
    checkJsonText(text4);
  } catch (cause) {
    if (text4.length <= MAX_EXPLAINED) parse2(text4);
    throw cause;
  }
  return parse2(text4);
}
function parse2(text4) {
  return decoding("is not valid JSON", () => JSON.parse(text4));
}
var ONCE = { jitless: true };
function matchSchema(schema2, value2) {
  checkNames(schema2, value2);
  const result = schema2.safeParse(value2, ONCE);
  if (result.success) return result.data;
  const [issue2] = result.error.issues;
  const where = atPath(issue2?.path ?? []);
  throw new FormatError(`is malformed${where}: ${issue2?.message ?? "unknown form"}`, { cause: result.error });
}

// src/formats/metadata.ts
var MAX_METADATA_SIZE = 4 * 1024 * 1024;
var AMBIGUOUS = "Programs understand this document differently: do not run the image, and build it again with a current tool";
function checkMetadataSize(descriptor2, limit = MAX_METADATA_SIZE) {
  checkLimit(descriptor2.digest, descriptor2.size, limit);
}
function parseMetadata(schema2, bytes2, what) {
  return parseMetadataAndRaw(schema2, bytes2, what).parsed;
}
function parseMetadataAndRaw(schema2, bytes2, what) {
  checkLimit(what, bytes2.length, MAX_METADATA_SIZE);
  try {
    const raw = decodeJson(bytes2);
    return { parsed: matchSchema(schema2, raw), raw };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    const remedy = cause instanceof AmbiguityError ? { remedy: AMBIGUOUS } : {};
    throw new VeritySignError("image", `${what} ${cause.message}`, { ...remedy, cause });
  }
}
function checkLimit(what, size, limit) {
  if (size <= limit) return;
  throw new VeritySignError("image", `${what} has ${size} bytes, the limit is ${limit}`);
}

// src/model/media-types.ts
var OCI = "application/vnd.oci.image";
var DOCKER = "application/vnd.docker";
var MANIFEST_MEDIA_TYPE = `${OCI}.manifest.v1+json`;
var INDEX_MEDIA_TYPE = `${OCI}.index.v1+json`;
var EMPTY_CONFIG_MEDIA_TYPE = "application/vnd.oci.empty.v1+json";
var EMPTY_CONFIG_DIGEST = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
var DOCKER_MANIFEST_MEDIA_TYPE = `${DOCKER}.distribution.manifest.v2+json`;
var DOCKER_INDEX_MEDIA_TYPE = `${DOCKER}.distribution.manifest.list.v2+json`;
var IMAGE_CONFIG_MEDIA_TYPES = [
  `${OCI}.config.v1+json`,
  `${DOCKER}.container.image.v1+json`
];
var LAYER_MEDIA_TYPES = {
  none: `${OCI}.layer.v1.tar`,
  gzip: `${OCI}.layer.v1.tar+gzip`,
  zstd: `${OCI}.layer.v1.tar+zstd`
};
var DOCKER_LAYER_MEDIA_TYPES = {
  none: `${DOCKER}.image.rootfs.diff.tar`,
  gzip: `${DOCKER}.image.rootfs.diff.tar.gzip`,
  zstd: `${DOCKER}.image.rootfs.diff.tar.zstd`
};
var EROFS_LAYER_MEDIA_TYPES = {
  none: "application/vnd.erofs.layer.v1",
  zstd: "application/vnd.erofs.layer.v1+zstd"
};
var PKCS7_MEDIA_TYPE = "application/pkcs7-signature";
var TARDEV_SIGNATURE_MEDIA_TYPE = "application/vnd.oci.image.layer.v1.erofs.sig";

// builtin:node:timers/promises of options
var found5;
var all5 = () => found5 ??= load("node:timers/promises");
var one5 = (name) => all5()[name];
var setTimeout2 = /* @__PURE__ */ one5("setTimeout");
var setImmediate = /* @__PURE__ */ one5("setImmediate");

// src/lib/if-there.ts
var NOT_THERE = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"];
function statIfThere(path, code) {
  return ifThere(path, () => stat(path), code);
}
function lstatIfThere(path, code) {
  return ifThere(path, () => lstat(path), code);
}
function realpathIfThere(path, code) {
  return ifThere(path, () => realpath(path), code);
}
async function ifThere(path, look2, code) {
  try {
    return await look2();
  } catch (error2) {
    if (NOT_THERE.includes(error2.code)) return void 0;
    throw unreadable(path, error2, code);
  }
}
function unreadable(path, cause, code = "environment") {
  const { code: errno, message } = cause;
  const remedy = errno === "ELOOP" ? "A symbolic link there leads to itself: replace it" : "Let this user read it, and enter the folders above it";
  return new VeritySignError(code, `${path} cannot be read (${errno ?? message})`, { remedy, cause });
}

// src/lib/leftovers/process-mark.ts
var MARK2 = /^([0-9a-f]{16})-(\d{1,12})-(\d{1,10})-(\d{1,20})$/;
var UNKNOWN_BOOT = "0".repeat(16);
var own2;
function ownMark() {
  own2 ??= [bootId(), namespaceId("pid") ?? "0", process.pid, statOf("self")?.start ?? "0"].join("-");
  return own2;
}
function isMark(text4) {
  return MARK2.test(text4);
}
function livenessOf(mark) {
  const [, boot, namespace, pidText = "", start2] = MARK2.exec(mark) ?? [];
  const [ownBoot, ownNamespace] = ownMark().split("-");
  if (boot !== ownBoot || namespace !== ownNamespace || boot === UNKNOWN_BOOT) return "unknown";
  const pid = Number(pidText);
  if (!exists(pid)) return "dead";
  if (!hasOwnProc()) return pid === process.pid ? "alive" : "unknown";
  const stat2 = statOf(pid);
  if (stat2 === void 0) return "unknown";
  return stat2.start !== start2 || stat2.hasEnded ? "dead" : "alive";
}
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error2) {
    return error2.code !== "ESRCH";
  }
}
function hasOwnProc() {
  return attempt(() => readlinkSync("/proc/self")) === String(process.pid);
}
function statOf(pid) {
  const { 3: state = "", 22: start2 = "" } = attempt(() => statFields(pid)) ?? [];
  return /^\d+$/.test(start2) ? { start: start2, hasEnded: "ZX".includes(state) } : void 0;
}
function bootId() {
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  if (boot === void 0 || namespaceId("pid") === void 0) return UNKNOWN_BOOT;
  return createHash("sha256").update(`${boot} ${namespaceId("time") ?? ""}`).digest("hex").slice(0, 16);
}
function namespaceId(kind) {
  return /\[(\d+)\]/.exec(attempt(() => readlinkSync(`/proc/self/ns/${kind}`)) ?? "")?.[1];
}
function attempt(read) {
  try {
    return read();
  } catch {
    return void 0;
  }
}

// src/lib/leftovers/remove.ts
var ABANDONED = 24 * 60 * 60 * 1e3;
async function removeLeftovers(folder2, { markOf, accepts }) {
  for (const name of await namesOf(folder2)) {
    const mark = markOf(name);
    if (mark === void 0) continue;
    const path = join(folder2, name);
    const found10 = await lstat(path).catch(() => void 0);
    if (found10 === void 0 || !accepts(found10) || !isAbandoned(mark, found10.mtimeMs)) continue;
    if (found10.isDirectory()) await removeFolder(path).catch(() => void 0);
    else await unlink(path).catch(() => void 0);
  }
}
function isAbandoned(mark, modified) {
  const liveness = livenessOf(mark);
  return liveness === "dead" || liveness === "unknown" && Date.now() - modified > ABANDONED;
}
async function namesOf(folder2) {
  const names = [];
  try {
    for await (const { name } of await opendir(folder2)) names.push(name);
  } catch {
  }
  return names;
}
async function removeFolder(path) {
  await removeFiles(path);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}
async function removeFiles(folder2) {
  try {
    for await (const entry of await opendir(folder2)) {
      const path = join(folder2, entry.name);
      if (entry.isDirectory()) await removeFiles(path);
      else await unlink(path);
    }
  } catch {
  }
}

// src/oci/document-schemas.ts
var descriptor = descriptorSchema.transform(toDescriptor);
var descriptors = array(descriptor).nullable().transform((list2) => list2 ?? []);
var forbidden = (error2) => _undefined3({ error: error2 }).optional();
var common = {
  schemaVersion: literal(2),
  mediaType: string2().optional(),
  artifactType: optionalText,
  subject: nullable2(descriptor),
  annotations: annotationsSchema,
  blobs: forbidden("only an artifact manifest lists blobs"),
  fsLayers: forbidden("only a manifest of Docker schema 1 has fsLayers"),
  history: forbidden("only a manifest of Docker schema 1 has a history"),
  signatures: forbidden("only a manifest of Docker schema 1 has signatures")
};
var manifestSchema = object({
  ...common,
  manifests: forbidden("a manifest must not list manifests"),
  config: descriptor,
  layers: descriptors
});
var indexSchema = object({
  ...common,
  config: forbidden("an index must not have a config"),
  layers: forbidden("an index must not list layers"),
  manifests: descriptors
});
var otherSchema = object({
  mediaType: string2().optional(),
  artifactType: optionalText,
  subject: nullable2(descriptor),
  annotations: annotationsSchema,
  config: nullable2(descriptor),
  layers: descriptors.optional(),
  blobs: descriptors.optional(),
  manifests: descriptors.optional()
}).refine(({ config: config2, layers, blobs, manifests }) => !manifests || !(config2 || layers || blobs), {
  message: "a document must not list both manifests and content"
});

// src/oci/media-types.ts
var MANIFESTS = [MANIFEST_MEDIA_TYPE, DOCKER_MANIFEST_MEDIA_TYPE];
var INDEXES = [INDEX_MEDIA_TYPE, DOCKER_INDEX_MEDIA_TYPE];
var SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(json|prettyjws)$/;
function documentKind(mediaType) {
  if (MANIFESTS.includes(mediaType)) return "manifest";
  if (INDEXES.includes(mediaType)) return "index";
  return SCHEMA_1.test(mediaType) ? "schema1" : "other";
}
function isDockerDocument(mediaType) {
  return mediaType === DOCKER_MANIFEST_MEDIA_TYPE || mediaType === DOCKER_INDEX_MEDIA_TYPE;
}
function isImageConfig(mediaType) {
  return IMAGE_CONFIG_MEDIA_TYPES.includes(mediaType);
}

// src/oci/image-config.ts
var healthcheck = object({
  Test: texts,
  Interval: integer2,
  Timeout: integer2,
  StartPeriod: integer2,
  StartInterval: integer2,
  Retries: integer2
});
var containerConfig = object({
  Hostname: text,
  Domainname: text,
  User: text,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ExposedPorts: nameSet,
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: texts,
  Cmd: texts,
  Healthcheck: healthcheck.nullish(),
  ArgsEscaped: flag,
  Image: text,
  Volumes: nameSet,
  WorkingDir: text,
  Entrypoint: texts,
  NetworkDisabled: flag,
  MacAddress: text,
  OnBuild: texts,
  Labels: textMap,
  StopSignal: text,
  StopTimeout: integer2,
  Shell: texts
});
var historyEntry = object({
  created: time2,
  created_by: text,
  author: text,
  comment: text,
  empty_layer: flag
});
var configSchema = object({
  os: optionalText,
  architecture: optionalText,
  variant: optionalText,
  "os.version": text,
  "os.features": texts,
  rootfs: object({
    type: literal("layers"),
    diff_ids: array(digestSchema).nullable(),
    base_layer: text
  }),
  config: containerConfig.nullish(),
  history: array(historyEntry).nullish(),
  created: time2,
  author: text,
  // Of docker's older formats.
  id: text,
  parent: text,
  comment: text,
  container: text,
  container_config: containerConfig.nullish(),
  docker_version: text,
  throwaway: flag,
  Size: integer2,
  // BuildKit's inline cache.
  "moby.buildkit.cache.v0": bytes,
  "moby.buildkit.buildinfo.v1": anything
});
function parseConfig(content) {
  const parsed2 = parseMetadata(configSchema, content, "the image config");
  const { os, architecture, variant, "os.features": features, rootfs } = parsed2;
  const platform = os === void 0 || architecture === void 0 ? void 0 : {
    os,
    architecture,
    ...variant === void 0 ? {} : { variant },
    ...features == null || features.length === 0 ? {} : { "os.features": features }
  };
  return { platform, diffIds: rootfs.diff_ids ?? [] };
}
function parseContainerSettings(content) {
  const { config: config2 } = parseMetadata(configSchema, content, "the image config");
  const { Test, Interval, Timeout, StartPeriod, Retries } = config2?.Healthcheck ?? {};
  return {
    entrypoint: config2?.Entrypoint ?? [],
    command: config2?.Cmd ?? [],
    environment: config2?.Env ?? [],
    user: config2?.User ?? "",
    directory: config2?.WorkingDir ?? "",
    shell: config2?.Shell?.length ? config2.Shell : ["/bin/sh", "-c"],
    health: Test?.length ? {
      test: Test,
      interval: Interval ?? 0,
      timeout: Timeout ?? 0,
      startPeriod: StartPeriod ?? 0,
      retries: Retries ?? 0
    } : void 0
  };
}

// src/oci/documents.ts
function parseDocument(bytes2, mediaType) {
  switch (documentKind(mediaType)) {
    case "manifest": {
      const { config: config2, layers, subject, artifactType } = parseManifest(bytes2, mediaType, "the manifest");
      return { kind: "manifest", config: config2, layers, subject, artifactType };
    }
    case "index":
      return { kind: "index", manifests: parseIndex(bytes2, mediaType, "the index").manifests };
    case "schema1":
      throw new VeritySignError("image", "the manifest has the obsolete Docker schema 1", {
        remedy: "Push the image again with a current client, which writes an OCI or Docker schema 2 manifest"
      });
    case "other":
      throw new VeritySignError("image", `media type ${JSON.stringify(mediaType)} is not a container image`, {
        remedy: "Name an image manifest or index"
      });
  }
}
function parseManifest(bytes2, mediaType, what) {
  const manifest = parseMetadata(manifestSchema, bytes2, what);
  checkMediaType(manifest.mediaType, mediaType, what);
  return manifest;
}
function parseIndex(bytes2, mediaType, what) {
  const { parsed: parsed2, raw } = parseMetadataAndRaw(indexSchema, bytes2, what);
  const { mediaType: written } = parsed2;
  const isIndex = written !== void 0 && documentKind(written) === "index";
  checkMediaType(written, mediaType ?? (isIndex ? written : INDEX_MEDIA_TYPE), what);
  return { ...parsed2, raw };
}
function parseReferences(bytes2, { digest, mediaType }) {
  const { annotations = {}, subject, ...found10 } = parseAny(bytes2, mediaType, digest);
  const { config: config2, layers = [], blobs = [], manifests = [] } = found10;
  return {
    content: [...config2 === void 0 ? [] : [config2], ...layers, ...blobs],
    manifests,
    subject,
    artifactType: found10.artifactType ?? config2?.mediaType,
    annotations
  };
}
function parseAny(bytes2, mediaType, what) {
  const kind = documentKind(mediaType);
  if (kind === "manifest") return parseManifest(bytes2, mediaType, what);
  if (kind === "index") return parseIndex(bytes2, mediaType, what);
  const document = parseMetadata(otherSchema, bytes2, what);
  checkMediaType(document.mediaType, mediaType, what);
  return document;
}
function checkMediaType(written, expected, what) {
  if (written === void 0 && !isDockerDocument(expected)) return;
  if (written === expected) return;
  const inside = written === void 0 ? "has no mediaType" : `says that it is ${JSON.stringify(written)}`;
  throw new VeritySignError("image", `${what} ${inside}, its descriptor says ${expected}`, {
    remedy: "Do not run the image, and build it again with a current tool"
  });
}

// src/oci/partial-file.ts
var MARKED = /\.([0-9a-f-]+)-\d+\.partial$/;
var LONG_NAME = 150;
var partials = 0;
function partialPath(path) {
  partials += 1;
  return join(dirname(path), `${shortName(path)}.${ownMark()}-${partials}.partial`);
}
function shortName(path) {
  const name = basename(path);
  return Buffer.byteLength(name) <= LONG_NAME ? name : sha256Digest(Buffer.from(name)).slice(7, 39);
}
function partialsOf(path) {
  const start2 = path === void 0 ? "" : `${shortName(path)}.`;
  return {
    markOf: (name) => {
      if (!name.startsWith(start2)) return void 0;
      const mark = MARKED.exec(name)?.[1];
      return mark !== void 0 && isMark(mark) ? mark : void 0;
    },
    accepts: (found10) => found10.isFile()
  };
}
async function openPartial(path, rights) {
  const file = await open(path, "wx", 384);
  try {
    await keepRights(file, rights);
    return file;
  } catch (error2) {
    await file.close();
    throw error2;
  }
}
async function keepRights(file, { mode, uid, gid }) {
  const own3 = await file.stat();
  if (own3.uid !== uid || own3.gid !== gid) {
    const group = () => file.chown(own3.uid, gid);
    await file.chown(uid, gid).catch(group).catch(() => void 0);
  }
  await file.chmod(mode & 511);
}
async function writeAtomically(path, bytes2, { rights, mayReplace = () => true } = {}) {
  const partial2 = partialPath(path);
  try {
    const file = await (rights === void 0 ? open(partial2, "wx", 420) : openPartial(partial2, rights));
    try {
      await file.writeFile(bytes2);
      await file.sync();
    } finally {
      await file.close();
    }
    const replaces = mayReplace();
    if (replaces) await rename(partial2, path);
    else await rm(partial2, { force: true });
    return replaces;
  } catch (error2) {
    await rm(partial2, { force: true });
    throw writeError(error2, path);
  }
}
function writeError(error2, path) {
  if (error2 instanceof VeritySignError || !(error2 instanceof Error)) return error2;
  const { code } = error2;
  return new VeritySignError("environment", `cannot write ${path} (${code ?? error2.message})`, {
    remedy: "Check write permission and free space there",
    cause: error2
  });
}

// src/oci/file-lock.ts
var SIGN_OF_LIFE = 2e3;
var SILENCE = 5e3;
var LEFTOVER = 24 * 60 * 60 * 1e3;
var LONGEST_WAIT = 6e4;
var MOST_CONTENT = 256;
var locks = 0;
async function lockFile(path, signal, longestWait = LONGEST_WAIT) {
  locks += 1;
  const content = `${ownMark()} ${locks}`;
  const started2 = performance.now();
  let seen;
  for (; ; ) {
    if (await create(path, content)) return hold(path, content);
    refuseOther(path);
    const held = look(path);
    const now = performance.now();
    if (held !== void 0 && !(seen && isSame(seen.held, held))) seen = { held, since: now };
    const isSilent = seen !== void 0 && now - seen.since > SILENCE;
    if (held !== void 0 && isAbandoned2(held, isSilent)) await takeAway(path, held);
    else await setTimeout2(20 + Math.random() * 60);
    signal?.throwIfAborted();
    if (now - started2 > longestWait) throw heldTooLong(path, held, longestWait);
  }
}
function refuseOther(path) {
  const found10 = lstatSync(path, { throwIfNoEntry: false });
  if (found10 === void 0 || found10.isFile()) return;
  const what = found10.isDirectory() ? "a folder" : found10.isSymbolicLink() ? "a symbolic link" : "no regular file";
  throw new VeritySignError("environment", `${path} is ${what}, where a run keeps its lock`, {
    remedy: "Remove it, then run again"
  });
}
async function removeAbandonedLock(path) {
  const held = look(path);
  if (held === void 0 || !isAbandoned2(held, Date.now() - held.modified > LEFTOVER)) return;
  await takeAway(path, held).catch(() => void 0);
}
function look(path) {
  try {
    if (!lstatSync(path).isFile()) return void 0;
    const file = openSync(path, constants2.O_RDONLY | constants2.O_NOFOLLOW | constants2.O_NONBLOCK);
    try {
      const found10 = fstatSync(file);
      if (!found10.isFile()) return void 0;
      const content = Buffer.alloc(MOST_CONTENT);
      const size = readSync(file, content, 0, MOST_CONTENT, 0);
      return { content: content.toString("utf8", 0, size), inode: found10.ino, modified: found10.mtimeMs };
    } finally {
      closeSync(file);
    }
  } catch {
    return void 0;
  }
}
function isSame(a, b) {
  return a.content === b.content && a.inode === b.inode && a.modified === b.modified;
}
function isAbandoned2({ content }, isSilent) {
  const liveness = livenessOf(content.split(" ")[0] ?? "");
  return liveness === "dead" || liveness === "unknown" && isSilent;
}
async function create(path, content) {
  try {
    const file = await open(path, "wx", 420);
    try {
      await file.writeFile(content);
    } catch (error2) {
      await rm(path, { force: true });
      throw error2;
    } finally {
      await file.close();
    }
    return true;
  } catch (error2) {
    if (error2.code === "EEXIST") return false;
    throw writeError(error2, path);
  }
}
function hold(path, content) {
  const isHeld = () => look(path)?.content === content;
  const alive = setInterval(() => {
    const now = /* @__PURE__ */ new Date();
    if (isHeld()) utimes(path, now, now).catch(() => void 0);
  }, SIGN_OF_LIFE).unref();
  return {
    isHeld,
    release: async () => {
      clearInterval(alive);
      if (isHeld()) await rm(path, { force: true });
    }
  };
}
async function takeAway(path, held) {
  const taken = partialPath(path);
  try {
    await rename(path, taken);
  } catch (error2) {
    if (error2.code === "ENOENT") return;
    throw writeError(error2, path);
  }
  try {
    const found10 = look(taken);
    if (found10?.inode !== held.inode || found10.content !== held.content) await link(taken, path);
  } catch {
  } finally {
    await rm(taken, { force: true });
  }
}
function heldTooLong(path, held, waited) {
  const pid = held?.content.split("-")[2];
  const who = pid === void 0 ? "" : ` by process ${pid}`;
  return new VeritySignError("environment", `${path} is held${who} for more than ${waited / 1e3} s`, {
    remedy: "End the other run that writes there, then run again"
  });
}

// src/oci/work-limit.ts
var WorkLimitError = class extends VeritySignError {
};
var WorkCounter = class {
  #what;
  #limit;
  #signal;
  #documents = 0;
  #bytes = 0;
  /** @param what holds the documents, for the message: `the image` */
  constructor(what, limit, signal) {
    this.#what = what;
    this.#limit = limit;
    this.#signal = signal;
  }
  /**
   * To be called before a document is read.
   * @throws WorkLimitError ('image') above the limit; the signal's reason
   */
  take({ size }) {
    this.#signal?.throwIfAborted();
    this.#documents += 1;
    this.#bytes += size;
    const { documents, bytes: bytes2 } = this.#limit;
    if (this.#documents <= documents && this.#bytes <= bytes2) return;
    const most = this.#documents > documents ? `${documents} documents` : `${bytes2} bytes of documents`;
    throw new WorkLimitError(
      "image",
      `${this.#what} has more than ${most} (manifests, configs, signatures)`,
      {
        remedy: "Copy the image that is needed to a layout or repository of its own"
      }
    );
  }
};
async function unlessDamaged(read) {
  try {
    return await read();
  } catch (error2) {
    const isFault = error2 instanceof VeritySignError && error2.code === "image";
    if (isFault && !(error2 instanceof WorkLimitError)) return void 0;
    throw error2;
  }
}

// src/oci/layout/layout-file.ts
function openLayoutFile(place, name) {
  refuseSymlinks(place, name);
  let file;
  try {
    file = openSync(join(place, name), constants2.O_RDONLY | constants2.O_NOFOLLOW | constants2.O_NONBLOCK);
  } catch (cause) {
    const { code } = cause;
    if (code === "ENOENT") {
      throw new VeritySignError("image", `the layout lacks ${name}`, {
        remedy: "Write the image to the layout again",
        cause
      });
    }
    if (code === "ENXIO" || code === "ENOTDIR") throw notRegular(name);
    throw new VeritySignError("environment", `cannot open ${name} of the layout (${code})`, { cause });
  }
  let isRegular = false;
  try {
    isRegular = fstatSync(file).isFile();
    if (!isRegular) throw notRegular(name);
    return file;
  } finally {
    if (!isRegular) closeSync(file);
  }
}
function readLayoutFile(file, check) {
  try {
    const { size } = fstatSync(file);
    check(size);
    const bytes2 = Buffer.alloc(size + 1);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < bytes2.length; filled += read) {
      read = readSync(file, bytes2, filled, bytes2.length - filled, filled);
    }
    return bytes2.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
function refuseSymlinks(place, name) {
  const parts = name.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join("/");
    if (!isSymlink(join(place, part))) continue;
    throw new VeritySignError("image", `${part} of the layout is a symbolic link`, {
      remedy: "Copy the layout with its links resolved (cp -rL)"
    });
  }
}
function isSymlink(path) {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}
function notRegular(name) {
  return new VeritySignError("image", `${name} of the layout is not a regular file`);
}

// src/oci/layout/unreferenced.ts
async function unreferencedBlobs(layout, removed) {
  const candidates = new Map(removed.map((descriptor2) => [descriptor2.digest, descriptor2]));
  const own3 = /* @__PURE__ */ new Map();
  for (const descriptor2 of removed) {
    const references = await referencesOf(layout, descriptor2);
    for (const blob of references?.content ?? []) own3.set(blob.digest, blob);
  }
  const { used, isComplete } = await usedBlobs(layout);
  if (isComplete) for (const [digest, blob] of own3) candidates.set(digest, blob);
  return [...candidates.values()].filter(({ digest }) => !used.has(digest));
}
async function usedBlobs(layout) {
  const used = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  let isComplete = true;
  const open3 = await layout.entries();
  for (let next2 = open3.pop(); next2 !== void 0; next2 = open3.pop()) {
    used.add(next2.digest);
    if (documentKind(next2.mediaType) === "other" && !next2.mediaType.endsWith("json")) continue;
    if (seen.has(next2.digest)) continue;
    seen.add(next2.digest);
    const references = await referencesOf(layout, next2);
    if (references === void 0) isComplete = false;
    else {
      for (const { digest } of references.content) used.add(digest);
      open3.push(...references.manifests);
    }
  }
  return { used, isComplete };
}
async function referencesOf(layout, descriptor2) {
  if (descriptor2.size > MAX_METADATA_SIZE) return void 0;
  return unlessDamaged(async () => parseReferences(await layout.read(descriptor2), descriptor2));
}

// src/oci/layout/why-read-only.ts
var REFUSALS = ["EACCES", "EPERM", "EROFS"];
async function whyReadOnly(files) {
  for (const file of files) {
    const path = partialPath(file);
    try {
      await (await open(path, "wx", 384)).close();
    } catch (error2) {
      const { code } = error2;
      if (code !== void 0 && REFUSALS.includes(code)) return { folder: dirname(file), code };
    } finally {
      await rm(path, { force: true }).catch(() => void 0);
    }
  }
  return void 0;
}

// src/oci/layout/oci-layout.ts
var LIMIT = { documents: 1e5, bytes: 256 * 1024 * 1024 };
var TURN = 20;
var markerSchema = object({ imageLayoutVersion: literal("1.0.0") });
var OciLayout = class {
  directory;
  #work;
  #signal;
  #additions;
  #lastTurn = performance.now();
  /**
   * @param signal ends reading between two documents
   * @param additions a folder of this run for what is written, if the layout is read-only. What is there comes
   *   before what is in `directory`.
   */
  constructor(directory, signal, additions) {
    this.directory = directory;
    this.#additions = additions;
    this.#signal = signal;
    this.#work = new WorkCounter(`the layout ${directory}`, LIMIT, signal);
  }
  /**
   * Checks the marker file.
   * @throws VeritySignError 'usage' if there is no such folder, 'environment' if this user may not look, 'image' if
   *   it is not a layout
   */
  async check() {
    const directory = await statIfThere(this.directory);
    if (directory?.isDirectory() !== true) {
      throw new VeritySignError("usage", `${this.directory} is not a folder`, {
        remedy: directory === void 0 ? "Give the path of a folder in OCI image layout" : "For a tar file of a layout use oci-archive:FILE"
      });
    }
    parseMetadata(markerSchema, await this.#small("oci-layout"), "the file oci-layout");
  }
  /** The entries of index.json. */
  async entries() {
    return (await this.#index()).manifests;
  }
  /** A file of at most 4 MiB that docker adds to a layout; undefined if there is none. */
  async dockerFile(name) {
    const found10 = await lstatIfThere(join(this.directory, name));
    return found10 === void 0 ? void 0 : this.#small(name);
  }
  /**
   * A blob of at most `limit` bytes. Its size and digest are checked.
   * @throws VeritySignError 'image' also if more was read than any layout needs
   */
  async read(descriptor2, limit = MAX_METADATA_SIZE) {
    checkMetadataSize(descriptor2, limit);
    this.#work.take(descriptor2);
    await this.#turn();
    const bytes2 = readLayoutFile(await this.open(descriptor2), (size) => checkSize(size, descriptor2));
    checkContent(bytes2, descriptor2);
    return bytes2;
  }
  /** Opens a blob for reading; the caller closes the file descriptor. */
  async open(descriptor2) {
    const { algorithm, hex } = splitDigest(descriptor2.digest);
    return this.#open(`blobs/${algorithm}/${hex}`);
  }
  async has(descriptor2) {
    const { folder: folder2, name } = await this.file(descriptor2);
    const found10 = await lstatIfThere(join(folder2, name));
    return found10?.isFile() === true && found10.size === descriptor2.size;
  }
  /** Where the file of a blob is, or would be. */
  async file(descriptor2) {
    const { algorithm, hex: name } = splitDigest(descriptor2.digest);
    return { folder: join(await this.#placeOf(`blobs/${algorithm}/${name}`), "blobs", algorithm), name };
  }
  /** Writes a small blob unless it exists. */
  async addBlob(descriptor2, bytes2) {
    checkContent(bytes2, descriptor2);
    if (await this.has(descriptor2)) return;
    const { algorithm, hex } = splitDigest(descriptor2.digest);
    const folder2 = join(this.#writable, "blobs", algorithm);
    refuseSymlinks(this.#writable, `blobs/${algorithm}/${hex}`);
    await mkdir(folder2, { recursive: true });
    await writeAtomically(join(folder2, hex), bytes2);
  }
  /**
   * Lists a manifest in index.json unless it is listed already. Concurrent runs wait for each other.
   * @param blobs its manifest and blobs: one that a concurrent removal has deleted meanwhile is written again
   */
  async addEntry(descriptor2, blobs = []) {
    await this.#change(async (listed2) => {
      for (const blob of blobs) await this.addBlob(blob.descriptor, blob.bytes);
      const isListed = listed2.some(({ digest }) => digest === descriptor2.digest);
      return isListed ? void 0 : [...listed2, descriptor2];
    });
  }
  /**
   * Takes manifests out of index.json, then deletes their blobs, except those that another document of the
   * layout refers to. Concurrent runs wait for each other.
   * @param replaced what an entry that stays names from now on, such as a list without them; undefined for no change
   * @param unlisted called for each when it is no longer listed
   */
  async removeEntries(manifests, replaced, unlisted) {
    const digests = new Set(manifests.map(({ digest }) => digest));
    const former = [];
    await this.#change(
      async (listed2) => {
        const kept = [];
        for (const entry of listed2.filter(({ digest }) => !digests.has(digest))) {
          const blob = await replaced(entry, digests);
          if (blob === void 0) kept.push(entry);
          else {
            await this.addBlob(blob.descriptor, blob.bytes);
            kept.push({ ...entry, ...blob.descriptor });
            former.push(entry);
          }
        }
        return kept;
      },
      async () => {
        for (const digest of digests) unlisted(digest);
        const unreferenced = await unreferencedBlobs(this, [...manifests, ...former]);
        for (const descriptor2 of unreferenced) {
          const { folder: folder2, name } = await this.file(descriptor2);
          await rm(join(folder2, name), { force: true });
        }
      }
    );
  }
  /**
   * Writes another list into index.json, under its lock.
   * @param change the new list; undefined to write nothing. Called again if another process took the lock over
   * @param then called under the same lock when the list is written
   */
  async #change(change, then = async () => void 0) {
    const path = join(this.#writable, "index.json");
    for (let isDone = false; !isDone; ) {
      const lock = await lockFile(`${path}.lock`, this.#signal);
      try {
        const { raw } = await this.#index();
        const listed2 = await change(Array.isArray(raw.manifests) ? raw.manifests : []);
        if (listed2 === void 0) return;
        const rights = await stat(join(await this.#placeOf("index.json"), "index.json"));
        const text4 = JSON.stringify({ ...raw, manifests: listed2 });
        isDone = await writeAtomically(path, Buffer.from(text4), { rights, mayReplace: lock.isHeld });
        if (isDone) await then();
      } finally {
        await lock.release();
      }
    }
  }
  /** Undefined if this user may write to it. A layout with symbolic links is refused when it is used. */
  whyReadOnly() {
    const blobs = "blobs/sha256";
    const files = ["index.json", ...this.#isOwn(blobs) ? [join(blobs, "blob")] : []];
    return whyReadOnly(files.map((file) => join(this.directory, file)));
  }
  /** Removes what killed runs left in the layout: partial files and the lock of index.json. */
  async removeLeftovers() {
    if (this.#additions !== void 0) return;
    for (const folder2 of ["", "blobs/sha256", "blobs/sha512"]) {
      if (this.#isOwn(folder2)) await removeLeftovers(join(this.directory, folder2), partialsOf());
    }
    await removeAbandonedLock(join(this.directory, "index.json.lock"));
  }
  async #index() {
    return parseIndex(await this.#small("index.json"), void 0, "index.json");
  }
  async #small(name) {
    await this.#turn();
    return readLayoutFile(await this.#open(name), (size) => {
      if (size <= MAX_METADATA_SIZE) return;
      throw new VeritySignError("image", `${name} has ${size} bytes, the limit is ${MAX_METADATA_SIZE}`);
    });
  }
  /** Lets signals and timers in from time to time: reading does not wait for anything. */
  async #turn() {
    if (performance.now() - this.#lastTurn < TURN) return;
    await setImmediate();
    this.#lastTurn = performance.now();
  }
  /** @param name relative path whose components have been checked */
  async #open(name) {
    return openLayoutFile(await this.#placeOf(name), name);
  }
  /** Whether no part of a path is a symbolic link. */
  #isOwn(name) {
    try {
      refuseSymlinks(this.directory, name);
      return true;
    } catch {
      return false;
    }
  }
  /** The folder that receives what is written. */
  get #writable() {
    return this.#additions ?? this.directory;
  }
  /** The folder in which a file is, or would be. */
  async #placeOf(name) {
    if (this.#additions === void 0) return this.directory;
    const found10 = await lstatIfThere(join(this.#additions, name));
    return found10 === void 0 ? this.directory : this.#additions;
  }
};

// src/oci/attach/batches.ts
var BATCH = 4;
async function inBatches(items, work) {
  const results = [];
  for (let first = 0; first < items.length; first += BATCH) {
    const batch = items.slice(first, first + BATCH).map((item, offset) => work(item, first + offset));
    for (const result of await Promise.allSettled(batch)) {
      if (result.status === "rejected") throw result.reason;
      results.push(result.value);
    }
  }
  return results;
}

// src/oci/layout/digest-tag.ts
var DIGEST_TAG = /^sha(256|512)-([0-9a-f]{64,128})(?:\.\w+)?$/;
function hasDigestTag({ annotations, digest }) {
  const [, bits, hex] = DIGEST_TAG.exec(annotations?.[REF_NAME] ?? "") ?? [];
  return bits !== void 0 && !digest.startsWith(`sha${bits}:${hex}`);
}

// src/oci/attach/lists/fallback-index.ts
var NEW_INDEX = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [] };
function fallbackTag(subject) {
  const { algorithm, hex } = splitDigest(subject.digest);
  return `${algorithm}-${hex.slice(0, 64)}`;
}
var NotAnIndexError = class extends VeritySignError {
  constructor(tag, { mediaType }) {
    super("registry", `the fallback tag ${tag} points to ${mediaType}, not to an index`, {
      remedy: "Remove the tag, or use a registry with the referrers API"
    });
  }
};
function checkIndex(found10, tag) {
  if (found10.mediaType !== INDEX_MEDIA_TYPE) throw new NotAnIndexError(tag, found10);
}
function entriesOf(index) {
  return index === void 0 ? [] : parse3(index).manifests;
}
function missingFrom(index, entries) {
  const listed2 = new Set(entriesOf(index).map(({ digest }) => digest));
  return entries.filter(({ descriptor: descriptor2 }) => !listed2.has(descriptor2.digest));
}
function changedIndex(existing, entries, gone = /* @__PURE__ */ new Set()) {
  const index = existing === void 0 ? NEW_INDEX : parse3(existing).raw;
  const listed2 = Array.isArray(index.manifests) ? index.manifests : [];
  const kept = listed2.filter((entry) => !gone.has(entry.digest));
  const bytes2 = Buffer.from(JSON.stringify({ ...index, manifests: [...kept, ...entries.map(toEntry)] }));
  return { bytes: bytes2, descriptor: descriptorOf(INDEX_MEDIA_TYPE, bytes2) };
}
function parse3(index) {
  return parseIndex(index, INDEX_MEDIA_TYPE, "the index of referrers");
}
function toEntry({ descriptor: descriptor2, artifactType, annotations }) {
  return { ...descriptor2, ...artifactType === void 0 ? {} : { artifactType }, annotations };
}

// src/oci/attach/lists/layout-lists.ts
async function entriesAndReferrers(layout, subject) {
  const entries = await layout.entries();
  const lists = entries.filter((entry) => isList(entry, subject));
  const referrers = [];
  for (const entry of new Map(lists.map((list2) => [`${list2.digest} ${list2.size}`, list2])).values()) {
    referrers.push(...await unlessDamaged(async () => entriesOf(await layout.read(entry))) ?? []);
  }
  return [...entries, ...referrers];
}
async function shortened(layout, entry, gone) {
  if (!isList(entry)) return void 0;
  return unlessDamaged(async () => {
    const list2 = await layout.read(entry);
    const isListed = entriesOf(list2).some(({ digest }) => gone.has(digest));
    return isListed ? changedIndex(list2, [], gone) : void 0;
  });
}
function isList(entry, subject) {
  if (entry.mediaType !== INDEX_MEDIA_TYPE || !hasDigestTag(entry)) return false;
  return subject === void 0 || entry.annotations?.[REF_NAME] === fallbackTag(subject);
}

// src/oci/attach/read/listed-type.ts
var UNTELLING = /^$|config|^application\/(?:vnd\.oci\.empty\.v1\+)?json$|^application\/octet-stream$|unknown/i;
var OF_IMAGES = [MANIFEST_MEDIA_TYPE, ...IMAGE_CONFIG_MEDIA_TYPES];
function ofType(listed2, artifactType) {
  const perhaps = listed2.filter((entry) => entry.artifactType !== artifactType && mayHaveType(entry));
  return [...listed2.filter((entry) => entry.artifactType === artifactType), ...perhaps];
}
function mayHaveType({ mediaType, artifactType = "" }) {
  if (mediaType !== MANIFEST_MEDIA_TYPE) return false;
  return UNTELLING.test(artifactType) || OF_IMAGES.includes(artifactType);
}

// src/oci/attach/signature-manifest.ts
var WHAT = "the signature manifest";
function parseSignatureManifest(bytes2, mediaType = MANIFEST_MEDIA_TYPE) {
  const parsed2 = parseManifest(bytes2, mediaType, WHAT);
  const { schemaVersion, config: config2, layers, subject, annotations = {} } = parsed2;
  if (parsed2.mediaType !== MANIFEST_MEDIA_TYPE) {
    throw new VeritySignError("image", `${WHAT} does not have the media type ${MANIFEST_MEDIA_TYPE}`);
  }
  if (subject === void 0) throw new VeritySignError("image", `${WHAT} has no subject`);
  const artifactType = parsed2.artifactType ?? config2.mediaType;
  return { schemaVersion, mediaType: parsed2.mediaType, artifactType, config: config2, layers, subject, annotations };
}

// src/oci/attach/store.ts
var MAX_SIGNATURE_SIZE = 1024 * 1024;

// src/oci/attach/layout-store.ts
var LayoutStore = class {
  name;
  #layout;
  /** What the manifest of a digest refers to: many entries may name it, and each list asks for all. */
  #references = /* @__PURE__ */ new Map();
  /**
   * @param name for messages; default `oci:DIRECTORY`
   * @param signal ends reading between two manifests
   * @param additions see {@link OciLayout}
   */
  constructor(directory, name = `oci:${directory}`, signal, additions) {
    this.#layout = new OciLayout(directory, signal, additions);
    this.name = name;
  }
  async list(subject, artifactType) {
    const found10 = /* @__PURE__ */ new Map();
    const missing = /* @__PURE__ */ new Set();
    for (const entry of await entriesAndReferrers(this.#layout, subject)) {
      if (entry.mediaType !== MANIFEST_MEDIA_TYPE || entry.size > MAX_METADATA_SIZE) continue;
      if (entry.artifactType !== artifactType && !mayHaveType(entry)) continue;
      const key = `${entry.digest} ${entry.size}`;
      if (found10.has(key) || missing.has(key)) continue;
      const reference = await this.#referenceOf(entry, key);
      if (!this.#references.has(key)) missing.add(key);
      if (reference?.artifactType !== artifactType || reference.subject !== subject.digest) continue;
      found10.set(key, { ...plainDescriptor(entry), artifactType });
    }
    return [...found10.values()];
  }
  /** Undefined for an image, and for a damaged entry of another program. */
  async #referenceOf(entry, key) {
    if (this.#references.has(key)) return this.#references.get(key);
    const bytes2 = await unlessDamaged(() => this.#layout.read(entry));
    if (bytes2 === void 0) return void 0;
    const manifest = await unlessDamaged(async () => parseSignatureManifest(bytes2));
    const reference = manifest && { artifactType: manifest.artifactType, subject: manifest.subject.digest };
    this.#references.set(key, reference);
    return reference;
  }
  fetchManifest(descriptor2) {
    return this.#layout.read(descriptor2);
  }
  fetchBlob(descriptor2) {
    return this.#layout.read(descriptor2, MAX_SIGNATURE_SIZE);
  }
  removeLeftovers() {
    return this.#layout.removeLeftovers();
  }
  async push(artifact) {
    await inBatches(artifact.blobs, (blob) => this.#layout.addBlob(blob.descriptor, blob.bytes));
    await this.#layout.addBlob(artifact.descriptor, artifact.bytes);
  }
  async enlist(artifacts) {
    for (const { descriptor: descriptor2, bytes: bytes2, blobs, manifest } of artifacts) {
      const entry = { ...descriptor2, artifactType: manifest.artifactType };
      await this.#layout.addEntry(entry, [...blobs, { descriptor: descriptor2, bytes: bytes2 }]);
    }
    return this.#layout.entries();
  }
  /** One write takes them all out: then they are deleted. */
  async remove(_subject, referrers, _folder, changed, signal) {
    signal.throwIfAborted();
    await this.#layout.removeEntries(
      referrers,
      (entry, digests) => shortened(this.#layout, entry, digests),
      (digest) => changed(digest, "unlisted")
    );
    for (const { digest } of referrers) changed(digest, "deleted");
  }
};

// src/oci/attach/archive-store.ts
var ArchiveStore = class extends LayoutStore {
  #source;
  constructor(source, signal) {
    super(source.directory, source.name, signal);
    this.#source = source;
  }
  /** Killed runs leave nothing in the folder of this one, but something beside the archive. */
  removeLeftovers() {
    return this.#source.removeLeftovers();
  }
};

// src/lib/http/errors.ts
var HttpError = class extends Error {
  failure;
  url;
  code;
  status;
  after;
  remedy;
  constructor(failure3, message, details2) {
    super(message, details2.cause === void 0 ? void 0 : { cause: details2.cause });
    this.name = "HttpError";
    this.failure = failure3;
    this.url = details2.url;
    this.code = details2.code;
    this.status = details2.status;
    this.after = details2.after;
    this.remedy = details2.remedy;
  }
};

// builtin:node:child_process of options
var found6;
var all6 = () => found6 ??= load("node:child_process");
var spawn = (...given) => all6().spawn(...given);

// builtin:node:stream of options
var found7;
var all7 = () => found7 ??= load("node:stream");
var one6 = (name) => all7()[name];
var Readable = /* @__PURE__ */ one6("Readable");
var PassThrough = /* @__PURE__ */ one6("PassThrough");

// src/lib/process/run.ts
var ToolError = class extends VeritySignError {
  exitCode;
  killedBy;
  stderr;
  /** What `run` had read of standard output; empty for `stream`. */
  stdout = "";
  timedOut;
  constructor(message, outcome, cause) {
    super("environment", message, { cause });
    this.name = "ToolError";
    this.exitCode = outcome.exitCode;
    this.killedBy = outcome.killedBy;
    this.stderr = outcome.stderr ?? "";
    this.timedOut = outcome.timedOut ?? false;
  }
};
var STDERR_KEPT = 16 * 1024;
var DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;
async function run(argv, options) {
  const child = start(argv, options);
  const chunks = [];
  const limit = options.maxOutput ?? DEFAULT_MAX_OUTPUT;
  let size = 0;
  child.stdout.on("data", (chunk) => {
    size += chunk.length;
    if (size > limit) {
      child.fail(new ToolError(`${options.name ?? argv[0]} wrote more than ${limit} bytes`, {}));
    } else {
      chunks.push(chunk);
    }
  });
  try {
    const stderr = await child.ended;
    return { stdout: Buffer.concat(chunks), stderr };
  } catch (error2) {
    if (error2 instanceof ToolError) {
      error2.stdout = redactor(options.secrets ?? [])(Buffer.concat(chunks).toString("utf8"));
    }
    throw error2;
  }
}
function stream(argv, options) {
  const child = start(argv, options);
  const out = new PassThrough({ highWaterMark: 1024 * 1024 });
  child.stdout.pipe(out, { end: false });
  child.ended.then(
    () => out.end(),
    (error2) => out.destroy(error2)
  );
  return out.once("close", () => {
    child.kill();
    child.stdout.destroy();
  });
}
function start(argv, options) {
  const [program, ...args] = argv;
  if (program === void 0) throw new TypeError("empty argv");
  const name = options.name ?? program;
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: withAbsolutePath(options.env),
    detached: true,
    stdio: [options.stdinFd ?? (options.stdin === void 0 ? "ignore" : "pipe"), "pipe", "pipe"]
  });
  let failure3;
  let closed = false;
  const kill = () => {
    if (!closed) killGroup(child, options.killGroup);
  };
  const fail = (error2) => {
    failure3 ??= error2;
    kill();
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const stderr = new RedactedEnd(options.secrets ?? []);
  child.stderr?.setEncoding("utf8").on("data", (text4) => stderr.add(text4));
  const timer = options.timeout === void 0 ? void 0 : setTimeout(() => {
    fail(new ToolError(`${name} did not finish within ${options.timeout} ms`, { timedOut: true }));
  }, options.timeout);
  const release = onAbort(
    options.signal,
    () => fail(new VeritySignError("cancelled", `${name} was stopped`))
  );
  child.stdin?.on("error", () => void 0).end(options.stdin);
  const ended = new Promise((resolve2, reject) => {
    child.once("error", (error2) => {
      reject(notStarted(name, error2, options.cwd));
    });
    child.once("close", (exitCode, killedBy) => {
      closed = true;
      const said = stderr.text().trim();
      if (failure3) reject(failure3);
      else if (exitCode === 0) resolve2(said);
      else reject(failed(name, exitCode, killedBy, said));
    });
  }).finally(() => {
    clearTimeout(timer);
    release();
  });
  ended.catch(() => void 0);
  return { stdout: child.stdout ?? Readable.from([]), ended, kill, fail };
}
function notStarted(program, error2, cwd) {
  const code = error2.code ?? error2.message;
  if (isSystemLimit(error2)) return new SystemLimitError(`${program} cannot be started (${code})`, error2);
  if (code === "ENOENT" && cwd !== void 0 && !existsSync(cwd)) {
    return new VeritySignError("environment", `${program} cannot be started: the folder ${cwd} is gone`, {
      remedy: "Keep other programs from removing it during the run, or set temp-dir to another folder",
      cause: error2
    });
  }
  const reason = code === "ENOENT" ? "is not installed" : `cannot be started (${code})`;
  return new ToolError(`${program} ${reason}`, {}, error2);
}
function failed(program, exitCode, killedBy, stderr) {
  const how = killedBy === null ? `exit status ${exitCode}` : `ended by ${killedBy}`;
  const message = stderr === "" ? `${program}: ${how}` : `${program}: ${how}: ${stderr}`;
  return new ToolError(message, {
    ...exitCode === null ? {} : { exitCode },
    ...killedBy === null ? {} : { killedBy },
    stderr
  });
}
function killGroup(child, other) {
  if (child.pid === void 0) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error2) {
    if (error2.code === "EPERM") other?.(child.pid);
  }
}
function redactor(secrets) {
  const present = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return (text4) => present.reduce((out, secret) => out.replaceAll(secret, "***"), text4);
}
var RedactedEnd = class {
  #secrets;
  /** Characters of what is kept before it is redacted: as much, and the longest secret. */
  #most;
  #end = "";
  #isCut = false;
  constructor(secrets) {
    this.#secrets = secrets;
    this.#most = STDERR_KEPT + Math.max(0, ...secrets.map(({ length }) => length));
  }
  add(text4) {
    this.#end += text4;
    if (this.#end.length <= this.#most) return;
    this.#isCut = true;
    this.#end = this.#end.slice(-this.#most);
  }
  text() {
    const cut2 = this.#isCut ? Math.max(0, ...this.#secrets.map((secret) => tailIn(secret, this.#end))) : 0;
    return redactor(this.#secrets)(this.#end.slice(cut2)).slice(-STDERR_KEPT);
  }
};
function tailIn(secret, text4) {
  for (let length = secret.length - 1; length > 0; length--) {
    if (text4.startsWith(secret.slice(-length))) return length;
  }
  return 0;
}

// src/oci/oras/direct/answer-error.ts
var AnswerError = class extends Error {
  status;
  /** @param secrets what the request was authorized with: the answer may repeat it */
  constructor(method, { url, status, body }, secrets = []) {
    const reason = reasonIn(redactor(secrets)(body.subarray(0, 4096).toString()));
    super(`${method} "${url.origin}${url.pathname}": response status code ${status}${reason}`);
    this.status = status;
  }
  /** Whether the same request may succeed later. */
  get isTransient() {
    return this.status === 429 || this.status >= 500 && this.status !== 501;
  }
};
function reasonIn(text4) {
  const code = /"code"\s*:\s*"([\w ]{1,80})"/.exec(text4)?.[1]?.toLowerCase().replaceAll("_", " ");
  const message = /"message"\s*:\s*"([^"\\]{1,200})"/.exec(text4)?.[1];
  return [code, message].flatMap((part) => part === void 0 ? [] : [`: ${part}`]).join("");
}

// src/oci/oras/failures/connection-failure.ts
var PROXY_CAUSES = [
  {
    pattern: /proxyconnect.*first record does not look like a TLS handshake/i,
    code: "registry",
    message: ({ registry: registry2 }) => `the proxy for ${registry2} does not speak TLS, but its URL begins with https`,
    remedy: () => "Set HTTPS_PROXY to a URL that begins with http://; requests to the registry use TLS anyway"
  },
  {
    pattern: /proxyconnect.*x509: /i,
    code: "registry",
    message: ({ registry: registry2 }) => `the TLS certificate of the proxy for ${registry2} is not trusted`,
    remedy: () => "Set SSL_CERT_FILE to the certificate of its authority, or HTTPS_PROXY to a URL that begins with http://"
  },
  {
    pattern: /: Proxy Authentication Required$/i,
    code: "registry",
    message: ({ registry: registry2 }) => `the proxy for ${registry2} requires other credentials`,
    remedy: () => "Put user name and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT"
  },
  {
    transient: true,
    pattern: /proxyconnect/i,
    code: "registry",
    message: ({ registry: registry2 }) => `the proxy for ${registry2} cannot be reached`,
    remedy: () => "Check HTTPS_PROXY and HTTP_PROXY, or exempt the registry with NO_PROXY"
  },
  {
    // The answer of a proxy to CONNECT: Go shows its status text alone, at the end.
    pattern: /\b(?:Get|Head|Post|Put|Patch)\s*: (?!EOF)[A-Z][A-Za-z' -]*$/,
    code: "registry",
    message: ({ registry: registry2 }) => `the proxy does not permit a connection to ${registry2}`,
    remedy: () => "Permit the registry in the proxy, or exempt it with NO_PROXY"
  }
];
var TLS_CAUSES = [
  {
    pattern: /gave HTTP response to HTTPS client/i,
    code: "registry",
    message: () => "the registry answers in plain HTTP instead of HTTPS",
    remedy: () => "Set plain-http if this registry has no TLS"
  },
  {
    pattern: /first record does not look like a TLS handshake/i,
    code: "registry",
    message: ({ registry: registry2 }) => `${registry2} does not answer in TLS`,
    remedy: () => "Check the port, or set plain-http if this registry has no TLS"
  },
  {
    pattern: /x509: certificate has expired or is not yet valid/i,
    code: "registry",
    message: ({ registry: registry2 }) => `the TLS certificate of ${registry2} has expired or is not valid yet`,
    remedy: () => "Check this machine's clock; if it is right, the registry needs a new certificate"
  },
  {
    pattern: /x509: (?:certificate is (?:valid for|not valid for any names)|cannot validate certificate for|certificate relies on legacy Common Name)/i,
    code: "registry",
    message: ({ registry: registry2 }) => `the TLS certificate of ${registry2} is for other names`,
    remedy: () => "Name the registry by a name in its certificate (subjectAltName), or have one issued for this name"
  },
  {
    pattern: /x509: certificate signed by unknown authority|failed to verify certificate/i,
    code: "registry",
    message: ({ registry: registry2 }) => `the TLS certificate of ${registry2} is not trusted`,
    remedy: () => "Set ca-file, or the variable SSL_CERT_FILE, to a PEM file with the certificate of the registry's certificate authority"
  },
  {
    // An alert of the server is about the certificate of the client, which it may demand.
    pattern: /remote error: tls: .*(?:certificate|handshake failure|access denied)/i,
    code: "registry",
    message: ({ registry: registry2 }) => `${registry2} demands a client certificate that it trusts`,
    remedy: () => "Set client-certificate and client-key to a certificate for this registry and its key; if it demands none, compare the versions of TLS that both support"
  },
  {
    pattern: /private key does not match public key|failed to find any PEM data|tls: failed to parse private key/i,
    code: "usage",
    message: () => "client-certificate and client-key are not usable",
    remedy: () => "Set client-certificate to PEM certificates, and client-key to the PEM key that belongs to the first"
  },
  {
    pattern: /tls: /i,
    code: "registry",
    message: ({ registry: registry2 }) => `no TLS connection to ${registry2} can be made`,
    remedy: () => "Check what openssl s_client -connect prints for this registry, and the proxy in between"
  }
];

// src/oci/oras/login/hosts.ts
var HUB = ["docker.io", "index.docker.io", "registry-1.docker.io"];
var HUB_URL = "https://index.docker.io/v1/";
function namesOf2(registry2, program) {
  const host = registry2.toLowerCase();
  if (!isHub(host)) return [host];
  const usual = program === "docker" ? "index.docker.io" : "docker.io";
  return [.../* @__PURE__ */ new Set([...host === "registry-1.docker.io" ? [host] : [], usual, ...HUB])];
}
function isSameRegistry(one9, other) {
  return one9.toLowerCase() === other.toLowerCase() || isHub(one9) && isHub(other);
}
function serverAddress(registry2) {
  return isHub(registry2) ? HUB_URL : registry2;
}
function helperAddresses(registry2, key) {
  return isHub(registry2) ? [.../* @__PURE__ */ new Set([key, HUB_URL, "docker.io"])] : [registry2];
}
function isHub(registry2) {
  return HUB.includes(registry2.toLowerCase());
}

// src/oci/oras/login/auth-files.ts
function authFiles(env) {
  const runtime = env.XDG_RUNTIME_DIR;
  const podmans = (path, named = false) => ({ path, named, program: "podman" });
  return [
    ...env.REGISTRY_AUTH_FILE ? [podmans(env.REGISTRY_AUTH_FILE, true)] : [],
    {
      path: join(env.DOCKER_CONFIG || join(homeFolder(env), ".docker"), "config.json"),
      named: true,
      program: "docker"
    },
    podmans(
      join(runtime || `/run/containers/${process.getuid?.() ?? 0}`, runtime ? "containers" : "", "auth.json")
    ),
    podmans(join(configFolder(env), "containers/auth.json"))
  ];
}
async function* lookUp(file, registry2, path) {
  const text4 = await textOf(file);
  if (text4 === void 0 || text4.trim() === "") return;
  const { auths, credHelpers, credsStore } = parse4(text4, file.path);
  const names = namesOf2(registry2, file.program);
  const [own3] = ordered(objectOf(credHelpers), names).filter(({ scope }) => names.includes(scope));
  const helper = textIn(own3 === void 0 ? credsStore : own3.value);
  if (helper !== void 0) {
    const addresses = own3 === void 0 ? [serverAddress(registry2)] : helperAddresses(registry2, own3.key);
    yield { kind: "helper", helper, addresses };
  }
  const entry = mostSpecific(objectOf(auths), names, path);
  if (entry !== void 0) yield credentialsIn(entry, file.path, registry2);
}
async function textOf({ path, named }) {
  try {
    return (await readGiven(path)).toString();
  } catch (cause) {
    const { code = "" } = cause;
    if (code === "ENOENT" || code === "ENOTDIR" || !named && code === "EACCES") return void 0;
    throw new VeritySignError("environment", `${path} with registry credentials cannot be read (${code})`, {
      remedy: "Let this user read the file, or name another one in DOCKER_CONFIG or REGISTRY_AUTH_FILE",
      cause
    });
  }
}
function parse4(text4, path) {
  let config2;
  try {
    config2 = JSON.parse(text4);
  } catch {
    throw damaged(path, "is not complete JSON");
  }
  return objectOf(config2);
}
function damaged(path, what) {
  return new VeritySignError("environment", `${path} with registry credentials ${what}`, {
    remedy: "Repair the file, or remove it and log in again"
  });
}
function mostSpecific(entries, names, path) {
  const covers = (scope) => names.some(
    (name) => path === void 0 ? `${scope}/`.startsWith(`${name}/`) : `${name}/${path}/`.startsWith(`${scope}/`)
  );
  return ordered(entries, names).map(({ scope, value: value2 }) => ({ scope, entry: objectOf(value2) })).find(({ scope, entry }) => covers(scope) && !isEmpty(entry))?.entry;
}
function ordered(members2, names) {
  const rank = ({ key, scope }) => {
    const [host = "", ...path] = scope.split("/");
    const form = [serverAddress(host), scope].indexOf(key);
    return [-path.length, names.indexOf(host), form === -1 ? 2 : form];
  };
  return Object.entries(members2).map(([key, value2]) => ({ key, scope: scopeOf(key), value: value2 })).map((keyed) => ({ keyed, rank: rank(keyed) })).sort((a, b) => a.rank.map((one9, at) => one9 - (b.rank[at] ?? 0)).find((less) => less !== 0) ?? 0).map(({ keyed }) => keyed);
}
function scopeOf(key) {
  const url = /^https?:\/\//i.test(key);
  const [host = "", ...path] = key.replace(/^https?:\/\//i, "").replace(/\/+$/, "").split("/");
  const isApi = url || path.length === 1 && /^v[12]$/.test(path[0] ?? "");
  return [host.toLowerCase(), ...isApi ? [] : path].join("/");
}
function isEmpty(entry) {
  return !["auth", "username", "password", "identitytoken", "registrytoken"].some(
    (name) => textIn(entry[name])
  );
}
function credentialsIn(entry, path, registry2) {
  const token = textIn(entry.identitytoken);
  if (token !== void 0) return { kind: "identity token", secret: token };
  const auth = textIn(entry.auth);
  const { username, secret } = auth === void 0 ? { username: textIn(entry.username) ?? "", secret: textIn(entry.password) ?? "" } : decode3(auth);
  if (username !== "" && secret !== "") return { kind: "password", username, secret };
  const what = textIn(entry.registrytoken) === void 0 ? "no user name and password" : "a registry token only";
  throw damaged(path, `has an entry for ${registry2} with ${what}`);
}
function decode3(auth) {
  const text4 = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = text4.indexOf(":");
  return { username: text4.slice(0, Math.max(colon, 0)), secret: text4.slice(colon + 1) };
}
function objectOf(value2) {
  const isObject2 = typeof value2 === "object" && value2 !== null && !Array.isArray(value2);
  return isObject2 ? value2 : {};
}
function textIn(value2) {
  return typeof value2 === "string" && value2 !== "" ? value2 : void 0;
}

// src/oci/oras/login/helper-environment.ts
var SERVICES = {
  /** [AWS SDK for Go; amazon-ecr-credential-helper] */
  aws: /^AWS_/,
  /** [docker-credential-gcr; gcloud] */
  google: /^(?:GOOGLE|CLOUDSDK|GCE|GCLOUD)_/,
  /** [Azure Identity: environment, workload and managed identity] */
  azure: /^(?:AZURE|IDENTITY|MSI|IMDS)_/,
  /** [pass(1), gpg(1)] */
  pass: /^(?:PASSWORD_STORE_|GPG_|GNUPGHOME$)/,
  desktop: /^(?:DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY)$/,
  github: /^GITHUB_(?:TOKEN|ACTOR)$/
};
var HELPERS = [
  [/^ecr/, ["aws"]],
  [/^(?:gcr|gcloud|artifact-registry)/, ["google"]],
  [/^acr/, ["azure"]],
  [/^pass/, ["pass", "desktop"]],
  [/^(?:secretservice|desktop|osxkeychain)/, ["desktop"]],
  [/^ghcr/, ["github"]]
];
var ANY = ["aws", "google", "azure", "pass", "desktop"];
var FOR_ALL = /^(?:TMPDIR|USER|LOGNAME|XDG_(?:CACHE|DATA)_HOME)$/;
function helperEnvironment(helper, from) {
  const services = HELPERS.find(([name]) => name.test(helper))?.[1] ?? ANY;
  const patterns = [FOR_ALL, ...services.map((service) => SERVICES[service])];
  const env = networkEnvironment(from);
  for (const [name, value2] of Object.entries(from)) {
    if (value2 !== void 0 && patterns.some((pattern2) => pattern2.test(name))) env[name] = value2;
  }
  return env;
}

// src/oci/oras/login/helper.ts
var TIMEOUT = 6e4;
var MAX_OUTPUT = 1024 * 1024;
var NOT_FOUND = /credentials not found in native keychain/i;
var TOKEN_USER = "<token>";
async function askHelper(request) {
  const { helper, registry: registry2, address, file, env, signal } = request;
  const program = `docker-credential-${helper}`;
  const subject = `the credential helper ${program}, which ${file} names for ${registry2},`;
  if (!/^[\w.-]+$/.test(helper)) {
    throw new VeritySignError("environment", `${file} names a credential helper that is not a plain name`, {
      remedy: "Write the name of the program without docker-credential-"
    });
  }
  try {
    const { stdout } = await run([program, "get"], {
      env: helperEnvironment(helper, env),
      stdin: address,
      timeout: TIMEOUT,
      maxOutput: MAX_OUTPUT,
      ...signal === void 0 ? {} : { signal }
    });
    return answerOf(stdout, subject);
  } catch (error2) {
    if (!(error2 instanceof ToolError)) throw error2;
    if (NOT_FOUND.test(`${error2.stdout} ${error2.stderr}`)) return void 0;
    throw failed2(error2, program, subject, address);
  }
}
function answerOf(stdout, subject) {
  let answer;
  try {
    answer = JSON.parse(stdout.toString("utf8"));
  } catch {
  }
  const { Username: username, Secret: secret } = answer ?? {};
  if (typeof username !== "string" || typeof secret !== "string") {
    throw new VeritySignError("environment", `${subject} printed no credentials`, {
      remedy: "Update the helper, or set registry-username and registry-password"
    });
  }
  if (secret === "") return void 0;
  return username === TOKEN_USER || username === "" ? { kind: "identity token", secret } : { kind: "password", username, secret };
}
function failed2(error2, program, subject, address) {
  const again = `Check it with: echo ${address} | ${program} get`;
  if (error2.timedOut) {
    return new VeritySignError("environment", `${subject} did not answer within ${TIMEOUT / 1e3} s`, {
      remedy: again
    });
  }
  const { code } = error2.cause ?? {};
  if (code !== void 0) {
    const what = code === "ENOENT" ? "is not installed" : `cannot be started (${code})`;
    return new VeritySignError("environment", `${subject} ${what}`, {
      remedy: `Put ${program} in a folder of PATH, or remove it from the file and log in again`
    });
  }
  const words = firstLine(error2.stdout) || firstLine(error2.stderr) || error2.message;
  return new VeritySignError("environment", `${subject} failed: ${words}`, { remedy: again });
}
function firstLine(text4) {
  const line = text4.trim().split("\n")[0] ?? "";
  return line.includes("{") ? "" : line.slice(0, 300);
}

// src/oci/oras/login/logins.ts
function secretsOf(login) {
  if (login === void 0) return [];
  const { username = "", secret } = login;
  const basic = Buffer.from(`${username}:${secret}`).toString("base64");
  return [secret, basic, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}
var Logins = class {
  #options;
  #found = /* @__PURE__ */ new Map();
  constructor(options) {
    this.#options = options;
  }
  /**
   * The credentials for a repository, `REGISTRY/PATH`; undefined if there are none.
   * @throws VeritySignError 'environment' for a file or a helper that is at fault
   */
  of(repository) {
    let found10 = this.#found.get(repository);
    if (found10 === void 0) {
      found10 = this.#find(repository);
      this.#found.set(repository, found10);
    }
    return found10;
  }
  /** Forgets credentials that a helper returned: it may return others when they have expired. */
  forget(repository) {
    this.#found.delete(repository);
  }
  async #find(repository) {
    const slash = repository.indexOf("/");
    const [registry2, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
    const { given = [], env } = this.#options;
    const own3 = given.find((one9) => isSameRegistry(one9.registry, registry2));
    if (own3 !== void 0) {
      return { username: own3.username, secret: own3.password, source: own3.input, from: "input" };
    }
    for (const file of authFiles(networkEnvironment(env))) {
      for await (const found10 of lookUp(file, registry2, path)) {
        const login = await this.#login(found10, file, registry2);
        if (login !== void 0) return login;
      }
    }
    return void 0;
  }
  async #login(found10, { path }, registry2) {
    if (found10.kind !== "helper") {
      return { ...usable(found10), source: `the entry in ${path}`, from: "file" };
    }
    const { env, signal } = this.#options;
    const { helper, addresses } = found10;
    for (const address of addresses) {
      const answer = await askHelper({ helper, registry: registry2, address, file: path, env, signal });
      if (answer === void 0) continue;
      return { ...usable(answer), source: `docker-credential-${helper}`, from: "helper" };
    }
    return void 0;
  }
};
function usable(found10) {
  return { username: found10.kind === "password" ? found10.username : void 0, secret: found10.secret };
}

// src/oci/oras/failures/words.ts
function isAbsent(error2, name) {
  if (error2 instanceof AnswerError) return error2.status === 404;
  const form = /^(?:failed to (?:find|fetch the content of) "[^"]*": )?(.*): not found$/;
  return form.exec(wordsOf(error2))?.[1] === name;
}
function nameIn(target, login) {
  return redactor(secretsOf(login))(target);
}
function plainWords(error2, name) {
  return wordsOf(error2).replaceAll(/"[^"]*"/g, "").replaceAll(name, "");
}
function wordsOf(error2) {
  if (error2 instanceof AnswerError) return error2.message;
  const lines = error2.stderr.split("\n").filter((line2) => line2.trim() !== "");
  const line = lines.findLast((text4) => text4.startsWith("Error")) ?? lines.at(-1) ?? "";
  return line.replace(/^Error( response from registry)?:\s*/, "").trim();
}
function shortWords(error2) {
  const words = withoutSecrets(wordsOf(error2));
  return words.length > 300 ? `${words.slice(0, 150)}…${words.slice(-150)}` : words;
}

// src/oci/oras/failures/failure.ts
var NOT_FOUND2 = {
  code: "registry",
  message: ({ target }) => `${target} is not in the registry`,
  remedy: () => "Check the name, and that these credentials have access to it"
};
var NO_REFERRERS_API = {
  pattern: /referrers API: unsupported/i,
  code: "registry",
  message: () => "the registry has no referrers API",
  remedy: () => "Set referrers to auto, or to tag for the fallback tag"
};
var UNAUTHORIZED = {
  pattern: /status code 401|unauthorized|basic credential not found|authentication required/i,
  code: "registry",
  message: ({ access: access2, target, login }) => login === void 0 ? `the registry requires credentials with ${access2} permission for ${target}` : `the registry rejects the credentials for ${target} (${login.source})`,
  remedy: ({ login, registry: registry2 }) => {
    if (login === void 0)
      return "Log in first (docker/login-action, docker login, podman login or oras login), or set registry-username and registry-password";
    return {
      input: `Check ${login.source}: user name or password is wrong, or the token has expired or is not for ${registry2}`,
      file: `Log in to ${registry2} again: the password has changed or the token has expired`,
      helper: `Check the account that ${login.source} logs in with, and that it may read and write in ${registry2}`
    }[login.from];
  }
};
var PERMISSION = {
  pull: "pull permission on the repository (on GitHub: permissions: packages: read)",
  push: "push permission on the repository (on GitHub: permissions: packages: write)",
  delete: "permission to delete manifests of the repository"
};
var CAUSES = [
  ...PROXY_CAUSES,
  ...TLS_CAUSES,
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    only: "delete",
    pattern: /status code (?:405|501)|^unsupported\b|: unsupported\b|method not allowed/i,
    code: "registry",
    message: ({ target }) => `the registry does not allow manifests to be deleted: ${target} stays`,
    remedy: () => "Enable deletion in the registry (distribution: storage.delete.enabled), or delete it where the registry permits it, such as on its web page"
  },
  {
    // Since oras 1.3.3; see leaksCredentials.
    pattern: /upload Location\s+(is on a different host|downgrades scheme)/i,
    code: "registry",
    message: ({ target }) => `the registry sent the upload of ${target} to another host`,
    remedy: () => "Name the registry by the host that it names itself, or let the proxy in front of it pass on the Host header"
  },
  NO_REFERRERS_API,
  {
    transient: true,
    pattern: /status code 429|toomanyrequests|too many requests/i,
    code: "registry",
    message: ({ access: access2, target }) => `the registry limits the rate of requests: ${access2} of ${target} failed`,
    remedy: () => "Log in if the limit is that for anonymous users, or wait; then run again"
  },
  {
    pattern: /status code 403|denied|forbidden/i,
    code: "registry",
    message: ({ access: access2, target }) => `the registry denies ${access2} access to ${target}`,
    remedy: ({ access: access2 }) => `Give these credentials ${PERMISSION[access2]}`
  },
  UNAUTHORIZED,
  {
    pattern: /status code 409|immutable|already exists and cannot be|tag invalid/i,
    code: "registry",
    message: ({ target }) => `the registry does not allow a tag of ${target} to be overwritten`,
    remedy: () => "Exempt the tags sha256-* from immutability, or use a registry with the referrers API (referrers: api)"
  },
  {
    pattern: /status code 413|entity too large|payload too large|size invalid/i,
    code: "registry",
    message: ({ access: access2, target }) => `${access2} of ${target} is larger than the registry or a proxy in front of it accepts`,
    remedy: () => "Raise its limit on the size of a request (nginx: client_max_body_size), or use a registry without such a limit"
  },
  {
    pattern: /status code 415|unsupported media type|^unsupported:/i,
    code: "registry",
    message: ({ access: access2, target }) => `the registry does not accept the media type of ${target}: ${access2} failed`,
    remedy: () => "Update the registry to a release that accepts OCI artifacts with a subject, or use another registry"
  },
  {
    // What was asked for is unknown to some server: that of tokens, say.
    pattern: /(?:name|manifest|blob) unknown|status code 404/i,
    code: "registry",
    message: ({ access: access2, target }) => `${access2} of ${target} failed: the registry or its token server does not find what it was asked for`,
    remedy: () => "Check the name, and that these credentials have access to it; if so, look up that answer in the log of the registry and of its token server"
  },
  {
    pattern: /mismatch|content verification failed|trailing data|invalid content digest/i,
    code: "image",
    message: ({ target }) => `the registry sent content that is not ${target}`,
    remedy: () => "Run again; if that does not help, the registry or a proxy in front of it is damaged"
  },
  {
    transient: true,
    pattern: /no such host|connection refused|network is unreachable|i\/o timeout|connection reset|broken pipe|EOF/i,
    code: "registry",
    message: ({ target }) => `the registry of ${target} cannot be reached or closed the connection`,
    remedy: () => "Check the registry name and the network, then run again"
  },
  {
    transient: true,
    pattern: /status code 5\d\d/i,
    code: "registry",
    message: ({ target }) => `the registry failed on ${target}`,
    remedy: () => "Run again once the registry has recovered"
  },
  {
    // oras prints the code of the answer's document instead of the status, if there is one.
    pattern: /status code 400|manifest invalid/i,
    code: "registry",
    message: ({ access: access2, target }) => `the registry rejects the ${access2} of ${target}`,
    remedy: ({ access: access2 }) => access2 === "push" ? "Look up the reason above in the manual of the registry: it may not accept OCI artifacts with a subject, or this name; use another registry if so" : "Look up the reason above in the manual of the registry, or check the name"
  }
];
var BROKEN = /connection reset|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|server closed idle connection|GOAWAY/i;
function isTransient(error2, access2, target, login) {
  if (error2 instanceof HttpError) return error2.failure === "interrupted";
  if (error2 instanceof AnswerError) return error2.isTransient;
  if (!(error2 instanceof ToolError) || error2.timedOut || error2.stderr === "") return false;
  if (BROKEN.test(plainWords(error2, nameIn(target, login)))) return true;
  const cause = causeOf(error2, access2, target, login);
  return access2 === "push" && (cause === void 0 || cause.transient === true);
}
function causeOf(error2, access2, target, login) {
  const name = nameIn(target, login);
  if (isAbsent(error2, name)) return NOT_FOUND2;
  const words = plainWords(error2, name);
  return CAUSES.find(({ pattern: pattern2, only = access2 }) => only === access2 && pattern2.test(words));
}
var UNANSWERED = ["proxy-setting", "proxy", "unreachable", "certificate"];
var KnownFailure = class extends VeritySignError {
  known;
  constructor(known2, call, words, cause) {
    super(known2.code, `${known2.message(call)} (${words})`, { remedy: known2.remedy(call), cause });
    this.known = known2;
  }
};
function isNotFound(error2) {
  return error2 instanceof KnownFailure && error2.known === NOT_FOUND2;
}
function getsNoAnswer(error2) {
  const { cause } = error2;
  return cause instanceof HttpError && UNANSWERED.includes(cause.failure);
}
function isRefusal(error2) {
  return error2 instanceof KnownFailure && error2.known.transient !== true;
}
function lacksReferrersApi(error2) {
  return error2 instanceof KnownFailure && error2.known === NO_REFERRERS_API;
}
function noReferrersApi() {
  const call = { access: "pull", target: "", registry: "", login: void 0 };
  return new KnownFailure(NO_REFERRERS_API, call, "referrers API: unsupported", void 0);
}
function isUnauthorized(error2, access2, target, login) {
  if (error2 instanceof AnswerError) return error2.status === 401;
  return error2 instanceof ToolError && causeOf(error2, access2, target, login) === UNAUTHORIZED;
}
function orasFailure(error2, access2, target, login) {
  if (error2 instanceof HttpError) return httpFailure(error2, access2, target);
  if (error2 instanceof AnswerError) return known(error2, access2, target, login);
  if (!(error2 instanceof ToolError)) return error2;
  if (error2.timedOut) {
    return new VeritySignError("registry", `the registry did not answer about ${target} within the timeout`, {
      remedy: "Raise timeout, or run again later",
      cause: error2
    });
  }
  return error2.stderr === "" ? error2 : known(error2, access2, target, login);
}
function known(error2, access2, target, login) {
  const words = `${error2 instanceof ToolError ? "oras: " : ""}${shortWords(error2)}`;
  const cause = causeOf(error2, access2, target, login);
  if (cause === void 0) {
    return new VeritySignError("registry", `${access2} of ${target} failed (${words})`, {
      remedy: "Look up that answer in the log or the manual of the registry, then run again",
      cause: error2
    });
  }
  const call = { access: access2, target, registry: target.slice(0, target.indexOf("/")), login };
  return new KnownFailure(cause, call, words, error2);
}
function httpFailure(error2, access2, target) {
  return new VeritySignError(
    "registry",
    `${access2} of ${target} failed: ${error2.url.host} ${error2.message}`,
    {
      remedy: error2.remedy ?? "Check the registry name and the network, then run again",
      cause: error2
    }
  );
}

// src/oci/oras/failures/refusal.ts
var UNUSABLE_HEAD = /missing required header "?Docker-Content-Digest|unknown response Content-Length|HEAD "[^"]*": response status code (?:400|405|406|501)\b/;
function refusesHead(error2) {
  return UNUSABLE_HEAD.test(stderrOf(error2));
}
var ReferrersRefusedError = class extends VeritySignError {
  constructor(repository, subject, status, cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    super(
      "registry",
      `the registry refuses to list (status ${status}) the referrers of ${repository}@${subject.digest}${reason}`,
      {
        remedy: "Set referrers: tag if the registry has no referrers API; otherwise give these credentials access to it",
        cause
      }
    );
  }
};
var REFUSALS2 = [400, 401, 403, 405, 406];
function referrersRefusal(error2) {
  if (error2 instanceof VeritySignError && error2.cause instanceof AnswerError) {
    const { status } = error2.cause;
    return REFUSALS2.includes(status) ? status : void 0;
  }
  const words = /^> Request URL: "([^"]*)"|^< Response Status: "(\d{3})/gm;
  let url = "";
  let last;
  for (const [, asked, answered] of stderrOf(error2).matchAll(words)) {
    if (asked !== void 0) url = asked;
    else if (/\/v2\/.+\/(?:manifests|referrers)\//.test(url)) last = { url, status: Number(answered) };
  }
  if (last === void 0 || !/\/v2\/.+\/referrers\/[^/]+$/.test(last.url)) return void 0;
  return REFUSALS2.includes(last.status) ? last.status : void 0;
}
function stderrOf(error2) {
  if (error2 instanceof ToolError) return error2.stderr;
  return error2 instanceof VeritySignError && error2.cause instanceof ToolError ? error2.cause.stderr : "";
}

// src/oci/attach/lists/tag-list.ts
var MOST_LOOKED_UP = 1e3;
var TagList = class {
  #oras;
  #repository;
  #subject;
  #tag;
  constructor(oras, repository, subject) {
    this.#oras = oras;
    this.#repository = repository;
    this.#subject = subject;
    this.#tag = fallbackTag(subject);
  }
  /**
   * The listed referrers. A tag that points to the subject itself lists none: `cosign copy` leaves such tags.
   * @throws VeritySignError 'registry' if the tag points to something else that is not an index
   */
  async entries() {
    return await this.find() ?? [];
  }
  /** As {@link entries}; undefined if there is no list. */
  async find() {
    const { index } = await this.#read();
    return index === void 0 ? void 0 : entriesOf(index);
  }
  /** Those that are not listed. */
  async missing(entries) {
    return missingFrom((await this.#read()).index, entries);
  }
  /**
   * Adds all entries in one write, or writes nothing if the list has them. Entries whose manifests are gone,
   * such as after a clean-up of untagged manifests, are removed by the same write.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if the tag cannot be written
   */
  async add(entries, folder2) {
    const { index, isSubject } = await this.#read();
    const missing = missingFrom(index, entries);
    if (missing.length === 0) return;
    const { bytes: bytes2, descriptor: descriptor2 } = changedIndex(index, missing, await this.#gone(entriesOf(index)));
    try {
      await this.#write(bytes2, descriptor2, folder2);
    } catch (cause) {
      if (isSubject && cause instanceof VeritySignError && cause.code !== "cancelled") {
        throw this.#unusable(cause);
      }
      throw cause;
    }
    if (isSubject && (await this.#read()).isSubject) throw this.#unusable();
  }
  /**
   * Takes entries out in one write, or writes nothing if the list has none of them. An empty list stays.
   * @param digests of the entries
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if the tag cannot be written
   */
  async remove(digests, folder2) {
    const { index } = await this.#read();
    if (!entriesOf(index).some(({ digest }) => digests.has(digest))) return;
    const { bytes: bytes2, descriptor: descriptor2 } = changedIndex(index, [], digests);
    await this.#write(bytes2, descriptor2, folder2);
  }
  async #write(bytes2, descriptor2, folder2) {
    const name = "index.json";
    await writeFile(join(folder2, name), bytes2, { mode: 384 });
    await this.#oras.pushManifest(this.#repository, descriptor2, { folder: folder2, name }, this.#tag);
  }
  async #read() {
    const found10 = await this.#oras.find(`${this.#repository}:${this.#tag}`);
    const isSubject = found10?.digest === this.#subject.digest;
    if (found10 === void 0 || isSubject) return { index: void 0, isSubject };
    checkIndex(found10, this.#tag);
    return { index: await this.#oras.manifest(this.#repository, found10), isSubject };
  }
  async #gone(listed2) {
    const gone = /* @__PURE__ */ new Set();
    await inBatches(listed2.slice(0, MOST_LOOKED_UP), async ({ digest }) => {
      if (await this.#oras.find(`${this.#repository}@${digest}`) === void 0) gone.add(digest);
    });
    return gone;
  }
  /** GitLab resolves the fallback tag as if it were the digest, whatever was written to it. */
  #unusable(cause) {
    return new VeritySignError(
      "registry",
      `no signature can be attached in ${this.#repository}: the registry has no referrers API, and the fallback tag ${this.#tag} points to the manifest itself even after a list was written to it, as in GitLab's registry`,
      {
        remedy: "Push the image to a registry with the referrers API, or sign it in an OCI layout (oci:DIR) and deliver the signed layout",
        cause
      }
    );
  }
};

// src/oci/attach/lists/late-rivals.ts
var SHORTEST_WAIT = 2e3;
var LONGEST_WAIT2 = 2e4;
var SPREAD = 0.25;
var LOOKS = 3;
var LateRivals = class {
  #oras;
  #repository;
  /** By the digest of their subject. */
  #entries = /* @__PURE__ */ new Map();
  /** Milliseconds. */
  #slowest = 0;
  constructor(oras, repository) {
    this.#oras = oras;
    this.#repository = repository;
  }
  /** Remembers referrers that a list under a tag has because of this run. */
  add(entries) {
    for (const entry of entries) {
      const { digest } = entry.subject;
      this.#entries.set(digest, [...this.#entries.get(digest) ?? [], entry]);
    }
  }
  /** Measures a push. */
  async timed(push) {
    const started2 = performance.now();
    try {
      return await push();
    } finally {
      this.#slowest = Math.max(this.#slowest, performance.now() - started2);
    }
  }
  /**
   * Makes sure that the lists still have all referrers of this run. Returns at once if there are none.
   * @param folder a folder of this run, for a temporary file
   * @throws VeritySignError 'registry' if another client keeps removing them, the signal's reason
   */
  async settle(folder2, signal) {
    if (this.#entries.size === 0) return;
    for (let look2 = 1; ; look2++) {
      await setTimeout2(this.#wait(), void 0, { signal });
      const lost = await this.#lost();
      const [one9] = lost.flat();
      if (one9 === void 0) return;
      if (look2 === LOOKS) throw this.#removed(one9);
      for (const entries of lost) {
        const [{ subject } = one9] = entries;
        await this.timed(() => this.#list(subject).add(entries, folder2));
      }
    }
  }
  #wait() {
    const base = Math.max(SHORTEST_WAIT, 2 * this.#slowest);
    return Math.min(LONGEST_WAIT2, base * (1 + SPREAD * Math.random()));
  }
  /** The entries that are no longer listed, by subject. */
  async #lost() {
    const lost = [];
    for (const entries of this.#entries.values()) {
      const [first] = entries;
      const missing = first === void 0 ? [] : await this.#list(first.subject).missing(entries);
      if (missing.length > 0) lost.push(missing);
    }
    return lost;
  }
  #list(subject) {
    return new TagList(this.#oras, this.#repository, subject);
  }
  #removed({ descriptor: descriptor2, subject }) {
    return new VeritySignError(
      "registry",
      `${this.#repository} no longer lists ${descriptor2.digest} as a referrer of ${subject.digest}: another program writes the list at the same time`,
      {
        remedy: "Sign an image in one run at a time (in GitHub workflows by concurrency), or use a registry with the referrers API; then run again"
      }
    );
  }
};

// src/oci/attach/lists/referrer-lists.ts
var RETRY_AFTER = [300, 600, 1200];
var ReferrerLists = class {
  rivals;
  #oras;
  #repository;
  /** Whether the API has failed to list what this run pushed: the next subject needs no waiting. */
  #deaf = false;
  /** @param repository `REGISTRY/PATH` without tag */
  constructor(oras, repository) {
    this.#oras = oras;
    this.#repository = repository;
    this.rivals = new LateRivals(oras, repository);
  }
  /**
   * All referrers of a subject, of any type: those of the API first, then those under the fallback tag, as
   * far as the mode permits.
   * @throws ReferrersRefusedError if the registry refuses the API and has no list under the tag,
   *   VeritySignError 'registry'
   */
  async read(subject) {
    if (this.#oras.referrersMode === "api") {
      return await this.#oras.referrers(this.#repository, subject) ?? [];
    }
    const byApi = await this.#byApi(subject);
    const underTag = await this.#underTag(subject, Array.isArray(byApi));
    if (byApi instanceof ReferrersRefusedError && underTag === void 0) throw byApi;
    const listed2 = Array.isArray(byApi) ? byApi : [];
    const known2 = new Set(listed2.map(({ digest }) => digest));
    return [...listed2, ...(underTag ?? []).filter(({ digest }) => !known2.has(digest))];
  }
  /** Whether the registry answers at the referrers API; `pushed` is a manifest that it has. */
  async hasApi(pushed) {
    return this.#oras.referrersMode === "api" || Array.isArray(await this.#byApi(pushed));
  }
  /**
   * Makes sure that manifests which were pushed are listed as referrers. A registry with the referrers API
   * lists them by itself; elsewhere, one write of the fallback tag lists them all.
   *
   * @param entries of one subject
   * @param folder an empty folder of this run, for a temporary file
   * @returns the list as it was read afterwards
   * @throws VeritySignError 'registry'
   */
  async ensure(subject, entries, folder2, signal) {
    const byApi = await this.#awaitApi(subject, entries, signal);
    if (byApi !== void 0 && (this.#oras.referrersMode === "api" || hasAll(byApi, entries))) return byApi;
    this.#deaf = byApi !== void 0;
    return this.ensureTag(subject, entries, folder2, signal);
  }
  /** As {@link ensure}, by the fallback tag alone. The subject need not exist. */
  async ensureTag(subject, entries, folder2, signal) {
    const list2 = new TagList(this.#oras, this.#repository, subject);
    for (let attempt2 = 0; ; attempt2++) {
      await this.rivals.timed(() => list2.add(entries, folder2));
      const listed2 = await list2.entries();
      if (hasAll(listed2, entries)) {
        this.rivals.add(entries);
        return listed2;
      }
      if (!await pause(attempt2, signal)) return listed2;
    }
  }
  /**
   * Takes referrers out of the list under the fallback tag. The list of the API follows the manifests.
   *
   * @param digests of referrers of this subject
   * @param folder a folder of this run, for a temporary file
   * @returns those that no list has any more
   * @throws VeritySignError 'registry', also if another client keeps listing them
   */
  async unlist(subject, digests, folder2, signal) {
    if (this.#oras.referrersMode === "api") return [];
    const byApi = await this.#byApi(subject);
    const under = await this.#underTag(subject, Array.isArray(byApi));
    const listed2 = (under ?? []).map(({ digest }) => digest).filter((digest) => digests.has(digest));
    if (listed2.length === 0) return [];
    const list2 = new TagList(this.#oras, this.#repository, subject);
    for (let attempt2 = 0; ; attempt2++) {
      await list2.remove(digests, folder2);
      const [left] = (await list2.entries()).filter(({ digest }) => digests.has(digest));
      if (left === void 0) break;
      if (!await pause(attempt2, signal)) throw this.#keepsListing(left, subject);
    }
    const known2 = new Set(Array.isArray(byApi) ? byApi.map(({ digest }) => digest) : []);
    return listed2.filter((digest) => !known2.has(digest));
  }
  #keepsListing({ digest }, subject) {
    return new VeritySignError(
      "registry",
      `${this.#repository} still lists ${digest} as a referrer of ${subject.digest} after a list without it was written`,
      { remedy: "Make sure that no other program writes that list at the same time, then run again" }
    );
  }
  /** The list of the API once it has all entries, or as it is after the last attempt. */
  async #awaitApi(subject, entries, signal) {
    for (let attempt2 = 0; ; attempt2++) {
      const listed2 = await this.#byApi(subject);
      if (!Array.isArray(listed2)) return void 0;
      if (hasAll(listed2, entries) || this.#deaf) return listed2;
      if (!await pause(attempt2, signal)) return listed2;
    }
  }
  /** What the API lists; undefined or the refusal where the fallback tag is used instead. */
  async #byApi(subject) {
    try {
      return await this.#oras.referrers(this.#repository, subject);
    } catch (error2) {
      if (error2 instanceof ReferrersRefusedError && this.#oras.referrersMode === "auto") return error2;
      throw error2;
    }
  }
  /** A tag of another kind is an error only where the tag is the only list. */
  async #underTag(subject, hasApi) {
    try {
      return await new TagList(this.#oras, this.#repository, subject).find();
    } catch (error2) {
      if (hasApi && error2 instanceof NotAnIndexError) return void 0;
      throw error2;
    }
  }
};
function hasAll(listed2, entries) {
  const digests = new Set(listed2.map(({ digest }) => digest));
  return entries.every(({ descriptor: descriptor2 }) => digests.has(descriptor2.digest));
}
async function pause(attempt2, signal) {
  const wait = RETRY_AFTER[attempt2];
  if (wait === void 0) return false;
  await setTimeout2(wait * (1 + Math.random()), void 0, signal === void 0 ? {} : { signal });
  return true;
}

// src/lib/read-regular.ts
async function readRegular(path, mostBytes) {
  const file = await openRegular(path);
  try {
    return await readUpTo(file, mostBytes, "too large");
  } finally {
    await file.close();
  }
}
async function openRegular(path) {
  const file = await open(path, constants2.O_RDONLY | constants2.O_NONBLOCK | constants2.O_NOCTTY);
  try {
    const found10 = await file.stat();
    if (found10.isDirectory()) throw failure2("EISDIR");
    if (!found10.isFile()) throw failure2("not a regular file");
    return file;
  } catch (error2) {
    await file.close();
    throw error2;
  }
}
function failure2(code) {
  return Object.assign(new Error(code), { code });
}

// src/oci/attach/read/pulled-blobs.ts
var PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
var UNPACKED = "io.deis.oras.";
async function pullTogether(oras, repository, descriptor2, manifest, folder2) {
  const names = fileNames(manifest);
  const blobs = /* @__PURE__ */ new Map();
  if (names === void 0) return blobs;
  const own3 = await mkdtemp(join(folder2, "pulled-"));
  try {
    if (!await oras.pullFiles(repository, descriptor2, own3)) return blobs;
    for (const [index, layer] of manifest.layers.entries()) {
      const bytes2 = await readRegular(join(own3, names[index] ?? ""), layer.size);
      checkContent(bytes2, layer);
      blobs.set(layer.digest, bytes2);
    }
    return blobs;
  } catch (error2) {
    if (error2 instanceof VeritySignError && error2.code === "cancelled") throw error2;
    return /* @__PURE__ */ new Map();
  } finally {
    await rm(own3, { recursive: true, force: true });
  }
}
function fileNames({ config: config2, layers }) {
  if (!isEmpty2(config2) || !layers.every(isSignature)) return void 0;
  const names = layers.map(({ annotations }) => annotations?.[TITLE] ?? "");
  const areFiles = names.every((name) => PLAIN_NAME.test(name)) && new Set(names).size === names.length;
  return areFiles ? names : void 0;
}
function isEmpty2({ mediaType, digest, annotations }) {
  return mediaType === EMPTY_CONFIG_MEDIA_TYPE && digest === EMPTY_CONFIG_DIGEST && annotations === void 0;
}
function isSignature({ mediaType, size, annotations = {} }) {
  const unpacks = Object.keys(annotations).some((key) => key.startsWith(UNPACKED));
  return mediaType === PKCS7_MEDIA_TYPE && size <= MAX_SIGNATURE_SIZE && !unpacks;
}

// src/oci/attach/registry-store.ts
var RegistryStore = class {
  name;
  #oras;
  #lists;
  #log;
  #sharesLists;
  #folder;
  /** The latest list. */
  #latest;
  /** Digests that have been reported. */
  #gone = /* @__PURE__ */ new Set();
  /**
   * @param repository `REGISTRY/PATH` without tag
   * @param folder the run's private temporary folder
   */
  constructor(oras, repository, folder2, { log, sharesLists = false } = {}) {
    this.#oras = oras;
    this.name = repository;
    this.#lists = new ReferrerLists(oras, repository);
    this.#log = log;
    this.#sharesLists = sharesLists;
    this.#folder = folder2;
  }
  async list(subject, artifactType) {
    const { digest } = subject;
    const known2 = this.#sharesLists && this.#latest?.digest === digest ? this.#latest : void 0;
    this.#latest = known2 ?? { digest, listed: this.#lists.read(subject) };
    return ofType(await this.#latest.listed, artifactType);
  }
  fetchManifest(descriptor2) {
    return this.#oras.manifest(this.name, descriptor2);
  }
  fetchBlob(descriptor2) {
    return this.#oras.smallBlob(this.name, descriptor2, MAX_SIGNATURE_SIZE);
  }
  fetchTogether(descriptor2, manifest) {
    return pullTogether(this.#oras, this.name, descriptor2, manifest, this.#folder);
  }
  reportGone(subject, { digest }) {
    if (this.#gone.has(digest)) return;
    this.#gone.add(digest);
    this.#log?.warn(
      `${this.name} lists ${digest} as a referrer of ${subject.digest}, but no longer has it: left out`
    );
  }
  async push({ blobs, descriptor: descriptor2, bytes: bytes2 }, folder2) {
    const { rivals } = this.#lists;
    await inBatches(blobs, async (blob, index) => {
      const name2 = `blob-${index}`;
      await writeFile(join(folder2, name2), blob.bytes, { mode: 384 });
      await rivals.timed(() => this.#oras.pushBlob(this.name, blob.descriptor, { folder: folder2, name: name2 }));
    });
    const name = "manifest.json";
    await writeFile(join(folder2, name), bytes2, { mode: 384 });
    await rivals.timed(() => this.#oras.pushManifest(this.name, descriptor2, { folder: folder2, name }));
  }
  async enlist(artifacts, folder2, signal) {
    const entries = artifacts.map(({ descriptor: descriptor2, manifest: { subject, artifactType, annotations } }) => ({
      descriptor: descriptor2,
      subject,
      artifactType,
      annotations
    }));
    this.#latest = void 0;
    const [first] = entries;
    return first === void 0 ? [] : this.#lists.ensure(first.subject, entries, folder2, signal);
  }
  async remove(subject, referrers, folder2, changed, signal) {
    this.#latest = void 0;
    const digests = new Set(referrers.map(({ digest }) => digest));
    for (const digest of await this.#lists.unlist(subject, digests, folder2, signal)) {
      changed(digest, "unlisted");
    }
    for (const referrer of referrers) {
      signal.throwIfAborted();
      try {
        await this.#oras.deleteManifest(this.name, referrer);
      } catch (error2) {
        if (!isRefusal(error2)) changed(referrer.digest, "unknown");
        throw error2;
      }
      changed(referrer.digest, "deleted");
    }
  }
  settle(folder2, signal) {
    return this.#lists.rivals.settle(folder2, signal);
  }
};

// src/oci/image/archive/docker-archive.ts
var REMEDY2 = "Save it as an OCI archive (podman save --format oci-archive, or skopeo copy docker-archive:FILE oci-archive:FILE:TAG) and use push-to, or push the image first and sign it in the registry";
function dockerArchive(what, code, more) {
  return new VeritySignError(
    code,
    `${what} is a docker-archive, which has no manifest: a push compresses the layers and writes a manifest, so the digests that the image will have cannot be known here`,
    { remedy: more === void 0 ? REMEDY2 : `${REMEDY2}. ${more}` }
  );
}

// src/oci/image/reference.ts
var FORMS = "Use REGISTRY/REPOSITORY:TAG, REGISTRY/REPOSITORY@DIGEST (with or without docker://), oci:DIR[:TAG|@DIGEST], oci-archive:FILE[:TAG|@DIGEST] or docker-daemon:NAME[:TAG]";
function parseReference(text4) {
  refuseCredentials(text4);
  if (text4 !== text4.trim() || text4 === "" || hasControl(text4))
    throw refused(text4, "is not an image reference");
  refuseEmptyPart(text4);
  if (text4.startsWith("oci-archive:")) return { kind: "archive", ...parseLocal(text4, "file") };
  if (text4.startsWith("oci:")) return { kind: "layout", ...parseLocal(text4, "folder") };
  if (text4.startsWith("docker-daemon:")) return parseDaemon(text4);
  if (text4.startsWith("docker://")) return parseRegistry(text4, text4.slice("docker://".length));
  if (/^docker-archive:/i.test(text4)) throw dockerArchive(JSON.stringify(text4), "usage", FORMS);
  const foreign = FOREIGN_TRANSPORT.exec(text4);
  if (foreign !== null) throw refused(text4, `has the unsupported prefix ${foreign[1]}:`);
  const prefix = prefixForPath(text4);
  if (prefix !== void 0) throw refused(text4, "is a path, not an image in a registry", prefix);
  if (text4.includes(",")) {
    throw refused(
      text4,
      "contains a comma",
      "Write one image per line, or on the command line one per argument"
    );
  }
  return parseRegistry(text4, text4);
}
function parseImage(text4) {
  const reference = parseReference(text4);
  if (reference.kind !== "registry" || /^(?:docker:\/\/|docker\.io\/)/.test(text4)) return reference;
  const layout = isOnHub(reference) ? layoutNamed(nameOf2(text4)) : void 0;
  if (layout === void 0) return reference;
  const remedy = `Write oci:${text4} for the layout, or docker://${text4} for the image on Docker Hub`;
  throw refused(text4, `is the name of an OCI layout in the folder ${layout}`, remedy);
}
function isOnHub({ registry: registry2 }) {
  return registry2 === "docker.io";
}
function nameOf2(text4) {
  return text4.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}
function refuseEmptyPart(text4) {
  const empty = /^[@:]|[@:]$/.exec(text4);
  if (empty === null || /^(?:oci|oci-archive|docker-daemon):$/.test(text4)) return;
  const local = /^oci(?:-archive)?:(.+)$/.exec(text4)?.[1];
  if (local !== void 0 && existsSync(local)) return;
  const where = empty.index === 0 ? "before" : "after";
  throw refused(
    text4,
    `has nothing ${where} "${empty[0]}"`,
    "If an output of a step or a variable belongs there, it is empty: check its name, and that the step ran"
  );
}
var CREDENTIALS = /^(?:(?!oci(?:-archive)?:)[^/\s@]+:.+@(?!sha(?:256|512):)[^@]*\/|[a-z][a-z0-9+.-]*:\/\/[^/]*@(?!sha(?:256|512):))/i;
function refuseCredentials(text4) {
  if (!CREDENTIALS.test(text4)) return;
  throw new VeritySignError("usage", "an image reference contains a user name or a password", {
    remedy: "Write it without them, and set registry-username and registry-password, or log in first"
  });
}
function referenceName(reference) {
  switch (reference.kind) {
    case "registry":
      return `${reference.registry}/${reference.repository}`;
    case "layout":
      return `oci:${reference.path}`;
    case "archive":
      return `oci-archive:${reference.path}`;
    case "daemon":
      return `docker-daemon:${reference.registry}/${reference.repository}`;
  }
}
function parseLocal(text4, what) {
  const target = splitLocal(text4.slice(text4.indexOf(":") + 1), what);
  if (typeof target === "string") throw refused(text4, target);
  return target;
}
function parseDaemon(text4) {
  const { registry: registry2, repository, tag, digest } = parseRegistry(text4, text4.slice("docker-daemon:".length));
  if (digest !== void 0 || tag === void 0)
    throw refused(text4, "has a digest: images of the docker daemon are named by tag");
  return { kind: "daemon", registry: registry2, repository, tag };
}
var DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
var PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
var TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
function parseRegistry(text4, rest) {
  const at = rest.indexOf("@");
  const digest = at === -1 ? void 0 : rest.slice(at + 1);
  if (digest !== void 0 && !isDigest(digest)) throw refused(text4, "has a malformed digest");
  const named = at === -1 ? rest : rest.slice(0, at);
  const colon = named.lastIndexOf(":");
  const tagged = colon !== -1 && !named.includes("/", colon);
  const given = tagged ? named.slice(colon + 1) : void 0;
  if (given !== void 0 && !TAG.test(given)) throw refused(text4, "has a malformed tag");
  const { registry: registry2, repository } = splitRegistry(tagged ? named.slice(0, colon) : named);
  if (!DOMAIN.test(registry2)) throw refused(text4, "has a malformed registry name");
  if (repository !== repository.toLowerCase()) {
    const remedy = `Write it in lowercase: ${registry2}/${repository.toLowerCase()}`;
    throw refused(text4, "has uppercase letters in the repository name", remedy);
  }
  if (!PATH.test(repository) || repository.length > 255)
    throw refused(text4, "has a malformed repository name");
  return {
    kind: "registry",
    registry: registry2,
    repository,
    tag: given ?? (digest === void 0 ? "latest" : void 0),
    digest
  };
}
function splitRegistry(name) {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry2 = slash === -1 || !isHost || first === "index.docker.io" ? "docker.io" : first;
  const repository = slash !== -1 && isHost ? name.slice(slash + 1) : name;
  const official = registry2 === "docker.io" && !repository.includes("/");
  return { registry: registry2, repository: official ? `library/${repository}` : repository };
}
function hasControl(text4) {
  return [...text4].some((character) => character < " " || character === "");
}
function refused(text4, reason, remedy) {
  return new VeritySignError("usage", `${JSON.stringify(text4)} ${reason}`, {
    remedy: remedy === void 0 ? FORMS : `${remedy}. ${FORMS}`
  });
}

// src/oci/image/layout-names.ts
function entriesNamed(entries, name) {
  const exact = entries.filter(({ annotations }) => annotations?.[REF_NAME] === name);
  if (exact.length > 0) return exact;
  const named = entries.map((entry) => ({ entry, names: fullNames(entry) }));
  for (const wanted of [fullName(name), fullName(`localhost/${name}`)]) {
    const found10 = named.filter(({ names }) => wanted !== void 0 && names.includes(wanted));
    if (found10.length > 0) return found10.map(({ entry }) => entry);
  }
  return [];
}
function choicesOf(images, limit) {
  const tags = /* @__PURE__ */ new Map();
  const names = /* @__PURE__ */ new Map();
  for (const entry of images) {
    const tag = entry.annotations?.[REF_NAME];
    if (tag !== void 0) addTo(tags, tag, entry.digest);
    for (const name of fullNames(entry)) addTo(names, name, entry.digest);
  }
  const choices = /* @__PURE__ */ new Set();
  for (const { annotations, digest } of images) {
    const tag = annotations?.[REF_NAME];
    const name = annotations?.[IMAGE_NAME];
    if (tag !== void 0 && !isDigest(tag) && tags.get(tag)?.size === 1) choices.add(`:${tag}`);
    else if (name !== void 0 && !tags.has(name) && names.get(fullName(name) ?? "")?.size === 1)
      choices.add(`:${name}`);
    else choices.add(`@${digest}`);
    if (choices.size === limit) break;
  }
  return [...choices];
}
function addTo(map, key, value2) {
  map.set(key, (map.get(key) ?? /* @__PURE__ */ new Set()).add(value2));
}
function fullNames({ annotations }) {
  const names = [annotations?.[IMAGE_NAME], annotations?.[REF_NAME]];
  return names.flatMap((name) => name === void 0 ? [] : fullName(name) ?? []);
}
function fullName(text4) {
  try {
    const reference = parseReference(text4);
    if (reference.kind !== "registry" || reference.tag === void 0) return void 0;
    return `${referenceName(reference)}:${reference.tag}`;
  } catch {
    return void 0;
  }
}

// src/oci/image/layout-source.ts
var LayoutSource = class {
  name;
  #layout;
  #target;
  /** Whether the manifest of a digest is an image: many entries may name one manifest. */
  #isImage = /* @__PURE__ */ new Map();
  /**
   * @param name for messages; default `oci:PATH`
   * @param signal ends reading between two documents
   */
  constructor(target, name, signal) {
    this.#target = target;
    this.#layout = new OciLayout(target.path, signal);
    this.name = name ?? referenceName({ kind: "layout", ...target });
  }
  async resolve() {
    await this.#layout.check();
    const entries = await this.#layout.entries();
    const { tag, digest } = this.#target;
    if (digest !== void 0) return this.#byDigest(entries, digest);
    const matching = tag === void 0 ? await this.#images(entries) : entriesNamed(entries, tag);
    const distinct = distinctContent(matching);
    const [only] = distinct;
    if (only !== void 0 && distinct.length === 1) return only;
    throw await this.#notOne(distinct.length, entries);
  }
  async manifest(descriptor2) {
    return this.#layout.read(descriptor2);
  }
  async config(descriptor2) {
    return this.#layout.read(descriptor2);
  }
  async blob(descriptor2) {
    return createReadStream("", { fd: await this.#layout.open(descriptor2), highWaterMark: 1024 * 1024 });
  }
  /** Searches index.json and the indexes below it: the digest may be that of one platform's manifest. */
  async #byDigest(entries, digest) {
    const seen = /* @__PURE__ */ new Set();
    let level = [...entries];
    while (level.length > 0) {
      const found10 = level.find((entry) => entry.digest === digest);
      if (found10 !== void 0) return found10;
      const indexes = level.filter((entry) => documentKind(entry.mediaType) === "index");
      level = [];
      for (const index of indexes) {
        if (seen.has(index.digest)) continue;
        seen.add(index.digest);
        const document = parseDocument(await this.manifest(index), index.mediaType);
        if (document.kind === "index") level.push(...document.manifests);
      }
    }
    throw new VeritySignError("usage", `the layout does not contain ${digest}`, {
      remedy: await this.#choices(entries)
    });
  }
  /** Entries that are images or indexes. Signatures, lists of them and other artifacts are listed too. */
  async #images(entries) {
    const images = [];
    for (const entry of entries) {
      if (hasDigestTag(entry)) continue;
      const kind = documentKind(entry.mediaType);
      if (kind === "index" || kind === "schema1") images.push(entry);
      if (kind !== "manifest" || entry.artifactType !== void 0 && !isImageConfig(entry.artifactType))
        continue;
      if (await this.#namesImage(entry)) images.push(entry);
    }
    return images;
  }
  async #namesImage(entry) {
    const key = `${entry.digest} ${entry.size} ${entry.mediaType}`;
    const known2 = this.#isImage.get(key);
    if (known2 !== void 0) return known2;
    const document = parseDocument(await this.manifest(entry), entry.mediaType);
    const isImage = document.kind === "manifest" && document.subject === void 0;
    this.#isImage.set(key, isImage);
    return isImage;
  }
  async #notOne(count2, entries) {
    const { tag } = this.#target;
    const tagged = tag === void 0 ? "" : ` tagged ${JSON.stringify(tag)}`;
    const message = count2 === 0 ? `the layout has no image${tagged}` : `the layout has ${count2} images${tagged}`;
    return new VeritySignError("usage", message, { remedy: await this.#choices(entries) });
  }
  async #choices(entries) {
    const images = await this.#images(entries);
    if (images.length === 0) return "Write an image to the layout first";
    return `Choose one of ${choicesOf(images, 20).join(", ")}`;
  }
};

// src/oci/image/registry-source.ts
var RegistrySource = class {
  name;
  #oras;
  #reference;
  constructor(oras, reference) {
    this.#oras = oras;
    this.#reference = reference;
    this.name = referenceName(reference);
  }
  async resolve() {
    try {
      return await this.#resolve();
    } catch (error2) {
      throw isOnHub(this.#reference) ? withPathHint(error2, this.#reference.repository) : error2;
    }
  }
  async #resolve() {
    const { digest, tag = "latest" } = this.#reference;
    if (digest === void 0) return this.#oras.resolve(`${this.name}:${tag}`);
    const descriptor2 = await this.#oras.resolve(`${this.name}@${digest}`);
    if (descriptor2.digest !== digest) {
      throw new VeritySignError("registry", `the registry returned ${descriptor2.digest} for ${digest}`);
    }
    return descriptor2;
  }
  manifest(descriptor2) {
    return this.#oras.manifest(this.name, descriptor2);
  }
  config(descriptor2) {
    return this.#oras.smallBlob(this.name, descriptor2);
  }
  blob(descriptor2, signal) {
    return this.#oras.blob(this.name, descriptor2, signal);
  }
};

// src/tools/versions.ts
function findVersion(output) {
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}
function compareVersions(a, b) {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
function numbersOf(version2) {
  return version2.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
}
var OLDEST_EROFS_UTILS = "1.8.10";
var SUPPORTED_EROFS_UTILS = `1.8.6, or ${OLDEST_EROFS_UTILS} or later, except 1.9.0`;
function unsupportedErofsUtils(version2) {
  if (compareVersions(version2, OLDEST_EROFS_UTILS) < 0) return "too-old";
  return compareVersions(version2, "1.9.0") === 0 ? "divergent" : void 0;
}
function releaseOf(label, mkfsClass) {
  return label === "1.9" && mkfsClass === "A" ? "1.9.1" : label;
}
function labelFits(label, wanted) {
  if (wanted === void 0 || wanted === "any" || isKnownClass(wanted)) return true;
  return compareVersions(label, wanted) === 0 || releaseOf(label, "A") === wanted;
}
function erofsUtilsFits(version2, wanted) {
  if (isKnownClass(wanted) && RELEASE_CLASSES[version2] === wanted) return true;
  if (unsupportedErofsUtils(version2) !== void 0) return false;
  if (wanted === void 0 || wanted === "any") return true;
  if (isKnownClass(wanted)) return classOfRelease(version2) === wanted;
  return compareVersions(version2, wanted) === 0;
}
function classOfRelease(version2) {
  const known2 = Object.entries(RELEASE_CLASSES);
  return known2.findLast(([release]) => compareVersions(release, version2) <= 0)?.[1];
}
var FIRST_SAFE_ORAS = "1.3.3";
function leaksCredentials(version2) {
  const difference = compareVersions(version2, FIRST_SAFE_ORAS);
  return difference < 0 || difference === 0 && /^[\d.]+-/.test(version2);
}

// src/oci/oras/credentials.ts
async function findCredentials(registry2, given, env) {
  const own3 = given?.find((one9) => isSameRegistry(one9.registry, registry2));
  if (own3 !== void 0) return own3.input;
  for (const file of authFiles(env)) {
    try {
      for await (const { kind } of lookUp(file, registry2, void 0)) {
        return `${kind === "helper" ? "a credential helper" : "an entry"} in ${file.path}`;
      }
    } catch (error2) {
      if (!(error2 instanceof VeritySignError)) throw error2;
      return `a file that cannot be read: ${file.path}`;
    }
  }
  return void 0;
}

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
var REMEDY3 = `Install oras ${FIRST_SAFE_ORAS} or later, or set oras-path to one`;
async function checkVersion(path, signal) {
  const output = await ask(path, signal);
  const match = /^Version:\s*(?<text>(?<major>\d+)\.(?<minor>\d+)\.\S+)/m.exec(output);
  if (match?.groups === void 0) {
    throw new VeritySignError("environment", `${path} does not print a version of oras`, {
      remedy: REMEDY3
    });
  }
  const { text: text4 = "" } = match.groups;
  const version2 = { major: Number(match.groups.major), minor: Number(match.groups.minor), text: text4 };
  if (version2.major < 1 || version2.major === 1 && version2.minor < 2) {
    throw new VeritySignError("environment", `oras ${text4} is too old: 1.2 is the oldest supported version`, {
      remedy: REMEDY3
    });
  }
  return version2;
}
async function ask(path, signal) {
  const options = { env: orasEnvironment(), timeout: 3e4, ...signal === void 0 ? {} : { signal } };
  try {
    const { stdout } = await run([path, "version"], options);
    return stdout.toString("utf8");
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new VeritySignError("environment", cause.message, { remedy: REMEDY3, cause });
  }
}

// src/oci/oras/credential-guard.ts
var CAN_LEAK = "to another host that the registry names (CVE-2026-50151)";
var CredentialGuard = class {
  #version;
  #given;
  #log;
  #checked = /* @__PURE__ */ new Map();
  constructor(version2, given, log) {
    this.#version = version2;
    this.#given = given;
    this.#log = log;
  }
  /**
   * Call it before each request to a registry. Without credentials, the first call for a registry warns.
   * @throws VeritySignError 'environment'
   */
  check(registry2) {
    let check = this.#checked.get(registry2);
    if (check === void 0) {
      check = this.#check(registry2);
      this.#checked.set(registry2, check);
    }
    return check;
  }
  async #check(registry2) {
    await refuseLeak(this.#version, registry2, this.#given);
    const { text: text4 } = this.#version;
    if (!leaksCredentials(text4)) return;
    this.#log?.warn(
      `oras ${text4} can send credentials ${CAN_LEAK}. It is used because there are none for ${registry2}. ${REMEDY3}`
    );
  }
};
function checkVersionFor(registries, given) {
  return async (path, signal) => {
    const version2 = await checkVersion(path, signal);
    for (const registry2 of registries) await refuseLeak(version2, registry2, given);
    return version2;
  };
}
async function refuseLeak({ text: text4 }, registry2, given) {
  if (!leaksCredentials(text4)) return;
  const source = await findCredentials(registry2, given, networkEnvironment());
  if (source === void 0) return;
  throw new VeritySignError(
    "environment",
    `oras ${text4} can send the credentials for ${registry2} (${source}) ${CAN_LEAK}`,
    { remedy: REMEDY3 }
  );
}

// src/oci/oras/calls.ts
var RETRY_AFTER2 = [500, 2e3];
var OrasCalls = class {
  options;
  #guard;
  #logins;
  constructor(options, version2) {
    this.options = options;
    this.#guard = new CredentialGuard(version2, options.credentials, options.log);
    const { credentials: given, env = process.env, signal } = options;
    this.#logins = new Logins({ given, env, signal });
  }
  /** See {@link Oras.requireSafe}. */
  async requireSafe(repository) {
    const [registry2 = "", ...path] = repository.split("/");
    await this.#guard.check(registry2);
    return path.length > 0 ? this.#logins.of(repository) : void 0;
  }
  /**
   * Standard output of a call.
   * @param target `REPOSITORY:TAG` or `REPOSITORY@DIGEST`
   * @param signal replaces the one for all calls
   * @param before words before those of oras
   */
  async output(argv, access2, target, signal = this.options.signal, before = []) {
    const attempt2 = (login) => run([...before, ...this.argv(argv, login)], this.runOptions(login, signal));
    const { stdout } = await this.retrying(attempt2, access2, target, signal);
    return stdout;
  }
  /** Repeats a call after a broken connection, and once with other credentials of a helper. */
  async retrying(attempt2, access2, target, signal = this.options.signal) {
    await this.#guard.check(target.slice(0, target.indexOf("/")));
    const repository = target.replace(/(?:@.*|:[^/]*)$/, "");
    let login = await this.#logins.of(repository);
    let renewed = false;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt2(login);
      } catch (error2) {
        if (!renewed && login?.from === "helper" && isUnauthorized(error2, access2, target, login)) {
          renewed = true;
          this.#logins.forget(repository);
          login = await this.#logins.of(repository);
          continue;
        }
        const wait = RETRY_AFTER2[tries];
        if (wait === void 0 || !isTransient(error2, access2, target, login))
          throw orasFailure(error2, access2, target, login);
        await setTimeout2(wait, void 0, { signal });
      }
    }
  }
  argv(argv, login) {
    return [this.options.path ?? "oras", ...argv, ...loginOptions(login)];
  }
  /** The options for the connection. */
  remote() {
    const { plainHttp, caFile, clientCertificate: client } = this.options;
    return [
      ...plainHttp === true ? ["--plain-http"] : [],
      ...caFile === void 0 ? [] : ["--ca-file", caFile],
      ...client === void 0 ? [] : ["--cert-file", client.certificate, "--key-file", client.key]
    ];
  }
  runOptions(login, signal = this.options.signal) {
    const { path = "oras", timeout, certificates } = this.options;
    return {
      env: orasEnvironment(certificates),
      name: path,
      maxOutput: 8 * 1024 * 1024,
      ...signal === void 0 ? {} : { signal },
      ...timeout === void 0 ? {} : { timeout },
      ...login === void 0 ? {} : { stdin: login.secret, secrets: secretsOf(login) }
    };
  }
};
function loginOptions(login) {
  if (login === void 0) return [];
  return login.username === void 0 ? ["--identity-token-stdin"] : ["--username", login.username, "--password-stdin"];
}

// src/oci/oras/fallback.ts
var NO_TIMEOUT = 2 ** 31 - 1;
var Fallback = class {
  #calls;
  /** Registries that have answered a HEAD request: what they say about others is true. */
  #usual = /* @__PURE__ */ new Set();
  /** Registries that oras cannot use. */
  #unusual = /* @__PURE__ */ new Set();
  #direct;
  constructor(calls) {
    this.#calls = calls;
  }
  /** Records that the registry of a reference has answered a HEAD request of oras. */
  answersHead(reference) {
    this.#usual.add(registryOf(reference));
  }
  /** Whether oras was found to be unable to use the registry of a reference. */
  isNeededFor(reference) {
    return this.#unusual.has(registryOf(reference));
  }
  /** By oras, or without it where oras cannot use the registry. */
  async either(access2, target, byOras, directly) {
    const registry2 = registryOf(target);
    if (this.#unusual.has(registry2)) return this.#directly(access2, target, directly);
    try {
      return await byOras();
    } catch (error2) {
      const isDoubtful = access2 === "pull" && isNotFound(error2) && !this.#usual.has(registry2);
      if (!isDoubtful && !refusesHead(error2)) throw error2;
      const result = await this.#directly(access2, target, directly).catch((other) => {
        const isUnanswered = isDoubtful && getsNoAnswer(other);
        if (isUnanswered) this.#usual.add(registry2);
        throw isUnanswered || isDoubtful && isNotFound(other) ? error2 : other;
      });
      this.#unusual.add(registry2);
      return result;
    }
  }
  #directly(access2, target, work) {
    const repository = target.replace(/(?:@.*|:[^/]*)$/, "");
    const attempt2 = async (login) => work(await this.#openDirect(), { repository, login });
    return this.#calls.retrying(attempt2, access2, target);
  }
  /** Lazy import: few registries need it. */
  #openDirect() {
    this.#direct ??= import("./oci.oras.direct.registry.js").then(({ DirectRegistry }) => {
      const {
        plainHttp = false,
        caFile,
        clientCertificate,
        env = process.env,
        ...more
      } = this.#calls.options;
      const { timeout = NO_TIMEOUT, signal = new AbortController().signal } = more;
      return DirectRegistry.open({ plainHttp, caFile, clientCertificate, env, timeout, signal });
    });
    return this.#direct;
  }
};
function registryOf(reference) {
  return reference.slice(0, reference.indexOf("/"));
}

// src/oci/oras/referrers.ts
var listed = descriptorFields.extend({ reference: text, referrers: anything });
var list = array(embedding(listed)).nullish();
var schema = object({
  manifests: list,
  referrers: list,
  reference: text,
  mediaType: text,
  digest: text,
  size: anything,
  artifactType: text,
  annotations: annotationsSchema
});
var EndlessReferrersError = class extends VeritySignError {
  /** @param how completes "the registry lists referrers" */
  constructor(registry2, how, cause) {
    super("registry", `${registry2} lists referrers ${how}`, {
      remedy: "Remove referrers that nobody needs, or set referrers: tag",
      cause
    });
  }
};
var MEMORY = 512 * 1024 * 1024;
var WITH_LITTLE_MEMORY = [
  "/bin/sh",
  "-c",
  `most=${MEMORY / 1024} now=$(ulimit -S -d)
[ "$now" != unlimited ] && [ "$now" -le $most ] || ulimit -S -d $most
exec "$0" "$@"`
];
function lacksMemory(error2) {
  return error2 instanceof VeritySignError && error2.cause instanceof ToolError && error2.cause.exitCode === 2;
}
function parseReferrers(bytes2) {
  const { manifests, referrers } = parseMetadata(schema, bytes2, "the list of referrers");
  return (referrers ?? manifests ?? []).map(toDescriptor);
}

// src/oci/oras/started.ts
function started(source, failure3) {
  return new Promise((resolve2, reject) => {
    const out = new PassThrough({ highWaterMark: 1024 * 1024 });
    let given = false;
    const give = () => {
      if (given) return;
      given = true;
      source.pipe(out);
      resolve2(out);
    };
    source.once("readable", give).once("end", give);
    source.once("error", (error2) => {
      if (given) out.destroy(failure3(error2));
      else reject(error2);
    });
    out.once("close", () => source.destroy());
  });
}

// src/oci/oras/oras.ts
var Oras = class _Oras {
  version;
  #calls;
  #fallback;
  constructor(options, version2) {
    this.#calls = new OrasCalls(options, version2);
    this.#fallback = new Fallback(this.#calls);
    this.version = version2;
  }
  /** Checks the version of oras. @throws VeritySignError 'environment' below 1.2 */
  static async open(options = {}) {
    return new _Oras(options, await checkVersion(options.path ?? "oras", options.signal));
  }
  /**
   * Refuses a version of oras that could send the credentials for this repository to another host, and
   * finds them. Every request does so by itself; a run that makes its first request late calls this at the
   * start.
   * @param repository `REGISTRY/PATH`, or `REGISTRY` to find no credentials yet
   * @returns what requests for it log in with
   * @throws VeritySignError 'environment'
   */
  requireSafe(repository) {
    return this.#calls.requireSafe(repository);
  }
  /**
   * What a tag or digest (`REPOSITORY:TAG`, `REPOSITORY@DIGEST`) points to.
   * @throws VeritySignError 'image' if the registry says another digest than the content has
   */
  async resolve(reference) {
    return this.#fallback.either(
      "pull",
      reference,
      async () => {
        const argv = ["manifest", "fetch", "--descriptor", ...this.#calls.remote(), reference];
        const bytes2 = await this.#calls.output(argv, "pull", reference);
        const descriptor2 = toDescriptor(parseMetadata(descriptorSchema, bytes2, "the descriptor from oras"));
        this.#fallback.answersHead(reference);
        return plainDescriptor(descriptor2);
      },
      async (registry2, place) => (await registry2.manifest(place, lastPart(reference))).descriptor
    );
  }
  /** Like {@link resolve}; undefined if there is no such tag or manifest. */
  async find(reference) {
    try {
      return await this.resolve(reference);
    } catch (error2) {
      if (isNotFound(error2)) return void 0;
      throw error2;
    }
  }
  /** A manifest's bytes; digest and size are checked. */
  async manifest(repository, descriptor2) {
    return this.#small("manifest", repository, descriptor2, void 0, async (registry2, place) => {
      return (await registry2.manifest(place, descriptor2.digest)).bytes;
    });
  }
  /** A small blob's bytes; digest and size are checked. */
  async smallBlob(repository, descriptor2, limit) {
    return this.#small(
      "blob",
      repository,
      descriptor2,
      limit,
      (registry2, place) => registry2.blob(place, descriptor2.digest)
    );
  }
  /**
   * A blob as a stream. Retries if the connection breaks before the first byte.
   *
   * @param signal replaces the one for all calls
   */
  async blob(repository, descriptor2, signal = this.#calls.options.signal) {
    const reference = `${repository}@${descriptor2.digest}`;
    const argv = ["blob", "fetch", "--output", "-", ...this.#calls.remote(), reference];
    const begin = (login) => started(
      stream(this.#calls.argv(argv, login), this.#calls.runOptions(login, signal)),
      (error2) => orasFailure(error2, "pull", reference, login)
    );
    return this.#fallback.either(
      "pull",
      reference,
      () => this.#calls.retrying(begin, "pull", reference, signal),
      async (registry2, place) => started(
        await registry2.blobStream(place, descriptor2.digest, signal),
        (error2) => orasFailure(error2, "pull", reference, place.login)
      )
    );
  }
  /**
   * Downloads the blobs of a manifest that have a title, as files of these names, in one process. oras checks digests
   * and sizes.
   * @param folder an empty folder
   * @returns false if oras cannot use this registry
   */
  async pullFiles(repository, { digest }, folder2) {
    const reference = `${repository}@${digest}`;
    if (this.#fallback.isNeededFor(reference)) return false;
    const argv = ["pull", "--no-tty", "--output", resolve(folder2), ...this.#calls.remote(), reference];
    await this.#calls.output(argv, "pull", reference);
    return true;
  }
  /** Uploads a file as a blob, unless the repository has the blob. */
  async pushBlob(repository, descriptor2, file) {
    const reference = `${repository}@${descriptor2.digest}`;
    const argv = ["blob", "push", ...this.#calls.remote(), reference, resolve(file.folder, file.name)];
    await this.#fallback.either(
      "push",
      reference,
      async () => void await this.#calls.output(argv, "push", reference),
      (registry2, place) => registry2.pushBlob(place, descriptor2, file)
    );
  }
  /**
   * Uploads a manifest by its digest or with a tag, unless that is what the registry has. A registry with the
   * referrers API lists a manifest with a subject; elsewhere nothing lists it yet.
   */
  async pushManifest(repository, descriptor2, file, tag) {
    const { mediaType, digest } = descriptor2;
    const reference = tag === void 0 ? `${repository}@${digest}` : `${repository}:${tag}`;
    const plain = ["--distribution-spec", "v1.1-referrers-api"];
    const argv = ["manifest", "push", "--media-type", mediaType, ...plain, ...this.#calls.remote()];
    const path = resolve(file.folder, file.name);
    await this.#fallback.either(
      "push",
      reference,
      async () => void await this.#calls.output([...argv, reference, path], "push", reference),
      async (registry2, place) => {
        const bytes2 = await readFile(join(file.folder, file.name));
        await registry2.pushManifest(place, { mediaType, digest }, bytes2, tag);
      }
    );
  }
  /**
   * Deletes a manifest; one that is gone already is no error. It does not change a list under a fallback tag,
   * and a signal does not end it: what a registry made of half a request would not be known.
   */
  async deleteManifest(repository, { digest }) {
    const reference = `${repository}@${digest}`;
    const plain = ["--distribution-spec", "v1.1-referrers-api"];
    const argv = ["manifest", "delete", "--force", ...plain, ...this.#calls.remote(), reference];
    await this.#fallback.either(
      "delete",
      reference,
      async () => void await this.#calls.output(argv, "delete", reference, new AbortController().signal),
      (registry2, place) => registry2.deleteManifest(place, digest)
    );
  }
  /**
   * All referrers of a manifest that the registry lists by its referrers API, of any type; undefined if it
   * has no such API, or if they are not read by it.
   * @throws ReferrersRefusedError if it refuses this endpoint alone
   */
  async referrers(repository, subject) {
    const reference = `${repository}@${subject.digest}`;
    if (this.referrersMode === "tag") return void 0;
    try {
      const listed2 = await this.#fallback.either(
        "pull",
        reference,
        () => this.#discover(reference),
        (registry2, place) => registry2.referrers(place, subject.digest)
      );
      if (listed2 !== void 0 || this.referrersMode === "auto") return listed2;
      throw noReferrersApi();
    } catch (error2) {
      const isMissing = lacksReferrersApi(error2);
      if (isMissing && this.referrersMode === "auto") return void 0;
      const status = isMissing ? void 0 : await this.#referrersRefusal(reference, error2);
      if (status === void 0) throw error2;
      throw new ReferrersRefusedError(repository, subject, status, error2);
    }
  }
  /** How referrers are found and listed. */
  get referrersMode() {
    return this.#calls.options.referrers ?? "auto";
  }
  async #discover(reference, more = []) {
    const argv = ["discover", "--format", "json", "--distribution-spec", "v1.1-referrers-api", ...more];
    if (this.version.minor >= 3 || this.version.major > 1) argv.push("--depth", "1");
    argv.push(...this.#calls.remote(), reference);
    try {
      return parseReferrers(
        await this.#calls.output(argv, "pull", reference, this.#calls.options.signal, WITH_LITTLE_MEMORY)
      );
    } catch (error2) {
      if (!lacksMemory(error2)) throw error2;
      const how = `of ${lastPart(reference)} without end, or more than oras can hold`;
      throw new EndlessReferrersError(reference.slice(0, reference.indexOf("/")), how, error2);
    }
  }
  /** Asks once more and looks at each answer: messages of oras do not say which request was refused. */
  async #referrersRefusal(reference, error2) {
    if (!(error2 instanceof VeritySignError) || error2.code === "cancelled") return void 0;
    if (error2 instanceof EndlessReferrersError) return void 0;
    if (this.#fallback.isNeededFor(reference)) return referrersRefusal(error2);
    try {
      await this.#discover(reference, ["--debug"]);
      return void 0;
    } catch (again) {
      return referrersRefusal(again);
    }
  }
  async #small(kind, repository, descriptor2, limit, directly) {
    checkMetadataSize(descriptor2, limit);
    const reference = `${repository}@${descriptor2.digest}`;
    const argv = [kind, "fetch", "--output", "-", ...this.#calls.remote(), reference];
    const byOras = () => this.#calls.output(argv, "pull", reference);
    const bytes2 = await this.#fallback.either("pull", reference, byOras, directly);
    checkContent(bytes2, descriptor2);
    return bytes2;
  }
};
function lastPart(reference) {
  const at = reference.lastIndexOf("@");
  return reference.slice((at === -1 ? reference.lastIndexOf(":") : at) + 1);
}

// src/commands/shared/open-image.ts
var nothingToCommit = () => Promise.resolve();
async function openImage(reference, folder2, options, context, writes = "nothing") {
  const { signal } = context;
  if (reference.kind === "layout") {
    const { path } = reference;
    const source2 = new LayoutSource(reference, void 0, signal);
    const readOnly = writes === "nothing" ? void 0 : await new OciLayout(path, signal).whyReadOnly();
    if (readOnly !== void 0) requireOtherPlace(source2, readOnly, writes, context);
    const additions = readOnly === void 0 ? void 0 : await mkdtemp(join(folder2, "additions-"));
    const store2 = new LayoutStore(path, source2.name, signal, additions);
    const layout = new OciLayout(path, signal, additions);
    return { source: source2, store: store2, oras: void 0, layout, commit: nothingToCommit };
  }
  if (reference.kind === "archive") {
    const directory = await mkdtemp(join(folder2, "archive-"));
    const { ArchiveSource } = await import("./oci.image.archive-source.js");
    const source2 = await ArchiveSource.open(reference, directory, signal);
    const readOnly = writes === "nothing" ? void 0 : await source2.whyReadOnly();
    if (readOnly !== void 0) requireOtherPlace(source2, readOnly, writes, context);
    const store2 = new ArchiveStore(source2, signal);
    const layout = new OciLayout(directory, signal);
    const commit = readOnly === void 0 ? () => source2.repack(signal) : nothingToCommit;
    return { source: source2, store: store2, oras: void 0, layout, commit };
  }
  if (reference.kind === "daemon") {
    const directory = await mkdtemp(join(folder2, "daemon-"));
    const { timeout } = options;
    const { DaemonSource } = await import("./oci.image.daemon-source.js");
    const source2 = await DaemonSource.open(reference, directory, { timeout, signal: context.signal });
    const store2 = new LayoutStore(directory, source2.name, context.signal);
    const layout = new OciLayout(directory, signal);
    return { source: source2, store: store2, oras: void 0, layout, commit: nothingToCommit };
  }
  const oras = await openOras(referenceName(reference), folder2, options, context).catch((error2) => {
    throw isOnHub(reference) ? withPathHint(error2, reference.repository) : error2;
  });
  const source = new RegistrySource(oras, reference);
  const store = new RegistryStore(oras, source.name, folder2, { log: context.log, sharesLists: true });
  return { source, store, oras: oras.version.text, layout: void 0, commit: nothingToCommit };
}
function requireOtherPlace({ name }, { folder: folder2, code }, writes, { log }) {
  if (writes === "changes") {
    throw new VeritySignError("environment", `cannot write to ${folder2} (${code}), where the image is`, {
      remedy: "Give this user write permission there; sign can also write to a registry instead, with push-to"
    });
  }
  log.info(`${name} is read-only: the signatures are written to the registry only`);
}
var IN_REGISTRY = "Name the image in the registry that it was pushed to";
function requireReferrers(image, remedy) {
  if (image.kind !== "daemon") return;
  throw new VeritySignError("usage", "the docker daemon keeps no signatures beside its images", { remedy });
}
async function openOras(repository, folder2, options, context) {
  const { registry: registry2, tools, timeout } = options;
  const { signal, log, secrets } = context;
  const oras = await Oras.open({
    path: tools.orasPath,
    plainHttp: registry2.plainHttp,
    ...await connectionFiles(registry2, folder2, secrets),
    credentials: registry2.credentials,
    // What a key service has taken out of the environment may be what a credential helper logs in with.
    env: { ...process.env, ...secrets },
    referrers: registry2.referrers,
    signal,
    timeout,
    log
  });
  await oras.requireSafe(repository);
  return oras;
}

// src/commands/sign/destination.ts
var NEEDS_GATE = "Set push-to, which pushes the image with its signatures, or push it first and sign it in the registry by digest";
var inPlace = async (image, { dryRun }) => {
  if (!dryRun) requireReferrers(image, NEEDS_GATE);
  return {
    oras: void 0,
    requireComplete: () => void 0,
    signedBefore: () => Promise.resolve([]),
    publish: async ({ opened: { layout }, image: { root }, log }) => {
      if (layout !== void 0) await noteName(image, layout, root, log);
      return [];
    }
  };
};

// src/commands/verify/worst-verdict.ts
var BY_SEVERITY = [
  "invalid",
  "not-trusted",
  "not-signed",
  "unchecked",
  "skipped",
  "verified"
];
function worstVerdict(verdicts) {
  return BY_SEVERITY.find((verdict) => verdicts.includes(verdict)) ?? "verified";
}

// src/convert/conversion-cache.ts
var ConversionCache = class {
  #known = /* @__PURE__ */ new Map();
  #builder;
  /** The conversion of a layer by a recipe, if the run has one. */
  find(layer, recipe) {
    const found10 = this.#known.get(conversionKey(layer, recipe));
    return found10 && { ...found10, profile: recipe.profile };
  }
  /** The conversions of a layer by all recipes, or undefined if one is missing. */
  findAll(layer, recipes) {
    const found10 = recipes.map((recipe) => this.find(layer, recipe));
    return found10.every((conversion) => conversion !== void 0) ? found10 : void 0;
  }
  /**
   * Adds a conversion by a builder that has passed its test.
   * @param image name of the image, for reports
   */
  add(converted, recipe, image) {
    const place = conversionKey(converted.layer, recipe);
    if (!this.#known.has(place)) this.#known.set(place, { ...converted, sharedFrom: image });
  }
  /**
   * Must be called before a conversion from here is used, and before one is added.
   * @throws VeritySignError 'environment' if another mkfs.erofs has built the conversions
   */
  requireSame(builder) {
    this.#builder ??= builder;
    const [then, now] = [identity(this.#builder), identity(builder)];
    if (then === now) return;
    throw new VeritySignError("environment", `the builder changed during the run: ${then}, now ${now}`, {
      remedy: "Run again"
    });
  }
};
function identity(builder) {
  if (builder.kind === "native") return "the native builder";
  const { path, version: version2, class: of } = builder;
  return `${path} ${version2}, class ${of}`;
}
function conversionKey(layer, recipe) {
  const how = layer.format === "erofs" ? PROFILES[recipe.profile].blockSize : recipeKey(recipe);
  return `${layerKey(layer)} ${how}`;
}
function layerKey({ descriptor: descriptor2, diffId, format, compression }) {
  return `${descriptor2.digest} ${descriptor2.size} ${diffId} ${format} ${compression}`;
}

// src/frontend/destination.ts
function destinationOf({ pushTo }) {
  if (pushTo === void 0) return inPlace;
  return async (...args) => (await import("./commands.gate.gate.js")).openGate(...args);
}

// src/report/failed-image.ts
function errorReport(error2) {
  if (!(error2 instanceof VeritySignError)) {
    return {
      code: "internal",
      message: withoutSecrets(error2 instanceof Error ? error2.message : String(error2))
    };
  }
  const { code, message, context } = error2;
  const remedy = remedyOf(error2);
  return {
    code,
    message,
    ...remedy === void 0 ? {} : { remedy },
    ...context.layer === void 0 ? {} : { layer: context.layer }
  };
}
function failedImage(reference, error2) {
  return { ...REPORT_HEAD, ...reference === void 0 ? {} : { image: { reference } }, error: error2 };
}
function failedSource(source, error2) {
  return { ...REPORT_HEAD, ...source === void 0 ? {} : { source }, error: error2 };
}

// src/frontend/each-image.ts
async function eachImage(images, prepare, work) {
  const done = [];
  let image;
  let part;
  try {
    const prepared = await prepare();
    for (image of images) {
      part = void 0;
      done.push(
        await work(image, prepared, (report) => {
          part = report;
        })
      );
    }
    return { done };
  } catch (error2) {
    const notStarted2 = images.slice(done.length + (image === void 0 ? 0 : 1));
    return {
      done,
      failure: {
        error: error2,
        notStarted: notStarted2,
        ...image === void 0 ? {} : { image },
        ...part === void 0 ? {} : { part }
      }
    };
  }
}
function imageAtFault(error2, images) {
  const [only, ...others] = images;
  if (others.length === 0) return only;
  const { image } = error2 instanceof VeritySignError ? error2.context : {};
  return images.find((one9) => one9 === image);
}
function hasResults({ done, failure: failure3 }) {
  return done.length > 0 || failure3?.part !== void 0;
}
function reportEntries({ done, failure: failure3 }, failedItem) {
  if (failure3 === void 0) return done;
  const { error: error2, image, part, notStarted: notStarted2 } = failure3;
  const reported = errorReport(error2);
  const failed3 = part !== void 0 ? [{ ...part, error: reported }] : image !== void 0 || notStarted2.length === 0 ? [failedItem(image, reported)] : [];
  const rest = image === void 0 ? reported : notStartedError(image);
  return [...done, ...failed3, ...notStarted2.map((other) => failedItem(other, rest))];
}
function notStartedError(image) {
  return {
    code: "cancelled",
    message: `not started, because ${image} failed`,
    remedy: "Run again once that one works, or without it"
  };
}

// builtin:node:os of options
var found8;
var all8 = () => found8 ??= load("node:os");
var one7 = (name) => all8()[name];
var availableParallelism = /* @__PURE__ */ one7("availableParallelism");
var tmpdir = /* @__PURE__ */ one7("tmpdir");

// src/frontend/inputs/parse-values.ts
function wrong(label, text4, expected) {
  return new VeritySignError("usage", `${label}: "${text4}" is not ${expected}`, {
    remedy: `Use ${expected}`
  });
}
function parseList(text4) {
  return [...new Set(parseLines(text4).flatMap((line) => line.split(",").map((item) => item.trim())))].filter(
    (item) => item !== ""
  );
}
function parseLines(text4) {
  return (text4 ?? "").split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}
function parseFlag(text4, label) {
  if (/^(true|True|TRUE)$/.test(text4)) return true;
  if (/^(false|False|FALSE)$/.test(text4)) return false;
  throw wrong(label, text4, "true or false");
}
function parseChoice(text4, choices, label) {
  const found10 = choices.find((choice2) => choice2 === text4);
  if (found10 === void 0) throw wrong(label, text4, `one of ${choices.join(", ")}`);
  return found10;
}
function parseCount(text4, min, max, label) {
  const count2 = /^\d{1,9}$/.test(text4) ? Number(text4) : Number.NaN;
  if (!(count2 >= min && count2 <= max)) throw wrong(label, text4, `a whole number from ${min} to ${max}`);
  return count2;
}
var MILLISECONDS = { ms: 1, s: 1e3, m: 6e4, h: 36e5 };
var LONGEST_DURATION = 2 ** 31 - 1;
function parseDuration(text4, label) {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text4);
  const unit = match?.[2] ?? "s";
  const value2 = Math.round(Number(match?.[1] ?? Number.NaN) * MILLISECONDS[unit]);
  if (!(value2 >= 1 && value2 <= LONGEST_DURATION)) {
    throw wrong(label, text4, "a time such as 90s, 5m or 1h");
  }
  return value2;
}
var LIFETIME = /^(?:\d{1,9}[smhd])+$/;
var SECONDS = { s: 1, m: 60, h: 3600, d: 86400 };
var LONGEST_LIFETIME = 100 * 365 * 86400;
function parseLifetime(text4, label) {
  const parts = LIFETIME.test(text4) ? [...text4.matchAll(/(\d+)([smhd])/g)] : [];
  const seconds = parts.reduce((sum, [, count2, unit]) => sum + Number(count2) * (SECONDS[unit ?? ""] ?? 0), 0);
  if (!(seconds >= 1 && seconds <= LONGEST_LIFETIME)) throw wrong(label, text4, "a time such as 24h or 90d");
  return seconds * 1e3;
}
function parseUrl(text4, label) {
  const url = URL.canParse(text4) ? new URL(text4) : void 0;
  if (url === void 0 || !["http:", "https:"].includes(url.protocol)) {
    throw wrong(label, text4, "an http or https URL");
  }
  if (url.username !== "" || url.password !== "") {
    throw new VeritySignError("usage", `${label} contains a user name or password`, {
      remedy: "Remove them from the URL"
    });
  }
  return text4;
}
var BYTES = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40
};
function parseSize(text4, label) {
  const match = /^(\d{1,16}(?:\.\d{1,3})?) ?([a-z]{0,3})$/i.exec(text4);
  const unit = BYTES[(match?.[2] ?? "").toLowerCase()];
  const value2 = unit === void 0 ? Number.NaN : Math.round(Number(match?.[1] ?? Number.NaN) * unit);
  if (!(value2 >= 1 && value2 <= Number.MAX_SAFE_INTEGER)) {
    throw wrong(label, text4, "a size such as 500MiB or 4GiB");
  }
  return value2;
}
function parsePlatform(text4, label) {
  if (!/^[a-z0-9]+(\((\+[a-z0-9_.-]+)+\))?\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(text4)) {
    throw wrong(label, text4, "a platform such as linux/amd64 or linux/arm/v7");
  }
  return text4;
}
function parseErofsVersion(text4, label) {
  if (!isKnownClass(text4) && !/^(any|\d+\.\d+(\.\d+)?)$/.test(text4)) {
    throw wrong(label, text4, `a version such as 1.9.4, a class (${CLASSES_IN_WORDS}), or any`);
  }
  return text4;
}
var ONE_PAIR_PER_LINE = "Write one KEY=VALUE per line, or repeat the option";
function parseAnnotations(text4, label) {
  const annotations = {};
  for (const line of parseLines(text4)) {
    const match = /^([^=\s]+)\s*=\s*(.*)$/.exec(line);
    const [, key, value2] = match ?? [];
    if (key === void 0 || value2 === void 0) {
      throw new VeritySignError("usage", `${label}: "${line}" is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE
      });
    }
    if (key.startsWith(NOTARY_PREFIX)) {
      throw new VeritySignError("usage", `${label}: the key ${key} is reserved for the signature format`, {
        remedy: "Use a key with a prefix of your own"
      });
    }
    annotations[key] = value2;
  }
  return annotations;
}
function parsePairs(text4, label) {
  const pairs = /* @__PURE__ */ Object.create(null);
  for (const [index, line] of parseLines(text4).entries()) {
    const end = line.indexOf("=");
    const key = line.slice(0, Math.max(0, end)).trim();
    if (key === "" || /\s/.test(key)) {
      throw new VeritySignError("usage", `${label}: entry ${index + 1} is not of the form KEY=VALUE`, {
        remedy: ONE_PAIR_PER_LINE
      });
    }
    pairs[key] = line.slice(end + 1).trim();
  }
  return pairs;
}
function parseTime(text4, label) {
  const form = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
  const time3 = new Date(form.test(text4) ? text4.toUpperCase() : Number.NaN);
  if (Number.isNaN(time3.getTime())) throw wrong(label, text4, "a time such as 2026-01-31T12:00:00Z");
  return time3;
}

// src/frontend/inputs/image-list.ts
function listedImages(text4) {
  return parseLines(text4).filter((line) => !line.startsWith("#"));
}
function withoutCredentials(references) {
  for (const reference of references) refuseCredentials(reference);
  return [...references];
}
function listedTags(text4) {
  return withoutCredentials(parseList(listedImages(text4).join("\n")));
}
function withBuiltImages(listed2, raw, dialect) {
  const given = raw["metadata-file"]?.trim() ?? "";
  const own3 = withoutCredentials(listed2);
  if (given === "") return own3;
  const label = dialect.label("metadata-file");
  const built = builtImages(given, label);
  if (built.length === 0) {
    throw new VeritySignError("usage", `${label} contains no image`, {
      remedy: "Build with --push and --metadata-file, and give each target a tag"
    });
  }
  return [.../* @__PURE__ */ new Set([...own3, ...built])];
}
var metadataSchema = record(string2(), unknown());
var DIGEST2 = "containerimage.digest";
var NAMES = "image.name";
function builtImages(given, label) {
  const metadata = parseBuild(given.startsWith("{") ? Buffer.from(given) : readFile2(given, label), label);
  const isBuild = metadata[DIGEST2] !== void 0 || metadata[NAMES] !== void 0;
  const results = isBuild ? [["the build", metadata]] : Object.entries(metadata);
  return [
    ...new Set(
      results.flatMap(
        ([target, result]) => typeof result === "object" && result !== null && !Array.isArray(result) ? imagesOf(target, result, label) : []
      )
    )
  ];
}
function imagesOf(target, result, label) {
  const { [DIGEST2]: digest, [NAMES]: names } = result;
  if (digest === void 0 && names === void 0) return [];
  const where = `${label}: target ${JSON.stringify(target.slice(0, 100))}`;
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new VeritySignError("usage", `${where} has a name, but no digest in ${DIGEST2}`, {
      remedy: "Push the image in the build (--push), or list it in image"
    });
  }
  if (typeof names !== "string" || names.trim() === "") {
    throw new VeritySignError("usage", `${where} has an image, but no name in ${NAMES}`, {
      remedy: "Give the target a tag and push it, or list the images in image"
    });
  }
  return names.split(",").map((name) => {
    const reference = parseReference(name.trim());
    if (reference.kind === "registry") return `${referenceName(reference)}@${digest}`;
    throw new VeritySignError("usage", `${where} has the name ${JSON.stringify(name.slice(0, 200))}`, {
      remedy: "List the image in image"
    });
  });
}
function readFile2(path, label) {
  try {
    return readGivenSync(path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError("usage", `${label}: ${path} cannot be read (${reason})`, {
      remedy: "Give the path of the file that docker buildx wrote with --metadata-file",
      cause
    });
  }
}
function parseBuild(bytes2, label) {
  try {
    return parseMetadata(metadataSchema, bytes2, label);
  } catch (error2) {
    if (!(error2 instanceof VeritySignError)) throw error2;
    throw new VeritySignError("usage", error2.message, {
      remedy: "Give the file that docker buildx wrote with --metadata-file, or list its images in image",
      cause: error2
    });
  }
}

// builtin:node:buffer of options
var found9;
var all9 = () => found9 ??= load("node:buffer");
var one8 = (name) => all9()[name];
var isUtf8 = /* @__PURE__ */ one8("isUtf8");

// src/lib/process/descriptor-file.ts
var DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/;
function descriptorOf2(path) {
  if (path === "/dev/stdin") return 0;
  const number3 = DESCRIPTOR.exec(path)?.[1];
  return number3 === void 0 ? void 0 : Number(number3);
}
function takeDescriptor(path, limit) {
  const descriptor2 = descriptorOf2(path);
  if (descriptor2 === void 0) throw new TypeError(`${path} is no descriptor`);
  const content = Buffer.alloc(limit + 1);
  let size = 0;
  const file = openAgain(path, descriptor2);
  try {
    for (let read = -1; read !== 0 && size < content.length; size += read) {
      read = readSync(file, content, size, content.length - size, null);
    }
  } finally {
    if (file !== descriptor2) closeSync(file);
  }
  closeSync(descriptor2);
  if (descriptor2 === 0) openSync("/dev/null", "r");
  return content.subarray(0, size);
}
function openAgain(path, descriptor2) {
  try {
    return openSync(path, "r");
  } catch (error2) {
    if (error2.code === "ENXIO") return descriptor2;
    throw error2;
  }
}

// src/signatures/signers/reference.ts
var SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
var VARIABLE2 = /^[A-Za-z_][A-Za-z0-9_]*$/;
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
    read: ({ vault = "", key = "", version: version2 }) => ({
      kind: "azure-key-vault",
      vault,
      key,
      ...version2 !== void 0 && { version: version2 }
    })
  },
  gcpkms: {
    form: "gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N",
    pattern: /^(?<key>projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+)\/(?:cryptoKeyVersions|versions)\/(?<version>\d+)$/,
    read: ({ key = "", version: version2 = "" }) => ({
      kind: "google-kms",
      name: `${key}/cryptoKeyVersions/${version2}`
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
  if (VARIABLE2.test(name)) return { kind: "env", name };
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

// src/signatures/signers/secret.ts
var MAX_SECRET_BYTES = 64 * 1024;
async function readSecret(reference, what, env, signal) {
  if (reference.kind === "env") {
    const value2 = Object.hasOwn(env, reference.name) ? env[reference.name] : void 0;
    if (value2 === void 0 || value2 === "") {
      throw new VeritySignError("key", `the environment variable ${reference.name} for ${what} is not set`, {
        remedy: "Set it in the environment of this step or command"
      });
    }
    return Buffer.from(value2);
  }
  const content = Object.hasOwn(env, reference.path) ? Buffer.from(env[reference.path] ?? "") : await readSecretFile(reference.path, what, signal);
  if (content.length <= MAX_SECRET_BYTES) return content;
  throw tooLarge(what);
}
async function readSecretFile(path, what, signal) {
  try {
    return await readGiven(path, MAX_SECRET_BYTES, signal);
  } catch (error2) {
    signal.throwIfAborted();
    const { code = "unknown error" } = error2;
    if (code.startsWith("larger than")) throw tooLarge(what);
    throw new VeritySignError("key", `the file for ${what} cannot be read (${code})`, {
      remedy: `Check the path and its permissions, or give ${what} as env://NAME`
    });
  }
}
function tooLarge(what) {
  return new VeritySignError("key", `the file for ${what} has more than ${MAX_SECRET_BYTES / 1024} KiB`, {
    remedy: `Check the path of ${what}`
  });
}
var SecretSource = class {
  #reference;
  #what;
  #env;
  #signal;
  #kept;
  /** See readSecret. */
  constructor(reference, what, env, signal) {
    this.#reference = reference;
    this.#what = what;
    this.#env = env;
    this.#signal = signal;
  }
  async read() {
    if (this.#kept !== void 0) return this.#kept;
    const reference = this.#reference;
    const again = reference.kind === "env" || ((await stat(reference.path).catch(() => void 0))?.isFile() ?? true);
    const content = await readSecret(reference, this.#what, this.#env, this.#signal);
    if (!again) this.#kept = content;
    return content;
  }
};
var PassphraseSource = class {
  #source;
  constructor(reference, env, signal) {
    this.#source = new SecretSource(parsePassphraseReference(reference), "the key passphrase", env, signal);
  }
  /**
   * Its bytes, in the character set of the file.
   * @throws VeritySignError with code `key`.
   */
  async read() {
    const text4 = (await this.#source.read()).toString("latin1");
    return Buffer.from(text4.replace(/\r?\n$/, ""), "latin1");
  }
};

// src/frontend/inputs/secrets.ts
var REFERENCE = /^env:\/\/(.*)$/s;
var SCHEME2 = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
var SecretStore = class {
  /** By name of the environment variable, or by the path of a descriptor such as /dev/fd/63. */
  values = /* @__PURE__ */ Object.create(null);
  env;
  hide;
  #hidden = /* @__PURE__ */ new Set();
  /** What has read a descriptor, by its number: its content can be read once. */
  #readers = /* @__PURE__ */ new Map();
  /** @param hide masks a value in the log, if the log can do that */
  constructor(env, hide2 = () => void 0) {
    this.env = env;
    this.hide = (value2) => {
      this.#hidden.add(value2);
      hide2(value2);
    };
  }
  /** All values, and lines of values, that were masked so far: foreign text is filtered with them. */
  get hidden() {
    return [...this.#hidden];
  }
  /**
   * Moves the variable that an `env://NAME` reference names from the environment into the store.
   * Returns the value, or undefined if `text` is not such a reference. Error: `usage`.
   */
  capture(text4, label) {
    const name = REFERENCE.exec(text4)?.[1];
    if (name === void 0) return void 0;
    const value2 = this.take(name);
    if (value2 === void 0) throw notSet(label, name);
    return value2;
  }
  /**
   * Moves the variable that an `env://NAME` reference names into the store, without masking it: certificates
   * are no secret, and their lines are in other texts. Error: `usage`.
   */
  keep(text4, label) {
    const name = REFERENCE.exec(text4)?.[1];
    if (name === void 0 || this.values[name] !== void 0) return;
    const value2 = this.#variable(name);
    if (value2 === void 0) throw notSet(label, name);
    this.values[name] = value2;
    delete this.env[name];
  }
  /**
   * Moves what a descriptor contains (`/dev/fd/63`, `/dev/stdin`) into the store and closes the descriptor.
   * Binary content becomes base64. Returns undefined for any other path, or if it cannot be read.
   * Error: `usage` if another option has read it. It would get that one's secret: a registry, the signing key.
   */
  captureDescriptor(path, label) {
    const descriptor2 = descriptorOf2(path);
    if (descriptor2 === void 0) return void 0;
    const reader = this.#readers.get(descriptor2);
    if (reader !== void 0 && reader !== label) throw readTwice(descriptor2, reader, label);
    const known2 = this.values[path];
    if (known2 !== void 0) return known2;
    try {
      const content = takeDescriptor(path, MAX_SECRET_BYTES);
      const value2 = isUtf8(content) ? content.toString("utf8") : content.toString("base64");
      this.values[path] = value2;
      this.#readers.set(descriptor2, label);
      this.mask(value2);
      return value2;
    } catch {
      return void 0;
    }
  }
  /** Moves a variable from the environment into the store. Returns undefined if it is not set or empty. */
  take(name) {
    const known2 = this.values[name];
    if (known2 !== void 0) {
      this.mask(known2);
      return known2;
    }
    const value2 = this.#variable(name);
    if (value2 === void 0) return void 0;
    this.values[name] = value2;
    delete this.env[name];
    this.mask(value2);
    return value2;
  }
  /** Masks the value of a variable that stays in the environment. */
  maskVariable(name) {
    const value2 = this.#variable(name);
    if (value2 !== void 0) this.mask(value2);
  }
  isSet(name) {
    return this.#variable(name) !== void 0;
  }
  #variable(name) {
    const value2 = Object.hasOwn(this.env, name) ? this.env[name] : void 0;
    return value2 === "" ? void 0 : value2;
  }
  /** Masks a value and each of its lines: logs are written line by line. */
  mask(value2) {
    if (value2.trim() === "") return;
    const lines = value2.split(/\r?\n/).map((line) => line.trim());
    for (const line of new Set(lines)) if (line.length > 3 && !line.startsWith("-----")) this.hide(line);
    if (lines.length > 1) this.hide(value2);
    const plain = plainPem(value2);
    if (plain !== value2) this.mask(plain);
  }
};
function readTwice(descriptor2, reader, label) {
  const what = descriptor2 === 0 ? "standard input" : `the descriptor ${descriptor2}`;
  return new VeritySignError("usage", `${label}: ${reader} reads ${what}, which can be read once`, {
    remedy: "Give one of them as env://NAME or as the path of a file"
  });
}
function notSet(label, name) {
  return new VeritySignError("usage", `${label}: the environment variable ${name} is not set or is empty`, {
    remedy: `Set ${name}; in a workflow, set it under env: of the step`
  });
}
function passphraseReference(text4, label, store) {
  return text4 === void 0 ? void 0 : localReference(text4, label, store, "the path of a file");
}
function keyReference(text4, label, store) {
  if (text4 === void 0) return void 0;
  if (SCHEME2.test(text4) && !REFERENCE.test(text4)) {
    captureCredentials(text4, store);
    return text4;
  }
  return localReference(text4, label, store, "the path of a PEM or PKCS#12 file");
}
var CREDENTIALS2 = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_PASSWORD",
  "GOOGLE_CREDENTIALS",
  "VAULT_TOKEN",
  "BAO_TOKEN",
  "VAULT_SECRET_ID",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
];
var SENT_HERE = {
  awskms: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  hashivault: ["VAULT_TOKEN"]
};
function captureCredentials(reference, store) {
  for (const name of CREDENTIALS2) store.maskVariable(name);
  if (reference.startsWith("awskms://") && store.isSet("AWS_PROFILE")) return;
  for (const name of SENT_HERE[reference.slice(0, reference.indexOf(":"))] ?? []) store.take(name);
}
function localReference(text4, label, store, file) {
  if (store.capture(text4, label) !== void 0) return text4;
  if (store.captureDescriptor(text4, label) !== void 0 || existsSync(text4)) return text4;
  if (SCHEME2.test(text4)) {
    throw new VeritySignError("usage", `${label}: ${text4.slice(0, text4.indexOf(":"))}:// is not supported`, {
      remedy: `Use ${file}, or env://NAME for an environment variable`
    });
  }
  store.mask(text4);
  if (isPemText(text4)) {
    throw new VeritySignError("usage", `${label} is PEM text instead of a reference to it`, {
      remedy: "Put it into an environment variable and give env://NAME, or into a file and give its path"
    });
  }
  throw new VeritySignError("usage", `${label}: there is no such file`, {
    remedy: `Use ${file}, or env://NAME for an environment variable that contains the secret`
  });
}
function passwordFromReference(text4, label, store) {
  const captured = store.capture(text4, label);
  if (captured !== void 0) return notAKey(captured, label);
  const content = store.captureDescriptor(text4, label) ?? readPassword(text4, label);
  const password = notAKey(content, label).replace(/\r?\n$/, "");
  if (password === "") {
    throw new VeritySignError("usage", `${label}: the password is empty`, {
      remedy: "Check the file or the program that writes it"
    });
  }
  store.mask(password);
  return password;
}
function passwordOrReference(text4, label, store) {
  return notAKey(store.capture(text4, label) ?? text4, label);
}
function notAKey(password, label) {
  if (!isPemText(password) || plainPem(password).trimStart().startsWith("{")) return password;
  throw new VeritySignError("usage", `${label}: the password is a key or certificate in PEM`, {
    remedy: "Give the password or token of the registry, not what signs"
  });
}
function readPassword(path, label) {
  if (!existsSync(path)) {
    throw new VeritySignError("usage", `${label}: there is no such file`, {
      remedy: "Use env://NAME or the path of a file, never the password itself"
    });
  }
  try {
    return readGivenSync(path).toString();
  } catch (error2) {
    const { code = "unknown error" } = error2;
    throw new VeritySignError("usage", `${label}: the password cannot be read (${code})`, {
      remedy: "Check the permissions, or use env://NAME"
    });
  }
}

// src/frontend/inputs/values.ts
function value(raw, name, surface) {
  const given = raw[name]?.trim();
  if (given !== void 0 && given !== "") return given;
  if (surface !== void 0) return inputOf(name, surface)?.default;
  const presets = INPUTS.flatMap(
    (input) => input.name === name && "default" in input ? [input.default] : []
  );
  const [preset, ...others] = new Set(presets);
  if (others.length > 0) throw new Error(`${name} has several defaults: a surface is needed`);
  return preset;
}
function parsed(raw, name, dialect, parse5) {
  const text4 = value(raw, name);
  return text4 === void 0 ? void 0 : parse5(text4, dialect.label(name));
}
function required2(result, name, dialect) {
  if (result === void 0) {
    throw new VeritySignError("usage", `${dialect.label(name)} is missing`, {
      remedy: "Set it, or use dry-run to compute the root hashes without signing"
    });
  }
  return result;
}
function optional2(key, result) {
  return result === void 0 ? {} : { [key]: result };
}
function flag2(raw, name, dialect) {
  return parsed(raw, name, dialect, parseFlag) ?? false;
}
function text2(raw, name) {
  return value(raw, name);
}
function choice(raw, name, surface, dialect) {
  const choices = inputOf(name, surface)?.choices ?? [];
  return parseChoice(value(raw, name, surface) ?? "", choices, dialect.label(name));
}
function certificateReference(raw, name, dialect) {
  return parsed(raw, name, dialect, (given, label) => keepVariable(given, label, dialect));
}
function certificateReferences(raw, name, dialect) {
  return splitPemList(value(raw, name) ?? "").map((item) => keepVariable(item, dialect.label(name), dialect));
}
function keepVariable(given, label, { secrets }) {
  if (!isPemText(given)) secrets.keep(given, label);
  return given;
}

// src/frontend/inputs/registry-options.ts
function registryOptions(raw, dialect) {
  const registries = registriesOf([...parseLines(raw.image), ...listedTags(raw["push-to"])]);
  const credentials = [
    ...oneRegistry(raw, dialect, registries),
    ...severalRegistries(raw, dialect, text2(raw, "registry-username") !== void 0)
  ];
  return {
    ...credentials.length === 0 ? {} : { credentials },
    plainHttp: flag2(raw, "plain-http", dialect),
    ...optional2("caFile", certificateReference(raw, "ca-file", dialect)),
    ...clientIdentity(raw, dialect, registries),
    // root-hash has no such input, and attaches nothing.
    referrers: choice(raw, "referrers", "sign", dialect)
  };
}
function registriesOf(references) {
  const registries = [];
  for (const reference of references) {
    const registry2 = registryOf2(reference);
    if (registry2 !== void 0 && !registries.some((one9) => isSameRegistry(one9, registry2))) {
      registries.push(registry2);
    }
  }
  return registries;
}
function registryOf2(reference) {
  try {
    const parsedReference = parseReference(reference);
    return parsedReference.kind === "registry" ? parsedReference.registry : void 0;
  } catch (error2) {
    if (error2 instanceof VeritySignError) return void 0;
    throw error2;
  }
}
function oneRegistry(raw, dialect, registries) {
  const { label } = dialect;
  const username = text2(raw, "registry-username");
  const password = parsed(raw, "registry-password", dialect, (given, name) => {
    if (dialect.literalPassword) return passwordOrReference(given, name, dialect.secrets);
    return passwordFromReference(given === "-" ? "/dev/stdin" : given, name, dialect.secrets);
  });
  if (username === void 0 || password === void 0) {
    if (username === password) return [];
    const names = ["registry-username", "registry-password"];
    const [given, missing] = (username === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, {
      remedy: "Set both, or omit both to use docker's configuration"
    });
  }
  requireOne(
    registries,
    label("registry-username"),
    "Set registry-credentials to one HOST=USER:env://NAME per registry"
  );
  return registries.map((registry2) => ({ registry: registry2, username, password, input: "registry-username" }));
}
function requireOne(registries, label, remedy) {
  if (registries.length <= 1) return;
  const last = registries.at(-1);
  throw new VeritySignError(
    "usage",
    `${label} is for one registry, but the images and push-to are in ${registries.slice(0, -1).join(", ")} and ${last}`,
    { remedy: `${remedy}, or run once for each registry` }
  );
}
function severalRegistries(raw, dialect, both) {
  const label = dialect.label("registry-credentials");
  const lines = parseLines(raw["registry-credentials"]);
  if (both && lines.length > 0) {
    throw new VeritySignError(
      "usage",
      `${label} cannot be combined with ${dialect.label("registry-username")}`,
      { remedy: "Add a line for that registry instead" }
    );
  }
  const found10 = [];
  for (const [index, line] of lines.entries()) {
    const { registry: registry2, username = "", reference = "" } = FORM.exec(line)?.groups ?? {};
    if (registry2 === void 0) {
      throw new VeritySignError(
        "usage",
        `${label}: line ${index + 1} is not of the form HOST=USER:env://NAME`,
        {
          remedy: "Write the host of the registry with its port, the user name, and env://NAME or the path of a file"
        }
      );
    }
    if (found10.some((one9) => isSameRegistry(one9.registry, registry2))) {
      throw new VeritySignError("usage", `${label} has more than one line for ${registry2}`, {
        remedy: "Keep the one to use"
      });
    }
    const password = passwordFromReference(reference, `${label} for ${registry2}`, dialect.secrets);
    found10.push({ registry: registry2, username, password, input: "registry-credentials" });
  }
  return found10;
}
var FORM = /^(?<registry>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)=(?<username>(?!env:\/\/)[^:]+):(?<reference>.+)$/;
function clientIdentity(raw, dialect, registries) {
  const { label } = dialect;
  const clientCertificate = certificateReference(raw, "client-certificate", dialect);
  const clientKey = text2(raw, "client-key");
  if (clientCertificate === void 0 && clientKey === void 0) return {};
  if (clientCertificate === void 0 || clientKey === void 0) {
    const names = ["client-certificate", "client-key"];
    const [given, missing] = (clientCertificate === void 0 ? names.toReversed() : names).map(label);
    throw new VeritySignError("usage", `${given} is given without ${missing}`, { remedy: "Set both" });
  }
  if (isPemText(clientKey) || clientKey.startsWith("env://")) {
    dialect.secrets.mask(clientKey);
    throw new VeritySignError("usage", `${label("client-key")} is not the path of a file`, {
      remedy: "Write the key to a file that only this user can read, and give its path"
    });
  }
  requireOne(registries, label("client-certificate"), "Leave the others out");
  return { clientCertificate, clientKey };
}

// src/frontend/inputs/common-options.ts
function layersChoice(raw, surface, dialect) {
  return choice(raw, "layers", surface, dialect);
}
function commonOptions(raw, dialect) {
  const list2 = (name, check) => parseList(value(raw, name)).map((item) => check(item, dialect.label(name)));
  const cores = Math.min(64, availableParallelism());
  const options = {
    platforms: list2("platform", parsePlatform),
    profiles: list2("profile", (item, label) => parseChoice(item, PROFILE_NAMES, label)),
    ...builderOptions(raw, dialect),
    ...optional2("mkfsOptions", value(raw, "mkfs-options")),
    concurrency: parsed(raw, "concurrency", dialect, (text4, label) => parseCount(text4, 1, 64, label)) ?? cores,
    timeout: required2(parsed(raw, "timeout", dialect, parseDuration), "timeout", dialect),
    maxLayerSize: required2(parsed(raw, "max-layer-size", dialect, parseSize), "max-layer-size", dialect),
    ...optional2("tempDir", absolute(value(raw, "temp-dir"))),
    registry: registryOptions(raw, dialect),
    tools: {
      ...optional2("orasPath", programPath(value(raw, "oras-path"))),
      ...optional2("mkfsPath", programPath(value(raw, "mkfs-path")))
    },
    allowSkip: parseList(value(raw, "allow-skip"))
  };
  recipesFor(options);
  return options;
}
function absolute(path) {
  return path === void 0 ? void 0 : resolve(path);
}
function programPath(path) {
  return path?.includes("/") === true ? resolve(path) : path;
}
function builderOptions(raw, dialect) {
  const label = dialect.label("erofs-utils-version");
  const builder = choice(raw, "builder", "sign", dialect);
  const crossCheck = flag2(raw, "cross-check", dialect);
  const versions = parseList(value(raw, "erofs-utils-version"));
  if (builder === "native") {
    if (!crossCheck) refuseMkfsInputs(raw, versions, dialect);
    const classes = classesOf(versions, label);
    return {
      builder,
      crossCheck,
      ...classes.length === 0 ? {} : { classes },
      // The mkfs.erofs to compare with.
      ...crossCheck && versions.length === 1 && versions[0] !== ALL_CLASSES ? optional2("erofsUtilsVersion", versions[0]) : {}
    };
  }
  if (versions.includes(ALL_CLASSES)) {
    throw new VeritySignError(
      "usage",
      `${label} ${ALL_CLASSES} has no effect with builder mkfs: a mkfs.erofs is of one class`,
      {
        remedy: "Use builder native for all classes, or name one class or version, or omit it"
      }
    );
  }
  const [version2, ...more] = versions.map((text4) => parseErofsVersion(text4, label));
  if (more.length > 0) {
    throw new VeritySignError("usage", `${label} lists several versions, but builder mkfs accepts only one`, {
      remedy: "Choose one, or use builder native"
    });
  }
  return { builder, crossCheck, ...optional2("erofsUtilsVersion", version2) };
}
function classesOf(versions, label) {
  const named = versions.filter((text4) => text4 !== ANY_VERSION);
  if (!named.includes(ALL_CLASSES)) return [...new Set(named.map((text4) => classOf(text4, label)))];
  const others = named.filter((text4) => text4 !== ALL_CLASSES);
  if (others.length === 0) return [...KNOWN_CLASSES];
  throw new VeritySignError("usage", `${label} lists ${ALL_CLASSES} and ${others.join(", ")}`, {
    remedy: `Use ${ALL_CLASSES} alone, or name the classes`
  });
}
var ALL_CLASSES = "all";
var ANY_VERSION = "any";
var MKFS_INPUTS = ["mkfs-path", "erofs-utils-url", "erofs-utils-sha256"];
function refuseMkfsInputs(raw, versions, { label }) {
  const given = MKFS_INPUTS.filter((name) => value(raw, name) !== void 0).map(label);
  if (versions.includes(ANY_VERSION)) given.push(`${label("erofs-utils-version")} ${ANY_VERSION}`);
  if (given.length === 0) return;
  const verb = given.length === 1 ? "has" : "have";
  throw new VeritySignError("usage", `${given.join(", ")} ${verb} no effect with builder native`, {
    remedy: "Set builder to mkfs, or set cross-check to use both builders, or omit it"
  });
}

// src/model/guest-architecture.ts
var GUEST_KINDS = {
  x64: {
    platform: "linux/amd64",
    qemu: { program: "qemu-system-x86_64", package: "qemu-system-x86" }
  },
  arm64: {
    platform: "linux/arm64",
    qemu: { program: "qemu-system-aarch64", package: "qemu-system-arm" }
  }
};
function guestArchitectures(host = process.arch) {
  return host === "arm64" ? ["arm64", "x64"] : ["x64", "arm64"];
}
function guestOf(architecture) {
  return guestArchitectures().find((one9) => GUEST_KINDS[one9].platform === `linux/${architecture}`);
}

// src/oci/image/platform.ts
var ARCHITECTURES = /* @__PURE__ */ new Map([
  ["i386", ["386"]],
  ["x86_64", ["amd64"]],
  ["x86-64", ["amd64"]],
  ["aarch64", ["arm64"]],
  ["armhf", ["arm", "v7"]],
  ["armel", ["arm", "v6"]]
]);
function normalizePlatform(platform) {
  const os = normalizeSystem(platform.os);
  const given = goLowercase(platform.architecture);
  const [architecture, implied] = ARCHITECTURES.get(given) ?? [given];
  const variant = normalizeVariant(architecture, implied ?? goLowercase(platform.variant ?? ""));
  return { os, architecture, ...variant === "" ? {} : { variant } };
}
function normalizeSystem(os) {
  const system = goLowercase(os);
  return system === "macos" ? "darwin" : system;
}
function normalizeVariant(architecture, variant) {
  const full = /^[0-9]/.test(variant) ? `v${variant}` : variant;
  if (architecture === "arm64" && full === "v8") return "";
  if (architecture === "amd64" && full === "v1") return "";
  if (architecture === "arm" && full === "") return "v7";
  return full;
}
function isForLinux(platform) {
  return ["linux", ""].includes(normalizeSystem(platform.os));
}
function formatPlatform(platform) {
  const { os, architecture, variant } = normalizePlatform(platform);
  return [`${os}${featuresText(platform)}`, architecture, ...variant === void 0 ? [] : [variant]].join(
    "/"
  );
}
function platformNames(platform) {
  const { "os.features": _, ...plain } = platform;
  return [.../* @__PURE__ */ new Set([formatPlatform(platform), formatPlatform(plain)])];
}
function featuresText(platform) {
  const { "os.features": features = [] } = platform;
  if (features.length === 0 || !isForLinux(platform)) return "";
  const names = [...new Set(features)].sort().map((name) => encodeURIComponent(name.toWellFormed()));
  return `(+${names.join("+")})`;
}
var FEATURES = /^([A-Za-z0-9_.-]+)\(((?:\+[A-Za-z0-9_.-]+)+)\)$/;
function parsePlatform2(text4) {
  const parts = text4.trim().split("/");
  const [, system, list2] = FEATURES.exec(parts[0] ?? "") ?? [];
  if (system !== void 0 && parts.length > 1) {
    const plain = parsePlatform2([system, ...parts.slice(1)].join("/"));
    return { ...plain, "os.features": (list2 ?? "").split("+").filter((name) => name !== "") };
  }
  const [first = "", second, variant] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[A-Za-z0-9_.-]+$/.test(part)) || first === "linux" && second === void 0) {
    throw new VeritySignError("usage", `${JSON.stringify(text4)} is not a platform`, {
      remedy: "Write platforms as linux/amd64 or linux/arm64/v8"
    });
  }
  if (second === void 0) return normalizePlatform({ os: "linux", architecture: first });
  return normalizePlatform({
    os: first,
    architecture: second,
    ...variant === void 0 ? {} : { variant }
  });
}

// src/frontend/inputs/node/shell-words.ts
function shellWords(text4, label) {
  const words = [];
  let word;
  let at = 0;
  while (at < text4.length) {
    const character = text4.charAt(at);
    if (/[ \t\n]/.test(character)) {
      if (word !== void 0) words.push(word);
      word = void 0;
      at += 1;
      continue;
    }
    const piece = pieceAt(text4, at, label);
    word = (word ?? "") + piece.value;
    if (word === "" && piece.isContinuation) word = void 0;
    at = piece.end;
  }
  if (word !== void 0) words.push(word);
  if (words.length > 0) return words;
  throw wrong2(label, "has no words", "Write the program and its arguments, or omit it");
}
function pieceAt(text4, at, label) {
  const character = text4.charAt(at);
  if (character === "'") {
    const end = text4.indexOf("'", at + 1);
    if (end === -1) throw unfinished(label, "'");
    return { value: text4.slice(at + 1, end), end: end + 1 };
  }
  if (character === '"') return doubleQuoted(text4, at + 1, label);
  if (character !== "\\") return { value: character, end: at + 1 };
  const next2 = text4.charAt(at + 1);
  if (next2 === "")
    throw wrong2(label, "ends with a backslash", "Quote the backslash, or complete the command");
  return next2 === "\n" ? { value: "", end: at + 2, isContinuation: true } : { value: next2, end: at + 2 };
}
function doubleQuoted(text4, from, label) {
  let value2 = "";
  for (let at = from; at < text4.length; at += 1) {
    const character = text4.charAt(at);
    if (character === '"') return { value: value2, end: at + 1 };
    const next2 = text4.charAt(at + 1);
    if (character === "\\" && next2 !== "" && '$`"\\\n'.includes(next2)) {
      if (next2 !== "\n") value2 += next2;
      at += 1;
    } else value2 += character;
  }
  throw unfinished(label, '"');
}
function unfinished(label, quote) {
  return wrong2(label, `has an unfinished quote (${quote})`, "Close it, or write a backslash before it");
}
function wrong2(label, what, remedy) {
  return new VeritySignError("usage", `${label} ${what}`, { remedy });
}

// src/frontend/inputs/node/preflight-options.ts
var SMALLEST_MEMORY = 256 * 1024 * 1024;
var MEMORY2 = 1024 * 1024 * 1024;
var OF_SIGNING = [
  "preflight-command",
  "preflight-alive",
  "preflight-healthcheck",
  "preflight-time-limit",
  "preflight-static",
  "preflight-allow-denials",
  "preflight-certificate",
  "preflight-accel",
  "preflight-guest-dir"
];
function preflightOptions(raw, dialect) {
  const { label } = dialect;
  const common2 = commonOptions(raw, dialect);
  requireOne2(common2.profiles, "profile", `one of ${PROFILE_NAMES.join(", ")}`, dialect);
  requireOne2(common2.platforms, "platform", "one", dialect);
  for (const platform of common2.platforms) requireOfVm(platform, dialect);
  const trustedCertificates = certificateReferences(raw, "trusted-certificate", dialect);
  if (trustedCertificates.length === 0) {
    throw new VeritySignError("usage", `${label("trusted-certificate")} is missing`, {
      remedy: "Give the certificates that the nodes trust: the kernel of the VM trusts these and no others"
    });
  }
  const settings = {
    ...programSettings(raw, "", dialect),
    memory: required2(parsed(raw, "memory", dialect, parseSize), "memory", dialect),
    network: flag2(raw, "network", dialect),
    accelerator: choice(raw, "accel", "preflight", dialect),
    ...optional2("guestDir", folder(raw, "guest-dir")),
    ...optional2("kernel", ownKernel(raw, dialect)),
    ...optional2("ipePolicy", folder(raw, "ipe-policy")),
    trustedCertificates
  };
  if (settings.memory < SMALLEST_MEMORY) {
    throw new VeritySignError(
      "usage",
      `${label("memory")}: ${text2(raw, "memory")} is too little for the VM`,
      {
        remedy: "Give at least 256MiB"
      }
    );
  }
  return { ...common2, ...settings };
}
function preflightOfSigning(raw, dialect) {
  const { label } = dialect;
  if (!flag2(raw, "preflight", dialect)) {
    const idle = OF_SIGNING.find((name) => isGiven(raw, name));
    if (idle === void 0) return void 0;
    throw new VeritySignError("usage", `${label(idle)} has no effect without ${label("preflight")}`, {
      remedy: "Set preflight to true, or omit it"
    });
  }
  return {
    ...programSettings(raw, "preflight-", dialect),
    memory: MEMORY2,
    network: false,
    accelerator: choice(raw, "preflight-accel", "sign", dialect),
    ...optional2("guestDir", folder(raw, "preflight-guest-dir")),
    trustedCertificates: certificateReferences(raw, "preflight-certificate", dialect)
  };
}
function isGiven(raw, name) {
  const given = raw[name]?.trim() ?? "";
  return given !== "" && given !== text2({}, name);
}
function programSettings(raw, prefix, dialect) {
  const { label } = dialect;
  const [limit, alive] = [`${prefix}time-limit`, `${prefix}alive`];
  const settings = {
    ...optional2("command", parsed(raw, `${prefix}command`, dialect, shellWords)),
    ...optional2("alive", parsed(raw, alive, dialect, parseDuration)),
    healthcheck: flag2(raw, `${prefix}healthcheck`, dialect),
    timeLimit: required2(parsed(raw, limit, dialect, parseDuration), limit, dialect),
    static: flag2(raw, `${prefix}static`, dialect),
    allowDenials: flag2(raw, `${prefix}allow-denials`, dialect)
  };
  const refuse = (first, second, remedy) => {
    throw new VeritySignError("usage", `${label(first)} and ${label(second)} contradict one another`, {
      remedy
    });
  };
  if (settings.static) {
    const names = ["command", "alive", "healthcheck", "allow-denials"];
    const given = names.find((name) => {
      const value2 = settings[name === "allow-denials" ? "allowDenials" : name];
      return value2 !== void 0 && value2 !== false;
    });
    if (given !== void 0)
      refuse(`${prefix}${given}`, `${prefix}static`, "Omit one of them: static runs no program");
  }
  if (settings.healthcheck && settings.alive !== void 0)
    refuse(alive, `${prefix}healthcheck`, "Choose what counts as success");
  if (settings.alive !== void 0 && settings.alive >= settings.timeLimit) {
    const [time3, longest] = [text2(raw, alive), text2(raw, limit)];
    throw new VeritySignError(
      "usage",
      `${label(alive)}: ${time3} is not less than ${label(limit)} (${longest})`,
      { remedy: `Raise ${limit} above the time that the program must be alive` }
    );
  }
  return settings;
}
function ownKernel(raw, { label }) {
  const [image, modules] = [folder(raw, "kernel"), folder(raw, "modules")];
  if (image === void 0 && modules === void 0) return void 0;
  if (image !== void 0 && modules !== void 0) return { image, modules };
  const [given, missing] = image === void 0 ? ["modules", "kernel"] : ["kernel", "modules"];
  throw new VeritySignError("usage", `${label(given)} is given without ${label(missing)}`, {
    remedy: "Give the kernel of the node and the folder of its modules"
  });
}
function folder(raw, name) {
  const given = text2(raw, name);
  return given === void 0 ? void 0 : resolve(given);
}
function requireOfVm(platform, { label }) {
  const { os, architecture } = parsePlatform2(platform);
  if (os === "linux" && guestOf(architecture) !== void 0) return;
  const ours = Object.values(GUEST_KINDS).map((kind) => kind.platform);
  throw new VeritySignError(
    "usage",
    `${label("platform")}: the VM of preflight runs images of ${ours.join(" and ")}, not of ${platform}`,
    { remedy: `Omit it, or give ${ours.join(" or ")}` }
  );
}
function requireOne2(given, name, expected, { label }) {
  if (given.length <= 1) return;
  throw new VeritySignError("usage", `${label(name)} lists ${given.length} values, and preflight tests one`, {
    remedy: `Give ${expected}, and test the others in runs of their own`
  });
}

// src/model/artifact-formats.ts
var ARTIFACT_FORMATS = ["notary", "tardev"];

// src/frontend/inputs/signing-options.ts
function signingOptions(raw, dialect) {
  const { label, secrets } = dialect;
  const dryRun = flag2(raw, "dry-run", dialect);
  const key = keyReference(text2(raw, "key"), label("key"), secrets);
  if (!dryRun) required2(key, "key", dialect);
  const options = {
    ...commonOptions(raw, dialect),
    ...optional2("key", key),
    ...optional2(
      "keyPassphrase",
      passphraseReference(text2(raw, "key-passphrase"), label("key-passphrase"), secrets)
    ),
    ...optional2("certificate", certificateReference(raw, "certificate", dialect)),
    pluginConfig: pluginConfig(raw, dialect),
    layers: layersChoice(raw, "sign", dialect),
    ...optional2("artifactFormats", artifactFormats(choice(raw, "artifact-format", "sign", dialect))),
    manifestSignature: choice(raw, "manifest-signature", "sign", dialect),
    ...optional2("signatureExpiry", parsed(raw, "signature-expiry", dialect, parseLifetime)),
    ...optional2("timestampUrl", parsed(raw, "timestamp-url", dialect, parseUrl)),
    ...optional2("timestampCertificate", certificateReference(raw, "timestamp-certificate", dialect)),
    ...optional2("pushTo", pushTargets(raw)),
    ...optional2("exportDir", exportFolder(raw)),
    ...optional2("preflight", preflightOfSigning(raw, dialect)),
    dryRun,
    annotations: parseAnnotations(raw.annotations, label("annotations"))
  };
  checkTogether(options, dialect);
  return isPlugin(key) ? { ...options, pluginSecrets: secrets.hidden } : options;
}
function exportFolder(raw) {
  const folder2 = text2(raw, "export-dir");
  return folder2 === void 0 ? void 0 : resolve(folder2);
}
function artifactFormats(choice2) {
  if (choice2 === "notary") return void 0;
  return choice2 === "both" ? [...ARTIFACT_FORMATS] : [choice2];
}
function pushTargets(raw) {
  const targets = listedTags(raw["push-to"]);
  return targets.length === 0 ? void 0 : targets;
}
function pluginConfig(raw, { label, secrets }) {
  const config2 = parsePairs(raw["plugin-config"], label("plugin-config"));
  for (const value2 of Object.values(config2)) if (!/^(true|false)$/i.test(value2)) secrets.mask(value2);
  return config2;
}
function isPlugin(key) {
  return key?.startsWith("notation-plugin://") === true;
}
function checkTogether(options, { label }) {
  const { key, layers, manifestSignature, pluginConfig: pluginConfig2, timestampUrl, timestampCertificate } = options;
  const refuse = (message, remedy) => {
    throw new VeritySignError("usage", message, { remedy });
  };
  checkExport(options, label("export-dir"), refuse);
  checkPreflight(options, label("preflight"), refuse);
  if (manifestSignature === "none") {
    if (layers === "none") {
      refuse(
        `${label("layers")} and ${label("manifest-signature")} are both none: nothing would be signed`,
        "Set manifest-signature to jws or cose, or layers to required or auto"
      );
    }
    const idle = [
      ["signature-expiry", options.signatureExpiry],
      ["timestamp-url", timestampUrl],
      ["timestamp-certificate", timestampCertificate]
    ].find(([, given]) => given !== void 0);
    if (idle !== void 0) {
      refuse(
        `${label(idle[0])} has no effect with ${label("manifest-signature")} none`,
        "Set manifest-signature to jws or cose"
      );
    }
  }
  if (timestampUrl === void 0 !== (timestampCertificate === void 0)) {
    const names = ["timestamp-url", "timestamp-certificate"];
    const [given, missing] = (timestampUrl === void 0 ? names.toReversed() : names).map(label);
    refuse(
      `${given} is given without ${missing}`,
      "Set both: the authority's response is checked against its root certificate"
    );
  }
  refuseIdleConfig(pluginConfig2, key, label("plugin-config"));
}
function checkExport(options, name, refuse) {
  if (options.exportDir === void 0) return;
  if (options.dryRun) {
    refuse(
      `${name} has no effect in a dry run, which writes nothing`,
      "Omit it, or export the signed image with verity-sign export"
    );
  }
  if (options.layers === "none") {
    refuse(`${name} has no effect with layers none: no layer is converted`, "Set layers to required or auto");
  }
  cacheRecipe(options);
}
function checkPreflight({ preflight, dryRun, layers }, name, refuse) {
  if (preflight === void 0) return;
  if (dryRun) refuse(`${name} has no effect in a dry run: there are no signatures to test`, "Omit it");
  if (layers === "none")
    refuse(
      `${name} has no effect with layers none: a kernel checks layers`,
      "Set layers to required or auto"
    );
}
function refuseIdleConfig(config2, key, label) {
  if (Object.keys(config2).length === 0 || key === void 0 || isPlugin(key)) return;
  throw new VeritySignError("usage", `${label} has no effect without a key of a notation plugin`, {
    remedy: "Omit it, or set the key to notation-plugin://NAME/KEYID"
  });
}
function requireOneImage(images, { pushTo }, dialect) {
  if (pushTo === void 0 || images.length === 1) return;
  throw new VeritySignError(
    "usage",
    `${dialect.label("push-to")} accepts one image, but ${images.length} are given`,
    {
      remedy: "Sign each image in a separate run"
    }
  );
}

// src/frontend/render/format.ts
function count(number3, noun) {
  return `${number3} ${noun}${number3 === 1 ? "" : "s"}`;
}
function formatSeconds(seconds) {
  return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
}
function shortDigest(digest) {
  const match = /^([a-z0-9]+:)?([0-9a-f]{12})[0-9a-f]+$/.exec(digest);
  return match === null ? digest : `${match[1] ?? ""}${match[2]}…`;
}
function shortDigests(text4) {
  return text4.replaceAll(/(?<![0-9a-z])((?:[a-z0-9]+:)?)([0-9a-f]{12})[0-9a-f]{52,}(?![0-9a-z])/g, "$1$2…");
}
function manifestKind(mediaType) {
  return /\.(index|manifest\.list)\./.test(mediaType) ? "index" : "image";
}

// node_modules/string-width/index.js
var string_width_default = (...given) => (init_string_width(), __toCommonJS(string_width_exports)).default(...given);

// src/frontend/render/text-width.ts
var PLAIN = /^[ -~¡-¬®-ʯ‐-‧‰-›]*$/;
function textWidth(text4) {
  return PLAIN.test(text4) ? text4.length : string_width_default(text4);
}
var segmenter2;
function cut(text4, width, end = Math.floor((width - 1) / 2)) {
  if (textWidth(text4) <= width) return text4;
  if (width < 1) return "";
  segmenter2 ??= new Intl.Segmenter();
  const parts = Array.from(segmenter2.segment(text4), ({ segment }) => segment);
  const last = leading(parts.toReversed(), Math.min(end, width - 1)).toReversed();
  const first = leading(parts, width - 1 - textWidth(last.join("")));
  return `${first.join("")}…${last.join("")}`;
}
function leading(parts, room) {
  let left = room;
  const too = parts.findIndex((part) => {
    left -= textWidth(part);
    return left < 0;
  });
  return parts.slice(0, too === -1 ? parts.length : too);
}

// src/frontend/output/progress-line.ts
var MIN_TASK = 6;
function progressLine(task, done, total, width = Number.POSITIVE_INFINITY) {
  const amount = amountOf(done, total);
  const room = width - textWidth(`: ${amount}`);
  if (room < MIN_TASK) return cut(amount, width, 0);
  return `${cut(shortDigests(task), room, 0)}: ${amount}`;
}
function amountOf(done, total) {
  if (total === void 0 || total <= 0) return formatBytes(done);
  const percent = Math.min(100, Math.floor(100 * done / total));
  return `${percent} % of ${formatBytes(total)}`;
}

// src/lib/writable.ts
function whyNotWritable(file) {
  return reasonOf(() => {
    const found10 = statSync(file);
    if (found10.isDirectory()) return "it is a folder";
    if (found10.isFile()) closeSync(openSync(file, constants2.O_WRONLY | constants2.O_APPEND));
    else accessSync(file, constants2.W_OK);
    return void 0;
  });
}
function whyNotCreatable(file) {
  return reasonOf(() => {
    if (statSync(file, { throwIfNoEntry: false }) !== void 0) return whyNotWritable(file);
    createFolder(dirname(file));
    return whyNotFolder(dirname(file));
  });
}
function whyNotFolder(folder2) {
  return reasonOf(() => {
    if (!statSync(folder2).isDirectory()) return "it is not a folder";
    accessSync(folder2, constants2.W_OK | constants2.X_OK);
    return void 0;
  });
}
function createFolder(folder2, leastMode = 0) {
  if (statSync(folder2, { throwIfNoEntry: false }) !== void 0) return;
  if (dirname(folder2) !== folder2) createFolder(dirname(folder2), leastMode);
  try {
    mkdirSync(folder2);
    if (leastMode !== 0) chmodSync(folder2, statSync(folder2).mode & 4095 | leastMode);
  } catch (error2) {
    if (error2.code !== "EEXIST") throw error2;
  }
}
function missingFolders(folder2) {
  if (statSync(folder2, { throwIfNoEntry: false }) !== void 0 || dirname(folder2) === folder2) return [];
  return [folder2, ...missingFolders(dirname(folder2))];
}
function removeIfEmpty(folders) {
  for (const folder2 of folders) {
    try {
      rmdirSync(folder2);
    } catch {
    }
  }
}
function reasonOf(check) {
  try {
    return check();
  } catch (error2) {
    return error2.code ?? String(error2);
  }
}

// src/frontend/output/report-file.ts
function checkReportPath(name, label) {
  const path = resolve(name);
  const reason = whyNotCreatable(path);
  if (reason === void 0) return;
  throw new VeritySignError("environment", `${label}: ${path} cannot be written to (${reason})`, {
    remedy: "Set it to a path that this user may write to"
  });
}
function checkActionFolder() {
  const folder2 = actionFolder();
  const reason = whyNotFolder(folder2);
  if (reason === void 0) return;
  throw new VeritySignError("environment", `RUNNER_TEMP: the folder ${folder2} is not writable (${reason})`, {
    remedy: `${AS_OWNER}, or set report to a path that this user may write to`
  });
}
var AS_OWNER = "Run the job's container as the user to whom the runner's files belong (container: options: --user ID)";
function writeReport(text4, name, complete) {
  const path = resolve(name);
  try {
    write(text4, path);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    const copy = copyOf(text4, tmpdir());
    const where = copy === void 0 ? "" : `; it is in ${copy}`;
    const which = complete ? "the run is complete, but its report" : "the report of what was done";
    const what = `${which} cannot be written to ${path} (${reason})${where}`;
    throw new VeritySignError("environment", what, {
      remedy: "Free space, or set report to a path that this user may write to, and run it again",
      cause
    });
  }
  return path;
}
function writeActionReport(text4, wanted, warn = () => void 0, print = () => void 0) {
  let reason = "";
  if (wanted !== void 0) {
    const path = resolve(wanted);
    try {
      write(text4, path);
      return path;
    } catch (error2) {
      reason = `the report cannot be written to ${path} (${error2.code ?? error2})`;
    }
  }
  for (const folder2 of /* @__PURE__ */ new Set([actionFolder(), tmpdir()])) {
    const copy = copyOf(text4, folder2);
    if (copy === void 0) {
      reason ||= `the report cannot be written to the folder ${folder2}`;
      continue;
    }
    if (reason !== "") warn(`${reason}: it is in ${copy}`);
    return copy;
  }
  warn(`${reason}: it follows in the log`);
  print(harmlessJson(text4));
  return "";
}
function actionFolder() {
  return process.env.RUNNER_TEMP || tmpdir();
}
function write(text4, path) {
  createFolder(dirname(path));
  writeFileSync(path, harmlessJson(text4));
}
function copyOf(text4, parent) {
  try {
    const path = join(mkdtempSync(join(parent, "verity-sign-report-")), "report.json");
    write(text4, path);
    return path;
  } catch {
    return void 0;
  }
}

// src/report/confinement.ts
function gapsOf(confinement) {
  const { noNewPrivileges, capabilities, network, pidNamespace, filesystem, limits } = confinement;
  return [
    ...network ? ["it can use the network"] : [],
    ...filesystem === "whole" ? ["it sees the files of the machine"] : [],
    ...pidNamespace ? [] : ["its processes may outlive it"],
    ...capabilities === "none" ? [] : ["it has capabilities"],
    ...noNewPrivileges ? [] : ["it can gain privileges"],
    ...limits === void 0 ? ["its memory and processor time are not limited"] : []
  ];
}

// src/frontend/render/markdown.ts
var Markdown = class {
  text;
  constructor(text4) {
    this.text = text4;
  }
};
function md(parts, ...values) {
  const inserted = values.map((value2) => value2 instanceof Markdown ? value2 : escapeMarkdown(`${value2}`));
  return new Markdown(parts.map((part, index) => part + (inserted[index]?.text ?? "")).join(""));
}
function joinMarkdown(parts, separator) {
  return new Markdown(parts.map(({ text: text4 }) => text4).join(separator));
}
var SPLIT = "<wbr>";
var MARK3 = "\0";
var LINKS = [
  /(?<=\bwww)(?=\.)/gi,
  /(?<=:)(?=\/\/)/g,
  /(?<=@)(?!(?<=\w@)\w+:)/g,
  /(?<=#)(?=\d)/g,
  /(?<=\bGH-)(?=\d)/gi
];
var EMOJI = /(?<=:)(?=([\w+-]+):)/g;
var COMMIT = /\b[0-9a-f]{7,40}\b/gi;
var MARKUP = new RegExp("[&<>\"'`*_{}[\\]()#+!|~\\\\@:^$-]|(?<=^ *)=|\\.(?=\\p{L})|(?<=^\\d{1,9})\\.(?=\\s|$)|(?<=\\/)\\/", "gu");
function escapeMarkdown(text4) {
  const commits = (word) => (word.match(/.{1,6}/g) ?? []).join(MARK3);
  return new Markdown(escaped(oneLine(text4).replaceAll(COMMIT, commits)));
}
function inlineCode(text4) {
  return new Markdown(`<code>${escaped(oneLine(text4))}</code>`);
}
function oneLine(text4) {
  return harmless(text4.replaceAll(/[ \t\r\n]+/g, " "));
}
function escaped(line) {
  return LINKS.reduce((before, link3) => before.replaceAll(link3, MARK3), line).replaceAll(EMOJI, (_none, word) => /^\d\d$/.test(word) ? "" : MARK3).replaceAll(MARKUP, (character) => `&#${character.charCodeAt(0)};`).replaceAll(MARK3, SPLIT);
}
function codeBlock(text4, language) {
  const longest = (text4.match(/`+/g) ?? []).reduce((most, run2) => Math.max(most, run2.length), 2);
  const fence = "`".repeat(longest + 1);
  return new Markdown(`${fence}${language}
${harmlessLines(text4.split("\n"))}${fence}`);
}
function markdownTable(header, rows, numbers = []) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = header.map((name) => numbers.includes(name) ? "---:" : ":---");
  const body = rows.map((row) => line(row.map(({ text: text4 }) => text4)));
  return new Markdown(
    [line(header.map((name) => escapeMarkdown(name).text)), line(rule), ...body].join("\n")
  );
}
function factTable(facts) {
  const rows = facts.map(
    ([name, value2]) => `<tr><th align="left">${escapeMarkdown(name).text}</th><td>${value2.text}</td></tr>`
  );
  return new Markdown(["<table>", ...rows, "</table>"].join("\n"));
}
function link2(text4, url) {
  const address = url.href.replaceAll(/[^\w:/?#@&=.~%-]/g, encodeURIComponent).replaceAll("_", "%5F");
  return new Markdown(`[${escapeMarkdown(text4).text}](<${address}>)`);
}
function details(title, body, open3 = false) {
  const summary = `<details${open3 ? " open" : ""}><summary>${escapeMarkdown(title).text}</summary>`;
  return new Markdown(`${summary}

${body.text}

</details>`);
}
function alert(kind, lines) {
  if (lines.length === 0) return [];
  return [new Markdown(`> [!${kind}]
${lines.map(({ text: text4 }) => `> ${text4}`).join("\n>\n")}`)];
}
var FOLDED_LAYERS = 15;
var LISTED_LAYERS = 1e3;
var SUMMARY_LIMIT = 1024 * 1024 - 64 * 1024;
function withinLimit2(parts, limit, where = "the job summary") {
  const missing = md`**The rest does not fit into ${where}.** The JSON report is complete.`;
  const note = `${joinMarkdown(alert("NOTE", [missing]), "").text}
`;
  let summary = "";
  let room = limit - Buffer.byteLength(note);
  for (const { text: text4 } of parts) {
    room -= Buffer.byteLength(text4) + "\n\n".length;
    if (room < 0) return summary + note;
    summary += `${text4}

`;
  }
  return summary;
}

// src/frontend/render/builder-text.ts
function builderRows({ builder, tools }) {
  const gaps = tools === void 0 ? [] : gapsOf(tools.confinement);
  return [
    ...builder === void 0 ? [] : [builderRow(builder)],
    ...gaps.length === 0 ? [] : [["mkfs.erofs is not fully confined", gaps.join(", ")]]
  ];
}
function builderRow(builder) {
  const other = builder.crossCheck;
  const checked = other === void 0 ? "" : `, compared with ${other.kind === "mkfs" ? `mkfs.erofs ${text3(other)}` : "the native builder"}`;
  return [builder.kind === "mkfs" ? "mkfs.erofs" : "native builder", `${text3(builder)}${checked}`];
}
function builderFacts(report) {
  return builderRows(report).map(([name, value2]) => [name.replace(/^native/, "Native"), md`${value2}`]);
}
function classText({ builder }, artifact) {
  return builder?.kind === "native" && artifact.class !== void 0 ? `, class ${artifact.class}` : "";
}
function text3(builder) {
  if (builder.kind === "mkfs") return `${builder.version}, class ${builder.class}`;
  const { classes } = builder;
  if (classes.length === 0) return "the classes that the signers recorded";
  return `${classes.length === 1 ? "class" : "classes"} ${classes.join(", ")}`;
}

// src/frontend/render/text-table.ts
var MIN_WIDTH = 40;
var MIN_NAME = 12;
var GAP = "  ";
function alignColumns(foreign) {
  const rows = foreign.map((row) => row.map(harmless));
  const widths = columnWidths(rows);
  return rows.map((row) => {
    const cells = row.map(
      (cell, column) => column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - textWidth(cell))
    );
    return cells.join(GAP).trimEnd();
  });
}
function fitTable(table, lines, width, name) {
  let rows = table.map((row) => row.map(harmless));
  if (width === void 0) return alignColumns(rows);
  const limit = Math.max(width, MIN_WIDTH);
  const widths = columnWidths(rows);
  for (const column of widths.keys()) {
    if (totalWidth(widths) <= limit) return alignColumns(rows);
    rows = mapColumn(rows, column, shortDigests);
    widths[column] = columnWidths(rows)[column] ?? 0;
  }
  const excess = totalWidth(widths) - limit;
  if (excess <= 0) return alignColumns(rows);
  const room = name === void 0 ? 0 : (widths[name] ?? 0) - excess;
  if (name === void 0 || room < MIN_NAME) return fitLines(lines, width);
  return alignColumns(mapColumn(rows, name, (cell) => cut(cell, room)));
}
function alignFacts(facts, width) {
  const names = Math.max(0, ...facts.map(([name]) => textWidth(harmless(name))));
  return facts.flatMap(([name, value2]) => {
    const safe = harmless(name);
    const padded = `${safe}${" ".repeat(names - textWidth(safe))}${GAP}`;
    return fitLine(`${padded}${value2}`, width, names + GAP.length);
  });
}
function fitLines(lines, width) {
  return lines.flatMap((line) => fitLine(line, width));
}
function fitLine(foreign, width, hanging) {
  const line = harmless(foreign);
  if (width === void 0) return [line];
  const limit = Math.max(width, MIN_WIDTH);
  if (textWidth(line) <= limit) return [line];
  const short = shortDigests(line);
  if (textWidth(short) <= limit) return [short];
  const own3 = short.length - short.trimStart().length;
  const indent = " ".repeat(Math.min(hanging ?? own3 + 2, Math.floor(limit / 2)));
  const lines = [];
  let current = " ".repeat(Math.min(own3, Math.floor(limit / 2)));
  let gap = "";
  for (const word of short.trimStart().split(" ")) {
    const room = limit - textWidth(current + gap);
    const cutHere = textWidth(indent + word) > limit && room >= MIN_NAME;
    if (textWidth(word) <= room || cutHere) current += gap + cut(word, room);
    else {
      if (gap !== "") lines.push(current);
      current = indent + cut(word, limit - textWidth(indent));
    }
    gap = " ";
  }
  return [...lines, current].map((one9) => cut(harmless(one9.trimEnd()), limit, 0));
}
function columnWidths(rows) {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from(
    { length: columns },
    (_, column) => Math.max(0, ...rows.map((row) => textWidth(row[column] ?? "")))
  );
}
function totalWidth(widths) {
  return widths.reduce((sum, one9) => sum + one9, GAP.length * Math.max(0, widths.length - 1));
}
function mapColumn(rows, column, change) {
  return rows.map((row) => row.map((cell, index) => index === column ? change(cell) : cell));
}

// src/report/node/preflight-report.ts
function wasTried({ refused: refused2, outcome }) {
  return refused2 || outcome === "OK";
}

// src/frontend/render/preflight/verdict.ts
function verdictLine({ passed, verdict, summary }) {
  return passed ? summary : `${verdict === "unchecked" ? "NO VERDICT" : "FAILED"}: ${summary}`;
}
function preflightFailures(reports) {
  return reports.filter(({ passed }) => !passed).map((report) => `${report.image.name}: ${verdictLine(report)}`);
}
function preflightStatus(reports) {
  const failed3 = reports.filter(({ passed }) => !passed);
  if (failed3.length === 0) return 0;
  return failed3.every(({ verdict }) => verdict === "unchecked") ? EXIT_STATUS.unchecked : EXIT_STATUS["not-enforced"];
}
function denialText({ program, what, path, layer, source, hook }) {
  const file = path === void 0 ? "" : ` ${path}`;
  const from = source === "layer" && layer !== void 0 ? `layer ${layer}` : source;
  const where = what === "file" ? `, ${from}` : "";
  return `${program}: ${what}${file}${where} (${hook})`;
}
function attackText(attack) {
  if (attack.refused) return "refused";
  return wasTried(attack) ? "NOT REFUSED" : "NOT TRIED";
}
function gapsOf2({ lostRecords = 0, lostEvents = 0 }) {
  return [
    ...lostRecords === 0 ? [] : [`there may be more denials: ${lostRecords} records of the audit log were lost`],
    ...lostEvents === 0 ? [] : [`there may be more files or denials: the report of the VM had no room for ${lostEvents}`]
  ];
}
function lastLines({ run: run2 }, most) {
  if (run2 === void 0 || run2.succeeded) return [];
  const lines = run2.output.flatMap(({ text: text4 }) => splitLines(text4)).filter((line) => line.trim() !== "");
  return lines.slice(-most);
}
function fileCounts({ files, shadowed, whiteouts }) {
  const of = (kind) => files.filter((file) => file.kind === kind).length;
  const numbers = [
    [of("program"), "program", "programs"],
    [of("library"), "library", "libraries"],
    [of("script"), "script", "scripts"],
    [of("other"), "other executable file", "other executable files"],
    [files.filter(({ setuid }) => setuid === true).length, "with setuid or setgid", "with setuid or setgid"],
    [
      files.filter(({ capability }) => capability !== void 0).length,
      "with capabilities",
      "with capabilities"
    ],
    [shadowed.length, "hidden by a higher layer", "hidden by higher layers"],
    [whiteouts.length, "whiteout", "whiteouts"]
  ];
  return numbers.flatMap(
    ([number3, one9, many]) => number3 === 0 ? [] : [`${number3} ${number3 === 1 ? one9 : many}`]
  );
}

// src/frontend/render/preflight/table.ts
var SHOWN = 20;
var OUTPUT_LINES = 15;
function preflightTable(report, width) {
  const { layers, denials, attacks } = report;
  return harmlessLines([
    ...fitLine(verdictLine(report), width),
    "",
    ...alignFacts(factsOf(report), width),
    "",
    "layers",
    ...layerLines(layers, width),
    ...section("files", fileLines(report, width)),
    ...section(
      "denied",
      limited(denials, width, (denial) => [
        ...fitLine(`  ${denial.count}× ${denialText(denial)}`, width, 5),
        ...fitLine(`     → ${denial.advice}`, width, 7)
      ])
    ),
    ...section(
      "attacks",
      attacks.flatMap((attack) => fitLine(`  ${attackText(attack)}  ${attack.result}`, width, 11))
    ),
    ...section(
      "not complete",
      gapsOf2(report).flatMap((gap) => fitLine(`  ${gap}`, width, 4))
    ),
    ...section(
      "last lines of the output",
      lastLines(report, OUTPUT_LINES).flatMap((line) => fitLine(`  ${line}`, width))
    )
  ]);
}
function factsOf(report) {
  const { image, platform, profile, class: of, signatures, kernel, run: run2, seconds } = report;
  const signers = signatures?.signers.join("; ") ?? "";
  return [
    ["image", image.name],
    [
      "tested",
      [platform ?? "unknown platform", profile, ...of === void 0 ? [] : [`class ${of}`]].join(", ")
    ],
    ["signer", signatures === void 0 ? "no signatures for this profile" : signers || "unknown"],
    ["kernel", `${kernel.release} (${kernel.source}, ${kernel.accelerator})`],
    ["policy", kernel.policy],
    ...run2 === void 0 ? [] : [
      ["program", commandText(run2.arguments)],
      ["result", run2.result]
    ],
    [
      "time",
      `${formatSeconds(seconds.total)} (layers ${formatSeconds(seconds.convert)}, VM ${formatSeconds(seconds.boot)})`
    ]
  ];
}
function commandText(words) {
  return words.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}
function layerLines(layers, width) {
  const rows = layers.map(({ index, digest, rootHash, accepted, step: step2 }) => [
    `  ${index}`,
    shortDigest(digest),
    `root hash ${shortDigest(rootHash)}`,
    accepted ? "accepted" : step2 === "none" ? "not tried" : "REFUSED"
  ]);
  const table = fitTable(
    rows,
    rows.map((row) => row.join(", ")),
    width
  );
  const refused2 = layers.filter(({ reason }) => reason !== void 0);
  return [
    ...table,
    ...refused2.flatMap(({ index, reason }) => fitLine(`  layer ${index}: ${reason}`, width, 4))
  ];
}
function fileLines(report, width) {
  const unable = report.files.filter(({ executable }) => !executable);
  const idle = report.whiteouts.filter(({ effective }) => !effective);
  const counts = fileCounts(report);
  return [
    ...counts.length === 0 ? [] : fitLine(`  ${counts.join(", ")}`, width),
    ...limited(
      unable,
      width,
      ({ path, layer, outcome }) => fitLine(`  CANNOT BE EXECUTED: ${path} (layer ${layer}, ${outcome})`, width, 4)
    ),
    ...limited(
      idle,
      width,
      ({ path, layer }) => fitLine(`  WHITEOUT WITHOUT EFFECT: ${path} (layer ${layer})`, width, 4)
    )
  ];
}
function limited(items, width, linesOf) {
  const more = items.length - SHOWN;
  return [
    ...items.slice(0, SHOWN).flatMap(linesOf),
    ...more > 0 ? fitLine(`  and ${more} more, see the report`, width) : []
  ];
}
function section(title, lines) {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

// src/report/coverage-text.ts
function imagesNotCovered(count2) {
  return `${count2} ${count2 === 1 ? "image" : "images"} not covered`;
}
var CONFIGURATION_NOT_COVERED = "configuration not covered";
function withCoverage(word, { configurationCovered, uncovered }) {
  const images = uncovered.length === 0 ? "" : `, ${imagesNotCovered(uncovered.length)}`;
  return configurationCovered ? `${word}${images}` : `layers ${word}${images}; ${CONFIGURATION_NOT_COVERED}`;
}

// src/frontend/render/uncovered.ts
var LISTED = 100;
function uncoveredLines(report) {
  return [
    ...report.uncovered.flatMap(({ digest, platform, reason }) => [
      "",
      `${platform ?? "image"}, ${digest}`,
      `  not covered by a signature: ${reason}`
    ]),
    ...otherSkipped(report).flatMap(({ digest, platform, reason }) => [
      "",
      `skipped ${digest}${platform === void 0 ? "" : ` (${platform})`}: ${reason}`
    ])
  ];
}
function uncoveredParts(report, title) {
  const { uncovered } = report;
  const skipped = otherSkipped(report);
  return [
    ...uncovered.length === 0 ? [] : [
      md`#### Not covered by a signature`,
      ...alert("WARNING", [md`**${imagesNotCovered(uncovered.length)}** by a signature`]),
      ...entryTable(uncovered, "images")
    ],
    ...skipped.length === 0 ? [] : [md`#### ${title}`, ...entryTable(skipped, "entries")]
  ];
}
function otherSkipped({ uncovered, skipped }) {
  const images = new Set(uncovered.map(({ digest }) => digest));
  return skipped.filter(({ digest }) => !images.has(digest));
}
function entryTable(entries, noun) {
  const rows = entries.slice(0, LISTED).map(({ digest, platform, reason }) => [
    inlineCode(digest),
    escapeMarkdown(platform ?? ""),
    escapeMarkdown(reason)
  ]);
  const more = entries.length - rows.length;
  return [
    markdownTable(["Manifest", "Platform", "Reason"], rows),
    ...more > 0 ? [md`> ${more} more ${noun} are listed in the JSON report.`] : []
  ];
}

// src/frontend/render/sign/table.ts
function signTable(report, width) {
  const { signer } = report;
  const facts = alignFacts(
    [
      ["image", report.image.name],
      [
        "signer",
        signer === void 0 ? "none (dry run)" : `${signer.subject} (SHA-256 ${signer.fingerprint})`
      ],
      ...builderRows(report)
    ],
    width
  );
  const leftOut = report.layersLeftOut.flatMap(({ platform, manifest, reason }) => [
    "",
    `${platform ?? manifest.digest}: layers are not signed: ${reason}`
  ]);
  const pushed = report.pushedTo ?? [];
  const done = report.dryRun ? `dry run done (${formatSeconds(report.seconds.total)}): nothing was signed or attached` : `${withCoverage("signed and attached", report)} (${formatSeconds(report.seconds.total)})`;
  return harmlessLines([
    ...facts,
    ...report.artifacts.flatMap((artifact) => artifactLines(report, artifact, width)),
    ...fitLines(leftOut, width),
    ...manifestLines(report, width),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(
      pushed.length === 0 ? [] : ["", ...pushed.map(({ reference }) => `pushed to ${reference}`)],
      width
    ),
    ...fitLines(["", done], width)
  ]);
}
function artifactLines(report, artifact, width) {
  const { platform, profile, layers, skippedLayers, referrer } = artifact;
  const rows = layers.map((layer) => [
    `  layer ${layer.index}`,
    layer.digest,
    formatBytes(layer.size),
    layer.rootHash
  ]);
  const lines = rows.map(
    ([name, digest, size, rootHash]) => `${name}: ${digest}, ${size}, root hash ${rootHash}`
  );
  return [
    "",
    ...fitLine(
      `${platform ?? "unknown platform"}, profile ${profile}${classText(report, artifact)}${artifact.artifactFormat === void 0 ? "" : `, format ${artifact.artifactFormat}`}`,
      width
    ),
    ...fitTable([["  layer", "digest", "size", "root hash"], ...rows], lines, width),
    ...skippedLayers.flatMap(
      ({ index, reason }) => fitLine(`  layer ${index} is not signed: ${reason}`, width)
    ),
    ...referrer === void 0 ? [] : fitLine(`  referrer ${referrer.digest}${referrer.reused ? " (already attached)" : ""}`, width)
  ];
}
function manifestLines({ manifestSignatures }, width) {
  if (manifestSignatures.length === 0) return [];
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    platform ?? manifestKind(manifest.mediaType),
    manifest.digest,
    [
      format,
      ...expiry === void 0 ? [] : [`until ${expiry}`],
      ...timestamped === true ? ["timestamped"] : []
    ].join(", "),
    referrer === void 0 ? "none" : `${referrer.digest}${referrer.reused ? " (already attached)" : ""}`
  ]);
  const lines = rows.map(
    ([name, digest, signature, referrer]) => `manifest ${name}, ${digest}: ${signature}, referrer ${referrer}`
  );
  return ["", ...fitTable([["manifest", "digest", "signature", "referrer"], ...rows], lines, width)];
}

// src/frontend/render/verify/verdict.ts
var VERDICT_WORDS = {
  verified: "verified",
  invalid: "INVALID",
  "not-trusted": "NOT TRUSTED",
  "not-signed": "NOT SIGNED",
  unchecked: "COULD NOT BE CHECKED",
  skipped: "SKIPPED by the trust policy"
};
function verdictText(report) {
  const { verdict } = report;
  return verdict === "verified" ? withCoverage(VERDICT_WORDS.verified, report) : VERDICT_WORDS[verdict];
}
function layerWord({ verdict, recomputedRootHash }) {
  if (verdict !== "verified") return VERDICT_WORDS[verdict];
  return recomputedRootHash === void 0 ? "signature holds" : "root hash recomputed";
}
function manifestWord({ verdict, reason }, owner) {
  if (verdict === "not-signed" && owner.verdict === "verified") return { word: "none (not required)" };
  if (verdict === "not-signed" && owner.reason !== reason) return { word: "none" };
  return { word: VERDICT_WORDS[verdict], ...reason === void 0 ? {} : { reason } };
}
function verifiedSigners({ platforms, index }) {
  const sets = platforms.flatMap(({ signatures }) => signatures);
  const notary = [...platforms, ...index === void 0 ? [] : [index]].flatMap(
    ({ manifestSignatures }) => manifestSignatures
  );
  const signers = [
    ...sets.flatMap((set) => set.verdict === "verified" ? set.signers : []),
    ...notary.flatMap(
      ({ verdict, signer }) => verdict === "verified" && signer !== void 0 ? [signer] : []
    )
  ];
  return [...new Map(signers.map((signer) => [signer.fingerprint, signer])).values()];
}
function overallVerdict(reports) {
  return worstVerdict(reports.map(({ verdict }) => verdict));
}
function failureLines(reports) {
  return reports.filter(({ verdict }) => verdict !== "verified" && verdict !== "skipped").map(
    ({ image, verdict, reason }) => `${image.name ?? image.reference}: ${VERDICT_WORDS[verdict]}: ${reason}`
  );
}

// src/frontend/run-context.ts
function runContext(log, signal, secrets, env = process.env) {
  const now = /* @__PURE__ */ new Date();
  const ci = ciFromEnvironment(env);
  return {
    log,
    signal,
    secrets,
    ...ci === void 0 ? {} : { ci },
    conversions: new ConversionCache(),
    now,
    created: sourceDate(env.SOURCE_DATE_EPOCH) ?? now
  };
}
function sourceDate(epoch) {
  if (epoch === void 0 || epoch === "") return void 0;
  const date2 = new Date(/^\d{1,12}$/.test(epoch) ? Number(epoch) * 1e3 : Number.NaN);
  if (!isRecordable(date2)) {
    throw new VeritySignError(
      "usage",
      `SOURCE_DATE_EPOCH: "${epoch}" is not a number of seconds before the year 10000`,
      {
        remedy: "Set it to whole seconds since 1970, or unset it"
      }
    );
  }
  return date2;
}
function isRecordable(date2) {
  return /^\d{4}-/.test(Number.isNaN(date2.getTime()) ? "" : date2.toISOString());
}
function ciFromEnvironment(env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  if (env.GITHUB_ACTIONS !== "true" || !server || !repository) return void 0;
  const source = `${server}/${repository}`;
  const { GITHUB_SHA: revision, GITHUB_WORKFLOW_REF: workflow, GITHUB_RUN_ID: run2 } = env;
  const attempt2 = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : "";
  return {
    source,
    ...revision ? { revision } : {},
    ...workflow ? { workflow } : {},
    ...run2 ? { runUrl: `${source}/actions/runs/${run2}${attempt2}` } : {}
  };
}
function abortOnSignals() {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(name, () => controller.abort(new VeritySignError("cancelled", `stopped by ${name}`)));
  }
  return controller.signal;
}
async function untilAborted(signal, work) {
  try {
    return await work();
  } catch (error2) {
    const cancelled = error2 instanceof VeritySignError && error2.code === "cancelled";
    if (signal.aborted && !cancelled) throw signal.reason;
    if (error2 instanceof VeritySignError || !isSystemLimit(error2)) throw error2;
    throw new SystemLimitError(`the system refuses more (${error2.message})`, error2);
  }
}

// src/frontend/trust-certificates.ts
async function trustCertificates(log, env = process.env) {
  if (!env.SSL_CERT_FILE) return;
  const { trustCertificateFile } = await import("./lib.certificate-file.js");
  const reason = trustCertificateFile(env.SSL_CERT_FILE);
  if (reason === void 0) return;
  log.warn(`SSL_CERT_FILE is not used: ${env.SSL_CERT_FILE} cannot be read (${reason})`);
}

// src/report/report.ts
function renderDocument(report) {
  return `${JSON.stringify(report, void 0, 2)}
`;
}
function renderReport(items) {
  return `${JSON.stringify(items, void 0, 2)}
`;
}

// src/signatures/x509/asn1/der-rules.ts
var TAG2 = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  utcTime: 23,
  generalizedTime: 24,
  sequence: 48,
  set: 49,
  /** [0] to [3], constructed. */
  context0: 160,
  context1: 161,
  context2: 162,
  context3: 163
};
var CONSTRUCTED = 32;
var FIRST_TAGGED = 64;
function isConstructed(tag) {
  return (tag & CONSTRUCTED) !== 0;
}
function checkForm(tag) {
  if (tag >= FIRST_TAGGED) return;
  const type = tag | CONSTRUCTED;
  const mustBeConstructed = type === TAG2.sequence || type === TAG2.set;
  if (isConstructed(tag) !== mustBeConstructed) {
    throw new FormatError("has an element in a form that DER does not have");
  }
}
function checkPrimitive(bytes2, tag, start2, end) {
  const length = end - start2;
  const first = bytes2[start2] ?? 0;
  switch (tag) {
    case 0:
      throw new FormatError("has an end-of-contents element (BER, not DER)");
    case TAG2.boolean:
      if (length !== 1 || first !== 0 && first !== 255) throw new FormatError("has an invalid BOOLEAN");
      return;
    case TAG2.integer: {
      const second = bytes2[start2 + 1] ?? 0;
      const padded = length > 1 && (first === 0 && second < 128 || first === 255 && second >= 128);
      if (length === 0 || padded) throw new FormatError("has an INTEGER that is not minimal");
      return;
    }
    case TAG2.bitString:
      if (length === 0 || first > 7 || length === 1 && first !== 0) {
        throw new FormatError("has an invalid BIT STRING");
      }
      return;
    case TAG2.null:
      if (length !== 0) throw new FormatError("has a NULL with content");
      return;
    case TAG2.oid:
      checkObjectIdentifier(bytes2, start2, end);
      return;
    default:
  }
}
function checkObjectIdentifier(bytes2, start2, end) {
  let inside = false;
  for (let at = start2; at < end; at++) {
    const byte = bytes2[at] ?? 0;
    if (byte === 128 && !inside) throw new FormatError("has an object identifier that is not minimal");
    inside = byte >= 128;
  }
  if (inside || start2 === end) throw new FormatError("has an invalid object identifier");
}

// src/signatures/x509/asn1/der.ts
var MAX_DEPTH2 = 32;
var MAX_CHILDREN = 1e3;
var Cursor = class {
  bytes;
  /** Identifier octet of the current element. */
  tag = 0;
  /** Offset of its first byte, of its content, and of the byte after it. */
  start = 0;
  contentStart = 0;
  end = 0;
  #limit;
  constructor(bytes2) {
    this.bytes = bytes2;
    this.#limit = bytes2.length;
  }
  /** Continues with the elements between two offsets. */
  enter(from, to) {
    this.end = from;
    this.#limit = to;
  }
  /**
   * Moves to the next element; returns false where none is left.
   * @throws FormatError for a header that is not DER, or an element longer than what encloses it.
   */
  next() {
    const { bytes: bytes2 } = this;
    const at = this.end;
    if (at >= this.#limit) return false;
    const tag = bytes2[at] ?? 0;
    let contentStart = at + 2;
    if (contentStart > this.#limit) throw new FormatError("ends too early");
    if ((tag & 31) === 31) throw new FormatError("has a tag number above 30");
    let length = bytes2[at + 1] ?? 0;
    if (length === 128) throw new FormatError("has an indefinite length (BER, not DER)");
    if (length > 128) {
      const count2 = length & 127;
      if (count2 > 4) throw new FormatError("has a length of more than four bytes");
      if (contentStart + count2 > this.#limit) throw new FormatError("ends too early");
      length = 0;
      for (const last = contentStart + count2; contentStart < last; contentStart++) {
        length = length * 256 + (bytes2[contentStart] ?? 0);
      }
      if (length < 128 || length < 256 ** (count2 - 1)) {
        throw new FormatError("has a length that is not minimal (BER, not DER)");
      }
    }
    if (contentStart + length > this.#limit) throw new FormatError("ends too early");
    this.tag = tag;
    this.start = at;
    this.contentStart = contentStart;
    this.end = contentStart + length;
    return true;
  }
  /** The current element, as a view. */
  element() {
    return {
      tag: this.tag,
      bytes: this.bytes.subarray(this.start, this.end),
      content: this.bytes.subarray(this.contentStart, this.end)
    };
  }
};
function readDer(bytes2) {
  const element = onlyElement(bytes2);
  checkAll(bytes2);
  return element;
}
function onlyElement(bytes2) {
  const cursor = new Cursor(bytes2);
  if (!cursor.next()) throw new FormatError("ends too early");
  const rest = bytes2.length - cursor.end;
  if (rest > 0) throw new FormatError(`has ${rest} trailing byte${rest === 1 ? "" : "s"} after its end`);
  return cursor.element();
}
function childrenOf(element) {
  const children = [];
  const cursor = new Cursor(element.content);
  while (cursor.next()) {
    if (children.length === MAX_CHILDREN)
      throw new FormatError(`has a list of more than ${MAX_CHILDREN} elements`);
    children.push(cursor.element());
  }
  return children;
}
function sameBytes(a, b) {
  return Buffer.compare(a, b) === 0;
}
function checkAll(bytes2) {
  const cursor = new Cursor(bytes2);
  const ends = [bytes2.length];
  for (; ; ) {
    const end = ends.at(-1);
    if (end === void 0) return;
    cursor.enter(cursor.end, end);
    if (!cursor.next()) {
      ends.pop();
      continue;
    }
    checkForm(cursor.tag);
    if (!isConstructed(cursor.tag)) {
      checkPrimitive(bytes2, cursor.tag, cursor.contentStart, cursor.end);
      continue;
    }
    if (ends.length > MAX_DEPTH2) throw new FormatError("has elements that are nested too deeply");
    ends.push(cursor.end);
    cursor.end = cursor.contentStart;
  }
}

// src/signatures/x509/asn1/fields.ts
var Fields = class {
  #cursor;
  #name;
  #next;
  /** @param name For messages: what the fields belong to, such as `the SignerInfo`. */
  constructor(element, name) {
    this.#cursor = new Cursor(element.content);
    this.#name = name;
    this.#advance();
  }
  get next() {
    return this.#next;
  }
  /** @throws FormatError if the next field has another tag. */
  take(tag, field) {
    const element = this.takeIf(tag);
    if (element === void 0) throw new FormatError(`lacks the ${field} of ${this.#name}`);
    return element;
  }
  takeIf(tag) {
    return this.next?.tag === tag ? this.takeAny() : void 0;
  }
  /** The next field, whatever its tag. */
  takeAny() {
    const element = this.#next;
    if (element !== void 0) this.#advance();
    return element;
  }
  /** @throws FormatError if a field is left. */
  end() {
    if (this.next !== void 0) throw new FormatError(`has more fields in ${this.#name} than it may have`);
  }
  #advance() {
    this.#next = this.#cursor.next() ? this.#cursor.element() : void 0;
  }
};
function fieldsOf(element, name) {
  if (element?.tag !== TAG2.sequence) throw new FormatError(`has no SEQUENCE where ${name} belongs`);
  return new Fields(element, name);
}
function unwrap(wrapper, tag, name) {
  const fields = new Fields(wrapper, name);
  const element = fields.take(tag, "content");
  fields.end();
  return element;
}

// src/signatures/x509/asn1/values.ts
var MAX_OID_BYTES = 64;
function oidOf(element) {
  if (element?.tag !== TAG2.oid) throw new FormatError("has no object identifier where one belongs");
  if (element.content.length > MAX_OID_BYTES)
    throw new FormatError("has an object identifier that is too long");
  const arcs = [];
  let arc = 0n;
  for (const byte of element.content) {
    arc = arc * 128n + BigInt(byte & 127);
    if (byte >= 128) continue;
    if (arcs.length === 0) {
      const first = arc < 80n ? arc / 40n : 2n;
      arcs.push(first, arc - 40n * first);
    } else {
      arcs.push(arc);
    }
    arc = 0n;
  }
  return arcs.join(".");
}
function smallIntegerOf({ tag, content }) {
  return tag === TAG2.integer || tag === TAG2.enumerated ? smallNumber(content) : void 0;
}
function smallNumber(content) {
  if (content.length > 4 || (content[0] ?? 128) >= 128) return void 0;
  return content.reduce((value2, byte) => value2 * 256 + byte, 0);
}
function bigIntegerOf({ content }) {
  return BigInt.asIntN(8 * content.length, BigInt(`0x${Buffer.from(content).toString("hex") || "0"}`));
}
function wholeBytesOf({ content }, name) {
  if (content[0] !== 0) throw new FormatError(`has ${name} that is not made of whole bytes`);
  return content.subarray(1);
}
function namedBitsOf({ content }) {
  const bits = /* @__PURE__ */ new Set();
  for (let bit = 0; bit < 8 * (content.length - 1); bit++) {
    if ((content[1 + (bit >> 3)] ?? 0) >> 7 - (bit & 7) & 1) bits.add(bit);
  }
  return bits;
}
function isTrue(element) {
  return element?.content[0] === 255;
}

// src/signatures/x509/name.ts
var ONE_BYTE = /* @__PURE__ */ new Set([18, 19, 20, 21, 22, 25, 26, 27]);
var UNIVERSAL_STRING = 28;
var BMP_STRING = 30;
function readName(der) {
  return readRdns(der).flat();
}
function readRdns(der) {
  const name = readDer(der);
  if (name.tag !== TAG2.sequence) throw new FormatError("has a name that is not a SEQUENCE");
  return childrenOf(name).map((rdn) => {
    if (rdn.tag !== TAG2.set) throw new FormatError("has a name that is not made of SETs");
    return childrenOf(rdn).map((element) => {
      const fields = fieldsOf(element, "an attribute of a name");
      const type = oidOf(fields.take(TAG2.oid, "type"));
      const value2 = fields.takeAny();
      fields.end();
      return { type, value: textOf2(value2, type) };
    });
  });
}
function textOf2(element, type) {
  const text4 = element === void 0 ? void 0 : decoded2(element);
  if (text4 === void 0) throw new FormatError(`has a name whose attribute ${type} is not text`);
  return text4;
}
function decoded2({ tag, content }) {
  if (ONE_BYTE.has(tag)) return Buffer.from(content).toString("latin1");
  try {
    if (tag === TAG2.utf8String) return utf8.decode(content);
    if (tag === BMP_STRING) return utf16.decode(content);
    if (tag !== UNIVERSAL_STRING || content.length % 4 !== 0) return void 0;
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    return String.fromCodePoint(
      ...Array.from({ length: content.length / 4 }, (_, index) => view.getUint32(4 * index))
    );
  } catch {
    return void 0;
  }
}
var utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
var utf16 = new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true });

export {
  layerUuid,
  recipeOf,
  recipesFor,
  ofClasses,
  nativelyKnown,
  recipeKey,
  uuidOf,
  CACHE_PROFILE,
  cacheRecipe,
  formatBytes,
  readGiven,
  readGivenSync,
  FormatError,
  decoding,
  readPart,
  readAs,
  splitPem,
  CHAIN_REMEDY,
  readCertificateBundle,
  isPemText,
  plainPem,
  splitPemList,
  readPemInput,
  NOTARY_NAMESPACE,
  NOTARY_PREFIX,
  OWN_PREFIX,
  LAYER_DIGEST,
  ROOT_HASH,
  SIGNATURE_MARK,
  TARDEV_LAYER_DIGEST,
  TARDEV_ROOT_HASH,
  TARDEV_SIGNATURE,
  TARDEV_BLOB_NAME,
  THUMBPRINTS,
  TITLE,
  CREATED,
  ZodError,
  string2 as string,
  base642 as base64,
  number2 as number,
  int,
  boolean2 as boolean,
  unknown,
  array,
  object,
  strictObject,
  looseObject,
  discriminatedUnion,
  record,
  _enum,
  literal,
  digestSchema,
  sha256Digest,
  optionalText,
  text,
  texts,
  anything,
  descriptorFields,
  descriptorSchema,
  embedding,
  plainDescriptor,
  descriptorOf,
  sameContent,
  distinctContent,
  requireSameSize,
  checkContent,
  digestLike,
  foldName,
  parseStrictJson,
  decodeJson,
  matchSchema,
  MAX_METADATA_SIZE,
  checkMetadataSize,
  parseMetadata,
  MANIFEST_MEDIA_TYPE,
  INDEX_MEDIA_TYPE,
  EMPTY_CONFIG_MEDIA_TYPE,
  EMPTY_CONFIG_DIGEST,
  DOCKER_MANIFEST_MEDIA_TYPE,
  DOCKER_INDEX_MEDIA_TYPE,
  LAYER_MEDIA_TYPES,
  DOCKER_LAYER_MEDIA_TYPES,
  EROFS_LAYER_MEDIA_TYPES,
  PKCS7_MEDIA_TYPE,
  TARDEV_SIGNATURE_MEDIA_TYPE,
  statIfThere,
  lstatIfThere,
  realpathIfThere,
  ifThere,
  unreadable,
  ownMark,
  removeLeftovers,
  removeFolder,
  documentKind,
  isImageConfig,
  parseConfig,
  parseContainerSettings,
  parseDocument,
  parseIndex,
  parseReferences,
  partialPath,
  shortName,
  partialsOf,
  openPartial,
  writeError,
  lockFile,
  removeAbandonedLock,
  WorkCounter,
  unlessDamaged,
  whyReadOnly,
  OciLayout,
  BATCH,
  inBatches,
  entriesAndReferrers,
  parseSignatureManifest,
  HttpError,
  ToolError,
  run,
  stream,
  redactor,
  AnswerError,
  secretsOf,
  isNotFound,
  ReferrersRefusedError,
  ReferrerLists,
  readRegular,
  openRegular,
  RegistryStore,
  dockerArchive,
  parseReference,
  parseImage,
  referenceName,
  LayoutSource,
  findVersion,
  compareVersions,
  OLDEST_EROFS_UTILS,
  SUPPORTED_EROFS_UTILS,
  unsupportedErofsUtils,
  releaseOf,
  labelFits,
  erofsUtilsFits,
  FIRST_SAFE_ORAS,
  leaksCredentials,
  checkVersion,
  checkVersionFor,
  EndlessReferrersError,
  ARTIFACT_FORMATS,
  normalizePlatform,
  isForLinux,
  formatPlatform,
  platformNames,
  featuresText,
  parsePlatform2 as parsePlatform,
  imagesNotCovered,
  CONFIGURATION_NOT_COVERED,
  withCoverage,
  ConversionCache,
  conversionKey,
  layerKey,
  gapsOf,
  TAG2 as TAG,
  isConstructed,
  Cursor,
  readDer,
  onlyElement,
  childrenOf,
  sameBytes,
  Fields,
  fieldsOf,
  unwrap,
  oidOf,
  smallIntegerOf,
  smallNumber,
  bigIntegerOf,
  wholeBytesOf,
  namedBitsOf,
  isTrue,
  readName,
  readRdns,
  worstVerdict,
  openImage,
  IN_REGISTRY,
  requireReferrers,
  openOras,
  inPlace,
  whyNotWritable,
  whyNotCreatable,
  whyNotFolder,
  createFolder,
  missingFolders,
  removeIfEmpty,
  parseKeyReference,
  parsePassphraseReference,
  SecretSource,
  PassphraseSource,
  GUEST_KINDS,
  guestArchitectures,
  guestOf,
  wasTried,
  destinationOf,
  errorReport,
  failedImage,
  failedSource,
  eachImage,
  imageAtFault,
  hasResults,
  reportEntries,
  parseList,
  parseLines,
  parseChoice,
  parseCount,
  parseDuration,
  parseTime,
  listedImages,
  withoutCredentials,
  listedTags,
  withBuiltImages,
  SecretStore,
  passphraseReference,
  keyReference,
  parsed,
  required2 as required,
  optional2 as optional,
  flag2 as flag,
  text2,
  choice,
  certificateReference,
  certificateReferences,
  registriesOf,
  layersChoice,
  commonOptions,
  preflightOptions,
  signingOptions,
  pluginConfig,
  isPlugin,
  refuseIdleConfig,
  requireOneImage,
  count,
  formatSeconds,
  shortDigest,
  shortDigests,
  manifestKind,
  textWidth,
  progressLine,
  checkReportPath,
  checkActionFolder,
  AS_OWNER,
  writeReport,
  writeActionReport,
  md,
  joinMarkdown,
  escapeMarkdown,
  inlineCode,
  codeBlock,
  markdownTable,
  factTable,
  link2 as link,
  details,
  alert,
  FOLDED_LAYERS,
  LISTED_LAYERS,
  SUMMARY_LIMIT,
  withinLimit2 as withinLimit,
  builderRows,
  builderFacts,
  classText,
  fitTable,
  alignFacts,
  fitLines,
  fitLine,
  preflightFailures,
  preflightStatus,
  attackText,
  gapsOf2,
  lastLines,
  fileCounts,
  preflightTable,
  commandText,
  uncoveredLines,
  uncoveredParts,
  signTable,
  VERDICT_WORDS,
  verdictText,
  layerWord,
  manifestWord,
  verifiedSigners,
  overallVerdict,
  failureLines,
  runContext,
  isRecordable,
  abortOnSignals,
  untilAborted,
  trustCertificates,
  renderDocument,
  renderReport
};
