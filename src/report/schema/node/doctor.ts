/** What `doctor` prints: an object, because it is about a node. */
import * as z from 'zod';
import { head, image, optional, text } from '../values.ts';

export const nodeCheck = z
  .object({
    id: z
      .enum([
        'kernel-version',
        'kernel-options',
        'modules',
        'page-size',
        'require-signatures',
        'keyrings',
        'ipe',
        'ipe-enforced',
        'ipe-policy',
        'erofs-utils',
        'containerd-version',
        'containerd-config',
        'differs',
        'mkfs-options',
        'differ',
        'snapshotter',
        'layer-cache',
        'cri-snapshotter',
        'fsmeta',
      ])
      .describe('what was looked at'),
    state: z
      .enum(['ok', 'wrong', 'unknown'])
      .describe('`unknown`: it could not be seen from here, with these rights'),
    found: text.describe('what was found'),
    remedy: optional(text, 'what to do; absent if the state is `ok`'),
  })
  .meta({ id: 'nodeCheck', title: 'A check of a node' });

export const doctorReport = z
  .object({
    ...head,
    root: text.describe('root folder of the node: `/`, or that of a copy'),
    image: optional(image, 'the image that the node is to run'),
    profile: text.describe('the profile whose signatures the node is to match'),
    verdict: z.enum(['ok', 'wrong']).describe('`wrong` if a check is; unknown checks do not count'),
    checks: z.array(nodeCheck).describe('kernel first, then containerd'),
  })
  .meta({ id: 'doctorReport', title: 'The output of doctor' });
