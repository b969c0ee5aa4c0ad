import * as z from 'zod';
import { KNOWN_CLASSES } from '../../model/profiles.ts';
import { count, mkfsClass, optional, text } from './values.ts';

const confinement = z
  .object({
    noNewPrivileges: z.boolean().describe('true: no program that it starts can gain privileges'),
    capabilities: z
      .enum(['none', 'dac_override', 'all'])
      .describe('those that it keeps: `dac_override` where `sudo` is used without namespaces'),
    network: z.boolean().describe('false: it has no network, and reaches no abstract socket'),
    pidNamespace: z.boolean().describe('true: it sees no other processes, and ends with all that it started'),
    filesystem: z
      .enum(['own view', 'whole'])
      .describe(
        '`own view`: programs and libraries of the system, read-only, its output and an empty folder',
      ),
    user: z.enum(['nobody', 'caller']).describe('who it is outside, though it sees uid 0'),
    limits: optional(
      z.object({ memory: count, processorSeconds: count, fileSize: count, processes: count.exactOptional() }),
      'for a small layer: bytes of `memory`, `processorSeconds`, bytes of `fileSize` and, if counted, `processes`; absent if not limited',
    ),
  })
  .meta({ id: 'confinement', title: 'How mkfs.erofs was confined' });

export const tools = z.object({ confinement: confinement.describe('how mkfs.erofs was confined') });

const mkfsFields = {
  kind: z.literal('mkfs').describe('mkfs.erofs'),
  version: text.describe('version of erofs-utils'),
  class: mkfsClass.describe('class of erofs-utils'),
  path: text.describe('path of mkfs.erofs'),
  privilege: z.enum(['root', 'user-namespace', 'sudo']).describe('how it got uid 0'),
};
const nativeFields = {
  kind: z.literal('native').describe('the builder of this program'),
  classes: z
    .array(z.enum(KNOWN_CLASSES))
    .describe('the classes that it reproduces; empty in `verify` if it uses the recorded ones'),
};
const OTHER = 'with `cross-check`: the other builder';

const mkfs = z
  .object({ ...mkfsFields, crossCheck: optional(z.object(nativeFields), OTHER) })
  .meta({ id: 'mkfsBuilder', title: 'The builder mkfs' });
const native = z
  .object({ ...nativeFields, crossCheck: optional(z.object(mkfsFields), OTHER) })
  .meta({ id: 'nativeBuilder', title: 'The builder native' });

export const builder = z.discriminatedUnion('kind', [mkfs, native]);
