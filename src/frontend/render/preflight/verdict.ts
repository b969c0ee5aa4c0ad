import { EXIT_STATUS } from '../../../errors.ts';
import {
  type PreflightAttack,
  type PreflightDenial,
  type PreflightReport,
  wasTried,
} from '../../../report/node/preflight-report.ts';
import { splitLines } from '../../output/foreign-text.ts';

/** The verdict on one line, which no reader mistakes for success. */
export function verdictLine({ passed, verdict, summary }: PreflightReport): string {
  return passed ? summary : `${verdict === 'unchecked' ? 'NO VERDICT' : 'FAILED'}: ${summary}`;
}

/** One line for each image that has not passed. */
export function preflightFailures(reports: readonly PreflightReport[]): string[] {
  return reports
    .filter(({ passed }) => !passed)
    .map((report) => `${report.image.name}: ${verdictLine(report)}`);
}

/** The exit status for the most serious verdict: a bad one comes before one that is unknown. */
export function preflightStatus(reports: readonly PreflightReport[]): number {
  const failed = reports.filter(({ passed }) => !passed);
  if (failed.length === 0) return 0;
  return failed.every(({ verdict }) => verdict === 'unchecked')
    ? EXIT_STATUS.unchecked
    : EXIT_STATUS['not-enforced'];
}

/** `/usr/bin/node: anonymous memory (MPROTECT)`. */
export function denialText({ program, what, path, layer, source, hook }: PreflightDenial): string {
  const file = path === undefined ? '' : ` ${path}`;
  const from = source === 'layer' && layer !== undefined ? `layer ${layer}` : source;
  const where = what === 'file' ? `, ${from}` : '';
  return `${program}: ${what}${file}${where} (${hook})`;
}

/** `refused`, or what is wrong instead. */
export function attackText(attack: PreflightAttack): string {
  if (attack.refused) return 'refused';
  return wasTried(attack) ? 'NOT REFUSED' : 'NOT TRIED';
}

/** What the lists of a report lack, if anything. */
export function gapsOf({ lostRecords = 0, lostEvents = 0 }: PreflightReport): string[] {
  return [
    ...(lostRecords === 0
      ? []
      : [`there may be more denials: ${lostRecords} records of the audit log were lost`]),
    ...(lostEvents === 0
      ? []
      : [`there may be more files or denials: the report of the VM had no room for ${lostEvents}`]),
  ];
}

/**
 * The last lines of the output of a program that has not succeeded, without empty ones.
 * @param most how many
 */
export function lastLines({ run }: PreflightReport, most: number): string[] {
  if (run === undefined || run.succeeded) return [];
  const lines = run.output.flatMap(({ text }) => splitLines(text)).filter((line) => line.trim() !== '');
  return lines.slice(-most);
}

/** What of the files of an image is worth a line, in numbers. */
export function fileCounts({ files, shadowed, whiteouts }: PreflightReport): string[] {
  const of = (kind: PreflightReport['files'][number]['kind']): number =>
    files.filter((file) => file.kind === kind).length;
  const numbers: [number, string, string][] = [
    [of('program'), 'program', 'programs'],
    [of('library'), 'library', 'libraries'],
    [of('script'), 'script', 'scripts'],
    [of('other'), 'other executable file', 'other executable files'],
    [files.filter(({ setuid }) => setuid === true).length, 'with setuid or setgid', 'with setuid or setgid'],
    [
      files.filter(({ capability }) => capability !== undefined).length,
      'with capabilities',
      'with capabilities',
    ],
    [shadowed.length, 'hidden by a higher layer', 'hidden by higher layers'],
    [whiteouts.length, 'whiteout', 'whiteouts'],
  ];
  return numbers.flatMap(([number, one, many]) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`],
  );
}
