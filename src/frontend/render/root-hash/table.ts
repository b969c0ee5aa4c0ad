import type { RootHashEntry } from '../../../report/report.ts';
import { printable } from '../../output/printable.ts';
import { alignColumns, formatBytes } from '../format.ts';

/** The result of `root-hash` for a terminal. */
export function rootHashTable(entries: readonly RootHashEntry[]): string {
  const rows = entries.map((entry) => [
    entry.source,
    entry.class === undefined ? entry.profile : `${entry.profile} ${entry.class}`,
    entry.digest,
    formatBytes(entry.imageSize),
    entry.rootHash,
  ]);
  const lines = alignColumns([['source', 'profile', 'layer digest', 'EROFS size', 'root hash'], ...rows]);
  return `${printable(lines.join('\n'))}\n`;
}
