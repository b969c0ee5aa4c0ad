import type { RootHashEntry } from '../../../report/report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { alignColumns, formatBytes } from '../format.ts';

/** The result of `root-hash` for a terminal. */
export function rootHashTable(entries: readonly RootHashEntry[]): HarmlessText {
  const rows = entries.map((entry) => [
    entry.source,
    entry.class === undefined ? entry.profile : `${entry.profile} ${entry.class}`,
    entry.digest,
    formatBytes(entry.imageSize),
    entry.rootHash,
  ]);
  const lines = alignColumns([['source', 'profile', 'layer digest', 'EROFS size', 'root hash'], ...rows]);
  return harmlessLines(lines);
}
