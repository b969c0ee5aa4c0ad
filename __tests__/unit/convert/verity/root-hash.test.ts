import { randomFillSync } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type HashJob, HashWork, newHashJob, SHARE } from '../../../../src/convert/verity/hash-job.ts';
import type { HashOutcome } from '../../../../src/convert/verity/hash-request.ts';
import { computeRootHash } from '../../../../src/convert/verity/root-hash.ts';
import type { WorkerPool } from '../../../../src/lib/process/worker-pool.ts';
import type { ImageFile } from '../../../../src/model/index.ts';
import { testFolder } from '../../../helpers/temp.ts';

const SHARES = 4;
const folder = testFolder();
let files: [ImageFile];
beforeAll(() => {
  const bytes = randomFillSync(Buffer.alloc(SHARES * SHARE));
  files = [{ path: join(folder, 'image'), size: bytes.length }];
  writeFileSync(files[0].path, bytes);
});

/** A pool with one helper, which does `work` as soon as it is asked, before the main thread begins. */
function helper(work: (job: HashJob) => HashOutcome): WorkerPool {
  const worker = new EventEmitter() as EventEmitter & { postMessage(message: { hash: HashJob }): void };
  worker.postMessage = ({ hash }) => {
    const hashed = work(hash);
    setImmediate(() => worker.emit('message', { hashed }));
  };
  const pool = {
    with: async <T>(_most: number, use: (one: Worker) => Promise<T>) => [await use(worker as never)],
  };
  return pool as unknown as WorkerPool;
}

function take(job: HashJob, shares: number): void {
  Atomics.add(new Int32Array(job.control), 0, shares);
}

describe('a helper that takes shares', () => {
  test.each([1, 2, SHARES, SHARES + 1])('and hashes none of %i: an error, not a root hash', async (taken) => {
    const threads = helper((job) => {
      take(job, taken);
      return {};
    });
    await expect(computeRootHash(files, 4096, { threads })).rejects.toThrow('not hashed');
  });

  test('and hashes the first but not the second', async () => {
    const threads = helper((job) => {
      const work = new HashWork(job);
      work.takeShare();
      take(job, 1);
      work.close();
      return {};
    });
    await expect(computeRootHash(files, 4096, { threads })).rejects.toThrow('not hashed');
  });

  test('and reports why it failed: that is the error', async () => {
    const threads = helper((job) => {
      take(job, 1);
      return { error: 'EIO' };
    });
    await expect(computeRootHash(files, 4096, { threads })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('EIO'),
    });
  });

  test.each([1, 2, SHARES])('and hashes %i of them: the same root hash as by one thread', async (hashed) => {
    const threads = helper((job) => {
      const work = new HashWork(job);
      for (let share = 0; share < hashed; share++) expect(work.takeShare()).toBe(true);
      work.close();
      return {};
    });
    expect(await computeRootHash(files, 4096, { threads })).toEqual(await computeRootHash(files, 4096));
  });
});

test('no share is taken once the job is stopped, nor one beyond the end', () => {
  const job = newHashJob(files, 4096, false);
  const work = new HashWork(job);
  for (let share = 0; share < SHARES; share++) expect(work.takeShare()).toBe(true);
  expect(work.takeShare()).toBe(false);
  work.close();
});
