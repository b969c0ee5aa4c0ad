import { VeritySignError } from '../../errors.ts';
import type { Descriptor } from '../../model/index.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { MOST_REFERRERS, readReferrer } from '../../oci/attach/referrers.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { saysNotFound } from '../../oci/oras/failure.ts';

/** A referrer as it is stored, or why it could not be read. */
export type Referrer =
  | { descriptor: Descriptor; manifest: SignatureManifest; blobs: readonly Uint8Array[] }
  | { descriptor: Descriptor; error: VeritySignError };

/**
 * Reads every referrer of a kind and evaluates each before it reads the next, so that no more than
 * one is in memory. Anyone who may push can attach anything, so a referrer that cannot be read is
 * reported beside the others.
 * @param wanted Whether the signatures of this manifest are of use.
 * @throws VeritySignError 'registry' if they cannot be listed, 'cancelled'.
 */
export async function readReferrers<T>(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  look: (referrer: Referrer) => T | Promise<T>,
  wanted?: (manifest: SignatureManifest) => boolean,
): Promise<T[]> {
  const listed = await store.list(subject, artifactType);
  const results: T[] = [];
  for (const descriptor of listed.slice(0, MOST_REFERRERS)) {
    results.push(await look(await readOne(store, descriptor, wanted)));
  }
  for (const descriptor of listed.slice(MOST_REFERRERS)) {
    const error = new VeritySignError('registry', `not read: there are ${listed.length} referrers`);
    results.push(await look({ descriptor, error }));
  }
  return results;
}

async function readOne(
  store: ReferrerStore,
  descriptor: Descriptor,
  wanted: ((manifest: SignatureManifest) => boolean) | undefined,
): Promise<Referrer> {
  try {
    return { descriptor, ...(await readReferrer(store, descriptor, wanted)) };
  } catch (error) {
    if (!(error instanceof VeritySignError) || error.code === 'cancelled') throw error;
    return { descriptor, error };
  }
}

/** Whether a referrer is broken, rather than temporarily out of reach. */
export function isBroken(error: VeritySignError): boolean {
  return error.code === 'image' || saysNotFound(error);
}
