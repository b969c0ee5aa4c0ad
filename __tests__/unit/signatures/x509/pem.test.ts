import { expect, test } from '@jest/globals';
import { readPem, splitPem } from '../../../../src/signatures/x509/pem.ts';

const block = (label: string, ...lines: string[]) =>
  [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');

test('blocks are split, with commentary, other line ends and byte order marks around them', () => {
  const text = `note\r\n\u{feff}${block('A', 'AA==')}\rmore\n  ${block('B C', 'x: y', '', 'AAAA').replaceAll('\n', '  \n')}\n`;
  expect(splitPem(text)).toEqual([
    { label: 'A', lines: ['-----BEGIN A-----', 'AA==', '-----END A-----'], ended: true },
    { label: 'B C', lines: ['-----BEGIN B C-----', 'x: y', '', 'AAAA', '-----END B C-----'], ended: true },
  ]);
});

test('blocks without an end are split too, and refused by readPem', () => {
  const text = `-----BEGIN A-----\nAAAA\n${block('B', 'AAAA')}\n-----BEGIN C-----\n-----END A-----\n`;
  expect(splitPem(text).map(({ label, ended }) => [label, ended])).toEqual([
    ['A', false],
    ['B', true],
    ['C', false],
  ]);
  expect(() => readPem(text, 'B')).toThrow('has a A block without an end');
});

test('only the wanted blocks are decoded', () => {
  const text = `${block('PRIVATE KEY', 'no base64!')}\n${block('CERTIFICATE', 'AQ', 'ID')}\n`;
  expect(readPem(text, 'CERTIFICATE')).toEqual([
    { label: 'PRIVATE KEY', bytes: new Uint8Array() },
    { label: 'CERTIFICATE', bytes: Buffer.of(1, 2, 3) },
  ]);
  expect(() => readPem(text, 'PRIVATE KEY')).toThrow('has a PRIVATE KEY block that is not base64');
});

test('the mark before UTF-8 that was read as Latin-1', () => {
  const bytes = Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(block('A', 'AAAA'))]);
  expect(readPem(bytes, 'A')).toEqual([{ label: 'A', bytes: Buffer.alloc(3) }]);
});
