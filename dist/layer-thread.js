import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  SourceBroke,
  answerHashJob,
  pour,
  toFailure
} from "./chunk-6KJ4H54D.js";
import "./chunk-6NE6DGRD.js";
import "./chunk-DNW23BY2.js";
import "./chunk-NAMBOM6R.js";

// src/pipeline/layer-thread.ts
import { parentPort } from "node:worker_threads";

// src/layers/pourer.ts
import { Readable } from "node:stream";
var AHEAD = 2;
var Pourer = class {
  #answer;
  /** Of the layer that is being poured. */
  #blob;
  #stop = new AbortController();
  constructor(answer) {
    this.#answer = answer;
  }
  take(message) {
    if ("start" in message) this.#begin(message);
    else if ("stop" in message) this.#stop.abort();
    else if ("piece" in message) this.#blob?.push(message.piece);
    else if (message.end === "well") this.#blob?.push(null);
    else this.#blob?.destroy(new SourceBroke());
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
    const { facts, idle } = pour(blob, start, this.#stop.signal, (progress) => this.#answer({ progress }));
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
var pourer = new Pourer((message) => port.postMessage(message));
port.on("message", (message) => {
  if ("hash" in message) port.postMessage(answerHashJob(message));
  else pourer.take(message);
});
