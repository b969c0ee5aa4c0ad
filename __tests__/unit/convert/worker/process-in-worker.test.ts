import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import type { HashJob } from '../../../../src/convert/verity/hash-job.ts';
import { requestHash } from '../../../../src/convert/verity/hash-request.ts';
import { processInWorker } from '../../../../src/convert/worker/process-in-worker.ts';
import { WorkerPool } from '../../../../src/lib/process/worker-pool.ts';
import { testFolder } from '../../../helpers/temp.ts';

const folder = testFolder();

/** Threads that run this program. */
function threadsOf(name: string, program: string): WorkerPool {
  writeFileSync(join(folder, `${name}.js`), program);
  return new WorkerPool(name, pathToFileURL(join(folder, 'pool.js')).href, 1);
}

const DIGEST = `sha256:${'0'.repeat(64)}`;
const expected = { digest: DIGEST, size: 1, diffId: DIGEST, compression: 'gzip' } as const;
const throws = (): WorkerPool =>
  threadsOf(
    'throws',
    "require('node:worker_threads').parentPort.on('message', () => { throw new Error('why'); })",
  );
const exits = (): WorkerPool =>
  threadsOf('exits', "require('node:worker_threads').parentPort.on('message', () => process.exit(3))");

test('the error of a thread that ends is that of the layer', async () => {
  const layer = (threads: WorkerPool) =>
    processInWorker(
      threads,
      Readable.from([]),
      { expected, maxTarSize: 1, sinks: [] },
      new AbortController().signal,
    );
  await expect(layer(throws()).facts).rejects.toThrow(/^why$/);
  await expect(layer(exits()).facts).rejects.toThrow("the layer's worker exited with status 3");
});

test('and that of a hash', async () => {
  const hash = (threads: WorkerPool) => threads.with(1, (worker) => requestHash(worker, {} as HashJob));
  await expect(hash(throws())).rejects.toThrow(/^why$/);
  await expect(hash(exits())).rejects.toThrow('the hashing thread exited with status 3');
});
