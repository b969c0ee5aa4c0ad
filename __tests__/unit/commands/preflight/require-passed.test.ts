import { expect, test } from '@jest/globals';
import { requirePassed } from '../../../../src/commands/preflight/require-passed.ts';

const denied = { passed: false, verdict: 'denied', summary: '1 execution denied' } as const;

test('an image that has not passed is an error, which says that nothing was pushed', () => {
  expect(() => requirePassed({ passed: true, verdict: 'runs', summary: 'runs' })).not.toThrow();
  expect(() => requirePassed(denied)).toThrow(
    expect.objectContaining({ code: 'not-enforced', message: 'preflight: 1 execution denied' }),
  );
  expect(() =>
    requirePassed({ ...denied, verdict: 'unchecked' }, ['r.example/a:1', 'r.example/a:2']),
  ).toThrow(
    expect.objectContaining({
      code: 'unchecked',
      message: 'preflight: 1 execution denied; nothing was pushed to r.example/a:1, r.example/a:2',
    }),
  );
});
