import { formatBytes } from '../../../lib/format-bytes.ts';
import { cacheCommand, containerdVersions, nodeSettings } from '../../../report/node/node-settings.ts';
import type { ArtifactReport, LayerReport, SignReport } from '../../../report/report.ts';
import { builderFacts, classText } from '../builder-text.ts';
import { formatSeconds, manifestKind, shortDigest, shortDigests } from '../format.ts';
import {
  alert,
  codeBlock,
  details,
  escapeMarkdown,
  FOLDED_LAYERS,
  factTable,
  inlineCode,
  joinMarkdown,
  LISTED_LAYERS,
  type Markdown,
  markdownTable,
  md,
  SUMMARY_LIMIT,
  withinLimit,
} from '../markdown.ts';
import { preflightParts } from '../preflight/summary.ts';
import { uncoveredParts } from '../uncovered.ts';
import { discoverCommand, notationCommands, verifyCommands } from './check-commands.ts';
import { fractionalTimesPart } from './fractional-times.ts';

/** The job summary of `sign`: Markdown of at most `limit` bytes. A note replaces parts that do not fit. */
export function renderSummary(reports: readonly SignReport[], limit = SUMMARY_LIMIT): string {
  return withinLimit(reports.flatMap(imageParts), limit);
}

function imageParts(report: SignReport): Markdown[] {
  const { signer, image } = report;
  const title = titleOf(report);
  const facts: [string, Markdown][] = [
    ['Image', inlineCode(image.name)],
    ['Reference', inlineCode(image.reference)],
    ...(signer === undefined
      ? []
      : ([
          ['Signer', md`${signer.subject}`],
          ['Fingerprint', md`SHA-256 ${inlineCode(signer.fingerprint)}`],
          [
            'Key',
            escapeMarkdown(
              [signer.keyType, ...holderOf(signer), `valid until ${signer.notAfter}`].join(', '),
            ),
          ],
        ] satisfies [string, Markdown][])),
    ...(report.pushedTo ?? []).map(({ reference }): [string, Markdown] => [
      'Pushed to',
      inlineCode(reference),
    ]),
    ...builderFacts(report),
    ['Time', md`${formatSeconds(report.seconds.total)}`],
  ];
  return [
    md`### ${title}: ${shortDigests(image.reference)}`,
    factTable(facts),
    ...(report.preflight === undefined ? [] : preflightParts(report.preflight)),
    ...report.artifacts.flatMap((artifact) => artifactParts(report, artifact)),
    ...unsignedLayersPart(report),
    ...manifestParts(report),
    ...uncoveredParts(report, 'Not signed'),
    ...configurationPart(report),
    ...fractionalTimesPart(report),
    ...settingsParts(report),
  ];
}

/** With the verdict of preflight, which decides whether the image is published. */
function titleOf(report: SignReport): string {
  const { preflight } = report;
  const signed = signedTitle(report);
  if (preflight === undefined) return signed;
  return `${preflight.passed ? signed : signed.replace('✅', '❌')}, ${preflight.summary}`;
}

function signedTitle({ dryRun, artifacts, manifestSignatures }: SignReport): string {
  const layers = artifacts.length > 0;
  if (dryRun) return layers ? 'Root hashes (dry run, nothing signed)' : 'Dry run, nothing signed';
  if (!layers) return '✅ Signed manifests';
  return manifestSignatures.length > 0 ? '✅ Signed layers and manifests' : '✅ Signed layers';
}

const HOLDERS: Readonly<Partial<Record<string, string>>> = {
  'aws-kms': 'AWS KMS',
  'azure-key-vault': 'Azure Key Vault',
  'google-kms': 'Google Cloud KMS',
  vault: 'Vault transit',
  'notation-plugin': 'notation plugin',
  pkcs12: 'PKCS#12',
};

/** The name of the key holder; none for a local PEM key. */
function holderOf({ holder }: SignReport['signer'] & object): string[] {
  const name = HOLDERS[holder ?? ''];
  return name === undefined ? [] : [name];
}

/** Notary Project signatures of manifests. */
function manifestParts(report: SignReport): Markdown[] {
  const { manifestSignatures, dryRun } = report;
  if (manifestSignatures.length === 0) return [];
  const commands = notationCommands(report);
  const rows = manifestSignatures.map(({ platform, manifest, format, referrer, expiry, timestamped }) => [
    md`${platform ?? manifestKind(manifest.mediaType)}`,
    inlineCode(shortDigest(manifest.digest)),
    escapeMarkdown(
      [
        format.toUpperCase(),
        ...(expiry === undefined ? [] : [`until ${expiry}`]),
        ...(timestamped === true ? ['timestamped'] : []),
      ].join(', '),
    ),
    referrer === undefined
      ? md``
      : md`${inlineCode(shortDigest(referrer.digest))}${referrer.reused ? md` (already attached)` : ''}`,
  ]);
  return [
    md`#### Manifest signatures`,
    markdownTable(['Manifest', 'Digest', 'Signature', 'Referrer'], rows),
    ...(dryRun || commands.length === 0
      ? []
      : [details('Verify with notation', codeBlock(commands.join('\n'), 'sh'))]),
  ];
}

