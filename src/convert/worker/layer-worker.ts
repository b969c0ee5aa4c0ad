/** A worker thread for the slow work on layers: decompressing, digesting and building, and hashing images. */
import { parentPort } from 'node:worker_threads';
import { type HashRequest, runHashRequest } from '../verity/hash-request.ts';
import type { ToWorker } from './protocol.ts';
import { consumerFor } from './tar-consumer.ts';
import { WorkerSide } from './worker-side.ts';

const port = parentPort;
if (port === null) throw new TypeError('not a worker thread');
// Nobody reads what this thread prints, such as a warning of Node, and a text that waits for a reader keeps the process
// alive for ever.
for (const stream of [process.stdout, process.stderr]) stream._writev = (_texts, done) => done();

const side = new WorkerSide((message) => port.postMessage(message), consumerFor);

port.on('message', (message: ToWorker | HashRequest) => {
  if ('hash' in message) port.postMessage(runHashRequest(message));
  else side.receive(message);
});
