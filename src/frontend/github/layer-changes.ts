/** A layer and the root hash of its EROFS image. */
export interface LayerHash {
  index: number;
  /** Of the blob. */
  digest: string;
  /** Hexadecimal. */
  rootHash: string;
}

/** The root hashes of one image manifest for one kind of node. */
export interface LayerSet {
  platform?: string;
  profile: string;
  /** The class of erofs-utils, if it is known. */
  class?: string;
  layers: readonly LayerHash[];
}

/**
 * `same`: blob and root hash. `recompressed`: another blob with the same root hash. `rebuilt`: the same blob with
 * another root hash, because options or class differ. `added` and `removed`: neither is in the other image.
 */
export type Change = 'same' | 'recompressed' | 'rebuilt' | 'added' | 'removed';

export interface LayerChange {
  change: Change;
  layer: LayerHash;
}

/** Pairs of layers that belong together, the closest first. */
const PAIRS: readonly (readonly [Change, (a: LayerHash, b: LayerHash) => boolean])[] = [
  ['same', (a, b) => a.digest === b.digest && a.rootHash === b.rootHash],
  ['recompressed', (a, b) => a.rootHash === b.rootHash],
  ['rebuilt', (a, b) => a.digest === b.digest],
];

/**
 * What became of the layers of a base image: first the layers of the new image in its order, then those that
 * are gone. A layer that occurs several times counts each time.
 */
export function layerChanges(base: readonly LayerHash[], layers: readonly LayerHash[]): LayerChange[] {
  const left = new Set(base);
  const changes = new Map<LayerHash, Change>();
  for (const [change, belong] of PAIRS) {
    for (const layer of layers) {
      if (changes.has(layer)) continue;
      const other = [...left].find((one) => belong(one, layer));
      if (other === undefined) continue;
      left.delete(other);
      changes.set(layer, change);
    }
  }
  return [
    ...layers.map((layer) => ({ change: changes.get(layer) ?? ('added' as const), layer })),
    ...[...left].map((layer) => ({ change: 'removed' as const, layer })),
  ];
}

/** The set of the base for the same platform, profile and class; undefined if there is none. */
export function sameKind(sets: readonly LayerSet[], wanted: LayerSet): LayerSet | undefined {
  return sets.find(
    (set) => set.platform === wanted.platform && set.profile === wanted.profile && set.class === wanted.class,
  );
}

/** Each kind once: several signers may have signed the same root hashes. */
export function distinctKinds(sets: readonly LayerSet[]): LayerSet[] {
  return sets.filter((set, index) => sameKind(sets.slice(0, index), set) === undefined);
}
