/** Titles of tests that name rows: `fault 7: …`, `fault 07: …`, `faults 26 and 27: …`. */
const TITLE = /\bfaults? (\d+(?:(?:, | and )\d+)*)(?=[:'"`])/g;

/** A pattern for the names of tests that name at least one of these rows, or any row. */
export function namePattern(rows: readonly number[]): string {
  const number = rows.length === 0 ? '\\d+' : `0*(?:${rows.join('|')})`;
  return `\\bfaults? (?:\\d+(?:, | and ))*${number}\\b`;
}

/** The rows that a title, or the source of a test file, names in titles: ascending, each once. */
export function rowsIn(text: string): number[] {
  const numbers = [...text.matchAll(TITLE)].flatMap(([, list = '']) => list.match(/\d+/g) ?? []);
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
}

const UNRUN =
  /\b(?:test|it|describe)\.(?:\w+\.)*(?:skip|todo|only|failing)\b|(?<![.\w])[xf](?:it|test|describe)(?=[.(`])/g;

/** Calls in the source of a test file by which a test does not run, or others do not. */
export function unrunTests(source: string): string[] {
  return source.match(UNRUN) ?? [];
}