function unsignedLayersPart({ layersLeftOut }: SignReport): Markdown[] {
  return alert(
    'WARNING',
    layersLeftOut.map(
      ({ platform, manifest, reason }) =>
        md`**${platform ?? 'Image'}: layers are not signed**: ${reason} (${inlineCode(manifest.digest)})`,
    ),
  );
}

function artifactParts(report: SignReport, artifact: ArtifactReport): Markdown[] {
  const { referrer, layers } = artifact;
  const commands = [discoverCommand(report, artifact), ...verifyCommands(report, artifact)];
  const listed = layers.slice(0, LISTED_LAYERS);
  const table = markdownTable(
    ['Layer', 'Digest', 'Size', 'EROFS size', 'Root hash', 'Time'],
    listed.map(layerRow),
    ['Layer', 'Size', 'EROFS size', 'Time'],
  );
  return [
    md`#### ${artifact.platform ?? 'Image'}, profile ${inlineCode(artifact.profile)}${classText(report, artifact)}`,
    ...(referrer === undefined
      ? []
      : [
          md`Signatures ${referrer.reused ? 'already attached' : 'attached'}: ${inlineCode(referrer.digest)}`,
        ]),
    ...warnings(artifact),
    layers.length > FOLDED_LAYERS ? details(sizesOf(layers), table) : table,
    ...alert(
      'NOTE',
      layers.length > listed.length
        ? [md`**${layers.length - listed.length} more layers** are listed in the JSON report.`]
        : [],
    ),
    details('Full digests and root hashes', codeBlock(listed.map(layerLines).join('\n'), 'text')),
    ...(report.dryRun
      ? []
      : [details('Inspect the signatures and verify one', codeBlock(commands.join('\n'), 'sh'))]),
  ];
}

/** `200 layers, 1.2 GB`. */
function sizesOf(layers: readonly LayerReport[]): string {
  return `${layers.length} layers, ${formatBytes(layers.reduce((sum, { size }) => sum + size, 0))}`;
}

function layerRow(layer: LayerReport): Markdown[] {
  return [
    md`${layer.index}`,
    inlineCode(shortDigest(layer.digest)),
    md`${formatBytes(layer.size)}`,
    md`${formatBytes(layer.erofsSize)}`,
    inlineCode(shortDigest(layer.rootHash)),
    layer.sameAs === undefined
      ? md`${formatSeconds(layer.seconds.build + layer.seconds.verity)}`
      : md`same as layer ${layer.sameAs}`,
  ];
}

function layerLines(layer: LayerReport): string {
  const signature = layer.signatureDigest === undefined ? '' : `\n  signature ${layer.signatureDigest}`;
  return `layer ${layer.index} ${layer.digest}\n  root hash ${layer.rootHash}${signature}`;
}

function warnings(artifact: ArtifactReport): Markdown[] {
  return alert('WARNING', [
    ...artifact.skippedLayers.map(
      (layer) => md`**Layer ${layer.index} is not signed**: ${layer.reason} (${inlineCode(layer.digest)})`,
    ),
    ...artifact.layers
      .filter((layer) => layer.dropped.count > 0)
      .map(
        (layer) =>
          md`**Layer ${layer.index}: mkfs.erofs omits or alters ${layer.dropped.count} ${
            layer.dropped.count === 1 ? 'entry' : 'entries'
          }**, on the node as well: ${joinMarkdown(layer.dropped.examples.map(inlineCode), ', ')}`,
      ),
  ]);
}

function configurationPart({ configurationCovered }: SignReport): Markdown[] {
  if (configurationCovered) return [];
  return alert('NOTE', [
    md`**Configuration not covered**: signatures of layers cover neither entrypoint, user and environment, nor which layers belong together. Set ${inlineCode('manifest-signature')} for every release.`,
  ]);
}

/** The settings of each profile, once for all platforms. */
function settingsParts(report: SignReport): Markdown[] {
  const byProfile = new Map(report.artifacts.map((artifact) => [artifact.profile, artifact]));
  return [...byProfile.values()].map((artifact) => {
    const own = report.artifacts.filter(({ profile }) => profile === artifact.profile);
    const classes = [...new Set(own.flatMap((one) => one.class ?? []))];
    const settings = nodeSettings(artifact.profile, artifact.mkfsOptions);
    const commands =
      artifact.profile === 'containerd-cache' ? [codeBlock(cacheCommand(artifact.mkfsOptions), 'sh')] : [];
    const body = [
      classes.length === 0
        ? md`All layers are EROFS images: a node needs no mkfs.erofs, and its options and class do not matter. containerd takes such layers from 2.3 on.`
        : md`A node computes these root hashes only with these options and an erofs-utils of class ${classes.join(' or ')}. Other classes produce different root hashes for layers with extended attributes or timestamps that have fractions of a second, which are common. ${containerdVersions(artifact.profile)}`,
      ...(settings === undefined ? [] : [codeBlock(settings, 'toml')]),
      ...commands,
    ];
    return details(
      `${settings === undefined ? 'Node' : 'containerd settings'} for profile ${artifact.profile}`,
      joinMarkdown(body, '\n\n'),
    );
  });
}
