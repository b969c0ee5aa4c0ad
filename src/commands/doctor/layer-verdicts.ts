import { decideLayer, type IpePolicy, type LayerVerdict } from '../../formats/ipe/policy.ts';
import type { FoundErofsUtils, WantedLayer } from './check.ts';

/**
 * What the policy decides about the root hashes that a layer may have on the node: those of the class of its
 * mkfs.erofs. All of them if the class is unknown, or none is recorded as its own.
 */
export function layerVerdicts(
  policy: IpePolicy,
  { rootHashes }: WantedLayer,
  { class: own }: Pick<FoundErofsUtils, 'class'>,
): ReadonlySet<LayerVerdict> {
  const all = [...rootHashes.keys()];
  const made = own === undefined ? [] : all.filter((rootHash) => rootHashes.get(rootHash)?.has(own));
  return new Set((made.length > 0 ? made : all).map((rootHash) => decideLayer(policy, rootHash).verdict));
}
