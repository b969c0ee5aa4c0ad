import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __require = /* @__PURE__ */ ((x) => typeof require !== "undefined" ? require : typeof Proxy !== "undefined" ? new Proxy(x, {
  get: (a, b) => (typeof require !== "undefined" ? require : a)[b]
}) : x)(function(x) {
  if (typeof require !== "undefined") return require.apply(this, arguments);
  throw Error('Dynamic require of "' + x + '" is not supported');
});
var __commonJS = (cb, mod) => function __require2() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// src/errors.ts
var EXIT_STATUS = {
  usage: 2,
  image: 3,
  environment: 4,
  key: 5,
  registry: 6,
  cancelled: 130
};
var VeritySignError = class extends Error {
  code;
  remedy;
  context = {};
  constructor(code, message, options = {}) {
    super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
    this.name = "VeritySignError";
    this.code = code;
    this.remedy = options.remedy;
  }
  /** One line: image, layer, what happened, what to do. */
  toLine() {
    const where = [this.context.image, this.context.layer].filter((part) => part !== void 0);
    const what = where.length === 0 ? this.message : `${where.join(", ")}: ${this.message}`;
    const line = this.remedy === void 0 ? what : `${what}. ${this.remedy}`;
    return line.replaceAll(/\s*\n\s*/g, " | ");
  }
};
async function inContext(context, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VeritySignError) {
      for (const key of ["image", "layer"]) {
        const value = context[key];
        if (value !== void 0) error.context[key] ??= value;
      }
    }
    throw error;
  }
}
function describeError(error) {
  if (error instanceof VeritySignError) return { line: error.toLine(), status: EXIT_STATUS[error.code] };
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  return {
    line: `Internal error, please report it with these lines: ${detail.replaceAll(/\s*\n\s*/g, " | ")}`,
    status: 1
  };
}

export {
  __require,
  __commonJS,
  __export,
  __toESM,
  EXIT_STATUS,
  VeritySignError,
  inContext,
  describeError
};
