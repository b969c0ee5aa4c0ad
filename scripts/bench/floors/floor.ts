/**
 * Lower bounds: parts of the work alone. `node floor.ts TASK ARGUMENTS…` does one and prints its seconds,
 * without the start of Node, of this file and of threads.
 *   inflate FORMAT FILE…   Node's decompression, 64 KiB at a time
 *   sha256 FILE…           SHA-256 on one thread
 *   mkfs PROFILE OUT FILE… mkfs.erofs from plain tars
 *   tree BLOCK FILE        this project's hash tree
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, openSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { mkfsArguments, PROFILES } from '../../../src/convert/erofs/profile.ts';
import { computeRootHash } from '../../../src/convert/verity/root-hash.ts';
import { LAYER_WORKERS } from '../../../src/convert/worker/pool.ts';
import type { ProfileName } from '../../../src/model/index.ts';
import { failure, find } from '../../tools/common.ts';

const CHUNK = 64 * 1024;
/** Milliseconds. */
const THREADS_START = 500;

const TASKS: Readonly<Record<string, (args: readonly string[]) => Promise<unknown>>> = {
  inflate: async ([format, ...files]) => {
    for (const file of files) {
      const open = format === 'gzip' ? createGunzip : createZstdDecompress;
      const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
      await pipeline(createReadStream(file, { highWaterMark: CHUNK }), open({ chunkSize: CHUNK }), sink);
    }
  },
  sha256: async (files) => {
    for (const file of files) {
      await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), createHash('sha256'));
    }
  },
  mkfs: async ([profile, out = '', ...files]) => {
    for (const file of files) {
      await mkfs(profile as ProfileName, out, file);
      await rm(out);
    }
  },
  tree: ([blockSize, path = '']) =>
    computeRootHash([{ path, size: statSync(path).size }], blockSize === '512' ? 512 : 4096, {
      threads: LAYER_WORKERS,
    }),
};

/** Starts the hash threads early, as a run does while mkfs.erofs still writes. */
async function makeReady(task: string): Promise<void> {
  if (task !== 'tree') return;
  LAYER_WORKERS.warmUp(1);
  await setTimeout(THREADS_START);
}

/** Makes an image of a tar in a file. */
export async function mkfs(profile: ProfileName, out: string, tar: string): Promise<void> {
  const program = find('mkfs.erofs') ?? 'mkfs.erofs';
  const args = mkfsArguments(
    profile,
    PROFILES[profile].defaultOptions,
    '00000000-0000-0000-0000-000000000000',
  );
  const child = spawn(program, [...args, out], { stdio: [openSync(tar, 'r'), 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw failure(`mkfs.erofs ended with ${code}`, 'Run npm run tools');
}

if (import.meta.main) {
  const [task = '', ...args] = process.argv.slice(2);
  const work = TASKS[task];
  if (work === undefined)
    throw failure(`no such task: ${task}`, `Use one of ${Object.keys(TASKS).join(', ')}`);
  await makeReady(task);
  const start = performance.now();
  await work(args);
  process.stdout.write(String((performance.now() - start) / 1000));
}
