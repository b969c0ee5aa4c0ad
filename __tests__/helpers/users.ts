import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inNamespace, inNamespaceAsRoot } from './run-child.ts';
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
 * @param confining false for a machine that cannot confine mkfs.erofs: it has neither setpriv nor prlimit, and
 *   unshare does no more than map a user to root
 */
export function userWays(folder: string, confining = true): UserWay[] {
  const { weaken } = programs(folder);
  const mounts = confining ? ':' : weaken;
  return [
    {
      name: 'as root',
      wrap: ROOT ? byRealRoot(folder, mounts) : (argv) => inNamespaceAsRoot(mounts, argv),
    },
    {
      name: 'as another user, with a user namespace',
      wrap: ROOT ? byRealRoot(folder, mounts, asUser(folder)) : (argv) => inNamespace(folder, mounts, argv),
    },
    {
      name: 'as another user, through sudo',
      wrap: bySudo(folder, mounts, confining ? REFUSED : 'exit 1'),
    },
  ];
}

/**
 * As another user, on a system that has sudo, and where a user namespace maps a user to root but gives no
 * rights, as Ubuntu does for unknown programs.
 */
export function powerlessNamespaceWay(folder: string): UserWay {
  programs(folder);
  const body = `[ "$(id -u)" != 1001 ] || { ${MAPS_ONLY}; }\nexec '${join(folder, 'unshare')}' "$@"`;
  return { name: 'with a user namespace without rights, and sudo', wrap: bySudo(folder, ':', body) };
}

/** As another user, on a system with neither user namespaces nor sudo. */
export function withoutWays(folder: string): UserWay {
  programs(folder);
  const refusing = script(folder, 'refusing', 'echo "not permitted here" >&2\nexit 1');
  const setup = [
    `mount --bind '${refusing}' '${toolPath('unshare')}'`,
    `if command -v sudo >/dev/null; then mount --bind '${refusing}' "$(command -v sudo)"; fi`,
  ].join('\n');
  const wrap: UserWay['wrap'] = ROOT
    ? byRealRoot(folder, setup, asUser(folder))
    : (argv) => inNamespace(folder, setup, argv);
  return { name: 'as another user, with neither', wrap };
}

const ROOT = process.geteuid?.() === 0;
/** Bodies of an unshare. */
const MAPS_ONLY = '[ "$1" = --map-root-user ] && [ "$2" = -- ] || exit 1';
const REFUSED = '[ "$(id -u)" != 1001 ] || exit 1\nexec "$REAL" "$@"';

function byRealRoot(folder: string, setup: string, then = 'exec "$@"'): UserWay['wrap'] {
  const script = `${setup}\n${then}`;
  return (argv) => [join(folder, 'unshare'), ...['--mount', '--', 'sh', '-ec', script, 'sh'], ...argv];
}

function asUser(folder: string): string {
  return `exec '${join(folder, 'setpriv')}' --reuid=1001 --regid=1001 --clear-groups -- "$@"`;
}

/** @param unshare body of the one that is found */
function bySudo(folder: string, mounts: string, unshare: string): UserWay['wrap'] {
  const become = ROOT ? setuidRoot(folder) : `exec '${join(folder, 'unshare')}' --map-root-user -- "$@"`;
  const setup = `${mounts}\n${sudoOnly(folder, become, unshare)}`;
  return ROOT ? byRealRoot(folder, setup, asUser(folder)) : (argv) => inNamespace(folder, setup, argv);
}

/** Copies of the programs of the system, and shell commands that put weaker ones in their place. */
function programs(folder: string): { weaken: string } {
  const copy = (name: string): string => {
    const path = join(folder, name);
    copyFileSync(toolPath(name), path);
    chmodSync(path, 0o755);
    return path;
  };
  const [unshare] = [copy('unshare'), copy('setpriv')];
  const none = script(folder, 'none', 'exit 1');
  const weak = script(folder, 'weak-unshare', `${MAPS_ONLY}\nexec '${unshare}' "$@"`);
  const weaken = [
    `mount --bind '${weak}' '${toolPath('unshare')}'`,
    ...['setpriv', 'prlimit'].map((name) => `mount --bind '${none}' '${toolPath(name)}'`),
  ];
  return { weaken: weaken.join('\n') };
}

/** sudo becomes root by a file with the setuid bit, as the real one does. It is there for the command alone. */
function setuidRoot(folder: string): string {
  const setuid = join(folder, 'setuid-setpriv');
  copyFileSync(toolPath('setpriv'), setuid);
  chmodSync(setuid, 0o4755);
  return `exec '${setuid}' --reuid=0 --regid=0 --clear-groups -- "$@"`;
}

/** Shell commands that put a sudo where it is found first, and another unshare. */
function sudoOnly(folder: string, become: string, unshare: string): string {
  const bin = join(folder, 'sudo-bin');
  mkdirSync(bin);
  script(bin, 'sudo', `[ "$1" = -n ] && [ "$2" = -- ] || exit 9\nshift 2\n${become}`);
  const other = script(folder, 'other-unshare', `REAL='${join(folder, 'unshare')}'\n${unshare}`);
  return `mount --bind '${other}' '${toolPath('unshare')}'\nmount --bind '${bin}' /usr/local/sbin`;
}

function script(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n# Strict fake for one machine of the tests.\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}
