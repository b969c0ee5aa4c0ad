import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

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
  EXIT_STATUS,
  VeritySignError,
  inContext,
  describeError
};
