/**
 * `node scripts/demo-image.ts DIR` makes a real image as an OCI layout with the tag `demo`.
 * Three layers: a distribution's root file system (gzip), programs on top of it (gzip), and changes to
 * both with whiteouts, extended attributes and hard links (zstd).
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describeError } from '../src/errors.ts';
import { addBaseLayer } from './demo-image/base-layer.ts';
import { type Layer, LayoutWriter } from './demo-image/layout.ts';
import { type Entry, fileCapability, writeTar } from './demo-image/tar-writer.ts';
import { command, failure, find } from './tools/common.ts';

/** 2024-01-01: the time of every file, so that the image is reproducible. */
const EPOCH = Date.UTC(2024, 0, 1) / 1000;

const CAP_NET_BIND_SERVICE = 10;

/** Writes the layout at `dir`, which must not exist or be an empty folder. */
export async function buildDemoImage(dir: string): Promise<void> {
  const layout = await LayoutWriter.create(dir);
  const hello = await compile('hello.c');
  const layers = [
    await addBaseLayer(layout, EPOCH),
    await add(layout, applicationEntries(hello), 'gzip', 'COPY hello busybox /opt/demo/bin/'),
    await add(layout, changeEntries(hello), 'zstd', 'RUN setcap, setfattr, ln, rm'),
  ];
  const created = new Date(EPOCH * 1000).toISOString().replace('.000', '');
  const run = {
    Env: ['PATH=/opt/demo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    Entrypoint: ['/opt/demo/bin/hello'],
    Cmd: ['demo'],
    WorkingDir: '/opt/demo',
  };
  await layout.image(layers, created, run, 'demo');
}

function add(
  layout: LayoutWriter,
  entries: readonly Entry[],
  compression: 'gzip' | 'zstd',
  createdBy: string,
): Promise<Layer> {
  return layout.layer(Readable.from([writeTar(entries, EPOCH)]), compression, createdBy);
}

function applicationEntries(hello: Uint8Array): Entry[] {
  const busybox = find('busybox');
  if (busybox === undefined) throw failure('busybox is not installed', 'Run: npm run tools');
  return [
    { path: 'opt/demo/' },
    { path: 'opt/demo/bin/' },
    { path: 'opt/demo/bin/busybox', mode: 0o755, bytes: readFileSync(busybox) },
    ...['ash', 'httpd', 'vi', 'wget'].map((applet): Entry => {
      return { path: `opt/demo/bin/${applet}`, mode: 0o777, link: { type: 'symbolic', target: 'busybox' } };
    }),
    { path: 'opt/demo/bin/hello', mode: 0o755, bytes: hello },
    { path: 'opt/demo/draft.txt', bytes: Buffer.from('Not for release.\n') },
    { path: 'opt/demo/templates/' },
    { path: 'opt/demo/templates/old.html', bytes: Buffer.from('<p>old</p>\n') },
  ];
}

/** Deletes from both layers below, replaces a folder, and adds attributes and links. */
function changeEntries(hello: Uint8Array): Entry[] {
  return [
    { path: 'opt/demo/' },
    { path: 'opt/demo/.wh.draft.txt', mode: 0o600 },
    { path: 'opt/demo/bin/' },
    {
      path: 'opt/demo/bin/hello',
      mode: 0o755,
      bytes: hello,
      xattrs: { 'security.capability': fileCapability(CAP_NET_BIND_SERVICE) },
    },
    { path: 'opt/demo/bin/hi', mode: 0o755, link: { type: 'hard', target: 'opt/demo/bin/hello' } },
    { path: 'opt/demo/bin/greet', mode: 0o755, link: { type: 'hard', target: 'opt/demo/bin/hello' } },
    {
      path: 'opt/demo/demo.conf',
      bytes: Buffer.from('greeting = Hello\n'),
      xattrs: { 'user.demo.origin': Buffer.from('scripts/demo-image.ts') },
    },
    { path: 'opt/demo/templates/' },
    { path: 'opt/demo/templates/.wh..wh..opq', mode: 0o600 },
    { path: 'opt/demo/templates/new.html', bytes: Buffer.from('<p>new</p>\n') },
    { path: 'usr/' },
    { path: 'usr/share/' },
    { path: 'usr/share/.wh.doc', mode: 0o600 },
  ];
}

/** Compiles a C program without build id and paths, so that its bytes depend on the compiler only. */
async function compile(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-image-'));
  try {
    const output = join(folder, 'program');
    const path = fileURLToPath(new URL(`demo-image/${source}`, import.meta.url));
    await command(['gcc', '-O2', '-s', '-Wl,--build-id=none', '-o', output, path], folder);
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const dir = process.argv[2];
  if (dir === undefined) {
    console.error('usage: node scripts/demo-image.ts DIR');
    process.exitCode = 2;
  } else {
    await buildDemoImage(dir).catch((error: unknown) => {
      const { line, status } = describeError(error);
      console.error(line);
      process.exitCode = status;
    });
  }
}
