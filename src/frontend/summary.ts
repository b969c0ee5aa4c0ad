import type { ArtifactReport, LayerReport, SignReport } from '../report/report.ts';
import { builderRow } from './builder-text.ts';
import { discoverCommand, notationCommands, verifyCommands } from './commands.ts';
import { formatBytes, formatSeconds, manifestKind, shortDigest } from './format.ts';
import {
  codeBlock,
  details,
  escapeMarkdown,
  inlineCode,
  markdownTable,
  SUMMARY_LIMIT,
  withinLimit,
} from './markdown.ts';
import { cacheCommand, nodeSettings } from './node-settings.ts';

/** The job summary: Markdown of at most `limit` bytes. Parts that do not fit are left out, with a note. */
export function renderSummary(reports: readonly SignReport[], limit = SUMMARY_LIMIT): string {
  return withinLimit(reports.flatMap(imageParts), limit);
}

function imageParts(report: SignReport): string[] {
  const { signer, builder, image } = report;
  const title = titleOf(report);
  const facts: [string, string][] = [
    ['Given as', inlineCode(image.reference)],
    ...(signer === undefined
      ? []
      : ([
          ['Signer', escapeMarkdown(signer.subject)],
          ['Fingerprint (SHA-256)', inlineCode(signer.fingerprint)],
          [
            'Key',
            escapeMarkdown(
              [signer.keyType, ...holderOf(signer), `valid until ${signer.notAfter}`].join(', '),
            ),
          ],
        ] satisfies [string, string][])),
    ...(report.pushed === undefined
      ? []
      : ([['Pushed to', inlineCode(report.pushed.reference)]] satisfies [string, string][])),
    ...(builder === undefined ? [] : [builderRow(builder).map(escapeMarkdown) as [string, string]]),
    ['Time', formatSeconds(report.seconds.total)],
  ];
  return [
    `### ${title}: ${escapeMarkdown(image.reference)}`,
    markdownTable(['Image', inlineCode(image.name)], facts),
    ...report.artifacts.flatMap((artifact) => artifactParts(report, artifact)),
    ...leftOutPart(report),
    ...manifestParts(report),
    ...skippedPart(report),
    ...settingsParts(report),
  ];
}

function titleOf({ dryRun, artifacts, manifestSignatures }: SignReport): string {
  const layers = artifacts.length > 0;
  if (dryRun) return layers ? 'Root hashes (dry run, nothing signed)' : 'Dry run, nothing signed';
  if (!layers) return 'Signed manifests';
  return manifestSignatures.length > 0 ? 'Signed layers and manifests' : 'Signed layers';
}

const HOLDERS: Readonly<Partial<Record<string, string>>> = {
  'aws-kms': 'AWS KMS',
  'azure-key-vault': 'Azure Key Vault',
  'google-kms': 'Google Cloud KMS',
  vault: 'Vault transit',
  'notation-plugin': 'notation plugin',
  pkcs12: 'PKCS#12',
};

/** Where the key is; a local PEM key needs no word. */
function holderOf({ holder }: SignReport['signer'] & object): string[] {
  const name = HOLDERS[holder ?? ''];
  return name === undefined ? [] : [name];
}

/** Notary Project signatures of manifests. */
function manifestParts(report: SignReport): string[] {
  const { manifestSignatures, dryRun } = report;
  if (manifestSignatures.length === 0) return [];
  const commands = notationCommands(report);
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    escapeMarkdown(platform ?? manifestKind(manifest.mediaType)),
    inlineCode(shortDigest(manifest.digest)),
    [
      escapeMarkdown(format.toUpperCase()),
      ...(expiry === undefined ? [] : [escapeMarkdown(`until ${expiry}`)]),
      ...(timestamped === true ? ['timestamped'] : []),
    ].join(', '),
    referrer === undefined
      ? ''
      : `${inlineCode(shortDigest(referrer.digest))}${referrer.reused ? ' (was there already)' : ''}`,
  ]);
  return [
    '#### Manifest signatures',
    markdownTable(['Manifest', 'Digest', 'Signature', 'Referrer'], rows),
    ...(dryRun || commands.length === 0
      ? []
      : [details('Verify with notation', codeBlock(commands.join('\n'), 'sh'))]),
  ];
}

