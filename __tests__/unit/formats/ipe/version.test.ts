import { describe, expect, test } from '@jest/globals';
import {
  compareVersions,
  parsePolicyVersion,
  versionOfTime,
  versionText,
} from '../../../../src/formats/ipe/version.ts';

describe('versions', () => {
  test('have three numbers of 16 bits', () => {
    expect(parsePolicyVersion('0.007.65535')).toEqual([0, 7, 65_535]);
    for (const text of ['1.2', '1..2', '1.2.-3', '1.2.x', ' 1.2.3', '65536.0.0', '', '1.2.3.']) {
      expect(() => parsePolicyVersion(text)).toThrow('version');
    }
  });

  test.each([
    ['1.2.3', '1.2.3', 0],
    ['1.2.3', '1.2.4', -1],
    ['2.0.0', '1.65535.65535', 1],
    ['1.10.0', '1.9.0', 1],
  ])('%s and %s', (a, b, expected) => {
    expect(Math.sign(compareVersions(parsePolicyVersion(a), parsePolicyVersion(b)))).toBe(expected);
  });
});

test('the version of a time is that of its minute in UTC, without leading zeros, and grows', () => {
  const at = (time: string) => versionText(versionOfTime(new Date(time)));
  expect(at('2026-01-02T03:04:59Z')).toBe('2026.102.304');
  expect(at('2026-11-29T23:30:00+05:00')).toBe('2026.1129.1830');
  expect(at('2027-01-01T00:00:00Z')).toBe('2027.101.0');
  const times = [
    '2026-09-30T23:59:00Z',
    '2026-10-01T00:00:00Z',
    '2026-12-31T23:59:00Z',
    '2027-01-01T00:00:00Z',
  ];
  const versions = times.map((time) => versionOfTime(new Date(time)));
  for (const [index, version] of versions.slice(1).entries()) {
    expect(compareVersions(version, versions[index] ?? version)).toBeGreaterThan(0);
  }
});
