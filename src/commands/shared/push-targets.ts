import { VeritySignError } from '../../errors.ts';
import { prefixForPath } from '../../oci/image/local-path.ts';
import { parseReference, type RegistryReference, referenceName } from '../../oci/image/reference.ts';

/** A repository, and the tags to set in it. */
export interface PushRepository {
  registry: string;
  /** `REGISTRY/PATH` without tag. */
  repository: string;
  /** Distinct, at least one. */
  tags: string[];
}

/**
 * The repositories of the tags that `push-to` lists, in that order.
 * @throws VeritySignError 'usage' for anything but a tag in a registry
 */
export function pushRepositories(pushTo: readonly string[]): PushRepository[] {
  const found = new Map<string, PushRepository>();
  for (const text of pushTo) {
    const target = parseTag(text);
    const repository = referenceName(target);
    const tag = target.tag ?? 'latest';
    const known = found.get(repository);
    if (known === undefined) found.set(repository, { registry: target.registry, repository, tags: [tag] });
    else if (!known.tags.includes(tag)) known.tags.push(tag);
  }
  return [...found.values()];
}

function parseTag(text: string): RegistryReference {
  const target = prefixForPath(text) === undefined ? parseReference(text) : undefined;
  if (target?.kind === 'registry' && target.digest === undefined) return target;
  throw new VeritySignError('usage', `push-to: ${text} is not a tag in a registry`, {
    remedy: 'Write it as REGISTRY/REPOSITORY:TAG',
  });
}
