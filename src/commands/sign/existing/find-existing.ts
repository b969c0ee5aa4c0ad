import type { Logger } from '../../../logger.ts';
import type { AttachedArtifact } from '../../../model/index.ts';
import { copyReferrer } from '../../../oci/attach/copy-referrer.ts';
import type { ReferrerStore } from '../../../oci/attach/store.ts';
import { isNotFound } from '../../../oci/oras/failures/failure.ts';
import type { AttachedManifest } from '../manifests/steps.ts';
import type { Planned } from '../plan-signatures.ts';
import type { SignatureKinds } from '../signature-kinds.ts';
import type { Attached, SignatureSteps } from '../steps.ts';

/** Signatures that need not be made again, in the order of the plan; undefined where there is none. */
export interface Existing {
  artifacts: readonly (AttachedArtifact | undefined)[];
  manifests: readonly (AttachedManifest | undefined)[];
  /** Referrers that were copied to where the image is. */
  copied: number;
}

/** Where signatures are looked for, and where they must be in the end. */
export interface Places {
  store: ReferrerStore;
  /** Where the image goes. What only these have is copied to `store`. */
  elsewhere: readonly ReferrerStore[];
  /** The run's private temporary folder. */
  folder: string;
  signal: AbortSignal;
}

/** Looks for signatures that say what this run would say: where the image is, then where it goes. */
export async function findExisting(
  planned: Planned,
  { layers, manifests }: SignatureKinds,
  places: Places,
  log: Logger,
): Promise<Existing> {
  const search = new Search(places, log);
  return {
    artifacts: await search.find(layers, planned.artifacts),
    manifests: await search.find(manifests, planned.manifests),
    copied: search.copied,
  };
}

class Search {
  copied = 0;
  readonly #places: Places;
  readonly #log: Logger;

  constructor(places: Places, log: Logger) {
    this.#places = places;
    this.#log = log;
  }

  async find<Planned, Signed, Done extends Attached>(
    steps: SignatureSteps<Planned, Signed, Done> | undefined,
    planned: readonly Planned[],
  ): Promise<(Done | undefined)[]> {
    if (steps === undefined) return [];
    const found: (Done | undefined)[] = [];
    for (const one of planned) {
      const [here] = await steps.find([one], this.#places.store, this.#log);
      found.push(here ?? (await this.#findElsewhere(steps, one)));
    }
    return found;
  }

  async #findElsewhere<Planned, Signed, Done extends Attached>(
    steps: SignatureSteps<Planned, Signed, Done>,
    one: Planned,
  ): Promise<Done | undefined> {
    const { store, elsewhere, folder, signal } = this.#places;
    for (const place of elsewhere) {
      const [found] = await steps.find([one], place, this.#log).catch(noneIfNotFound);
      if (found === undefined) continue;
      await copyReferrer(place, store, found.descriptor, folder, signal);
      this.copied += 1;
      this.#log.info(`${steps.label(one)}: ${found.descriptor.digest} is in ${place.name} already`);
      return found;
    }
    return undefined;
  }
}

/** An image without this manifest has none of its signatures. */
function noneIfNotFound(error: unknown): [] {
  if (isNotFound(error)) return [];
  throw error;
}
