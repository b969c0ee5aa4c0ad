import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  VeritySignError
} from "./shared.errors.js";

// src/convert/erofs/mkfs/mkfs-options.ts
var ALLOWED_SHORT = "CELTdmxz";
var WITH_ARGUMENT = /* @__PURE__ */ new Set([
  "exclude-path",
  "exclude-regex",
  "file-contexts",
  "force-uid",
  "force-gid",
  "max-extent-bytes",
  "compress-hints",
  "chunksize",
  "uid-offset",
  "gid-offset",
  "mount-point",
  "workers",
  "zfeature-bits",
  "root-xattr-isize",
  "sort",
  "dsunit",
  "async-queue-limit",
  "fsalignblks",
  "xattr-prefix"
]);
var REFUSED_LONG = [
  "tar",
  "aufs",
  "quiet",
  "offset",
  "blobdev",
  "vmdk-desc",
  "clean",
  "incremental",
  "gzip",
  "ungzip",
  "gzinfo",
  "unlzma",
  "unxz",
  "s3",
  "oci",
  "version",
  "help",
  "random-pclusterblks",
  "random-algorithms"
];
function parseMkfsOptions(text) {
  const words = text.split(/[\s\0]+/).filter((word) => word !== "");
  let argumentOf;
  for (const word of words) {
    if (argumentOf !== void 0) argumentOf = void 0;
    else argumentOf = checkOption(word);
  }
  if (argumentOf !== void 0) throw refused(argumentOf, "lacks its argument");
  if (!words.some((word) => word.startsWith("-T"))) {
    throw new VeritySignError(
      "usage",
      "mkfs-options has no -T: every conversion would have another root hash",
      {
        remedy: "Configure the node with -T0 --mkfs-time, and use the same options here"
      }
    );
  }
  return words;
}
function compressionIn(words) {
  const at = words.findIndex((word) => word.startsWith("-z"));
  const option = words[at];
  return option === "-z" ? `-z${words[at + 1] ?? ""}` : option;
}
function checkOption(word) {
  if (word.startsWith("--")) {
    const [name = "", value] = word.slice(2).split("=", 2);
    if (name === "" || REFUSED_LONG.some((long) => long.startsWith(name))) {
      throw refused(word, "cannot be set here");
    }
    return value === void 0 && WITH_ARGUMENT.has(name) ? word : void 0;
  }
  const letter = word[1];
  if (!word.startsWith("-") || letter === void 0) throw refused(word, "is not an option");
  if (!ALLOWED_SHORT.includes(letter)) throw refused(word, "cannot be set here");
  return word.length === 2 ? word : void 0;
}
function refused(word, why) {
  return new VeritySignError("usage", `mkfs-options: ${JSON.stringify(word)} ${why}`, {
    remedy: "Use exactly the mkfs_options of the node's erofs differ"
  });
}

export {
  parseMkfsOptions,
  compressionIn
};
