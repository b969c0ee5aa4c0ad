import { expect, test } from '@jest/globals';
import { EXIT_MEANINGS, VERDICT_STATUS } from '../../../../src/frontend/cli/exit-status.ts';

test('every verdict has an exit status of its own, which the help explains', () => {
  const statuses = EXIT_MEANINGS.map(([status]) => status);
  expect(new Set(statuses).size).toBe(statuses.length);
  expect(statuses).toEqual([...statuses].sort((a, b) => a - b));
  for (const status of Object.values(VERDICT_STATUS)) expect(statuses).toContain(status);
});
