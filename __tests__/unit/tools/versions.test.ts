import { describe, expect, test } from '@jest/globals';
import {
  compareVersions,
  erofsUtilsFits,
  findVersion,
  leaksCredentials,
  unsupportedErofsUtils,
} from '../../../src/tools/versions.ts';

test.each([
  ['mkfs.erofs (erofs-utils) 1.9.4\navailable compressors: ', '1.9.4'],
  ['mkfs.erofs 1.5', '1.5'],
  ['Version:        1.3.3\nGo version:     go1.24.4\n', '1.3.3'],
  ['Version: v1.2.0+unknown', '1.2.0'],
  ['no version here', undefined],
])('version in %j', (output, expected) => {
  expect(findVersion(output)).toBe(expected);
});

test('versions compare by numbers, not as text', () => {
  expect(compareVersions('1.8.10', '1.8.9')).toBeGreaterThan(0);
  expect(compareVersions('1.9', '1.9.0')).toBe(0);
  expect(compareVersions('1.9.4', '1.10.0')).toBeLessThan(0);
  expect(compareVersions('1.9.4-g123', '1.9.4')).toBe(0);
});

describe('erofs-utils', () => {
  test('1.8.10 and later but 1.9.0', () => {
    const all = ['1.5', '1.7.1', '1.8.9', '1.8.10', '1.9', '1.9.0', '1.9.1', '1.9.4', '1.10.0'];
    expect(all.filter((version) => erofsUtilsFits(version, undefined))).toEqual([
      '1.8.10',
      '1.9.1',
      '1.9.4',
      '1.10.0',
    ]);
    expect(all.filter((version) => erofsUtilsFits(version, 'any'))).toContain('1.9.4');
    expect(erofsUtilsFits('1.9.0', '1.9.0')).toBe(false);
  });

  test('says why a release is unsupported', () => {
    expect(['1.8.9', '1.8.10-1', '1.9', '1.9.0-g1', '1.9.1'].map(unsupportedErofsUtils)).toEqual([
      'too-old',
      undefined,
      'divergent',
      'divergent',
      undefined,
    ]);
  });

  test('of the wanted version or class', () => {
    const all = ['1.8.10', '1.9.1', '1.9.2', '1.9.3', '1.9.4'];
    const chosen = (wanted: string) => all.filter((version) => erofsUtilsFits(version, wanted));
    expect(chosen('A')).toEqual(['1.8.10', '1.9.1']);
    expect(chosen('B')).toEqual(['1.9.2']);
    expect(chosen('C')).toEqual(['1.9.3', '1.9.4']);
    expect(chosen('1.9.3')).toEqual(['1.9.3']);
  });

  test('1.8.6 only where it is asked for', () => {
    expect(['1.8.6', 'A', 'any', undefined].map((wanted) => erofsUtilsFits('1.8.6', wanted))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(['1.8.5', '1.8.7'].map((version) => erofsUtilsFits(version, '1.8.6'))).toEqual([false, false]);
  });

  test('an unknown release has the class of the newest known release that is not newer', () => {
    const classes = (version: string) => ['A', 'B', 'C'].filter((of) => erofsUtilsFits(version, of));
    expect(['1.8.11', '1.9.1-g1', '1.9.2-1', '1.9.5', '1.10.0', '2.0'].map(classes)).toEqual([
      ['A'],
      ['A'],
      ['B'],
      ['C'],
      ['C'],
      ['C'],
    ]);
    // 1.9.0 is of no class.
    expect(classes('1.9.0')).toEqual([]);
  });
});

test.each<[string, boolean]>([
  ['1.2.0', true],
  ['1.2.3', true],
  ['1.3.0', true],
  ['1.3.2', true],
  ['1.3.2+Debian', true],
  ['1.3.3-rc.1', true],
  ['1.3.3', false],
  ['1.3.3+unreleased', false],
  ['1.3.6', false],
  ['1.4.0-rc.1', false],
  ['2.0.0', false],
  ['0.16.0', true],
])('oras %s leaks credentials: %s', (version, leaks) => {
  expect(leaksCredentials(version)).toBe(leaks);
});
