/** The report of `fetch`: the signatures of an image as files, and how its layers are opened with them. */
import * as z from 'zod';
import { count, head, image, optional, profileName, sha256, text } from '../values.ts';

export const fetchedSignature = z
  .object({
    rootHash: sha256.describe('the signed root hash'),
    path: text.describe('path of the signature: PKCS#7 in DER'),
  })
  .meta({ id: 'fetchedSignature', title: 'A signature as a file' });

export const openedLayer = z
  .object({
    rootHash: sha256.describe('root hash of the layer'),
    path: text.describe("path of the layer's image"),
    hashOffset: count.describe('where its dm-verity superblock is, in bytes'),
    device: text.describe('name under /dev/mapper'),
    state: z
      .enum(['opened', 'already open', 'not opened'])
      .describe(
        '`already open`: there is a device of that name, which was not looked into; `not opened`: without `run`',
      ),
    command: text.describe('the command that opens it, quoted for a shell'),
  })
  .meta({ id: 'openedLayer', title: 'A layer to open' });

export const fetchReport = z
  .object({
    ...head,
    image: image.describe('the image whose signatures were fetched'),
    verifiedProfiles: z
      .array(profileName)
      .describe('the profiles whose signatures were verified and written'),
    folder: text.describe('path of the folder with the signatures'),
    oras: optional(text, 'version of oras; absent for a layout or archive'),
    signatures: z.array(fetchedSignature).describe('one for each distinct root hash'),
    open: optional(
      z.object({
        folder: text.describe('path of the snapshotter or layer cache'),
        layers: z.array(openedLayer).describe('those with a signed root hash'),
      }),
      'with `open`: the `folder`, and the `layers` in it that have a signed root hash',
    ),
  })
  .meta({ id: 'fetchReport', title: 'What was fetched of an image' });
