import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  isPemText,
  plainPem
} from "./shared.lib.pem-text.js";
import {
  readGiven
} from "./shared.lib.read-given.js";
import {
  VeritySignError
} from "./shared.errors.js";

// src/commands/shared/pem/pem-input.ts
import { stat } from "node:fs/promises";
var MAX_SIZE = 1024 * 1024;
var VARIABLE = /^env:\/\/(.*)$/s;
async function readPemInput(given, option, variables, code) {
  const variable = VARIABLE.exec(given)?.[1];
  if (isPemText(given)) {
    return { content: Buffer.from(plainPem(given)), name: `text of ${option}`, path: void 0 };
  }
  if (variable !== void 0) {
    const value = Object.hasOwn(variables, variable) ? variables[variable] : void 0;
    const name2 = `variable ${variable} of ${option}`;
    if (value !== void 0) return { content: Buffer.from(plainPem(value)), name: name2, path: void 0 };
    throw new VeritySignError(code, `the ${name2} is not set`, {
      remedy: "Set it in the environment of this step"
    });
  }
  const name = `file ${given} of ${option}`;
  const content = await readLimited(given, name, code);
  const text = content.toString("latin1");
  const plain = plainPem(text);
  if (plain !== text) return { content: Buffer.from(plain), name, path: void 0 };
  const isFile = (await stat(given).catch(() => void 0))?.isFile() === true;
  return { content, name, path: isFile ? given : void 0 };
}
async function readLimited(path, name, code) {
  try {
    return await readGiven(path, MAX_SIZE);
  } catch (cause) {
    const reason = cause.code ?? String(cause);
    throw new VeritySignError(code, `the ${name} cannot be read (${reason})`, {
      remedy: "Give the path of a PEM file, env://NAME for a variable that contains PEM, or the PEM text itself",
      cause
    });
  }
}

export {
  readPemInput
};
