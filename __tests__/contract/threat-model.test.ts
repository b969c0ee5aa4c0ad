/** Every claim of docs/threat-model.md leads to a test that is there and has the title that the page quotes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
const SECTIONS = new Map(
  PAGE.split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', section.slice(section.indexOf('\n'))]),
);

interface Claim {
  text: string;
  proofs: { title: string; path: string }[];
}

/** List items, with the lines that continue them, and rows of tables below their heads. */
function claimsOf(section: string): Claim[] {
  const items = [...section.matchAll(/^- .*(?:\n {2,}.*)*/gm)].map(([item]) => item);
  const rows = [...section.matchAll(/^\| .*$/gm)]
    .map(([row]) => row)
    .filter((row, index, all) => !/^[|\s:-]+$/.test(row) && !/^[|\s:-]+$/.test(all[index + 1] ?? ''));
  return [...items, ...rows].map((text) => ({
    text: text.replaceAll(/\s+/g, ' '),
    proofs: [...text.matchAll(/\[([^\]]+)\]\(\.\.\/(__tests__\/[\w./-]+\.test\.ts)\)/g)].map(
      ([, title = '', path = '']) => ({ title: title.replaceAll(/\s+/g, ' '), path }),
    ),
  }));
}

/** Whether the file has a test, or a group of tests, of this title: a text that is a first argument. */
function hasTest(source: string, title: string): boolean {
  const literal = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`[(\[]\s*(['"\x60])${literal}\1,`).test(source);
}

const CLAIMS = claimsOf(SECTIONS.get('What is defended') ?? '');

test.each(['Assets', 'Actors', 'Boundaries', 'What is defended', 'What is not defended'])(
  'the page has a part "%s"',
  (heading) => {
    expect(SECTIONS.get(heading)?.trim()).toBeTruthy();
  },
);

describe('what is defended', () => {
  test('has many claims', () => expect(CLAIMS.length).toBeGreaterThan(30));

  test('each claim leads to a test', () => {
    expect(CLAIMS.filter(({ proofs }) => proofs.length === 0).map(({ text }) => text)).toEqual([]);
  });

  test('each of these tests is there, with the title that is quoted', () => {
    const proofs = CLAIMS.flatMap((claim) => claim.proofs);
    const missing = proofs.filter(({ title, path }) => {
      const file = join(root, path);
      return !existsSync(file) || !hasTest(readFileSync(file, 'utf8'), title);
    });
    expect(missing).toEqual([]);
  });
});

test('a wrong title, and a claim without a link, are noticed', () => {
  expect(hasTest("test('one', () => {", 'one')).toBe(true);
  expect(hasTest("test('one more', () => {", 'one')).toBe(false);
  expect(hasTest("expect(x).toBe('one');", 'one')).toBe(false);
  const [item, row] = claimsOf('- a\n  b\n\n| Claim | Test |\n| --- | --- |\n| c | d |\n');
  expect([item, row]).toEqual([
    { text: '- a b', proofs: [] },
    { text: '| c | d |', proofs: [] },
  ]);
});
