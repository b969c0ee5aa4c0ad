import { type InputSpec, SIGNING } from '../input-spec.ts';

/** Files for nodes. */
export const NODE_INPUTS = [
  {
    name: 'export-dir',
    group: 'output',
    description:
      "Folder for the layers with their hash trees and signatures, as containerd's layer cache (layer_content_caches) takes it: written while the layers are converted. Add containerd-cache to profile, or the root hashes of these files are not signed",
    value: 'DIR',
    on: SIGNING,
  },
] as const satisfies readonly InputSpec[];
