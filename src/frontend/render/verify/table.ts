import type { SignerReport } from '../../../report/report.ts';
import type {
  ManifestVerdict,
  NotarySignatureReport,
  PlatformVerdict,
  SignatureSetReport,
  Verdict,
  VerifyReport,
} from '../../../report/verify-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { builderRows } from '../builder-text.ts';
import { formatSeconds } from '../format.ts';
import { alignFacts, fitLines, fitTable } from '../text-table.ts';
import { uncoveredLines } from '../uncovered.ts';
import { imageReason, layerReasons, saysAlready } from './reasons.ts';
import { layerWord, manifestWord, VERDICT_WORDS, verdictText } from './verdict.ts';

/**
 * The result of `verify` for a terminal. The reason of the verdict stands in its last line only.
 * @param width columns; without it, digests and root hashes are complete, so that users can copy them
 */
export function verifyTable(report: VerifyReport, width?: number): HarmlessText {
  const { image, trustPolicy, index } = report;
  const facts = alignFacts(
    [
      ['image', image.name ?? image.reference],
      ...builderRows(report),
      ['valid at', report.validAt],
      ...(trustPolicy === undefined
        ? []
        : ([
            [
              'trust policy',
              `${trustPolicy.path}, statement "${trustPolicy.statement}", ${trustPolicy.level}`,
            ],
          ] satisfies [string, string][])),
    ],
    width,
  );
  const indexLines =
    index === undefined
      ? []
      : [
          '',
          `index, ${index.manifest.digest}`,
          ...notaryLines(index.manifestSignature, index.manifestSignatures, index),
        ];
  const verdict = `${verdictText(report)} (${formatSeconds(report.seconds.total)})${because(imageReason(report))}`;
  return harmlessLines([
    ...facts,
    ...fitLines(indexLines, width),
    ...report.platforms.flatMap((platform) => ['', ...platformLines(report, platform, width)]),
    ...fitLines(uncoveredLines(report), width),
    ...fitLines(['', ...report.notes.map((note) => `note: ${note}`), '', verdict], width),
  ]);
}

function platformLines(report: VerifyReport, platform: PlatformVerdict, width: number | undefined): string[] {
  const why = (reason: string | undefined): string => (saysAlready(report, reason) ? '' : because(reason));
  return [
    ...fitLines(
      [
        `${platform.platform ?? 'unknown platform'}, ${platform.manifest.digest}`,
        ...platform.profiles.map(
          ({ profile, verdict, reason }) => `  profile ${profile}: ${VERDICT_WORDS[verdict]}${why(reason)}`,
        ),
      ],
      width,
    ),
    ...platform.signatures.flatMap((set) => setLines(set, why, width)),
    ...fitLines(
      [
        ...platform.skippedLayers.map(({ index, reason }) => `  layer ${index} is not signed: ${reason}`),
        ...(platform.layersLeftOut === undefined ? [] : [`  layers not checked: ${platform.layersLeftOut}`]),
        ...notaryLines(platform.manifestSignature, platform.manifestSignatures, platform),
      ],
      width,
    ),
  ];
}

function notaryLines(
  manifest: ManifestVerdict | undefined,
  signatures: readonly NotarySignatureReport[],
  owner: { verdict: Verdict; reason?: string },
): string[] {
  if (manifest === undefined) return [];
  const by = manifest.byIndex ? ', covered by the signature of the index' : '';
  const { word, reason } = manifestWord(manifest, owner);
  return [
    `  manifest signature: ${word}${by}${because(reason)}`,
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

function setLines(
  set: SignatureSetReport,
  why: (reason: string | undefined) => string,
  width: number | undefined,
): string[] {
  const rows = set.layers.map((layer) => [
    `    layer ${layer.index}`,
    layer.digest,
    layer.rootHash,
    layerWord(layer),
  ]);
  const lines = rows.map(
    ([layer, digest, rootHash, word]) => `${layer}: ${word}, ${digest}, root hash ${rootHash}`,
  );
  // A set's reason is that of its first layer, if it is that of a layer.
  const ofLayers = set.layers.some(({ index, reason }) => set.reason === `layer ${index}: ${reason}`);
  return [
    ...fitLines(
      [
        `  referrer ${set.referrer} (${set.profile ?? 'profile unknown'}${set.artifactFormat === undefined ? '' : `, format ${set.artifactFormat}`}): ${VERDICT_WORDS[set.verdict]}${ofLayers ? '' : why(set.reason)}`,
        ...set.signers.map((signer) => `    ${signerLine(signer)}`),
      ],
      width,
    ),
    ...fitTable(rows, lines, width),
    ...fitLines(
      [
        ...layerReasons(set).flatMap(({ layers, reason }) =>
          why(reason) === '' ? [] : [`    ${layers}: ${reason}`],
        ),
        ...set.notes.map((note) => `    note: ${note}`),
      ],
      width,
    ),
  ];
}

/** The signer's subject, key type, fingerprint and validity. */
export function signerLine({ subject, fingerprint, keyType, notBefore, notAfter }: SignerReport): string {
  return `signed by ${subject} (${keyType}, SHA-256 ${fingerprint}, valid ${whole(notBefore)} to ${whole(notAfter)})`;
}

/** A time without milliseconds, which certificates do not have. */
function whole(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}
