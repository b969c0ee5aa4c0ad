/** The report of `export`: what the layer cache has of an image. */
import * as z from 'zod';
import { builder, tools } from '../builder.ts';
import { digest, head, image, mkfsClass, optional, profileName, sha256, text } from '../values.ts';

export const exportedLayer = z
  .object({
    diffId: digest.describe('digest of the uncompressed layer, which names the files'),
    digest: digest.describe('digest of the blob'),
    rootHash: sha256.describe('root hash of the image in the cache'),
    signed: z.boolean().describe('true if `signatures` has a verified signature of the root hash'),
    outcome: z
      .enum(['written', 'replaced', 'already there'])
      .describe(
        '`already there`: the cache had a complete entry; `replaced`: it had an incomplete one, or one of another root hash than the signed one',
      ),
  })
  .meta({ id: 'exportedLayer', title: 'A layer in a layer cache' });

export const exportReport = z
  .object({
    ...head,
    image: image.describe('the image whose layers were exported'),
    verifiedProfiles: z.array(profileName).describe('the profiles whose signatures were verified'),
    folder: text.describe('path of the layer cache'),
    class: mkfsClass.describe('class of erofs-utils of the images that were written'),
    mkfsOptions: z.array(text).describe('the mkfs options of these images'),
    builder: builder.describe('what built the images'),
    tools: optional(tools, 'how outside programs were run; absent if mkfs.erofs was not used'),
    oras: optional(text, 'version of oras; absent for a layout or archive'),
    layers: z.array(exportedLayer).describe('each layer once, in the order of its first occurrence'),
  })
  .meta({ id: 'exportReport', title: 'What was exported of an image' });
