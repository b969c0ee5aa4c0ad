import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  readUpTo
} from "./shared.lib.read-given.js";

// src/lib/read-regular.ts
import { constants } from "node:fs";
import { open } from "node:fs/promises";
async function readRegular(path, mostBytes) {
  const file = await openRegular(path);
  try {
    return await readUpTo(file, mostBytes, "too large");
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
