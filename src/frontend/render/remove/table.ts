import type { AttachedSignature, RemovedSignature, RemoveReport } from '../../../report/remove-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { count, manifestKind, shortDigest } from '../format.ts';
import { alignFacts, fitLine, fitTable } from '../text-table.ts';

const FATES: Readonly<Record<RemovedSignature['fate'], string>> = {
  kept: 'kept',
  unlisted: 'no longer listed, but stored',
  deleted: 'deleted',
  unknown: 'unknown: the registry did not answer',
};

/**
 * What `remove` found and did, for a terminal.
 * @param width columns; without it, lines are as long as they are
 */
export function removeTable(report: RemoveReport, width?: number): HarmlessText {
  const { image, removedSigner, confirmed, signatures, staying } = report;
  const subject = subjectOf(report);
  const lines = alignFacts(
    [
      ['image', image.name],
      ['signer', subject === undefined ? removedSigner : `${subject}, SHA-256 ${removedSigner}`],
    ],
    width,
  );
  if (signatures.length === 0) {
    const which = report.profiles.length === 0 ? '' : ` for ${report.profiles.join(', ')}`;
    const nothing = `no signature of this signer${which}: nothing to remove`;
    return harmlessLines([...lines, '', ...fitLine(nothing, width)]);
  }
  lines.push('', confirmed ? 'to remove' : 'would be removed', ...fitRows(signatures.map(removedRow), width));
  lines.push(
    '',
    'stays',
    ...(staying.length === 0 ? ['  nothing'] : fitRows(staying.map(stayingRow), width)),
  );
  return harmlessLines([...lines, '', ...fitLine(conclusion(report), width)]);
}

function fitRows(rows: readonly string[][], width: number | undefined): string[] {
  const lines = rows.map((row) => row.filter((cell) => cell !== '').join(', '));
  return fitTable(rows, lines, width);
}

function subjectOf({ removedSigner, signatures }: RemoveReport): string | undefined {
  const all = signatures.flatMap(({ signers }) => signers);
  return all.find(({ fingerprint }) => fingerprint === removedSigner)?.subject;
}

function removedRow(one: RemovedSignature): string[] {
  const notes = [
    ...(one.lastGood ? ['the last good signature'] : []),
    ...(one.fate === 'kept' ? [] : [FATES[one.fate]]),
  ];
  return [...columns(one), notes.join(', ')];
}

function stayingRow(one: RemoveReport['staying'][number]): string[] {
  const [first, ...others] = one.signers.map(
    ({ subject, fingerprint }) => `${subject} (${shortDigest(fingerprint)})`,
  );
  const more = others.length === 0 ? '' : ` and ${count(others.length, 'other')}`;
  return [
    ...columns(one),
    `by ${first ?? 'an unknown signer'}${more}${one.good ? '' : `: NOT VALID: ${one.reason ?? 'unknown reason'}`}`,
  ];
}

function columns({
  kind,
  platform,
  manifest,
  artifactFormat,
  profile,
  referrer,
}: AttachedSignature): string[] {
  const record = artifactFormat === undefined ? (profile ?? 'no profile') : `format ${artifactFormat}`;
  const what = kind === 'layers' ? `layers, ${record}` : 'manifest';
  return [`  ${platform ?? manifestKind(manifest.mediaType)}`, what, shortDigest(referrer)];
}

function conclusion({ confirmed, signatures }: RemoveReport): string {
  const last = signatures.filter(({ lastGood }) => lastGood).length;
  if (confirmed) {
    const deleted = signatures.filter(({ fate }) => fate === 'deleted').length;
    return `${deleted} of ${count(signatures.length, 'signature')} removed`;
  }
  const what = `nothing was removed. --yes removes ${count(signatures.length, 'signature')}`;
  return last === 0
    ? what
    : `${what}, but only with --force: ${count(last, 'last good signature')} among them`;
}
