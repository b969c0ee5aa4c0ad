import { expect, test } from '@jest/globals';
import { isTransientStatus, retryAfter } from '../../../../src/lib/http/retry-after.ts';

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfter('7', now)).toBe(7000);
  expect(retryAfter('Thu, 01 Jan 2026 00:00:03 GMT', now)).toBe(3000);
  expect(retryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
  for (const header of ['soon', '', null, undefined]) expect(retryAfter(header, now)).toBeUndefined();
});

test('throttling and failures of the service may pass, refusals do not', () => {
  expect([408, 429, 500, 502, 503, 504].every(isTransientStatus)).toBe(true);
  expect([400, 401, 403, 404, 409, 501].some(isTransientStatus)).toBe(false);
});
