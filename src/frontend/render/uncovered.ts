import { imagesNotCovered } from '../../report/coverage-text.ts';
import type { UncoveredReport } from '../../report/report.ts';
import { alert, escapeMarkdown, inlineCode, type Markdown, markdownTable, md } from './markdown.ts';

/** Further images are only in the JSON report. */
const LISTED = 100;

/** The images of an index that no signature covers, for the job summaries. */
export function uncoveredPart(uncovered: readonly UncoveredReport[]): Markdown[] {
  if (uncovered.length === 0) return [];
  const rows = uncovered
    .slice(0, LISTED)
    .map(({ digest, platform, reason }) => [
      inlineCode(digest),
      escapeMarkdown(platform ?? ''),
      escapeMarkdown(reason),
    ]);
  const more = uncovered.length - rows.length;
  return [
    md`#### Not covered by a signature`,
    ...alert('WARNING', [md`**${imagesNotCovered(uncovered.length)}** by a signature`]),
    markdownTable(['Manifest', 'Platform', 'Reason'], rows),
    ...(more > 0 ? [md`> ${more} more images are listed in the JSON report.`] : []),
  ];
}
