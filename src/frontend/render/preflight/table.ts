import type { PreflightLayer, PreflightReport } from '../../../report/node/preflight-report.ts';
import { type HarmlessText, harmlessLines } from '../../output/foreign-text.ts';
import { formatSeconds, shortDigest } from '../format.ts';
import { alignFacts, fitLine, fitTable } from '../text-table.ts';
import { attackText, denialText, fileCounts, gapsOf, lastLines, verdictLine } from './verdict.ts';

/** Items of a list that are shown; the report has all. */
const SHOWN = 20;
/** Last lines of the program's output, of one that has not succeeded. */
const OUTPUT_LINES = 15;

/**
 * What a kernel did with an image, for a terminal: the verdict first.
 * @param width columns; without it, lines are as long as they are
 */
export function preflightTable(report: PreflightReport, width?: number): HarmlessText {
  const { layers, denials, attacks } = report;
  return harmlessLines([
    ...fitLine(verdictLine(report), width),
    '',
    ...alignFacts(factsOf(report), width),
    '',
    'layers',
    ...layerLines(layers, width),
    ...section('files', fileLines(report, width)),
    ...section(
      'denied',
      limited(denials, width, (denial) => [
        ...fitLine(`  ${denial.count}× ${denialText(denial)}`, width, 5),
        ...fitLine(`     → ${denial.advice}`, width, 7),
      ]),
    ),
    ...section(
      'attacks',
      attacks.flatMap((attack) => fitLine(`  ${attackText(attack)}  ${attack.result}`, width, 11)),
    ),
    ...section(
      'not complete',
      gapsOf(report).flatMap((gap) => fitLine(`  ${gap}`, width, 4)),
    ),
    ...section(
      'last lines of the output',
      lastLines(report, OUTPUT_LINES).flatMap((line) => fitLine(`  ${line}`, width)),
    ),
  ]);
}

function factsOf(report: PreflightReport): [string, string][] {
  const { image, platform, profile, class: of, signatures, kernel, run, seconds } = report;
  const signers = signatures?.signers.join('; ') ?? '';
  return [
    ['image', image.name],
    [
      'tested',
      [platform ?? 'unknown platform', profile, ...(of === undefined ? [] : [`class ${of}`])].join(', '),
    ],
    ['signer', signatures === undefined ? 'no signatures for this profile' : signers || 'unknown'],
    ['kernel', `${kernel.release} (${kernel.source}, ${kernel.accelerator})`],
    ['policy', kernel.policy],
    ...(run === undefined
      ? []
      : [
          ['program', commandText(run.arguments)] satisfies [string, string],
          ['result', run.result] satisfies [string, string],
        ]),
    [
      'time',
      `${formatSeconds(seconds.total)} (layers ${formatSeconds(seconds.convert)}, VM ${formatSeconds(seconds.boot)})`,
    ],
  ];
}

/** Words as a shell would take them. */
export function commandText(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function layerLines(layers: readonly PreflightLayer[], width: number | undefined): string[] {
  const rows = layers.map(({ index, digest, rootHash, accepted, step }) => [
    `  ${index}`,
    shortDigest(digest),
    `root hash ${shortDigest(rootHash)}`,
    accepted ? 'accepted' : step === 'none' ? 'not tried' : 'REFUSED',
  ]);
  const table = fitTable(
    rows,
    rows.map((row) => row.join(', ')),
    width,
  );
  const refused = layers.filter(({ reason }) => reason !== undefined);
  return [
    ...table,
    ...refused.flatMap(({ index, reason }) => fitLine(`  layer ${index}: ${reason}`, width, 4)),
  ];
}

function fileLines(report: PreflightReport, width: number | undefined): string[] {
  const unable = report.files.filter(({ executable }) => !executable);
  const idle = report.whiteouts.filter(({ effective }) => !effective);
  const counts = fileCounts(report);
  return [
    ...(counts.length === 0 ? [] : fitLine(`  ${counts.join(', ')}`, width)),
    ...limited(unable, width, ({ path, layer, outcome }) =>
      fitLine(`  CANNOT BE EXECUTED: ${path} (layer ${layer}, ${outcome})`, width, 4),
    ),
    ...limited(idle, width, ({ path, layer }) =>
      fitLine(`  WHITEOUT WITHOUT EFFECT: ${path} (layer ${layer})`, width, 4),
    ),
  ];
}

function limited<T>(
  items: readonly T[],
  width: number | undefined,
  linesOf: (item: T) => string[],
): string[] {
  const more = items.length - SHOWN;
  return [
    ...items.slice(0, SHOWN).flatMap(linesOf),
    ...(more > 0 ? fitLine(`  and ${more} more, see the report`, width) : []),
  ];
}

/** Nothing without lines. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
