import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { harmless } from '../../../../src/frontend/output/foreign-text.ts';
import {
  alert,
  codeBlock,
  details,
  factTable,
  inlineCode,
  link,
  markdownTable,
  md,
  withinLimit,
} from '../../../../src/frontend/render/markdown.ts';
import { everything, hostileText, MARKUP } from '../../../helpers/hostile-text.ts';
import { githubHtml, textOf } from '../../../helpers/rendered-markdown.ts';

/** What a reader sees of a text on one line. */
const shown = (text: string): string => harmless(text.replaceAll(/[ \t\r\n]+/g, ' ')).trim();

/** A summary with the text in every place that takes one. */
function everywhere(text: string): string {
  return withinLimit(
    [
      md`### ${text}`,
      md`${text}`,
      md`**${text}**: ${inlineCode(text)}`,
      markdownTable(['Name', 'Value'], [[md`${text}`, inlineCode(text)]]),
      factTable([
        [text, md`${text}`],
        ['code', inlineCode(text)],
      ]),
      details(text, md`- ${text}`, true),
      ...alert('CAUTION', [md`${text}`, md`> ${text}`]),
      codeBlock(text, 'text'),
      md`the end`,
    ],
    10_000_000,
  );
}

test('words, numbers, versions and digests look as before', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  for (const text of [
    '1.9.4, class C',
    '1. and 2.',
    digest,
    '2026-01-01T00:00:00Z',
    'a_b*c',
    '= x',
    '/usr//bin',
  ]) {
    expect(textOf(githubHtml(md`${text}`.text))).toBe(text);
  }
  expect(md`${'registry:5000/app'}@${digest}`.text).not.toContain('<wbr>');
  expect(inlineCode(`app@${digest}`).text).not.toContain('<wbr>');
});

describe('fault 78: GitHub makes of foreign text what it says, and nothing else', () => {
  test.each([...MARKUP, everything(' '), everything('\n')])('%j', (text) => {
    const html = githubHtml(everywhere(text));
    const wanted = shown(text);
    // Eleven places on one line, and the code block with its lines.
    expect(textOf(html).split(wanted).length - 1).toBeGreaterThanOrEqual(11);
  });

  test('any text', () => {
    const empty = skeleton(githubHtml(everywhere('x')));
    fc.assert(
      fc.property(hostileText(), (text) => {
        // githubHtml throws where there is a link or element that is not ours.
        const html = githubHtml(everywhere(`x${text}x`));
        expect(skeleton(html)).toBe(empty);
      }),
      { seed: 13_080, numRuns: 1000 },
    );
  });
});

/** The elements without text. */
function skeleton(html: string): string {
  return (html.match(/<[^>]*>/g) ?? []).filter((tag) => tag !== '<wbr>').join('');
}

test('a link leads to its address, whatever is in it', () => {
  const url = new URL('https://github.example/o/r_s/runs/1?a=b#c');
  const plain = `https://github.example/o/r%5Fs/runs/1?a=b#c`;
  expect(githubHtml(link('the [run]', url).text, [plain])).toBe(`<p><a href="${plain}">the [run]</a></p>\n`);
  const odd = new URL('https://github.example/a)>b*c`d|e\'"');
  expect(textOf(githubHtml(`| x |\n| - |\n| ${link('odd', odd).text} |`, [hrefOf(odd)]))).toContain('odd');
});

function hrefOf(url: URL): string {
  return /\(<(.*)>\)$/.exec(link('x', url).text)?.[1] ?? '';
}
