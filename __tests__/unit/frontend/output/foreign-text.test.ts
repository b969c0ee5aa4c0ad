import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  harmless,
  harmlessJson,
  harmlessLines,
  splitLines,
} from '../../../../src/frontend/output/foreign-text.ts';
import { problemsOf } from '../../../helpers/agents.ts';
import { hostileText } from '../../../helpers/hostile-text.ts';

const SEED = { seed: 13_078, numRuns: 4000 };

test('printable text stays as it is, a tab becomes visible', () => {
  for (const text of ['größe → 日本', 'a::b', 'x # y', '[::1]:5000/app', 'C:\\dir', '\\u001b']) {
    expect(harmless(text)).toBe(text);
  }
  expect(harmless('größe\t→')).toBe('größe\\u0009→');
});

test.each([
  ['##vso[task.setvariable variable=a]b', '# #vso[task.setvariable variable=a]b'],
  ['x ##[add-mask]e', 'x # #[add-mask]e'],
  ['###[group]', '# # #[group]'],
  ['::warning::x', ': :warning::x'],
  ['   ::::', '   : :::'],
  ['\u00a0::add-mask::x', '\\u00a0::add-mask::x'],
  ['#\u00ad#vso[', '#\\u00ad#vso['],
  ['a\r\u001b[2Kb', 'a\\u000d\\u001b[2Kb'],
  ['a\nb', 'a\\u000ab'],
  ['\u202e\u2066\u200f\u061c\u2028\u0085\u007f', '\\u202e\\u2066\\u200f\\u061c\\u2028\\u0085\\u007f'],
  ['\ud800x\u{e0001}', '\\ud800x\\u{e0001}'],
])('%j is printed as %j', (text, printed) => {
  expect(harmless(text)).toBe(printed);
});

test('lines: an item begins no line but its own, a carriage return ends a line of a text', () => {
  expect(harmlessLines(['a\n::error::b', 'c'])).toBe('a\\u000a::error::b\nc\n');
  expect(splitLines('a\r\n::b\r c\nd')).toEqual(['a', ': :b', ' c', 'd']);
});

describe('fault 78: any text', () => {
  test('one line has no order, nothing unseen and no line feed, and stays as it is the second time', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const line = harmless(text);
        expect(problemsOf(line)).toEqual([]);
        expect(line).not.toContain('\n');
        expect(harmless(line)).toBe(line);
      }),
      SEED,
    );
  });

  test('printable ASCII without a trigger does not change', () => {
    const plain = fc
      .string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
      .filter((text) => !/##|^ *::/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(harmless(text)).toBe(text);
      }),
      SEED,
    );
  });

  test('joined lines have no order, and as many lines as there are items', () => {
    fc.assert(
      fc.property(fc.array(hostileText()), (items) => {
        const text = harmlessLines(items);
        expect(problemsOf(text)).toEqual([]);
        expect(text.split('\n')).toHaveLength(items.length + 1);
      }),
      SEED,
    );
  });

  test('JSON means the same, has no order, and printing it changes nothing', () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        hostileText(),
        fc.integer(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(hostileText(), tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (given, indent) => {
        const plain = JSON.stringify([given], undefined, indent);
        const json = harmlessJson(plain);
        expect(JSON.parse(json)).toEqual(JSON.parse(plain));
        expect(problemsOf(json)).toEqual([]);
        expect(splitLines(json).join('\n')).toBe(json);
      }),
      SEED,
    );
  });
});
