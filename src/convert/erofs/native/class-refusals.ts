import { VeritySignError } from '../../../errors.ts';
import { type NativeClass, RELEASES, type Release } from './releases.ts';

/** `environment`: the releases of a class make different images of a layer, so the class has no root hash for it. */
export function differentImages(of: NativeClass): VeritySignError {
  return new VeritySignError('environment', `${disagreement(of)} this layer`, {
    remedy: `Use the builder mkfs with the very release of the nodes, or ${OTHER_CLASSES}`,
  });
}

/** The error that counts where releases refuse a layer: a limit of this builder says nothing about what a node does. */
export function decisive(errors: readonly VeritySignError[]): VeritySignError | undefined {
  return errors.find(({ code }) => code === 'environment') ?? errors[0];
}

/**
 * `environment`: some releases of a class take a layer, but not this one.
 * @param refused with its error
 */
export function unpackable(
  of: NativeClass,
  { release, error }: { release: Release; error: VeritySignError },
): VeritySignError {
  const others = RELEASES[of].filter((other) => other !== release).join(' and ');
  return new VeritySignError(
    'environment',
    `nodes with erofs-utils ${release} cannot unpack this layer (${reasonOf(error)}): ${disagreement(of)} it`,
    {
      remedy: `Build the layer again, or update erofs-utils on nodes with ${release}: ${others} takes the layer; then use the builder mkfs with ${others}, or ${OTHER_CLASSES}`,
      cause: error,
    },
  );
}

/** `environment`: a class refuses a layer of which another class of the run makes an image. */
export function onlyOtherClasses(of: NativeClass, error: VeritySignError): VeritySignError {
  if (error.code !== 'image') return error;
  const releases = RELEASES[of].join(' and ');
  return new VeritySignError(
    'environment',
    `nodes with erofs-utils ${releases} cannot unpack this layer (${reasonOf(error)}), others can`,
    {
      remedy: `Build the layer again, or update the nodes and omit class ${of} from erofs-utils-version (list the other classes instead of all)`,
      cause: error,
    },
  );
}

function reasonOf({ message }: VeritySignError): string {
  return message.replace(/^the layer('s tar is malformed: | triggers )/, '');
}

const OTHER_CLASSES =
  'update the nodes to 1.9.2 or later and sign for their class (erofs-utils-version B or C)';

function disagreement(of: NativeClass): string {
  return `releases ${RELEASES[of].join(' and ')} of class ${of} make different images of`;
}
