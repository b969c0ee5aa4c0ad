import type { ActionSurface, Surface } from '../../inputs/input-spec.ts';

/** A command that takes options. */
export type CommandName = Exclude<Surface, ActionSurface>;

/** What the help says about a command. Its options are those of the catalogue for this surface. */
export interface Declaration {
  name: CommandName;
  description: string;
  /** Its words, as commander writes them, and what they are; absent if it takes none. */
  argument?: readonly [words: string, description: string];
  /** Where the words are more than one argument. */
  usage?: string;
  /** Absent: neither examples nor exit statuses are shown. */
  examples?: string;
}

export const IMAGES = 'registry/repository:tag or @DIGEST, docker://…, oci:DIR, oci-archive:FILE';
