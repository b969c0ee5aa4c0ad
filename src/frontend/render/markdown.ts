import { printable } from '../output/printable.ts';

/**
 * Text as Markdown that shows it literally, on one line, in a table too. Every character that GitHub's
 * Markdown or HTML could take for markup becomes a character reference.
 */
export function escapeMarkdown(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ')).replaceAll(
    /[&<>"'`*_{}[\]()#+!|~\\@:^$-]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** Text in a fixed-width font. An HTML element, since a backtick in the text would end Markdown's. */
export function inlineCode(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** A fenced block. The fence is longer than any run of backticks in the text. */
export function codeBlock(text: string, language: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${printable(text)}\n${fence}`;
}

/** Cells must be Markdown already. Columns named in `numbers` are aligned to the right. */
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
 * Names and what they are, one a row. HTML, since a table of Markdown must have a heading above it.
 * `value` must be HTML already, as escapeMarkdown and inlineCode make it.
 */
export function factTable(facts: readonly (readonly [name: string, value: string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th align="left">${escapeMarkdown(name)}</th><td>${value}</td></tr>`,
  );
  return ['<table>', ...rows, '</table>'].join('\n');
}

/** A folded part; `body` must be Markdown. */
export function details(title: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${escapeMarkdown(title)}</summary>\n\n${body}\n\n</details>`;
}

/** GitHub's coloured box; `lines` are paragraphs of Markdown, each one line. Nothing for no lines. */
export function alert(kind: 'NOTE' | 'WARNING' | 'CAUTION', lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`> [!${kind}]\n${lines.map((line) => `> ${line}`).join('\n>\n')}`];
}

/** The runner drops a summary of more than 1 MiB; other text of the step may come before. */
export const SUMMARY_LIMIT = 1024 * 1024 - 64 * 1024;

/** Parts of a job summary in order, as many as fit into `limit` bytes; a note if some do not. */
export function withinLimit(parts: readonly string[], limit: number): string {
  const note = `${alert('NOTE', ['**The rest does not fit into a job summary.** The JSON report has everything.']).join('')}\n`;
  let summary = '';
  for (const part of parts) {
    const next = `${summary}${part}\n\n`;
    if (Buffer.byteLength(next) + Buffer.byteLength(note) > limit) return summary + note;
    summary = next;
  }
  return summary;
}
