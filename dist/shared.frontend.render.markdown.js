import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  harmless,
  harmlessLines
} from "./shared.frontend.output.foreign-text.js";

// src/frontend/render/markdown.ts
var Markdown = class {
  text;
  constructor(text) {
    this.text = text;
  }
};
function md(parts, ...values) {
  const inserted = values.map((value) => value instanceof Markdown ? value : escapeMarkdown(`${value}`));
  return new Markdown(parts.map((part, index) => part + (inserted[index]?.text ?? "")).join(""));
}
function joinMarkdown(parts, separator) {
  return new Markdown(parts.map(({ text }) => text).join(separator));
}
var SPLIT = "<wbr>";
var MARK = "\0";
var LINKS = [
  /(?<=\bwww)(?=\.)/gi,
  /(?<=:)(?=\/\/)/g,
  /(?<=@)(?!(?<=\w@)\w+:)/g,
  /(?<=#)(?=\d)/g,
  /(?<=\bGH-)(?=\d)/gi
];
var EMOJI = /(?<=:)(?=([\w+-]+):)/g;
var COMMIT = /\b[0-9a-f]{7,40}\b/gi;
var MARKUP = new RegExp("[&<>\"'`*_{}[\\]()#+!|~\\\\@:^$-]|(?<=^ *)=|\\.(?=\\p{L})|(?<=^\\d{1,9})\\.(?=\\s|$)|(?<=\\/)\\/", "gu");
function escapeMarkdown(text) {
  const commits = (word) => (word.match(/.{1,6}/g) ?? []).join(MARK);
  return new Markdown(escaped(oneLine(text).replaceAll(COMMIT, commits)));
}
function inlineCode(text) {
  return new Markdown(`<code>${escaped(oneLine(text))}</code>`);
}
function oneLine(text) {
  return harmless(text.replaceAll(/[ \t\r\n]+/g, " "));
}
function escaped(line) {
  return LINKS.reduce((before, link2) => before.replaceAll(link2, MARK), line).replaceAll(EMOJI, (_none, word) => /^\d\d$/.test(word) ? "" : MARK).replaceAll(MARKUP, (character) => `&#${character.charCodeAt(0)};`).replaceAll(MARK, SPLIT);
}
function codeBlock(text, language) {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return new Markdown(`${fence}${language}
${harmlessLines(text.split("\n"))}${fence}`);
}
function markdownTable(header, rows, numbers = []) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = header.map((name) => numbers.includes(name) ? "---:" : ":---");
  const body = rows.map((row) => line(row.map(({ text }) => text)));
  return new Markdown(
    [line(header.map((name) => escapeMarkdown(name).text)), line(rule), ...body].join("\n")
  );
}
function factTable(facts) {
  const rows = facts.map(
    ([name, value]) => `<tr><th align="left">${escapeMarkdown(name).text}</th><td>${value.text}</td></tr>`
  );
  return new Markdown(["<table>", ...rows, "</table>"].join("\n"));
}
function link(text, url) {
  const address = url.href.replaceAll(/[^\w:/?#@&=.~%-]/g, encodeURIComponent).replaceAll("_", "%5F");
  return new Markdown(`[${escapeMarkdown(text).text}](<${address}>)`);
}
function details(title, body, open = false) {
  const summary = `<details${open ? " open" : ""}><summary>${escapeMarkdown(title).text}</summary>`;
  return new Markdown(`${summary}

${body.text}

</details>`);
}
function alert(kind, lines) {
  if (lines.length === 0) return [];
  return [new Markdown(`> [!${kind}]
${lines.map(({ text }) => `> ${text}`).join("\n>\n")}`)];
}
var FOLDED_LAYERS = 15;
var LISTED_LAYERS = 1e3;
var SUMMARY_LIMIT = 1024 * 1024 - 64 * 1024;
function withinLimit(parts, limit, where = "the job summary") {
  const missing = md`**The rest does not fit into ${where}.** The JSON report is complete.`;
  const note = `${joinMarkdown(alert("NOTE", [missing]), "").text}
`;
  let summary = "";
  let room = limit - Buffer.byteLength(note);
  for (const { text } of parts) {
    room -= Buffer.byteLength(text) + "\n\n".length;
    if (room < 0) return summary + note;
    summary += `${text}

`;
  }
  return summary;
}

export {
  md,
  joinMarkdown,
  escapeMarkdown,
  inlineCode,
  codeBlock,
  markdownTable,
  factTable,
  link,
  details,
  alert,
  FOLDED_LAYERS,
  LISTED_LAYERS,
  SUMMARY_LIMIT,
  withinLimit
};
