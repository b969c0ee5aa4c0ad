import { expect, test } from '@jest/globals';
import { isOn } from '../../../../src/frontend/cli/start-run.ts';

test('a variable is on, or off', () => {
  for (const value of ['1', 'true', 'yes', '10']) expect([value, isOn(value)]).toEqual([value, true]);
  for (const value of [undefined, '', ' ', '0', 'false', 'FALSE', 'false\n']) {
    expect([value, isOn(value)]).toEqual([value, false]);
  }
});
