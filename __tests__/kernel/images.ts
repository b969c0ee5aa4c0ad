import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Layer, LayoutWriter } from '../../scripts/demo-image/layout.ts';
import { type Entry, fileCapability, writeTar } from '../../scripts/demo-image/tar-writer.ts';
import { buildDemoImage } from '../../scripts/demo-image.ts';
import { compileStatic } from '../../scripts/kernel/initramfs.ts';
import type { Descriptor } from '../../src/model/index.ts';
import { toolPath } from '../helpers/tools.ts';
import { vectors } from '../helpers/vector-image.ts';

/** An image in an OCI layout, with what the tests have to know of it. */
export interface TestImage {
  name: string;
  layout: string;
  tag: string;
  /** Of the image manifest. */
  digest: string;
  layers: (Descriptor & { diffId: string })[];
}

const EPOCH = Date.UTC(2024, 0, 1) / 1000;

export const BUSYBOX = '/usr/bin/busybox';
export const GREET = '/usr/bin/greet';

/** The vectors that go on top of the odd image: but for repeated contents, one of 70 MB, and the empty one. */
const VECTORS = [
  'simple-gzip',
  'dirs-tar',
  'ustar-dirs-gzip',
  'noparents-gzip',
  'links-gzip',
  'devices-gzip',
  'xattrs-gzip',
  'longnames-gzip',
  'gnu-longnames-gzip',
  'modes-gzip',
  'duplicate-gzip',
  'many-gzip',
  'edges-gzip',
  'dot-slash-gzip',
  'empty-long-gzip',
  'whiteouts-zstd',
];

/** A distribution's root file system with programs and changes on top: scripts/demo-image.ts. */
export async function debianImage(layout: string): Promise<TestImage> {
  await buildDemoImage(layout);
  return read('debian', layout, 'demo');
}

/** Small layers with everything that a layer can do to the ones below it, then the vectors. */
export async function oddImage(layout: string, folder: string): Promise<TestImage> {
  const greet = join(folder, 'greet');
  await compileStatic([fileURLToPath(new URL('greet.c', import.meta.url))], greet);
  const programs = { busybox: await readFile(toolPath('busybox')), greet: await readFile(greet) };
  const writer = await LayoutWriter.create(layout);
  const add = (entries: readonly Entry[], compression: 'gzip' | 'zstd') =>
    writer.layer(Readable.from([writeTar(entries, EPOCH)]), compression, 'test');
  const own = [
    await add(baseEntries(programs), 'gzip'),
    await add(applicationEntries(), 'zstd'),
    await add(changeEntries(), 'gzip'),
  ];
  const more = vectors().filter((vector) => VECTORS.includes(vector.name));
  for (const { digest, path } of more) await copyInto(writer, digest, path);
  await writeImage(writer, [...own, ...more.map(asLayer)]);
  return read('odd', layout, 'test');
}

/** Two layers, one with programs. Images of other names have other layers. */
export async function programImage(name: string, layout: string, folder: string): Promise<TestImage> {
  const greet = join(folder, `${name}-greet`);
  await compileStatic([fileURLToPath(new URL('greet.c', import.meta.url))], greet);
  const programs = { busybox: await readFile(toolPath('busybox')), greet: await readFile(greet) };
  const writer = await LayoutWriter.create(layout);
  const own = { path: `etc-${name}`, bytes: text(name) };
  const layers = [
    await writer.layer(Readable.from([writeTar([...baseEntries(programs), own], EPOCH)]), 'gzip', 'test'),
    await writer.layer(Readable.from([writeTar([own], EPOCH)]), 'gzip', 'test'),
  ];
  await writeImage(writer, layers);
  return read(name, layout, 'test');
}

/** One layer: a vector. */
export async function oneLayerImage(layout: string, vector: string): Promise<TestImage> {
  const writer = await LayoutWriter.create(layout);
  const found = vectors().filter(({ name }) => name === vector);
  for (const { digest, path } of found) await copyInto(writer, digest, path);
  await writeImage(writer, found.map(asLayer));
  return read(vector, layout, 'test');
}

function asLayer({ digest, diffId, mediaType, size }: ReturnType<typeof vectors>[number]): Layer {
  return { descriptor: { mediaType, digest, size }, diffId, createdBy: 'test' };
}

async function copyInto(writer: LayoutWriter, digest: string, path: string): Promise<void> {
  await copyFile(path, writer.blobPath(digest));
}

