import { basename, join } from 'node:path';
import { AS_MAPPED_ROOT, type Privilege } from '../privilege.ts';
import type { Level } from './level.ts';
import { type Limits, prlimit } from './limits.ts';
import { isSystemProgram, PLACE, type Shown, TEMPORARY, type View, viewOf } from './view.ts';

/** A program and the files that it is to have. */
export interface ConfinedProgram {
  /** Absolute path. */
  program: string;
  /** The one file that it writes; its last argument. */
  output?: string | undefined;
  /** Files that it reads. */
  inputs: readonly string[];
  /** An empty folder, on which its view is mounted. */
  root: string;
  /** An empty folder for its temporary files. */
  temporary: string;
  limits: Limits;
}

/** A command line, and the paths of files as the program sees them. */
export interface Confined {
  /** Words to put before the program's own arguments. */
  command: string[];
  output: string;
  inputs: string[];
  temporary: string;
}

/** uid and gid of nobody, which a container has as well. */
const NOBODY = 65_534;

/** The words that run a program at a level, with the rights that `privilege` names. */
export function confine(request: ConfinedProgram, level: Level, privilege: Privilege): Confined {
  const { program, output = '', inputs, root, temporary, limits } = request;
  const limit = level.limited ? prlimit(limits, level) : [];
  const map = privilege === 'user-namespace' ? AS_MAPPED_ROOT : [];
  if (level.namespaces === 'none') {
    const drop = !level.unprivileged
      ? []
      : privilege === 'sudo'
        ? dropped('-all,+dac_override')
        : [...dropped().slice(0, -1), ENDS_WITH_CALLER, '--'];
    return { command: [...map, ...drop, ...limit, program], output, inputs: [...inputs], temporary };
  }
  const own = level.view === 'own';
  const alias = own && !isSystemProgram(program) ? [{ path: program, name: 'program', writable: false }] : [];
  const shown: Shown[] = [
    ...alias,
    ...(output === '' ? [] : [{ path: output, name: basename(output), writable: true }]),
    ...inputs.map((path, index) => ({ path, name: `input-${index}`, writable: false })),
  ];
  const view = viewOf({ root, temporary, shown, system: own });
  const chain = [
    ...(level.nobody ? asNobody() : []),
    ...(own ? ['chroot', '.'] : []),
    ...dropped(),
    ...limit,
    alias.length === 0 ? program : join(PLACE, 'program'),
  ];
  return {
    command: [
      // If this process dies, so does the command.
      ...(privilege === 'sudo' ? [] : ['setpriv', ENDS_WITH_CALLER, '--']),
      ...['unshare', ...(level.namespaces === 'mapped' ? ['--map-root-user'] : [])],
      ...['--mount', '--pid', '--fork', '--kill-child', '--net', '--ipc', '--uts', '--'],
      ...['sh', '-c', assemble(view, own), 'sh', root, view.table, ...chain],
    ],
    output: output === '' ? '' : join(PLACE, basename(output)),
    inputs: inputs.map((_, index) => join(PLACE, `input-${index}`)),
    temporary: TEMPORARY,
  };
}

/** Of setpriv(1): the program is killed when the process that started it ends. */
const ENDS_WITH_CALLER = '--pdeathsig=KILL';

/** No new privileges, and no capabilities but those that are left in `bounding`. [setpriv(1)] */
function dropped(bounding = '-all'): string[] {
  const sets = ['--inh-caps=-all', '--ambient-caps=-all', `--bounding-set=${bounding}`];
  return ['setpriv', '--no-new-privs', ...sets, '--'];
}

/** Root of a user namespace that is nobody outside. CAP_SYS_ADMIN allows it where other users may not. */
function asNobody(): string[] {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const creates = ['--inh-caps=+sys_admin', '--ambient-caps=+sys_admin'];
  return ['setpriv', ...user, ...creates, '--', 'unshare', '--user', '--map-root-user', '--'];
}

/**
 * The first process of the namespaces: a shell that assembles the view and waits for the program. When it
 * ends, the kernel ends all others. Its arguments are the root of the view, the mounts and the command.
 */
function assemble({ folders, files, links }: View, own: boolean): string {
  return [
    'set -e',
    'umask 022',
    'root=$1 table=$2',
    'shift 2',
    'mount -n -t tmpfs -o mode=0755,size=1m,nosuid,nodev none "$root"',
    'cd "$root"',
    `mkdir -p ${folders.join(' ')}`,
    ...files.map((path) => `: >${quoted(path)}`),
    ...(links.length === 0 ? [] : [`cp -P --parents ${links.join(' ')} .`]),
    'printf %s "$table" >table',
    'mount -n -a -T table',
    // If memory gets scarce on the machine, this program goes first.
    '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null || :',
    // The processes of the machine stay hidden.
    own ? 'cd jail' : 'mount -n -t proc proc /proc 2>/dev/null || mount -n -t tmpfs -o size=4k none /proc',
    'set +e',
    // Only root may kill a child of sudo; see `argvBySudo`.
    "trap 'exit 143' TERM",
    '"$@"',
    'exit $?',
  ].join('\n');
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
