import { type InputSpec, POLICY } from '../input-spec.ts';

/** A signed IPE policy that names the root hashes of images. */
export const IPE_POLICY_INPUTS = [
  {
    name: 'name',
    group: 'essential',
    description:
      'Name of the policy and of its files NAME.ipe, NAME.p7b and NAME.json: lowercase letters, digits and hyphens',
    value: 'NAME',
    on: [...POLICY, 'node-kit'],
  },
  {
    name: 'policy-version',
    group: 'essential',
    description:
      'Version of the policy: X.Y.Z, each from 0 to 65535, or auto for the time as YYYY.MMDD.HHMM in UTC. A kernel refuses a version that is older than that of the active policy',
    default: 'auto',
    value: 'VERSION',
    on: [...POLICY, 'node-kit'],
  },
  {
    name: 'out',
    group: 'essential',
    description:
      'Folder for the three files, which is created if needed. Files of the same policy are replaced, others never',
    value: 'DIR',
    on: POLICY,
  },
  {
    name: 'base',
    group: 'essential',
    description:
      "IPE policy in text with the node's own rules. Its defaults and rules come first. Default: execution is allowed only from the initramfs and from the layers",
    value: 'FILE',
    on: [...POLICY, 'node-kit'],
  },
  {
    name: 'check',
    group: 'essential',
    description:
      'Make no policy, but say what this one (text or signed) allows and which layers of the images it lacks. If it lacks any, the exit status is 14, or the step fails',
    value: 'FILE',
    on: POLICY,
  },
  {
    name: 'push-to',
    group: 'registry',
    description:
      'Registry tags that receive the signed policy with its text and mapping, as an artifact without subject',
    value: 'TAG',
    list: true,
    on: POLICY,
  },
] as const satisfies readonly InputSpec[];
