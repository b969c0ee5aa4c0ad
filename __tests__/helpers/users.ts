import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asUser, inNamespace, inNamespaceAsRoot } from './run-child.ts';
import { toolPath } from './tools.ts';

/** A way in which a user runs verity-sign, and by which it runs mkfs.erofs as uid 0. */
export interface UserWay {
  name: string;
  /** The words around a command that run it in this way. */
  wrap(argv: readonly string[]): string[];
}

/**
 * The three ways: as root, as another user with a user namespace, and as another user with sudo alone.
 * Where the tests themselves do not run as root, root is the mapped root of a user namespace, and so is
 * the user that sudo changes to.
 *
 * @param folder for scratch files; all users can enter it
 */
export function userWays(folder: string): UserWay[] {
  const root = process.geteuid?.() === 0;
  return [
    { name: 'as root', wrap: (argv) => (root ? [...argv] : inNamespaceAsRoot(':', argv)) },
    { name: 'as another user, with a user namespace', wrap: asUser },
    { name: 'as another user, through sudo', wrap: root ? byRealRoot(folder) : byMappedRoot(folder) },
  ];
}

/** sudo becomes root by a file with the setuid bit, as the real one does. It is there for the command alone. */
function byRealRoot(folder: string): UserWay['wrap'] {
  const setuid = join(folder, 'setuid-setpriv');
  copyFileSync(toolPath('setpriv'), setuid);
  chmodSync(setuid, 0o4755);
  const mounts = sudoOnly(folder, `exec '${setuid}' --reuid=0 --regid=0 --clear-groups -- "$@"`);
  const user = 'exec setpriv --reuid=1001 --regid=1001 --clear-groups -- "$@"';
  return (argv) => [toolPath('unshare'), '--mount', '--', 'sh', '-ec', `${mounts}\n${user}`, 'sh', ...argv];
}

function byMappedRoot(folder: string): UserWay['wrap'] {
  const unshare = join(folder, 'unshare');
  const mounts = sudoOnly(folder, `exec '${unshare}' --map-root-user -- "$@"`);
  return (argv) => inNamespace(folder, mounts, argv);
}

/** Shell commands that put a sudo where it is found first, and an unshare that refuses. */
function sudoOnly(folder: string, become: string): string {
  const refusing = join(folder, 'refusing');
  const bin = join(folder, 'sudo-bin');
  mkdirSync(bin);
  // Root may create namespaces there.
  const real = join(folder, 'unshare');
  copyFileSync(toolPath('unshare'), real);
  chmodSync(real, 0o755);
  writeFileSync(
    refusing,
    `#!/bin/sh\n# Strict fake: a system that forbids user namespaces to users without rights.\n[ "$(id -u)" != 1001 ] || exit 1\nexec '${real}' "$@"\n`,
  );
  const sudo = [
    '#!/bin/sh',
    '# Strict fake of sudo: -n -- only.',
    '[ "$1" = -n ] && [ "$2" = -- ] || exit 9',
  ];
  writeFileSync(join(bin, 'sudo'), `${[...sudo, 'shift 2', become].join('\n')}\n`);
  for (const path of [refusing, join(bin, 'sudo')]) chmodSync(path, 0o755);
  return `mount --bind '${refusing}' '${toolPath('unshare')}'\nmount --bind '${bin}' /usr/local/sbin`;
}
