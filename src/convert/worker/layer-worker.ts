/** A thread that does to layers what takes long: decompress and digest them, and hash their images. */
import { parentPort } from 'node:worker_threads';
import { answerHashJob, type HashQuestion } from '../verity/hash-question.ts';
import type { ToWorker } from './protocol.ts';
import { consumerFor } from './tar-consumer.ts';
import { WorkerSide } from './worker-side.ts';

const port = parentPort;
if (port === null) throw new TypeError('not a worker thread');
const side = new WorkerSide((message) => port.postMessage(message), consumerFor);

port.on('message', (message: ToWorker | HashQuestion) => {
  if ('hash' in message) port.postMessage(answerHashJob(message));
  else side.take(message);
});
