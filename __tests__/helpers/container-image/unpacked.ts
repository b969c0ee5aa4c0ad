/** An image of a layout as files: its documents, the list of its files, and its root in a folder. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../src/lib/process/run.ts';
import { toolEnvironment } from '../tools.ts';

interface Descriptor {
  digest: string;
  size: number;
  mediaType: string;
  platform?: { os: string; architecture: string };
}

export interface Manifest {
  config: Descriptor;
  layers: Descriptor[];
  annotations: Record<string, string>;
}

export interface ImageConfig {
  architecture: string;
  created: string;
  config: { User: string; Entrypoint: string[]; Cmd: string[]; WorkingDir: string; Env: string[] };
  rootfs: { diff_ids: string[] };
}

export function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', digest.replace(':', '/'));
}

export function readBlob<T>(layout: string, { digest }: { digest: string }): T {
  return JSON.parse(readFileSync(blobPath(layout, digest), 'utf8')) as T;
}

/** The manifests of the image that the layout's index names, by architecture. */
export function manifestsOf(layout: string): Map<string, Manifest> {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
  const [top] = index.manifests;
  if (top === undefined) throw new Error(`${layout} has no image`);
  const listed = readBlob<{ manifests?: Descriptor[] }>(layout, top).manifests ?? [top];
  return new Map(
    listed.map((descriptor) => {
      const manifest = readBlob<Manifest>(layout, descriptor);
      return [readBlob<ImageConfig>(layout, manifest.config).architecture, manifest];
    }),
  );
}

export interface FileEntry {
  /** As `ls` shows it, such as `-rwxr-xr-x`. */
  mode: string;
  owner: string;
  path: string;
  /** Target of a symbolic link. */
  link?: string;
}

/** All files of an image in the order of its layers, as GNU tar lists them. */
export async function listFiles(layout: string, manifest: Manifest): Promise<FileEntry[]> {
  const lists = manifest.layers.map(async ({ digest }) => {
    const options = ['--list', '--verbose', '--numeric-owner', '--gzip'];
    const argv = ['tar', ...options, `--file=${blobPath(layout, digest)}`];
    const { stdout } = await run(argv, { env: toolEnvironment() });
    return stdout.toString().trimEnd().split('\n').map(parse);
  });
  return (await Promise.all(lists)).flat();
}

function parse(line: string): FileEntry {
  const [, mode = '', owner = '', path = '', link] =
    /^(\S{10}) (\S+) +\d+ \S+ \S+ (.*?)\/?(?: -> (.*))?$/.exec(line) ?? [];
  if (path === '') throw new Error(`tar lists ${line}`);
  return { mode, owner, path, ...(link === undefined ? {} : { link }) };
}

/** Unpacks the layers of an image into a new folder. No layer removes files. */
export async function unpackImage(layout: string, manifest: Manifest, root: string): Promise<void> {
  mkdirSync(root);
  for (const { digest } of manifest.layers) {
    const options = ['--extract', '--gzip', '--preserve-permissions', '--numeric-owner'];
    const argv = ['tar', ...options, `--file=${blobPath(layout, digest)}`, `--directory=${root}`];
    await run(argv, { env: toolEnvironment() });
  }
}
