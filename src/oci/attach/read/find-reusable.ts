import { VeritySignError } from '../../../errors.ts';
import { sameContent } from '../../../formats/descriptor.ts';
import type { Descriptor } from '../../../model/index.ts';
import { ReferrersRefusedError } from '../../oras/failures/refusal.ts';
import type { SignatureManifest } from '../artifact.ts';
import type { ReferrerStore } from '../store.ts';
import { eachReferrer } from './each-referrer.ts';

export interface FindOptions<Content> {
  /** Whether a referrer may be reusable, as far as its manifest says; the signatures of others are not read. */
  wanted?: (manifest: SignatureManifest) => boolean;
  /**
   * What a reusable referrer contains, undefined for any other; `blobs` are those of `manifest.layers`, in
   * that order.
   */
  read: (
    manifest: SignatureManifest,
    blobs: Uint8Array[],
  ) => Content | undefined | Promise<Content | undefined>;
  /** Called for each referrer that cannot be read or evaluated. */
  onBroken?: (descriptor: Descriptor, error: unknown) => void;
  signal?: AbortSignal;
}

/** A referrer of which `read` returned the content. */
export interface Found<Content> {
  descriptor: Descriptor;
  manifest: SignatureManifest;
  content: Content;
}

/**
 * A referrer of `subject` of which `read` returns the content, the smallest of them, among those that
 * `verify` would read. Anyone with push access can attach anything: a referrer that is damaged, or for
 * which `wanted` or `read` throws, is skipped.
 */
export async function findReusable<Content>(
  store: ReferrerStore,
  subject: Descriptor,
  artifactType: string,
  { wanted = () => true, read, onBroken, signal }: FindOptions<Content>,
): Promise<Found<Content> | undefined> {
  const screen = {
    wanted: (manifest: SignatureManifest) => isOf(manifest, subject, artifactType) && wanted(manifest),
  };
  for await (const [, referrer] of known(eachReferrer(store, subject, artifactType, screen, signal))) {
    const { descriptor } = referrer;
    try {
      if ('error' in referrer) throw referrer.error;
      const { manifest, blobs } = referrer;
      const complete = blobs.filter((blob) => blob !== undefined);
      if (!isOf(manifest, subject, artifactType) || complete.length < manifest.layers.length) continue;
      const content = await read(manifest, complete);
      if (content !== undefined) return { descriptor, manifest, content };
    } catch (error) {
      if (error instanceof VeritySignError && error.code === 'cancelled') throw error;
      onBroken?.(descriptor, error);
    }
  }
  return undefined;
}

/** The referrers as far as they can be listed: a registry that refuses to list them may take signatures. */
async function* known<T>(referrers: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* referrers;
  } catch (error) {
    if (!(error instanceof ReferrersRefusedError)) throw error;
  }
}

function isOf(manifest: SignatureManifest, subject: Descriptor, artifactType: string): boolean {
  return sameContent(manifest.subject, subject) && manifest.artifactType === artifactType;
}
