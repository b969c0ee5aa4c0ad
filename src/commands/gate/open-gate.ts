import { VeritySignError } from '../../errors.ts';
import type { ResolvedImage } from '../../model/index.ts';
import { parseReference, referenceName } from '../../oci/image/reference.ts';
import type { Oras } from '../../oci/oras/oras.ts';
import { openOras, requireReferrers } from '../shared/open-image.ts';
import type { RunContext, SignOptions } from '../shared/options.ts';

/** The registry behind the gate: nothing is written to it before everything is signed and checked. */
export interface Gate {
  oras: Oras;
  /** `REGISTRY/PATH` without tag. */
  repository: string;
  tag: string;
}

const NEEDS_GATE =
  'Set push-to, which pushes the image with its signatures, or push it first and sign it in the registry by digest';

/**
 * Opens what `push-to` names, so that a wrong reference or a missing oras is told before any work.
 * @throws VeritySignError 'usage' for references that cannot be pushed, images that lie in a registry, and
 *   images of the docker daemon that are not to be pushed
 */
export async function openGate(options: SignOptions, context: RunContext): Promise<Gate | undefined> {
  if (options.pushTo === undefined) {
    // A dry run keeps nothing.
    if (!options.dryRun) requireReferrers(options.image, NEEDS_GATE);
    return undefined;
  }
  const target = parseReference(options.pushTo);
  if (target.kind !== 'registry' || target.digest !== undefined) {
    throw new VeritySignError('usage', `push-to: ${options.pushTo} is not a tag in a registry`, {
      remedy: 'Name it as REGISTRY/REPOSITORY:TAG',
    });
  }
  if (parseReference(options.image).kind === 'registry') {
    throw new VeritySignError('usage', 'push-to is for an image that is not in a registry yet', {
      remedy:
        'Build to an OCI layout or archive (oci:DIR, oci-archive:FILE) or load it into docker (docker-daemon:NAME), or leave push-to out',
    });
  }
  const oras = await openOras(options, context);
  return { oras, repository: referenceName(target), tag: target.tag ?? 'latest' };
}

/**
 * Refuses an index of which only a part is signed: all of it would be pushed. An image whose layers
 * are left out, as `layers` allows, must have a signature of its manifest; without one, it may be there
 * only if no Linux node can run it, as before.
 * @throws VeritySignError 'usage'
 */
export function requireWhole(
  { skipped, manifests }: ResolvedImage,
  { manifestSignature }: SignOptions,
): void {
  const bare = manifests.filter(
    ({ layersLeftOut, platform }) => layersLeftOut !== undefined && (platform?.os ?? 'linux') === 'linux',
  );
  const unsigned = [
    ...skipped.filter(({ mayRun }) => mayRun).map(({ descriptor, reason }) => ({ descriptor, reason })),
    ...(manifestSignature === 'none'
      ? bare.map(({ descriptor, layersLeftOut: reason }) => ({ descriptor, reason }))
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
