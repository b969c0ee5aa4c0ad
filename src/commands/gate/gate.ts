import { VeritySignError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { ResolvedImage } from '../../model/index.ts';
import { pushLayout, pushTag } from '../../oci/attach/push-layout.ts';
import { RegistryStore } from '../../oci/attach/registry-store.ts';
import type { ReferrerStore } from '../../oci/attach/store.ts';
import { isForLinux } from '../../oci/image/platform.ts';
import type { ImageReference } from '../../oci/image/reference.ts';
import type { Oras } from '../../oci/oras/oras.ts';
import { CONFIGURATION_NOT_COVERED } from '../../report/coverage-text.ts';
import type { PushedTag } from '../../report/report.ts';
import { openOras } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import { type PushRepository, pushRepositories } from '../shared/push-targets.ts';
import type { Destination, OpenDestination, SignedImage } from '../sign/destination.ts';
import { checkSignatures } from './check-signatures.ts';

/** A repository to push to, and the client for its registry. */
interface Target extends PushRepository {
  oras: Oras;
}

/**
 * Opens the registries that `push-to` names. Nothing is written to them before everything is signed and
 * checked.
 * @throws VeritySignError 'usage' for references that cannot be pushed and images that are in a registry
 *   already, 'environment' for oras
 */
export const openGate: OpenDestination = async (image, options, context, folder) => {
  const repositories = pushRepositories(options.pushTo ?? []);
  requireLocal(image);
  const targets: Target[] = [];
  for (const target of repositories) {
    const known = targets.find(({ registry }) => registry === target.registry);
    const oras = known?.oras ?? (await openOras(target.repository, folder, options, context));
    targets.push({ ...target, oras });
  }
  // A dry run pushes nothing, and may have no credentials.
  if (!options.dryRun) await requireAccess(targets);
  return new Gate(targets, options, context, folder);
};

/**
 * Asks each registry for a tag, whether it is there or not, so that wrong credentials and names are known before
 * any layer is converted. One request for each registry and credentials.
 * @throws VeritySignError 'registry', 'environment'
 */
async function requireAccess(targets: readonly Target[]): Promise<void> {
  const firsts = new Map<string, Target>();
  for (const target of targets) {
    const login = await target.oras.requireSafe(target.repository);
    const account = JSON.stringify([target.registry, login?.username, login?.secret]);
    if (!firsts.has(account)) firsts.set(account, target);
  }
  for (const { oras, repository, tags } of firsts.values()) await oras.find(`${repository}:${tags[0]}`);
}

function requireLocal(image: ImageReference): void {
  if (image.kind !== 'registry') return;
  throw new VeritySignError('usage', 'push-to is for an image that is not in a registry yet', {
    remedy:
      'Build to an OCI layout or archive (oci:DIR, oci-archive:FILE), load it into docker (docker-daemon:NAME), or omit push-to',
  });
}

/** Pushes an image with its signatures once all of them have been read back and verified. */
class Gate implements Destination {
  readonly oras: string | undefined;
  readonly #targets: readonly Target[];
  readonly #options: SignOptions;
  readonly #context: RunContext;
  readonly #folder: string;

  /** @param folder the run's private temporary folder */
  constructor(targets: readonly Target[], options: SignOptions, context: RunContext, folder: string) {
    this.oras = targets[0]?.oras.version.text;
    this.#targets = targets;
    this.#options = options;
    this.#context = context;
    this.#folder = folder;
  }

  requireComplete(image: ResolvedImage): void {
    requireComplete(image, this.#options);
  }

  async signedBefore({ root }: ResolvedImage): Promise<ReferrerStore[]> {
    const stores: ReferrerStore[] = [];
    for (const { oras, repository } of this.#targets) {
      // An image is pushed after its signatures: without it there is nothing to look at.
      const found = await oras.find(`${repository}@${root.digest}`);
      if (found !== undefined) stores.push(this.#store({ oras, repository }, this.#context.log));
    }
    return stores;
  }

  /**
   * Reads the signatures back from the layout and checks them, then pushes image and referrers to each
   * repository and checks what it then has: before any tag, because a registry may accept referrers and
   * lose them.
   */
  async publish(signed: SignedImage, progress: (set: readonly PushedTag[]) => void): Promise<PushedTag[]> {
    await checkSignatures(signed.opened.store, signed, new Date(), 'environment');
    const covered = this.#options.manifestSignature === 'none' ? `; ${CONFIGURATION_NOT_COVERED}` : '';
    const tags = this.#targets.flatMap(({ repository, tags }) => tags.map((tag) => `${repository}:${tag}`));
    this.#context.log.info(`all signatures verified${covered}; pushing to ${tags.join(', ')}`);
    for (const target of this.#targets) await this.#push(target, signed);
    return this.#setTags(signed, progress);
  }

  #push({ oras, repository }: Target, signed: SignedImage): Promise<void> {
    const { signal, log } = this.#context;
    return log.group(`Push to ${repository}`, async (own) => {
      await pushLayout(layoutOf(signed), signed.image.root, { oras, repository }, signed.folder, signal);
      // The push may have taken long.
      await checkSignatures(this.#store({ oras, repository }, own), signed, new Date(), 'registry');
      own.info(`signatures read back from ${repository} and verified`);
    });
  }

  #store({ oras, repository }: Pick<Target, 'oras' | 'repository'>, log: Logger): ReferrerStore {
    return new RegistryStore(oras, repository, this.#folder, { log });
  }

  #setTags(signed: SignedImage, progress: (set: readonly PushedTag[]) => void): Promise<PushedTag[]> {
    return this.#context.log.group('Set tags', async (log) => {
      const set: PushedTag[] = [];
      for (const target of this.#targets)
        for (const tag of target.tags) {
          set.push(await this.#setTag(target, tag, signed, set, log));
          progress([...set]);
        }
      return set;
    });
  }

  async #setTag(
    { oras, repository }: Target,
    tag: string,
    signed: SignedImage,
    before: readonly PushedTag[],
    log: Logger,
  ): Promise<PushedTag> {
    const { root } = signed.image;
    const reference = `${repository}:${tag}`;
    try {
      this.#context.signal.throwIfAborted();
      // A registry with immutable tags refuses even the same image once more.
      const found = await oras.find(reference);
      if (found?.digest !== root.digest) await pushTag(layoutOf(signed), root, { oras, repository }, tag);
      await requireTag(oras, reference, root.digest);
    } catch (error) {
      throw afterTags(error, reference, before);
    }
    log.info(`${reference} is ${root.digest}`);
    return { reference, digest: root.digest };
  }
}

function layoutOf({ opened: { layout } }: SignedImage) {
  if (layout === undefined) throw new TypeError('only an image in a layout can be pushed');
  return layout;
}

async function requireTag(oras: Oras, reference: string, digest: string): Promise<void> {
  const found = await oras.resolve(reference);
  if (found.digest === digest) return;
  throw new VeritySignError('registry', `${reference} points to ${found.digest}, not to ${digest}`, {
    remedy: 'Another program pushed the same tag: push again, or use another tag',
  });
}

/** The error of a tag, with the tags that were set before it: they stay. */
function afterTags(error: unknown, reference: string, before: readonly PushedTag[]): unknown {
  if (!(error instanceof VeritySignError) || before.length === 0) return error;
  const set = before.map((one) => one.reference).join(', ');
  const message = `push-to: ${reference} is not set: ${error.message}; already set: ${set}`;
  const remedy = error.remedy ?? 'Run again: the tags that are set do not change';
  return new VeritySignError(error.code, message, { remedy, cause: error });
}

/**
 * Refuses an index of which only a part is signed, because all of it would be pushed. An image whose
 * layers are excluded, as `layers` allows, must have a signature of its manifest; without one it is
 * accepted only if no Linux node can run it.
 * @throws VeritySignError 'usage'
 */
export function requireComplete(
  { skipped, manifests }: ResolvedImage,
  { manifestSignature }: Pick<SignOptions, 'manifestSignature'>,
): void {
  const withoutLayers = manifests.filter(
    ({ layersLeftOut, platform }) =>
      layersLeftOut !== undefined && (platform === undefined || isForLinux(platform)),
  );
  const unsigned = [
    ...skipped.filter(({ mayRun }) => mayRun).map(({ descriptor, reason }) => ({ descriptor, reason })),
    ...(manifestSignature === 'none'
      ? withoutLayers.map(({ descriptor, layersLeftOut: reason }) => ({ descriptor, reason }))
      : []),
  ];
  const [first] = unsigned;
  if (first === undefined) return;
  throw new VeritySignError(
    'usage',
    `push-to would push ${first.descriptor.digest} without signatures: ${first.reason}`,
    { remedy: 'Sign all platforms of the index, or build one with no others' },
  );
}
