import type { Logger } from '../../../logger.ts';
import type { CachedLayer } from './fill-cache.ts';

/**
 * Warns of exported root hashes that nobody has signed. A cache without signatures is of use where nodes require none.
 * @param signed root hashes
 * @param remedy a sentence
 */
export function warnOfUnsigned(
  layers: readonly CachedLayer[],
  signed: ReadonlySet<string>,
  image: string,
  log: Logger,
  remedy = 'Sign the image with profile: containerd,containerd-cache',
): void {
  const unsigned = layers.filter(({ rootHash }) => !signed.has(rootHash)).length;
  if (unsigned === 0) return;
  log.warn(`${image}: ${unsigned} of ${layers.length} root hashes of the cache are not signed. ${remedy}`);
}
