import { VeritySignError } from '../errors.ts';
import { plainDescriptor, requireSameSize } from '../formats/descriptor.ts';
import type { Descriptor } from '../model/index.ts';
import type { ImageIndex } from './documents.ts';
import { documentKind } from './media-types.ts';

/** Maximum depth of indexes in indexes, counted from the root. */
const MAX_DEPTH = 8;

/**
 * The entries of an index, and of the indexes in it, by the digest that they name, in the order of the index. One
 * manifest may have several entries that say different things of it.
 * @param read gives the content of an index
 * @throws VeritySignError 'image' for an index that contains itself or is nested too deep, and for entries that say
 *   different sizes of the same content
 */
export async function indexEntries(
  root: Descriptor,
  read: (index: Descriptor) => Promise<ImageIndex>,
): Promise<Descriptor[][]> {
  const entries = new Map<string, Descriptor[]>();
  const indexes = new Map<string, Descriptor>();
  const gather = async (index: Descriptor, parents: readonly string[]): Promise<void> => {
    if (parents.includes(index.digest)) {
      throw new VeritySignError('image', `the index ${index.digest} contains itself`);
    }
    if (parents.length >= MAX_DEPTH) {
      throw new VeritySignError('image', `indexes are nested more than ${MAX_DEPTH} deep`);
    }
    const { manifests } = await read(index);
    const path = [...parents, index.digest];
    for (const entry of manifests) {
      const { digest } = entry;
      const known = entries.get(digest)?.[0] ?? indexes.get(digest);
      if (known !== undefined) requireSameSize(known, entry);
      if (documentKind(entry.mediaType) !== 'index') {
        const same = entries.get(digest);
        if (same === undefined) entries.set(digest, [entry]);
        else same.push(entry);
      } else if (!indexes.has(digest) || path.includes(digest)) {
        // An index that was read already is read again only to detect that it contains itself.
        indexes.set(digest, entry);
        await gather(plainDescriptor(entry), path);
      }
    }
  };
  await gather(root, []);
  return [...entries.values()];
}
