import { describe, expect, test } from '@jest/globals';
import {
  parseAnnotations,
  parseChoice,
  parseCount,
  parseDuration,
  parseErofsVersion,
  parseFlag,
  parseLifetime,
  parseLines,
  parseList,
  parsePairs,
  parsePlatform,
  parseSize,
  parseTime,
  parseUrl,
} from '../../../../src/frontend/inputs/parse-values.ts';
import { KNOWN_CLASSES } from '../../../../src/model/profiles.ts';

describe('durations in milliseconds', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['90', 90_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['0.5s', 500],
  ])('%s', (text, expected) => {
    expect(parseDuration(text, 'timeout')).toBe(expected);
  });

  test.each(['', '5x', '-1s', '0s', 's', '5 m', '1e3', '600h', '1.2345s', '٥s'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text, 'input timeout')).toThrow(/^input timeout: /);
  });
});

describe('sizes in bytes', () => {
  test.each([
    ['4GiB', 4 * 2 ** 30],
    ['4 GiB', 4 * 2 ** 30],
    ['500MB', 5e8],
    ['1.5kib', 1536],
    ['123', 123],
    ['7b', 7],
  ])('%s', (text, expected) => {
    expect(parseSize(text, 'size')).toBe(expected);
  });

  test.each(['', '0', '-1', '4Gi', '4XB', 'GiB', '99999999TiB', '1e9'])('refuses "%s"', (text) => {
    expect(() => parseSize(text, 'option --max-layer-size')).toThrow(/^option --max-layer-size: /);
  });
});

test('a list is split at commas and line ends, without repetitions', () => {
  expect(parseList(' a, b\r\nc ,,a\n\n')).toEqual(['a', 'b', 'c']);
  expect(parseList(undefined)).toEqual([]);
});

test('lines keep their commas and repetitions', () => {
  expect(parseLines('a,b\n\n a,b \r\n')).toEqual(['a,b', 'a,b']);
});

test('flags are those of YAML 1.2', () => {
  expect(['true', 'True', 'TRUE'].map((text) => parseFlag(text, 'x'))).toEqual([true, true, true]);
  expect(['false', 'False', 'FALSE'].map((text) => parseFlag(text, 'x'))).toEqual([false, false, false]);
  for (const text of ['yes', '1', 'on', 'tRUE']) expect(() => parseFlag(text, 'x')).toThrow('true or false');
});

test('a choice names what there is', () => {
  expect(parseChoice('b', ['a', 'b'] as const, 'x')).toBe('b');
  expect(() => parseChoice('c', ['a', 'b'] as const, 'x')).toThrow('"c" is not one of a, b');
});

test('counts have limits', () => {
  expect(parseCount('64', 1, 64, 'x')).toBe(64);
  for (const text of ['0', '65', '1.5', '-1', '', '0x1'])
    expect(() => parseCount(text, 1, 64, 'x')).toThrow();
});

test('platforms', () => {
  for (const text of ['linux/amd64', 'linux/arm/v7', 'linux/arm64/v8']) {
    expect(parsePlatform(text, 'x')).toBe(text);
  }
  for (const text of ['linux', 'linux/', 'linux/amd64/v1/x', 'Linux/amd64', '../x', 'linux/amd 64']) {
    expect(() => parsePlatform(text, 'x')).toThrow();
  }
});

test('versions of erofs-utils', () => {
  for (const text of ['any', ...KNOWN_CLASSES, '1.9', '1.8.10'])
    expect(parseErofsVersion(text, 'x')).toBe(text);
  for (const text of ['D', '1', 'v1.9.4', '1.9.4-rc1', ''])
    expect(() => parseErofsVersion(text, 'x')).toThrow();
});

test('annotations are KEY=VALUE lines; values keep commas and equals signs', () => {
  expect(parseAnnotations('a.b=1,2\nc = d=e\nf=', 'x')).toEqual({ 'a.b': '1,2', c: 'd=e', f: '' });
  expect(() => parseAnnotations('novalue', 'input annotations')).toThrow('KEY=VALUE');
  expect(() => parseAnnotations('io.cncf.notary.dm-verity.signature=false', 'x')).toThrow('signature format');
});

describe('a lifetime', () => {
  test.each([
    ['24h', 86_400_000],
    ['90d', 90 * 86_400_000],
    ['1h30m', 5_400_000],
    ['10s', 10_000],
    ['365d', 365 * 86_400_000],
  ])('%s', (text, expected) => expect(parseLifetime(text, 'x')).toBe(expected));

  test.each(['', '0s', '24', '1.5h', '100ms', '-1h', '1h 30m', '40000d', '1w'])('not %j', (text) => {
    expect(() => parseLifetime(text, 'input signature-expiry')).toThrow(/^input signature-expiry: /);
  });
});

test('an address is http or https, and stays as it was written', () => {
  expect(parseUrl('http://tsa.example/path?a=b', 'x')).toBe('http://tsa.example/path?a=b');
  for (const text of ['tsa.example', 'ftp://tsa.example', 'file:///etc/passwd', '']) {
    expect(() => parseUrl(text, 'input timestamp-url')).toThrow(/is not an http or https URL/);
  }
});

test('pairs: values may be empty, have blanks and =; the last one of a key counts', () => {
  expect({ ...parsePairs(' a = b = c \nd=\n\na=e', 'x') }).toEqual({ a: 'e', d: '' });
  expect(parsePairs('__proto__=x', 'x')).toEqual(Object.assign(Object.create(null), { ['__proto__']: 'x' }));
  for (const text of ['no pair', '=value', 'a b=c']) {
    expect(() => parsePairs(text, 'input plugin-config')).toThrow(/^input plugin-config: entry 1 is not/);
  }
});

test.each(['2026-01-31', '2026-01-31 12:00:00Z', '2026-01-31T12:00:00', '2026-13-01T00:00:00Z', '0'])(
  'the time %j is none',
  (text) => {
    expect(() => parseTime(text, 'at')).toThrow(/is not a time/);
  },
);
