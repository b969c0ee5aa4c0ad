import type { Descriptor, SignatureArtifact } from '../../src/model/index.ts';
import { attachTogether } from '../../src/oci/attach/referrers.ts';
import type { ReferrerStore } from '../../src/oci/attach/store.ts';

/** Attaches one artifact alone, and returns the descriptor of its manifest. */
export async function attachAndReadBack(
  store: ReferrerStore,
  artifact: SignatureArtifact,
  folder: string,
): Promise<Descriptor> {
  const [descriptor] = await attachTogether(store, [artifact], folder);
  if (descriptor === undefined) throw new TypeError('nothing attached');
  return descriptor;
}
