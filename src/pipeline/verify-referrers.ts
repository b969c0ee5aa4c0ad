import { DM_VERITY_ARTIFACT_TYPE, type SignatureManifest } from '../attach/artifact.ts';
import { readReferrer } from '../attach/referrers.ts';
import type { ReferrerStore } from '../attach/store.ts';
import { VeritySignError } from '../errors.ts';
import { saysNotFound } from '../tools/oras/failure.ts';
import type { Descriptor } from './stages.ts';

/** A dm-verity referrer as it is stored, or why it could not be read. */
export type Referrer =
  | { descriptor: Descriptor; manifest: SignatureManifest; blobs: readonly Uint8Array[] }
  | { descriptor: Descriptor; error: VeritySignError };

/** More are no sign of signing but of somebody who floods the registry. */
const MOST = 100;

/**
 * Reads every dm-verity referrer of a manifest and has each looked at before the next is read, so that
 * no more than one is in memory. Anyone who may push can attach rubbish, so what cannot be read is
 * told beside the others.
 * @param wanted Whether the signatures of this manifest are of use.
 * @throws VeritySignError 'registry' if they cannot be listed, 'cancelled'.
 */
export async function readReferrers<T>(
  store: ReferrerStore,
  subject: Descriptor,
  look: (referrer: Referrer) => T,
  wanted?: (manifest: SignatureManifest) => boolean,
): Promise<T[]> {
  const listed = await store.list(subject, DM_VERITY_ARTIFACT_TYPE);
  const results: T[] = [];
  for (const descriptor of listed.slice(0, MOST)) {
    try {
      const found = await readReferrer(store, descriptor, wanted);
      results.push(look({ descriptor, ...found }));
    } catch (error) {
      if (!(error instanceof VeritySignError) || error.code === 'cancelled') throw error;
      results.push(look({ descriptor, error }));
    }
  }
  for (const descriptor of listed.slice(MOST)) {
    const error = new VeritySignError('registry', `not read: there are ${listed.length} referrers`);
    results.push(look({ descriptor, error }));
  }
  return results;
}

/** Whether a referrer is broken as it is, rather than out of reach for now. */
export function isBroken(error: VeritySignError): boolean {
  return error.code === 'image' || saysNotFound(error);
}
