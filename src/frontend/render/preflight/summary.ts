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
import { fileCounts } from './verdict.ts';

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
  return alert(
    'CAUTION',
    refused
      .slice(0, MOST_ROWS)
      .map(
        ({ index, digest, reason }) =>
          md`**Layer ${index} is refused**: ${reason ?? ''} (${inlineCode(shortDigest(digest))})`,
      ),
  );
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

function moreThan(total: number): Markdown[] {
  const more = total - MOST_ROWS;
  return more > 0 ? [md`**${more} more** are listed in the JSON report.`] : [];
}

function attacksPart({ attacks }: PreflightReport): Markdown[] {
  if (attacks.length === 0) return [];
  const lines = attacks.map(
    ({ refused, result }) => md`${refused ? '✅ refused' : '❌ NOT REFUSED'}: ${result}`,
  );
  return [joinMarkdown([md`Attacks on this image:`, ...lines.map((line) => md`- ${line}`)], '\n')];
}

function outputPart({ run }: PreflightReport): Markdown[] {
  if (run === undefined || run.succeeded) return [];
  const lines = run.output
    .map(({ text }) => text)
    .join('')
    .split('\n')
    .slice(-OUTPUT_LINES);
  return lines.every((line) => line.trim() === '')
    ? []
    : [details('Last lines of the output of the program', codeBlock(lines.join('\n'), 'text'), true)];
}
