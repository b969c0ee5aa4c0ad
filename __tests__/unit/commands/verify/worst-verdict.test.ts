import { expect, test } from '@jest/globals';
import { worstVerdict } from '../../../../src/commands/verify/worst-verdict.ts';

test('the most serious of several verdicts', () => {
  expect(worstVerdict([])).toBe('verified');
  expect(worstVerdict(['verified', 'unchecked'])).toBe('unchecked');
  expect(worstVerdict(['unchecked', 'not-signed', 'verified'])).toBe('not-signed');
  expect(worstVerdict(['not-signed', 'not-trusted'])).toBe('not-trusted');
  expect(worstVerdict(['not-trusted', 'invalid', 'not-signed'])).toBe('invalid');
});
