import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);

// src/frontend/output/printable.ts
function printable(text) {
  return text.replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`
  );
}
function printableLines(lines) {
  return lines.map((line) => printable(line).replaceAll("\n", "\\u000a")).join("\n");
}
function logLines(text) {
  return printable(text.replaceAll(/\r\n?/g, "\n")).split("\n").map((line) => line.replace(/^(\s*):(?=:)/, "$1: ").replaceAll("##[", "# #["));
}

export {
  printable,
  printableLines,
  logLines
};
