import type { ImageName } from '../data/images.ts';
import { buildCache, CONTAINERD_PROGRAMS, startNode } from '../peers/containerd.ts';
import { ours } from '../peers/ours.ts';
import { type Case, layersOf, type World } from './case.ts';

const taskOf = async (image: ImageName, { cache, pki }: World) =>
  ({ layers: await layersOf(image, cache), form: 'gzip', profile: 'containerd-cache', pki }) as const;

/** Filling the layer cache: this project, which signs too, and containerd, whose daemon has the image already. */
export function cacheCase(image: ImageName): Case {
  return {
    name: `cache/${image}`,
    needs: CONTAINERD_PROGRAMS,
    needsRoot: true,
    async contestants(world) {
      const task = await taskOf(image, world);
      const node = await startNode(task);
      world.defer(node.stop);
      return [ours(task, { exports: true }), buildCache(task, node)];
    },
  };
}

/** Signing for the layer cache, with and without writing it. */
export function exportCase(image: ImageName): Case {
  return {
    name: `export/${image}`,
    async contestants(world) {
      const task = await taskOf(image, world);
      return [ours(task), ours(task, { exports: true })];
    },
  };
}
