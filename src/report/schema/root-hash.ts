/** The report of `root-hash`. */
import * as z from 'zod';
import { KNOWN_CLASSES } from '../../model/profiles.ts';
import { count, digest, head, optional, profileName, sha256, text } from './values.ts';

export const rootHashEntry = z
  .object({
    ...head,
    source: text.describe('the image or file as the user wrote it'),
    digest: digest.describe('digest of the blob'),
    diffId: digest.describe('digest of the uncompressed tar or EROFS image'),
    mediaType: text.describe('media type of the blob'),
    profile: profileName.describe('how the node turns layers into images'),
    class: optional(
      z.enum(KNOWN_CLASSES),
      'the class of erofs-utils whose image it is; only with the native builder, which has an entry for each class, and not for a layer that is an EROFS image',
    ),
    uuid: text.describe('UUID of the EROFS file system'),
    imageSha256: optional(
      sha256,
      'SHA-256 of the EROFS image; absent with the native builder, which writes no image',
    ),
    imageSize: count.describe('bytes of the EROFS image before it is padded to whole blocks'),
    rootHash: sha256.describe('the root hash: 64 lowercase hex digits'),
    sharedFrom: optional(text, 'an earlier `source` with the same layer, whose conversion was reused'),
  })
  .meta({ id: 'rootHash', title: 'The root hash of a layer' });
