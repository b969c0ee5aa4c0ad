/** How the images of a layout are named, and by which name another one cannot be meant. */
import { isDigest } from '../../formats/digest.ts';
import { IMAGE_NAME, REF_NAME } from '../../model/annotations.ts';
import type { Descriptor } from '../../model/index.ts';
import { parseReference, referenceName } from './reference.ts';

/**
 * The entries of index.json with this name. The annotation for names has a tag or a full name; docker and
 * containerd write the full name into an annotation of their own, because a tag alone may occur twice. A name
 * without registry is docker's, as everywhere, else podman's (`localhost/`).
 */
export function entriesNamed(entries: readonly Descriptor[], name: string): Descriptor[] {
  const exact = entries.filter(({ annotations }) => annotations?.[REF_NAME] === name);
  if (exact.length > 0) return exact;
  const named = entries.map((entry) => ({ entry, names: fullNames(entry) }));
  for (const wanted of [fullName(name), fullName(`localhost/${name}`)]) {
    const found = named.filter(({ names }) => wanted !== undefined && names.includes(wanted));
    if (found.length > 0) return found.map(({ entry }) => entry);
  }
  return [];
}

/** What follows the path to choose one of these images, at most `limit`: `:NAME`, else `@DIGEST`. */
export function choicesOf(images: readonly Descriptor[], limit: number): string[] {
  const tags = new Map<string, Set<string>>();
  const names = new Map<string, Set<string>>();
  for (const entry of images) {
    const tag = entry.annotations?.[REF_NAME];
    if (tag !== undefined) addTo(tags, tag, entry.digest);
    for (const name of fullNames(entry)) addTo(names, name, entry.digest);
  }
  const choices = new Set<string>();
  for (const { annotations, digest } of images) {
    const tag = annotations?.[REF_NAME];
    const name = annotations?.[IMAGE_NAME];
    if (tag !== undefined && !isDigest(tag) && tags.get(tag)?.size === 1) choices.add(`:${tag}`);
    else if (name !== undefined && !tags.has(name) && names.get(fullName(name) ?? '')?.size === 1)
      choices.add(`:${name}`);
    else choices.add(`@${digest}`);
    if (choices.size === limit) break;
  }
  return [...choices];
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

function fullNames({ annotations }: Descriptor): string[] {
  const names = [annotations?.[IMAGE_NAME], annotations?.[REF_NAME]];
  return names.flatMap((name) => (name === undefined ? [] : (fullName(name) ?? [])));
}

/** `REGISTRY/REPOSITORY:TAG`; undefined for a text that is not the name of an image with a tag. */
function fullName(text: string): string | undefined {
  try {
    const reference = parseReference(text);
    if (reference.kind !== 'registry' || reference.tag === undefined) return undefined;
    return `${referenceName(reference)}:${reference.tag}`;
  } catch {
    return undefined;
  }
}
