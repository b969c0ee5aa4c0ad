import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/lib/writable.ts
import { accessSync, closeSync, constants, mkdirSync, openSync, rmdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
function whyNotWritable(file) {
  return reasonOf(() => {
    const found = statSync(file);
    if (found.isDirectory()) return "it is a folder";
    if (found.isFile()) closeSync(openSync(file, constants.O_WRONLY | constants.O_APPEND));
    else accessSync(file, constants.W_OK);
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
function whyNotFolder(folder) {
  return reasonOf(() => {
    if (!statSync(folder).isDirectory()) return "it is not a folder";
    accessSync(folder, constants.W_OK | constants.X_OK);
    return void 0;
  });
}
function createFolder(folder) {
  if (statSync(folder, { throwIfNoEntry: false }) !== void 0) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}
function missingFolders(folder) {
  if (statSync(folder, { throwIfNoEntry: false }) !== void 0 || dirname(folder) === folder) return [];
  return [folder, ...missingFolders(dirname(folder))];
}
function removeIfEmpty(folders) {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
    }
  }
}
function reasonOf(check) {
  try {
    return check();
  } catch (error) {
    return error.code ?? String(error);
  }
}

export {
  whyNotWritable,
  whyNotCreatable,
  whyNotFolder,
  createFolder,
  missingFolders,
  removeIfEmpty
};
