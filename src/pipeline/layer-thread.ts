/** A thread that does to layers what takes long: decompress and digest them, and hash their images. */
import { parentPort } from 'node:worker_threads';
import type { ToPourer } from '../layers/pour-protocol.ts';
import { Pourer } from '../layers/pourer.ts';
import { answerHashJob, type HashQuestion } from '../verity/hash-question.ts';
import { takerFor } from './taker.ts';

const port = parentPort;
if (port === null) throw new TypeError('not a worker thread');
const pourer = new Pourer((message) => port.postMessage(message), takerFor);

port.on('message', (message: ToPourer | HashQuestion) => {
  if ('hash' in message) port.postMessage(answerHashJob(message));
  else pourer.take(message);
});
