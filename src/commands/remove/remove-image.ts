import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inContext, VeritySignError } from '../../errors.ts';
import { withTempFolder } from '../../lib/process/temp-folder.ts';
import type { ResolvedImage } from '../../model/index.ts';
import type { Fate, ReferrerStore } from '../../oci/attach/store.ts';
import { parseReference } from '../../oci/image/reference.ts';
import { resolveImage } from '../../oci/image/resolve.ts';
import type { RemoveReport } from '../../report/remove-report.ts';
import { IN_REGISTRY, type OpenImage, openImage, requireReferrers } from '../shared/open-image.ts';
import type { RunContext } from '../shared/options.ts';
import { type Attached, type Choice, choose } from './attached.ts';
import { findLayerSets } from './find-layer-sets.ts';
import { findManifestSignatures } from './find-manifest-signatures.ts';
import type { RemoveOptions } from './options.ts';
import { removeReport } from './report.ts';

/**
 * Lists the signatures of one signer that are attached to an image, and removes them if the user has said so.
 * The last good signature stays unless the user insists.
 * @param part called with a report before anything is changed and after each change
 * @throws VeritySignError
 */
export function removeSignatures(
  options: RemoveOptions,
  context: RunContext,
  part: (report: RemoveReport) => void,
): Promise<RemoveReport> {
  return inContext({ image: options.image }, () =>
    withTempFolder(options.tempDir, async (folder) => {
      const reference = parseReference(options.image);
      requireReferrers(reference, IN_REGISTRY);
      const opened = await openImage(reference, folder, options, context);
      if (options.yes) await opened.store.removeLeftovers?.();
      const image = await resolveImage(opened.source, { ...options, layers: 'auto' });
      const all = await findAll(opened.store, image, options, context);
      const choice = choose(all, options.signer, options.onlyProfiles);
      const fates = new Map<string, Fate>();
      const report = (): RemoveReport => removeReport({ options, image, oras: opened.oras, choice, fates });
      part(report());
      if (!options.yes || choice.chosen.length === 0) return report();
      checkLastGood(choice, options);
      const changed = (digest: string, fate: Fate): void => {
        // A manifest that no list has any more is that, whether or not it is still stored.
        if (fate !== 'unknown' || !fates.has(digest)) fates.set(digest, fate);
        part(report());
      };
      if (reference.kind === 'archive') await removeFromArchive(opened, choice, folder, context, changed);
      else await removeAll(opened.store, choice, folder, context, changed);
      return report();
    }),
  );
}

/** In the order in which they are removed: an image's own, then those of the index that lists it. */
async function findAll(
  store: ReferrerStore,
  image: ResolvedImage,
  { platforms }: RemoveOptions,
  { now, signal }: RunContext,
): Promise<Attached[]> {
  const found: Attached[] = [];
  for (const manifest of image.manifests) {
    const { descriptor, platform } = manifest;
    found.push(...(await findLayerSets(store, manifest, now, signal)));
    found.push(...(await findManifestSignatures(store, descriptor, platform, now, signal)));
  }
  const isSingle = image.manifests.some(({ descriptor }) => descriptor.digest === image.root.digest);
  // The signature of an index is one for all its platforms.
  if (!isSingle && platforms.length === 0) {
    found.push(...(await findManifestSignatures(store, image.root, undefined, now, signal)));
  }
  return found;
}

/** @throws VeritySignError 'usage' */
function checkLastGood({ chosen }: Choice, { force }: RemoveOptions): void {
  const last = chosen.filter(({ lastGood }) => lastGood).map(({ attached }) => attached);
  const [first] = last;
  if (force || first === undefined) return;
  const more = last.length === 1 ? '' : ` and ${last.length - 1} more`;
  const verb = last.length === 1 ? 'is the last good signature' : 'are the last good signatures';
  throw new VeritySignError(
    'usage',
    `${first.descriptor.digest}${more} ${verb} of ${nameOf(first)}: nothing was removed`,
    { remedy: 'Sign it with the new key first, or set force to remove the last good signature too' },
  );
}

function nameOf({ kind, subject }: Attached): string {
  return kind === 'layers' ? `these root hashes of ${subject.digest}` : subject.digest;
}

type Changed = (digest: string, fate: Fate) => void;

async function removeAll(
  store: ReferrerStore,
  { chosen }: Choice,
  folder: string,
  { signal }: RunContext,
  changed: Changed,
): Promise<void> {
  const bySubject = Map.groupBy(chosen, ({ attached }) => attached.subject.digest);
  for (const ofSubject of bySubject.values()) {
    const [first] = ofSubject;
    if (first === undefined) continue;
    const own = await mkdtemp(join(folder, 'remove-'));
    const referrers = ofSubject.map(({ attached }) => attached.descriptor);
    await store.remove(first.attached.subject, referrers, own, changed, signal);
  }
}

/** The archive stays as it is until it is replaced as a whole. */
async function removeFromArchive(
  opened: OpenImage,
  choice: Choice,
  folder: string,
  context: RunContext,
  changed: Changed,
): Promise<void> {
  await removeAll(opened.store, choice, folder, context, () => undefined);
  await opened.commit();
  for (const { attached } of choice.chosen) changed(attached.descriptor.digest, 'deleted');
}
