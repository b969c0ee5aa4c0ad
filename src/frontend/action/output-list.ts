import type { ActionSurface, Surface } from '../inputs/catalog.ts';

const ACTION = ['action'] as const;
const VERIFY_ACTION = ['verify-action'] as const;
const ACTIONS = ['action', 'verify-action'] as const;
const POLICY_ACTION = ['ipe-policy-action'] as const;

/** The outputs of the Actions, in the order of action.yml. If
 * an image fails, those of the images before it are set; if none is done, no output is. */
export const OUTPUTS = [
  {
    name: 'digest',
    description:
      'Digest of the image; with several images, one per line in the order of the input. If an image fails, this and the other outputs are those of the images before it. Every output has at most 120 KiB: a warning says if items are missing, and the report has all of them',
    on: ACTIONS,
  },
  {
    name: 'artifact-digests',
    description:
      'JSON array of {image, platform, profile, manifest, digest, reused}: the signature artifact of each platform manifest and profile; with the native builder also class. Empty after a dry run',
    on: ACTION,
  },
  {
    name: 'root-hashes',
    description:
      'JSON array of {image, platform, profile, manifest, index, layer, rootHash}: every layer in image order; with the native builder also class',
    on: ACTION,
  },
  {
    name: 'manifest-signatures',
    description:
      'JSON array of {image, platform, manifest, format, digest, reused}: the Notary signature of each image manifest and of the index; platform is null for the index',
    on: ACTION,
  },
  {
    name: 'preflight-verdict',
    description:
      'With preflight: runs, accepted (with preflight-static), denied, refused, failed, not-enforced or unchecked: the most serious verdict of all images, also of the one that fails the step. Otherwise empty',
    on: ACTION,
  },
  {
    name: 'preflight-denials',
    description:
      'With preflight: JSON array of {image, count, program, command, what, path, layer, source, hook, rule, advice}: the executions that were denied',
    on: ACTION,
  },
  {
    name: 'verdict',
    description:
      'verified, invalid, not-trusted, not-signed, unchecked or skipped (by the trust policy): the most serious verdict of all images',
    on: VERIFY_ACTION,
  },
  {
    name: 'configuration-covered',
    description:
      'true if manifest signatures cover the configuration (entrypoint, user, environment) of every image and which layers belong together, else false. Set manifest-signature for every release',
    on: ACTIONS,
  },
  {
    name: 'uncovered',
    description:
      'JSON array of {image, platform, digest, reason}: the images of an index that no signature covers, such as Windows images. At most 120 KiB; the report has all',
    on: ACTIONS,
  },
  {
    name: 'policy-path',
    description: 'Path of the policy as text, NAME.ipe; empty with check',
    on: POLICY_ACTION,
  },
  {
    name: 'signed-path',
    description: 'Path of the signed policy, NAME.p7b, which a node loads; empty with check',
    on: POLICY_ACTION,
  },
  {
    name: 'mapping-path',
    description:
      'Path of NAME.json, which says to which images and layers each root hash belongs; empty with check',
    on: POLICY_ACTION,
  },
  {
    name: 'version',
    description: 'Version of the policy that was made or checked, as X.Y.Z',
    on: POLICY_ACTION,
  },
  {
    name: 'pushed-to',
    description: 'Each tag of push-to that was set, one REGISTRY/REPOSITORY:TAG@DIGEST per line',
    on: POLICY_ACTION,
  },
  {
    name: 'lacking',
    description:
      'With check: number of root hashes of the images that the policy does not allow; otherwise empty',
    on: POLICY_ACTION,
  },
  {
    name: 'report-path',
    description: 'Path of the JSON report',
    on: [...ACTIONS, ...POLICY_ACTION],
  },
] as const satisfies readonly { name: string; description: string; on: readonly Surface[] }[];

/** Names of the outputs of each Action. */
export type SignOutput =
  | 'digest'
  | 'artifact-digests'
  | 'root-hashes'
  | 'manifest-signatures'
  | 'preflight-verdict'
  | 'preflight-denials'
  | 'configuration-covered'
  | 'uncovered'
  | 'report-path';
export type VerifyOutput = 'digest' | 'verdict' | 'configuration-covered' | 'uncovered' | 'report-path';

export type IpePolicyOutput =
  | 'policy-path'
  | 'signed-path'
  | 'mapping-path'
  | 'version'
  | 'pushed-to'
  | 'lacking'
  | 'report-path';

/** The outputs of an Action, in order. */
export function outputsFor(surface: ActionSurface) {
  return OUTPUTS.filter(({ on }) => (on as readonly Surface[]).includes(surface));
}
