import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  answerHashJob
} from "./chunk-FHI6J6AN.js";
import "./chunk-332EGVRM.js";
import {
  SourceBroke,
  pour,
  takerFor,
  toFailure
} from "./chunk-F4WWHGDP.js";
import "./chunk-6NE6DGRD.js";
import {
  ownPiece
} from "./chunk-DY3HEV5V.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/pipeline/layer-thread.ts
import { parentPort } from "node:worker_threads";

// src/layers/pourer.ts
import { Readable } from "node:stream";
var AHEAD = 2;
var Pourer = class {
  #answer;
  #takerFor;
  /** Of the layer that is being poured. */
  #blob;
  #stop = new AbortController();
  constructor(answer, takerFor2) {
    this.#answer = answer;
    this.#takerFor = takerFor2;
  }
  take(message) {
    if ("start" in message) this.#begin(message);
    else if ("stop" in message) this.#stop.abort();
    else if ("piece" in message) this.#push(message.piece);
    else if (message.end === "well") this.#blob?.push(null);
    else this.#blob?.destroy(new SourceBroke());
  }
  #push(piece) {
    ownPiece(piece);
    this.#blob?.push(piece);
  }
  #begin({ start }) {
    let asked = 0;
    const blob = new Readable({
      highWaterMark: 1,
      // Each piece that is read makes room for one more.
      read: () => {
        for (; asked < AHEAD; asked++) this.#answer({ want: true });
        asked -= 1;
      }
    });
    this.#blob = blob;
    this.#stop = new AbortController();
    const onProgress = (progress) => this.#answer({ progress });
    const { facts, idle } = pour(blob, start, this.#stop.signal, onProgress, this.#takerFor(start));
    const told = facts.then(
      (made) => this.#answer({ facts: made }),
      (error) => this.#answer({ failure: toFailure(error) })
    );
    void Promise.all([told, idle]).then(() => {
      this.#blob = void 0;
      this.#answer({ idle: true });
    });
  }
};

// src/pipeline/layer-thread.ts
var port = parentPort;
if (port === null) throw new TypeError("not a worker thread");
var pourer = new Pourer((message) => port.postMessage(message), takerFor);
port.on("message", (message) => {
  if ("hash" in message) port.postMessage(answerHashJob(message));
  else pourer.take(message);
});
