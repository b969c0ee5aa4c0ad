import { Readable } from 'node:stream';
import { ownPiece } from '../blob/buffer-ownership.ts';
import { type ProcessOptions, processInPlace, type TarConsumer } from './process-in-place.ts';
import { type FromWorker, SourceBroke, type ToWorker, toFailure } from './protocol.ts';

/** Pieces of the blob that are on their way or waiting here. */
const AHEAD = 2;

/** The side of the thread that pours: one layer at a time, as it is told. */
export class WorkerSide {
  readonly #answer: (message: FromWorker) => void;
  readonly #consumerFor: (options: ProcessOptions) => TarConsumer;
  /** Of the layer that is being processed. */
  #blob: Readable | undefined;
  #stop = new AbortController();

  constructor(answer: (message: FromWorker) => void, consumerFor: (options: ProcessOptions) => TarConsumer) {
    this.#answer = answer;
    this.#consumerFor = consumerFor;
  }

  take(message: ToWorker): void {
    if ('start' in message) this.#begin(message);
    else if ('stop' in message) this.#stop.abort();
    else if ('piece' in message) this.#push(message.piece);
    else if (message.end === 'well') this.#blob?.push(null);
    else this.#blob?.destroy(new SourceBroke());
  }

  #push(piece: Uint8Array): void {
    // Its memory was moved here.
    ownPiece(piece);
    this.#blob?.push(piece);
  }

  #begin({ start }: Extract<ToWorker, { start: unknown }>): void {
    let asked = 0;
    const blob = new Readable({
      highWaterMark: 1,
      // Each piece that is read makes room for one more.
      read: () => {
        for (; asked < AHEAD; asked++) this.#answer({ want: true });
        asked -= 1;
      },
    });
    this.#blob = blob;
    this.#stop = new AbortController();
    const onProgress = (progress: number): void => this.#answer({ progress });
    const { facts, idle } = processInPlace(
      blob,
      start,
      this.#stop.signal,
      onProgress,
      this.#consumerFor(start),
    );
    const told = facts.then(
      (made) => this.#answer({ facts: made }),
      (error: unknown) => this.#answer({ failure: toFailure(error) }),
    );
    void Promise.all([told, idle]).then(() => {
      this.#blob = undefined;
      this.#answer({ idle: true });
    });
  }
}
