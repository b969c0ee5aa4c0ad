import { formatBytes } from '../../../lib/format-bytes.ts';
import { withCoverage } from '../../../report/coverage-text.ts';
import type { ArtifactReport, SignReport } from '../../../report/report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { builderRows, classText } from '../builder-text.ts';
import { formatSeconds, manifestKind } from '../format.ts';
import { alignFacts, fitLine, fitLines, fitTable } from '../text-table.ts';
import { uncoveredLines } from '../uncovered.ts';

/**
 * The result of `sign` for a terminal.
 * @param width columns; without it, digests and root hashes are complete, so that users can copy them
 */
export function signTable(report: SignReport, width?: number): HarmlessText {
  const { signer } = report;
  const facts = alignFacts(
    [
      ['image', report.image.name],
      [
        'signer',
        signer === undefined ? 'none (dry run)' : `${signer.subject} (SHA-256 ${signer.fingerprint})`,
      ],
      ...builderRows(report),
    ],
    width,
  );
  const leftOut = report.layersLeftOut.flatMap(({ platform, manifest, reason }) => [
    '',
    `${platform ?? manifest.digest}: layers are not signed: ${reason}`,
  ]);
  const pushed = report.pushedTo ?? [];
  const done = report.dryRun
    ? `dry run done (${formatSeconds(report.seconds.total)}): nothing was signed or attached`
    : `${withCoverage('signed and attached', report)} (${formatSeconds(report.seconds.total)})`;
  return harmlessLines([
    ...facts,
    ...report.artifacts.flatMap((artifact) => artifactLines(report, artifact, width)),
    ...fitLines(leftOut, width),
    ...manifestLines(report, width),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(
      pushed.length === 0 ? [] : ['', ...pushed.map(({ reference }) => `pushed to ${reference}`)],
      width,
    ),
    ...fitLines(['', done], width),
  ]);
}

function artifactLines(report: SignReport, artifact: ArtifactReport, width: number | undefined): string[] {
  const { platform, profile, layers, skippedLayers, referrer } = artifact;
  const rows = layers.map((layer) => [
    `  layer ${layer.index}`,
    layer.digest,
    formatBytes(layer.size),
    layer.rootHash,
  ]);
  const lines = rows.map(
    ([name, digest, size, rootHash]) => `${name}: ${digest}, ${size}, root hash ${rootHash}`,
  );
  return [
    '',
    ...fitLine(
      `${platform ?? 'unknown platform'}, profile ${profile}${classText(report, artifact)}${artifact.artifactFormat === undefined ? '' : `, format ${artifact.artifactFormat}`}`,
      width,
    ),
    ...fitTable([['  layer', 'digest', 'size', 'root hash'], ...rows], lines, width),
    ...skippedLayers.flatMap(({ index, reason }) =>
      fitLine(`  layer ${index} is not signed: ${reason}`, width),
    ),
    ...(referrer === undefined
      ? []
      : fitLine(`  referrer ${referrer.digest}${referrer.reused ? ' (already attached)' : ''}`, width)),
  ];
}

/** Notary Project signatures of manifests. */
function manifestLines({ manifestSignatures }: SignReport, width: number | undefined): string[] {
  if (manifestSignatures.length === 0) return [];
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
  const lines = rows.map(
    ([name, digest, signature, referrer]) =>
      `manifest ${name}, ${digest}: ${signature}, referrer ${referrer}`,
  );
  return ['', ...fitTable([['manifest', 'digest', 'signature', 'referrer'], ...rows], lines, width)];
}
