/**
 * Parts of the work alone. `node floor.ts TASK ARGUMENTS…` does one and prints the seconds of each of its parts,
 * without the start of Node, of this file and of threads.
 *   inflate FORMAT CHUNK FILE…  decompression of each file: Node's, in pieces of CHUNK bytes, or with `once` in one call; with
 *                               `cli`, gzip's or zstd's
 *   sha256 BYTES                OpenSSL's SHA-256 of 1 GB in messages of BYTES, on one thread
 *   tree BLOCK FILE             this project's hash tree
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, openSync, readFileSync, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { computeRootHash } from '../../../src/convert/verity/root-hash.ts';
import { LAYER_WORKERS } from '../../../src/convert/worker/pool.ts';
import { command, failure, find } from '../../tools/common.ts';

/** Milliseconds. */
const THREADS_START = 500;
const GB = 1e9;

/** Each returns the seconds of its parts. */
const TASKS: Readonly<Record<string, (args: readonly string[]) => Promise<number[]>>> = {
  inflate: async ([format = '', chunk = '', ...files]) => {
    const parts: number[] = [];
    for (const file of files) {
      parts.push(await timed(() => decompress(format, chunk, file)));
    }
    return parts;
  },
  sha256: async ([bytes = '']) => [GB / (await bytesPerSecond(bytes))],
  tree: async ([blockSize, path = '']) => {
    // A run starts the threads while it still reads.
    LAYER_WORKERS.warmUp(1);
    await setTimeout(THREADS_START);
    const image = [{ path, size: statSync(path).size }];
    const tree = () => computeRootHash(image, blockSize === '512' ? 512 : 4096, { threads: LAYER_WORKERS });
    return [await timed(tree)];
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function decompress(format: string, chunk: string, file: string): Promise<void> {
  if (chunk === 'cli') return inflateByProgram(format, file);
  if (chunk !== 'once') return inflate(format, Number(chunk), file);
  const bytes = readFileSync(file);
  if (format === 'gzip') gunzipSync(bytes);
  else zstdDecompressSync(bytes);
}

async function inflate(format: string, chunkSize: number, file: string): Promise<void> {
  const open = format === 'gzip' ? createGunzip : createZstdDecompress;
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(createReadStream(file, { highWaterMark: chunkSize }), open({ chunkSize }), sink);
}

async function inflateByProgram(format: string, file: string): Promise<void> {
  const [program, ...options] = format === 'gzip' ? ['gzip', '-dc'] : ['zstd', '-dcq'];
  await succeeds(program ?? '', options, openSync(file, 'r'));
}

/** Runs a program with a file as its standard input, without its output. */
async function succeeds(program: string, args: readonly string[], input: number): Promise<void> {
  const child = spawn(find(program) ?? program, args, { stdio: [input, 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw failure(`${program} ended with ${code}`, 'Run it alone to see why');
}

/** What OpenSSL measures in a second. It calls nothing between two messages, which Node cannot. */
async function bytesPerSecond(bytes: string): Promise<number> {
  const argv = ['openssl', 'speed', '-mr', '-seconds', '1', '-bytes', bytes, '-evp', 'sha256'];
  const said = await command([find('openssl') ?? 'openssl', ...argv.slice(1)], '/');
  const rate = Number(/^\+F:\d+:[^:]+:([\d.]+)$/m.exec(said)?.[1]);
  if (!(rate > 0)) throw failure(`openssl speed prints no rate: ${said}`, 'Use OpenSSL 3');
  return rate;
}

if (import.meta.main) {
  const [task = '', ...args] = process.argv.slice(2);
  const work = TASKS[task];
  if (work === undefined)
    throw failure(`no such task: ${task}`, `Use one of ${Object.keys(TASKS).join(', ')}`);
  process.stdout.write((await work(args)).join(' '));
}