function leftOutPart({ layersLeftOut }: SignReport): string[] {
  const lines = layersLeftOut.map(
    ({ platform, manifest, reason }) =>
      `> **${escapeMarkdown(platform ?? 'Image')}: layers are not signed** (${inlineCode(manifest.digest)}): ${escapeMarkdown(reason)}`,
  );
  return lines.length === 0 ? [] : [lines.join('\n>\n')];
}

function artifactParts(report: SignReport, artifact: ArtifactReport): string[] {
  const { referrer } = artifact;
  const commands = [discoverCommand(report, artifact), ...verifyCommands(report, artifact)];
  return [
    `#### ${escapeMarkdown(artifact.platform ?? 'Image')}, profile ${inlineCode(artifact.profile)}${classText(report, artifact)}`,
    ...(referrer === undefined
      ? []
      : [
          `Signatures ${referrer.reused ? 'were there already' : 'attached'}: ${inlineCode(referrer.digest)}`,
        ]),
    markdownTable(
      ['Layer', 'Digest', 'Size', 'EROFS size', 'Root hash', 'Time'],
      artifact.layers.map(layerRow),
    ),
    ...warnings(artifact),
    details(
      'Complete digests and root hashes',
      codeBlock(artifact.layers.map(layerLines).join('\n'), 'text'),
    ),
    ...(report.dryRun
      ? []
      : [details('Look at the signatures and check one', codeBlock(commands.join('\n'), 'sh'))]),
  ];
}

/** Where there may be several of a profile. */
function classText({ builder }: SignReport, artifact: ArtifactReport): string {
  return builder?.kind === 'native' ? `, class ${escapeMarkdown(artifact.class)}` : '';
}

function layerRow(layer: LayerReport): string[] {
  return [
    String(layer.index),
    inlineCode(shortDigest(layer.digest)),
    formatBytes(layer.size),
    formatBytes(layer.erofsSize),
    inlineCode(shortDigest(layer.rootHash)),
    layer.sameAs === undefined
      ? formatSeconds(layer.seconds.build + layer.seconds.verity)
      : `as layer ${layer.sameAs}`,
  ];
}

function layerLines(layer: LayerReport): string {
  const signature = layer.signatureDigest === undefined ? '' : `\n  signature ${layer.signatureDigest}`;
  return `layer ${layer.index} ${layer.digest}\n  root hash ${layer.rootHash}${signature}`;
}

function warnings(artifact: ArtifactReport): string[] {
  const lines = [
    ...artifact.skippedLayers.map(
      (layer) =>
        `> **Layer ${layer.index} is not signed** (${inlineCode(layer.digest)}): ${escapeMarkdown(layer.reason)}`,
    ),
    ...artifact.layers
      .filter((layer) => layer.dropped.count > 0)
      .map(
        (layer) =>
          `> **Layer ${layer.index}: mkfs.erofs left out or altered ${layer.dropped.count} ` +
          `${layer.dropped.count === 1 ? 'entry' : 'entries'}**, on the node too: ` +
          layer.dropped.examples.map(inlineCode).join(', '),
      ),
  ];
  return lines.length === 0 ? [] : [lines.join('\n>\n')];
}

function skippedPart(report: SignReport): string[] {
  if (report.skipped.length === 0) return [];
  const rows = report.skipped.map((entry) => [
    inlineCode(entry.digest),
    escapeMarkdown(entry.platform ?? ''),
    escapeMarkdown(entry.reason),
  ]);
  return ['#### Not signed', markdownTable(['Manifest', 'Platform', 'Reason'], rows)];
}

/** Settings once for each profile, however many platforms have it. */
function settingsParts(report: SignReport): string[] {
  const byProfile = new Map(report.artifacts.map((artifact) => [artifact.profile, artifact]));
  return [...byProfile.values()].map((artifact) => {
    const own = report.artifacts.filter(({ profile }) => profile === artifact.profile);
    const classes = [...new Set(own.map((one) => one.class))];
    const commands =
      artifact.profile === 'containerd-cache' ? [codeBlock(cacheCommand(artifact.mkfsOptions), 'sh')] : [];
    const body = [
      'A node computes these root hashes only with the same options and an erofs-utils with the same output: ' +
        `here class ${escapeMarkdown(classes.join(', '))}. Other classes differ for layers with extended attributes or unusual times.`,
      codeBlock(nodeSettings(artifact.profile, artifact.mkfsOptions), 'toml'),
      ...commands,
    ];
    return details(`containerd settings for profile ${artifact.profile}`, body.join('\n\n'));
  });
}
