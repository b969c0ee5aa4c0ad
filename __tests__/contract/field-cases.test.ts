import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const HEAD = ['Situation', 'Public source', 'What verity-sign does', 'Test'];
const LEAST = 60;

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const [page = '', messages = ''] = read('docs/field-cases.md').split(/^## Messages before and after$/m);
const tables = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^[|\s-]+$/.test(line))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const isHead = (cells: readonly string[]): boolean => cells[0] === HEAD[0];
const cases = tables.filter((cells) => !isHead(cells));

describe('docs/field-cases.md', () => {
  test('has one form: the same columns in every table, and nothing is empty', () => {
    for (const cells of tables.filter(isHead)) expect(cells).toEqual(HEAD);
    for (const cells of cases) {
      expect(cells).toHaveLength(HEAD.length);
      expect(cells).not.toContain('');
    }
    expect(cases.length).toBeGreaterThanOrEqual(LEAST);
  });

  test('lists each situation once', () => {
    const situations = cases.map(([situation]) => situation);
    expect(situations).toEqual([...new Set(situations)]);
  });

  test.each(cases)('%s: the source is a thread, named as its link, or an own trial', (_what, source = '') => {
    if (source === 'own trial') return;
    const thread = /^\[([\w.-]+\/[\w.-]+)#(\d+)\]\(https:\/\/github\.com\/\1\/(?:issues|pull)\/\2\)$/;
    for (const link of source.split(', ')) expect(link).toMatch(thread);
  });

  test.each(cases)('%s: the test exists', (_what, _source, _outcome, named = '') => {
    const [, path = '', title = ''] = /^`([\w/-]+\.test\.ts)`(?:: (.+))?$/.exec(named) ?? [];
    const text = read(join('__tests__', path));
    expect(text).toContain(title.replace(/^fault \d+$/, '$&:'));
  });

  test('the messages that it says are printed now are those of the troubleshooting page', () => {
    const now = messages.split('\n').flatMap((line) => /^\|.*\| `([^`]+)`[^|]*\|$/.exec(line)?.[1] ?? []);
    expect(now.length).toBeGreaterThanOrEqual(8);
    const explained = read('docs/troubleshooting.md');
    expect(now.filter((message) => !explained.includes(`\`${message}\``))).toEqual([]);
  });
});
