import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { processInPlace } from '../../../../src/convert/worker/process-in-place.ts';

const tar = Buffer.alloc(1024);
const digest = `sha256:${createHash('sha256').update(tar).digest('hex')}`;

test.each([
  ['complete', digest],
  ['not that of its digest', `sha256:${'0'.repeat(64)}`],
])('a layer that is %s leaves no listener on the signal of the run', async (_what, claimed) => {
  const { signal } = new AbortController();
  const expected = { digest: claimed, size: tar.length, diffId: claimed, compression: 'none' as const };
  const options = { expected, maxTarSize: 4096, sinks: [] };
  const { facts, idle } = processInPlace(Readable.from([tar]), options, signal);
  const outcome = await facts.then(
    ({ tarSize }) => tarSize,
    ({ code }: { code: string }) => code,
  );
  await idle;
  expect(outcome).toBe(claimed === digest ? tar.length : 'image');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
