import { VeritySignError } from '../../errors.ts';
import type { Descriptor } from '../../model/index.ts';
import { parseReferences, type References } from '../documents.ts';
import type { OciLayout } from '../layout/oci-layout.ts';
import { unlessDamaged } from '../work-limit.ts';
import type { ReferrerEntry } from './lists/fallback-index.ts';
import { entriesAndReferrers } from './lists/layout-lists.ts';

/** A manifest or index of the layout, ready to be pushed. */
export interface PushNode {
  descriptor: Descriptor;
  /** Blobs that must be pushed before it: config and layers. */
  blobs: Descriptor[];
  /** Its entry in a list of referrers, if it has a subject. */
  referrer?: ReferrerEntry;
}

const MAX_NODES = 10_000;

/**
 * All manifests of an image in a layout, its referrers and their referrers, in an order in which a
 * registry never has a manifest without its referrers: referrers come before their subject, the
 * manifests of an index before the index, and the image itself last. Registries accept a manifest whose
 * subject does not exist yet. [distribution-spec, "Pushing Manifests with Subject"]
 *
 * @throws VeritySignError 'image' if a listed manifest is missing or damaged
 */
export async function pushOrder(layout: OciLayout, root: Descriptor): Promise<PushNode[]> {
  const walk = new Walk(layout, await referrersOf(layout));
  await walk.place(root);
  return walk.nodes;
}

class Walk {
  readonly nodes: PushNode[] = [];
  readonly #layout: OciLayout;
  readonly #referrers: ReadonlyMap<string, Descriptor[]>;
  readonly #seen = new Set<string>();

  constructor(layout: OciLayout, referrers: ReadonlyMap<string, Descriptor[]>) {
    this.#layout = layout;
    this.#referrers = referrers;
  }

  async place(descriptor: Descriptor): Promise<void> {
    if (this.#seen.has(descriptor.digest)) return;
    this.#seen.add(descriptor.digest);
    if (this.#seen.size > MAX_NODES) {
      throw new VeritySignError('image', `the layout has more than ${MAX_NODES} manifests for one image`);
    }
    const document = await readDocument(this.#layout, descriptor);
    for (const referrer of this.#referrers.get(descriptor.digest) ?? []) await this.place(referrer);
    for (const child of document.manifests) await this.place(child);
    const { content, subject } = document;
    this.nodes.push({
      descriptor,
      blobs: content,
      ...(subject === undefined ? {} : { referrer: referrerEntry(descriptor, document, subject) }),
    });
  }
}

/**
 * The entries of index.json, and of lists in it, that have a subject, by its digest. Several entries may name one
 * manifest, some of them wrongly: each that says something else is tried.
 */
async function referrersOf(layout: OciLayout): Promise<Map<string, Descriptor[]>> {
  const found = new Map<string, Descriptor[]>();
  const all = await entriesAndReferrers(layout);
  const entries = new Map(all.map((entry) => [`${entry.digest} ${entry.size} ${entry.mediaType}`, entry]));
  for (const entry of entries.values()) {
    // Not a manifest, or damaged: if the image needs it, a later read throws the error.
    const document = await unlessDamaged(() => readDocument(layout, entry));
    if (document?.subject === undefined) continue;
    const { digest } = document.subject;
    const others = found.get(digest);
    if (others === undefined) found.set(digest, [entry]);
    else others.push(entry);
  }
  return found;
}

async function readDocument(layout: OciLayout, descriptor: Descriptor): Promise<References> {
  return parseReferences(await layout.read(descriptor), descriptor);
}

function referrerEntry(descriptor: Descriptor, document: References, subject: Descriptor): ReferrerEntry {
  const { artifactType, annotations } = document;
  return { subject, descriptor, ...(artifactType === undefined ? {} : { artifactType }), annotations };
}
