/**
 * Text from images and tools is foreign: names in a tar may contain escape sequences for the
 * terminal, and the runner executes some lines as commands.
 */

/** Replaces control and formatting characters, except line feeds and tabs, by visible escapes. */
export function printable(text: string): string {
  return text.replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Like {@link printable}, with each item on one line: a line feed in foreign text must not start a new line. */
export function printableLines(lines: readonly string[]): string {
  return lines.map((line) => printable(line).replaceAll('\n', '\\u000a')).join('\n');
}

/**
 * The lines of a text, changed so that the runner prints them and executes nothing: it would execute
 * `::command` at the start of a line, and `##[command]` anywhere in a line.
 */
export function logLines(text: string): string[] {
  return printable(text.replaceAll(/\r\n?/g, '\n'))
    .split('\n')
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #['));
}
