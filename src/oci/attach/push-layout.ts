import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { splitDigest } from '../../formats/digest.ts';
import type { Descriptor } from '../../model/index.ts';
import type { OciLayout } from '../oci-layout.ts';
import type { LocalFile, Oras } from '../oras/oras.ts';
import { inBatches } from './batches.ts';
import { LateRivals } from './late-rivals.ts';
import { type PushNode, pushOrder } from './push-order.ts';
import { ensureListed } from './referrer-list.ts';

/** The destination of an image. */
export interface PushTarget {
  oras: Oras;
  /** `REGISTRY/PATH` without tag. */
  repository: string;
  tag: string;
}

/**
 * Copies an image with all its referrers from a layout to a registry. The result is that of
 * `oras cp -r`, the order is another: that command pushes an image before its signatures, and accepts a
 * password only as an argument. Here the registry never has the image without its signatures, even if
 * the run is killed. The tag is written last, and a rerun pushes what is missing.
 *
 * @param folder the run's private temporary folder
 * @param check runs when everything but the tag is pushed; if it throws, the tag is not written
 * @throws VeritySignError 'registry' if the registry refuses, 'image' if the layout is damaged
 */
export async function pushLayout(
  layout: OciLayout,
  root: Descriptor,
  target: PushTarget,
  folder: string,
  signal: AbortSignal,
  check: () => Promise<void>,
): Promise<void> {
  const nodes = await pushOrder(layout, root);
  const pushed = new Set<string>();
  const own = await mkdtemp(join(folder, 'push-'));
  const { oras, repository, tag } = target;
  const rivals = new LateRivals(oras, repository);
  for (const node of nodes) {
    signal.throwIfAborted();
    await pushNode(layout, node, pushed, own, target, rivals);
  }
  await rivals.settle(own, signal);
  await check();
  signal.throwIfAborted();
  await oras.pushManifest(repository, root, blobFile(layout, root), tag);
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
    await oras.pushBlob(repository, blob, blobFile(layout, blob));
    pushed.add(blob.digest);
  });
  // Layers are left out of the measure: they may be large.
  await rivals.timed(() => oras.pushManifest(repository, descriptor, blobFile(layout, descriptor)));
  if (referrer === undefined) return;
  await rivals.timed(() => ensureListed(oras, repository, referrer, folder));
  rivals.add(referrer);
}

function blobFile({ directory }: OciLayout, { digest }: Descriptor): LocalFile {
  const { algorithm, hex } = splitDigest(digest);
  return { folder: join(directory, 'blobs', algorithm), name: hex };
}

/** Such layers are stored elsewhere by design, and registries accept manifests without them. */
function isNondistributable({ mediaType }: Descriptor): boolean {
  return mediaType.includes('nondistributable') || mediaType.includes('foreign');
}
