import { setImmediate } from 'node:timers/promises';
import { VeritySignError } from '../../../errors.ts';
import type { Descriptor } from '../../../model/index.ts';
import { isNotFound } from '../../oras/failures/failure.ts';
import type { SignatureManifest } from '../artifact.ts';
import { BATCH, inBatches } from '../batches.ts';
import type { ReferrerStore } from '../store.ts';
import { MOST_REFERRERS, notRead, ReadBudget } from './budget.ts';
import { fetchTogether, parseReferrer, signatureBlobs } from './one-referrer.ts';

/** A referrer as far as it was read, or why it could not be read. */
export type Referrer =
  | {
      descriptor: Descriptor;
      manifest: SignatureManifest;
      /** In the order of `manifest.layers`; undefined where {@link Screen} made reading it useless. */
      blobs: readonly (Uint8Array | undefined)[];
    }
  | { descriptor: Descriptor; error: VeritySignError };

/** Which referrers are not worth reading to the end, so that junk costs little. */
export interface Screen {
  /** Whether any signature of this manifest is worth reading. */
  wanted?(manifest: SignatureManifest): boolean;
  /**
   * Whether the others are worth reading after that of `manifest.layers[index]`, the smallest. Not
   * called if there are few referrers: a report then names every fault of each.
   */
  promising?(manifest: SignatureManifest, index: number, blob: Uint8Array): boolean;
}

/** Number of referrers that are read to the end, whatever is in them. */
const FEW = 12;

/** A referrer whose manifest has been read and whose signatures are still to be read. */
interface Candidate {
  position: number;
  descriptor: Descriptor;
  manifest: SignatureManifest;
  /** Distinct entries, smallest first, and the sum of their sizes in bytes. */
  layers: Descriptor[];
  size: number;
}

/**
 * Reads the referrers of a subject that have this type: first all manifests, then signatures, each
 * time the smallest first, a few concurrently, each digest once. Anyone who may push can attach
 * anything. Because of this order junk must be as small as a genuine referrer to get ahead of it.
 *
 * Yields one result for each listed referrer, with its position in the list, in the order in which
 * they were read. One whose manifest is gone is reported to the store and left out, and so is one that only
 * might have had this type.
 * @throws VeritySignError 'registry' if they cannot be listed, 'cancelled'
 */
export async function* eachReferrer(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  screen: Screen = {},
  signal?: AbortSignal,
): AsyncGenerator<[position: number, referrer: Referrer]> {
  const listed = distinct(await store.list(subject, artifactType));
  const reader = new Reader(store, subject, artifactType, screen);
  const bySize = listed.slice(0, MOST_REFERRERS).map((descriptor, position) => ({ descriptor, position }));
  bySize.sort((a, b) => a.descriptor.size - b.descriptor.size);
  const candidates: Candidate[] = [];
  for (const some of inChunks(bySize)) {
    const read = await inBatches(some, ({ descriptor, position }) => reader.manifest(descriptor, position));
    for (const one of read) {
      if (one === undefined) continue;
      if ('layers' in one) candidates.push(one);
      else yield [one.position, one.referrer];
    }
    await mayStop(signal);
  }
  candidates.sort((a, b) => a.size - b.size);
  for (const some of inChunks(candidates)) {
    const first = await inBatches(some, (candidate) => reader.smallest(candidate));
    for (const [index, candidate] of some.entries()) {
      yield [candidate.position, await reader.rest(candidate, first[index], candidates.length > FEW)];
      await mayStop(signal);
    }
  }
  for (const [beyond, descriptor] of listed.slice(MOST_REFERRERS).entries()) {
    const error = notRead(`there are ${listed.length} referrers, at most ${MOST_REFERRERS} are read`);
    yield [MOST_REFERRERS + beyond, { descriptor, error }];
  }
}

