import type { MakePolicyOptions } from '../ipe-policy/options.ts';

/** What a kit is for: the images of a node with one profile, and the policy that names their layers. */
export interface NodeKitOptions extends Omit<MakePolicyOptions, 'out' | 'pushTo'> {
  /** Folder of the kit. */
  folder: string;
}
