import { describe, expect, test } from '@jest/globals';
import { TarFactsObserver } from '../../../../src/convert/tar/facts.ts';
import type { FractionalTimes } from '../../../../src/model/index.ts';
import { paxHeader, rawTar } from '../../../helpers/raw-tar.ts';

/** What is told of a tar with one file for each value of `mtime`. */
function timesOf(...mtimes: (string | undefined)[]): FractionalTimes {
  const observer = new TarFactsObserver();
  const entries = mtimes.flatMap((mtime, at) => [
    ...(mtime === undefined ? [] : [paxHeader({ mtime })]),
    { name: `file-${at}`, data: Buffer.from('x') },
  ]);
  const tar = rawTar(...entries);
  for (let at = 0; at < tar.length; at += 100) observer.push(tar.subarray(at, at + 100));
  return observer.result().fractionalTimes;
}

describe('times with fractions of a second', () => {
  test.each<[string, string | undefined, FractionalTimes]>([
    ['a time of the header', undefined, { count: 0, differing: 0 }],
    ['whole seconds', '1700000000', { count: 0, differing: 0 }],
    ['a fraction of 0', '1700000000.000000000', { count: 0, differing: 0 }],
    [
      'nine digits, which every class reads as nanoseconds',
      '1700000000.123456789',
      { count: 1, differing: 0 },
    ],
    ['fewer digits', '1700000000.12345678', { count: 1, differing: 1 }],
    ['a zero in front', '1700000000.001', { count: 1, differing: 1 }],
    ['a time before 1970', '-1.123456789', { count: 1, differing: 1 }],
  ])('%s', (_what, mtime, times) => {
    expect(timesOf(mtime)).toEqual(times);
  });

  test('entries are counted, not files or kinds of times', () => {
    expect(timesOf('1.5', undefined, '2.5', '3', '4.123456789')).toEqual({ count: 3, differing: 2 });
  });
});
