import type { ExportReport } from '../../../report/node/export-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { count, shortDigest } from '../format.ts';
import { alignFacts, fitLine, fitTable } from '../text-table.ts';

/**
 * What `export` wrote, for a terminal.
 * @param width columns; without it, lines are as long as they are
 */
export function exportTable(
  { image, folder, class: of, layers }: ExportReport,
  width?: number,
): HarmlessText {
  const facts = alignFacts(
    [
      ['image', image.name],
      ['cache', `${folder} (containerd-cache, class ${of})`],
    ],
    width,
  );
  const rows = layers.map(({ diffId, rootHash, signed, outcome }) => [
    `  ${shortDigest(diffId)}`,
    `root hash ${shortDigest(rootHash)}`,
    signed ? 'signed' : 'NOT SIGNED',
    outcome,
  ]);
  const lines = rows.map((row) => row.join(', '));
  return harmlessLines([
    ...facts,
    '',
    'layers',
    ...fitTable(rows, lines, width),
    '',
    ...fitLine(conclusion(layers), width),
  ]);
}

function conclusion(layers: ExportReport['layers']): string {
  const there = layers.filter(({ outcome }) => outcome === 'already there').length;
  const signed = layers.filter(({ signed: is }) => is).length;
  const parts = [`${layers.length - there} written`, `${there} already there`, `${signed} signed`];
  return `${count(layers.length, 'layer')}: ${parts.join(', ')}`;
}
