import { imagesNotCovered } from '../../report/coverage-text.ts';
import type { SignReport, UncoveredReport } from '../../report/report.ts';
import type { VerifyReport } from '../../report/verify-report.ts';
import { alert, escapeMarkdown, inlineCode, type Markdown, markdownTable, md } from './markdown.ts';

/** What reports say about entries of an index that were not processed. Uncovered images are among the skipped. */
type Rest = Pick<SignReport | VerifyReport, 'uncovered' | 'skipped'>;

/** Further entries are only in the JSON report. */
const LISTED = 100;

/** The images of an index that no signature covers, and then its other skipped entries, for a terminal. */
export function uncoveredLines(report: Rest): string[] {
  return [
    ...report.uncovered.flatMap(({ digest, platform, reason }) => [
      '',
      `${platform ?? 'image'}, ${digest}`,
      `  not covered by a signature: ${reason}`,
    ]),
    ...otherSkipped(report).flatMap(({ digest, platform, reason }) => [
      '',
      `skipped ${digest}${platform === undefined ? '' : ` (${platform})`}: ${reason}`,
    ]),
  ];
}

/**
 * The same for a job summary.
 * @param title heading of the other skipped entries
 */
export function uncoveredParts(report: Rest, title: string): Markdown[] {
  const { uncovered } = report;
  const skipped = otherSkipped(report);
  return [
    ...(uncovered.length === 0
      ? []
      : [
          md`#### Not covered by a signature`,
          ...alert('WARNING', [md`**${imagesNotCovered(uncovered.length)}** by a signature`]),
          ...entryTable(uncovered, 'images'),
        ]),
    ...(skipped.length === 0 ? [] : [md`#### ${title}`, ...entryTable(skipped, 'entries')]),
  ];
}

function otherSkipped({ uncovered, skipped }: Rest): Rest['skipped'] {
  const images = new Set(uncovered.map(({ digest }) => digest));
  return skipped.filter(({ digest }) => !images.has(digest));
}

function entryTable(entries: readonly UncoveredReport[], noun: string): Markdown[] {
  const rows = entries
    .slice(0, LISTED)
    .map(({ digest, platform, reason }) => [
      inlineCode(digest),
      escapeMarkdown(platform ?? ''),
      escapeMarkdown(reason),
    ]);
  const more = entries.length - rows.length;
  return [
    markdownTable(['Manifest', 'Platform', 'Reason'], rows),
    ...(more > 0 ? [md`> ${more} more ${noun} are listed in the JSON report.`] : []),
  ];
}
