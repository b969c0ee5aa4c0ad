import type { Logger } from '../../../logger.ts';
import type { Descriptor } from '../../../model/index.ts';
import type { SignatureManifest } from '../../../oci/attach/artifact.ts';
import { findReusable } from '../../../oci/attach/read/find-reusable.ts';
import type { ReferrerStore } from '../../../oci/attach/store.ts';
import { reportOtherAnnotations } from '../annotations.ts';

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

/** For each request, in order, a reusable referrer; broken ones are skipped with a warning. */
export async function findReusableReferrers<Content>(
  store: ReferrerStore,
  requests: readonly ReusableRequest<Content>[],
  log: Logger,
  signal: AbortSignal,
): Promise<(Reusable<Content> | undefined)[]> {
  const found: (Reusable<Content> | undefined)[] = [];
  for (const request of requests) found.push(await findOne(store, request, log, signal));
  return found;
}

async function findOne<Content>(
  store: ReferrerStore,
  { subject, artifactType, annotations, wanted, read }: ReusableRequest<Content>,
  log: Logger,
  signal: AbortSignal,
): Promise<Reusable<Content> | undefined> {
  let broken = 0;
  const found = await findReusable(store, subject, artifactType, {
    wanted,
    read,
    signal,
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
  if (found === undefined) return undefined;
  const { descriptor, manifest, content } = found;
  reportOtherAnnotations(descriptor, manifest.annotations, annotations, log);
  return { descriptor, content };
}
