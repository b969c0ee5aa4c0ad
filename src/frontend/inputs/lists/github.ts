import { IMAGE_ACTIONS, type InputSpec } from '../input-spec.ts';

/** What GitHub shows of a run. */
export const GITHUB_INPUTS = [
  {
    name: 'github-token',
    group: 'github',
    description:
      'Token with which the verdict is shown on GitHub, usually github.token: the value itself or env://NAME. The job needs the permission checks: write, and pull-requests: write for github-comment. Default: nothing is sent to GitHub',
    value: 'TOKEN',
    on: IMAGE_ACTIONS,
  },
  {
    name: 'github-check',
    group: 'github',
    description:
      'With github-token: the check runs to create or update. image makes "verity-sign / IMAGE (sign)", which branch rules can demand; digest makes "verity-sign / IMAGE@DIGEST (sign)", which a deployment can demand; none makes no check run',
    default: 'image, digest',
    value: 'WHICH',
    list: true,
    on: IMAGE_ACTIONS,
  },
  {
    name: 'github-comment',
    group: 'github',
    description:
      'With github-token: comment on the pull request with the verdict and the root hashes, and update the comment in later runs',
    default: 'false',
    on: IMAGE_ACTIONS,
  },
  {
    name: 'base-image',
    group: 'github',
    description:
      'With github-comment: image with which the comment compares layers and root hashes, such as that of the base branch. Signing computes its root hashes; verify reads them from its signatures, which must verify by the same inputs',
    value: 'IMAGE',
    on: IMAGE_ACTIONS,
  },
] as const satisfies readonly InputSpec[];
