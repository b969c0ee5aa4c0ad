/** Foreign text for a message: one line, at most 500 characters and an ellipsis. */
export function printable(foreign: string): string {
  const line = foreign.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
