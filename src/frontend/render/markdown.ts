import { harmless, harmlessLines } from '../output/foreign-text.ts';

/** Markdown in which all foreign text has been escaped. Only this file makes it: {@link md} escapes what is inserted. */
class Markdown {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type { Markdown };

/** Markdown with inserted values. Text and numbers are escaped, Markdown stays. */
export function md(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markdown)[]
): Markdown {
  const inserted = values.map((value) => (value instanceof Markdown ? value : escapeMarkdown(`${value}`)));
  return new Markdown(parts.map((part, index) => part + (inserted[index]?.text ?? '')).join(''));
}

/** Parts one after the other with a separator that is ours. */
export function joinMarkdown(parts: readonly Markdown[], separator: string): Markdown {
  return new Markdown(parts.map(({ text }) => text).join(separator));
}

/** An empty element that shows nothing. It splits text that renderers link although no markup says so. */
const SPLIT = '<wbr>';
/** Stands for {@link SPLIT} until all characters are escaped. Harmless text has no such character. */
const MARK = '\0';

/**
 * Where GitHub's renderer, which reads character references first, would begin a link or an image: www.,
 * URLs, e-mail addresses and mentions (but not the digest of a reference), #1 and GH-1, `:emoji:`.
 */
const LINKS = [
  /(?<=\bwww)(?=\.)/gi,
  /(?<=:)(?=\/\/)/g,
  /(?<=@)(?!(?<=\w@)\w+:)/g,
  /(?<=#)(?=\d)/g,
  /(?<=\bGH-)(?=\d)/gi,
];
/** Hours and minutes stand between colons, too. */
const EMOJI = /(?<=:)(?=([\w+-]+):)/g;
const COMMIT = /\b[0-9a-f]{7,40}\b/gi;

/**
 * Characters that are markup in GitHub's Markdown or HTML; dots of host names, which some renderers link
 * alone, and of list numbers; a line below a heading; the second slash of a URL.
 */
const MARKUP = /[&<>"'`*_{}[\]()#+!|~\\@:^$-]|(?<=^ *)=|\.(?=\p{L})|(?<=^\d{1,9})\.(?=\s|$)|(?<=\/)\//gu;

/** Markdown that shows a text literally on one line, also inside a table. */
export function escapeMarkdown(text: string): Markdown {
  const commits = (word: string): string => (word.match(/.{1,6}/g) ?? []).join(MARK);
  return new Markdown(escaped(oneLine(text).replaceAll(COMMIT, commits)));
}

/** Text in a fixed-width font. It is an HTML element because a backtick in the text would end a Markdown span. */
export function inlineCode(text: string): Markdown {
  return new Markdown(`<code>${escaped(oneLine(text))}</code>`);
}

function oneLine(text: string): string {
  return harmless(text.replaceAll(/[ \t\r\n]+/g, ' '));
}

function escaped(line: string): string {
  return LINKS.reduce((before, link) => before.replaceAll(link, MARK), line)
    .replaceAll(EMOJI, (_none, word: string) => (/^\d\d$/.test(word) ? '' : MARK))
    .replaceAll(MARKUP, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(MARK, SPLIT);
}

/** A fenced block whose fence is longer than any run of backticks in the text. */
export function codeBlock(text: string, language: string): Markdown {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return new Markdown(`${fence}${language}\n${harmlessLines(text.split('\n'))}${fence}`);
}

/** A table. Columns named in `numbers` are aligned to the right. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly Markdown[])[],
  numbers: readonly string[] = [],
): Markdown {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((name) => (numbers.includes(name) ? '---:' : ':---'));
  const body = rows.map((row) => line(row.map(({ text }) => text)));
  return new Markdown(
    [line(header.map((name) => escapeMarkdown(name).text)), line(rule), ...body].join('\n'),
  );
}

/**
 * A table of names and values, one per row. It is HTML because a Markdown table needs a header row.
 * `value` must be HTML as well: as escapeMarkdown and inlineCode return it.
 */
export function factTable(facts: readonly (readonly [name: string, value: Markdown])[]): Markdown {
  const rows = facts.map(
    ([name, value]) => `<tr><th align="left">${escapeMarkdown(name).text}</th><td>${value.text}</td></tr>`,
  );
  return new Markdown(['<table>', ...rows, '</table>'].join('\n'));
}

/** A link to an address that is ours, such as that of the run. */
export function link(text: string, url: URL): Markdown {
  const address = url.href.replaceAll(/[^\w:/?#@&=.~%-]/g, encodeURIComponent).replaceAll('_', '%5F');
  return new Markdown(`[${escapeMarkdown(text).text}](<${address}>)`);
}

/** A folded section. */
export function details(title: string, body: Markdown, open = false): Markdown {
  const summary = `<details${open ? ' open' : ''}><summary>${escapeMarkdown(title).text}</summary>`;
  return new Markdown(`${summary}\n\n${body.text}\n\n</details>`);
}

/** GitHub's coloured box. `lines` are paragraphs of one line each. Without lines there is no box. */
export function alert(kind: 'NOTE' | 'WARNING' | 'CAUTION', lines: readonly Markdown[]): Markdown[] {
  if (lines.length === 0) return [];
  return [new Markdown(`> [!${kind}]\n${lines.map(({ text }) => `> ${text}`).join('\n>\n')}`)];
}

/** A longer table of layers is folded, and only the first layers of a very long one are listed. */
export const FOLDED_LAYERS = 15;
export const LISTED_LAYERS = 1000;

/** Bytes: the runner drops a summary of more than 1 MiB, and the step may have written text before. */
export const SUMMARY_LIMIT = 1024 * 1024 - 64 * 1024;

/**
 * Joins the leading parts that fit into `limit` bytes. A note says if parts are missing.
 * @param where they do not fit
 */
export function withinLimit(parts: readonly Markdown[], limit: number, where = 'the job summary'): string {
  const missing = md`**The rest does not fit into ${where}.** The JSON report is complete.`;
  const note = `${joinMarkdown(alert('NOTE', [missing]), '').text}\n`;
  let summary = '';
  let room = limit - Buffer.byteLength(note);
  for (const { text } of parts) {
    room -= Buffer.byteLength(text) + '\n\n'.length;
    if (room < 0) return summary + note;
    summary += `${text}\n\n`;
  }
  return summary;
}
