import markdownIt from 'markdown-it';

/** Elements and attributes that the summaries themselves write, or that Markdown makes of theirs. */
const OWN_TAG =
  /^<\/?(?:h[1-6]|p|table|thead|tbody|tr|t[hd](?: align="left"| style="text-align:(?:left|right)")?|code(?: class="language-\w+")?|pre|strong|ul|li|blockquote|details(?: open)?|summary|wbr)>$/;
const OWN_LINK = /^<a href="https:\/\/github\.com\/verity-sign\/verity-sign\/[\w/.#-]+">$/;

/** What GitHub's pipeline links in text outside of code, after it has read character references. */
const LINKED = [
  /(?<!\w)@[a-z\d]/i,
  /[\w.+-]+@[\w-]+\.[\w-]/,
  /(?<!\w)(?:[\w-]+\/[\w.-]+)?#\d/,
  /\bGH-\d/i,
  /\b[0-9a-f]{7,40}\b/,
  /:[+-]1:|:[a-z_]+:/,
];
/** What its Markdown renderer links before that, also in the text of `<code>`. */
const AUTOLINKED = [/\bwww\.[^\s<]/i, /\b(?:https?|ftp):\/\/[^\s<]/i, /[\w.+-]+@[\w-]+\.[\w-]/];

/**
 * HTML as GitHub makes it of Markdown: tables, raw HTML, bare addresses linked. Throws where it contains an
 * element that is not the summaries' own, or text that GitHub would link.
 * @param own addresses of links that belong there
 */
export function githubHtml(markdown: string, own: readonly string[] = []): string {
  const html = markdownIt({ html: true, linkify: true }).render(markdown);
  for (const [tag] of html.matchAll(/<[^>]*>/g)) {
    const link = tag === '</a>' || OWN_LINK.test(tag) || own.some((url) => tag === `<a href="${url}">`);
    if (!OWN_TAG.test(tag) && !link) throw new Error(`${tag} in ${html}`);
  }
  const outsideLinks = html.replaceAll(/<a [^>]*>.*?<\/a>/g, '');
  const withoutFences = outsideLinks.replaceAll(/<pre>[\s\S]*?<\/pre>/g, '');
  check(withoutFences, AUTOLINKED);
  check(withoutFences.replaceAll(/<code>.*?<\/code>/g, '<code>'), LINKED);
  return html;
}

/** Looks at each run of text between two tags. */
function check(html: string, patterns: readonly RegExp[]): void {
  for (const piece of html.split(/<[^>]*>/)) {
    const text = decoded(piece);
    for (const pattern of patterns) if (pattern.test(text)) throw new Error(`${pattern} matches ${text}`);
  }
}

/** What a reader sees. */
export function textOf(html: string): string {
  return decoded(html.replaceAll(/<[^>]*>/g, '')).trim();
}

function decoded(html: string): string {
  return html
    .replaceAll(/&#(\d+);/g, (_reference, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
