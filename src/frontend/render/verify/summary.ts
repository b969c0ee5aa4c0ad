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
import { count, formatSeconds, shortDigest, shortDigests } from '../format.ts';
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
import { uncoveredParts } from '../uncovered.ts';
import { imageReason, layerReasons, saysAlready } from './reasons.ts';
import { timeLines } from './table.ts';
import { layerWord, manifestWord, VERDICT_WORDS, verdictText, verifiedSigners } from './verdict.ts';

/** Before a verdict. All are emoji without a variation selector, which would be escaped. */
const ICONS: Readonly<Record<Verdict, string>> = {
  verified: '✅',
  invalid: '❌',
  'not-trusted': '❌',
  'not-signed': '❌',
  unchecked: '❓',
  skipped: '⏩',
};

/** Images of the overview, and signers that its lines name. */
const MOST_IMAGES = 100;
const MOST_SIGNERS = 3;

/** The job summary of `verify`: Markdown of at most `limit` bytes. A note replaces parts that do not fit. */
export function renderVerifySummary(reports: readonly VerifyReport[], limit = SUMMARY_LIMIT): string {
  return withinLimit([...overview(reports), ...reports.flatMap(imageParts)], limit);
}

/** The verdict on each of several images. */
function overview(reports: readonly VerifyReport[]): Markdown[] {
  if (reports.length < 2) return [];
  const good = reports.filter(({ verdict }) => verdict === 'verified').length;
  const rows = reports
    .slice(0, MOST_IMAGES)
    .map((report) => [
      inlineCode(shortDigests(report.image.reference)),
      md`${ICONS[report.verdict]} ${verdictText(report)}`,
      escapeMarkdown(signedBy(report)),
    ]);
  const more = reports.length - rows.length;
  return [
    md`### ${good === reports.length ? ICONS.verified : ICONS.invalid} ${good} of ${count(reports.length, 'image')} verified`,
    markdownTable(['Image', 'Verdict', 'Signed by'], rows),
    ...(more > 0 ? [md`> ${more} more images are listed in the JSON report.`] : []),
  ];
}

function imageParts(report: VerifyReport): Markdown[] {
  const { image, trustPolicy, index } = report;
  const facts: [string, Markdown][] = [
    ['Image', inlineCode(image.name ?? image.reference)],
    ['Reference', inlineCode(image.reference)],
    ...verifiedSigners(report).flatMap(signerFacts),
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
    md`### ${ICONS[report.verdict]} ${titleOf(report)}: ${shortDigests(image.reference)}`,
    ...verdictPart(report),
    factTable(facts),
    ...(index === undefined
      ? []
      : [md`#### Index`, ...notaryParts(index.manifestSignature, index.manifestSignatures, index)]),
    ...report.platforms.flatMap((platform) => platformParts(report, platform)),
    ...uncoveredParts(report, 'Not checked'),
    ...alert('NOTE', report.notes.map(escapeMarkdown)),
  ];
}

/** Such as `Verified`, `Layers verified` or `Not trusted`. */
function titleOf(report: VerifyReport): string {
  const text = verdictText(report).replace(/[;,].*$/s, '');
  const word = report.verdict === 'skipped' ? 'skipped' : text.toLowerCase();
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function rootHashes({ recompute, builder }: VerifyReport): string {
  if (!recompute) return 'not recomputed';
  return builder === undefined
    ? 'not recomputed: no image was rebuilt'
    : 'recomputed from the layers and compared with the signed ones';
}

/** The verdict with who signed, or with its reason. */
function verdictPart(report: VerifyReport): Markdown[] {
  const reason = imageReason(report);
  if (report.verdict === 'verified') {
    const signers = signedBy(report);
    return [md`**${verdictText(report)}**${signers === '' ? '' : md`, signed by **${signers}**`}`];
  }
  const line = md`**${verdictText(report)}**${reason === undefined ? '' : md`: ${reason}`}`;
  return alert(report.verdict === 'skipped' ? 'WARNING' : 'CAUTION', [line]);
}

/** The subjects of the signers of what verified. */
function signedBy(report: VerifyReport): string {
  const subjects = [...new Set(verifiedSigners(report).map(({ subject }) => subject))];
  const more = subjects.length - MOST_SIGNERS;
  return `${subjects.slice(0, MOST_SIGNERS).join(' and ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A word for a verdict in a table or line, in bold unless verified. */
function bold(verdict: Verdict, word: string = VERDICT_WORDS[verdict]): Markdown {
  return verdict === 'verified' ? md`${word}` : md`**${word}**`;
}

function platformParts(report: VerifyReport, platform: PlatformVerdict): Markdown[] {
  const { signatures } = platform;
  // The fold of its signatures says the same.
  const own = platform.profiles.filter(
    ({ profile, verdict }) =>
      verdict !== 'verified' && !signatures.some((set) => set.profile === profile && set.verdict === verdict),
  );
  const profiles = own.map(({ profile, verdict, reason }) => {
    const why = reason === undefined || saysAlready(report, reason) ? '' : md`: ${reason}`;
    return md`Profile ${inlineCode(profile)}: ${bold(verdict)}${why}`;
  });
  const unsigned = platform.skippedLayers.map(
    ({ index, digest, reason }) => md`**Layer ${index} is not signed**: ${reason} (${inlineCode(digest)})`,
  );
  return [
    md`#### ${platform.platform ?? 'Image'}`,
    ...profiles,
    ...signatures.map((set) => setPart(report, set)),
    ...alert('WARNING', [
      ...unsigned,
      ...(platform.layersLeftOut === undefined
        ? []
        : [md`**Layers were not checked**: ${platform.layersLeftOut}`]),
    ]),
    ...notaryParts(platform.manifestSignature, platform.manifestSignatures, platform),
  ];
}

