/** The output of a program as a page that looks like a terminal. */
import markdownIt from 'markdown-it';

/** CSS pixels. */
const FONT_SIZE = 13;
const PADDING = 20;
/** Width of a character of DejaVu Sans Mono, in parts of the font size. */
const ADVANCE = 0.602;

/** CSS pixels that a terminal of that many columns takes. */
export function terminalWidth(columns: number): number {
  return Math.ceil(columns * FONT_SIZE * ADVANCE) + 2 * PADDING;
}

/** HTML of a whole page; lines wider than `columns` wrap as in a terminal. */
export function terminalPage(command: string, output: string, columns: number): string {
  const { escapeHtml } = markdownIt().utils;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(command)}</title>
<style>
body { margin: 0; background: #1e1e1e; color: #d4d4d4; }
pre { margin: 0; padding: 16px ${PADDING}px; width: ${columns}ch; font: ${FONT_SIZE}px/1.45 "DejaVu Sans Mono", ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
b { color: #6a9955; }
</style>
</head>
<body><pre><b>$</b> ${escapeHtml(command)}
${escapeHtml(output)}</pre></body>
</html>
`;
}
