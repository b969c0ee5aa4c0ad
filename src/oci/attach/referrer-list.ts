import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../../model/index.ts';
import type { Oras } from '../oras/oras.ts';
import { addToIndex, checkIndex, fallbackTag } from './fallback-index.ts';

/** A manifest that refers to another, as an entry of a list of referrers. */
export interface ReferrerEntry {
  descriptor: Descriptor;
  subject: Descriptor;
  artifactType?: string;
  annotations: Record<string, string>;
}

/**
 * Ensures that a manifest in the repository is listed as a referrer. A registry with the referrers API
 * lists it by itself. Elsewhere the fallback tag must list it, and oras updates that tag only when it
 * pushes a manifest that is new to the registry. The subject need not exist.
 *
 * @param folder an empty folder of this run, for a temporary file
 */
export async function ensureListed(
  oras: Oras,
  repository: string,
  { descriptor, subject, artifactType, annotations }: ReferrerEntry,
  folder: string,
): Promise<void> {
  if (await oras.hasReferrersApi(repository, descriptor)) return;
  const tag = fallbackTag(subject);
  const type = artifactType === undefined ? {} : { artifactType };
  const index = addToIndex(await fallbackList(oras, repository, tag), {
    ...descriptor,
    ...type,
    annotations,
  });
  if (index === undefined) return;
  const name = 'index.json';
  await writeFile(join(folder, name), index.bytes, { mode: 0o600 });
  await oras.pushManifest(repository, index.descriptor, { folder, name }, tag);
}

/** The list under a fallback tag; undefined if there is none. */
export async function fallbackList(oras: Oras, repository: string, tag: string): Promise<Buffer | undefined> {
  const found = await oras.find(`${repository}:${tag}`);
  if (found === undefined) return undefined;
  checkIndex(found, tag);
  return oras.manifest(repository, found);
}
