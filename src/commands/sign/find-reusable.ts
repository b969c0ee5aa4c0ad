import type { Logger } from '../../logger.ts';
import type { Descriptor } from '../../model/index.ts';
import type { SignatureManifest } from '../../oci/attach/artifact.ts';
import { findReusable } from '../../oci/attach/referrers.ts';
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
  /** What a referrer says if it is the same as this run would say; else undefined. May throw for a broken one. */
  read(
    manifest: SignatureManifest,
    blobs: readonly Buffer[],
  ): Content | undefined | Promise<Content | undefined>;
}

/** The first reusable referrer; broken ones are skipped with a warning. */
export async function findReusableReferrer<Content>(
  store: ReferrerStore,
  { subject, artifactType, annotations, read }: ReusableRequest<Content>,
  log: Logger,
): Promise<Reusable<Content> | undefined> {
  let found: { content: Content; manifest: SignatureManifest } | undefined;
  const descriptor = await findReusable(store, subject, artifactType, {
    accept: async (manifest, blobs) => {
      const content = await read(manifest, blobs);
      if (content !== undefined) found = { content, manifest };
      return content !== undefined;
    },
    onBroken: (broken, error) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`skipping referrer ${broken.digest} of ${subject.digest}: ${reason}`);
    },
  });
  if (descriptor === undefined || found === undefined) return undefined;
  reportOtherAnnotations(descriptor, found.manifest.annotations, annotations, log);
  return { descriptor, content: found.content };
}
