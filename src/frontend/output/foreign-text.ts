/**
 * Text from images, registries, certificates, tools and options is foreign. This is the one file that makes
 * it harmless for everything that prints. What agents obey, from their sources:
 * GitHub's runner: `::command::` after white space at a line's start and `##[command]` anywhere, compared so
 * that invisible characters do not count [actions/runner, ActionCommand.cs]; Azure: `##vso[` anywhere, and a
 * warning for `##vso` [azure-pipelines-agent, Command.cs, WorkerCommandManager.cs]; TeamCity: `##teamcity[`;
 * GitLab: sections in CR and ESC [gitlab, ansi2json/converter.rb]. Terminals obey control characters.
 */

import { withoutPem } from '../../errors.ts';

declare const HARMLESS: unique symbol;
/** Text whose lines are harmless and whose line feeds are ours. Only this file makes it. */
export type HarmlessText = string & { readonly [HARMLESS]: true };

/**
 * Control, formatting, unassigned and private characters, unpaired surrogates, what is invisible by default,
 * and every space and line end other than the ordinary space.
 */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * One line that steers no terminal, log, agent or reader. Unseen characters become visible escapes, line
 * feeds too; a space splits `##` anywhere and `::` at the start. Other printable text stays as it is.
 */
export function harmless(text: string): string {
  return withoutPem(text)
    .replaceAll(UNSEEN, visible)
    .replaceAll(/#(?=#)/g, '# ')
    .replace(/^( *):(?=:)/, '$1: ');
}

/** Each item on one line, with a line feed at the end of the last. */
export function harmlessLines(lines: readonly string[]): HarmlessText {
  return lines.map((line) => `${harmless(line)}\n`).join('') as HarmlessText;
}

/** The lines of a text of several lines, each harmless. Agents end a line at a carriage return, too. */
export function splitLines(text: string): string[] {
  return withoutPem(text)
    .split(/\r\n|\r|\n/)
    .map(harmless);
}

/**
 * JSON text that parses to the same values, and is harmless when a log shows it: inside of strings `##` and
 * unseen characters become `\u` escapes. No line of JSON begins with a colon.
 */
export function harmlessJson(json: string): HarmlessText {
  return json
    .replaceAll(UNSEEN, (character) => (character === '\n' ? character : unicodeEscapes(character)))
    .replaceAll(/(?<=#)#/g, '\\u0023') as HarmlessText;
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unicodeEscapes(character);
}

/** `\uXXXX` for each UTF-16 unit. */
function unicodeEscapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