/** Evaluating many referrers may need no I/O: a signal is only noticed between two turns of the event loop. */
async function mayStop(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

class Reader {
  readonly #store: ReferrerStore;
  readonly #subject: Descriptor;
  readonly #artifactType: string;
  readonly #screen: Screen;
  readonly #budget = new ReadBudget();
  /** By digest: the signatures of another image are copied into any number of referrers. */
  readonly #blobs = new Map<string, Promise<Buffer>>();

  constructor(store: ReferrerStore, subject: Descriptor, artifactType: string, screen: Screen) {
    this.#store = store;
    this.#subject = subject;
    this.#artifactType = artifactType;
    this.#screen = screen;
  }

  /** Undefined for a referrer that is left out. */
  async manifest(
    descriptor: Descriptor,
    position: number,
  ): Promise<Candidate | { position: number; referrer: Referrer } | undefined> {
    const isCertain = descriptor.artifactType === this.#artifactType;
    let isOther = false;
    const result = await orError(async () => {
      this.#budget.takeManifest(descriptor.size);
      const manifest = parseReferrer(await this.#store.fetchManifest(descriptor), descriptor.mediaType);
      isOther = !isCertain && manifest.artifactType !== this.#artifactType;
      if (this.#screen.wanted?.(manifest) === false) return { manifest };
      return { manifest, layers: signatureBlobs(manifest) };
    });
    if (isOther) return undefined;
    if (result instanceof VeritySignError) {
      if (isNotFound(result)) {
        this.#store.reportGone?.(this.#subject, descriptor);
        return undefined;
      }
      // What is no signature manifest has no type.
      if (!isCertain && result.code === 'image') return undefined;
      return { position, referrer: { descriptor, error: result } };
    }
    const { manifest, layers } = result;
    if (layers === undefined) return { position, referrer: { descriptor, manifest, blobs: [] } };
    layers.sort((a, b) => a.size - b.size);
    const size = layers.reduce((sum, layer) => sum + layer.size, 0);
    return { position, descriptor, manifest, layers, size };
  }

  /** Undefined if there is no signature. */
  async smallest({ layers: [first] }: Candidate): Promise<Buffer | VeritySignError | undefined> {
    return first === undefined ? undefined : orError(() => this.#blob(first));
  }

  async rest(
    { descriptor, manifest, layers }: Candidate,
    first: Buffer | VeritySignError | undefined,
    isFlood: boolean,
  ): Promise<Referrer> {
    if (first instanceof VeritySignError) return { descriptor, error: first };
    const index = manifest.layers.findIndex(({ digest }) => digest === layers[0]?.digest);
    const useless =
      isFlood && first !== undefined && this.#screen.promising?.(manifest, index, first) === false;
    const blobs = new Map<string, Buffer>();
    if (first !== undefined && layers[0] !== undefined) blobs.set(layers[0].digest, first);
    const failed = useless
      ? undefined
      : await orError(async () => {
          const others = layers.slice(1);
          const together = await this.#together(descriptor, manifest, others);
          await inBatches(others, async (layer) => {
            blobs.set(layer.digest, await this.#blob(layer, together.get(layer.digest)));
          });
        });
    if (failed instanceof VeritySignError) return { descriptor, error: failed };
    return { descriptor, manifest, blobs: manifest.layers.map(({ digest }) => blobs.get(digest)) };
  }

  /** Those that are not known yet, if the store can read them together. */
  async #together(
    descriptor: Descriptor,
    manifest: SignatureManifest,
    layers: readonly Descriptor[],
  ): Promise<ReadonlyMap<string, Buffer>> {
    const unknown = layers.filter((layer) => !this.#blobs.has(keyOf(layer)));
    return this.#budget.allows(unknown)
      ? fetchTogether(this.#store, descriptor, manifest, unknown)
      : new Map<string, Buffer>();
  }

  /** @param fetched its bytes, if they have been read */
  #blob(layer: Descriptor, fetched?: Buffer): Promise<Buffer> {
    const key = keyOf(layer);
    const known = this.#blobs.get(key);
    if (known !== undefined) return known;
    this.#budget.takeSignature(layer.size);
    const read = fetched === undefined ? this.#store.fetchBlob(layer) : Promise.resolve(fetched);
    this.#blobs.set(key, read);
    // A request that failed may succeed for the next referrer.
    read.catch(() => this.#blobs.delete(key));
    return read;
  }
}

function keyOf({ digest, size }: Descriptor): string {
  return `${digest} ${size}`;
}

/** The result, or the error that belongs to one referrer and must not hide the others. */
async function orError<T>(work: () => Promise<T>): Promise<T | VeritySignError> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === 'cancelled') throw error;
    return error;
  }
}

function distinct(listed: readonly Descriptor[]): Descriptor[] {
  const found = new Map<string, Descriptor>();
  for (const one of listed) {
    const key = `${one.digest} ${one.size} ${one.mediaType}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

function inChunks<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let first = 0; first < items.length; first += BATCH) chunks.push(items.slice(first, first + BATCH));
  return chunks;
}
