import type { SignerReport } from '../../../report/report.ts';
import type {
  ManifestVerdict,
  NotarySignatureReport,
  PlatformVerdict,
  SignatureSetReport,
  VerifyReport,
} from '../../../report/verify-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { builderRows } from '../builder-text.ts';
import { alignColumns, formatSeconds } from '../format.ts';
import { uncoveredLines } from '../uncovered.ts';
import { VERDICT_WORDS, verdictText } from './verdict.ts';

/** The result of `verify` for a terminal. Digests and root hashes are complete, so that users can copy them. */
export function verifyTable(report: VerifyReport): HarmlessText {
  const { image, trustPolicy, index } = report;
  const lines = alignColumns([
    ['image', image.name ?? image.reference],
    ...builderRows(report),
    ['valid at', report.validAt],
    ...(trustPolicy === undefined
      ? []
      : [
          ['trust policy', `${trustPolicy.path}, statement "${trustPolicy.statement}", ${trustPolicy.level}`],
        ]),
  ]);
  if (index !== undefined) {
    lines.push('', `index, ${index.manifest.digest}`);
    lines.push(...notaryLines(index.manifestSignature, index.manifestSignatures));
  }
  for (const platform of report.platforms) lines.push('', ...platformLines(platform));
  lines.push(...uncoveredLines(report));
  lines.push('', ...report.notes.map((note) => `note: ${note}`), '');
  lines.push(`${verdictText(report)} (${formatSeconds(report.seconds.total)})${because(report.reason)}`);
  return harmlessLines(lines);
}

function platformLines(platform: PlatformVerdict): string[] {
  return [
    `${platform.platform ?? 'unknown platform'}, ${platform.manifest.digest}`,
    ...platform.profiles.map(
      ({ profile, verdict, reason }) => `  profile ${profile}: ${VERDICT_WORDS[verdict]}${because(reason)}`,
    ),
    ...platform.signatures.flatMap(setLines),
    ...platform.skippedLayers.map(({ index, reason }) => `  layer ${index} is NOT signed: ${reason}`),
    ...(platform.layersLeftOut === undefined ? [] : [`  layers not checked: ${platform.layersLeftOut}`]),
    ...notaryLines(platform.manifestSignature, platform.manifestSignatures),
  ];
}

function notaryLines(
  manifest: ManifestVerdict | undefined,
  signatures: readonly NotarySignatureReport[],
): string[] {
  if (manifest === undefined) return [];
  const by = manifest.byIndex ? ', covered by the signature of the index' : '';
  return [
    `  manifest signature: ${VERDICT_WORDS[manifest.verdict]}${by}${because(manifest.reason)}`,
    ...signatures.flatMap((one) => [
      `  Notary signature ${one.referrer} (${one.format ?? 'format unknown'}): ${VERDICT_WORDS[one.verdict]}${because(one.reason)}`,
      ...(one.signer === undefined ? [] : [`    ${signerLine(one.signer)}`]),
      ...timeLines(one).map((line) => `    ${line}`),
      ...one.notes.map((note) => `    note: ${note}`),
    ]),
  ];
}

/** When the manifest was signed, by which clock, when the signature expires, and the signed metadata. */
export function timeLines({
  signedAt,
  authenticTime,
  expiry,
  metadata,
}: Pick<NotarySignatureReport, 'signedAt' | 'authenticTime' | 'expiry' | 'metadata'>): string[] {
  return [
    ...(signedAt === undefined ? [] : [`signed at ${signedAt} according to the signer's clock`]),
    ...(authenticTime === undefined
      ? []
      : [`signed at ${authenticTime} according to a timestamp or signing authority`]),
    ...(expiry === undefined ? [] : [`expires at ${expiry}`]),
    ...Object.entries(metadata ?? {}).map(([key, value]) => `metadata ${key}=${value}`),
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

/** The signer's subject, key type, fingerprint and validity. */
export function signerLine({ subject, fingerprint, keyType, notBefore, notAfter }: SignerReport): string {
  return `signed by ${subject} (${keyType}, SHA-256 ${fingerprint}, valid ${notBefore} to ${notAfter})`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}
