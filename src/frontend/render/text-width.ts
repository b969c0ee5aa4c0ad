import stringWidth from 'string-width';

/** Characters of one column each, beside any others of them: ASCII, Latin letters and signs, dashes and quotes. */
const PLAIN = /^[ -~¡-¬®-ʯ‐-‧‰-›]*$/;

/**
 * Columns of a terminal that a line takes: a wide character takes two, a combining one none. `string-width` reads
 * Unicode's tables of emoji at its first use, which takes 20 ms, so it is not asked about plain text.
 */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

let segmenter: Intl.Segmenter | undefined;

/**
 * The text in at most `width` columns. `…` stands for what is missing. No character is split, so the result may
 * be a column narrower than `width`.
 * @param end columns that the end of the text gets; by default the missing part is in the middle
 */
export function cut(text: string, width: number, end = Math.floor((width - 1) / 2)): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  segmenter ??= new Intl.Segmenter();
  const parts = Array.from(segmenter.segment(text), ({ segment }) => segment);
  const last = leading(parts.toReversed(), Math.min(end, width - 1)).toReversed();
  const first = leading(parts, width - 1 - textWidth(last.join('')));
  return `${first.join('')}…${last.join('')}`;
}

/** The first graphemes that fit into `room` columns. */
function leading(parts: readonly string[], room: number): string[] {
  let left = room;
  const too = parts.findIndex((part) => {
    left -= textWidth(part);
    return left < 0;
  });
  return parts.slice(0, too === -1 ? parts.length : too);
}
