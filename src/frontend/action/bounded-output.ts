import { harmlessJson } from '../output/foreign-text.ts';

/**
 * Bytes of one output. Workflows pass outputs on as environment variables, and Linux takes no more than 128 KiB
 * for one, with its name. [execve(2), MAX_ARG_STRLEN]
 */
const OUTPUT_LIMIT = 120 * 1024;

/** Gets a line about each output that does not have all items. */
export type Warn = (line: string) => void;

/**
 * A JSON array on one line, of the leading items that fit. Workflows print outputs, and items have foreign text.
 * @param name of the output
 */
export function boundedJson(name: string, items: readonly unknown[], warn: Warn): string {
  const texts = items.map((item) => harmlessJson(JSON.stringify(item)));
  return `[${leading(name, texts, OUTPUT_LIMIT - '[]'.length, warn).join(',')}]`;
}

/** As boundedJson, for items of one line each. */
export function boundedLines(name: string, lines: readonly string[], warn: Warn): string {
  return leading(name, lines, OUTPUT_LIMIT, warn).join('\n');
}

/** The leading texts whose bytes, with a separator of one byte after each, fit into `limit`. */
function leading(name: string, texts: readonly string[], limit: number, warn: Warn): readonly string[] {
  let size = 0;
  const end = texts.findIndex((text) => {
    size += Buffer.byteLength(text) + 1;
    return size > limit;
  });
  if (end === -1) return texts;
  warn(
    `output ${name} has the first ${end} of ${texts.length} items: an output is limited to ${OUTPUT_LIMIT / 1024} KiB. Read the others from the report (output report-path)`,
  );
  return texts.slice(0, end);
}
