import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  runHashRequest
} from "./shared.convert.verity.hash-request.js";
import "./shared.convert.verity.hash-tree.js";
import {
  SourceBroke,
  consumerFor,
  processInPlace,
  toFailure
} from "./shared.convert.worker.protocol.js";
import "./shared.convert.blob.sniff.js";
import "./shared.convert.tar.facts.js";
import {
  markOwned
} from "./shared.convert.blob.buffer-ownership.js";
import "./shared.lib.process.drained.js";
import "./shared.formats.digest-grammar.js";
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
  /** The blob of the layer that is being processed. */
  #blob;
  #stop = new AbortController();
  constructor(answer, consumerFor2) {
    this.#answer = answer;
    this.#consumerFor = consumerFor2;
  }
  receive(message) {
    if ("start" in message) this.#begin(message);
    else if ("stop" in message) this.#stop.abort();
    else if ("chunk" in message) this.#push(message.chunk);
    else if (message.end === "well") this.#blob?.push(null);
    else this.#blob?.destroy(new SourceBroke());
  }
  #push(chunk) {
    markOwned(chunk);
    this.#blob?.push(chunk);
  }
  #begin({ start }) {
    let requested = 0;
    const blob = new Readable({
      highWaterMark: 1,
      // Each chunk that is read makes room for one more.
      read: () => {
        for (; requested < AHEAD; requested++) this.#answer({ want: true });
        requested -= 1;
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
    const answered = facts.then(
      (processed) => this.#answer({ facts: processed }),
      (error) => this.#answer({ failure: toFailure(error) })
    );
    void Promise.all([answered, idle]).then(() => {
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
  if ("hash" in message) port.postMessage(runHashRequest(message));
  else side.receive(message);
});