function notaryParts(
  manifest: ManifestVerdict | undefined,
  signatures: readonly NotarySignatureReport[],
  owner: { verdict: Verdict; reason?: string },
): Markdown[] {
  if (manifest === undefined) return [];
  const { verdict, referrer, byIndex } = manifest;
  const { word, reason } = manifestWord(manifest, owner);
  const shown = word === VERDICT_WORDS[verdict] ? md`**${word}**` : md`${word}`;
  const by = byIndex ? ', covered by the signature of the index' : '';
  const why = reason === undefined ? '' : md`: ${reason}`;
  const what = referrer === undefined ? why : md`: ${inlineCode(shortDigest(referrer))}`;
  return [md`Manifest signature: ${shown}${by}${what}`, ...signatures.map(notaryPart)];
}

function notaryPart(signature: NotarySignatureReport): Markdown {
  const { signer, reason, notes, referrer, verdict, format } = signature;
  const body = [
    ...(reason === undefined ? [] : [escapeMarkdown(reason)]),
    ...(signer === undefined ? [] : [md`Signed by ${signerText(signer)}`]),
    ...timeLines(signature).map(escapeMarkdown),
    md`Referrer ${inlineCode(referrer)}`,
    ...notes.map((note) => md`> ${note}`),
  ];
  const title = `${ICONS[verdict]} ${VERDICT_WORDS[verdict]}: Notary signature (${format ?? 'format unknown'})`;
  return details(title, joinMarkdown(body, '\n\n'), verdict !== 'verified');
}

function signerFacts({ subject, keyType, fingerprint, notAfter }: SignerReport): [string, Markdown][] {
  return [
    ['Signed by', escapeMarkdown(`${subject} (${keyType}, valid until ${notAfter})`)],
    ['Fingerprint', md`SHA-256 ${inlineCode(fingerprint)}`],
  ];
}

function signerText({ subject, keyType, fingerprint, notAfter }: SignerReport): Markdown {
  return md`${subject} (${keyType}, valid until ${notAfter}), SHA-256 ${inlineCode(fingerprint)}`;
}

function setPart(report: VerifyReport, set: SignatureSetReport): Markdown {
  const ofLayers = set.layers.some(({ index, reason }) => set.reason === `layer ${index}: ${reason}`);
  const told = ofLayers || saysAlready(report, set.reason);
  const lines = layerReasons(set)
    .filter(({ reason }) => !saysAlready(report, reason))
    .map(({ layers, reason }) => md`- **${layers}**: ${reason}`);
  const body = [
    ...(set.reason === undefined || told ? [] : [escapeMarkdown(set.reason)]),
    ...set.signers.map((signer) => md`Signed by ${signerText(signer)}`),
    md`Referrer ${inlineCode(set.referrer)}`,
    ...(lines.length === 0 ? [] : [joinMarkdown(lines, '\n')]),
    ...layerParts(set),
    ...set.notes.map((note) => md`> ${note}`),
  ];
  return details(setTitle(set), joinMarkdown(body, '\n\n'), set.verdict !== 'verified');
}

/** Such as `✅ verified: profile containerd, 28 layers, root hashes recomputed`. */
function setTitle({ verdict, profile, layers }: SignatureSetReport): string {
  const recomputed = layers.filter(({ recomputedRootHash }) => recomputedRootHash !== undefined).length;
  const how =
    verdict !== 'verified'
      ? []
      : [recomputed === layers.length ? 'root hashes recomputed' : 'signatures hold'];
  const what = [`profile ${profile ?? 'unknown'}`, count(layers.length, 'layer'), ...how];
  return `${ICONS[verdict]} ${VERDICT_WORDS[verdict]}: ${what.join(', ')}`;
}

function layerParts({ layers }: SignatureSetReport): Markdown[] {
  if (layers.length === 0) return [];
  const listed = layers.slice(0, LISTED_LAYERS);
  const rows = listed.map((layer) => [
    md`${layer.index}`,
    inlineCode(shortDigest(layer.digest)),
    inlineCode(shortDigest(layer.rootHash)),
    bold(layer.verdict, layerWord(layer)),
  ]);
  const whole = listed.map(
    ({ index, digest, rootHash }) => `layer ${index} ${digest}\n  root hash ${rootHash}`,
  );
  const table = markdownTable(['Layer', 'Digest', 'Root hash', 'Verdict'], rows, ['Layer']);
  const more = layers.length - listed.length;
  return [
    layers.length > FOLDED_LAYERS ? details(count(layers.length, 'layer'), table) : table,
    ...(more > 0 ? [md`> ${more} more layers are listed in the JSON report.`] : []),
    details('Full digests and root hashes', codeBlock(whole.join('\n'), 'text')),
  ];
}
