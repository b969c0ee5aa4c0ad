/** Markdown as a page that looks as on GitHub: GitHub's flavour and GitHub's style sheet. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import markdownIt from 'markdown-it';

const STYLE = createRequire(import.meta.url).resolve('github-markdown-css/github-markdown.css');

const ALERTS = ['NOTE', 'TIP', 'IMPORTANT', 'WARNING', 'CAUTION'] as const;

/** HTML of a whole page; `title` is plain text that names the picture. */
export function githubPage(markdown: string, title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${markdownIt().utils.escapeHtml(title)}</title>
<style>
${readFileSync(STYLE, 'utf8')}
html { color-scheme: light dark; }
body { margin: 0; background: light-dark(#ffffff, #0d1117); }
.markdown-body { padding: 24px; }
/* GitHub shows a bar above a job summary; the picture has none. */
.markdown-body > :first-child { margin-top: 0; }
</style>
</head>
<body><article class="markdown-body">
${renderMarkdown(markdown)}
</article></body>
</html>
`;
}

/** The parts of GitHub's flavour that this project uses: tables, raw HTML and alerts. */
export function renderMarkdown(markdown: string): string {
  const renderer = markdownIt({ html: true, linkify: true });
  return ALERTS.reduce((html, kind) => {
    const name = kind.toLowerCase();
    const title = `${kind[0]}${name.slice(1)}`;
    const pattern = new RegExp(`<blockquote>\\n<p>\\[!${kind}\\]\\n([\\s\\S]*?)</blockquote>`, 'g');
    return html.replaceAll(
      pattern,
      `<div class="markdown-alert markdown-alert-${name}"><p class="markdown-alert-title">${title}</p>\n<p>$1</div>`,
    );
  }, renderer.render(markdown));
}
