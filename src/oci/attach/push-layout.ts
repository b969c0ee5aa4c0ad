import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { splitDigest } from '../../formats/digest.ts';
import type { Descriptor } from '../../model/index.ts';
import type { OciLayout } from '../oci-layout.ts';
import type { LocalFile, Oras } from '../oras/oras.ts';
import { inBatches } from './batches.ts';
import { type PushNode, pushOrder } from './push-order.ts';
import { ensureListed } from './referrer-list.ts';

/** Where an image goes. */
export interface PushTarget {
  oras: Oras;
  /** `REGISTRY/PATH` without tag. */
  repository: string;
  tag: string;
}

/**
 * Copies an image with everything that refers to it from a layout to a registry: the same result as
 * `oras cp -r`, in another order. That command pushes an image before its signatures, and takes a
 * password only as an argument. Here a registry never has the image without them, whenever the run
 * ends; the tag is written last, and a rerun pushes what is missing.
 *
 * @param folder the run's private temporary folder
 * @param check runs when all is there but the tag; what it throws keeps the tag from being written
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
  for (const node of nodes) {
    signal.throwIfAborted();
    await pushNode(layout, node, pushed, own, target);
  }
  await check();
  signal.throwIfAborted();
  const { oras, repository, tag } = target;
  await oras.pushManifest(repository, root, blobFile(layout, root), tag);
}

async function pushNode(
  layout: OciLayout,
  { descriptor, blobs, referrer }: PushNode,
  pushed: Set<string>,
  folder: string,
  { oras, repository }: PushTarget,
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
  await oras.pushManifest(repository, descriptor, blobFile(layout, descriptor));
  if (referrer !== undefined) await ensureListed(oras, repository, referrer, folder);
}

function blobFile({ directory }: OciLayout, { digest }: Descriptor): LocalFile {
  const { algorithm, hex } = splitDigest(digest);
  return { folder: join(directory, 'blobs', algorithm), name: hex };
}

/** Such layers lie elsewhere by design, and registries take manifests without them. */
function isNondistributable({ mediaType }: Descriptor): boolean {
  return mediaType.includes('nondistributable') || mediaType.includes('foreign');
}
