import type { PreflightDenial, PreflightReport } from '../../../report/node/preflight-report.ts';
import { formatSeconds, shortDigest } from '../format.ts';
import {
  alert,
  codeBlock,
  details,
  factTable,
  inlineCode,
  joinMarkdown,
  type Markdown,
  markdownTable,
  md,
} from '../markdown.ts';
import { commandText } from './table.ts';
import { attackText, fileCounts, gapsOf, lastLines } from './verdict.ts';

/** Rows of a table of the summary; the report has all. */
const MOST_ROWS = 50;
const OUTPUT_LINES = 40;

/** What a kernel did with an image, for the job summary: the verdict first. */
export function preflightParts(report: PreflightReport): Markdown[] {
  const { kernel, run, seconds, denials } = report;
  // A guest that could not stack the layers has listed none.
  const files = fileCounts(report);
  return [
    md`#### ${iconOf(report)} Preflight: ${report.summary}`,
    factTable([
      ['Kernel', md`${kernel.release} (${kernel.source}, ${kernel.accelerator})`],
      ['Policy', md`${kernel.policy}`],
      ...(run === undefined
        ? []
        : ([
            ['Program', inlineCode(commandText(run.arguments))],
            ['Result', md`${run.result} (expected: ${run.expected})`],
          ] satisfies [string, Markdown][])),
      ...(files.length === 0 ? [] : ([['Files', md`${files.join(', ')}`]] satisfies [string, Markdown][])),
      ['Time', md`${formatSeconds(seconds.boot)} in the VM`],
    ]),
    ...layersPart(report),
    ...denialsPart(denials),
    ...filesPart(report),
    ...whiteoutsPart(report),
    ...alert(
      'WARNING',
      gapsOf(report).map((gap) => md`**Not complete**: ${gap}`),
    ),
    ...attacksPart(report),
    ...outputPart(report),
  ];
}

function iconOf({ passed, verdict, denials }: PreflightReport): string {
  if (!passed) return verdict === 'unchecked' ? '❔' : '❌';
  return denials.length > 0 ? '⚠️' : '✅';
}

function layersPart({ layers }: PreflightReport): Markdown[] {
  const refused = layers.filter(({ reason }) => reason !== undefined);
  const lines = refused
    .slice(0, MOST_ROWS)
    .map(
      ({ index, digest, reason }) =>
        md`**Layer ${index} is refused**: ${reason ?? ''} (${inlineCode(shortDigest(digest))})`,
    );
  return alert('CAUTION', [...lines, ...moreThan(refused.length)]);
}

function denialsPart(denials: readonly PreflightDenial[]): Markdown[] {
  if (denials.length === 0) return [];
  const rows = denials
    .slice(0, MOST_ROWS)
    .map((denial) => [
      md`${denial.count}`,
      inlineCode(denial.program),
      denial.path === undefined ? md`${denial.what}` : md`${denial.what} ${inlineCode(denial.path)}`,
      md`${denial.layer === undefined || denial.source !== 'layer' ? denial.source : `layer ${denial.layer}`}`,
      md`${denial.advice}`,
    ]);
  return [
    md`**Denied executions**`,
    markdownTable(['Count', 'Program', 'What', 'From', 'What to do'], rows, ['Count']),
    ...moreThan(denials.length),
  ];
}

function filesPart({ files }: PreflightReport): Markdown[] {
  const unable = files.filter(({ executable }) => !executable);
  if (unable.length === 0) return [];
  const rows = unable
    .slice(0, MOST_ROWS)
    .map(({ path, layer, outcome }) => [inlineCode(path), md`${layer}`, md`${outcome}`]);
  return [
    md`**Files that cannot be executed**`,
    markdownTable(['File', 'Layer', 'Outcome'], rows, ['Layer']),
    ...moreThan(unable.length),
  ];
}

function whiteoutsPart({ whiteouts }: PreflightReport): Markdown[] {
  const idle = whiteouts.filter(({ effective }) => !effective);
  if (idle.length === 0) return [];
  const rows = idle.slice(0, MOST_ROWS).map(({ path, layer }) => [inlineCode(path), md`${layer}`]);
  return [
    md`**Whiteouts without effect**`,
    markdownTable(['What it is to hide', 'Layer'], rows, ['Layer']),
    ...moreThan(idle.length),
  ];
}

function moreThan(total: number): Markdown[] {
  const more = total - MOST_ROWS;
  return more > 0 ? [md`**${more} more** are listed in the JSON report.`] : [];
}

function attacksPart({ attacks }: PreflightReport): Markdown[] {
  if (attacks.length === 0) return [];
  const lines = attacks.map(
    (attack) => md`${attack.refused ? '✅' : '❌'} ${attackText(attack)}: ${attack.result}`,
  );
  return [joinMarkdown([md`Attacks on this image:`, ...lines.map((line) => md`- ${line}`)], '\n')];
}

function outputPart(report: PreflightReport): Markdown[] {
  const lines = lastLines(report, OUTPUT_LINES);
  return lines.length === 0
    ? []
    : [details('Last lines of the output of the program', codeBlock(lines.join('\n'), 'text'), true)];
}
