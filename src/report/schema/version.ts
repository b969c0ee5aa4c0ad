/** What `version` prints: an object, because it is about no image. */
import * as z from 'zod';
import { KNOWN_CLASSES } from '../../model/profiles.ts';
import { head, optional, text } from './values.ts';

export const foundProgram = z
  .object({
    path: optional(text, 'where it was looked for and found; a name without a slash is on PATH'),
    version: optional(text, 'the version that it prints'),
    problem: optional(text, 'why it cannot be used, or only in part'),
  })
  .meta({ id: 'foundProgram', title: 'An outside program' });

export const versionReport = z
  .object({
    ...head,
    node: text.describe('version of Node.js'),
    platform: text.describe('operating system and processor as Node.js names them, such as `linux/x64`'),
    classes: z
      .record(text, z.enum(KNOWN_CLASSES))
      .describe('the releases of erofs-utils whose images the native builder reproduces, and their classes'),
    defaultClass: z
      .enum(KNOWN_CLASSES)
      .describe('the class that the native builder reproduces unless the user names others'),
    oras: foundProgram.describe('oras, which a run needs for registries'),
    mkfs: foundProgram.describe('mkfs.erofs, which `builder: mkfs` and `cross-check` need'),
  })
  .meta({ id: 'versionReport', title: 'The output of version' });
