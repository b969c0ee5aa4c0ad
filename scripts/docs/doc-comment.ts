/** Documentation comments in generated sources. */

/** The longest line that the formatter makes. */
export const WIDTH = 110;

/** The lines of a comment that holds `text`, folded if one line is too short for it. */
export function docComment(text: string, indent: string): string[] {
  const line = `${indent}/** ${text} */`;
  if (line.length <= WIDTH) return [line];
  const lines = [`${indent} *`];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + 1 + word.length > WIDTH) lines.push(`${indent} * ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return [`${indent}/**`, ...lines, `${indent} */`];
}
