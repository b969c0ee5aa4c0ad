import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  answerHashJob
} from "./shared.convert.verity.hash-question.js";
import "./shared.convert.verity.block-digester.js";
import {
  SourceBroke,
  consumerFor,
  processInPlace,
  toFailure
} from "./shared.convert.worker.protocol.js";
import "./shared.lib.process.drained.js";
import {
  ownPiece
} from "./shared.convert.blob.buffer-ownership.js";
import "./shared.errors.js";
import "./runtime.js";

// src/convert/worker/layer-worker.ts
import { parentPort } from "node:worker_threads";

// src/convert/worker/worker-side.ts
import { Readable } from "node:stream";
var AHEAD = 2;
var WorkerSide = class {
  #answer;
  #consumerFor;
  /** Of the layer that is being processed. */
  #blob;
  #stop = new AbortController();
  constructor(answer, consumerFor2) {
    this.#answer = answer;
    this.#consumerFor = consumerFor2;
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
    const { facts, idle } = processInPlace(
      blob,
      start,
      this.#stop.signal,
      onProgress,
      this.#consumerFor(start)
    );
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

// src/convert/worker/layer-worker.ts
var port = parentPort;
if (port === null) throw new TypeError("not a worker thread");
var side = new WorkerSide((message) => port.postMessage(message), consumerFor);
port.on("message", (message) => {
  if ("hash" in message) port.postMessage(answerHashJob(message));
  else side.take(message);
});
