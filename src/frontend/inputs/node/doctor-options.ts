import { resolve } from 'node:path';
import type { DoctorOptions } from '../../../commands/doctor/options.ts';
import { VeritySignError } from '../../../errors.ts';
import type { RawValues } from '../catalog.ts';
import { certificateReferences, commonOptions, type Dialect, required, text } from '../common-options.ts';
import { verifyingOptions } from '../verifying-options.ts';
import { requireOneProfile } from './one-profile.ts';

/** Options that say how an image is verified, and have no effect without one. */
const OF_IMAGES = [
  'trust-store',
  'trust-policy',
  'trust-policy-scope',
  'signer-identity',
  'at',
  'platform',
] as const;

/**
 * Checks the options of `doctor`. Raises usage errors that name the option.
 * @param image the reference, if one is given
 */
export function doctorOptions(image: string | undefined, given: RawValues, dialect: Dialect): DoctorOptions {
  const { label } = dialect;
  // A node has the signatures checked, not its layers converted.
  const raw: RawValues = { ...given, image: image ?? '', recompute: 'false' };
  const common = commonOptions(raw, dialect);
  requireOneProfile(common.profiles, dialect);
  const containerdConfig = required(text(raw, 'containerd-config'), 'containerd-config', dialect);
  if (!containerdConfig.startsWith('/')) {
    throw new VeritySignError(
      'usage',
      `${label('containerd-config')}: ${containerdConfig} is not an absolute path`,
      {
        remedy: 'Give the path that the file has on the node',
      },
    );
  }
  const idle = OF_IMAGES.find((name) => image === undefined && text(raw, name) !== undefined);
  if (idle !== undefined) {
    throw new VeritySignError('usage', `${label(idle)} has no effect without an image`, {
      remedy: 'Give an image too, or omit it',
    });
  }
  return {
    root: resolve(required(text(raw, 'root'), 'root', dialect)),
    containerdConfig,
    common,
    verifying: image === undefined ? undefined : { ...verifyingOptions(raw, dialect), image },
    signerCertificates: certificateReferences(raw, 'trusted-certificate', dialect),
  };
}
