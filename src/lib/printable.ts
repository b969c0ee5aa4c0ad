/** Foreign text in quotes for a message, with its control characters as escapes: at most 200 characters and an ellipsis. */
export function quoted(foreign: string): string {
  return JSON.stringify(foreign.length > 200 ? `${foreign.slice(0, 200)}…` : foreign);
}

/** Foreign text for a message: one line, at most 500 characters and an ellipsis. */
export function printable(foreign: string): string {
  const line = foreign.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