async function writeImage(writer: LayoutWriter, layers: readonly Layer[]): Promise<void> {
  const config = await writer.json('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = await writer.json('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  await writer.tag(manifest, 'test');
}

async function read(name: string, layout: string, tag: string): Promise<TestImage> {
  const json = async (path: string) => JSON.parse(await readFile(join(layout, path), 'utf8'));
  const blob = (digest: string) => json(`blobs/${digest.replace(':', '/')}`);
  const { digest } = (await json('index.json')).manifests[0];
  const manifest = await blob(digest);
  const diffIds: string[] = (await blob(manifest.config.digest)).rootfs.diff_ids;
  const layers = (manifest.layers as Descriptor[]).map((descriptor, at) => {
    return { ...descriptor, diffId: diffIds[at] ?? '' };
  });
  return { name, layout, tag, digest, layers };
}

const text = (content: string): Uint8Array => Buffer.from(content);
const symbolic = (target: string): Pick<Entry, 'link' | 'mode'> => {
  return { mode: 0o777, link: { type: 'symbolic', target } };
};
const hard = (target: string): Pick<Entry, 'link'> => ({ link: { type: 'hard', target } });

function baseEntries(programs: { busybox: Uint8Array; greet: Uint8Array }): Entry[] {
  return [
    { path: 'usr/' },
    { path: 'usr/bin/' },
    { path: 'usr/bin/busybox', mode: 0o755, bytes: programs.busybox },
    ...['ash', 'echo'].map((name): Entry => ({ path: `usr/bin/${name}`, ...symbolic('busybox') })),
    { path: 'usr/bin/sleep', mode: 0o755, ...hard('usr/bin/busybox') },
    { path: 'usr/bin/su', mode: 0o4755, bytes: text('#!/bin/false\n') },
    { path: 'usr/bin/greet', mode: 0o755, bytes: programs.greet },
    { path: 'usr/bin/tool', ...symbolic('../bin/busybox') },
    { path: 'etc/' },
    { path: 'etc/passwd', bytes: text('root:x:0:0::/:/bin/sh\n') },
    { path: 'etc/shadow', mode: 0o640, owner: { uid: 0, gid: 42 }, bytes: text('root:*::::::\n') },
    { path: 'etc/removed', bytes: text('gone in layer 2\n') },
    { path: 'etc/file-then-folder', bytes: text('a file\n') },
    { path: 'etc/folder-then-file/' },
    { path: 'etc/folder-then-file/inside', bytes: text('a folder\n') },
    { path: 'etc/link-then-folder', ...symbolic('folder-then-file') },
    { path: 'etc/mode-changes', mode: 0o600, bytes: text('mode\n') },
    { path: 'home/' },
    { path: 'home/alice/', mode: 0o700, owner: { uid: 1000, gid: 1000 } },
    { path: 'home/alice/notes with spaces', owner: { uid: 1000, gid: 100 }, bytes: text('notes\n') },
    { path: 'home/alice/naïve\n', owner: { uid: 2097151, gid: 2097151 }, bytes: text('odd name\n') },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'dev/' },
    { path: 'dev/null', mode: 0o666, special: { type: 'character', major: 1, minor: 3 } },
    {
      path: 'dev/disk',
      mode: 0o660,
      owner: { uid: 0, gid: 6 },
      special: { type: 'block', major: 8, minor: 16 },
    },
    { path: 'run/' },
    { path: 'run/pipe', mode: 0o622, special: { type: 'fifo' } },
    { path: 'opt/' },
    { path: 'opt/replaced/' },
    { path: 'opt/replaced/below/' },
    { path: 'opt/replaced/below/old', bytes: text('hidden by an opaque folder\n') },
    { path: 'opt/replaced/kept-by-name', bytes: text('old\n') },
    { path: 'srv/' },
    { path: 'srv/removed-folder/' },
    { path: 'srv/removed-folder/inside', bytes: text('gone with its folder\n') },
    { path: 'srv/linked-1', bytes: text('one file, three names\n') },
    { path: 'srv/linked-2', ...hard('srv/linked-1') },
    { path: 'srv/linked-3', ...hard('srv/linked-1') },
  ];
}

function applicationEntries(): Entry[] {
  return [
    { path: 'opt/' },
    { path: 'opt/app/', mode: 0o2775, owner: { uid: 33, gid: 33 } },
    {
      path: 'opt/app/server',
      mode: 0o755,
      bytes: text('#!/bin/sh\n'),
      xattrs: { 'security.capability': fileCapability(10) },
    },
    {
      path: 'opt/app/data',
      bytes: Buffer.alloc(300_000, 'verity '),
      xattrs: { 'user.origin': text('layer 1'), 'user.empty': text(''), 'trusted.note': text('n') },
    },
    { path: 'opt/app/temporary', bytes: text('gone in layer 2\n') },
    { path: 'etc/' },
    { path: 'etc/passwd', bytes: text('root:x:0:0::/:/bin/sh\napp:x:33:33::/opt/app:/bin/sh\n') },
    { path: 'srv/', xattrs: { 'user.folder': text('an attribute of a folder') } },
  ];
}

function changeEntries(): Entry[] {
  const whiteout = (path: string): Entry => ({ path, mode: 0o600 });
  return [
    { path: 'etc/', mode: 0o751 },
    whiteout('etc/.wh.removed'),
    { path: 'etc/file-then-folder/' },
    { path: 'etc/file-then-folder/new', bytes: text('a folder now\n') },
    { path: 'etc/folder-then-file', bytes: text('a file now\n') },
    { path: 'etc/link-then-folder/' },
    { path: 'etc/link-then-folder/new', bytes: text('not in the folder that the link named\n') },
    { path: 'etc/mode-changes', mode: 0o6711, owner: { uid: 7, gid: 8 }, bytes: text('mode\n') },
    { path: 'opt/' },
    { path: 'opt/replaced/', mode: 0o711 },
    whiteout('opt/replaced/.wh..wh..opq'),
    { path: 'opt/replaced/kept-by-name', bytes: text('new\n') },
    { path: 'opt/app/', mode: 0o2775, owner: { uid: 33, gid: 33 } },
    whiteout('opt/app/.wh.temporary'),
    { path: 'srv/' },
    whiteout('srv/.wh.removed-folder'),
    whiteout('srv/.wh.linked-1'),
    whiteout('srv/.wh.never-there'),
    { path: 'usr/' },
    { path: 'usr/bin/' },
    { path: 'usr/bin/tool', mode: 0o755, bytes: text('#!/bin/sh\n') },
  ];
}
