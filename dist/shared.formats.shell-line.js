
// src/formats/shell-line.ts
function shellLine(words) {
  return words.map(quoted).join(" ");
}
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export {
  shellLine
};
