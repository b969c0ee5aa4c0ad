import type { ArchiveSource } from '../image/archive-source.ts';
import { LayoutStore } from './layout-store.ts';

/** Referrers in an archive: those in the layout that it is unpacked to. */
export class ArchiveStore extends LayoutStore {
  readonly #source: ArchiveSource;

  constructor(source: ArchiveSource, signal?: AbortSignal) {
    super(source.directory, source.name, signal);
    this.#source = source;
  }

  /** Killed runs leave nothing in the folder of this one, but something beside the archive. */
  override removeLeftovers(): Promise<void> {
    return this.#source.removeLeftovers();
  }
}
