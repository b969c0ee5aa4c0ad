import { expect, test } from '@jest/globals';
import { retryOf, whyNot } from '../../../../src/frontend/github/api-failure.ts';
import { HttpError } from '../../../../src/lib/http/errors.ts';

const TARGET = { api: 'https://api.github.example', owner: 'o', repo: 'r', sha: 'a', job: 'j' };
const answer = (status: number, message: string, headers: Record<string, string> = {}): Error =>
  Object.assign(new Error(message), { status, response: { headers, data: { message } } });
const lost = (failure: 'interrupted' | 'unreachable' | 'certificate' | 'timeout'): Error =>
  Object.assign(new Error('x', { cause: new HttpError(failure, 'is away', { url: new URL(TARGET.api) }) }), {
    status: 500,
  });
const why = (error: unknown, readOnly?: string): string =>
  whyNot(error, 'checks: write', readOnly === undefined ? TARGET : { ...TARGET, readOnly });

test('what is worth another attempt', () => {
  const soon = `${Math.floor(Date.now() / 1000) + 20}`;
  expect(retryOf(answer(429, 'x', { 'retry-after': '3' }))).toEqual({ after: 3000 });
  expect(retryOf(answer(403, 'x', { 'retry-after': '3' }))).toEqual({ after: 3000 });
  expect(retryOf(answer(429, 'x'))).toEqual({ after: 60_000 });
  const reset = retryOf(answer(403, 'x', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon }));
  expect(reset?.after).toBeGreaterThan(15_000);
  expect(reset?.after).toBeLessThanOrEqual(20_000);
  expect(retryOf(answer(403, 'x', { 'x-ratelimit-remaining': '0' }))).toEqual({ after: 60_000 });
  for (const again of [answer(500, 'x'), answer(502, 'x'), lost('interrupted'), lost('unreachable')]) {
    expect(retryOf(again)).toEqual({});
  }
  const final = [answer(403, 'x', { 'x-ratelimit-remaining': '9' }), answer(401, 'x'), answer(404, 'x')];
  for (const error of [
    ...final,
    answer(422, 'x'),
    lost('certificate'),
    lost('timeout'),
    new Error('x'),
    'x',
  ]) {
    expect(retryOf(error)).toBeUndefined();
  }
});

test('why GitHub refuses, and the permission to add', () => {
  const add = 'Add checks: write to the permissions of the job';
  expect(why(answer(403, 'Resource not accessible by integration'))).toBe(
    `GitHub's API https://api.github.example answered with status 403: Resource not accessible by integration. ${add}`,
  );
  expect(why(answer(404, 'Not Found'))).toMatch(
    new RegExp(`GitHub hides what a token may not see\\. ${add}$`),
  );
  for (const status of [403, 404]) {
    expect(why(answer(status, 'no'), 'the fork says no')).toMatch(
      /It needs checks: write, but the fork says no$/,
    );
  }
  expect(why(answer(403, 'x', { 'retry-after': '90' }))).toMatch(/run the job again in 90 s$/);
  expect(why(answer(422, 'odd'))).toMatch(/status 422: odd$/);
  expect(why(lost('unreachable'))).toBe("GitHub's API https://api.github.example is away");
  expect(why(new TypeError('x'))).toMatch(/did not answer as it is documented: x$/);
});

test('the time for everything is over', () => {
  const over = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  for (const error of [over, Object.assign(new Error('x', { cause: over }), { status: 500 })]) {
    expect(retryOf(error)).toBeUndefined();
    expect(why(error)).toMatch(/takes too long\. Run the job again later$/);
  }
});

test("GitHub's words are bounded", () => {
  expect(why(answer(422, 'x'.repeat(10_000))).length).toBeLessThan(500);
});
