import type { Logger } from '../../logger.ts';
import type { ResolvedImage } from '../../model/index.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import type { ImageReference } from '../../oci/image/reference.ts';
import type { PushedTag } from '../../report/report.ts';
import { noteName } from '../shared/name-for-others.ts';
import { type OpenImage, requireReferrers } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import type { Planned } from './plan-signatures.ts';
import type { AttachedSignatures } from './sign-and-attach.ts';
import type { SignatureKinds } from './signature-kinds.ts';

/** A signed image and all that is needed to check its signatures once more. */
export interface SignedImage {
  opened: OpenImage;
  image: ResolvedImage;
  planned: Planned;
  kinds: SignatureKinds;
  attached: AttachedSignatures;
  /** The run's private temporary folder. */
  folder: string;
  log: Logger;
}

/** What becomes of an image once it is signed. */
export interface Destination {
  /** Version of the oras that pushes; undefined where nothing is pushed. */
  readonly oras: string | undefined;
  /** @throws VeritySignError 'usage' if the image must not go there as it is; called before conversion. */
  requireComplete(image: ResolvedImage): void;
  /**
   * Where the image is to go and is already: earlier runs may have left signatures there that the source does not
   * have, because it is read-only or was written anew.
   */
  signedBefore(image: ResolvedImage): Promise<ReferrerStore[]>;
  /**
   * @param progress gets the tags that are set so far, after each: a later one may fail
   * @returns the tags that were set, in order; none for an image that stays where it is.
   */
  publish(signed: SignedImage, progress: (set: readonly PushedTag[]) => void): Promise<PushedTag[]>;
}

/**
 * Opens a destination before any work, so that a wrong reference or a missing tool is reported first.
 * @param folder the run's private temporary folder
 */
export type OpenDestination = (
  image: ImageReference,
  options: SignOptions,
  context: RunContext,
  folder: string,
) => Promise<Destination>;

const NEEDS_GATE =
  'Set push-to, which pushes the image with its signatures, or push it first and sign it in the registry by digest';

/**
 * The image stays where it is, with its signatures beside it.
 * @throws VeritySignError 'usage' for an image of the docker daemon, which keeps no signatures
 */
export const inPlace: OpenDestination = async (image, { dryRun }) => {
  // A dry run attaches nothing.
  if (!dryRun) requireReferrers(image, NEEDS_GATE);
  return {
    oras: undefined,
    requireComplete: () => undefined,
    signedBefore: () => Promise.resolve([]),
    publish: async ({ opened: { layout }, image: { root }, log }) => {
      if (layout !== undefined) await noteName(image, layout, root, log);
      return [];
    },
  };
};
