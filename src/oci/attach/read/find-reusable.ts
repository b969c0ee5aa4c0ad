import { VeritySignError } from '../../../errors.ts';
import { sameContent } from '../../../formats/descriptor.ts';
import type { Descriptor } from '../../../model/index.ts';
import type { SignatureManifest } from '../artifact.ts';
import type { ReferrerStore } from '../store.ts';
import { eachReferrer } from './each-referrer.ts';

export interface FindOptions {
  /** Whether a referrer may be reusable, as far as its manifest says; the signatures of others are not read. */
  wanted?: (manifest: SignatureManifest) => boolean;
  /** Whether a referrer is reusable; `blobs` are those of `manifest.layers`, in that order. */
  accept: (manifest: SignatureManifest, blobs: Uint8Array[]) => boolean | Promise<boolean>;
  /** Called for each referrer that cannot be read or evaluated. */
  onBroken?: (descriptor: Descriptor, error: unknown) => void;
  signal?: AbortSignal;
}

/**
 * A referrer of `subject` that `accept` accepts, the smallest of them, among those that `verify` would
 * read. Anyone with push access can attach anything: a referrer that is damaged, or for which `wanted`
 * or `accept` throws, is skipped.
 */
export async function findReusable(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  { wanted = () => true, accept, onBroken, signal }: FindOptions,
): Promise<Descriptor | undefined> {
  const screen = {
    wanted: (manifest: SignatureManifest) => isOf(manifest, subject, artifactType) && wanted(manifest),
  };
  for await (const [, referrer] of eachReferrer(store, subject, artifactType, screen, signal)) {
    const { descriptor } = referrer;
    try {
      if ('error' in referrer) throw referrer.error;
      const { manifest, blobs } = referrer;
      const read = blobs.filter((blob) => blob !== undefined);
      if (!isOf(manifest, subject, artifactType) || read.length < manifest.layers.length) continue;
      if (await accept(manifest, read)) return descriptor;
    } catch (error) {
      if (error instanceof VeritySignError && error.code === 'cancelled') throw error;
      onBroken?.(descriptor, error);
    }
  }
  return undefined;
}

function isOf(manifest: SignatureManifest, subject: Descriptor, artifactType: string): boolean {
  return sameContent(manifest.subject, subject) && manifest.artifactType === artifactType;
}
