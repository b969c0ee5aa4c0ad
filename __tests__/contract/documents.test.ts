import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { renderMarkdown } from '../../scripts/screenshots/github-page.ts';
import { IN_DOCUMENTS } from '../../scripts/screenshots/in-documents.ts';
import { type ErrorCode, EXIT_STATUS, isFailedVerdict, VeritySignError } from '../../src/errors.ts';
import { EXIT_MEANINGS, VERDICT_STATUS } from '../../src/frontend/cli/exit-status.ts';
import { renderFailure } from '../../src/frontend/render/failure-summary.ts';
import { VERDICT_WORDS } from '../../src/frontend/render/verify/verdict.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const inFolder = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const PAGES = [
  ...[
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'verify/README.md',
    'ipe-policy/README.md',
  ],
  ...['docs', 'examples'].flatMap(inFolder),
];

/** Markdown without what is in fences and code spans. */
function prose(text: string): string {
  return text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** Every link and picture that is not to another site, in Markdown and HTML. */
function links(page: string): string[] {
  const text = prose(read(page));
  return [
    ...text.matchAll(/\]\(([^)\s]+)\)/g),
    ...text.matchAll(/(?:src|srcset|href)="([^"]+)"/g),
    ...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm),
  ]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^(https?|mailto):/.test(target));
}

/** As GitHub makes them: lower case, punctuation away, blanks to hyphens, repeated ones numbered. */
function anchors(page: string): string[] {
  const seen = new Map<string, number>();
  const headings = read(page)
    .replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading]) => {
    const slug = (heading ?? '')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Made by `npm run bench` together with the tables, which are empty until then. */
function isToBeMeasured(page: string, link: string): boolean {
  return link === 'performance.svg' && /<!-- bench:begin.*-->\s*<!-- bench:end -->/.test(read(page));
}

function broken(page: string): string[] {
  return links(page).filter((link) => {
    if (isToBeMeasured(page, link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : relative(root, join(root, dirname(page), path));
    if (target.startsWith('..') || !existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchors(target).includes(anchor);
  });
}

describe('links', () => {
  test.each(PAGES)('of %s lead to files and headings that are there', (page) => {
    expect(broken(page)).toEqual([]);
  });

  test('are found, and a wrong one is noticed', () => {
    expect(PAGES.flatMap(links).filter((link) => link.includes('#')).length).toBeGreaterThan(10);
    expect(anchors('docs/kernel.md')).toContain('what-an-errno-means');
    expect(anchors('docs/kernel.md')).not.toContain('what-an-errno-mean');
  });

  test('lead from the README to every page', () => {
    const linked = links('README.md').map((link) => link.split('#')[0]);
    for (const page of inFolder('docs')) expect(linked).toContain(page);
  });
});

test('scripts and tests that documents and comments name are there', () => {
  const folders = ['src', 'scripts', '__tests__'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const sources = folders.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  const named = [...PAGES, ...sources].flatMap((path) =>
    [...read(path).matchAll(/(?<![\w/.])(?:scripts|__tests__)\/[\w./-]+\.ts\b/g)].map(
      ([target]) => `${path}: ${target}`,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((one) => !existsSync(join(root, one.split(': ')[1] ?? '')))).toEqual([]);
});

describe('pictures', () => {
  const pictures = readdirSync(join(root, 'docs/images')).map((name) => `docs/images/${name}`);

  test.each(pictures)('%s is a PNG of less than 100 kB that a page shows', (picture) => {
    const bytes = readFileSync(join(root, picture));
    expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect(statSync(join(root, picture)).size).toBeLessThan(100_000);
    const shown = PAGES.flatMap((page) => links(page).map((link) => join(dirname(page), link)));
    expect(shown).toContain(picture);
  });

  test('are those that the script puts there', () => {
    const names = pictures.map((picture) => /images\/(.*?)(?:-(?:light|dark))?\.png$/.exec(picture)?.[1]);
    expect(new Set(names)).toEqual(new Set(IN_DOCUMENTS));
    const runs = read('scripts/screenshots/runs.ts');
    for (const name of IN_DOCUMENTS) expect(runs).toMatch(new RegExp(`\\b${name}['"]?[:,]`));
  });
});

/** Its messages are produced one by one in troubleshooting.test.ts. */
describe('troubleshooting', () => {
  const page = read('docs/troubleshooting.md');

  const statuses = Object.entries(EXIT_STATUS) as [ErrorCode, number][];
  test.each(statuses)('has a part on %s and its exit status', (code, status) => {
    const part = isFailedVerdict(code) ? 'verdicts' : code;
    expect(anchors('docs/troubleshooting.md')).toContain(part);
    expect(page).toMatch(new RegExp(`^\\| ${status} +\\| \\[${code}\\]\\(#${part}\\) +\\|`, 'm'));
  });

  test.each(EXIT_MEANINGS)('has exit status %i', (status) => {
    expect(page.match(new RegExp(`^\\| ${status} +\\|`, 'gm'))).toHaveLength(1);
  });

  test.each(Object.entries(VERDICT_WORDS))('has the verdict %s', (verdict, words) => {
    expect(page).toMatch(new RegExp(`^\\| \`${verdict}\` +\\| ${words} +\\|`, 'm'));
    const status = VERDICT_STATUS[verdict as keyof typeof VERDICT_STATUS];
    expect(page).toMatch(
      new RegExp(`^\\| ${status} +\\| \\[[^\\]]*\\b${verdict}\\b[^\\]]*\\]\\(#verdicts\\)`, 'm'),
    );
  });

  test.each(Object.keys(EXIT_STATUS) as ErrorCode[])(
    'is where the summary of a run that failed by %s leads',
    (code) => {
      const summary = renderFailure('Signing failed', new VeritySignError(code, 'x'));
      const [, path, anchor] = /\]\(<?https:\/\/[^)]*\/blob\/main\/([^)#]+)#([\w-]+)>?\)/.exec(summary) ?? [];
      expect(anchors(path ?? '')).toContain(anchor);
    },
  );
});

test.each(PAGES)('%s renders: no table or alert falls apart', (page) => {
  const html = renderMarkdown(read(page)).replaceAll(/<pre>[\s\S]*?<\/pre>/g, '');
  expect(html).not.toMatch(/<p>\|/);
  expect(html).not.toContain('[!');
});
