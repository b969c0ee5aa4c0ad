import { expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { members } from '../../../scripts/build/groups.ts';

/** A build in which each source imports others; those after `lazy` only when it runs. */
function built(imports: Record<string, string[]>): Metafile {
  const inputs = Object.entries(imports).map(([path, all]) => [
    path,
    {
      bytes: 1,
      imports: all.map((one) => ({
        path: one.replace('lazy ', ''),
        kind: one.startsWith('lazy ') ? ('dynamic-import' as const) : ('import-statement' as const),
      })),
    },
  ]);
  return { inputs: Object.fromEntries(inputs), outputs: {} };
}

const BUILD = built({
  'src/a.ts': ['src/low.ts', 'src/mid.ts', 'lazy src/later.ts', 'node_modules/p/i.js'],
  'src/b.ts': ['src/mid.ts', 'src/own.ts'],
  'src/mid.ts': ['src/low.ts'],
  'src/low.ts': [],
  'src/own.ts': [],
  'src/later.ts': [],
  'node_modules/p/i.js': [],
});

test('a group has what a source loads at once: nothing lazy, no package, no program', () => {
  expect([...members(BUILD, { one: [['src/a.ts']] }, ['src/a.ts'])]).toEqual([
    ['one', ['src/low.ts', 'src/mid.ts']],
  ]);
});

test('a group of several lists has what all of them load', () => {
  expect(members(BUILD, { one: [['src/a.ts'], ['src/b.ts']] }, []).get('one')).toEqual([
    'src/low.ts',
    'src/mid.ts',
  ]);
});

test('a later group has what is left', () => {
  const groups = members(BUILD, { one: [['src/mid.ts']], two: [['src/a.ts', 'src/b.ts']] }, []);
  expect(groups.get('two')).toEqual(['src/a.ts', 'src/b.ts', 'src/own.ts']);
});

test('a source that does not exist is an error', () => {
  expect(() => members(BUILD, { one: [['src/gone.ts']] }, [])).toThrow('src/gone.ts: no such source');
});
