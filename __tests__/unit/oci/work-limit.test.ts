import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../src/errors.ts';
import { unlessDamaged, WorkCounter } from '../../../src/oci/work-limit.ts';

const limit = { documents: 3, bytes: 100 };

describe('a counter of documents', () => {
  test('accepts as many as the limit, and refuses one more', () => {
    const counter = new WorkCounter('the image', limit);
    for (let count = 0; count < 3; count++) counter.take({ size: 1 });
    expect(() => counter.take({ size: 1 })).toThrow('the image has more than 3 documents');
  });

  test('accepts as many bytes as the limit, and refuses one more', () => {
    const counter = new WorkCounter('the layout x', limit);
    counter.take({ size: 100 });
    expect(() => counter.take({ size: 1 })).toThrow('the layout x has more than 100 bytes of documents');
  });

  test('notices the signal', () => {
    const stop = new AbortController();
    const counter = new WorkCounter('the image', limit, stop.signal);
    counter.take({ size: 1 });
    stop.abort(new VeritySignError('cancelled', 'stopped by SIGTERM'));
    expect(() => counter.take({ size: 1 })).toThrow('stopped by SIGTERM');
  });
});

describe('a damaged document', () => {
  test('is absent', async () => {
    const damaged = unlessDamaged(() => Promise.reject(new VeritySignError('image', 'damaged')));
    expect(await damaged).toBeUndefined();
    expect(await unlessDamaged(async () => 1)).toBe(1);
  });

  test('is told from one that this machine cannot read', async () => {
    const unreadable = new VeritySignError('environment', 'cannot open it (EMFILE)');
    await expect(unlessDamaged(() => Promise.reject(unreadable))).rejects.toBe(unreadable);
  });

  test('is told from a limit, the end of the run and a defect of this program', async () => {
    const counter = new WorkCounter('the image', { documents: 0, bytes: 0 });
    await expect(unlessDamaged(async () => counter.take({ size: 1 }))).rejects.toThrow('more than 0');
    const cancelled = new VeritySignError('cancelled', 'stopped');
    await expect(unlessDamaged(() => Promise.reject(cancelled))).rejects.toBe(cancelled);
    await expect(unlessDamaged(() => Promise.reject(new TypeError('defect')))).rejects.toThrow('defect');
  });
});
