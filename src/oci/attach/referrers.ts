import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { sameContent } from '../../formats/descriptor.ts';
import type { Descriptor, SignatureArtifact } from '../../model/index.ts';
import { type EncodedArtifact, encodeArtifact } from './artifact.ts';
import { inBatches } from './batches.ts';
import { fetchTogether } from './read/one-referrer.ts';
import type { ReferrerStore } from './store.ts';

const REMEDY =
  'Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; otherwise use another registry';

/**
 * Attaches artifacts to their subject and reads them back. An answer of 201 is no proof: some registries
 * accept referrers without listing them, or resolve the fallback tag to the image itself. All are pushed and
 * read before any is listed, and one write lists them all: a tag that cannot be overwritten is enough.
 *
 * @param artifacts of one subject
 * @param folder the run's private temporary folder
 * @returns the descriptors of the signature manifests
 * @throws VeritySignError 'registry' if the read-back is empty or differs
 */
export async function attachTogether(
  store: ReferrerStore,
  artifacts: readonly SignatureArtifact[],
  folder: string,
  signal?: AbortSignal,
): Promise<Descriptor[]> {
  const encoded = artifacts.map(encodeArtifact);
  const own = await mkdtemp(join(folder, 'attach-'));
  try {
    for (const one of encoded) {
      await store.push(one, own);
      await checkContentOf(store, one);
    }
    // The list is checked last, so that a replacement by another signer is noticed.
    checkListed(store, encoded, await enlist(store, encoded, own, signal));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return encoded.map(({ descriptor }) => descriptor);
}

async function checkContentOf(store: ReferrerStore, encoded: EncodedArtifact): Promise<void> {
  const { descriptor, bytes, manifest, blobs } = encoded;
  if (!(await readBack(store, descriptor, false)).equals(bytes)) {
    throw different(store, `the signature manifest ${descriptor.digest} differs when it is read back`);
  }
  const together = await fetchTogether(store, descriptor, manifest, manifest.layers);
  await inBatches(blobs, async ({ descriptor: blob, bytes: pushed }) => {
    const read = together.get(blob.digest) ?? (await readBack(store, blob, true));
    if (!read.equals(pushed)) {
      throw different(store, `the signature ${blob.digest} differs when it is read back`);
    }
  });
}

async function enlist(
  store: ReferrerStore,
  encoded: readonly EncodedArtifact[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Descriptor[]> {
  try {
    return await store.enlist(encoded, folder, signal);
  } catch (cause) {
    if (cause instanceof VeritySignError && cause.remedy !== undefined) throw cause;
    throw unreadable(store, 'the list of referrers', cause);
  }
}

function checkListed(
  store: ReferrerStore,
  encoded: readonly EncodedArtifact[],
  listed: readonly Descriptor[],
): void {
  for (const { descriptor } of encoded) {
    const found = listed.find(({ digest }) => digest === descriptor.digest);
    if (found === undefined) {
      const what = listed.length === 0 ? 'no referrer' : 'only other referrers';
      throw different(store, `${descriptor.digest} was pushed, but the list has ${what} of the image`);
    }
    if (!sameContent(found, descriptor)) {
      throw different(store, `the list of referrers has other properties for ${descriptor.digest}`);
    }
  }
}

async function readBack(store: ReferrerStore, descriptor: Descriptor, blob: boolean): Promise<Buffer> {
  try {
    return await (blob ? store.fetchBlob(descriptor) : store.fetchManifest(descriptor));
  } catch (cause) {
    throw unreadable(store, descriptor.digest, cause);
  }
}

function different(store: ReferrerStore, what: string): VeritySignError {
  return new VeritySignError('registry', `${store.name} does not hold what was attached: ${what}`, {
    remedy: REMEDY,
  });
}

function unreadable(store: ReferrerStore, what: string, cause: unknown): unknown {
  if (!(cause instanceof VeritySignError) || cause.code === 'cancelled') return cause;
  const message = `${store.name} does not return ${what} after the signature was attached: ${cause.message}`;
  return new VeritySignError('registry', message, { remedy: REMEDY, cause });
}
