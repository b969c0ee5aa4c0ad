import { Readable } from 'node:stream';
import { markOwned } from '../blob/buffer-ownership.ts';
import { readCheckedLayer } from '../blob/layer-tar.ts';
import { type ProcessOptions, processInPlace, type TarConsumer } from './process-in-place.ts';
import { type FromWorker, SourceBroke, type ToWorker, toFailure } from './protocol.ts';

/** Chunks of the blob that are requested or queued here. */
const AHEAD = 2;

/** The worker's side of the protocol: processes one layer at a time. */
export class WorkerSide {
  readonly #answer: (message: FromWorker) => void;
  readonly #consumerFor: (options: ProcessOptions) => TarConsumer;
  /** The blob of the layer that is being processed. */
  #blob: Readable | undefined;
  #stop = new AbortController();

  constructor(answer: (message: FromWorker) => void, consumerFor: (options: ProcessOptions) => TarConsumer) {
    this.#answer = answer;
    this.#consumerFor = consumerFor;
  }

  receive(message: ToWorker): void {
    if ('start' in message) this.#begin(message);
    else if ('stop' in message) this.#stop.abort();
    else if ('chunk' in message) this.#push(message.chunk);
    else if (message.end === 'well') this.#blob?.push(null);
    else this.#blob?.destroy(new SourceBroke());
  }

  #push(chunk: Uint8Array): void {
    // Its memory was moved here.
    markOwned(chunk);
    this.#blob?.push(chunk);
  }

  #begin({ start }: Extract<ToWorker, { start: unknown }>): void {
    let requested = 0;
    const blob = new Readable({
      highWaterMark: 1,
      // Each chunk that is read makes room for one more.
      read: () => {
        for (; requested < AHEAD; requested++) this.#answer({ want: true });
        requested -= 1;
      },
    });
    this.#blob = blob;
    this.#stop = new AbortController();
    const { facts, idle } = processInPlace(
      blob,
      start,
      this.#stop.signal,
      undefined,
      this.#consumerFor(start),
      readCheckedLayer,
    );
    const answered = facts.then(
      (processed) => this.#answer({ facts: processed }),
      (error: unknown) => this.#answer({ failure: toFailure(error) }),
    );
    void Promise.all([answered, idle]).then(() => {
      this.#blob = undefined;
      this.#answer({ idle: true });
    });
  }
}
