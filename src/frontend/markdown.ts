import { printable } from './printable.ts';

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

/** `cells` must be Markdown already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A folded part; `body` must be Markdown. */
export function details(title: string, body: string): string {
  return `<details><summary>${escapeMarkdown(title)}</summary>\n\n${body}\n\n</details>`;
}
