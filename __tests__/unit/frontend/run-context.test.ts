import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../src/errors.ts';
import { ciFromEnvironment, sourceDate, untilAborted } from '../../../src/frontend/run-context.ts';

test('SOURCE_DATE_EPOCH', () => {
  expect(sourceDate('1700000000')).toEqual(new Date('2023-11-14T22:13:20Z'));
  expect(sourceDate('')).toBeUndefined();
  expect(() => sourceDate('yesterday')).toThrow('SOURCE_DATE_EPOCH');
  // The last year that RFC 3339 can write.
  expect(sourceDate('253402300799')).toEqual(new Date('9999-12-31T23:59:59Z'));
  expect(() => sourceDate('253402300800')).toThrow('is not a number of seconds before the year 10000');
});

test('the workflow that a run belongs to', () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_SHA: 'abc',
    GITHUB_RUN_ID: '7',
  };
  expect(ciFromEnvironment(env)).toEqual({
    source: 'https://github.example/o/r',
    revision: 'abc',
    runUrl: 'https://github.example/o/r/actions/runs/7',
  });
  // On GitHub Enterprise Server, in a run that was repeated.
  const more = {
    GITHUB_SERVER_URL: 'https://ghes.example:8443',
    GITHUB_WORKFLOW_REF: 'o/r/.github/workflows/release.yml@refs/tags/v1',
    GITHUB_RUN_ATTEMPT: '2',
  };
  expect(ciFromEnvironment({ ...env, ...more })).toEqual({
    source: 'https://ghes.example:8443/o/r',
    revision: 'abc',
    workflow: 'o/r/.github/workflows/release.yml@refs/tags/v1',
    runUrl: 'https://ghes.example:8443/o/r/actions/runs/7/attempts/2',
  });
  expect(ciFromEnvironment({ ...env, GITHUB_ACTIONS: 'false' })).toBeUndefined();
  expect(ciFromEnvironment({})).toBeUndefined();
});

describe('a failure after the signal to end', () => {
  const broken = async (): Promise<never> => {
    throw new Error('broken');
  };

  test('is told as cancelled', async () => {
    const reason = new VeritySignError('cancelled', 'stopped by SIGTERM');
    await expect(untilAborted(AbortSignal.abort(reason), broken)).rejects.toBe(reason);
  });

  test('keeps a cancellation that knows the layer, and any failure without a signal', async () => {
    const known = new VeritySignError('cancelled', 'mkfs.erofs was stopped');
    const work = () => Promise.reject(known);
    await expect(untilAborted(AbortSignal.abort(new Error('reason')), work)).rejects.toBe(known);
    await expect(untilAborted(new AbortController().signal, broken)).rejects.toThrow('broken');
  });
});
