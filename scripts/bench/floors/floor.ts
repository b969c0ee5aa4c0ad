/**
 * The least that parts of the work take, alone: `node floor.ts TASK ARGUMENTS…` does it and prints the
 * seconds, without the start of Node and of this file.
 *   inflate FORMAT FILE…   Node's decompression, 256 KiB at a time
 *   sha256 FILE…           SHA-256 on one thread
 *   mkfs PROFILE OUT FILE… mkfs.erofs from plain tars
 *   tree BLOCK FILE        this project's hash tree
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { mkfsArguments, PROFILES } from '../../../src/erofs/profile.ts';
import type { ProfileName } from '../../../src/pipeline/stages.ts';
import { computeRootHash } from '../../../src/verity/root-hash.ts';
import { failure, find } from '../../tools/common.ts';

const CHUNK = 256 * 1024;

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
  tree: ([blockSize, file = '']) => computeRootHash(file, blockSize === '512' ? 512 : 4096),
};

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
    throw failure(`no such task: ${task}`, `Take one of ${Object.keys(TASKS).join(', ')}`);
  const start = performance.now();
  await work(args);
  process.stdout.write(String((performance.now() - start) / 1000));
}
