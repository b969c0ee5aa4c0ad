import type { NodeKitOptions } from '../../../commands/node-kit/options.ts';
import { VeritySignError } from '../../../errors.ts';
import type { RawValues } from '../catalog.ts';
import type { Dialect } from '../values.ts';
import { verifyingOptions } from '../verifying-options.ts';
import { makingOptions } from './ipe-policy-options.ts';
import { requireOneProfile } from './one-profile.ts';

/**
 * Checks the inputs of `node-kit`. Raises usage errors that name the input.
 * @param folder as the user named it
 */
export function nodeKitOptions(
  raw: RawValues,
  images: readonly string[],
  folder: string,
  dialect: Dialect,
  now = new Date(),
): NodeKitOptions {
  const verifying = verifyingOptions(raw, dialect);
  const { label } = dialect;
  if (verifying.layers === 'none') {
    throw new VeritySignError('usage', `${label('layers')} none leaves no root hashes for a policy`, {
      remedy: 'Omit it',
    });
  }
  requireOneProfile(verifying.profiles, dialect);
  const { out: _out, pushTo: _pushTo, ...policy } = makingOptions(raw, images, verifying, '', dialect, now);
  return { ...policy, folder };
}
