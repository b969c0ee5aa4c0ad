import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { VeritySignError } from '../../errors.ts';
import { sameContent } from '../../formats/descriptor.ts';
import type { Descriptor, SignatureArtifact } from '../../model/index.ts';
import { type EncodedArtifact, encodeArtifact, type SignatureManifest } from './artifact.ts';
import { inBatches } from './batches.ts';
import { parseSignatureManifest } from './signature-manifest.ts';
import type { ReferrerStore } from './store.ts';

/** Milliseconds before each further attempt, up to doubled at random so that two signers separate. */
const RETRY_AFTER = [300, 600, 1200];

/** Maximum number of referrers that are read: more are a sign of flooding. notation has the same limit. */
export const MOST_REFERRERS = 100;

/** Maximum number of entries of a signature manifest: no image has that many layers. */
const MAX_ENTRIES = 1000;
/** Maximum size in bytes of all signatures of one artifact, which are held in memory. A layer's has about 4 KiB. */
const MAX_ALL_SIGNATURES = 16 * 1024 * 1024;

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

export interface FindOptions {
  /** Whether a referrer is reusable; `blobs` are those of `manifest.layers`, in that order. */
  accept: (manifest: SignatureManifest, blobs: Buffer[]) => boolean | Promise<boolean>;
  /** Called for each referrer that cannot be read or evaluated. */
  onBroken?: (descriptor: Descriptor, error: unknown) => void;
}

/**
 * The first referrer of `subject` that `accept` accepts, among the first hundred, as `verify` reads
 * them. Anyone with push access can attach anything: a referrer that is damaged, or for which `accept`
 * throws, is skipped.
 */
export async function findReusable(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  { accept, onBroken }: FindOptions,
): Promise<Descriptor | undefined> {
  for (const descriptor of (await store.list(subject, artifactType)).slice(0, MOST_REFERRERS)) {
    try {
      const { manifest, blobs } = await readReferrer(store, descriptor);
      if (!sameContent(manifest.subject, subject) || manifest.artifactType !== artifactType) continue;
      if (await accept(manifest, blobs)) return descriptor;
    } catch (error) {
      if (error instanceof VeritySignError && error.code === 'cancelled') throw error;
      onBroken?.(descriptor, error);
    }
  }
  return undefined;
}

/**
 * A referrer's manifest and the blobs of its layers, in that order.
 * @param wanted whether to fetch the blobs of this manifest; if not, `blobs` is empty
 * @throws VeritySignError
 */
export async function readReferrer(
  store: ReferrerStore,
  descriptor: Descriptor,
  wanted: (manifest: SignatureManifest) => boolean = () => true,
): Promise<{ manifest: SignatureManifest; blobs: Buffer[] }> {
  const manifest = parseSignatureManifest(await store.fetchManifest(descriptor), descriptor.mediaType);
  if (manifest.layers.length > MAX_ENTRIES) {
    throw new VeritySignError(
      'image',
      `the signature manifest has ${manifest.layers.length} entries, the limit is ${MAX_ENTRIES}`,
    );
  }
  if (!wanted(manifest)) return { manifest, blobs: [] };
  const distinct = [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
  const size = distinct.reduce((sum, layer) => sum + layer.size, 0);
  if (size > MAX_ALL_SIGNATURES) {
    throw new VeritySignError(
      'image',
      `the signatures have ${size} bytes, the limit is ${MAX_ALL_SIGNATURES}`,
    );
  }
  const fetched = await inBatches(distinct, (layer) => store.fetchBlob(layer));
  const byDigest = new Map(distinct.map(({ digest }, index) => [digest, fetched[index] ?? Buffer.alloc(0)]));
  return { manifest, blobs: manifest.layers.map(({ digest }) => byDigest.get(digest) ?? Buffer.alloc(0)) };
}
