import { expect, test } from '@jest/globals';
import { parseOsRelease } from '../../../../src/tools/install/runner-cache.ts';

test('os-release, with quotes and without', () => {
  expect(parseOsRelease('NAME="A \'B\'"\nID=ubuntu\nVERSION_ID="24.04"\n')).toMatchObject({
    ID: 'ubuntu',
    VERSION_ID: '24.04',
  });
});
