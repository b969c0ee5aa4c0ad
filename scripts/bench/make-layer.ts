import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Header } from 'tar';

/** A gzipped layer on disk and what an image says about it. */
export interface Layer {
  name: string;
  path: string;
  digest: string;
  size: number;
  diffId: string;
  tarSize: number;
}

/** About 224 MB of this machine's own files, as a base image would have them. */
export async function makeFileSystemLayer(folder: string): Promise<Layer> {
  const files = await filesUpTo('/usr', 224_000_000);
  const tar = spawn('tar', ['-c', '--no-recursion', '-C', '/', '--null', '-T', '-'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  tar.stdin.end(files.map((path) => `${path.slice(1)}\0`).join(''));
  return write('files of this machine', join(folder, 'files.tar.gz'), tar.stdout, 6);
}

/** 1 GB in files of 4 MB that compress a little. */
export function makeLargeLayer(folder: string): Promise<Layer> {
  return write('large layer', join(folder, 'large.tar.gz'), Readable.from(largeTar()), 1);
}

async function write(name: string, path: string, tar: Readable, level: number): Promise<Layer> {
  const outside = counter();
  const inside = counter();
  await pipeline(tar, inside.stream, createGzip({ level }), outside.stream, createWriteStream(path));
  return { name, path, ...outside.result(), diffId: inside.result().digest, tarSize: inside.result().size };
}

function counter(): { stream: Transform; result(): { digest: string; size: number } } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ size, digest: `sha256:${hash.copy().digest('hex')}` }) };
}

async function filesUpTo(root: string, most: number): Promise<string[]> {
  const found: string[] = [];
  let size = 0;
  const visit = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (size >= most) return;
      const path = join(folder, entry.name);
      if (entry.isFile()) {
        const bytes = (await lstat(path)).size;
        // A few giants would say little about a base image.
        if (bytes > 8_000_000) continue;
        size += bytes + 512;
      }
      found.push(path);
      if (entry.isDirectory()) await visit(path);
    }
  };
  await visit(root);
  return found;
}

function* largeTar(): Generator<Buffer> {
  const size = 4_000_000;
  const content = Buffer.alloc(size + ((512 - (size % 512)) % 512));
  for (let file = 0; file < 250; file++) {
    const header = new Header({
      path: `files/${file}`,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size,
      type: 'File',
      mtime: new Date(1e12),
    });
    header.encode();
    if (header.block !== undefined) yield header.block;
    let state = file + 1;
    for (let at = 0; at < size; at += 4) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      content.writeInt32LE(state & 0x0f0f0f0f, at);
    }
    yield Buffer.from(content);
  }
  yield Buffer.alloc(1024);
}
