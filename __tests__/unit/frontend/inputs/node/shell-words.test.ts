import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { shellWords } from '../../../../../src/frontend/inputs/node/shell-words.ts';

const words = (text: string): string[] => shellWords(text, 'option --command');

test.each([
  ['nginx -t', ['nginx', '-t']],
  ['  a\t b\nc  ', ['a', 'b', 'c']],
  [`sh -c 'echo "$HOME" && exit 0'`, ['sh', '-c', 'echo "$HOME" && exit 0']],
  ['a"b c"d', ['ab cd']],
  [`''`, ['']],
  [`a '' ""`, ['a', '', '']],
  ['a\\ b', ['a b']],
  ['"a\\"b\\\\c\\d\\$"', ['a"b\\c\\d$']],
  [`'a\\b'`, ['a\\b']],
  ['a\\\nb', ['ab']],
  ['a \\\n b', ['a', 'b']],
  ['"a\\\nb"', ['ab']],
] satisfies [string, string[]][])('%j', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

/** A shell judges: it prints each word with a NUL after it. */
test.each([
  `a "b c" 'd e' f\\ g`,
  `"x\\y" "x\\\\y" 'x\\y' x\\y`,
  `a''b "" '' c`,
  `'it'\\''s' "it's"`,
  'tab\tand  spaces ',
  'line\\\ncontinued next\\\\',
])('a shell splits %j alike', (text) => {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' });
  expect(words(text)).toEqual(stdout.split('\0').slice(0, -1));
});

test('nothing is expanded', () => {
  expect(words('echo $HOME ~ *.c `id` $(id) a;b')).toEqual([
    'echo',
    '$HOME',
    '~',
    '*.c',
    '`id`',
    '$(id)',
    'a;b',
  ]);
});

test.each([
  [`echo 'a`, /unfinished quote \('\)/],
  ['echo "a', /unfinished quote \("\)/],
  ['echo "a\\"', /unfinished quote \("\)/],
  ['echo a\\', /ends with a backslash/],
  [' \\\n ', /has no words/],
])('%j is refused', (text, expected) => {
  expect(() => words(text)).toThrow(expected);
});
