import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mutantsOf } from '../../../scripts/mutation/mutants.ts';

const root = join(import.meta.dirname, '../../..');

/** The mutants of a source as lines, without the lines that are as before. */
function changes(source: string): string[] {
  return mutantsOf('file.ts', source).map(({ source: mutated, line }) => {
    const own = mutated.split('\n')[line - 1] ?? '';
    return own.trim();
  });
}

test.each<[source: string, mutants: string[]]>([
  ['f(a === b);', [';', 'f(a !== b);']],
  ['x = a < b;', [';', 'x = a <= b;', 'x = a >= b;']],
  ['const y = a && !b;', ['const y = a || !b;', 'const y = a && b;']],
  ['const y = a ?? b;', ['const y = a && b;']],
  ['const y = true;', ['const y = false;']],
  ['const y = 7;', ['const y = 8;']],
  ["const y = 'word';", ["const y = '';"]],
  ['const y = /^a$/;', ['const y = /a$/;', 'const y = /^a/;']],
  ['if (a) b();', ['if (true) b();', 'if (false) b();', 'if (a) ;']],
  ['const y = a ? b : c;', ['const y = true ? b : c;', 'const y = false ? b : c;']],
  ['while (a) b();', ['while (false) b();', 'while (a) ;']],
  ['await run();', [';']],
  ['const y = list.filter(f).some(g);', ['const y = list.filter(f).every(g);', 'const y = list.some(g);']],
  ['const y = Math.ceil(a / b);', ['const y = Math.floor(a / b);', 'const y = Math.ceil(a * b);']],
  ['i++;', ['i--;']],
  ['{ f(); throw new Error("x"); }', ['{ ; throw new Error("x"); }', '{ f(); ; }']],
])('%s', (source, mutants) => {
  expect(changes(source).sort()).toEqual(mutants.sort());
});

test.each([
  "import a from 'b';",
  "export { a } from 'b';",
  'const list: Map<number, 1 | 2> = new Map<number, 1>();',
  'interface A { b: 1 }',
  "type A = 'b' | 'c';",
  '/** a === b */ // 1 < 2',
  "if (a) throw new Error('word' + 1);".replace('if (a) ', ''),
  "const y = new VeritySignError('key', 'word', { remedy: 'word' });",
  "const y = { remedy: 'word', other: `b` };",
  "const y = { 'word': a, 7: b };",
  "const y = 'a message with blanks';",
  "function f(what: string): VeritySignError { return wrap('key', 1); }",
  "log.info('word');",
  "const y = a + 'text ' + `b`;",
  'const y = 4096;',
])('nothing in: %s', (source) => {
  expect(changes(source).filter((line) => line !== ';')).toEqual([]);
});

test('places are right in a file with other letters, and the rest stays as it is', () => {
  const source = "/** é ∀ */\nconst text = 'ü';\nconst y = a > b; // ≥\n";
  const mutants = mutantsOf('file.ts', source).filter(({ kind }) => kind === 'operator');
  expect(mutants).toMatchObject([
    { line: 3, column: 12, before: '>', after: '>=', context: 'const y = a > b; // ≥' },
    { line: 3, column: 12, before: '>', after: '<=' },
  ]);
  expect(mutants[0]?.source).toBe(source.replace('>', '>='));
  expect(mutants[0]?.original).toBe(source);
});

describe('the sources of this project', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^(convert\/verity|signatures\/pkcs7|commands\/gate)\/.*\.ts$/.test(path),
  );

  test.each(files)('%s: every mutant differs from it in one place', (file) => {
    const source = readFileSync(join(root, 'src', file), 'utf8');
    for (const { source: mutated, before, after } of mutantsOf(file, source)) {
      expect(mutated).not.toBe(source);
      expect(mutated.length - source.length).toBe(after.length - before.length);
    }
  });
});
