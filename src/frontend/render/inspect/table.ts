import type { InspectedNotary, InspectedReferrer, InspectReport } from '../../../report/verify-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { alignColumns, count } from '../format.ts';
import { signerLine, timeLines } from '../verify/table.ts';

/** The result of `inspect` for a terminal. */
export function inspectTable({ image, manifestSignatures, platforms, skipped }: InspectReport): HarmlessText {
  const lines = [...alignColumns([['image', image.name]])];
  if (manifestSignatures !== undefined) lines.push('', 'index', ...notaryLines(manifestSignatures));
  for (const { platform, manifest, layers, signatures, ...rest } of platforms) {
    const found =
      signatures.length === 0 ? 'no dm-verity signatures' : count(signatures.length, 'dm-verity referrer');
    lines.push(
      '',
      `${platform ?? 'unknown platform'}, ${manifest.digest}, ${count(layers, 'layer')}: ${found}`,
    );
    lines.push(...signatures.flatMap(referrerLines), ...notaryLines(rest.manifestSignatures));
  }
  for (const { digest, platform, reason } of skipped) {
    lines.push('', `skipped ${digest}${platform === undefined ? '' : ` (${platform})`}: ${reason}`);
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
    ...(found.erofsUtils === undefined ? [] : [`    erofs-utils${release} class ${mkfsClass}`]),
    ...(found.created === undefined ? [] : [`    created ${found.created}`]),
    ...found.signers.map((signer) => `    ${signerLine(signer)}`),
    ...alignColumns(rows),
  ];
}
