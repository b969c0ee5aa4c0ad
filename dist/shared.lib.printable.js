
// src/lib/printable.ts
function printable(foreign) {
  const line = foreign.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

export {
  printable
};
