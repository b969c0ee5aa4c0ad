import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../../model/index.ts';
import type { Oras } from '../oras/oras.ts';
import { addToIndex, checkIndex, fallbackTag } from './fallback-index.ts';

/** A manifest that refers to another, as lists of referrers show it. */
export interface ReferrerEntry {
  descriptor: Descriptor;
  subject: Descriptor;
  artifactType?: string;
  annotations: Record<string, string>;
}

/**
 * Sees to it that a manifest that is in the repository is listed as a referrer. A registry with the
 * referrers API lists it by itself; elsewhere the fallback tag must name it, and oras writes that tag
 * only along with a manifest that is new to the registry. The subject need not be there.
 *
 * @param folder an empty folder of this run, for a file on its way
 */
export async function ensureListed(
  oras: Oras,
  repository: string,
  { descriptor, subject, artifactType, annotations }: ReferrerEntry,
  folder: string,
): Promise<void> {
  if (await oras.servesReferrers(repository, descriptor)) return;
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

async function fallbackList(oras: Oras, repository: string, tag: string): Promise<Buffer | undefined> {
  const found = await oras.find(`${repository}:${tag}`);
  if (found === undefined) return undefined;
  checkIndex(found, tag);
  return oras.manifest(repository, found);
}
