import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  formatBytes
} from "./shared.lib.format-bytes.js";

// src/lib/read-given.ts
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
var CHUNK = 64 * 1024;
var MOST = 16 * 1024 * 1024;
async function readGiven(path, mostBytes = MOST) {
  const file = await open(path);
  try {
    return await readUpTo(file, mostBytes, largerThan(mostBytes));
  } finally {
    await file.close();
  }
}
function readGivenSync(path, mostBytes = MOST) {
  const file = path === 0 ? path : openSync(path, "r");
  try {
    const chunks = [];
    for (let size = 0; ; ) {
      const chunk = Buffer.alloc(CHUNK);
      const bytes = readSync(file, chunk, 0, CHUNK, null);
      if (bytes === 0) return Buffer.concat(chunks);
      size = withinLimit(size + bytes, mostBytes, largerThan(mostBytes));
      chunks.push(chunk.subarray(0, bytes));
    }
  } finally {
    if (file !== 0) closeSync(file);
  }
}
async function readUpTo(file, mostBytes, tooLarge) {
  const chunks = [];
  for (let size = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size = withinLimit(size + bytesRead, mostBytes, tooLarge);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}
function largerThan(bytes) {
  return `larger than ${formatBytes(bytes)}`;
}
function withinLimit(size, most, code) {
  if (size > most) throw Object.assign(new Error(code), { code });
  return size;
}

export {
  readGiven,
  readGivenSync,
  readUpTo
};
