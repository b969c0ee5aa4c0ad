import type { Descriptor, Platform, ResolvedImage } from '../../../model/index.ts';
import type { EnvelopeFormat } from '../../../signatures/notary/envelope/envelope.ts';
import type { SignOptions } from '../../shared/options.ts';
import { whyIndexUnsigned } from '../index-coverage.ts';

/** A Notary Project signature to be attached. */
export interface PlannedManifest {
  /** mediaType, digest and size. */
  subject: Descriptor;
  /** The platform of an image manifest that names one; an index has none. */
  platform: Platform | undefined;
  format: EnvelopeFormat;
}

/**
 * Every image manifest, then the index that the reference names if all of it is signed: no index is
 * signed before its parts.
 */
export function planManifests(
  image: ResolvedImage,
  { manifestSignature: format }: SignOptions,
): PlannedManifest[] {
  if (format === 'none') return [];
  const { root, manifests } = image;
  const parts = manifests.map(({ descriptor, platform }) => ({ subject: descriptor, platform, format }));
  const listed = parts.some(({ subject }) => subject.digest === root.digest);
  if (listed || whyIndexUnsigned(image) !== undefined) return parts;
  return [...parts, { subject: root, platform: undefined, format }];
}
