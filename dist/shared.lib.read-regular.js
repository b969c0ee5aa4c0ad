import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/read-regular.ts
import { constants } from "node:fs";
import { open } from "node:fs/promises";
var CHUNK = 64 * 1024;
async function readRegular(path, mostBytes) {
  const file = await openRegular(path);
  try {
    const chunks = [];
    for (let size = 0; ; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return Buffer.concat(chunks);
      size += bytesRead;
      if (size > mostBytes) throw failure("too large");
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
async function openRegular(path) {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw failure("EISDIR");
    if (!found.isFile()) throw failure("not a regular file");
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
function failure(code) {
  return Object.assign(new Error(code), { code });
}

export {
  readRegular,
  openRegular
};
