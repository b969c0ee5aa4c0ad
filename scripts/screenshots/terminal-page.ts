/** The output of a program as a page that looks like a terminal. */
import markdownIt from 'markdown-it';

/** HTML of a whole page; lines wider than the picture wrap as in a terminal. */
export function terminalPage(command: string, output: string): string {
  const { escapeHtml } = markdownIt().utils;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(command)}</title>
<style>
body { margin: 0; background: #1e1e1e; color: #d4d4d4; }
pre { margin: 0; padding: 16px 20px; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
b { color: #6a9955; }
</style>
</head>
<body><pre><b>$</b> ${escapeHtml(command)}
${escapeHtml(output)}</pre></body>
</html>
`;
}
