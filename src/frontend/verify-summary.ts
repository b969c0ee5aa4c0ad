import type { SignerReport } from '../report/report.ts';
import type {
  ManifestVerdict,
  NotarySignatureReport,
  PlatformVerdict,
  SignatureSetReport,
  VerifyReport,
} from '../report/verify-report.ts';
import { builderRow } from './builder-text.ts';
import { formatSeconds, shortDigest } from './format.ts';
import {
  codeBlock,
  details,
  escapeMarkdown,
  inlineCode,
  markdownTable,
  SUMMARY_LIMIT,
  withinLimit,
} from './markdown.ts';
import { VERDICT_WORDS } from './verify-outputs.ts';
import { timeLines } from './verify-table.ts';

/** The job summary of `verify`: Markdown of at most `limit` bytes, with a note if parts are left out. */
export function renderVerifySummary(reports: readonly VerifyReport[], limit = SUMMARY_LIMIT): string {
  return withinLimit(reports.flatMap(imageParts), limit);
}

function imageParts(report: VerifyReport): string[] {
  const { image, builder, reason, trustPolicy, index } = report;
  const facts: [string, string][] = [
    ['Given as', inlineCode(image.reference)],
    ['Verdict', `**${VERDICT_WORDS[report.verdict]}**`],
    ...(reason === undefined ? [] : ([['Reason', escapeMarkdown(reason)]] satisfies [string, string][])),
    ['Root hashes', report.recompute ? 'compared with images built anew' : 'not recomputed'],
    ['Certificates valid at', escapeMarkdown(report.validAt)],
    ...(trustPolicy === undefined
      ? []
      : ([
          [
            'Trust policy',
            escapeMarkdown(
              `statement "${trustPolicy.statement}" for ${trustPolicy.scope}, ${trustPolicy.level}`,
            ),
          ],
        ] satisfies [string, string][])),
    ...(builder === undefined ? [] : [builderRow(builder).map(escapeMarkdown) as [string, string]]),
    ['Time', formatSeconds(report.seconds.total)],
  ];
  return [
    `### Verification: ${escapeMarkdown(image.reference)}`,
    markdownTable(['Image', inlineCode(image.name ?? image.reference)], facts),
    ...(index === undefined
      ? []
      : ['#### Index', ...notaryParts(index.manifestSignature, index.manifestSignatures)]),
    ...report.platforms.flatMap(platformParts),
    ...skippedPart(report),
    report.notes.map((note) => `> ${escapeMarkdown(note)}`).join('\n>\n'),
  ];
}

function platformParts(platform: PlatformVerdict): string[] {
  const profiles = platform.profiles.map(({ profile, verdict, referrer, reason }) => [
    inlineCode(profile),
    VERDICT_WORDS[verdict],
    referrer === undefined ? escapeMarkdown(reason ?? '') : inlineCode(shortDigest(referrer)),
  ]);
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) =>
      `> **Layer ${index} is not signed** (${inlineCode(digest)}): ${escapeMarkdown(reason)}`,
  );
  return [
    `#### ${escapeMarkdown(platform.platform ?? 'Image')}`,
    ...(profiles.length === 0 ? [] : [markdownTable(['Profile', 'Verdict', 'Referrer or reason'], profiles)]),
    ...platform.signatures.map(setPart),
    ...(unsigned.length === 0 ? [] : [unsigned.join('\n>\n')]),
    ...(platform.layersLeftOut === undefined
      ? []
      : [`> Layers were not looked at: ${escapeMarkdown(platform.layersLeftOut)}`]),
    ...notaryParts(platform.manifestSignature, platform.manifestSignatures),
  ];
}

function notaryParts(
  manifest: ManifestVerdict | undefined,
  signatures: readonly NotarySignatureReport[],
): string[] {
  if (manifest === undefined) return [];
  const { verdict, reason, referrer, byIndex } = manifest;
  const by = byIndex ? ', by the signature of the index' : '';
  const what = referrer === undefined ? escapeMarkdown(reason ?? '') : inlineCode(shortDigest(referrer));
  return [
    `Manifest signature: **${VERDICT_WORDS[verdict]}**${by}${what === '' ? '' : `: ${what}`}`,
    ...signatures.map(notaryPart),
  ];
}

function notaryPart(signature: NotarySignatureReport): string {
  const { signer, reason, notes, referrer, verdict, format } = signature;
  const body = [
    ...(reason === undefined ? [] : [escapeMarkdown(reason)]),
    ...(signer === undefined ? [] : [signerPart(signer)]),
    ...timeLines(signature).map(escapeMarkdown),
    ...notes.map((note) => `> ${escapeMarkdown(note)}`),
  ];
  const title = `${VERDICT_WORDS[verdict]}: Notary signature (${format ?? 'format unknown'}), referrer ${referrer}`;
  return details(title, body.join('\n\n'));
}

function signerPart({ subject, keyType, fingerprint, notAfter }: SignerReport): string {
  return `Signed by ${escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)}, SHA-256 ${inlineCode(fingerprint)}`;
}

function setPart(set: SignatureSetReport): string {
  const layers = set.layers.map(({ index, digest, rootHash, verdict, reason }) => [
    String(index),
    inlineCode(shortDigest(digest)),
    inlineCode(shortDigest(rootHash)),
    `${VERDICT_WORDS[verdict]}${reason === undefined ? '' : `: ${escapeMarkdown(reason)}`}`,
  ]);
  const whole = set.layers.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}\n  root hash ${rootHash}`,
  );
  const body = [
    ...(set.reason === undefined ? [] : [escapeMarkdown(set.reason)]),
    ...set.signers.map(signerPart),
    ...(layers.length === 0
      ? []
      : [
          markdownTable(['Layer', 'Digest', 'Root hash', 'Verdict'], layers),
          codeBlock(whole.join('\n'), 'text'),
        ]),
    ...set.notes.map((note) => `> ${escapeMarkdown(note)}`),
  ];
  const title = `${VERDICT_WORDS[set.verdict]}: ${set.profile ?? 'profile unknown'}, referrer ${set.referrer}`;
  return details(title, body.join('\n\n'));
}

function skippedPart({ skipped }: VerifyReport): string[] {
  if (skipped.length === 0) return [];
  const rows = skipped.map(({ digest, platform, reason }) => [
    inlineCode(digest),
    escapeMarkdown(platform ?? ''),
    escapeMarkdown(reason),
  ]);
  return ['#### Not checked', markdownTable(['Manifest', 'Platform', 'Reason'], rows)];
}
