import { harmlessJson } from '../output/foreign-text.ts';

/**
 * Bytes of one output. Workflows pass outputs on as environment variables, and Linux takes no more than 128 KiB
 * for one, with its name. [execve(2), MAX_ARG_STRLEN]
 */
export const OUTPUT_LIMIT = 120 * 1024;

/**
 * A JSON array on one line, of the leading items that fit. Workflows print outputs, and items have foreign text.
 * @param shortened gets the number of items in the array, if that is not all of them
 */
export function boundedJson(
  items: readonly unknown[],
  shortened: (shown: number) => void = () => undefined,
): string {
  const fitting = leading(
    items.map((item) => harmlessJson(JSON.stringify(item))),
    OUTPUT_LIMIT - '[]'.length,
  );
  if (fitting.length < items.length) shortened(fitting.length);
  return `[${fitting.join(',')}]`;
}

/** As boundedJson, for items of one line each. */
export function boundedLines(
  lines: readonly string[],
  shortened: (shown: number) => void = () => undefined,
): string {
  const fitting = leading(lines, OUTPUT_LIMIT);
  if (fitting.length < lines.length) shortened(fitting.length);
  return fitting.join('\n');
}

/** The leading texts whose bytes, with a separator of one byte after each, fit into `limit`. */
function leading(texts: readonly string[], limit: number): string[] {
  let size = 0;
  const end = texts.findIndex((text) => {
    size += Buffer.byteLength(text) + 1;
    return size > limit;
  });
  return texts.slice(0, end === -1 ? texts.length : end);
}
