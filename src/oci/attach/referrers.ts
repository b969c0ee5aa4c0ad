import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import { sameContent } from '../../formats/descriptor.ts';
import type { Descriptor, SignatureArtifact } from '../../model/index.ts';
import { type EncodedArtifact, encodeArtifact, type SignatureManifest } from './artifact.ts';
import { inBatches } from './batches.ts';
import type { ReferrerStore } from './store.ts';

/** Milliseconds before each further attempt, up to doubled at random so that two signers separate. */
const RETRY_AFTER = [300, 600, 1200];

const REMEDY =
  'Set referrers to tag to use the fallback tag, or to api if the registry has the referrers API; otherwise use another registry';

/**
 * Attaches the artifact to its subject and reads it back. An answer of 201 is no proof: some registries
 * accept referrers without listing them, or resolve the fallback tag to the image itself.
 *
 * @param folder the run's private temporary folder
 * @returns the descriptor of the signature manifest
 * @throws VeritySignError 'registry' if the read-back is empty or differs
 */
export async function attachAndReadBack(
  store: ReferrerStore,
  artifact: SignatureArtifact,
  folder: string,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const encoded = encodeArtifact(artifact);
  const own = await mkdtemp(join(folder, 'attach-'));
  try {
    await store.attach(encoded, own);
    await checkContentOf(store, encoded);
    // The list is checked last, so that a replacement by another signer is noticed.
    await checkListed(store, encoded, own, signal);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
  return encoded.descriptor;
}

async function checkContentOf(store: ReferrerStore, encoded: EncodedArtifact): Promise<void> {
  const { descriptor, bytes, blobs } = encoded;
  if (!(await readBack(store, descriptor, false)).equals(bytes)) {
    throw different(store, `the signature manifest ${descriptor.digest} differs when it is read back`);
  }
  await inBatches(blobs, async (blob) => {
    if (!(await readBack(store, blob.descriptor, true)).equals(blob.bytes)) {
      throw different(store, `the signature ${blob.descriptor.digest} differs when it is read back`);
    }
  });
}

async function checkListed(
  store: ReferrerStore,
  encoded: EncodedArtifact,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { descriptor, manifest } = encoded;
  for (let attempt = 0; ; attempt++) {
    const referrers = await listBack(store, manifest);
    const found = referrers.find(({ digest }) => digest === descriptor.digest);
    if (found !== undefined) {
      if (sameContent(found, descriptor)) return;
      throw different(store, `the list of referrers has other properties for ${descriptor.digest}`);
    }
    const wait = RETRY_AFTER[attempt];
    if (wait === undefined) {
      const what = referrers.length === 0 ? 'no referrer' : 'only other referrers';
      throw different(store, `${descriptor.digest} was pushed, but the list has ${what} of the image`);
    }
    await setTimeout(wait * (1 + Math.random()), undefined, signal === undefined ? {} : { signal });
    try {
      await store.relist(encoded, folder);
    } catch (cause) {
      if (cause instanceof VeritySignError && cause.remedy !== undefined) throw cause;
      throw unreadable(store, 'the list of referrers', cause);
    }
  }
}

async function listBack(store: ReferrerStore, manifest: SignatureManifest): Promise<Descriptor[]> {
  try {
    return await store.list(manifest.subject, manifest.artifactType);
  } catch (cause) {
    throw unreadable(store, 'the list of referrers', cause);
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
