import { lstatSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Folders with programs and libraries of the system. They hold no secrets and nothing of a user. */
const SYSTEM = [
  ...['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libx32'],
  ...['/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/usr/local/lib64'],
  ...['/nix/store', '/gnu/store', '/etc/alternatives'],
];
/** Devices that give nothing away. */
const DEVICES = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'];
/** Where the dynamic loader looks up libraries. */
const LOADER_CACHE = '/etc/ld.so.cache';

/** The folder with the files of the program, inside. */
export const PLACE = '/run/confined';
/** For the program's temporary files, inside. */
export const TEMPORARY = join(PLACE, 'tmp');

/** A file of the machine that appears inside, with its name in `PLACE`. */
export interface Shown {
  path: string;
  name: string;
  writable: boolean;
}

/** What a view is assembled of. Paths are relative to its root. */
export interface View {
  folders: string[];
  /** Mount points of files. */
  files: string[];
  /** Links of the system, such as /bin: absolute paths outside. */
  links: string[];
  /** The mounts, as fstab(5). */
  table: string;
}

export interface ViewRequest {
  /** Folder on which the view is mounted. */
  root: string;
  /** Folder for temporary files, outside. */
  temporary: string;
  shown: readonly Shown[];
  /** False to assemble only `PLACE`. */
  system: boolean;
}

/** Lists what to mount so that a program sees the system, read-only, and the files shown to it. */
export function viewOf({ root, temporary, shown, system }: ViewRequest): View {
  const found = system ? SYSTEM.map((path) => ({ path, kind: kindOf(path) })) : [];
  const folders = found.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
  const links = found.filter(({ kind }) => kind === 'link').map(({ path }) => path);
  const cache = system && kindOf(LOADER_CACHE) === 'file' ? [LOADER_CACHE] : [];
  const devices = system ? DEVICES : [];
  const own = shown.map(({ path, name, writable }) => ({ path, at: join(PLACE, name), writable }));
  const mounts = [
    ...[...folders, ...cache].map((path) => entry(path, root + path, 'ro,nosuid,nodev')),
    ...devices.map((path) => entry(path, root + path, 'nosuid,noexec')),
    ...own.map(({ path, at, writable }) =>
      entry(path, root + at, writable ? 'nosuid,nodev,noexec' : 'ro,nosuid,nodev'),
    ),
    entry(temporary, root + TEMPORARY, 'nosuid,nodev,noexec'),
    // Whoever is in a changed root can create no user namespace, and so gain no capabilities there.
    system
      ? entry(root, `${root}/jail`, 'ro,nosuid,nodev', 'rbind')
      : entry(`${root}/run`, '/run', 'ro,nosuid,nodev', 'rbind'),
  ];
  return {
    folders: [...folders, TEMPORARY, ...(system ? ['/dev', '/etc', '/jail', '/usr'] : [])].map(relative),
    files: [...cache, ...own.map(({ at }) => at), ...devices].map(relative),
    links,
    table: `${mounts.join('\n')}\n`,
  };
}

/** Whether a program's file is in the view already, wherever links lead. */
export function isSystemProgram(path: string): boolean {
  return [path, realpathSync(path)].every((one) => SYSTEM.some((folder) => one.startsWith(folder + sep)));
}

function kindOf(path: string): 'folder' | 'link' | 'file' | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return 'link';
  if (stat?.isDirectory()) return 'folder';
  return stat?.isFile() ? 'file' : undefined;
}

function relative(path: string): string {
  return path.slice(1);
}

/** A line of fstab(5), with paths escaped. */
function entry(source: string, target: string, options: string, bind = 'bind'): string {
  return `${escaped(source)} ${escaped(target)} none ${bind},${options} 0 0`;
}

function escaped(path: string): string {
  return [...Buffer.from(path)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w/.-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}
