import type { Logger } from '../../logger.ts';
import type { Descriptor } from '../../model/index.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { findReusable } from '../../oci/attach/read/find-reusable.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { reportOtherAnnotations } from './annotations.ts';

/** A referrer whose content this run would not change. */
export interface Reusable<Content> {
  descriptor: Descriptor;
  content: Content;
}

/** Which referrers to look at, and what to require of them. */
export interface ReusableRequest<Content> {
  /** The manifest that is signed. */
  subject: Descriptor;
  artifactType: string;
  /** Annotations that the user requested. */
  annotations: Readonly<Record<string, string>>;
  /**
   * Whether a referrer may say the same as this run would say, as far as its manifest shows. May throw
   * for a broken one.
   */
  wanted(manifest: SignatureManifest): boolean;
  /** What a referrer says if it is the same as this run would say; else undefined. May throw for a broken one. */
  read(
    manifest: SignatureManifest,
    blobs: readonly Uint8Array[],
  ): Content | undefined | Promise<Content | undefined>;
}

/** Broken referrers that are named in the log: anyone who may push can attach any number. */
const MOST_NAMED = 10;

/** A reusable referrer; broken ones are skipped with a warning. */
export async function findReusableReferrer<Content>(
  store: ReferrerStore,
  { subject, artifactType, annotations, wanted, read }: ReusableRequest<Content>,
  log: Logger,
  signal: AbortSignal,
): Promise<Reusable<Content> | undefined> {
  let broken = 0;
  let found: { content: Content; manifest: SignatureManifest } | undefined;
  const descriptor = await findReusable(store, subject, artifactType, {
    wanted,
    signal,
    accept: async (manifest, blobs) => {
      const content = await read(manifest, blobs);
      if (content !== undefined) found = { content, manifest };
      return content !== undefined;
    },
    onBroken: ({ digest }, error) => {
      broken += 1;
      if (broken > MOST_NAMED) return;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`skipping referrer ${digest} of ${subject.digest}: ${reason}`);
    },
  });
  if (broken > MOST_NAMED) {
    log.warn(`skipping ${broken - MOST_NAMED} more broken referrers of ${subject.digest}`);
  }
  if (descriptor === undefined || found === undefined) return undefined;
  reportOtherAnnotations(descriptor, found.manifest.annotations, annotations, log);
  return { descriptor, content: found.content };
}
