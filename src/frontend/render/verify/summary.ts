import type { SignerReport } from '../../../report/report.ts';
import type {
  ManifestVerdict,
  NotarySignatureReport,
  PlatformVerdict,
  SignatureSetReport,
  Verdict,
  VerifyReport,
} from '../../../report/verify-report.ts';
import { builderFacts } from '../builder-text.ts';
import { formatSeconds, shortDigest } from '../format.ts';
import {
  alert,
  codeBlock,
  details,
  escapeMarkdown,
  factTable,
  inlineCode,
  joinMarkdown,
  type Markdown,
  markdownTable,
  md,
  SUMMARY_LIMIT,
  withinLimit,
} from '../markdown.ts';
import { uncoveredParts } from '../uncovered.ts';
import { timeLines } from './table.ts';
import { VERDICT_WORDS, verdictText } from './verdict.ts';

/** Further layers are only in the JSON report. */
const LISTED_LAYERS = 1000;

/** The job summary of `verify`: Markdown of at most `limit` bytes. A note replaces parts that do not fit. */
export function renderVerifySummary(reports: readonly VerifyReport[], limit = SUMMARY_LIMIT): string {
  return withinLimit(reports.flatMap(imageParts), limit);
}

function imageParts(report: VerifyReport): Markdown[] {
  const { image, trustPolicy, index } = report;
  const facts: [string, Markdown][] = [
    ['Image', inlineCode(image.name ?? image.reference)],
    ['Reference', inlineCode(image.reference)],
    ['Root hashes', md`${rootHashes(report)}`],
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
        ] satisfies [string, Markdown][])),
    ...builderFacts(report),
    ['Time', md`${formatSeconds(report.seconds.total)}`],
  ];
  return [
    md`### Verification: ${image.reference}`,
    ...verdictPart(report),
    factTable(facts),
    ...(index === undefined
      ? []
      : [md`#### Index`, ...notaryParts(index.manifestSignature, index.manifestSignatures)]),
    ...report.platforms.flatMap(platformParts),
    ...uncoveredParts(report, 'Not checked'),
    ...alert('NOTE', report.notes.map(escapeMarkdown)),
  ];
}

function rootHashes({ recompute, builder }: VerifyReport): string {
  if (!recompute) return 'not recomputed';
  return builder === undefined
    ? 'not recomputed: no image was rebuilt'
    : 'compared with those of rebuilt images';
}

/** The verdict and its reason. */
function verdictPart(report: VerifyReport): Markdown[] {
  const { verdict, reason } = report;
  const line = md`**${verdictText(report)}**${reason === undefined ? '' : md`: ${reason}`}`;
  if (verdict === 'verified') return [line];
  return alert(verdict === 'skipped' ? 'WARNING' : 'CAUTION', [line]);
}

/** A verdict in a table or line, in bold unless verified. */
function word(verdict: Verdict): Markdown {
  return verdict === 'verified' ? md`${VERDICT_WORDS[verdict]}` : md`**${VERDICT_WORDS[verdict]}**`;
}

function platformParts(platform: PlatformVerdict): Markdown[] {
  const profiles = platform.profiles.map(({ profile, verdict, referrer, reason }) => [
    inlineCode(profile),
    word(verdict),
    referrer === undefined ? escapeMarkdown(reason ?? '') : inlineCode(shortDigest(referrer)),
  ]);
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) => md`**Layer ${index} is not signed**: ${reason} (${inlineCode(digest)})`,
  );
  return [
    md`#### ${platform.platform ?? 'Image'}`,
    ...(profiles.length === 0 ? [] : [markdownTable(['Profile', 'Verdict', 'Referrer or reason'], profiles)]),
    ...platform.signatures.map(setPart),
    ...alert('WARNING', [
      ...unsigned,
      ...(platform.layersLeftOut === undefined
        ? []
        : [md`**Layers were not checked**: ${platform.layersLeftOut}`]),
    ]),
    ...notaryParts(platform.manifestSignature, platform.manifestSignatures),
  ];
}

function notaryParts(
  manifest: ManifestVerdict | undefined,
  signatures: readonly NotarySignatureReport[],
): Markdown[] {
  if (manifest === undefined) return [];
  const { verdict, reason, referrer, byIndex } = manifest;
  const by = byIndex ? ', covered by the signature of the index' : '';
  const why = reason === undefined ? '' : md`: ${reason}`;
  const what = referrer === undefined ? why : md`: ${inlineCode(shortDigest(referrer))}`;
  return [md`Manifest signature: **${VERDICT_WORDS[verdict]}**${by}${what}`, ...signatures.map(notaryPart)];
}

function notaryPart(signature: NotarySignatureReport): Markdown {
  const { signer, reason, notes, referrer, verdict, format } = signature;
  const body = [
    ...(reason === undefined ? [] : [escapeMarkdown(reason)]),
    ...(signer === undefined ? [] : [signerPart(signer)]),
    ...timeLines(signature).map(escapeMarkdown),
    ...notes.map((note) => md`> ${note}`),
  ];
  const title = `${VERDICT_WORDS[verdict]}: Notary signature (${format ?? 'format unknown'}), referrer ${referrer}`;
  return details(title, joinMarkdown(body, '\n\n'), verdict !== 'verified');
}

function signerPart({ subject, keyType, fingerprint, notAfter }: SignerReport): Markdown {
  return md`Signed by ${subject} (${keyType}, valid until ${notAfter}), SHA-256 ${inlineCode(fingerprint)}`;
}

function setPart(set: SignatureSetReport): Markdown {
  const listed = set.layers.slice(0, LISTED_LAYERS);
  const layers = listed.map(({ index, digest, rootHash, verdict }) => [
    md`${index}`,
    inlineCode(shortDigest(digest)),
    inlineCode(shortDigest(rootHash)),
    word(verdict),
  ]);
  // Reasons are below the table: a full root hash in one would make it wider than the page.
  const reasons = new Set(listed.map(({ reason }) => reason));
  const [common] = reasons;
  const lines =
    reasons.size === 1 && common !== undefined
      ? [md`- **${listed.length === 1 ? 'The layer' : 'Every layer'}**: ${common}`]
      : listed.flatMap(({ index, reason }) =>
          reason === undefined ? [] : [md`- **Layer ${index}**: ${reason}`],
        );
  const whole = listed.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}\n  root hash ${rootHash}`,
  );
  const body = [
    ...(set.reason === undefined ? [] : [escapeMarkdown(set.reason)]),
    ...set.signers.map(signerPart),
    ...(lines.length === 0 ? [] : [joinMarkdown(lines, '\n')]),
    ...(layers.length === 0
      ? []
      : [
          markdownTable(['Layer', 'Digest', 'Root hash', 'Verdict'], layers, ['Layer']),
          ...(set.layers.length > LISTED_LAYERS
            ? [md`> ${set.layers.length - LISTED_LAYERS} more layers are listed in the JSON report.`]
            : []),
          codeBlock(whole.join('\n'), 'text'),
        ]),
    ...set.notes.map((note) => md`> ${note}`),
  ];
  const title = `${VERDICT_WORDS[set.verdict]}: ${set.profile ?? 'profile unknown'}, referrer ${set.referrer}`;
  return details(title, joinMarkdown(body, '\n\n'), set.verdict !== 'verified');
}
