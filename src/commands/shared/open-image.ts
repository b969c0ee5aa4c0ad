import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { VeritySignError } from '../../errors.ts';
import { ArchiveStore } from '../../oci/attach/archive-store.ts';
import { LayoutStore } from '../../oci/attach/layout-store.ts';
import { RegistryStore } from '../../oci/attach/registry-store.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { LayoutSource } from '../../oci/image/layout-source.ts';
import { withPathHint } from '../../oci/image/local-path.ts';
import { type ImageReference, isOnHub, referenceName } from '../../oci/image/reference.ts';
import { RegistrySource } from '../../oci/image/registry-source.ts';
import type { ImageSource } from '../../oci/image/source.ts';
import { OciLayout } from '../../oci/layout/oci-layout.ts';
import type { ReadOnly } from '../../oci/layout/why-read-only.ts';
import { Oras } from '../../oci/oras/oras.ts';
import { connectionFiles } from './connection-files.ts';
import type { CommonOptions, RunContext } from './options.ts';

/** An image to read, and the store for its referrers. */
export interface OpenImage {
  source: ImageSource;
  store: ReferrerStore;
  /** Version of the oras that reads and attaches; undefined where none is needed. */
  oras: string | undefined;
  /** The layout on disk that holds the image; undefined for an image in a registry. */
  layout: OciLayout | undefined;
  /** Writes what was attached to where the user has the image: an archive is rewritten atomically. */
  commit(): Promise<void>;
}

/**
 * What a run writes beside the image: nothing; what it attaches; or that only where this user may write,
 * because it also goes to a registry.
 */
export type WritesThere = 'nothing' | 'changes' | 'changes-if-possible';

const nothingToCommit = (): Promise<void> => Promise.resolve();

/**
 * Opens what an image reference names. An archive, and an image of the docker daemon, is unpacked into
 * `folder`.
 * @throws VeritySignError 'environment' for oras, and if what must be changed is read-only; 'image' for an archive
 */
export async function openImage(
  reference: ImageReference,
  folder: string,
  options: CommonOptions,
  context: RunContext,
  writes: WritesThere = 'nothing',
): Promise<OpenImage> {
  const { signal } = context;
  if (reference.kind === 'layout') {
    const { path } = reference;
    const source = new LayoutSource(reference, undefined, signal);
    const readOnly = writes === 'nothing' ? undefined : await new OciLayout(path, signal).whyReadOnly();
    if (readOnly !== undefined) requireOtherPlace(source, readOnly, writes, context);
    const additions = readOnly === undefined ? undefined : await mkdtemp(join(folder, 'additions-'));
    const store = new LayoutStore(path, source.name, signal, additions);
    const layout = new OciLayout(path, signal, additions);
    return { source, store, oras: undefined, layout, commit: nothingToCommit };
  }
  if (reference.kind === 'archive') {
    // A run may open several archives.
    const directory = await mkdtemp(join(folder, 'archive-'));
    // Lazy import, as below: only these two read tar files.
    const { ArchiveSource } = await import('../../oci/image/archive-source.ts');
    const source = await ArchiveSource.open(reference, directory, signal);
    const readOnly = writes === 'nothing' ? undefined : await source.whyReadOnly();
    if (readOnly !== undefined) requireOtherPlace(source, readOnly, writes, context);
    const store = new ArchiveStore(source, signal);
    const layout = new OciLayout(directory, signal);
    const commit = readOnly === undefined ? () => source.repack(signal) : nothingToCommit;
    return { source, store, oras: undefined, layout, commit };
  }
  if (reference.kind === 'daemon') {
    const directory = await mkdtemp(join(folder, 'daemon-'));
    const { timeout } = options;
    const { DaemonSource } = await import('../../oci/image/daemon-source.ts');
    const source = await DaemonSource.open(reference, directory, { timeout, signal: context.signal });
    const store = new LayoutStore(directory, source.name, context.signal);
    const layout = new OciLayout(directory, signal);
    return { source, store, oras: undefined, layout, commit: nothingToCommit };
  }
  const oras = await openOras(referenceName(reference), folder, options, context).catch((error: unknown) => {
    throw isOnHub(reference) ? withPathHint(error, reference.repository) : error;
  });
  const source = new RegistrySource(oras, reference);
  const store = new RegistryStore(oras, source.name, folder, { log: context.log, sharesLists: true });
  return { source, store, oras: oras.version.text, layout: undefined, commit: nothingToCommit };
}

/**
 * What is attached to a read-only image stays in a folder of the run, if it also goes to a registry.
 * @throws VeritySignError 'environment' before any work, and before the key is used
 */
function requireOtherPlace(
  { name }: ImageSource,
  { folder, code }: ReadOnly,
  writes: WritesThere,
  { log }: RunContext,
): void {
  if (writes === 'changes') {
    throw new VeritySignError('environment', `cannot write to ${folder} (${code}), where the image is`, {
      remedy:
        'Give this user write permission there; sign can also write to a registry instead, with push-to',
    });
  }
  log.info(`${name} is read-only: the signatures are written to the registry only`);
}

/** The remedy for a user who looks for signatures in the docker daemon. */
export const IN_REGISTRY = 'Name the image in the registry that it was pushed to';

/**
 * Refuses an image beside which no signatures can be kept: the docker daemon keeps no referrers.
 * @throws VeritySignError 'usage'
 */
export function requireReferrers(image: ImageReference, remedy: string): void {
  if (image.kind !== 'daemon') return;
  throw new VeritySignError('usage', 'the docker daemon keeps no signatures beside its images', { remedy });
}

/**
 * Opens the oras CLI with the user's registry options.
 * @param repository the one that it will reach first, `REGISTRY/PATH`
 * @param folder for certificates that are not in a file
 * @throws VeritySignError 'environment' if oras is not usable for that registry, 'usage' for certificates
 */
export async function openOras(
  repository: string,
  folder: string,
  options: CommonOptions,
  context: RunContext,
): Promise<Oras> {
  const { registry, tools, timeout } = options;
  const { signal, log, secrets } = context;
  const oras = await Oras.open({
    path: tools.orasPath,
    plainHttp: registry.plainHttp,
    ...(await connectionFiles(registry, folder, secrets)),
    credentials: registry.credentials,
    // What a key service has taken out of the environment may be what a credential helper logs in with.
    env: { ...process.env, ...secrets },
    referrers: registry.referrers,
    signal,
    timeout,
    log,
  });
  await oras.requireSafe(repository);
  return oras;
}
