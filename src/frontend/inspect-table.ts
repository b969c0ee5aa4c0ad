import type { InspectedReferrer, InspectReport } from '../report/verify-report.ts';
import { alignColumns } from './format.ts';
import { printableLines } from './printable.ts';
import { signerLine } from './verify-table.ts';

/** The result of `inspect` for a terminal. */
export function inspectTable({ image, platforms, skipped }: InspectReport): string {
  const lines = [...alignColumns([['image', image.name]])];
  for (const { platform, manifest, layers, signatures } of platforms) {
    const count =
      signatures.length === 0 ? 'no dm-verity signatures' : `${signatures.length} dm-verity referrers`;
    lines.push('', `${platform ?? 'unknown platform'}, ${manifest.digest}, ${layers} layers: ${count}`);
    lines.push(...signatures.flatMap(referrerLines));
  }
  for (const { digest, platform, reason } of skipped) {
    lines.push('', `skipped ${digest}${platform === undefined ? '' : ` (${platform})`}: ${reason}`);
  }
  return `${printableLines(lines)}\n`;
}

function referrerLines(found: InspectedReferrer): string[] {
  const { version = 'unknown', class: mkfsClass = 'unknown' } = found.erofsUtils ?? {};
  const rows = found.layers.map(({ layerDigest, rootHash, broken }, index) => [
    `    entry ${index}`,
    layerDigest ?? '(no layer)',
    rootHash ?? '(no root hash)',
    broken === undefined ? '' : `BROKEN: ${broken}`,
  ]);
  return [
    `  referrer ${found.referrer}${found.broken === undefined ? '' : `: BROKEN: ${found.broken}`}`,
    ...(found.profile === undefined ? ['    profile not recorded'] : [`    profile ${found.profile}`]),
    ...(found.mkfsOptions === undefined ? [] : [`    mkfs options ${found.mkfsOptions}`]),
    ...(found.erofsUtils === undefined ? [] : [`    erofs-utils ${version}, class ${mkfsClass}`]),
    ...(found.created === undefined ? [] : [`    created ${found.created}`]),
    ...found.signers.map((signer) => `    ${signerLine(signer)}`),
    ...alignColumns(rows),
  ];
}
