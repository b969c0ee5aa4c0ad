import { describe, expect, test } from '@jest/globals';
import { VeritySignError } from '../../../../src/errors.ts';
import { HttpError, type HttpFailure } from '../../../../src/lib/http/errors.ts';
import { ToolError } from '../../../../src/lib/process/run.ts';
import type { OrasCalls } from '../../../../src/oci/oras/calls.ts';
import { AnswerError } from '../../../../src/oci/oras/direct/answer-error.ts';
import { isNotFound, orasFailure } from '../../../../src/oci/oras/failures/failure.ts';
import { Fallback } from '../../../../src/oci/oras/fallback.ts';

const TARGET = 'registry.example/app:1';
const url = new URL('https://registry.example/v2/app/manifests/1');
const stderr = `Error response from registry: failed to find "${TARGET}": ${TARGET}: not found`;
const absent = orasFailure(new ToolError('oras', { exitCode: 1, stderr }), 'pull', TARGET);

/** What remains when oras says "not found" and a request without it fails; and how often that was made. */
async function afterBoth(...failures: unknown[]): Promise<{ errors: unknown[]; requests: number }> {
  let requests = 0;
  const calls = {
    options: {},
    retrying: () => {
      requests += 1;
      return Promise.reject(orasFailure(failures.shift(), 'pull', TARGET));
    },
  } as unknown as OrasCalls;
  const fallback = new Fallback(calls);
  const errors: unknown[] = [];
  for (let times = failures.length; times > 0; times--) {
    const either = fallback.either(
      'pull',
      TARGET,
      () => Promise.reject(absent),
      () => Promise.resolve('found'),
    );
    errors.push(await either.catch((error: unknown) => error));
  }
  return { errors, requests };
}

const http = (failure: HttpFailure) => new HttpError(failure, 'failed', { url });
const answer = (status: number) =>
  new AnswerError('GET', { url, status, headers: {}, body: Buffer.alloc(0) });

describe('a registry of which oras knows only that a name is not there', () => {
  test.each<HttpFailure>(['proxy-setting', 'proxy', 'unreachable', 'certificate'])(
    'no answer without oras (%s): what oras says holds, and is not asked again',
    async (failure) => {
      const { errors, requests } = await afterBoth(http(failure), http(failure));
      expect(errors).toEqual([absent, absent]);
      expect(requests).toBe(1);
    },
  );

  test('the same answer without oras', async () => {
    expect((await afterBoth(answer(404))).errors).toEqual([absent]);
  });

  test.each([
    ['another answer', answer(403)],
    ['an answer that breaks off', http('interrupted')],
    ['an answer that is too large', http('too-large')],
    ['an answer that is late', http('timeout')],
    ['no answer of its token server', new VeritySignError('registry', 'the token server answered 500')],
  ])('%s: the name may be there', async (_what, failure) => {
    const [error] = (await afterBoth(failure)).errors;
    expect(error).toBeInstanceOf(VeritySignError);
    expect(isNotFound(error)).toBe(false);
  });
});
