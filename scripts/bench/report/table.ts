/** Cells are Markdown, as many per row as in the head. The first column is left-aligned, others right. */
export interface Table {
  title: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A Markdown table with a heading, columns aligned in the source too. */
export function markdownTable({ title, head, rows }: Table): string {
  const widths = columnWidths([head, ...rows]);
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const line = (cells: readonly string[]): string => `| ${padded(cells, widths).join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(rule), ...rows.map(line)].join('\n');
}

/** The table for a terminal. */
export function textTable({ title, head, rows }: Table): string {
  const widths = columnWidths([head, ...rows]);
  return [title, ...[head, ...rows].map((cells) => `  ${padded(cells, widths).join('  ').trimEnd()}`)].join(
    '\n',
  );
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => [...(row[column] ?? '')].length)),
  );
}

function padded(cells: readonly string[], widths: readonly number[]): string[] {
  return cells.map((cell, column) => {
    const blanks = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
    return column === 0 ? cell + blanks : blanks + cell;
  });
}
