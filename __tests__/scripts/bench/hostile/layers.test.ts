import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { HOSTILE_LAYERS } from '../../../../scripts/bench/hostile/layers.ts';

test('docs/performance.md has a row of each layer for both builders', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/performance.md'), 'utf8');
  const part = page.split('\n## Hostile layers\n')[1]?.split('\n## ')[0] ?? '';
  const rows = [...part.matchAll(/^\| (.*?) *\|.*?\| (native|mkfs) +\|/gm)];
  expect(rows.map(([, name, builder]) => [name, builder])).toEqual(
    HOSTILE_LAYERS.flatMap(({ name }) => [
      [name, 'native'],
      ['', 'mkfs'],
    ]),
  );
});
