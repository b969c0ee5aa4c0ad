import type { ProfileName } from '../../../src/model/index.ts';
import type { ImageName } from '../data/images.ts';
import type { Compression } from '../data/layers.ts';
import { decompressions } from '../floors/parts.ts';
import { ours } from '../peers/ours.ts';
import { shell } from '../peers/shell.ts';
import type { Order, ShellPeer } from '../results.ts';
import { type Case, layersOf, sizesOf } from './case.ts';

export interface Peers {
  /** Default: the pipeline that checks digests as this project does. */
  shells?: readonly ShellPeer[];
  /** The same bundle with the builder mkfs. */
  mkfs?: boolean;
  /** Measure decompression alone, for the floor. */
  floor?: boolean;
}

/** Signing an image in a layout, beside other programs that sign it. */
export function imageCase(
  image: ImageName,
  form: Compression,
  profile: ProfileName,
  { shells = ['shell'], mkfs = false, floor = true }: Peers = {},
): Case {
  return {
    name: `${image}/${form}/${profile}`,
    sizes: ({ cache }) => sizesOf(image, form, cache),
    async contestants({ cache, pki }) {
      const layers = await layersOf(image, cache);
      const task = { layers, form, profile, pki };
      return [
        ours(task),
        ...shells.flatMap((peer) => ordersOf(peer, layers.length).map((order) => shell(task, peer, order))),
        ...(mkfs ? [ours(task, { builder: 'mkfs' })] : []),
        ...(floor ? decompressions(layers, form) : []),
      ];
    },
  };
}

/** One layer has no other layer beside it. With openssl, only the faster order of several is of interest. */
function ordersOf(peer: ShellPeer, layers: number): Order[] {
  if (layers === 1) return ['sequential'];
  return peer === 'shell with openssl' ? ['parallel'] : ['sequential', 'parallel'];
}
