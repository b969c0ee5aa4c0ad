import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { harmless } from '../../../../src/frontend/output/foreign-text.ts';
import { alignColumns, alignFacts, fitLine, fitTable } from '../../../../src/frontend/render/text-table.ts';
import { textWidth } from '../../../../src/frontend/render/text-width.ts';
import { digest, hex } from '../../../helpers/reports.ts';

const WIDTHS = [40, 80, 103, 160];

test('columns are aligned by what a terminal shows', () => {
  expect(
    alignColumns([
      ['a', 'b'],
      ['画像', 'd'],
    ]),
  ).toEqual(['a     b', '画像  d']);
});

const rows = [
  ['  layer', 'digest', 'size', 'root hash'],
  ['  layer 0', digest('a'), '1.0 MB', hex('d')],
];
const lines = ['header', 'in words'];

test('a table shortens digests only as far as needed, and the root hash last', () => {
  expect(fitTable(rows, lines, undefined)[1]).toBe(`  layer 0  ${digest('a')}  1.0 MB  ${hex('d')}`);
  expect(fitTable(rows, lines, 160)[1]).toBe(`  layer 0  ${digest('a')}  1.0 MB  ${hex('d')}`);
  expect(fitTable(rows, lines, 155)[1]).toBe(`  layer 0  sha256:aaaaaaaaaaaa…  1.0 MB  ${hex('d')}`);
  expect(fitTable(rows, lines, 80)[1]).toBe('  layer 0  sha256:aaaaaaaaaaaa…  1.0 MB  dddddddddddd…');
  expect(fitTable(rows, lines, 40)).toEqual(lines);
});

test('a value that is too long continues below itself', () => {
  const facts = [
    ['image', 'x'],
    ['signer', `CN=Some long name,O=An organisation,C=AA (SHA-256 ${hex('f')})`],
  ] as const;
  expect(alignFacts(facts, 60)).toEqual([
    'image   x',
    'signer  CN=Some long name,O=An organisation,C=AA (SHA-256',
    '        ffffffffffff…)',
  ]);
});

test('a long word is cut where it stands, so that its line is not empty', () => {
  expect(alignFacts([['image', `registry.example/${'long/'.repeat(12)}app`]], 40)).toEqual([
    'image  registry.example…ng/long/long/app',
  ]);
});

test('a line continues with a deeper indentation', () => {
  expect(fitLine('  referrer x: the signer is not one that anybody trusts', 40)).toEqual([
    '  referrer x: the signer is not one that',
    '    anybody trusts',
  ]);
});

test.each(WIDTHS)('nothing is wider than %i columns, and all of it is harmless', (width) => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(' ', ':', '#', 'a', '画', '\u001b', '[', 'vso'), maxLength: 300 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 4 }), (table) => {
      const printed = [
        ...fitTable(
          table,
          table.map((row) => row.join(', ')),
          width,
          0,
        ),
        ...alignFacts(
          table.map(([name, value]) => [name.slice(0, 16), value] as const),
          width,
        ),
        ...table.flatMap(([line]) => fitLine(line, width)),
      ];
      for (const line of printed) {
        expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(harmless(line)).toBe(line);
      }
    }),
  );
});
