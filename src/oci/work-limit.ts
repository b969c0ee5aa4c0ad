import { VeritySignError } from '../errors.ts';
import type { Descriptor } from '../model/index.ts';

/** What reading the documents (manifests, indexes, configs) of one image or layout may cost. */
export interface WorkLimit {
  /** Maximum number of documents that are read. */
  documents: number;
  /** Maximum size in bytes of all of them. */
  bytes: number;
}

/** More documents than this program reads. */
export class WorkLimitError extends VeritySignError {}

/**
 * Counts the documents that are read. A document is small, but its author decides how many others it
 * names, so every loop over them has this end. It also notices the run's signal between two documents.
 */
export class WorkCounter {
  readonly #what: string;
  readonly #limit: WorkLimit;
  readonly #signal: AbortSignal | undefined;
  #documents = 0;
  #bytes = 0;

  /** @param what holds the documents, for the message: `the image` */
  constructor(what: string, limit: WorkLimit, signal?: AbortSignal) {
    this.#what = what;
    this.#limit = limit;
    this.#signal = signal;
  }

  /**
   * To be called before a document is read.
   * @throws WorkLimitError ('image') above the limit; the signal's reason
   */
  take({ size }: Pick<Descriptor, 'size'>): void {
    this.#signal?.throwIfAborted();
    this.#documents += 1;
    this.#bytes += size;
    const { documents, bytes } = this.#limit;
    if (this.#documents <= documents && this.#bytes <= bytes) return;
    const most = this.#documents > documents ? `${documents} documents` : `${bytes} bytes of documents`;
    throw new WorkLimitError(
      'image',
      `${this.#what} has more than ${most} (manifests, configs, signatures)`,
      {
        remedy: 'Copy the image that is needed to a layout or repository of its own',
      },
    );
  }
}

/** What `read` returns; undefined if the document is missing or damaged, not if this machine cannot read it. */
export async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isFault = error instanceof VeritySignError && error.code === 'image';
    if (isFault && !(error instanceof WorkLimitError)) return undefined;
    throw error;
  }
}
