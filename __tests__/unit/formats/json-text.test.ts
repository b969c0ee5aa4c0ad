import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AmbiguityError, FormatError } from '../../../src/formats/format-error.ts';
import { checkJsonText } from '../../../src/formats/json-text.ts';

test.each([
  ['{"a":1,"a":1}', 'has the name "a" twice'],
  ['{"a":1,"\\u0061":1}', 'has the name "a" twice'],
  ['{"\\u00e9":1,"é":1}', 'has the name "\\u00e9" twice'],
  ['{"":1,"":2}', 'has the name "" twice'],
  ['[0,{"b":{"a":1,"c":[],"a":2}}]', 'has the name "a" twice at 1.b'],
  ['{"annotations":{"x y":{"k":1,"k":2}}}', 'has the name "k" twice at annotations."x y"'],
  ['{"__proto__":1}', 'has the name "__proto__", which JavaScript programs read otherwise'],
  ['{"a":["\\ud800"]}', 'has half a surrogate pair in a text at a.0'],
  ['{"a":{"\\udc00\\ud800":1}}', 'has half a surrogate pair in a text at a'],
])('%s is refused', (text, message) => {
  expect(() => checkJsonText(text)).toThrow(
    expect.objectContaining({ constructor: AmbiguityError, message }),
  );
  expect(() => JSON.parse(text)).not.toThrow();
});

test.each([
  ...['1.0', '1e3', '1E3', '1e0', '0.5', '-0', '-0.0', '1e400', '12345678901234567890'],
  ...['9007199254740992', '-9007199254740992', '9223372036854775807'],
])('the number %s is refused wherever it is', (number) => {
  const message = expect.stringMatching(/^has the number \S+ at a\.1: programs agree only on integers/);
  expect(() => checkJsonText(`{"a":[0,${number}]}`)).toThrow(
    expect.objectContaining({ constructor: AmbiguityError, message }),
  );
  expect(() => checkJsonText(number)).toThrow(/^has the number \S+: /);
});

test.each(['0', '7', '-1', '[1,23,-456]', '{"a":9007199254740991,"b":-9007199254740991}'])(
  '%s has numbers that all programs read alike',
  (text) => {
    expect(() => checkJsonText(text)).not.toThrow();
  },
);

test('names of different objects, and texts that look like syntax, are no repetitions', () => {
  const text = JSON.stringify({
    a: { a: [{ a: 1 }, { a: 2 }] },
    b: 'a":1,"a',
    'c:{[': '\\"',
    d: '"',
    e: '😀',
  });
  expect(() => checkJsonText(text)).not.toThrow();
});

test('at most 100 levels, whether the text is valid or not', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(() => checkJsonText(nested(100))).not.toThrow();
  for (const text of [nested(101), '{"a":'.repeat(101), '['.repeat(4_000_000)]) {
    expect(() => checkJsonText(text)).toThrow('nests deeper than 100 levels');
  }
});

test('at most 250,000 names, objects and lists', () => {
  const message = 'has more than 250000 names, objects and lists';
  const names = (count: number) =>
    `{${Array.from({ length: count }, (_, index) => `"${index}":1`).join(',')}}`;
  expect(() => checkJsonText(names(249_999))).not.toThrow();
  expect(() => checkJsonText(names(250_000))).toThrow(message);
  expect(() => checkJsonText(`[${'{},'.repeat(250_000)}0]`)).toThrow(message);
  // Values take little more memory than their text.
  expect(() => checkJsonText(`[${'0,'.repeat(1_000_000)}0]`)).not.toThrow();
});

/** An independent search for repeated names: a reviver sees each name once. */
test('finds a repeated name wherever JSON.parse loses a value', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const object = fc.array(fc.tuple(name, fc.constantFrom('1', '"x"', '[]', '{"a":1}')), { maxLength: 4 });
  fc.assert(
    fc.property(object, object, (outer, inner) => {
      const members = (list: [string, string][]) =>
        `{${list.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
      const text = members([...outer, ['z', members(inner)]]);
      const repeated = [outer, inner].some((list) => new Set(list.map(([key]) => key)).size < list.length);
      let refused = false;
      try {
        checkJsonText(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused = true;
      }
      expect(refused).toBe(repeated);
    }),
    { numRuns: 500, seed: 20261128 },
  );
});
