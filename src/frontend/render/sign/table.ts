import { withCoverage } from '../../../report/coverage-text.ts';
import type { SignReport } from '../../../report/report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { builderRows } from '../builder-text.ts';
import { alignColumns, formatBytes, formatSeconds, manifestKind } from '../format.ts';
import { uncoveredLines } from '../uncovered.ts';

/** The result of `sign` for a terminal. Digests and root hashes are complete, so that users can copy them. */
export function signTable(report: SignReport): HarmlessText {
  const { signer } = report;
  const lines = [
    ...alignColumns([
      ['image', report.image.name],
      [
        'signer',
        signer === undefined ? 'none (dry run)' : `${signer.subject} (SHA-256 ${signer.fingerprint})`,
      ],
      ...builderRows(report),
    ]),
  ];
  for (const artifact of report.artifacts) {
    lines.push(
      '',
      `${artifact.platform ?? 'unknown platform'}, profile ${artifact.profile}${classText(report, artifact)}`,
    );
    const rows = artifact.layers.map((layer) => [
      `  layer ${layer.index}`,
      layer.digest,
      formatBytes(layer.size),
      layer.rootHash,
    ]);
    lines.push(...alignColumns([['  layer', 'digest', 'size', 'root hash'], ...rows]));
    for (const skipped of artifact.skippedLayers) {
      lines.push(`  layer ${skipped.index} is NOT signed: ${skipped.reason}`);
    }
    const { referrer } = artifact;
    if (referrer !== undefined) {
      lines.push(`  referrer ${referrer.digest}${referrer.reused ? ' (already attached)' : ''}`);
    }
  }
  for (const { platform, manifest, reason } of report.layersLeftOut) {
    lines.push('', `${platform ?? manifest.digest}: layers are NOT signed: ${reason}`);
  }
  if (report.manifestSignatures.length > 0) lines.push('', ...manifestRows(report));
  lines.push(...uncoveredLines(report));
  const pushed = report.pushedTo ?? [];
  if (pushed.length > 0) lines.push('', ...pushed.map(({ reference }) => `pushed to ${reference}`));
  lines.push(
    '',
    report.dryRun
      ? `dry run done (${formatSeconds(report.seconds.total)}): nothing was signed or attached`
      : `${withCoverage('signed and attached', report)} (${formatSeconds(report.seconds.total)})`,
  );
  return harmlessLines(lines);
}

/** Notary Project signatures of manifests. */
function manifestRows({ manifestSignatures }: SignReport): string[] {
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    platform ?? manifestKind(manifest.mediaType),
    manifest.digest,
    [
      format,
      ...(expiry === undefined ? [] : [`until ${expiry}`]),
      ...(timestamped === true ? ['timestamped'] : []),
    ].join(', '),
    referrer === undefined ? 'none' : `${referrer.digest}${referrer.reused ? ' (already attached)' : ''}`,
  ]);
  return alignColumns([['manifest', 'digest', 'signature', 'referrer'], ...rows]);
}

/** The class, with the native builder: it may create several artifacts of one profile, one per class. */
function classText({ builder }: SignReport, artifact: SignReport['artifacts'][number]): string {
  return builder?.kind === 'native' ? `, class ${artifact.class}` : '';
}
