import type { InputSpec } from '../input-spec.ts';

/** What `doctor` looks at. */
export const DOCTOR_INPUTS = [
  {
    name: 'root',
    group: 'essential',
    description:
      'Root folder of the node: / for this machine, or a folder with a copy of its files, such as /etc, /proc and /sys',
    default: '/',
    value: 'DIR',
    on: ['doctor'],
  },
  {
    name: 'containerd-config',
    group: 'essential',
    description: "containerd's configuration file, as the node names it",
    default: '/etc/containerd/config.toml',
    value: 'FILE',
    on: ['doctor'],
  },
] as const satisfies readonly InputSpec[];
