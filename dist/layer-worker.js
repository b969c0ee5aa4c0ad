import {
  WorkerSide,
  runHashRequest
} from "./shared.worker.js";
import {
  consumerFor
} from "./shared.conversion.js";
import "./shared.inputs.js";
import "./shared.start.js";

// builtin-load:load of src/convert/worker/layer-worker.ts
import { createRequire } from "node:module";
var load = createRequire(import.meta.url);

// builtin:node:worker_threads of src/convert/worker/layer-worker.ts
var found;
var all = () => found ??= load("node:worker_threads");
var one = (name) => all()[name];
var parentPort = /* @__PURE__ */ one("parentPort");

// src/convert/worker/layer-worker.ts
var port = parentPort;
if (port === null) throw new TypeError("not a worker thread");
for (const stream of [process.stdout, process.stderr]) stream._writev = (_texts, done) => done();
var side = new WorkerSide((message) => port.postMessage(message), consumerFor);
port.on("message", (message) => {
  if ("hash" in message) port.postMessage(runHashRequest(message));
  else side.receive(message);
});
