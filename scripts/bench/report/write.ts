import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../tools/common.ts';

const BEGIN = '<!-- bench:begin: made by npm run bench -->';
const END = '<!-- bench:end -->';

/** Replaces the text between the markers. Error (`environment`): the markers are missing. */
export function between(page: string, generated: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) {
    throw failure(`docs/performance.md has no ${BEGIN} and ${END}`, 'Restore them where the tables belong');
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${generated}\n\n${page.slice(end)}`;
}

export interface Report {
  markdown: string;
  /** SVG; undefined if none of its values was measured. */
  chart: string | undefined;
  /** Everything that was measured, for later comparison. */
  raw: unknown;
}

/** Writes the report into a folder. */
export async function writeReport(folder: string, { markdown, chart, raw }: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'performance.md'), `# Benchmark\n\n${markdown}\n`);
  if (chart !== undefined) await writeFile(join(folder, 'performance.svg'), chart);
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(raw, undefined, 1)}\n`);
}

/** Puts the tables and the chart of a whole run into the documentation. */
export async function writeDocs(docs: string, { markdown, chart }: Report): Promise<void> {
  const path = join(docs, 'performance.md');
  await writeFile(path, between(await readFile(path, 'utf8'), markdown));
  if (chart !== undefined) await writeFile(join(docs, 'performance.svg'), chart);
}
