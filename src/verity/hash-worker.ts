import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { VerityRoot } from '../pipeline/stages.ts';
import { HashTree } from './hash-tree.ts';

/** What the worker is sent. */
export interface HashJob {
  path: string;
  blockSize: VerityRoot['blockSize'];
}

/** What it answers to each job. */
export type HashAnswer = { root: VerityRoot } | { error: string };

const buffer = Buffer.allocUnsafeSlow(1024 * 1024);

/** Reads the file once, from begin to end. */
function hashFile({ path, blockSize }: HashJob): VerityRoot {
  const tree = new HashTree(blockSize);
  const whole = createHash('sha256');
  let imageSize = 0;
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, null);
      if (length === 0) break;
      const chunk = buffer.subarray(0, length);
      imageSize += length;
      whole.update(chunk);
      tree.update(chunk);
    }
  } finally {
    closeSync(file);
  }
  return { ...tree.digest(), blockSize, imageSha256: whole.digest('hex'), imageSize };
}

function answer(job: HashJob): HashAnswer {
  try {
    return { root: hashFile(job) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (job: HashJob) => parentPort?.postMessage(answer(job)));
