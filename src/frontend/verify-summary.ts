import type { PlatformVerdict, SignatureSetReport, VerifyReport } from '../report/verify-report.ts';
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

/** The job summary of `verify`: Markdown of at most `limit` bytes, with a note if parts are left out. */
export function renderVerifySummary(reports: readonly VerifyReport[], limit = SUMMARY_LIMIT): string {
  return withinLimit(reports.flatMap(imageParts), limit);
}

function imageParts(report: VerifyReport): string[] {
  const { image, builder, reason } = report;
  const facts: [string, string][] = [
    ['Given as', inlineCode(image.reference)],
    ['Verdict', `**${VERDICT_WORDS[report.verdict]}**`],
    ...(reason === undefined ? [] : ([['Reason', escapeMarkdown(reason)]] satisfies [string, string][])),
    ['Root hashes', report.recompute ? 'compared with images built anew' : 'not recomputed'],
    ['Certificates valid at', escapeMarkdown(report.validAt)],
    ...(builder === undefined
      ? []
      : ([['mkfs.erofs', escapeMarkdown(`${builder.version}, class ${builder.class}`)]] satisfies [
          string,
          string,
        ][])),
    ['Time', formatSeconds(report.seconds.total)],
  ];
  return [
    `### Verification: ${escapeMarkdown(image.reference)}`,
    markdownTable(['Image', inlineCode(image.name ?? image.reference)], facts),
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
    markdownTable(['Profile', 'Verdict', 'Referrer or reason'], profiles),
    ...platform.signatures.map(setPart),
    ...(unsigned.length === 0 ? [] : [unsigned.join('\n>\n')]),
  ];
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
    ...set.signers.map(
      ({ subject, keyType, fingerprint, notAfter }) =>
        `Signed by ${escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)}, SHA-256 ${inlineCode(fingerprint)}`,
    ),
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
