import { expect, test } from '@jest/globals';
import { describeTool, newerReleases } from '../../../scripts/newer-releases.ts';

test('newer releases, the oldest first, once each', () => {
  const tags = ['v1.10.0', 'v1.3.6', 'v1.3.3', 'v1.3.2', '1.3.6', 'v2.0'];
  expect(newerReleases('1.3.3', tags)).toEqual(['1.3.6', '1.10.0', '2.0']);
});

test.each(['v1.4.0-rc.1', 'v1.4.0 [x](y)', 'v1.4.0`', 'release-1.4', 'v99999.0.0', '##[error]1.4.0', ''])(
  'no release: %j',
  (tag) => {
    expect(newerReleases('1.3.3', [tag])).toEqual([]);
  },
);

test('a line for each tool that has one, with the file to change', () => {
  expect(describeTool('oras', ['v1.3.3', 'v9.9.8', 'v9.9.9'])).toMatch(
    /^- \*\*oras\*\*: 9\.9\.8, 9\.9\.9 \(pinned in `src\/tools\/install\/oras-release\.ts`: \d+\.\d+\.\d+\)\n$/,
  );
  expect(describeTool('erofs-utils', ['v1.9.1', 'v1.9.4'])).toBe('');
});

test('a list without any release is an error, not silence', () => {
  expect(() => describeTool('oras', ['<html>'])).toThrow('has no release');
  expect(() => describeTool('other', ['v1.0.0'])).toThrow('other is not one of oras, erofs-utils');
});
