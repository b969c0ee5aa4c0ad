import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  withoutPem
} from "./shared.errors.js";

// src/frontend/output/foreign-text.ts
var UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
function harmless(text) {
  return withoutPem(text).replaceAll(UNSEEN, visible).replaceAll(/#(?=#)/g, "# ").replace(/^( *):(?=:)/, "$1: ");
}
function harmlessLines(lines) {
  return lines.map((line) => `${harmless(line)}
`).join("");
}
function splitLines(text) {
  return withoutPem(text).split(/\r\n|\r|\n/).map(harmless);
}
function harmlessJson(json) {
  return json.replaceAll(UNSEEN, (character) => character === "\n" ? character : unicodeEscapes(character)).replaceAll(/(?<=#)#/g, "\\u0023");
}
function visible(character) {
  const code = character.codePointAt(0) ?? 0;
  return code > 65535 ? `\\u{${code.toString(16)}}` : unicodeEscapes(character);
}
function unicodeEscapes(character) {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`
  ).join("");
}

export {
  harmless,
  harmlessLines,
  splitLines,
  harmlessJson
};
