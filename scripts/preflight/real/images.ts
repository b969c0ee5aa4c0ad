import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { addBaseLayer } from '../../demo-image/base-layer.ts';
import { type Layer, LayoutWriter } from '../../demo-image/layout.ts';
import { type Entry, writeTar } from '../../demo-image/tar-writer.ts';
import { command, failure, find } from '../../tools/common.ts';

/** 2024-01-01: the time of every file, so that the images are reproducible. */
const EPOCH = Date.UTC(2024, 0, 1) / 1000;

/** An image of real software, and what a kernel that executes nothing but its layers makes of it. */
export interface RealImage {
  name: string;
  /** Of Debian, above the essential ones; undefined for an image without a distribution. */
  packages: readonly string[] | undefined;
  /** Files above them. */
  files?: () => Promise<Entry[]>;
  /** The part of the image's configuration that says how it runs. */
  run: { Entrypoint?: string[]; Cmd?: string[]; User?: string; WorkingDir?: string; Env?: string[] };
  /** Further options of `verity-sign preflight`. */
  options: readonly string[];
}

/** A server counts as running after this time. */
const ALIVE = ['--alive', '10s'];

export const REAL_IMAGES: readonly RealImage[] = [
  {
    name: 'busybox',
    packages: undefined,
    files: async () => [
      { path: 'bin/' },
      { path: 'bin/busybox', mode: 0o755, bytes: await program('busybox', 'busybox-static') },
      { path: 'bin/sh', mode: 0o777, link: { type: 'symbolic', target: 'busybox' } },
    ],
    run: { Cmd: ['sh', '-c', 'echo runs'] },
    options: [],
  },
  {
    name: 'go-static',
    packages: undefined,
    files: async () => [{ path: 'app', mode: 0o755, bytes: await goProgram() }],
    run: { Entrypoint: ['/app'], User: '65532:65532' },
    options: [],
  },
  {
    name: 'shell-entrypoint',
    packages: [],
    files: async () => [
      {
        path: 'entrypoint.sh',
        mode: 0o755,
        bytes: Buffer.from('#!/bin/sh\nset -e\necho "as $(id -un)"\nexec "$@"\n'),
      },
    ],
    run: { Entrypoint: ['/entrypoint.sh'], Cmd: ['ls', '/'], User: 'nobody' },
    options: [],
  },
  {
    name: 'unpacks-itself',
    packages: [],
    files: async () => [
      {
        path: 'entrypoint.sh',
        mode: 0o755,
        bytes: Buffer.from('#!/bin/sh\ncp /bin/ls /tmp/unpacked\nchmod 755 /tmp/unpacked\n/tmp/unpacked /\n'),
      },
    ],
    run: { Entrypoint: ['/entrypoint.sh'] },
    options: [],
  },
  {
    name: 'python3',
    packages: ['python3'],
    run: { Cmd: ['python3', '-c', 'import ssl, json, sqlite3; print("runs")'] },
    options: [],
  },
  {
    name: 'python3-ctypes',
    packages: ['python3'],
    run: {
      Cmd: ['python3', '-c', 'import ctypes; print(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 42)())'],
    },
    options: [],
  },
  {
    name: 'node',
    packages: ['nodejs'],
    run: { Cmd: ['node', '-e', 'console.log("runs")'] },
    options: [],
  },
  {
    name: 'node-jitless',
    packages: ['nodejs'],
    run: { Cmd: ['node', '--jitless', '-e', 'console.log("runs")'] },
    options: [],
  },
  {
    name: 'openjdk',
    packages: ['openjdk-17-jre-headless'],
    run: { Cmd: ['java', '-version'] },
    options: [],
  },
  {
    name: 'nginx',
    packages: ['nginx-light'],
    run: { Cmd: ['nginx', '-g', 'daemon off;'] },
    options: ALIVE,
  },
  {
    name: 'postgresql',
    packages: ['postgresql'],
    run: {
      Entrypoint: ['/bin/sh', '-c', 'initdb -D /tmp/data && exec postgres -D /tmp/data -k /tmp'],
      User: 'postgres',
      Env: ['PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin'],
    },
    options: [...ALIVE, '--time-limit', '180s'],
  },
];

/** Writes an image as an OCI layout with the tag `demo` at `dir`, which must not exist or be empty. */
export async function writeRealImage({ name, packages, files, run }: RealImage, dir: string): Promise<void> {
  const layout = await LayoutWriter.create(dir);
  const layers: Layer[] = [];
  if (packages !== undefined) layers.push(await addBaseLayer(layout, EPOCH, packages));
  if (files !== undefined) {
    const tar = Readable.from([writeTar(await files(), EPOCH)]);
    layers.push(await layout.layer(tar, 'gzip', `COPY the files of ${name} /`));
  }
  await layout.image(layers, new Date(EPOCH * 1000).toISOString().replace('.000', ''), run, 'demo');
}

async function program(name: string, debianPackage: string): Promise<Uint8Array> {
  const path = find(name);
  if (path === undefined) throw failure(`${name} is not installed`, `Install ${debianPackage}`);
  return readFile(path);
}

/** A program without libraries, as images FROM scratch have. */
async function goProgram(): Promise<Uint8Array> {
  if (find('go') === undefined) throw failure('go is not installed', 'Install Go, or run: npm run tools');
  const folder = await mkdtemp(join(tmpdir(), 'real-images-'));
  try {
    const source = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("runs") }\n';
    await writeFile(join(folder, 'main.go'), source);
    const env = ['CGO_ENABLED=0', `HOME=${folder}`, `GOCACHE=${join(folder, 'cache')}`];
    await command(['env', ...env, 'go', 'build', '-trimpath', '-o', 'app', 'main.go'], folder);
    return await readFile(join(folder, 'app'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
