import type { InspectedNotary, InspectedReferrer, InspectReport } from '../../../report/verify-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { count } from '../format.ts';
import { alignFacts, fitLine, fitLines, fitTable } from '../text-table.ts';
import { signerLine, timeLines } from '../verify/table.ts';

/**
 * The result of `inspect` for a terminal.
 * @param width columns; without it, digests and root hashes are complete
 */
export function inspectTable(report: InspectReport, width?: number): HarmlessText {
  const { image, manifestSignatures, platforms, skipped } = report;
  const lines = alignFacts([['image', image.name]], width);
  if (manifestSignatures !== undefined)
    lines.push('', 'index', ...fitLines(notaryLines(manifestSignatures), width));
  for (const { platform, manifest, layers, signatures, ...rest } of platforms) {
    const found =
      signatures.length === 0 ? 'no dm-verity signatures' : count(signatures.length, 'dm-verity referrer');
    const title = `${platform ?? 'unknown platform'}, ${manifest.digest}, ${count(layers, 'layer')}: ${found}`;
    lines.push('', ...fitLines([title], width));
    for (const one of signatures)
      lines.push(...fitLines(referrerLines(one), width), ...layerRows(one, width));
    lines.push(...fitLines(notaryLines(rest.manifestSignatures), width));
  }
  for (const { digest, platform, reason } of skipped) {
    lines.push(
      '',
      ...fitLines([`skipped ${digest}${platform === undefined ? '' : ` (${platform})`}: ${reason}`], width),
    );
  }
  return harmlessLines(lines);
}

function notaryLines(signatures: readonly InspectedNotary[]): string[] {
  if (signatures.length === 0) return ['  no Notary signatures'];
  return signatures.flatMap((found) => [
    `  Notary signature ${found.referrer}${found.format === undefined ? '' : ` (${found.format})`}${found.broken === undefined ? '' : `: BROKEN: ${found.broken}`}`,
    ...(found.target === undefined ? [] : [`    signs ${found.target}`]),
    ...(found.signer === undefined ? [] : [`    ${signerLine(found.signer)}`]),
    ...timeLines(found).map((line) => `    ${line}`),
    ...(found.timestamped ? ['    has a timestamp'] : []),
    ...(found.agent === undefined ? [] : [`    signing agent ${found.agent}`]),
  ]);
}

function referrerLines(found: InspectedReferrer): string[] {
  const { version, class: mkfsClass = 'unknown' } = found.erofsUtils ?? {};
  const release = version === undefined ? '' : ` ${version},`;
  return [
    `  referrer ${found.referrer}${found.broken === undefined ? '' : `: BROKEN: ${found.broken}`}`,
    ...(found.artifactFormat === undefined ? [] : [`    format ${found.artifactFormat}`]),
    ...(found.profile === undefined ? ['    profile not recorded'] : [`    profile ${found.profile}`]),
    ...(found.mkfsOptions === undefined ? [] : [`    mkfs options ${found.mkfsOptions}`]),
    ...(found.erofsUtils === undefined ? [] : [`    erofs-utils${release} class ${mkfsClass}`]),
    ...(found.created === undefined ? [] : [`    created ${found.created}`]),
    ...found.signers.map((signer) => `    ${signerLine(signer)}`),
  ];
}

function layerRows(found: InspectedReferrer, width: number | undefined): string[] {
  const rows = found.layers.map(({ layerDigest, rootHash, broken }, index) => [
    `    entry ${index}`,
    layerDigest ?? '(no layer)',
    rootHash ?? '(no root hash)',
    broken === undefined ? '' : 'BROKEN',
  ]);
  const lines = rows.map(([entry, digest, rootHash, broken]) =>
    [`${entry}: ${digest}`, `root hash ${rootHash}`, ...(broken === '' ? [] : [broken])].join(', '),
  );
  return [
    ...fitTable(rows, lines, width),
    ...found.layers.flatMap(({ broken }, index) =>
      broken === undefined ? [] : fitLine(`    entry ${index}: ${broken}`, width),
    ),
  ];
}
