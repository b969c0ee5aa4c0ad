import type { SignerReport } from '../report/report.ts';
import type { PlatformVerdict, SignatureSetReport, VerifyReport } from '../report/verify-report.ts';
import { alignColumns, formatSeconds } from './format.ts';
import { printableLines } from './printable.ts';
import { VERDICT_WORDS } from './verify-outputs.ts';

/** The result of `verify` for a terminal: whole digests and root hashes, so that they can be copied. */
export function verifyTable(report: VerifyReport): string {
  const { image, builder } = report;
  const lines = alignColumns([
    ['image', image.name ?? image.reference],
    ...(builder === undefined ? [] : [['mkfs.erofs', `${builder.version}, class ${builder.class}`]]),
    ['valid at', report.validAt],
  ]);
  for (const platform of report.platforms) lines.push('', ...platformLines(platform));
  for (const { digest, platform, reason } of report.skipped) {
    lines.push('', `skipped ${digest}${platform === undefined ? '' : ` (${platform})`}: ${reason}`);
  }
  lines.push('', ...report.notes.map((note) => `note: ${note}`), '');
  lines.push(
    `${VERDICT_WORDS[report.verdict]} in ${formatSeconds(report.seconds.total)}${because(report.reason)}`,
  );
  return `${printableLines(lines)}\n`;
}

function platformLines(platform: PlatformVerdict): string[] {
  return [
    `${platform.platform ?? 'unknown platform'}, ${platform.manifest.digest}`,
    ...platform.profiles.map(
      ({ profile, verdict, reason }) => `  profile ${profile}: ${VERDICT_WORDS[verdict]}${because(reason)}`,
    ),
    ...platform.signatures.flatMap(setLines),
    ...platform.skippedLayers.map(({ index, reason }) => `  layer ${index} is NOT signed: ${reason}`),
  ];
}

function setLines(set: SignatureSetReport): string[] {
  const rows = set.layers.map(({ index, digest, rootHash, verdict, reason }) => [
    `    layer ${index}`,
    digest,
    rootHash,
    `${VERDICT_WORDS[verdict]}${because(reason)}`,
  ]);
  return [
    `  referrer ${set.referrer} (${set.profile ?? 'profile unknown'}): ${VERDICT_WORDS[set.verdict]}${because(set.reason)}`,
    ...set.signers.map((signer) => `    ${signerLine(signer)}`),
    ...alignColumns(rows),
    ...set.notes.map((note) => `    note: ${note}`),
  ];
}

/** Who signed, and how to tell. */
export function signerLine({ subject, fingerprint, keyType, notBefore, notAfter }: SignerReport): string {
  return `signed by ${subject} (${keyType}, SHA-256 ${fingerprint}, valid ${notBefore} to ${notAfter})`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}
