/** What docs/kernel.md says of the container runtime. */
import { table, versions } from '../table.ts';
import type { ChainRun } from './setup.ts';

const NOT_TRIED = '–';

/** What a node is made to do: meaning → keys of the guest, in the order of the columns. */
const TRIED: readonly (readonly (string | undefined)[])[] = [
  [
    'the program of an image that the policy lists',
    'chain/differ/exec/app',
    'chain/differ/run/app',
    'chain/cache/exec/app',
    'chain/cache/run/app',
  ],
  [
    'a program dropped into the writable layer',
    'drop/differ-app/program',
    'chain/differ/run/dropped',
    'drop/cache-app/program',
  ],
  [
    "the image's program after a chmod, which copies it up",
    'drop/differ-app/changed-own-program',
    'chain/differ/run/copied-up',
    'drop/cache-app/changed-own-program',
  ],
  [
    'the program of an image that the policy does not list',
    'chain/differ/exec/other',
    'chain/differ/run/other',
    'chain/cache/exec/other',
    'chain/cache/run/other',
  ],
  [
    "a listed image with one byte changed on the node's disk, read in full",
    'chain/differ/read/altered',
    'chain/differ/run/altered',
    'chain/cache/read/altered',
  ],
  ['its changed program', 'chain/differ/exec/altered', undefined, 'chain/cache/exec/altered'],
];

/** The runtime's own program: meaning → key of the guest. */
const RUNTIME = {
  'on its dm-verity disk, before the policy is active': 'chain/before-policy',
  'on its dm-verity disk, which the active policy names': 'chain/under-policy',
  'in the initramfs, which the active policy allows': 'chain/in-initramfs',
  'the same, to start a container': 'chain/differ/run/runc-in-initramfs',
  'a copy in memory': 'chain/in-memory',
  'a copy on a tmpfs': 'chain/on-tmpfs',
} as const;

export function renderChain({ kernel, machine, report }: ChainRun): string {
  const outcome = (key?: string) => (key === undefined ? NOT_TRIED : report.outcome(key));
  const columns = [
    '`ctr images mount`, chroot',
    '`ctr run`',
    'mount from the cache',
    '`ctr run` from the cache',
  ];
  const tried = TRIED.map(([what, ...keys]) => [what, ...columns.map((_, at) => outcome(keys[at]))]);
  const runtime = Object.entries(RUNTIME).map(([what, key]) => [what, shortened(outcome(key))]);
  return [
    versions(kernel, machine),
    '',
    ...table(['What the node executes or reads', ...columns], tried),
    '',
    ...table(['runc', 'Outcome'], runtime),
  ].join('\n');
}

/** Without what is between the exit status and the cause: it names a descriptor, whose number is of no interest. */
function shortened(text: string | undefined): string | undefined {
  return text?.replace(/^(exit:\d+) ctr: .*: /, '$1 … ');
}
