import { formatBytes } from '../../../lib/format-bytes.ts';
import type { RootHashEntry } from '../../../report/report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';

import { fitTable } from '../text-table.ts';

/**
 * The result of `root-hash` for a terminal.
 * @param width columns; without it, digests and root hashes are complete
 */
export function rootHashTable(entries: readonly RootHashEntry[], width?: number): HarmlessText {
  const rows = entries.map((entry) => [
    entry.source,
    entry.class === undefined ? entry.profile : `${entry.profile} ${entry.class}`,
    entry.digest,
    formatBytes(entry.imageSize),
    entry.rootHash,
  ]);
  const header = ['source', 'profile', 'layer digest', 'EROFS size', 'root hash'];
  const lines = rows.map(
    ([source, profile, digest, size, rootHash]) =>
      `${source}, ${profile}, layer ${digest}, ${size}, root hash ${rootHash}`,
  );
  return harmlessLines(fitTable([header, ...rows], lines, width, 0));
}
