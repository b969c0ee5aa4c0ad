import { VeritySignError } from '../../errors.ts';
import type { ResolvedImage } from '../../model/index.ts';
import { pushLayout } from '../../oci/attach/push-layout.ts';
import { RegistryStore } from '../../oci/attach/registry-store.ts';
import { type ImageReference, parseReference, referenceName } from '../../oci/image/reference.ts';
import { OciLayout } from '../../oci/oci-layout.ts';
import type { Oras } from '../../oci/oras/oras.ts';
import { openOras } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';
import type { Destination, OpenDestination, SignedImage } from '../sign/destination.ts';
import { checkSignatures } from './check-signatures.ts';

/**
 * Opens the registry that `push-to` names. Nothing is written to it before everything is signed and
 * checked.
 * @throws VeritySignError 'usage' for references that cannot be pushed and images that are in a registry
 *   already, 'environment' for oras
 */
export const openGate: OpenDestination = async (image, options, context) => {
  const { pushTo = '' } = options;
  const target = parseReference(pushTo);
  if (target.kind !== 'registry' || target.digest !== undefined) {
    throw new VeritySignError('usage', `push-to: ${pushTo} is not a tag in a registry`, {
      remedy: 'Write it as REGISTRY/REPOSITORY:TAG',
    });
  }
  requireLocal(image);
  const oras = await openOras(target.registry, options, context);
  return new Gate(oras, { repository: referenceName(target), tag: target.tag ?? 'latest' }, options, context);
};

function requireLocal(image: ImageReference): void {
  if (image.kind !== 'registry') return;
  throw new VeritySignError('usage', 'push-to is for an image that is not in a registry yet', {
    remedy:
      'Build to an OCI layout or archive (oci:DIR, oci-archive:FILE), load it into docker (docker-daemon:NAME), or omit push-to',
  });
}

/** Pushes an image with its signatures once all of them have been read back and verified. */
class Gate implements Destination {
  readonly oras: string;
  readonly #oras: Oras;
  /** `REGISTRY/PATH` without tag, and the tag. */
  readonly #target: { repository: string; tag: string };
  readonly #options: SignOptions;
  readonly #context: RunContext;

  constructor(
    oras: Oras,
    target: { repository: string; tag: string },
    options: SignOptions,
    context: RunContext,
  ) {
    this.oras = oras.version.text;
    this.#oras = oras;
    this.#target = target;
    this.#options = options;
    this.#context = context;
  }

  requireComplete(image: ResolvedImage): void {
    requireComplete(image, this.#options);
  }

  /**
   * Reads the signatures back from the layout and checks them, pushes image and referrers, and checks
   * what the registry then has: before the tag, because a registry may accept referrers and lose them.
   */
  publish(signed: SignedImage): Promise<{ reference: string; digest: string }> {
    const { repository, tag } = this.#target;
    const reference = `${repository}:${tag}`;
    return this.#context.log.group(`Push to ${this.#options.pushTo}`, async (log) => {
      const { directory, store } = signed.opened;
      if (directory === undefined) throw new TypeError('only an image in a layout can be pushed');
      await checkSignatures(store, signed, new Date(), 'environment');
      log.info(`all signatures verified; pushing to ${reference}`);
      const target = { oras: this.#oras, repository, tag };
      const pushed = new RegistryStore(this.#oras, repository, log);
      const { root } = signed.image;
      await pushLayout(
        new OciLayout(directory, this.#context.signal),
        root,
        target,
        signed.folder,
        this.#context.signal,
        async () => {
          // The push may have taken long.
          await checkSignatures(pushed, signed, new Date(), 'registry');
          log.info(`signatures read back from ${repository} and verified`);
        },
      );
      await this.#requireTag(reference, root.digest);
      log.info(`${reference} is ${root.digest}`);
      return { reference, digest: root.digest };
    });
  }

  async #requireTag(reference: string, digest: string): Promise<void> {
    const found = await this.#oras.resolve(reference);
    if (found.digest === digest) return;
    throw new VeritySignError('registry', `${reference} points to ${found.digest}, not to ${digest}`, {
      remedy: 'Another program pushed the same tag: push again, or use another tag',
    });
  }
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
    ({ layersLeftOut, platform }) => layersLeftOut !== undefined && (platform?.os ?? 'linux') === 'linux',
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
