/** Tables in Markdown. */

export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/[<>]/g, (character) => `\\${character}`);
}

/** Aligned as the formatter does it. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const [header = [], ...body] = rows;
  return [
    line(header, ' '),
    line(
      header.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row, ' ')),
  ].join('\n');
}
