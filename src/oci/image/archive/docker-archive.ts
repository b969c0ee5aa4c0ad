/** docker's older archive format, which `podman save` writes by default and `docker save` wrote before version 25. */

import { VeritySignError } from '../../../errors.ts';

const REMEDY =
  'Save it as an OCI archive (podman save --format oci-archive, or skopeo copy docker-archive:FILE oci-archive:FILE:TAG) and use push-to, or push the image first and sign it in the registry';

/**
 * The error for such an archive.
 *
 * @param what names it as the user wrote it
 * @param more follows the remedy
 */
export function dockerArchive(what: string, code: 'usage' | 'image', more?: string): VeritySignError {
  return new VeritySignError(
    code,
    `${what} is a docker-archive, which has no manifest: a push compresses the layers and writes a manifest, so the digests that the image will have cannot be known here`,
    { remedy: more === undefined ? REMEDY : `${REMEDY}. ${more}` },
  );
}
