import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { newHashJob } from '../../../../src/convert/verity/hash-job.ts';
import { requestHash, runHashRequest } from '../../../../src/convert/verity/hash-request.ts';

const job = newHashJob([{ path: '/nonexistent/image', size: 4096 }], 4096, false);

/** A thread that does what a test says. */
class StandIn extends EventEmitter {
  readonly asked: unknown[] = [];

  postMessage(message: unknown): void {
    this.asked.push(message);
  }

  get left(): number {
    return this.listenerCount('message') + this.listenerCount('exit') + this.listenerCount('error');
  }
}

test('ignores other messages of the thread, and leaves no listener behind', async () => {
  const worker = new StandIn();
  const asked = requestHash(worker as unknown as Worker, job);
  expect(worker.asked).toEqual([{ hash: job }]);
  worker.emit('message', { progress: 5 });
  expect(worker.left).toBe(3);
  worker.emit('message', { hashed: { imageSha256: 'a' } });
  expect(await asked).toEqual({ imageSha256: 'a' });
  expect(worker.left).toBe(0);
});

test('a thread that ends rejects, and has no listener of this request any more', async () => {
  const worker = new StandIn();
  const asked = requestHash(worker as unknown as Worker, job);
  worker.emit('exit', 9);
  await expect(asked).rejects.toThrow('exited with status 9');
  expect(worker.left).toBe(0);
});

test('a file that cannot be opened is part of the reply', () => {
  expect(runHashRequest({ hash: job })).toEqual({ hashed: { error: expect.stringContaining('ENOENT') } });
});
