import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  DEFAULT_CLASS,
  RELEASE_CLASSES,
  isKnownClass
} from "./shared.model.profiles.js";
import {
  PROFILES,
  knowsOptions,
  mkfsOptionsFor
} from "./shared.convert.erofs.native.known-options.js";
import {
  compressionIn
} from "./shared.convert.erofs.mkfs.mkfs-options.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/erofs/uuid.ts
import { createHash } from "node:crypto";
var NAMESPACE_URL = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");
var TARDEV_UUID = "c1b9d5a2-f162-11cf-9ece-0020afc76f16";
function uuid5(namespace, name) {
  const bytes = createHash("sha1").update(namespace).update(name, "utf8").digest().subarray(0, 16);
  bytes.writeUInt8(bytes.readUInt8(6) & 15 | 80, 6);
  bytes.writeUInt8(bytes.readUInt8(8) & 63 | 128, 8);
  const hex = bytes.toString("hex");
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
function uuidOf({ descriptor, diffId }, source) {
  if (source === "fixed") return TARDEV_UUID;
  return layerUuid(source === "digest" ? descriptor.digest : diffId);
}
function classOf(text, label) {
  if (isKnownClass(text)) return text;
  const of = Object.hasOwn(RELEASE_CLASSES, text) ? RELEASE_CLASSES[text] : void 0;
  if (of !== void 0) return of;
  const known = Object.keys(RELEASE_CLASSES).join(", ");
  throw new VeritySignError("usage", `${label} ${text} is not supported by the native builder`, {
    remedy: `Use a class (A, B or C), one of ${known}, all, or set builder to mkfs`
  });
}

export {
  layerUuid,
  recipeOf,
  recipesFor,
  ofClasses,
  nativelyKnown,
  recipeKey,
  uuidOf,
  classOf
};
