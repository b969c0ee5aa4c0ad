import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SinkTaker
} from "./chunk-D2PTNZFS.js";

// src/pipeline/taker.ts
function takerFor({ sinks, native }) {
  return native === void 0 ? new SinkTaker(sinks) : new NativeWhenNeeded(native);
}
var NativeWhenNeeded = class {
  tellsDropped = true;
  #loaded;
  constructor(work) {
    this.#loaded = import("./native-taker-HZF5WB7J.js").then(({ NativeTaker }) => new NativeTaker(work));
    this.#loaded.catch(() => void 0);
  }
  async take(piece) {
    await (await this.#loaded).take(piece);
  }
  async end() {
    return (await this.#loaded).end();
  }
  async stop() {
    await (await this.#loaded).stop();
  }
};

export {
  takerFor
};
