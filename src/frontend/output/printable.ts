/**
 * Text from images and tools is not ours: names in a tar may hold escape sequences for the
 * terminal, and the runner takes some lines as commands.
 */

/** Control and formatting characters (line feeds and tabs excepted) become visible escapes. */
export function printable(text: string): string {
  return text.replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** As printable, each item on one line: a line feed in foreign text must not begin a line of ours. */
export function printableLines(lines: readonly string[]): string {
  return lines.map((line) => printable(line).replaceAll('\n', '\\u000a')).join('\n');
}

/**
 * Lines that the runner prints as they are: it takes `::command` at the start of a line and
 * `##[command]` anywhere in one as orders.
 */
export function logLines(text: string): string[] {
  return printable(text.replaceAll(/\r\n?/g, '\n'))
    .split('\n')
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #['));
}
