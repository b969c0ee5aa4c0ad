import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { distinctContent } from '../../formats/descriptor.ts';
import type { Descriptor } from '../../model/index.ts';
import type { OciLayout } from '../layout/oci-layout.ts';
import type { Oras } from '../oras/oras.ts';
import { inBatches } from './batches.ts';
import type { ReferrerEntry } from './lists/fallback-index.ts';
import { ReferrerLists } from './lists/referrer-lists.ts';
import { type PushNode, pushOrder } from './push-order.ts';

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
  // Before the first is pushed: manifests may disagree about a blob that they share.
  distinctContent(nodes.flatMap(({ descriptor, blobs }) => [descriptor, ...blobs]));
  const pushed = new Set<string>();
  const own = await mkdtemp(join(folder, 'push-'));
  const { oras, repository } = target;
  const lists = new ReferrerLists(oras, repository);
  const waiting = new Waiting(lists, own, signal);
  for (const node of nodes) {
    signal.throwIfAborted();
    await waiting.before(node.descriptor);
    await pushNode(layout, node, pushed, target, lists.rivals);
    if (node.referrer !== undefined) waiting.add(node.referrer);
  }
  await waiting.end(new Set(nodes.map(({ descriptor }) => descriptor.digest)));
  await lists.rivals.settle(own, signal);
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
  { descriptor, blobs }: PushNode,
  pushed: Set<string>,
  { oras, repository }: PushTarget,
  rivals: ReferrerLists['rivals'],
): Promise<void> {
  const missing = distinctContent(blobs).filter(({ digest }) => !pushed.has(digest));
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
}

/** Referrers that are pushed and wait for their list, which one write completes for each subject. */
class Waiting {
  readonly #lists: ReferrerLists;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  /** By the subject's digest. */
  readonly #entries = new Map<string, ReferrerEntry[]>();

  /** @param folder for a temporary file */
  constructor(lists: ReferrerLists, folder: string, signal: AbortSignal) {
    this.#lists = lists;
    this.#folder = folder;
    this.#signal = signal;
  }

  add(entry: ReferrerEntry): void {
    const { digest } = entry.subject;
    this.#entries.set(digest, [...(this.#entries.get(digest) ?? []), entry]);
  }

  /**
   * Called before a manifest is pushed, when all its referrers are. Writes its list, where clients maintain
   * it. What the referrers API lists can be asked only when the registry has the subject.
   */
  async before({ digest }: Descriptor): Promise<void> {
    const entries = this.#entries.get(digest);
    const [first] = entries ?? [];
    if (entries === undefined || first === undefined) return;
    if (await this.#lists.hasApi(first.descriptor)) return;
    await this.#lists.ensureTag(first.subject, entries, this.#folder, this.#signal);
    this.#entries.delete(digest);
  }

  /**
   * Makes sure that all other referrers are listed too.
   * @param pushed digests of all manifests; the subject of another is not in the registry
   */
  async end(pushed: ReadonlySet<string>): Promise<void> {
    for (const entries of this.#entries.values()) {
      const [first] = entries;
      if (first === undefined) continue;
      const { subject, descriptor } = first;
      if (pushed.has(subject.digest)) {
        await this.#lists.ensure(subject, entries, this.#folder, this.#signal);
      } else if (!(await this.#lists.hasApi(descriptor))) {
        await this.#lists.ensureTag(subject, entries, this.#folder, this.#signal);
      }
    }
  }
}

/** Such layers are stored elsewhere by design, and registries accept manifests without them. */
function isNondistributable({ mediaType }: Descriptor): boolean {
  return mediaType.includes('nondistributable') || mediaType.includes('foreign');
}
