/** Lines and tables for a terminal of a known width. Without a width, lines are as long as they are. */
import { harmless } from '../output/foreign-text.ts';
import { shortDigests } from './format.ts';
import { cut, textWidth } from './text-width.ts';

/** Columns; a narrower terminal wraps lines itself. */
const MIN_WIDTH = 40;
/** Columns that a cut name keeps. */
const MIN_NAME = 12;
const GAP = '  ';

/** Harmless lines of aligned cells; the last cell of a row is not padded. */
export function alignColumns(foreign: readonly (readonly string[])[]): string[] {
  const rows = foreign.map((row) => row.map(harmless));
  const widths = columnWidths(rows);
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - textWidth(cell)),
    );
    return cells.join(GAP).trimEnd();
  });
}

/**
 * A table in at most `width` columns. If it is wider, digests are shortened from the first column on, as far as
 * needed; then the cells of the column `name` are cut. If it still does not fit, `lines` are printed instead.
 * @param lines one for each row, see {@link fitLine}
 * @param name position of a column with long names
 */
export function fitTable(
  table: readonly (readonly string[])[],
  lines: readonly string[],
  width: number | undefined,
  name?: number,
): string[] {
  let rows = table.map((row) => row.map(harmless));
  if (width === undefined) return alignColumns(rows);
  const limit = Math.max(width, MIN_WIDTH);
  const widths = columnWidths(rows);
  for (const column of widths.keys()) {
    if (totalWidth(widths) <= limit) return alignColumns(rows);
    rows = mapColumn(rows, column, shortDigests);
    widths[column] = columnWidths(rows)[column] ?? 0;
  }
  const excess = totalWidth(widths) - limit;
  if (excess <= 0) return alignColumns(rows);
  const room = name === undefined ? 0 : (widths[name] ?? 0) - excess;
  if (name === undefined || room < MIN_NAME) return fitLines(lines, width);
  return alignColumns(mapColumn(rows, name, (cell) => cut(cell, room)));
}

/** Names and values, one pair a row. A value that is too long continues below its first line. */
export function alignFacts(
  facts: readonly (readonly [name: string, value: string])[],
  width?: number,
): string[] {
  const names = Math.max(0, ...facts.map(([name]) => textWidth(harmless(name))));
  return facts.flatMap(([name, value]) => {
    const safe = harmless(name);
    const padded = `${safe}${' '.repeat(names - textWidth(safe))}${GAP}`;
    return fitLine(`${padded}${value}`, width, names + GAP.length);
  });
}

/** Each line as {@link fitLine} fits it. */
export function fitLines(lines: readonly string[], width: number | undefined): string[] {
  return lines.flatMap((line) => fitLine(line, width));
}

/**
 * A harmless line in at most `width` columns: if it is too long, digests are shortened; if it still is, it
 * continues on further lines. A word that fits on no line is cut.
 * @param hanging indentation of the further lines; default: two more than the line's own
 */
export function fitLine(foreign: string, width?: number, hanging?: number): string[] {
  const line = harmless(foreign);
  if (width === undefined) return [line];
  const limit = Math.max(width, MIN_WIDTH);
  if (textWidth(line) <= limit) return [line];
  const short = shortDigests(line);
  if (textWidth(short) <= limit) return [short];
  const own = short.length - short.trimStart().length;
  const indent = ' '.repeat(Math.min(hanging ?? own + 2, Math.floor(limit / 2)));
  const lines: string[] = [];
  let current = ' '.repeat(Math.min(own, Math.floor(limit / 2)));
  let gap = '';
  for (const word of short.trimStart().split(' ')) {
    const room = limit - textWidth(current + gap);
    const cutHere = textWidth(indent + word) > limit && room >= MIN_NAME;
    if (textWidth(word) <= room || cutHere) current += gap + cut(word, room);
    else {
      if (gap !== '') lines.push(current);
      current = indent + cut(word, limit - textWidth(indent));
    }
    gap = ' ';
  }
  // What begins a line now may have been harmless only within one.
  return [...lines, current].map((one) => cut(harmless(one.trimEnd()), limit, 0));
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))),
  );
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, GAP.length * Math.max(0, widths.length - 1));
}

function mapColumn(
  rows: readonly (readonly string[])[],
  column: number,
  change: (cell: string) => string,
): string[][] {
  return rows.map((row) => row.map((cell, index) => (index === column ? change(cell) : cell)));
}
