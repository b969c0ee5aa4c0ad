import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import type { Descriptor } from '../../model/index.ts';
import type { OciLayout } from '../oci-layout.ts';
import type { Oras } from '../oras/oras.ts';
import { inBatches } from './batches.ts';
import { LateRivals } from './late-rivals.ts';
import { type PushNode, pushOrder } from './push-order.ts';
import { ensureListed } from './referrer-list.ts';

/** The destination of an image. */
export interface PushTarget {
  oras: Oras;
  /** `REGISTRY/PATH` without tag. */
  repository: string;
}

/**
 * Copies an image with all its referrers from a layout to a registry. The result is that of
 * `oras cp -r`, the order is another: that command pushes an image before its signatures, and accepts a
 * password only as an argument. Here the registry never has the image without its signatures, even if
 * the run is killed. Tags are written afterwards, by {@link pushTag}, and a rerun pushes what is missing.
 *
 * @param folder the run's private temporary folder
 * @throws VeritySignError 'registry' if the registry refuses, 'image' if the layout is damaged
 */
export async function pushLayout(
  layout: OciLayout,
  root: Descriptor,
  target: PushTarget,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const nodes = await pushOrder(layout, root);
  const pushed = new Set<string>();
  const own = await mkdtemp(join(folder, 'push-'));
  const { oras, repository } = target;
  const rivals = new LateRivals(oras, repository);
  for (const node of nodes) {
    signal.throwIfAborted();
    await pushNode(layout, node, pushed, own, target, rivals);
  }
  await rivals.settle(own, signal);
}

/** Sets a tag to an image that {@link pushLayout} has pushed. @throws VeritySignError 'registry' */
export async function pushTag(
  layout: OciLayout,
  root: Descriptor,
  { oras, repository }: PushTarget,
  tag: string,
): Promise<void> {
  await oras.pushManifest(repository, root, await layout.file(root), tag);
}

async function pushNode(
  layout: OciLayout,
  { descriptor, blobs, referrer }: PushNode,
  pushed: Set<string>,
  folder: string,
  { oras, repository }: PushTarget,
  rivals: LateRivals,
): Promise<void> {
  const missing = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()].filter(
    ({ digest }) => !pushed.has(digest),
  );
  await inBatches(missing, async (blob) => {
    if (!(await layout.has(blob))) {
      if (isNondistributable(blob)) return;
      throw new VeritySignError('image', `the layout lacks the blob ${blob.digest}`, {
        remedy: 'Write the image into the layout again, with all its platforms',
      });
    }
    await oras.pushBlob(repository, blob, await layout.file(blob));
    pushed.add(blob.digest);
  });
  // Layers are left out of the measure: they may be large.
  const file = await layout.file(descriptor);
  await rivals.timed(() => oras.pushManifest(repository, descriptor, file));
  if (referrer === undefined) return;
  await rivals.timed(() => ensureListed(oras, repository, referrer, folder));
  rivals.add(referrer);
}

/** Such layers are stored elsewhere by design, and registries accept manifests without them. */
function isNondistributable({ mediaType }: Descriptor): boolean {
  return mediaType.includes('nondistributable') || mediaType.includes('foreign');
}
