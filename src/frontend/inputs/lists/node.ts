import { PROFILE_NAMES } from '../../../model/profiles.ts';
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
  {
    name: 'profile',
    group: 'essential',
    description:
      'How the nodes turn layers into EROFS images: containerd, containerd-cache, containerd-tar-index or tardev. Each must have valid signatures, which are written',
    default: 'containerd',
    value: 'PROFILE',
    choices: PROFILE_NAMES,
    list: true,
    on: ['fetch'],
  },
  {
    name: 'open',
    group: 'essential',
    description:
      "Folder of containerd's EROFS snapshotter, or a layer cache: print for each layer in it that has a signed root hash the command that opens it with its signature",
    value: 'DIR',
    on: ['fetch'],
  },
  {
    name: 'run',
    group: 'essential',
    description:
      'With open: run these commands, as root. Devices that are open already stay as they are. containerd uses none of them: it opens its own, without signatures',
    default: 'false',
    on: ['fetch'],
  },
] as const satisfies readonly InputSpec[];
