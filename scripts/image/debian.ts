import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, failure, find } from '../tools/common.ts';
import { debianPackage } from '../tools/image/parts.ts';
import { type DebianFile, debianFiles } from '../tools/image/pins.ts';
import type { Architecture } from '../tools/pins.ts';
import { BUSYBOX_COMMANDS, SCRIPTS, SYSTEM_FILES } from './system-files.ts';
import { link, removeAll } from './tree.ts';

/** What packages have and no run needs; paths from the root. Licences stay. */
const UNUSED = [
  /^(boot|media|mnt|opt|srv)$/,
  /^etc\/(ca-certificates|issue|issue\.net|motd|profile\.d|skel|update-motd\.d)$/,
  /^usr\/(games|include|src)$/,
  /^usr\/lib\/[^/]+\/gconv$/,
  /^usr\/sbin\/update-ca-certificates$/,
  /^usr\/share\/(?!doc$|common-licenses$)[^/]+$/,
  /^usr\/share\/doc\/[^/]+\/(?!copyright$)[^/]+$/,
  /^var\/(backups|cache|local|lock|log|mail|opt|run|spool)$/,
];

const CERTIFICATES = 'usr/share/ca-certificates/mozilla';

/** Unpacks the Debian packages of an image into an empty folder and configures them, without running any of them. */
export async function debianRoot(root: string, architecture: Architecture): Promise<void> {
  if (find('dpkg-deb') === undefined) {
    throw failure('dpkg-deb is not installed', 'Install the package dpkg of your distribution');
  }
  for (const file of debianFiles(architecture)) await unpack(file, root);
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true });
  await writeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), await bundle(join(root, CERTIFICATES)));
  await removeAll(root, UNUSED);
  for (const [path, text] of Object.entries(SYSTEM_FILES)) await writeFile(join(root, path), text);
  for (const [path, text] of Object.entries(SCRIPTS))
    await writeFile(join(root, path), text, { mode: 0o755 });
  for (const name of BUSYBOX_COMMANDS) await link(root, `usr/bin/${name}`, 'busybox');
  for (const folder of ['home/verity-sign', 'work']) await mkdir(join(root, folder), { recursive: true });
}

/** Vulnerability scanners learn from `status.d` which packages there are. */
async function unpack(file: DebianFile, root: string): Promise<void> {
  const path = await debianPackage(file);
  await command(['dpkg-deb', '--extract', path, root]);
  const status = join(root, 'var/lib/dpkg/status.d');
  await mkdir(status, { recursive: true });
  await writeFile(join(status, file.package), await command(['dpkg-deb', '--field', path]));
}

/** All certificates in one file, as update-ca-certificates writes it. The separate files are removed. */
async function bundle(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const certificates = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await rm(folder, { recursive: true });
  return certificates.map((pem) => (pem.endsWith('\n') ? pem : `${pem}\n`)).join('');
}
