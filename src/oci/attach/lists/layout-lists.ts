/**
 * Lists of referrers in a layout: regctl keeps them as in a registry without the referrers API, as indexes whose
 * entries in index.json are named by the fallback tag, and lists the referrers nowhere else.
 * [regclient, scheme/ocidir/referrer.go]
 */
import { REF_NAME } from '../../../model/annotations.ts';
import type { Descriptor } from '../../../model/index.ts';
import { INDEX_MEDIA_TYPE } from '../../../model/media-types.ts';
import { hasDigestTag } from '../../layout/digest-tag.ts';
import type { OciLayout, StoredBlob } from '../../layout/oci-layout.ts';
import { unlessDamaged } from '../../work-limit.ts';
import { changedIndex, entriesOf, fallbackTag } from './fallback-index.ts';

/**
 * The entries of index.json, and those of the lists of referrers. The manifest of each says whether it is a referrer.
 * @param subject without lists of other subjects; default: of all
 */
export async function entriesAndReferrers(layout: OciLayout, subject?: Descriptor): Promise<Descriptor[]> {
  const entries = await layout.entries();
  const lists = entries.filter((entry) => isList(entry, subject));
  const referrers: Descriptor[] = [];
  for (const entry of new Map(lists.map((list) => [`${list.digest} ${list.size}`, list])).values()) {
    // A damaged list of another program lists nothing.
    referrers.push(...((await unlessDamaged(async () => entriesOf(await layout.read(entry)))) ?? []));
  }
  return [...entries, ...referrers];
}

/** The list that an entry of index.json names, without some manifests; undefined if it does not list them. */
export async function shortened(
  layout: OciLayout,
  entry: Descriptor,
  gone: ReadonlySet<string>,
): Promise<StoredBlob | undefined> {
  if (!isList(entry)) return undefined;
  return unlessDamaged(async () => {
    const list = await layout.read(entry);
    const isListed = entriesOf(list).some(({ digest }) => gone.has(digest));
    return isListed ? changedIndex(list, [], gone) : undefined;
  });
}

function isList(entry: Descriptor, subject?: Descriptor): boolean {
  if (entry.mediaType !== INDEX_MEDIA_TYPE || !hasDigestTag(entry)) return false;
  return subject === undefined || entry.annotations?.[REF_NAME] === fallbackTag(subject);
}
