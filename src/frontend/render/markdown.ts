import { printable } from '../output/printable.ts';

/**
 * Markdown that shows a text literally on one line, also inside a table. Every character that could be
 * markup in GitHub's Markdown or HTML becomes a character reference.
 */
export function escapeMarkdown(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ')).replaceAll(
    /[&<>"'`*_{}[\]()#+!|~\\@:^$-]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** Text in a fixed-width font. It is an HTML element because a backtick in the text would end a Markdown span. */
export function inlineCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** A fenced block whose fence is longer than any run of backticks in the text. */
export function codeBlock(text: string, language: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${printable(text)}\n${fence}`;
}

/** A table. Cells must already be Markdown. Columns named in `numbers` are aligned to the right. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((name) => (numbers.includes(name) ? '---:' : ':---'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/**
 * A table of names and values, one per row. It is HTML because a Markdown table needs a header row.
 * `value` must already be HTML, as escapeMarkdown and inlineCode return it.
 */
export function factTable(facts: readonly (readonly [name: string, value: string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th align="left">${escapeMarkdown(name)}</th><td>${value}</td></tr>`,
  );
  return ['<table>', ...rows, '</table>'].join('\n');
}

/** A folded section. `body` must already be Markdown. */
export function details(title: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${escapeMarkdown(title)}</summary>\n\n${body}\n\n</details>`;
}

/** GitHub's coloured box. `lines` are paragraphs of Markdown, one line each. Without lines there is no box. */
export function alert(kind: 'NOTE' | 'WARNING' | 'CAUTION', lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`> [!${kind}]\n${lines.map((line) => `> ${line}`).join('\n>\n')}`];
}

/** Bytes: the runner drops a summary of more than 1 MiB, and the step may have written text before. */
export const SUMMARY_LIMIT = 1024 * 1024 - 64 * 1024;

/** Joins the leading parts of a job summary that fit into `limit` bytes. A note says if parts are missing. */
export function withinLimit(parts: readonly string[], limit: number): string {
  const note = `${alert('NOTE', ['**The rest does not fit into the job summary.** The JSON report is complete.']).join('')}\n`;
  let summary = '';
  for (const part of parts) {
    const next = `${summary}${part}\n\n`;
    if (Buffer.byteLength(next) + Buffer.byteLength(note) > limit) return summary + note;
    summary = next;
  }
  return summary;
}
