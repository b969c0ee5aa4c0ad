import {
  VeritySignError
} from "./shared.start.js";

// src/convert/erofs/superblock.ts
var OFFSET = 1024;
var MAGIC = 3774210530;
var SUPERBLOCK_END = OFFSET + 128;
function readSuperblock(head, found) {
  if (head.length === 0) throw damaged("it is empty");
  if (!isErofs(head)) {
    throw new VeritySignError("image", `the media type says an EROFS image, but the layer is ${found}`, {
      remedy: "Build the image again with media types that match its layers"
    });
  }
  const blockBits = head.readUInt8(OFFSET + 12);
  if (blockBits < 9 || blockBits > 16) {
    throw damaged(`its blocks have 2^${blockBits} bytes`);
  }
  const hex = head.toString("hex", OFFSET + 48, OFFSET + 64);
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return { uuid: uuid.join("-"), size: head.readUInt32LE(OFFSET + 36) * 2 ** blockBits };
}
function isErofs(head) {
  return head.length >= SUPERBLOCK_END && head.readUInt32LE(OFFSET) === MAGIC;
}
function checkImageSize(superblock, size) {
  if (superblock.size <= size) return superblock;
  throw damaged(`it has ${size} bytes, and its superblock says ${superblock.size}: it is truncated`);
}
function damaged(what) {
  return new VeritySignError("image", `the layer is a damaged EROFS image: ${what}`, {
    remedy: "Convert the image again, and push it again from its source"
  });
}

export {
  SUPERBLOCK_END,
  readSuperblock,
  isErofs,
  checkImageSize
};
